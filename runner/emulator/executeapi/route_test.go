package executeapi_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	guide := []string{"GET /pets/dog/1", "GET /pets/dog/{id}", "GET /pets/{proxy+}", "ANY /{proxy+}", "$default"}
	mixed := []string{"GET /a/{x}/c", "GET /a/b/{y}", "ANY /a/b/c", "POST /a/b/c", "GET /{first}/{rest+}", "GET /"}
	for _, tt := range []struct {
		routes         []string
		method, target string
		want           string // route key, and path parameters
	}{
		// The guide's own example.
		{guide, "GET", "/pets/dog/1", "GET /pets/dog/1"},
		{guide, "GET", "/pets/dog/2", "GET /pets/dog/{id} id=2"},
		{guide, "GET", "/pets/cat/1", "GET /pets/{proxy+} proxy=cat/1"},
		{guide, "POST", "/test/5", "ANY /{proxy+} proxy=test/5"},
		// A root is one empty segment, which a greedy variable takes.
		{guide, "GET", "/", "ANY /{proxy+} proxy="},
		{guide, "GET", "/pets/", "GET /pets/{proxy+} proxy="},
		{guide, "GET", "/pets", "ANY /{proxy+} proxy=pets"},
		{guide, "POST", "/pets/dog/1", "ANY /{proxy+} proxy=pets/dog/1"},
		{[]string{"GET /pets", "$default"}, "POST", "/pets", "$default"},
		// A full match wins over a greedy one, also with ANY.
		{[]string{"ANY /pets", "GET /{proxy+}"}, "GET", "/pets", "ANY /pets"},
		{[]string{"POST /pets", "ANY /{proxy+}"}, "GET", "/pets", "ANY /{proxy+} proxy=pets"},
		{[]string{"GET /{a}", "GET /{proxy+}"}, "GET", "/x", "GET /{a} a=x"},
		{[]string{"GET /{a}", "GET /{proxy+}"}, "GET", "/x/", "GET /{proxy+} proxy=x/"},
		{[]string{"ANY /pets", "GET /pets"}, "GET", "/pets", "GET /pets"},
		{[]string{"ANY /pets", "GET /pets"}, "HEAD", "/pets", "ANY /pets"},
		{mixed, "GET", "/a/b/c", "ANY /a/b/c"},
		{mixed, "POST", "/a/b/c", "POST /a/b/c"},
		{mixed, "GET", "/a/b/d", "GET /a/b/{y} y=d"},
		{mixed, "GET", "/a/z/c", "GET /a/{x}/c x=z"},
		{mixed, "GET", "/a/z/d", "GET /{first}/{rest+} first=a rest=z/d"},
		{mixed, "GET", "/", "GET /"},
		{mixed, "GET", "", "GET /"},
		{mixed, "POST", "/a/z/d", ""},
		// Two names for one place.
		{[]string{"GET /x/{id}", "POST /x/{name}"}, "POST", "/x/1", "POST /x/{name} name=1"},
		{[]string{"GET /x/{b}/{a}"}, "GET", "/x/1/2", "GET /x/{b}/{a} a=2 b=1"},
		// Letters count, slashes count, variables are not empty.
		{[]string{"GET /helloworld"}, "GET", "/helloWorld", ""},
		{[]string{"GET /helloworld"}, "GET", "/helloworld/", ""},
		{[]string{"GET /helloworld"}, "GET", "//helloworld", ""},
		{[]string{"GET /x/{id}"}, "GET", "/x/", ""},
		{[]string{"GET /x/{id}"}, "GET", "/x//", ""},
		{[]string{"get /x"}, "GET", "/x", ""},
		// Escapes: one segment each.
		{[]string{"GET /hello world"}, "GET", "/hello%20world", "GET /hello world"},
		{[]string{"GET /x/{id}"}, "GET", "/x/a%2Fb", "GET /x/{id} id=a/b"},
		{[]string{"GET /x/{id}"}, "GET", "/x/%00", "GET /x/{id} id=\x00"},
		{[]string{"GET /x/{id}"}, "GET", "/x/%EA%B0%80", "GET /x/{id} id=가"},
		{[]string{"GET /x/{id}"}, "GET", "/x/..", "GET /x/{id} id=.."},
		{[]string{"GET /x/{proxy+}"}, "GET", "/x/../y", "GET /x/{proxy+} proxy=../y"},
	} {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		w.deploy(deployment("$default", tt.routes...))
		r := request(http.MethodGet, "/", "")
		u, err := url.Parse("http://" + host + tt.target)
		if err != nil {
			t.Fatal(err)
		}
		r.Method, r.URL = tt.method, u
		got := ""
		if answer := w.do(r); answer.status == 200 {
			event := w.event(t, hello)
			got = event["routeKey"].(string)
			if parameters, ok := event["pathParameters"].(map[string]any); ok {
				for _, name := range []string{"a", "b", "first", "id", "name", "proxy", "rest", "x", "y"} {
					if value, ok := parameters[name]; ok {
						got += " " + name + "=" + value.(string)
					}
				}
			}
		}
		if got != tt.want {
			t.Errorf("%s %s among %q: %q, want %q", tt.method, tt.target, tt.routes, got, tt.want)
		}
	}
}

// Any path leads to a route or to none, soon.
func FuzzRoutes(f *testing.F) {
	f.Add("GET /a/{b}/c", "ANY /{x}/{proxy+}", "/a/b%2f/c")
	f.Add("GET /{", "GET /}{+}", "/%")
	f.Fuzz(func(t *testing.T, first, second, path string) {
		w := newWorld(t, nil)
		w.function(hello, `"ok"`)
		w.deploy(deployment("$default", first, second, "GET /{a}/{a}/{proxy+}"))
		r := request(http.MethodGet, "/", "")
		u := *r.URL
		u.Path, u.RawPath = "/"+strings.TrimLeft(path, "/"), path
		r.URL = &u
		got := w.do(r)
		if trace := w.trace(); trace.Reason == "panic" {
			t.Fatal(trace.Detail)
		}
		if got.status != 200 && got.status != 404 {
			t.Errorf("%d: %+v", got.status, w.trace())
		}
	})
}
