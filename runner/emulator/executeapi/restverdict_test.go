package executeapi_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// What foreign tokens and foreign answers do: AWS's answer each, as far as one was
// found, and nothing worse.
func TestRESTAuthorizersMeetBadInput(t *testing.T) {
	t.Parallel()
	const (
		misconfigured = `{"message":null}`
		kind          = "AuthorizerConfigurationException"
	)
	allow := policy("Allow", "*")
	statements := make([]string, 300)
	for i := range statements {
		statements[i] = fmt.Sprintf(`{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"%s/%d"}`, petsARN, i)
	}
	large := strings.Join(statements, ",")
	if len(large) < 8<<10 {
		t.Fatal("the policy is small")
	}
	for name, tt := range map[string]struct {
		answer string
		status int
		body   string
	}{
		"a list":                {`[{` + allow + `}]`, 500, misconfigured},
		"a text":                {`"Allow"`, 500, misconfigured},
		"the word":              {`"Unauthorized"`, 500, misconfigured}, // it has to be raised
		"a number":              {`7`, 500, misconfigured},
		"nothing":               {``, 500, misconfigured},
		"broken":                {`{"principalId":`, 500, misconfigured},
		"simple":                {`{"isAuthorized":true}`, 500, misconfigured},
		"an unknown member":     {`{"principalId":"p",` + allow + `,"ttl":300}`, 500, misconfigured},
		"a member without name": {`{"":1,` + allow + `}`, 500, misconfigured},
		"another case":          {`{"PrincipalId":"p",` + allow + `}`, 500, misconfigured},
		"no principal":          {`{` + allow + `}`, 200, "pets"},
		"a principal of null":   {`{"principalId":null,` + allow + `}`, 200, "pets"},
		"an empty principal":    {`{"principalId":"",` + allow + `}`, 200, "pets"},
		"a number of principal": {`{"principalId":7,` + allow + `}`, 200, "pets"},
		"a list of principals":  {`{"principalId":["p"],` + allow + `}`, 500, misconfigured},
		"a key of numbers":      {`{"usageIdentifierKey":{},` + allow + `}`, 500, misconfigured},
		"a policy of text":      {`{"policyDocument":"{}"}`, 500, misconfigured},
		"a policy of null":      {`{"policyDocument":null}`, 500, misconfigured},
		"two policies":          {`{` + policy("Deny", "*") + `,` + allow + `}`, 200, "pets"},
		"8 KB of statements":    {`{"policyDocument":{"Version":"2012-10-17","Statement":[` + large + `,{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]}}`, 200, "pets"},
		"8 KB of others":        {`{"policyDocument":{"Version":"2012-10-17","Statement":[` + large + `]}}`, 403, ""},
		"a context of null":     {`{` + allow + `,"context":null}`, 200, "pets"},
		"a context of text":     {`{` + allow + `,"context":"x"}`, 500, misconfigured},
		"a list in the context": {`{` + allow + `,"context":{"a":[1]}}`, 500, misconfigured},
		"a huge context":        {`{` + allow + `,"context":{"a":"` + strings.Repeat("x", 1<<20) + `"}}`, 200, "pets"},
		"deep":                  {`{` + allow + `,"context":` + strings.Repeat(`{"a":`, 5000) + `1` + strings.Repeat(`}`, 5000) + `}`, 500, misconfigured},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := guardedREST(t, tokenAuthorizer(nil), pets())
			w.function(guard, tt.answer)
			got := w.do(withToken(http.MethodGet, "/PROD/pets", "t"))
			switch {
			case tt.status == 500:
				w.wantREST(t, got, 500, kind, tt.body, "authorizer-failed")
			case got.status != tt.status || tt.body != "" && got.body != tt.body:
				t.Errorf("%d %s, want %d %s", got.status, got.body, tt.status, tt.body)
			}
			if again := w.do(withToken(http.MethodGet, "/PROD/pets", "t")); again.status != got.status || w.trace().Authorizer.Cached != (tt.status != 500) {
				t.Errorf("the second time %+v, %+v", again, w.trace().Authorizer)
			}
		})
	}
	w, _ := guardedREST(t, tokenAuthorizer(nil), pets())
	w.function(guard, `{`+allow+`}`)
	// The headers' limit answers before anybody looks at a token of a megabyte.
	w.wantREST(t, w.do(withToken(http.MethodGet, "/PROD/pets", strings.Repeat("a", 1<<20))), 413, "RequestTooLargeException", `{"message":"Request Too Long"}`, "headers-too-large")
	for _, token := range []string{"a\x00b", "\x01\x7f", "\xff\xfe", `"}`, "한글", strings.Repeat("a", 9<<10)} {
		if got := w.do(withToken(http.MethodGet, "/PROD/pets", token)); got.status != 200 || !json.Valid(w.rawEvent(t, guard)) {
			t.Errorf("%q: %+v, %s", token, got, w.rawEvent(t, guard))
		}
	}
}

