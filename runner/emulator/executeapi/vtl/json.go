package vtl

import (
	"context"
	"math"
	"unicode/utf8"
)

// JSON is a value in JSON as json-smart writes it, without blanks.
func (r *Run) JSON(v any) (string, error) {
	w := writer{r: r}
	err := w.json(v)
	return w.b.String(), err
}

// JSON is the same outside of an execution. Its error is a [*LimitError].
func JSON(v any) (string, error) { return newRun(context.Background(), nil, Limits{}).JSON(v) }

// json writes a value in JSON.
func (w *writer) json(v any) error {
	switch v := v.(type) {
	case nil:
		return w.write("null")
	case string:
		return w.write(string(appendJSONString(nil, v, w.slash)))
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
			if err := w.write(string(appendJSONString(nil, name, w.slash)) + ":"); err != nil {
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
		return w.write(string(appendJSONString(nil, s, w.slash)))
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

// appendJSONString writes a JSON string as json-smart 2 does: control characters
// and those from U+007F to U+009F and U+2000 to U+20FF as escapes.
func appendJSONString(b []byte, s string, slash bool) []byte {
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
