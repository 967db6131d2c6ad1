package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/emulatortest"
)

// ask sends a request to the API, with headers by name and value.
func (a *restAPI) ask(method, target, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://"+a.id+".execute-api.localhost:4566"+target, strings.NewReader(body))
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	a.ServeHTTP(recorder, r)
	return recorder
}

// stands makes the upstreams that stand in for hosts outside.
func (w *world) stands(t *testing.T, body string) {
	t.Helper()
	body = `{"owner":"test","upstreams":` + body + `}`
	r := httptest.NewRequest(http.MethodPut, "http://127.0.0.1:4566/_awslab/upstreams", strings.NewReader(body))
	emulatortest.Sign(t, r, body, "awslab")
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	if recorder.Code != http.StatusOK {
		t.Fatal(recorder.Code, recorder.Body)
	}
}

// The console's example API from its import to its answers (COURSE-FACTS §2).
func TestPetStoreAnswers(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	a := &restAPI{world: w, client: apigateway.NewFromConfig(w.cfg)}
	document, err := os.ReadFile("apigateway/openapi/testdata/petstore.json")
	if err != nil {
		t.Fatal(err)
	}
	api, err := a.client.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: document, FailOnWarnings: true, Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	if err != nil {
		t.Fatal(err)
	}
	a.id = aws.ToString(api.Id)
	a.stands(t, `[{"prefix":"http://petstore-demo-endpoint.execute-api.com/petstore/","answers":[
		{"method":"GET","path":"pets","query":{"type":"cat","page":"2"},"status":200,"header":{"Content-Type":"application/json","Access-Control-Allow-Origin":"https://backend.example"},"body":"WzRd"},
		{"method":"GET","path":"pets","status":200,"header":{"Content-Type":"application/json"},"body":"WzFd"},
		{"method":"GET","path":"pets/{id}","status":400,"header":{"Content-Type":"application/json"},"body":"eyJlcnJvcnMiOltdfQ=="},
		{"method":"POST","path":"pets","status":200,"header":{"Content-Type":"application/json"},"body":"eyJtZXNzYWdlIjoic3VjY2VzcyJ9"}]}]`)
	if got := a.ask("GET", "/PROD/pets", ""); got.Code != 403 || got.Body.String() != `{"message":"Forbidden"}` {
		t.Errorf("before it is deployed: %d %s", got.Code, got.Body)
	}
	a.deploy(t, nil)
	const lesson = "X-Awslab-Lesson"
	for _, tt := range []struct {
		method, target, body string
		status               int
		want, origin         string
	}{
		{"GET", "/PROD/pets", "", 200, "[1]", "*"},
		{"GET", "/PROD/pets/", "", 200, "[1]", "*"},
		{"GET", "/PROD/pets?type=cat&page=2", "", 200, "[4]", "*"},
		{"GET", "/PROD/pets/-1", "", 200, `{"errors":[]}`, "*"}, // the backend's status is not the API's
		{"POST", "/PROD/pets", `{"type":"dog","price":249.99}`, 200, `{"message":"success"}`, "*"},
		{"OPTIONS", "/PROD/pets", "", 200, "", "*"},
		{"OPTIONS", "/PROD/", "", 403, missingToken, ""}, // / has a GET only
		{"DELETE", "/PROD/pets/1", "", 403, missingToken, ""},
	} {
		got := a.ask(tt.method, tt.target, tt.body, lesson, "m07-petstore", "Origin", "http://localhost:8000", "Sec-Fetch-Site", "cross-site")
		if got.Code != tt.status || got.Body.String() != tt.want || got.Header().Get("Access-Control-Allow-Origin") != tt.origin {
			t.Errorf("%s %s: %d %s %v", tt.method, tt.target, got.Code, got.Body, got.Header())
		}
	}
	got := a.ask("OPTIONS", "/PROD/pets", "")
	if h := got.Header(); h.Get("Access-Control-Allow-Methods") != "POST,GET,OPTIONS" || h.Get("Access-Control-Allow-Headers") != "Content-Type,X-Amz-Date,Authorization,X-Api-Key" || h.Get("Content-Type") != "application/json" || h.Get("Vary") != "" {
		t.Errorf("%v", h)
	}
	if got := a.ask("GET", "/PROD", ""); got.Header().Get("Content-Type") != "text/html" || !strings.Contains(got.Body.String(), `href="/PROD/pets/"`) {
		t.Errorf("%v %s", got.Header(), got.Body)
	}
}

