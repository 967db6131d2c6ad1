package cors_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"awslab/runner/check/cors"
)

// FuzzJudge lets a script and a server say what they like: every verdict comes from
// a step of the standard, what is shown of it is safe, and nothing is allowed that
// the answer's Access-Control-Allow-Origin does not allow.
func FuzzJudge(f *testing.F) {
	f.Add("https://shop.example", pets, "PUT", "X-Test", "1", "*", "PUT", "*", "true", "/x", 200, byte(0))
	f.Add("null", pets, "get", "Content-Type", "text/plain;\x7f", "null", "a b", ",,", "TRUE", "//b\\c", 302, byte(7))
	f.Add("http://[::1]:8", "http://0x7f.1:8/%zz?'", "patch", "Range", "bytes=1-", "http://[::1]:8/", "PATCH", "\x00", "", "data:x", 204, byte(20))
	f.Fuzz(func(t *testing.T, origin, url, method, name, value, allowOrigin, allowMethods, allowHeaders, allowCredentials, location string, status int, mode byte) {
		request := cors.Request{
			Origin: origin, URL: url, Method: method, Headers: []cors.Header{{Name: name, Value: value}, {Name: name, Value: allowHeaders}}, Body: mode&1 != 0,
			Credentials: []cors.Credentials{"", cors.CredentialsOmit, cors.CredentialsInclude}[mode>>1%3],
			Mode:        []cors.Mode{"", cors.ModeNoCORS, cors.ModeSameOrigin}[mode>>3%3],
			Redirect:    []cors.Redirect{"", cors.RedirectError, cors.RedirectManual}[mode>>5%3],
		}
		server := serverFunc(func(cors.Sent) cors.Answer {
			return cors.Answer{Status: status, Header: http.Header{
				"Access-Control-Allow-Origin": {allowOrigin}, "Access-Control-Allow-Methods": {allowMethods}, "Access-Control-Allow-Headers": {allowHeaders},
				"Access-Control-Allow-Credentials": {allowCredentials}, "Access-Control-Expose-Headers": {allowHeaders}, "Access-Control-Max-Age": {allowMethods},
				"Location": {location}, "Cross-Origin-Resource-Policy": {allowMethods},
			}}
		})
		cache := cors.NewCache(clock(0), 0)
		got, err := cors.Judge(t.Context(), request, server, cache)
		if err != nil {
			if got.Allowed {
				t.Errorf("allowed, and %v", err)
			}
			return
		}
		if len(got.Exchanges) > 42 {
			t.Errorf("%d exchanges", len(got.Exchanges))
		}
		for _, step := range append([]cors.Step{got.Step, got.Why}, got.Reasons...) {
			if !slices.Contains(cors.Codes(), step.Code) || step.Section == "" {
				t.Errorf("no step: %+v", step)
			}
			for arg, shown := range step.Args {
				if len(shown) > 1000 || !utf8.ValidString(shown) || strings.ContainsAny(shown, "\x00\n\r\x1b\x7f") {
					t.Errorf("%s is shown as %q", arg, shown)
				}
			}
		}
		crossOrigin := got.Class == cors.ClassSimple || got.Class == cors.ClassPreflighted
		if trimmed := strings.Trim(allowOrigin, "\t "); got.Allowed && crossOrigin && trimmed != "*" && trimmed != origin && trimmed != cors.Null {
			t.Errorf("%q is allowed by %q", origin, allowOrigin)
		}
		again, err := cors.Judge(t.Context(), request, server, nil)
		if err != nil || again.Allowed != got.Allowed || again.Step.Code != got.Step.Code {
			t.Errorf("once %v by %s, and once %v by %s, %v", got.Allowed, got.Step.Code, again.Allowed, again.Step.Code, err)
		}
	})
}

// FuzzParseOrigin takes every text: an origin parses to itself, and so does what is
// suggested in place of one.
func FuzzParseOrigin(f *testing.F) {
	for _, text := range []string{"https://shop.example", "null", "http://[::1]:80/", "HTTP://A:080", "*", "https://a,b", "http://0x1.0/", "a\x00b"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		origin, err := cors.ParseOrigin(text)
		if err == nil {
			if origin != text {
				t.Errorf("%q became %q", text, origin)
			}
			return
		}
		var why *cors.OriginError
		if !errors.As(err, &why) || strings.ContainsAny(err.Error(), "\x00\r\n\x1b") {
			t.Fatalf("%q: %v", text, err)
		}
		if why.Suggestion != "" {
			if again, err := cors.ParseOrigin(why.Suggestion); err != nil || again != why.Suggestion {
				t.Errorf("%q: %q is suggested: %v", text, why.Suggestion, err)
			}
		}
	})
}
