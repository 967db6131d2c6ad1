package tui

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/lesson"
)

// saved is a version of the lesson that can be used.
func (w *world) saved(replace ...string) version {
	return version{Version: Version{Lesson: "role", Open: func() (*runner.Lab, error) { return w.open(replace...) }}}
}

func preview(t *testing.T) (*world, *driven) {
	t.Helper()
	w := newWorld(t, "en")
	return w, drive(t, Config{Lab: w.lab(), Text: w.text, Lesson: "role", Preview: &Preview{Next: noVersion}}, 80, 24)
}

// A saved version takes the old one's place at the same step and scroll.
func TestASaveKeepsThePlace(t *testing.T) {
	t.Parallel()
	w, d := preview(t)
	d.press(key('n'), key('j'), key('j'), key('j'))
	before := d.frame()
	if !strings.Contains(before, "A table, and a list of reasons:") {
		t.Fatalf("the walk does not lead there:\n%s", before)
	}
	d.tell(w.saved("A table, and a list of reasons:", "A table, and a heap of reasons:"))
	if got, want := d.frame(), strings.Replace(before, "A table, and a list of reasons:", "A table, and a heap of reasons:", 1); got != want {
		t.Errorf("after the save:\n%s\nbefore:\n%s", got, before)
	}
	// A step that was put before it does not lead away from it.
	d.tell(w.saved("## Create the role", "## Before\n<!-- step: before -->\n\nFirst.\n\n## Create the role"))
	if got := d.frame(); !strings.Contains(got, "2/4 Create the role") {
		t.Errorf("with a step before it:\n%s", got)
	}
	// One that is gone does not leave the page empty.
	d.press(key('n'), key('n'))
	d.tell(w.saved("## Delete it\n<!-- step: cleanup needs=role -->", "### Delete it", "sh cleanup", "sh"))
	if got := d.frame(); !strings.Contains(got, "2/2 Answer") {
		t.Errorf("with the shown step gone:\n%s", got)
	}
}

// A version with errors leaves the last good one, and says what is wrong until
// it is mended.
func TestABrokenSave(t *testing.T) {
	t.Parallel()
	w, d := preview(t)
	d.press(key('n'))
	before := d.frame()
	d.tell(version{Version: Version{Lesson: "role", Issues: []lesson.Issue{{Pos: lesson.Position{File: "role/lesson.md", Line: 9}, Rule: "step.empty-heading"}}}})
	frame := d.frame()
	for _, want := range []string{"role/lesson.md:9 this heading is empty", "say what the step does", "1/3 Create the role", "aws iam create-role"} {
		if !strings.Contains(frame, want) {
			t.Errorf("no %q in\n%s", want, frame)
		}
	}
	d.press(key('c')) // it works as before
	d.tell(w.saved())
	if got := d.frame(); strings.Contains(got, "this heading is empty") || len(strings.Split(got, "\n")) != len(strings.Split(before, "\n")) {
		t.Errorf("after mending:\n%s", got)
	}
}

// The first version may be broken; the first good one opens by itself.
func TestAPreviewThatBeginsBroken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "en")
	empty, err := runner.Open(runner.Config{Course: &lesson.Course{ID: "empty", Title: "Course"}, Target: w.target, Text: w.text, Home: w.home})
	if err != nil {
		t.Fatal(err)
	}
	broken := []lesson.Issue{{Pos: lesson.Position{File: "role/lesson.md", Line: 1}, Rule: "step.empty-heading"}}
	d := drive(t, Config{Lab: empty, Text: w.text, Preview: &Preview{Issues: broken, Next: noVersion}}, 60, 20)
	if frame := d.frame(); !strings.Contains(frame, "this heading is empty") {
		t.Errorf("it is not said:\n%s", frame)
	}
	d.tell(w.saved())
	if frame := d.frame(); !strings.Contains(frame, "Introduction") || strings.Contains(frame, "this heading is empty") {
		t.Errorf("the good version is not shown:\n%s", frame)
	}
	if err := empty.Close(); err != nil {
		t.Error(err)
	}
}

// What runs when a version comes is the old version's, and ends first.
func TestASaveWhileSomethingRuns(t *testing.T) {
	t.Parallel()
	w, d := preview(t)
	d.press(key('n'), key(':'), key('l'), key('s'))
	var running tea.Cmd
	_, running = d.Update(enter)
	d.tell(w.saved("Do it:", "Do it now:"))
	if frame := d.frame(); !strings.Contains(frame, "Do it:") {
		t.Errorf("the version came while a command ran:\n%s", frame)
	}
	d.do(running)
	if frame := d.frame(); !strings.Contains(frame, "Do it now:") {
		t.Errorf("the version did not come after it:\n%s", frame)
	}
}

func TestAVersionThatCannotBeOpened(t *testing.T) {
	t.Parallel()
	w, d := preview(t)
	d.tell(w.saved("kind", "kind", "format: 1", "format: 2"))
	if d.failed == "" || !strings.Contains(d.frame(), "Introduction") {
		t.Errorf("it is not said, or the last good version is gone:\n%s", d.frame())
	}
}
