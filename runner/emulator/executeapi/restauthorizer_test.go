package executeapi_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// tokenAuthorizer asks the function guard for the token in a header.
func tokenAuthorizer(change func(*rest.Authorizer)) rest.Authorizer {
	a := rest.Authorizer{
		Id: aws.String("auth1"), Name: aws.String("LambdaAuthorizer"), Type: rest.AuthorizerTypeToken, AuthorizerUri: aws.String(invocation(guard)),
		IdentitySource: aws.String("method.request.header.Authorization"),
	}
	if change != nil {
		change(&a)
	}
	return a
}

// guardedREST is a world whose methods are guarded by an authorizer.
func guardedREST(t testing.TB, a rest.Authorizer, methods map[string]rest.Method) (*world, *restStage) {
	t.Helper()
	for key, m := range methods {
		m.AuthorizationType, m.AuthorizerId = aws.String("CUSTOM"), a.Id
		methods[key] = m
	}
	d := restDeployment(methods)
	d.Authorizers = []rest.Authorizer{a}
	w := newWorld(t, nil)
	w.function(hello, `{"statusCode":200}`)
	return w, w.deployREST(d)
}

func pets() map[string]rest.Method {
	return map[string]rest.Method{"GET /pets": mock("pets"), "POST /pets": mock("made"), "GET /v2/pets": mock("more pets")}
}

const petsARN = "arn:aws:execute-api:" + region + ":" + account + ":" + apiID + "/PROD/GET/pets"

