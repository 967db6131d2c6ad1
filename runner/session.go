package runner

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/progress"
	"awslab/runner/shell"
	"awslab/runner/text"
)

// Session carries one lesson out. Its long methods do one thing at a time: a
// second call while one is under way gets an error that says what is. All
// methods may be called from any goroutine; events come in order.
type Session struct {
	lab    *Lab
	lesson *lesson.Lesson
	dir    string // the student's workspace
	files  *os.Root
	shell  *shell.Shell
	checks map[string][]*check.Compiled // by step, in order; nil for a quiz

	work chan struct{} // holds a token while nothing is under way

	mu          sync.Mutex
	busy        string
	record      progress.Record
	results     map[string]check.Result // by step and check id
	subscribers map[int]func(Event)
	nextID      int
	emitting    sync.Mutex
	held        *[]Event // where events go while they are held back; guarded by emitting

	stop     context.CancelFunc
	watching sync.WaitGroup
}

func newSession(l *Lab, les *lesson.Lesson) (*Session, error) {
	dir, err := l.workspace(les.ID)
	if err != nil {
		return nil, err
	}
	s := &Session{
		lab: l, lesson: les, dir: dir,
		checks:      map[string][]*check.Compiled{},
		work:        make(chan struct{}, 1),
		results:     map[string]check.Result{},
		subscribers: map[int]func(Event){},
	}
	s.work <- struct{}{}
	for _, step := range les.Steps {
		for _, c := range step.Checks() {
			if c.Quiz != nil {
				s.checks[step.ID] = append(s.checks[step.ID], nil)
				continue
			}
			compiled, mistakes := check.Compile(c.Kind, c.Node, c.Pos.Line)
			if len(mistakes) > 0 {
				return nil, l.lessonProblem(les, lesson.NewIssue(c.Pos.File, mistakes[0]))
			}
			s.checks[step.ID] = append(s.checks[step.ID], compiled)
		}
	}
	if s.record, err = l.load(les.ID); err != nil {
		return nil, err
	}
	if s.files, err = os.OpenRoot(dir); err != nil {
		return nil, workspaceProblem(dir, err)
	}
	if err := s.writeFiles(false); err != nil {
		return nil, err
	}
	if s.shell, err = s.openShell(); err != nil {
		return nil, err
	}
	if s.record.Started.IsZero() {
		s.record.Started = l.cfg.Now()
	}
	var ctx context.Context
	ctx, s.stop = context.WithCancel(context.Background())
	l.watch(s)
	s.standIn(ctx)
	return s, nil
}

func (s *Session) close() error {
	s.stop()
	s.watching.Wait()
	return errors.Join(s.shell.Close(), s.files.Close())
}

// Lesson is what the session carries out.
func (s *Session) Lesson() *lesson.Lesson { return s.lesson }

// step finds a step by its id.
func (s *Session) step(id string) (*lesson.Step, error) {
	for _, step := range s.lesson.Steps {
		if step.ID == id {
			return step, nil
		}
	}
	return nil, unknownStep(s.lesson, id)
}

// begin takes the session for one piece of work.
func (s *Session) begin(what string) (end func(), err error) {
	select {
	case <-s.work:
	default:
		s.mu.Lock()
		defer s.mu.Unlock()
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.Busy }, Args: text.Args{"what": s.busy}}
	}
	s.setBusy(what)
	return func() {
		s.setBusy("")
		s.work <- struct{}{}
	}, nil
}

func (s *Session) setBusy(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = what
}

// Run does a step's actions, then judges its checks. It returns an error when
// the actions did not end well or the work was cancelled; what the checks found
// stands in the state.
func (s *Session) Run(ctx context.Context, stepID string) error {
	if s.onlyCleansUp(stepID) {
		return s.Cleanup(ctx)
	}
	return s.do(ctx, stepID, "run", func(step *lesson.Step) error {
		if err := s.ready(ctx, step); err != nil {
			return err
		}
		return s.act(ctx, step, FromAction, step.Actions(), progress.Passed)
	})
}

// onlyCleansUp reports a step whose work is the lesson's clean-up.
func (s *Session) onlyCleansUp(stepID string) bool {
	step, err := s.step(stepID)
	return err == nil && len(step.Cleanup()) > 0 && len(step.Actions()) == 0
}

