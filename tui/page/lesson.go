package page

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/text"
	"awslab/tui/keys"
	"awslab/tui/markdown"
	"awslab/tui/pane"
	"awslab/tui/theme"
)

// Lesson is the page of one lesson: its steps, the document, the checklist and
// the console.
type Lesson struct {
	ctx     context.Context
	session Session
	texts   *text.Text
	keys    keys.Map
	theme   theme.Theme
	now     func() time.Time
	still   bool // no spinner: tests step by hand
	next    *runner.LessonState
	prepare func(context.Context) error
	builtOn string
	display func(context.Context) (Shown, error)

	state   runner.State
	shown   int // index of the shown step; -1 is the opening
	console pane.Console
	// unfolded shows the console's output; moving to another step folds it away.
	unfolded bool
	doc      markdown.Document
	docStep  int // the step that doc is of
	quiz     quizFocus
	drawn    docKey // what doc was asked for
	reveal   bool   // scroll to what the next drawing adds
	scroll   int
	shift    int
	hints    map[int]int
	// solutions are the steps whose solution the student asked to see.
	solutions map[int]bool
	folds     bool
	reload    int
	help      bool
	ask       *question
	traces    *traces   // nil while the view is closed
	evidence  *evidence // likewise
	// sampling is how far a check is that samples traffic; zero while none does.
	sampling runner.CheckProgress
	note     string // one line above the keys
	tone     tone   // of the note

	cancel context.CancelFunc // of the work under way
	what   string
	says   string
	works  int
	began  time.Time
	frame  int

	changes int // counts changes, for the pause after the last one

	width, height int
}

// question is a dialog and what happens on yes.
type question struct {
	ask string
	yes func() tea.Cmd
}

// Config makes a lesson page.
type Config struct {
	Context  context.Context
	Session  Session
	Texts    *text.Text
	Keys     keys.Map
	Theme    theme.Theme
	Now      func() time.Time
	Complete func(string) bool
	// Next is the lesson that comes behind this one; nil behind the last.
	Next *runner.LessonState
	// Prepare does the lessons on which this one builds.
	Prepare func(context.Context) error
	// Show serves the playground's page and opens the student's browser where it can;
	// nil where there is no such page.
	Show func(context.Context) (Shown, error)
	// BuiltOn is the title of a lesson that builds on this one; empty if none does.
	BuiltOn string
	Still   bool // without a spinner
}

// NewLesson makes the page. A lesson that was begun opens at its current step.
func NewLesson(c Config) *Lesson {
	l := &Lesson{
		ctx: c.Context, session: c.Session, texts: c.Texts, keys: c.Keys, theme: c.Theme, now: c.Now, still: c.Still, next: c.Next, prepare: c.Prepare, builtOn: c.BuiltOn, display: c.Show,
		console: pane.NewConsole(c.Theme, c.Complete), hints: map[int]int{}, solutions: map[int]bool{}, state: c.Session.State(),
	}
	l.shown = min(l.state.Current, len(l.state.Steps)-1)
	if l.state.Current == 0 {
		l.shown = -1
	}
	return l
}

// SetSize gives the page its room; SetTheme its looks. Both may ask for a
// document to be drawn.
func (l *Lesson) SetSize(width, height int) tea.Cmd {
	l.width, l.height = width, height
	return l.draw()
}

// SetTheme changes the looks.
func (l *Lesson) SetTheme(t theme.Theme) tea.Cmd {
	l.theme = t
	l.console.Style(t)
	return l.draw()
}

// Focused reports whether keys go to the prompt.
func (l *Lesson) Focused() bool { return l.console.Focused() }

// Busy reports whether work is under way.
func (l *Lesson) Busy() bool { return l.cancel != nil }

// Bindings are the keys of the page.
func (l *Lesson) Bindings() []key.Binding { return l.keys.Lesson() }

