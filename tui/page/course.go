// Package page holds the two pages of the terminal program: the course and a
// lesson. A page decides; what takes time happens in the commands it returns.
// It says what it wants of its parent by the messages declared here. Start at
// [Course] and [Lesson].
package page

import (
	"fmt"
	"strings"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/runner"
	"awslab/runner/text"
	"awslab/tui/keys"
	"awslab/tui/pane"
	"awslab/tui/theme"
)

// OpenLesson asks the parent to show a lesson.
type OpenLesson struct{ ID string }

// Leave asks the parent to leave the page: the lesson's for the course, the
// course's for good.
type Leave struct{}

// Course is the page with the lessons.
type Course struct {
	title   string
	lessons []runner.LessonState
	cursor  int
	theme   theme.Theme
	texts   *text.Text
	keys    keys.Map
	help    bool

	width, height int
}

// NewCourse makes the page; the cursor stands on the first lesson that is not
// done.
func NewCourse(title string, texts *text.Text, k keys.Map, t theme.Theme) *Course {
	return &Course{title: title, texts: texts, keys: k, theme: t}
}

// SetLessons takes the progress.
func (c *Course) SetLessons(lessons []runner.LessonState) {
	first := c.lessons == nil
	c.lessons = lessons
	if first {
		c.cursor = max(runner.Next(lessons), 0)
	}
}

// SetSize gives the page its room; SetTheme its looks.
func (c *Course) SetSize(width, height int) { c.width, c.height = width, height }
func (c *Course) SetTheme(t theme.Theme)    { c.theme = t }
func (c *Course) wants(m tea.Msg) tea.Cmd   { return func() tea.Msg { return m } }
func (c *Course) Focused() bool             { return false }
func (c *Course) Bindings() []key.Binding   { return c.keys.Course() }

// Key acts on a key.
func (c *Course) Key(k tea.KeyPressMsg) tea.Cmd {
	switch {
	case c.help && (key.Matches(k, c.keys.Help) || key.Matches(k, c.keys.Back)):
		c.help = false
	case key.Matches(k, c.keys.Help):
		c.help = true
	case key.Matches(k, c.keys.Up):
		c.cursor = max(c.cursor-1, 0)
	case key.Matches(k, c.keys.Down):
		c.cursor = min(c.cursor+1, len(c.lessons)-1)
	case key.Matches(k, c.keys.Open) && len(c.lessons) > 0:
		return c.wants(OpenLesson{c.lessons[c.cursor].ID})
	case key.Matches(k, c.keys.Quit), key.Matches(k, c.keys.Cancel):
		return c.wants(Leave{})
	}
	return nil
}

// View draws the page, without the banner.
func (c *Course) View() []string {
	t := c.theme
	inner := min(c.width-8, 76)
	lines := []string{"", t.Title.Render(c.title), ""}
	for i, l := range c.lessons {
		mark := pane.StepMark(runner.Todo, t)
		if l.Done == l.Steps {
			mark = pane.StepMark(runner.Passed, t)
		}
		pointer, style := "  ", t.Text
		if i == c.cursor {
			pointer, style = t.Accent.Render(t.Signs.Current)+" ", t.Selected
		}
		lines = append(lines,
			pane.Sides(pointer+mark+" "+style.Render(l.Title), " "+t.Muted.Render(text.Args{"minutes": fmt.Sprint(l.Minutes)}.Fill(c.texts.TUI.LessonLine)), inner, t),
			"    "+c.bar(l, 24)+t.Muted.Render(fmt.Sprintf("  %d/%d", l.Done, l.Steps)), "")
	}
	says := c.texts.TUI.AllLessonsDone
	if c.lessons == nil { // not read yet
		says = ""
	}
	if i := runner.Next(c.lessons); i >= 0 {
		says = text.Args{"title": c.lessons[i].Title}.Fill(c.texts.TUI.NextUp)
	}
	for _, line := range pane.Wrap(says, inner, 0) {
		lines = append(lines, t.Muted.Render(line))
	}
	for i := range lines {
		lines[i] = "    " + lines[i]
	}
	page := pane.Column(lines, c.width, c.height-1, t)
	page = append(page, pane.Fit(shortHelp(c.keys.Course(), c.width, t), c.width, t))
	if c.help {
		page = pane.Over(page, pane.Keys(c.texts.TUI.Help, c.texts.TUI.CloseHelp, c.keys.Course(), c.width, c.height, t), c.width, t)
	}
	return page
}

func (c *Course) bar(l runner.LessonState, width int) string {
	full := 0
	if l.Steps > 0 {
		full = width * l.Done / l.Steps
	}
	return c.theme.Good.Render(strings.Repeat(c.theme.Signs.Filled, full)) + c.theme.Muted.Render(strings.Repeat(c.theme.Signs.Empty, width-full))
}

// shortHelp names keys on one line, as many as fit.
func shortHelp(bindings []key.Binding, width int, t theme.Theme) string {
	line := " "
	for _, b := range bindings {
		if !b.Enabled() {
			continue
		}
		part := t.Accent.Bold(false).Render(b.Help().Key) + " " + t.Muted.Render(b.Help().Desc) + "   "
		if ansi.StringWidth(line+part) > width {
			break
		}
		line += part
	}
	return line
}
