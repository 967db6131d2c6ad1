package executeapi_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/executeapi"
)

func TestARequestToAFunction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `{"statusCode":201,"headers":{"x-probe":"a","content-type":"text/html"},"body":"<p>hi</p>"}`)
	w.deploy(deployment("$default", "GET /helloworld"))
	got := w.get("/helloworld")
	if got.status != http.StatusCreated || got.body != "<p>hi</p>" || got.header.Get("Content-Type") != "text/html" || got.header.Get("X-Probe") != "a" {
		t.Errorf("%+v", got)
	}
	if id := got.raw("Apigw-Requestid"); len(id) != 1 || len(id[0]) != 16 || got.raw("apigw-requestid") != nil {
		t.Errorf("request id: %v", got.header)
	}
	trace := w.trace()
	if trace.Route != "GET /helloworld" || trace.Status != 201 || trace.Reason != "" || trace.API != apiID || trace.Stage != "$default" || trace.RequestID != got.header.Get("Apigw-Requestid") {
		t.Errorf("%+v", trace)
	}
	if in := trace.Integration; in == nil || in.Kind != "AWS_PROXY" || in.Target != hello || in.Status != 201 {
		t.Errorf("%+v", in)
	}
}

func TestWhereARequestGoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "GET /pets", "GET /dev"))
	w.deploy(deployment("dev", "GET /pets", "GET /"))
	for _, tt := range []struct{ host, target, stage, path, rawPath string }{
		{host, "/pets", "$default", "/pets", "/pets"},
		{host, "/dev/pets", "dev", "/pets", "/dev/pets"},
		{host, "/dev", "dev", "/", "/dev"},
		{host, "/dev/", "dev", "/", "/dev/"},
		{strings.ToUpper(apiID) + ".Execute-API.localhost:4566", "/pets", "$default", "/pets", "/pets"},
		{"127.0.0.1:4566", "/_aws/execute-api/" + apiID + "/$default/pets", "$default", "/pets", "/pets"},
		{"127.0.0.1:4566", "/_aws/execute-api/" + apiID + "/%24default/pets", "$default", "/pets", "/pets"},
		{"127.0.0.1:4566", "/_aws/execute-api/" + apiID + "/dev/pets", "dev", "/pets", "/dev/pets"},
		{"127.0.0.1:4566", "/restapis/" + apiID + "/dev/_user_request_/pets", "dev", "/pets", "/dev/pets"},
		{"127.0.0.1:4566", "/restapis/" + apiID + "/dev/_user_request_", "dev", "/", "/dev"},
		{"[::1]:4566", "/restapis/" + apiID + "/$default/_user_request_/dev", "$default", "/dev", "/dev"},
	} {
		r := request(http.MethodGet, tt.target, "")
		r.Host = tt.host
		if !executeapi.Addressed(r) {
			t.Errorf("%s%s is not addressed", tt.host, tt.target)
			continue
		}
		if got := w.do(r); got.status != 200 {
			t.Errorf("%s%s: %+v, %+v", tt.host, tt.target, got, w.trace())
			continue
		}
		event := w.event(t, hello)
		context := event["requestContext"].(map[string]any)
		if event["rawPath"] != tt.rawPath || context["stage"] != tt.stage || event["routeKey"] != "GET "+tt.path || context["domainPrefix"] != apiID {
			t.Errorf("%s%s: rawPath %v, stage %v, route %v, prefix %v", tt.host, tt.target, event["rawPath"], context["stage"], event["routeKey"], context["domainPrefix"])
		}
	}
	for _, target := range []string{"/", "/2015-03-31/functions", "/_aws/execute-api", "/restapis/x/resources", "/restapis/x/dev/_user_request"} {
		r := request(http.MethodGet, target, "")
		r.Host = "127.0.0.1:4566"
		if executeapi.Addressed(r) {
			t.Errorf("%s is addressed to an API", target)
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.wantError(t, w.get("/helloworld"), 404, "Not Found", "no-stage")
	w.deploy(deployment("$default", "GET /helloworld"))
	w.wantError(t, w.get("/helloWorld"), 404, "Not Found", "no-route")
	w.wantError(t, w.get("/helloworld/"), 404, "Not Found", "no-route")
	w.wantError(t, w.do(request(http.MethodPost, "/helloworld", "")), 404, "Not Found", "no-route")
	w.wantError(t, w.do(request(http.MethodOptions, "/helloworld", "")), 404, "Not Found", "no-route")
	disabled := deployment("$default", "GET /helloworld")
	disabled.API.DisableExecuteApiEndpoint = aws.Bool(true)
	w.deploy(disabled)
	w.wantError(t, w.get("/helloworld"), 404, "Not Found", "endpoint-disabled")
}

// Every failure of an integration looks alike to a client; the trace tells them
// apart.
func TestWhyAnIntegrationFails(t *testing.T) {
	t.Parallel()
	for reason, tt := range map[string]struct {
		status  int
		message string
		change  func(*world, *executeapi.Deployed)
	}{
		"no-permission":  {500, "Internal Server Error", func(w *world, _ *executeapi.Deployed) { delete(w.permits, hello) }},
		"no-function":    {500, "Internal Server Error", func(w *world, _ *executeapi.Deployed) { delete(w.answers, hello) }},
		"no-integration": {500, "Internal Server Error", func(_ *world, d *executeapi.Deployed) { d.Integrations = nil }},
		"bad-integration-uri": {500, "Internal Server Error", func(_ *world, d *executeapi.Deployed) {
			d.Integrations[0].IntegrationUri = aws.String("arn:aws:lambda:${stageVariables.none}")
		}},
		"integration-not-emulated": {500, "Internal Server Error", func(_ *world, d *executeapi.Deployed) {
			d.Integrations[0].IntegrationSubtype = aws.String("SQS-SendMessage")
		}},
		"function-error": {500, "Internal Server Error", func(w *world, _ *executeapi.Deployed) {
			w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{Payload: []byte(`{"errorType":"KeyError","errorMessage":"'x'"}`), Failed: true}, nil
			})
		}},
		"malformed-response": {500, "Internal Server Error", func(w *world, _ *executeapi.Deployed) { w.function(hello, `{"statusCode":"x"}`) }},
		"throttled": {503, "Service Unavailable", func(w *world, _ *executeapi.Deployed) {
			w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{}, executeapi.ErrThrottled
			})
		}},
		"payload-too-large": {413, "Request Entity Too Large", func(w *world, _ *executeapi.Deployed) {
			w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{}, executeapi.ErrTooLarge
			})
		}},
		"timeout": {503, "Service Unavailable", func(w *world, _ *executeapi.Deployed) {
			w.handle(hello, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
				go w.expire()
				<-ctx.Done()
				return executeapi.Reply{}, ctx.Err()
			})
		}},
	} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			w.function(hello, `"ok"`)
			d := deployment("$default", "GET /helloworld")
			tt.change(w, d)
			w.deploy(d)
			w.wantError(t, w.get("/helloworld"), tt.status, tt.message, reason)
			// A page can read each of these errors where CORS is configured.
			again := *d
			again.API.CorsConfiguration = &types.Cors{AllowOrigins: []string{"https://a.example"}, AllowCredentials: aws.Bool(true)}
			w.deploy(&again)
			r := request(http.MethodGet, "/helloworld", "")
			r.Header.Set("Origin", "https://a.example")
			got := w.do(r)
			w.wantError(t, got, tt.status, tt.message, reason)
			for name, want := range map[string]string{"access-control-allow-origin": "https://a.example", "vary": "origin", "access-control-allow-credentials": "true"} {
				if !slices.Equal(got.raw(name), []string{want}) {
					t.Errorf("%s: %v", name, got.header)
				}
			}
		})
	}
}

func TestAFunctionsErrorIsInTheTrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
		return executeapi.Reply{Payload: []byte(`{"errorType":"KeyError","errorMessage":"'x'"}`), Failed: true}, nil
	})
	w.deploy(deployment("$default", "GET /helloworld"))
	w.get("/helloworld")
	if in := w.trace().Integration; in == nil || in.Error != "KeyError: 'x'" {
		t.Errorf("%+v", in)
	}
}

// The source ARN of an invocation has the route's path.
func TestSourceARNs(t *testing.T) {
	t.Parallel()
	const execute = "arn:aws:execute-api:" + region + ":" + account + ":" + apiID + "/$default/"
	for key, tt := range map[string]struct{ target, want string }{
		"GET /helloworld": {"/helloworld", execute + "GET/helloworld"},
		"GET /pets/{id}":  {"/pets/7", execute + "GET/pets/{id}"},
		"ANY /pets":       {"/pets", execute + "GET/pets"},
		"ANY /a/{proxy+}": {"/a/b/c", execute + "GET/a/{proxy+}"},
		"$default":        {"/whatever", execute + "$default"},
	} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		source := ""
		w.permits[hello] = func(arn string) bool { source = arn; return true }
		w.deploy(deployment("$default", key))
		if got := w.get(tt.target); got.status != 200 || source != tt.want {
			t.Errorf("%s: %d, %s, want %s", key, got.status, source, tt.want)
		}
	}
}

// With a role, the role counts and not the function's policy.
func TestARoleInvokes(t *testing.T) {
	t.Parallel()
	const role = "arn:aws:iam::" + account + ":role/r"
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	delete(w.permits, hello)
	d := deployment("$default", "GET /helloworld")
	d.Integrations[0].CredentialsArn = aws.String(role)
	w.deploy(d)
	w.wantError(t, w.get("/helloworld"), 500, "Internal Server Error", "no-permission")
	w.trusted[role+" apigateway.amazonaws.com"] = true
	w.wantError(t, w.get("/helloworld"), 500, "Internal Server Error", "no-permission")
	w.allowed[role+" lambda:InvokeFunction "+hello] = true
	if got := w.get("/helloworld"); got.status != 200 {
		t.Errorf("%+v, %+v", got, w.trace())
	}
}

