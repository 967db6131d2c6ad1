package executeapi

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// message is what an integration is told of a request: parameter mapping changes
// it.
type message struct {
	header map[string][]string // canonical names
	query  []parameter         // decoded, in the order of the request
	raw    string              // query, as it came
	path   string              // overwritten by a mapping; empty: it is not
}

// newMessage takes a request over: what is awslab's own or holds between two
// neighbours only stays behind, what the gateway adds comes along (stackd:
// content-length "0" on GET, x-amzn-trace-id, x-forwarded-*).
func newMessage(x *exchange) message {
	m := message{header: make(map[string][]string, len(x.r.Header)+6), raw: x.r.URL.RawQuery, query: parseQuery(x.r.URL.RawQuery)}
	for name, values := range x.r.Header {
		switch name {
		case headerCheck, headerLesson, "Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		default:
			m.header[name] = values
		}
	}
	forwarded := x.sourceIP
	if before := x.r.Header.Values("X-Forwarded-For"); len(before) > 0 {
		forwarded = strings.Join(before, ", ") + ", " + forwarded
	}
	m.header["Host"] = []string{x.r.Host}
	m.header["Content-Length"] = []string{strconv.Itoa(len(x.body))}
	m.header["X-Amzn-Trace-Id"] = []string{x.traceID}
	m.header["X-Forwarded-For"] = []string{forwarded}
	m.header["X-Forwarded-Port"] = []string{x.port()}
	m.header["X-Forwarded-Proto"] = []string{x.scheme()}
	return m
}

// parseQuery decodes a query; what cannot be decoded stays as it is.
func parseQuery(raw string) []parameter {
	if raw == "" {
		return nil
	}
	decode := func(s string) string {
		if decoded, err := url.QueryUnescape(s); err == nil {
			return decoded
		}
		return s
	}
	var out []parameter
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		out = append(out, parameter{decode(name), decode(value)})
	}
	return out
}

// grouped are the query's values by name, the names sorted.
func grouped(query []parameter) (names []string, values map[string][]string) {
	names, values = inOrder(query)
	slices.Sort(names)
	return names, values
}

// inOrder is the same with the names in the order of the request.
func inOrder(query []parameter) (names []string, values map[string][]string) {
	values = map[string][]string{}
	for _, q := range query {
		if _, seen := values[q.name]; !seen {
			names = append(names, q.name)
		}
		values[q.name] = append(values[q.name], q.value)
	}
	return names, values
}

// cookies are the single cookies of the Cookie headers.
func cookies(header map[string][]string) []string {
	var out []string
	for _, line := range header["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}
