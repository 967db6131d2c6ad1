package runner

import (
	"context"
	"fmt"

	"awslab/runner/check"
	"awslab/runner/progress"
	"awslab/runner/text"
)

// Cleanup takes down what the lesson made: on the emulator by the lesson's own
// clean-up, elsewhere from the ledger, and only what stands in it.
func (s *Session) Cleanup(ctx context.Context) error {
	end, err := s.begin("cleanup")
	if err != nil {
		return err
	}
	defer end()
	for _, later := range s.lab.BuiltOn(s.lesson.ID) {
		s.emit(Notice{Text: text.Args{"title": later.Title, "lesson": later.ID}.Fill(s.lab.cfg.Text.Session.BuiltOn)})
	}
	if ledger := s.lab.cfg.Target.Ledger(); ledger != nil {
		return s.sweep(ctx)
	}
	for _, step := range s.lesson.Steps {
		fences := step.Cleanup()
		if len(fences) == 0 {
			continue
		}
		began := s.lab.cfg.Now()
		s.emit(StepStarted{Step: step.ID, Title: step.Title})
		for _, fence := range fences {
			if err = s.command(ctx, step.ID, FromCleanup, fence.Text); err != nil {
				break
			}
		}
		if err == nil {
			err = s.judge(ctx, step, progress.Passed)
		}
		s.mu.Lock()
		status := s.status(step.ID)
		s.mu.Unlock()
		s.emit(StepEnded{Step: step.ID, Status: status, Took: s.lab.cfg.Now().Sub(began)})
		if err != nil {
			return err
		}
	}
	return nil
}

// sweep deletes what the ledger says awslab created, and tells what is left.
func (s *Session) sweep(ctx context.Context) error {
	t := s.lab.cfg.Target
	receipt, err := t.Sweep(ctx)
	if err != nil {
		return err
	}
	say := s.lab.cfg.Text.Session
	for _, r := range receipt.Deleted {
		s.emit(Notice{Text: text.Args{"resource": r.String()}.Fill(say.Deleted)})
	}
	for _, r := range receipt.Foreign {
		s.emit(Notice{Text: text.Args{"resource": r.String()}.Fill(say.LeftAlone)})
	}
	for _, left := range receipt.Left {
		s.emit(Notice{Text: text.Args{"resource": left.Resource.String(), "why": left.Err.Error()}.Fill(say.StillThere)})
	}
	if len(receipt.Left) > 0 {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotAllDeleted }, Args: text.Args{"count": fmt.Sprint(len(receipt.Left))}}
	}
	if len(receipt.Deleted) == 0 {
		s.emit(Notice{Text: say.NothingToDelete})
	}
	return nil
}

// Reset takes down what the lesson made, forgets the student's progress with it
// and restores the workspace's files.
func (s *Session) Reset(ctx context.Context) error {
	if err := s.Cleanup(ctx); err != nil {
		return err
	}
	end, err := s.begin("reset")
	if err != nil {
		return err
	}
	defer end()
	s.mu.Lock()
	s.results = map[string]check.Result{}
	s.record, err = s.lab.progress.Reset(s.lesson.ID)
	s.record.Started = s.lab.cfg.Now()
	s.mu.Unlock()
	if err != nil {
		return err
	}
	if err := s.writeFiles(true); err != nil {
		return err
	}
	s.emit(ProgressSaved{})
	return nil
}
