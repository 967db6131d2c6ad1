package emulator_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	functiontypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/emulatortest"
	"awslab/runner/emulator/executeapi"
)

// httpAPI is an HTTP API in front of the function f.
type httpAPI struct {
	*world
	client          *apigatewayv2.Client
	id, integration string
}

// openHTTPAPI makes one: GET /helloworld, and the stage $default that deploys by
// itself. The permission is not there yet.
func openHTTPAPI(t *testing.T, code string) *httpAPI {
	t.Helper()
	w := open(t, "")
	w.function(t, code, nil)
	a := &httpAPI{world: w, client: apigatewayv2.NewFromConfig(w.cfg)}
	api, err := a.client.CreateApi(t.Context(), &apigatewayv2.CreateApiInput{Name: aws.String("api"), ProtocolType: types.ProtocolTypeHttp})
	if err != nil {
		t.Fatal(err)
	}
	a.id = aws.ToString(api.ApiId)
	integration, err := a.client.CreateIntegration(t.Context(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &a.id, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0"),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.integration = aws.ToString(integration.IntegrationId)
	a.route(t, "GET /helloworld", nil)
	if _, err := a.client.CreateStage(t.Context(), &apigatewayv2.CreateStageInput{ApiId: &a.id, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)}); err != nil {
		t.Fatal(err)
	}
	return a
}

func (a *httpAPI) route(t *testing.T, key string, change func(*apigatewayv2.CreateRouteInput)) {
	t.Helper()
	in := &apigatewayv2.CreateRouteInput{ApiId: &a.id, RouteKey: &key, Target: aws.String("integrations/" + a.integration)}
	if change != nil {
		change(in)
	}
	if _, err := a.client.CreateRoute(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func (a *httpAPI) permit(t *testing.T, sid, function, source string) {
	t.Helper()
	in := permission(sid, func(in *lambda.AddPermissionInput) {
		in.FunctionName = &function
		in.SourceArn = aws.String("arn:aws:execute-api:ap-northeast-2:123456789012:" + a.id + source)
	})
	if _, err := a.lambda.AddPermission(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

// call makes a request to the API by its own host.
func (a *httpAPI) call(t *testing.T, method, target, body string, change func(*http.Request)) (int, string) {
	t.Helper()
	r := httptest.NewRequest(method, "http://"+a.id+".execute-api.localhost:4566"+target, strings.NewReader(body))
	if change != nil {
		change(r)
	}
	recorder := httptest.NewRecorder()
	a.ServeHTTP(recorder, r)
	return recorder.Code, recorder.Body.String()
}

func (a *httpAPI) wantCall(t *testing.T, target string, status int, body string) {
	t.Helper()
	if gotStatus, got := a.call(t, http.MethodGet, target, "", nil); gotStatus != status || got != body {
		t.Errorf("%s: %d %s, want %d %s", target, gotStatus, got, status, body)
	}
}

const (
	notFoundBody = `{"message":"Not Found"}`
	failedBody   = `{"message":"Internal Server Error"}`
)

// The walk of the lesson: no permission, then one, one taken away, and a real
// Python function behind it all.
func TestAnHTTPAPIInFrontOfAFunction(t *testing.T) {
	t.Parallel()
	a := openHTTPAPI(t, "def lambda_handler(event, context):\n    return {'statusCode': 200, 'body': 'hello ' + event['requestContext']['http']['method'] + ' ' + context.invoked_function_arn}\n")
	a.wantCall(t, "/helloworld", 500, failedBody)
	a.permit(t, "gateway", "f", "/*/*/helloworld")
	a.wantCall(t, "/helloworld", 200, "hello GET "+functionARN)
	a.wantCall(t, "/helloWorld", 404, notFoundBody)
	if _, err := a.lambda.RemovePermission(t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("f"), StatementId: aws.String("gateway")}); err != nil {
		t.Fatal(err)
	}
	a.permit(t, "other", "f", "/*/POST/helloworld")
	a.wantCall(t, "/helloworld", 500, failedBody)
	a.permit(t, "right", "f", "/$default/GET/helloworld")
	a.wantCall(t, "/helloworld", 200, "hello GET "+functionARN)
	if _, err := a.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("f")}); err != nil {
		t.Fatal(err)
	}
	a.wantCall(t, "/helloworld", 500, failedBody)
	// What became of each, and why.
	var reasons []string
	for _, trace := range a.tracesAfter(t, 0, 7) {
		reasons = append(reasons, fmt.Sprint(trace.Status, trace.Reason))
	}
	want := []string{"500no-permission", "200", "404no-route", "500no-permission", "200", "500no-permission"}
	if strings.Join(reasons, " ") != strings.Join(want, " ") {
		t.Errorf("traces %q, want %q", reasons, want)
	}
}

// tracesAfter reads the stream of traces as far as it goes; most bounds it.
func (a *httpAPI) tracesAfter(t *testing.T, seq uint64, most int) []executeapi.Trace {
	t.Helper()
	server := httptest.NewServer(a.Emulator)
	defer server.Close()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, fmt.Sprintf("%s/_awslab/traces?after=%d", server.URL, seq), nil)
	emulatortest.Sign(t, r, "", "awslab")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "application/x-ndjson" {
		t.Fatal(response.Status)
	}
	// One more request ends the reading: its trace is the last.
	go a.call(t, http.MethodGet, "/the-end", "", nil)
	var traces []executeapi.Trace
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() && len(traces) < most {
		var trace executeapi.Trace
		if err := json.Unmarshal(lines.Bytes(), &trace); err != nil {
			t.Fatal(err)
		}
		if trace.Path == "/the-end" {
			break
		}
		if n := len(traces); n > 0 && trace.Seq != traces[n-1].Seq+1 {
			t.Errorf("trace %d after %d", trace.Seq, traces[n-1].Seq)
		}
		traces = append(traces, trace)
	}
	return traces
}

// Traces are awslab's own: without a signature there are none.
func TestTracesAreSigned(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "http://localhost:4566/_awslab/traces", nil))
	if recorder.Code != http.StatusForbidden {
		t.Error(recorder.Code)
	}
}

