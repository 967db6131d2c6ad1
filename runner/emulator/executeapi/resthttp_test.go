package executeapi_test

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// seen is what an upstream was sent.
type seen struct {
	Method, Target, Body, Host string
	Header                     http.Header
}

// jsonEcho is an upstream that answers what it was sent.
func jsonEcho(t testing.TB) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Upstream", "yes")
		w.Header().Set("Server", "Jetty(9.2.9.v20150224)")
		w.Header().Set("X-Amzn-Requestid", "of-the-upstream")
		w.Header().Set("Access-Control-Allow-Origin", "https://upstream.example")
		status := http.StatusOK
		if strings.Contains(r.URL.RawQuery, "status=404") {
			status = http.StatusNotFound
		}
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(seen{r.Method, r.RequestURI, string(body), r.Host, r.Header})
	}))
	t.Cleanup(server.Close)
	return server
}

func httpMethod(kind rest.IntegrationType, uri string, parameters map[string]string) rest.Method {
	return method(&rest.Integration{Type: kind, HttpMethod: aws.String("GET"), Uri: &uri, RequestParameters: parameters, PassthroughBehavior: aws.String("WHEN_NO_MATCH"), IntegrationResponses: passing()})
}

func (r result) seen(t testing.TB) seen {
	t.Helper()
	var s seen
	if err := json.Unmarshal([]byte(r.body), &s); err != nil {
		t.Fatalf("%+v: %v", r, err)
	}
	return s
}

