package selftest

import (
	"context"
	"slices"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/target"
)

// walkThrough does the whole lesson: every step is looked at before, after, and
// after it was done twice, and the clean-up must leave nothing.
func walkThrough(ctx context.Context, p *prover) ([]Case, error) { return walk(ctx, p, "") }

// walkTo does the lesson up to and including one step.
func walkTo(last string) func(context.Context, *prover) ([]Case, error) {
	return func(ctx context.Context, p *prover) ([]Case, error) { return walk(ctx, p, last) }
}

func walk(ctx context.Context, p *prover, last string) ([]Case, error) {
	if err := p.prepare(ctx); err != nil {
		return nil, err
	}
	var cases []Case
	reached := true
	for _, step := range p.session.Lesson().Steps {
		began := p.cfg.Now()
		one := Case{Kind: StepCase, Name: step.ID}
		if len(step.Cleanup()) > 0 {
			one.Kind = CleanupCase
		}
		if reached {
			phases, err := p.step(ctx, step)
			if err != nil {
				return nil, err
			}
			one.Phases = phases
			reached = phases[1].Status == check.Passed
		} else {
			one.Phases = []Phase{missed(Red), unless(Green, []Problem{{Finding: check.Finding{Code: notReached, Subject: step.ID}}}), missed(Again)}
		}
		if one.Kind == CleanupCase && reached && last == "" {
			left, err := p.left(ctx)
			if err != nil {
				return nil, err
			}
			one.Phases = append(one.Phases, unless(Whole, left))
		}
		one.Took = p.cfg.Now().Sub(began)
		cases = append(cases, one)
		if step.ID == last {
			break
		}
	}
	return cases, nil
}

// step looks at one step in its three phases.
func (p *prover) step(ctx context.Context, step *lesson.Step) ([]Phase, error) {
	before, err := p.session.Glance(ctx, step.ID)
	if err != nil {
		return nil, err
	}
	var green []Problem
	for i, r := range before {
		if r.Status == check.Passed && step.Checks()[i].Quiz == nil {
			green = append(green, Problem{Finding: check.Finding{Code: greenBefore, Subject: r.ID}})
		}
	}
	phases := []Phase{unless(Red, green)}
	after := p.doAndLook(ctx, step, actionFailed, notGreen)
	phases = append(phases, unless(Green, after))
	if len(after) > 0 {
		return append(phases, missed(Again)), nil
	}
	return append(phases, unless(Again, p.doAndLook(ctx, step, againFailed, againNotGreen))), nil
}

// doAndLook does a step and wants its checks to pass.
func (p *prover) doAndLook(ctx context.Context, step *lesson.Step, failed, notGreen string) []Problem {
	if err := p.do(ctx, step); err != nil {
		return []Problem{p.failure(failed, step.ID, err)}
	}
	return wanted(notGreen, p.results(step.ID))
}

// results are what the checks of a step said when it was done.
func (p *prover) results(stepID string) []check.Result {
	for _, state := range p.session.State().Steps {
		if state.ID == stepID {
			return state.Checks
		}
	}
	return nil
}

// left cleans up what was prepared, and gives what is there then and was not
// before the lesson.
func (p *prover) left(ctx context.Context) ([]Problem, error) {
	if err := p.cleanPrepared(ctx, p.session.Lesson()); err != nil {
		return nil, err
	}
	now, err := target.Inventory(ctx, p.world.AWS)
	if err != nil {
		return nil, err
	}
	var problems []Problem
	for _, r := range now {
		if !p.before[r] {
			problems = append(problems, Problem{Finding: check.Finding{Code: leftBehind, Subject: r.String()}})
		}
	}
	return problems, nil
}

// cleanPrepared cleans up the lessons on which this one builds, the last first.
func (p *prover) cleanPrepared(ctx context.Context, les *lesson.Lesson) error {
	for _, id := range slices.Backward(les.Needs) {
		s, err := p.world.Lab.Lesson(id)
		if err != nil {
			return err
		}
		if err := s.Cleanup(ctx); err != nil {
			return err
		}
		if err := p.cleanPrepared(ctx, s.Lesson()); err != nil {
			return err
		}
	}
	return nil
}
