// Package selftest proves the checks of a lesson, as `awslab lesson test` does:
// each check fails before its step and passes after it, doing a step again does
// no harm, every mutant of selftest.yaml fails exactly its check with its
// finding, every alternative passes, the clean-up leaves nothing behind, and
// every translation has the same steps.
//
// Start at [Run], which gives a [Report]. steps.go walks through the lesson,
// cases.go tries the mutants and alternatives, report.go and table.go say what
// was seen. Each case has a [World] of its own, from a factory that cmd
// injects; the package imports runner, and knows no emulator.
package selftest

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
)

// Config says what to prove, and where.
type Config struct {
	Lesson *lesson.Lesson
	// Lessons is the folder of its course, for the commands that a report shows.
	Lessons string
	// Issues are what reading the lesson found; what is wrong with a translation
	// counts.
	Issues []lesson.Issue
	// Open makes a fresh world. It is called once for each case, from several
	// goroutines. The lab is headless, so that awslab answers the quizzes.
	Open func(ctx context.Context) (*World, error)
	// Jobs is how many cases run at once; 0 is one for each processor.
	Jobs int
	// Only names one mutant, alternative or step; empty is all.
	Only string
	// Keep leaves the world of the one case in Only up.
	Keep bool
	Now  func() time.Time
	// Tell is told how far the work is; nil is nobody. It is called from one
	// goroutine at a time.
	Tell func(done, total int)
}

// World is an empty place with a lab open on it.
type World struct {
	Lab *runner.Lab
	AWS aws.Config
	Dir string // the home
	// Close ends it, and deletes what it kept on disk unless that is to be kept.
	Close func(keep bool) error
}

// Kind says what a case proves.
type Kind int

// The kinds of case, in the order of a report.
const (
	StepCase Kind = iota
	CleanupCase
	MutantCase
	AlternativeCase
	TranslationCase
)

// Case is one thing that was proved, or was not.
type Case struct {
	Kind Kind
	Name string // the step's id, the name in selftest.yaml, or the language
	// Phases are what was looked at, in order: of a step red, green and again,
	// of the others one.
	Phases []Phase
	// Fails and Code are what a mutant has to bring about.
	Fails, Code string
	Took        time.Duration
	// Kept is the home of a world that was left up.
	Kept string
}

// Passed reports whether every phase did.
func (c Case) Passed() bool {
	return !slices.ContainsFunc(c.Phases, func(p Phase) bool { return p.Status != check.Passed })
}

// PhaseKind says what a phase looks at.
type PhaseKind int

// The kinds of phase.
const (
	Red   PhaseKind = iota // the checks fail before the step
	Green                  // and pass after it
	Again                  // also when it was done twice
	Whole                  // the only phase of a case
)

// Phase is one look at a case.
type Phase struct {
	Kind     PhaseKind
	Status   check.Status
	Problems []Problem // why it did not pass
}

// Problem is one thing that is wrong with a lesson.
type Problem struct {
	// Finding has a code selftest.*; runner/text has its sentences.
	Finding check.Finding
	// Seen is what the checks said, where that is the point.
	Seen []check.Result
	// Issue is what is wrong with a translation.
	Issue *lesson.Issue
	// Err is why something could not be carried out.
	Err error
}

// Report is what was seen of a lesson.
type Report struct {
	Lesson  *lesson.Lesson
	Lessons string // the folder that the lesson was read from
	Cases   []Case
	Took    time.Duration
}

// Passed reports whether all cases did; a report without cases has not.
func (r *Report) Passed() bool {
	return len(r.Cases) > 0 && !slices.ContainsFunc(r.Cases, func(c Case) bool { return !c.Passed() })
}

// job is work on one world, which gives one or more cases.
type job struct {
	name string
	run  func(ctx context.Context, p *prover) ([]Case, error)
}

