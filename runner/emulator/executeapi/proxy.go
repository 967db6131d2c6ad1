package executeapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Confined is the rule for HTTP integrations that needs no configuration. A
// lesson is foreign text, and what its commands cannot reach they are not to reach
// through an API of theirs: their requests go to no upstream. The student's own
// requests, with a browser or with curl in another terminal, go where the
// student's integration says, as they could without us.
func Confined(lesson string, _ *url.URL) error {
	if lesson == "" {
		return nil
	}
	return errors.New("a request of a lesson's may not leave the emulator")
}

// NewUpstream makes the transport of HTTP integrations. It follows no proxy
// settings: those are the student's, not the API's.
func NewUpstream() http.RoundTripper {
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	return &http.Transport{
		DialContext: dialer.DialContext, DisableCompression: true,
		MaxIdleConns: 16, MaxIdleConnsPerHost: 4, IdleConnTimeout: 30 * time.Second,
		TLSHandshakeTimeout: 10 * time.Second, MaxResponseHeaderBytes: 64 << 10,
	}
}

// via is what the gateway writes into Via. maxHops bounds an API that calls
// itself.
const (
	via     = "HTTP/1.1 AmazonAPIGateway"
	maxHops = 8
)

// upstreamURL is where an HTTP integration's request goes: the integration's URI
// with the route's parameters and the stage's variables filled in, then the
// request's query. $default brings the whole path (guide, "Working with the
// $default route").
func (x *exchange) upstreamURL() (*url.URL, error) {
	uri := x.expand(aws.ToString(x.route.integration.IntegrationUri))
	for _, p := range x.parameters {
		escaped := url.PathEscape(p.value)
		if strings.HasSuffix(x.route.path, "{"+p.name+"+}") { // its slashes part segments
			escaped = strings.ReplaceAll(escaped, "%2F", "/")
		}
		uri = strings.NewReplacer("{"+p.name+"}", escaped, "{"+p.name+"+}", escaped).Replace(uri)
	}
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("it is no http or https URL")
	}
	switch {
	case x.message.path != "":
		u.Path, u.RawPath = x.message.path, ""
	case x.route.key == catchAll:
		joined := strings.TrimSuffix(u.EscapedPath(), "/") + x.path
		u.RawPath, u.Path = joined, unescape(joined)
	}
	if x.message.raw != "" {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += x.message.raw
	}
	u.Fragment = ""
	return u, nil
}

// forward passes the request on to an HTTP upstream. It returns nil after it has
// answered itself.
func (x *exchange) forward() *answer {
	u, err := x.upstreamURL()
	if err != nil {
		x.trace.Integration.Target = ""
		x.fail("bad-integration-uri", "the integration's URI cannot be used: "+err.Error())
		return nil
	}
	x.trace.Integration.Target = u.Scheme + "://" + u.Host + u.EscapedPath() // a query may have secrets
	if err := x.h.cfg.Reach(x.lesson, u); err != nil {
		x.trace.Integration.Error = err.Error()
		x.unavailable("out-of-reach", err.Error())
		return nil
	}
	if strings.Count(strings.Join(x.r.Header.Values("Via"), ","), via) >= maxHops {
		x.fail("loop", "the request has come through API Gateway too often: an API calls itself")
		return nil
	}
	ctx, cancel := x.within(x.timeout())
	defer cancel()
	response, err := x.h.cfg.Upstream.RoundTrip(x.upstreamRequest(ctx, u))
	if err != nil {
		x.upstreamFailed(ctx, err)
		return nil
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody+1))
	switch {
	case err != nil:
		x.upstreamFailed(ctx, err)
		return nil
	case len(body) > maxBody:
		x.fail("response-too-large", "the upstream's answer has more than 10 MB")
		return nil
	}
	a := &answer{status: response.StatusCode, header: http.Header{}, body: body}
	for name, values := range response.Header {
		for _, value := range values {
			_ = a.add(name, value) // the transport has read it as a header
		}
	}
	return a
}

// upstreamRequest makes the request: the client's headers, Forwarded in the place
// of X-Forwarded-*, Via (recorded by those who echo requests of HTTP APIs).
func (x *exchange) upstreamRequest(ctx context.Context, u *url.URL) *http.Request {
	method := aws.ToString(x.route.integration.IntegrationMethod)
	if method == "" || method == "ANY" {
		method = x.r.Method
	}
	header := http.Header{}
	for name, values := range x.message.header {
		switch name {
		case "Host", "Content-Length", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto":
		default:
			header[name] = values
		}
	}
	header["Forwarded"] = []string{"by=127.0.0.1;for=" + forwardedNode(x.sourceIP) + ";host=" + x.r.Host + ";proto=" + x.scheme()}
	header["Via"] = append(header["Via"][:len(header["Via"]):len(header["Via"])], via)
	r := (&http.Request{
		Method: method, URL: u, Host: u.Host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(x.body)), ContentLength: int64(len(x.body)),
	}).WithContext(ctx)
	if host := x.message.header["Host"]; len(host) > 0 && host[0] != x.r.Host {
		r.Host = host[0] // a request parameter says so
	}
	if len(x.body) == 0 {
		r.Body = http.NoBody
	}
	if len(header["User-Agent"]) == 0 {
		header["User-Agent"] = []string{""} // not Go's own
	}
	return r
}

// forwardedNode writes an address as RFC 7239 has it.
func forwardedNode(ip string) string {
	if strings.Contains(ip, ":") {
		return `"[` + ip + `]"`
	}
	return ip
}

func (x *exchange) upstreamFailed(ctx context.Context, err error) {
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		x.trace.Integration.Error = "timeout"
		x.unavailable("timeout", "the upstream had not answered after "+x.timeout().String())
	case x.r.Context().Err() != nil:
		x.gone()
	default:
		x.trace.Integration.Error = clip(err.Error())
		x.unavailable("unreachable", "the upstream cannot be reached: "+clip(err.Error()))
	}
}
