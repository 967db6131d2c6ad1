package check

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"awslab/runner/lesson/yamltree"
)

// httpCheck makes one request and looks at the answer: http.address,
// http.status, http.header, http.no-header, http.body, http.json, http.time (in
// seconds, until the whole body is there). Redirects are not followed: their
// status is the answer.
type httpCheck struct {
	method, url, body string
	headers           []pair
	json              any
	hasJSON           bool

	status, text, parsed, took matcher
	wants                      []expectedHeader
}

type pair struct{ name, value string }

type expectedHeader struct {
	name    string
	matcher matcher
}

// maxBody bounds what is read of an answer, in bytes: API Gateway's own limit.
const maxBody = 10 << 20

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
	e := r.expect("status", "headers", "body", "json", "time")
	c.status, c.text, c.parsed, c.took = r.matcher(e.Get("status")), r.matcher(e.Get("body")), r.matcher(e.Get("json")), r.matcher(e.Get("time"))
	if n := e.Get("headers"); n != nil {
		if n.Kind != yamltree.Map {
			e.Wrong(n, "yaml.kind", "key", "headers", "is", n.Kind.Key(), "want", yamltree.Map.Key())
		}
		for _, m := range n.Members {
			c.wants = append(c.wants, expectedHeader{m.Key, r.matcher(m.Value)})
		}
	}
	r.done(e)
	if c.status == nil && c.text == nil && c.parsed == nil && c.took == nil && len(c.wants) == 0 {
		c.status = betweenMatcher{"200", "299"}
	}
	return c
}

func (c *httpCheck) look(ctx context.Context, p *probe) verdict {
	request, body, v, ok := c.request(ctx, p)
	if !ok {
		return v
	}
	ctx, cancel := context.WithTimeout(ctx, answerTime+longestAnswer)
	defer cancel()
	began := p.now()
	answer, err := p.client().Do(request.WithContext(ctx))
	e := Evidence{What: request.Method + " " + request.URL.String(), Request: p.mask(clip(requestText(request, body))), Reproduce: p.mask(reproduceHTTP(request, body))}
	if err != nil {
		e.Response, e.Took = p.mask(clip(err.Error())), p.now().Sub(began)
		p.evidence = append(p.evidence, e)
		return unanswered(err)
	}
	data, err := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	_ = answer.Body.Close() // it was read as far as it counts
	e.Took = p.now().Sub(began)
	e.Response = p.mask(clip(answerText(answer, data)))
	p.evidence = append(p.evidence, e)
	for _, name := range []string{"x-amzn-requestid", "apigw-requestid"} {
		p.told(answer.Header.Get(name))
	}
	if err != nil {
		return unanswered(err)
	}
	return c.judge(ctx, p, request, answer, string(data), e.Took)
}

// longestAnswer is how long API Gateway waits for a function at most: 30 s.
const longestAnswer = 30 * time.Second

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

func (c *httpCheck) judge(ctx context.Context, p *probe, request *http.Request, answer *http.Response, body string, took time.Duration) verdict {
	var findings []Finding
	subject := request.Method + " " + request.URL.String()
	judge := func(code, what string, m matcher, value any) *verdict {
		if m == nil {
			return nil
		}
		wrong, err := m.match(ctx, p.World, value)
		if err != nil {
			v := unexpanded(err)
			return &v
		}
		if wrong != nil {
			findings = append(findings, Finding{
				Code: code, Subject: subject, Expected: wrong.expected, Found: wrong.found,
				Args: map[string]string{"what": what + wrong.path, "body": shorten(body)},
			})
		}
		return nil
	}
	if v := judge(httpStatus, "status", c.status, number(answer.StatusCode)); v != nil {
		return *v
	}
	for _, h := range c.wants {
		code, value := httpHeader, any(nil)
		if values := answer.Header.Values(h.name); len(values) > 0 {
			value = strings.Join(values, ", ")
		} else {
			code = httpNoHeader
		}
		if v := judge(code, h.name, h.matcher, value); v != nil {
			return *v
		}
	}
	if v := judge(httpBody, "body", c.text, body); v != nil {
		return *v
	}
	if c.parsed != nil {
		if v := judge(httpJSON, "body", jsonMatcher{c.parsed}, body); v != nil {
			return *v
		}
	}
	if v := judge(httpTime, "time", c.took, seconds(took)); v != nil {
		return *v
	}
	return failed(findings...)
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
