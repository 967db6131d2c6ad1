package awsmodeltest

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"time"

	"awslab/runner/awsmodel"
)

var when = time.Date(2026, 11, 23, 12, 34, 56, 0, time.UTC)

// Fill sets a value and all that is in it, to five levels, to things that are
// hard to carry: other scripts, spaces, quotes, escapes, zero bytes. The same
// name gives the same value.
func Fill(t testing.TB, v reflect.Value, name string) {
	t.Helper()
	fillValue(t, v, name, 0)
}

func fillValue(t testing.TB, v reflect.Value, name string, depth int) {
	t.Helper()
	if depth > 5 {
		return
	}
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(when))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if depth == 5 && v.Type().Elem().Kind() == reflect.Struct {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(t, v.Elem(), name, depth)
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				fillValue(t, v.Field(i), field.Name, depth+1)
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte("\x00\xff{" + name))
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range 2 {
			fillValue(t, v.Index(i), fmt.Sprint(name, i), depth+1)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fillValue(t, key, fmt.Sprint("key.", i), depth+1)
			fillValue(t, value, fmt.Sprint(name, i), depth+1)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString("$" + name + "/x +&=%2F~<\"'>\\")
		if depth > 0 {
			v.SetString("한글\n\t" + v.String())
		}
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(len(name) + 100))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.25)
	case reflect.Interface:
		switch v.Type() {
		case reflect.TypeFor[io.Reader]():
			v.Set(reflect.ValueOf(strings.NewReader("a stream")))
		default:
			types := awsmodel.Union(v.Type())
			if len(types) == 0 {
				t.Fatalf("%s: no value of %s is known", name, v.Type())
			}
			member := reflect.New(types[len(name)%len(types)])
			fillValue(t, member.Elem(), name, depth+1)
			v.Set(member)
		}
	default:
		t.Fatalf("%s: no value of %s is known", name, v.Type())
	}
}
