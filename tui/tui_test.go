package tui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/target"
	"awslab/runner/text"
	"awslab/tui/page"
)

// sizes are the terminals that every frame is looked at in.
var sizes = []struct{ width, height int }{{60, 20}, {80, 24}, {120, 40}}

// frame gives the screen, of which every line has the terminal's width.
func (d *driven) frame() string {
	d.t.Helper()
	content := ansi.Strip(d.View().Content)
	lines := strings.Split(content, "\n")
	if len(lines) != d.height {
		d.t.Errorf("%d lines, want %d", len(lines), d.height)
	}
	for i, line := range lines {
		if w := ansi.StringWidth(line); w != d.width {
			d.t.Errorf("line %d is %d wide: %q", i, w, line)
		}
	}
	return content
}

// without replaces what differs from run to run.
func (d *driven) without() string {
	url := strings.TrimPrefix(d.cfg.Lab.Where().URL, "http://")
	port := url[strings.LastIndexByte(url, ':'):]
	return strings.ReplaceAll(d.frame(), port, ":"+strings.Repeat("0", len(port)-1))
}

func TestFrames(t *testing.T) {
	t.Parallel()
	mistakes := []lesson.Issue{
		{Pos: lesson.Position{File: "role/lesson.md", Line: 7}, Severity: lesson.Warning, Rule: "variable.unused", Args: map[string]string{"name": "ROLE"}},
		{Pos: lesson.Position{File: "role/lesson.md", Line: 31, Column: 3}, Rule: "yaml.unknown-key", Args: map[string]string{"in": "a check of kind call", "key": "expct", "suggestion": "expect"}},
		{Pos: lesson.Position{File: "role/lesson.md", Line: 40}, Rule: "step.empty-heading"},
		{Pos: lesson.Position{File: "role/lesson.md", Line: 50}, Rule: "step.circle", Args: map[string]string{"circle": "role, ask"}},
		{Pos: lesson.Position{File: "role/selftest.yaml", Line: 2}, Rule: "step.comment-misplaced"},
	}
	for _, language := range text.Languages() {
		for name, walk := range map[string]func(*driven){
			"course":  func(d *driven) {},
			"keys":    func(d *driven) { d.press(key('?')) },
			"opening": func(d *driven) { d.press(enter) },
			"broken": func(d *driven) {
				d.press(enter, key('n'))
				d.tell(version{Version: Version{Lesson: "role", Issues: mistakes}})
			},
			"warned": func(d *driven) {
				d.press(enter, key('n'))
				d.tell(version{Version: Version{Lesson: "role", Issues: mistakes[:1]}})
			},
		} {
			for _, size := range sizes {
				t.Run(fmt.Sprintf("%s/%dx%d/%s", name, size.width, size.height, language), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t, language)
					cfg := Config{Lab: w.lab(), Text: w.text}
					if name == "broken" || name == "warned" {
						cfg.Preview = &Preview{Next: noVersion}
					}
					d := drive(t, cfg, size.width, size.height)
					walk(d)
					golden.RequireEqual(t, d.without())
				})
			}
		}
	}
}

func TestATerminalThatIsTooSmall(t *testing.T) {
	t.Parallel()
	for _, language := range text.Languages() {
		w := newWorld(t, language)
		d := drive(t, Config{Lab: w.lab(), Text: w.text}, 40, 12)
		if frame := d.frame(); !strings.Contains(frame, "60 × 20") || !strings.Contains(frame, "40 × 12") {
			t.Errorf("it is not said:\n%s", frame)
		}
	}
}

