package logs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// test says whether an event that is JSON fits; it is given the decoded value.
type test func(event any) bool

// maxNesting bounds the parentheses of a pattern, which the parser follows by
// calling itself.
const maxNesting = 100

// reader reads a pattern in braces or brackets from left to right.
type reader struct {
	text    string
	at      int
	nesting int
}

func (r *reader) space() {
	for r.at < len(r.text) && strings.IndexByte(" \t\r\n", r.text[r.at]) >= 0 {
		r.at++
	}
}

// take reads one of some symbols, the first that fits.
func (r *reader) take(symbols ...string) string {
	r.space()
	for _, symbol := range symbols {
		if strings.HasPrefix(r.text[r.at:], symbol) {
			r.at += len(symbol)
			return symbol
		}
	}
	return ""
}

// word reads the keyword IS, NOT, EXISTS, NULL, TRUE or FALSE, whatever its case.
func (r *reader) word(want string) bool {
	r.space()
	rest := r.text[r.at:]
	if len(rest) < len(want) || !strings.EqualFold(rest[:len(want)], want) {
		return false
	}
	if len(rest) > len(want) && isBare(rest[len(want)]) {
		return false
	}
	r.at += len(want)
	return true
}

func isBare(c byte) bool {
	return c == '_' || c == '-' || c == '*' || c == '.' || c == ':' || c == '/' || c == '+' ||
		c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// parseJSONPattern reads { selector operator value && ( … || … ) }
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html,
// "Using filter patterns to match terms in JSON log events").
func parseJSONPattern(text string) (test, error) {
	r := &reader{text: strings.TrimSuffix(strings.TrimPrefix(text, "{"), "}")}
	fits, err := r.either()
	if err != nil {
		return nil, err
	}
	if r.space(); r.at != len(r.text) {
		return nil, r.bad()
	}
	return fits, nil
}

func (r *reader) bad() error {
	return invalid("Invalid filter pattern: Invalid character(s) at %s", strconv.Quote(r.text[r.at:]))
}

// either reads terms joined by ||, which bind looser than &&.
func (r *reader) either() (test, error) {
	return r.joined("||", r.both, func(a, b test) test { return func(event any) bool { return a(event) || b(event) } })
}

func (r *reader) both() (test, error) {
	return r.joined("&&", r.term, func(a, b test) test { return func(event any) bool { return a(event) && b(event) } })
}

func (r *reader) joined(by string, operand func() (test, error), join func(a, b test) test) (test, error) {
	all, err := operand()
	for err == nil && r.take(by) != "" {
		var next test
		if next, err = operand(); err == nil {
			all = join(all, next)
		}
	}
	return all, err
}

// term reads a comparison, or a pattern in parentheses.
func (r *reader) term() (test, error) {
	if r.take("(") != "" {
		if r.nesting++; r.nesting > maxNesting {
			return nil, r.bad()
		}
		defer func() { r.nesting-- }()
		fits, err := r.either()
		if err == nil && r.take(")") == "" {
			err = r.bad()
		}
		return fits, err
	}
	path, err := r.selector()
	if err != nil {
		return nil, err
	}
	switch {
	case r.word("IS"):
		return r.is(path)
	case r.word("NOT"):
		if !r.word("EXISTS") {
			return nil, r.bad()
		}
		return func(event any) bool { return len(path.in(event)) == 0 }, nil
	case r.word("EXISTS"):
		return func(event any) bool { return len(path.in(event)) > 0 }, nil
	}
	operator := r.take("!=", ">=", "<=", "=", ">", "<")
	if operator == "" {
		return nil, r.bad()
	}
	compares, err := r.operand(operator)
	if err != nil {
		return nil, err
	}
	return func(event any) bool {
		for _, value := range path.in(event) {
			if compares(value) {
				return true
			}
		}
		return false
	}, nil
}

// is reads what follows IS: NULL, TRUE or FALSE.
func (r *reader) is(path selector) (test, error) {
	var want any
	switch {
	case r.word("NULL"):
	case r.word("TRUE"):
		want = true
	case r.word("FALSE"):
		want = false
	default:
		return nil, r.bad()
	}
	return func(event any) bool {
		for _, value := range path.in(event) {
			if value == want {
				return true
			}
		}
		return false
	}, nil
}

// step is a step of a selector: a name, an index, or every element.
type step struct {
	name  string
	index int // -1 with a name, -2 for every element
}

// selector is $.a.b[0]["c.d"][*].
type selector []step

func (r *reader) selector() (selector, error) {
	if r.take("$") == "" {
		return nil, r.bad()
	}
	var path selector
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case '.':
			r.at++
			from := r.at
			for r.at < len(r.text) && r.text[r.at] != '.' && isBare(r.text[r.at]) {
				r.at++
			}
			name := r.text[from:r.at]
			switch name {
			case "":
				return nil, r.bad()
			case "*":
				path = append(path, step{index: -2})
			default:
				path = append(path, step{name, -1})
			}
			continue
		case '[':
			r.at++
			one, err := r.index()
			if err != nil || r.take("]") == "" {
				return nil, r.bad()
			}
			path = append(path, one)
			continue
		}
		break
	}
	if len(path) == 0 {
		return nil, r.bad()
	}
	return path, nil
}

