package executeapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// TestCall is what TestInvokeMethod asks: one method of an API as it is now,
// without a stage.
type TestCall struct {
	API                *RESTDeployment // its ID is not used
	ResourceID, Method string
	PathWithQuery      string // empty: the resource's path
	Header             map[string][]string
	Body               string
	StageVariables     map[string]string
	Context            map[string]string // additional variables of $context; of an authorizer
	Caller             Identity          // who asks
	UserAgent          string
	Lesson             string
	Check              bool
}

// TestResult is the answer. Log is all that AWS says of how it came about.
type TestResult struct {
	Status  int
	Header  map[string][]string
	Body    string
	Log     string
	Latency time.Duration
}

// ErrNoMethod says that an API has no such resource, or that it has no such method.
var ErrNoMethod = errors.New("there is no such method")

// What a test is known by (public execution logs of TestInvokeMethod).
const (
	testStage  = "test-invoke-stage"
	testDomain = "testPrefix.testDomainName"
	testPrefix = "testPrefix"
	testKey    = "test-invoke-api-key"
	testKeyID  = "test-invoke-api-key-id"
	testSource = "test-invoke-source-ip"
)

// TestMethod runs one method. Authorizers and API keys are not asked for, as on
// AWS, and nothing of it goes to the stage's logs or the traces. The error is [ErrNoMethod], or that of ctx when the caller went away.
func (h *Handler) TestMethod(ctx context.Context, call TestCall) (TestResult, error) {
	api := compileREST(call.API)
	x, err := h.testExchange(ctx, api, call)
	if err != nil {
		return TestResult{}, err
	}
	func() {
		defer func() { x.rescue(recover(), x) }()
		x.execute()
	}()
	if x.result == nil {
		return TestResult{}, errors.Join(ctx.Err(), errors.New("the caller went away"))
	}
	header := map[string][]string{}
	x.result.header.write(header)
	return TestResult{Status: x.result.status, Header: header, Body: string(x.result.body), Log: x.testLog(), Latency: h.cfg.Clock().Sub(x.received)}, nil
}

// testExchange makes a test of a method.
func (h *Handler) testExchange(ctx context.Context, api *restAPI, call TestCall) (*restExchange, error) {
	res := api.byID(call.ResourceID)
	if res == nil || res.find(call.Method) == nil {
		return nil, ErrNoMethod
	}
	if call.PathWithQuery == "" {
		call.PathWithQuery = res.path
	}
	x := h.test(ctx, api, &call, testStage)
	x.resource, x.method = res, res.find(call.Method)
	x.trace.Route, x.trace.Resource = x.method.key+" "+res.path, res.path
	// What does not fit the resource's path gives no parameters (LocalStack's
	// test_invoke.py, from its tests on AWS).
	alone := &resourceNode{}
	alone.add(&resource{path: res.path, methods: res.methods})
	if found, parameters := alone.find(x.path); found != nil {
		x.parameters = parameters
	}
	return x, nil
}

// test makes a request that came from nowhere.
func (h *Handler) test(ctx context.Context, api *restAPI, call *TestCall, stage string) *restExchange {
	path, query, _ := strings.Cut(escapeTarget(call.PathWithQuery), "?")
	path = "/" + strings.TrimLeft(path, "/")
	header := http.Header{}
	for name, values := range call.Header {
		for _, value := range values {
			header.Add(name, value)
		}
	}
	r := (&http.Request{
		Method: call.Method, URL: &url.URL{Path: unescape(path), RawPath: path, RawQuery: query}, Header: header, Host: testDomain,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Body: http.NoBody, RemoteAddr: testSource,
	}).WithContext(ctx)
	x := &restExchange{exchange: h.exchange(nil, r, address{api: aws.ToString(api.from.API.Id), stage: stage, path: path, host: testDomain}), test: call, api: api}
	x.lesson, x.check = call.Lesson, call.Check
	x.trace.Lesson, x.trace.Check = call.Lesson, call.Check
	x.stageName, x.path, x.fullPath, x.variables = stage, path, path, call.StageVariables
	x.id, x.extendedID = h.newUUID(), h.newID()
	x.trace.RequestID, x.trace.Stage, x.trace.Path = x.id, stage, path
	x.body, x.identity = []byte(call.Body), &call.Caller
	x.describe()
	for name := range x.message.header { // nothing but what the call says
		if values, said := header[name]; said {
			x.message.header[name] = values
		} else {
			delete(x.message.header, name)
		}
	}
	header.Set("User-Agent", call.UserAgent)
	x.logs = executionLog{info: true, data: true, errors: true}
	return x
}

// escapeTarget escapes what no request line can hold, as a client does: the path
// may go on to an HTTP endpoint.
func escapeTarget(target string) string {
	var b strings.Builder
	for i := range len(target) {
		if c := target[i]; c <= ' ' || c >= 0x7f || c == '#' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

func (a *restAPI) byID(id string) *resource {
	for i := range a.from.Resources {
		if from := &a.from.Resources[i]; from.Id != nil && *from.Id == id {
			return newResource(a, from)
		}
	}
	return nil
}

// testLog writes the lines as TestInvokeMethod does.
func (x *restExchange) testLog() string {
	var b strings.Builder
	b.WriteString("Execution log for request " + x.id + "\n")
	for _, line := range x.logs.lines {
		b.WriteString(line.Time.UTC().Format("Mon Jan 02 15:04:05 UTC 2006") + " : " + line.Text + "\n")
	}
	return b.String()
}