// An HTTP integration sends what is mapped and nothing else, as the console's
// PetStore has it.
func TestAnHTTPIntegration(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	w := restWorld(t, map[string]rest.Method{
		"GET /pets": httpMethod(rest.IntegrationTypeHttp, upstream.URL+"/petstore/pets?v=1", map[string]string{
			"integration.request.querystring.type": "method.request.querystring.type", "integration.request.querystring.page": "method.request.querystring.page",
			"integration.request.header.X-Stage": "context.stage", "integration.request.header.X-Literal": "'a b'", "integration.request.header.X-All": "method.request.multivalueheader.X-Many",
			"integration.request.querystring.tag": "method.request.multivaluequerystring.tag", "integration.request.header.X-Variable": "stageVariables.color",
		}),
		"GET /pets/{petId}": httpMethod(rest.IntegrationTypeHttp, upstream.URL+"/petstore/pets/{petId}", map[string]string{"integration.request.path.petId": "method.request.path.petId"}),
		"GET /v/{q}":        httpMethod(rest.IntegrationTypeHttp, "http://${stageVariables.host}/${stageVariables.path}/{q}", map[string]string{"integration.request.path.q": "method.request.querystring.q"}),
	})
	w.rest["PROD"].settings.Variables = map[string]string{"color": "blue", "host": strings.TrimPrefix(upstream.URL, "http://"), "path": "deep/er"}
	r := request(http.MethodGet, "/PROD/pets?type=cat%26dog&tag=1&tag=2&secret=x", "")
	r.Header.Set("X-Secret", "x")
	r.Header.Set("Cookie", "a=b")
	r.Header["X-Many"] = []string{"1", "2"}
	got := w.do(r)
	s := got.seen(t)
	if got.status != 200 || s.Method != http.MethodGet || s.Target != "/petstore/pets?v=1&tag=1&tag=2&type=cat%26dog" || s.Body != "" {
		t.Errorf("%d %+v", got.status, s)
	}
	for name, want := range map[string]string{
		"X-Stage": "PROD", "X-Literal": "a b", "X-All": "1,2", "X-Variable": "blue", "X-Secret": "", "Cookie": "", "Accept": "application/json", "User-Agent": "AmazonAPIGateway_" + apiID,
		"X-Amzn-Apigateway-Api-Id": apiID, "Content-Type": "", "Accept-Encoding": "", "X-Forwarded-For": "",
	} {
		if v := s.Header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	if !strings.HasPrefix(s.Header.Get("X-Amzn-Trace-Id"), "Root=1-") {
		t.Errorf("%v", s.Header)
	}
	// The answer's headers are what is mapped: nothing.
	if got.header.Get("X-Upstream") != "" || got.header.Get("Access-Control-Allow-Origin") != "" || got.header.Get("Content-Type") != "application/json" || !strings.HasPrefix(got.raw("X-Amzn-Trace-Id")[0], "Root=1-") {
		t.Errorf("%v", got.header)
	}
	if s := w.get("/PROD/pets/a%20b%2Fc").seen(t); s.Target != "/petstore/pets/a%20b%2Fc" {
		t.Errorf("%+v", s)
	}
	if s := w.get("/PROD/v/x?q=a/b%20c").seen(t); s.Target != "/deep/er/a%2Fb%20c" {
		t.Errorf("%+v", s)
	}
	if in := w.trace().Integration; in.Kind != "HTTP" || in.Status != 200 || !strings.HasPrefix(in.Target, upstream.URL) {
		t.Errorf("%+v", in)
	}
}

// Every status becomes the default's unless a pattern says otherwise; bodies pass.
func TestAnHTTPIntegrationsStatus(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	m := httpMethod(rest.IntegrationTypeHttp, upstream.URL+"/", map[string]string{"integration.request.querystring.status": "method.request.querystring.status"})
	w := restWorld(t, map[string]rest.Method{"GET /": m})
	if got := w.get("/PROD?status=404"); got.status != 200 || got.seen(t).Target != "/?status=404" {
		t.Errorf("%+v", got)
	}
	m.MethodIntegration.IntegrationResponses["410"] = rest.IntegrationResponse{
		StatusCode: aws.String("410"), SelectionPattern: aws.String("4.."),
		ResponseParameters: map[string]string{
			"method.response.header.X-From": "integration.response.header.X-Upstream", "method.response.header.X-Body": "integration.response.body.Target",
			"method.response.header.WWW-Authenticate": "'Basic'", "method.response.header.X-Nothing": "integration.response.body.none",
		},
		ResponseTemplates: map[string]string{"application/json": `{"gone":$input.json('$.Target'),"was":"$input.path('$').Method"}`},
	}
	m.MethodResponses["410"] = rest.MethodResponse{}
	w = restWorld(t, map[string]rest.Method{"GET /": m})
	got := w.get("/PROD?status=404")
	if got.status != 410 || got.body != `{"gone":"/?status=404","was":"GET"}` || got.header.Get("X-From") != "yes" || got.header.Get("X-Body") != "/?status=404" || got.raw("x-amzn-Remapped-WWW-Authenticate") == nil || got.header.Get("X-Nothing") != "" {
		t.Errorf("%+v", got)
	}
}

func TestAnHTTPProxy(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	m := httpMethod(rest.IntegrationTypeHttpProxy, upstream.URL+"/site/{proxy}?v=1", map[string]string{
		"integration.request.path.proxy": "method.request.path.proxy", "integration.request.header.X-Stage": "context.stage", "integration.request.querystring.more": "'yes'",
	})
	m.MethodIntegration.HttpMethod = aws.String("ANY")
	w := restWorld(t, map[string]rest.Method{"ANY /api/{proxy+}": m})
	r := request(http.MethodPost, "/PROD/api/a/b%20c?x=1&x=2", "the body")
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("User-Agent", "curl/8")
	r.Header.Set("X-Own", "own")
	r.Header.Set("X-Awslab-Check", "1")
	got := w.do(r)
	s := got.seen(t)
	if got.status != 200 || s.Method != http.MethodPost || s.Target != "/site/a/b%20c?v=1&x=1&x=2&more=yes" || s.Body != "the body" || s.Host != strings.TrimPrefix(upstream.URL, "http://") {
		t.Errorf("%d %+v", got.status, s)
	}
	for name, want := range map[string]string{"Content-Type": "text/plain", "User-Agent": "curl/8", "X-Own": "own", "X-Stage": "PROD", "X-Awslab-Check": "", "X-Forwarded-For": "203.0.113.7"} {
		if v := s.Header.Get(name); v != want {
			t.Errorf("%s: %q, want %q", name, v, want)
		}
	}
	for name, want := range map[string]string{"X-Upstream": "yes", "Access-Control-Allow-Origin": "https://upstream.example", "x-amzn-Remapped-Server": "Jetty(9.2.9.v20150224)", "x-amzn-Remapped-x-amzn-RequestId": "of-the-upstream"} {
		if v := got.raw(name); len(v) != 1 || v[0] != want {
			t.Errorf("%s: %q, want %q; %v", name, v, want, got.header)
		}
	}
	if got.raw("x-amzn-Remapped-Date") == nil || got.raw("x-amzn-Remapped-Content-Length") == nil || got.raw("X-Amzn-Trace-Id") != nil {
		t.Errorf("%v", got.header)
	}
	wantIDs(t, got)
	if got := w.get("/PROD/api/x?status=404"); got.status != 404 {
		t.Errorf("the status passes: %+v", got)
	}
	if s := w.do(request(http.MethodGet, "/PROD/api/x", "not sent")).seen(t); s.Body != "" {
		t.Errorf("%+v", s)
	}
}

// What cannot be reached, hangs or talks rubbish has AWS's answers.
func TestRESTUpstreamsThatFail(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing := "http://" + listener.Addr().String()
	_ = listener.Close()
	rubbish := raw(t, "what is this?\r\n\r\n")
	short := raw(t, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
	large := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 10<<20+1)) }))
	t.Cleanup(large.Close)
	for name, tt := range map[string]struct {
		uri             string
		status          int
		message, reason string
	}{
		"refusing":   {refusing, 504, "Network error communicating with endpoint", "unreachable"},
		"rubbish":    {rubbish, 504, "Network error communicating with endpoint", "unreachable"},
		"short":      {short, 504, "Network error communicating with endpoint", "unreachable"},
		"large":      {large.URL, 500, "Internal server error", "response-too-large"},
		"no URL":     {"gopher://x", 500, "Internal server error", "bad-integration-uri"},
		"no host":    {"http://${stageVariables.none}/", 500, "Internal server error", "bad-integration-uri"},
		"not parsed": {"http://a b/%zz", 500, "Internal server error", "bad-integration-uri"},
	} {
		for _, kind := range []rest.IntegrationType{rest.IntegrationTypeHttp, rest.IntegrationTypeHttpProxy} {
			w := restWorld(t, map[string]rest.Method{"GET /": httpMethod(kind, tt.uri, nil)})
			t.Log(name, kind)
			w.wantREST(t, w.get("/PROD"), tt.status, "InternalServerErrorException", `{"message": "`+tt.message+`"}`, tt.reason)
		}
	}
}

