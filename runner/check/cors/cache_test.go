package cors_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"awslab/runner/check/cors"
)

func clock(after time.Duration) func() time.Time {
	return func() time.Time { return time.Unix(0, 0).Add(after) }
}

// web-platform-tests: fetch/api/cors/cors-preflight-cache.any.js and
// cors/preflight-cache.htm.
func TestCache(t *testing.T) {
	t.Parallel()
	const age, methods, names = "Access-Control-Max-Age: ", "Access-Control-Allow-Methods: ", "Access-Control-Allow-Headers: "
	put := cors.Request{Method: "PUT"}
	test := cors.Request{Headers: headers("X-Test: 1")}
	include := cors.Request{Method: "PUT", Credentials: cors.CredentialsInclude}
	for _, tt := range []struct {
		name          string
		allows        []string
		first, second cors.Request
		after         time.Duration
		cached        bool
	}{
		{"5 s by default", []string{methods + "PUT"}, put, put, 4 * time.Second, true},
		{"no longer", []string{methods + "PUT"}, put, put, 5 * time.Second, false},
		{"max-age", []string{methods + "PUT", age + "600"}, put, put, 599 * time.Second, true},
		{"its end", []string{methods + "PUT", age + "600"}, put, put, 600 * time.Second, false},
		{"max-age 0", []string{methods + "PUT", age + "0"}, put, put, 0, false},
		{"negative is no max-age", []string{methods + "PUT", age + "-1"}, put, put, 4 * time.Second, true},
		{"a word is no max-age", []string{methods + "PUT", age + "1h"}, put, put, 6 * time.Second, false},
		{"twice is no max-age", []string{methods + "PUT", age + "600", age + "600"}, put, put, 6 * time.Second, false},
		{"Chromium's bound", []string{methods + "PUT", age + "86400"}, put, put, 2*time.Hour - 1, true},
		{"beyond it", []string{methods + "PUT", age + "86400"}, put, put, 2 * time.Hour, false},
		{"no overflow", []string{methods + "PUT", age + "99999999999999999999999"}, put, put, 2 * time.Hour, false},

		{"header", []string{names + "x-test"}, test, test, 0, true},
		{"another method", []string{methods + "PUT"}, put, cors.Request{Method: "DELETE"}, 0, false},
		{"another method, listed", []string{methods + "PUT,DELETE"}, put, cors.Request{Method: "DELETE"}, 0, true},
		{"another method, by *", []string{methods + "*"}, put, cors.Request{Method: "DELETE"}, 0, true},
		{"another header", []string{names + "x-test"}, test, cors.Request{Headers: headers("X-Test: 1", "X-Other: 1")}, 0, false},
		{"another header, by *", []string{names + "*"}, test, cors.Request{Headers: headers("X-Other: 1")}, 0, true},
		{"Authorization, never by *", []string{names + "*"}, test, cors.Request{Headers: headers("Authorization: 1")}, 0, false},
		{"another URL", []string{methods + "PUT"}, put, cors.Request{Method: "PUT", URL: pets + "?page=2"}, 0, false},
		{"another origin", []string{methods + "PUT"}, put, cors.Request{Method: "PUT", Origin: "https://other.example"}, 0, false},
		{"without credentials, then with", []string{methods + "PUT"}, put, include, 0, false},
		{"with credentials, then without", []string{methods + "PUT"}, include, put, 0, true},
		{"the first was blocked", nil, put, put, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var now time.Duration
			cache := cors.NewCache(func() time.Time { return time.Unix(0, 0).Add(now) }, cors.MaxAgeChromium)
			server := echo(tt.allows)
			if got := judge(t, tt.first, server, cache); !got.PreflightSent || got.PreflightCached {
				t.Errorf("the first: %+v", got)
			}
			now = tt.after
			got := judge(t, tt.second, server, cache)
			if got.PreflightCached != tt.cached || got.PreflightSent == tt.cached || got.Class != cors.ClassPreflighted {
				t.Errorf("the second: sent %v, cached %v, want cached %v", got.PreflightSent, got.PreflightCached, tt.cached)
			}
		})
	}
}

