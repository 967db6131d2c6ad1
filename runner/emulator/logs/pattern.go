package logs

import (
	"regexp"
	"strings"
)

// pattern is a filter pattern. For unstructured events
// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html)
// it has terms that must all occur, `-term` that must not, `?term` of which one must
// occur, "quoted phrases" and %regular expressions%. Terms are sought as they
// are written, case included, anywhere in the message.
//
// jsonpattern.go has those for JSON ({ $.level = "ERROR" }), columns.go those for
// space-delimited events ([ip, user, …]).
type pattern struct {
	all, none, any []matcher
}

// matcher says whether a message has a term.
type matcher func(message string) bool

// termText are the characters of a term that needs no quotes.
var termText = regexp.MustCompile(`^[A-Za-z0-9_]+$`)

// parsePattern reads a pattern. AWS's words for mistakes:
// DefangLabs/defang#1008, jorgebastida/awslogs#210.
func parsePattern(text string) (pattern, error) {
	var p pattern
	rest := strings.TrimSpace(text)
	switch {
	case len(text) > 1024:
		return p, violation(text, "filterPattern", "Member must have length less than or equal to 1024")
	case strings.HasPrefix(rest, "{"):
		if !strings.HasSuffix(rest, "}") {
			return p, invalid("Invalid filter pattern: If a filter pattern starts with '{' it must end with '}'")
		}
		fits, err := parseJSONPattern(rest)
		if err != nil {
			return p, err
		}
		p.all = []matcher{onJSON(fits)}
		return p, nil
	case strings.HasPrefix(rest, "["):
		if !strings.HasSuffix(rest, "]") {
			return p, invalid("Invalid filter pattern: If a filter pattern starts with '[' it must end with ']'")
		}
		fits, err := parseColumns(rest)
		if err != nil {
			return p, err
		}
		p.all = []matcher{fits}
		return p, nil
	}
	for rest != "" {
		into := &p.all
		switch rest[0] {
		case '-':
			into, rest = &p.none, rest[1:]
		case '?':
			into, rest = &p.any, rest[1:]
		}
		term, behind, err := cutTerm(rest)
		if err != nil {
			return p, err
		}
		*into = append(*into, term)
		rest = strings.TrimLeft(behind, " \t\r\n")
	}
	return p, nil
}

// cutTerm reads the term at the start of text and returns what is behind it.
func cutTerm(text string) (matcher, string, error) {
	switch {
	case strings.HasPrefix(text, `"`):
		phrase, behind, ok := cutQuoted(text)
		if !ok || phrase == "" {
			return nil, "", badTerm(text)
		}
		return func(message string) bool { return strings.Contains(message, phrase) }, behind, nil
	case strings.HasPrefix(text, "%"):
		expression, behind, ok := strings.Cut(text[1:], "%")
		if !ok || expression == "" {
			return nil, "", badTerm(text)
		}
		compiled, err := regexp.Compile(expression)
		if err != nil {
			return nil, "", badTerm(text)
		}
		return compiled.MatchString, behind, nil
	}
	end := strings.IndexAny(text, " \t\r\n")
	if end < 0 {
		end = len(text)
	}
	term := text[:end]
	if !termText.MatchString(term) {
		return nil, "", badTerm(term)
	}
	return func(message string) bool { return strings.Contains(message, term) }, text[end:], nil
}

func badTerm(term string) error {
	return invalid("Invalid filter pattern: Invalid character(s) in term '%s'", term)
}

// cutQuoted reads a phrase in double quotes; a backslash takes the next
// character as it is.
func cutQuoted(text string) (phrase, behind string, ok bool) {
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '"':
			return b.String(), text[i+1:], true
		case '\\':
			if i++; i == len(text) {
				return "", "", false
			}
		}
		b.WriteByte(text[i])
	}
	return "", "", false
}

// matches says whether a message fits. As on AWS, ?terms do not count beside
// others.
func (p pattern) matches(message string) bool {
	for _, has := range p.none {
		if has(message) {
			return false
		}
	}
	for _, has := range p.all {
		if !has(message) {
			return false
		}
	}
	if len(p.any) == 0 || len(p.all)+len(p.none) > 0 {
		return true
	}
	for _, has := range p.any {
		if has(message) {
			return true
		}
	}
	return false
}