// raw is a server that says one thing to everybody.
func raw(t *testing.T, text string) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1024))
			_, _ = io.WriteString(c, text)
			_ = c.Close()
		}
	}()
	return "http://" + listener.Addr().String()
}

func TestARESTUpstreamThatHangs(t *testing.T) {
	t.Parallel()
	w := restWorld(t, nil)
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		go w.expire()
		<-r.Context().Done()
	}))
	t.Cleanup(hang.Close)
	w.deployREST(restDeployment(map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttp, hang.URL, nil)}))
	w.wantREST(t, w.get("/PROD"), 504, "InternalServerErrorException", `{"message": "Endpoint request timed out"}`, "timeout")
}

// An upstream that changes the protocol is none, and keeps nobody: such a
// connection has no end of its own.
func TestAnUpstreamThatSwitchesProtocols(t *testing.T) {
	t.Parallel()
	for _, status := range []string{"101 Switching Protocols", "099 Odd"} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			c, err := listener.Accept()
			if err != nil {
				return
			}
			defer func() { _ = c.Close() }()
			_, _ = c.Read(make([]byte, 1024))
			_, _ = io.WriteString(c, "HTTP/1.1 "+status+"\r\nConnection: Upgrade\r\nUpgrade: x\r\nContent-Length: 0\r\n\r\n")
			_, _ = io.Copy(io.Discard, c) // until the gateway closes it
		}()
		w := restWorld(t, map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttpProxy, "http://"+listener.Addr().String(), nil)})
		done := make(chan result, 1)
		go func() { done <- w.get("/PROD") }()
		select {
		case got := <-done:
			w.wantREST(t, got, 504, "InternalServerErrorException", `{"message": "Network error communicating with endpoint"}`, "unreachable")
		case <-time.After(10 * time.Second):
			t.Fatal(status, "keeps the request")
		}
		w.Close()
		<-closed
	}
}

