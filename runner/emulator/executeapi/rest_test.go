package executeapi_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/executeapi"
)

func TestAMockAnswers(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /pets": mock(`[{"id": 1}]`)})
	got := w.get("/PROD/pets")
	if got.status != 200 || got.body != `[{"id": 1}]` || got.header.Get("Content-Type") != "application/json" || got.header.Get("Content-Length") != "11" {
		t.Errorf("%+v", got)
	}
	wantIDs(t, got)
	if got.raw("X-Amzn-Trace-Id") != nil || got.raw("x-amzn-ErrorType") != nil {
		t.Errorf("MOCK adds no trace id: %v", got.header)
	}
	trace := w.trace()
	if trace.Route != "GET /pets" || trace.Resource != "/pets" || trace.Deployment != "dep001" || trace.Canary || trace.Stage != "PROD" || trace.Path != "/PROD/pets" || trace.RequestID != got.raw("x-amzn-RequestId")[0] || trace.Integration.Kind != "MOCK" {
		t.Errorf("%+v, %+v", trace, trace.Integration)
	}
}

// The same functions serve both kinds of API, chosen by id.
func TestBothKindsOfAPI(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /a": mock("rest")})
	d := deployment("$default", "GET /a")
	d.API.ApiId, d.API.ProtocolType = aws.String("h1h2h3h4h5"), types.ProtocolTypeHttp
	w.function(hello, `"http"`)
	w.deploy(d)
	if got := w.get("/PROD/a"); got.body != "rest" {
		t.Errorf("%+v", got)
	}
	r := request(http.MethodGet, "/a", "")
	r.Host = "h1h2h3h4h5.execute-api.localhost"
	if got := w.do(r); got.body != `"http"` {
		t.Errorf("%+v", got)
	}
	for _, target := range []string{"/_aws/execute-api/" + apiID + "/PROD/a", "/restapis/" + apiID + "/PROD/_user_request_/a", "/_aws/execute-api/" + apiID + "/PROD/a/"} {
		r := request(http.MethodGet, target, "")
		r.Host = "127.0.0.1:4566"
		if got := w.do(r); got.body != "rest" {
			t.Errorf("%s: %+v", target, got)
		}
	}
}

func TestAStageThatIsMissing(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /": mock("root"), "GET /pets": mock("")})
	for _, target := range []string{"/", "/pets", "/prod/pets", "/dev", "/$default/pets"} {
		w.wantREST(t, w.get(target), 403, "ForbiddenException", `{"message":"Forbidden"}`, "no-stage")
	}
	for _, target := range []string{"/PROD", "/PROD/", "//PROD", "/PROD//"} {
		if got := w.get(target); got.body != "root" {
			t.Errorf("%s: %+v", target, got)
		}
	}
}

func TestWhatHasNoMethod(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /pets": mock(""), "POST /v2/pets": mock("")})
	const body = `{"message":"Missing Authentication Token"}`
	for _, tt := range []struct{ method, target, reason string }{
		{"GET", "/PROD/nothing", "no-resource"},
		{"GET", "/PROD/Pets", "no-resource"},
		{"GET", "/PROD/v2", "no-resource"},
		{"POST", "/PROD/pets", "no-method"},
		{"OPTIONS", "/PROD/pets", "no-method"},
		{"HEAD", "/PROD/pets", "no-method"},
		{"GET", "/PROD/v2/pets", "no-method"},
	} {
		got := w.do(request(tt.method, tt.target, ""))
		if tt.method == "HEAD" { // net/http's recorder shows what a server would keep back
			got.body = body
		}
		w.wantREST(t, got, 403, "MissingAuthenticationTokenException", body, tt.reason)
	}
	// With a header that is no signature.
	w.badSign = &executeapi.SignatureError{Code: "IncompleteSignatureException", Message: "'tok' not a valid key=value pair (missing equal-sign) in Authorization header: 'tok'."}
	r := request(http.MethodGet, "/PROD/nothing", "")
	r.Header.Set("Authorization", "tok")
	w.wantREST(t, w.do(r), 403, "IncompleteSignatureException", `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): 'GnZ0607njffhrEOak8P6jjyUV4TU3sn9jjARc4svHWI='."}`, "no-resource")
	w.badSign = &executeapi.SignatureError{Code: "IncompleteSignatureException", Message: "Authorization header requires 'Credential' parameter."}
	w.wantREST(t, w.do(r), 403, "IncompleteSignatureException", `{"message":"Authorization header requires 'Credential' parameter."}`, "no-resource")
	// A method that is there does not care.
	r = request(http.MethodGet, "/PROD/pets", "")
	r.Header.Set("Authorization", "tok")
	if got := w.do(r); got.status != 200 {
		t.Errorf("%+v", got)
	}
}

