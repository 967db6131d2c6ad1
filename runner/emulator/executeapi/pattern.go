package executeapi

import (
	"regexp"
	"time"

	"github.com/dlclark/regexp2"
)

// pattern is a regular expression as API Gateway's Java has them. Most are Go's
// too; one that looks around or back needs the other engine, and has a time limit.
type pattern struct {
	fast *regexp.Regexp
	slow *regexp2.Regexp
}

// patternTime bounds a match.
const patternTime = 100 * time.Millisecond

// newPattern takes a selection pattern, which must match the whole text. It gives
// nil for the empty one. One that is no expression matches nothing.
func newPattern(text string) *pattern {
	if text == "" {
		return nil
	}
	p, err := parsePattern(`^(?:` + text + `)$`)
	if err != nil {
		return &pattern{}
	}
	return p
}

func parsePattern(text string) (*pattern, error) {
	if fast, err := regexp.Compile(text); err == nil {
		return &pattern{fast: fast}, nil
	}
	slow, err := regexp2.Compile(text, regexp2.None)
	if err != nil {
		return nil, err
	}
	slow.MatchTimeout = patternTime
	return &pattern{slow: slow}, nil
}

func (p *pattern) match(s string) bool {
	switch {
	case p.fast != nil:
		return p.fast.MatchString(s)
	case p.slow != nil:
		ok, err := p.slow.MatchString(s)
		return ok && err == nil
	}
	return false
}
