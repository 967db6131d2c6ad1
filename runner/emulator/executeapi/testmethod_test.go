package executeapi_test

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

func TestTestMethod(t *testing.T) {
	t.Parallel()
	locked := mock("$context.stage $context.resourcePath $stageVariables.color")
	locked.AuthorizationType, locked.ApiKeyRequired = aws.String("CUSTOM"), aws.Bool(true)
	w := newWorld(t, nil)
	api := restDeployment(map[string]rest.Method{"GET /pets/{id}": locked})
	got, err := w.TestMethod(t.Context(), executeapi.TestCall{
		API: api, ResourceID: "r0", Method: "GET", PathWithQuery: "/pets/7?a=1", Header: map[string][]string{"x-own": {"1"}}, Body: "b",
		StageVariables: map[string]string{"color": "red"},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got.Status != 200 || got.Body != "test-invoke-stage /pets/{id} red" || len(got.Header) != 1 || got.Header["Content-Type"][0] != "application/json" {
		t.Errorf("%+v", got)
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(got.Log, "Execution log for request "), "\n")
	// As LocalStack's recorded answers of TestInvokeMethod have it.
	const at = "Thu Sep 24 20:16:28 UTC 2026 : "
	want := "Execution log for request " + id + "\n" +
		at + "Starting execution for request: " + id + "\n" +
		at + "HTTP Method: GET, Resource Path: /pets/7\n" +
		at + "Method request path: {id=7}\n" +
		at + "Method request query string: {a=1}\n" +
		at + "Method request headers: {X-Own=1}\n" +
		at + "Method request body before transformations: b\n" +
		at + "Method response body after transformations: test-invoke-stage /pets/{id} red\n" +
		at + "Method response headers: {Content-Type=application/json}\n" +
		at + "Successfully completed execution\n" +
		at + "Method completed with status: 200\n"
	if got.Log != want {
		t.Errorf("%s\nwant\n%s", got.Log, want)
	}
	if len(w.logged) != 0 || len(w.lines) != 0 || len(w.traces) != 0 {
		t.Errorf("a test is logged: %v %v", w.logged, w.lines)
	}
	for _, call := range []executeapi.TestCall{{API: api, ResourceID: "r9", Method: "GET"}, {API: api, ResourceID: "r0", Method: "POST"}} {
		if _, err := w.TestMethod(t.Context(), call); !errors.Is(err, executeapi.ErrNoMethod) {
			t.Errorf("%v", err)
		}
	}
	// A path that does not fit gives no parameters.
	got, err = w.TestMethod(t.Context(), executeapi.TestCall{API: api, ResourceID: "r0", Method: "GET", PathWithQuery: "/other/x/y"})
	if err != nil || !strings.Contains(got.Log, "Method request path: {}\n") {
		t.Errorf("%v, %s", err, got.Log)
	}
}

// A function behind a test: its event, and the lines when it fails.
func TestTestMethodWithAFunction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	api := restDeployment(map[string]rest.Method{"GET /": lambdaProxy()})
	caller := executeapi.Identity{ARN: "arn:aws:iam::" + account + ":user/student", UserID: "AIDA", AccessKeyID: "AKIA"}
	call := executeapi.TestCall{API: api, ResourceID: "r0", Method: "GET", Caller: caller, UserAgent: "aws-cli"}
	source := ""
	w.function(hello, `"Bad response"`)
	w.permits[hello] = func(arn string) bool { source = arn; return true }
	got, err := w.TestMethod(t.Context(), call)
	if err != nil || got.Status != 502 || got.Body != executionError || len(got.Header) != 1 || got.Header["x-amzn-ErrorType"][0] != "InternalServerErrorException" {
		t.Errorf("%v %+v", err, got)
	}
	if source != "arn:aws:execute-api:"+region+":"+account+":"+apiID+"/test-invoke-stage/GET/" {
		t.Error(source)
	}
	golden(t, "rest-event-test.json", w.rawEvent(t, hello))
	log := regexp.MustCompile(`(?m)^Thu Sep 24 20:16:28 UTC 2026 : `).ReplaceAllString(got.Log, "")
	for _, want := range []string{
		"Method request headers: {}\nMethod request body before transformations: \nEndpoint request URI: https://lambda." + region + ".amazonaws.com/2015-03-31/functions/" + hello + "/invocations\nEndpoint request headers: {X-Amz-Date=20260924T201628Z, x-amzn-apigateway-api-id=" + apiID + ", Accept=application/json, User-Agent=AmazonAPIGateway_" + apiID + ", Host=lambda.",
		"Endpoint request body after transformations: {\"resource\":\"/\",\"path\":\"/\",\"httpMethod\":\"GET\",\"headers\":null,\"multiValueHeaders\":null,", " [TRUNCATED]\nSending request to https://lambda.",
		"Received response. Status: 200, Integration latency: 0 ms\nEndpoint response headers: {Date=Thu, 24 Sep 2026 20:16:28 GMT, Content-Type=application/json, Content-Length=14, Connection=keep-alive, x-amzn-RequestId=",
		"Endpoint response body before transformations: \"Bad response\"\nExecution failed due to configuration error: Malformed Lambda proxy response\nMethod completed with status: 502\n",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("%q is not in\n%s", want, log)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.handle(hello, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
		cancel()
		<-ctx.Done()
		return executeapi.Reply{}, ctx.Err()
	})
	if _, err := w.TestMethod(ctx, call); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

// Whatever a test asks, what goes to an endpoint is one request line, and the
// answer can be sent.
func FuzzTestMethod(f *testing.F) {
	for _, seed := range [][2]string{{"/pets/7?a=1", ""}, {"/pets/{id}", "x"}, {"?", "{"}, {"//%zz#?\r\nX: y", "\xff"}, {"/pets/한글 b/\x00?q=한 글", "[]"}} {
		f.Add(seed[0], seed[1])
	}
	var seen *http.Request
	w := newWorld(f, func(cfg *executeapi.Config) {
		cfg.Upstream = roundTripper(func(r *http.Request) (*http.Response, error) {
			seen = r
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
		})
	})
	proxy := httpMethod(rest.IntegrationTypeHttpProxy, "http://upstream.example/{id}", map[string]string{"integration.request.path.id": "method.request.path.id", "integration.request.header.x": "method.request.querystring.q"})
	api := restDeployment(map[string]rest.Method{"ANY /pets/{id+}": proxy})
	f.Fuzz(func(t *testing.T, target, body string) {
		seen = nil
		got, err := w.TestMethod(t.Context(), executeapi.TestCall{API: api, ResourceID: "r0", Method: "POST", PathWithQuery: target, Body: body})
		if err != nil || got.Status < 200 || got.Status > 599 || !strings.HasSuffix(got.Log, "\n") {
			t.Errorf("%v %+v", err, got)
		}
		if seen != nil && strings.ContainsFunc(seen.URL.RequestURI(), func(c rune) bool { return c <= ' ' || c == 0x7f }) {
			t.Errorf("%q", seen.URL.RequestURI())
		}
	})
}
