package cors

import "strings"

// isToken says whether text is a token of HTTP, as a method or a header's name must
// be (https://httpwg.org/specs/rfc9110.html#rule.token.separators).
func isToken(text string) bool {
	for i := range len(text) {
		c := text[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' {
			continue
		}
		if strings.IndexByte("!#$%&'*+-.^_`|~", c) < 0 {
			return false
		}
	}
	return text != ""
}

// lower is text byte-lowercased: only A to Z change.
func lower(text string) string { return changeCase(text, 'A', 'Z', 'a'-'A') }

// upper is text byte-uppercased.
func upper(text string) string { return changeCase(text, 'a', 'z', -('a' - 'A')) }

func changeCase(text string, from, to byte, by int) string {
	changed := []byte(text)
	for i, c := range changed {
		if c >= from && c <= to {
			changed[i] = byte(int(c) + by)
		}
	}
	return string(changed)
}

// byteString is a JavaScript string as the bytes of a ByteString
// (https://webidl.spec.whatwg.org/#js-ByteString): one byte a code point; ok is
// false where one has no byte.
func byteString(text string) (bytes string, ok bool) {
	var b strings.Builder
	for _, r := range text {
		if r > 0xff {
			return "", false
		}
		b.WriteByte(byte(r))
	}
	return b.String(), true
}

// split is a header's value "got, decoded and split" at its commas, those in quotes
// excepted (https://fetch.spec.whatwg.org/#header-value-get-decode-and-split).
func split(value string) []string {
	var values []string
	start, quoted := 0, false
	for i := 0; i <= len(value); i++ {
		switch {
		case i == len(value) || value[i] == ',' && !quoted:
			values = append(values, strings.Trim(value[start:i], "\t "))
			start = i + 1
		case value[i] == '"':
			quoted = !quoted
		case value[i] == '\\' && quoted && i+1 < len(value):
			i++
		}
	}
	return values
}