// The table of AWS-BEHAVIOUR §1.1: what an authorizer answers, and what the client
// is told, to the byte.
func TestRESTVerdicts(t *testing.T) {
	t.Parallel()
	const (
		unauthorized = `{"message":"Unauthorized"}`
		denied       = `{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`
		undecided    = `{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}`
		failed       = `{"message":null}`
	)
	if len(unauthorized) != 26 || len(denied) != 110 || len(undecided) != 130 || len(failed) != 16 {
		t.Fatal("these bodies were measured")
	}
	for name, tt := range map[string]struct {
		answer          string
		failed          bool
		status          int
		errorType, body string
		reason          string
	}{
		"allow":               {`{"principalId":"p",` + policy("Allow", petsARN) + `}`, false, 200, "", "pets", ""},
		"allow all":           {`{"principalId":"p",` + policy("Allow", "*") + `}`, false, 200, "", "pets", ""},
		"deny":                {`{"principalId":"p",` + policy("Deny", petsARN) + `}`, false, 403, "AccessDeniedException", denied, "denied"},
		"another path":        {`{"principalId":"p",` + policy("Allow", petsARN+"/7") + `}`, false, 403, "AccessDeniedException", undecided, "denied"},
		"Unauthorized":        {`{"errorMessage":"Unauthorized","errorType":"Exception"}`, true, 401, "UnauthorizedException", unauthorized, "unauthorized"},
		"unauthorized":        {`{"errorMessage":"unauthorized","errorType":"Exception"}`, true, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
		"another exception":   {`{"errorMessage":"'headers'","errorType":"KeyError"}`, true, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
		"no policy":           {`{"principalId":"p"}`, false, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
		"no object":           {`["Allow"]`, false, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
		"null":                {`null`, false, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
		"nested context":      {`{"principalId":"p",` + policy("Allow", "*") + `,"context":{"a":{"b":1}}}`, false, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
		"an answer to client": {`{"statusCode":401,"body":"{}"}`, false, 500, "AuthorizerConfigurationException", failed, "authorizer-failed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := guardedREST(t, tokenAuthorizer(nil), pets())
			w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{Payload: []byte(tt.answer), Failed: tt.failed}, nil
			})
			got := w.do(withToken(http.MethodGet, "/PROD/pets", "t"))
			if want := `{"type":"TOKEN","methodArn":"` + petsARN + `","authorizationToken":"t"}`; string(w.rawEvent(t, guard)) != want {
				t.Errorf("the function was told %s\nwant %s", w.rawEvent(t, guard), want)
			}
			if a := w.trace().Authorizer; a == nil || a.Target != guard || a.ID != "auth1" || a.Name != "LambdaAuthorizer" || a.Kind != "TOKEN" || a.Cached {
				t.Errorf("%+v", a)
			}
			if tt.status == 200 {
				if a := w.trace().Authorizer; got.status != 200 || got.body != tt.body || a.Verdict != "allow" || a.Principal != "p" {
					t.Errorf("%+v, %+v", got, w.trace())
				}
				return
			}
			w.wantREST(t, got, tt.status, tt.errorType, tt.body, tt.reason)
			if kind := got.raw("Content-Type"); len(kind) != 1 || kind[0] != "application/json" {
				t.Errorf("Content-Type %q", kind)
			}
		})
	}
}

// A request without a token is turned away before anybody is asked.
func TestRESTIdentity(t *testing.T) {
	t.Parallel()
	request := func(sources string) rest.Authorizer {
		return tokenAuthorizer(func(a *rest.Authorizer) { a.Type, a.IdentitySource = rest.AuthorizerTypeRequest, &sources })
	}
	expression := func(text string) rest.Authorizer {
		return tokenAuthorizer(func(a *rest.Authorizer) { a.IdentityValidationExpression = &text })
	}
	all := request("method.request.header.X-Auth, method.request.querystring.tenant,stageVariables.v,context.httpMethod")
	for name, tt := range map[string]struct {
		authorizer rest.Authorizer
		target     string
		header     map[string]string
		asked      bool
	}{
		"token":                      {tokenAuthorizer(nil), "", map[string]string{"Authorization": "t"}, true},
		"no token":                   {tokenAuthorizer(nil), "", nil, false},
		"another header":             {tokenAuthorizer(nil), "", map[string]string{"X-Auth": "t"}, false},
		"empty token":                {tokenAuthorizer(nil), "", map[string]string{"Authorization": ""}, false},
		"expression":                 {expression("Bearer .*"), "", map[string]string{"Authorization": "Bearer t"}, true},
		"not the expression":         {expression("Bearer .*"), "", map[string]string{"Authorization": "t"}, false},
		"not the whole":              {expression("Bear"), "", map[string]string{"Authorization": "Bearer"}, false},
		"an expression of Java's":    {expression("(?=Bearer ).+(?<!x)"), "", map[string]string{"Authorization": "Bearer t"}, true},
		"another of them":            {expression("(?=Bearer ).+(?<!x)"), "", map[string]string{"Authorization": "Bearer x"}, false},
		"all sources":                {all, "?tenant=one", map[string]string{"X-Auth": "t"}, true},
		"no query":                   {all, "", map[string]string{"X-Auth": "t"}, false},
		"empty query":                {all, "?tenant=", map[string]string{"X-Auth": "t"}, false},
		"empty header":               {all, "?tenant=one", map[string]string{"X-Auth": ""}, false},
		"no header":                  {all, "?tenant=one", nil, false},
		"no sources":                 {request(""), "", nil, true},
		"the expression of TOKEN is": {func() rest.Authorizer { a := all; a.IdentityValidationExpression = aws.String("x"); return a }(), "?tenant=one", map[string]string{"X-Auth": "t"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, ttl := range []*int32{nil, aws.Int32(0)} {
				tt.authorizer.AuthorizerResultTtlInSeconds = ttl
				w, stage := guardedREST(t, tt.authorizer, pets())
				stage.settings.Variables = map[string]string{"v": "x"}
				w.function(guard, `{"principalId":"p",`+policy("Allow", "*")+`}`)
				r := withToken(http.MethodGet, "/PROD/pets"+tt.target, "")
				r.Header.Del("Authorization")
				for name, value := range tt.header {
					r.Header.Set(name, value)
				}
				got := w.do(r)
				if asked := w.invocations(guard) > 0; asked != tt.asked {
					t.Errorf("asked: %v; %+v", asked, got)
				}
				if !tt.asked {
					w.wantREST(t, got, 401, "UnauthorizedException", `{"message":"Unauthorized"}`, "identity-missing")
				}
			}
		})
	}
}

// A verdict holds for a token, on all methods and paths of the stage, until it is
// past or flushed.
func TestRESTVerdictsAreCached(t *testing.T) {
	t.Parallel()
	w, stage := guardedREST(t, tokenAuthorizer(nil), pets())
	answer := `{"principalId":"p",` + policy("Allow", petsARN) + `}`
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		return executeapi.Reply{Payload: []byte(answer)}, nil
	})
	asked := 0
	ask := func(what, method, path, token string, status int, cached bool) {
		t.Helper()
		if !cached {
			asked++
		}
		got := w.do(withToken(method, path, token))
		if got.status != status || w.invocations(guard) != asked || w.trace().Authorizer.Cached != cached {
			t.Errorf("%s: %+v, asked %d times, want %d; %+v", what, got, w.invocations(guard), asked, w.trace().Authorizer)
		}
	}
	ask("first", "GET", "/PROD/pets", "t", 200, false)
	ask("again", "GET", "/PROD/pets", "t", 200, true)
	ask("another method, which the policy does not know", "POST", "/PROD/pets", "t", 403, true)
	ask("another path", "GET", "/PROD/v2/pets", "t", 403, true)
	ask("another token, with a denial", "POST", "/PROD/pets", "u", 403, false)
	ask("which is cached too", "POST", "/PROD/pets", "u", 403, true)
	w.mu.Lock()
	settings := *stage.settings
	settings.Description = aws.String("changed")
	again := *stage.deployment
	stage.settings, stage.deployment = &settings, &again
	w.mu.Unlock()
	ask("after a deployment", "GET", "/PROD/pets", "t", 200, true)
	w.advance(299 * time.Second)
	ask("almost past", "GET", "/PROD/pets", "t", 200, true)
	w.advance(time.Second)
	ask("past", "GET", "/PROD/pets", "t", 200, false)
	w.FlushAuthorizers(apiID, "other")
	ask("another stage was flushed", "GET", "/PROD/pets", "t", 200, true)
	w.FlushAuthorizers(apiID, "PROD")
	ask("flushed", "GET", "/PROD/pets", "t", 200, false)
	answer = `{"principalId":"p"}`
	ask("an answer that is none", "GET", "/PROD/pets", "v", 500, false)
	ask("is not cached", "GET", "/PROD/pets", "v", 500, false)
}

// What a REQUEST authorizer is told, and a backend of it (stackd,
// rest_lambda_authorizers.json: members, their order and their kinds).
func TestRESTAuthorizerEvents(t *testing.T) {
	t.Parallel()
	sources := "method.request.header.X-Auth, method.request.querystring.tenant"
	a := tokenAuthorizer(func(a *rest.Authorizer) { a.Type, a.IdentitySource = rest.AuthorizerTypeRequest, &sources })
	w, stage := guardedREST(t, a, map[string]rest.Method{"GET /request300/{item}": lambdaProxy(), "GET /": lambdaProxy()})
	stage.settings.Variables = map[string]string{"ProbeVar": "authorizer-probe"}
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		w.advance(12 * time.Millisecond)
		return executeapi.Reply{Payload: []byte(`{"principalId":"probe-user",` + policy("Allow", "*") + `,"context":{"invocation":"i","event":"e","stringValue":"scalar-text",
			"integerValue":123,"floatValue":1.5,"trueValue":true,"falseValue":false,"zeroValue":0}}`)}, nil
	})
	for i, latency := range []string{"12", "0"} { // the second time from the cache
		r := request(http.MethodGet, "/PROD/request300/item?tenant=one&extra=first&extra=second&empty=", "")
		r.Header.Set("X-Auth", "allow")
		r.Header.Set("User-Agent", "awslab-probe")
		if got := w.do(r); got.status != 200 {
			t.Fatalf("%+v, %+v", got, w.trace())
		}
		if i == 0 {
			golden(t, "authorizer-rest.json", w.rawEvent(t, guard))
		}
		want := `"requestContext":{"resourceId":"r1","authorizer":{"falseValue":"false","invocation":"i","stringValue":"scalar-text","zeroValue":"0","trueValue":"true","floatValue":"1.5",` +
			`"principalId":"probe-user","integerValue":"123","integrationLatency":` + latency + `,"event":"e"},"resourcePath":"/request300/{item}",`
		if !strings.Contains(string(w.rawEvent(t, hello)), want) {
			t.Errorf("%s\nhas not %s", w.rawEvent(t, hello), want)
		}
	}
	r := request(http.MethodGet, "/PROD?tenant=two", "")
	r.Header.Set("X-Auth", "allow")
	stage.settings.Variables = nil
	if got := w.do(r); got.status != 200 || w.invocations(guard) != 2 {
		t.Fatalf("%+v, %+v", got, w.trace())
	}
	golden(t, "authorizer-rest-bare.json", w.rawEvent(t, guard))
}

