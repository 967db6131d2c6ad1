package executeapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// answering makes the function guard answer a policy that allows everything, beside
// other members.
func (w *world) answering(members string) {
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		w.advance(12 * time.Millisecond)
		return executeapi.Reply{Payload: []byte(`{` + policy("Allow", "*") + members + `}`), RequestID: "inv-auth"}, nil
	})
}

// What an authorizer passes on reaches templates, parameters, gateway responses and
// access logs.
func TestAnAuthorizersContext(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	backend := httpMethod(rest.IntegrationTypeHttp, upstream.URL+"/{who}", map[string]string{
		"integration.request.path.who": "context.authorizer.principalId", "integration.request.header.X-Level": "context.authorizer.level", "integration.request.header.X-None": "context.authorizer.none",
	})
	templates := mock(`$context.authorizer.principalId|$context.authorizer.level|$context.authorizer.admin|$!context.authorizer.none|$context.authorizer.integrationLatency|$context.identity.apiKey|#foreach($k in $context.authorizer.keySet())$k;#end`)
	strict := mock("")
	strict.RequestParameters, strict.RequestValidatorId = map[string]bool{"method.request.querystring.q": true}, aws.String("v")
	w, s := guardedREST(t, tokenAuthorizer(nil), map[string]rest.Method{"GET /t": templates, "GET /b": backend, "GET /strict": strict})
	s.deployment.API.ApiKeySource = rest.ApiKeySourceTypeAuthorizer
	s.deployment.RequestValidators = []rest.RequestValidator{{Id: aws.String("v"), ValidateRequestParameters: true}}
	s.deployment.GatewayResponses = []rest.GatewayResponse{{ResponseType: rest.GatewayResponseTypeBadRequestParameters, ResponseTemplates: map[string]string{"application/json": `$context.authorizer.principalId`}}}
	s.settings.AccessLogSettings = &rest.AccessLogSettings{DestinationArn: aws.String("arn:aws:logs:r:1:log-group:g"), Format: aws.String(
		`$context.authorizer.principalId $context.authorizer.level $context.authorizer.latency $context.authorizer.integrationLatency $context.authorizer.status $context.authorizer.integrationStatus $context.authorizer.requestId $context.authorizer.error $context.authorizer.none`)}
	w.answering(`,"principalId":"student","context":{"level":7,"admin":true},"usageIdentifierKey":"key-1"`)
	if got := w.do(withToken(http.MethodGet, "/PROD/t", "t")); got.body != "student|7|true||12|key-1|admin;integrationLatency;level;principalId;" {
		t.Errorf("%+v", got)
	}
	if got := w.do(withToken(http.MethodGet, "/PROD/b", "t")); !strings.Contains(got.body, `"/student"`) || !strings.Contains(got.body, `"X-Level":["7"]`) || strings.Contains(got.body, "X-None") {
		t.Errorf("%+v", got)
	}
	if got := w.do(withToken(http.MethodGet, "/PROD/strict", "t")); got.status != 400 || got.body != "student" {
		t.Errorf("%+v", got)
	}
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		return executeapi.Reply{Payload: []byte(`{"errorMessage":"Unauthorized"}`), Failed: true, RequestID: "inv-2"}, nil
	})
	w.do(withToken(http.MethodGet, "/PROD/t", "u"))
	w.do(request(http.MethodGet, "/PROD/t", ""))
	want := []string{
		"student 7 12 12 200 200 inv-auth - -",
		"student 7 0 0 200 - - - -", // cached
		"student 7 0 0 200 - - - -",
		"- - 0 0 401 200 inv-2 Unauthorized -",
		"- - 0 0 401 - - Unauthorized -",
	}
	if strings.Join(w.lines, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\nwant\n%s", strings.Join(w.lines, "\n"), strings.Join(want, "\n"))
	}
}