// An alias and a stage variable are parts of a function's name.
func TestNamesOfFunctions(t *testing.T) {
	t.Parallel()
	for _, uri := range []string{hello + ":live", invocation(hello + ":live"), invocation("arn:aws:lambda:" + region + ":" + account + ":function:${stageVariables.name}:${stageVariables.alias}")} {
		w := newWorld(t, nil)
		w.function(hello+":live", `"ok"`)
		d := deployment("$default", "GET /helloworld")
		d.Integrations[0].IntegrationUri = aws.String(uri)
		d.Stage.StageVariables = map[string]string{"name": "hello", "alias": "live"}
		w.deploy(d)
		if got := w.get("/helloworld"); got.status != 200 {
			t.Errorf("%s: %+v, %+v", uri, got, w.trace())
		}
	}
}

// The marks of awslab's requests go with the invocation, not into the event.
func TestMarksOfChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "GET /helloworld"))
	r := request(http.MethodGet, "/helloworld", "")
	r.Header.Set("X-Awslab-Check", "1")
	r.Header.Set("X-Awslab-Lesson", "http-api/call")
	w.do(r)
	if call := w.calls[0]; !call.Check || call.Lesson != "http-api/call" {
		t.Errorf("%+v", call)
	}
	if trace := w.trace(); !trace.Check || trace.Lesson != "http-api/call" {
		t.Errorf("%+v", trace)
	}
	if strings.Contains(strings.ToLower(string(w.rawEvent(t, hello))), "awslab") {
		t.Error("the marks are in the event")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "POST /"))
	const limit = 10 << 20
	if got := w.do(request(http.MethodPost, "/", strings.Repeat("a", limit))); got.status != 200 {
		t.Errorf("10 MB: %d", got.status)
	}
	w.wantError(t, w.do(request(http.MethodPost, "/", strings.Repeat("a", limit+1))), 413, "Request Entity Too Large", "body-too-large")
	chunked := request(http.MethodPost, "/", strings.Repeat("a", limit+1))
	chunked.ContentLength = -1
	w.wantError(t, w.do(chunked), 413, "Request Entity Too Large", "body-too-large")
	large := request(http.MethodPost, "/", "")
	large.Header.Set("X-Large", strings.Repeat("a", 10240))
	w.wantError(t, w.do(large), 431, "Request Header Fields Too Large", "headers-too-large")
}

// A change of what is deployed is seen at once; the same pointer is not compiled
// again.
func TestAnotherDeployment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "GET /a"))
	if got := w.get("/a"); got.status != 200 {
		t.Fatal(got)
	}
	w.deploy(deployment("$default", "GET /b"))
	if got := w.get("/b"); got.status != 200 {
		t.Error(got)
	}
	w.wantError(t, w.get("/a"), 404, "Not Found", "no-route")
	delete(w.stages, apiID+"/$default")
	w.wantError(t, w.get("/b"), 404, "Not Found", "no-stage")
}

// A client that goes away ends the wait, not the function.
func TestAClientThatGoesAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	w.handle(hello, func(ctx context.Context, _ []byte) (executeapi.Reply, error) {
		cancel()
		<-ctx.Done()
		return executeapi.Reply{}, ctx.Err()
	})
	w.deploy(deployment("$default", "GET /helloworld"))
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, request(http.MethodGet, "/helloworld", "").WithContext(ctx))
	if trace := w.trace(); trace.Reason != "client-gone" || trace.Status != 0 || recorder.Body.Len() > 0 {
		t.Errorf("%+v, %q", trace, recorder.Body)
	}
}

// A broken body is the client's fault, and so is one that does not come in time.
func TestABodyThatBreaksOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	w.deploy(deployment("$default", "POST /"))
	for _, tt := range []struct {
		err     error
		status  int
		message string
	}{
		{io.ErrUnexpectedEOF, 400, "Bad Request"},
		{&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, 408, "Request Timeout"},
	} {
		r := request(http.MethodPost, "/", "abc")
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader("a"), iotest.ErrReader(tt.err)))
		w.wantError(t, w.do(r), tt.status, tt.message, "body-unreadable")
	}
	if w.invocations(hello) != 0 {
		t.Error("the function was invoked")
	}
}

// A mistake of the program ends its request alone, and somebody hears of it.
func TestAPanic(t *testing.T) {
	t.Parallel()
	var failures []error
	w := newWorld(t, func(cfg *executeapi.Config) { cfg.Failed = func(err error) { failures = append(failures, err) } })
	w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) { panic("a mistake") })
	w.deploy(deployment("$default", "GET /a"))
	w.wantError(t, w.get("/a"), 500, "Internal Server Error", "panic")
	if len(failures) != 1 || !strings.Contains(failures[0].Error(), "a mistake") || !strings.Contains(failures[0].Error(), "TestAPanic") {
		t.Errorf("told of %v, want the mistake and where it is", failures)
	}
	w.function(hello, `"ok"`)
	if got := w.get("/a"); got.status != 200 || len(failures) != 1 {
		t.Errorf("after it: %+v, %v", got, failures)
	}
}
