package command

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/shell/workspace"
)

// fileCommands are those that work on files and folders.
func fileCommands() []Spec {
	return []Spec{
		{Name: "ls", Run: ls},
		{Name: "cat", Run: cat},
		{Name: "cp", Run: cp},
		{Name: "mv", Run: mv},
		{Name: "rm", Run: rm},
		{Name: "mkdir", Run: mkdir},
		{Name: "rmdir", Run: rmdir},
		{Name: "touch", Run: touch},
		{Name: "chmod", Run: chmod},
		{Name: "basename", Run: basename},
		{Name: "dirname", Run: dirname},
	}
}

type lsOptions struct {
	all, dots, long, self, recursive, reverse, slash, human bool
	by                                                      byte // 't', 'S' or 0 for the name
}

// order sorts files as the options say; by name they are sorted already.
func (o lsOptions) order(files []lsFile) {
	slices.SortStableFunc(files, func(a, b lsFile) int {
		n := 0
		switch o.by {
		case 't':
			n = b.info.ModTime().Compare(a.info.ModTime())
		case 'S':
			n = cmp.Compare(b.info.Size(), a.info.Size())
		}
		n = cmp.Or(n, strings.Compare(a.name, b.name))
		if o.reverse {
			return -n
		}
		return n
	})
}

type lsFile struct {
	name string
	info fs.FileInfo
}

func ls(_ context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "aAl1dRhtrSp", map[string]byte{"all": 'a', "almost-all": 'A', "directory": 'd', "recursive": 'R', "reverse": 'r', "human-readable": 'h'})
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
		case 'r':
			o.reverse = true
		case 'p':
			o.slash = true
		case 'h':
			o.human = true
		case 't', 'S':
			o.by = opt.flag
		}
	}
	if len(names) == 0 {
		names = []string{"."}
	}
	out := bufio.NewWriter(c.Stdout)
	status := 0
	var folders, alone []lsFile
	files := 0
	for _, name := range names {
		info, err := c.Files.Stat(name)
		if err != nil {
			status = c.Fail(2, "cannot access '%s': %s", name, workspace.Reason(err))
			continue
		}
		if info.IsDir() && !o.self {
			folders = append(folders, lsFile{name, info})
			continue
		}
		files++
		alone = append(alone, lsFile{name, info})
	}
	o.order(alone)
	for _, f := range alone {
		lsLine(out, o, f.name, f.info)
	}
	o.order(folders)
	titled := o.recursive || len(names) > 1
	for len(folders) > 0 {
		folder := folders[0].name
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
		var below, here []lsFile
		for _, e := range entries {
			if strings.HasPrefix(e.Name(), ".") && !o.all {
				continue
			}
			info, err := e.Info()
			if err != nil {
				continue // removed meanwhile
			}
			here = append(here, lsFile{e.Name(), info})
		}
		o.order(here)
		for _, f := range here {
			lsLine(out, o, f.name, f.info)
			if o.recursive && f.info.IsDir() {
				below = append(below, lsFile{strings.TrimSuffix(folder, "/") + "/" + f.name, f.info})
			}
		}
		folders = slices.Concat(below, folders)
	}
	return ended(out.Flush(), status)
}

func lsLine(out *bufio.Writer, o lsOptions, name string, info fs.FileInfo) {
	if o.long {
		size := strconv.FormatInt(info.Size(), 10)
		if o.human {
			size = humanSize(info.Size())
		}
		_, _ = fmt.Fprintf(out, "%s %10s %s ", info.Mode(), size, info.ModTime().Format("Jan _2 15:04")) // Flush reports it
	}
	if o.slash && info.IsDir() && !strings.HasSuffix(name, "/") {
		name += "/"
	}
	_, _ = fmt.Fprintln(out, name) // Flush reports it
}

// humanSize is a size with a unit, rounded up, as ls -h prints it.
func humanSize(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10)
	}
	value := float64(n)
	for _, unit := range "KMGTPE" {
		value /= 1024
		switch up := math.Ceil(value*10) / 10; {
		case up < 10:
			return fmt.Sprintf("%.1f%c", up, unit)
		case math.Ceil(value) < 1024:
			return fmt.Sprintf("%.0f%c", math.Ceil(value), unit)
		}
	}
	return strconv.FormatInt(n, 10)
}
