package playground_test

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"awslab/runner/emulator"
	"awslab/runner/playground"
	"awslab/runner/target"
	"awslab/runner/text"
)

// world is an emulator of its own with one API, and a page over it.
type world struct {
	target *target.Target
	api    string // its id
	base   string // where stage PROD answers: http://ID.execute-api.localhost:PORT/PROD
	page   string // the page's address

	mu      sync.Mutex
	apis    []playground.API
	version uint64
	changed chan struct{}
}

// method is a method of the API's: a MOCK that answers with a status and headers.
type method struct {
	status  string
	headers map[string]string
}

// openHome is a world without an API and without a page.
func openHome(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	home, err := target.Open(t.Context(), target.Config{Now: time.Now, Home: target.HomeConfig{
		Dir: dir, Addr: "127.0.0.1:0",
		NewServer: func(dir string, creds target.Credentials) (target.Server, error) {
			return emulator.New(emulator.Config{
				Dir: dir, Account: target.EmulatorAccount, Region: target.DefaultRegion, AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey,
			})
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	})
	return &world{target: home, changed: make(chan struct{})}
}

// newWorld deploys an API of MOCK methods by path and method, and serves a page.
func newWorld(t testing.TB, language string, paths map[string]map[string]method) *world {
	t.Helper()
	w := openHome(t)
	home := w.target
	client := apigateway.NewFromConfig(home.AWS())
	api, err := client.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: definition(t, paths), FailOnWarnings: true, Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	if err != nil {
		t.Fatal(err)
	}
	w.api = *api.Id
	if _, err := client.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("PROD")}); err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(home.Endpoint[len("http://"):])
	if err != nil {
		t.Fatal(err)
	}
	w.base = "http://" + w.api + ".execute-api.localhost:" + port + "/PROD"
	w.apis = []playground.API{{ID: w.api, Base: w.base[:len(w.base)-len("PROD")], URL: w.base + "/open", Stage: "PROD", Path: "/open", Cases: []playground.Case{
		{Method: http.MethodGet, Headers: []playground.Header{}, Origin: "https://shop.example", Allowed: true},
		{Method: http.MethodGet, Headers: []playground.Header{{Name: "Authorization", Value: "awslab"}}, Origin: "https://shop.example", Allowed: true},
		{Method: http.MethodDelete, Headers: []playground.Header{}, Origin: "https://shop.example"},
	}}}
	said, err := text.For(language)
	if err != nil {
		t.Fatal(err)
	}
	w.page = serve(t, playground.New(playground.Config{Text: said, Lesson: "CORS", Source: w, Emulator: home.Endpoint}))
	return w
}

// serve serves a page until the test ends, and gives its address.
func serve(t testing.TB, page *playground.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- page.Serve(ctx, listener) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(20 * time.Second):
			t.Error("the server does not end with its context")
		}
	})
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	return "http://localhost:" + port
}

// change is a change of the cloud.
func (w *world) change(apis []playground.API) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.apis = apis
	w.version++
	close(w.changed)
	w.changed = make(chan struct{})
}

func (w *world) APIs(context.Context) ([]playground.API, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.apis, nil
}

func (w *world) Version() (uint64, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.version, w.changed
}

func (w *world) Traces(ctx context.Context) (<-chan target.Trace, error) {
	return w.target.Home().NewTraces(ctx)
}

func (w *world) Do(*http.Request) (*http.Response, error) {
	panic("on the emulator nobody is asked")
}

// definition is an OpenAPI 2 document of MOCK methods.
func definition(t testing.TB, paths map[string]map[string]method) []byte {
	t.Helper()
	all := map[string]any{}
	for path, methods := range paths {
		one := map[string]any{}
		for name, m := range methods {
			headers, values := map[string]any{}, map[string]string{}
			for header, value := range m.headers {
				headers[header] = map[string]string{"type": "string"}
				values["method.response.header."+header] = "'" + value + "'"
			}
			one[name] = map[string]any{
				"responses": map[string]any{m.status: map[string]any{"description": "", "headers": headers}},
				"x-amazon-apigateway-integration": map[string]any{
					"type": "mock", "passthroughBehavior": "when_no_match",
					"requestTemplates": map[string]string{"application/json": `{"statusCode": ` + m.status + `}`},
					"responses":        map[string]any{"default": map[string]any{"statusCode": m.status, "responseParameters": values, "responseTemplates": map[string]string{"application/json": `{"pets": 3}`}}},
				},
			}
		}
		all[path] = one
	}
	data, err := json.Marshal(map[string]any{"swagger": "2.0", "info": map[string]string{"title": "pets", "version": "1"}, "paths": all})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// allow are the headers of "Enable CORS".
func allow(origin, methods, headers string) map[string]string {
	return map[string]string{"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": headers}
}
