package executeapi

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// restMapping is one parameter of an integration request or of a method response:
// where it goes and the expression of its value (guide, "Amazon API Gateway API
// request and response data mapping reference").
type restMapping struct {
	where string // header, querystring, path
	name  string
	value string
}

// newRESTMappings takes request or response parameters apart. They are in
// alphabetical order; AWS's was not found, and matters to nothing but logs.
func newRESTMappings(prefix string, from map[string]string) []restMapping {
	var out []restMapping
	for key, value := range from {
		rest, ok := strings.CutPrefix(key, prefix)
		where, name, found := strings.Cut(rest, ".")
		if ok && found && name != "" {
			out = append(out, restMapping{where, name, value})
		}
	}
	slices.SortFunc(out, func(a, b restMapping) int {
		return cmp.Or(cmp.Compare(a.where, b.where), cmp.Compare(a.name, b.name))
	})
	return out
}

// literal is a value between single quotes.
func literal(value string) (string, bool) {
	if len(value) >= 2 && value[0] == '\'' && value[len(value)-1] == '\'' {
		return value[1 : len(value)-1], true
	}
	return "", false
}

// mapped works out the expressions that requests, responses and gateway responses
// share.
func (x *restExchange) mapped(expression string) (string, bool) {
	if text, ok := literal(expression); ok {
		return text, text != ""
	}
	if name, ok := strings.CutPrefix(expression, "context."); ok {
		return x.variable(name)
	}
	if name, ok := strings.CutPrefix(expression, "stageVariables."); ok {
		value, ok := x.variables[name]
		return value, ok
	}
	return "", false
}

// requestValues are the values that a request's mapping gives: what is absent has
// none. raw says that a value is escaped already. The fault is that of a body that
// is to be read as JSON and is none (LocalStack's parameters_mapping.py, from its
// tests on AWS).
func (x *restExchange) requestValues(m restMapping) (values []string, raw bool, bad bool) {
	rest, ok := strings.CutPrefix(m.value, "method.request.")
	if !ok {
		if value, ok := x.mapped(m.value); ok {
			return []string{value}, false, false
		}
		return nil, false, false
	}
	where, name, _ := strings.Cut(rest, ".")
	switch where {
	case "multivaluequerystring":
		_, all := grouped(x.message.query)
		return all[name], false, false
	case "multivalueheader":
		if all := x.message.header[http.CanonicalHeaderKey(name)]; len(all) > 0 {
			return []string{strings.Join(all, ",")}, false, false
		}
	case "body":
		value, found, bad := x.bodyValue(x.body, name)
		if bad {
			return nil, false, true
		}
		if found {
			return []string{value}, false, false
		}
	default:
		if value, ok := x.parameter(where, name); ok {
			return []string{value}, where == "path", false
		}
	}
	return nil, false, false
}

// bodyValue is a body, or what a path selects of it. One that looks like JSON has
// to be some.
func (x *restExchange) bodyValue(body []byte, path string) (value string, found, bad bool) {
	text := strings.TrimSpace(string(body))
	looksLikeJSON := text != "" && strings.ContainsRune(`{["'`, rune(text[0]))
	if looksLikeJSON && !json.Valid([]byte(text)) {
		return "", false, true
	}
	if path == "" {
		return text, text != "", false
	}
	if !looksLikeJSON {
		return "", false, false
	}
	ctx, cancel := x.within(workTime)
	defer cancel()
	value, found = selectJSON(ctx, body, path)
	return value, found, false
}

// parameter is a parameter of the method's request. Of several values the last
// one counts.
func (x *restExchange) parameter(where, name string) (string, bool) {
	switch where {
	case "path":
		for _, p := range x.parameters {
			if p.name == name {
				return p.value, true
			}
		}
	case "querystring":
		for i := len(x.message.query) - 1; i >= 0; i-- {
			if x.message.query[i].name == name {
				return x.message.query[i].value, true
			}
		}
	case "header":
		// Names are case-sensitive on AWS; net/http keeps no case to compare.
		if all := x.message.header[http.CanonicalHeaderKey(name)]; len(all) > 0 {
			return all[len(all)-1], true
		}
	}
	return "", false
}

// header is the last value of a header of the request's.
func (x *restExchange) header(name string) string {
	value, _ := x.parameter("header", name)
	return value
}

// integrationRequest is what is sent to an integration.
type integrationRequest struct {
	uri    string
	query  []parameter
	header fields
	body   []byte
}

// The headers that no mapping may set; one that does makes the request fail
// (LocalStack's integration_request.py, from its tests on AWS).
var (
	illegalHeaders    = []string{"Content-Length", "Transfer-Encoding", "X-Amzn-Trace-Id", "X-Amzn-Apigateway-Api-Id"}
	illegalHeadersAWS = []string{"Authorization", "Connection", "Expect", "Proxy-Authenticate", "Te"}
)

// mapRequest puts the mapped parameters to what is sent. False means that the
// request was answered.
func (x *restExchange) mapRequest(in *restIntegration, out *integrationRequest, override templateOutput) bool {
	path := map[string]string{}
	for _, m := range in.parameters {
		values, raw, bad := x.requestValues(m)
		if bad {
			x.refuse(refusal{kind: default4XX, status: http.StatusBadRequest, errorType: "BadRequestException", message: "Invalid JSON in request body", reason: "invalid-body", detail: "a request parameter is mapped from the body, which is no JSON"})
			return false
		}
		if len(values) == 0 {
			continue
		}
		switch m.where {
		case "header":
			if contains(illegalHeaders, m.name) || lambdaKind(in) && contains(illegalHeadersAWS, m.name) {
				x.misconfigured("bad-mapping", m.name+" header already present", "a request parameter is mapped to the header "+m.name+", which is not the API's to set")
				return false
			}
			out.header.set(m.name, values[len(values)-1])
		case "querystring":
			for _, value := range values {
				out.query = append(out.query, parameter{m.name, value})
			}
		case "path":
			value := values[len(values)-1]
			if !raw {
				value = url.PathEscape(value)
			}
			path[m.name] = value
		}
	}
	for _, name := range sortedKeys(override.RequestHeader) {
		out.header.set(name, override.RequestHeader[name])
	}
	for _, name := range sortedKeys(override.RequestQueryString) {
		out.query = slices.DeleteFunc(out.query, func(q parameter) bool { return q.name == name })
		out.query = append(out.query, parameter{name, override.RequestQueryString[name]})
	}
	for name, value := range override.RequestPath {
		path[name] = url.PathEscape(value)
	}
	out.uri = expand(out.uri, x.variables)
	if len(path) > 0 {
		var pairs []string
		for _, name := range sortedKeys(path) {
			pairs = append(pairs, "{"+name+"}", path[name], "{"+name+"+}", path[name])
		}
		out.uri = strings.NewReplacer(pairs...).Replace(out.uri)
	}
	return true
}

// encodeQuery writes a query.
func encodeQuery(query []parameter) string {
	parts := make([]string, len(query))
	for i, q := range query {
		parts[i] = url.QueryEscape(q.name) + "=" + url.QueryEscape(q.value)
	}
	return strings.Join(parts, "&")
}
