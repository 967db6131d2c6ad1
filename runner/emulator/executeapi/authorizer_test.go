package executeapi_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/executeapi"
)

// guarded is an API whose routes are guarded by the function guard.
func guarded(change func(*types.Authorizer), keys ...string) *executeapi.Deployed {
	if len(keys) == 0 {
		keys = []string{"GET /a", "POST /b"}
	}
	d := deployment("$default", keys...)
	a := types.Authorizer{
		AuthorizerId: aws.String("auth1"), Name: aws.String("guard"), AuthorizerType: types.AuthorizerTypeRequest,
		AuthorizerUri: aws.String(invocation(guard)), AuthorizerPayloadFormatVersion: aws.String("2.0"), EnableSimpleResponses: aws.Bool(true),
		IdentitySource: []string{"$request.header.Authorization"},
	}
	if change != nil {
		change(&a)
	}
	d.Authorizers = []types.Authorizer{a}
	for i := range d.Routes {
		d.Routes[i].AuthorizationType, d.Routes[i].AuthorizerId = types.AuthorizationTypeCustom, aws.String("auth1")
	}
	return d
}

func withToken(method, target, token string) *http.Request {
	r := request(method, target, "")
	r.Header.Set("Authorization", token)
	return r
}

func policies(a *types.Authorizer) { a.EnableSimpleResponses = nil }

func format1(a *types.Authorizer) {
	a.AuthorizerPayloadFormatVersion, a.EnableSimpleResponses = aws.String("1.0"), nil
}

func policy(effect, resource string) string {
	return `"policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"` + effect + `","Resource":"` + resource + `"}]}`
}

// What an authorizer answers, and what the client is told (AWS-BEHAVIOUR §1.5).
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:execute-api:" + region + ":" + account + ":" + apiID + "/$default/GET/a"
	for _, tt := range []struct {
		change func(*types.Authorizer)
		answer string
		failed bool
		status int // 200, or 401, 403, 500
		reason string
	}{
		{nil, `{"isAuthorized":true}`, false, 200, ""},
		{nil, `{"isAuthorized":true,"context":null}`, false, 200, ""},
		{nil, `{"isAuthorized":false}`, false, 403, "denied"},
		{nil, `{"isAuthorized":false,"context":{"a":1}}`, false, 403, "denied"},
		{nil, `{"isAuthorized":"true"}`, false, 500, "authorizer-failed"},
		{nil, `{}`, false, 500, "authorizer-failed"},
		{nil, `null`, false, 500, "authorizer-failed"},
		{nil, `"hello"`, false, 500, "authorizer-failed"},
		{nil, `{"isAuthorized":true,"context":[1]}`, false, 500, "authorizer-failed"},
		{nil, `"Unauthorized"`, false, 401, "unauthorized"},
		{nil, `{"errorType":"Exception","errorMessage":"Unauthorized"}`, true, 401, "unauthorized"},
		{nil, `{"errorType":"Exception","errorMessage":"unauthorized"}`, true, 500, "authorizer-failed"},
		{nil, `{"errorType":"KeyError","errorMessage":"'x'"}`, true, 500, "authorizer-failed"},
		// A policy is no simple response.
		{nil, `{"principalId":"p",` + policy("Allow", "*") + `}`, false, 500, "authorizer-failed"},
		{policies, `{"principalId":"p",` + policy("Allow", "*") + `}`, false, 200, ""},
		{policies, `{"principalId":"p",` + policy("Allow", arn) + `}`, false, 200, ""},
		{policies, `{"principalId":"p",` + policy("Allow", arn+"/b") + `}`, false, 403, "denied"},
		{policies, `{"principalId":"p",` + policy("Deny", "*") + `}`, false, 403, "denied"},
		{policies, `{` + policy("Allow", "*") + `}`, false, 500, "authorizer-failed"},
		{policies, `{"principalId":"p"}`, false, 500, "authorizer-failed"},
		{policies, `{"principalId":"p","policyDocument":"x"}`, false, 500, "authorizer-failed"},
		{policies, `{"isAuthorized":true}`, false, 500, "authorizer-failed"},
		{format1, `{"principalId":"p",` + policy("Allow", arn) + `}`, false, 200, ""},
		{format1, `{"principalId":"p",` + policy("Allow", arn) + `,"context":{"nested":{"a":1}}}`, false, 500, "authorizer-failed"},
	} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
			return executeapi.Reply{Payload: []byte(tt.answer), Failed: tt.failed}, nil
		})
		w.deploy(guarded(tt.change))
		got := w.do(withToken(http.MethodGet, "/a", "t"))
		message := map[int]string{401: "Unauthorized", 403: "Forbidden", 500: "Internal Server Error"}[tt.status]
		switch {
		case tt.status == 200 && (got.status != 200 || w.trace().Authorizer.Verdict != "allow"):
			t.Errorf("%s: %+v, %+v", tt.answer, got, w.trace())
		case tt.status != 200:
			w.wantError(t, got, tt.status, message, tt.reason)
			if w.invocations(hello) != 0 {
				t.Errorf("%s: the function was invoked", tt.answer)
			}
		}
		if a := w.trace().Authorizer; a == nil || a.Target != guard || a.ID != "auth1" || a.Cached {
			t.Errorf("%s: %+v", tt.answer, a)
		}
	}
}

func TestAuthorizersThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*world, *executeapi.Deployed){
		"authorizer-failed": func(w *world, _ *executeapi.Deployed) {
			w.permits[guard] = func(source string) bool {
				if !strings.HasSuffix(source, ":"+apiID+"/authorizers/auth1") {
					t.Errorf("source %s", source)
				}
				return false
			}
		},
		"authorizer-failed, timeout": func(w *world, _ *executeapi.Deployed) {
			w.handle(guard, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
				w.expire()
				<-ctx.Done()
				return executeapi.Reply{}, ctx.Err()
			})
		},
		"authorizer-failed, gone":  func(w *world, _ *executeapi.Deployed) { delete(w.answers, guard) },
		"no-authorizer":            func(_ *world, d *executeapi.Deployed) { d.Authorizers = nil },
		"no-authorizer, JWT":       func(_ *world, d *executeapi.Deployed) { d.Routes[0].AuthorizationType = types.AuthorizationTypeJwt },
		"authorizer-failed, a URI": func(_ *world, d *executeapi.Deployed) { d.Authorizers[0].AuthorizerUri = aws.String("x") },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.function(hello, `"ok"`)
			w.function(guard, `{"isAuthorized":true}`)
			d := guarded(nil)
			change(w, d)
			w.deploy(d)
			reason, _, _ := strings.Cut(name, ",")
			w.wantError(t, w.do(withToken(http.MethodGet, "/a", "t")), 500, "Internal Server Error", reason)
			if w.invocations(hello) != 0 {
				t.Error("the function was invoked")
			}
		})
	}
}

// A missing source is refused before the authorizer is asked; an empty one is
// not. Names in the query know case.
func TestIdentitySources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.function(guard, `{"isAuthorized":true}`)
	w.deploy(guarded(func(a *types.Authorizer) {
		a.IdentitySource = []string{"$request.header.authorization", "$request.querystring.tenant", "$context.routeKey", "$stageVariables.v"}
	}))
	w.stages[apiID+"/$default"].Stage.StageVariables = map[string]string{"v": "7"}
	w.wantError(t, w.get("/a?tenant=1"), 401, "Unauthorized", "identity-missing")
	w.wantError(t, w.do(withToken(http.MethodGet, "/a?Tenant=1", "t")), 401, "Unauthorized", "identity-missing")
	if w.invocations(guard) != 0 {
		t.Error("the authorizer was asked")
	}
	if got := w.do(withToken(http.MethodGet, "/a?tenant=", "")); got.status != 200 {
		t.Errorf("empty sources: %+v", got)
	}
	if diff := cmp.Diff([]any{"", "", "GET /a", "7"}, w.event(t, guard)["identitySource"]); diff != "" {
		t.Error(diff)
	}
	none := guarded(func(a *types.Authorizer) { a.IdentitySource = nil })
	w.deploy(none)
	if got := w.get("/a"); got.status != 200 {
		t.Errorf("no sources: %+v", got)
	}
	if source, ok := w.event(t, guard)["identitySource"]; !ok || source != nil {
		t.Errorf("identitySource without sources: %v", source)
	}
}

