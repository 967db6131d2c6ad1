package runner

import (
	"context"

	"awslab/runner/check"
	"awslab/runner/lesson"
)

// Look judges a step's checks, waiting as they do for what is on its way, and
// remembers nothing of it: the step does not pass by being looked at.
func (s *Session) Look(ctx context.Context, stepID string) ([]check.Result, error) {
	return s.look(ctx, stepID, false)
}

// Glance is Look without waiting.
func (s *Session) Glance(ctx context.Context, stepID string) ([]check.Result, error) {
	return s.look(ctx, stepID, true)
}

func (s *Session) look(ctx context.Context, stepID string, once bool) ([]check.Result, error) {
	step, err := s.step(stepID)
	if err != nil {
		return nil, err
	}
	end, err := s.begin("check")
	if err != nil {
		return nil, err
	}
	defer end()
	world := s.world(step)
	world.Once = once
	results := []check.Result{}
	for i, c := range step.Checks() {
		if c.Quiz != nil {
			results = append(results, s.quizResult(c))
			continue
		}
		result := s.judgeOne(ctx, world, step, i, c)
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		results = append(results, result)
	}
	return results, nil
}

// judgeOne judges the check that stands at place i of a step.
func (s *Session) judgeOne(ctx context.Context, world check.World, step *lesson.Step, i int, c *lesson.Check) check.Result {
	result := s.shown(check.Run(ctx, world, s.checks[step.ID][i]))
	result.ID, result.Title, result.Hint = c.ID, c.Title, c.Hint
	return result
}
