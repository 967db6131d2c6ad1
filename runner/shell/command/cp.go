package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"awslab/runner/shell/workspace"
)

func cp(ctx context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "rRapfvn", map[string]byte{"no-clobber": 'n', "recursive": 'r', "archive": 'a', "force": 'f', "verbose": 'v'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	var recursive, times, verbose, keep bool
	for _, o := range opts {
		switch o.flag {
		case 'r', 'R':
			recursive = true
		case 'a':
			recursive, times = true, true
		case 'p':
			times = true
		case 'v':
			verbose = true
		case 'n':
			keep = true
		}
	}
	return c.into(names, func(from, to string) error {
		info, err := c.Files.Stat(from)
		if err != nil {
			return fmt.Errorf("cannot stat '%s': %s", from, workspace.Reason(err))
		}
		if info.IsDir() && !recursive {
			return fmt.Errorf("-r not specified; omitting directory '%s'", from)
		}
		if within(c, from, to) {
			if info.IsDir() {
				return fmt.Errorf("cannot copy a directory, '%s', into itself, '%s'", from, to)
			}
			return fmt.Errorf("'%s' and '%s' are the same file", from, to)
		}
		return c.Files.Walk(from, func(name string, info fs.FileInfo) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			target := to + strings.TrimPrefix(name, filepath.ToSlash(from))
			if verbose {
				if _, err := fmt.Fprintf(c.Stdout, "'%s' -> '%s'\n", name, target); err != nil {
					return err
				}
			}
			if info.IsDir() {
				if err := c.Files.Mkdir(target, false); err != nil && !errors.Is(err, fs.ErrExist) {
					return fmt.Errorf("cannot create directory '%s': %s", target, workspace.Reason(err))
				}
				return nil
			}
			if _, err := c.Files.Lstat(target); keep && err == nil {
				return nil
			}
			return copyFile(c, name, target, times)
		})
	})
}

// within reports whether to is from or lies in it.
func within(c *Call, from, to string) bool {
	a, errA := c.Files.Abs(from)
	b, errB := c.Files.Abs(to)
	return errA == nil && errB == nil && (a == b || strings.HasPrefix(b, a+string(filepath.Separator)))
}

func copyFile(c *Call, from, to string, times bool) error {
	in, err := c.Files.Open(from)
	if err != nil {
		return fmt.Errorf("cannot open '%s' for reading: %s", from, workspace.Reason(err))
	}
	defer func() { _ = in.Close() }() // only read
	info, err := in.Stat()
	if err != nil {
		return fmt.Errorf("cannot stat '%s': %s", from, workspace.Reason(err))
	}
	out, err := c.Files.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, info.Mode().Perm())
	if err != nil {
		return fmt.Errorf("cannot create regular file '%s': %s", to, workspace.Reason(err))
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("error writing '%s': %s", to, workspace.Reason(err))
	}
	if times {
		if err := c.Files.Chtimes(to, info.ModTime()); err != nil {
			return fmt.Errorf("preserving times for '%s': %s", to, workspace.Reason(err))
		}
	}
	return nil
}

// into calls fn for each name but the last with where it goes: the last one,
// or a place in it if that is a folder.
func (c *Call) into(names []string, fn func(from, to string) error) int {
	if len(names) < 2 {
		what := "missing file operand"
		if len(names) == 1 {
			what = fmt.Sprintf("missing destination file operand after '%s'", names[0])
		}
		return c.Fail(1, "%s", what)
	}
	from, to := names[:len(names)-1], names[len(names)-1]
	info, err := c.Files.Stat(to)
	folder := err == nil && info.IsDir()
	if len(from) > 1 && !folder {
		return c.Fail(1, "target '%s' is not a directory", to)
	}
	if strings.HasSuffix(to, "/") && !folder {
		if source, err := c.Files.Stat(from[0]); err == nil && !source.IsDir() {
			return c.Fail(1, "cannot create regular file '%s': Not a directory", to)
		}
	}
	status := 0
	for _, name := range from {
		target := to
		if folder {
			target = path.Join(filepath.ToSlash(to), path.Base(filepath.ToSlash(name)))
		}
		if err := fn(strings.TrimRight(name, "/"), target); err != nil {
			status = c.Fail(1, "%v", err)
		}
	}
	return status
}

func mv(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "fnv", map[string]byte{"force": 'f', "no-clobber": 'n'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	keep, verbose := false, false
	for _, o := range opts {
		keep = keep || o.flag == 'n'
		verbose = verbose || o.flag == 'v'
	}
	return c.into(names, func(from, to string) error {
		if _, err := c.Files.Lstat(from); err != nil {
			return fmt.Errorf("cannot stat '%s': %s", from, workspace.Reason(err))
		}
		if _, err := c.Files.Lstat(to); keep && err == nil {
			return nil
		}
		if err := c.Files.Rename(from, to); err != nil {
			return fmt.Errorf("cannot move '%s' to '%s': %s", from, to, workspace.Reason(err))
		}
		if verbose {
			_, err := fmt.Fprintf(c.Stdout, "renamed '%s' -> '%s'\n", from, to)
			return err
		}
		return nil
	})
}
