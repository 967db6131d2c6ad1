package vtl

import (
	"errors"
	"regexp"
	"regexp/syntax"
	"strings"
)

// maxPattern bounds a regular expression, which Go's engine then runs in time
// that grows with the text.
const maxPattern = 1000

// compile reads a regular expression of Java's and counts what it will cost on a
// text.
func (r *Run) compile(pattern, on string) (*regexp.Regexp, error) {
	if len(pattern) > maxPattern {
		return nil, &LimitError{"regular expression", maxPattern}
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		var se *syntax.Error
		if errors.As(err, &se) && se.Code == syntax.ErrInvalidPerlOp || strings.ContainsAny(pattern, "+\\") && backward(pattern) {
			return nil, &RunError{"awslab does not emulate this regular expression: " + pattern}
		}
		return nil, &RunError{"java.util.regex.PatternSyntaxException: " + err.Error()}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, &RunError{"java.util.regex.PatternSyntaxException: " + err.Error()}
	}
	if err := r.count(1 + len(program.Inst)/4 + len(on)/8*(1+len(program.Inst)/16)); err != nil {
		return nil, err
	}
	return regexp.Compile(pattern)
}

// atOnce is the size of a text whose matches are looked for without a pause.
const atOnce = 4 << 10

// halt ends a walk.
type halt struct{ err error }

// walk looks for up to n matches, only to see that the time for it is there: a
// pattern such as a*b|a looks at the whole rest of a text for each, and Go's engine
// can be stopped between two of them alone.
func (r *Run) walk(re *regexp.Regexp, s string, n int) (err error) {
	if len(s) <= atOnce || n == 1 {
		return nil
	}
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case halt:
			err = cause.err
		default:
			panic(cause)
		}
	}()
	re.ReplaceAllStringFunc(s, func(string) string {
		if err := r.ctx.Err(); err != nil {
			panic(halt{err})
		}
		if n--; n <= 0 {
			panic(halt{})
		}
		return ""
	})
	return nil
}

// backward reports what Java knows and Go does not: back references and
// possessive quantifiers.
func backward(pattern string) bool {
	for _, s := range []string{"++", "*+", "?+", "}+", `\1`, `\2`, `\k<`, `\G`, `\h`, `\R`} {
		if strings.Contains(pattern, s) {
			return true
		}
	}
	return false
}

// split is String.split. Texts at the end that are empty fall away if limit is
// zero; a match of nothing at the start gives no empty text.
func (r *Run) split(s, pattern string, limit int64) (any, error) {
	re, err := r.compile(pattern, s)
	if err != nil {
		return nil, err
	}
	var parts []any
	start := 0
	most := r.limits.Steps - r.steps + 1
	if err := r.walk(re, s, most); err != nil {
		return nil, err
	}
	matches := re.FindAllStringIndex(s, most)
	if err := r.count(len(matches)); err != nil {
		return nil, err
	}
	for _, m := range matches {
		if limit > 0 && int64(len(parts)) == limit-1 {
			break
		}
		if m[1] == 0 || m[0] == m[1] && m[0] == len(s) {
			continue
		}
		parts = append(parts, s[start:m[0]])
		start = m[1]
	}
	if len(parts) == 0 {
		return &List{Items: []any{s}, kind: array}, r.made(32)
	}
	parts = append(parts, s[start:])
	for limit == 0 && len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	return &List{Items: parts, kind: array}, r.made(16 * len(parts))
}

// replaceMatches is String.replaceAll and replaceFirst (n is 1).
func (r *Run) replaceMatches(s, pattern, replacement string, n int) (string, error) {
	re, err := r.compile(pattern, s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	last := 0
	if n < 0 {
		n = r.limits.Steps - r.steps + 1
	}
	if err := r.walk(re, s, n); err != nil {
		return "", err
	}
	matches := re.FindAllStringSubmatchIndex(s, n)
	if err := r.count(len(matches)); err != nil {
		return "", err
	}
	for _, m := range matches {
		b.WriteString(s[last:m[0]])
		last = m[1]
		before := b.Len()
		if err := expand(&b, re, replacement, s, m); err != nil {
			return "", err
		}
		if err := r.made(b.Len() - before); err != nil {
			return "", err
		}
	}
	b.WriteString(s[last:])
	return b.String(), r.made(len(s))
}

// expand writes a replacement: \x is x, $1 and ${name} are groups.
func expand(b *strings.Builder, re *regexp.Regexp, replacement, s string, match []int) error {
	for i := 0; i < len(replacement); i++ {
		switch c := replacement[i]; c {
		case '\\':
			if i++; i == len(replacement) {
				return &RunError{"java.lang.IllegalArgumentException: character to be escaped is missing"}
			}
			b.WriteByte(replacement[i])
		case '$':
			group, size, ok := groupAt(re, replacement[i+1:])
			if !ok {
				return &RunError{"java.lang.IllegalArgumentException: Illegal group reference"}
			}
			i += size
			if match[2*group] >= 0 {
				b.WriteString(s[match[2*group]:match[2*group+1]])
			}
		default:
			b.WriteByte(c)
		}
	}
	return nil
}

// groupAt reads a group after a dollar sign: as many digits as make a group that
// there is.
func groupAt(re *regexp.Regexp, rest string) (group, size int, ok bool) {
	if name, ok := strings.CutPrefix(rest, "{"); ok {
		name, _, ok = strings.Cut(name, "}")
		group = re.SubexpIndex(name)
		return group, len(name) + 2, ok && group >= 0
	}
	for size < len(rest) && digit(rest[size]) {
		next := group*10 + int(rest[size]-'0')
		if next > re.NumSubexp() {
			break
		}
		group, size = next, size+1
	}
	return group, size, size > 0
}
