package watch_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"

	"awslab/runner/lesson/watch"
)

// injected is a watcher whose events a test sends.
func injected(t *testing.T, folder string) (*watch.Watcher, chan fsnotify.Event, chan error, *[]string) {
	t.Helper()
	events, errs, added := make(chan fsnotify.Event), make(chan error), &[]string{}
	w, err := watch.From(folder, watch.Source{
		Events: events, Errors: errs,
		Add:   func(folder string) error { *added = append(*added, filepath.Base(folder)); return nil },
		Close: func() error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return w, events, errs, added
}

// What each editor does on a save, as its system calls say, is one save.
func TestOneSaveIsToldOnce(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	for name, save := range map[string][]fsnotify.Event{
		"written in place":     {{Name: at("lesson.md"), Op: fsnotify.Write}, {Name: at("lesson.md"), Op: fsnotify.Write}},
		"renamed and replaced": {{Name: at("4913"), Op: fsnotify.Create}, {Name: at("4913"), Op: fsnotify.Remove}, {Name: at("lesson.md"), Op: fsnotify.Rename}, {Name: at("lesson.md~"), Op: fsnotify.Create}, {Name: at("lesson.md"), Op: fsnotify.Create}, {Name: at("lesson.md"), Op: fsnotify.Write}, {Name: at("lesson.md"), Op: fsnotify.Chmod}, {Name: at("lesson.md~"), Op: fsnotify.Remove}},
		"moved over":           {{Name: at(".lesson.md.x1"), Op: fsnotify.Create}, {Name: at(".lesson.md.x1"), Op: fsnotify.Write}, {Name: at("lesson.md"), Op: fsnotify.Create}},
		"deleted":              {{Name: at("selftest.yaml"), Op: fsnotify.Remove}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, events, _, _ := injected(t, folder)
				told := make(chan error)
				go func() { told <- w.Next(t.Context()) }()
				for _, e := range save {
					events <- e
					time.Sleep(watch.Quiet / 2) // moves synctest's clock: nobody waits
					select {
					case err := <-told:
						t.Fatalf("told before the save was over, after %s: %v", e, err)
					default:
					}
				}
				if err := <-told; err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				if err := w.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("told twice: %v", err)
				}
			})
		})
	}
}

func TestWhatIsNoSave(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w, events, _, _ := injected(t, folder)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		told := make(chan error)
		go func() { told <- w.Next(ctx) }()
		for _, e := range []fsnotify.Event{
			{Name: ".#lesson.md", Op: fsnotify.Create},
			{Name: ".lesson.md.swp", Op: fsnotify.Write},
			{Name: "#lesson.md#", Op: fsnotify.Write},
			{Name: "lesson.md~", Op: fsnotify.Create},
			{Name: "lesson.md", Op: fsnotify.Chmod},
			{Name: "lesson.md.swp", Op: fsnotify.Create},
		} {
			events <- e
		}
		if err := <-told; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("an editor's own file is told as a save: %v", err)
		}
	})
}

// Where events were lost, a save may have been among them.
func TestLostEventsCount(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		w, events, errs, _ := injected(t, folder)
		told := make(chan error)
		go func() { told <- w.Next(t.Context()) }()
		errs <- fsnotify.ErrEventOverflow
		if err := <-told; err != nil {
			t.Error(err)
		}
		close(events)
		if err := w.Next(t.Context()); !errors.Is(err, watch.ErrClosed) {
			t.Errorf("after the end: %v", err)
		}
	})
}

func TestFoldersBelowAreWatched(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	for _, name := range []string{"files/deep", ".git/objects"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	later := filepath.Join(folder, "later")
	synctest.Test(t, func(t *testing.T) {
		w, events, _, added := injected(t, folder)
		if err := os.Mkdir(later, 0o700); err != nil {
			t.Fatal(err)
		}
		told := make(chan error)
		go func() { told <- w.Next(t.Context()) }()
		events <- fsnotify.Event{Name: later, Op: fsnotify.Create}
		if err := <-told; err != nil {
			t.Fatal(err)
		}
		if want := []string{filepath.Base(folder), "files", "deep", "later"}; !slices.Equal(*added, want) {
			t.Errorf("watched %v, want %v", *added, want)
		}
	})
}

// The system's own news arrive, also of a file that is renamed over another.
func TestARealSave(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("lesson.md", "one")
	w, err := watch.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	write("lesson.md", "two")
	if err := w.Next(ctx); err != nil {
		t.Error("written in place:", err)
	}
	for range 2 {
		write(".new", "three")
		if err := os.Rename(filepath.Join(folder, ".new"), filepath.Join(folder, "lesson.md")); err != nil {
			t.Fatal(err)
		}
		if err := w.Next(ctx); err != nil {
			t.Error("renamed over:", err)
		}
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	if err := w.Next(ctx); !errors.Is(err, watch.ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}
