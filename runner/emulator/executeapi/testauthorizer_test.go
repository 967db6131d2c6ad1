package executeapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// testAuthorizer asks the authorizer auth1 of the API that is deployed.
func (w *world) testAuthorizer(t testing.TB, call executeapi.TestCall) executeapi.AuthorizerResult {
	t.Helper()
	call.API = w.rest["PROD"].deployment
	out, err := w.TestAuthorizer(t.Context(), "auth1", call)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	logTime   = regexp.MustCompile(`(?m)^[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9:]{8} UTC [0-9]{4} : `)
	logID     = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	logHeader = regexp.MustCompile(`(?m)^Endpoint request headers: .*$`)
)

// readable is a log without what differs from run to run.
func readable(log string) string {
	return logHeader.ReplaceAllString(logID.ReplaceAllString(logTime.ReplaceAllString(log, ""), "<id>"), "Endpoint request headers: …")
}

// The log of TestInvokeAuthorizer, in AWS's words.
func TestAuthorizersTested(t *testing.T) {
	t.Parallel()
	const (
		uri  = "https://lambda." + region + ".amazonaws.com/2015-03-31/functions/" + guard + "/invocations"
		head = "Execution log for request <id>\nStarting authorizer: auth1 for request: <id>\n"
		sent = "Incoming identity: ***ow\nEndpoint request URI: " + uri + "\nEndpoint request headers: …\n" +
			`Endpoint request body after transformations: {"type":"TOKEN","methodArn":"arn:aws:execute-api:` + region + ":" + account + ":" + apiID + `/ESTestInvoke-stage/GET/","authorizationToken":"allow"}` +
			"\nSending request to " + uri + "\n"
		answered     = "Authorizer result body before parsing: "
		failed       = "Execution failed due to configuration error: "
		misconfigure = "AuthorizerConfigurationException\n"
	)
	allow := `{"principalId":"user","policyDocument": { "Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}] } }`
	for name, tt := range map[string]struct {
		answer string
		failed bool
		change func(*world, *rest.Authorizer)
		token  string
		want   executeapi.AuthorizerResult
	}{
		"policy": {
			answer: allow, token: "allow",
			want: executeapi.AuthorizerResult{
				Principal: "user", Policy: `{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"*"}]}`,
				Log: head + sent + answered + allow + "\nUsing valid authorizer policy for principal: **er\nSuccessfully completed authorizer execution\n",
			},
		},
		"no token": {want: executeapi.AuthorizerResult{Status: 401, Log: head + "Unauthorized request: <id>\n"}},
		"expression": {
			token: "allow", change: func(_ *world, a *rest.Authorizer) { a.IdentityValidationExpression = aws.String("Bearer .*") },
			want: executeapi.AuthorizerResult{Status: 401, Log: head + "Unauthorized request: <id>\n"},
		},
		"Unauthorized": {
			answer: `{"errorMessage":"Unauthorized","errorType":"Exception"}`, failed: true, token: "allow",
			want: executeapi.AuthorizerResult{Status: 401, Log: head + sent + answered + `{"errorMessage":"Unauthorized","errorType":"Exception"}` + "\nUnauthorized request: <id>\n"},
		},
		"fails": {
			answer: `{"errorMessage":"'headers'","errorType":"KeyError"}`, failed: true, token: "allow",
			want: executeapi.AuthorizerResult{Status: 500, Log: head + sent + answered + `{"errorMessage":"'headers'","errorType":"KeyError"}` + "\n" +
				failed + `Invalid JSON in response: Unrecognized field "errorMessage" , not marked as ignorable` + "\n" + misconfigure},
		},
		"null": {answer: `null`, token: "allow", want: executeapi.AuthorizerResult{Status: 500, Log: head + sent + answered + "null\n" + failed + "Could not parse policy\n" + misconfigure}},
		"a policy that is none": {
			answer: `{"policyDocument":"x"}`, token: "allow",
			want: executeapi.AuthorizerResult{Status: 500, Log: head + sent + answered + `{"policyDocument":"x"}` + "\n" + failed + "Unable to parse given policy\n" + misconfigure},
		},
		"no permission": {
			token: "allow", change: func(w *world, _ *rest.Authorizer) { w.permits[guard] = func(string) bool { return false } },
			want: executeapi.AuthorizerResult{Status: 500, Log: head + sent + failed + "Invalid permissions on Lambda function\n" + failed + "Authorizer error\n" + misconfigure},
		},
		"no such role": {
			token: "allow", change: func(_ *world, a *rest.Authorizer) {
				a.AuthorizerCredentials = aws.String("arn:aws:iam::" + account + ":role/r")
			},
			want: executeapi.AuthorizerResult{Status: 500, Log: head + sent + failed + "API Gateway does not have permission to assume the provided role arn:aws:iam::" + account + ":role/r\n" + failed + "Authorizer error\n" + misconfigure},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, stage := guardedREST(t, tokenAuthorizer(nil), pets())
			w.handle(guard, func(context.Context, []byte) (executeapi.Reply, error) {
				w.advance(7 * time.Millisecond)
				return executeapi.Reply{Payload: []byte(tt.answer), Failed: tt.failed}, nil
			})
			if tt.change != nil {
				tt.change(w, &stage.deployment.Authorizers[0])
			}
			call := executeapi.TestCall{}
			if tt.token != "" {
				call.Header = map[string][]string{"Authorization": {tt.token}}
			}
			for range 2 { // nothing is cached
				got := w.testAuthorizer(t, call)
				if asked := tt.answer != ""; asked != (got.Latency == 7*time.Millisecond) {
					t.Errorf("latency %v", got.Latency)
				}
				got.Log, got.Latency = readable(got.Log), 0
				if got != tt.want {
					t.Errorf("got  %+v\nwant %+v", got, tt.want)
				}
			}
			if len(w.traces) != 0 {
				t.Errorf("%+v", w.traces)
			}
		})
	}
}

