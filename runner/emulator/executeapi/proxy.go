package executeapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// upstreamURL is where an HTTP integration's request goes: the integration's URI
// with the route's parameters and the stage's variables filled in, then the
// request's query. $default brings the whole path (guide, "Working with the
// $default route").
func (x *httpExchange) upstreamURL() (*url.URL, error) {
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
func (x *httpExchange) forward() *answer {
	u, err := x.upstreamURL()
	if err != nil {
		x.trace.Integration.Target = ""
		x.fail("bad-integration-uri", "the integration's URI cannot be used: "+err.Error())
		return nil
	}
	response, f := x.roundTrip(u, x.upstreamRequest, x.timeout())
	if f != nil {
		x.answerFault(f)
		return nil
	}
	a := &answer{status: response.status, header: http.Header{}, body: response.body}
	for name, values := range response.header {
		for _, value := range values {
			_ = a.add(name, value) // the transport has read it as a header
		}
	}
	return a
}

// upstreamRequest makes the request: the client's headers, Forwarded in the place
// of X-Forwarded-*, Via (recorded by those who echo requests of HTTP APIs).
func (x *httpExchange) upstreamRequest(ctx context.Context, u *url.URL) *http.Request {
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