// Run proves a lesson. The error is what kept it from being tried at all: no
// world, or the end of the context.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	began := cfg.Now()
	jobs := cfg.jobs()
	found := make([][]Case, len(jobs))
	errs := make([]error, len(jobs))
	places := make(chan struct{}, cfg.places())
	var wg sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for i, job := range jobs {
		wg.Go(func() {
			select {
			case places <- struct{}{}:
			case <-ctx.Done():
				errs[i] = context.Cause(ctx)
				return
			}
			found[i], errs[i] = cfg.try(ctx, job)
			<-places
			mu.Lock()
			defer mu.Unlock()
			if done++; cfg.Tell != nil {
				cfg.Tell(done, len(jobs))
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	cases := slices.Concat(found...)
	if cfg.Only == "" {
		cases = append(cases, cfg.translations()...)
	}
	return &Report{Lesson: cfg.Lesson, Lessons: cfg.Lessons, Cases: cases, Took: cfg.Now().Sub(began)}, nil
}

func (c Config) places() int {
	if c.Jobs > 0 {
		return c.Jobs
	}
	return runtime.GOMAXPROCS(0)
}

// jobs are what is to be tried. The steps come first: they take longest.
func (c Config) jobs() []job {
	all := []job{{"", walkThrough}}
	if c.Lesson.Selftest != nil {
		for _, m := range c.Lesson.Selftest.Mutants {
			all = append(all, job{m.Name, mutant(m)})
		}
		for _, a := range c.Lesson.Selftest.Alternatives {
			all = append(all, job{a.Name, alternative(a)})
		}
	}
	if c.Only == "" {
		return all
	}
	for _, step := range c.Lesson.Steps {
		if step.ID == c.Only {
			return []job{{step.ID, walkTo(step.ID)}}
		}
	}
	return slices.DeleteFunc(all, func(j job) bool { return j.name != c.Only })
}

// Names are what [Config.Only] may name.
func Names(les *lesson.Lesson) []string {
	var names []string
	for _, step := range les.Steps {
		names = append(names, step.ID)
	}
	for _, j := range (Config{Lesson: les}).jobs()[1:] {
		names = append(names, j.name)
	}
	return names
}

// try gives one job a world.
func (c Config) try(ctx context.Context, j job) (cases []Case, err error) {
	world, err := c.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() {
		if closed := world.Close(c.Keep); err == nil {
			err = closed
		}
		for i := range cases {
			if c.Keep {
				cases[i].Kept = world.Dir
			}
		}
	}()
	p, err := newProver(c, world)
	if err != nil {
		return nil, err
	}
	defer p.cancel()
	cases, err = j.run(ctx, p)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return cases, err
}

// translations are judged by what reading them found.
func (c Config) translations() []Case {
	var cases []Case
	for _, language := range c.Lesson.Languages() {
		in := c.Lesson.In(language)
		if in == c.Lesson {
			continue
		}
		phase := Phase{Kind: Whole, Status: check.Passed}
		for _, issue := range c.Issues {
			if strings.HasSuffix(issue.Pos.File, in.Path) {
				phase.Status = check.Failed
				phase.Problems = append(phase.Problems, Problem{
					Finding: check.Finding{Code: translationDiffers, Subject: issue.Pos.String()}, Issue: &issue,
				})
			}
		}
		cases = append(cases, Case{Kind: TranslationCase, Name: language, Phases: []Phase{phase}})
	}
	return cases
}

// The codes of problems; runner/text has the sentences.
const (
	greenBefore        = "selftest.green-before"
	actionFailed       = "selftest.action-failed"
	notGreen           = "selftest.not-green"
	againFailed        = "selftest.again-failed"
	againNotGreen      = "selftest.again-not-green"
	notReached         = "selftest.not-reached"
	leftBehind         = "selftest.left"
	mutantFailed       = "selftest.mutant-failed"
	mutantSurvived     = "selftest.mutant-survived"
	mutantOthers       = "selftest.mutant-others"
	mutantCode         = "selftest.mutant-code"
	alternativeFailed  = "selftest.alternative-failed"
	rejected           = "selftest.rejected"
	undecided          = "selftest.undecided"
	translationDiffers = "selftest.translation"
)

// Codes are all codes of problems.
func Codes() []string {
	return []string{
		greenBefore, actionFailed, notGreen, againFailed, againNotGreen, notReached, leftBehind, mutantFailed, mutantSurvived,
		mutantOthers, mutantCode, alternativeFailed, rejected, undecided, translationDiffers,
	}
}