func (r *reader) index() (step, error) {
	if r.take("*") != "" {
		return step{index: -2}, nil
	}
	if r.at < len(r.text) && (r.text[r.at] == '"' || r.text[r.at] == '\'') {
		name, err := r.quoted()
		return step{name, -1}, err
	}
	from := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	number, err := strconv.Atoi(r.text[from:r.at])
	return step{index: number}, err
}

// in gives the values to which a selector leads, none where it leads nowhere.
func (s selector) in(event any) []any {
	at := []any{event}
	for _, one := range s {
		var next []any
		for _, value := range at {
			switch value := value.(type) {
			case map[string]any:
				if member, ok := value[one.name]; ok && one.index == -1 {
					next = append(next, member)
				}
			case []any:
				switch {
				case one.index == -2:
					next = append(next, value...)
				case one.index >= 0 && one.index < len(value):
					next = append(next, value[one.index])
				}
			}
		}
		at = next
	}
	return at
}

// quoted reads a text in quotes; a backslash takes the next character as it is.
func (r *reader) quoted() (string, error) {
	quote := r.text[r.at]
	var b strings.Builder
	for r.at++; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; c {
		case quote:
			r.at++
			return b.String(), nil
		case '\\':
			if r.at++; r.at == len(r.text) {
				return "", r.bad()
			}
		}
		b.WriteByte(r.text[r.at])
	}
	return "", r.bad()
}

// operand reads the value behind an operator, and gives the comparison with it:
// numbers by their size, texts as a whole with * for any characters, %regular
// expressions% anywhere.
func (r *reader) operand(operator string) (func(value any) bool, error) {
	r.space()
	if r.at == len(r.text) {
		return nil, r.bad()
	}
	equality := operator == "=" || operator == "!="
	switch r.text[r.at] {
	case '%':
		end := strings.IndexByte(r.text[r.at+1:], '%')
		if end <= 0 || !equality {
			return nil, r.bad()
		}
		compiled, err := regexp.Compile(r.text[r.at+1 : r.at+1+end])
		if err != nil {
			return nil, r.bad()
		}
		r.at += end + 2
		return textual(operator, compiled.MatchString), nil
	case '"', '\'':
		text, err := r.quoted()
		if err != nil || !equality {
			return nil, r.bad()
		}
		return textual(operator, func(value string) bool { return wild(text, value) }), nil
	}
	from := r.at
	for r.at < len(r.text) && isBare(r.text[r.at]) {
		r.at++
	}
	word := r.text[from:r.at]
	if word == "" {
		return nil, r.bad()
	}
	if number, err := strconv.ParseFloat(word, 64); err == nil && !math.IsInf(number, 0) && !math.IsNaN(number) {
		return numerical(operator, number), nil
	}
	if !equality {
		return nil, r.bad()
	}
	return textual(operator, func(value string) bool { return wild(word, value) }), nil
}

func textual(operator string, fits func(string) bool) func(any) bool {
	return func(value any) bool {
		var text string
		switch value := value.(type) {
		case string:
			text = value
		case json.Number:
			text = value.String()
		case bool:
			text = fmt.Sprint(value)
		default:
			return false
		}
		return fits(text) == (operator == "=")
	}
}

func numerical(operator string, want float64) func(any) bool {
	return func(value any) bool {
		var text string
		switch value := value.(type) {
		case json.Number:
			text = value.String()
		case string:
			text = value
		default:
			return false
		}
		got, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return operator == "!="
		}
		switch operator {
		case "=":
			return got == want
		case "!=":
			return got != want
		case ">":
			return got > want
		case ">=":
			return got >= want
		case "<":
			return got < want
		}
		return got <= want
	}
}

// wild compares a text as a whole with one in which * stands for any characters.
func wild(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	rest, ok := strings.CutPrefix(text, parts[0])
	if len(parts) == 1 {
		return ok && rest == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		_, behind, found := strings.Cut(rest, part)
		ok, rest = ok && found, behind
	}
	return ok && strings.HasSuffix(rest, parts[len(parts)-1])
}

// onJSON makes a matcher of a test: events that are no JSON never fit.
func onJSON(fits test) matcher {
	return func(message string) bool {
		decoder := json.NewDecoder(bytes.NewReader([]byte(message)))
		decoder.UseNumber()
		var event any
		if decoder.Decode(&event) != nil || decoder.More() {
			return false
		}
		return fits(event)
	}
}
