package executeapi

import (
	"fmt"
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

// body is the payload; without one it is {} (localstack#12413, recorded on AWS).
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
		v, err := i.json(text)
		return v, true, err
	}
	return nil, false, nil
}

// json is $input.json: JSON without blanks, with members in their order and texts
// in quotes. Numbers are Java's, so 10.00 becomes 10.0 (the guide has $input.body
// for those who want all digits). What is not there is nothing at all; no record
// was found of null, which is null here. Without a payload $input.json('$') is {}
// (localstack#10816: a state machine gets that), though $input.path('$') is
// nothing (localstack#12774).
func (i *inputVariable) json(path string) (string, error) {
	if len(i.in.Body) == 0 && path == "$" {
		return "{}", nil
	}
	v, found, err := i.find(path)
	if err != nil || !found {
		return "", err
	}
	return vtl.JSON(v), nil
}

// find selects from the payload, which is parsed once: so a template sees what it
// changed in it.
func (i *inputVariable) find(path string) (any, bool, error) {
	if len(i.in.Body) == 0 {
		return nil, false, nil
	}
	if !i.parsed {
		document, err := vtl.ParsePayload(i.in.Body)
		if err != nil {
			return nil, false, fmt.Errorf("the payload is no JSON: %w", err)
		}
		i.document, i.parsed = document, true
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