func TestAuthorizerEvents(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*types.Authorizer){"authorizer-2.0.json": nil, "authorizer-1.0.json": format1} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		w.function(guard, `{"isAuthorized":true,"principalId":"p",`+policy("Allow", "*")+`}`)
		d := guarded(change, "GET /pets/{id}")
		d.Stage.StageVariables = map[string]string{"probeStage": "owned-stage-value"}
		w.deploy(d)
		r := withToken(http.MethodGet, "/pets/7?dup=one&dup=two", "probe-literal")
		r.Header.Set("Cookie", "a=1; b=2")
		if got := w.do(r); got.status != 200 {
			t.Fatalf("%+v, %+v", got, w.trace())
		}
		golden(t, name, w.rawEvent(t, guard))
	}
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.function(guard, `{"principalId":"p",`+policy("Allow", "*")+`}`)
	w.deploy(guarded(format1))
	w.do(withToken(http.MethodGet, "/a", "t"))
	for _, name := range []string{"queryStringParameters", "pathParameters", "stageVariables"} {
		if diff := cmp.Diff(map[string]any{}, w.event(t, guard)[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// What an authorizer passes on reaches the backend: as it was in format 2.0, as
// text in 1.0; claims never.
func TestContextOfAuthorizers(t *testing.T) {
	t.Parallel()
	const passed = `"context":{"stringValue":"v","numberValue":7,"booleanValue":true,"emptyValue":"","claims":{"a":1}}`
	same := map[string]any{"stringValue": "v", "numberValue": 7.0, "booleanValue": true, "emptyValue": "", "list": []any{"a", nil}, "map": map[string]any{"k": nil}}
	texts := map[string]any{"stringValue": "v", "numberValue": "7", "booleanValue": "true", "emptyValue": ""}
	for _, tt := range []struct {
		change          func(*types.Authorizer)
		answer, backend string
		want            map[string]any
	}{
		{nil, `{"isAuthorized":true,` + strings.TrimSuffix(passed, "}") + `,"list": ["a", null],"map":{"k":null}}}`, "2.0", map[string]any{"lambda": same}},
		{format1, `{"principalId":"p",` + policy("Allow", "*") + `,` + passed + `}`, "2.0", map[string]any{"lambda": texts}},
		{format1, `{"principalId":"p",` + policy("Allow", "*") + `,` + passed + `}`, "1.0", map[string]any{"claims": nil, "scopes": nil, "stringValue": "v", "numberValue": "7", "booleanValue": "true", "emptyValue": ""}},
	} {
		w := newWorld(t, nil)
		w.function(hello, `{"statusCode":200}`)
		w.function(guard, tt.answer)
		d := guarded(tt.change)
		d.Integrations[0].PayloadFormatVersion = aws.String(tt.backend)
		w.deploy(d)
		if got := w.do(withToken(http.MethodGet, "/a", "t")); got.status != 200 {
			t.Fatalf("%+v, %+v", got, w.trace())
		}
		context := w.event(t, hello)["requestContext"].(map[string]any)
		if diff := cmp.Diff(any(tt.want), context["authorizer"]); diff != "" {
			t.Errorf("backend %s: %s", tt.backend, diff)
		}
		if _, told := w.event(t, guard)["requestContext"].(map[string]any)["authorizer"]; told {
			t.Error("the authorizer was told of an authorizer")
		}
	}
}

func TestTheCacheOfVerdicts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	asked := func(want int, why string) {
		t.Helper()
		if got := w.invocations(guard); got != want {
			t.Errorf("%s: asked %d times, want %d", why, got, want)
		}
	}
	ttl := func(a *types.Authorizer) { a.AuthorizerResultTtlInSeconds = aws.Int32(60) }
	w.function(guard, `{"isAuthorized":true}`)
	w.deploy(guarded(ttl))
	w.do(withToken(http.MethodGet, "/a", "one"))
	w.do(withToken(http.MethodGet, "/a", "one"))
	asked(1, "again")
	if !w.trace().Authorizer.Cached {
		t.Error("the trace does not say that the verdict was cached")
	}
	if got := w.do(withToken(http.MethodPost, "/b", "one")); got.status != 200 {
		t.Error(got)
	}
	asked(1, "another route")
	w.do(withToken(http.MethodGet, "/a", "two"))
	asked(2, "another token")
	w.advance(60 * time.Second)
	w.do(withToken(http.MethodGet, "/a", "one"))
	asked(3, "after its time")
	w.deploy(guarded(ttl)) // what ResetAuthorizersCache does
	w.do(withToken(http.MethodGet, "/a", "one"))
	asked(4, "after it was forgotten")

	// Denials are kept.
	w.function(guard, `{"isAuthorized":false}`)
	w.do(withToken(http.MethodGet, "/a", "bad"))
	w.function(guard, `{"isAuthorized":true}`)
	w.wantError(t, w.do(withToken(http.MethodGet, "/a", "bad")), 403, "Forbidden", "denied")
	asked(5, "a denial")
	// Unauthorized and answers that are none are not.
	for _, answer := range []string{`"Unauthorized"`, `{}`} {
		before := w.invocations(guard)
		w.function(guard, answer)
		w.do(withToken(http.MethodGet, "/a", "x"+answer))
		w.function(guard, `{"isAuthorized":true}`)
		if got := w.do(withToken(http.MethodGet, "/a", "x"+answer)); got.status != 200 {
			t.Errorf("after %s: %+v", answer, got)
		}
		asked(before+2, answer)
	}
	// Without sources, or without a time, nothing is kept.
	for why, change := range map[string]func(*types.Authorizer){
		"no sources": func(a *types.Authorizer) { ttl(a); a.IdentitySource = nil },
		"no time":    func(a *types.Authorizer) { a.AuthorizerResultTtlInSeconds = aws.Int32(0) },
	} {
		before := w.invocations(guard)
		w.deploy(guarded(change))
		w.do(withToken(http.MethodGet, "/a", "same"))
		w.do(withToken(http.MethodGet, "/a", "same"))
		asked(before+2, why)
	}
	// A narrow policy that one route left behind denies another.
	w.deploy(guarded(func(a *types.Authorizer) { ttl(a); policies(a) }))
	w.function(guard, `{"principalId":"p",`+policy("Allow", "arn:aws:execute-api:"+region+":"+account+":"+apiID+"/$default/GET/a")+`}`)
	if got := w.do(withToken(http.MethodGet, "/a", "narrow")); got.status != 200 {
		t.Error(got)
	}
	w.wantError(t, w.do(withToken(http.MethodPost, "/b", "narrow")), 403, "Forbidden", "denied")
	// ... unless the route is among the sources.
	w.deploy(guarded(func(a *types.Authorizer) {
		ttl(a)
		a.IdentitySource = append(a.IdentitySource, "$context.routeKey")
	}))
	w.function(guard, `{"isAuthorized":true}`)
	before := w.invocations(guard)
	w.do(withToken(http.MethodGet, "/a", "r"))
	w.do(withToken(http.MethodPost, "/b", "r"))
	asked(before+2, "with the route as a source")
}

// The cache does not grow with the tokens that are tried.
func TestTheCacheIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.function(guard, `{"isAuthorized":false}`)
	w.deploy(guarded(func(a *types.Authorizer) { a.AuthorizerResultTtlInSeconds = aws.Int32(3600) }))
	for i := range 5000 {
		w.do(withToken(http.MethodGet, "/a", strings.Repeat("x", i%7)+string(rune('a'+i%26))+time.Duration(i).String()))
	}
	if n := w.Verdicts(apiID, "$default"); n == 0 || n > 4096 {
		t.Errorf("%d verdicts are kept", n)
	}
}

func TestRoutesThatWantASignature(t *testing.T) {
	t.Parallel()
	const who = "arn:aws:iam::" + account + ":user/student"
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	d := deployment("$default", "GET /iam")
	d.Routes[0].AuthorizationType = types.AuthorizationTypeAwsIam
	w.deploy(d)
	w.wantError(t, w.get("/iam"), 403, "Forbidden", "not-signed")
	w.signedOK, w.signed = true, executeapi.Identity{AccessKeyID: "AKIAEXAMPLE", ARN: who, UserID: "AIDAEXAMPLE"}
	w.wantError(t, w.get("/iam"), 403, "Forbidden", "not-allowed")
	w.allowed[who+" execute-api:Invoke arn:aws:execute-api:"+region+":"+account+":"+apiID+"/$default/GET/iam"] = true
	if got := w.get("/iam"); got.status != 200 {
		t.Fatalf("%+v, %+v", got, w.trace())
	}
	want := map[string]any{"iam": map[string]any{
		"accessKey": "AKIAEXAMPLE", "accountId": account, "callerId": "AIDAEXAMPLE", "cognitoIdentity": nil,
		"principalOrgId": "aws:PrincipalOrgID", "userArn": who, "userId": "AIDAEXAMPLE",
	}}
	if diff := cmp.Diff(any(want), w.event(t, hello)["requestContext"].(map[string]any)["authorizer"]); diff != "" {
		t.Error(diff)
	}
	// The caller's own permission to invoke the function.
	d = deployment("$default", "GET /iam")
	d.Routes[0].AuthorizationType = types.AuthorizationTypeAwsIam
	d.Integrations[0].CredentialsArn = aws.String("arn:aws:iam::*:user/*")
	w.deploy(d)
	w.wantError(t, w.get("/iam"), 500, "Internal Server Error", "no-permission")
	w.allowed[who+" lambda:InvokeFunction "+hello] = true
	if got := w.get("/iam"); got.status != 200 {
		t.Errorf("%+v, %+v", got, w.trace())
	}
}
