package awsproto_test

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/aws/smithy-go/middleware"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/awsmodel"
	"awslab/runner/awsmodel/awsmodeltest"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
)

// streaming operations answer with an event stream, which awslab does not
// emulate.
var streaming = map[string]bool{"InvokeWithResponseStream": true, "StartLiveTail": true, "GetLogObject": true}

// anonymous operations are not signed; awslab refuses what is not.
var anonymous = map[string]bool{"AssumeRoleWithSAML": true, "AssumeRoleWithWebIdentity": true}

// Every operation of the six services is called by the SDK's own client with
// an input that is full, and answered with an output that is full; both have to
// arrive as they left. So the SDK's serialisers are the oracle of every name,
// place and format of the wire.
func TestEveryOperationGoesBothWays(t *testing.T) {
	t.Parallel()
	for _, service := range awsmodel.Services() {
		for _, modelled := range service.Operations() {
			if streaming[modelled.Name] || anonymous[modelled.Name] {
				continue
			}
			t.Run(service.Name+"/"+modelled.Name, func(t *testing.T) {
				t.Parallel()
				for _, fill := range []filling{{full: true}, {}} {
					goBothWays(t, service, modelled, fill)
				}
			})
		}
	}
}

func goBothWays(t *testing.T, service *awsmodel.Service, modelled *awsmodel.Operation, fill filling) {
	t.Helper()
	input, output := reflect.New(modelled.Input), reflect.New(modelled.Output)
	fill.top(t, input.Elem())
	fill.labels(t, modelled, input.Elem())
	fill.top(t, output.Elem())
	for _, name := range []string{"StatusCode", "Status"} { // of HTTP
		if code := output.Elem().FieldByName(name); code.IsValid() && code.CanInt() {
			code.SetInt(http.StatusOK)
		}
	}
	var got any
	row := awsproto.Operation{
		Name: modelled.Name, Input: modelled.Input, Output: modelled.Output, Status: http.StatusOK,
		Do: func(_ context.Context, in any) (any, error) {
			got = in
			return output.Interface(), nil
		},
	}
	if binding, ok := modelled.HTTP(); ok {
		row.Method, row.Path = binding.Method, binding.URI
	}
	cfg := emulatortest.AWS(serve(t, service.Name, row))
	cfg.APIOptions = append(cfg.APIOptions, func(s *middleware.Stack) error {
		_, _ = s.Initialize.Remove("OperationInputValidation") // an empty input is one, too
		return nil
	})
	sent := reflect.New(modelled.Input) // readers are read by sending
	fill.top(t, sent.Elem())
	fill.labels(t, modelled, sent.Elem())
	out, err := modelled.Call(t.Context(), cfg, sent.Interface())
	if err != nil {
		t.Fatalf("%+v: %v", fill, err)
	}
	everything := cmp.Exporter(func(reflect.Type) bool { return true })
	readers := cmp.Transformer("read", func(r io.Reader) string {
		if r == nil {
			return ""
		}
		data, _ := io.ReadAll(r)
		_, _ = r.(io.Seeker).Seek(0, io.SeekStart) // cmp asks twice
		return string(data)
	})
	pardon(input.Elem(), reflect.ValueOf(got).Elem())
	if diff := cmp.Diff(input.Interface(), got, everything, readers); diff != "" {
		t.Errorf("input %+v, sent -, seen +:\n%s", fill, diff)
	}
	received := reflect.ValueOf(out)
	received.Elem().FieldByName("ResultMetadata").SetZero()
	pardon(output.Elem(), received.Elem())
	if diff := cmp.Diff(output.Interface(), out, everything, readers); diff != "" {
		t.Errorf("output %+v, sent -, seen +:\n%s", fill, diff)
	}
}

// pardon evens out what the SDK or HTTP puts in where nothing, or something else,
// was given.
func pardon(sent, seen reflect.Value) {
	for name, why := range map[string]func(sent reflect.Value) bool{
		"Accepts":     func(reflect.Value) bool { return true },                                       // apigateway's client overwrites it
		"ClientToken": func(v reflect.Value) bool { return v.IsNil() },                                // an idempotency token is made up
		"ContentType": func(v reflect.Value) bool { return v.Kind() == reflect.Pointer && v.IsNil() }, // an answer always has one
		"Error": func(v reflect.Value) bool { // a structure that is the body, not given, is sent as {}
			return v.IsNil() && strings.Contains(sent.Type().Name(), "DurableExecution") && strings.HasSuffix(sent.Type().Name(), "Input")
		},
	} {
		if field := sent.FieldByName(name); field.IsValid() && why(field) {
			seen.FieldByName(name).Set(field)
		}
	}
}

// filling says how much a value is filled: wholly, or with what may not lack.
type filling struct{ full bool }

func (f filling) top(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || field.Name == "ResultMetadata" || !f.full {
			continue
		}
		awsmodeltest.Fill(t, v.Field(i), field.Name)
	}
}

// labels fills what stands in the path, without which there is no request.
func (f filling) labels(t *testing.T, op *awsmodel.Operation, v reflect.Value) {
	t.Helper()
	binding, ok := op.HTTP()
	if !ok || f.full {
		return
	}
	for _, member := range binding.Members {
		if member.Place == awsmodel.InPath {
			awsmodeltest.Fill(t, v.FieldByName(member.Field), member.Field)
		}
	}
}