// echo allows the asking origin, and what allows says.
func echo(allows []string) cors.Server {
	return serverFunc(func(sent cors.Sent) cors.Answer {
		return answer(200, append([]string{"Access-Control-Allow-Origin: " + sent.Header.Get("Origin"), "Access-Control-Allow-Credentials: true"}, allows...)...)
	})
}

// A cached preflight that the answer itself belies is forgotten.
func TestCacheIsCleared(t *testing.T) {
	t.Parallel()
	cache := cors.NewCache(clock(0), 0)
	allowed := table{api: {answer(200, star, "Access-Control-Allow-Methods: PUT"), answer(200, star)}}
	broken := table{api: {answer(200, star, "Access-Control-Allow-Methods: PUT"), answer(500)}}
	put := cors.Request{Method: "PUT"}
	judge(t, put, allowed, cache)
	if got := judge(t, put, broken, cache); !got.PreflightCached || got.Allowed {
		t.Errorf("%+v", got)
	}
	if got := judge(t, put, allowed, cache); got.PreflightCached || !got.PreflightSent {
		t.Error("the cache still spares the preflight")
	}
	chromium := cors.NewChromiumCache(clock(0))
	judge(t, put, broken, chromium)
	if got := judge(t, put, broken, chromium); !got.PreflightCached || got.Allowed {
		t.Errorf("Chromium forgets nothing: %+v", got)
	}
}

// A newer max-age of 0 ends what an older answer allowed.
func TestCacheIsShortened(t *testing.T) {
	t.Parallel()
	cache := cors.NewCache(clock(0), 0)
	judge(t, cors.Request{Method: "PUT"}, echo([]string{"Access-Control-Allow-Methods: PUT", "Access-Control-Max-Age: 600"}), cache)
	both := cors.Request{Method: "PUT", Headers: headers("X-Test: 1")}
	judge(t, both, echo([]string{"Access-Control-Allow-Methods: PUT", "Access-Control-Allow-Headers: x-test", "Access-Control-Max-Age: 0"}), cache)
	if got := judge(t, cors.Request{Method: "PUT"}, echo([]string{"Access-Control-Allow-Methods: PUT"}), cache); got.PreflightCached {
		t.Error("the older answer still counts")
	}
}

func TestMaxAge(t *testing.T) {
	t.Parallel()
	put := cors.Request{Method: "PUT"}
	server := echo([]string{"Access-Control-Allow-Methods: PUT", "Access-Control-Max-Age: 100000"})
	if got := judge(t, put, server, nil); got.MaxAge != 100000*time.Second {
		t.Errorf("without a bound: %v", got.MaxAge)
	}
	if got := judge(t, put, server, cors.NewCache(clock(0), cors.MaxAgeFirefox)); got.MaxAge != cors.MaxAgeFirefox {
		t.Errorf("Firefox: %v", got.MaxAge)
	}
	if got := judge(t, cors.Request{}, server, nil); got.MaxAge != 0 {
		t.Errorf("without a preflight: %v", got.MaxAge)
	}
}

// However much servers allow, a cache stays small and goes on working.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	var now time.Duration
	cache := cors.NewCache(func() time.Time { return time.Unix(0, 0).Add(now) }, 0)
	var many strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&many, "M%d,", i)
	}
	put := cors.Request{Method: "PUT"}
	judge(t, put, echo([]string{"Access-Control-Allow-Methods: PUT," + many.String()}), cache)
	if got := judge(t, put, echo(nil), cache); !got.PreflightCached {
		t.Error("the first method of many is not kept")
	}
	now = time.Hour
	other := cors.Request{Method: "PUT", URL: api + "/other"}
	for range 2 {
		judge(t, other, echo([]string{"Access-Control-Allow-Methods: PUT"}), cache)
	}
	if got := judge(t, other, echo(nil), cache); !got.PreflightCached {
		t.Error("what has ended leaves no place for the new")
	}
}
