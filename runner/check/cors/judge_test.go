package cors_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"awslab/runner/check/cors"
)

const (
	shop = "https://shop.example"
	api  = "https://api.example"
	pets = api + "/v2/pets"
)

// table is a server that answers preflights and requests of an origin of its own.
type table map[string]pair

type pair struct{ preflight, answer cors.Answer }

func (t table) Answer(_ context.Context, sent cors.Sent) (cors.Answer, error) {
	for prefix, pair := range t {
		if strings.HasPrefix(sent.URL, prefix) {
			if sent.Method == http.MethodOptions && sent.Header.Get("Access-Control-Request-Method") != "" {
				return pair.preflight, nil
			}
			return pair.answer, nil
		}
	}
	return cors.Answer{}, errors.New("connection refused")
}

// answer is one of a status and headers, each as `Name: value`.
func answer(status int, headers ...string) cors.Answer {
	a := cors.Answer{Status: status, Header: http.Header{}}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ":")
		a.Header.Add(name, strings.TrimPrefix(value, " "))
	}
	return a
}

// headers are those of a script, each as `Name: value`.
func headers(lines ...string) (headers []cors.Header) {
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		headers = append(headers, cors.Header{Name: name, Value: value})
	}
	return headers
}

func judge(t testing.TB, request cors.Request, server cors.Server, cache *cors.Cache) cors.Verdict {
	t.Helper()
	if request.Origin == "" {
		request.Origin = shop
	}
	if request.URL == "" {
		request.URL = pets
	}
	verdict, err := cors.Judge(t.Context(), request, server, cache)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range append([]cors.Step{verdict.Step, verdict.Why}, verdict.Reasons...) {
		if !slices.Contains(cors.Codes(), step.Code) || step.Section == "" {
			t.Errorf("no step of the standard: %+v", step)
		}
	}
	return verdict
}

const star = "Access-Control-Allow-Origin: *"

// open is a server that allows everything to everybody without credentials.
var open = table{api: {
	preflight: answer(204, star, "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *, authorization"),
	answer:    answer(200, star),
}}

// What fetch() throws a TypeError for; nothing is sent.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		request cors.Request
		code    string
	}{
		{"no URL", cors.Request{URL: "https://"}, "request.url"},
		{"relative URL", cors.Request{URL: "/v2/pets"}, "request.url"},
		{"port too large", cors.Request{URL: "http://a:65536/"}, "request.url"},
		{"user name", cors.Request{URL: "https://me@api.example/"}, "request.url-credentials"},
		{"password", cors.Request{URL: "https://:secret@api.example/"}, "request.url-credentials"},
		{"method with a blank", cors.Request{Method: "GET PETS"}, "request.method"},
		{"method not in ASCII", cors.Request{Method: "GÉT"}, "request.method"},
		{"CONNECT", cors.Request{Method: "CONNECT"}, "request.method-forbidden"},
		{"trace", cors.Request{Method: "trace"}, "request.method-forbidden"},
		{"Track", cors.Request{Method: "Track"}, "request.method-forbidden"},
		{"no-cors PUT", cors.Request{Method: "PUT", Mode: cors.ModeNoCORS}, "request.method-no-cors"},
		{"header's name", cors.Request{Headers: headers("X Y: 1")}, "request.header-name"},
		{"empty name", cors.Request{Headers: []cors.Header{{Value: "1"}}}, "request.header-name"},
		{"line break", cors.Request{Headers: headers("X: 1\r\nY: 2")}, "request.header-value"},
		{"NUL", cors.Request{Headers: headers("X: a\x00b")}, "request.header-value"},
		{"letter of two bytes", cors.Request{Headers: headers("X: 고양이")}, "request.header-bytes"},
		{"body of GET", cors.Request{Body: true}, "request.body"},
		{"body of head", cors.Request{Method: "head", Body: true}, "request.body"},
		{"bad port", cors.Request{URL: "http://api.example:6000/"}, "fetch.port"},
		{"mode same-origin", cors.Request{Mode: cors.ModeSameOrigin}, "fetch.same-origin"},
		{"no-cors without following", cors.Request{Mode: cors.ModeNoCORS, Redirect: cors.RedirectError}, "fetch.no-cors"},
		{"ftp", cors.Request{URL: "ftp://api.example/"}, "fetch.scheme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := judge(t, tt.request, open, nil)
			if got.Class != cors.ClassRefused || got.Allowed || got.Step.Code != tt.code || len(got.Exchanges) > 0 {
				t.Errorf("%+v, want %s", got, tt.code)
			}
		})
	}
}

