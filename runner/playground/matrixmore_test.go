package playground_test

import (
	"net/http"
	"strings"

	"awslab/runner/check/cors"
)

// refused are requests that fetch() does not send, or sends in another spelling.
func (l *list) refused() {
	url := l.m.rest("/wildcards")
	for _, method := range []string{"TRACE", "connect", "Track", "A B", "GÉT", "get", "Post", "patch", "PATCH", "Delete", "options", "HEAD", "CHICKEN", "chicken"} {
		l.add("methods", url, combination{method: method})
	}
	l.add("PATCH named", l.m.rest("/star"), combination{method: "patch"})
	l.add("PATCH named", l.m.rest("/star"), combination{method: "PATCH"})
	l.add("body", url, combination{body: "x"})
	l.add("body", url, combination{method: http.MethodHead, body: "x"})
	for _, header := range [][]string{{"A B", "1"}, {"ä", "1"}, {"X-Test", "고양이"}, {"X-Test", "a\x00b"}, {"X-Test", "é"}, {"X-Test", "  padded  "}, {"X-Test", ""}} {
		l.add("headers", url, with(header[0], header[1]))
	}
	l.add("same-origin", url, combination{mode: "same-origin"})
}

// opaque are requests of mode no-cors.
func (l *list) opaque() {
	for _, name := range []string{"star", "bare", "policy-same-origin", "policy-same-site", "policy-cross-origin", "307", "303-bare"} {
		l.add("no-cors "+name, l.m.rest("/"+name), combination{mode: "no-cors"})
	}
	url := l.m.rest("/bare")
	l.add("no-cors bare", url, combination{mode: "no-cors", method: http.MethodPost})
	l.add("no-cors bare", url, combination{mode: "no-cors", method: http.MethodHead, credentials: "include"})
	l.add("no-cors bare", url, combination{mode: "no-cors", method: http.MethodPut})
	l.add("no-cors bare", url, combination{mode: "no-cors", headers: [][]string{{"Authorization", "x"}, {"Range", "bytes=0-1"}, {"Accept-Language", "fr"}}})
	l.add("no-cors bare", url, combination{mode: "no-cors", redirect: "error"})
	l.add("no-cors bare", url, combination{mode: "no-cors", redirect: "manual"})
	l.add("no-cors bare", url, combination{mode: "no-cors", from: cors.Null})
	l.add("no-cors policy-same-origin", l.m.rest("/policy-same-origin"), combination{mode: "no-cors", from: cors.Null})
}

