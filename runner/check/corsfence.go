package check

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"awslab/runner/check/cors"
	"awslab/runner/lesson/yamltree"
)

// maxCases bounds a truth table: each case is up to two requests, which the
// student waits for.
const maxCases = 24

// apiMethods are the methods that an API may have.
var apiMethods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodHead, http.MethodOptions}

// harmless are the values that are sent of headers that a case names alone; the
// others get [harmlessValue]. They are those that make of a header what it mostly
// is: application/json needs a preflight, and the rest of a page's own headers do
// not carry more than their kind.
var harmless = map[string]string{
	"accept": "*/*", "accept-language": "en", "content-language": "en", "content-type": "application/json", "range": "bytes=0-",
}

const harmlessValue = "awslab"

func compileCORS(r *reader) looker {
	f := r.fields(r.subject, "cors", "api", "stage", "path", "origin", "cases")
	c := &corsCheck{api: f.Required("api", "$REST_API_ID"), stage: f.Text("stage"), path: f.Required("path", "/v2/pets"), origin: f.Required("origin", "https://shop.example")}
	if c.path != "" && !strings.HasPrefix(c.path, "/") {
		f.Wrong(f.Get("path"), "route.path-form", "path", c.path)
	}
	if c.origin != "" {
		readOrigin(f, "origin")
	}
	cases := f.Get("cases")
	switch {
	case cases == nil:
		if r.subject.Kind == yamltree.Map {
			f.Wrong(r.subject, "cors.no-cases")
		}
	case cases.Kind != yamltree.List:
		f.Wrong(cases, "yaml.kind", "key", "cases", "is", cases.Kind.Key(), "want", yamltree.List.Key())
	case len(cases.Items) == 0:
		f.Wrong(cases, "cors.no-cases")
	case len(cases.Items) > maxCases:
		f.Wrong(cases, "cors.too-many-cases", "cases", fmt.Sprint(len(cases.Items)), "most", fmt.Sprint(maxCases))
	}
	r.done(f)
	if len(r.mistakes) > 0 {
		return c
	}
	for _, item := range cases.Items {
		one := r.corsCase(item, c.origin)
		if i := slices.IndexFunc(c.cases, func(other corsCase) bool { return one.asks(other) }); i >= 0 {
			r.wrong(item, "cors.case-twice", "line", fmt.Sprint(cases.Items[i].Line))
		}
		c.cases = append(c.cases, one)
	}
	return c
}

// asks reports whether two cases are the same request.
func (one corsCase) asks(other corsCase) bool {
	return one.method == other.method && one.origin == other.origin && one.credentials == other.credentials && slices.Equal(one.headers, other.headers)
}

func (r *reader) corsCase(n *yamltree.Node, origin string) corsCase {
	f := r.fields(n, "case", "method", "headers", "credentials", "allowed", "origin", "status")
	one := corsCase{method: f.Required("method", http.MethodGet), origin: origin, credentials: truth(f, "credentials"), allowed: true}
	if f.Get("allowed") != nil {
		one.allowed = truth(f, "allowed")
	}
	if f.Get("origin") != nil {
		if one.origin = f.Required("origin", "https://shop.example"); one.origin != "" {
			readOrigin(f, "origin")
		}
	}
	if n := f.Get("status"); n != nil {
		if one.status = r.matcher(n); !one.allowed {
			f.Wrong(n, "cors.status-blocked")
		}
	}
	if one.method != "" && !slices.Contains(apiMethods, one.method) {
		f.Wrong(f.Get("method"), "cors.method-unknown", append(yamltree.Suggest(strings.ToUpper(one.method), apiMethods), "method", shorten(one.method))...)
	}
	nodes := f.Texts("headers")
	for _, h := range nodes {
		name, value, given := strings.Cut(h.Text, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if !given {
			value = harmlessValue
			if known, ok := harmless[strings.ToLower(name)]; ok {
				value = known
			}
		}
		one.headers = append(one.headers, cors.Header{Name: name, Value: value})
	}
	if len(f.Mistakes) == 0 {
		one.sendable(f, nodes)
	}
	r.done(f)
	return one
}

// sendable lets the algorithm say which headers a page cannot set.
func (one corsCase) sendable(f *yamltree.Fields, nodes []*yamltree.Node) {
	for i, h := range one.headers {
		got, err := cors.Judge(context.Background(), cors.Request{
			Origin: cors.Null, URL: "https://api.example/", Method: one.method, Headers: []cors.Header{{Name: h.Name, Value: reference.ReplaceAllString(h.Value, "x")}},
		}, openServer{}, nil)
		switch {
		case err != nil && !errors.Is(err, cors.ErrUnknown), got.Class == cors.ClassRefused:
			f.Wrong(nodes[i], "cors.header-form", "header", shorten(cors.Show(nodes[i].Text)))
		case len(got.Dropped) > 0:
			f.Wrong(nodes[i], "cors.header-forbidden", "header", shorten(h.Name))
		}
	}
}

// openServer allows everything.
type openServer struct{}

func (openServer) Answer(context.Context, cors.Sent) (cors.Answer, error) {
	return cors.Answer{Status: http.StatusOK, Header: http.Header{
		"Access-Control-Allow-Origin": {"*"}, "Access-Control-Allow-Methods": {"*"}, "Access-Control-Allow-Headers": {"*, Authorization"},
	}}, nil
}

// readOrigin reads an origin; one with variables is read when they have values.
func readOrigin(f *yamltree.Fields, key string) {
	n := f.Get(key)
	if reference.MatchString(n.Text) {
		return
	}
	_, err := cors.ParseOrigin(n.Text)
	if err == nil {
		return
	}
	var wrong *cors.OriginError
	if !errors.As(err, &wrong) {
		return
	}
	args := []string{"origin", wrong.Text, "reason", wrong.Reason.Error()}
	if wrong.Suggestion != "" {
		args = append(args, "near", wrong.Suggestion)
	}
	f.Wrong(n, "cors.origin-form", args...)
}
