package cors_test

import (
	"slices"
	"strings"
	"testing"

	"awslab/runner/check/cors"
)

// web-platform-tests: cors/origin.htm, and the table of
// https://fetch.spec.whatwg.org/#cors-protocol-and-credentials.
func TestCORSCheck(t *testing.T) {
	t.Parallel()
	const allow, credentials = "Access-Control-Allow-Origin: ", "Access-Control-Allow-Credentials: "
	include, omit := cors.CredentialsInclude, cors.CredentialsOmit
	for _, tt := range []struct {
		name        string
		headers     []string
		origin      string
		credentials cors.Credentials
		code        string
	}{
		{"wildcard", []string{allow + "*"}, "", omit, "passed-wildcard"},
		{"wildcard and credentials true, without credentials", []string{allow + "*", credentials + "true"}, "", "", "passed-wildcard"},
		{"blanks", []string{allow + " *  "}, "", omit, "passed-wildcard"},
		{"tab", []string{allow + "\t" + shop + "   \t "}, "", omit, "passed-origin"},
		{"origin", []string{allow + shop}, "", omit, "passed-origin"},
		{"null", []string{allow + "null"}, cors.Null, omit, "passed-origin"},
		{"origin with credentials", []string{allow + shop, credentials + "true"}, "", include, "passed-credentials"},

		{"nothing", nil, "", omit, "allow-origin-absent"},
		{"empty", []string{allow}, "", omit, "allow-origin-mismatch"},
		{"null for a page that has an origin", []string{allow + "null"}, "", omit, "allow-origin-mismatch"},
		{"origin for null", []string{allow + shop}, cors.Null, omit, "allow-origin-mismatch"},
		{"wildcard with credentials", []string{allow + "*", credentials + "true"}, "", include, "allow-origin-wildcard"},
		{"credentials absent", []string{allow + shop}, "", include, "allow-credentials-absent"},
		{"credentials True", []string{allow + shop, credentials + "True"}, "", include, "allow-credentials"},
		{"credentials twice", []string{allow + shop, credentials + "true", credentials + "true"}, "", include, "allow-credentials"},
		{"slash", []string{allow + shop + "/"}, "", omit, "allow-origin-slash"},
		{"path", []string{allow + shop + "/index.html"}, "", omit, "allow-origin-mismatch"},
		{"capitals", []string{allow + strings.ToUpper(shop)}, "", omit, "allow-origin-case"},
		{"default port", []string{allow + shop + ":443"}, "", omit, "allow-origin-mismatch"},
		{"other scheme", []string{allow + "http://shop.example"}, "", omit, "allow-origin-mismatch"},
		{"no scheme", []string{allow + "shop.example"}, "", omit, "allow-origin-mismatch"},
		{"domain wildcard", []string{allow + "https://*.example"}, "", omit, "allow-origin-mismatch"},
		{"quoted wildcard", []string{allow + `"*"`}, "", omit, "allow-origin-mismatch"},
		{"two in one", []string{allow + shop + ", *"}, "", omit, "allow-origin-multiple"},
		{"two stars", []string{allow + "*", allow + "*"}, "", omit, "allow-origin-multiple"},
		{"one twice", []string{allow + shop, allow + shop}, "", omit, "allow-origin-multiple"},
		{"empty and star", []string{allow, allow + "*"}, "", omit, "allow-origin-multiple"},
		{"control bytes", []string{allow + "\x00*\x01"}, "", omit, "allow-origin-mismatch"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			passes := strings.HasPrefix(tt.code, "passed-")
			// Any status of the answer will do.
			for _, status := range []int{200, 403, 500} {
				got := judge(t, cors.Request{Origin: tt.origin, Credentials: tt.credentials}, table{api: {answer: answer(status, tt.headers...)}}, nil)
				if got.Allowed != passes || got.Step.Code != "answer."+tt.code || passes && got.Status != status || !passes && got.Status != 0 {
					t.Errorf("the answer: %v by %+v", got.Allowed, got.Step)
				}
			}
			preflight := answer(204, append(tt.headers, "Access-Control-Allow-Methods: PUT")...)
			server := table{api: {preflight, answer(200, tt.headers...)}}
			got := judge(t, cors.Request{Method: "PUT", Origin: tt.origin, Credentials: tt.credentials}, server, nil)
			if passes && !got.Allowed || !passes && (got.Step.Code != "preflight."+tt.code || len(got.Exchanges) != 1) {
				t.Errorf("the preflight: %v by %+v", got.Allowed, got.Step)
			}
			got = judge(t, cors.Request{Origin: tt.origin, Credentials: tt.credentials}, table{api: {answer: answer(302, append(tt.headers, "Location: /x")...)}}, nil)
			if code := "redirect." + tt.code; !passes && got.Step.Code != code {
				t.Errorf("the redirect: %s, want %s", got.Step.Code, code)
			}
		})
	}
}

