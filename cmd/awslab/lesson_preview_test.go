package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awslab/runner/lesson/starter"
	"awslab/runner/text"
)

// inProcess is an app without a terminal, for what a command alone cannot show.
func inProcess() *app {
	a := &app{stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard, getenv: func(string) string { return "" }, now: time.Now, text: text.English()}
	a.flags.target = "emulator"
	return a
}

// A preview follows the lesson's folder through broken and mended versions, and
// leaves nothing behind.
func TestAPreviewFollowsTheFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "course", "hello")
	if _, err := starter.Write(dir, "Hello"); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "lesson.ko.md")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "lesson.md")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	p, err := inProcess().openPreview(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if p.first.Open == nil || p.first.Lesson != "hello" {
		t.Fatalf("the lesson as it is cannot be used: %+v", p.first.Issues)
	}
	// Mistakes of the lesson and of its checks are told, each at its line.
	write(t, file, strings.Replace(string(good), "call: ", "cal: ", 1))
	v, err := p.next(t.Context())
	if err != nil || v.Open != nil || len(v.Issues) == 0 || v.Issues[0].Pos.File != "hello/lesson.md" || v.Issues[0].Pos.Line < 10 {
		t.Errorf("a broken check: %v %+v", err, v)
	}
	// As editors do: another file, renamed over the old one. The workspace has the
	// new version's files, but what was changed there stays.
	withFile := string(good) + "\n```text file=notes.txt\none\n```\n\n```text file=mine.txt\none\n```\n"
	save := func(text string) {
		t.Helper()
		write(t, file+".new", text)
		if err := os.Rename(file+".new", file); err != nil {
			t.Fatal(err)
		}
		v, err := p.next(t.Context())
		if err != nil || v.Open == nil {
			t.Fatalf("after a rename: %v %+v", err, v.Issues)
		}
		if _, err := v.Open(); err != nil {
			t.Fatal(err)
		}
		if _, err := p.lab.Lesson("hello"); err != nil {
			t.Fatal(err)
		}
	}
	save(withFile)
	workspace := filepath.Join(p.home, "workspace", "hello")
	write(t, filepath.Join(workspace, "mine.txt"), "changed\n")
	save(strings.ReplaceAll(withFile, "\none\n", "\ntwo\n"))
	for name, want := range map[string]string{"notes.txt": "two\n", "mine.txt": "changed\n"} {
		if got, err := os.ReadFile(filepath.Join(workspace, name)); err != nil || string(got) != want {
			t.Errorf("%s holds %q, want %q: %v", name, got, want, err)
		}
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(p.home); !os.IsNotExist(err) {
		t.Errorf("the temporary home is still there: %v", err)
	}
}

// A lesson may be broken when the preview begins.
func TestAPreviewThatBeginsBroken(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "course", "hello")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "lesson.md"), "nothing yet\n")
	write(t, filepath.Join(filepath.Dir(dir), "course.yaml"), "id: course\ntitle: Course\nlessons: [hello, missing]\n") // as broken as it is
	p, err := inProcess().openPreview(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if p.first.Open != nil || len(p.first.Issues) == 0 {
		t.Errorf("%+v", p.first)
	}
	if err := p.close(); err != nil {
		t.Error(err)
	}
}

func TestPreviewWithoutATerminalOrALesson(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.must(exitPassed, "lesson", "new", "x")
	if _, errs := h.must(exitUsage, "lesson", "preview", "x"); !strings.Contains(errs, "needs a terminal") {
		t.Error(errs)
	}
	if _, err := inProcess().openPreview(t.Context(), t.TempDir()); err == nil {
		t.Error("a folder without a lesson is previewed")
	}
}
