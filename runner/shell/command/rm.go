package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"awslab/runner/shell/workspace"
)

func rm(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "rRfdv", map[string]byte{"recursive": 'r', "force": 'f'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	var recursive, force, empty, verbose bool
	for _, o := range opts {
		switch o.flag {
		case 'r', 'R':
			recursive = true
		case 'f':
			force = true
		case 'd':
			empty = true
		case 'v':
			verbose = true
		}
	}
	if len(names) == 0 && !force {
		return c.Fail(1, "missing operand")
	}
	status := 0
	for _, name := range names {
		info, err := c.Files.Lstat(name)
		switch {
		case errors.Is(err, fs.ErrNotExist) && force:
			continue
		case err != nil:
		case info.IsDir() && !recursive && !empty:
			status = c.Fail(1, "cannot remove '%s': Is a directory", name)
			continue
		case info.IsDir() && recursive:
			err = c.Files.RemoveAll(name)
		default:
			err = c.Files.Remove(name)
		}
		if err != nil {
			status = c.Fail(1, "cannot remove '%s': %s", name, workspace.Reason(err))
			continue
		}
		if verbose {
			what := "removed"
			if info.IsDir() {
				what = "removed directory"
			}
			if _, err := fmt.Fprintf(c.Stdout, "%s '%s'\n", what, name); err != nil {
				return ended(err, 1)
			}
		}
	}
	return status
}

func mkdir(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "pvm:", map[string]byte{"parents": 'p'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	parents, verbose, mode := false, false, ""
	for _, o := range opts {
		switch o.flag {
		case 'p':
			parents = true
		case 'v':
			verbose = true
		case 'm':
			mode = o.value
		}
	}
	bits, ok := chmodMode(0o777, mode)
	if mode != "" && !ok {
		return c.Fail(1, "invalid mode '%s'", mode)
	}
	if len(names) == 0 {
		return c.Fail(1, "missing operand")
	}
	status := 0
	for _, name := range names {
		if err := c.Files.Mkdir(name, parents); err != nil {
			status = c.Fail(1, "cannot create directory '%s': %s", name, workspace.Reason(err))
			continue
		}
		if mode != "" {
			if err := c.Files.Chmod(name, bits); err != nil {
				status = c.Fail(1, "cannot set permissions '%s': %s", name, workspace.Reason(err))
			}
		}
		if verbose {
			if _, err := fmt.Fprintf(c.Stdout, "mkdir: created directory '%s'\n", name); err != nil {
				return ended(err, 1)
			}
		}
	}
	return status
}

func rmdir(_ context.Context, c *Call) int {
	_, names, err := parse(c.Args, "", nil)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(names) == 0 {
		return c.Fail(1, "missing operand")
	}
	status := 0
	for _, name := range names {
		info, err := c.Files.Lstat(name)
		if err == nil && !info.IsDir() {
			status = c.Fail(1, "failed to remove '%s': Not a directory", name)
			continue
		}
		if err == nil {
			err = c.Files.Remove(name)
		}
		if err != nil {
			status = c.Fail(1, "failed to remove '%s': %s", name, workspace.Reason(err))
		}
	}
	return status
}

func touch(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "c", map[string]byte{"no-create": 'c'})
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if len(names) == 0 {
		return c.Fail(1, "missing file operand")
	}
	status := 0
	for _, name := range names {
		_, err := c.Files.Stat(name)
		if errors.Is(err, fs.ErrNotExist) {
			if len(opts) > 0 {
				continue
			}
			var file workspace.File
			if file, err = c.Files.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o644); err == nil {
				err = file.Close()
			}
		}
		if err == nil {
			err = c.Files.Chtimes(name, c.Now())
		}
		if err != nil {
			status = c.Fail(1, "cannot touch '%s': %s", name, workspace.Reason(err))
		}
	}
	return status
}

func chmod(_ context.Context, c *Call) int {
	if len(c.Args) < 2 {
		return c.Fail(1, "missing operand")
	}
	if _, ok := chmodMode(0, c.Args[0]); !ok {
		return c.Fail(1, "invalid mode: '%s'", c.Args[0])
	}
	status := 0
	for _, name := range c.Args[1:] {
		info, err := c.Files.Stat(name)
		if err == nil {
			mode, _ := chmodMode(info.Mode().Perm(), c.Args[0]) // looked at above
			err = c.Files.Chmod(name, mode)
		}
		if err != nil {
			status = c.Fail(1, "cannot access '%s': %s", name, workspace.Reason(err))
		}
	}
	return status
}

func chmodMode(old fs.FileMode, text string) (fs.FileMode, bool) {
	if n, err := strconv.ParseUint(text, 8, 32); err == nil {
		return fs.FileMode(n).Perm(), n <= 0o7777
	}
	for _, clause := range strings.Split(text, ",") {
		i := strings.IndexAny(clause, "+-=")
		if i < 0 || strings.Trim(clause[:i], "ugoa") != "" || strings.Trim(clause[i+1:], "rwxX") != "" {
			return 0, false
		}
		var who, bits fs.FileMode
		for letter, mask := range map[string]fs.FileMode{"u": 0o700, "g": 0o070, "o": 0o007, "a": 0o777} {
			if strings.Contains(clause[:i], letter) {
				who |= mask
			}
		}
		if i == 0 {
			who = 0o777
		}
		for letter, mask := range map[string]fs.FileMode{"r": 0o444, "w": 0o222, "x": 0o111, "X": 0o111} {
			if strings.Contains(clause[i+1:], letter) {
				bits |= mask
			}
		}
		switch clause[i] {
		case '+':
			old |= who & bits
		case '-':
			old &^= who & bits
		case '=':
			old = old&^who | who&bits
		}
	}
	return old, true
}
