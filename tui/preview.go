package tui

import (
	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/tui/pane"
)

// version is a lesson as it was saved.
type version struct {
	Version
	err error // why none will come any more
}

// reopened is the session of a version.
type reopened struct {
	lab     *runner.Lab
	session *runner.Session
	err     error
}

// nextVersion waits for the next version.
func (m *model) nextVersion() tea.Cmd {
	if m.cfg.Preview == nil {
		return nil
	}
	return func() tea.Msg {
		v, err := m.cfg.Preview.Next(m.ctx)
		return version{v, err}
	}
}

// take shows a version. One that comes while work is under way waits for its
// end, for the work is the old version's.
func (m *model) take(v version) tea.Cmd {
	switch {
	case v.err != nil && m.ctx.Err() == nil:
		m.failed = m.say(v.err)
		return nil
	case v.err != nil:
		return nil
	case m.lesson != nil && m.lesson.Busy():
		m.waiting = &v
		return nil
	}
	m.waiting, m.issues, m.failed = nil, v.Issues, ""
	if v.Open == nil {
		return tea.Batch(m.resize(), m.nextVersion())
	}
	return tea.Batch(m.resize(), func() tea.Msg {
		lab, err := v.Open()
		if err != nil {
			return reopened{err: err}
		}
		session, err := lab.Lesson(v.Lesson)
		return reopened{lab, session, err}
	})
}

// takeWaiting shows the version that waits, once nothing is under way.
func (m *model) takeWaiting() tea.Cmd {
	if m.waiting == nil || m.lesson.Busy() {
		return nil
	}
	return m.take(*m.waiting)
}

// reopen puts a version in place of the one before.
func (m *model) reopen(r reopened) tea.Cmd {
	if m.failed = m.say(r.err); r.err != nil {
		return m.nextVersion()
	}
	m.cfg.Lab = r.lab
	if m.lesson == nil {
		return tea.Batch(m.show(opened{session: r.session}), m.nextVersion())
	}
	m.follow(r.session)
	return tea.Batch(m.lesson.Reload(r.session), m.nextVersion())
}

// issueLines are what is wrong with the lesson that is being written: a third of
// the screen at most, so that the page stays readable below.
func (m *model) issueLines() []string {
	if len(m.issues) == 0 {
		return nil
	}
	below := ""
	if len(lesson.Errors(m.issues)) > 0 {
		below = m.cfg.Text.TUI.LastGood
	}
	lines := pane.Issues(m.issues, m.width, max(m.height/3, 4), m.cfg.Text, m.theme)
	return append(lines, pane.Fit(" "+pane.Rule(below, m.width-2, m.theme), m.width, m.theme))
}
