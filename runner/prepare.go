package runner

import (
	"context"
	"fmt"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

// A lesson may build on what others made. Whether that is there is asked of the
// cloud: what a student did last week may be cleaned up by now. Not every check
// of a lesson passes at its end, since later steps change the world on purpose;
// those that did are remembered when the lesson is done, and have to pass again.

// Unprepared are the lessons on which les builds, directly or not, and whose
// work is not there now, in the order in which they are to be done.
func (l *Lab) Unprepared(ctx context.Context, les *lesson.Lesson) ([]*lesson.Lesson, error) {
	var missing []*lesson.Lesson
	for _, id := range l.needed(les) {
		s, err := l.Lesson(id)
		if err != nil {
			return nil, err
		}
		changing, err := l.changing(ctx, id)
		if err != nil {
			return nil, err
		}
		ready, err := s.standing(ctx, changing)
		if err != nil {
			return nil, err
		}
		if !ready {
			missing = append(missing, s.lesson)
		}
	}
	return missing, nil
}

// needed are the ids of the lessons on which les builds, each behind those on
// which it builds itself.
func (l *Lab) needed(les *lesson.Lesson) []string {
	var ids []string
	seen := map[string]bool{}
	var visit func(*lesson.Lesson)
	visit = func(les *lesson.Lesson) {
		for _, id := range les.Needs {
			need, ok := l.find(id)
			if !ok || seen[id] {
				continue
			}
			seen[id] = true
			visit(need)
			ids = append(ids, id)
		}
	}
	visit(les)
	return ids
}

// BuiltOn are the lessons that build on the lesson id, directly or not, in the
// course's order: what its clean-up takes away, they would miss.
func (l *Lab) BuiltOn(id string) []*lesson.Lesson {
	var list []*lesson.Lesson
	for _, les := range l.cfg.Course.Lessons {
		for _, need := range l.needed(les) {
			if need == id {
				list = append(list, les)
			}
		}
	}
	return list
}

// changing reports whether a lesson that builds on the lesson id is under way: begun,
// and not cleaned up.
func (l *Lab) changing(ctx context.Context, id string) (bool, error) {
	for _, les := range l.BuiltOn(id) {
		s, err := l.Lesson(les.ID)
		if err != nil {
			return false, err
		}
		underWay, err := s.underWay(ctx)
		if underWay || err != nil {
			return underWay, err
		}
	}
	return false, nil
}

// underWay reports whether a step of the lesson was done and its clean-up was not, or
// was and finds something again: a lesson may be done once more.
func (s *Session) underWay(ctx context.Context) (bool, error) {
	begun, cleaned := false, false
	for _, step := range s.lesson.Steps {
		begun = begun || len(step.Actions()) > 0 && s.done(step.ID)
		cleaned = cleaned || len(step.Cleanup()) > 0 && s.done(step.ID)
	}
	if !begun || !cleaned {
		return begun, nil
	}
	end, err := s.begin("check")
	if err != nil {
		return false, err
	}
	defer end()
	judged := 0
	passing, err := s.passing(ctx, func(step *lesson.Step, _ string) bool {
		if len(step.Cleanup()) == 0 {
			return false
		}
		judged++
		return true
	})
	return len(passing) < judged, err
}

// Prepare carries out the lessons on which les builds and whose work is not
// there, all but their clean-up. tell hears what happens.
func (l *Lab) Prepare(ctx context.Context, les *lesson.Lesson, tell func(Event)) error {
	missing, err := l.Unprepared(ctx, les)
	if err != nil {
		return err
	}
	for _, need := range missing {
		s, err := l.Lesson(need.ID)
		if err != nil {
			return err
		}
		tell(Notice{Text: text.Args{"title": need.Title, "lesson": need.ID}.Fill(l.cfg.Text.Session.Preparing)})
		cancel := s.Subscribe(tell)
		err = s.runAll(ctx, false, true)
		cancel()
		if err != nil {
			return fmt.Errorf("preparing %s: %w", need.ID, err)
		}
		for _, step := range need.Steps {
			if len(step.Cleanup()) == 0 && !s.done(step.ID) {
				return &text.Problem{
					Says: func(p *text.Problems) text.Sentence { return p.StepNotPassed }, Class: text.Unmet,
					Args: text.Args{"lesson": need.ID, "step": step.ID},
				}
			}
		}
		if err := s.settleAnew(ctx); err != nil {
			return err
		}
	}
	return nil
}

// standing reports whether what the lesson made is still there. Where a lesson that
// builds on it is changing that, the same has to exist, and may answer otherwise: to
// put an authorizer in front of a method is a change on purpose.
func (s *Session) standing(ctx context.Context, changing bool) (bool, error) {
	s.mu.Lock()
	settled := map[string]bool{}
	for _, name := range s.record.Settled {
		settled[name] = true
	}
	s.mu.Unlock()
	if len(settled) == 0 {
		return false, nil
	}
	end, err := s.begin("check")
	if err != nil {
		return false, err
	}
	defer end()
	if changing {
		exists := map[string]bool{}
		for _, step := range s.lesson.Steps {
			for _, c := range step.Checks() {
				if name := step.ID + "/" + c.ID; settled[name] && check.Inventory(c.Kind) {
					exists[name] = true
				}
			}
		}
		if len(exists) > 0 {
			settled = exists
		}
	}
	passing, err := s.passing(ctx, func(_ *lesson.Step, name string) bool { return settled[name] })
	return len(passing) == len(settled), err
}

// passing looks at the wanted checks and gives those that pass now, as "step/check".
// Its caller has the session.
func (s *Session) passing(ctx context.Context, wanted func(step *lesson.Step, name string) bool) (map[string]bool, error) {
	passing := map[string]bool{}
	for _, step := range s.lesson.Steps {
		world := s.world(step)
		world.Once = true
		for i, c := range step.Checks() {
			name := step.ID + "/" + c.ID
			if c.Quiz != nil || !wanted(step, name) {
				continue
			}
			result := s.judgeOne(ctx, world, step, i, c)
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if result.Status == check.Passed {
				passing[name] = true
			}
		}
	}
	return passing, nil
}

// settle remembers, when the last step before the clean-up is done, which of the
// lesson's checks pass at its end. Only lessons on which others build need it.
// Its caller has the session.
func (s *Session) settle(ctx context.Context) error {
	s.mu.Lock()
	known := len(s.record.Settled) > 0
	s.mu.Unlock()
	if known || !s.doneButCleanup() || len(s.lab.BuiltOn(s.lesson.ID)) == 0 {
		return nil
	}
	return s.settleNow(ctx)
}

// settleAnew is settle after the lesson was done again: it may have other checks
// than when it was first done.
func (s *Session) settleAnew(ctx context.Context) error {
	end, err := s.begin("check")
	if err != nil {
		return err
	}
	defer end()
	return s.settleNow(ctx)
}

// doneButCleanup reports whether all steps but the clean-up are done.
func (s *Session) doneButCleanup() bool {
	for _, step := range s.lesson.Steps {
		if len(step.Cleanup()) == 0 && !s.done(step.ID) {
			return false
		}
	}
	return true
}

func (s *Session) settleNow(ctx context.Context) error {
	passing, err := s.passing(ctx, func(step *lesson.Step, _ string) bool { return len(step.Cleanup()) == 0 })
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.record.Settle(passing)
	s.mu.Unlock()
	return s.save()
}