// The gateway's own answers can be the API's: with CORS headers, and AWS's message
// in a template (AWS-BEHAVIOUR §1.1).
func TestGatewayResponsesOfAuthorizers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kind   rest.GatewayResponseType
		answer string
		failed bool
		token  string
		status int
		body   string
	}{
		"UNAUTHORIZED":                   {kind: rest.GatewayResponseTypeUnauthorized, status: 401, body: `{"m":"Unauthorized","t":"UNAUTHORIZED"}`},
		"ACCESS_DENIED":                  {kind: rest.GatewayResponseTypeAccessDenied, token: "t", answer: `{` + policy("Deny", "*") + `}`, status: 403, body: `{"m":"User is not authorized to access this resource with an explicit deny in an identity-based policy","t":"ACCESS_DENIED"}`},
		"AUTHORIZER_CONFIGURATION_ERROR": {kind: rest.GatewayResponseTypeAuthorizerConfigurationError, token: "t", answer: `{}`, status: 500, body: `{"m":null,"t":"AUTHORIZER_CONFIGURATION_ERROR"}`},
		"DEFAULT_5XX":                    {kind: rest.GatewayResponseTypeDefault5xx, token: "t", answer: `{}`, status: 500, body: `{"m":null,"t":"AUTHORIZER_CONFIGURATION_ERROR"}`},
		"DEFAULT_4XX":                    {kind: rest.GatewayResponseTypeDefault4xx, status: 401, body: `{"m":"Unauthorized","t":"UNAUTHORIZED"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, s := guardedREST(t, tokenAuthorizer(nil), pets())
			w.function(guard, tt.answer)
			s.deployment.GatewayResponses = []rest.GatewayResponse{{
				ResponseType: tt.kind, ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
				ResponseTemplates: map[string]string{"application/json": `{"m":$context.error.messageString,"t":"$context.error.responseType"}`},
			}}
			r := request(http.MethodGet, "/PROD/pets", "")
			if tt.token != "" {
				r.Header.Set("Authorization", tt.token)
			}
			got := w.do(r)
			if got.status != tt.status || got.body != tt.body || got.header.Get("Access-Control-Allow-Origin") != "*" {
				t.Errorf("%+v\nwant %d %s", got, tt.status, tt.body)
			}
		})
	}
}

// A canary's requests are judged by the canary's authorizer, and its verdicts are
// the canary's.
func TestACanarysAuthorizer(t *testing.T) {
	t.Parallel()
	w, s := guardedREST(t, tokenAuthorizer(nil), map[string]rest.Method{"GET /": mock("stage")})
	const other = "arn:aws:lambda:" + region + ":" + account + ":function:other"
	canary := *s.deployment
	canary.ID = "dep002"
	canary.Authorizers = []rest.Authorizer{tokenAuthorizer(func(a *rest.Authorizer) { a.AuthorizerUri = aws.String(invocation(other)) })}
	s.canary = &canary
	s.settings.CanarySettings = &rest.CanarySettings{DeploymentId: aws.String("dep002"), PercentTraffic: 100}
	w.function(guard, `{`+policy("Allow", "*")+`}`)
	w.function(other, `{`+policy("Deny", "*")+`}`)
	for percent, want := range map[float64]int{100: 403, 0: 200} {
		for range 2 {
			w.mu.Lock()
			settings := *s.settings
			settings.CanarySettings = &rest.CanarySettings{DeploymentId: aws.String("dep002"), PercentTraffic: percent}
			s.settings = &settings
			w.mu.Unlock()
			if got := w.do(withToken(http.MethodGet, "/PROD", "t")); got.status != want {
				t.Errorf("at %v: %+v", percent, got)
			}
		}
	}
	if w.invocations(guard) != 1 || w.invocations(other) != 1 {
		t.Errorf("%d and %d invocations", w.invocations(guard), w.invocations(other))
	}
}

// What stands before and behind an authorizer.
func TestTheOrderOfGuards(t *testing.T) {
	t.Parallel()
	keyed := mock("")
	keyed.ApiKeyRequired = aws.Bool(true)
	w, _ := guardedREST(t, tokenAuthorizer(nil), map[string]rest.Method{"GET /pets/{proxy+}": mock("fine"), "GET /keyed": keyed})
	w.function(guard, `{`+policy("Allow", "*")+`}`)
	// No route: nobody is asked, whatever the header says.
	if got := w.do(withToken(http.MethodGet, "/PROD/none", "t")); got.status != 403 || w.invocations(guard) != 0 {
		t.Errorf("%+v", got)
	}
	// The query is nothing to the route.
	if got := w.do(withToken(http.MethodGet, "/PROD/pets/7?Authorization=t", "")); got.status != 401 {
		t.Errorf("%+v", got)
	}
	// A key is asked for once the authorizer has said yes.
	w.wantREST(t, w.do(request(http.MethodGet, "/PROD/keyed", "")), 401, "UnauthorizedException", `{"message":"Unauthorized"}`, "identity-missing")
	w.wantREST(t, w.do(withToken(http.MethodGet, "/PROD/keyed", "t")), 403, "ForbiddenException", `{"message":"Forbidden"}`, "api-key-required")
	// The ARN has a length.
	const head = len("arn:aws:execute-api:" + region + ":" + account + ":" + apiID + "/PROD/GET/pets/")
	if got := w.do(withToken(http.MethodGet, "/PROD/pets/"+strings.Repeat("a", 1600-head), "t")); got.status != 200 {
		t.Errorf("%+v", got)
	}
	w.wantREST(t, w.do(withToken(http.MethodGet, "/PROD/pets/"+strings.Repeat("a", 1601-head), "t")), 414, "BadRequestException", `{"message":"Request URI too long"}`, "arn-too-long")
}

// The execution log of a stage, with an authorizer.
func TestExecutionLogsOfAuthorizers(t *testing.T) {
	t.Parallel()
	const (
		arrived = "Extended Request Id: <extended>\nStarting authorizer: auth1 for request: <id>\n"
		metered = "Verifying Usage Plan for request: <id>. API Key:  API Stage: " + apiID + "/PROD\n" +
			"API Key  authorized because method 'GET /pets' does not require API Key. Request will not contribute to throttle or quota limits\n" +
			"Usage Plan check succeeded for API Key  and API Stage " + apiID + "/PROD\n"
		failed = "Execution failed due to configuration error: Could not parse policy\nAuthorizerConfigurationException"
	)
	w, s := guardedREST(t, tokenAuthorizer(nil), pets())
	answer := `{"principalId":"user",` + policy("Allow", petsARN) + `}`
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		return executeapi.Reply{Payload: []byte(answer)}, nil
	})
	for _, tt := range []struct{ what, level, method, token, answer, want string }{
		{"allow", "INFO", "GET", "allow", "", arrived + "Incoming identity: ***ow\nUsing valid authorizer policy for principal: **er\nSuccessfully completed authorizer execution\n" + metered +
			"Starting execution for request: <id>\nHTTP Method: GET, Resource Path: /pets\nSuccessfully completed execution\nMethod completed with status: 200"},
		{"deny, cached", "INFO", "POST", "allow", "", arrived + "Incoming identity: ***ow\nUsing valid authorizer policy for principal: **er\nSuccessfully completed authorizer execution\n" +
			"The client is not authorized to perform this operation."},
		{"no token", "INFO", "GET", "", "", arrived + "Unauthorized request: <id>"},
		{"no token, ERROR", "ERROR", "GET", "", "", "Unauthorized request: <id>"},
		{"no policy", "INFO", "GET", "t", "null", arrived + "Incoming identity: *\n" + failed},
		{"no policy, ERROR", "ERROR", "GET", "t", "null", failed},
		{"no policy, OFF", "OFF", "GET", "t", "null", ""},
	} {
		if tt.answer != "" {
			answer = tt.answer
		}
		w.mu.Lock()
		settings := *s.settings
		settings.MethodSettings = logging(tt.level, false)
		s.settings = &settings
		w.logged = map[string][]string{}
		w.mu.Unlock()
		r := request(tt.method, "/PROD/pets", "")
		if tt.token != "" {
			r.Header.Set("Authorization", tt.token)
		}
		if got := w.executionLog(t, apiID+"/PROD", w.do(r)); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.what, got, tt.want)
		}
	}
}
