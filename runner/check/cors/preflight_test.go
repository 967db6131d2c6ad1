package cors_test

import (
	"strings"
	"testing"

	"awslab/runner/check/cors"
)

// web-platform-tests: fetch/api/cors/cors-preflight-star.any.js,
// cors-preflight-response-validation.any.js and cors-preflight-status.any.js.
func TestPreflight(t *testing.T) {
	t.Parallel()
	const methods, names = "Access-Control-Allow-Methods: ", "Access-Control-Allow-Headers: "
	include := cors.CredentialsInclude
	for _, tt := range []struct {
		name        string
		method      string
		header      string
		credentials cors.Credentials
		status      int
		allows      []string
		code        string // "" is allowed
	}{
		{"method in small letters, safelisted", "GET", "X-Test: 1", "", 0, []string{methods + "get", names + "x-test"}, ""},
		{"wildcard method, header in other letters", "SUPER", "X-Test: 1", "", 0, []string{methods + "*", names + "X-TEST"}, ""},
		{"both wildcards", "OK", "X-Test: 1", "", 0, []string{methods + "*", names + "*"}, ""},
		{"both wildcards with credentials", "OK", "X-Test: 1", include, 0, []string{methods + "*", names + "*"}, "method-wildcard"},
		{"wildcard method with credentials", "PUT", "", include, 0, []string{methods + "*", names}, "method-wildcard"},
		{"named with credentials", "PUT", "", include, 0, []string{methods + "PUT", names + "*"}, ""},
		{"wildcard header with credentials", "GET", "X-Test: 1", include, 0, []string{methods + "get", names + "*"}, "header-wildcard"},
		{"a method and a header named *", "*", "*: 1", include, 0, []string{methods + "*", names + "*"}, ""},
		{"method in small letters", "PUT", "", include, 0, []string{methods + "put", names + "*"}, "method-case"},
		{"patch is not PATCH", "patch", "", "", 0, []string{methods + "PATCH"}, "method-case"},
		{"delete is DELETE", "delete", "", "", 0, []string{methods + "DELETE"}, ""},

		{"methods without the one used", "DELETE", "", "", 0, []string{methods + "GET,OPTIONS"}, "method"},
		{"no methods", "DELETE", "", "", 0, nil, "methods-absent"},
		{"empty methods", "DELETE", "", "", 0, []string{methods}, "methods-absent"},
		{"Allow does not count", "DELETE", "", "", 0, []string{"Allow: DELETE"}, "methods-absent"},
		{"safelisted without methods", "POST", "Content-Type: application/json", "", 0, []string{names + "content-type"}, ""},
		{"method in the second header", "DELETE", "", "", 0, []string{methods + "GET", methods + "PUT, DELETE"}, ""},
		{"empty items", "DELETE", "", "", 0, []string{methods + ",, GET ,\tDELETE,"}, ""},
		{"methods parted by blanks", "DELETE", "", "", 0, []string{methods + "GET DELETE"}, "methods-syntax"},
		{"methods in quotes", "DELETE", "", "", 0, []string{methods + "'GET,DELETE' x"}, "methods-syntax"},
		{"methods in apostrophes are tokens", "DELETE", "", "", 0, []string{methods + "'GET,DELETE'"}, "method"},
		{"bad syntax though the method is safelisted", "GET", "X-Test: 1", "", 0, []string{methods + "Bad method name", names + "x-test"}, "methods-syntax"},
		{"bad syntax in the second header", "DELETE", "", "", 0, []string{methods + "DELETE", methods + "a b"}, "methods-syntax"},
		{"headers with blanks", "GET", "X-Test: 1", "", 0, []string{names + "x-test,header name with space"}, "headers-syntax"},
		{"headers parted by semicolons", "GET", "X-Test: 1", "", 0, []string{names + "x-test;y"}, "headers-syntax"},

		{"header not named", "GET", "X-Test: 1", "", 0, []string{names + "x-other"}, "header"},
		{"no headers", "GET", "X-Test: 1", "", 0, nil, "headers-absent"},
		{"safelisted by name, not by value", "POST", "Content-Type: application/json", "", 0, []string{names + "x-test"}, "header"},
		{"Authorization", "GET", "Authorization: x", "", 0, []string{names + "authorization"}, ""},
		{"Authorization by *", "GET", "Authorization: x", "", 0, []string{names + "*"}, "authorization"},
		{"Authorization by * with credentials", "GET", "Authorization: x", include, 0, []string{names + "*"}, "authorization"},
		{"Authorization named beside *", "GET", "AUTHORIZATION: x", "", 0, []string{names + "*,Authorization"}, ""},
		{"Authorization not named", "GET", "Authorization: x", "", 0, []string{names + "Content-Type,X-Api-Key"}, "header"},
		{"Authorization, no headers", "GET", "Authorization: x", "", 0, nil, "headers-absent"},

		{"204", "PUT", "", "", 204, []string{methods + "PUT"}, ""},
		{"299", "PUT", "", "", 299, []string{methods + "PUT"}, ""},
		{"199", "PUT", "", "", 199, []string{methods + "PUT"}, "status"},
		{"300", "PUT", "", "", 300, []string{methods + "PUT"}, "status"},
		{"403", "PUT", "", "", 403, []string{methods + "PUT"}, "status"},
		{"500", "PUT", "", "", 500, []string{methods + "PUT"}, "status"},
		{"301", "PUT", "", "", 301, []string{methods + "PUT", "Location: /x"}, "redirect"},
		{"308 without a place", "PUT", "", "", 308, []string{methods + "PUT"}, "redirect"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.status == 0 {
				tt.status = 200
			}
			allow := []string{"Access-Control-Allow-Origin: " + shop, "Access-Control-Allow-Credentials: true"}
			server := table{api: {answer(tt.status, append(allow, tt.allows...)...), answer(200, allow...)}}
			request := cors.Request{Method: tt.method, Credentials: tt.credentials}
			if tt.header != "" {
				request.Headers = headers(tt.header)
			}
			got := judge(t, request, server, nil)
			want := "preflight." + tt.code
			switch {
			case tt.code == "" && (!got.Allowed || len(got.Exchanges) != 2):
				t.Errorf("blocked by %+v", got.Step)
			case tt.code != "" && (got.Allowed || got.Step.Code != want || len(got.Exchanges) != 1):
				t.Errorf("%v by %+v, want %s", got.Allowed, got.Step, want)
			}
			if !got.PreflightSent || got.Class != cors.ClassPreflighted {
				t.Errorf("%s", got.Class)
			}
		})
	}
}

