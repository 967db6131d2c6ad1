package selftest

import (
	"context"
	"strings"

	"awslab/runner/check"
	"awslab/runner/lesson"
)

// solve does the steps before a step, and that step too if it is included.
func (p *prover) solve(ctx context.Context, until string, included bool) ([]Problem, error) {
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	for _, step := range p.session.Lesson().Steps {
		if step.ID == until && !included {
			return nil, nil
		}
		if problems := p.doAndLook(ctx, step, actionFailed, notGreen); len(problems) > 0 {
			return problems, nil
		}
		if step.ID == until {
			return nil, nil
		}
	}
	return nil, nil
}

// mutant solves the lesson up to a step, makes something wrong, and wants
// exactly one check of its step to fail, with one finding.
func mutant(m lesson.Mutant) func(context.Context, *prover) ([]Case, error) {
	return func(ctx context.Context, p *prover) ([]Case, error) {
		began := p.cfg.Now()
		problems, err := p.mutate(ctx, m)
		one := Case{Kind: MutantCase, Name: m.Name, Fails: m.Fails, Code: m.Code, Phases: []Phase{unless(Whole, problems)}}
		one.Took = p.cfg.Now().Sub(began)
		return []Case{one}, err
	}
}

func (p *prover) mutate(ctx context.Context, m lesson.Mutant) ([]Problem, error) {
	if problems, err := p.solve(ctx, m.After, true); err != nil || len(problems) > 0 {
		return problems, err
	}
	if err := p.session.Command(ctx, m.Run); err != nil {
		return []Problem{p.failure(mutantFailed, m.Name, err)}, nil
	}
	results, err := p.session.Look(ctx, stepOf(p.session.Lesson(), m.Fails))
	if err != nil {
		return nil, err
	}
	return caught(m, results), nil
}

// caught holds what the checks say of a mutant against what they should.
func caught(m lesson.Mutant, results []check.Result) []Problem {
	var problems []Problem
	var others []check.Result
	for _, r := range results {
		switch {
		case r.Status == check.Undecided:
			problems = append(problems, Problem{Finding: check.Finding{Code: undecided, Subject: r.ID}, Seen: []check.Result{r}})
		case r.ID != m.Fails && r.Status == check.Failed:
			others = append(others, r)
		case r.ID != m.Fails:
		case r.Status == check.Passed:
			problems = append(problems, Problem{Finding: check.Finding{Code: mutantSurvived, Subject: m.Fails}})
		case !hasCode(r, m.Code):
			f := check.Finding{Code: mutantCode, Subject: m.Fails, Expected: m.Code, Found: codes(r)}
			problems = append(problems, Problem{Finding: f, Seen: []check.Result{r}})
		}
	}
	if len(others) > 0 {
		f := check.Finding{Code: mutantOthers, Subject: m.Fails, Found: ids(others)}
		problems = append(problems, Problem{Finding: f, Seen: others})
	}
	return problems
}

func hasCode(r check.Result, code string) bool {
	for _, f := range r.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func codes(r check.Result) string {
	var list []string
	for _, f := range r.Findings {
		list = append(list, f.Code)
	}
	return strings.Join(list, ", ")
}

func ids(results []check.Result) string {
	var list []string
	for _, r := range results {
		list = append(list, r.ID)
	}
	return strings.Join(list, ", ")
}

// stepOf is the step that a check belongs to.
func stepOf(les *lesson.Lesson, checkID string) string {
	for _, step := range les.Steps {
		for _, c := range step.Checks() {
			if c.ID == checkID {
				return step.ID
			}
		}
	}
	return ""
}

// alternative solves the lesson up to a step, does that step in another way, and
// wants its checks to pass.
func alternative(a lesson.Alternative) func(context.Context, *prover) ([]Case, error) {
	return func(ctx context.Context, p *prover) ([]Case, error) {
		began := p.cfg.Now()
		problems, err := p.replace(ctx, a)
		one := Case{Kind: AlternativeCase, Name: a.Name, Phases: []Phase{unless(Whole, problems)}}
		one.Took = p.cfg.Now().Sub(began)
		return []Case{one}, err
	}
}

func (p *prover) replace(ctx context.Context, a lesson.Alternative) ([]Problem, error) {
	if problems, err := p.solve(ctx, a.Replace, false); err != nil || len(problems) > 0 {
		return problems, err
	}
	if err := p.session.Command(ctx, a.Run); err != nil {
		return []Problem{p.failure(alternativeFailed, a.Name, err)}, nil
	}
	results, err := p.session.Look(ctx, a.Replace)
	var judged []check.Result
	for _, r := range results {
		if r.Kind != lesson.QuizKind { // no command answers a quiz
			judged = append(judged, r)
		}
	}
	return wanted(rejected, judged), err
}
