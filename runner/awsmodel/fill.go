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
	"strconv"
	"strings"
	"time"
)

// FromWire fills an SDK value from JSON as it was sent. Members that the SDK
// does not know are passed over, as services do.
func (s *Service) FromWire(tree any, into reflect.Value) error {
	return filler{&s.wire, false}.fill(tree, into, "")
}

// FromTree fills an SDK value from a tree with the CLI's names (Go's are
// accepted too). Unknown members are an error that names the known ones.
func (s *Service) FromTree(tree any, into reflect.Value) error {
	return filler{&s.cli, true}.fill(tree, into, "")
}

// filler reads what one dialect writes.
type filler struct {
	names  *naming
	strict bool // unknown members are an error
}

func (f filler) fill(tree any, into reflect.Value, path string) error {
	if tree == nil {
		return nil
	}
	switch into.Kind() {
	case reflect.Pointer:
		fresh := reflect.New(into.Type().Elem())
		if err := f.fill(tree, fresh.Elem(), path); err != nil {
			return err
		}
		into.Set(fresh)
		return nil
	case reflect.Struct:
		if into.Type() == reflect.TypeFor[time.Time]() {
			return fillTime(tree, into, path)
		}
		return f.fillStruct(tree, into, path)
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
			if err := f.fill(e, fresh.Index(i), fmt.Sprintf("%s[%d]", path, i)); err != nil {
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
			if err := f.fill(get(k), value, join(path, k)); err != nil {
				return err
			}
			fresh.SetMapIndex(reflect.ValueOf(k).Convert(into.Type().Key()), value)
		}
		into.Set(fresh)
		return nil
	case reflect.Interface:
		if isUnion(into.Type()) {
			return f.fillUnion(tree, into, path)
		}
		if into.Type() == reflect.TypeFor[io.Reader]() {
			return fillStream(tree, into, path)
		}
	}
	return fillScalar(tree, into, path)
}

// fillStream gives a member that the SDK reads from, as lambda's InvokeArgs.
func fillStream(tree any, into reflect.Value, path string) error {
	text, ok := tree.(string)
	if !ok {
		return mismatch(path, "base64 text", tree)
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	into.Set(reflect.ValueOf(bytes.NewReader(data)))
	return nil
}

func (f filler) fillStruct(tree any, into reflect.Value, path string) error {
	keys, get, ok := members(tree)
	if !ok {
		return mismatch(path, "an object", tree)
	}
	set := f.names.of(into.Type())
	for _, k := range keys {
		m, ok := set.find(k)
		if !ok {
			if f.strict {
				return fmt.Errorf("unknown member %q (known: %s)", join(path, k), strings.Join(set.names(), ", "))
			}
			continue
		}
		if err := f.fill(get(k), into.Field(m.field), join(path, k)); err != nil {
			return err
		}
	}
	return nil
}

// fillUnion reads an object of one member, whose name says which of the union's
// types it is.
func (f filler) fillUnion(tree any, into reflect.Value, path string) error {
	keys, get, ok := members(tree)
	if !ok {
		return mismatch(path, "an object", tree)
	}
	var known []string
	for _, t := range unions[into.Type()] {
		_, name, _ := strings.Cut(t.Name(), "Member")
		own := f.names.name(t, reflect.StructField{Name: name})
		known = append(known, own)
		if len(keys) != 1 || (keys[0] != own && keys[0] != name) {
			continue
		}
		fresh := reflect.New(t)
		if err := f.fill(get(keys[0]), fresh.Elem().FieldByName("Value"), join(path, keys[0])); err != nil {
			return err
		}
		into.Set(fresh)
		return nil
	}
	return fmt.Errorf("%s: an object with one of the members %s is wanted", path, strings.Join(known, ", "))
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
		n, err := strconv.ParseInt(digits(tree), 10, into.Type().Bits())
		if err != nil {
			return mismatch(path, "a whole number", tree)
		}
		into.SetInt(n)
		return nil
	case reflect.Float32, reflect.Float64:
		f, err := strconv.ParseFloat(digits(tree), 64)
		if err != nil {
			return mismatch(path, "a number", tree)
		}
		into.SetFloat(f)
		return nil
	}
	return fmt.Errorf("%s: a %s cannot be given here", path, into.Type())
}

// digits is a number as text; what is no number has none.
func digits(tree any) string {
	switch v := tree.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case json.Number, int, int64, uint64:
		return fmt.Sprint(v)
	}
	return ""
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
		if seconds, err := strconv.ParseFloat(digits(v), 64); err == nil {
			into.Set(reflect.ValueOf(fromSeconds(seconds)))
			return nil
		}
	}
	return mismatch(path, "a time such as 2026-01-31T12:00:00Z", tree)
}

func fromSeconds(s float64) time.Time { return time.UnixMilli(int64(math.Round(s * 1000))).UTC() }

func mismatch(path, want string, got any) error {
	if path == "" {
		return fmt.Errorf("%s is wanted, not %v", want, plain(got))
	}
	return fmt.Errorf("%s: %s is wanted, not %v", path, want, plain(got))
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