// Update acts on everything but keys.
func (l *Lesson) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case Event:
		if msg.Lesson == l.session.Lesson().ID {
			return l.event(msg.Event)
		}
	case Unprepared:
		if msg.Lesson == l.session.Lesson().ID && l.cancel == nil && l.ask == nil {
			l.ask = &question{text.Args{"title": msg.Title}.Fill(l.texts.TUI.AskPrepare), func() tea.Cmd {
				return l.begin("prepare", l.texts.TUI.Preparing, l.prepare)
			}}
		}
	case Shown:
		if msg.page == l {
			l.displayed(msg)
		}
	case done:
		if msg.page == l {
			return l.ended(msg)
		}
	case rendered:
		if msg.key == l.drawn {
			if l.reveal {
				l.scroll = max(firstDifference(l.doc.Lines, msg.doc.Lines)-1, 0)
			}
			l.doc, l.docStep, l.reveal = msg.doc, msg.key.step, false
			l.seek()
		}
	case tick:
		if l.cancel != nil && msg.work == l.works {
			l.frame++
			return l.spin()
		}
	case settle:
		if msg.change == l.changes {
			return l.checkAlone()
		}
	case tea.MouseWheelMsg:
		step := 3
		if msg.Button == tea.MouseWheelUp {
			step = -3
		}
		l.move(step)
	case tea.PasteMsg:
		if l.console.Focused() {
			return l.console.Update(msg)
		}
	default:
		if l.console.Focused() {
			return l.console.Update(msg)
		}
	}
	return nil
}

// firstDifference is where two documents part: where a hint was put in.
func firstDifference(a, b []string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return i
		}
	}
	return min(len(a), len(b))
}

// event shows what happened in the session.
func (l *Lesson) event(e runner.Event) tea.Cmd {
	t := l.theme
	switch e := e.(type) {
	case runner.CommandStarted:
		for i, line := range strings.Split(strings.TrimRight(e.Text, "\n"), "\n") {
			mark := "$ "
			if i > 0 {
				mark = "  "
			}
			l.line(mark+line, t.Code)
		}
	case runner.Output:
		style := t.Text
		if e.Stderr {
			style = t.Unsure.Bold(false)
		}
		l.unfolded = true
		l.console.Print(e.Text, style)
	case runner.CommandEnded:
		switch {
		case errors.Is(e.Err, context.Canceled):
			l.line(l.texts.TUI.Cancelled, t.Muted)
		case e.Err != nil:
			l.line(l.problem(e.Err), t.Bad.Bold(false))
		case e.Code != 0:
			l.line(text.Args{"code": fmt.Sprint(e.Code)}.Fill(l.texts.TUI.ExitCode), t.Bad.Bold(false))
		}
	case runner.Notice:
		l.line(strings.TrimSpace(e.Text+" "+e.Hint), t.Muted)
	case runner.CheckProgress:
		l.sampling = e
	case runner.CheckEnded, runner.StepEnded, runner.ProgressSaved:
		l.sampling = runner.CheckProgress{}
		l.state = l.session.State()
		return l.draw()
	case runner.RequestTraced:
		l.traced()
	case runner.Changed:
		l.changes++
		if l.cancel == nil {
			return l.pause()
		}
	}
	return nil
}

// line prints a line of its own and unfolds the console, so that it is seen.
func (l *Lesson) line(s string, style lipgloss.Style) {
	l.unfolded = true
	l.console.Line(s, style)
}

// pause waits for the last of several changes before the step is judged.
func (l *Lesson) pause() tea.Cmd {
	change := l.changes
	if l.still {
		return func() tea.Msg { return settle{change} }
	}
	return tea.Tick(400*time.Millisecond, func(time.Time) tea.Msg { return settle{change} })
}

// checkAlone judges the shown step after a change, if it is still open.
func (l *Lesson) checkAlone() tea.Cmd {
	if l.cancel != nil || l.shown != l.state.Current || l.shown < 0 || l.shown >= len(l.state.Steps) {
		return nil
	}
	return l.check(l.state.Steps[l.shown].ID)
}

