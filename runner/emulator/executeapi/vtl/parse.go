package vtl

import "strings"

// ending is what ends a block.
type ending int

const (
	endOfText ending = iota
	endEnd
	endElse
	endElseIf
)

// template reads to the end of the text.
func (p *parser) template() ([]node, error) {
	nodes, end, err := p.block()
	if err == nil && end != endOfText {
		err = p.fail("#end, #else or #elseif without a directive that they belong to")
	}
	return nodes, err
}

// builder collects nodes and joins texts.
type builder struct {
	nodes   []node
	pending strings.Builder
}

func (b *builder) text(s string) { b.pending.WriteString(s) }

func (b *builder) add(n node) {
	b.flush()
	if n != nil {
		b.nodes = append(b.nodes, n)
	}
}

func (b *builder) flush() {
	if b.pending.Len() > 0 {
		b.nodes = append(b.nodes, text(b.pending.String()))
		b.pending.Reset()
	}
}

// block reads up to what ends it and that as well.
func (p *parser) block() ([]node, ending, error) {
	if err := p.deeper(); err != nil {
		return nil, 0, err
	}
	defer p.shallower()
	b := &builder{}
	// #set eats the blanks before it, but only where they are no part of a longer
	// text: after another piece of the language or at the start.
	fresh := true
	for p.pos < len(p.src) {
		if fresh {
			fresh = false
			if size := p.setStart(); size > 0 {
				p.pos += size
				n, err := p.set()
				if err != nil {
					return nil, 0, err
				}
				b.add(n)
				fresh = true
				continue
			}
		}
		switch p.src[p.pos] {
		case '\\':
			if err := p.backslashes(b); err != nil {
				return nil, 0, err
			}
			fresh = true
		case '$':
			if err := p.dollar(b); err != nil {
				return nil, 0, err
			}
			fresh = true
		case '#':
			end, err := p.hash(b)
			if err != nil || end != endOfText {
				b.flush()
				return b.nodes, end, err
			}
			fresh = true
		default:
			end := strings.IndexAny(p.src[p.pos:], `$#\`)
			if end < 0 {
				end = len(p.src) - p.pos
			}
			b.text(p.src[p.pos : p.pos+end])
			p.pos += end
		}
	}
	b.flush()
	return b.nodes, endOfText, nil
}

// setStart is the length of "#set(" with blanks before it, or 0.
func (p *parser) setStart() int {
	i := p.pos
	for i < len(p.src) && (p.src[i] == ' ' || p.src[i] == '\t') {
		i++
	}
	rest := p.src[i:]
	switch {
	case strings.HasPrefix(rest, "#set"):
		i += 4
	case strings.HasPrefix(rest, "#{set}"):
		i += 6
	default:
		return 0
	}
	for i < len(p.src) && p.src[i] == ' ' {
		i++
	}
	if i < len(p.src) && p.src[i] == '(' {
		return i + 1 - p.pos
	}
	return 0
}

// backslashes reads a run of them. They escape a reference, a directive or
// nothing; only then are they all written.
func (p *parser) backslashes(b *builder) error {
	count := 0
	for p.at(count) == '\\' {
		count++
	}
	run := p.src[p.pos : p.pos+count]
	if p.at(count) == '$' {
		return p.escapedDollar(b, count)
	}
	if p.at(count) == '#' {
		name, size := p.word(p.pos + count + 1)
		known := size > 0 && isDirective(name)
		switch {
		case size > 0 && count%2 == 1: // \#if is #if
			p.pos += count
			if known {
				run = run[:count/2]
			}
			b.text(run + p.src[p.pos:p.pos+1+size])
			p.pos += 1 + size
			return nil
		case known && name != "set" && (p.at(count+1) != '{' || builtIn(name)):
			run = run[:count/2]
		}
	}
	b.text(run)
	p.pos += count
	return nil
}

// escapedDollar reads dollar signs after backslashes. Of those before a reference
// half are written; an odd one escapes it.
func (p *parser) escapedDollar(b *builder, count int) error {
	dollars := count
	for p.at(dollars) == '$' {
		dollars++
	}
	run := p.src[p.pos : p.pos+dollars-1]
	p.pos += dollars - 1
	if !p.atReference() {
		b.text(run)
		return p.dollar(b)
	}
	start := p.pos
	ref, err := p.reference()
	switch {
	case err != nil:
		return err
	case count%2 == 1:
		b.text(run[:count/2] + p.src[start:p.pos])
	default:
		b.text(run[:count/2] + run[count:])
		b.add(ref)
	}
	return nil
}

// atReference reports a reference at a dollar sign.
func (p *parser) atReference() bool {
	i := 1
	if p.at(i) == '!' {
		i++
	}
	if p.at(i) == '{' {
		i++
	}
	return letter(p.at(i)) || p.at(i) == '_'
}

// dollar reads a reference in the text, or a dollar sign that begins none.
func (p *parser) dollar(b *builder) error {
	if p.atReference() {
		ref, err := p.reference()
		if err != nil {
			return err
		}
		b.add(ref)
		if last := len(ref.steps) - 1; last >= 0 && ref.steps[last].kind == property && p.has("##") && !strings.HasSuffix(ref.source, "}") {
			b.text("##") // no comment after a property, to Velocity
			if p.pos += 2; p.pos == len(p.src) {
				return p.fail("a # at the end")
			}
		}
		return nil
	}
	sign := "$"
	p.pos++
	if p.take("!") {
		switch p.at(0) { // elsewhere Velocity drops the mark
		case '[', '$', '{':
			sign = "$!"
		}
	}
	if p.pos >= len(p.src) { // Velocity's lexer fails here, and AWS answers 500 (airspeed, test_dollar_left_untouched)
		return p.fail("a dollar sign at the end")
	}
	if p.take("{") {
		sign += "{"
	}
	if name, size := p.word(p.pos + 1); p.at(0) == '#' && size > 0 && !builtIn(name) {
		start := p.pos - len(sign) // the sign makes it no directive
		p.pos += 1 + size
		return p.call(b, "", start)
	}
	if p.swallows() {
		sign = ""
	}
	b.text(sign)
	return nil
}

// swallows reports a place where Velocity forgets the sign, $ or #, before it:
// backslashes, or a directive of its grammar.
func (p *parser) swallows() bool {
	switch p.at(0) {
	case '\\':
		i := 0
		for p.at(i) == '\\' {
			i++
		}
		_, size := p.word(p.pos + i + 1)
		return p.at(i) != '$' && (i > 1 || p.at(i) == '#' && size > 0)
	case '#':
		name, _ := p.word(p.pos + 1)
		return builtIn(name)
	}
	return p.setStart() > 0
}

// reference reads $x, ${x}, $!x or $!{x} with what follows it.
func (p *parser) reference() (*reference, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer p.shallower()
	start := p.pos
	p.pos++
	p.take("!")
	braced := p.take("{")
	ref := &reference{root: p.identifier()}
	if ref.root == "" || ref.root == "true" || ref.root == "false" {
		return nil, p.fail("no name after a dollar sign")
	}
	for {
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		if s == nil {
			break
		}
		ref.steps = append(ref.steps, *s)
	}
	if braced && !p.take("}") {
		return nil, p.fail("a reference without its closing brace: %s", p.found())
	}
	ref.source = p.src[start:p.pos]
	return ref, nil
}

// step reads [i], .name or .name(…); nil if there is none.
func (p *parser) step() (*step, error) {
	switch {
	case p.at(0) == '[':
		p.pos++
		p.blank()
		arg, err := p.indexParameter()
		if err != nil {
			return nil, err
		}
		p.blank()
		if !p.take("]") {
			return nil, p.fail("an index without its bracket: %s", p.found())
		}
		return &step{kind: index, args: []expr{arg}}, nil
	case p.at(0) == '.' && letter(p.at(1)):
		p.pos++
		s := &step{kind: property, name: p.identifier()}
		if s.name == "true" || s.name == "false" {
			return nil, p.fail("%s is no name", s.name)
		}
		if p.at(0) != '(' || !p.startsArguments() {
			return s, nil
		}
		p.pos++
		s.kind = method
		if p.take(")") {
			return s, nil
		}
		for {
			arg, err := p.parameter(true)
			if err != nil {
				return nil, err
			}
			s.args = append(s.args, arg)
			if p.take(")") {
				return s, nil
			}
			if !p.take(",") {
				return nil, p.fail("a call without its parenthesis: %s", p.found())
			}
		}
	}
	return nil, nil
}

// startsArguments reports what can follow a method's parenthesis. Before anything
// else it is text.
func (p *parser) startsArguments() bool {
	c := p.at(1)
	switch {
	case c == '-' || c == '.':
		return digit(p.at(2)) || c == '-' && p.at(2) == '.' && digit(p.at(3))
	case letter(c), digit(c):
		return true
	}
	return c != 0 && strings.IndexByte(") \t\n\r\"'[{$\\_", c) >= 0
}
