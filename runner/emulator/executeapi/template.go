package executeapi

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/emulator/executeapi/jsonpath"
	"awslab/runner/emulator/executeapi/vtl"
)

// mappingTemplate is a body mapping template of a REST API (guide, "Mapping
// template transformations for REST APIs"). It is safe for concurrent use.
type mappingTemplate struct {
	parsed *vtl.Template
}

// templateInput is what a template sees.
type templateInput struct {
	Body                      []byte
	Path, QueryString, Header map[string]string // what $input.params() has
	Context                   map[string]any    // nested: "identity" is a map[string]any
	StageVariables            map[string]string
}

// templateOutput is what a template made: its text, and what it set of
// $context.responseOverride and $context.requestOverride. Status is 0 if it set
// none.
type templateOutput struct {
	Text                                           string
	Status                                         int
	Header                                         map[string]string
	RequestHeader, RequestQueryString, RequestPath map[string]string
}

// parseTemplate reads a template. Its errors are those of [vtl.Parse].
func parseTemplate(text string) (*mappingTemplate, error) {
	parsed, err := vtl.Parse(text)
	if err != nil {
		return nil, err
	}
	return &mappingTemplate{parsed}, nil
}

// apply fills a template in. Overrides that Context has already, a request's for
// its response (airspeed's tests hand a body on so), are kept and given back with
// the new ones. Its errors are those of [vtl.Template.Execute] and of the
// functions of $input and $util, and it ends with ctx.
func (t *mappingTemplate) apply(ctx context.Context, in templateInput) (templateOutput, error) {
	if text, ok := t.parsed.Literal(); ok {
		return templateOutput{Text: text}, nil
	}
	variables, request, response := templateContext(in.Context)
	text, err := t.parsed.Execute(ctx, map[string]any{
		"context":        variables,
		"input":          &inputVariable{in: in},
		"stageVariables": sortedMap(in.StageVariables),
		"util":           utilVariable{},
	}, vtl.Limits{})
	if err != nil {
		return templateOutput{}, err
	}
	out := templateOutput{Text: text, RequestHeader: texts(request, "header"), RequestQueryString: texts(request, "querystring"), RequestPath: texts(request, "path"), Header: texts(response, "header")}
	out.Status, _ = strconv.Atoi(vtl.Text(response.Get("status")))
	return out, nil
}

// templateContext is $context, with the overrides, which can always be set.
func templateContext(from map[string]any) (variables, request, response *vtl.Map) {
	variables, _ = templateValue(from).(*vtl.Map)
	override := func(name string, parts ...string) *vtl.Map {
		m, ok := variables.Get(name).(*vtl.Map)
		if !ok {
			m = vtl.NewMap()
			variables.Put(name, m)
		}
		for _, part := range parts {
			if _, ok := m.Get(part).(*vtl.Map); !ok {
				m.Put(part, vtl.NewMap())
			}
		}
		return m
	}
	request = override("requestOverride", "header", "path", "querystring")
	response = override("responseOverride", "header")
	return variables, request, response
}

// templateValue makes a template's value of Go's. Maps are sorted: Go's have no
// order.
func templateValue(v any) any {
	switch v := v.(type) {
	case map[string]any:
		names := make([]string, 0, len(v))
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names)
		m := vtl.NewMap()
		for _, name := range names {
			m.Put(name, templateValue(v[name]))
		}
		return m
	case map[string]string:
		return sortedMap(v)
	case []any:
		items := make([]any, len(v))
		for i, item := range v {
			items[i] = templateValue(item)
		}
		return vtl.NewList(items...)
	case json.Number:
		number, err := vtl.ParseJSON([]byte(v))
		if err != nil {
			return string(v)
		}
		return number
	case []string:
		l := vtl.NewList()
		for _, item := range v {
			l.Items = append(l.Items, item)
		}
		return l
	case int:
		return int64(v)
	case nil, string, bool, int64, float64:
		return v
	}
	return fmt.Sprint(v)
}

func sortedMap(from map[string]string) *vtl.Map {
	names := make([]string, 0, len(from))
	for name := range from {
		names = append(names, name)
	}
	slices.Sort(names)
	m := vtl.NewMap()
	for _, name := range names {
		m.Put(name, from[name])
	}
	return m
}

// texts are the entries of a part of an override; nil if there are none. A list
// becomes its items with commas, as a header of several values is sent.
func texts(override *vtl.Map, part string) map[string]string {
	m, ok := override.Get(part).(*vtl.Map)
	if !ok || m.Len() == 0 {
		return nil
	}
	out := make(map[string]string, m.Len())
	for _, key := range m.Keys() {
		name := vtl.Text(key)
		list, ok := m.Get(key).(*vtl.List)
		if !ok {
			out[name] = vtl.Text(m.Get(key))
			continue
		}
		values := make([]string, len(list.Items))
		for i, item := range list.Items {
			values[i] = vtl.Text(item)
		}
		out[name] = strings.Join(values, ",")
	}
	return out
}

// selectJSON gives what a JSONPath means in a body, for parameter mappings such as
// integration.response.body.x: its JSON, or a text without its quotes. The path
// has no "$." there (guide); without any path it is the body as it came. Nothing is
// found once ctx has ended.
func selectJSON(ctx context.Context, body []byte, path string) (text string, found bool) {
	if path == "" {
		return string(body), true
	}
	document, err := vtl.ParsePayload(body)
	if err != nil {
		return "", false
	}
	compiled, err := jsonpath.Compile(path)
	if err != nil {
		return "", false
	}
	v, found, err := compiled.Find(document, func(int) error { return ctx.Err() })
	if !found || err != nil {
		return "", false
	}
	if s, ok := v.(string); ok {
		return s, true
	}
	text, err = vtl.JSON(v)
	return text, err == nil
}
