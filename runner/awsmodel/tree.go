package awsmodel

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/aws/smithy-go/document"
)

// Object is a JSON object that keeps the order of its members.
type Object struct {
	keys   []string
	values map[string]any
}

// Set puts a member at the end, or replaces its value.
func (o *Object) Set(key string, value any) {
	if o.values == nil {
		o.values = map[string]any{}
	}
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = value
}

// Delete takes a member out.
func (o *Object) Delete(key string) {
	if _, ok := o.values[key]; ok {
		delete(o.values, key)
		o.keys = slices.DeleteFunc(o.keys, func(k string) bool { return k == key })
	}
}

// Get gives a member.
func (o *Object) Get(key string) (any, bool) {
	v, ok := o.values[key]
	return v, ok
}

// Keys are the members' names in order.
func (o *Object) Keys() []string { return slices.Clone(o.keys) }

// ToMap is the object as a plain map, and so are the objects in it.
func (o *Object) ToMap() map[string]any { return plain(o).(map[string]any) }

func plain(v any) any {
	switch v := v.(type) {
	case *Object:
		m := make(map[string]any, len(v.keys))
		for k, e := range v.values {
			m[k] = plain(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = plain(e)
		}
		return l
	}
	return v
}

// MarshalJSON writes the members in order.
func (o *Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, k := range o.keys {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(k)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(o.values[k])
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// ToTree turns an SDK value into what the AWS CLI prints of it: *Object, []any,
// string, json.Number, bool and nil, under the CLI's names, in the order of the
// SDK's members. Members that are not set are left out, blobs are base64, times
// RFC 3339 with microseconds only where there are any (as the AWS CLI v2 prints
// them). Streams are left out.
func (s *Service) ToTree(v any) any {
	return dialect{s, s.CLIName, timestamp}.tree(reflect.ValueOf(v))
}

// ToWire turns an SDK value into the JSON tree that the service sends: as
// [Service.ToTree], with the names and the times of the wire.
func (s *Service) ToWire(v any) any {
	return dialect{s, s.WireName, s.wireTime}.tree(reflect.ValueOf(v))
}

// FromWire fills an SDK value from JSON as it was sent. Members that the SDK
// does not know are passed over, as services do.
func (s *Service) FromWire(tree any, into reflect.Value) error {
	return filler{s.WireName, false}.fill(tree, into, "")
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
	service *Service
	name    func(parent reflect.Type, field reflect.StructField) string
	when    func(time.Time) any
}

func (s dialect) tree(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return nil
		}
		if d, ok := v.Interface().(document.Marshaler); ok {
			return documentTree(d)
		}
		if v.Kind() == reflect.Interface && v.Elem().Kind() == reflect.Pointer && strings.Contains(v.Elem().Elem().Type().Name(), "Member") {
			return s.union(v.Elem().Elem())
		}
		return s.tree(v.Elem())
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			return s.when(t)
		}
		o := &Object{}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if !field.IsExported() || field.Name == "ResultMetadata" || unset(v.Field(i)) {
				continue
			}
			if _, stream := v.Field(i).Interface().(io.Reader); stream {
				continue
			}
			o.Set(s.name(v.Type(), field), s.tree(v.Field(i)))
		}
		return o
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return base64.StdEncoding.EncodeToString(v.Bytes())
		}
		list := make([]any, v.Len())
		for i := range v.Len() {
			list[i] = s.tree(v.Index(i))
		}
		return list
	case reflect.Map:
		o := &Object{}
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, k := range keys {
			o.Set(k.String(), s.tree(v.MapIndex(k)))
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
func (s dialect) union(v reflect.Value) any {
	_, name, _ := strings.Cut(v.Type().Name(), "Member")
	o := &Object{}
	o.Set(s.name(v.Type(), reflect.StructField{Name: name}), s.tree(v.FieldByName("Value")))
	return o
}

func documentTree(d document.Marshaler) any {
	data, err := d.MarshalSmithyDocument()
	if err != nil {
		return nil
	}
	var tree any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if dec.Decode(&tree) != nil {
		return nil
	}
	return tree
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

// FromTree fills an SDK value from a tree with the CLI's names (Go's are
// accepted too). Unknown members are an error that names the known ones.
func (s *Service) FromTree(tree any, into reflect.Value) error {
	return filler{s.CLIName, true}.fill(tree, into, "")
}

// filler reads what one dialect writes.
type filler struct {
	name   func(parent reflect.Type, field reflect.StructField) string
	strict bool // unknown members are an error
}

func (s filler) fill(tree any, into reflect.Value, path string) error {
	if tree == nil {
		return nil
	}
	switch into.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(into.Type().Elem())
		if err := s.fill(tree, fresh.Elem(), path); err != nil {
			return err
		}
		into.Set(fresh)
		return nil
	case reflect.Struct:
		if into.Type() == reflect.TypeFor[time.Time]() {
			return fillTime(tree, into, path)
		}
		return s.fillStruct(tree, into, path)
	case reflect.Slice:
		if into.Type().Elem().Kind() == reflect.Uint8 {
			text, ok := tree.(string)
			if !ok {
				return mismatch(path, "base64 text", tree)
			}
			data, err := base64.StdEncoding.DecodeString(text)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			into.SetBytes(data)
			return nil
		}
		list, ok := tree.([]any)
		if !ok {
			return mismatch(path, "a list", tree)
		}
		fresh := reflect.MakeSlice(into.Type(), len(list), len(list))
		for i, e := range list {
			if err := s.fill(e, fresh.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
				return err
			}
		}
		into.Set(fresh)
		return nil
	case reflect.Map:
		keys, get, ok := members(tree)
		if !ok {
			return mismatch(path, "a map", tree)
		}
		fresh := reflect.MakeMapWithSize(into.Type(), len(keys))
		for _, k := range keys {
			value := reflect.New(into.Type().Elem()).Elem()
			if err := s.fill(get(k), value, join(path, k)); err != nil {
				return err
			}
			fresh.SetMapIndex(reflect.ValueOf(k).Convert(into.Type().Key()), value)
		}
		into.Set(fresh)
		return nil
	}
	return fillScalar(tree, into, path)
}

func (s filler) fillStruct(tree any, into reflect.Value, path string) error {
	keys, get, ok := members(tree)
	if !ok {
		return mismatch(path, "an object", tree)
	}
	t := into.Type()
	for _, k := range keys {
		found := false
		for i := range t.NumField() {
			field := t.Field(i)
			if !field.IsExported() || field.Name == "ResultMetadata" || (s.name(t, field) != k && field.Name != k) {
				continue
			}
			if err := s.fill(get(k), into.Field(i), join(path, k)); err != nil {
				return err
			}
			found = true
			break
		}
		if !found && s.strict {
			return fmt.Errorf("unknown member %q (known: %s)", join(path, k), strings.Join(s.memberNames(t), ", "))
		}
	}
	return nil
}

func (s filler) memberNames(t reflect.Type) []string {
	var names []string
	for i := range t.NumField() {
		if field := t.Field(i); field.IsExported() && field.Name != "ResultMetadata" {
			names = append(names, s.name(t, field))
		}
	}
	return names
}

func members(tree any) (keys []string, get func(string) any, ok bool) {
	switch m := tree.(type) {
	case *Object:
		return m.keys, func(k string) any { return m.values[k] }, true
	case map[string]any:
		for k := range m {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		return keys, func(k string) any { return m[k] }, true
	}
	return nil, nil, false
}

func fillScalar(tree any, into reflect.Value, path string) error {
	switch into.Kind() {
	case reflect.String:
		if text, ok := tree.(string); ok {
			into.SetString(text)
			return nil
		}
		return mismatch(path, "a string", tree)
	case reflect.Bool:
		if b, ok := tree.(bool); ok {
			into.SetBool(b)
			return nil
		}
		return mismatch(path, "true or false", tree)
	case reflect.Int32, reflect.Int64, reflect.Int:
		n, err := strconv.ParseInt(fmt.Sprint(tree), 10, into.Type().Bits())
		if _, text := tree.(string); text || err != nil {
			return mismatch(path, "a whole number", tree)
		}
		into.SetInt(n)
		return nil
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(fmt.Sprint(tree), 64)
		if _, text := tree.(string); text || err != nil {
			return mismatch(path, "a number", tree)
		}
		into.SetFloat(f)
		return nil
	}
	return fmt.Errorf("%s: a %s cannot be given here", path, into.Type())
}

func fillTime(tree any, into reflect.Value, path string) error {
	switch v := tree.(type) {
	case string:
		for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02"} {
			if t, err := time.Parse(layout, v); err == nil {
				into.Set(reflect.ValueOf(t.UTC()))
				return nil
			}
		}
		if seconds, err := strconv.ParseFloat(v, 64); err == nil {
			into.Set(reflect.ValueOf(fromSeconds(seconds)))
			return nil
		}
	case json.Number, float64, int, int64, uint64:
		if seconds, err := strconv.ParseFloat(fmt.Sprint(v), 64); err == nil {
			into.Set(reflect.ValueOf(fromSeconds(seconds)))
			return nil
		}
	}
	return mismatch(path, "a time such as 2026-01-31T12:00:00Z", tree)
}

func fromSeconds(s float64) time.Time { return time.UnixMilli(int64(math.Round(s * 1000))).UTC() }

func mismatch(path, want string, got any) error {
	return fmt.Errorf("%s: %s is wanted, not %v", path, want, plain(got))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
