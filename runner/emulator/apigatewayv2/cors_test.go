package apigatewayv2_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// cors is an API's configuration, as GetApi has it.
func (w world) cors(api *string) *types.Cors {
	w.Helper()
	out, err := w.GetApi(w.Context(), &sdk.GetApiInput{ApiId: api})
	return must(w.T, out, err).CorsConfiguration
}

// Names of headers come back in lower case, methods in upper case; an update has
// the whole configuration, not what changes of it.
func TestAConfigurationOfCORS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	update := func(c types.Cors) {
		t.Helper()
		if _, err := w.UpdateApi(t.Context(), &sdk.UpdateApiInput{ApiId: api, CorsConfiguration: &c}); err != nil {
			t.Fatal(err)
		}
	}
	same := func(want *types.Cors) {
		t.Helper()
		if diff := cmp.Diff(want, w.cors(api), cmpopts.IgnoreUnexported(types.Cors{})); diff != "" {
			t.Error(diff)
		}
	}
	update(types.Cors{
		AllowOrigins: []string{"https://b.example", "https://A.example"}, AllowMethods: []string{"put", "GET", "*"}, AllowHeaders: []string{"X-B", "Authorization", "*"},
		ExposeHeaders: []string{"X-Request-Id", "date"}, MaxAge: aws.Int32(0), AllowCredentials: aws.Bool(false),
	})
	same(&types.Cors{
		AllowOrigins: []string{"https://b.example", "https://A.example"}, AllowMethods: []string{"PUT", "GET", "*"}, AllowHeaders: []string{"x-b", "authorization", "*"},
		ExposeHeaders: []string{"x-request-id", "date"}, MaxAge: aws.Int32(0), AllowCredentials: aws.Bool(false),
	})
	update(types.Cors{AllowOrigins: []string{"*"}})
	same(&types.Cors{AllowOrigins: []string{"*"}})
	if _, err := w.UpdateApi(t.Context(), &sdk.UpdateApiInput{ApiId: api, Description: aws.String("no word of CORS")}); err != nil {
		t.Fatal(err)
	}
	same(&types.Cors{AllowOrigins: []string{"*"}})
	if _, err := w.DeleteCorsConfiguration(t.Context(), &sdk.DeleteCorsConfigurationInput{ApiId: api}); err != nil {
		t.Fatal(err)
	}
	same(nil)
}

// A configuration is served once it is deployed, as all of an API is; quick create
// deploys at once.
func TestAConfigurationOfCORSIsDeployed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	w.route(api, "GET /a")
	if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("dev")}); err != nil {
		t.Fatal(err)
	}
	deploy := func() {
		t.Helper()
		if _, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{ApiId: api, StageName: aws.String("dev")}); err != nil {
			t.Fatal(err)
		}
	}
	deploy()
	if _, err := w.UpdateApi(t.Context(), &sdk.UpdateApiInput{ApiId: api, CorsConfiguration: &types.Cors{AllowOrigins: []string{"*"}}}); err != nil {
		t.Fatal(err)
	}
	if d := w.service.Deployed(*api, "dev"); d.API.CorsConfiguration != nil {
		t.Error("it is served before it is deployed")
	}
	deploy()
	if d := w.service.Deployed(*api, "dev"); d.API.CorsConfiguration == nil {
		t.Error("it is not served")
	}
	quick, err := w.CreateApi(t.Context(), &sdk.CreateApiInput{Name: aws.String("quick"), ProtocolType: types.ProtocolTypeHttp, Target: aws.String(functionARN), CorsConfiguration: &types.Cors{AllowOrigins: []string{"*"}}})
	if err != nil {
		t.Fatal(err)
	}
	if d := w.service.Deployed(*quick.ApiId, "$default"); d == nil || d.API.CorsConfiguration == nil {
		t.Errorf("%+v", d)
	}
}