// canaryWorld has a stage whose canary takes a part of the requests.
func canaryWorld(t testing.TB, percent float64) *world {
	w := restWorld(t, map[string]rest.Method{"GET /v": mock(`stage $stageVariables.color $stageVariables.only $context.isCanaryRequest`)})
	s := w.rest["PROD"]
	s.settings.Variables = map[string]string{"color": "blue", "only": "x"}
	s.settings.CanarySettings = &rest.CanarySettings{DeploymentId: aws.String("dep002"), PercentTraffic: percent, StageVariableOverrides: map[string]string{"color": "green"}}
	s.canary = restDeployment(map[string]rest.Method{"GET /v": mock(`canary $stageVariables.color $stageVariables.only $context.isCanaryRequest`), "GET /v2": mock("new")})
	s.canary.ID = "dep002"
	return w
}

func TestACanary(t *testing.T) {
	t.Parallel()
	for percent, want := range map[float64]string{0: "stage blue x false", 100: "canary green x true"} {
		w := canaryWorld(t, percent)
		for range 50 {
			if got := w.get("/PROD/v"); got.body != want {
				t.Fatalf("%v %%: %q, want %q", percent, got.body, want)
			}
		}
		if trace := w.trace(); trace.Canary != (percent == 100) || trace.Deployment != map[bool]string{true: "dep002", false: "dep001"}[trace.Canary] {
			t.Errorf("%+v", trace)
		}
	}
	// Without a canary there is no such variable.
	w := restWorld(t, map[string]rest.Method{"GET /v": mock(`$context.isCanaryRequest`)})
	if got := w.get("/PROD/v"); strings.Contains(got.body, "true") || strings.Contains(got.body, "false") {
		t.Errorf("%+v", got)
	}
}

// The share of a seeded sample is near the percentage: within five standard
// deviations.
func TestTheCanarysShare(t *testing.T) {
	t.Parallel()
	for _, percent := range []float64{1, 5, 50, 99.5} {
		w := canaryWorld(t, percent)
		const n = 4000
		canary := 0
		for range n {
			if got := w.get("/PROD/v2"); got.status == 200 {
				canary++
			}
		}
		want, sigma := n*percent/100, math.Sqrt(n*percent/100*(1-percent/100))
		if math.Abs(float64(canary)-want) > 5*sigma {
			t.Errorf("%v %%: %d of %d", percent, canary, n)
		}
	}
}

// A stage serves what was frozen: other pointers are other deployments.
func TestADeploymentIsFrozen(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /a": mock("first")})
	if got := w.get("/PROD/a"); got.body != "first" {
		t.Fatal(got)
	}
	w.deployREST(restDeployment(map[string]rest.Method{"GET /b": mock("second")}))
	if got := w.get("/PROD/b"); got.body != "second" {
		t.Error(got)
	}
	if got := w.get("/PROD/a"); got.status != 403 {
		t.Error(got)
	}
	for range 200 { // those that are gone are let go
		w.deployREST(restDeployment(map[string]rest.Method{"GET /b": mock("again")}))
		w.get("/PROD/b")
	}
	if n := w.Deployments(); n > 64 {
		t.Errorf("%d deployments are kept", n)
	}
}