// Solve does a step for the student and remembers that it did.
func (s *Session) Solve(ctx context.Context, stepID string) error {
	if s.onlyCleansUp(stepID) {
		return s.Cleanup(ctx)
	}
	return s.do(ctx, stepID, "solve", func(step *lesson.Step) error {
		if err := s.ready(ctx, step); err != nil {
			return err
		}
		if err := s.restoreFiles(step); err != nil {
			return err
		}
		fences := step.Solutions()
		if len(fences) == 0 {
			fences = step.Actions()
		}
		return s.act(ctx, step, FromSolve, fences, progress.Solved)
	})
}

// Check judges a step's checks, after those of the steps that it needs.
func (s *Session) Check(ctx context.Context, stepID string) error {
	return s.do(ctx, stepID, "check", func(step *lesson.Step) error {
		if err := s.checkNeeds(ctx, step); err != nil {
			return err
		}
		if s.lab.cfg.Headless {
			s.answerOpen(step)
		}
		return s.judge(ctx, step, progress.Passed)
	})
}

// CheckAll judges every step as of now, in order. A step whose needs are open by
// then is not judged.
func (s *Session) CheckAll(ctx context.Context) error {
	for _, step := range s.lesson.Steps {
		if err := s.do(ctx, step.ID, "check", func(step *lesson.Step) error {
			if s.lab.cfg.Headless {
				s.answerOpen(step)
			}
			return s.judge(ctx, step, progress.Passed)
		}); err != nil {
			return err
		}
	}
	return nil
}

// ready judges the steps that a step needs, and says which is missing: a step's
// commands would only fail in a confusing way.
func (s *Session) ready(ctx context.Context, step *lesson.Step) error {
	if err := s.checkNeeds(ctx, step); err != nil {
		return err
	}
	s.mu.Lock()
	blocked := s.blockedBy(step)
	s.mu.Unlock()
	if blocked == "" {
		return nil
	}
	return s.blockedProblem(step, blocked, text.Unmet)
}

// Blocked is the problem that says which step has to be done before the checks of
// another can run; nil if they can.
func (s *Session) Blocked(stepID string) error {
	step, err := s.step(stepID)
	if err != nil {
		return err
	}
	s.mu.Lock()
	blocked := s.blockedBy(step)
	s.mu.Unlock()
	if blocked == "" {
		return nil
	}
	return s.blockedProblem(step, blocked, text.Idle)
}

func (s *Session) blockedProblem(step *lesson.Step, blocked string, class text.Class) error {
	need, err := s.step(blocked)
	if err != nil {
		return err
	}
	return &text.Problem{
		Says: func(p *text.Problems) text.Sentence { return p.StepBlocked }, Class: class,
		Args: text.Args{"step": step.ID, "need": need.ID, "title": need.Title, "lesson": s.lesson.ID},
	}
}

// checkNeeds judges the needed steps that have not been seen to pass, without a
// word: the student asked for another step.
func (s *Session) checkNeeds(ctx context.Context, step *lesson.Step) error {
	release := s.hold(&[]Event{})
	defer release()
	return s.judgeNeeds(ctx, step)
}

func (s *Session) judgeNeeds(ctx context.Context, step *lesson.Step) error {
	for _, id := range step.Needs {
		need, err := s.step(id)
		if err != nil {
			return err
		}
		if s.done(id) {
			continue
		}
		if err := s.judgeNeeds(ctx, need); err != nil {
			return err
		}
		if err := s.judge(ctx, need, progress.Passed); err != nil {
			return err
		}
	}
	return nil
}

func (s *Session) done(step string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status(step).Done()
}

// RunAll carries out the whole lesson: a step whose checks pass is left as it
// is, another is run, but for the steps behind a student who goes on where he
// was (see behind). It stops before the clean-up unless that is asked for, and at
// the first step that does not pass.
func (s *Session) RunAll(ctx context.Context, cleanup bool) error {
	return s.runAll(ctx, cleanup, s.lab.cfg.Headless)
}

// runAll is RunAll; awslab answers the quizzes if answers is set.
func (s *Session) runAll(ctx context.Context, cleanup, answers bool) error {
	behind, err := s.behind(ctx)
	if err != nil {
		return err
	}
	for i, step := range s.lesson.Steps {
		if len(step.Cleanup()) > 0 {
			if cleanup {
				return s.Cleanup(ctx)
			}
			return nil
		}
		if passed, err := s.ensure(ctx, step.ID, answers, i < behind); err != nil || !passed {
			return err
		}
	}
	return nil
}

