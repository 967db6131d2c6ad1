package playground_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"awslab/runner/check/cors"
)

// combination is one request from a page to a server of some setting.
type combination struct {
	name string
	from string // the page's host, or null for its frame
	url  string
	// What a script asks of fetch().
	method                      string
	headers                     [][]string
	credentials, mode, redirect string
	body                        string
}

// request is the combination as the page takes it.
func (c *combination) request() map[string]any {
	from := "page"
	if c.from == cors.Null {
		from = "frame"
	}
	headers := c.headers
	if headers == nil {
		headers = [][]string{}
	}
	return map[string]any{
		"url": c.url, "method": c.method, "headers": headers, "body": c.body, "from": from,
		"credentials": or(c.credentials, "same-origin"), "mode": or(c.mode, "cors"), "redirect": or(c.redirect, "follow"),
	}
}

// fetch is the combination as the algorithm takes it.
func (m *matrix) fetch(c *combination) cors.Request {
	request := cors.Request{
		Origin: m.origin(c.from), URL: c.url, Method: c.method, Body: c.body != "",
		Credentials: cors.Credentials(c.credentials), Mode: cors.Mode(c.mode), Redirect: cors.Redirect(c.redirect),
	}
	for _, header := range c.headers {
		request.Headers = append(request.Headers, cors.Header{Name: header[0], Value: header[1]})
	}
	return request
}

func or(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}

// list collects combinations.
type list struct {
	m   *matrix
	all []combination
}

// add adds one, from the page on localhost unless it says otherwise. Its URL is a
// new one, so that no preflight is spared that another combination made.
func (l *list) add(setting, url string, c combination) {
	separator := "?"
	if strings.Contains(url, "?") {
		separator = "&"
	}
	l.same(setting, url+separator+"n="+strconv.Itoa(len(l.all)), c)
}

// same adds one whose URL others have too.
func (l *list) same(setting, url string, c combination) {
	c.url, c.from, c.method = url, or(c.from, "localhost"), or(c.method, http.MethodGet)
	c.name = fmt.Sprintf("%s: %s", setting, c.method)
	for _, header := range c.headers {
		value := header[1]
		if len(value) > 40 {
			value = fmt.Sprintf("%s… (%d bytes)", value[:20], len(value))
		}
		c.name += fmt.Sprintf(" %s=%q", header[0], value)
	}
	for _, word := range []string{c.credentials, c.mode, c.redirect} {
		if word != "" {
			c.name += " " + word
		}
	}
	if c.from != "localhost" {
		c.name += " from " + c.from
	}
	l.all = append(l.all, c)
}

// with is a combination with one header.
func with(name, value string) combination { return combination{headers: [][]string{{name, value}}} }

// usual are the requests that are sent to every setting of "Enable CORS".
var usual = []combination{
	{method: "GET"},
	{method: "GET", headers: [][]string{{"Authorization", "Bearer x"}}},
	{method: "POST", headers: [][]string{{"Content-Type", "application/json"}}, body: "{}"},
	{method: "PUT"},
	{method: "DELETE", headers: [][]string{{"X-Test", "1"}}},
	{method: "GET", credentials: "include"},
	{method: "PUT", credentials: "include"},
}

// combinations are all of them.
func (m *matrix) combinations() []combination {
	l := &list{m: m}
	l.restAPIs()
	l.pages()
	l.safelist()
	l.refused()
	l.opaque()
	l.redirects()
	l.preflights()
	l.gateway()
	l.httpAPIs()
	return l.all
}

func (l *list) restAPIs() {
	for _, name := range []string{
		"star", "wildcards", "wildcards-named", "bare", "no-options", "only-options", "only-methods", "own", "credentials", "credentials-wildcards",
		"credentials-false", "credentials-TRUE", "credentials-star", "credentials-on-options", "slash", "capitals", "other", "two", "null",
		"no-methods", "no-headers", "get-only", "small-methods", "blank-methods", "semicolon-headers", "few-headers",
	} {
		some := usual
		switch name {
		case "bare", "no-options", "only-methods", "slash", "capitals", "other", "two", "null":
			some = usual[:4] // nothing of the rest would be asked
		}
		for i, c := range some {
			if c.credentials == "" && i%2 == 1 {
				c.credentials = "omit"
			}
			l.add("REST "+name, l.m.rest("/"+name), c)
		}
	}
	for _, name := range []string{"expose", "expose-star", "expose-broken"} {
		l.add("REST "+name, l.m.rest("/"+name), combination{})
		l.add("REST "+name, l.m.rest("/"+name), combination{credentials: "include"})
	}
	// The address by path is of another origin, and the same API.
	for _, host := range []string{"localhost", "127.0.0.1"} {
		l.add("REST own by path on "+host, l.m.byPath(host, "/own"), combination{})
		l.add("REST bare by path on "+host, l.m.byPath(host, "/bare"), combination{})
	}
}

