package check

import (
	"regexp"
	"strings"
)

// pythonNames are the names that a module binds at its top level: by def, class,
// assignment, import, for and with, also inside if and try. It reads Python's
// tokens as far as that needs (strings, comments, brackets, continued lines,
// indentation); whether the file is right Python is for Python to say.
func pythonNames(source string) []string {
	var names []string
	var scopes []pythonScope
	for _, l := range logicalLines(source) {
		for len(scopes) > 0 && scopes[len(scopes)-1].indent >= l.indent {
			scopes = scopes[:len(scopes)-1]
		}
		top := true
		for _, s := range scopes {
			top = top && !s.inner
		}
		m := definition.FindStringSubmatch(l.text)
		if top {
			if m != nil {
				names = append(names, m[1])
			} else {
				names = append(names, bindings(l.text)...)
			}
		}
		scopes = append(scopes, pythonScope{indent: l.indent, inner: m != nil})
	}
	return names
}

// pythonScope is a line under which more indented ones stand.
type pythonScope struct {
	indent int
	inner  bool // of a function or a class: names there are not the module's
}

var (
	identifier = `[\p{L}_][\p{L}\p{N}_]*`
	definition = regexp.MustCompile(`^(?:async\s+def|def|class)\s+(` + identifier + `)\s*[\[(:]`)
	assigned   = regexp.MustCompile(`(?:^|[;:,(\[=\s*])(` + identifier + `)\s*(?::[^=]*)?(?:,[^=;]*)?[)\]]?\s*=(?:[^=]|$)`)
	imported   = regexp.MustCompile(`^(?:from\s+\S+\s+)?import\s+(.*)$`)
	bound      = regexp.MustCompile(`\b(?:for|as)\s+(` + identifier + `)`)
)

// bindings are the names that a simple statement, or the head of a compound
// one, binds; a few more where that is hard to tell: a right file must not be
// refused.
func bindings(text string) []string {
	var names []string
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if m := imported.FindStringSubmatch(part); m != nil {
			for one := range strings.SplitSeq(strings.Trim(m[1], "() "), ",") {
				fields := strings.Fields(one)
				if len(fields) > 0 {
					name, _, _ := strings.Cut(fields[len(fields)-1], ".")
					names = append(names, name)
				}
			}
			continue
		}
		for _, re := range []*regexp.Regexp{assigned, bound} {
			for rest := part; ; {
				m := re.FindStringSubmatchIndex(rest)
				if m == nil {
					break
				}
				names = append(names, rest[m[2]:m[3]])
				rest = rest[m[3]:]
			}
		}
	}
	return names
}

// logicalLine is a statement on one line: strings emptied, comments gone.
type logicalLine struct {
	indent int
	text   string
}

// logicalLines joins what brackets and backslashes continue.
func logicalLines(source string) []logicalLine {
	var lines []logicalLine
	s := &pythonScanner{source: source}
	for s.at < len(s.source) {
		indent := s.indent()
		text := strings.TrimSpace(s.line())
		if text != "" {
			lines = append(lines, logicalLine{indent, text})
		}
	}
	return lines
}

type pythonScanner struct {
	source string
	at     int
}

// indent reads the white space before a line; a tab goes to the next eighth
// column, as in Python.
func (s *pythonScanner) indent() int {
	column := 0
	for ; s.at < len(s.source); s.at++ {
		switch s.source[s.at] {
		case ' ':
			column++
		case '\t':
			column += 8 - column%8
		case '\f':
			column = 0
		default:
			return column
		}
	}
	return column
}

// line reads up to the end of the logical line.
func (s *pythonScanner) line() string {
	var b strings.Builder
	depth := 0
	for s.at < len(s.source) {
		c := s.source[s.at]
		switch {
		case c == '#':
			for s.at < len(s.source) && s.source[s.at] != '\n' {
				s.at++
			}
			continue
		case c == '\\' && strings.HasPrefix(s.source[s.at:], "\\\n"):
			s.at += 2
			b.WriteByte(' ')
			continue
		case c == '\n':
			s.at++
			if depth == 0 {
				return b.String()
			}
			b.WriteByte(' ')
			continue
		case c == '"' || c == '\'':
			s.text(formatted(b.String()))
			b.WriteString(`""`)
			continue
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth = max(0, depth-1)
		}
		b.WriteByte(c)
		s.at++
	}
	return b.String()
}

// formatted reports whether the prefix that was just read makes the string an
// f-string or a t-string.
func formatted(before string) bool {
	i := len(before)
	for i > 0 && isLetter(before[i-1]) {
		i--
	}
	prefix := strings.ToLower(before[i:])
	return len(prefix) <= 2 && strings.ContainsAny(prefix, "ft") && strings.Trim(prefix, "ftr") == ""
}

func isLetter(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// text skips a string. One without an end is over at the end of its line, if it
// has single quotation marks.
func (s *pythonScanner) text(format bool) {
	mark := s.source[s.at : s.at+1]
	if triple := strings.Repeat(mark, 3); strings.HasPrefix(s.source[s.at:], triple) {
		mark = triple
	}
	s.at += len(mark)
	for s.at < len(s.source) {
		rest := s.source[s.at:]
		switch {
		case strings.HasPrefix(rest, mark):
			s.at += len(mark)
			return
		case rest[0] == '\\' && len(rest) > 1:
			s.at += 2
		case rest[0] == '\n' && len(mark) == 1:
			return
		case format && (strings.HasPrefix(rest, "{{") || strings.HasPrefix(rest, "}}")):
			s.at += 2
		case format && rest[0] == '{':
			s.at++
			s.expression(mark, 0)
		default:
			s.at++
		}
	}
}

// expression skips the {…} of an f-string, in which strings may stand that use
// the same quotation marks (Python 3.12).
func (s *pythonScanner) expression(mark string, level int) {
	depth, spec := 0, false
	for s.at < len(s.source) {
		c := s.source[s.at]
		switch {
		case c == '}' && depth == 0:
			s.at++
			return
		case spec && c == '{' && level < 8:
			s.at++
			s.expression(mark, level+1)
			continue
		case spec && strings.HasPrefix(s.source[s.at:], mark), c == '\n' && len(mark) == 1 && spec:
			return
		case spec:
		case c == '"' || c == '\'':
			s.text(formatted(s.source[:s.at][max(0, s.at-3):]))
			continue
		case c == ':' && depth == 0:
			spec = true
		case strings.IndexByte("([{", c) >= 0:
			depth++
		case strings.IndexByte(")]}", c) >= 0:
			depth = max(0, depth-1)
		case c == '\n' && len(mark) == 1 && depth == 0 && level == 0:
			return
		}
		s.at++
	}
}
