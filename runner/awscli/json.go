package awscli

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"
)

// writeJSON prints as Python's json.dump(indent=4, ensure_ascii=False). An
// empty answer prints nothing.
func writeJSON(w io.Writer, v any) error {
	if o, ok := v.(*awsmodel.Object); ok && len(o.Keys()) == 0 {
		return nil
	}
	var b strings.Builder
	appendJSON(&b, v, "\n", "    ", false)
	b.WriteByte('\n')
	_, err := io.WriteString(w, b.String())
	return err
}

// compactJSON is Python's json.dumps(separators=(',', ':')), ASCII only.
func compactJSON(v any) string {
	var b strings.Builder
	appendJSON(&b, v, "", "", true)
	return b.String()
}

// appendJSON writes a value. newline is what begins a line, empty for one line.
func appendJSON(b *strings.Builder, v any, newline, indent string, ascii bool) {
	inner := newline
	if newline != "" {
		inner = newline + indent
	}
	colon := ": "
	if newline == "" {
		colon = ":"
	}
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case json.Number:
		b.WriteString(notFinite.Replace(v.String()))
	case string:
		appendString(b, v, ascii)
	case []any:
		if len(v) == 0 {
			b.WriteString("[]")
			return
		}
		b.WriteByte('[')
		for i, e := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(inner)
			appendJSON(b, e, inner, indent, ascii)
		}
		b.WriteString(newline + "]")
	case *awsmodel.Object:
		keys := v.Keys()
		if len(keys) == 0 {
			b.WriteString("{}")
			return
		}
		b.WriteByte('{')
		for i, k := range keys {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(inner)
			appendString(b, k, ascii)
			b.WriteString(colon)
			e, _ := v.Get(k)
			appendJSON(b, e, inner, indent, ascii)
		}
		b.WriteString(newline + "}")
	default:
		appendString(b, fmt.Sprint(v), ascii)
	}
}

// notFinite spells as Python's JSON what is no finite number.
var notFinite = strings.NewReplacer("nan", "NaN", "inf", "Infinity")

func appendString(b *strings.Builder, s string, ascii bool) {
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case strings.ContainsRune("\b\f\n\r\t", r):
			b.WriteByte('\\')
			b.WriteByte("bfnrt"[strings.IndexRune("\b\f\n\r\t", r)])
		case r < 0x20 || ascii && r > 0x7e && r <= 0xffff:
			fmt.Fprintf(b, `\u%04x`, r)
		case ascii && r > 0xffff:
			r -= 0x10000
			fmt.Fprintf(b, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
}

// floatNumber spells a float as Python's repr() does.
func floatNumber(f float64) json.Number {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if magnitude := math.Abs(f); f != 0 && (magnitude >= 1e16 || magnitude < 1e-4) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
		return json.Number(mantissa + "e" + exponent)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return json.Number(text)
}