// Methods are normalized, but not all of them
// (whatwg/fetch, example-normalization; web-platform-tests fetch/api/basic/request-init).
func TestMethods(t *testing.T) {
	t.Parallel()
	for script, sent := range map[string]string{
		"": "GET", "get": "GET", "Head": "HEAD", "post": "POST", "pUT": "PUT", "delete": "DELETE", "options": "OPTIONS",
		"patch": "patch", "PATCH": "PATCH", "chicken": "chicken",
	} {
		got := judge(t, cors.Request{Method: script}, open, nil)
		if last := got.Exchanges[len(got.Exchanges)-1].Sent; last.Method != sent {
			t.Errorf("%q is sent as %q, want %q", script, last.Method, sent)
		}
		simple := sent == "GET" || sent == "HEAD" || sent == "POST"
		if got.PreflightSent == simple || (got.Class == cors.ClassSimple) != simple {
			t.Errorf("%q is %s, with a preflight: %v", script, got.Class, got.PreflightSent)
		}
	}
}

// web-platform-tests: cors/cors-safelisted-request-header.any.js,
// fetch/api/cors/resources/not-cors-safelisted.json and cors-no-preflight.any.js.
func TestSafelist(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("0", 128)
	for _, tt := range []struct{ header, why string }{
		{"Accept: */*", ""},
		{"Accept: " + long, ""},
		{"Accept: " + long + "0", "why.header-length"},
		{"Accept: \"", "why.accept"},
		{"Accept: a\tb", ""},
		{"Accept: é", ""}, // 0xE9 is no unsafe byte
		{"Accept-Language: fr", ""},
		{"Accept-Language: en-US,en;q=0.9, *", ""},
		{"Accept-Language: \x01", "why.language"},
		{"Accept-Language: @", "why.language"},
		{"Accept-Language: en_US", "why.language"},
		{"Content-Language: a\tb", "why.language"},
		{"Content-Language: fr", ""},
		{"Content-Type: application/x-www-form-urlencoded", ""},
		{"Content-Type: multipart/form-data", ""},
		{"Content-Type: Text/Plain;charset=utf-8", ""},
		{"Content-Type: text/plain;", ""},
		{"Content-Type: text/plain;garbage", ""},
		{"Content-Type: text/plain ; a=b", ""},
		{"Content-Type: text/plain;garbage\x01\x02", "why.content-type-byte"},
		{"Content-Type: text /plain", "why.content-type"},
		{"Content-Type: text\t/\tplain", "why.content-type"},
		{"Content-Type: text/plain,", "why.content-type"},
		{"Content-Type: ,text/plain", "why.content-type"},
		{"Content-Type: text/plain,text/plain", "why.content-type"},
		{"Content-Type: text/plain\x0b", "why.content-type-byte"},
		{"Content-Type: application/www-form-urlencoded", "why.content-type"},
		{"Content-Type: application/x-www-form-urlencoded;\x7f", "why.content-type-byte"},
		{"Content-Type: multipart/form-data;\"", "why.content-type-byte"},
		{"Content-Type: application/json", "why.content-type"},
		{"Content-Type: text/html", "why.content-type"},
		{"Content-Type: ", "why.content-type"},
		{"Content-Type: text/plain; long=" + long, "why.header-length"},
		{"Range: bytes=100-200", ""},
		{"Range: bytes=200-", ""},
		{"Range: bytes=0099-100", ""},
		{"Range: bytes=200-100", "why.range"},
		{"Range: bytes=-200", "why.range"},
		{"Range: bytes=-", "why.range"},
		{"Range: 100-200", "why.range"},
		{"Range: MB=100-200", "why.range"},
		{"Range: bytes =100-200", "why.range"},
		{"Range: bytes= 100-200", "why.range"},
		{"Range: bytes=100 -200", "why.range"},
		{"Range: bytes=100-200hello", "why.range"},
		{"Range: bytes=100-200,300-400", "why.range"},
		{"Range: bytes 0-", "why.range"},
		{"Range: ,bytes=100-200", "why.range"},
		{"Last-Event-ID: abc123", "why.header"},
		{"Authorization: Bearer x", "why.header"},
		{"X-Api-Key: k", "why.header"},
		{"DPR: 1", "why.header"}, // client hints were on the list once
	} {
		got := judge(t, cors.Request{Method: "POST", Headers: headers(tt.header)}, open, nil)
		why := got.Why.Code
		if tt.why == "" {
			tt.why = "why.simple"
		}
		if why != tt.why || got.PreflightSent == (tt.why == "why.simple") || !got.Allowed {
			t.Errorf("%q: %s, with a preflight: %v, allowed: %v, want %s", tt.header, why, got.PreflightSent, got.Allowed, tt.why)
		}
	}
}