// A request to an API wakes those who follow changes, with its marks.
func TestRequestsToAPIsAreChanges(t *testing.T) {
	t.Parallel()
	a := openHTTPAPI(t, hello)
	a.call(t, http.MethodGet, "/helloworld", "", func(r *http.Request) {
		r.Header.Set("X-Awslab-Check", "1")
		r.Header.Set("X-Awslab-Lesson", "http-api/call")
	})
	server := httptest.NewServer(a.Emulator)
	defer server.Close()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/_awslab/changes?after=0", nil)
	emulatortest.Sign(t, r, "", "awslab")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if strings.Contains(lines.Text(), `"service":"execute-api"`) {
			if want := `"operation":"Invoke","lesson":"http-api/call","check":true}`; !strings.HasSuffix(lines.Text(), want) {
				t.Errorf("%s", lines.Text())
			}
			return
		}
	}
	t.Error("no change tells of the request")
}

// An authorizer is a function too, with a permission of its own; its cache can be
// emptied.
func TestAnAuthorizerInFrontOfAnHTTPAPI(t *testing.T) {
	t.Parallel()
	a := openHTTPAPI(t, "def lambda_handler(event, context):\n    return event['requestContext'].get('authorizer')\n")
	a.permit(t, "gateway", "f", "/*/*/*")
	a.function2(t, "guard", "import json\ndef lambda_handler(event, context):\n    token = event['headers'].get('authorization')\n    if token == 'boom':\n        raise Exception('Unauthorized')\n    return {'principalId': 'p', 'context': {'token': token, 'n': 1},\n            'policyDocument': {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow' if token == 'good' else 'Deny', 'Action': 'execute-api:Invoke', 'Resource': event['routeArn']}]}}\n")
	authorizer, err := a.client.CreateAuthorizer(t.Context(), &apigatewayv2.CreateAuthorizerInput{
		ApiId: &a.id, Name: aws.String("guard"), AuthorizerType: types.AuthorizerTypeRequest, AuthorizerPayloadFormatVersion: aws.String("2.0"),
		AuthorizerUri:  aws.String("arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:123456789012:function:guard/invocations"),
		IdentitySource: []string{"$request.header.Authorization"}, AuthorizerResultTtlInSeconds: aws.Int32(300),
	})
	if err != nil {
		t.Fatal(err)
	}
	a.route(t, "GET /guarded", func(in *apigatewayv2.CreateRouteInput) {
		in.AuthorizationType, in.AuthorizerId = types.AuthorizationTypeCustom, authorizer.AuthorizerId
	})
	with := func(token string) (int, string) {
		return a.call(t, http.MethodGet, "/guarded", "", func(r *http.Request) {
			if token != "" {
				r.Header.Set("Authorization", token)
			}
		})
	}
	want := func(token string, status int, body string) {
		t.Helper()
		if gotStatus, got := with(token); gotStatus != status || got != body {
			t.Errorf("%q: %d %s, want %d %s", token, gotStatus, got, status, body)
		}
	}
	want("good", 500, failedBody) // no permission to ask it
	a.permit(t, "gateway", "guard", "/authorizers/"+aws.ToString(authorizer.AuthorizerId))
	want("", 401, `{"message":"Unauthorized"}`)
	want("boom", 401, `{"message":"Unauthorized"}`)
	want("bad", 403, `{"message":"Forbidden"}`)
	want("good", 200, `{"lambda": {"n": 1, "token": "good"}}`)
	if _, err := a.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("guard")}); err != nil {
		t.Fatal(err)
	}
	want("good", 200, `{"lambda": {"n": 1, "token": "good"}}`) // cached
	if _, err := a.client.ResetAuthorizersCache(t.Context(), &apigatewayv2.ResetAuthorizersCacheInput{ApiId: &a.id, StageName: aws.String("$default")}); err != nil {
		t.Fatal(err)
	}
	want("good", 500, failedBody)
}