func (l *Lesson) check(step string) tea.Cmd {
	return l.begin("check", l.texts.TUI.Checking, func(ctx context.Context) error { return l.session.Check(ctx, step) })
}

// ended shows how work ended.
func (l *Lesson) ended(d done) tea.Cmd {
	was := l.state
	l.cancel, l.says, l.sampling = nil, "", runner.CheckProgress{}
	l.state = l.session.State()
	if d.what == "reset" {
		l.shown, l.scroll, l.reload, l.unfolded = -1, 0, l.reload+1, false
		l.hints, l.solutions, l.folds = map[int]int{}, map[int]bool{}, false
		if d.err == nil {
			l.tell(l.texts.TUI.ResetDone, good)
		}
	}
	if d.what == "prepare" && d.err == nil {
		l.tell(l.texts.TUI.Prepared, good)
	}
	var problem *text.Problem
	var failed *runner.CommandFailed
	switch {
	case errors.Is(d.err, context.Canceled):
		l.tell(l.texts.TUI.Cancelled, warn)
	case errors.As(d.err, &failed): // the console has said it
	case errors.As(d.err, &problem):
		what, hint := l.texts.Problem(problem)
		l.tell(what, warn)
		l.line(what, l.theme.Bad.Bold(false))
		l.line(hint, l.theme.Muted)
	case d.err != nil:
		l.line(l.problem(d.err), l.theme.Bad.Bold(false))
	}
	if i := l.shown; i >= 0 && i < len(l.state.Steps) && l.state.Steps[i].Status.Done() && i < len(was.Steps) {
		if d.err == nil && (d.what == "run" || d.what == "check" || d.what == "solve" || d.what == "cleanup" || d.what == "skip" || d.what == "answer") {
			l.tellDone(l.state.Steps[i])
		}
	}
	if d.err == nil && d.what != "answer" && l.onlyQuizzesLeft() {
		l.tell(l.texts.TUI.QuizLeft, plain)
	}
	if d.what == "command" && l.shown >= 0 && l.shown < len(l.state.Steps) && !l.state.Steps[l.shown].Status.Done() {
		return tea.Batch(l.draw(), l.pause()) // what was typed may have done the step
	}
	return l.draw()
}

// tellDone says that the shown step is done, and how.
func (l *Lesson) tellDone(step runner.StepState) {
	fails := func(r check.Result) bool { return r.Status == check.Failed || r.Status == check.Undecided }
	says, tone := l.texts.TUI.StepPassed, good
	switch {
	case step.Status != runner.Skipped && slices.ContainsFunc(step.Checks, fails): // a pass stays a pass
		says, tone = l.texts.TUI.StepPassedOnce, warn
	case l.state.Current == len(l.state.Steps):
		says = l.texts.TUI.LessonDone
	case step.Status == runner.Skipped:
		says, tone = l.texts.TUI.StepSkipped, plain
	case step.Status == runner.Solved:
		says = l.texts.TUI.StepSolved
	}
	l.tell(says, tone)
}

// tone is what kind of news a note is.
type tone int

const (
	plain tone = iota
	good
	warn
)

func (l *Lesson) tell(s string, as tone) { l.note, l.tone = s, as }

func (l *Lesson) problem(err error) string {
	var problem *text.Problem
	if errors.As(err, &problem) {
		what, hint := l.texts.Problem(problem)
		return what + ". " + hint
	}
	return runner.Why(l.texts, err)
}

// Reload takes another session, of the same lesson as it was written in the
// meantime. Step, scroll, hints and console stay where they are.
func (l *Lesson) Reload(s Session) tea.Cmd {
	id := ""
	if step := l.step(); step != nil {
		id = step.ID
	}
	l.session, l.state = s, s.State()
	l.shown = min(l.shown, len(l.state.Steps)-1)
	for i, step := range l.state.Steps {
		if step.ID == id {
			l.shown = i
		}
	}
	l.quiz, l.ask = quizFocus{}, nil
	l.reload++
	return l.draw()
}

// Title is the lesson's.
func (l *Lesson) Title() string { return l.session.Lesson().Title }
