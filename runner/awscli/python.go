package awscli

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"

	"awslab/runner/awsmodel"
)

// pyRepr is Python's repr() of a string.
func pyRepr(s string) string {
	quote := '\''
	if strings.ContainsRune(s, '\'') && !strings.ContainsRune(s, '"') {
		quote = '"'
	}
	var b strings.Builder
	b.WriteRune(quote)
	for _, r := range s {
		switch {
		case r == quote || r == '\\':
			b.WriteRune('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, r)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r <= 0xff:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteRune(quote)
	return b.String()
}

// pyStr is Python's str() of a value of a tree.
func pyStr(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return pyReprValue(v)
}

func pyReprValue(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case json.Number:
		return v.String()
	case string:
		return pyRepr(v)
	case []byte:
		return "b" + pyRepr(string(v))
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = pyReprValue(e)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case *awsmodel.Object:
		var parts []string
		for _, k := range v.Keys() {
			e, _ := v.Get(k)
			parts = append(parts, pyRepr(k)+": "+pyReprValue(e))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return fmt.Sprint(v)
}

// pyType is the name that Python's type() prints.
func pyType(v any) string {
	switch v := v.(type) {
	case nil:
		return "<class 'NoneType'>"
	case bool:
		return "<class 'bool'>"
	case json.Number:
		if isFloat(v) {
			return "<class 'float'>"
		}
		return "<class 'int'>"
	case string:
		return "<class 'str'>"
	case []byte:
		return "<class 'bytes'>"
	case []any:
		return "<class 'list'>"
	}
	return "<class 'dict'>"
}

// pyTypeName is the bare name of a value's type.
func pyTypeName(v any) string {
	return strings.TrimSuffix(strings.TrimPrefix(pyType(v), "<class '"), "'>")
}

// isFloat tells Python's floats from its ints.
func isFloat(n json.Number) bool { return strings.ContainsAny(n.String(), ".eEn") }
