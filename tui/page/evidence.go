package page

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"awslab/tui/pane"
)

// evidence is the view of what a step's checks found, over the page.
type evidence struct{ scroll int }

// inEvidence is a key while the view is open.
func (l *Lesson) inEvidence(k tea.KeyPressMsg) {
	page := l.height - 4
	last := max(len(l.evidenceLines())-page, 0)
	v := l.evidence
	switch {
	case key.Matches(k, l.keys.Back), key.Matches(k, l.keys.Evidence):
		l.evidence = nil
	case key.Matches(k, l.keys.Up):
		v.scroll = max(v.scroll-1, 0)
	case key.Matches(k, l.keys.Down):
		v.scroll = min(v.scroll+1, last)
	case key.Matches(k, l.keys.PageUp):
		v.scroll = max(v.scroll-page, 0)
	case key.Matches(k, l.keys.PageDown):
		v.scroll = min(v.scroll+page, last)
	case key.Matches(k, l.keys.Top):
		v.scroll = 0
	case key.Matches(k, l.keys.Bottom):
		v.scroll = last
	}
}

func (l *Lesson) evidenceLines() []string {
	return pane.Evidence(l.state.Steps[l.shown], l.width-4, l.texts, l.theme)
}

// evidenceView is the page while the view is open.
func (l *Lesson) evidenceView() []string {
	lines := l.evidenceLines()
	room := l.height - 3
	from := min(l.evidence.scroll, max(len(lines)-room, 0))
	lines = append([]string{""}, lines[from:min(from+room, len(lines))]...)
	for i := range lines {
		lines[i] = "  " + lines[i]
	}
	page := pane.Column(lines, l.width, l.height-1, l.theme)
	return append(page, pane.Fit("  "+l.theme.Muted.Render(l.texts.TUI.Evidence.Keys), l.width, l.theme))
}
