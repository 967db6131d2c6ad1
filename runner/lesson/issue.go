package lesson

import (
	"cmp"
	"fmt"
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

// Issue is a mistake in a lesson: where, what is wrong, what to try.
type Issue struct {
	Pos      Position
	Severity Severity
	What     string
	Hint     string
}

// String is the issue in one line, without its hint.
func (i Issue) String() string {
	if i.Severity == Warning {
		return fmt.Sprintf("%s: warning: %s", i.Pos, i.What)
	}
	return fmt.Sprintf("%s: %s", i.Pos, i.What)
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

func (s *issues) error(line int, what, hint string) {
	s.list = append(s.list, Issue{Pos: Position{File: s.file, Line: max(line, 1)}, What: what, Hint: hint})
}

func (s *issues) warn(line int, what, hint string) {
	s.list = append(s.list, Issue{Pos: Position{File: s.file, Line: max(line, 1)}, Severity: Warning, What: what, Hint: hint})
}

func (s *issues) yaml(mistakes []yamltree.Mistake) {
	for _, m := range mistakes {
		s.list = append(s.list, Issue{Pos: Position{File: s.file, Line: m.Line, Column: m.Column}, What: m.What, Hint: m.Hint})
	}
}

// sorted gives the issues in the order of the file, each once.
func (s *issues) sorted() []Issue {
	slices.SortStableFunc(s.list, func(a, b Issue) int {
		return cmp.Or(cmp.Compare(a.Pos.File, b.Pos.File), cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	return slices.Compact(s.list)
}