// Safelisted values make no preflight each, but do together.
func TestSafelistTogether(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("a", 128)
	eight := headers("Accept: "+value, "Accept: "+value, "Accept: "+value, "Accept: "+value,
		"Content-Language: "+value, "Content-Language: "+value, "Content-Language: "+value, "Content-Language: "+value)
	if got := judge(t, cors.Request{Headers: eight}, open, nil); got.Class != cors.ClassSimple {
		t.Errorf("1,024 bytes: %s by %s", got.Class, got.Why.Code)
	}
	got := judge(t, cors.Request{Headers: append(eight, headers("Accept-Language: a")...)}, open, nil)
	if got.Why.Code != "why.headers-length" || got.Why.Args["length"] != "1025" {
		t.Errorf("1,025 bytes: %+v", got.Why)
	}
	if asked := got.Exchanges[0].Sent.Header.Get("Access-Control-Request-Headers"); asked != "accept,accept-language,content-language" {
		t.Errorf("the preflight asks for %q", asked)
	}
}

func TestDropped(t *testing.T) {
	t.Parallel()
	request := cors.Request{Headers: headers(
		"Cookie: a=b", "HOST: evil.example", "Origin: https://evil.example", "Sec-Fetch-Mode: navigate", "proxy-authorization: x",
		"Access-Control-Request-Method: GET", "Content-Length: 1", "Set-Cookie: a", "Date: x",
		"X-HTTP-Method-Override: get, trace", "X-Method-Override: PUT", "User-Agent: me", "Secret: s",
	)}
	got := judge(t, request, open, nil)
	want := []string{
		"access-control-request-method", "content-length", "cookie", "date", "host", "origin", "proxy-authorization", "sec-fetch-mode",
		"set-cookie", "x-http-method-override",
	}
	if !slices.Equal(got.Dropped, want) {
		t.Errorf("dropped %v", got.Dropped)
	}
	if asked := got.Exchanges[0].Sent.Header.Get("Access-Control-Request-Headers"); asked != "secret,user-agent,x-method-override" {
		t.Errorf("the preflight asks for %q", asked)
	}
	if sent := got.Exchanges[1].Sent.Header; sent.Get("Origin") != shop || sent.Get("Host") != "" || sent.Get("User-Agent") != "me" {
		t.Errorf("sent %v", sent)
	}
}

// What a preflight looks like on the wire.
func TestPreflightSent(t *testing.T) {
	t.Parallel()
	got := judge(t, cors.Request{
		Method: "DELETE", Headers: headers("X-B: 1", "x-a: 2", "Authorization: Bearer x", "X-b: 3", "Accept: text/html"), Credentials: cors.CredentialsInclude,
	}, open, nil)
	sent := got.Exchanges[0]
	want := http.Header{
		"Accept": {"*/*"}, "Origin": {shop}, "Access-Control-Request-Method": {"DELETE"}, "Access-Control-Request-Headers": {"authorization,x-a,x-b"},
	}
	if !sent.Preflight || sent.Sent.Method != http.MethodOptions || sent.Sent.URL != pets || len(sent.Sent.Header) != len(want) {
		t.Fatalf("%+v", sent)
	}
	for name, values := range want {
		if !slices.Equal(sent.Sent.Header[name], values) {
			t.Errorf("%s is %v", name, sent.Sent.Header[name])
		}
	}
	if len(got.Reasons) != 5 || got.Why.Code != "why.method" {
		t.Errorf("why: %+v", got.Reasons)
	}
	if got = judge(t, cors.Request{Method: "DELETE"}, open, nil); got.Exchanges[0].Sent.Header.Values("Access-Control-Request-Headers") != nil {
		t.Error("a preflight without headers asks for some")
	}
	if last := got.Exchanges[1].Sent; last.Header.Get("Accept") != "*/*" || last.Header.Get("Origin") != shop {
		t.Errorf("sent %+v", last)
	}
}

