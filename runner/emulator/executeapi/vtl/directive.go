package vtl

import "strings"

// builtIn are the directives of Velocity's grammar, the others its plug-ins.
func builtIn(name string) bool {
	switch name {
	case "if", "elseif", "else", "end", "set", "stop":
		return true
	}
	return false
}

func isDirective(name string) bool {
	switch name {
	case "foreach", "break", "define", "macro", "literal":
		return true
	}
	return builtIn(name)
}

// hash reads what begins with #. It gives what ends the block, if it is that.
func (p *parser) hash(b *builder) (ending, error) {
	switch {
	case p.has("##"):
		b.flush()
		return endOfText, p.comment()
	case p.has("#*"): // an open one goes to the end
		_, rest, _ := strings.Cut(p.src[p.pos+2:], "*#")
		p.pos = len(p.src) - len(rest)
		return endOfText, nil
	case p.has("#[["):
		inner, rest, ok := strings.Cut(p.src[p.pos+3:], "]]#")
		if !ok {
			return endOfText, p.fail("#[[ without ]]#")
		}
		b.text(inner)
		p.pos = len(p.src) - len(rest)
		return endOfText, nil
	case p.pos+1 >= len(p.src):
		return endOfText, p.fail("a # at the end") // an error of Velocity's lexer
	}
	if size := p.setStart(); size > 0 {
		p.pos += size
		n, err := p.set()
		b.add(n)
		return endOfText, err
	}
	name, size := p.word(p.pos + 1)
	if size == 0 {
		p.pos++
		if !p.swallows() {
			b.text("#")
		}
		return endOfText, nil
	}
	start := p.pos
	p.pos += 1 + size
	switch name {
	case "end", "else":
		p.lineEnd()
		if name == "end" {
			return endEnd, nil
		}
		return endElse, nil
	case "elseif":
		return endElseIf, nil
	case "if":
		n, err := p.ifDirective()
		b.add(n)
		return endOfText, err
	case "stop":
		b.add(stopDirective{})
		return endOfText, nil
	case "foreach", "define", "macro", "literal":
		n, err := p.plugIn(name)
		b.add(n)
		return endOfText, err
	}
	return endOfText, p.call(b, name, start)
}

// comment reads one to the end of its line. Velocity's lexer stumbles over a sign
// that is the template's last character, even here.
func (p *parser) comment() error {
	end := strings.IndexAny(p.src[p.pos:], "\n\r")
	if end < 0 {
		rest := p.src[p.pos+2:]
		p.pos = len(p.src)
		if strings.HasSuffix(rest, "#") || strings.HasSuffix(rest, "$") || strings.HasSuffix(rest, "$!") {
			return p.fail("a sign at the end of a comment")
		}
		return nil
	}
	p.pos += end
	p.lineEnd()
	return nil
}

// open reads the parenthesis after a directive's name.
func (p *parser) open() bool {
	start := p.pos
	p.blank()
	if p.take("(") {
		return true
	}
	p.pos = start
	return false
}

// closing reads the parenthesis that ends a directive, and the line's end.
func (p *parser) closing() error {
	if !p.take(")") {
		return p.fail("a directive without its parenthesis: %s", p.found())
	}
	p.lineEnd()
	return nil
}

// call reads #break, and what looks like a call of a macro: as API Gateway allows
// none, that is text, but its arguments must be such.
func (p *parser) call(b *builder, name string, start int) error {
	if p.open() {
		if _, err := p.arguments(); err != nil {
			return err
		}
		if err := p.closing(); err != nil {
			return err
		}
	}
	if name == "break" {
		b.add(breakDirective{})
		return nil
	}
	if strings.HasPrefix(name, "@") {
		if _, end, err := p.block(); err != nil {
			return err
		} else if end != endEnd {
			return p.fail("#%s without #end", name)
		}
	}
	b.text(p.src[start:p.pos])
	return nil
}

