package apigatewayv2

import (
	"net/http"
	"reflect"
	"slices"

	"awslab/runner/emulator/awsproto"
)

// unsupported refuses by name what would be stored and then not obeyed.
func unsupported(call *awsproto.Call, what string) error {
	return awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate apigatewayv2:"+call.Operation+" with "+what)
}

// only refuses an input that has another member than those: those of a newer
// SDK too.
func only(call *awsproto.Call, in any, members ...string) error {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && !v.Field(i).IsZero() && !slices.Contains(members, field.Name) {
			return unsupported(call, field.Name)
		}
	}
	return nil
}
