package runner

import (
	"context"
	"fmt"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/progress"
	"awslab/runner/text"
)

// Answered follows each answer to a quiz. Its verdict comes as a [CheckEnded].
type Answered struct {
	Step, Quiz string
	Option     int // the first is 1
	Right      bool
	ByAwslab   bool
}

func (Answered) event() {}

// Answer gives the student's answer to a quiz of a step: the number of an
// option, of which the first is 1. A right answer stays; a wrong one may be
// tried again. Where it was the last thing that the step lacked, the step
// passes.
func (s *Session) Answer(ctx context.Context, stepID, quizID string, option int) (right bool, err error) {
	step, err := s.step(stepID)
	if err != nil {
		return false, err
	}
	c, err := quizOf(step, quizID)
	if err != nil {
		return false, err
	}
	if option < 1 || option > len(c.Quiz.Options) {
		return false, &text.Problem{
			Says: func(p *text.Problems) text.Sentence { return p.NoOption }, Class: text.Usage,
			Args: text.Args{"option": fmt.Sprint(option), "quiz": quizID, "count": fmt.Sprint(len(c.Quiz.Options))},
		}
	}
	end, err := s.begin("answer")
	if err != nil {
		return false, err
	}
	defer end()
	right = s.give(step, c, option, false)
	s.tellQuiz(step, c)
	if s.allPassed(step) {
		if err := s.judge(ctx, step, progress.Passed); err != nil {
			return right, err
		}
		return right, s.settle(ctx)
	}
	return right, s.save()
}

// give records an answer. A right one stays.
func (s *Session) give(step *lesson.Step, c *lesson.Check, option int, byAwslab bool) (right bool) {
	s.mu.Lock()
	if old := s.record.Answers[c.ID]; old.Option != c.Quiz.Answer {
		s.record.Answer(c.ID, progress.Answer{Option: option, ByAwslab: byAwslab, When: s.lab.cfg.Now()})
	}
	right = s.record.Answers[c.ID].Option == c.Quiz.Answer
	s.mu.Unlock()
	s.emit(Answered{Step: step.ID, Quiz: c.ID, Option: option, Right: right, ByAwslab: byAwslab})
	return right
}

// answerAll has awslab answer what of a step's quizzes is not answered rightly.
func (s *Session) answerAll(step *lesson.Step) {
	for _, c := range step.Checks() {
		if c.Quiz != nil && s.quizResult(c).Status != check.Passed {
			s.give(step, c, c.Quiz.Answer, true)
		}
	}
}

// answerOpen has awslab answer those that have no answer at all.
func (s *Session) answerOpen(step *lesson.Step) {
	for _, c := range step.Checks() {
		if c.Quiz != nil && s.quizResult(c).Status == check.NotRun {
			s.give(step, c, c.Quiz.Answer, true)
		}
	}
}

// quizResult is the verdict over a quiz as it is answered now.
func (s *Session) quizResult(c *lesson.Check) check.Result {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.quizResultLocked(c)
}

func (s *Session) quizResultLocked(c *lesson.Check) check.Result {
	given := s.record.Answers[c.ID]
	result := check.Quiz(c.ID, c.Title, c.Quiz.Options, c.Quiz.Answer, given.Option)
	result.ByAwslab = given.ByAwslab
	return result
}

// tellQuiz tells the verdict over one quiz.
func (s *Session) tellQuiz(step *lesson.Step, c *lesson.Check) {
	result := s.quizResult(c)
	s.mu.Lock()
	s.results[step.ID+"/"+c.ID] = result
	s.mu.Unlock()
	s.emit(CheckEnded{Step: step.ID, Result: result})
}

func quizOf(step *lesson.Step, id string) (*lesson.Check, error) {
	for _, c := range step.Checks() {
		if c.Quiz != nil && c.ID == id {
			return c, nil
		}
	}
	return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoQuiz }, Class: text.Usage, Args: text.Args{"step": step.ID, "quiz": id}}
}