// The key of a verdict: all identity sources, of one stage; what is no verdict is not
// kept, and with a TTL of 0 nothing is (AWS-BEHAVIOUR §1.1).
func TestWhatAVerdictHoldsFor(t *testing.T) {
	t.Parallel()
	sources := "method.request.header.X-Auth,method.request.querystring.tenant"
	a := tokenAuthorizer(func(a *rest.Authorizer) { a.Type, a.IdentitySource = rest.AuthorizerTypeRequest, &sources })
	w, s := guardedREST(t, a, pets())
	w.mu.Lock()
	w.rest["TEST"] = &restStage{settings: &rest.Stage{StageName: aws.String("TEST"), DeploymentId: &s.deployment.ID}, deployment: s.deployment}
	w.mu.Unlock()
	w.function(guard, `{"principalId":"p",`+policy("Allow", "*")+`}`)
	asked := 0
	ask := func(what, target, header string, again bool) {
		t.Helper()
		if again {
			asked++
		}
		r := request(http.MethodGet, target, "")
		r.Header.Set("X-Auth", header)
		w.do(r)
		if w.invocations(guard) != asked {
			t.Errorf("%s: asked %d times, want %d", what, w.invocations(guard), asked)
		}
	}
	ask("first", "/PROD/pets?tenant=a", "t", true)
	ask("again, with more", "/PROD/v2/pets?tenant=a&x=y", "t", false)
	ask("another query", "/PROD/pets?tenant=b", "t", true)
	ask("another header", "/PROD/pets?tenant=a", "u", true)
	ask("another stage", "/TEST/pets?tenant=a", "t", true)
	ask("values that join alike", "/PROD/pets?tenant=b%00", "t", true)
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		return executeapi.Reply{Payload: []byte(`{"errorMessage":"Unauthorized"}`), Failed: true}, nil
	})
	ask("Unauthorized", "/PROD/pets?tenant=c", "t", true)
	ask("is not kept", "/PROD/pets?tenant=c", "t", true)
	if n := w.RESTVerdicts(apiID, "PROD"); n != 4 {
		t.Errorf("%d verdicts are kept", n)
	}

	for name, change := range map[string]func(*rest.Authorizer){
		"TTL 0":             func(a *rest.Authorizer) { a.AuthorizerResultTtlInSeconds = aws.Int32(0) },
		"TTL 0, no sources": func(a *rest.Authorizer) { a.AuthorizerResultTtlInSeconds, a.IdentitySource = aws.Int32(0), nil },
		"no sources":        func(a *rest.Authorizer) { a.IdentitySource = nil },
	} {
		a := a
		change(&a)
		w, _ := guardedREST(t, a, pets())
		w.function(guard, `{"principalId":"p",`+policy("Allow", "*")+`}`)
		for i := range 3 {
			r := request(http.MethodGet, "/PROD/pets?tenant=a", "")
			r.Header.Set("X-Auth", "t")
			if got := w.do(r); got.status != 200 || w.invocations(guard) != i+1 || w.trace().Authorizer.Cached {
				t.Errorf("%s: %+v, asked %d times", name, got, w.invocations(guard))
			}
		}
	}
}