func TestSignedRequests(t *testing.T) {
	t.Parallel()
	m := lambdaProxy()
	m.AuthorizationType = aws.String("AWS_IAM")
	w := restWorld(t, map[string]rest.Method{"GET /pets/{id}": m})
	w.function(hello, `{"statusCode":200}`)
	w.wantREST(t, w.get("/PROD/pets/7"), 403, "MissingAuthenticationTokenException", `{"message":"Missing Authentication Token"}`, "not-signed")
	for code, errorType := range map[string]string{"InvalidSignatureException": "", "ExpiredTokenException": "", "UnrecognizedClientException": ""} {
		w.badSign = &executeapi.SignatureError{Code: code, Message: "AWS's words"}
		got := w.get("/PROD/pets/7")
		if got.status != 403 || got.raw("x-amzn-ErrorType")[0] != code || !strings.Contains(got.body, "AWS's words") {
			t.Errorf("%s %s: %+v", code, errorType, got)
		}
	}
	w.badSign = nil
	const arn = "arn:aws:iam::" + account + ":user/student"
	w.signed, w.signedOK = executeapi.Identity{ARN: arn, UserID: "AIDA", AccessKeyID: "AKIA"}, true
	w.wantREST(t, w.get("/PROD/pets/7"), 403, "AccessDeniedException", `{"Message":"User: `+arn+` is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:`+region+`:********9012:`+apiID+`/PROD/GET/pets/7"}`, "not-allowed")
	w.allowed[arn+" execute-api:Invoke arn:aws:execute-api:"+region+":"+account+":"+apiID+"/PROD/GET/pets/7"] = true
	r := request(http.MethodGet, "/PROD/pets/7", "")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 …")
	if got := w.do(r); got.status != 200 || w.trace().Authorizer.Verdict != "allow" {
		t.Fatalf("%+v, %+v", got, w.trace())
	}
	event := w.event(t, hello)
	identity := event["requestContext"].(map[string]any)["identity"].(map[string]any)
	if identity["userArn"] != arn || identity["caller"] != "AIDA" || identity["accessKey"] != "AKIA" || identity["accountId"] != account {
		t.Errorf("%v", identity)
	}
	if _, ok := event["headers"].(map[string]any)["Authorization"]; ok {
		t.Error("the signature is in the event")
	}
}

// A method with an authorizer of a user pool, or one that wants a key, lets nobody
// in.
func TestWhatIsNotEmulatedDoesNotPass(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]struct {
		status            int
		errorType, body   string
		reason            string
		authorizationType string
		key               bool
	}{
		"CUSTOM":             {500, "AuthorizerConfigurationException", `{"message":null}`, "no-authorizer", "CUSTOM", false},
		"COGNITO_USER_POOLS": {500, "InternalServerErrorException", `{"message":"Internal server error"}`, "authorizer-not-emulated", "COGNITO_USER_POOLS", false},
		"key":                {403, "ForbiddenException", `{"message":"Forbidden"}`, "api-key-required", "NONE", true},
	} {
		m := mock("secret")
		m.AuthorizationType, m.AuthorizerId, m.ApiKeyRequired = &want.authorizationType, aws.String("auth1"), &want.key
		w := restWorld(t, map[string]rest.Method{"GET /a": m})
		t.Log(kind)
		w.wantREST(t, w.get("/PROD/a"), want.status, want.errorType, want.body, want.reason)
	}
}

func TestRESTLimits(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"POST /": lambdaProxy()})
	w.function(hello, `{"statusCode":200}`)
	const limit = 10 << 20
	const body = `{"message":"Request Too Long"}`
	if got := w.do(request(http.MethodPost, "/PROD/", strings.Repeat("a", limit))); got.status != 200 {
		t.Errorf("10 MB: %+v", got)
	}
	w.wantREST(t, w.do(request(http.MethodPost, "/PROD/", strings.Repeat("a", limit+1))), 413, "RequestTooLargeException", body, "body-too-large")
	large := request(http.MethodPost, "/PROD/", "")
	large.Header.Set("X-Large", strings.Repeat("a", 10240))
	w.wantREST(t, w.do(large), 413, "RequestTooLargeException", body, "headers-too-large")
}

// A client may choose a request's id.
func TestRequestIDs(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /": mock("$context.requestId")})
	const own = "5284a923-1900-4525-ba24-f2c0dcd96f56"
	for sent, want := range map[string]string{own: own, "mine": "_REPLACED_INVALID_REQUEST_ID"} {
		r := request(http.MethodGet, "/PROD", "")
		r.Header.Set("x-amzn-RequestId", sent)
		if got := w.do(r); !strings.HasSuffix(got.body, want) || got.raw("x-amzn-RequestId")[0] != got.body {
			t.Errorf("%s: %+v", sent, got)
		}
	}
}

func TestADisabledRESTEndpoint(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /": mock("")})
	w.rest["PROD"].deployment.API.DisableExecuteApiEndpoint = true
	w.wantREST(t, w.get("/PROD"), 403, "ForbiddenException", `{"message":"Forbidden"}`, "endpoint-disabled")
}

// HEAD and 204 have no bodies on the wire.
func TestOnTheWire(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"HEAD /": mock("body"), "GET /": mock("body")})
	server := httptest.NewServer(w.Handler)
	defer server.Close()
	response, text := say(t, strings.TrimPrefix(server.URL, "http://"), "HEAD /PROD HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n")
	if response.StatusCode != http.StatusOK || text != "" || response.ContentLength != 4 {
		t.Errorf("%d, %d bytes, %q", response.StatusCode, response.ContentLength, text)
	}
}
