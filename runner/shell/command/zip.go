package command

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"time"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// zipTime is the time of every entry, the earliest that the format knows.
var zipTime = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

type zipEntry struct {
	name   string
	source string // in the workspace; "" for an entry that stays
	folder bool
	mode   fs.FileMode
	old    *zip.File
}

func zipFiles(ctx context.Context, c *Call) int {
	args, exclude := c.Args, []string(nil)
	for i, a := range args {
		if a == "-x" || a == "--exclude" {
			args, exclude = c.Args[:i], c.Args[i+1:]
			break
		}
	}
	opts, names, err := parse(args, "rjquXy0123456789vdD", map[string]byte{"recurse-paths": 'r', "junk-paths": 'j', "quiet": 'q', "update": 'u', "delete": 'd', "no-extra": 'X'})
	if err != nil {
		return c.Fail(16, "error: Invalid command arguments (%v)", err)
	}
	flags := make(map[byte]bool)
	for _, o := range opts {
		flags[o.flag] = true
	}
	if len(names) == 0 {
		return c.Fail(16, "error: Invalid command arguments (no archive named)")
	}
	archive, names := names[0], names[1:]
	if path.Ext(archive) == "" {
		archive += ".zip"
	}
	entries, closeOld, err := zipOpen(c, archive)
	if err != nil {
		return c.Fail(3, "error: Zip file structure invalid (%s): %v", archive, err)
	}
	defer closeOld()
	say := func(format string, args ...any) {
		if !flags['q'] {
			_, _ = fmt.Fprintf(c.Stdout, format, args...) // the archive matters, not the talk
		}
	}
	existed := len(entries) > 0
	if flags['d'] {
		kept := entries[:0]
		for _, e := range entries {
			if zipMatches(names, e.name) {
				say("deleting: %s\n", e.name)
				continue
			}
			kept = append(kept, e)
		}
		if len(kept) == len(entries) {
			return c.Fail(12, "error: Nothing to do! (%s)", archive)
		}
		entries = kept
	} else {
		added, status := zipGather(ctx, c, names, archive, exclude, flags['r'], flags['j'])
		if len(added) == 0 {
			if status == 130 {
				return status
			}
			return c.Fail(12, "error: Nothing to do! (%s)", archive)
		}
		for _, e := range added {
			entries = zipPut(entries, e)
		}
	}
	data, err := zipWrite(ctx, c, entries, say)
	if ctx.Err() != nil {
		return 130
	}
	if err == nil && len(entries) == 0 && existed {
		err = c.Files.Remove(archive)
	} else if err == nil {
		// First beside it: an archive that is cut off is worse than none.
		part := archive + ".part"
		if err = c.Files.WriteFile(part, data); err == nil {
			err = c.Files.Rename(part, archive)
		}
		if err != nil {
			_ = c.Files.Remove(part) // it may not be there
		}
	}
	if err != nil {
		return c.Fail(15, "error: Could not create output file (%s): %s", archive, workspace.Reason(err))
	}
	return 0
}

// zipOpen reads what an archive holds; none holds nothing.
func zipOpen(c *Call, archive string) ([]zipEntry, func(), error) {
	nothing := func() {}
	data, err := c.Files.ReadFile(archive)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nothing, nil
	}
	if err != nil {
		return nil, nothing, errors.New(workspace.Reason(err))
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, nothing, err
	}
	var entries []zipEntry
	for _, f := range r.File {
		entries = append(entries, zipEntry{name: f.Name, folder: strings.HasSuffix(f.Name, "/"), mode: f.Mode(), old: f})
	}
	return entries, nothing, nil
}

func zipMatches(patterns []string, name string) bool {
	for _, p := range patterns {
		// In zip's patterns, * crosses slashes.
		ok, err := path.Match(strings.ReplaceAll(p, "/", "\x00"), strings.ReplaceAll(name, "/", "\x00"))
		if err == nil && ok || p == name {
			return true
		}
	}
	return false
}

// zipGather lists the files to add, in the order given, folders in theirs.
func zipGather(ctx context.Context, c *Call, names []string, archive string, exclude []string, recursive, junk bool) ([]zipEntry, int) {
	var out []zipEntry
	own, _ := c.Files.Abs(archive)
	for _, name := range names {
		info, err := c.Files.Stat(name)
		if err != nil {
			_, _ = fmt.Fprintf(c.Stdout, "\tzip warning: name not matched: %s\n", name) // nobody is left to tell
			if !errors.Is(err, fs.ErrNotExist) {
				c.Fail(18, "warning: could not open %s: %s", name, workspace.Reason(err))
			}
			continue
		}
		add := func(name string, info fs.FileInfo) error {
			if abs, err := c.Files.Abs(name); err != nil || abs == own {
				return ctx.Err()
			}
			entry := strings.TrimPrefix(path.Clean(filepath.ToSlash(name)), "/")
			for strings.HasPrefix(entry, "../") {
				entry = entry[3:]
			}
			if junk {
				entry = path.Base(entry)
			}
			switch {
			case entry == "." || entry == "..", info.IsDir() && junk, zipMatches(exclude, entry):
			case info.IsDir():
				out = append(out, zipEntry{name: entry + "/", folder: true, mode: info.Mode()})
			case info.Mode().IsRegular():
				out = append(out, zipEntry{name: entry, source: name, mode: info.Mode()})
			}
			return ctx.Err()
		}
		if info.IsDir() && recursive {
			err = c.Files.Walk(strings.TrimSuffix(name, "/"), add)
		} else {
			err = add(name, info)
		}
		if err != nil {
			return nil, 130
		}
	}
	return out, 0
}

// zipPut replaces the entry of that name, or adds one.
func zipPut(entries []zipEntry, e zipEntry) []zipEntry {
	for i := range entries {
		if entries[i].name == e.name {
			e.old = entries[i].old
			entries[i] = e
			return entries
		}
	}
	return append(entries, e)
}

func zipWrite(ctx context.Context, c *Call, entries []zipEntry, say func(string, ...any)) ([]byte, error) {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, flate.BestCompression) })
	for _, e := range entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if e.source == "" && !e.folder || e.folder && e.old != nil {
			if err := w.Copy(e.old); err != nil {
				return nil, err
			}
			continue
		}
		verb := "  adding:"
		if e.old != nil {
			verb = "updating:"
		}
		var data []byte
		if !e.folder {
			var err error
			if data, err = c.Files.ReadFile(e.source); err != nil {
				return nil, err
			}
		}
		header := &zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: zipTime}
		header.SetMode(e.mode)
		packed := deflated(data)
		if len(packed) >= len(data) {
			header.Method, packed = zip.Store, data
		}
		out, err := w.CreateHeader(header)
		if err == nil {
			_, err = out.Write(data)
		}
		if err != nil {
			return nil, err
		}
		how, saved := "stored", 0
		if header.Method == zip.Deflate {
			how, saved = "deflated", (200*(len(data)-len(packed))/len(data)+1)/2
		}
		say("%s %s (%s %d%%)\n", verb, e.name, how, saved)
		if buf.Len() > maxInput {
			return nil, c.own(c.words.Input, text.Args{"count": fmt.Sprint(maxInput >> 20)})
		}
	}
	err := w.Close()
	return buf.Bytes(), err
}

func deflated(data []byte) []byte {
	var buf bytes.Buffer
	w, err := flate.NewWriter(&buf, flate.BestCompression)
	if err != nil {
		return data
	}
	_, _ = w.Write(data) // to memory
	_ = w.Close()        // to memory
	return buf.Bytes()
}
