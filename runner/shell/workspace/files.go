package workspace

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// Files are a workspace's files as seen from one folder. Its methods take
// paths as the shell does; their errors are [*fs.PathError] with the path as
// given, wrapping [ErrOutside], [ErrNotRegular], [ErrFull] or the system's.
type Files struct {
	w   *Workspace
	cwd string
}

// File is an open file. For reading it is an [*os.File].
type File interface {
	io.ReadWriteCloser
	Stat() (fs.FileInfo, error)
}

// maxRead bounds [Files.ReadFile], in bytes.
const maxRead = 256 << 20

// DevNull is the only path outside the workspace that opens.
const DevNull = "/dev/null"

func (f Files) wrap(op, name string, err error) error {
	if err == nil {
		return nil
	}
	for {
		inner, ok := errors.AsType[*fs.PathError](err)
		if !ok {
			break
		}
		err = inner.Err
	}
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		err = link.Err
	}
	// The error of os.Root for a path that leads out is not exported.
	if strings.Contains(err.Error(), "escapes from parent") {
		err = ErrOutside
	}
	return &fs.PathError{Op: op, Path: name, Err: f.w.say(err)}
}

// Dir is the folder that relative paths start from.
func (f Files) Dir() string { return f.cwd }

// Abs is the path's absolute form; it says nothing about whether it exists.
func (f Files) Abs(name string) (string, error) {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return "", f.wrap("open", name, err)
	}
	return filepath.Join(f.w.dir, rel), nil
}

// Room reports whether so many more bytes fit into the workspace.
func (f Files) Room(bytes int64) error { return f.w.say(f.w.Room(bytes)) }

// Say gives an error of this package the remark that a person reads.
func (f Files) Say(err error) error { return f.w.say(err) }

// Open opens a file for reading.
func (f Files) Open(name string) (*os.File, error) {
	file, err := f.OpenFile(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	return file.(*os.File), nil
}

// Create opens a file for writing and empties it.
func (f Files) Create(name string) (File, error) {
	return f.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
}

// OpenFile opens a file as [os.OpenFile] does; writes through it are bounded.
func (f Files) OpenFile(name string, flag int, perm fs.FileMode) (File, error) {
	if name == DevNull {
		file, err := os.OpenFile(os.DevNull, flag&^(os.O_CREATE|os.O_TRUNC|os.O_EXCL), 0)
		return file, f.wrap("open", name, err)
	}
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return nil, f.wrap("open", name, err)
	}
	writes := flag&(os.O_WRONLY|os.O_RDWR) != 0
	var had int64
	before, statErr := f.w.root.Stat(rel)
	switch {
	case statErr == nil && before.IsDir():
		if writes {
			return nil, f.wrap("open", name, syscall.EISDIR)
		}
	case statErr == nil && !before.Mode().IsRegular():
		return nil, f.wrap("open", name, ErrNotRegular)
	case statErr == nil:
		had = before.Size()
	case flag&os.O_CREATE != 0:
		if err := f.w.take(0, 1); err != nil {
			return nil, f.wrap("open", name, err)
		}
	}
	// Non-blocking, should the file have become a named pipe since: opening
	// one must not hang a shell that a person wants to stop.
	file, err := f.w.root.OpenFile(rel, flag|nonblock, perm)
	if err != nil {
		return nil, f.wrap("open", name, err)
	}
	info, err := file.Stat()
	if err == nil && !info.IsDir() && !info.Mode().IsRegular() {
		err = ErrNotRegular
	}
	if err != nil {
		_ = file.Close() // nothing was written
		return nil, f.wrap("open", name, err)
	}
	if !writes {
		return file, nil
	}
	if flag&os.O_TRUNC != 0 && had > 0 {
		_ = f.w.take(-had, 0) // giving back never fails
	}
	return &writer{file: file, f: f, name: name}, nil
}

// ReadFile reads a whole file, of at most 256 MiB.
func (f Files) ReadFile(name string) ([]byte, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(file, maxRead+1))
	if err == nil && len(data) > maxRead {
		err = &limitError{kind: "read", count: maxRead >> 20}
	}
	return data, f.wrap("read", name, err)
}

// WriteFile replaces a file's content, or makes the file with mode 0644.
func (f Files) WriteFile(name string, data []byte) error {
	file, err := f.Create(name)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Close())
}

