package page

import (
	"context"
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/tui/markdown"
	"awslab/tui/pane"
)

// Session is what the lesson page needs of a runner.Session. The methods that
// take a context may take long; the page calls them in commands only.
type Session interface {
	Lesson() *lesson.Lesson
	State() runner.State
	Traces() []runner.Trace
	Run(ctx context.Context, step string) error
	Check(ctx context.Context, step string) error
	Command(ctx context.Context, source string) error
	Solve(ctx context.Context, step string) error
	Skip(step string) error
	Answer(ctx context.Context, step, quiz string, option int) (right bool, err error)
	Reset(ctx context.Context) error
	Cleanup(ctx context.Context) error
}

// Event is one event of the session that the page shows.
type Event struct {
	Lesson string
	runner.Event
}

// Unprepared says that what a lesson builds on is not there; Title is the first
// lesson that would make it.
type Unprepared struct{ Lesson, Title string }

// done says that work has ended.
type done struct {
	page *Lesson // another page may be shown by then
	what string
	err  error
}

// rendered is a document that was drawn beside the event loop.
type rendered struct {
	key docKey
	doc markdown.Document
}

// tick moves the spinner; settle is the end of a pause after a change.
type (
	tick   struct{ work int }
	settle struct{ change int }
)

// docKey is all that a drawn document depends on.
type docKey struct {
	step   int
	width  int
	shift  int
	hints  int
	solved bool // the solution is shown
	folds  bool
	done   bool
	light  bool
	plain  bool
	ascii  bool
	reload int
	stands string // how quizzes, or the steps, stand
}

// begin starts work in a goroutine of its own. It can be cancelled.
func (l *Lesson) begin(what, says string, work func(context.Context) error) tea.Cmd {
	if l.cancel != nil {
		return nil
	}
	ctx, cancel := context.WithCancel(l.ctx)
	l.cancel, l.what, l.says, l.note = cancel, what, says, ""
	l.works++
	l.began = l.now()
	return tea.Batch(func() tea.Msg {
		err := work(ctx)
		cancel()
		return done{l, what, err}
	}, l.spin())
}

func (l *Lesson) spin() tea.Cmd {
	if l.still {
		return nil
	}
	work := l.works
	return tea.Tick(120*time.Millisecond, func(time.Time) tea.Msg { return tick{work} })
}

// draw renders the shown document unless it is there already.
func (l *Lesson) draw() tea.Cmd {
	key := l.docKey()
	if key == l.drawn || key.width <= 0 {
		return nil
	}
	l.drawn = key
	if l.finished() {
		state, title, next, width, texts, theme := l.state, l.Title(), "", key.width, l.texts, l.theme
		if l.next != nil {
			next = l.next.Title
		}
		return func() tea.Msg {
			return rendered{key, markdown.Document{Lines: pane.Finish(state, title, next, width, texts, theme)}}
		}
	}
	blocks, options := l.blocks(key.step), markdown.Options{
		Width: key.width, Theme: l.theme, Text: l.texts, Shift: key.shift, Folds: key.folds, Hints: key.hints, Solution: key.solved, Done: key.done, Quizzes: l.looks(key.step),
	}
	return func() tea.Msg { return rendered{key, markdown.Render(blocks, options)} }
}

func (l *Lesson) docKey() docKey {
	_, doc, _ := l.layout()
	key := docKey{
		step: l.shown, width: doc.width - 2, shift: l.shift, hints: l.hints[l.shown], solved: l.solutions[l.shown], folds: l.folds, reload: l.reload,
		light: l.theme.Config.Light, plain: l.theme.Config.NoColor, ascii: l.theme.Config.ASCII,
	}
	if l.shown >= 0 && l.shown < len(l.state.Steps) {
		key.done = l.state.Steps[l.shown].Status.Done()
		key.stands = fmt.Sprint(l.looks(l.shown))
	}
	if l.finished() {
		for _, step := range l.state.Steps {
			key.stands += step.Status.String()
		}
	}
	return key
}

// blocks are what the page shows at a place: -1 is the opening.
func (l *Lesson) blocks(step int) []lesson.Block {
	les := l.session.Lesson()
	if step < 0 {
		return les.Opening
	}
	return les.Steps[step].Blocks
}
