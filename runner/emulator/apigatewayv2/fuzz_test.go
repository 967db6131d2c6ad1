package apigatewayv2

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// Whatever a route key is, its form is known without a panic; one that is taken
// is a method and a path of printable ASCII, and collides with itself.
func FuzzRouteKey(f *testing.F) {
	for _, seed := range []string{"$default", "GET /", "ANY /{proxy+}", "GET /a/{id}/", "GET //", "GET /{", "POST /{a}/{a}", "GET /\xff", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		got, err := shape(key)
		if err != nil || key == defaultKey {
			return
		}
		method, path, _ := strings.Cut(got, " ")
		if !strings.HasPrefix(key, method+" /") || !strings.HasPrefix(path, "/") {
			t.Errorf("%q has the shape %q", key, got)
		}
		if strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r > '~' }) || strings.Count(key, " ") != 1 {
			t.Errorf("%q is taken", key)
		}
		a := newAPI(&types.Api{})
		route := &types.Route{RouteKey: &key}
		a.routes["r"] = route
		if a.checkFree(route) == nil {
			t.Errorf("%q is free beside itself", key)
		}
	})
}

// What a CORS configuration may hold can stand in a header as it is.
func FuzzCors(f *testing.F) {
	f.Add("https://example.com", "GET", "x-a")
	f.Add("*", "*", "*")
	f.Add("http://a\r\nb", "ge\nt", "a:b")
	f.Fuzz(func(t *testing.T, origin, method, header string) {
		c := &types.Cors{AllowOrigins: []string{origin}, AllowMethods: []string{method}, AllowHeaders: []string{header}, ExposeHeaders: []string{header}}
		if checkCors(c) != nil {
			return
		}
		if text := origin + method + header; strings.ContainsAny(text, "\r\n\x00\x7f ") {
			t.Errorf("%q is taken", text)
		}
	})
}

// Mappings are checked without a panic, and what is taken has no open brace.
func FuzzMapping(f *testing.F) {
	f.Add("append:header.x", "${request.header.a} b")
	f.Add("overwrite:path", "$request.path")
	f.Add("remove:querystring.", "${")
	f.Fuzz(func(t *testing.T, destination, value string) {
		if checkRequestParameters(map[string]string{destination: value}) != nil || strings.HasPrefix(destination, "remove:") {
			return
		}
		for _, rest := range strings.Split(value, "${")[1:] {
			if !strings.Contains(rest, "}") && !strings.HasPrefix(value, "$") {
				t.Errorf("%q is taken", value)
			}
		}
	})
}
