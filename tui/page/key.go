package page

import (
	"context"
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/markdown"
)

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
	case l.traces != nil:
		l.inTraces(k)
		return nil
	case l.evidence != nil:
		l.inEvidence(k)
		return nil
	case l.console.Focused():
		return l.typed(k)
	}
	if cmd, ok := l.inQuiz(k); ok {
		return cmd
	}
	return l.reading(k)
}

// reading is a key while no prompt has the focus.
func (l *Lesson) reading(k tea.KeyPressMsg) tea.Cmd {
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
	switch {
	case key.Matches(k, l.keys.Unfocus):
		l.console.Blur()
	case key.Matches(k, l.keys.Enter):
		if l.cancel != nil {
			return nil
		}
		if l.note != "" && !l.console.Typed() { // "Step done. Enter goes on."
			l.console.Blur()
			return l.reading(k)
		}
		if command := l.console.Enter(); command != "" {
			return l.begin("command", l.texts.TUI.CommandRunning, func(ctx context.Context) error { return l.session.Command(ctx, command) })
		}
	case key.Matches(k, l.keys.Earlier):
		l.console.Recall(-1)
	case key.Matches(k, l.keys.Later):
		l.console.Recall(1)
	case key.Matches(k, l.keys.OutputUp):
		l.console.Scroll(-5, l.consoleHeight()-1)
	case key.Matches(k, l.keys.OutputDown):
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
	case key.Matches(k, l.keys.Focus) && l.focusNext():
		l.note = ""
	case key.Matches(k, l.keys.Prompt), key.Matches(k, l.keys.Focus):
		l.note, l.unfolded, l.quiz.id = "", true, ""
		return l.console.Focus(), true
	case key.Matches(k, l.keys.Help):
		l.help = true
	case key.Matches(k, l.keys.Traces):
		l.openTraces()
	case l.display != nil && key.Matches(k, l.keys.Playground):
		return l.openPlayground(), true
	case key.Matches(k, l.keys.Cleanup):
		l.ask = &question{l.warned(l.texts.TUI.AskCleanup), func() tea.Cmd {
			return l.begin("cleanup", l.texts.TUI.CleaningUp, l.session.Cleanup)
		}}
	case key.Matches(k, l.keys.Reset):
		l.ask = &question{l.warned(l.texts.TUI.AskReset), func() tea.Cmd {
			return l.begin("reset", l.texts.TUI.Resetting, l.session.Reset)
		}}
	case l.finished() && key.Matches(k, l.keys.GoOn):
		return l.goOn(), true
	case step == nil:
		return nil, false
	case key.Matches(k, l.keys.Evidence):
		l.evidence = &evidence{}
	case key.Matches(k, l.keys.Run):
		return l.run(step), true
	case key.Matches(k, l.keys.Check):
		return l.check(step.ID), true
	case key.Matches(k, l.keys.Answer):
		return l.number(k), true
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

// warned puts before a question what else would be taken away by it.
func (l *Lesson) warned(ask string) string {
	if l.builtOn == "" {
		return ask
	}
	return ask + " " + text.Args{"title": l.builtOn}.Fill(l.texts.TUI.TakenFrom)
}

func (l *Lesson) askAbout(ask string, step *lesson.Step, yes func() tea.Cmd) {
	l.ask = &question{text.Args{"title": step.Title}.Fill(ask), yes}
}

// run does the step's commands; a clean-up step cleans up.
func (l *Lesson) run(step *lesson.Step) tea.Cmd {
	if len(step.Cleanup()) > 0 && len(step.Actions()) == 0 {
		cleanup := func() tea.Cmd { return l.begin("cleanup", l.texts.TUI.CleaningUp, l.session.Cleanup) }
		if l.builtOn == "" {
			return cleanup()
		}
		l.ask = &question{l.warned(l.texts.TUI.AskCleanup), cleanup}
		return nil
	}
	return l.begin("run", l.texts.TUI.Running, func(ctx context.Context) error { return l.session.Run(ctx, step.ID) })
}

func (l *Lesson) copyCommands(step *lesson.Step) tea.Cmd {
	var parts []string
	for _, fence := range append(step.Actions(), step.Cleanup()...) {
		parts = append(parts, strings.TrimRight(fence.Text, "\n"))
	}
	if len(parts) == 0 {
		l.tell(l.texts.TUI.NothingToCopy, warn)
		return nil
	}
	l.tell(l.texts.TUI.Copied, good)
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
		} else {
			l.focusNext()
		}
	case key.Matches(k, l.keys.Next):
		l.show(l.shown + 1)
	case key.Matches(k, l.keys.Previous):
		l.show(l.shown - 1)
	case key.Matches(k, l.keys.Hint):
		l.hint()
	case key.Matches(k, l.keys.Fold):
		l.fold()
	case key.Matches(k, l.keys.Left):
		l.shift = max(l.shift-16, 0)
	case key.Matches(k, l.keys.Right):
		l.shift = min(l.shift+16, l.widest())
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
		l.move(len(l.doc.Lines))
	}
}

