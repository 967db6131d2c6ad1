package selftest

import (
	"awslab/runner/check"
	"awslab/runner/report"
	"awslab/runner/text"
)

// Section is the report as package report writes it: a step for each kind of
// case, and in it a check for each phase of each case.
func (r *Report) Section(t *text.Text) report.Lesson {
	out := report.Lesson{ID: r.Lesson.ID, Title: r.Lesson.Title}
	for _, group := range groups(t) {
		step := report.Step{ID: group.id, Title: group.title, Status: "passed"}
		for _, c := range r.Cases {
			if !group.has(c.Kind) {
				continue
			}
			step.Took += c.Took
			if !c.Passed() {
				step.Status = "open"
			}
			for _, phase := range c.Phases {
				step.Checks = append(step.Checks, result(c, phase))
			}
		}
		if len(step.Checks) > 0 {
			out.Steps = append(out.Steps, step)
		}
	}
	return out
}

// result is one phase as a check's verdict; what the lesson's checks said
// stands behind what is wrong with them.
func result(c Case, phase Phase) check.Result {
	r := check.Result{ID: c.Name, Title: c.Name, Kind: "selftest", Status: phase.Status, Took: c.Took}
	switch phase.Kind {
	case Red:
		r.ID += "/before"
	case Green:
		r.ID += "/after"
	case Again:
		r.ID += "/twice"
	case Whole:
	}
	for _, problem := range phase.Problems {
		r.Findings = append(r.Findings, problem.Finding)
		for _, seen := range problem.Seen {
			r.Findings = append(r.Findings, seen.Findings...)
			r.Evidence = append(r.Evidence, seen.Evidence...)
		}
	}
	return r
}

// group is one part of a report.
type group struct {
	id, title string
	kinds     []Kind
}

func (g group) has(k Kind) bool {
	for _, kind := range g.kinds {
		if kind == k {
			return true
		}
	}
	return false
}

func groups(t *text.Text) []group {
	return []group{
		{"steps", t.Selftest.Steps, []Kind{StepCase, CleanupCase}},
		{"mutants", t.Selftest.Mutants, []Kind{MutantCase}},
		{"alternatives", t.Selftest.Alternatives, []Kind{AlternativeCase}},
		{"translations", t.Selftest.Translations, []Kind{TranslationCase}},
	}
}
