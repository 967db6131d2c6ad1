package vtl

import (
	"bytes"
	"errors"
	"math/big"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxNesting bounds values within values.
const maxNesting = 500

var errNoJSON = errors.New("no JSON")

// ParsePayload reads a payload as json-smart does, which Jayway has without a
// choice: texts need no quotes, or may have single ones, commas may end lists, and
// what follows a list or an object is nothing. So a=1&b=2 is a text, as templates
// for forms know ($input.path('$') is the form).
func ParsePayload(payload []byte) (any, error) {
	v, err := ParseJSON(payload)
	if !errors.Is(err, errNoJSON) {
		return v, err
	}
	d := &decoder{src: payload, lenient: true}
	return d.value("")
}

// ParseJSON reads a JSON document into a template's values: objects are maps in
// their order, lists write themselves as JSON. Whole numbers keep their digits; a
// number with a fraction is Java's double, or keeps its text where that has more
// than 18 characters, as json-smart has it.
func ParseJSON(document []byte) (any, error) {
	d := &decoder{src: document}
	v, err := d.value("")
	if err != nil {
		return nil, err
	}
	d.blank()
	if d.pos < len(d.src) {
		return nil, errNoJSON
	}
	return v, nil
}

type decoder struct {
	src   []byte
	pos   int
	depth int
	// lenient allows what json-smart does beyond JSON.
	lenient bool
}

func (d *decoder) blank() {
	for d.pos < len(d.src) {
		switch d.src[d.pos] {
		case ' ', '\t', '\n', '\r':
			d.pos++
		default:
			return
		}
	}
}

// next is the next byte after blanks, or 0.
func (d *decoder) next() byte {
	d.blank()
	if d.pos < len(d.src) {
		return d.src[d.pos]
	}
	return 0
}

func (d *decoder) take(c byte) bool {
	if d.next() != c {
		return false
	}
	d.pos++
	return true
}

// value reads a value. Stops are what ends one without quotes.
func (d *decoder) value(stops string) (any, error) {
	if d.depth++; d.depth > maxNesting {
		return nil, &LimitError{"depth", maxNesting}
	}
	defer func() { d.depth-- }()
	switch c := d.next(); {
	case c == '{':
		return d.object()
	case c == '[':
		return d.list()
	case c == '"' || d.lenient && c == '\'':
		return d.string()
	case d.lenient:
		return d.bare(stops)
	case c == '-' || digit(c):
		return d.number()
	}
	for _, word := range []struct {
		text  string
		value any
	}{{"true", true}, {"false", false}, {"null", nil}} {
		if len(d.src)-d.pos >= len(word.text) && string(d.src[d.pos:d.pos+len(word.text)]) == word.text {
			d.pos += len(word.text)
			return word.value, nil
		}
	}
	return nil, errNoJSON
}

func (d *decoder) object() (any, error) {
	d.pos++
	m := &Map{}
	if d.take('}') {
		return m, nil
	}
	for {
		name, err := d.name()
		if err != nil {
			return nil, err
		}
		if !d.take(':') {
			return nil, errNoJSON
		}
		v, err := d.value(",}")
		if err != nil {
			return nil, err
		}
		m.Put(name, v)
		if d.take('}') {
			return m, nil
		}
		if !d.take(',') {
			return nil, errNoJSON
		}
		if d.lenient && d.take('}') {
			return m, nil
		}
	}
}

func (d *decoder) list() (any, error) {
	d.pos++
	l := &List{kind: jsonArray}
	if d.take(']') {
		return l, nil
	}
	for {
		v, err := d.value(",]")
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, v)
		if d.take(']') {
			return l, nil
		}
		if !d.take(',') {
			return nil, errNoJSON
		}
		if d.lenient && d.take(']') {
			return l, nil
		}
	}
}

// name reads a member's name.
func (d *decoder) name() (string, error) {
	switch c := d.next(); {
	case c == '"' || d.lenient && c == '\'':
		return d.string()
	case !d.lenient:
		return "", errNoJSON
	}
	end := bytes.IndexByte(d.src[d.pos:], ':')
	if end < 0 {
		return "", errNoJSON
	}
	name := string(bytes.TrimSpace(d.src[d.pos : d.pos+end]))
	d.pos += end
	return name, nil
}

// bare reads a value without quotes: a word or a number of JSON's, or a text.
func (d *decoder) bare(stops string) (any, error) {
	end := len(d.src) - d.pos
	if i := bytes.IndexAny(d.src[d.pos:], stops); i >= 0 && stops != "" {
		end = i
	}
	image := bytes.TrimSpace(d.src[d.pos : d.pos+end])
	d.pos += end
	if len(image) == 0 && stops != "" {
		return nil, errNoJSON
	}
	switch v, err := ParseJSON(image); v.(type) {
	case string, *Map, *List:
	default:
		if err == nil {
			return v, nil
		}
	}
	return string(image), nil
}

func (d *decoder) number() (any, error) {
	start := d.pos
	float := false
	for d.pos < len(d.src) {
		c := d.src[d.pos]
		if c == '.' || c == 'e' || c == 'E' {
			float = true
		} else if !digit(c) && c != '-' && c != '+' {
			break
		}
		d.pos++
	}
	image := string(d.src[start:d.pos])
	f, err := strconv.ParseFloat(image, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, errNoJSON
	}
	if float {
		if len(image) > 18 {
			return Decimal(image), nil
		}
		return f, nil
	}
	if n, err := strconv.ParseInt(image, 10, 64); err == nil {
		return n, nil
	}
	if len(image) > maxDigits {
		return nil, &LimitError{"digits", maxDigits}
	}
	n, ok := new(big.Int).SetString(image, 10)
	if !ok {
		return nil, errNoJSON
	}
	return n, nil
}

func (d *decoder) string() (string, error) {
	quote := d.src[d.pos]
	d.pos++
	start := d.pos
	for d.pos < len(d.src) && d.src[d.pos] != quote && d.src[d.pos] != '\\' {
		d.pos++
	}
	if d.pos < len(d.src) && d.src[d.pos] == quote {
		d.pos++
		return string(d.src[start : d.pos-1]), nil
	}
	b := append([]byte(nil), d.src[start:d.pos]...)
	for d.pos < len(d.src) {
		c := d.src[d.pos]
		d.pos++
		switch c {
		case quote:
			return string(b), nil
		case '\\':
			if d.pos == len(d.src) {
				return "", errNoJSON
			}
			c = d.src[d.pos]
			d.pos++
			switch c {
			case 'n':
				c = '\n'
			case 't':
				c = '\t'
			case 'r':
				c = '\r'
			case 'b':
				c = '\b'
			case 'f':
				c = '\f'
			case 'u':
				unit, ok := d.hex()
				if !ok {
					return "", errNoJSON
				}
				if utf16.IsSurrogate(unit) && d.pos+1 < len(d.src) && d.src[d.pos] == '\\' && d.src[d.pos+1] == 'u' {
					back := d.pos
					d.pos += 2
					second, ok := d.hex()
					if joined := utf16.DecodeRune(unit, second); ok && joined != utf8.RuneError {
						unit = joined
					} else {
						d.pos = back
					}
				}
				b = utf8.AppendRune(b, unit)
				continue
			}
			b = append(b, c)
		default:
			b = append(b, c)
		}
	}
	return "", errNoJSON
}

func (d *decoder) hex() (rune, bool) {
	if d.pos+4 > len(d.src) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(d.src[d.pos:d.pos+4]), 16, 16)
	d.pos += 4
	return rune(n), err == nil
}