// Headers on OPTIONS but not on the method, and the other way round.
func TestHeadersOnOneOnly(t *testing.T) {
	t.Parallel()
	full := answer(200, star, "Access-Control-Allow-Methods: PUT")
	if got := judge(t, cors.Request{Method: "PUT"}, table{api: {full, answer(200)}}, nil); got.Allowed || got.Step.Code != "answer.allow-origin-absent" {
		t.Errorf("%+v", got.Step)
	}
	if got := judge(t, cors.Request{Method: "PUT"}, table{api: {answer(200), full}}, nil); got.Allowed || got.Step.Code != "preflight.allow-origin-absent" {
		t.Errorf("%+v", got.Step)
	}
}

// web-platform-tests: cors/access-control-expose-headers-parsing.window.js,
// fetch/api/cors/cors-filtering.js and cors-expose-star.js.
func TestReadable(t *testing.T) {
	t.Parallel()
	const expose = "Access-Control-Expose-Headers: "
	safe := []string{"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
	base := []string{
		"Cache-Control: no-cache", "Content-Language: fr", "Content-Length: 0", "Content-Type: text/html", "Expires: x", "Last-Modified: x", "Pragma: x",
		"BB-8: hey", "Age: 27", "Set-Cookie: a=b", "Set-Cookie2: a=b", "Access-Control-Allow-Origin: " + shop, "Access-Control-Allow-Credentials: true",
	}
	all := append(slices.Clone(safe), "access-control-allow-credentials", "access-control-allow-origin", "access-control-expose-headers", "age", "bb-8")
	slices.Sort(all)
	with := func(names ...string) []string {
		names = append(names, safe...)
		slices.Sort(names)
		return names
	}
	for _, tt := range []struct {
		expose      []string
		credentials cors.Credentials
		want        []string
	}{
		{nil, "", safe},
		{[]string{expose + "bb-8"}, "", with("bb-8")},
		{[]string{expose + "BB-8, Age"}, "", with("bb-8", "age")},
		{[]string{expose + "BB-8", expose + "Age"}, "", with("bb-8", "age")},
		{[]string{expose + ",,bb-8,"}, "", with("bb-8")},
		{[]string{expose + "bb-8 no"}, "", safe},
		{[]string{expose + "bb-8;age"}, "", safe},
		{[]string{expose + "bb-8", expose + "a b"}, "", safe},
		{[]string{expose + "set-cookie, set-cookie2"}, "", safe},
		{[]string{expose + "*"}, "", all},
		{[]string{expose + "*"}, cors.CredentialsInclude, safe},
		{[]string{expose + "*, age"}, cors.CredentialsInclude, with("age")},
	} {
		got := judge(t, cors.Request{Credentials: tt.credentials}, table{api: {answer: answer(200, append(base, tt.expose...)...)}}, nil)
		if !slices.Equal(got.Readable, tt.want) {
			t.Errorf("%v, credentials %q: %v, want %v", tt.expose, tt.credentials, got.Readable, tt.want)
		}
	}
}

// Names of headers in a map that is no http.Header are found all the same.
func TestNamesInAnyCase(t *testing.T) {
	t.Parallel()
	server := table{api: {answer: cors.Answer{Status: 200, Header: map[string][]string{"access-control-allow-origin": {"*"}, "x-y": nil}}}}
	if got := judge(t, cors.Request{}, server, nil); !got.Allowed {
		t.Errorf("%+v", got.Step)
	}
}

// Hostile values are shown on one line, and bounded.
func TestShow(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"a":                            "a",
		"고양이":                          "고양이",
		"a\x00\x1b[31m\r\nb\x7f\u202e": "a��[31m��b��",
		"\xff":                         "�",
		strings.Repeat("a", 300):       strings.Repeat("a", 200) + "…",
		strings.Repeat("고", 100):       strings.Repeat("고", 66) + "…",
		strings.Repeat("\x80", 300):    "…",
	} {
		if got := cors.Show(value); got != want {
			t.Errorf("%q is shown as %q, want %q", value, got, want)
		}
	}
}

func TestCodes(t *testing.T) {
	t.Parallel()
	codes := cors.Codes()
	if !slices.IsSorted(codes) || len(codes) != len(slices.Compact(slices.Clone(codes))) || len(codes) < 60 {
		t.Errorf("%d codes", len(codes))
	}
}
