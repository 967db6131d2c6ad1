package executeapi_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/executeapi"
)

// toURL is an API whose routes lead to an HTTP upstream.
func toURL(uri string, keys ...string) *executeapi.Deployed {
	d := deployment("$default", keys...)
	d.Integrations = []types.Integration{{
		IntegrationId: aws.String("int1"), IntegrationType: types.IntegrationTypeHttpProxy, PayloadFormatVersion: aws.String("1.0"),
		IntegrationUri: aws.String(uri), IntegrationMethod: aws.String("ANY"),
	}}
	return d
}

// echo answers with what it was asked.
func echo(t *testing.T) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("X-Upstream", "1")
		w.Header().Add("Set-Cookie", "a=1")
		w.Header().Add("Set-Cookie", "b=2")
		w.WriteHeader(http.StatusTeapot)
		fmt.Fprintf(w, "%s %s\n%s\n", r.Method, r.RequestURI, body)
		_ = r.Header.Write(w)
	}))
	t.Cleanup(server.Close)
	return server
}

func TestForwarding(t *testing.T) {
	t.Parallel()
	upstream := echo(t)
	for _, tt := range []struct{ uri, key, target, want string }{
		{"/base", "GET /a", "/a?x=1&y=%20", "/base?x=1&y=%20"},
		{"/base?k=v", "GET /a", "/a?x=1", "/base?k=v&x=1"},
		{"/{proxy}", "ANY /{proxy+}", "/a/b%20c", "/a/b%20c"},
		{"/{proxy+}", "ANY /{proxy+}", "/a/b%20c", "/a/b%20c"},
		{"/pets/{id}", "GET /pets/{id}", "/pets/a%2Fb", "/pets/a%2Fb"},
		{"", "$default", "/store/checkout?x=1", "/store/checkout?x=1"},
		{"/base/", "$default", "/a%2Fb", "/base/a%2Fb"},
		{"/${stageVariables.v}", "GET /a", "/a", "/prod"},
	} {
		w := newWorld(t, nil)
		d := toURL(upstream.URL+tt.uri, tt.key)
		d.Stage.StageVariables = map[string]string{"v": "prod"}
		w.deploy(d)
		got := w.get(tt.target)
		if first, _, _ := strings.Cut(got.body, "\n"); got.status != http.StatusTeapot || first != "GET "+tt.want {
			t.Errorf("%s for %s: %d %s, want %s (%s)", tt.uri, tt.target, got.status, first, tt.want, w.trace().Detail)
		}
		if in := w.trace().Integration; in == nil || in.Status != http.StatusTeapot || strings.Contains(in.Target, "?") {
			t.Errorf("%+v", in)
		}
	}
}

// Headers go both ways, but for those of one connection and awslab's own.
func TestHeadersOfForwardedRequests(t *testing.T) {
	t.Parallel()
	upstream := echo(t)
	w := newWorld(t, nil)
	w.deploy(toURL(upstream.URL, "POST /a"))
	r := request(http.MethodPost, "/a", "hello")
	r.Header.Set("X-A", "1")
	r.Header.Set("X-Awslab-Check", "1")
	r.Header.Set("Connection", "X-A")
	got := w.do(r)
	for _, want := range []string{
		"POST / \nhello\n", "X-A: 1\r\n", "Content-Length: 5\r\n", "Via: HTTP/1.1 AmazonAPIGateway\r\n", "X-Amzn-Trace-Id: Root=1-",
		"Forwarded: by=127.0.0.1;for=203.0.113.7;host=" + host + ";proto=http\r\n",
	} {
		if want := strings.Replace(want, "/ \n", "/\n", 1); !strings.Contains(got.body, want) {
			t.Errorf("%q is not in %q", want, got.body)
		}
	}
	for _, absent := range []string{"Awslab", "X-Forwarded", "Go-http-client", "Connection"} {
		if strings.Contains(got.body, absent) {
			t.Errorf("%q is in %q", absent, got.body)
		}
	}
	if got.header.Get("X-Upstream") != "1" || len(got.header["Set-Cookie"]) != 2 || got.header.Get("Apigw-Requestid") == "" {
		t.Errorf("%v", got.header)
	}
}

