package apigateway_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// A stage serves what was deployed, whatever is changed after.
func TestAStageServesWhatWasDeployed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	get := aws.String("GET")
	pets := w.resource(id, root, "pets")
	must(t, 0, second(w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: id, ResourceId: pets, HttpMethod: get, AuthorizationType: aws.String("NONE"), RequestParameters: map[string]bool{"method.request.querystring.a": true}})))
	must(t, 0, second(w.PutMethodResponse(t.Context(), &sdk.PutMethodResponseInput{RestApiId: id, ResourceId: pets, HttpMethod: get, StatusCode: aws.String("200"), ResponseParameters: map[string]bool{"method.response.header.a": true}})))
	must(t, 0, second(w.PutIntegration(t.Context(), &sdk.PutIntegrationInput{RestApiId: id, ResourceId: pets, HttpMethod: get, Type: "MOCK", RequestTemplates: map[string]string{"application/json": `{"statusCode":200}`}})))
	must(t, 0, second(w.PutIntegrationResponse(t.Context(), &sdk.PutIntegrationResponseInput{RestApiId: id, ResourceId: pets, HttpMethod: get, StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"application/json": "old"}})))
	w.deploy(id, "PROD")
	settings, deployment, canary, found := w.service.Stage(*id, "PROD")
	if !found || settings == nil || deployment == nil || canary != nil {
		t.Fatalf("got %v %v %v %v", settings, deployment, canary, found)
	}
	text := func() string {
		data, err := json.Marshal(deployment)
		return string(must(t, data, err))
	}
	want := text()
	change := map[string]func() error{
		"the API": func() error {
			return second(w.UpdateRestApi(t.Context(), &sdk.UpdateRestApiInput{RestApiId: id, PatchOperations: []types.PatchOperation{patch("add", "/binaryMediaTypes/a~1b", ""), patch("replace", "/name", "x")}}))
		},
		"a new resource": func() error {
			w.method(id, w.resource(id, pets, "{id}"), "GET")
			return nil
		},
		"a path": func() error {
			return second(w.UpdateResource(t.Context(), &sdk.UpdateResourceInput{RestApiId: id, ResourceId: pets, PatchOperations: []types.PatchOperation{patch("replace", "/pathPart", "dogs")}}))
		},
		"a new method": func() error { w.method(id, pets, "POST"); return nil },
		"a method": func() error {
			return second(w.UpdateMethod(t.Context(), &sdk.UpdateMethodInput{RestApiId: id, ResourceId: pets, HttpMethod: get, PatchOperations: []types.PatchOperation{
				patch("replace", "/authorizationType", "AWS_IAM"), patch("add", "/requestParameters/method.request.querystring.b", "true"), patch("replace", "/requestParameters/method.request.querystring.a", "false"),
			}}))
		},
		"a method response": func() error {
			return second(w.UpdateMethodResponse(t.Context(), &sdk.UpdateMethodResponseInput{RestApiId: id, ResourceId: pets, HttpMethod: get, StatusCode: aws.String("200"), PatchOperations: []types.PatchOperation{patch("replace", "/responseParameters/method.response.header.a", "false")}}))
		},
		"an integration response": func() error {
			return second(w.UpdateIntegrationResponse(t.Context(), &sdk.UpdateIntegrationResponseInput{RestApiId: id, ResourceId: pets, HttpMethod: get, StatusCode: aws.String("200"), PatchOperations: []types.PatchOperation{patch("replace", "/responseTemplates/application~1json", "new")}}))
		},
		"an integration's templates": func() error {
			return second(w.UpdateIntegration(t.Context(), &sdk.UpdateIntegrationInput{RestApiId: id, ResourceId: pets, HttpMethod: get, PatchOperations: []types.PatchOperation{patch("replace", "/requestTemplates/application~1json", "new")}}))
		},
		"a deployment elsewhere": func() error { w.deploy(id, ""); return nil },
	}
	order := []string{"the API", "a new resource", "a path", "a new method", "a method", "a method response", "an integration response", "an integration's templates", "a deployment elsewhere"}
	if len(order) != len(change) {
		t.Fatal("a change is forgotten")
	}
	unchanged := func(what string) {
		t.Helper()
		s, d, _, _ := w.service.Stage(*id, "PROD")
		if s != settings || d != deployment {
			t.Errorf("%s: the stage has other values", what)
		}
		if got := text(); got != want {
			t.Errorf("%s: got  %s\nwant %s", what, got, want)
		}
	}
	for _, what := range order {
		must(t, 0, change[what]())
		unchanged(what)
	}
	must(t, 0, second(w.DeleteIntegration(t.Context(), &sdk.DeleteIntegrationInput{RestApiId: id, ResourceId: pets, HttpMethod: get})))
	must(t, 0, second(w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: id, ResourceId: pets, HttpMethod: get})))
	must(t, 0, second(w.DeleteResource(t.Context(), &sdk.DeleteResourceInput{RestApiId: id, ResourceId: pets})))
	unchanged("all deleted")
	w.method(id, root, "ANY")
	w.deploy(id, "PROD")
	if _, d, _, _ := w.service.Stage(*id, "PROD"); d == deployment || len(d.Resources) != 1 || *d.API.Name != "x" {
		t.Errorf("the next deployment serves %+v", d)
	}
}

// The settings of a stage are live; flushing changes nothing of them.
func TestStageIsStable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, root := w.api()
	w.method(id, root, "GET")
	w.deploy(id, "PROD")
	before, deployment, _, _ := w.service.Stage(*id, "PROD")
	must(t, 0, second(w.FlushStageAuthorizersCache(t.Context(), &sdk.FlushStageAuthorizersCacheInput{RestApiId: id, StageName: aws.String("PROD")})))
	flushed, same, _, _ := w.service.Stage(*id, "PROD")
	if flushed != before || same != deployment {
		t.Error("flushing changed the settings")
	}
	must(t, 0, second(w.FlushStageCache(t.Context(), &sdk.FlushStageCacheInput{RestApiId: id, StageName: aws.String("PROD")})))
	must(t, 0, second(w.patchStage(id, "PROD", patch("replace", "/variables/a", "b"))))
	settings, same, _, _ := w.service.Stage(*id, "PROD")
	if settings.Variables["a"] != "b" || same != deployment || before.Variables != nil {
		t.Errorf("got %+v", settings)
	}
	must(t, 0, second(w.UpdateDeployment(t.Context(), &sdk.UpdateDeploymentInput{RestApiId: id, DeploymentId: settings.DeploymentId, PatchOperations: []types.PatchOperation{patch("replace", "/description", "d")}})))
	if _, same, _, _ := w.service.Stage(*id, "PROD"); same != deployment {
		t.Error("a description is not what is served")
	}
	if settings, _, _, found := w.service.Stage(*id, "prod"); settings != nil || !found {
		t.Error("there is a stage prod")
	}
	if _, _, _, found := w.service.Stage("nope", "PROD"); found {
		t.Error("there is an API nope")
	}
}

func BenchmarkStage(b *testing.B) {
	w := newWorld(b)
	id, root := w.api()
	w.method(id, root, "GET")
	w.deploy(id, "PROD")
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			w.service.Stage(*id, "PROD")
		}
	})
}
