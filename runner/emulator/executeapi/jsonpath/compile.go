package jsonpath

import (
	"strconv"
	"strings"

	"awslab/runner/emulator/executeapi/vtl"
)

// compiler reads a path from left to right.
type compiler struct {
	src   string
	pos   int
	depth int
}

func (c *compiler) fail(reason string) error { return &PathError{c.src, reason} }

// Compile reads a path. One without $ is a member of the document. Its errors are
// [*PathError] and [*vtl.LimitError].
func Compile(path string) (*Path, error) {
	if len(path) > maxPath {
		return nil, &vtl.LimitError{What: "path", Limit: maxPath}
	}
	path = strings.TrimSpace(path)
	if path == "" {
		return nil, &PathError{path, "empty"}
	}
	if path[0] != '$' && path[0] != '@' {
		path = "$." + path
	}
	c := &compiler{src: path}
	p, err := c.path()
	if err != nil {
		return nil, err
	}
	if c.pos < len(path) {
		return nil, c.fail("a blank in a path")
	}
	return p, nil
}

func (c *compiler) at(n int) byte {
	if c.pos+n < len(c.src) {
		return c.src[c.pos+n]
	}
	return 0
}

func (c *compiler) take(s string) bool {
	if !strings.HasPrefix(c.src[c.pos:], s) {
		return false
	}
	c.pos += len(s)
	return true
}

func (c *compiler) blank() {
	for c.at(0) == ' ' || c.at(0) == '\t' {
		c.pos++
	}
}

// path reads a path up to what cannot belong to it.
func (c *compiler) path() (*Path, error) {
	p := &Path{root: c.at(0) == '$', definite: true}
	c.pos++
	for {
		t, err := c.token()
		if err != nil {
			return nil, err
		}
		if t == nil {
			break
		}
		p.tokens = append(p.tokens, *t)
		p.definite = p.definite && t.definite()
	}
	if n := len(p.tokens); n > 0 && p.tokens[n-1].kind == scan {
		return nil, c.fail("a scan at the end")
	}
	for i, t := range p.tokens {
		if last := i == len(p.tokens)-1; !last && (t.kind == lengthCall || len(t.names) > 1) {
			return nil, c.fail("a function or several names before the end")
		}
	}
	return p, nil
}

// token reads one; nil at what is none.
func (c *compiler) token() (*token, error) {
	switch {
	case c.take(".."):
		return &token{kind: scan}, c.afterScan()
	case c.at(0) == '.':
		c.pos++
		if c.at(0) == '[' {
			return c.bracket()
		}
		return c.name()
	case c.at(0) == '[':
		return c.bracket()
	}
	return nil, nil
}

// afterScan lets a name follow at once: "..name" is a scan and a name.
func (c *compiler) afterScan() error {
	switch c.at(0) {
	case '[':
		return nil
	case '.', 0, ' ':
		return c.fail("a scan of nothing")
	}
	c.pos-- // at the second dot, which now begins the name
	return nil
}

// name reads a member's name without quotes, or *.
func (c *compiler) name() (*token, error) {
	start := c.pos
	for c.pos < len(c.src) && !c.ends(c.src[c.pos]) {
		c.pos++
	}
	switch name := c.src[start:c.pos]; {
	case name == "":
		return nil, c.fail("a dot without a name")
	case name == "*":
		return &token{kind: wildcard}, nil
	case name == "length()":
		return &token{kind: lengthCall}, nil
	case strings.HasSuffix(name, ")") && strings.Contains(name, "("):
		return nil, c.fail("awslab does not emulate the function " + name)
	default:
		return &token{kind: property, names: []string{name}}, nil
	}
}

// ends reports what ends a name. Within a filter that is more.
func (c *compiler) ends(b byte) bool {
	if b == '.' || b == '[' || b == ' ' {
		return true
	}
	if c.depth == 0 {
		return false
	}
	if b == ')' { // of a function
		return c.src[c.pos-1] != '('
	}
	return strings.IndexByte("=!<>&|,]~", b) >= 0
}

// bracket reads ['name'], [*], [1], [1:2], [?(…)] and [(@.length - 1)].
func (c *compiler) bracket() (*token, error) {
	c.pos++
	c.blank()
	t := &token{}
	var err error
	switch b := c.at(0); b {
	case '*':
		c.pos++
		t.kind = wildcard
	case '\'', '"':
		t.names, err = c.names(b)
	case '?':
		t, err = c.filterToken()
	case '(':
		t, err = c.sizeMinus()
	default:
		t, err = c.numbers()
	}
	if err != nil {
		return nil, err
	}
	c.blank()
	if !c.take("]") {
		return nil, c.fail("a bracket that does not close")
	}
	return t, nil
}

func (c *compiler) names(quote byte) ([]string, error) {
	var names []string
	for {
		name, err := c.quoted(quote)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		c.blank()
		if !c.take(",") {
			return names, nil
		}
		c.blank()
		if c.at(0) != quote {
			return nil, c.fail("a name without quotes among others")
		}
	}
}

// quoted reads a text in quotes; a backslash escapes what follows it.
func (c *compiler) quoted(quote byte) (string, error) {
	var b strings.Builder
	for c.pos++; c.pos < len(c.src); c.pos++ {
		switch ch := c.src[c.pos]; ch {
		case quote:
			c.pos++
			return b.String(), nil
		case '\\':
			if c.pos+1 < len(c.src) {
				c.pos++
			}
			b.WriteByte(c.src[c.pos])
		default:
			b.WriteByte(ch)
		}
	}
	return "", c.fail("a text without its end")
}

// number reads one, or nil.
func (c *compiler) number() (*int, error) {
	c.blank()
	start := c.pos
	if c.at(0) == '-' {
		c.pos++
	}
	for c.at(0) >= '0' && c.at(0) <= '9' {
		c.pos++
	}
	image := c.src[start:c.pos]
	c.blank()
	if image == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(image, 10, 32)
	if err != nil {
		return nil, c.fail("no index: " + image)
	}
	i := int(n)
	return &i, nil
}

func (c *compiler) numbers() (*token, error) {
	t := &token{kind: indices}
	for {
		n, err := c.number()
		if err != nil {
			return nil, err
		}
		if len(t.numbers) == 0 && c.take(":") {
			to, err := c.number()
			if n == nil && to == nil && err == nil {
				err = c.fail("a slice without numbers")
			}
			return &token{kind: slice, from: n, to: to}, err
		}
		if n == nil {
			return nil, c.fail("brackets with neither a name in quotes nor a number")
		}
		t.numbers = append(t.numbers, *n)
		if !c.take(",") {
			return t, nil
		}
	}
}

// sizeMinus reads (@.length - n) or (@.size() - n).
func (c *compiler) sizeMinus() (*token, error) {
	c.pos++
	c.blank()
	if !c.take("@.length()") && !c.take("@.length") && !c.take("@.size()") && !c.take("@.size") {
		return nil, c.fail("neither @.length nor @.size")
	}
	c.blank()
	if c.at(0) != '-' {
		return nil, c.fail("nothing is taken from the length")
	}
	c.pos++
	n, err := c.number()
	if err != nil {
		return nil, err
	}
	if n == nil || *n < 0 || !c.take(")") {
		return nil, c.fail("nothing is taken from the length")
	}
	return &token{kind: sizeMinus, numbers: []int{*n}}, nil
}
