package page

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/runner"
	"awslab/runner/lesson"
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

	state   runner.State
	shown   int // index of the shown step; -1 is the opening
	console pane.Console
	doc     []string
	drawn   docKey // what doc was asked for
	scroll  int
	shift   int
	hints   map[int]int
	folds   bool
	reload  int
	help    bool
	ask     *question
	note    string // one line above the keys
	good    bool   // the note is good news

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
	Still    bool // without a spinner
}

// NewLesson makes the page. A lesson that was begun opens at its current step.
func NewLesson(c Config) *Lesson {
	l := &Lesson{
		ctx: c.Context, session: c.Session, texts: c.Texts, keys: c.Keys, theme: c.Theme, now: c.Now, still: c.Still,
		console: pane.NewConsole(c.Theme, c.Complete), hints: map[int]int{}, state: c.Session.State(),
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
		return l.event(msg.Event)
	case done:
		return l.ended(msg)
	case rendered:
		if msg.key == l.drawn {
			l.doc = msg.lines
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
			l.console.Line(mark+line, t.Code)
		}
	case runner.Output:
		style := t.Text
		if e.Stderr {
			style = t.Unsure.Bold(false)
		}
		l.console.Print(e.Text, style)
	case runner.CommandEnded:
		switch {
		case errors.Is(e.Err, context.Canceled):
			l.console.Line(l.texts.TUI.Cancelled, t.Muted)
		case e.Err != nil:
			l.console.Line(l.problem(e.Err), t.Bad.Bold(false))
		case e.Code != 0:
			l.console.Line(text.Args{"code": fmt.Sprint(e.Code)}.Fill(l.texts.TUI.ExitCode), t.Bad.Bold(false))
		}
	case runner.Notice:
		l.console.Line(strings.TrimSpace(e.Text+" "+e.Hint), t.Muted)
	case runner.CheckEnded, runner.StepEnded, runner.ProgressSaved:
		l.state = l.session.State()
		return l.draw()
	case runner.Changed:
		l.changes++
		if l.still || l.cancel != nil {
			return nil
		}
		change := l.changes
		return tea.Tick(400*time.Millisecond, func(time.Time) tea.Msg { return settle{change} })
	}
	return nil
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
	l.cancel, l.says = nil, ""
	l.state = l.session.State()
	if d.what == "reset" {
		l.shown, l.scroll, l.reload = -1, 0, l.reload+1
	}
	var problem *text.Problem
	var failed *runner.CommandFailed
	switch {
	case errors.Is(d.err, context.Canceled):
		l.tell(l.texts.TUI.Cancelled, false)
	case errors.As(d.err, &failed): // the console has said it
	case errors.As(d.err, &problem):
		what, hint := l.texts.Problem(problem)
		l.tell(what, false)
		l.console.Line(what, l.theme.Bad.Bold(false))
		l.console.Line(hint, l.theme.Muted)
	case d.err != nil:
		l.console.Line(l.problem(d.err), l.theme.Bad.Bold(false))
	}
	if i := l.shown; i >= 0 && i < len(l.state.Steps) && l.state.Steps[i].Status.Done() && i < len(was.Steps) {
		if d.err == nil && (d.what == "run" || d.what == "check" || d.what == "solve" || d.what == "cleanup" || d.what == "skip") {
			l.tell(l.texts.TUI.StepPassed, true)
			if l.state.Current == len(l.state.Steps) {
				l.tell(l.texts.TUI.LessonDone, true)
			}
		}
	}
	return l.draw()
}

func (l *Lesson) tell(s string, good bool) { l.note, l.good = s, good }

func (l *Lesson) problem(err error) string {
	var problem *text.Problem
	if errors.As(err, &problem) {
		what, hint := l.texts.Problem(problem)
		return what + ". " + hint
	}
	return err.Error()
}

// Key acts on a key.
func (l *Lesson) Key(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case l.ask != nil:
		return l.answer(k)
	case key.Matches(k, l.keys.Cancel):
		return l.interrupt()
	case l.help:
		if key.Matches(k, l.keys.Help) || key.Matches(k, l.keys.Back) {
			l.help = false
		}
		return nil
	case l.console.Focused():
		return l.typed(k)
	}
	if cmd, ok := l.act(k); ok {
		return cmd
	}
	l.read(k)
	return l.draw()
}

// answer closes a dialog.
func (l *Lesson) answer(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "y", "Y", "enter":
		yes := l.ask.yes
		l.ask = nil
		return yes()
	case "n", "N", "esc", "ctrl+c":
		l.ask = nil
	}
	return nil
}

// interrupt cancels what is running, drops what is typed, or leaves.
func (l *Lesson) interrupt() tea.Cmd {
	switch {
	case l.cancel != nil:
		l.cancel()
		return nil
	case l.console.Focused() && l.console.Drop():
		return nil
	}
	return tea.Quit
}

// typed is a key for the prompt.
func (l *Lesson) typed(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc", "tab":
		l.console.Blur()
	case "enter":
		if l.cancel != nil {
			return nil
		}
		if command := l.console.Enter(); command != "" {
			return l.begin("command", l.texts.TUI.CommandRunning, func(ctx context.Context) error { return l.session.Command(ctx, command) })
		}
	case "up":
		l.console.Recall(-1)
	case "down":
		l.console.Recall(1)
	case "pgup":
		l.console.Scroll(-5, l.consoleHeight()-1)
	case "pgdown":
		l.console.Scroll(5, l.consoleHeight()-1)
	default:
		return l.console.Update(k)
	}
	return nil
}