// A REQUEST authorizer is told of a request that the call describes.
func TestRequestAuthorizersTested(t *testing.T) {
	t.Parallel()
	sources := "method.request.header.X-Auth,method.request.querystring.tenant,stageVariables.v,context.accountName"
	w, _ := guardedREST(t, tokenAuthorizer(func(a *rest.Authorizer) { a.Type, a.IdentitySource = rest.AuthorizerTypeRequest, &sources }), map[string]rest.Method{"GET /pets/{petId}": mock("")})
	w.function(guard, `{"principalId":"p",`+policy("Deny", "*")+`}`)
	call := executeapi.TestCall{
		Header: map[string][]string{"x-auth": {"t"}}, PathWithQuery: "/pets/7?tenant=one", StageVariables: map[string]string{"v": "x"}, Context: map[string]string{"accountName": "lab"},
		Caller: executeapi.Identity{ARN: "arn:aws:iam::" + account + ":user/student"}, UserAgent: "aws-cli",
	}
	if got := w.testAuthorizer(t, call); got.Status != 0 || got.Principal != "p" || !strings.Contains(got.Log, "Incoming identity: ********x, lab\n") {
		t.Errorf("%+v", got)
	}
	golden(t, "authorizer-rest-test.json", w.rawEvent(t, guard))
	call.Context = nil
	if got := w.testAuthorizer(t, call); got.Status != 401 || w.invocations(guard) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestAuthorizersThatCannotBeTested(t *testing.T) {
	t.Parallel()
	w, stage := guardedREST(t, tokenAuthorizer(nil), pets())
	call := executeapi.TestCall{API: stage.deployment, Header: map[string][]string{"Authorization": {"t"}}}
	if _, err := w.TestAuthorizer(t.Context(), "auth2", call); !errors.Is(err, executeapi.ErrNoAuthorizer) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.handle(guard, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
		cancel()
		<-ctx.Done()
		return executeapi.Reply{}, ctx.Err()
	})
	if _, err := w.TestAuthorizer(ctx, "auth1", call); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// FuzzTestAuthorizer asks with foreign headers, paths and variables.
func FuzzTestAuthorizer(f *testing.F) {
	f.Add("/pets/7?tenant=one", "t", "x", `{"principalId":"p",`+policy("Deny", "*")+`}`)
	f.Add("//%zz?%", "\x00", "", "null")
	f.Add("/pets/{petId}#a b", "", "${stageVariables.v}", `{"errorMessage":"Unauthorized"}`)
	sources := "method.request.header.X-Auth"
	w, s := guardedREST(f, tokenAuthorizer(func(a *rest.Authorizer) { a.Type, a.IdentitySource = rest.AuthorizerTypeRequest, &sources }), map[string]rest.Method{"GET /pets/{petId}": mock("")})
	var mu sync.Mutex
	f.Fuzz(func(t *testing.T, path, token, variable, answer string) {
		mu.Lock()
		defer mu.Unlock()
		w.function(guard, answer)
		out, err := w.TestAuthorizer(t.Context(), "auth1", executeapi.TestCall{
			API: s.deployment, PathWithQuery: path, Header: map[string][]string{"X-Auth": {token}}, StageVariables: map[string]string{"v": variable},
		})
		if err != nil || out.Status != 0 && out.Status != 401 && out.Status != 500 || (out.Status == 0) != (out.Policy != "") || !utf8.ValidString(out.Log) {
			t.Errorf("%+v, %v", out, err)
		}
		if token != "" && !json.Valid(w.rawEvent(t, guard)) {
			t.Errorf("%q", w.rawEvent(t, guard))
		}
		w.mu.Lock()
		clear(w.events)
		w.calls = nil
		w.mu.Unlock()
	})
}