func TestBody(t *testing.T) {
	t.Parallel()
	got := judge(t, cors.Request{Method: "POST", Body: true}, open, nil)
	if kind := got.Exchanges[0].Sent.Header.Get("Content-Type"); got.Class != cors.ClassSimple || kind != "text/plain;charset=UTF-8" {
		t.Errorf("%s, Content-Type %q", got.Class, kind)
	}
	got = judge(t, cors.Request{Method: "POST", Body: true, Headers: headers("content-type: application/json")}, open, nil)
	if kind := got.Exchanges[1].Sent.Header.Get("Content-Type"); kind != "application/json" {
		t.Errorf("Content-Type %q", kind)
	}
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	server := table{api: {answer: answer(404, "Set-Cookie: a=b", "X-Secret: 1", "Content-Type: text/plain")}}
	for _, method := range []string{"GET", "DELETE"} {
		got := judge(t, cors.Request{Origin: api, Method: method, Headers: headers("Authorization: x"), Mode: cors.ModeSameOrigin}, server, nil)
		if got.Class != cors.ClassSameOrigin || !got.Allowed || got.Status != 404 || got.Step.Code != "answer.same-origin" || got.PreflightSent {
			t.Errorf("%+v", got)
		}
		if !slices.Equal(got.Readable, []string{"content-type", "x-secret"}) {
			t.Errorf("readable: %v", got.Readable)
		}
		// Origin goes with every method but GET and HEAD.
		if origin := got.Exchanges[0].Sent.Header.Get("Origin"); (origin == api) != (method == "DELETE") {
			t.Errorf("%s is sent with Origin %q", method, origin)
		}
	}
	for page, url := range map[string]string{
		"http://127.0.0.1:4566": "http://localhost:4566/", "http://a.localhost": "http://localhost/", api: "http://api.example/", "http://api.example": "http://api.example:8080/",
		cors.Null: pets,
	} {
		if got := judge(t, cors.Request{Origin: page, URL: url}, table{"": open[api]}, nil); got.Class != cors.ClassSimple {
			t.Errorf("%s from %s is %s", url, page, got.Class)
		}
	}
	for page, url := range map[string]string{api: "HTTPS://API.Example:443/x", "http://[::1]:80": "", "http://127.0.0.1": "http://0x7f.1/"} {
		if url != "" {
			if got := judge(t, cors.Request{Origin: page, URL: url}, table{"": open[api]}, nil); got.Class != cors.ClassSameOrigin {
				t.Errorf("%s from %s is %s", url, page, got.Class)
			}
		}
	}
}

