// Package workspace confines files to one folder: the lesson's workspace.
//
// Everything that the lesson's shell and its commands do with files goes
// through a [Files], which takes paths as a person writes them (relative to a
// current folder, or absolute under the workspace's own path), and reaches the
// disk only through [os.Root]: "..", absolute paths and symbolic links that
// lead out are refused with [ErrOutside]. Only regular files and folders are
// opened; a named pipe or a device in the workspace is refused, because
// opening one can block for ever. The one exception is /dev/null.
//
// Writes are bounded by [Limits]: bytes and entries, both of the whole
// workspace, so that a runaway loop cannot fill the student's disk. The bound
// is on what goes through this package; a program that writes by itself
// (Python) has its own sandbox.
//
// The package imports runner/text only, for the remarks of its refusals. Start
// reading at [Files].
package workspace

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"awslab/runner/text"
)

// ErrOutside is why a path that leads out of the workspace is refused.
var ErrOutside = errors.New("permission denied: outside the lesson's workspace")

// ErrNotRegular is why a named pipe, a socket or a device is refused.
var ErrNotRegular = errors.New("permission denied: neither a regular file nor a folder")

// ErrFull is why a write beyond [Limits] is refused.
var ErrFull = errors.New("no space left in the lesson's workspace")

// Limits bound what the workspace may hold. Zero fields take the defaults.
type Limits struct {
	Bytes   int64 // all files together; 512 MiB
	Entries int   // files and folders; 20,000
}

// Workspace is one folder and its bounds. It is safe for concurrent use.
type Workspace struct {
	root  *os.Root
	dir   string
	alias string // dir with its symbolic links resolved
	max   Limits
	words text.WorkspaceWords

	mu       sync.Mutex
	measured bool
	bytes    int64
	entries  int
}

// Open opens the folder dir, which must exist, as a workspace. Behind what the
// system would say of a refusal stands a remark of words.
func Open(dir string, limits Limits, words text.WorkspaceWords) (*Workspace, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("workspace: %w", err)
	}
	alias, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return nil, fmt.Errorf("workspace: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("workspace: %w", err)
	}
	if limits.Bytes <= 0 {
		limits.Bytes = 512 << 20
	}
	if limits.Entries <= 0 {
		limits.Entries = 20_000
	}
	return &Workspace{root: root, dir: dir, alias: alias, max: limits, words: words}, nil
}

// Close releases the folder. Files that are open stay so.
func (w *Workspace) Close() error { return w.root.Close() }

// Dir is the workspace's absolute path.
func (w *Workspace) Dir() string { return w.dir }

// Root is the confined folder itself.
func (w *Workspace) Root() *os.Root { return w.root }

// At returns the workspace's files as seen from the folder cwd, an absolute
// path under [Workspace.Dir].
func (w *Workspace) At(cwd string) Files { return Files{w: w, cwd: cwd} }

// name maps a path to one that is relative to the root.
func (w *Workspace) name(cwd, path string) (string, error) {
	if path == "" {
		return "", fs.ErrNotExist
	}
	if strings.ContainsRune(path, 0) {
		return "", fs.ErrInvalid
	}
	path = filepath.FromSlash(path)
	if !filepath.IsAbs(path) {
		if runtime.GOOS == "windows" && (filepath.VolumeName(path) != "" || path[0] == filepath.Separator) {
			return "", ErrOutside
		}
		path = filepath.Join(cwd, path)
	}
	path = filepath.Clean(path)
	for _, dir := range []string{w.dir, w.alias} {
		if path == dir {
			return ".", nil
		}
		if rest, ok := strings.CutPrefix(path, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator)); ok {
			return rest, nil
		}
	}
	return "", ErrOutside
}

// take books n more bytes and entries, or refuses.
func (w *Workspace) take(bytes int64, entries int) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.measured {
		w.measure()
	}
	if bytes > 0 && w.bytes+bytes > w.max.Bytes {
		// What others removed meanwhile counts in the writer's favour.
		if w.measure(); w.bytes+bytes > w.max.Bytes {
			return &limitError{ErrFull, "bytes", w.max.Bytes >> 20}
		}
	}
	if entries > 0 && w.entries+entries > w.max.Entries {
		if w.measure(); w.entries+entries > w.max.Entries {
			return &limitError{ErrFull, "files", int64(w.max.Entries)}
		}
	}
	w.bytes += bytes
	w.entries += entries
	return nil
}

// Room reports whether so many more bytes would fit, as of now; the error is
// what writing them would give.
func (w *Workspace) Room(bytes int64) error {
	if err := w.take(bytes, 0); err != nil {
		return err
	}
	return w.take(-bytes, 0)
}

// measure counts what the workspace holds now. Entries that cannot be read
// count as empty: the bound is a guard rail, not an account.
func (w *Workspace) measure() {
	w.measured, w.bytes, w.entries = true, 0, 0
	_ = fs.WalkDir(w.root.FS(), ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // see above
		}
		w.entries++
		if d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				w.bytes += info.Size()
			}
		}
		return nil
	})
}

// Reason is the sentence that Unix tools print for err: "No such file or
// directory".
func Reason(err error) string {
	var own *refusal
	switch {
	case err == nil:
		return ""
	case errors.As(err, &own):
		return strings.TrimPrefix(own.system+": "+own.remark, ": ")
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, syscall.ENOTEMPTY):
		return "Directory not empty"
	case errors.Is(err, fs.ErrExist):
		return "File exists"
	case errors.Is(err, syscall.EISDIR):
		return "Is a directory"
	case errors.Is(err, syscall.ENOTDIR):
		return "Not a directory"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	}
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		err = path.Err
	}
	return err.Error()
}
