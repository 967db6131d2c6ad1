package executeapi_test

import (
	"net/http"
	"slices"
	"strings"
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
		"access-control-expose-headers": "date,x-api-id", "access-control-max-age": "300", "access-control-allow-credentials": "true", "vary": "origin",
	}
	if got.status != 204 || got.body != "" || len(got.raw("apigw-requestid")) != 1 || len(got.header) != len(want)+1 {
		t.Errorf("%+v", got)
	}
	for name, value := range want {
		if !slices.Equal(got.header[name], []string{value}) {
			t.Errorf("%s: %q", name, got.header[name])
		}
	}
	if trace := w.trace(); !trace.Preflight || trace.Route != "" || trace.Status != 204 || trace.Reason != "" || trace.Detail != "" {
		t.Errorf("%+v", trace)
	}
	// Another origin: the same status, no headers. So it is without what asks for
	// them.
	none := func(r *http.Request, detail string) {
		t.Helper()
		if got := w.do(r); got.status != 204 || len(got.header) != 1 || !strings.Contains(w.trace().Detail, detail) {
			t.Errorf("%+v, %s", got, w.trace().Detail)
		}
	}
	none(preflight("https://evil.example.com"), "not among the allowed")
	for _, missing := range []string{"Origin", "Access-Control-Request-Method"} {
		r := preflight("https://www.example.com")
		r.Header.Del(missing)
		none(r, "lacks Origin or")
	}
	if w.invocations(hello) != 0 {
		t.Error("the function was asked")
	}
	// An API without a configuration knows no such route.
	configured(w, nil, "GET /missing")
	w.wantError(t, w.do(preflight("https://a.example")), 404, "Not Found", "no-route")
}

// A route that is for OPTIONS too gets the preflight, with its authorizer; the
// answer says of CORS what the API is configured to.
func TestPreflightsOfRoutes(t *testing.T) {
	t.Parallel()
	c := &types.Cors{AllowOrigins: []string{"https://a.example"}, AllowMethods: []string{"GET"}, AllowHeaders: []string{"authorization"}, MaxAge: aws.Int32(60)}
	for _, key := range []string{"OPTIONS /missing", "ANY /missing", "ANY /{proxy+}", "$default"} {
		w := newWorld(t, nil)
		w.function(hello, `{"statusCode":200,"headers":{"access-control-allow-origin":"*","access-control-allow-methods":"PUT","x-a":"1"}}`)
		configured(w, c, key)
		got := w.do(preflight("https://a.example"))
		if h := got.header; got.status != 200 || w.invocations(hello) != 1 || !slices.Equal(h["Access-Control-Allow-Origin"], []string{"https://a.example"}) ||
			h.Get("Access-Control-Allow-Methods") != "GET" || h.Get("Access-Control-Allow-Headers") != "authorization" || h.Get("Access-Control-Max-Age") != "60" || h.Get("Vary") != "origin" || h.Get("X-A") != "1" {
			t.Errorf("%s: %+v", key, got)
		}
		if trace := w.trace(); trace.Preflight || trace.Route != key {
			t.Errorf("%s: %+v", key, trace)
		}
		// Another origin is not told what the function says.
		if got := w.do(preflight("https://b.example")); got.status != 200 || len(got.raw("Access-Control-Allow-Origin"))+len(got.raw("Access-Control-Allow-Methods"))+len(got.raw("Vary")) != 0 {
			t.Errorf("%s: %+v", key, got)
		}
	}
	// An authorizer refuses a preflight, which has no token: browsers tell "It does
	// not have HTTP ok status" then, not that the header is missing.
	w := newWorld(t, nil)
	w.function(hello, `"ok"`)
	d := deployment("$default", "$default")
	d.API.CorsConfiguration = c
	d.Routes[0].AuthorizationType = types.AuthorizationTypeAwsIam
	w.deploy(d)
	got := w.do(preflight("https://a.example"))
	w.wantError(t, got, 403, "Forbidden", "not-signed")
	if !slices.Equal(got.raw("access-control-allow-origin"), []string{"https://a.example"}) || !slices.Equal(got.raw("vary"), []string{"origin"}) || !slices.Equal(got.raw("access-control-allow-headers"), []string{"authorization"}) {
		t.Errorf("%v", got.header)
	}
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ allowed, origin, want string }{
		{"*", "https://a.example", "*"},
		{"*", "null", ""}, // a page of a file, or in a sandbox
		{"*", "app://local", "*"},
		{"https://*.example.com", "https://a.example.com", ""},
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
		header := w.do(r).header
		if got := header.Get("Access-Control-Allow-Origin"); got != tt.want {
			t.Errorf("%s for %s: %q, want %q", tt.allowed, tt.origin, got, tt.want)
		}
		if repeated := tt.want != "" && tt.want != "*"; repeated != (header.Get("Vary") == "origin") {
			t.Errorf("%s for %s: Vary %q", tt.allowed, tt.origin, header.Get("Vary"))
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
	// The gateway's own answers have the names in lower case.
	r = request(http.MethodGet, "/missing", "")
	r.Header.Set("Origin", "https://www.example.com")
	if got := w.do(r); got.status != 404 || !slices.Equal(got.raw("access-control-allow-origin"), []string{"https://www.example.com"}) || !slices.Equal(got.raw("vary"), []string{"origin"}) {
		t.Errorf("%+v", got)
	}
	r.Header.Set("Origin", "https://other.example.com")
	if got := w.do(r); got.status != 404 || len(got.raw("access-control-allow-origin"))+len(got.raw("vary")) != 0 {
		t.Errorf("%+v", got)
	}
	// A function's Vary stays.
	w.function(hello, `{"statusCode":200,"headers":{"vary":"accept"}}`)
	r = request(http.MethodGet, "/a", "")
	r.Header.Set("Origin", "https://www.example.com")
	if got := w.do(r); !slices.Equal(got.header.Values("Vary"), []string{"accept", "origin"}) {
		t.Errorf("%v", got.header)
	}
	w.function(hello, `{"statusCode":200,"headers":{"access-control-allow-origin":"https://backend.example"}}`)
	// Without a configuration the backend's headers pass.
	configured(w, nil, "GET /a")
	if got := w.get("/a"); got.header.Get("Access-Control-Allow-Origin") != "https://backend.example" {
		t.Errorf("%v", got.header)
	}
}
