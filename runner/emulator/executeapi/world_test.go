package executeapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/executeapi"
)

const (
	account = "123456789012"
	region  = "ap-northeast-2"
	apiID   = "a1b2c3d4e5"
	host    = apiID + ".execute-api." + region + ".amazonaws.com"
	hello   = "arn:aws:lambda:" + region + ":" + account + ":function:hello"
	guard   = "arn:aws:lambda:" + region + ":" + account + ":function:guard"
)

// world is what the data plane meets: APIs, functions and roles in memory, and a
// clock that stands until it is moved.
type world struct {
	*executeapi.Handler

	mu       sync.Mutex
	stages   map[string]*executeapi.Deployed // by "api/stage"
	rest     map[string]*restStage           // of the one REST API, by name; nil: there is none
	answers  map[string]func(ctx context.Context, event []byte) (executeapi.Reply, error)
	permits  map[string]func(sourceARN string) bool // by function; nil: always
	events   map[string][][]byte                    // that functions got
	calls    []executeapi.Invocation
	trusted  map[string]bool // "role service"
	allowed  map[string]bool // "principal action resource"
	traces   []executeapi.Trace
	lines    []string            // of access logs
	logged   map[string][]string // lines of execution logs, by group
	now      time.Time
	pending  []func() // timers
	signed   executeapi.Identity
	signedOK bool
	badSign  *executeapi.SignatureError // why a signature does not hold; nil: it is missing
}

func newWorld(t testing.TB, change func(*executeapi.Config)) *world {
	t.Helper()
	w := &world{
		stages: map[string]*executeapi.Deployed{}, events: map[string][][]byte{}, logged: map[string][]string{},
		answers: map[string]func(context.Context, []byte) (executeapi.Reply, error){}, permits: map[string]func(string) bool{},
		trusted: map[string]bool{}, allowed: map[string]bool{},
		now: time.Date(2026, 9, 24, 20, 16, 28, 749e6, time.UTC),
	}
	cfg := executeapi.Config{
		Account: account, Region: region, HTTPAPIs: w, RESTAPIs: w, ExecutionLogs: w, Functions: w, Roles: w, Signatures: w, AccessLogs: w,
		Trace: func(trace executeapi.Trace) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.traces = append(w.traces, trace)
		},
		Clock: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		},
		AfterFunc: func(_ time.Duration, f func()) func() bool {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.pending = append(w.pending, f)
			return func() bool { return true }
		},
		Random: rand.NewChaCha8([32]byte{}),
	}
	if change != nil {
		change(&cfg)
	}
	w.Handler = executeapi.New(cfg)
	t.Cleanup(w.Close)
	return w
}

func (w *world) Deployed(api, stage string) *executeapi.Deployed {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.stages[api+"/"+stage]
}

func (w *world) MayInvoke(function, service, sourceARN, sourceAccount string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	permits, ok := w.permits[function]
	return ok && service == "apigateway.amazonaws.com" && sourceAccount == account && (permits == nil || permits(sourceARN))
}

func (w *world) Invoke(ctx context.Context, in executeapi.Invocation) (executeapi.Reply, error) {
	w.mu.Lock()
	w.calls = append(w.calls, in)
	w.events[in.FunctionARN] = append(w.events[in.FunctionARN], in.Payload)
	answer := w.answers[in.FunctionARN]
	w.mu.Unlock()
	if answer == nil {
		return executeapi.Reply{}, executeapi.ErrNoFunction
	}
	return answer(ctx, in.Payload)
}

func (w *world) CanAssume(role, service string) bool { return w.trusted[role+" "+service] }
func (w *world) Allows(role, action, resource string) bool {
	return w.allowed[role+" "+action+" "+resource]
}

func (w *world) CallerAllows(who, action, resource string) bool {
	return w.allowed[who+" "+action+" "+resource]
}

// ReadPolicy knows policies with statements whose resource is one ARN or *.
func (w *world) ReadPolicy(document string) (executeapi.Policy, error) {
	var doc struct {
		Statement []struct{ Effect, Action, Resource string }
	}
	if err := json.Unmarshal([]byte(document), &doc); err != nil {
		return nil, err
	}
	return func(q executeapi.Question) executeapi.Decision {
		said := executeapi.Undecided
		for _, st := range doc.Statement {
			if st.Action == q.Action && (st.Resource == "*" || st.Resource == q.Resource) {
				if st.Effect == "Deny" {
					return executeapi.Denied
				}
				said = executeapi.Allowed
			}
		}
		return said
	}, nil
}