// A function that cannot be asked, or does not answer.
func TestRESTAuthorizersThatAreNotThere(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::" + account + ":role/gateway"
	late := func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
		<-ctx.Done()
		return executeapi.Reply{}, ctx.Err()
	}
	for name, tt := range map[string]struct {
		change    func(*world, *rest.Authorizer)
		errorType string
	}{
		"no permission": {func(w *world, _ *rest.Authorizer) {
			w.permits[guard] = func(source string) bool {
				if source != "arn:aws:execute-api:"+region+":"+account+":"+apiID+"/authorizers/auth1" {
					t.Errorf("source %s", source)
				}
				return false
			}
		}, "AuthorizerConfigurationException"},
		"no function":        {func(w *world, _ *rest.Authorizer) { delete(w.answers, guard) }, "AuthorizerConfigurationException"},
		"no URI":             {func(_ *world, a *rest.Authorizer) { a.AuthorizerUri = aws.String("x") }, "AuthorizerConfigurationException"},
		"a URI of a stage's": {func(_ *world, a *rest.Authorizer) { a.AuthorizerUri = aws.String(invocation("${stageVariables.f}")) }, "AuthorizerConfigurationException"},
		"two slashes": {func(_ *world, a *rest.Authorizer) {
			a.AuthorizerUri = aws.String(strings.Replace(invocation(guard), "path/", "path//", 1))
		}, ""},
		"a role": {func(_ *world, a *rest.Authorizer) { a.AuthorizerCredentials = aws.String(role) }, "AuthorizerConfigurationException"},
		"a role that may not": {func(w *world, a *rest.Authorizer) {
			a.AuthorizerCredentials = aws.String(role)
			w.trusted[role+" apigateway.amazonaws.com"] = true
		}, "AuthorizerConfigurationException"},
		"a role that may": {func(w *world, a *rest.Authorizer) {
			a.AuthorizerCredentials = aws.String(role)
			w.trusted[role+" apigateway.amazonaws.com"], w.allowed[role+" lambda:InvokeFunction "+guard] = true, true
			w.permits[guard] = func(string) bool { return false }
		}, ""},
		"late": {func(w *world, _ *rest.Authorizer) {
			w.handle(guard, func(ctx context.Context, event []byte) (executeapi.Reply, error) {
				w.expire()
				return late(ctx, event)
			})
		}, "AuthorizerFailureException"},
		"throttled": {func(w *world, _ *rest.Authorizer) {
			w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{}, executeapi.ErrThrottled
			})
		}, "AuthorizerFailureException"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, s := guardedREST(t, tokenAuthorizer(nil), pets())
			w.function(guard, `{`+policy("Allow", "*")+`}`)
			tt.change(w, &s.deployment.Authorizers[0])
			got := w.do(withToken(http.MethodGet, "/PROD/pets", "t"))
			if tt.errorType == "" {
				if got.status != 200 {
					t.Errorf("%+v, %+v", got, w.trace())
				}
				return
			}
			w.wantREST(t, got, 500, tt.errorType, `{"message":null}`, "authorizer-failed")
		})
	}
	// A client that goes away is told nothing, and the answer is not kept.
	w, _ := guardedREST(t, tokenAuthorizer(nil), pets())
	ctx, cancel := context.WithCancel(t.Context())
	w.handle(guard, func(ctx context.Context, event []byte) (executeapi.Reply, error) {
		cancel()
		return late(ctx, event)
	})
	w.do(withToken(http.MethodGet, "/PROD/pets", "t").WithContext(ctx))
	if trace := w.trace(); trace.Status != 0 || trace.Reason != "client-gone" || trace.Authorizer.Verdict != "failed" {
		t.Errorf("%+v", trace)
	}
}

// FuzzRESTVerdict reads foreign answers of authorizers.
func FuzzRESTVerdict(f *testing.F) {
	f.Add(`{"principalId":"p",`+policy("Allow", "*")+`,"context":{"a":1,"b":null}}`, false)
	f.Add(`{"errorMessage":"Unauthorized"}`, true)
	f.Add(`{"policyDocument":{"Statement":[]},"x":[{}]}`, false)
	f.Add(`{"context":{"claims":{}},"principalId":{}}`, false)
	w, _ := guardedREST(f, tokenAuthorizer(func(a *rest.Authorizer) { a.AuthorizerResultTtlInSeconds = aws.Int32(0) }), map[string]rest.Method{"GET /": lambdaProxy()})
	var mu sync.Mutex
	f.Fuzz(func(t *testing.T, answer string, failed bool) {
		mu.Lock()
		defer mu.Unlock()
		w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
			return executeapi.Reply{Payload: []byte(answer), Failed: failed}, nil
		})
		before := w.invocations(hello)
		got := w.do(withToken(http.MethodGet, "/PROD", "t"))
		switch {
		case got.status == 200 && (failed || w.invocations(hello) != before+1 || !json.Valid(w.rawEvent(t, hello))):
			t.Errorf("%q: %+v", answer, got)
		case got.status != 200 && got.status != 401 && got.status != 403 && got.status != 500, got.status != 200 && w.invocations(hello) != before:
			t.Errorf("%q: %+v", answer, got)
		}
		w.mu.Lock()
		clear(w.events)
		w.traces, w.calls = nil, nil
		w.mu.Unlock()
	})
}
