package executeapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// options is a MOCK for OPTIONS as tools make them: a request template, the status
// that it leads to, its headers and its response template.
func options(request, status string, headers map[string]string, response string) rest.Method {
	m := mock(response)
	in := m.MethodIntegration
	in.RequestTemplates = map[string]string{"application/json": request}
	r := in.IntegrationResponses["200"]
	r.StatusCode, r.ResponseParameters = &status, map[string]string{}
	for name, value := range headers {
		r.ResponseParameters["method.response.header."+name] = value
	}
	in.IntegrationResponses = map[string]rest.IntegrationResponse{status: r}
	m.MethodResponses = map[string]rest.MethodResponse{status: {StatusCode: &status}}
	return m
}

// asked is a preflight as a browser sends it: without a Content-Type.
func asked(target, origin string) *http.Request {
	r := request(http.MethodOptions, target, "")
	r.Header.Set("Accept", "*/*")
	r.Header.Set("Access-Control-Request-Method", "PUT")
	r.Header.Set("Access-Control-Request-Headers", "authorization")
	r.Header.Set("Origin", origin)
	return r
}

// The statusCode's name needs no quotes: CDK, SAM and the Serverless Framework
// have none.
func TestMockStatusOfTools(t *testing.T) {
	t.Parallel()
	for template, ok := range map[string]bool{
		`{ statusCode: 200 }`: true, `{statusCode:200}`: true, "{\n  \"statusCode\" : 200\n}": true, `{'statusCode': 200,}`: true, `{"statusCode": 200, "message": "x"}`: true,
		`{"statusCode": 200.5}`: false, `{"statusCode": "200"}`: false, `{"statuscode": 200}`: false, `[200]`: false, `200`: false, ``: false, `{"statusCode": 20000000000000000000}`: false,
	} {
		w := restWorld(t, map[string]rest.Method{"OPTIONS /": options(template, "200", nil, "")})
		if got := w.do(asked("/PROD", "https://a.example")); (got.status == 200) != ok {
			t.Errorf("%s: %+v", template, got)
		}
	}
}

// Several origins: a template sets the header to the one that asks (CDK's
// allowOrigins, the Serverless Framework's origins), with 204 and no body.
func TestOneOfSeveralOrigins(t *testing.T) {
	t.Parallel()
	const cdk = `#set($origin = $input.params().header.get("Origin"))
#if($origin == "")
  #set($origin = $input.params().header.get("origin"))
#end
#if($origin == "https://a.example" || $origin == "https://b.example")
  #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin)
#end`
	const serverless = `#set($origin = $input.params("Origin"))
#if($origin == "") #set($origin = $input.params("origin")) #end
#if($origin.matches("https://.+[.]example") || $origin.matches("http://localhost")) #set($context.responseOverride.header.Access-Control-Allow-Origin = $origin) #end`
	for name, tt := range map[string]struct {
		template string
		want     map[string]string // by the origin that asks
	}{
		"cdk":        {cdk, map[string]string{"https://a.example": "https://a.example", "https://b.example": "https://b.example", "https://c.example": "https://a.example", "": "https://a.example"}},
		"serverless": {serverless, map[string]string{"https://x.example": "https://x.example", "http://localhost": "http://localhost", "https://x.example.evil": "https://a.example"}},
	} {
		headers := map[string]string{"Access-Control-Allow-Origin": "'https://a.example'", "Access-Control-Allow-Methods": "'GET,PUT'", "Vary": "'Origin'"}
		w := restWorld(t, map[string]rest.Method{"OPTIONS /": options("{ statusCode: 200 }", "204", headers, tt.template)})
		for origin, want := range tt.want {
			r := asked("/PROD", origin)
			if origin == "" {
				r.Header.Del("Origin")
			}
			got := w.do(r)
			if got.status != 204 || strings.TrimSpace(got.body) != "" || !slices.Equal(got.raw("Access-Control-Allow-Origin"), []string{want}) || got.header.Get("Vary") != "Origin" || got.header.Get("Access-Control-Allow-Methods") != "GET,PUT" {
				t.Errorf("%s, %s: %+v", name, origin, got)
			}
		}
	}
}