// enableCORS does what the console's button does (COURSE-FACTS §5).
func (a *restAPI) enableCORS(t *testing.T, resource string, methods string) {
	t.Helper()
	ctx, options, get, ok := t.Context(), aws.String("OPTIONS"), aws.String("GET"), aws.String("200")
	add := func(prefix string, values map[string]string) []types.PatchOperation {
		var all []types.PatchOperation
		for name, value := range values {
			all = append(all, types.PatchOperation{Op: types.OpAdd, Path: aws.String("/responseParameters/" + prefix + name), Value: aws.String(value)})
		}
		return all
	}
	const header = "method.response.header.Access-Control-Allow-"
	none := map[string]string{"Headers": "false", "Methods": "false", "Origin": "false"}
	values := map[string]string{"Headers": "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'", "Methods": methods, "Origin": "'*'"}
	for i, err := range []error{
		second(a.client.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: options, AuthorizationType: aws.String("NONE")})),
		second(a.client.PutMethodResponse(ctx, &apigateway.PutMethodResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: options, StatusCode: ok, ResponseModels: map[string]string{"application/json": "Empty"}})),
		second(a.client.PutIntegration(ctx, &apigateway.PutIntegrationInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: options, Type: types.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`}})),
		second(a.client.PutIntegrationResponse(ctx, &apigateway.PutIntegrationResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: options, StatusCode: ok, ResponseTemplates: map[string]string{"application/json": ""}})),
		second(a.client.UpdateMethodResponse(ctx, &apigateway.UpdateMethodResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: options, StatusCode: ok, PatchOperations: add(header, none)})),
		second(a.client.UpdateIntegrationResponse(ctx, &apigateway.UpdateIntegrationResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: options, StatusCode: ok, PatchOperations: add(header, values)})),
		second(a.client.UpdateMethodResponse(ctx, &apigateway.UpdateMethodResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: get, StatusCode: ok, PatchOperations: add(header, map[string]string{"Origin": "false"})})),
		second(a.client.UpdateIntegrationResponse(ctx, &apigateway.UpdateIntegrationResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: get, StatusCode: ok, PatchOperations: add(header, map[string]string{"Origin": "'*'"})})),
		second(a.client.PutGatewayResponse(ctx, &apigateway.PutGatewayResponseInput{RestApiId: &a.id, ResponseType: types.GatewayResponseTypeDefault4xx, ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}})),
	} {
		if err != nil {
			t.Fatal(i, err)
		}
	}
}

// CORS is there after the button and another deployment, on that resource alone.
func TestEnableCORS(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	pets := a.resource(t, a.root, "pets")
	a.get(t, pets, "pets")
	a.get(t, a.resource(t, pets, "{id}"), "pet")
	a.deploy(t, nil)
	preflight := []string{"Origin", "http://localhost:8000", "Access-Control-Request-Method", "GET", "Sec-Fetch-Site", "cross-site"}
	wantNone := func(when string) {
		t.Helper()
		if got := a.ask("OPTIONS", "/PROD/pets", "", preflight...); got.Code != 403 || got.Body.String() != missingToken || got.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %s %v", when, got.Code, got.Body, got.Header())
		}
		if got := a.ask("GET", "/PROD/pets", "", preflight...); got.Code != 200 || got.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %d %v", when, got.Code, got.Header())
		}
	}
	wantNone("before")
	a.enableCORS(t, pets, "'GET,OPTIONS'")
	wantNone("before another deployment")
	a.deploy(t, nil)
	got := a.ask("OPTIONS", "/PROD/pets", "", preflight...)
	h := got.Header()
	if got.Code != 200 || got.Body.Len() != 0 || h.Get("Content-Type") != "application/json" {
		t.Errorf("%d %q %v", got.Code, got.Body, h)
	}
	for _, name := range []string{"x-amzn-RequestId", "x-amz-apigw-id"} {
		if len(h[name]) != 1 {
			t.Errorf("%s: %v", name, h)
		}
	}
	if h.Get("Access-Control-Allow-Methods") != "GET,OPTIONS" || h.Get("Access-Control-Allow-Headers") != "Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token" || h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", h)
	}
	if got := a.ask("GET", "/PROD/pets", ""); got.Header().Get("Access-Control-Allow-Origin") != "*" || got.Body.String() != "pets" {
		t.Errorf("%v %s", got.Header(), got.Body)
	}
	// A child has none but for the gateway's own answers.
	if got := a.ask("OPTIONS", "/PROD/pets/1", "", preflight...); got.Code != 403 || got.Header().Get("Access-Control-Allow-Origin") != "*" || got.Header().Get("Access-Control-Allow-Methods") != "" || got.Body.String() != missingToken {
		t.Errorf("%d %v %s", got.Code, got.Header(), got.Body)
	}
	if got := a.ask("GET", "/PROD/pets/1", ""); got.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%v", got.Header())
	}
	if _, err := a.client.PutMethod(t.Context(), &apigateway.PutMethodInput{RestApiId: &a.id, ResourceId: &pets, HttpMethod: aws.String("OPTIONS"), AuthorizationType: aws.String("NONE")}); err == nil || !strings.Contains(err.Error(), "ConflictException") {
		t.Errorf("the button once more: %v", err)
	}
}

// A canary's variables, its promotion, and the deployment after it, which goes to
// the canary at 0 % and is seen by nobody (COURSE-FACTS §1.5 and §4).
func TestACanarysVariablesAndItsPromotion(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.get(t, a.resource(t, a.root, "v"), `one $stageVariables.own|$stageVariables.both|$stageVariables.new|$stageVariables.none $context.isCanaryRequest`)
	a.deploy(t, func(in *apigateway.CreateDeploymentInput) {
		in.Variables = map[string]string{"own": "o", "both": "stage"}
	})
	a.wantCall(t, "/PROD/v", 200, "one o|stage|| ")
	canary := func(percent float64) func(*apigateway.CreateDeploymentInput) {
		return func(in *apigateway.CreateDeploymentInput) {
			in.CanarySettings = &types.DeploymentCanarySettings{PercentTraffic: percent, StageVariableOverrides: map[string]string{"both": "canary", "new": "n"}}
		}
	}
	a.deploy(t, canary(100))
	a.wantCall(t, "/PROD/v", 200, "one o|canary|n| true")
	a.deploy(t, canary(0))
	a.wantCall(t, "/PROD/v", 200, "one o|stage|| false")
	patch := func(operations ...types.PatchOperation) *apigateway.UpdateStageOutput {
		t.Helper()
		out, err := a.client.UpdateStage(t.Context(), &apigateway.UpdateStageInput{RestApiId: &a.id, StageName: aws.String("PROD"), PatchOperations: operations})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	stage := patch(
		types.PatchOperation{Op: types.OpReplace, Path: aws.String("/canarySettings/percentTraffic"), Value: aws.String("0.0")},
		types.PatchOperation{Op: types.OpCopy, From: aws.String("/canarySettings/stageVariableOverrides"), Path: aws.String("/variables")},
		types.PatchOperation{Op: types.OpCopy, From: aws.String("/canarySettings/deploymentId"), Path: aws.String("/deploymentId")},
	)
	if stage.CanarySettings == nil || *stage.CanarySettings.DeploymentId != *stage.DeploymentId {
		t.Errorf("%+v", stage)
	}
	a.wantCall(t, "/PROD/v", 200, "one o|canary|n| false")
	a.get(t, a.resource(t, a.root, "w"), "two")
	if _, err := a.client.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: &a.id, StageName: aws.String("PROD")}); err == nil || !strings.Contains(err.Error(), "Non canary deployment not supported on stage PROD because Canary is enabled") {
		t.Error(err)
	}
	a.deploy(t, canary(0))
	a.wantCall(t, "/PROD/w", 403, missingToken)
	patch(types.PatchOperation{Op: types.OpRemove, Path: aws.String("/canarySettings")})
	a.wantCall(t, "/PROD/w", 403, missingToken)
	a.deploy(t, nil)
	a.wantCall(t, "/PROD/w", 200, "two")
	a.wantCall(t, "/PROD/v", 200, "one o|canary|n| ")
}