// Of several headers that the preflight's answer lacks, Authorization comes first, as
// in the standard, and then the alphabet.
func TestHeaderOrder(t *testing.T) {
	t.Parallel()
	got := judge(t, cors.Request{Headers: headers("X-B: 1", "Authorization: 2", "A: 3")}, table{api: {answer(200, star), answer(200, star)}}, nil)
	if got.Step.Args["header"] != "authorization" {
		t.Errorf("%+v", got.Step)
	}
	server := table{api: {answer(200, star, "Access-Control-Allow-Headers: authorization"), answer(200, star)}}
	if got = judge(t, cors.Request{Headers: headers("X-B: 1", "Authorization: 2", "A: 3")}, server, nil); got.Step.Args["header"] != "a" {
		t.Errorf("%+v", got.Step)
	}
}

// A huge list is read once, and what is shown of it is short.
func TestHugeLists(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("x-y,", 1<<18)
	server := table{api: {answer(200, star, "Access-Control-Allow-Headers: "+huge, "Access-Control-Allow-Methods: "+huge), answer(200, star)}}
	got := judge(t, cors.Request{Method: "PUT"}, server, cors.NewCache(clock(0), 0))
	if got.Step.Code != "preflight.method" || len(got.Step.Args["allowed"]) > 300 {
		t.Errorf("%s with %d bytes", got.Step.Code, len(got.Step.Args["allowed"]))
	}
}
