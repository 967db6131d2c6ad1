package page

import (
	"context"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"awslab/runner/check"
	"awslab/runner/text"
	"awslab/tui/markdown"
	"awslab/tui/pane"
)

// quizFocus is which question the arrow keys move in, and which one is to be
// brought into view when the document is drawn.
type quizFocus struct {
	id     string // empty while no question has the focus
	option int    // under its cursor; the first is 1
	seek   string
}

// looks says how each quiz of a step stands.
func (l *Lesson) looks(step int) map[string]pane.QuizLook {
	looks := map[string]pane.QuizLook{}
	if step < 0 || step >= len(l.state.Steps) {
		return looks
	}
	results := l.state.Steps[step].Checks
	for i, c := range l.session.Lesson().Steps[step].Checks() {
		if c.Quiz != nil && i < len(results) {
			looks[c.ID] = pane.LookAt(c.Quiz, results[i])
		}
	}
	return looks
}

// openQuizzes are the questions of the shown document that wait for an answer.
func (l *Lesson) openQuizzes() []markdown.Place {
	var open []markdown.Place
	if l.docStep != l.shown {
		return nil // the shown step is not drawn yet
	}
	for _, place := range l.doc.Quizzes {
		if place.Look.Status != check.Passed {
			open = append(open, place)
		}
	}
	return open
}

// target is the question that the number keys answer: the one with the focus,
// or else the first open one whose options are in view.
func (l *Lesson) target() (markdown.Place, bool) {
	open := l.openQuizzes()
	for _, place := range open {
		if place.ID == l.quiz.id {
			return place, true
		}
	}
	for _, place := range open {
		if place.To > l.scroll+2 && place.From < l.scroll+l.visible()-2 {
			return place, true
		}
	}
	return markdown.Place{}, false
}

// focusNext gives the focus to the open question behind the one that has it;
// first to the one in view. It reports whether there was one.
func (l *Lesson) focusNext() bool {
	open := l.openQuizzes()
	next := 0
	if at, ok := l.target(); ok {
		for i, place := range open {
			if place.ID == at.ID {
				next = i
			}
		}
		if l.quiz.id != "" {
			next++
		}
	}
	if next >= len(open) {
		l.quiz.id = ""
		return false
	}
	l.quiz = quizFocus{id: open[next].ID, option: max(open[next].Look.Chosen, 1)}
	l.bringIntoView(open[next])
	l.followCursor(open[next])
	return true
}

// bringIntoView scrolls no further than a question needs.
func (l *Lesson) bringIntoView(place markdown.Place) {
	if below := place.To + 1 - (l.scroll + l.visible()); below > 0 {
		l.scroll += below
	}
	l.scroll = max(min(l.scroll, place.From), 0)
}

// followCursor keeps the option under the cursor in view, of a question that is
// taller than the document's room.
func (l *Lesson) followCursor(place markdown.Place) {
	from, to := pane.QuizOption(place.Quiz, l.quiz.option, place.Width)
	if below := place.From + to + 1 - (l.scroll + l.visible()); below > 0 {
		l.scroll += below
	}
	l.scroll = max(min(l.scroll, place.From+from), 0)
}

// seek brings the question that was answered into view, with what is said about
// it now.
func (l *Lesson) seek() {
	for _, place := range l.doc.Quizzes {
		if place.ID == l.quiz.seek {
			l.bringIntoView(place)
			if below := place.To + 1 - (l.scroll + l.visible()); below > 0 && place.Look.Status == check.Passed {
				l.scroll += below // the reason stands at the end
			}
		}
		if place.ID == l.quiz.id && place.Look.Status == check.Passed {
			l.quiz.id = ""
		}
	}
	l.quiz.seek = ""
}

// inQuiz is a key while a question has the focus; it reports whether the key
// was one for the question.
func (l *Lesson) inQuiz(k tea.KeyPressMsg) (tea.Cmd, bool) {
	place, ok := l.target()
	if !ok || l.quiz.id == "" {
		return nil, false
	}
	switch {
	case key.Matches(k, l.keys.Back):
		l.quiz.id = ""
	case key.Matches(k, l.keys.Up):
		l.quiz.option = max(l.quiz.option-1, 1)
		l.followCursor(place)
	case key.Matches(k, l.keys.Down):
		l.quiz.option = min(l.quiz.option+1, len(place.Quiz.Options))
		l.followCursor(place)
	case key.Matches(k, l.keys.GoOn):
		return l.choose(place, l.quiz.option), true
	default:
		return nil, false
	}
	return nil, true
}

// number answers the question in view with the option of a number key. A
// question that is out of view is shown first: nobody answers unseen.
func (l *Lesson) number(k tea.KeyPressMsg) tea.Cmd {
	place, ok := l.target()
	if !ok {
		if !l.focusNext() {
			l.tell(l.texts.TUI.NoQuestion, warn)
		}
		return nil
	}
	option := int(k.Code - '0')
	if option > len(place.Quiz.Options) {
		l.tell(text.Args{"option": string(k.Code)}.Fill(l.texts.TUI.NoOption), warn)
		return nil
	}
	return l.choose(place, option)
}

func (l *Lesson) choose(place markdown.Place, option int) tea.Cmd {
	step := l.step()
	if step == nil || l.cancel != nil {
		return nil
	}
	l.quiz.seek = place.ID
	if l.quiz.id != "" {
		l.quiz.id, l.quiz.option = place.ID, option
	}
	return l.begin("answer", l.texts.TUI.Answering, func(ctx context.Context) error {
		_, err := l.session.Answer(ctx, step.ID, place.ID, option)
		return err
	})
}

// onlyQuizzesLeft reports whether the shown step waits for nothing but answers.
func (l *Lesson) onlyQuizzesLeft() bool {
	if l.shown < 0 || l.shown >= len(l.state.Steps) || l.state.Steps[l.shown].Status.Done() {
		return false
	}
	open := false
	for i, c := range l.session.Lesson().Steps[l.shown].Checks() {
		if i >= len(l.state.Steps[l.shown].Checks) || l.state.Steps[l.shown].Checks[i].Status == check.Passed {
			continue
		}
		if c.Quiz == nil {
			return false
		}
		open = true
	}
	return open
}

// lines are the document's lines from one to another, with the question that
// the keys answer drawn so.
func (l *Lesson) lines(from, to int) []string {
	lines := append([]string(nil), l.doc.Lines[from:to]...)
	place, ok := l.target()
	if !ok || l.console.Focused() {
		return lines
	}
	look := place.Look
	look.Keys = true
	if place.ID == l.quiz.id {
		look.Cursor = l.quiz.option
	}
	for i, line := range pane.Quiz(place.Quiz, look, place.Width, l.texts, l.theme) {
		if at := place.From + i; at >= from && at < to {
			lines[at-from] = strings.TrimRight(place.Lead+line, " ")
		}
	}
	return lines
}