// pages are other origins: other names of the page, and the frame's null.
func (l *list) pages() {
	for _, from := range []string{"127.0.0.1", "shop.localhost"} {
		for _, name := range []string{"star", "own", "other-port", "null", "bare"} {
			l.add("REST "+name, l.m.rest("/"+name), combination{from: from})
			l.add("REST "+name, l.m.rest("/"+name), combination{from: from, method: "PUT"})
		}
	}
	for _, name := range []string{"star", "wildcards-named", "own", "null", "credentials", "bare"} {
		l.add("REST "+name, l.m.rest("/"+name), combination{from: cors.Null})
		l.add("REST "+name, l.m.rest("/"+name), combination{from: cors.Null, credentials: "include"})
		l.add("REST "+name, l.m.rest("/"+name), combination{from: cors.Null, method: "PUT", headers: [][]string{{"Authorization", "x"}}})
	}
}

// safelist are headers with and without a preflight, to a server that allows all of
// them, and to one that allows none.
func (l *list) safelist() {
	long := strings.Repeat("0", 128)
	everything := answers{
		preflight: []string{"Access-Control-Allow-Origin: *", "Access-Control-Allow-Methods: *", "Access-Control-Allow-Headers: *, authorization"},
		headers:   []string{"Access-Control-Allow-Origin: *"},
	}
	url := l.m.rest(l.m.backend.add("everything", everything))
	for i, header := range [][]string{
		{"Accept", "*/*"},
		{"Accept", long},
		{"Accept", long + "0"},
		{"Accept", `"`},
		{"Accept", "a{b"},
		{"Accept", "a;q=0.1,b/c"},
		{"Accept-Language", "en-US,en;q=0.9, *"},
		{"Accept-Language", "en_US"},
		{"Accept-Language", "@"},
		{"Accept-Language", long + "0"},
		{"Content-Language", "fr"},
		{"Content-Language", "f(r"},
		{"Content-Language", "fr/CA"},
		{"Content-Type", "application/x-www-form-urlencoded"},
		{"Content-Type", "multipart/form-data;boundary=x"},
		{"Content-Type", "Text/Plain;charset=utf-8"},
		{"Content-Type", "text/plain;garbage"},
		{"Content-Type", "text/plain ; a=b"},
		{"Content-Type", "text /plain"},
		{"Content-Type", "text/plain,text/plain"},
		{"Content-Type", "application/json"},
		{"Content-Type", "text/html"},
		{"Content-Type", ""},
		{"Content-Type", `text/plain;a="b"`},
		{"Content-Type", "text/plain;a=" + long},
		{"Range", "bytes=0-99"},
		{"Range", "bytes=200-"},
		{"Range", "bytes=-200"},
		{"Range", "bytes=200-100"},
		{"Range", "bytes=0-1,3-4"},
		{"Range", "bytes= 0-1"},
		{"Range", "kb=0-1"},
		{"Authorization", "Bearer x"},
		{"X-Api-Key", "k"},
		{"Last-Event-ID", "1"},
		{"DPR", "1"},
		{"Save-Data", "on"},
		{"X-Requested-With", "XMLHttpRequest"},
		{"User-Agent", "me"},
		{"Cookie", "a=b"},
		{"Host", "evil.example"},
		{"Sec-Test", "1"},
		{"Proxy-Test", "1"},
		{"X-HTTP-Method-Override", "TRACE"},
		{"X-HTTP-Method-Override", "PUT"},
		{"Accept-Charset", "x"},
		{"Date", "x"},
	} {
		c := combination{headers: [][]string{header}}
		if strings.HasPrefix(header[0], "Content-") {
			c.method, c.body = http.MethodPost, "data"
		}
		c.credentials = []string{"", "omit"}[i%2]
		l.add("everything allowed", url, c)
	}
	for _, name := range []string{"Accept", "Content-Language", "Accept-Language"} {
		l.add("everything allowed", url, combination{headers: [][]string{{name, strings.Repeat("a", 64)}, {name, strings.Repeat("b", 60)}}})
	}
	hundred := strings.Repeat("a", 100)
	l.add("everything allowed", url, combination{headers: [][]string{{"Accept", hundred}, {"Accept-Language", hundred}, {"Content-Language", hundred}, {"Content-Type", "text/plain"}, {"Range", "bytes=0-"}}})
}
