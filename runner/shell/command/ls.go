package command

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"awslab/runner/shell/workspace"
)

// fileCommands are those that work on files and folders.
func fileCommands() []Spec {
	return []Spec{
		{"ls", "list files", lsUsage, ls},
		{"cat", "print files", catUsage, cat},
		{"cp", "copy files", cpUsage, cp},
		{"mv", "move or rename files", mvUsage, mv},
		{"rm", "remove files", rmUsage, rm},
		{"mkdir", "make folders", mkdirUsage, mkdir},
		{"rmdir", "remove empty folders", rmdirUsage, rmdir},
		{"touch", "make empty files, or set their time to now", touchUsage, touch},
		{"chmod", "change a file's permissions", chmodUsage, chmod},
		{"basename", "print a path's last part", basenameUsage, basename},
		{"dirname", "print a path without its last part", dirnameUsage, dirname},
	}
}

const lsUsage = `
usage: ls [-a] [-l] [-1] [-d] [-R] [FILE...]
  -a  names that start with a dot, too (-A: but not . and ..)
  -l  mode, size and time as well
  -1  one name a line, as always here
  -d  a folder itself, not what is in it
  -R  folders within folders
`

type lsOptions struct{ all, dots, long, self, recursive bool }

func ls(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "aAl1dRht", map[string]byte{"all": 'a', "almost-all": 'A', "directory": 'd', "recursive": 'R'})
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	var o lsOptions
	for _, opt := range opts {
		switch opt.flag {
		case 'a', 'A':
			o.all = true
			o.dots = o.dots || opt.flag == 'a'
		case 'l':
			o.long = true
		case 'd':
			o.self = true
		case 'R':
			o.recursive = true
		}
	}
	if len(names) == 0 {
		names = []string{"."}
	}
	out := bufio.NewWriter(c.Stdout)
	status := 0
	var folders []string
	files := 0
	for _, name := range names {
		info, err := c.Files.Stat(name)
		if err != nil {
			status = c.Fail(2, "cannot access '%s': %s", name, workspace.Reason(err))
			continue
		}
		if info.IsDir() && !o.self {
			folders = append(folders, name)
			continue
		}
		files++
		lsLine(out, o, name, info)
	}
	titled := o.recursive || len(names) > 1
	for len(folders) > 0 {
		folder := folders[0]
		folders = folders[1:]
		entries, err := c.Files.ReadDir(folder)
		if err != nil {
			status = c.Fail(2, "cannot open directory '%s': %s", folder, workspace.Reason(err))
			continue
		}
		if titled {
			if files > 0 {
				_, _ = fmt.Fprintln(out) // Flush reports it
			}
			_, _ = fmt.Fprintf(out, "%s:\n", folder) // Flush reports it
		}
		files++
		if o.dots {
			for _, name := range []string{".", ".."} {
				if info, err := c.Files.Stat(folder); err == nil {
					lsLine(out, o, name, info)
				}
			}
		}
		var below []string
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && !o.all {
				continue
			}
			info, err := e.Info()
			if err != nil {
				continue // removed meanwhile
			}
			lsLine(out, o, e.Name(), info)
			if o.recursive && e.IsDir() {
				below = append(below, path.Join(folder, e.Name()))
			}
		}
		folders = slices.Concat(below, folders)
	}
	return ended(out.Flush(), status)
}

func lsLine(out *bufio.Writer, o lsOptions, name string, info fs.FileInfo) {
	if o.long {
		_, _ = fmt.Fprintf(out, "%s %10d %s ", info.Mode(), info.Size(), info.ModTime().Format("Jan _2 15:04")) // Flush reports it
	}
	_, _ = fmt.Fprintln(out, name) // Flush reports it
}
