package awsmodel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/smithy-go/middleware"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Place says where a member of a REST operation's input stands in the request.
type Place int

// The places of a member.
const (
	InBody    Place = iota // a key of the JSON body
	InPath                 // a label of the URI
	InQuery                // a parameter of the query string
	InHeader               // a header
	IsPayload              // the body itself
)

// Binding is where one member of an input goes, and the name it has there.
type Binding struct {
	Field string // in Go
	Place Place
	Name  string // label (the Go name), query parameter or header
}

// Binding of a REST operation: method, URI template and the members that do
// not stand in the JSON body.
type HTTPBinding struct {
	Method  string
	URI     string // /2015-03-31/functions/{FunctionName}
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
			mark := fillMark(input.Elem().Field(i), i)
			if mark != "" {
				marks[mark] = field.Name
			}
		}
	}
	request, err := o.serialize(input.Interface())
	if err != nil {
		return HTTPBinding{}, fmt.Errorf("serialising %s: %w", o.Name, err)
	}
	binding := HTTPBinding{Method: request.Method}
	path := request.URL.Path
	for mark, field := range marks {
		if strings.Contains(path, mark) {
			path = strings.ReplaceAll(path, mark, "{"+field+"}")
			binding.Members = append(binding.Members, Binding{field, InPath, field})
			delete(marks, mark)
		}
	}
	binding.URI = path
	for name, values := range request.URL.Query() {
		if field := o.marked(marks, name, values[0]); field != "" {
			binding.Members = append(binding.Members, Binding{field, InQuery, name})
		}
	}
	for name, values := range request.Header {
		if field := o.marked(marks, name, values[0]); field != "" {
			binding.Members = append(binding.Members, Binding{field, InHeader, name})
		}
	}
	if stream := request.GetStream(); stream != nil {
		body, err := io.ReadAll(stream)
		if err != nil {
			return HTTPBinding{}, err
		}
		if field, ok := marks[string(body)]; ok {
			binding.Members = append(binding.Members, Binding{field, IsPayload, ""})
		}
	}
	return binding, nil
}

// marked finds the field of a mark; booleans, which cannot carry one, by name.
func (o *Operation) marked(marks map[string]string, name, value string) string {
	if field, ok := marks[value]; ok {
		return field
	}
	if value == "true" {
		field, ok := o.Input.FieldByNameFunc(func(s string) bool { return strings.EqualFold(s, name) })
		if ok {
			return field.Name
		}
	}
	return ""
}

// fillMark puts a value into a member that can be recognised again.
func fillMark(v reflect.Value, i int) string {
	mark := "zq" + strconv.Itoa(i) + "qz"
	switch v.Kind() {
	case reflect.String:
		v.SetString(mark)
		return mark
	case reflect.Bool:
		v.SetBool(true)
		return ""
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(7_340_000 + i))
		return strconv.Itoa(7_340_000 + i)
	case reflect.Pointer:
		if v.Type().Elem().Kind() == reflect.Struct {
			return "" // a struct stands in the body
		}
		v.Set(reflect.New(v.Type().Elem()))
		return fillMark(v.Elem(), i)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte(mark))
			return mark
		}
		if v.Type().Elem().Kind() == reflect.String {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			v.Index(0).SetString(mark)
			return mark
		}
	}
	return ""
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
