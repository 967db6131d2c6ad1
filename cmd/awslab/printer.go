package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/report"
	"awslab/runner/text"
)

// printer reads a session's events without the terminal program: it tells them
// as they come (text), or collects the verdicts for the end (json, junit).
type printer struct {
	app  *app
	lab  *lab
	stop func()

	current  *runner.Session
	sections []report.Lesson
	ran      int   // steps
	blocked  error // why the checks that were asked for were not run
	live     int   // the width of a line that the next one takes the place of
}

func (a *app) printer(l *lab) *printer { return &printer{app: a, lab: l, stop: func() {}} }

// lesson begins to follow a session.
func (p *printer) lesson(s *runner.Session) {
	p.current = s
	p.sections = append(p.sections, report.Lesson{ID: s.Lesson().ID, Title: s.Lesson().Title})
	if p.app.flags.format == "text" {
		fmt.Fprintf(p.app.stdout, "%s\n%s\n", s.Lesson().Title, p.app.where(p.lab))
	}
	p.stop = s.Subscribe(p.event)
}

// end stops following it.
func (p *printer) end() { p.stop() }

func (p *printer) event(e runner.Event) {
	p.collect(e)
	if p.app.flags.format != "text" {
		return
	}
	out := p.app.stdout
	p.clear()
	switch e := e.(type) {
	case runner.CheckProgress:
		p.progress(e.Progress)
	case runner.StepStarted:
		fmt.Fprintf(out, "\n%s  (%s)\n", e.Title, e.Step)
	case runner.CommandStarted:
		for i, line := range strings.Split(strings.TrimRight(e.Text, "\n"), "\n") {
			mark := "  $ "
			if i > 0 {
				mark = "    "
			}
			fmt.Fprintln(out, mark+line)
		}
	case runner.Output:
		for _, line := range strings.Split(strings.TrimSuffix(e.Text, "\n"), "\n") {
			fmt.Fprintln(out, "    "+line)
		}
	case runner.CommandEnded:
		if e.Err != nil {
			fmt.Fprintln(out, "    "+p.app.say(e.Err))
		}
	case runner.CheckEnded:
		fmt.Fprint(out, report.CheckText(p.app.text, e.Result, report.Options{ASCII: p.app.flags.plain}))
	case runner.Notice:
		fmt.Fprintln(out, strings.TrimRight("  "+e.Text+" "+e.Hint, " "))
	}
}

// progress tells how far a sample is, on a terminal, in a line that the next one
// takes the place of. What came of it stands in the verdict.
func (p *printer) progress(s check.Progress) {
	if !p.app.terminal || p.app.flags.plain {
		return
	}
	line := ansi.Truncate("    "+p.app.text.Progress(s), min(p.app.width(), 79), "")
	p.live = ansi.StringWidth(line)
	fmt.Fprint(p.app.stdout, line)
}

// clear takes such a line away. It does so without a control sequence, none of
// which passes the screen.
func (p *printer) clear() {
	if p.live > 0 {
		fmt.Fprint(p.app.stdout, "\r"+strings.Repeat(" ", p.live)+"\r")
		p.live = 0
	}
}

func (p *printer) collect(e runner.Event) {
	if len(p.sections) == 0 {
		return
	}
	section := &p.sections[len(p.sections)-1]
	switch e := e.(type) {
	case runner.StepStarted:
		p.ran++
		section.Steps = append(section.Steps, report.Step{ID: e.Step, Title: e.Title})
	case runner.CheckEnded:
		if n := len(section.Steps); n > 0 {
			section.Steps[n-1].Checks = append(section.Steps[n-1].Checks, e.Result)
		}
	case runner.StepEnded:
		if n := len(section.Steps); n > 0 {
			section.Steps[n-1].Status, section.Steps[n-1].Took = e.Status.String(), e.Took
			section.Steps[n-1].Checks = append(section.Steps[n-1].Checks, p.notRun(e.Step, section.Steps[n-1].Checks)...)
		}
	}
}

// notRun are the checks of a step that were not reached.
func (p *printer) notRun(step string, reached []check.Result) []check.Result {
	if p.current == nil || len(reached) > 0 {
		return nil
	}
	for _, one := range p.current.State().Steps {
		if one.ID == step && one.Blocked != "" {
			return one.Checks
		}
	}
	return nil
}

// finish prints what was collected and gives the error that makes the exit
// code: a failed action, a failed check before an undecided one, or nothing run.
func (p *printer) finish(err error) error {
	p.stop()
	if p.app.flags.format != "text" {
		if written := report.Write(p.app.stdout, p.app.flags.format, p.app.text, p.sections); written != nil {
			return written
		}
	}
	var failed *runner.CommandFailed
	if errors.As(err, &failed) {
		var problem *text.Problem
		if errors.As(failed.Err, &problem) {
			return err
		}
		return &text.Problem{
			Says: func(t *text.Problems) text.Sentence { return t.ActionFailed }, Class: text.Unmet,
			Args: text.Args{"lesson": p.current.Lesson().ID, "step": failed.Step, "cause": p.app.say(failed)},
		}
	}
	if err != nil {
		return err
	}
	if p.blocked != nil {
		return p.blocked
	}
	return p.verdict()
}

func (p *printer) verdict() error {
	var undecided error
	for _, section := range p.sections {
		for _, step := range section.Steps {
			args := text.Args{"lesson": section.ID, "step": step.ID}
			for _, result := range step.Checks {
				switch result.Status {
				case check.Failed:
					return &text.Problem{Says: func(t *text.Problems) text.Sentence { return t.StepNotPassed }, Args: args, Class: text.Unmet}
				case check.Undecided:
					if undecided == nil {
						undecided = &text.Problem{Says: func(t *text.Problems) text.Sentence { return t.Undecided }, Args: args}
					}
				case check.Passed, check.NotRun:
				}
			}
		}
	}
	if undecided != nil {
		return undecided
	}
	if p.ran == 0 && p.current != nil {
		return &text.Problem{Says: func(t *text.Problems) text.Sentence { return t.NothingRun }, Args: text.Args{"lesson": p.current.Lesson().ID}, Class: text.Idle}
	}
	return nil
}

// say puts an error into one line, in the student's language where there is a
// sentence for it.
func (a *app) say(err error) string {
	return runner.Why(a.text, err)
}
