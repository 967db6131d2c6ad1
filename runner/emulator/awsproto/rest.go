package awsproto

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"awslab/runner/awsmodel"
)

// route is a REST row taken apart: literal segments and labels.
type route struct {
	op       *Operation
	segments []string   // "functions", "{FunctionName}"
	query    url.Values // what must stand in the query: mode=import
}

func newRoute(op *Operation) route {
	segments, query := parseTemplate(op.Path)
	return route{op, segments, query}
}

// parseTemplate takes a URI template apart: /restapis?mode=import.
func parseTemplate(template string) (segments []string, query url.Values) {
	path, fixed, _ := strings.Cut(template, "?")
	query, err := url.ParseQuery(fixed)
	if err != nil {
		panic("awsproto: " + template + ": " + err.Error()) // a template is ours or the SDK's
	}
	return strings.Split(strings.Trim(path, "/"), "/"), query
}

// asks reports whether a query has all that a template wants of it.
func asks(query, fixed url.Values) bool {
	for name, values := range fixed {
		if !slices.Equal(query[name], values) {
			return false
		}
	}
	return true
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

// fit is how well a template fits a request: fewer labels are better, then more
// of the query.
type fit struct{ labels, query int }

func (f fit) better(than fit) bool {
	return f.labels < than.labels || (f.labels == than.labels && f.query > than.query)
}

var noFit = fit{labels: 1 << 10}

// findRoute names the operation of a REST request: the row that fits best. An
// operation that the SDK knows and that fits better is one that is not served.
func (h *Handler) findRoute(r *http.Request, candidates []*awsmodel.Service, body []byte) (request, *awsmodel.Service, error) {
	var best *Operation
	var model *awsmodel.Service
	var labels map[string]string
	bestFit, path, query := noFit, r.URL.EscapedPath(), r.URL.Query()
	for _, t := range h.services {
		if t.model.SigningName != candidates[0].SigningName {
			continue
		}
		for _, candidate := range t.routes {
			if candidate.op.Method != r.Method || !asks(query, candidate.query) {
				continue
			}
			found, ok := match(candidate.segments, path)
			if f := (fit{len(found), len(candidate.query)}); ok && f.better(bestFit) {
				best, model, labels, bestFit = candidate.op, t.model, found, f
			}
		}
	}
	if best == nil || choosy(query) {
		if other, name := unserved(r.Method, path, query, candidates, bestFit); name != "" {
			return request{}, other, Unsupported(other.Name, name)
		}
	}
	if best == nil {
		return request{}, candidates[0], Error("UnknownOperationException", http.StatusNotFound, "")
	}
	return request{best, func(into reflect.Value) error { return decodeREST(model, best, r, labels, body, into) }}, model, nil
}

// choosers are the parameters that choose between operations of one path, such
// as mode=import; a test compares them with the SDK's.
var choosers = []string{"List", "find", "mode"}

func choosy(query url.Values) bool { return slices.ContainsFunc(choosers, query.Has) }

// unserved names an operation that the SDK knows and that fits better than any
// row.
func unserved(method, path string, query url.Values, candidates []*awsmodel.Service, best fit) (*awsmodel.Service, string) {
	model, name := candidates[0], ""
	for _, candidate := range candidates {
		for _, operation := range candidate.Operations() {
			binding, ok := operation.HTTP()
			if !ok || binding.Method != method {
				continue
			}
			segments, fixed := parseTemplate(binding.URI)
			labels, ok := match(segments, path)
			if f := (fit{len(labels), len(fixed)}); ok && asks(query, fixed) && f.better(best) {
				model, name, best = candidate, operation.Name, f
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
	payload := slices.IndexFunc(binding.Members, func(b awsmodel.Binding) bool { return b.Place == awsmodel.IsPayload })
	if payload < 0 {
		if err := decodeJSON(model, body, into); err != nil {
			return err
		}
	} else if err := decodePayload(model, body, into.FieldByName(binding.Members[payload].Field)); err != nil {
		return err
	}
	query := r.URL.Query()
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
		case awsmodel.InQueryMap:
			field.Set(reflect.ValueOf(unbound(query, binding)))
		case awsmodel.InBody, awsmodel.IsPayload:
		}
		if len(values) > 0 {
			if err := setText(field, values); err != nil {
				return Error("SerializationException", http.StatusBadRequest, member.Name+": "+err.Error())
			}
		}
	}
	return nil
}

// decodePayload fills the member that is the whole body.
func decodePayload(model *awsmodel.Service, body []byte, field reflect.Value) error {
	if len(body) == 0 {
		return nil
	}
	switch field.Kind() {
	case reflect.Slice:
		field.SetBytes(body)
	case reflect.Interface: // a stream
		field.Set(reflect.ValueOf(bytes.NewReader(body)))
	default:
		return decodeJSON(model, body, field)
	}
	return nil
}

// unbound are the parameters of a query that no other member is for; nil if
// there are none.
func unbound(query url.Values, binding awsmodel.HTTPBinding) map[string]string {
	_, fixed := parseTemplate(binding.URI)
	var rest map[string]string
	for name := range query {
		if fixed.Has(name) || slices.ContainsFunc(binding.Members, func(b awsmodel.Binding) bool { return b.Place == awsmodel.InQuery && b.Name == name }) {
			continue
		}
		if rest == nil {
			rest = map[string]string{}
		}
		rest[name] = query.Get(name)
	}
	return rest
}

// setText puts texts from a path, a query or a form into a member.
func setText(field reflect.Value, values []string) error {
	switch field.Kind() {
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		return setText(field.Elem(), values)
	case reflect.Struct:
		return setTime(field, values[0])
	case reflect.Slice:
		if field.Type().Elem().Kind() == reflect.Uint8 {
			data, err := base64.StdEncoding.DecodeString(values[0])
			field.SetBytes(data)
			return err
		}
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

// setTime reads a time as the protocols write it outside JSON: ISO 8601, or
// seconds since 1970.
func setTime(field reflect.Value, text string) error {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		seconds, numeric := strconv.ParseInt(text, 10, 64)
		if numeric != nil {
			return err
		}
		t = time.Unix(seconds, 0)
	}
	field.Set(reflect.ValueOf(t.UTC()))
	return nil
}

// decodeJSON fills an input from a JSON body.
func decodeJSON(model *awsmodel.Service, body []byte, into reflect.Value) error {
	if len(body) == 0 {
		return nil
	}
	var tree any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	err := decoder.Decode(&tree)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("something stands behind it")
		}
	}
	if err != nil {
		return Error("SerializationException", http.StatusBadRequest, "Could not parse request body into json: "+err.Error())
	}
	if err := model.FromWire(tree, into); err != nil {
		return Error("SerializationException", http.StatusBadRequest, err.Error())
	}
	return nil
}
