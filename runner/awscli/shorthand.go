package awscli

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"awslab/runner/awsmodel"
)

// The words of a shorthand value: the character classes of awscli/shorthand.py,
// which reach up to U+FFFF.
var (
	firstValue   = regexp.MustCompile(`^(?:\\,|[!#-&(-+\--<>-Z\\-z|-\x{ffff}])(?:\\,|[\s\v\x1c-\x1f!#-&(-+\--\\^-|~-\x{ffff}])*`)
	secondValue  = regexp.MustCompile(`^(?:\\,|[!#-&(-+\--<>-Z\\-z|-\x{ffff}])(?:\\,|[\s\v\x1c-\x1f!#-&(-+\--<>-\x{ffff}])*`)
	singleQuoted = regexp.MustCompile(`^'(?:\\\\|\\'|[^'])*'`)
	doubleQuoted = regexp.MustCompile(`^"(?:\\\\|\\"|[^"])*"`)
)

const (
	shorthandKey   = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.#/:"
	shorthandSpace = " \t\n\r\v\f"
	noRune         = rune(-1)
)

// shorthandError is a fault in the AWS CLI's shorthand, with the place.
type shorthandError struct{ message string }

func (e *shorthandError) Error() string { return e.message }

// parseShorthand reads a=b,c=[d,e],f={g=h}. Values are strings, lists and
// *awsmodel.Object; coerce gives them their types.
func parseShorthand(text string) (*awsmodel.Object, error) {
	p := &shorthand{text: []rune(text)}
	params := &awsmodel.Object{}
	if err := p.keyValue(params, 0, false); err != nil {
		return nil, err
	}
	last := p.i
	for p.i < len(p.text) {
		if err := p.expectSpaced(','); err != nil {
			return nil, err
		}
		if err := p.keyValue(params, last+1, true); err != nil {
			return nil, err
		}
		last = p.i
	}
	return params, nil
}

type shorthand struct {
	text []rune
	i    int
}

func (p *shorthand) current() rune {
	if p.i < len(p.text) {
		return p.text[p.i]
	}
	return noRune
}

func (p *shorthand) keyValue(into *awsmodel.Object, at int, unique bool) error {
	key := p.key()
	if err := p.expectSpaced('='); err != nil {
		return err
	}
	value, err := p.values()
	if err != nil {
		return err
	}
	if _, twice := into.Get(key); twice && unique {
		return &shorthandError{fmt.Sprintf("Second instance of key \"%s\" encountered for input:\n%s\nThis is often because there is a preceding \",\" instead of a space.", key, p.place(at))}
	}
	into.Set(key, value)
	return nil
}

func (p *shorthand) key() string {
	start := p.i
	for p.i < len(p.text) && strings.ContainsRune(shorthandKey, p.text[p.i]) {
		p.i++
	}
	return string(p.text[start:p.i])
}

func (p *shorthand) values() (any, error) {
	switch p.current() {
	case noRune:
		return "", nil
	case '[':
		return p.list(0)
	case '{':
		return p.hash(0)
	}
	return p.commaList()
}

// commaList reads b, or b,c: the comma may also begin the next key, and then
// the parser goes back to it.
func (p *shorthand) commaList() (any, error) {
	first, err := p.value(firstValue)
	if err != nil {
		return nil, err
	}
	p.space()
	if p.current() != ',' {
		return first, nil
	}
	if err := p.expectSpaced(','); err != nil {
		return nil, err
	}
	list := []any{first}
	for {
		value, err := p.value(secondValue)
		if err == nil {
			p.space()
			if p.current() == noRune {
				list = append(list, value)
				break
			}
			err = p.expectSpaced(',')
		}
		if err != nil {
			if p.current() == noRune {
				return nil, err
			}
			for p.i >= 0 && p.text[p.i] != ',' {
				p.i--
			}
			break
		}
		list = append(list, value)
	}
	if len(list) == 1 {
		return first, nil
	}
	return list, nil
}

// tooDeep bounds the parser's recursion on hostile input; Python's own bound is
// of the same size.
const tooDeep = 900

