package starter_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"awslab/runner/lesson"
	"awslab/runner/lesson/starter"
)

func TestTheNewLessonIsWithoutComplaint(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	written, err := starter.Write(filepath.Join(dir, "first"), "The first: a lesson")
	if err != nil || !written.Listed || len(written.Files) != 4 {
		t.Fatal(written, err)
	}
	if written, err = starter.Write(filepath.Join(dir, "second"), "The second"); err != nil || !written.Listed || len(written.Files) != 3 {
		t.Fatal(written, err)
	}
	course, issues := lesson.LoadCourse(os.DirFS(dir))
	for _, issue := range issues {
		t.Error(issue)
	}
	if len(course.Lessons) != 2 || course.Lessons[0].ID != "first" || course.Lessons[1].ID != "second" || course.Lessons[0].Title != "The first: a lesson" {
		t.Errorf("%+v", course)
	}
	if len(course.Lessons[0].Translations) != 1 || course.Lessons[0].Selftest == nil {
		t.Error("there is no translation, or no self-test")
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"first/lesson.md": "mine", "course.yaml": "id: c\ntitle: C\nlessons: [first]\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := starter.Write(filepath.Join(dir, "first"), "First"); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v", err)
	}
	// A list on one line is left to its author.
	written, err := starter.Write(filepath.Join(dir, "second"), "Second")
	if err != nil || written.Listed {
		t.Errorf("%+v %v", written, err)
	}
	for name, want := range map[string]string{"first/lesson.md": "mine", "course.yaml": "id: c\ntitle: C\nlessons: [first]\n"} {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(got) != want {
			t.Errorf("%s is %q, %v", name, got, err)
		}
	}
}

func TestALessonIsPutUnderTheLast(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "course.yaml")
	if err := os.WriteFile(file, []byte("lessons:\n- one # the first\nid: c\ntitle: C\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := starter.Write(filepath.Join(dir, "two"), "Two"); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "lessons:\n- one # the first\n- two\nid: c\ntitle: C\n" {
		t.Errorf("%q %v", got, err)
	}
}