// Stat describes a file, following symbolic links inside the workspace.
func (f Files) Stat(name string) (fs.FileInfo, error) {
	if name == DevNull {
		info, err := os.Stat(os.DevNull)
		return info, f.wrap("stat", name, err)
	}
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return nil, f.wrap("stat", name, err)
	}
	info, err := f.w.root.Stat(rel)
	return info, f.wrap("stat", name, err)
}

// Lstat describes a file itself, a symbolic link as a link.
func (f Files) Lstat(name string) (fs.FileInfo, error) {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return nil, f.wrap("lstat", name, err)
	}
	info, err := f.w.root.Lstat(rel)
	return info, f.wrap("lstat", name, err)
}

// Readlink says where a symbolic link points to.
func (f Files) Readlink(name string) (string, error) {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return "", f.wrap("readlink", name, err)
	}
	target, err := f.w.root.Readlink(rel)
	return target, f.wrap("readlink", name, err)
}

// ReadDir lists a folder, sorted by name.
func (f Files) ReadDir(name string) ([]fs.DirEntry, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // only read
	entries, err := file.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, f.wrap("open", name, err)
}

// Walk calls fn for name and everything below it, folders first, with paths
// joined by slashes; it does not follow symbolic links.
func (f Files) Walk(name string, fn func(name string, info fs.FileInfo) error) error {
	info, err := f.Lstat(name)
	if err != nil {
		return err
	}
	if err := fn(name, info); err != nil || !info.IsDir() {
		return err
	}
	entries, err := f.ReadDir(name)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := f.Walk(path.Join(filepath.ToSlash(name), e.Name()), fn); err != nil {
			return err
		}
	}
	return nil
}

// Mkdir makes a folder, with all those above it if parents is set.
func (f Files) Mkdir(name string, parents bool) error {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return f.wrap("mkdir", name, err)
	}
	if err := f.w.take(0, 1); err != nil {
		return f.wrap("mkdir", name, err)
	}
	if parents {
		return f.wrap("mkdir", name, f.w.root.MkdirAll(rel, 0o755))
	}
	return f.wrap("mkdir", name, f.w.root.Mkdir(rel, 0o755))
}

// Remove removes a file or an empty folder.
func (f Files) Remove(name string) error {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return f.wrap("remove", name, err)
	}
	info, err := f.w.root.Lstat(rel)
	if err == nil {
		err = f.w.root.Remove(rel)
	}
	if err == nil && info.Mode().IsRegular() {
		_ = f.w.take(-info.Size(), -1) // giving back never fails
	}
	return f.wrap("remove", name, err)
}

// RemoveAll removes a folder with everything in it. The workspace itself is
// refused.
func (f Files) RemoveAll(name string) error {
	rel, err := f.w.name(f.cwd, name)
	if err == nil && rel == "." {
		err = errItself
	}
	if err == nil {
		err = f.w.root.RemoveAll(rel)
	}
	return f.wrap("remove", name, err)
}

// Rename moves a file or folder.
func (f Files) Rename(from, to string) error {
	oldRel, err := f.w.name(f.cwd, from)
	if err != nil {
		return f.wrap("rename", from, err)
	}
	newRel, err := f.w.name(f.cwd, to)
	if err != nil {
		return f.wrap("rename", to, err)
	}
	return f.wrap("rename", from, f.w.root.Rename(oldRel, newRel))
}

// Chmod sets a file's permission bits.
func (f Files) Chmod(name string, mode fs.FileMode) error {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return f.wrap("chmod", name, err)
	}
	return f.wrap("chmod", name, f.w.root.Chmod(rel, mode.Perm()))
}

// Chtimes sets a file's times.
func (f Files) Chtimes(name string, modified time.Time) error {
	rel, err := f.w.name(f.cwd, name)
	if err != nil {
		return f.wrap("chtimes", name, err)
	}
	return f.wrap("chtimes", name, f.w.root.Chtimes(rel, modified, modified))
}

// writer books what it writes.
type writer struct {
	file *os.File
	f    Files
	name string
}

func (w *writer) Read([]byte) (int, error)   { return 0, w.f.wrap("read", w.name, syscall.EBADF) }
func (w *writer) Close() error               { return w.f.wrap("close", w.name, w.file.Close()) }
func (w *writer) Stat() (fs.FileInfo, error) { return w.file.Stat() }

func (w *writer) Write(p []byte) (int, error) {
	if err := w.f.w.take(int64(len(p)), 0); err != nil {
		return 0, w.f.wrap("write", w.name, err)
	}
	n, err := w.file.Write(p)
	return n, w.f.wrap("write", w.name, err)
}
