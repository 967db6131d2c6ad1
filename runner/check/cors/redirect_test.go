package cors_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"awslab/runner/check/cors"
)

// serverFunc is a server that always answers.
type serverFunc func(sent cors.Sent) cors.Answer

func (f serverFunc) Answer(_ context.Context, sent cors.Sent) (cors.Answer, error) {
	return f(sent), nil
}

// web-platform-tests: fetch/api/cors/cors-redirect.any.js,
// cors-redirect-preflight.any.js and cors-redirect-credentials.any.js.
func TestRedirectOrigin(t *testing.T) {
	t.Parallel()
	const remote, other = "https://remote.example", "https://other.example"
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, tt := range []struct{ name, from, to, origin, userinfo string }{
			{"another origin to the same", remote, remote, shop, "redirect.credentials"},
			{"another to yet another", remote, other, cors.Null, "redirect.credentials"},
			{"the page's to another", shop, remote, shop, "redirect.credentials"},
			{"another to the page's", remote, shop, cors.Null, "redirect.credentials-after"},
		} {
			t.Run(fmt.Sprintf("%d %s", status, tt.name), func(t *testing.T) {
				t.Parallel()
				location := tt.to + "/to"
				server := serverFunc(func(sent cors.Sent) cors.Answer {
					allow := []string{
						"Access-Control-Allow-Origin: " + sent.Header.Get("Origin"), "Access-Control-Allow-Headers: x-w3c", "Access-Control-Allow-Methods: PUT",
					}
					switch {
					case sent.Header.Get("Access-Control-Request-Method") != "":
						return answer(200, allow...)
					case strings.HasSuffix(sent.URL, "/from"):
						return answer(status, append(allow, "Location: "+location)...)
					}
					return answer(200, allow...)
				})
				got := judge(t, cors.Request{URL: tt.from + "/from"}, server, nil)
				last := got.Exchanges[len(got.Exchanges)-1].Sent
				if !got.Allowed || last.URL != location || last.Header.Get("Origin") != tt.origin || got.PreflightSent {
					t.Errorf("%v by %s, sent %+v", got.Allowed, got.Step.Code, last)
				}
				// With a header that needs one, each hop has its preflight.
				got = judge(t, cors.Request{URL: tt.from + "/from", Headers: headers("X-W3C: test")}, server, nil)
				want := 2
				if tt.from == shop {
					want = 1
				}
				preflights := 0
				for _, exchange := range got.Exchanges {
					if exchange.Preflight {
						preflights++
					}
				}
				if !got.Allowed || preflights != want || got.Class != cors.ClassPreflighted {
					t.Errorf("%v by %s with %d preflights", got.Allowed, got.Step.Code, preflights)
				}
				for _, userinfo := range []string{"user:password@", "user:@", ":password@"} {
					location = strings.Replace(tt.to, "://", "://"+userinfo, 1) + "/to"
					if got := judge(t, cors.Request{URL: tt.from + "/from"}, server, nil); got.Allowed || got.Step.Code != tt.userinfo {
						t.Errorf("%s: %v by %s, want %s", userinfo, got.Allowed, got.Step.Code, tt.userinfo)
					}
				}
			})
		}
	}
}

// What a redirect does to the method, the body's headers and Authorization.
func TestRedirectRequest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		method string
		sent   string
		elsewhere,
		contentType, authorization bool
	}{
		{301, "POST", "GET", false, false, true},
		{302, "POST", "GET", false, false, true},
		{303, "POST", "GET", false, false, true},
		{307, "POST", "POST", false, true, true},
		{308, "POST", "POST", false, true, true},
		{301, "PUT", "PUT", false, true, true},
		{303, "PUT", "GET", false, false, true},
		{303, "HEAD", "HEAD", false, true, true},
		{302, "GET", "GET", false, true, true},
		{307, "PUT", "PUT", true, true, false},
		{302, "POST", "GET", true, false, false},
	} {
		location := "to"
		if tt.elsewhere {
			location = "//other.example/v2/to"
		}
		server := serverFunc(func(sent cors.Sent) cors.Answer {
			allow := []string{star, "Access-Control-Allow-Headers: authorization,content-type", "Access-Control-Allow-Methods: PUT"}
			if sent.Method != http.MethodOptions && sent.URL == pets {
				return answer(tt.status, append(allow, "Location: "+location)...)
			}
			return answer(200, allow...)
		})
		got := judge(t, cors.Request{Method: tt.method, Headers: headers("Content-Type: application/json", "Authorization: x")}, server, nil)
		last := got.Exchanges[len(got.Exchanges)-1].Sent
		if !got.Allowed || last.Method != tt.sent || (last.Header.Get("Content-Type") != "") != tt.contentType || (last.Header.Get("Authorization") != "") != tt.authorization {
			t.Errorf("%d %s: %v by %s, sent %+v", tt.status, tt.method, got.Allowed, got.Step.Code, last)
		}
		if !tt.elsewhere && last.URL != api+"/v2/to" {
			t.Errorf("sent to %s", last.URL)
		}
	}
}

func TestRedirectEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name     string
		redirect cors.Redirect
		headers  []string
		code     string
		allowed  bool
	}{
		{"error", cors.RedirectError, []string{star, "Location: /x"}, "redirect.error", false},
		{"error without a place", cors.RedirectError, []string{star}, "redirect.error", false},
		{"manual", cors.RedirectManual, []string{star, "Location: /x"}, "redirect.manual", true},
		{"manual without CORS", cors.RedirectManual, []string{"Location: /x"}, "redirect.allow-origin-absent", false},
		{"without CORS", "", []string{"Location: /x"}, "redirect.allow-origin-absent", false},
		{"no place", "", []string{star}, "answer.passed-wildcard", true},
		{"no URL", "", []string{star, "Location: https://:x"}, "redirect.location", false},
		{"two places", "", []string{star, "Location: /a", "Location: /b"}, "redirect.location", false},
		{"another scheme", "", []string{star, "Location: ftp://a/"}, "redirect.scheme", false},
		{"data", "", []string{star, "Location: data:,x"}, "redirect.scheme", false},
		{"bad port", "", []string{star, "Location: http://a:25/"}, "fetch.port", false},
		{"for ever", "", []string{star, "Location: ?"}, "redirect.count", false},
		{"an empty place, which is the same", "", []string{star, "Location: "}, "redirect.count", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := judge(t, cors.Request{Redirect: tt.redirect}, table{api: {answer: answer(302, tt.headers...)}}, nil)
			if got.Allowed != tt.allowed || got.Step.Code != tt.code {
				t.Errorf("%v by %+v", got.Allowed, got.Step)
			}
			if got.Class != cors.ClassSimple {
				t.Errorf("%s", got.Class)
			}
			if tt.code == "redirect.manual" && (got.Status != 0 || got.Readable != nil) {
				t.Errorf("an opaque redirect has %d, %v", got.Status, got.Readable)
			}
		})
	}
}

// Twenty redirects are followed, and not one more.
func TestRedirectCount(t *testing.T) {
	t.Parallel()
	for _, n := range []int{20, 21} {
		server := serverFunc(func(sent cors.Sent) cors.Answer {
			done, _ := strconv.Atoi(strings.TrimPrefix(sent.URL, api+"/"))
			if done == n {
				return answer(200, star)
			}
			return answer(302, star, "Location: /"+strconv.Itoa(done+1))
		})
		if got := judge(t, cors.Request{URL: api + "/0"}, server, nil); got.Allowed != (n == 20) || len(got.Exchanges) != 21 {
			t.Errorf("%d redirects: %v by %s", n, got.Allowed, got.Step.Code)
		}
	}
}

// Mode same-origin does not follow to another origin, and mode no-cors stays opaque
// when it comes home.
func TestRedirectModes(t *testing.T) {
	t.Parallel()
	there := table{shop: {answer: answer(302, "Location: "+pets)}, api: {answer: answer(200, star)}}
	got := judge(t, cors.Request{URL: shop + "/x", Mode: cors.ModeSameOrigin}, there, nil)
	if got.Allowed || got.Step.Code != "fetch.same-origin" || got.Class != cors.ClassSameOrigin {
		t.Errorf("%s by %s", got.Class, got.Step.Code)
	}
	home := table{api: {answer: answer(302, "Location: "+shop+"/x")}, shop: {answer: answer(200, "Content-Type: a/b")}}
	if got = judge(t, cors.Request{Mode: cors.ModeNoCORS}, home, nil); !got.Allowed || got.Class != cors.ClassOpaque || got.Status != 0 {
		t.Errorf("%+v", got)
	}
	// A cross-origin redirect home is checked as any other.
	got = judge(t, cors.Request{}, table{api: {answer: answer(302, star, "Location: "+shop+"/x")}, shop: {answer: answer(200, "Access-Control-Allow-Origin: "+shop)}}, nil)
	if got.Allowed || got.Step.Code != "answer.allow-origin-tainted" {
		t.Errorf("%+v", got.Step)
	}
	got = judge(t, cors.Request{URL: shop + "/x"}, table{shop: {answer: answer(302, "Location: https://nowhere.example/")}}, nil)
	if got.Allowed || got.Step.Code != "redirect.network" {
		t.Errorf("%+v", got.Step)
	}
	if urls := []string{got.Exchanges[0].Sent.URL, got.Exchanges[1].Sent.URL}; !slices.Equal(urls, []string{shop + "/x", "https://nowhere.example/"}) || got.Exchanges[1].Err == nil {
		t.Errorf("%v", urls)
	}
}