// Two spellings of a header are one header.
func TestAHeaderInTwoCases(t *testing.T) {
	t.Parallel()
	headers := map[string]string{"Access-Control-Allow-Origin": "'https://a.example'", "access-control-allow-origin": "'https://b.example'"}
	w := restWorld(t, map[string]rest.Method{"OPTIONS /": options(`{"statusCode": 200}`, "200", headers, "")})
	if got := w.do(asked("/PROD", "https://a.example")); len(got.header.Values("Access-Control-Allow-Origin"))+len(got.raw("access-control-allow-origin")) != 1 {
		t.Errorf("%v", got.header)
	}
}

// What a preflight's lack of a Content-Type leads to: application/json counts, also
// where nothing may pass; a client that sends another type is refused then.
func TestAPreflightAndItsContentType(t *testing.T) {
	t.Parallel()
	headers := map[string]string{"Access-Control-Allow-Origin": "'*'"}
	m := options(`{"statusCode": 200}`, "200", headers, "")
	w := restWorld(t, map[string]rest.Method{"OPTIONS /": m})
	if got := w.do(asked("/PROD", "https://a.example")); got.status != 200 {
		t.Errorf("%+v", got)
	}
	form := asked("/PROD", "https://a.example")
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	// aws/aws-sam-cli#2483: 500, for the empty body passes and is no status.
	w.wantREST(t, w.do(form), 500, "InternalServerErrorException", executionError, "bad-mock-status")
	m.MethodIntegration.PassthroughBehavior = aws.String("NEVER")
	w = restWorld(t, map[string]rest.Method{"OPTIONS /": m})
	if got := w.do(asked("/PROD", "https://a.example")); got.status != 200 {
		t.Errorf("NEVER: %+v", got)
	}
	w.wantREST(t, w.do(form), 415, "BadRequestException", `{"message": "Unsupported Media Type"}`, "unsupported-media-type")
}

// binaryMediaTypes */* breaks MOCK: the body is binary then, and no template takes
// that. The test of the method does not show it.
func TestAPreflightOfABinaryAPI(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		types    []string
		handling rest.ContentHandlingStrategy
		ok       bool
	}{
		"all":                    {[]string{"*/*"}, "", false},
		"all, CONVERT_TO_BINARY": {[]string{"*/*"}, rest.ContentHandlingStrategyConvertToBinary, false},
		"all, CONVERT_TO_TEXT":   {[]string{"*/*"}, rest.ContentHandlingStrategyConvertToText, true},
		"images":                 {[]string{"image/*"}, "", true},
	} {
		m := options("{ statusCode: 200 }", "200", map[string]string{"Access-Control-Allow-Origin": "'*'"}, "")
		m.MethodIntegration.ContentHandling = tt.handling
		d := restDeployment(map[string]rest.Method{"OPTIONS /": m})
		d.API.BinaryMediaTypes = tt.types
		w := newWorld(t, nil)
		w.deployREST(d).settings.MethodSettings = map[string]rest.MethodSetting{"*/*": {LoggingLevel: aws.String("INFO"), DataTraceEnabled: true}}
		got := w.do(asked("/PROD", "https://a.example"))
		if tt.ok {
			if got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%s: %+v", name, got)
			}
			continue
		}
		w.wantREST(t, got, 500, "InternalServerErrorException", executionError, "bad-content")
		log := strings.Join(w.logged[apiID+"/PROD"], "\n")
		for _, line := range []string{"Method request body before transformations: [Binary Data]", "Execution failed due to configuration error: Unable to transform request"} {
			if !strings.Contains(log, line) {
				t.Errorf("%s: no %q in\n%s", name, line, log)
			}
		}
		if tt.handling != "" {
			continue
		}
		test, err := w.TestMethod(t.Context(), executeapi.TestCall{API: d, ResourceID: "r0", Method: "OPTIONS"})
		if err != nil || test.Status != 200 || !slices.Equal(test.Header["Access-Control-Allow-Origin"], []string{"*"}) || strings.Contains(test.Log, "Binary") {
			t.Errorf("%v %+v", err, test)
		}
	}
}

// An OPTIONS method with authorization refuses preflights, which have none.
func TestAPreflightBehindAuthorization(t *testing.T) {
	t.Parallel()
	m := options(`{"statusCode": 200}`, "200", map[string]string{"Access-Control-Allow-Origin": "'*'"}, "")
	m.AuthorizationType = aws.String("AWS_IAM")
	w := restWorld(t, map[string]rest.Method{"OPTIONS /": m})
	got := w.do(asked("/PROD", "https://a.example"))
	w.wantREST(t, got, 403, "MissingAuthenticationTokenException", `{"message":"Missing Authentication Token"}`, "not-signed")
	if got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%v", got.header)
	}
	m.AuthorizationType, m.ApiKeyRequired = aws.String("NONE"), aws.Bool(true)
	w = restWorld(t, map[string]rest.Method{"OPTIONS /": m})
	w.wantREST(t, w.do(asked("/PROD", "https://a.example")), 403, "ForbiddenException", `{"message":"Forbidden"}`, "api-key-required")
}

