package selftest

import (
	"context"
	"strings"
	"sync"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/target"
)

// prover works on one world.
type prover struct {
	cfg     Config
	world   *World
	session *runner.Session
	cancel  func()
	before  map[target.Resource]bool // what was there before the lesson

	mu     sync.Mutex
	output strings.Builder // of the last command
}

// maxOutput is how much of a command's output a problem quotes, in bytes.
const maxOutput = 2000

func newProver(cfg Config, world *World) (*prover, error) {
	session, err := world.Lab.Lesson(cfg.Lesson.ID)
	if err != nil {
		return nil, err
	}
	p := &prover{cfg: cfg, world: world, session: session, before: map[target.Resource]bool{}}
	p.cancel = session.Subscribe(p.hear)
	return p, nil
}

func (p *prover) hear(e runner.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := e.(type) {
	case runner.CommandStarted:
		p.output.Reset()
	case runner.Output:
		if room := maxOutput - p.output.Len(); room > 0 {
			p.output.WriteString(e.Text[:min(len(e.Text), room)])
		}
	}
}

func (p *prover) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.TrimSpace(strings.ToValidUTF8(p.output.String(), ""))
}

// prepare notes what is there and does the lessons on which this one builds.
func (p *prover) prepare(ctx context.Context) error {
	all, err := target.Inventory(ctx, p.world.AWS)
	if err != nil {
		return err
	}
	for _, r := range all {
		p.before[r] = true
	}
	return p.world.Lab.Prepare(ctx, p.session.Lesson(), func(runner.Event) {})
}

// do does a step as awslab does: its solution, its clean-up or its actions.
func (p *prover) do(ctx context.Context, step *lesson.Step) error {
	switch {
	case len(step.Solutions()) > 0:
		return p.session.Solve(ctx, step.ID)
	case len(step.Cleanup()) > 0:
		return p.session.Cleanup(ctx)
	default:
		return p.session.Run(ctx, step.ID)
	}
}

// failure is a problem with a command.
func (p *prover) failure(code, subject string, err error) Problem {
	return Problem{Finding: check.Finding{Code: code, Subject: subject, Found: p.said()}, Err: err}
}

// notPassed are the results that are not Passed.
func notPassed(results []check.Result) []check.Result {
	var list []check.Result
	for _, r := range results {
		if r.Status != check.Passed {
			list = append(list, r)
		}
	}
	return list
}

// unless gives a phase that passed unless there are problems; one in which a
// check was undecided is undecided.
func unless(kind PhaseKind, problems []Problem) Phase {
	phase := Phase{Kind: kind, Status: check.Passed, Problems: problems}
	for _, problem := range problems {
		if problem.Finding.Code == undecided && phase.Status == check.Passed {
			phase.Status = check.Undecided
		} else if problem.Finding.Code != undecided {
			phase.Status = check.Failed
		}
	}
	return phase
}

func missed(kind PhaseKind) Phase { return Phase{Kind: kind, Status: check.NotRun} }

// wanted turns results that are not Passed into problems.
func wanted(code string, results []check.Result) []Problem {
	var problems []Problem
	for _, r := range notPassed(results) {
		c := code
		if r.Status == check.Undecided {
			c = undecided
		}
		problems = append(problems, Problem{Finding: check.Finding{Code: c, Subject: r.ID}, Seen: []check.Result{r}})
	}
	return problems
}