// act is a key that does something to the lesson.
func (l *Lesson) act(k tea.KeyPressMsg) (tea.Cmd, bool) {
	step := l.step()
	switch {
	case key.Matches(k, l.keys.Back):
		if l.cancel != nil {
			l.ask = &question{l.texts.TUI.AskQuit, func() tea.Cmd {
				l.cancel()
				return func() tea.Msg { return Leave{} }
			}}
			return nil, true
		}
		return func() tea.Msg { return Leave{} }, true
	case key.Matches(k, l.keys.Prompt):
		return l.console.Focus(), true
	case key.Matches(k, l.keys.Help):
		l.help = true
	case key.Matches(k, l.keys.Cleanup):
		l.ask = &question{l.texts.TUI.AskCleanup, func() tea.Cmd {
			return l.begin("cleanup", l.texts.TUI.CleaningUp, l.session.Cleanup)
		}}
	case key.Matches(k, l.keys.Reset):
		l.ask = &question{l.texts.TUI.AskReset, func() tea.Cmd {
			return l.begin("reset", l.texts.TUI.Resetting, l.session.Reset)
		}}
	case step == nil:
		return nil, false
	case key.Matches(k, l.keys.Run):
		return l.run(step), true
	case key.Matches(k, l.keys.Check):
		return l.check(step.ID), true
	case key.Matches(k, l.keys.Copy):
		return l.copyCommands(step), true
	case key.Matches(k, l.keys.Solve):
		l.askAbout(l.texts.TUI.AskSolve, step, func() tea.Cmd {
			return l.begin("solve", l.texts.TUI.Solving, func(ctx context.Context) error { return l.session.Solve(ctx, step.ID) })
		})
	case key.Matches(k, l.keys.Skip):
		l.askAbout(l.texts.TUI.AskSkip, step, func() tea.Cmd {
			return l.begin("skip", l.texts.TUI.Checking, func(context.Context) error { return l.session.Skip(step.ID) })
		})
	default:
		return nil, false
	}
	return nil, true
}

func (l *Lesson) askAbout(ask string, step *lesson.Step, yes func() tea.Cmd) {
	l.ask = &question{text.Args{"title": step.Title}.Fill(ask), yes}
}

// run does the step's commands; a clean-up step cleans up.
func (l *Lesson) run(step *lesson.Step) tea.Cmd {
	if len(step.Cleanup()) > 0 && len(step.Actions()) == 0 {
		return l.begin("cleanup", l.texts.TUI.CleaningUp, l.session.Cleanup)
	}
	return l.begin("run", l.texts.TUI.Running, func(ctx context.Context) error { return l.session.Run(ctx, step.ID) })
}

func (l *Lesson) copyCommands(step *lesson.Step) tea.Cmd {
	var parts []string
	for _, fence := range append(step.Actions(), step.Cleanup()...) {
		parts = append(parts, strings.TrimRight(fence.Text, "\n"))
	}
	if len(parts) == 0 {
		l.tell(l.texts.TUI.NothingToCopy, false)
		return nil
	}
	l.tell(l.texts.TUI.Copied, true)
	return tea.SetClipboard(strings.Join(parts, "\n") + "\n")
}

// step is the shown step; nil at the opening.
func (l *Lesson) step() *lesson.Step {
	if l.shown < 0 || l.shown >= len(l.session.Lesson().Steps) {
		return nil
	}
	return l.session.Lesson().Steps[l.shown]
}

// read is a key that only moves the reader.
func (l *Lesson) read(k tea.KeyPressMsg) {
	page := max(l.visible()-2, 1)
	switch {
	case key.Matches(k, l.keys.GoOn):
		if i := l.shown; i < 0 || (i < len(l.state.Steps) && l.state.Steps[i].Status.Done()) {
			l.show(l.shown + 1)
		}
	case key.Matches(k, l.keys.Next):
		l.show(l.shown + 1)
	case key.Matches(k, l.keys.Previous):
		l.show(l.shown - 1)
	case key.Matches(k, l.keys.Hint):
		l.hint()
	case key.Matches(k, l.keys.Fold):
		l.folds = !l.folds
	case key.Matches(k, l.keys.Left):
		l.shift = max(l.shift-16, 0)
	case key.Matches(k, l.keys.Right):
		l.shift += 16
	case key.Matches(k, l.keys.Up):
		l.move(-1)
	case key.Matches(k, l.keys.Down):
		l.move(1)
	case key.Matches(k, l.keys.PageUp):
		l.move(-page)
	case key.Matches(k, l.keys.PageDown):
		l.move(page)
	case key.Matches(k, l.keys.Top):
		l.scroll = 0
	case key.Matches(k, l.keys.Bottom):
		l.move(len(l.doc))
	}
}

func (l *Lesson) show(i int) {
	if i < -1 || i >= len(l.state.Steps) {
		return
	}
	l.shown, l.scroll, l.shift, l.note = i, 0, 0, ""
}

func (l *Lesson) hint() {
	count := 0
	if step := l.step(); step != nil {
		count = markdown.Hints(step.Blocks)
	}
	if l.hints[l.shown] >= count {
		l.tell(l.texts.TUI.NoHint, false)
		return
	}
	l.hints[l.shown]++
	l.tell(text.Args{"n": fmt.Sprint(l.hints[l.shown]), "count": fmt.Sprint(count)}.Fill(l.texts.TUI.HintOf), true)
	l.scroll = 1 << 20 // hints stand at the end; clamped when drawn
}

func (l *Lesson) move(by int) {
	end := max(len(l.doc)-l.visible(), 0)
	l.scroll = min(max(min(l.scroll, end)+by, 0), end)
}

func stripped(s string) string { return ansi.Strip(s) }

// Title is the lesson's.
func (l *Lesson) Title() string { return l.session.Lesson().Title }