func TestUpstreamsThatFail(t *testing.T) {
	t.Parallel()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		fmt.Fprint(w, "short")
	}))
	t.Cleanup(broken.Close)
	huge := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.CopyN(w, zeros{}, 10<<20+1)
	}))
	t.Cleanup(huge.Close)
	rubbish := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		c, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			fmt.Fprint(c, "rubbish\r\n\r\n")
			_ = c.Close()
		}
	}))
	t.Cleanup(rubbish.Close)
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for name, tt := range map[string]struct {
		uri, reason, message string
		status               int
	}{
		"refused": {closed.URL, "unreachable", "Service Unavailable", 503},
		"breaks":  {broken.URL, "unreachable", "Service Unavailable", 503},
		"rubbish": {rubbish.URL, "unreachable", "Service Unavailable", 503},
		"huge":    {huge.URL, "response-too-large", "Internal Server Error", 500},
		"no URL":  {"ftp://x", "bad-integration-uri", "Internal Server Error", 500},
		"nothing": {"http://", "bad-integration-uri", "Internal Server Error", 500},
	} {
		w := newWorld(t, nil)
		w.deploy(toURL(tt.uri, "GET /a"))
		t.Run(name, func(t *testing.T) { w.wantError(t, w.get("/a"), tt.status, tt.message, tt.reason) })
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// An upstream that hangs is given up, and hears of it.
func TestAnUpstreamThatHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	gone := make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		w.expire()
		<-r.Context().Done()
		close(gone)
	}))
	t.Cleanup(hangs.Close)
	w.deploy(toURL(hangs.URL, "GET /a"))
	w.wantError(t, w.get("/a"), 503, "Service Unavailable", "timeout")
	<-gone
}

func TestAClientThatLeavesAnUpstream(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan struct{})
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
		close(gone)
	}))
	t.Cleanup(hangs.Close)
	w.deploy(toURL(hangs.URL, "GET /a"))
	w.do(request(http.MethodGet, "/a", "").WithContext(ctx))
	if w.trace().Reason != "client-gone" {
		t.Errorf("%+v", w.trace())
	}
	<-gone
}

// A lesson's requests do not get out through an API, the student's do.
func TestReach(t *testing.T) {
	t.Parallel()
	upstream := echo(t)
	w := newWorld(t, nil)
	w.deploy(toURL(upstream.URL, "GET /a"))
	if got := w.get("/a"); got.status != http.StatusTeapot {
		t.Errorf("%+v", got)
	}
	r := request(http.MethodGet, "/a", "")
	r.Header.Set("X-Awslab-Lesson", "foreign/step")
	w.wantError(t, w.do(r), 503, "Service Unavailable", "out-of-reach")
	w = newWorld(t, func(cfg *executeapi.Config) {
		cfg.Reach = func(_ string, u *url.URL) error { return errors.New(u.Host + " is out of reach") }
	})
	w.deploy(toURL(upstream.URL, "GET /a"))
	w.wantError(t, w.get("/a"), 503, "Service Unavailable", "out-of-reach")
}

// The upstream hears its own name, unless a parameter gives another.
func TestTheHostThatAnUpstreamHears(t *testing.T) {
	t.Parallel()
	hosts := make(chan string, 2)
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { hosts <- r.Host }))
	t.Cleanup(upstream.Close)
	w := newWorld(t, nil)
	d := toURL(upstream.URL, "GET /a")
	w.deploy(d)
	w.get("/a")
	if got := <-hosts; "http://"+got != upstream.URL {
		t.Errorf("host %s", got)
	}
	d = toURL(upstream.URL, "GET /a")
	d.Integrations[0].RequestParameters = map[string]string{"overwrite:header.host": "other.example"}
	w.deploy(d)
	w.get("/a")
	if got := <-hosts; got != "other.example" {
		t.Errorf("host %s", got)
	}
}

// An API that calls itself stops soon.
func TestAnAPIThatCallsItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	self := httptest.NewServer(w.Handler)
	t.Cleanup(self.Close)
	w.deploy(toURL(self.URL+"/_aws/execute-api/"+apiID+"/$default/a", "GET /a"))
	if got := w.get("/a"); got.status != 500 {
		t.Errorf("%+v", got)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if n := len(w.traces); n < 2 || n > 10 || w.traces[0].Reason != "loop" {
		t.Errorf("%d requests, the innermost %+v", n, w.traces[0])
	}
}
