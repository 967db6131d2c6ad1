package lesson

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"awslab/runner/lesson/yamltree"
)

// Severity says whether a lesson can be used in spite of an issue.
type Severity int

// The severities.
const (
	Error Severity = iota
	Warning
)

// Issue is a mistake in a lesson, as data: where it is and which rule it breaks.
// runner/text has the sentences of every rule, which name the arguments.
type Issue struct {
	Pos      Position
	Severity Severity
	Rule     string // "step.no-id"
	Args     map[string]string
}

// String is the issue in one line, for logs and tests.
func (i Issue) String() string {
	line := fmt.Sprintf("%s: %s", i.Pos, i.Rule)
	if i.Severity == Warning {
		line = fmt.Sprintf("%s: warning: %s", i.Pos, i.Rule)
	}
	for _, name := range slices.Sorted(maps.Keys(i.Args)) {
		line += fmt.Sprintf(" %s=%q", name, i.Args[name])
	}
	return line
}

// NewIssue is what a mistake in a file's YAML comes to.
func NewIssue(file string, m yamltree.Mistake) Issue {
	return Issue{Pos: Position{File: file, Line: m.Line, Column: m.Column}, Rule: m.Rule, Args: m.Args}
}

// Errors are the issues with which a lesson cannot be used.
func Errors(issues []Issue) []Issue {
	return slices.DeleteFunc(slices.Clone(issues), func(i Issue) bool { return i.Severity != Error })
}

// issues collects the mistakes of one file.
type issues struct {
	file        string
	translation bool // the file translates another
	list        []Issue
}

func (s *issues) error(line int, rule string, args ...string) {
	s.list = append(s.list, Issue{Pos: Position{File: s.file, Line: max(line, 1)}, Rule: rule, Args: yamltree.Args(args)})
}

func (s *issues) warn(line int, rule string, args ...string) {
	s.list = append(s.list, Issue{Pos: Position{File: s.file, Line: max(line, 1)}, Severity: Warning, Rule: rule, Args: yamltree.Args(args)})
}

func (s *issues) yaml(mistakes []yamltree.Mistake) {
	for _, m := range mistakes {
		s.list = append(s.list, NewIssue(s.file, m))
	}
}

func (s *issues) sorted() []Issue { return Sorted(s.list) }

// Sorted gives the issues in the order of the files, each once.
func Sorted(list []Issue) []Issue {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b Issue) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	told := map[string]bool{}
	return slices.DeleteFunc(list, func(i Issue) bool {
		again := told[i.String()]
		told[i.String()] = true
		return again
	})
}
