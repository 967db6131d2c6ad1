package awsmodel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Place says where a member of a REST operation's input stands in the request.
type Place int

// The places of a member.
const (
	InBody     Place = iota // a key of the JSON body
	InPath                  // a label of the URI
	InQuery                 // a parameter of the query string
	InHeader                // a header
	InQueryMap              // the parameters of the query string that nothing else is for
	IsPayload               // the body itself: bytes, a stream, or one structure's JSON
)

// Binding is where one member of an input goes, and the name it has there.
type Binding struct {
	Field string // in Go
	Place Place
	Name  string // label (the Go name), query parameter or header
}

// HTTPBinding is a REST operation's request line, and the members of its input
// that do not stand as keys in the JSON body.
type HTTPBinding struct {
	Method  string
	URI     string // /2015-03-31/functions/{FunctionName}; some have a query, /restapis?mode=import
	Members []Binding
}

// HTTP is how a REST operation's request is laid out. The SDK publishes this
// for some services only, so it is read off the SDK's own work: an input whose
// members are filled with marks is serialised, and the marks are looked for. The
// result is computed once for each operation.
func (o *Operation) HTTP() (HTTPBinding, bool) {
	if o.Service.Protocol != RESTJSON {
		return HTTPBinding{}, false
	}
	binding, err := o.binding()
	return binding, err == nil
}

func (o *Operation) readBinding() (HTTPBinding, error) {
	input := reflect.New(o.Input)
	marks := map[string]string{} // mark → field
	for i := range o.Input.NumField() {
		field := o.Input.Field(i)
		if field.IsExported() {
			for _, mark := range fillMark(input.Elem().Field(i), i) {
				marks[mark] = field.Name
			}
		}
	}
	request, err := o.serialize(input.Interface())
	if err != nil {
		return HTTPBinding{}, fmt.Errorf("serialising %s: %w", o.Name, err)
	}
	reader := bindingReader{o, marks, HTTPBinding{Method: request.Method}}
	reader.readPath(request.URL.Path)
	reader.readQuery(request.URL.Query())
	for name, values := range request.Header {
		if field := reader.marked(name, values[0]); field != "" {
			reader.add(field, InHeader, name)
		}
	}
	if stream := request.GetStream(); stream != nil {
		body, err := io.ReadAll(stream)
		if err != nil {
			return HTTPBinding{}, err
		}
		reader.readBody(body)
	}
	slices.SortFunc(reader.binding.Members, func(a, b Binding) int { return strings.Compare(a.Field, b.Field) })
	return reader.binding, nil
}

// bindingReader looks for marks in a serialised request.
type bindingReader struct {
	operation *Operation
	marks     map[string]string
	binding   HTTPBinding
}

func (r *bindingReader) add(field string, place Place, name string) {
	r.binding.Members = append(r.binding.Members, Binding{field, place, name})
}

func (r *bindingReader) readPath(path string) {
	for mark, field := range r.marks {
		if strings.Contains(path, mark) {
			path = strings.ReplaceAll(path, mark, "{"+field+"}")
			r.add(field, InPath, field)
		}
	}
	r.binding.URI = path
}

func (r *bindingReader) readQuery(query url.Values) {
	fixed := url.Values{}
	for name, values := range query {
		if field := r.marks[name]; field != "" {
			r.add(field, InQueryMap, "")
		} else if field := r.marked(name, values[0]); field != "" {
			r.add(field, InQuery, name)
		} else {
			fixed[name] = values
		}
	}
	if len(fixed) > 0 {
		r.binding.URI += "?" + fixed.Encode()
	}
}

// readBody finds the member that is the whole body. A structure that was given
// and whose key is not in the JSON is one.
func (r *bindingReader) readBody(body []byte) {
	if field, ok := r.marks[string(body)]; ok {
		r.add(field, IsPayload, "")
		return
	}
	var keys map[string]json.RawMessage
	if json.Unmarshal(body, &keys) != nil {
		return
	}
	for i := range r.operation.Input.NumField() {
		field := r.operation.Input.Field(i)
		if field.Type.Kind() != reflect.Pointer || field.Type.Elem().Kind() != reflect.Struct || field.Type.Elem() == timeType {
			continue
		}
		if _, ok := keys[r.operation.Service.WireName(r.operation.Input, field)]; !ok {
			r.add(field.Name, IsPayload, "")
		}
	}
}

// marked finds the field of a mark; booleans, which cannot carry one, by name.
func (r *bindingReader) marked(name, value string) string {
	if field, ok := r.marks[value]; ok {
		return field
	}
	if value == "true" {
		field, ok := r.operation.Input.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
		if ok {
			return field.Name
		}
	}
	return ""
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	readerType = reflect.TypeFor[io.Reader]()
)

// fillMark puts a value into a member that can be recognised again, and tells
// the forms it can take.
func fillMark(v reflect.Value, i int) []string {
	mark := "zq" + strconv.Itoa(i) + "qz"
	number := 7_340_000 + i
	switch v.Kind() {
	case reflect.String:
		v.SetString(mark)
		return []string{mark}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(number))
		return []string{strconv.Itoa(number)}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return fillMark(v.Elem(), i)
	case reflect.Struct:
		if v.Type() == timeType {
			t := time.Unix(int64(number), 0).UTC()
			v.Set(reflect.ValueOf(t))
			return []string{strconv.Itoa(number), t.Format(time.RFC3339)}
		}
	case reflect.Interface:
		if v.Type() == readerType {
			v.Set(reflect.ValueOf(strings.NewReader(mark)))
			return []string{mark}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(mark))
			return []string{mark}
		}
		if v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			return fillMark(v.Index(0), i)
		}
	case reflect.Map:
		if v.Type() == reflect.TypeFor[map[string]string]() {
			v.Set(reflect.ValueOf(map[string]string{mark: "true"}))
			return []string{mark}
		}
	}
	return nil
}

var errSerialized = errors.New("serialised")

// serialize runs an input through the SDK's client up to its serialiser.
func (o *Operation) serialize(input any) (*smithyhttp.Request, error) {
	var request *smithyhttp.Request
	cfg := aws.Config{
		Region:       "us-east-1",
		BaseEndpoint: aws.String("http://localhost"),
		APIOptions: []func(*middleware.Stack) error{func(stack *middleware.Stack) error {
			_, _ = stack.Initialize.Remove("OperationInputValidation") // required members may lack a mark
			return stack.Build.Add(middleware.BuildMiddlewareFunc("awslab.Capture", func(_ context.Context, in middleware.BuildInput, _ middleware.BuildHandler) (middleware.BuildOutput, middleware.Metadata, error) {
				request, _ = in.Request.(*smithyhttp.Request)
				return middleware.BuildOutput{}, middleware.Metadata{}, errSerialized
			}), middleware.Before)
		}},
		HTTPClient: smithyhttp.ClientDoFunc(func(*http.Request) (*http.Response, error) { return nil, errSerialized }),
	}
	_, err := o.Call(context.Background(), cfg, input)
	if request == nil {
		return nil, err
	}
	return request, nil
}