// function2 makes another function with the role that is there.
func (a *httpAPI) function2(t *testing.T, name, code string) {
	t.Helper()
	_, err := a.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: &name, Runtime: "python3.14", Handler: aws.String("lambda_function.lambda_handler"), Role: aws.String("arn:aws:iam::123456789012:role/r"),
		Code: &functiontypes.FunctionCode{ZipFile: zipped(t, "lambda_function.py", code)},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A route with AWS_IAM wants a signature for execute-api.
func TestASignedRequestToAnHTTPAPI(t *testing.T) {
	t.Parallel()
	a := openHTTPAPI(t, "def lambda_handler(event, context):\n    return event['requestContext']['authorizer']['iam']['userArn']\n")
	a.permit(t, "gateway", "f", "/*/*/*")
	a.route(t, "POST /iam", func(in *apigatewayv2.CreateRouteInput) { in.AuthorizationType = types.AuthorizationTypeAwsIam })
	for service, want := range map[string]string{
		"":            `403 {"message":"Forbidden"}`,
		"lambda":      `403 {"message":"Forbidden"}`,
		"execute-api": `200 "arn:aws:iam::123456789012:user/student"`,
	} {
		status, body := a.call(t, http.MethodPost, "/iam", "hello", func(r *http.Request) {
			if service != "" {
				emulatortest.Sign(t, r, "hello", service)
			}
		})
		if got := fmt.Sprint(status, " ", body); got != want {
			t.Errorf("signed for %q: %s, want %s", service, got, want)
		}
	}
}

// Access logs go to a group that is there.
func TestAccessLogsOfAnHTTPAPI(t *testing.T) {
	t.Parallel()
	a := openHTTPAPI(t, hello)
	if _, err := a.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("access")}); err != nil {
		t.Fatal(err)
	}
	_, err := a.client.UpdateStage(t.Context(), &apigatewayv2.UpdateStageInput{ApiId: &a.id, StageName: aws.String("$default"), AccessLogSettings: &types.AccessLogSettings{
		DestinationArn: aws.String("arn:aws:logs:ap-northeast-2:123456789012:log-group:access"), Format: aws.String("$context.requestId $context.httpMethod $context.routeKey $context.status"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	a.call(t, http.MethodGet, "/helloworld", "", nil)
	out, err := a.logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("access")})
	if err != nil || len(out.Events) != 1 || !strings.HasSuffix(aws.ToString(out.Events[0].Message), "= GET GET /helloworld 500") {
		t.Fatalf("%v, %v", out, err)
	}
	if _, err := a.logs.DeleteLogGroup(t.Context(), &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String("access")}); err != nil {
		t.Fatal(err)
	}
	if status, _ := a.call(t, http.MethodGet, "/helloworld", "", nil); status != 500 {
		t.Error(status)
	}
}

// The function hears of neither the marks nor the check, and what it prints for
// a check is logged like anything.
func TestAFunctionThatFailsBehindAnHTTPAPI(t *testing.T) {
	t.Parallel()
	a := openHTTPAPI(t, "def lambda_handler(event, context):\n    assert 'awslab' not in str(event).lower()\n    raise KeyError('x')\n")
	a.permit(t, "gateway", "f", "/*/*/*")
	status, body := a.call(t, http.MethodGet, "/helloworld", "", func(r *http.Request) { r.Header.Set("X-Awslab-Check", "1") })
	if status != 500 || body != failedBody {
		t.Errorf("%d %s", status, body)
	}
	traces := a.tracesAfter(t, 0, 2)
	if len(traces) != 1 || traces[0].Reason != "function-error" || traces[0].Integration.Error != "KeyError: 'x'" || !traces[0].Check {
		t.Errorf("%+v", traces)
	}
}
