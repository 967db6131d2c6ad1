package awsproto

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"reflect"
	"sort"
	"strings"
	"time"

	"awslab/runner/awsmodel"
)

func queryAnswer(model *awsmodel.Service, name, requestID string, value reflect.Value) []byte {
	var b, result bytes.Buffer
	writeXML(&result, model, value)
	b.WriteString("<" + name + `Response xmlns="` + namespace(model) + `">`)
	if result.Len() > 0 || hasResult(model, name, value.Type()) {
		element(&b, name+"Result", func() { b.Write(result.Bytes()) })
	}
	element(&b, "ResponseMetadata", func() { element(&b, "RequestId", func() { escape(&b, requestID) }) })
	b.WriteString("</" + name + "Response>")
	return b.Bytes()
}

// hasResult reports whether an answer has a result, be it empty. Operations that
// answer nothing have none, but for those whose model has an output without
// members (botocore 1.43; PutAccountProperties by its deserialiser in the SDK).
func hasResult(model *awsmodel.Service, name string, output reflect.Type) bool {
	switch model.Name + ":" + name {
	case "iam:UpdateRole", "iam:PutAccountProperties":
		return true
	}
	return output.NumField() > 2 // more than ResultMetadata and the SDK's marker
}

func namespace(model *awsmodel.Service) string {
	if model == nil {
		return "https://iam.amazonaws.com/doc/2010-05-08/"
	}
	return "https://" + model.Name + ".amazonaws.com/doc/" + model.Version + "/"
}

func queryError(model *awsmodel.Service, requestID string, f fault) []byte {
	var b bytes.Buffer
	b.WriteString(`<ErrorResponse xmlns="` + namespace(model) + `">`)
	element(&b, "Error", func() {
		kind := "Sender"
		if !f.sender {
			kind = "Receiver"
		}
		element(&b, "Type", func() { b.WriteString(kind) })
		element(&b, "Code", func() { escape(&b, f.code) })
		element(&b, "Message", func() { escape(&b, f.message) })
	})
	element(&b, "RequestId", func() { escape(&b, requestID) })
	b.WriteString("</ErrorResponse>")
	return b.Bytes()
}

// writeXML writes the members of a struct as awsQuery answers them.
func writeXML(b *bytes.Buffer, model *awsmodel.Service, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			writeXML(b, model, v.Elem())
		}
	case reflect.Struct:
		if t, ok := v.Interface().(time.Time); ok {
			b.WriteString(t.UTC().Format("2006-01-02T15:04:05Z"))
			return
		}
		for i := range v.NumField() {
			field := v.Type().Field(i)
			if field.IsExported() && field.Name != "ResultMetadata" && present(v.Field(i)) {
				element(b, model.WireName(v.Type(), field), func() { writeXML(b, model, v.Field(i)) })
			}
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			b.WriteString(base64.StdEncoding.EncodeToString(v.Bytes()))
			return
		}
		for i := range v.Len() {
			element(b, "member", func() { writeXML(b, model, v.Index(i)) })
		}
	case reflect.Map:
		keys := v.MapKeys()
		sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
		for _, key := range keys {
			element(b, "entry", func() {
				element(b, "key", func() { escape(b, key.String()) })
				element(b, "value", func() { writeXML(b, model, v.MapIndex(key)) })
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
