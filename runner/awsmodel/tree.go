package awsmodel

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"math"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
)

// ToTree turns an SDK value into what the AWS CLI prints of it: *Object, []any,
// string, json.Number, bool and nil, under the CLI's names, in the order of the
// SDK's members. Members that are not set are left out, blobs are base64, times
// RFC 3339 with microseconds only where there are any (as the AWS CLI v2 prints
// them). Streams are left out.
func (s *Service) ToTree(v any) any {
	return dialect{&s.cli, timestamp}.tree(reflect.ValueOf(v))
}

// ToWire turns an SDK value into the JSON tree that the service sends: as
// [Service.ToTree], with the names and the times of the wire.
func (s *Service) ToWire(v any) any {
	return dialect{&s.wire, s.wireTime}.tree(reflect.ValueOf(v))
}

// wireTime is a timestamp in a body: seconds since 1970 in JSON, but for
// apigatewayv2, whose model asks for ISO 8601.
func (s *Service) wireTime(t time.Time) any {
	if s.Protocol == Query || s.Name == "apigatewayv2" {
		return t.UTC().Format("2006-01-02T15:04:05Z")
	}
	return json.Number(strconv.FormatFloat(float64(t.UnixMilli())/1000, 'f', -1, 64))
}

// dialect is one way of writing the same values.
type dialect struct {
	names *naming
	when  func(time.Time) any
}

func (d dialect) tree(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if v.Kind() == reflect.Interface && isUnion(v.Type()) {
			return d.union(v.Elem().Elem())
		}
		return d.tree(v.Elem())
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return d.when(t)
		}
		o := &Object{}
		for _, m := range d.names.of(v.Type()).list {
			field := v.Field(m.field)
			if unset(field) {
				continue
			}
			if _, stream := field.Interface().(io.Reader); stream {
				continue
			}
			o.Set(m.name, d.tree(field))
		}
		return o
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		list := make([]any, v.Len())
		for i := range v.Len() {
			list[i] = d.tree(v.Index(i))
		}
		return list
	case reflect.Map:
		o := &Object{}
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, k := range keys {
			o.Set(k.String(), d.tree(v.MapIndex(k)))
		}
		return o
	case reflect.Bool:
		return v.Bool()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return json.Number(strconv.FormatInt(v.Int(), 10))
	case reflect.Float32, reflect.Float64:
		return number(v.Float())
	case reflect.String:
		return v.String()
	}
	return nil
}

// unset reports whether a member was not set: nil, or the empty string of an
// enum. Numbers and booleans that are no pointers are always set.
func unset(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

// union is the one member of a union that is set: types.XMemberName{Value}.
func (d dialect) union(v reflect.Value) any {
	_, name, _ := strings.Cut(v.Type().Name(), "Member")
	o := &Object{}
	o.Set(d.names.name(v.Type(), reflect.StructField{Name: name}), d.tree(v.FieldByName("Value")))
	return o
}

func timestamp(t time.Time) any {
	layout := "2006-01-02T15:04:05-07:00"
	if t.Nanosecond() >= int(time.Microsecond) {
		layout = "2006-01-02T15:04:05.000000-07:00"
	}
	return t.UTC().Format(layout)
}

// number prints a float as Python does: 10.0 stays 10.0.
func number(f float64) json.Number {
	if f == math.Trunc(f) && math.Abs(f) < 1e16 {
		return json.Number(strconv.FormatFloat(f, 'f', 1, 64))
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}