func (w *world) Verify(*http.Request, []byte, time.Time) (executeapi.Identity, error) {
	switch {
	case w.badSign != nil:
		return executeapi.Identity{}, w.badSign
	case !w.signedOK:
		return executeapi.Identity{}, errors.New("Missing Authentication Token")
	}
	return w.signed, nil
}

func (w *world) Write(_ context.Context, _, _, _ string, _ time.Time, line string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.lines = append(w.lines, line)
}

// function makes a function that answers a JSON text, and that API Gateway may
// invoke.
func (w *world) function(arn, answer string) {
	w.handle(arn, func(context.Context, []byte) (executeapi.Reply, error) {
		return executeapi.Reply{Payload: []byte(answer)}, nil
	})
}

func (w *world) handle(arn string, answer func(context.Context, []byte) (executeapi.Reply, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.answers[arn] = answer
	w.permits[arn] = nil
}

// invocation is the URI of a function as integrations have it.
func invocation(function string) string {
	return "arn:aws:apigateway:" + region + ":lambda:path/2015-03-31/functions/" + function + "/invocations"
}

// deployment is an API whose routes lead to the function hello.
func deployment(stage string, keys ...string) *executeapi.Deployed {
	d := &executeapi.Deployed{
		API:   types.Api{ApiId: aws.String(apiID), Name: aws.String("api"), ProtocolType: types.ProtocolTypeHttp},
		Stage: types.Stage{StageName: aws.String(stage)},
		Integrations: []types.Integration{{
			IntegrationId: aws.String("int1"), IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"),
			IntegrationUri: aws.String(invocation(hello)), IntegrationMethod: aws.String("POST"),
		}},
	}
	for _, key := range keys {
		d.Routes = append(d.Routes, types.Route{RouteKey: aws.String(key), Target: aws.String("integrations/int1"), AuthorizationType: types.AuthorizationTypeNone})
	}
	return d
}

func (w *world) deploy(d *executeapi.Deployed) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stages[*d.API.ApiId+"/"+*d.Stage.StageName] = d
}

// result is an answer as a client saw it.
type result struct {
	status int
	header http.Header
	body   string
}

// raw gives a header whose name is written just so.
func (r result) raw(name string) []string { return map[string][]string(r.header)[name] }

// request makes a request to the API's own host.
func request(method, target, body string) *http.Request {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	r.Host = host
	r.RemoteAddr = "203.0.113.7:50000"
	return r
}

func (w *world) do(r *http.Request) result {
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, r)
	return result{recorder.Code, recorder.Header(), recorder.Body.String()}
}

func (w *world) get(target string) result { return w.do(request(http.MethodGet, target, "")) }

// trace is the last one.
func (w *world) trace() executeapi.Trace {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.traces) == 0 {
		return executeapi.Trace{}
	}
	return w.traces[len(w.traces)-1]
}

// event is the last one that a function got.
func (w *world) event(t testing.TB, function string) map[string]any {
	t.Helper()
	var event map[string]any
	if err := json.Unmarshal(w.rawEvent(t, function), &event); err != nil {
		t.Fatal(err)
	}
	return event
}

func (w *world) rawEvent(t testing.TB, function string) []byte {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	all := w.events[function]
	if len(all) == 0 {
		t.Fatal("the function was not invoked")
	}
	return all[len(all)-1]
}

func (w *world) invocations(function string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.events[function])
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// expire fires the timers that were set.
func (w *world) expire() {
	w.mu.Lock()
	pending := w.pending
	w.pending = nil
	w.mu.Unlock()
	for _, f := range pending {
		f()
	}
}

// wantError holds a gateway-made error against AWS's.
func (w *world) wantError(t testing.TB, got result, status int, message, reason string) {
	t.Helper()
	body := `{"message":"` + message + `"}`
	if got.status != status || got.body != body {
		t.Errorf("%d %s\nwant %d %s", got.status, got.body, status, body)
	}
	if got.header["Content-Type"] == nil || got.header["Content-Type"][0] != "application/json" {
		t.Errorf("Content-Type %q", got.header["Content-Type"])
	}
	// In lower case, to the letter: http.Header.Get would not tell.
	if id := got.raw("apigw-requestid"); len(id) != 1 || len(id[0]) != 16 || !strings.HasSuffix(id[0], "=") || got.raw("Apigw-Requestid") != nil {
		t.Errorf("request id %q among %v", id, got.header)
	}
	if trace := w.trace(); trace.Reason != reason || trace.Detail == "" || trace.Status != status {
		t.Errorf("trace %q (%s), status %d; want %q", trace.Reason, trace.Detail, trace.Status, reason)
	}
}

// indented makes JSON readable and keeps the order of its members.
func indented(t testing.TB, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, data, "", "  "); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return b.String() + "\n"
}
