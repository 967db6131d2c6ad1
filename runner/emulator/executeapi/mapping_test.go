package executeapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/executeapi"
)

func accessLog(format string) *types.AccessLogSettings {
	return &types.AccessLogSettings{DestinationArn: aws.String("arn:aws:logs:" + region + ":" + account + ":log-group:access"), Format: &format}
}

func TestRequestParameters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		parameters map[string]string
		path       string
		query      any
		headers    map[string]any // nil: absent
	}{
		{
			map[string]string{"append:header.header1": "$context.requestId", "overwrite:header.x-a": "$request.header.X-B", "remove:header.x-b": "''"},
			"/dev/pets/7",
			map[string]any{"q": "1,2"},
			map[string]any{"header1": "2Yd-zm02iqwab0E=", "x-a": "b", "x-b": nil},
		},
		{map[string]string{"append:header.x-a": "more"}, "/dev/pets/7", map[string]any{"q": "1,2"}, map[string]any{"x-a": "a,more"}},
		{
			map[string]string{"overwrite:querystring.q": "$request.path.id", "append:querystring.r": "$stageVariables.v", "append:querystring.s": "$request.querystring.q"},
			"/dev/pets/7",
			map[string]any{"q": "7", "r": "var", "s": "1,2"},
			nil,
		},
		{map[string]string{"remove:querystring.q": ""}, "/dev/pets/7", nil, nil},
		{map[string]string{"overwrite:path": "/other/$context.stage/$nothing"}, "/other/dev/$nothing", map[string]any{"q": "1,2"}, nil},
		{map[string]string{"overwrite:path": "/other/${context.stage}/${request.path.id}"}, "/other/dev/7", map[string]any{"q": "1,2"}, nil},
		{map[string]string{"overwrite:path": "/api$request.path"}, "/api/pets/7", map[string]any{"q": "1,2"}, nil},
		{map[string]string{"overwrite:path": "$request.path"}, "/pets/7", map[string]any{"q": "1,2"}, nil},
		{map[string]string{"overwrite:header.x-c": "$request.body.a.b[1]", "append:header.x-d": "$request.body.none"}, "/dev/pets/7", map[string]any{"q": "1,2"}, map[string]any{"x-c": "two", "x-d": ""}},
		// Reserved headers, and what no header can be.
		{
			map[string]string{"overwrite:header.Authorization": "x", "overwrite:header.x-amz-y": "x", "append:header.Via": "x", "append:header.a b": "x", "append:header.x-e": "a\nb", "move:header.x-a": "x"},
			"/dev/pets/7",
			map[string]any{"q": "1,2"},
			map[string]any{"authorization": nil, "x-amz-y": nil, "via": nil, "a b": nil, "x-e": nil, "x-a": "a"},
		},
	} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		d := deployment("dev", "POST /pets/{id}")
		d.Integrations[0].RequestParameters = tt.parameters
		d.Stage.StageVariables = map[string]string{"v": "var"}
		w.deploy(d)
		r := request(http.MethodPost, "/dev/pets/7?q=1&q=2", `{"a":{"b":["one","two"]}}`)
		r.Header.Set("X-A", "a")
		r.Header.Set("X-B", "b")
		if got := w.do(r); got.status != 200 {
			t.Fatalf("%v: %+v", tt.parameters, w.trace())
		}
		event := w.event(t, hello)
		if event["rawPath"] != tt.path {
			t.Errorf("%v: path %v", tt.parameters, event["rawPath"])
		}
		if diff := cmp.Diff(tt.query, event["queryStringParameters"]); diff != "" {
			t.Errorf("%v: %s", tt.parameters, diff)
		}
		for name, want := range tt.headers {
			if got := event["headers"].(map[string]any)[name]; got != want {
				t.Errorf("%v: %s is %v, want %v", tt.parameters, name, got, want)
			}
		}
	}
}

func TestResponseParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	d := deployment("$default", "GET /")
	d.Stage.StageVariables = map[string]string{"environmentId": "prod"}
	d.Integrations[0].ResponseParameters = map[string]map[string]string{
		"500": {"append:header.header1": "$context.requestId", "overwrite:statuscode": "403"},
		"404": {"append:header.error": "$stageVariables.environmentId", "append:header.why": "$response.body.message", "overwrite:header.x-a": "$response.header.x-b", "remove:header.x-b": "''"},
		"200": {"overwrite:statuscode": "99", "append:header.access-control-allow-origin": "*"},
	}
	w.deploy(d)
	w.function(hello, `{"statusCode":500,"body":"x"}`)
	if got := w.get("/"); got.status != 403 || got.header.Get("Header1") != got.header.Get("Apigw-Requestid") || w.trace().Integration.Status != 500 {
		t.Errorf("%+v, %+v", got, w.trace())
	}
	w.function(hello, `{"statusCode":404,"headers":{"x-b":"b"},"body":"{\"message\":\"none\"}"}`)
	if got := w.get("/"); got.status != 404 || got.header.Get("Error") != "prod" || got.header.Get("Why") != "none" || got.header.Get("X-A") != "b" || got.header.Get("X-B") != "" {
		t.Errorf("%+v", got)
	}
	w.function(hello, `{"statusCode":200}`)
	if got := w.get("/"); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%+v", got)
	}
}

func TestAccessLogs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ format, want string }{
		{`{"id":"$context.requestId","ip":"$context.identity.sourceIp","when":"$context.requestTime","r":"$context.httpMethod $context.routeKey","s":$context.status,"l":$context.responseLength}`, `{"id":"2Yd-zm02iqwab0E=","ip":"203.0.113.7","when":"24/Sep/2026:20:16:28 +0000","r":"GET GET /a","s":200,"l":2}`},
		{"$context.authorizer.key $context.authorizer.n $context.authorizer.none $context.error.message", "value 7 - -"},
		{"$context.apiId.$context.stage $context.protocol $context.domainPrefix", apiID + ".$default HTTP/1.1 " + apiID},
		{"$context. $context $contextual $context.nothing-such", "$context. $context $contextual -"},
		{"$context.integrationStatus $context.integration.status $context.integrationLatency $context.integrationErrorMessage", "200 200 0 -"},
		{"no variable", "no variable"},
	} {
		w := newWorld(t, nil)
		w.function(guard, `{"isAuthorized":true,"context":{"key":"value","n":7}}`)
		d := guarded(nil, "GET /a")
		d.Stage.AccessLogSettings = accessLog(tt.format)
		w.deploy(d)
		r := request(http.MethodGet, "/a", "")
		r.Header.Set("Authorization", "t")
		w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
			return executeapi.Reply{Payload: []byte(`{"statusCode":200,"body":"ok"}`), RequestID: "9"}, nil
		})
		if got := w.do(r); got.status != 200 {
			t.Fatalf("%+v", w.trace())
		}
		if len(w.lines) != 1 || w.lines[0] != tt.want {
			t.Errorf("%s: %q, want %q", tt.format, w.lines, tt.want)
		}
	}
	// Requests that match no route, or no stage, are not logged.
	w := newWorld(t, nil)
	d := deployment("$default", "GET /a")
	d.Stage.AccessLogSettings = accessLog("x")
	w.deploy(d)
	w.get("/missing")
	delete(w.stages, apiID+"/$default")
	w.get("/a")
	if len(w.lines) != 0 {
		t.Errorf("%q", w.lines)
	}
}

