package vtl

import (
	"errors"
	"math/big"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// maxNesting bounds values within values.
const maxNesting = 500

var errNoJSON = errors.New("no JSON")

// ParseJSON reads a JSON document into a template's values: objects are maps in
// their order, lists write themselves as JSON. Whole numbers keep their digits; a
// number with a fraction is Java's double, or keeps its text where that has more
// than 18 characters, as json-smart has it.
func ParseJSON(document []byte) (any, error) {
	d := &decoder{src: document}
	v, err := d.value()
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

func (d *decoder) value() (any, error) {
	if d.depth++; d.depth > maxNesting {
		return nil, &LimitError{"depth", maxNesting}
	}
	defer func() { d.depth-- }()
	switch c := d.next(); {
	case c == '{':
		return d.object()
	case c == '[':
		return d.list()
	case c == '"':
		return d.string()
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
		if d.next() != '"' {
			return nil, errNoJSON
		}
		name, err := d.string()
		if err != nil {
			return nil, err
		}
		if !d.take(':') {
			return nil, errNoJSON
		}
		v, err := d.value()
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
	}
}

func (d *decoder) list() (any, error) {
	d.pos++
	l := &List{kind: jsonArray}
	if d.take(']') {
		return l, nil
	}
	for {
		v, err := d.value()
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
	}
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
	d.pos++
	start := d.pos
	for d.pos < len(d.src) && d.src[d.pos] != '"' && d.src[d.pos] != '\\' {
		d.pos++
	}
	if d.pos < len(d.src) && d.src[d.pos] == '"' {
		d.pos++
		return string(d.src[start : d.pos-1]), nil
	}
	b := append([]byte(nil), d.src[start:d.pos]...)
	for d.pos < len(d.src) {
		c := d.src[d.pos]
		d.pos++
		switch c {
		case '"':
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
