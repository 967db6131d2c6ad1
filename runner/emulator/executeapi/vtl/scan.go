package vtl

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// parser reads a template from left to right.
type parser struct {
	src   string
	pos   int
	depth int
}

func (p *parser) fail(format string, args ...any) error {
	before := p.src[:min(p.pos, len(p.src))]
	return &ParseError{strings.Count(before, "\n") + 1, len(before) - strings.LastIndexByte(before, '\n'), fmt.Sprintf(format, args...)}
}

// found names what stands at the position, for errors.
func (p *parser) found() string {
	if p.pos >= len(p.src) {
		return "the end of the template"
	}
	return strconv.Quote(p.src[p.pos:min(p.pos+12, len(p.src))])
}

// deeper counts a level of nesting; the caller defers p.shallower.
func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return &LimitError{"depth", maxDepth}
	}
	return nil
}

func (p *parser) shallower() { p.depth-- }

// at gives the byte n after the position, or 0.
func (p *parser) at(n int) byte {
	if p.pos+n < len(p.src) {
		return p.src[p.pos+n]
	}
	return 0
}

func (p *parser) has(prefix string) bool { return strings.HasPrefix(p.src[p.pos:], prefix) }

func (p *parser) take(prefix string) bool {
	if !p.has(prefix) {
		return false
	}
	p.pos += len(prefix)
	return true
}

func letter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }
func digit(c byte) bool  { return c >= '0' && c <= '9' }

// blank is white space inside a directive, a new line included.
func (p *parser) blank() bool {
	start := p.pos
	for p.pos < len(p.src) && strings.IndexByte(" \t\n\r", p.src[p.pos]) >= 0 {
		p.pos++
	}
	return p.pos > start
}

// lineEnd eats blanks and a new line, if there is nothing else before it: those
// after a directive are not written.
func (p *parser) lineEnd() {
	i := p.pos
	for i < len(p.src) && (p.src[i] == ' ' || p.src[i] == '\t') {
		i++
	}
	switch rest := p.src[i:]; {
	case strings.HasPrefix(rest, "\r\n"):
		p.pos = i + 2
	case strings.HasPrefix(rest, "\n"), strings.HasPrefix(rest, "\r"):
		p.pos = i + 1
	}
}

// identifier is a name in a reference; empty if there is none.
func (p *parser) identifier() string {
	if c := p.at(0); !letter(c) && c != '_' {
		return ""
	}
	start := p.pos
	for c := p.at(0); letter(c) || digit(c) || c == '-' || c == '_'; c = p.at(0) {
		p.pos++
	}
	return p.src[start:p.pos]
}

// word is a directive's name at i, which may stand in braces, and its length with
// them.
func (p *parser) word(i int) (name string, size int) {
	rest := p.src[min(i, len(p.src)):]
	braced := strings.HasPrefix(rest, "{")
	start := 0
	if braced {
		start = 1
	}
	end := start
	for end < len(rest) {
		c := rest[end]
		if !letter(c) && c != '_' && (braced && end == start || c != '@') && (end == start || !digit(c)) {
			break
		}
		end++
	}
	switch {
	case end == start:
		return "", 0
	case !braced:
		return rest[:end], end
	case end < len(rest) && rest[end] == '}':
		return rest[1:end], end + 1
	}
	return "", 0
}

// quoted is a string literal without its quotes, which are doubled inside. As the
// longest match counts, a string that is open to the end of the template closes
// at the last quote that could close it.
func (p *parser) quoted() (string, error) {
	quote := p.src[p.pos]
	last := -1
	for i := p.pos + 1; i < len(p.src); i++ {
		if p.src[i] != quote {
			continue
		}
		last = i
		if i+1 >= len(p.src) || p.src[i+1] != quote {
			break
		}
		i++
	}
	if last < 0 {
		return "", p.fail("a string without its end")
	}
	inner := p.src[p.pos+1 : last]
	p.pos = last + 1
	return inner, nil
}

// number is a number literal, at a digit, a dot or a minus sign that belongs to
// it. A number before ".." is whole.
func (p *parser) number() (any, bool) {
	rest := p.src[p.pos:]
	i := 0
	if i < len(rest) && rest[i] == '-' {
		i++
	}
	whole := i
	for i < len(rest) && digit(rest[i]) {
		i++
	}
	digits := i - whole
	end, float := i, false
	if i < len(rest) && rest[i] == '.' && !strings.HasPrefix(rest[i:], "..") {
		j := i + 1
		for j < len(rest) && digit(rest[j]) {
			j++
		}
		if digits > 0 || j > i+1 {
			end, float = j, true
		}
	}
	if !float && digits == 0 {
		return nil, false
	}
	if end < len(rest) && (rest[end] == 'e' || rest[end] == 'E') {
		j := end + 1
		if j < len(rest) && (rest[j] == '+' || rest[j] == '-') {
			j++
		}
		if k := j; k < len(rest) && digit(rest[k]) {
			for k < len(rest) && digit(rest[k]) {
				k++
			}
			end, float = k, true
		}
	}
	image := rest[:end]
	p.pos += end
	if float {
		f, _ := strconv.ParseFloat(image, 64) // too large is infinite, as in Java
		return f, true
	}
	if n, err := strconv.ParseInt(image, 10, 64); err == nil {
		return n, true
	}
	n, _ := new(big.Int).SetString(image[:min(len(image), maxDigits)], 10)
	return n, true
}