// A body that is compressed passes with the header that says so: without it no
// client could read it.
func TestACompressedAnswerPasses(t *testing.T) {
	t.Parallel()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", r.Header.Get("Accept-Encoding"))
		_, _ = w.Write([]byte("\x1f\x8b"))
	}))
	t.Cleanup(upstream.Close)
	w := restWorld(t, map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttpProxy, upstream.URL, nil)})
	r := request(http.MethodGet, "/PROD", "")
	r.Header.Set("Accept-Encoding", "gzip")
	if got := w.do(r); got.header.Get("Content-Encoding") != "gzip" || got.body != "\x1f\x8b" {
		t.Errorf("%+v", got)
	}
}

// Upstream and Reach are the only doors.
func TestRESTReach(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	w := restWorld(t, map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttpProxy, upstream.URL, nil)})
	r := request(http.MethodGet, "/PROD", "")
	r.Header.Set("X-Awslab-Lesson", "canary/call")
	w.wantREST(t, w.do(r), 504, "InternalServerErrorException", `{"message": "Network error communicating with endpoint"}`, "out-of-reach")
	asked := ""
	w = newWorld(t, func(cfg *executeapi.Config) {
		cfg.Reach = func(lesson string, u *url.URL) error { asked = lesson + " " + u.Host; return nil }
		cfg.Upstream = roundTripper(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader("from files: " + r.URL.Path))}, nil
		})
	})
	w.deployREST(restDeployment(map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttpProxy, "https://petstore.swagger.io/v2/pet", nil)}))
	if got := w.do(r); got.body != "from files: /v2/pet" || asked != "canary/call petstore.swagger.io" {
		t.Errorf("%+v, %s", got, asked)
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// An API that calls itself is stopped; others see no mark of that.
func TestARESTAPIThatCallsItself(t *testing.T) {
	t.Parallel()
	w := restWorld(t, nil)
	server := httptest.NewServer(w.Handler)
	t.Cleanup(server.Close)
	w.deployREST(restDeployment(map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttpProxy, server.URL+"/_aws/execute-api/"+apiID+"/PROD/", nil)}))
	if got := w.get("/PROD"); got.status != 500 {
		t.Errorf("%+v", got)
	}
	loops := 0
	for _, trace := range w.traces {
		if trace.Reason == "loop" {
			loops++
		}
	}
	if loops != 1 || len(w.traces) > 20 {
		t.Errorf("%d requests, %d loops", len(w.traces), loops)
	}
}