func (p *shorthand) list(depth int) (any, error) {
	if err := p.expectSpaced('['); err != nil {
		return nil, err
	}
	list := []any{}
	for p.current() != ']' {
		value, err := p.explicit(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
		if err := p.next(']'); err != nil {
			return nil, err
		}
	}
	p.i++
	return list, nil
}

func (p *shorthand) hash(depth int) (any, error) {
	if err := p.expectSpaced('{'); err != nil {
		return nil, err
	}
	object := &awsmodel.Object{}
	for p.current() != '}' {
		key := p.key()
		if err := p.expectSpaced('='); err != nil {
			return nil, err
		}
		value, err := p.explicit(depth)
		if err != nil {
			return nil, err
		}
		if err := p.next('}'); err != nil {
			return nil, err
		}
		object.Set(key, value)
	}
	p.i++
	return object, nil
}

// next takes the comma between elements, unless the end comes.
func (p *shorthand) next(end rune) error {
	p.space()
	if p.current() == end {
		return nil
	}
	if err := p.expect(','); err != nil {
		return err
	}
	p.space()
	return nil
}

func (p *shorthand) explicit(depth int) (any, error) {
	if depth > tooDeep {
		return nil, &shorthandError{"maximum recursion depth exceeded"}
	}
	switch p.current() {
	case '[':
		return p.list(depth + 1)
	case '{':
		return p.hash(depth + 1)
	}
	return p.value(firstValue)
}

// value reads a quoted value or a bare one. A bare first value may be empty, a
// second may not.
func (p *shorthand) value(bare *regexp.Regexp) (any, error) {
	switch p.current() {
	case '\'':
		return p.quoted(singleQuoted, "singled quoted", `'`)
	case '"':
		return p.quoted(doubleQuoted, "double quoted", `"`)
	}
	found := bare.FindString(string(p.text[p.i:]))
	if found == "" {
		if bare == secondValue {
			return nil, p.fault("<second>", "<none>")
		}
		return "", nil
	}
	p.i += len([]rune(found))
	return strings.TrimRightFunc(strings.ReplaceAll(found, `\,`, ","), unicode.IsSpace), nil
}

func (p *shorthand) quoted(pattern *regexp.Regexp, name, quote string) (any, error) {
	found := pattern.FindString(string(p.text[p.i:]))
	if found == "" {
		return nil, p.fault("<"+name+">", "<none>")
	}
	p.i += len([]rune(found))
	value := strings.ReplaceAll(found[1:len(found)-1], `\`+quote, quote)
	return strings.ReplaceAll(value, `\\`, `\`), nil
}

func (p *shorthand) space() {
	for p.i < len(p.text) && strings.ContainsRune(shorthandSpace, p.text[p.i]) {
		p.i++
	}
}

func (p *shorthand) expectSpaced(r rune) error {
	p.space()
	if err := p.expect(r); err != nil {
		return err
	}
	p.space()
	return nil
}

func (p *shorthand) expect(r rune) error {
	switch got := p.current(); got {
	case r:
		p.i++
		return nil
	case noRune:
		return p.fault(string(r), "EOF")
	default:
		return p.fault(string(r), string(got))
	}
}

func (p *shorthand) fault(expected, actual string) error {
	return &shorthandError{fmt.Sprintf("Expected: '%s', received: '%s' for input:\n%s", expected, actual, p.place(p.i))}
}

// place shows the input with a caret under the index, on its line.
func (p *shorthand) place(index int) string {
	index = min(index, len(p.text))
	consumed, remaining, spaces := p.text, []rune(nil), index
	for i := index - 1; i >= 0; i-- {
		if p.text[i] == '\n' {
			spaces = index - i - 1
			break
		}
	}
	if n := slices.Index(p.text[index:], '\n'); n >= 0 {
		consumed, remaining = p.text[:index+n], p.text[index+n:]
	}
	return string(consumed) + "\n" + strings.Repeat(" ", spaces) + "^" + string(remaining)
}

// coerce gives shorthand's strings the types of the shape: numbers, booleans,
// and a list where one value stands for it.
func coerce(v any, s shape) (any, error) {
	switch s.kind {
	case kindStructure:
		o, ok := v.(*awsmodel.Object)
		if !ok {
			return v, nil
		}
		for _, m := range s.members() {
			e, ok := o.Get(m.name)
			if !ok {
				continue
			}
			if m.shape.kind == kindDocument {
				return nil, &shorthandError{"Shorthand syntax does not support document types. Use JSON input for top-level argument to specify nested parameter: " + m.name}
			}
			e, err := coerceMember(e, m.shape)
			if err != nil {
				return nil, err
			}
			o.Set(m.name, e)
		}
	case kindList:
		list, ok := v.([]any)
		if !ok {
			return v, nil
		}
		for i, e := range list {
			e, err := coerceMember(e, s.element())
			if err != nil {
				return nil, err
			}
			list[i] = e
		}
	case kindMap:
		o, ok := v.(*awsmodel.Object)
		if !ok {
			return v, nil
		}
		for _, k := range o.Keys() {
			e, _ := o.Get(k)
			e, err := coerceMember(e, s.element())
			if err != nil {
				return nil, err
			}
			o.Set(k, e)
		}
	}
	return v, nil
}

// coerceMember is coerce for a value inside another.
func coerceMember(v any, s shape) (any, error) {
	text, isText := v.(string)
	switch s.kind {
	case kindList:
		if _, ok := v.([]any); !ok {
			return []any{v}, nil // foo=bar for foo=[bar]; not looked into, as there
		}
	case kindInteger, kindLong:
		if isText {
			n, err := pyInt(text)
			if err != nil {
				return nil, generalError("%s", err)
			}
			return json.Number(strconv.FormatInt(n, 10)), nil
		}
	case kindFloat, kindDouble:
		if isText {
			f, err := pyFloat(text)
			if err != nil {
				return nil, generalError("%s", err)
			}
			return floatNumber(f), nil
		}
	case kindBoolean:
		switch strings.ToLower(text) {
		case "true":
			return true, nil
		case "false":
			return false, nil
		}
		return v, nil
	}
	return coerce(v, s)
}
