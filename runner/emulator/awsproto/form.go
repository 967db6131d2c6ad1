package awsproto

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"

	"awslab/runner/awsmodel"
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
func decodeForm(model *awsmodel.Service, form url.Values, into reflect.Value) error {
	prefixes := map[string]bool{} // every path under which something stands
	for name := range form {
		for i, c := range name {
			if c == '.' {
				prefixes[name[:i]] = true
			}
		}
		prefixes[name] = true
	}
	return formReader{model, form, prefixes}.fill("", into)
}

type formReader struct {
	model    *awsmodel.Service
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
			if err := setTime(into, f.form.Get(path)); err != nil {
				return malformed(path, err)
			}
			return nil
		}
		for i := range into.NumField() {
			field := into.Type().Field(i)
			if !field.IsExported() {
				continue
			}
			if err := f.fill(dotted(path, f.model.WireName(into.Type(), field)), into.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.Slice:
		if into.Type().Elem().Kind() != reflect.Uint8 {
			return f.list(path, into)
		}
	case reflect.Map:
		return f.entries(path, into)
	case reflect.Interface:
		return f.union(path, into)
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

// union reads the one member of a union that is there.
func (f formReader) union(path string, into reflect.Value) error {
	for _, t := range awsmodel.Union(into.Type()) {
		_, name, _ := strings.Cut(t.Name(), "Member")
		if !f.prefixes[dotted(path, name)] {
			continue
		}
		member := reflect.New(t)
		into.Set(member)
		return f.fill(dotted(path, name), member.Elem().FieldByName("Value"))
	}
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
