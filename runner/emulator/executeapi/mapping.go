package executeapi

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// mapping is an integration's request parameters, or its response parameters for
// one status (guide, "Transforming API requests and responses").
type mapping []change

// change is one of them: "append:header.name" and its value.
type change struct {
	action string // append, overwrite, remove
	where  string // header, querystring, path, statuscode
	name   string
	value  string
}

// newMapping takes the parameters apart. What cannot be understood is left out:
// apigatewayv2 has refused it. Their order in AWS was found nowhere; here it is
// that of the actions below, then the alphabet's.
func newMapping(parameters map[string]string) mapping {
	var m mapping
	for key, value := range parameters {
		action, rest, ok := strings.Cut(key, ":")
		where, name, _ := strings.Cut(rest, ".")
		order := slices.Index(actions, action)
		if !ok || order < 0 || where == "header" && reserved(name) {
			continue
		}
		m = append(m, change{action, where, name, value})
	}
	slices.SortFunc(m, func(a, b change) int {
		return cmp.Or(cmp.Compare(slices.Index(actions, a.action), slices.Index(actions, b.action)), cmp.Compare(a.where+"."+a.name, b.where+"."+b.name))
	})
	return m
}

// Values are read before anything is changed, so the order matters only where
// two changes are of one name.
var actions = []string{"overwrite", "append", "remove"}

// reserved reports the headers that no mapping may touch (guide, "Reserved
// headers").
func reserved(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range []string{"access-control-", "apigw-", "x-amz-", "x-amzn-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains([]string{
		"authorization", "connection", "content-encoding", "content-length", "content-location", "forwarded", "keep-alive", "origin",
		"proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding", "upgrade", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via",
	}, name)
}

// selection is an expression in a value, which may be part of a text
// ("/api/$request.path.proxy", as many integrations have it), in braces or not.
var selection = regexp.MustCompile(`\$(?:\{[^{}]+\}|(?:request|response|context|stageVariables)(?:\.[A-Za-z0-9_-]+|\[[^][]*\])+)`)

// value works out the expressions of a value.
func (x *httpExchange) value(text string, a *answer) string {
	return selection.ReplaceAllStringFunc(text, func(m string) string {
		if braced, ok := strings.CutPrefix(m, "${"); ok {
			return x.selected(strings.TrimSuffix(braced, "}"), a)
		}
		return x.selected(m[1:], a)
	})
}

// selected is what one expression selects, without its $; empty if nothing.
func (x *httpExchange) selected(expression string, a *answer) string {
	root, rest, _ := strings.Cut(expression, ".")
	switch root {
	case "context":
		value, _ := x.variable(rest)
		return value
	case "stageVariables":
		return x.stage.variables()[rest]
	case "request":
		kind, name, _ := strings.Cut(rest, ".")
		return x.ofRequest(kind, name)
	case "response":
		kind, name, _ := strings.Cut(rest, ".")
		switch {
		case a == nil:
		case kind == "header":
			return strings.Join(a.header[http.CanonicalHeaderKey(name)], ",")
		case kind == "body":
			return jsonPath(a.body, name)
		}
	}
	return ""
}

func (x *httpExchange) ofRequest(kind, name string) string {
	switch kind {
	case "header":
		return strings.Join(x.message.header[http.CanonicalHeaderKey(name)], ",")
	case "querystring":
		_, values := grouped(x.message.query)
		return strings.Join(values[name], ",")
	case "body":
		return jsonPath(x.body, name)
	case "path":
		if name == "" { // without the stage
			return decodePath(x.path)
		}
		for _, p := range x.parameters {
			if p.name == name {
				return p.value
			}
		}
	}
	return ""
}

// jsonPath selects from a JSON document by names and indices: a.b[0].c. The empty
// path is the whole. Recursive descent and filters are not supported on AWS
// either.
func jsonPath(document []byte, path string) string {
	current := json.RawMessage(document)
	if path == "" {
		return string(document)
	}
	for _, step := range strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		step = strings.Trim(step, `'"`)
		if i, err := strconv.Atoi(step); err == nil {
			var list []json.RawMessage
			if json.Unmarshal(current, &list) == nil && i >= 0 && i < len(list) {
				current = list[i]
				continue
			}
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(current, &members) != nil {
			return ""
		}
		current = members[step]
	}
	return text(current)
}

// applyRequestMapping changes what the integration is told.
func (x *httpExchange) applyRequestMapping() {
	changes := x.route.request
	if len(changes) == 0 {
		return
	}
	values := make([]string, len(changes))
	for i, c := range changes {
		values[i] = x.value(c.value, nil)
	}
	queried := false
	for i, c := range changes {
		switch c.where {
		case "header":
			alter(x.message.header, http.CanonicalHeaderKey(c.name), c.action, values[i])
		case "querystring":
			queried = true
			if c.action != "append" {
				x.message.query = slices.DeleteFunc(slices.Clone(x.message.query), func(q parameter) bool { return q.name == c.name })
			}
			if c.action != "remove" {
				x.message.query = append(x.message.query, parameter{c.name, values[i]})
			}
		case "path":
			if c.action == "overwrite" && values[i] != "" {
				x.message.path = "/" + strings.TrimPrefix(values[i], "/")
			}
		}
	}
	if queried {
		parts := make([]string, len(x.message.query))
		for i, q := range x.message.query {
			parts[i] = url.QueryEscape(q.name) + "=" + url.QueryEscape(q.value)
		}
		x.message.raw = strings.Join(parts, "&")
	}
}

// applyResponseMapping changes what the client is told, by the integration's
// status.
func (x *httpExchange) applyResponseMapping(a *answer) {
	changes := x.route.response[strconv.Itoa(a.status)]
	if len(changes) == 0 {
		return
	}
	values := make([]string, len(changes))
	for i, c := range changes {
		values[i] = x.value(c.value, a)
	}
	for i, c := range changes {
		switch c.where {
		case "header":
			alter(a.header, http.CanonicalHeaderKey(c.name), c.action, values[i])
		case "statuscode":
			if status, err := strconv.Atoi(values[i]); err == nil && c.action == "overwrite" && status >= 200 && status <= 599 {
				a.status = status
			}
		}
	}
}

// alter changes a header. A value that cannot stand in one is dropped.
func alter(header map[string][]string, name, action, value string) {
	if action != "remove" && (!validName(name) || !validValue(value)) {
		return
	}
	switch action {
	case "append":
		header[name] = append(slices.Clone(header[name]), value)
	case "overwrite":
		header[name] = []string{value}
	case "remove":
		delete(header, name)
	}
}

// validName and validValue say what can be sent as a header (RFC 9110).
func validName(name string) bool {
	for i := range len(name) {
		c := name[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !strings.ContainsRune("!#$%&'*+-.^_`|~", rune(c)) {
			return false
		}
	}
	return name != ""
}

func validValue(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < 0x20 && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}
