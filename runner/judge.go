package runner

import (
	"context"
	"net/http"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/progress"
)

// judge runs a step's checks in order and records a pass. A check that needs an
// earlier step is not run while that step is open.
func (s *Session) judge(ctx context.Context, step *lesson.Step, status progress.Status) error {
	return s.judgeIn(ctx, step, status, s.world(step))
}

func (s *Session) judgeIn(ctx context.Context, step *lesson.Step, status progress.Status, world check.World) error {
	s.mu.Lock()
	blocked := s.blockedBy(step)
	s.mu.Unlock()
	if blocked != "" {
		return nil
	}
	for i, c := range step.Checks() {
		if c.Quiz != nil {
			s.tellQuiz(step, c)
			continue
		}
		s.emit(CheckStarted{Step: step.ID, Check: c.ID, Title: c.Title})
		world.Progress = func(p check.Progress) { s.emit(CheckProgress{Step: step.ID, Check: c.ID, Progress: p}) }
		result := s.judgeOne(ctx, world, step, i, c)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s.mu.Lock()
		s.results[step.ID+"/"+c.ID] = result
		s.mu.Unlock()
		s.emit(CheckEnded{Step: step.ID, Result: result})
	}
	if s.allPassed(step) {
		if err := s.remember(step.ID, status); err != nil {
			return err
		}
	}
	// The ids of the checks' own requests must outlive this process too.
	s.mu.Lock()
	unsaved := s.record.Unsaved()
	s.mu.Unlock()
	if unsaved {
		return s.save()
	}
	return nil
}

// passesAlready judges a step's checks without a word, and tells them if they
// all pass: what is not done yet is no news before the action.
func (s *Session) passesAlready(ctx context.Context, step *lesson.Step, answers bool) (bool, error) {
	held := []Event{}
	release := s.hold(&held)
	world := s.world(step)
	world.Once = true
	err := s.judgeIn(ctx, step, progress.Passed, world)
	release()
	if err != nil || !s.passed(step, answers) {
		return false, err
	}
	if answers {
		s.answerAll(step)
	}
	for _, e := range held {
		if ended, ok := e.(CheckEnded); ok && ended.Result.Kind == lesson.QuizKind {
			c, err := quizOf(step, ended.Result.ID)
			if err != nil {
				return false, err
			}
			s.tellQuiz(step, c)
			continue
		}
		s.emit(e)
	}
	return true, s.remember(step.ID, progress.Passed)
}

func (s *Session) allPassed(step *lesson.Step) bool { return s.passed(step, false) }

// passed reports whether all of a step's checks pass; but for its quizzes, if
// those do not matter. Quizzes alone do not tell that a step's actions are done.
func (s *Session) passed(step *lesson.Step, butForQuizzes bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if butForQuizzes && len(step.Actions()) > 0 && !step.Judged() {
		return false
	}
	for _, c := range step.Checks() {
		if c.Quiz != nil && butForQuizzes {
			continue
		}
		if s.results[step.ID+"/"+c.ID].Status != check.Passed {
			return false
		}
	}
	return true
}

// world is what a check may look at.
func (s *Session) world(step *lesson.Step) check.World {
	t := s.lab.cfg.Target
	return check.World{
		AWS:         s.aws(),
		Expand:      s.expand,
		Workspace:   s.files,
		HTTP:        &http.Client{Transport: guardedTransport{s, s.lab.transport}},
		Now:         s.lab.cfg.Now,
		Random:      s.lab.cfg.Random,
		Emulator:    t.Emulator,
		Endpoint:    t.Endpoint,
		StepStarted: s.stepBegan(step.ID),
		IsProbe:     s.isProbe,
		Trace:       s.traceOf,
		Probe:       s.probe,
		Mask:        s.lab.hide,
	}
}

func (s *Session) isProbe(requestID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.record.IsProbe(requestID)
}

func (s *Session) probe(requestID string) {
	s.mu.Lock()
	s.record.AddProbe(requestID)
	s.mu.Unlock()
}
