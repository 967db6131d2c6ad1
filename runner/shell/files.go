package shell

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"mvdan.cc/sh/v3/interp"
)

// The interpreter's own way to files: redirections, globs, tests and cd.

func (b *block) open(ctx context.Context, path string, flag int, perm fs.FileMode) (io.ReadWriteCloser, error) {
	hc := interp.HandlerCtx(ctx)
	switch path {
	case "/dev/stdin":
		return shared{Reader: hc.Stdin}, nil
	case "/dev/stdout":
		return shared{Writer: hc.Stdout}, nil
	case "/dev/stderr":
		return shared{Writer: hc.Stderr}, nil
	}
	file, err := b.shell.space.At(hc.Dir).OpenFile(path, flag, perm)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.opened = append(b.opened, file)
	b.mu.Unlock()
	if flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		return file, nil
	}
	return &redirected{b: b, file: file}, nil
}

func (b *block) readDir(ctx context.Context, path string) ([]fs.DirEntry, error) {
	entries, err := b.shell.space.At(interp.HandlerCtx(ctx).Dir).ReadDir(path)
	if err != nil {
		// A pattern that leads nowhere matches nothing.
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return entries, nil
}

func (b *block) stat(ctx context.Context, path string, follow bool) (fs.FileInfo, error) {
	files := b.shell.space.At(interp.HandlerCtx(ctx).Dir)
	if follow {
		return files.Stat(path)
	}
	return files.Lstat(path)
}

func (b *block) access(ctx context.Context, path string, mode interp.AccessMode) error {
	info, err := b.shell.space.At(interp.HandlerCtx(ctx).Dir).Stat(path)
	if err != nil {
		return err
	}
	// The owner's bits: the workspace is the student's own.
	if bits := uint32(info.Mode().Perm()) >> 6; bits&uint32(mode) != uint32(mode) && (runtime.GOOS != "windows" || mode != interp.AccessExec) {
		return &fs.PathError{Op: "access", Path: filepath.Base(path), Err: fs.ErrPermission}
	}
	return nil
}
