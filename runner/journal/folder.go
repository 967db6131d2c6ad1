package journal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// makeFolder makes the journal's folder durably, and removes what a crash left
// of files that were being put in place.
func makeFolder(dir string) error {
	_, err := os.Stat(dir)
	fresh := errors.Is(err, os.ErrNotExist)
	if err := os.MkdirAll(filepath.Join(dir, "blobs"), 0o700); err != nil {
		return err
	}
	if fresh {
		if err := syncDir(filepath.Dir(dir)); err != nil {
			return err
		}
	}
	for _, folder := range []string{dir, filepath.Join(dir, "blobs")} {
		names, err := os.ReadDir(folder)
		if err != nil {
			return err
		}
		for _, name := range names {
			if strings.HasPrefix(name.Name(), unfinished) {
				if err := os.Remove(filepath.Join(folder, name.Name())); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// SetAside moves a journal's folder, whole, to a name beside it, so that a fresh
// one can start in its place: what a person may want of a journal that this
// awslab cannot replay. No process may have it open. Where there is no such folder
// nothing is moved, and the name is empty.
func SetAside(dir string, now time.Time) (aside string, err error) {
	if _, err := os.Lstat(dir); errors.Is(err, os.ErrNotExist) {
		return "", nil
	}
	base := filepath.Clean(dir) + ".aside-" + now.UTC().Format("20060102T150405Z")
	aside = base
	for n := 2; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, os.ErrNotExist) {
			break
		} else if err != nil {
			return "", err
		}
		aside = fmt.Sprintf("%s-%d", base, n)
	}
	if err := os.Rename(dir, aside); err != nil {
		return "", err
	}
	return aside, syncDir(filepath.Dir(aside))
}

// syncDir makes a new name in a folder durable. Windows cannot, and need not.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = f.Sync()
	if errors.Is(err, os.ErrInvalid) || errors.Is(err, os.ErrPermission) {
		err = nil
	}
	return errors.Join(err, f.Close())
}

// unfinished starts the name of a file that is being written.
const unfinished = ".new-"

// writeFile puts a file in place in one step, flushed.
func writeFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), unfinished+"*")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(path))
}
