package text

import (
	"maps"
	"regexp"
	"strings"
)

// Lint holds what is wrong with a lesson's files, and what to do about it.
type Lint struct {
	// Rules are the sentences of every rule of packages lesson and check.
	// {suggestion} stands for Near, Known or TakeOut, whichever the mistake has
	// arguments for; {suggestion:TEXT} for TEXT where there is nothing near.
	Rules map[string]Sentence
	// Kinds are the kinds of YAML node, Places the mappings of a lesson, by their
	// keys in a mistake's arguments.
	Kinds, Places map[string]string

	Near, Known, TakeOut string
	Error, Warning       string // the severities
	Count                string // the last line of `lesson lint`
}

// example is how a value of each kind looks in YAML.
var example = map[string]string{
	"null": "`key:`", "bool": "`exists: true`", "number": "`minutes: 15`", "text": "`title: some text`",
	"list": "`lessons: [one, two]`", "map": "`vars: {NAME: value}`",
}

var suggestion = regexp.MustCompile(`\{suggestion(?::([^}]*))?\}`)

// Issue says what is wrong where a lesson breaks a rule, and what to try. args
// are those of the mistake.
func (t *Text) Issue(rule string, args map[string]string) (what, hint string) {
	l := t.Lint
	s, ok := l.Rules[rule]
	if !ok { // a rule of a newer awslab, say
		return rule, ""
	}
	values := Args{}
	maps.Copy(values, args)
	for _, name := range []string{"is", "want"} {
		if kind, ok := l.Kinds[args[name]]; ok {
			values[name] = kind
		}
	}
	if place, ok := l.Places[args["in"]]; ok {
		values["in"] = place
	}
	if rule == "yaml.kind" {
		values["example"] = example[args["want"]]
		if place, ok := l.Places[args["key"]]; ok {
			values["key"] = place
		}
	}
	hint = suggestion.ReplaceAllStringFunc(s.Hint, func(match string) string {
		otherwise := suggestion.FindStringSubmatch(match)[1]
		switch {
		case args["near"] != "":
			return l.Near
		case otherwise != "":
			return otherwise
		case args["known"] != "":
			return l.Known
		}
		return l.TakeOut
	})
	if reason, ok := t.CORS.Origins[args["reason"]]; ok {
		values["reason"] = strings.TrimSuffix(values.Fill(reason), ".")
	}
	if cause, ok := args["cause"]; ok {
		values["cause"] = t.Foreign(cause)
	}
	return values.Fill(s.What), values.Fill(hint)
}
