// Package watch tells when a lesson's folder was saved. Start at [Open].
//
// Folders are watched, not files: most editors save by writing another file and
// renaming it over the old one, which ends the watch of a file. What a save does
// in several moves is told once, when it has been quiet for [Quiet].
package watch

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Quiet is how long nothing has to happen before a save counts as done.
const Quiet = 80 * time.Millisecond

// ErrClosed says that the watching has ended.
var ErrClosed = errors.New("the folder is not watched any more")

// Source is where the news of a file system comes from.
type Source struct {
	Events <-chan fsnotify.Event
	Errors <-chan error
	// Add watches one more folder. It may be asked for a folder twice.
	Add   func(folder string) error
	Close func() error
}

// Watcher watches a folder and what lies in it.
type Watcher struct{ from Source }

// Open watches a folder with the system's own means.
func Open(folder string) (*Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	watcher, err := From(folder, Source{Events: w.Events, Errors: w.Errors, Add: w.Add, Close: w.Close})
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return watcher, nil
}

// From watches a folder by another source.
func From(folder string, s Source) (*Watcher, error) {
	w := &Watcher{s}
	return w, w.add(folder)
}

// Close ends the watching.
func (w *Watcher) Close() error { return w.from.Close() }

// Next waits until something in the folder was saved, and for the end of that
// save. Its error is ctx's, or [ErrClosed].
func (w *Watcher) Next(ctx context.Context) error {
	var quiet <-chan time.Time // nil until something was saved
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case e, ok := <-w.from.Events:
			if !ok {
				return ErrClosed
			}
			if e.Has(fsnotify.Create) {
				// A folder that is gone again by now, or is a file, is not watched.
				_ = w.add(e.Name)
			}
			if quiet != nil || saved(e) {
				quiet = time.After(Quiet)
			}
		case _, ok := <-w.from.Errors:
			if !ok {
				return ErrClosed
			}
			// Events were lost, perhaps a save among them.
			quiet = time.After(Quiet)
		case <-quiet:
			return nil
		}
	}
}

// add watches a folder and every folder below it.
func (w *Watcher) add(folder string) error {
	info, err := os.Lstat(folder)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return &fs.PathError{Op: "watch", Path: folder, Err: errors.ErrUnsupported}
	}
	return filepath.WalkDir(folder, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case !entry.IsDir():
			return nil
		case name != folder && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir // .git, say
		}
		return w.from.Add(name)
	})
}

// saved reports whether an event may have changed what a lesson says. Editors
// keep files of their own beside the one that is written.
func saved(e fsnotify.Event) bool {
	if e.Op == fsnotify.Chmod {
		return false
	}
	name := filepath.Base(e.Name)
	for _, prefix := range []string{".", "#", "4913"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	for _, suffix := range []string{"~", ".swp", ".swx", ".tmp"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return true
}
