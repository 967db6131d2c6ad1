package executeapi

import (
	"encoding/base64"
	"errors"
	"net/url"
	"strings"
	"unicode/utf16"

	"awslab/runner/emulator/executeapi/vtl"
)

// utilVariable is $util (guide, "Variables for data transformations for API
// Gateway").
type utilVariable struct{}

func (utilVariable) String() string { return "$util" }

// Get gives nothing: $util has functions only.
func (utilVariable) Get(string) (any, bool) { return nil, false }

// Call calls a function of one text. Of other values the text is taken, as
// LocalStack does; no record was found.
func (utilVariable) Call(r *vtl.Run, name string, args []any) (any, bool, error) {
	if len(args) != 1 {
		return nil, false, nil
	}
	text, err := r.Text(args[0])
	if err != nil {
		return nil, true, err
	}
	var v any
	switch name {
	case "escapeJavaScript":
		v = escapeJavaScript(text)
	case "parseJson":
		if v, err = vtl.ParseJSON([]byte(text)); err == nil {
			err = r.Count(len(text) / 8)
		}
	case "urlEncode":
		v = urlEncode(text)
	case "urlDecode":
		v, err = url.QueryUnescape(text)
	case "base64Encode":
		v = base64.StdEncoding.EncodeToString([]byte(text))
	case "base64Decode":
		v = base64Decode(text)
	default:
		return nil, false, nil
	}
	var limit *vtl.LimitError
	if err != nil && !errors.As(err, &limit) {
		err = &vtl.RunError{Reason: "$util." + name + ": " + err.Error()}
	}
	return v, true, err
}

// urlEncode is java.net.URLEncoder's, which keeps * and escapes ~, unlike Go.
func urlEncode(s string) string {
	return strings.NewReplacer("%2A", "*", "~", "%7E").Replace(url.QueryEscape(s))
}

// base64Decode takes both alphabets and needs no padding, as Apache's codec: many
// templates read a JSON web token with it. What belongs to neither is passed over.
func base64Decode(s string) string {
	s = strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '+', c == '/':
			return c
		case c == '-':
			return '+'
		case c == '_':
			return '/'
		}
		return -1
	}, s)
	decoded, _ := base64.RawStdEncoding.DecodeString(s) // a lone character at the end is lost
	return string(decoded)
}

// escapeJavaScript is Apache Commons' (guide: "Escapes the characters in a string
// using JavaScript string rules"), which escapes single quotes too: JSON does not
// know \', so the guide has templates turn it back with replaceAll.
func escapeJavaScript(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c == '"' || c == '\'' || c == '\\' || c == '/':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case c == '\b':
			b.WriteString(`\b`)
		case c == '\f':
			b.WriteString(`\f`)
		case c < 0x20 || c > 0x7f:
			writeUnits(&b, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// writeUnits writes an escape of four hexadecimal digits for each of a character's UTF-16 units.
func writeUnits(b *strings.Builder, c rune) {
	for _, unit := range utf16.Encode([]rune{c}) {
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte("0123456789ABCDEF"[unit>>shift&15])
		}
	}
}