// set reads the inner of #set(…).
func (p *parser) set() (node, error) {
	p.blank()
	for p.take(`\`) { // escapes nothing here
	}
	if p.at(0) != '$' {
		return nil, p.fail("#set needs a reference, not %s", p.found())
	}
	target, err := p.reference()
	if err != nil {
		return nil, err
	}
	p.blank()
	if p.has("==") || !p.take("=") {
		return nil, p.fail("#set needs =, not %s", p.found())
	}
	value, err := p.expression()
	if err != nil {
		return nil, err
	}
	if len(target.steps) == 0 && !letter(target.source[1]) && target.source[1] != '_' {
		target = nil // Velocity 1.7 sets neither ${x} nor $!x (their members it does)
	}
	return setDirective{target, value}, p.closing()
}

func (p *parser) condition() (expr, error) {
	if !p.open() {
		return nil, p.fail("no condition: %s", p.found())
	}
	e, err := p.expression()
	if err != nil {
		return nil, err
	}
	return e, p.closing()
}

func (p *parser) ifDirective() (node, error) {
	n := ifDirective{}
	condition, err := p.condition()
	if err != nil {
		return nil, err
	}
	for {
		body, end, err := p.block()
		if err != nil {
			return nil, err
		}
		n.branches = append(n.branches, branch{condition, body})
		switch last := condition == nil; {
		case end == endEnd:
			return n, nil
		case end == endElse && !last:
			condition = nil
		case end == endElseIf && !last:
			if condition, err = p.condition(); err != nil {
				return nil, err
			}
		default:
			return nil, p.fail("#if without #end")
		}
	}
}

// bareWord is an argument that is neither a reference nor a literal.
type bareWord string

// arguments reads a directive's, up to the parenthesis.
func (p *parser) arguments() ([]expr, error) {
	var args []expr
	for {
		p.blank()
		if p.at(0) == ')' {
			return args, nil
		}
		if p.take(",") {
			p.blank()
		}
		if name, size := p.word(p.pos); size > 0 && p.at(0) != '{' && name != "true" && name != "false" {
			p.pos += size
			args = append(args, bareWord(name))
			continue
		}
		arg, err := p.literal(false)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
}

// plugIn reads a directive with arguments and a block.
func (p *parser) plugIn(name string) (node, error) {
	if !p.open() {
		return nil, p.fail("#%s needs arguments", name)
	}
	args, err := p.arguments()
	if err != nil {
		return nil, err
	}
	if err := p.closing(); err != nil {
		return nil, err
	}
	start := p.pos
	body, end, err := p.block()
	if err != nil {
		return nil, err
	}
	if end != endEnd {
		return nil, p.fail("#%s without #end", name)
	}
	switch name {
	case "foreach":
		return p.foreach(args, body)
	case "define":
		if len(args) == 1 {
			if ref, ok := args[0].(*reference); ok {
				return defineDirective{ref.root, &block{nodes: body}}, nil
			}
		}
		return nil, p.fail("#define needs one reference")
	case "literal":
		source := p.src[start:p.pos]
		return text(source[:strings.LastIndex(source, "#")]), nil
	}
	if len(args) == 0 {
		return nil, p.fail("#macro needs a name")
	}
	if _, ok := args[0].(bareWord); !ok {
		return nil, p.fail("#macro needs a name")
	}
	return nil, nil
}

func (p *parser) foreach(args []expr, body []node) (node, error) {
	if len(args) < 3 {
		return nil, p.fail("#foreach needs a reference, in and a list")
	}
	ref, ok := args[0].(*reference)
	if !ok {
		return nil, p.fail("#foreach needs a reference first")
	}
	for i, arg := range args {
		if _, ok := arg.(bareWord); ok != (i == 1) {
			return nil, p.fail("#foreach needs a reference, in and a list")
		}
	}
	return foreachDirective{ref.root, args[2], body}, nil
}
