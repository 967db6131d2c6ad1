// Package starter is the lesson that a new lesson starts from: small, complete,
// and proved by its own selftest.yaml. The files are in the folder lesson;
// {{id}} and {{title}} stand for the new lesson's. Start at [Write].
package starter

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"awslab/runner/lesson/yamltree"
)

//go:embed lesson
var files embed.FS

// Files gives the files of a new lesson.
func Files(id, title string) (map[string]string, error) {
	fill := strings.NewReplacer("{{id}}", id, "{{title}}", title, "{{yaml-title}}", quoted(title))
	filled := map[string]string{}
	err := fs.WalkDir(files, "lesson", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := files.ReadFile(name)
		filled[strings.TrimPrefix(name, "lesson/")] = fill.Replace(string(data))
		return err
	})
	return filled, err
}

var plain = regexp.MustCompile(`^\pL[\pL\pN ,.?!'()-]*$`)

// quoted is text as YAML takes it.
func quoted(text string) string {
	if plain.MatchString(text) {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// Written says what [Write] did.
type Written struct {
	Files []string // that are new, with dir before them
	// Listed says that the course.yaml beside the lesson names it now. Where it
	// is false, the course is written in a way that only a person can add to.
	Listed bool
}

// Write makes a lesson in the folder dir, whose last element is the lesson's
// id, and puts it into the course.yaml beside it, which it makes if there is
// none. Nothing that is there is overwritten: a folder that is not empty is
// fs.ErrExist.
func Write(dir, title string) (Written, error) {
	var w Written
	id := filepath.Base(dir)
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return w, fmt.Errorf("%s: %w", dir, fs.ErrExist)
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return w, err
	}
	contents, err := Files(id, title)
	if err != nil {
		return w, err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return w, err
	}
	for _, name := range []string{"lesson.md", "lesson.ko.md", "selftest.yaml"} {
		full := filepath.Join(dir, name)
		if err := os.WriteFile(full, []byte(contents[name]), 0o666); err != nil {
			return w, err
		}
		w.Files = append(w.Files, full)
	}
	return w, w.list(filepath.Join(filepath.Dir(dir), "course.yaml"), id)
}

// list puts the lesson at the end of a course's list.
func (w *Written) list(course, id string) error {
	data, err := os.ReadFile(course)
	if errors.Is(err, fs.ErrNotExist) {
		w.Files, w.Listed = append(w.Files, course), true
		return os.WriteFile(course, []byte("# A course: its lessons, in the order in which they are taken.\nid: my-course\ntitle: My course\nlessons:\n  - "+id+"\n"), 0o666)
	}
	if err != nil {
		return err
	}
	text, listed := withLesson(string(data), id)
	if w.Listed = listed; !listed {
		return nil
	}
	return os.WriteFile(course, []byte(text), 0o666)
}

// withLesson adds an item under the last one of `lessons`, if each has a line
// of its own.
func withLesson(course, id string) (string, bool) {
	tree, mistakes := yamltree.Parse([]byte(course), 1)
	if tree == nil || len(mistakes) > 0 {
		return course, false
	}
	list, ok := tree.Get("lessons")
	if !ok || list.Kind != yamltree.List || len(list.Items) == 0 {
		return course, false
	}
	lines := strings.SplitAfter(course, "\n")
	for _, item := range list.Items {
		if item.Text == id {
			return course, true
		}
	}
	last := list.Items[len(list.Items)-1]
	line := lines[last.Line-1]
	dash := strings.TrimLeft(line, " ")
	if !strings.HasPrefix(dash, "- ") {
		return course, false
	}
	lines[last.Line-1] = strings.TrimSuffix(line, "\n") + "\n" + line[:len(line)-len(dash)] + "- " + id + "\n"
	return strings.Join(lines, ""), true
}
