package vtl

import (
	"errors"
	"strconv"
	"strings"
)

// operators by precedence, the weakest first, in both spellings, the longer
// before its prefix.
var operators = [][]struct{ spelling, symbol string }{
	{{"||", "||"}, {"or", "||"}},
	{{"&&", "&&"}, {"and", "&&"}},
	{{"==", "=="}, {"eq", "=="}, {"!=", "!="}, {"ne", "!="}},
	{{"<=", "<="}, {"le", "<="}, {">=", ">="}, {"ge", ">="}, {"<", "<"}, {"lt", "<"}, {">", ">"}, {"gt", ">"}},
	{{"+", "+"}, {"-", "-"}},
	{{"*", "*"}, {"/", "/"}, {"%", "%"}},
}

func (p *parser) expression() (expr, error) { return p.level(0) }

// level reads a chain of the operators of one level and those that bind closer.
func (p *parser) level(n int) (expr, error) {
	if n == len(operators) {
		return p.unary()
	}
	left, err := p.level(n + 1)
	for err == nil {
		symbol := p.operator(n)
		if symbol == "" {
			return left, nil
		}
		var right expr
		right, err = p.level(n + 1)
		left = binary{symbol, left, right}
	}
	return nil, err
}

func (p *parser) operator(n int) string {
	if c := p.at(0); c == '-' && (digit(p.at(1)) || p.at(1) == '.' && digit(p.at(2))) {
		return "" // "5 -2" is two numbers, which is an error
	}
	for _, o := range operators[n] {
		if !p.has(o.spelling) {
			continue
		}
		if letter(o.spelling[0]) {
			if name, _ := p.word(p.pos); name != o.spelling {
				continue
			}
		}
		p.pos += len(o.spelling)
		return o.symbol
	}
	return ""
}

func (p *parser) unary() (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer p.shallower()
	p.blank()
	name, _ := p.word(p.pos)
	switch {
	case p.has("!") && !p.has("!="):
		p.pos++
	case name == "not" && p.at(0) == 'n':
		p.pos += 3
	default:
		return p.primary()
	}
	operand, err := p.unary()
	return not{operand}, err
}

func (p *parser) primary() (expr, error) {
	var e expr
	var err error
	if p.take("(") {
		if e, err = p.expression(); err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.fail("an expression without its parenthesis: %s", p.found())
		}
	} else if e, err = p.literal(false); err != nil {
		return nil, err
	}
	p.blank()
	return e, nil
}

// parameter is a value among others, with blanks round it: no operators are
// allowed there.
func (p *parser) parameter(ofMethod bool) (expr, error) {
	p.blank()
	e, err := p.literal(ofMethod)
	p.blank()
	return e, err
}

// literal reads a reference or a literal. Among a method's arguments a bare word
// is null (airspeed, test_put_null_in_map; Velocity takes any word).
func (p *parser) literal(ofMethod bool) (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer p.shallower()
	switch c := p.at(0); {
	case c == '"' || c == '\'':
		return p.stringLiteral()
	case c == '$':
		return p.reference()
	case c == '\\': // escapes nothing here
		for p.take(`\`) {
		}
		if p.atReference() && p.at(0) == '$' {
			return p.reference()
		}
	case c == '[':
		return p.list(ofMethod)
	case c == '{':
		return p.mapLiteral(ofMethod)
	case digit(c) || c == '-' || c == '.':
		if n, ok := p.number(); ok {
			return constant{n}, nil
		}
	case letter(c) || c == '_':
		start := p.pos
		name, size := p.word(p.pos)
		if ofMethod {
			name = p.identifier()
		} else {
			p.pos += size
		}
		switch {
		case name == "true" || name == "false":
			return constant{name == "true"}, nil
		case ofMethod:
			return constant{nil}, nil
		}
		p.pos = start
	}
	return nil, p.fail("no value: %s", p.found())
}

// indexParameter is what may stand in brackets after a reference.
func (p *parser) indexParameter() (expr, error) {
	switch p.at(0) {
	case '[', '{', '.':
		return nil, p.fail("no index: %s", p.found())
	}
	e, err := p.literal(false)
	if c, ok := e.(constant); ok {
		if _, float := c.value.(float64); float {
			return nil, p.fail("no index: a number with a fraction")
		}
	}
	return e, err
}

// list reads [a, b] or [a..b].
func (p *parser) list(ofMethod bool) (expr, error) {
	p.pos++
	if p.take("]") {
		return listLiteral{}, nil
	}
	list := listLiteral{}
	for {
		item, err := p.parameter(ofMethod)
		if err != nil {
			return nil, err
		}
		if len(list.items) == 0 && p.take("..") {
			to, err := p.parameter(ofMethod)
			if err != nil {
				return nil, err
			}
			if !p.take("]") || !whole(item) || !whole(to) {
				return nil, p.fail("no range: %s", p.found())
			}
			return rangeLiteral{item, to}, nil
		}
		list.items = append(list.items, item)
		if p.take("]") {
			return list, nil
		}
		if !p.take(",") {
			return nil, p.fail("a list without its bracket: %s", p.found())
		}
	}
}

// whole reports what may bound a range: a reference or a whole number.
func whole(e expr) bool {
	switch e := e.(type) {
	case *reference:
		return true
	case constant:
		_, ok := e.value.(int64)
		return ok
	}
	return false
}

func (p *parser) mapLiteral(ofMethod bool) (expr, error) {
	p.pos++
	m := mapLiteral{}
	p.blank()
	if p.take("}") {
		return m, nil
	}
	for {
		key, err := p.parameter(ofMethod)
		if err != nil {
			return nil, err
		}
		if !p.take(":") {
			return nil, p.fail("a map without a colon: %s", p.found())
		}
		value, err := p.parameter(ofMethod)
		if err != nil {
			return nil, err
		}
		m.keys, m.values = append(m.keys, key), append(m.values, value)
		if p.take("}") {
			return m, nil
		}
		if !p.take(",") {
			return nil, p.fail("a map without its brace: %s", p.found())
		}
	}
}

// stringLiteral reads a string. One in double quotes is a template of its own; of
// escapes it knows only \u with four hexadecimal digits.
func (p *parser) stringLiteral() (expr, error) {
	quote := p.src[p.pos : p.pos+1]
	inner, err := p.quoted()
	if err != nil {
		return nil, err
	}
	interpolate := quote == `"` && strings.ContainsAny(inner, "$#")
	if quote == `"` {
		inner = unescape(inner)
	}
	inner = strings.ReplaceAll(inner, quote+quote, quote)
	if !interpolate {
		return constant{inner}, nil
	}
	// Velocity adds a blank and takes it away again: so "$" is no error.
	sub := &parser{src: inner + " ", depth: p.depth}
	comment := strings.Contains(inner, "##")
	if comment {
		sub.src = inner
	}
	nodes, err := sub.template()
	if pe := (*ParseError)(nil); errors.As(err, &pe) {
		return nil, p.fail("in a string: %s", pe.Reason)
	}
	return interpolated{nodes, !comment}, err
}

func unescape(s string) string {
	if !strings.Contains(s, `\u`) {
		return s
	}
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, `\u`)
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		code, err := strconv.ParseUint(after[:min(4, len(after))], 16, 16)
		if err != nil || len(after) < 4 {
			b.WriteString(`\u`)
			s = after
			continue
		}
		b.WriteRune(rune(code))
		s = after[4:]
	}
}
