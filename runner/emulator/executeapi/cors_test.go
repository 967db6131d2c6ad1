package executeapi_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

func preflight(origin string) *http.Request {
	r := request(http.MethodOptions, "/missing", "")
	r.Header.Set("Origin", origin)
	r.Header.Set("Access-Control-Request-Method", "POST")
	return r
}

func configured(w *world, c *types.Cors, keys ...string) {
	d := deployment("$default", keys...)
	d.API.CorsConfiguration = c
	w.deploy(d)
}

func TestPreflights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	configured(w, &types.Cors{
		AllowOrigins: []string{"https://www.example.com", "http://localhost:3000"}, AllowMethods: []string{"GET", "POST"}, AllowHeaders: []string{"authorization", "x-a"},
		ExposeHeaders: []string{"date", "x-api-id"}, MaxAge: aws.Int32(300), AllowCredentials: aws.Bool(true),
	}, "GET /a")
	got := w.do(preflight("https://www.example.com"))
	want := map[string]string{
		"access-control-allow-origin": "https://www.example.com", "access-control-allow-methods": "GET,POST", "access-control-allow-headers": "authorization,x-a",
		"access-control-expose-headers": "date,x-api-id", "access-control-max-age": "300", "access-control-allow-credentials": "true",
	}
	if got.status != 204 || got.body != "" || len(got.raw("apigw-requestid")) != 1 || len(got.header) != len(want)+1 {
		t.Errorf("%+v", got)
	}
	for name, value := range want {
		if !slices.Equal(got.header[name], []string{value}) {
			t.Errorf("%s: %q", name, got.header[name])
		}
	}
	if trace := w.trace(); !trace.Preflight || trace.Route != "" || trace.Status != 204 || trace.Reason != "" {
		t.Errorf("%+v", trace)
	}
	// Another origin: the same status, no headers.
	if got := w.do(preflight("https://evil.example.com")); got.status != 204 || len(got.header) != 1 {
		t.Errorf("%+v", got)
	}
	// Without either header it is a request like any other.
	for _, missing := range []string{"Origin", "Access-Control-Request-Method"} {
		r := preflight("https://www.example.com")
		r.Header.Del(missing)
		w.wantError(t, w.do(r), 404, "Not Found", "no-route")
	}
	// A route for OPTIONS, or for all, does not get it.
	configured(w, &types.Cors{AllowOrigins: []string{"*"}}, "OPTIONS /missing", "$default")
	if got := w.do(preflight("https://a.example")); got.status != 204 || !slices.Equal(got.raw("access-control-allow-origin"), []string{"*"}) || w.invocations(hello) != 0 {
		t.Errorf("%+v", got)
	}
	// An API without a configuration leaves it to the routes.
	configured(w, nil, "OPTIONS /missing")
	if got := w.do(preflight("https://a.example")); got.status != 200 || w.invocations(hello) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ allowed, origin, want string }{
		{"*", "https://a.example", "*"},
		{"*", "null", "*"},
		{"https://*", "https://a.example", "https://a.example"},
		{"https://*", "http://a.example", ""},
		{"https://*", "https://", ""},
		{"http://*", "http://localhost:3000", "http://localhost:3000"},
		{"https://a.example", "https://a.example", "https://a.example"},
		{"https://a.example", "https://A.example", "https://A.example"},
		{"https://a.example", "https://a.example:8443", ""},
		{"https://a.example", "https://a.example.evil", ""},
		{"https://a.example/", "https://a.example", ""},
	} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		configured(w, &types.Cors{AllowOrigins: []string{tt.allowed}}, "GET /a")
		r := request(http.MethodGet, "/a", "")
		r.Header.Set("Origin", tt.origin)
		if got := w.do(r).header.Get("Access-Control-Allow-Origin"); got != tt.want {
			t.Errorf("%s for %s: %q, want %q", tt.allowed, tt.origin, got, tt.want)
		}
	}
}

// What a backend says of CORS is ignored; errors of the gateway have the headers
// too.
func TestCORSHeadersOfAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.function(hello, `{"statusCode":200,"headers":{"access-control-allow-origin":"https://backend.example","Access-Control-Allow-Methods":"PUT","x-a":"1"}}`)
	c := &types.Cors{AllowOrigins: []string{"https://www.example.com"}, ExposeHeaders: []string{"x-a"}, AllowMethods: []string{"GET"}}
	configured(w, c, "GET /a")
	r := request(http.MethodGet, "/a", "")
	r.Header.Set("Origin", "https://www.example.com")
	got := w.do(r)
	if got.header.Get("Access-Control-Allow-Origin") != "https://www.example.com" || got.header.Get("Access-Control-Expose-Headers") != "x-a" || got.header.Get("Access-Control-Allow-Methods") != "" || got.header.Get("X-A") != "1" {
		t.Errorf("%v", got.header)
	}
	if got := w.get("/a"); got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("without an origin: %v", got.header)
	}
	r = request(http.MethodGet, "/missing", "")
	r.Header.Set("Origin", "https://www.example.com")
	if got := w.do(r); got.status != 404 || got.header.Get("Access-Control-Allow-Origin") != "https://www.example.com" {
		t.Errorf("%+v", got)
	}
	// Without a configuration the backend's headers pass.
	configured(w, nil, "GET /a")
	if got := w.get("/a"); got.header.Get("Access-Control-Allow-Origin") != "https://backend.example" {
		t.Errorf("%v", got.header)
	}
}
