package runner

import (
	"slices"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/lesson/yamltree"
)

// Lint adds to the issues with which lessons were read what reading them leaves
// to others: what their checks say, and the codes of findings that selftest.yaml
// names. They come in the order of the files, each once.
func Lint(issues []lesson.Issue, lessons ...*lesson.Lesson) []lesson.Issue {
	for _, les := range lessons {
		issues = append(issues, lint(les)...)
	}
	return lesson.Sorted(issues)
}

func lint(les *lesson.Lesson) []lesson.Issue {
	var issues []lesson.Issue
	kinds := map[string]string{}
	for _, step := range les.Steps {
		for _, c := range step.Checks() {
			kinds[c.ID] = c.Kind
			if c.Quiz != nil || c.Kind == "" {
				continue
			}
			_, mistakes := check.Compile(c.Kind, c.Node, c.Pos.Line)
			for _, m := range mistakes {
				issues = append(issues, lesson.NewIssue(c.Pos.File, m))
			}
		}
	}
	if les.Selftest == nil {
		return issues
	}
	for _, m := range les.Selftest.Mutants {
		if known := check.CodesOf(kinds[m.Fails]); m.Code != "" && kinds[m.Fails] != "" && !slices.Contains(known, m.Code) {
			args := append(yamltree.Suggest(m.Code, known), "code", m.Code, "kind", kinds[m.Fails])
			issues = append(issues, lesson.Issue{Pos: m.CodePos, Rule: "selftest.code", Args: yamltree.Args(args)})
		}
	}
	return issues
}
