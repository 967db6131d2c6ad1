package cors

import (
	"strings"
	"unicode/utf8"
)

// Step is a step of the standard at which something was decided.
type Step struct {
	// Code is stable: one of [Codes].
	Code string
	// Args are the values that the step looked at, safe to show.
	Args map[string]string
	// Section is the standard's section and step, with its address.
	Section string
}

// rule is a code with its place in the standard.
type rule struct{ code, section string }

const standard = "https://fetch.spec.whatwg.org/"

func section(what, anchor string) string { return what + " (" + standard + "#" + anchor + ")" }

func (r rule) step(args ...string) Step {
	step := Step{Code: r.code, Section: r.section}
	for i := 0; i+1 < len(args); i += 2 {
		if step.Args == nil {
			step.Args = make(map[string]string, len(args)/2)
		}
		step.Args[args[i]] = Show(args[i+1])
	}
	return step
}

// shown is how much of a value a person is shown.
const shown = 200

// Show is a value as it can be shown: on one line, without control bytes, and not
// longer than a person reads.
func Show(value string) string {
	cut := len(value) > shown
	if cut {
		value = value[:shown]
		for len(value) > 0 && !utf8.RuneStart(value[len(value)-1]) {
			value = value[:len(value)-1]
		}
	}
	value = strings.Map(func(r rune) rune {
		if r < 0x20 || r >= 0x7f && r < 0xa0 || r == utf8.RuneError || r >= 0x2028 && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return '\uFFFD'
		}
		return r
	}, value)
	if cut {
		value += "…"
	}
	return value
}
