package page

import (
	"errors"

	tea "charm.land/bubbletea/v2"

	"awslab/runner/text"
)

// Shown says what became of the playground's page.
type Shown struct {
	Note  string   // where it is, for the line above the keys
	Lines []string // what else is to be known, for the console

	page *Lesson // another page may be shown by then
	err  error
}

// openPlayground has the page served, beside the event loop.
func (l *Lesson) openPlayground() tea.Cmd {
	return func() tea.Msg {
		shown, err := l.display(l.ctx)
		shown.page, shown.err = l, err
		return shown
	}
}

// displayed says where the page is, or why it is nowhere.
func (l *Lesson) displayed(shown Shown) {
	var problem *text.Problem
	switch {
	case errors.As(shown.err, &problem):
		what, hint := l.texts.Problem(problem)
		l.tell(what, warn)
		l.line(hint, l.theme.Muted)
	case shown.err != nil:
		l.tell(l.problem(shown.err), warn)
	default:
		l.tell(shown.Note, good)
	}
	for _, line := range shown.Lines {
		l.line(line, l.theme.Text)
	}
}
