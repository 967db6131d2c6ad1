package awsproto

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"sort"
	"strconv"
	"strings"
	"time"
)

// parseForm reads the parameters of an awsQuery call, from the body of a POST
// or the query of a GET.
func parseForm(r *http.Request, body []byte) (url.Values, error) {
	text := string(body)
	if r.Method == http.MethodGet {
		text = r.URL.RawQuery
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, Error("MalformedQueryString", http.StatusBadRequest, "Keys may not contain "+err.Error())
	}
	return form, nil
}

// maxMembers bounds the lists of a form: an index beyond it is passed over.
const maxMembers = 1000

// decodeForm fills an input from parameters such as Tags.member.1.Key.
func decodeForm(form url.Values, into reflect.Value) error {
	prefixes := map[string]bool{} // every path under which something stands
	for name := range form {
		for i, c := range name {
			if c == '.' {
				prefixes[name[:i]] = true
			}
		}
		prefixes[name] = true
	}
	return formReader{form, prefixes}.fill("", into)
}

type formReader struct {
	form     url.Values
	prefixes map[string]bool
}

func (f formReader) fill(path string, into reflect.Value) error {
	switch into.Kind() {
	case reflect.Pointer:
		if !f.prefixes[path] {
			return nil
		}
		into.Set(reflect.New(into.Type().Elem()))
		return f.fill(path, into.Elem())
	case reflect.Struct:
		if into.Type() == reflect.TypeFor[time.Time]() {
			t, err := time.Parse(time.RFC3339, f.form.Get(path))
			if err != nil {
				return malformed(path, err)
			}
			into.Set(reflect.ValueOf(t))
			return nil
		}
		for i := range into.NumField() {
			field := into.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			if err := f.fill(dotted(path, field.Name), into.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Slice:
		return f.list(path, into)
	case reflect.Map:
		return f.entries(path, into)
	}
	if !f.form.Has(path) {
		return nil
	}
	if err := setText(into, []string{f.form.Get(path)}); err != nil {
		return malformed(path, err)
	}
	return nil
}

func (f formReader) list(path string, into reflect.Value) error {
	if !f.prefixes[path] {
		return nil
	}
	list := reflect.MakeSlice(into.Type(), 0, 0)
	for i := 1; i <= maxMembers && f.prefixes[path+".member."+strconv.Itoa(i)]; i++ {
		value := reflect.New(into.Type().Elem()).Elem()
		if err := f.fill(path+".member."+strconv.Itoa(i), value); err != nil {
			return err
		}
		list = reflect.Append(list, value)
	}
	into.Set(list)
	return nil
}

func (f formReader) entries(path string, into reflect.Value) error {
	if !f.prefixes[path] {
		return nil
	}
	m := reflect.MakeMap(into.Type())
	for i := 1; i <= maxMembers && f.prefixes[path+".entry."+strconv.Itoa(i)]; i++ {
		entry := path + ".entry." + strconv.Itoa(i)
		value := reflect.New(into.Type().Elem()).Elem()
		if err := f.fill(entry+".value", value); err != nil {
			return err
		}
		m.SetMapIndex(reflect.ValueOf(f.form.Get(entry+".key")).Convert(into.Type().Key()), value)
	}
	into.Set(m)
	return nil
}

func malformed(path string, err error) error {
	return Error("MalformedInput", http.StatusBadRequest, fmt.Sprintf("%s: %v", path, err))
}

func dotted(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// writeXML writes the members of a struct as awsQuery answers them.
func writeXML(b *bytes.Buffer, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			writeXML(b, v.Elem())
		}
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			b.WriteString(t.UTC().Format("2006-01-02T15:04:05Z"))
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.IsExported() && field.Name != "ResultMetadata" && present(v.Field(i)) {
				element(b, field.Name, func() { writeXML(b, v.Field(i)) })
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			element(b, "member", func() { writeXML(b, v.Index(i)) })
		}
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, key := range keys {
			element(b, "entry", func() {
				element(b, "key", func() { escape(b, key.String()) })
				element(b, "value", func() { writeXML(b, v.MapIndex(key)) })
			})
		}
	case reflect.String:
		escape(b, v.String())
	default:
		fmt.Fprint(b, v.Interface())
	}
}

// present reports whether a member was set. Lists that are empty but not nil
// are written, as AWS does.
func present(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Slice, reflect.Map:
		return !v.IsNil()
	case reflect.String:
		return v.Len() > 0
	}
	return true
}

func element(b *bytes.Buffer, name string, content func()) {
	b.WriteString("<" + name + ">")
	content()
	b.WriteString("</" + name + ">")
}

func escape(b *bytes.Buffer, s string) {
	_ = xml.EscapeText(b, []byte(strings.ToValidUTF8(s, "\uFFFD"))) // a buffer takes every write
}
