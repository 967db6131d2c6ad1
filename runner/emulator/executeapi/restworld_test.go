package executeapi_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// restStage is a stage of the world's REST API.
type restStage struct {
	settings           *rest.Stage
	deployment, canary *executeapi.RESTDeployment
}

func (w *world) Stage(api, name string) (*rest.Stage, *executeapi.RESTDeployment, *executeapi.RESTDeployment, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if api != apiID || w.rest == nil {
		return nil, nil, nil, false
	}
	s := w.rest[name]
	if s == nil {
		return nil, nil, nil, true
	}
	return s.settings, s.deployment, s.canary, true
}

func (w *world) WriteExecution(_ context.Context, api, stage string, canary bool, lines []executeapi.LogLine) {
	w.mu.Lock()
	defer w.mu.Unlock()
	group := api + "/" + stage
	if canary {
		group += "/Canary"
	}
	for _, line := range lines {
		w.logged[group] = append(w.logged[group], line.Text)
	}
}

// deployREST makes the stage PROD of a deployment.
func (w *world) deployREST(d *executeapi.RESTDeployment) *restStage {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := &restStage{settings: &rest.Stage{StageName: aws.String("PROD"), DeploymentId: &d.ID}, deployment: d}
	if w.rest == nil {
		w.rest = map[string]*restStage{}
	}
	w.rest["PROD"] = s
	return s
}

// restDeployment is an API of methods by "GET /pets/{petId}". Resources are r0, r1
// … by their paths.
func restDeployment(methods map[string]rest.Method) *executeapi.RESTDeployment {
	d := &executeapi.RESTDeployment{ID: "dep001", API: rest.RestApi{
		Id: aws.String(apiID), Name: aws.String("api"), EndpointConfiguration: &rest.EndpointConfiguration{Types: []rest.EndpointType{rest.EndpointTypeRegional}},
	}}
	byPath := map[string]map[string]rest.Method{}
	for key, method := range methods {
		name, path, _ := strings.Cut(key, " ")
		if byPath[path] == nil {
			byPath[path] = map[string]rest.Method{}
		}
		method.HttpMethod = aws.String(name)
		byPath[path][name] = method
	}
	paths := []string{}
	for path := range byPath {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for i, path := range paths {
		d.Resources = append(d.Resources, rest.Resource{Id: aws.String("r" + string(rune('0'+i))), Path: aws.String(path), ResourceMethods: byPath[path]})
	}
	return d
}

// mock is a method that answers 200 with a body, by templates.
func mock(body string) rest.Method {
	return method(&rest.Integration{
		Type: rest.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`}, PassthroughBehavior: aws.String("WHEN_NO_MATCH"),
		IntegrationResponses: map[string]rest.IntegrationResponse{"200": {StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"application/json": body}}},
	})
}

// method is one with the method responses that its integration responses lead to.
func method(in *rest.Integration) rest.Method {
	m := rest.Method{AuthorizationType: aws.String("NONE"), MethodIntegration: in, MethodResponses: map[string]rest.MethodResponse{}}
	for _, response := range in.IntegrationResponses {
		m.MethodResponses[*response.StatusCode] = rest.MethodResponse{StatusCode: response.StatusCode}
	}
	return m
}

// passing is the integration responses that let everything through as 200.
func passing() map[string]rest.IntegrationResponse {
	return map[string]rest.IntegrationResponse{"200": {StatusCode: aws.String("200")}}
}

func lambdaProxy() rest.Method {
	return method(&rest.Integration{Type: rest.IntegrationTypeAwsProxy, HttpMethod: aws.String("POST"), Uri: aws.String(invocation(hello))})
}

// restWorld is a world whose stage PROD serves some methods.
func restWorld(t testing.TB, methods map[string]rest.Method) *world {
	t.Helper()
	w := newWorld(t, nil)
	w.deployREST(restDeployment(methods))
	return w
}

// wantREST holds a gateway-made error against AWS's, header by header.
func (w *world) wantREST(t testing.TB, got result, status int, errorType, body, reason string) {
	t.Helper()
	if got.status != status || got.body != body {
		t.Errorf("%d %s\nwant %d %s", got.status, got.body, status, body)
	}
	if kind := got.raw("x-amzn-ErrorType"); len(kind) != 1 || kind[0] != errorType {
		t.Errorf("x-amzn-ErrorType %q, want %q; %v", kind, errorType, got.header)
	}
	wantIDs(t, got)
	if trace := w.trace(); trace.Reason != reason || trace.Detail == "" || trace.Status != status {
		t.Errorf("trace %q (%s), status %d; want %q", trace.Reason, trace.Detail, trace.Status, reason)
	}
}

// wantIDs looks for the ids that every answer of a REST API has, to the letter.
func wantIDs(t testing.TB, got result) {
	t.Helper()
	if id := got.raw("x-amzn-RequestId"); len(id) != 1 || len(id[0]) != 36 {
		t.Errorf("x-amzn-RequestId %q among %v", id, got.header)
	}
	if id := got.raw("x-amz-apigw-id"); len(id) != 1 || len(id[0]) != 16 || !strings.HasSuffix(id[0], "=") {
		t.Errorf("x-amz-apigw-id %q among %v", id, got.header)
	}
}

func (w *world) post(target, kind, body string) result {
	r := request(http.MethodPost, target, body)
	r.Header.Set("Content-Type", kind)
	return w.do(r)
}