// Somebody's account stands out on every page.
func TestTheBannerOfAnAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en")
	course := w.lab().Course()
	l, err := runner.Open(runner.Config{Course: course, Target: &target.Target{Account: "111122223333", Region: "eu-west-1"}, Text: w.text, Home: w.home, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	d := drive(t, Config{Lab: l, Text: w.text}, 60, 20)
	says := "AWS 111122223333/eu-west-1"
	if !strings.Contains(d.View().Content, d.theme.Danger.Render(says)) || d.theme.Danger.Render(says) == d.theme.Emulator.Render(says) {
		t.Errorf("it does not:\n%s", d.frame())
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
}

// In Hangul mode keys mean what they mean, and at the prompt they are typed.
func TestHangulAtTheRoot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "ko")
	shown := ""
	d := drive(t, Config{Lab: w.lab(), Text: w.text, Show: func(_ context.Context, s *runner.Session) (page.Shown, error) {
		shown = s.Lesson().ID
		return page.Shown{Note: "http://localhost:4580/"}, nil
	}}, 80, 24)
	d.press(enter, key('ㅠ')) // b
	if shown != "role" || !strings.Contains(d.frame(), "http://localhost:4580/") {
		t.Errorf("ㅠ is not b:\n%s", d.frame())
	}
	d.press(key('ㅜ')) // n
	if !strings.Contains(d.frame(), "1/3 역할 만들기") {
		t.Errorf("ㅜ is not n:\n%s", d.frame())
	}
	d.press(key(':'), key('한'), key('ㅂ'))
	if !strings.Contains(d.frame(), "$ 한ㅂ") || d.left {
		t.Errorf("Hangul is not typed:\n%s", d.frame())
	}
	// The cursor stands behind what was typed, two cells for each character, so
	// that an input method's window follows it.
	lines := strings.Split(d.frame(), "\n")
	at := d.View().Cursor
	if at == nil {
		t.Fatal("the prompt has no cursor")
	}
	if before := ansi.Cut(lines[at.Y], 0, at.X); strings.TrimLeft(before, " ") != "$ 한ㅂ" {
		t.Errorf("the cursor stands behind %q", before)
	}
	d.press(esc, esc, key('ㅂ')) // q
	if !d.left {
		t.Error("ㅂ is not q")
	}
}

// Esc leads from the lesson to the course, which knows what was done meanwhile.
func TestBackToTheCourse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en")
	d := drive(t, Config{Lab: w.lab(), Text: w.text, Lesson: "role"}, 80, 24)
	d.press(key('n'), key('S'), key('y'), esc)
	if frame := d.frame(); !strings.Contains(frame, "Serverless on AWS") || !strings.Contains(frame, "1/3") {
		t.Errorf("the course does not know:\n%s", frame)
	}
	d.press(key('q'))
	if !d.left {
		t.Error("q does not leave")
	}
}

func TestALessonThatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en")
	d := drive(t, Config{Lab: w.lab(), Text: w.text, Lesson: "nothing"}, 80, 24)
	if frame := d.frame(); !strings.Contains(frame, "nothing") {
		t.Errorf("it is not said:\n%s", frame)
	}
}

// The answer to the question for the background, which may never come, restyles.
func TestALightBackground(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en")
	d := drive(t, Config{Lab: w.lab(), Text: w.text, Lesson: "role"}, 80, 24)
	dark := d.View().Content
	white := ansi.RGBColor{R: 255, G: 255, B: 255}
	d.tell(tea.BackgroundColorMsg{Color: white})
	if light := d.View().Content; light == dark || ansi.Strip(light) != ansi.Strip(dark) {
		t.Error("a light background does not change the colours alone")
	}
}

// A check that samples an API's traffic makes requests by the hundred: they cost
// one message until the page has looked.
func TestManyRequestsAreOneMessage(t *testing.T) {
	t.Parallel()
	d := drive(t, Config{Lab: newWorld(t, "en").lab(), Text: text.English()}, 80, 24)
	var sent []tea.Msg
	d.send = func(m tea.Msg) { sent = append(sent, m) }
	for range 100 {
		d.model.tell("role", runner.RequestTraced{})
	}
	if len(sent) != 1 {
		t.Fatalf("%d messages", len(sent))
	}
	d.Update(sent[0])
	d.model.tell("role", runner.RequestTraced{})
	d.model.tell("role", runner.ProgressSaved{})
	if len(sent) != 3 {
		t.Errorf("%d messages after the page has looked", len(sent))
	}
}
