package page

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/tui/pane"
)

// traces is the view of the requests to APIs, over the page.
type traces struct {
	list   []runner.Trace // the newest last
	cursor int            // counts from the newest
	detail bool           // one is shown
}

// openTraces shows the latest requests.
func (l *Lesson) openTraces() { l.traces = &traces{list: l.session.Traces()} }

// traced takes up a request that came while the view is open; the cursor stays
// on the one that it is on.
func (l *Lesson) traced() {
	if l.traces == nil {
		return
	}
	before := len(l.traces.list)
	l.traces.list = l.session.Traces()
	if more := len(l.traces.list) - before; more > 0 && (l.traces.cursor > 0 || l.traces.detail) {
		l.traces.cursor = min(l.traces.cursor+more, len(l.traces.list)-1)
	}
}

// inTraces is a key while the view is open.
func (l *Lesson) inTraces(k tea.KeyPressMsg) {
	v := l.traces
	switch {
	case v.detail && key.Matches(k, l.keys.Back):
		v.detail = false
	case key.Matches(k, l.keys.Back), key.Matches(k, l.keys.Traces):
		l.traces = nil
	case key.Matches(k, l.keys.Up):
		v.cursor = max(v.cursor-1, 0)
	case key.Matches(k, l.keys.Down):
		v.cursor = max(min(v.cursor+1, len(v.list)-1), 0)
	case key.Matches(k, l.keys.Open):
		v.detail = len(v.list) > 0
	}
}

// tracesView is the page while the view is open.
func (l *Lesson) tracesView() []string {
	v, t := l.traces, l.theme
	width, height := l.width-4, l.height-1
	var lines []string
	if v.detail {
		lines = pane.Trace(v.list[len(v.list)-1-v.cursor], width, height, l.texts, t)
	} else {
		lines = pane.Traces(v.list, v.cursor, l.state.Where.Emulator, width, height, l.texts, t)
	}
	for i := range lines {
		lines[i] = "  " + lines[i]
	}
	return pane.Column(append([]string{""}, lines...), l.width, l.height, t)
}
