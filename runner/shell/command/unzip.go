package command

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path"
	"strings"

	"awslab/runner/shell/workspace"
)

func unzip(ctx context.Context, c *Call) int {
	opts, names, err := parse(c.Args, "onqlpjd:", nil)
	if err != nil {
		return c.Fail(10, "%v", err)
	}
	flags, folder := make(map[byte]bool), ""
	for _, o := range opts {
		if flags[o.flag] = true; o.flag == 'd' {
			folder = o.value
		}
	}
	if len(names) == 0 {
		return c.Fail(10, "no archive named")
	}
	archive, wanted := names[0], names[1:]
	data, err := c.Files.ReadFile(archive)
	if errors.Is(err, fs.ErrNotExist) && path.Ext(archive) == "" {
		data, err = c.Files.ReadFile(archive + ".zip")
	}
	if err != nil {
		return c.Fail(9, "cannot find or open %s: %s", archive, workspace.Reason(err))
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return c.Fail(9, "%s: %v", archive, err)
	}
	say := func(format string, args ...any) error {
		if flags['q'] || flags['p'] {
			return nil
		}
		_, err := fmt.Fprintf(c.Stdout, format, args...)
		return err
	}
	if err := say("Archive:  %s\n", archive); err != nil {
		return ended(err, 1)
	}
	if flags['l'] {
		return unzipList(c, r.File, wanted)
	}
	if err := unzipRoom(c, r.File, wanted, flags['p']); err != nil {
		return c.Fail(50, "%s: %s", archive, workspace.Reason(err))
	}
	status, found := 0, false
	for _, f := range r.File {
		if err := ctx.Err(); err != nil {
			return 130
		}
		if len(wanted) > 0 && !zipMatches(wanted, f.Name) {
			continue
		}
		found = true
		if flags['p'] {
			if err := unzipTo(c.Stdout, f); err != nil {
				return ended(err, 1)
			}
			continue
		}
		if err := unzipOne(c, f, folder, flags, say); err != nil {
			if code := ended(err, 1); code != 1 {
				return code
			}
			status = c.Fail(1, "%s: %s", f.Name, workspace.Reason(err))
		}
	}
	if len(wanted) > 0 && !found {
		return c.Fail(11, "caution: filename not matched:  %s", strings.Join(wanted, " "))
	}
	return status
}

// unzipRoom refuses an archive that says itself that it will not fit, before
// hundreds of megabytes are written; one that lies is stopped when it does not.
func unzipRoom(c *Call, files []*zip.File, wanted []string, printed bool) error {
	if printed {
		return nil
	}
	var total uint64
	for _, f := range files {
		if len(wanted) == 0 || zipMatches(wanted, f.Name) {
			total += min(f.UncompressedSize64, math.MaxInt32*1024)
		}
	}
	return c.Files.Room(int64(min(total, math.MaxInt64/2)))
}

func unzipOne(c *Call, f *zip.File, folder string, flags map[byte]bool, say func(string, ...any) error) error {
	name := strings.ReplaceAll(f.Name, `\`, "/")
	if name != path.Clean(name) && name != path.Clean(name)+"/" || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "../") || name == ".." {
		return c.Files.Say(workspace.ErrOutside)
	}
	if mode := f.Mode(); !mode.IsRegular() && !mode.IsDir() {
		return c.Files.Say(workspace.ErrNotRegular)
	}
	isFolder := strings.HasSuffix(name, "/")
	if flags['j'] {
		if isFolder {
			return nil
		}
		name = path.Base(name)
	}
	target := path.Join(folder, name)
	if isFolder {
		if _, err := c.Files.Stat(target); err == nil {
			return nil
		}
		if err := say("   creating: %s/\n", target); err != nil {
			return err
		}
		return c.Files.Mkdir(target, true)
	}
	if _, err := c.Files.Lstat(target); err == nil && !flags['o'] {
		if flags['n'] {
			return nil
		}
		return c.own(c.words.UnzipExists, nil)
	}
	if dir := path.Dir(target); dir != "." {
		if _, err := c.Files.Stat(dir); err != nil {
			if err := c.Files.Mkdir(dir, true); err != nil {
				return err
			}
		}
	}
	verb := "  inflating"
	if f.Method == zip.Store {
		verb = " extracting"
	}
	if err := say("%s: %-22s  \n", verb, target); err != nil {
		return err
	}
	out, err := c.Files.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, f.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	err = unzipTo(out, f)
	return errors.Join(err, out.Close())
}

func unzipTo(to io.Writer, f *zip.File) error {
	in, err := f.Open()
	if err != nil {
		return err
	}
	_, err = io.Copy(to, in)
	return errors.Join(err, in.Close())
}

func unzipList(c *Call, files []*zip.File, wanted []string) int {
	var out strings.Builder
	out.WriteString("  Length      Date    Time    Name\n---------  ---------- -----   ----\n")
	var total uint64
	count := 0
	for _, f := range files {
		if len(wanted) > 0 && !zipMatches(wanted, f.Name) {
			continue
		}
		total += f.UncompressedSize64
		count++
		fmt.Fprintf(&out, "%9d  %s   %s\n", f.UncompressedSize64, f.Modified.Format("2006-01-02 15:04"), f.Name)
	}
	plural := "s"
	if count == 1 {
		plural = ""
	}
	fmt.Fprintf(&out, "---------                     -------\n%9d                     %d file%s\n", total, count, plural)
	_, err := io.WriteString(c.Stdout, out.String())
	return ended(err, 0)
}