func (l *Lesson) show(i int) {
	last := len(l.state.Steps) - 1
	if l.state.Current == len(l.state.Steps) {
		last++ // all is done: the page behind the last step
	}
	if i < -1 || i > last {
		return
	}
	l.shown, l.scroll, l.shift, l.note = i, 0, 0, ""
	l.reveal, l.unfolded, l.quiz = false, l.cancel != nil, quizFocus{}
}

// fold opens or closes the folds. The solution is opened only if the student
// says so once more, for what was seen cannot be unseen.
func (l *Lesson) fold() {
	l.folds = !l.folds
	step := l.step()
	if !l.folds || step == nil || l.solutions[l.shown] || !markdown.HasSolution(step.Blocks) || l.state.Steps[l.shown].Status.Done() {
		return
	}
	shown := l.shown
	l.askAbout(l.texts.TUI.AskSolution, step, func() tea.Cmd {
		l.solutions[shown], l.reveal = true, true
		return l.draw()
	})
}

// finished reports whether the page behind the last step is shown.
func (l *Lesson) finished() bool { return l.shown >= 0 && l.shown == len(l.state.Steps) }

// goOn leads from the end of the lesson to the next one, or to the course.
func (l *Lesson) goOn() tea.Cmd {
	if l.next == nil {
		return func() tea.Msg { return Leave{} }
	}
	id := l.next.ID
	return func() tea.Msg { return OpenLesson{id} }
}

func (l *Lesson) hint() {
	count := 0
	if step := l.step(); step != nil {
		count = markdown.Hints(step.Blocks)
	}
	if l.hints[l.shown] >= count {
		l.tell(l.texts.TUI.NoHint, warn)
		return
	}
	l.hints[l.shown]++
	l.tell(text.Args{"n": fmt.Sprint(l.hints[l.shown]), "count": fmt.Sprint(count)}.Fill(l.texts.TUI.HintOf), plain)
	l.reveal = true
}

// widest is how far scrolling to the right can show more.
func (l *Lesson) widest() int {
	if step := l.step(); step != nil {
		return widest(step.Blocks)
	}
	return 0
}

func widest(blocks []lesson.Block) (width int) {
	for _, block := range blocks {
		switch b := block.(type) {
		case lesson.Fence:
			for line := range strings.SplitSeq(b.Text, "\n") {
				width = max(width, ansi.StringWidth(line))
			}
		case lesson.Details:
			width = max(width, widest(b.Blocks))
		case lesson.Callout:
			width = max(width, widest(b.Blocks))
		case lesson.Prose, lesson.CheckBlock, lesson.QuizBlock:
		}
	}
	return width
}

func (l *Lesson) move(by int) {
	end := max(len(l.doc.Lines)-l.visible(), 0)
	l.scroll = min(max(min(l.scroll, end)+by, 0), end)
}
