package executeapi

import (
	"net/http"

	"awslab/runner/emulator/executeapi/vtl"
)

// inputVariable is $input (guide, "Variables for data transformations for API
// Gateway").
type inputVariable struct {
	in       templateInput
	parsed   bool
	document any
	params   *vtl.Map
}

func (i *inputVariable) String() string { return "$input" }

// body is the payload; without one it is {}, as LocalStack has it.
func (i *inputVariable) body() string {
	if len(i.in.Body) == 0 {
		return "{}"
	}
	return string(i.in.Body)
}

// Get gives $input.body.
func (i *inputVariable) Get(name string) (any, bool) {
	if name == "body" {
		return i.body(), true
	}
	return nil, false
}

// Call calls $input.json(path), $input.path(path) and $input.params().
func (i *inputVariable) Call(name string, args []any) (any, bool, error) {
	text := ""
	if len(args) > 1 {
		return nil, false, nil
	}
	if len(args) == 1 {
		var ok bool
		if text, ok = args[0].(string); !ok {
			return nil, false, nil
		}
	}
	switch {
	case name == "params" && len(args) == 0:
		return i.allParams(), true, nil
	case name == "params":
		return i.param(text), true, nil
	case len(args) == 0:
		return nil, false, nil
	case name == "path":
		v, _, err := i.find(text)
		return v, true, err
	case name == "json":
		v, found, err := i.find(text)
		if err != nil || !found {
			return "", true, err
		}
		return vtl.JSON(v), true, nil
	}
	return nil, false, nil
}

// find selects from the body. A body that is no JSON is a text.
func (i *inputVariable) find(path string) (any, bool, error) {
	if !i.parsed {
		var err error
		if i.document, err = vtl.ParseJSON([]byte(i.body())); err != nil {
			i.document = i.body()
		}
		i.parsed = true
	}
	return findJSON(i.document, path)
}

// param looks in the path, the query string and the headers, in this order
// (guide).
func (i *inputVariable) param(name string) string {
	for _, values := range []map[string]string{i.in.Path, i.in.QueryString, i.in.Header} {
		if value, ok := values[name]; ok {
			return value
		}
	}
	return i.in.Header[http.CanonicalHeaderKey(name)] // net/http keeps no other case
}

func (i *inputVariable) allParams() *vtl.Map {
	if i.params == nil {
		i.params = vtl.NewMap("path", sortedMap(i.in.Path), "querystring", sortedMap(i.in.QueryString), "header", sortedMap(i.in.Header))
	}
	return i.params
}
