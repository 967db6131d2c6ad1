package page

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/text"
	"awslab/tui/pane"
)

// wide is from which width on the steps have a column of their own.
const wide = 100

// rect is the room of a pane.
type rect struct{ width, height int }

// layout divides the page: the side column (none on narrow terminals), the
// document and the console.
func (l *Lesson) layout() (side, doc, console rect) {
	main := l.width
	if l.width >= wide {
		side = rect{32, l.height - 1}
		main = l.width - side.width - 1
	}
	console = rect{main, l.consoleHeight()}
	rows := l.height - 1 - console.height - 1 // status line, rule of the console
	if side.width == 0 {
		rows -= 1 + len(l.briefChecks(main)) // stepper
	}
	return side, rect{main, max(rows, 3)}, console
}

// visible is how many lines of the document are seen: its first row is blank.
func (l *Lesson) visible() int {
	_, doc, _ := l.layout()
	return doc.height - 1
}

// consoleHeight is the prompt alone until a command runs at this step, then
// about a third of the page, and two fifths of it while one types.
func (l *Lesson) consoleHeight() int {
	switch {
	case (l.console.Empty() || !l.unfolded) && !l.console.Focused():
		return 1
	case l.console.Focused():
		return max(l.height*2/5, 5)
	case l.height < 30:
		return 5
	default:
		return l.height / 3
	}
}

// briefChecks are the checks of a narrow page, a few lines at most.
func (l *Lesson) briefChecks(width int) []string {
	if l.shown < 0 || l.shown >= len(l.state.Steps) {
		return nil
	}
	lines := pane.Checks(l.state.Steps[l.shown], l.live(), l.texts, width-2, true, l.theme)
	for i := range lines {
		lines[i] = " " + lines[i]
	}
	if most := max(l.height/3, 3); len(lines) > most {
		lines = append(lines[:most-1], " "+l.theme.Muted.Render(l.texts.TUI.Longer))
	}
	return lines
}

// live is the sample of traffic that a check of the shown step is taking, or nil.
func (l *Lesson) live() *pane.Sample {
	if l.sampling.Step != l.state.Steps[l.shown].ID {
		return nil
	}
	return &pane.Sample{Check: l.sampling.Check, Progress: l.sampling.Progress}
}

// View draws the page, without the banner, and says where the cursor is.
func (l *Lesson) View() ([]string, *tea.Cursor) {
	if l.traces != nil && l.ask == nil && !l.help {
		return l.tracesView(), nil
	}
	if l.evidence != nil && l.ask == nil && !l.help {
		return l.evidenceView(), nil
	}
	t := l.theme
	side, doc, console := l.layout()
	var right []string
	if side.width == 0 {
		title := ""
		switch {
		case l.shown < 0:
			title = l.texts.TUI.Opening
		case l.finished():
			title = l.texts.TUI.End
		}
		if title != "" {
			right = append(right, pane.Sides(" "+t.Selected.Render(title), pane.Stepper(l.state, l.shown, 20, l.texts, t), l.width, t))
		} else {
			right = append(right, pane.Fit(" "+pane.Stepper(l.state, l.shown, l.width-2, l.texts, t), l.width, t))
		}
	}
	right = append(right, l.document(doc)...)
	if side.width == 0 {
		for _, line := range l.briefChecks(doc.width) {
			right = append(right, pane.Fit(line, doc.width, t))
		}
	}
	right = append(right, pane.Fit(" "+pane.Rule(l.texts.TUI.Console, console.width-2, t), console.width, t))
	lines, cursor := l.console.View(console.width-2, console.height, l.texts.TUI.PromptEmpty, t)
	top := len(right)
	for _, line := range lines {
		right = append(right, " "+line)
	}
	if cursor != nil {
		cursor.X++
		cursor.Y += top
	}
	page := right
	if side.width > 0 {
		left := l.sideColumn(side)
		page = make([]string, 0, len(right))
		for i := range right {
			line := ""
			if i < len(left) {
				line = left[i]
			}
			page = append(page, pane.Fit(line, side.width, t)+" "+right[i])
		}
		if cursor != nil {
			cursor.X += side.width + 1
		}
	}
	page = pane.Column(page, l.width, l.height-1, t)
	page = append(page, pane.Fit(l.status(), l.width, t))
	switch {
	case l.ask != nil:
		page, cursor = pane.Over(page, pane.Ask(l.ask.ask, l.texts.TUI.Yes, l.texts.TUI.No, l.width, l.height, t), l.width, t), nil
	case l.help:
		page, cursor = pane.Over(page, pane.Keys(l.texts.TUI.Help, l.texts.TUI.CloseHelp, l.keys.Lesson(), l.width, l.height, t), l.width, t), nil
	}
	return page, cursor
}

