package executeapi

import (
	"encoding/base64"
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

// Call calls a function of one text.
func (utilVariable) Call(name string, args []any) (any, bool, error) {
	if len(args) != 1 {
		return nil, false, nil
	}
	text, ok := args[0].(string)
	if !ok {
		switch args[0].(type) {
		case *vtl.Map, *vtl.List, nil:
			return nil, false, nil
		}
		text = vtl.Text(args[0])
	}
	switch name {
	case "escapeJavaScript":
		return escapeJavaScript(text), true, nil
	case "parseJson":
		v, err := vtl.ParseJSON([]byte(text))
		if err != nil {
			return nil, true, &vtl.RunError{Reason: "$util.parseJson: the text is no JSON"}
		}
		return v, true, nil
	case "urlEncode":
		return url.QueryEscape(text), true, nil
	case "urlDecode":
		decoded, err := url.QueryUnescape(text)
		if err != nil {
			return nil, true, &vtl.RunError{Reason: "$util.urlDecode: " + err.Error()}
		}
		return decoded, true, nil
	case "base64Encode":
		return base64.StdEncoding.EncodeToString([]byte(text)), true, nil
	case "base64Decode":
		decoded, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return nil, true, &vtl.RunError{Reason: "$util.base64Decode: " + err.Error()}
		}
		return string(decoded), true, nil
	}
	return nil, false, nil
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
		case c < 0x20 || c > 0x7e:
			writeUnits(&b, c)
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// writeUnits writes \uXXXX for each of a character's UTF-16 units.
func writeUnits(b *strings.Builder, c rune) {
	for _, unit := range utf16.Encode([]rune{c}) {
		b.WriteString(`\u`)
		for shift := 12; shift >= 0; shift -= 4 {
			b.WriteByte("0123456789ABCDEF"[unit>>shift&15])
		}
	}
}
