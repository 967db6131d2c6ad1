package playground_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	gatewaytypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/check/cors"
	"awslab/runner/playground"
	"awslab/runner/text"
)

// matrix is one emulator with the APIs of the matrix, and the page over it by all
// its names.
type matrix struct {
	*world
	port    string // the emulator's
	page    string // the page's port
	backend *backend
	// http are the HTTP APIs by the name of their setting.
	http   map[string]string
	client *http.Client
}

// newMatrix serves the page first, since the APIs name its origins.
func newMatrix(t testing.TB) *matrix {
	t.Helper()
	m := &matrix{world: openHome(t), http: map[string]string{}, backend: newBackend(t)}
	said, err := text.For("en")
	if err != nil {
		t.Fatal(err)
	}
	address := serve(t, playground.New(playground.Config{Text: said, Source: m.world, Emulator: m.target.Endpoint, Patience: 2 * time.Second}))
	m.page = address[strings.LastIndexByte(address, ':')+1:]
	m.port = m.target.Endpoint[strings.LastIndexByte(m.target.Endpoint, ':')+1:]
	m.importREST(t)
	m.createHTTP(t)
	m.client = &http.Client{
		Transport: &http.Transport{DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var dialer net.Dialer
			return dialer.DialContext(ctx, network, "127.0.0.1:"+m.port)
		}},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.Cleanup(m.client.CloseIdleConnections)
	return m
}

// origin is a page's, by its host: localhost, shop.localhost, 127.0.0.1; null is the frame's.
func (m *matrix) origin(host string) string {
	if host == cors.Null {
		return host
	}
	return "http://" + host + ":" + m.page
}

// rest is a URL of the REST API's on the API's own host.
func (m *matrix) rest(path string) string {
	return "http://" + m.api + ".execute-api.localhost:" + m.port + "/PROD" + path
}

// byPath is the same by path, so of another origin.
func (m *matrix) byPath(host, path string) string {
	return "http://" + host + ":" + m.port + "/_aws/execute-api/" + m.api + "/PROD" + path
}

// importREST makes the REST API from the settings: MOCKs of "Enable CORS" gone right
// and wrong, and a proxy to the backend.
func (m *matrix) importREST(t testing.TB) {
	t.Helper()
	client := apigateway.NewFromConfig(m.target.AWS())
	var document map[string]any
	if err := json.Unmarshal(definition(t, m.settings()), &document); err != nil {
		t.Fatal(err)
	}
	paths, _ := document["paths"].(map[string]any)
	proxy := func(target string) map[string]any {
		return map[string]any{"x-amazon-apigateway-any-method": map[string]any{
			"responses": map[string]any{}, "x-amazon-apigateway-integration": map[string]any{"type": "http_proxy", "httpMethod": "ANY", "uri": target},
		}}
	}
	paths["/proxy"] = proxy(m.backend.URL)
	paths["/unreachable"] = proxy(deadEnd(t))
	data, err := json.Marshal(document)
	if err != nil {
		t.Fatal(err)
	}
	api, err := client.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: data, Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	if err != nil {
		t.Fatal(err)
	}
	m.api = *api.Id
	// One stage answers for the gateway itself without CORS headers, the other with.
	for _, stage := range []string{"PROD", "PATIENT"} {
		if stage == "PATIENT" {
			for _, kind := range []gatewaytypes.GatewayResponseType{"DEFAULT_4XX", "DEFAULT_5XX"} {
				_, err := client.PutGatewayResponse(t.Context(), &apigateway.PutGatewayResponseInput{
					RestApiId: api.Id, ResponseType: kind, ResponseParameters: map[string]string{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"},
				})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, err := client.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String(stage)}); err != nil {
			t.Fatal(err)
		}
	}
}

// createHTTP makes an HTTP API of every setting, all of them before the backend.
func (m *matrix) createHTTP(t testing.TB) {
	t.Helper()
	client := apigatewayv2.NewFromConfig(m.target.AWS())
	settings := m.httpSettings()
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		api, err := client.CreateApi(t.Context(), &apigatewayv2.CreateApiInput{
			Name: aws.String(name), ProtocolType: types.ProtocolTypeHttp, CorsConfiguration: settings[name], Target: aws.String(m.backend.URL + "?case=star"),
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		m.http[name] = "http://" + *api.ApiId + ".execute-api.localhost:" + m.port + "/pets"
	}
}

// Answer asks the emulator as the browser would, so that a verdict needs no browser.
func (m *matrix) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	u, err := url.Parse(sent.URL)
	if err != nil {
		return cors.Answer{}, err
	}
	if u.Port() != m.port {
		return cors.Answer{}, errors.New("connection refused") // to what nobody listens
	}
	request, err := http.NewRequestWithContext(ctx, sent.Method, sent.URL, nil)
	if err != nil {
		return cors.Answer{}, err
	}
	request.Header = sent.Header
	answer, err := m.client.Do(request)
	if err != nil {
		return cors.Answer{}, err
	}
	defer func() { _ = answer.Body.Close() }()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return cors.Answer{}, err
	}
	// What the transport took apart, the browser sees.
	return cors.Answer{Status: answer.StatusCode, Header: answer.Header}, nil
}

// backend answers what a case of its table says.
type backend struct {
	*httptest.Server
	mu    sync.Mutex
	cases map[string]answers
}

// answers are those to a preflight and to all else; headers are `Name: value` each.
type answers struct {
	preflightStatus int
	preflight       []string
	status          int
	headers         []string
}

func newBackend(t testing.TB) *backend {
	t.Helper()
	b := &backend{cases: map[string]answers{}}
	b.Server = httptest.NewServer(b)
	t.Cleanup(b.Close)
	return b
}

// add adds a case and gives its query.
func (b *backend) add(name string, a answers) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cases[name] = a
	return "/proxy?case=" + url.QueryEscape(name)
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	a := b.cases[r.URL.Query().Get("case")]
	b.mu.Unlock()
	status, headers := a.status, a.headers
	if r.Method == http.MethodOptions {
		status, headers = a.preflightStatus, a.preflight
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		w.Header().Add(name, value)
	}
	if status == 0 {
		status = http.StatusOK
	}
	w.WriteHeader(status)
}

// deadEnd is an address at which nobody listens.
func deadEnd(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	return "http://" + listener.Addr().String()
}