func TestNoCORS(t *testing.T) {
	t.Parallel()
	request := cors.Request{Method: "post", Mode: cors.ModeNoCORS, Body: true, Credentials: cors.CredentialsInclude, Headers: headers(
		"Accept: text/html", "Authorization: x", "Range: bytes=0-1", "Accept-Language: "+strings.Repeat("a", 100), "Accept-Language: "+strings.Repeat("b", 100), "Cookie: a")}
	got := judge(t, request, table{api: {answer: answer(200, "Content-Type: text/plain")}}, nil)
	if got.Class != cors.ClassOpaque || !got.Allowed || got.Status != 0 || got.Readable != nil || got.Step.Code != "answer.opaque" || got.PreflightSent {
		t.Errorf("%+v", got)
	}
	if !slices.Equal(got.Dropped, []string{"accept-language", "authorization", "cookie", "range"}) {
		t.Errorf("dropped %v", got.Dropped)
	}
	sent := got.Exchanges[0].Sent.Header
	if sent.Get("Accept-Language") != strings.Repeat("a", 100) || sent.Get("Origin") != shop || sent.Get("Content-Type") != "text/plain;charset=UTF-8" {
		t.Errorf("sent %v", sent)
	}
	for _, tt := range []struct {
		policy, origin string
		allowed        bool
	}{
		{"same-origin", shop, false},
		{"same-site", shop, false},
		{"same-site", "http://api.example", false}, // not from http to https
		{"same-site", api + ":8443", true},
		{"cross-origin", shop, true},
		{"Same-Origin", shop, true}, // no policy
		{"same-origin", cors.Null, false},
		{"same-site", cors.Null, false},
		{"same-site", "https://10.0.0.1", false},
	} {
		server := table{api: {answer: answer(200, "Cross-Origin-Resource-Policy: "+tt.policy)}}
		got := judge(t, cors.Request{Origin: tt.origin, Mode: cors.ModeNoCORS}, server, nil)
		if got.Allowed != tt.allowed || !got.Allowed && got.Step.Code != "answer.resource-policy" {
			t.Errorf("%s for %s: %v by %s", tt.policy, tt.origin, got.Allowed, got.Step.Code)
		}
	}
	server := table{"": {answer: answer(200, "Cross-Origin-Resource-Policy: same-site")}}
	_, err := cors.Judge(t.Context(), cors.Request{Origin: "https://a.co.uk", URL: "https://b.co.uk/", Mode: cors.ModeNoCORS}, server, nil)
	if !errors.Is(err, cors.ErrUnknown) {
		t.Errorf("sites that only the list of public suffixes tells apart: %v", err)
	}
}

// unknown knows what is answered to preflights only.
type unknown struct{ table }

func (u unknown) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	if sent.Method != http.MethodOptions {
		return cors.Answer{}, cors.ErrUnknown
	}
	return u.table.Answer(ctx, sent)
}

func TestNoVerdict(t *testing.T) {
	t.Parallel()
	got, err := cors.Judge(t.Context(), cors.Request{Origin: shop, URL: pets, Method: "PUT"}, unknown{open}, nil)
	if !errors.Is(err, cors.ErrUnknown) || got.Allowed || len(got.Exchanges) != 2 || !got.PreflightSent {
		t.Errorf("%+v, %v", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := cors.Judge(ctx, cors.Request{Origin: shop, URL: pets}, table{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("a done context: %v", err)
	}
	for name, tt := range map[string]struct {
		request cors.Request
		want    error
	}{
		"page's URL":    {cors.Request{Origin: shop + "/index.html", URL: pets}, cors.ErrOriginPath},
		"data":          {cors.Request{Origin: shop, URL: "data:,hello"}, cors.ErrLocal},
		"mode":          {cors.Request{Origin: shop, URL: pets, Mode: "navigate"}, cors.ErrMode},
		"credentials":   {cors.Request{Origin: shop, URL: pets, Credentials: "yes"}, cors.ErrMode},
		"redirect":      {cors.Request{Origin: shop, URL: pets, Redirect: "no"}, cors.ErrMode},
		"many headers":  {cors.Request{Origin: shop, URL: pets, Headers: make([]cors.Header, 5000)}, cors.ErrTooLarge},
		"large headers": {cors.Request{Origin: shop, URL: pets, Headers: headers("X: " + strings.Repeat("x", 1<<20))}, cors.ErrTooLarge},
		"long URL":      {cors.Request{Origin: shop, URL: pets + strings.Repeat("x", 1<<20)}, cors.ErrTooLarge},
		"host":          {cors.Request{Origin: shop, URL: "https://펫.example/"}, cors.ErrHostNotASCII},
	} {
		if _, err := cors.Judge(t.Context(), tt.request, open, nil); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
	if got := judge(t, cors.Request{URL: "https://nowhere.example/"}, open, nil); got.Allowed || got.Step.Code != "answer.network" || got.Class != cors.ClassSimple {
		t.Errorf("no answer: %+v", got)
	}
	if got := judge(t, cors.Request{URL: "https://nowhere.example/", Method: "PUT"}, open, nil); got.Step.Code != "preflight.network" {
		t.Errorf("no answer to the preflight: %+v", got)
	}
}
