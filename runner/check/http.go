package check

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"awslab/runner/lesson/yamltree"
)

// httpCheck makes one request and looks at the answer: see [answerMatchers], and
// http.address. Redirects are not followed: their status is the answer.
type httpCheck struct {
	method, url, body string
	headers           []pair
	json              any
	hasJSON           bool

	expected answerMatchers
}

type pair struct{ name, value string }

func compileHTTP(r *reader) looker {
	f := r.fields(r.subject, "http", "method", "url", "headers", "body", "json")
	c := &httpCheck{method: strings.ToUpper(f.Text("method")), url: f.Required("url", "$URL/helloworld"), body: f.Text("body")}
	if c.method == "" {
		c.method = http.MethodGet
	}
	if _, err := http.NewRequest(c.method, "http://localhost", nil); err != nil {
		f.Wrong(f.Get("method"), "http.method", "method", c.method)
	}
	if n := f.Get("headers"); n != nil && n.Kind != yamltree.Null {
		if n.Kind != yamltree.Map {
			f.Wrong(n, "yaml.kind", "key", "headers", "is", n.Kind.Key(), "want", yamltree.Map.Key())
		}
		for _, m := range n.Members {
			if m.Value.Kind == yamltree.Map || m.Value.Kind == yamltree.List {
				f.Wrong(m.Value, "yaml.kind", "key", m.Key, "is", m.Value.Kind.Key(), "want", yamltree.String.Key())
			}
			c.headers = append(c.headers, pair{m.Key, m.Value.Text})
		}
	}
	if n := f.Get("json"); n != nil {
		if c.json, c.hasJSON = n.Value(), true; c.body != "" {
			f.Wrong(n, "http.body-and-json")
		}
	}
	r.done(f)
	c.expected = r.answer()
	return c
}

func (c *httpCheck) look(ctx context.Context, p *probe) verdict {
	request, body, v, ok := c.request(ctx, p)
	if !ok {
		return v
	}
	a, v := p.exchange(ctx, request, body)
	if a == nil {
		return v
	}
	return c.expected.judge(ctx, p, a)
}

// client follows no redirects and keeps no cookies.
func (p *probe) client() *http.Client {
	client := http.Client{}
	if p.HTTP != nil {
		client = *p.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}

func (c *httpCheck) request(ctx context.Context, p *probe) (request *http.Request, body string, v verdict, ok bool) {
	address, err := p.expand(ctx, c.url)
	if err == nil {
		body, err = p.expand(ctx, c.body)
	}
	if err != nil {
		return nil, "", unexpanded(err), false
	}
	if c.hasJSON {
		tree, err := p.filled(ctx, c.json)
		if err != nil {
			return nil, "", unexpanded(err), false
		}
		body = encode(tree)
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, "", failed(Finding{Code: httpAddress, Subject: address}), false
	}
	request, err = http.NewRequestWithContext(ctx, c.method, address, strings.NewReader(body))
	if err != nil {
		return nil, "", broken(err), false
	}
	if body == "" {
		request.Body, request.ContentLength = http.NoBody, 0
	}
	if c.hasJSON {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, h := range c.headers {
		value, err := p.expand(ctx, h.value)
		if err != nil {
			return nil, "", unexpanded(err), false
		}
		if strings.EqualFold(h.name, "host") {
			request.Host = value
			continue
		}
		request.Header.Set(h.name, value)
	}
	request.Header.Set(CheckHeader, "1")
	return request, body, verdict{}, true
}

// unanswered is the verdict over a request without an answer: it says nothing
// about what the student built.
func unanswered(err error) verdict {
	f := Finding{Code: undecidedNetwork, Found: shorten(reason(err))}
	var timeout net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		f.Code = undecidedDeadline
	}
	v := undecided(f)
	v.pending = true
	return v
}

func requestText(r *http.Request, body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.Method, r.URL)
	writeHeaders(&b, r.Header)
	b.WriteString("\n" + body)
	return strings.TrimRight(b.String(), "\n")
}

func answerText(r *http.Response, data []byte) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", r.Proto, r.Status)
	writeHeaders(&b, r.Header)
	b.WriteString("\n" + strings.ToValidUTF8(string(data), "�"))
	return strings.TrimRight(b.String(), "\n")
}

func writeHeaders(b *strings.Builder, header http.Header) {
	for _, name := range slices.Sorted(maps.Keys(header)) {
		for _, value := range header[name] {
			fmt.Fprintf(b, "%s: %s\n", name, value)
		}
	}
}

// reproduceHTTP is the curl command for a request.
func reproduceHTTP(r *http.Request, body string) string {
	words := []string{"curl", "-i"}
	if r.Method != http.MethodGet || body != "" {
		words = append(words, "-X", r.Method)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if name == CheckHeader {
			continue
		}
		words = append(words, "-H", quote(name+": "+r.Header.Get(name)))
	}
	if r.Host != "" && r.Host != r.URL.Host {
		words = append(words, "-H", quote("Host: "+r.Host))
	}
	if body != "" {
		words = append(words, "--data-binary", quote(body))
	}
	return clip(strings.Join(append(words, quote(r.URL.String())), " "))
}