// sideColumn is the steps and, under them, the checklist of the shown one.
func (l *Lesson) sideColumn(side rect) []string {
	t := l.theme
	lines := []string{""}
	for _, line := range pane.Steps(l.state, l.shown, side.width-1, t) {
		lines = append(lines, " "+line)
	}
	if l.shown >= 0 && l.shown < len(l.state.Steps) && l.state.Steps[l.shown].Status > runner.Passed {
		lines = append(lines, "", "   "+t.Muted.Render(pane.StatusWord(l.state.Steps[l.shown].Status, l.texts)))
	}
	if l.shown >= 0 && l.shown < len(l.state.Steps) && len(l.state.Steps[l.shown].Checks) > 0 {
		lines = append(lines, "", " "+pane.Rule(l.texts.TUI.Checks, side.width-2, t))
		for _, line := range pane.Checks(l.state.Steps[l.shown], l.live(), l.texts, side.width-3, false, t) {
			lines = append(lines, " "+line)
		}
	}
	if len(lines) > side.height {
		lines = append(lines[:side.height-1], " "+t.Muted.Render(l.texts.TUI.Longer))
	}
	return pane.Column(lines, side.width, side.height, t)
}

// document is the visible part of the document, with a mark where more follows.
func (l *Lesson) document(doc rect) []string {
	t := l.theme
	l.scroll = min(l.scroll, max(len(l.doc.Lines)-l.visible(), 0))
	lines := make([]string, 0, doc.height)
	lines = append(lines, "")
	for _, line := range l.lines(l.scroll, min(l.scroll+l.visible(), len(l.doc.Lines))) {
		lines = append(lines, " "+line)
	}
	lines = pane.Column(lines, doc.width, doc.height, t)
	if l.scroll+l.visible() < len(l.doc.Lines) {
		lines[len(lines)-1] = pane.Sides("", t.Muted.Render("↓ space "), doc.width, t)
		if t.Config.ASCII {
			lines[len(lines)-1] = pane.Sides("", t.Muted.Render("v space "), doc.width, t)
		}
	}
	return lines
}

// status is the last line: what is under way, news, or the keys.
func (l *Lesson) status() string {
	t := l.theme
	switch {
	case l.cancel != nil:
		spin := t.Signs.Spinner[l.frame%len(t.Signs.Spinner)]
		took := l.now().Sub(l.began).Truncate(100 * time.Millisecond).Seconds()
		return " " + t.Accent.Render(spin) + " " + t.Text.Render(l.says) + t.Muted.Render(fmt.Sprintf("  %.1f s   %s", took, l.texts.TUI.CancelHint))
	case l.note != "" && l.tone == good:
		return " " + t.Good.Render(t.Signs.Passed+" "+l.note)
	case l.note != "" && l.tone == plain:
		return " " + t.Text.Render(l.note)
	case l.note != "":
		return " " + t.Unsure.Render(l.note)
	case l.blocked() != "":
		return " " + t.Unsure.Render(text.Args{"title": l.blocked()}.Fill(l.texts.TUI.Blocked))
	case l.console.Focused():
		return shortHelp(l.keys.Typing(), l.width, t)
	}
	return shortHelp(l.keys.Short(), l.width, t)
}

// blocked is the title of the step that has to be done before the shown one.
func (l *Lesson) blocked() string {
	if l.shown < 0 || l.shown >= len(l.state.Steps) {
		return ""
	}
	for _, step := range l.state.Steps {
		if step.ID == l.state.Steps[l.shown].Blocked {
			return step.Title
		}
	}
	return ""
}
