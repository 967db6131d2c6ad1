package awscli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"

	"awslab/runner/awsmodel"
)

// decodeJSON reads JSON as Python's json.loads does: members keep their order,
// numbers their spelling, and faults are told in Python's words, which is what
// the AWS CLI shows.
func decodeJSON(text string) (any, error) {
	d := &jsonDecoder{text: []rune(text)}
	d.space()
	v, err := d.value(0)
	if err != nil {
		return nil, err
	}
	d.space()
	if d.i < len(d.text) {
		return nil, d.fault("Extra data", d.i)
	}
	return v, nil
}

type jsonDecoder struct {
	text []rune
	i    int
}

func (d *jsonDecoder) fault(what string, at int) error {
	line, column := 1, at+1
	for i := range min(at, len(d.text)) {
		if d.text[i] == '\n' {
			line++
			column = at - i
		}
	}
	return fmt.Errorf("%s: line %d column %d (char %d)", what, line, column, at)
}

func (d *jsonDecoder) current() rune {
	if d.i < len(d.text) {
		return d.text[d.i]
	}
	return noRune
}

func (d *jsonDecoder) space() {
	for d.i < len(d.text) && strings.ContainsRune(" \t\n\r", d.text[d.i]) {
		d.i++
	}
}

func (d *jsonDecoder) value(depth int) (any, error) {
	if depth > tooDeep {
		return nil, fmt.Errorf("maximum recursion depth exceeded while decoding a JSON object from a unicode string")
	}
	switch c := d.current(); {
	case c == '"':
		d.i++
		return d.string()
	case c == '{':
		return d.object(depth)
	case c == '[':
		return d.array(depth)
	case c == '-' || c >= '0' && c <= '9':
		return d.number()
	}
	for word, v := range map[string]any{"null": nil, "true": true, "false": false} {
		if strings.HasPrefix(string(d.text[d.i:min(d.i+5, len(d.text))]), word) {
			d.i += len(word)
			return v, nil
		}
	}
	return nil, d.fault("Expecting value", d.i)
}

func (d *jsonDecoder) object(depth int) (any, error) {
	object := &awsmodel.Object{}
	d.i++
	d.space()
	if d.current() == '}' {
		d.i++
		return object, nil
	}
	for {
		if d.current() != '"' {
			return nil, d.fault("Expecting property name enclosed in double quotes", d.i)
		}
		d.i++
		key, err := d.string()
		if err != nil {
			return nil, err
		}
		d.space()
		if d.current() != ':' {
			return nil, d.fault("Expecting ':' delimiter", d.i)
		}
		d.i++
		d.space()
		value, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		object.Set(key, value)
		d.space()
		switch d.current() {
		case '}':
			d.i++
			return object, nil
		case ',':
			d.i++
			d.space()
		default:
			return nil, d.fault("Expecting ',' delimiter", d.i)
		}
	}
}

func (d *jsonDecoder) array(depth int) (any, error) {
	list := []any{}
	d.i++
	d.space()
	if d.current() == ']' {
		d.i++
		return list, nil
	}
	for {
		value, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		d.space()
		switch d.current() {
		case ']':
			d.i++
			return list, nil
		case ',':
			d.i++
			d.space()
		default:
			return nil, d.fault("Expecting ',' delimiter", d.i)
		}
	}
}

func (d *jsonDecoder) number() (any, error) {
	start := d.i
	digits := func() int {
		from := d.i
		for d.current() >= '0' && d.current() <= '9' {
			d.i++
		}
		return d.i - from
	}
	if d.current() == '-' {
		d.i++
	}
	if d.current() == '0' {
		d.i++
	} else if digits() == 0 {
		return nil, d.fault("Expecting value", start)
	}
	float := false
	if d.current() == '.' {
		mark := d.i
		d.i++
		if digits() == 0 {
			d.i = mark
		} else {
			float = true
		}
	}
	if d.current() == 'e' || d.current() == 'E' {
		mark := d.i
		d.i++
		if d.current() == '+' || d.current() == '-' {
			d.i++
		}
		if digits() == 0 {
			d.i = mark
		} else {
			float = true
		}
	}
	text := string(d.text[start:d.i])
	if !float {
		return json.Number(text), nil
	}
	f, err := pyFloat(text)
	if err != nil {
		return nil, d.fault("Expecting value", start)
	}
	return floatNumber(f), nil
}

// string reads the rest of a string, behind the quote.
func (d *jsonDecoder) string() (string, error) {
	begin := d.i - 1
	var b strings.Builder
	for {
		c := d.current()
		switch {
		case c == noRune:
			return "", d.fault("Unterminated string starting at", begin)
		case c == '"':
			d.i++
			return b.String(), nil
		case c < 0x20:
			return "", d.fault("Invalid control character at", d.i)
		case c != '\\':
			b.WriteRune(c)
			d.i++
		default:
			d.i++
			r, err := d.escape(begin)
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		}
	}
}

func (d *jsonDecoder) escape(begin int) (rune, error) {
	c := d.current()
	if c == noRune {
		return 0, d.fault("Unterminated string starting at", begin)
	}
	if i := strings.IndexRune(`"\/bfnrt`, c); i >= 0 {
		d.i++
		return []rune("\"\\/\b\f\n\r\t")[i], nil
	}
	if c != 'u' {
		return 0, d.fault(`Invalid \escape`, d.i-1)
	}
	r, ok := d.hex(d.i + 1)
	if !ok {
		return 0, d.fault(`Invalid \uXXXX escape`, d.i) // the words of Python's json
	}
	d.i += 5
	if utf16.IsSurrogate(r) && d.i+1 < len(d.text) && d.text[d.i] == '\\' && d.text[d.i+1] == 'u' {
		if low, ok := d.hex(d.i + 2); ok && utf16.DecodeRune(r, low) != '\ufffd' {
			d.i += 6
			return utf16.DecodeRune(r, low), nil
		}
	}
	return r, nil
}

func (d *jsonDecoder) hex(at int) (rune, bool) {
	if at+4 > len(d.text) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(d.text[at:at+4]), 16, 32)
	return rune(n), err == nil
}
