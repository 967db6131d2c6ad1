package apigatewayv2_test

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var sameValues = cmp.Options{
	cmpopts.IgnoreTypes(middleware.Metadata{}),
	cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".noSmithyDocumentSerde" }, cmp.Ignore()),
}

// The whole of a lab: API, integration, route, stage, call.
func TestAWalk(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	created, err := w.CreateApi(t.Context(), &sdk.CreateApiInput{Name: aws.String("hello-api"), ProtocolType: types.ProtocolTypeHttp, Tags: map[string]string{"course": "2"}})
	if err != nil {
		t.Fatal(err)
	}
	if id := aws.ToString(created.ApiId); len(id) != 10 || aws.ToString(created.ApiEndpoint) != "http://"+id+".execute-api.localhost:4566" {
		t.Errorf("%s at %s", id, aws.ToString(created.ApiEndpoint))
	}
	want := &sdk.CreateApiOutput{
		ApiId: created.ApiId, ApiEndpoint: created.ApiEndpoint, Name: aws.String("hello-api"), ProtocolType: types.ProtocolTypeHttp, CreatedDate: aws.Time(time.Date(2026, 9, 24, 21, 18, 50, 0, time.UTC)),
		RouteSelectionExpression: aws.String("$request.method $request.path"), ApiKeySelectionExpression: aws.String("$request.header.x-api-key"),
		DisableExecuteApiEndpoint: aws.Bool(false), IpAddressType: types.IpAddressTypeIpv4, Tags: map[string]string{"course": "2"},
	}
	if diff := cmp.Diff(want, created, sameValues); diff != "" {
		t.Error(diff)
	}
	api := created.ApiId
	integration := w.integration(api)
	route, err := w.CreateRoute(t.Context(), &sdk.CreateRouteInput{ApiId: api, RouteKey: aws.String("GET /helloworld"), Target: aws.String("integrations/" + *integration)})
	if err != nil {
		t.Fatal(err)
	}
	stage, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	if err != nil {
		t.Fatal(err)
	}
	if got := aws.ToString(stage.LastDeploymentStatusMessage); got != "Successfully deployed stage with deployment ID '"+aws.ToString(stage.DeploymentId)+"'" {
		t.Error(got)
	}
	d := w.service.Deployed(*api, "$default")
	if d == nil || len(d.Routes) != 1 || *d.Routes[0].RouteId != *route.RouteId || len(d.Integrations) != 1 || aws.ToString(d.API.ApiId) != *api || *d.Stage.StageName != "$default" {
		t.Fatalf("deployed is %+v", d)
	}
	w.route(api, "ANY /")
	if again := w.service.Deployed(*api, "$default"); again == d || len(again.Routes) != 2 || len(d.Routes) != 1 {
		t.Errorf("deployed is %+v", again)
	}
	_, err = w.DeleteIntegration(t.Context(), &sdk.DeleteIntegrationInput{ApiId: api, IntegrationId: integration})
	wantError(t, err, "ConflictException", "Cannot delete Integration because it is referenced by the following Routes with Ids: ["+*route.RouteId+"]")
	if _, err := w.DeleteApi(t.Context(), &sdk.DeleteApiInput{ApiId: api}); err != nil {
		t.Fatal(err)
	}
	_, err = w.GetApi(t.Context(), &sdk.GetApiInput{ApiId: api})
	var gone *types.NotFoundException
	if !errors.As(err, &gone) || gone.ErrorMessage() != "Invalid API identifier specified 123456789012:"+*api {
		t.Error(err)
	}
	if w.service.Deployed(*api, "$default") != nil {
		t.Error("a deleted API is served")
	}
}

func TestQuickCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tt := range map[string]struct {
		target, routeKey *string
		key              string
		integration      types.Integration
	}{
		"a function": {aws.String(functionARN), nil, "$default", types.Integration{IntegrationType: types.IntegrationTypeAwsProxy, IntegrationMethod: aws.String("POST"), PayloadFormatVersion: aws.String("2.0")}},
		"a URL, and a route": {
			aws.String("https://example.com/pets"), aws.String("GET /pets"), "GET /pets",
			types.Integration{IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("ANY"), PayloadFormatVersion: aws.String("1.0")},
		},
	} {
		created, err := w.CreateApi(t.Context(), &sdk.CreateApiInput{Name: aws.String("quick"), ProtocolType: types.ProtocolTypeHttp, Target: tt.target, RouteKey: tt.routeKey})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		d := w.service.Deployed(*created.ApiId, "$default")
		if d == nil || len(d.Routes) != 1 || len(d.Integrations) != 1 {
			t.Errorf("%s: deployed is %+v", name, d)
			continue
		}
		want := tt.integration
		want.ApiGatewayManaged, want.ConnectionType, want.IntegrationId, want.IntegrationUri, want.TimeoutInMillis = aws.Bool(true), types.ConnectionTypeInternet, d.Integrations[0].IntegrationId, tt.target, aws.Int32(30000)
		if diff := cmp.Diff(want, d.Integrations[0], sameValues); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if r := d.Routes[0]; *r.RouteKey != tt.key || !*r.ApiGatewayManaged || *r.Target != "integrations/"+*want.IntegrationId {
			t.Errorf("%s: %+v", name, r)
		}
		if !*d.Stage.AutoDeploy || !*d.Stage.ApiGatewayManaged {
			t.Errorf("%s: %+v", name, d.Stage)
		}
	}
}