// Gateway responses put headers on every error that the gateway makes, and none on
// what an integration answers.
func TestGatewayResponsesOnEveryError(t *testing.T) {
	t.Parallel()
	failing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "mine", http.StatusTeapot) }))
	t.Cleanup(failing.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	key, iam, never, broken := mock("ok"), mock("ok"), mock("ok"), mock("ok")
	key.ApiKeyRequired = aws.Bool(true)
	iam.AuthorizationType = aws.String("AWS_IAM")
	never.MethodIntegration.PassthroughBehavior = aws.String("NEVER")
	broken.MethodIntegration.RequestTemplates["application/json"] = "{}"
	wants := mock("ok")
	wants.RequestValidatorId, wants.RequestParameters = aws.String("v1"), map[string]bool{"method.request.querystring.page": true}
	d := restDeployment(map[string]rest.Method{
		"GET /key": key, "GET /iam": iam, "POST /never": never, "GET /broken": broken, "GET /wants": wants, "GET /function": lambdaProxy(),
		"GET /gone": httpMethod(rest.IntegrationTypeHttpProxy, gone.URL, nil), "GET /own": httpMethod(rest.IntegrationTypeHttpProxy, failing.URL, nil), "GET /ok": mock("ok"),
	})
	validated(d, true, false)
	for _, kind := range []rest.GatewayResponseType{rest.GatewayResponseTypeDefault4xx, rest.GatewayResponseTypeDefault5xx} {
		d.GatewayResponses = append(d.GatewayResponses, rest.GatewayResponse{ResponseType: kind, ResponseParameters: map[string]string{
			"gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin", "gatewayresponse.header.Access-Control-Allow-Headers": "'Authorization'", "gatewayresponse.header.Vary": "'Origin'",
		}})
	}
	w := newWorld(t, nil)
	w.deployREST(d)
	ask := func(method, target, kind string) result {
		r := request(method, target, "")
		r.Header.Set("Origin", "https://a.example")
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		return w.do(r)
	}
	decorated := func(what string, got result, status int) {
		t.Helper()
		if got.status != status || !slices.Equal(got.raw("Access-Control-Allow-Origin"), []string{"https://a.example"}) || got.header.Get("Access-Control-Allow-Headers") != "Authorization" || got.header.Get("Vary") != "Origin" {
			t.Errorf("%s: %+v, want %d", what, got, status)
		}
	}
	for target, status := range map[string]int{
		"/PROD/none": 403, "/PROD/key": 403, "/PROD/iam": 403, "/PROD/broken": 500, "/PROD/wants": 400, "/PROD/gone": 504, "/PROD/ok?" + strings.Repeat("x", 11000): 413,
		"/PROD/function": 500, // the gateway may not invoke it
	} {
		decorated(target[:min(len(target), 20)], ask(http.MethodGet, target, ""), status)
	}
	decorated("a wrong method", ask(http.MethodOptions, "/PROD/ok", ""), 403)
	decorated("a wrong type", ask(http.MethodPost, "/PROD/never", "text/plain"), 415)
	w.function(hello, `"no proxy answer"`)
	decorated("a malformed answer", ask(http.MethodGet, "/PROD/function", ""), 502)
	w.handle(hello, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
		go w.expire()
		<-ctx.Done()
		return executeapi.Reply{}, ctx.Err()
	})
	decorated("a timeout", ask(http.MethodGet, "/PROD/function", ""), 504)
	// Without an Origin there is nothing to map.
	if got := w.get("/PROD/none"); got.status != 403 || got.raw("Access-Control-Allow-Origin") != nil || got.header.Get("Access-Control-Allow-Headers") != "Authorization" {
		t.Errorf("%+v", got)
	}
	for _, target := range []string{"/PROD/ok", "/PROD/own"} {
		if got := ask(http.MethodGet, target, ""); got.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %+v", target, got)
		}
	}
	// Of a stage that is not there no API can say anything.
	if got := ask(http.MethodGet, "/TEST/ok", ""); got.status != 403 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("%+v", got)
	}
}
