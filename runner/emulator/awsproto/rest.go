package awsproto

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"
)

// route is a REST row taken apart: literal segments and labels.
type route struct {
	op       *Operation
	segments []string // "functions", "{FunctionName}"
}

func newRoute(op *Operation) route {
	return route{op, strings.Split(strings.Trim(op.Path, "/"), "/")}
}

// match fits an escaped path to a URI template and gives its labels. A label
// is one segment, so that an ARN in it comes escaped; a slash at the end, which
// old clients send, does not count.
func match(segments []string, escapedPath string) (labels map[string]string, ok bool) {
	path := strings.TrimPrefix(escapedPath, "/")
	if len(path) > 1 {
		path = strings.TrimSuffix(path, "/")
	}
	parts := strings.Split(path, "/")
	if len(parts) != len(segments) {
		return nil, false
	}
	labels = map[string]string{}
	for i, segment := range segments {
		value, err := url.PathUnescape(parts[i])
		if err != nil {
			return nil, false
		}
		if name, label := strings.CutPrefix(segment, "{"); label {
			if value == "" {
				return nil, false
			}
			labels[strings.TrimSuffix(strings.TrimSuffix(name, "}"), "+")] = value
		} else if value != segment {
			return nil, false
		}
	}
	return labels, true
}

// findRoute names the operation of a REST request: the row with the most
// literal segments that fits.
func (h *Handler) findRoute(r *http.Request, candidates []*awsmodel.Service, body []byte) (request, *awsmodel.Service, error) {
	var best *Operation
	var model *awsmodel.Service
	var labels map[string]string
	for _, t := range h.services {
		if t.model.SigningName != candidates[0].SigningName {
			continue
		}
		for _, candidate := range t.routes {
			if candidate.op.Method != r.Method {
				continue
			}
			if found, ok := match(candidate.segments, r.URL.EscapedPath()); ok && (best == nil || len(found) < len(labels)) {
				best, model, labels = candidate.op, t.model, found
			}
		}
	}
	if best != nil {
		return request{best, func(into reflect.Value) error { return decodeREST(model, best, r, labels, body, into) }}, model, nil
	}
	model, name := unserved(r, candidates)
	if name != "" {
		return request{}, model, Unsupported(model.Name, name)
	}
	return request{}, candidates[0], Error("UnknownOperationException", http.StatusNotFound, "")
}

// unserved names an operation that the SDK knows and no row serves.
func unserved(r *http.Request, candidates []*awsmodel.Service) (*awsmodel.Service, string) {
	name, fewest := "", 1<<10
	model := candidates[0]
	for _, candidate := range candidates {
		for _, operation := range candidate.Operations() {
			binding, ok := operation.HTTP()
			if !ok || binding.Method != r.Method {
				continue
			}
			labels, ok := match(strings.Split(strings.Trim(binding.URI, "/"), "/"), r.URL.EscapedPath())
			if ok && len(labels) < fewest {
				model, name, fewest = candidate, operation.Name, len(labels)
			}
		}
	}
	return model, name
}

// decodeREST fills an input from path, query, headers and body, each member
// where the SDK puts it.
func decodeREST(model *awsmodel.Service, op *Operation, r *http.Request, labels map[string]string, body []byte, into reflect.Value) error {
	modelled, _ := model.Operation(op.Name)
	binding, _ := modelled.HTTP()
	query := r.URL.Query()
	payload := false
	for _, member := range binding.Members {
		field := into.FieldByName(member.Field)
		var values []string
		switch member.Place {
		case awsmodel.InPath:
			if value, ok := labels[member.Field]; ok {
				values = []string{value}
			}
		case awsmodel.InQuery:
			values = query[member.Name]
		case awsmodel.InHeader:
			values = r.Header.Values(member.Name)
		case awsmodel.IsPayload:
			payload = true
			if len(body) > 0 && field.Kind() == reflect.Slice {
				field.SetBytes(body)
			}
		case awsmodel.InBody:
		}
		if len(values) > 0 {
			if err := setText(field, values); err != nil {
				return Error("SerializationException", http.StatusBadRequest, member.Name+": "+err.Error())
			}
		}
	}
	if payload || len(body) == 0 {
		return nil
	}
	return decodeJSON(model, body, into)
}

// setText puts texts from a path, a query or a form into a member.
func setText(field reflect.Value, values []string) error {
	switch field.Kind() {
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return setText(field.Elem(), values)
	case reflect.Slice:
		list := reflect.MakeSlice(field.Type(), len(values), len(values))
		for i := range values {
			if err := setText(list.Index(i), values[i:i+1]); err != nil {
				return err
			}
		}
		field.Set(list)
		return nil
	case reflect.String:
		field.SetString(values[0])
		return nil
	case reflect.Bool:
		b, err := strconv.ParseBool(values[0])
		field.SetBool(b)
		return err
	case reflect.Int32, reflect.Int64:
		n, err := strconv.ParseInt(values[0], 10, field.Type().Bits())
		field.SetInt(n)
		return err
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(values[0], 64)
		field.SetFloat(f)
		return err
	}
	return nil
}

// decodeJSON fills an input from a JSON body.
func decodeJSON(model *awsmodel.Service, body []byte, into reflect.Value) error {
	if len(body) == 0 {
		return nil
	}
	var tree any
	decoder := json.NewDecoder(strings.NewReader(string(body)))
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		return Error("SerializationException", http.StatusBadRequest, "Could not parse request body into json: "+err.Error())
	}
	if err := model.FromWire(tree, into); err != nil {
		return Error("SerializationException", http.StatusBadRequest, err.Error())
	}
	return nil
}
