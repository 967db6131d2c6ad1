package executeapi_test

import (
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/executeapi"
)

// compare times requests through the data plane and through a bare net/http
// handler that does the same work, by turns, so that a machine's moods meet both.
// It reports the data plane's rate as a share of the bare handler's.
func compare(b *testing.B, ours, bare http.Handler, request func(base string) *http.Request) {
	b.Helper()
	took := [2]time.Duration{}
	var servers [2]*httptest.Server
	for i, handler := range []http.Handler{ours, bare} {
		servers[i] = httptest.NewServer(handler)
		defer servers[i].Close()
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	for b.Loop() {
		for i, server := range servers {
			began := time.Now()
			answer, err := client.Do(request(server.URL))
			if err != nil {
				b.Fatal(err)
			}
			if answer.StatusCode > 299 {
				b.Fatal(answer.Status)
			}
			_, _ = io.Copy(io.Discard, answer.Body)
			_ = answer.Body.Close()
			took[i] += time.Since(began)
		}
	}
	b.ReportMetric(float64(took[1])/float64(took[0]), "share-of-bare")
	b.ReportMetric(float64(took[0].Microseconds())/float64(b.N), "µs/request")
}

// benchWorld is a world with the real clock and what a stage of a course has.
func benchWorld(b *testing.B) *world {
	w := newWorld(b, func(cfg *executeapi.Config) {
		cfg.Clock, cfg.AfterFunc, cfg.Trace = time.Now, nil, func(executeapi.Trace) {}
		cfg.Random = rand.NewChaCha8([32]byte{})
	})
	return w
}

// lean is the world's functions without its notes, which would grow without end.
type lean struct{ payload []byte }

func (lean) MayInvoke(string, string, string, string) bool { return true }

func (l lean) Invoke(_ context.Context, in executeapi.Invocation) (executeapi.Reply, error) {
	if !json.Valid(in.Payload) {
		return executeapi.Reply{}, executeapi.ErrNoFunction
	}
	return executeapi.Reply{Payload: l.payload}, nil
}

func get(path string) func(string) *http.Request {
	return func(base string) *http.Request {
		r, _ := http.NewRequest(http.MethodGet, base+path, nil)
		r.Host = host
		return r
	}
}

// The data plane's own part of a request to a function: the function takes no
// time. The bare handler builds and reads the same JSON.
func BenchmarkLambdaRoute(b *testing.B) {
	payload := []byte(`{"statusCode":200,"headers":{"content-type":"application/json"},"body":"{\"message\":\"hello\"}"}`)
	w := newWorld(b, func(cfg *executeapi.Config) {
		cfg.Clock, cfg.AfterFunc, cfg.Random, cfg.Trace = time.Now, nil, nil, func(executeapi.Trace) {}
		cfg.Functions = lean{payload}
	})
	w.deploy(deployment("$default", "GET /helloworld"))
	bare := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		event, _ := json.Marshal(map[string]any{"rawPath": r.URL.Path, "headers": r.Header, "requestContext": map[string]any{"http": map[string]any{"method": r.Method, "path": r.URL.Path}}})
		reply, _ := lean{payload}.Invoke(r.Context(), executeapi.Invocation{Payload: event})
		var answer struct {
			StatusCode int
			Headers    map[string]string
			Body       string
		}
		_ = json.Unmarshal(reply.Payload, &answer)
		for name, value := range answer.Headers {
			rw.Header().Set(name, value)
		}
		rw.WriteHeader(answer.StatusCode)
		_, _ = io.WriteString(rw, answer.Body)
	})
	compare(b, w.Handler, bare, get("/helloworld"))
}

// The bare handler is net/http's own reverse proxy.
func BenchmarkHTTPProxy(b *testing.B) {
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 400)) }))
	defer upstream.Close()
	w := benchWorld(b)
	w.deploy(toURL(upstream.URL, "GET /a"))
	target, _ := url.Parse(upstream.URL)
	bare := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target); r.SetXForwarded() }}
	compare(b, w.Handler, bare, get("/a"))
}

func BenchmarkPreflight(b *testing.B) {
	w := benchWorld(b)
	configured(w, &types.Cors{AllowOrigins: []string{"https://www.example.com"}, AllowMethods: []string{"GET", "POST"}, AllowHeaders: []string{"authorization"}, MaxAge: aws.Int32(300)}, "GET /a")
	bare := http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		header := rw.Header()
		header.Set("Access-Control-Allow-Origin", "https://www.example.com")
		header.Set("Access-Control-Allow-Methods", "GET,POST")
		header.Set("Access-Control-Allow-Headers", "authorization")
		header.Set("Access-Control-Max-Age", "300")
		rw.WriteHeader(http.StatusNoContent)
	})
	compare(b, w.Handler, bare, func(base string) *http.Request {
		r, _ := http.NewRequest(http.MethodOptions, base+"/a", nil)
		r.Host = host
		r.Header.Set("Origin", "https://www.example.com")
		r.Header.Set("Access-Control-Request-Method", "POST")
		return r
	})
}

// A MOCK of a REST API: as much as the console's preflights need, no template that
// has to be worked out.
func BenchmarkMock(b *testing.B) {
	w := benchWorld(b)
	w.deployREST(restDeployment(map[string]rest.Method{"GET /pets": mock(`[{"id":1}]`)}))
	compare(b, w.Handler, bareJSON(`[{"id":1}]`), get("/PROD/pets"))
}

// What a cached authorizer adds to a MOCK: the bare handler is the same API without
// it. The policy has ten statements, of which the last one counts, and is IAM's to
// read; see BenchmarkPolicyDecides there.
func BenchmarkMockWithCachedAuthorizer(b *testing.B) {
	w, plain := benchWorld(b), benchWorld(b)
	plain.deployREST(restDeployment(map[string]rest.Method{"GET /pets": mock(`[{"id":1}]`)}))
	guarded := mock(`[{"id":1}]`)
	guarded.AuthorizationType, guarded.AuthorizerId = aws.String("CUSTOM"), aws.String("auth1")
	d := restDeployment(map[string]rest.Method{"GET /pets": guarded})
	d.Authorizers = []rest.Authorizer{tokenAuthorizer(nil)}
	w.deployREST(d)
	w.function(guard, `{"principalId":"p",`+policy("Allow", petsARN)+`,"context":{"a":"b"}}`)
	compare(b, w.Handler, plain.Handler, func(base string) *http.Request {
		r, _ := http.NewRequest(http.MethodGet, base+"/PROD/pets", nil)
		r.Host = host
		r.Header.Set("Authorization", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoic3R1ZGVudCJ9.0000000000000000000000000000000000000000000")
		return r
	})
	if w.invocations(guard) != 1 {
		b.Errorf("the authorizer was asked %d times", w.invocations(guard))
	}
}

// The same with a canary and a template that looks at the request.
func BenchmarkMockWithTemplate(b *testing.B) {
	w := benchWorld(b)
	s := w.deployREST(restDeployment(map[string]rest.Method{"GET /pets": mock(`{"canary":"$context.isCanaryRequest","color":"$stageVariables.color"}`)}))
	s.settings.Variables = map[string]string{"color": "blue"}
	s.settings.CanarySettings, s.canary = &rest.CanarySettings{PercentTraffic: 50}, s.deployment
	compare(b, w.Handler, bareJSON(`{"canary":"false","color":"blue"}`), get("/PROD/pets"))
}

func bareJSON(body string) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(rw, body)
	})
}