// behind is how many steps need not be done again, although their checks may fail
// by now: later steps change the world on purpose. It is asked of the cloud, by
// the checks of the last step that is done. Where these do not pass, the world is
// another than the student left, and every step counts.
func (s *Session) behind(ctx context.Context) (int, error) {
	var last *lesson.Step
	count := 0
	for i, step := range s.lesson.Steps {
		if len(step.Cleanup()) > 0 || !s.done(step.ID) {
			break
		}
		if step.Judged() {
			last, count = step, i+1
		}
	}
	if last == nil {
		return 0, nil
	}
	end, err := s.begin("check")
	if err != nil {
		return 0, err
	}
	defer end()
	defer s.hold(&[]Event{})() // it is told when its turn comes
	world := s.world(last)
	world.Once = true
	if err := s.judgeIn(ctx, last, progress.Passed, world); err != nil || !s.passed(last, true) {
		return 0, err
	}
	return count, nil
}

// Ensure checks a step and runs it if it does not pass yet.
func (s *Session) Ensure(ctx context.Context, stepID string) (passed bool, err error) {
	return s.ensure(ctx, stepID, s.lab.cfg.Headless, false)
}

// ensure is Ensure; a step that is behind is not run again.
func (s *Session) ensure(ctx context.Context, stepID string, answers, behind bool) (passed bool, err error) {
	err = s.do(ctx, stepID, "run", func(step *lesson.Step) error {
		if len(step.Checks()) > 0 {
			already, err := s.passesAlready(ctx, step, answers)
			if err != nil || already {
				passed = already
				return err
			}
		}
		if behind {
			passed = true
			s.emit(Notice{Text: s.lab.cfg.Text.Session.Behind})
			return nil
		}
		if answers {
			s.answerAll(step)
		}
		err := s.act(ctx, step, FromAction, step.Actions(), progress.Passed)
		passed = err == nil && s.allPassed(step)
		return err
	})
	return passed, err
}

// do frames one piece of work on a step.
func (s *Session) do(ctx context.Context, stepID, what string, work func(*lesson.Step) error) error {
	step, err := s.step(stepID)
	if err != nil {
		return err
	}
	end, err := s.begin(what)
	if err != nil {
		return err
	}
	defer end()
	began := s.lab.cfg.Now()
	s.emit(StepStarted{Step: step.ID, Title: step.Title})
	if err = work(step); err == nil {
		err = s.settle(ctx)
	}
	s.mu.Lock()
	status := s.status(step.ID)
	s.mu.Unlock()
	s.emit(StepEnded{Step: step.ID, Status: status, Took: s.lab.cfg.Now().Sub(began)})
	return errors.Join(err, ctx.Err())
}

// act runs fences in order, up to the first that fails, and then the checks.
func (s *Session) act(ctx context.Context, step *lesson.Step, origin Origin, fences []lesson.Fence, status progress.Status) error {
	for _, fence := range fences {
		if err := s.command(ctx, step.ID, origin, fence.Text); err != nil {
			return err
		}
	}
	if status == progress.Solved || s.lab.cfg.Headless {
		s.answerAll(step)
	}
	return s.judge(ctx, step, status)
}

// Skip passes a step over.
func (s *Session) Skip(stepID string) error {
	step, err := s.step(stepID)
	if err != nil {
		return err
	}
	return s.remember(step.ID, progress.Skipped)
}

// remember records where the student stands with a step. A pass stays a pass.
func (s *Session) remember(stepID string, status progress.Status) error {
	s.mu.Lock()
	was := s.record.Steps[stepID].Status
	if was == progress.Passed || was == progress.Solved || was == status {
		s.mu.Unlock()
		return nil
	}
	s.record.Set(stepID, status, s.lab.cfg.Now())
	s.mu.Unlock()
	return s.save()
}

// save writes the progress and tells it.
func (s *Session) save() error {
	s.mu.Lock()
	merged, err := s.lab.progress.Save(s.lesson.ID, s.record)
	if err == nil {
		s.record = merged
	}
	s.mu.Unlock()
	if err != nil {
		return err
	}
	s.emit(ProgressSaved{})
	return nil
}

// stepBegan is when the step became the current one: when the step before it
// was done, or when the lesson was first opened.
func (s *Session) stepBegan(stepID string) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	began := s.record.Started
	for _, step := range s.lesson.Steps {
		if step.ID == stepID {
			break
		}
		if at := s.record.Steps[step.ID].When; at.After(began) {
			began = at
		}
	}
	return began
}