// Errors, as AWS's own access logs have them (stackd, http_logs.json: a function
// that raises, an unsigned request).
func TestErrorsInAccessLogs(t *testing.T) {
	t.Parallel()
	const format = "$context.status|$context.requestTimeEpoch|$context.integration.status|$context.integrationStatus|$context.integration.requestId|$context.integration.error|$context.error.message|$context.error.messageString|$context.error.responseType|$context.authorizer.error"
	const refused = "The IAM role configured on the "
	for name, tt := range map[string]struct {
		change func(*world, *executeapi.Deployed)
		want   string
	}{
		"raises": {func(w *world, _ *executeapi.Deployed) {
			w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{Payload: []byte(`{"errorMessage":"no luck","errorType":"E"}`), Failed: true, RequestID: "4cfa3b91"}, nil
			})
		}, `500|1790280988|500|200|4cfa3b91|The Lambda function returned the following error: no luck. Check your Lambda function code and try again.|Internal Server Error|"Internal Server Error"|INTEGRATION_FAILURE|-`},
		"unsigned": {
			func(_ *world, d *executeapi.Deployed) { d.Routes[0].AuthorizationType = types.AuthorizationTypeAwsIam },
			`403|1790280988|-|-|-|-|Forbidden|"Forbidden"|ACCESS_DENIED|The request for the IAM Authorizer doesn't match the format that API Gateway expects.`,
		},
		"no permission": {
			func(w *world, _ *executeapi.Deployed) { delete(w.permits, hello) },
			`500|1790280988|-|-|-|` + refused + `integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again.|Internal Server Error|"Internal Server Error"|INTEGRATION_FAILURE|-`,
		},
		"no permission for the authorizer": {func(_ *world, d *executeapi.Deployed) {
			*d = *guarded(func(a *types.Authorizer) { a.IdentitySource = nil }, "GET /a")
		}, `500|1790280988|-|-|-|-|Internal Server Error|"Internal Server Error"|AUTHORIZER_CONFIGURATION_ERROR|` + refused + `authorizer or API Gateway doesn't have permissions to call the authorizer. Check the permissions and try again.`},
	} {
		w := newWorld(t, nil)
		w.function(hello, `{"statusCode":200}`)
		d := deployment("$default", "GET /a")
		tt.change(w, d)
		d.Stage.AccessLogSettings = accessLog(format)
		w.deploy(d)
		w.get("/a")
		if len(w.lines) != 1 || w.lines[0] != tt.want {
			t.Errorf("%s: %q\nwant %s", name, w.lines, tt.want)
		}
	}
}

// Any format and any parameter gives some text.
func FuzzMappingAndFormat(f *testing.F) {
	f.Add("$context.requestId-$context.authorizer.x", "append:header.a", "${request.body.a[0].b}", `{"a":[{"b":1}]}`)
	f.Add("$context..", "overwrite:path", "$request.path.", "[")
	f.Fuzz(func(t *testing.T, format, key, value, body string) {
		w := newWorld(t, nil)
		w.function(hello, `{"statusCode":200,"body":"[1]"}`)
		d := deployment("$default", "POST /a/{x+}")
		d.Integrations[0].RequestParameters = map[string]string{key: value}
		d.Integrations[0].ResponseParameters = map[string]map[string]string{"200": {key: value}}
		d.Stage.AccessLogSettings = accessLog(format)
		w.deploy(d)
		got := w.do(request(http.MethodPost, "/a/b?c=d", body))
		if w.trace().Reason == "panic" {
			t.Fatal(w.trace().Detail)
		}
		for name, values := range got.header {
			if strings.ContainsAny(name+strings.Join(values, ""), "\r\n\x00") {
				t.Errorf("header %q: %q", name, values)
			}
		}
		if format != "" && w.trace().Route != "" && len(w.lines) != 1 {
			t.Errorf("%d lines", len(w.lines))
		}
	})
}

func TestStageVariablesInTargets(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	d := deployment("$default", "GET /")
	d.Integrations[0].IntegrationUri = aws.String(strings.Replace(invocation(hello), "hello", "${stageVariables.f}", 1))
	w.deploy(d)
	w.wantError(t, w.get("/"), 500, "Internal Server Error", "bad-integration-uri")
}