// Templates may override what the request says, and what the answer will say.
func TestOverrides(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	m := httpMethod(rest.IntegrationTypeHttp, upstream.URL+"/{id}", map[string]string{"integration.request.path.id": "'mapped'", "integration.request.header.x-a": "'mapped'"})
	m.MethodIntegration.HttpMethod = aws.String("POST")
	m.MethodIntegration.RequestTemplates = map[string]string{"application/json": `#set($context.requestOverride.path.id = "over/ridden")#set($context.requestOverride.header.x-a = "overridden")#set($context.requestOverride.querystring.q = "1 2")#set($context.responseOverride.header.X-Early = "early"){"name":$input.json('$.name')}`}
	m.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"application/json": `#set($context.responseOverride.status = 201)#set($context.responseOverride.header.x-late = "late")$input.body`}}
	w := restWorld(t, map[string]rest.Method{"POST /": m})
	got := w.post("/PROD", "application/json", `{"name":"Rex","more":1}`)
	s := got.seen(t)
	if got.status != 201 || s.Target != "/over%2Fridden?q=1+2" || s.Header.Get("X-A") != "overridden" || s.Body != `{"name":"Rex"}` || got.header.Get("X-Early") != "early" || got.raw("x-late") == nil {
		t.Errorf("%+v\n%+v", got, s)
	}
}

func TestTemplatesThatFail(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	for _, template := range []string{"#if($x", "#foreach($i in [1..100000000])x#end"} {
		m := httpMethod(rest.IntegrationTypeHttp, upstream.URL, nil)
		m.MethodIntegration.RequestTemplates = map[string]string{"application/json": template}
		w := restWorld(t, map[string]rest.Method{"GET /": m})
		w.wantREST(t, w.get("/PROD"), 500, "InternalServerErrorException", executionError, "bad-template")
		m = httpMethod(rest.IntegrationTypeHttp, upstream.URL, nil)
		m.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), ResponseTemplates: map[string]string{"application/json": template}}
		w = restWorld(t, map[string]rest.Method{"GET /": m})
		w.wantREST(t, w.get("/PROD"), 500, "InternalServerErrorException", executionError, "bad-template")
	}
}

func TestMappingsThatCannotBe(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	for header, want := range map[string]int{"Content-Length": 500, "X-Amzn-Trace-Id": 500, "Authorization": 200} {
		w := restWorld(t, map[string]rest.Method{"POST /": httpMethod(rest.IntegrationTypeHttp, upstream.URL, map[string]string{"integration.request.header." + header: "'x'"})})
		if got := w.post("/PROD", "application/json", ""); got.status != want {
			t.Errorf("%s: %+v", header, got)
		}
	}
	w := restWorld(t, map[string]rest.Method{"POST /": httpMethod(rest.IntegrationTypeHttp, upstream.URL, map[string]string{"integration.request.header.x-name": "method.request.body.pets[0].name"})})
	if s := w.post("/PROD", "application/json", `{"pets":[{"name":"Rex"}]}`).seen(t); s.Header.Get("X-Name") != "Rex" {
		t.Errorf("%+v", s)
	}
	if s := w.post("/PROD", "text/plain", "no JSON at all").seen(t); s.Header.Get("X-Name") != "" {
		t.Errorf("%+v", s)
	}
	w.wantREST(t, w.post("/PROD", "application/json", `{"pets":`), 400, "BadRequestException", `{"message": "Invalid JSON in request body"}`, "invalid-body")
}