// An authorizer that is at work while the cache is flushed is not remembered, and the
// cache has an end.
func TestTheCacheOfRESTVerdicts(t *testing.T) {
	t.Parallel()
	w, _ := guardedREST(t, tokenAuthorizer(nil), pets())
	w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
		w.FlushAuthorizers(apiID, "PROD")
		return executeapi.Reply{Payload: []byte(`{` + policy("Allow", "*") + `}`)}, nil
	})
	for i := range 2 {
		if got := w.do(withToken(http.MethodGet, "/PROD/pets", "t")); got.status != 200 || w.invocations(guard) != i+1 {
			t.Errorf("%+v, asked %d times", got, w.invocations(guard))
		}
	}
	w.function(guard, `{`+policy("Allow", "*")+`}`)
	for i := range 5000 {
		w.do(withToken(http.MethodGet, "/PROD/pets", strconv.Itoa(i)))
	}
	if n := w.RESTVerdicts(apiID, "PROD"); n == 0 || n > 4096 {
		t.Errorf("%d verdicts are kept", n)
	}
	w.function(guard, `{`+policy("Allow", "*")+`,"context":{"a":"`+strings.Repeat("x", 1<<20)+`"}}`)
	for i := range 34 {
		w.do(withToken(http.MethodGet, "/PROD/pets", "large-"+strconv.Itoa(i)))
	}
	if n := w.RESTVerdicts(apiID, "PROD"); n == 0 || n > 31 {
		t.Errorf("%d verdicts of a megabyte are kept", n)
	}
	w.ForgetAuthorizers()
	if n := w.RESTVerdicts(apiID, "PROD"); n != 0 {
		t.Errorf("%d verdicts are kept", n)
	}
}
