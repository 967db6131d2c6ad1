package awsproto

import (
	"net/http"
	"reflect"
	"slices"
)

// Unsupported says that awslab has no row for an operation.
func Unsupported(service, operation string) error {
	return Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate "+service+":"+operation)
}

// UnsupportedWith refuses by name what a call asks for and would be stored, but
// not obeyed.
func UnsupportedWith(call *Call, what string) error {
	return Unsupported(call.Service, call.Operation+" with "+what)
}

// Only refuses an input, a pointer to a structure, in which another member than
// those is set: members of a newer SDK too.
func Only(call *Call, in any, members ...string) error {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() || slices.Contains(members, field.Name) {
			continue
		}
		if v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0 {
			continue // an empty list asks for nothing
		}
		return UnsupportedWith(call, field.Name)
	}
	return nil
}