// Between text and binary, by the guide's tables.
func TestBinaryPayloads(t *testing.T) {
	t.Parallel()
	const png = "\x89PNG\x00"
	const coded = "iVBORwA="
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", r.URL.Query().Get("type"))
		_, _ = w.Write(body)
	}))
	t.Cleanup(upstream.Close)
	for _, tt := range []struct {
		sentKind, sent            string
		request, response         rest.ContentHandlingStrategy
		answerKind, accept, wants string
	}{
		{"image/png", png, "", "", "image/png", "image/png", png},
		{"image/png", png, "CONVERT_TO_TEXT", "", "text/plain", "", coded},
		{"text/plain", coded, "CONVERT_TO_BINARY", "", "image/png", "image/png", png},
		{"image/png", png, "", "", "image/png", "text/plain", coded},
		{"image/png", png, "", "CONVERT_TO_BINARY", "image/png", "text/plain", png},
		{"text/plain", coded, "", "", "text/plain", "image/png", png},
		{"text/plain", coded, "", "CONVERT_TO_TEXT", "text/plain", "image/png", coded},
		{"image/png", png, "", "CONVERT_TO_TEXT", "image/png", "image/png;q=1, */*", coded},
		{"text/plain", "text", "", "", "text/plain", "*/*", "text"},
	} {
		m := httpMethod(rest.IntegrationTypeHttp, upstream.URL+"?type="+tt.answerKind, nil)
		m.MethodIntegration.HttpMethod, m.MethodIntegration.ContentHandling = aws.String("POST"), tt.request
		m.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), ContentHandling: tt.response}
		d := restDeployment(map[string]rest.Method{"POST /": m})
		d.API.BinaryMediaTypes = []string{"image/*", "application/pdf"}
		w := newWorld(t, nil)
		w.deployREST(d)
		r := request(http.MethodPost, "/PROD", tt.sent)
		r.Header.Set("Content-Type", tt.sentKind)
		if tt.accept != "" {
			r.Header.Set("Accept", tt.accept)
		}
		if got := w.do(r); got.body != tt.wants {
			t.Errorf("%+v: %q", tt, got.body)
		}
	}
}

// A client that goes away gets nothing, and its upstream is let go.
func TestARESTClientThatGoesAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	hang := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	t.Cleanup(hang.Close)
	w := restWorld(t, map[string]rest.Method{"GET /": httpMethod(rest.IntegrationTypeHttpProxy, hang.URL, nil)})
	recorder := httptest.NewRecorder()
	w.ServeHTTP(recorder, request(http.MethodGet, "/PROD", "").WithContext(ctx))
	if trace := w.trace(); trace.Reason != "client-gone" || trace.Status != 0 || recorder.Body.Len() > 0 {
		t.Errorf("%+v, %q", trace, recorder.Body)
	}
}

// However a mapping and a body look, the answer is one that can be sent.
func FuzzResponseMapping(f *testing.F) {
	for _, seed := range [][2]string{{"integration.response.body.a.b[0]", `{"a":{"b":["c"]}}`}, {"integration.response.body", "\r\nX: y"}, {"'literal'", ""}, {"context.identity.sourceIp", "{"}, {"integration.response.body.$..x", "[]"}, {"integration.response.header.X", "null"}} {
		f.Add(seed[0], seed[1])
	}
	body := ""
	w := newWorld(f, func(cfg *executeapi.Config) {
		cfg.Upstream = roundTripper(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"X": {"y"}}, Body: io.NopCloser(strings.NewReader(body))}, nil
		})
	})
	f.Fuzz(func(t *testing.T, expression, answer string) {
		body = answer
		m := httpMethod(rest.IntegrationTypeHttp, "http://upstream.example/", nil)
		m.MethodIntegration.IntegrationResponses["200"] = rest.IntegrationResponse{StatusCode: aws.String("200"), ResponseParameters: map[string]string{"method.response.header.X-Mapped": expression}}
		d := restDeployment(map[string]rest.Method{"GET /": m})
		d.GatewayResponses = []rest.GatewayResponse{{ResponseType: rest.GatewayResponseTypeDefault4xx, ResponseTemplates: map[string]string{"application/json": expression}, ResponseParameters: map[string]string{"gatewayresponse.header.X-Mapped": expression}}}
		w.deployREST(d)
		for _, target := range []string{"/PROD", "/PROD/none"} {
			got := w.get(target)
			if value := got.header.Get("X-Mapped"); strings.ContainsAny(value, "\r\n\x00") {
				t.Errorf("%q", value)
			}
			if got.status != 200 && got.status != 500 && got.status != 403 {
				t.Errorf("%+v", got)
			}
		}
		w.traces = nil
	})
}
