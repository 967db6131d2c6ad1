package check

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"strings"
	"time"

	"awslab/runner/lesson/yamltree"
)

// answerMatchers are what a check expects of an HTTP answer: http.status,
// http.header, http.no-header, http.body, http.json, http.time (in seconds,
// until the whole body is there).
type answerMatchers struct {
	status, text, parsed, took matcher
	headers                    []expectedHeader
}

type expectedHeader struct {
	name    string
	matcher matcher
}

// maxBody bounds what is read of an answer, in bytes: API Gateway's own limit.
const maxBody = 10 << 20

// longestAnswer is how long API Gateway waits for a function at most: 30 s.
const longestAnswer = 30 * time.Second

// answer reads the `expect` of a check that makes a request. Nothing expected
// means a status of success.
func (r *reader) answer() answerMatchers {
	return r.answerOf(r.expect("status", "headers", "body", "json", "time"))
}

// answerOf reads what is expected of an answer out of a mapping.
func (r *reader) answerOf(e *yamltree.Fields) answerMatchers {
	m := answerMatchers{status: r.matcher(e.Get("status")), text: r.matcher(e.Get("body")), parsed: r.matcher(e.Get("json")), took: r.matcher(e.Get("time"))}
	if n := e.Get("headers"); n != nil {
		if n.Kind != yamltree.Map {
			e.Wrong(n, "yaml.kind", "key", "headers", "is", n.Kind.Key(), "want", yamltree.Map.Key())
		}
		for _, member := range n.Members {
			m.headers = append(m.headers, expectedHeader{member.Key, r.matcher(member.Value)})
		}
	}
	r.done(e)
	if m.status == nil && m.text == nil && m.parsed == nil && m.took == nil && len(m.headers) == 0 {
		m.status = betweenMatcher{"200", "299"}
	}
	return m
}

// answer is what came back on a request.
type answer struct {
	*http.Response
	request *http.Request
	body    string
	took    time.Duration
}

func (a *answer) subject() string { return a.request.Method + " " + a.request.URL.String() }

// exchange sends a request and reads the whole answer; both are evidence. The
// verdict counts where there is no answer.
func (p *probe) exchange(ctx context.Context, request *http.Request, body string) (*answer, verdict) {
	ctx, cancel := context.WithTimeout(ctx, answerTime+longestAnswer)
	defer cancel()
	began := p.now()
	response, err := p.client().Do(request.WithContext(ctx))
	if err != nil {
		e := p.requestEvidence(request, body)
		e.Response, e.Took = clip(p.mask(err.Error())), p.now().Sub(began)
		p.evidence = append(p.evidence, e)
		return nil, unanswered(err)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	_ = response.Body.Close() // it was read as far as it counts
	a := &answer{response, request, string(data), p.now().Sub(began)}
	p.witness(ctx, a, body)
	for _, name := range []string{"x-amzn-requestid", "apigw-requestid"} {
		p.told(response.Header.Get(name))
	}
	for _, id := range response.Header.Values(invocationHeader) {
		p.told(id)
	}
	if err != nil {
		return nil, unanswered(err)
	}
	return a, verdict{}
}

// witness makes a request and its answer evidence.
func (p *probe) witness(ctx context.Context, a *answer, body string) {
	e := p.requestEvidence(a.request, body)
	e.Took = a.took
	e.Response = clip(p.mask(answerText(a.Response, []byte(a.body))))
	if id := cmp.Or(a.Header.Get("apigw-requestid"), a.Header.Get("x-amzn-requestid")); id != "" && p.Trace != nil {
		e.Trace = p.mask(p.Trace(ctx, id))
	}
	p.evidence = append(p.evidence, e)
}

func (p *probe) requestEvidence(request *http.Request, body string) Evidence {
	return Evidence{What: request.Method + " " + request.URL.String(), Request: clip(p.mask(requestText(request, body))), Reproduce: p.mask(reproduceHTTP(request, body))}
}

// judge compares an answer with what is expected.
func (m answerMatchers) judge(ctx context.Context, p *probe, a *answer) verdict {
	var findings []Finding
	subject := a.subject()
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
				Args: map[string]string{"what": what + wrong.path, "body": shorten(a.body)},
			})
		}
		return nil
	}
	if v := judge(httpStatus, "status", m.status, number(a.StatusCode)); v != nil {
		return *v
	}
	for _, h := range m.headers {
		code, value := httpHeader, any(nil)
		if values := a.Header.Values(h.name); len(values) > 0 {
			value = strings.Join(values, ", ")
		} else {
			code = httpNoHeader
		}
		if v := judge(code, h.name, h.matcher, value); v != nil {
			return *v
		}
	}
	if v := judge(httpBody, "body", m.text, a.body); v != nil {
		return *v
	}
	if m.parsed != nil {
		if v := judge(httpJSON, "body", jsonMatcher{m.parsed}, a.body); v != nil {
			return *v
		}
	}
	if v := judge(httpTime, "time", m.took, seconds(a.took)); v != nil {
		return *v
	}
	return failed(findings...)
}