// redirects are followed, refused and left alone.
func (l *list) redirects() {
	for _, status := range []string{"301", "302", "303", "307", "308"} {
		for _, c := range []combination{{}, {method: http.MethodPost}, {method: http.MethodPut}} {
			l.add("redirect "+status, l.m.rest("/"+status), c)
		}
		l.add("redirect without CORS "+status, l.m.rest("/"+status+"-bare"), combination{})
		l.add("redirect without a place "+status, l.m.rest("/"+status+"-nowhere"), combination{})
	}
	l.add("redirect for ever", l.m.rest("/302-loop"), combination{})
	for _, mode := range []string{"error", "manual"} {
		for _, name := range []string{"302", "302-bare", "302-nowhere", "star"} {
			l.add("redirect "+name, l.m.rest("/"+name), combination{redirect: mode})
		}
	}
	// To other origins: the backend sends there, since it may know them.
	const star = "Access-Control-Allow-Origin: *"
	everything := []string{star, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *, authorization"}
	to := func(name string, headers ...string) string {
		return l.m.rest(l.m.backend.add(name, answers{preflight: everything, status: http.StatusTemporaryRedirect, headers: headers}))
	}
	other := l.m.byPath("127.0.0.1", "/star")
	for _, place := range []struct{ name, url string }{
		{"another origin", other},
		{"another origin without CORS", l.m.byPath("127.0.0.1", "/bare")},
		{"another origin that allows the page", l.m.byPath("127.0.0.1", "/own")},
		{"another origin that allows null", l.m.byPath("127.0.0.1", "/null")},
		{"the same origin that allows the page", l.m.rest("/own")},
		{"a user name", strings.Replace(other, "http://", "http://me:secret@", 1)},
		{"a user name on the same origin", strings.Replace(l.m.rest("/star"), "http://", "http://me@", 1)},
		{"another scheme", "ftp://127.0.0.1/"},
		{"data", "data:,hello"},
		{"no URL", "http://[/"},
		{"a bad port", "http://127.0.0.1:6000/"},
	} {
		url := to(place.name, star, "Location: "+place.url)
		l.add("redirect to "+place.name, url, combination{})
		l.add("redirect to "+place.name, url, combination{method: http.MethodPut})
		if place.name == "another origin" || place.name == "the same origin that allows the page" {
			l.add("redirect to "+place.name, url, with("Authorization", "x"))
			l.add("redirect to "+place.name, url, combination{method: http.MethodPost, headers: [][]string{{"Content-Type", "application/json"}}, body: "{}"})
			l.add("redirect to "+place.name, url, combination{from: cors.Null})
			l.add("redirect to "+place.name, url, combination{credentials: "include"})
		}
	}
}

// preflights are answers to preflights, and those that are kept.
func (l *list) preflights() {
	for _, status := range []string{"202", "204", "299", "300", "302", "400", "403", "404", "500"} {
		l.add("preflight "+status, l.m.rest("/preflight-"+status), combination{method: http.MethodPut})
	}
	l.add("preflight redirected", l.m.rest("/redirected-preflight"), combination{method: http.MethodPut})
	l.add("simple, whatever OPTIONS answers", l.m.rest("/preflight-500"), combination{})
	const star, own, put = "Access-Control-Allow-Origin: *", "Access-Control-Allow-Origin: ", "Access-Control-Allow-Methods: PUT"
	mine := own + l.m.origin("localhost")
	for _, c := range []struct {
		name               string
		preflight, headers []string
	}{
		{"star twice", []string{star, star, put}, []string{star}},
		{"the answer has star twice", []string{star, put}, []string{star, star}},
		{"origin twice", []string{mine, mine, put}, []string{mine}},
		{"empty origin", []string{own, put}, []string{star}},
		{"blanks round the origin", []string{own + "  *\t", put}, []string{own + "\t" + l.m.origin("localhost") + "  "}},
		{"methods in two headers", []string{star, "Access-Control-Allow-Methods: GET", put}, []string{star}},
		{"methods with empty items", []string{star, "Access-Control-Allow-Methods: ,,GET, PUT,"}, []string{star}},
		{"methods in quotes", []string{star, `Access-Control-Allow-Methods: "PUT"`}, []string{star}},
		{"methods in apostrophes", []string{star, "Access-Control-Allow-Methods: 'PUT'"}, []string{star}},
		{"methods in brackets", []string{star, "Access-Control-Allow-Methods: [PUT]"}, []string{star}},
		{"Allow", []string{star, "Allow: PUT"}, []string{star}},
	} {
		url := l.m.rest(l.m.backend.add(c.name, answers{preflight: c.preflight, headers: c.headers}))
		l.add("preflight: "+c.name, url, combination{method: http.MethodPut})
		l.add("preflight: "+c.name, url, combination{})
	}
	l.kept()
}

// kept are sequences of requests to one URL.
func (l *list) kept() {
	put, include, authorized := combination{method: http.MethodPut}, combination{method: http.MethodPut, credentials: "include"}, with("Authorization", "x")
	test, frame := combination{method: http.MethodPut, headers: [][]string{{"X-Test", "1"}}}, combination{method: http.MethodPut, from: cors.Null}
	for _, sequence := range []struct {
		name, path string
		requests   []combination
	}{
		{"kept 600 s", "/age-600", []combination{put, put, authorized, authorized, test, {}, {method: http.MethodPatch}, {method: http.MethodDelete}, put}},
		{"kept 0 s", "/age-0", []combination{put, put}},
		{"kept with *", "/wildcards-600", []combination{put, {method: http.MethodDelete}, with("X-Other", "1")}},
		{"kept with credentials", "/credentials-600", []combination{include, include, put}},
		{"kept without credentials", "/credentials-600", []combination{put, include, put}},
		{"kept for null", "/wildcards-600", []combination{frame, frame}},
		{"kept though the answer is blocked", "/only-options-600", []combination{put, put}},
	} {
		for i, c := range sequence.requests {
			l.same(sequence.name+", "+string(rune('1'+i)), l.m.rest(sequence.path+"?sequence="+strings.ReplaceAll(sequence.name, " ", "-")), c)
		}
	}
}

// gateway are answers that the gateway makes itself.
func (l *list) gateway() {
	for stage, name := range map[string]string{"/PROD/": "without CORS", "/PATIENT/": "with CORS"} {
		base := strings.TrimSuffix(l.m.rest(""), "/PROD") + stage
		for _, c := range []combination{{}, {method: http.MethodPut}, {credentials: "include"}, {mode: "no-cors"}} {
			l.add("gateway 4xx "+name, base+"nothing", c)
		}
		l.add("gateway 5xx "+name, base+"unreachable", combination{})
		l.add("gateway 5xx "+name, base+"unreachable", combination{method: http.MethodPut})
	}
	l.add("no such stage", strings.TrimSuffix(l.m.rest(""), "PROD")+"NONE/star", combination{})
}

func (l *list) httpAPIs() {
	for _, name := range []string{"none", "star", "own", "credentials", "other", "scheme", "origins"} {
		for _, c := range usual {
			l.add("HTTP "+name, l.m.http[name], c)
		}
		for _, from := range []string{"127.0.0.1", cors.Null} {
			l.add("HTTP "+name, l.m.http[name], combination{from: from})
			l.add("HTTP "+name, l.m.http[name], combination{from: from, method: http.MethodPut})
		}
	}
}
