package vtl

import (
	"math"
	"strconv"
	"unicode/utf8"
)

// json writes a value as json-smart does, which API Gateway's lists and
// $input.json use: without blanks, and / as \/ in what a list says of itself.
func (w *writer) json(v any) error {
	switch v := v.(type) {
	case nil:
		return w.write("null")
	case string:
		return w.write(string(AppendJSONString(nil, v, true)))
	case *Map:
		if err := w.enter(); err != nil {
			return err
		}
		defer w.leave()
		if err := w.write("{"); err != nil {
			return err
		}
		for i, key := range v.keys {
			if i > 0 {
				if err := w.write(","); err != nil {
					return err
				}
			}
			name, err := w.r.string(key)
			if err != nil {
				return err
			}
			if err := w.write(string(AppendJSONString(nil, name, true)) + ":"); err != nil {
				return err
			}
			if err := w.json(v.Get(key)); err != nil {
				return err
			}
		}
		return w.write("}")
	case *List:
		if err := w.enter(); err != nil {
			return err
		}
		defer w.leave()
		if err := w.write("["); err != nil {
			return err
		}
		for i, item := range v.Items {
			if i > 0 {
				if err := w.write(","); err != nil {
					return err
				}
			}
			if err := w.json(item); err != nil {
				return err
			}
		}
		return w.write("]")
	case *Entry, *block, Object:
		s, err := w.r.string(v)
		if err != nil {
			return err
		}
		return w.write(string(AppendJSONString(nil, s, true)))
	}
	return w.write(jsonScalar(v))
}

// jsonScalar is a number or a Boolean in JSON, which knows no infinity.
func jsonScalar(v any) string {
	if f, ok := v.(float64); ok && (math.IsInf(f, 0) || math.IsNaN(f)) {
		return "null"
	}
	return scalar(v)
}

// AppendJSONString writes a JSON string as json-smart 2 does: control characters
// and those from U+007F to U+009F and U+2000 to U+20FF as \uXXXX.
func AppendJSONString(b []byte, s string, slash bool) []byte {
	b = append(b, '"')
	for i, c := range s {
		switch {
		case c == '"' || c == '\\':
			b = append(b, '\\', byte(c))
		case c == '\n':
			b = append(b, `\n`...)
		case c == '\r':
			b = append(b, `\r`...)
		case c == '\t':
			b = append(b, `\t`...)
		case c == '\b':
			b = append(b, `\b`...)
		case c == '\f':
			b = append(b, `\f`...)
		case c == '/' && slash:
			b = append(b, `\/`...)
		case c < 0x20 || c >= 0x7f && c <= 0x9f || c >= 0x2000 && c <= 0x20ff:
			b = append(b, `\u`...)
			for shift := 12; shift >= 0; shift -= 4 {
				b = append(b, "0123456789ABCDEF"[c>>shift&15])
			}
		case c == utf8.RuneError:
			b = append(b, "\uFFFD"...)
		default:
			b = append(b, s[i:i+utf8.RuneLen(c)]...)
		}
	}
	return append(b, '"')
}

// JSON is a value in JSON, without blanks.
func JSON(v any) string { return string(appendJSON(nil, v)) }

func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case string:
		return AppendJSONString(b, v, false)
	case *Map:
		b = append(b, '{')
		for i, key := range v.keys {
			if i > 0 {
				b = append(b, ',')
			}
			name, _ := key.(string)
			b = append(AppendJSONString(b, name, false), ':')
			b = appendJSON(b, v.Get(key))
		}
		return append(b, '}')
	case *List:
		b = append(b, '[')
		for i, item := range v.Items {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, item)
		}
		return append(b, ']')
	case bool:
		return strconv.AppendBool(b, v)
	}
	return append(b, jsonScalar(v)...)
}
