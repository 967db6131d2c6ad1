package main

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// Whatever is wrong, a person gets two lines: what it is and what to try.
func TestBadInput(t *testing.T) {
	t.Parallel()
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stranger.Close() })
	broken := t.TempDir()
	write(t, filepath.Join(broken, "course.yaml"), "id: c\ntitle: C\nlessons: [l]\n")
	write(t, filepath.Join(broken, "l", "lesson.md"), "---\nformat: 1\nid: l\ntitle: [\n---\n\n# L\n")
	for name, tt := range map[string]struct {
		args  []string
		code  int
		error string
	}{
		"unknown flag":          {[]string{"run", "lambda", "--fast"}, exitUsage, "unknown flag: --fast"},
		"unknown command":       {[]string{"fly", "away"}, exitUsage, "there is no command fly"},
		"unknown subcommand":    {[]string{"lesson", "tets"}, exitUsage, "there is no command tets"},
		"too many arguments":    {[]string{"run", "lambda", "all"}, exitUsage, ""},
		"a flag without value":  {[]string{"run", "lambda", "--step"}, exitUsage, ""},
		"unknown lesson":        {[]string{"run", "lambada"}, exitUsage, "there is no lesson lambada"},
		"unknown step":          {[]string{"check", "lambda", "--step", "rolle"}, exitUsage, "the lesson lambda has no step rolle"},
		"no lesson":             {[]string{"run"}, exitUsage, "awslab run lacks an argument"},
		"no terminal":           {[]string{}, exitUsage, "the terminal program needs a terminal"},
		"unknown language":      {[]string{"list", "--lang", "xx"}, exitUsage, "awslab does not speak xx"},
		"unknown format":        {[]string{"list", "--format", "xml"}, exitUsage, "xml is not a format"},
		"broken lesson":         {[]string{"list", "--lessons", broken}, exitUsage, "the lessons have"},
		"no such folder":        {[]string{"list", "--lessons", filepath.Join(broken, "none")}, exitUsage, "the lessons have"},
		"a bad target":          {[]string{"status", "--target", "mars"}, exitUsage, "mars is not a target"},
		"a silent target":       {[]string{"status", "--target", "http://127.0.0.1:1"}, exitEnvironment, ""},
		"not loopback":          {[]string{"emulator", "--addr", "0.0.0.0:4566"}, exitUsage, "the emulator does not listen on 0.0.0.0:4566"},
		"a port in use":         {[]string{"emulator", "--addr", stranger.Addr().String()}, exitEnvironment, "the emulator cannot listen on " + stranger.Addr().String()},
		"a home that is a file": {[]string{"status", "--home", filepath.Join(broken, "course.yaml")}, exitEnvironment, "awslab cannot use its home"},
		"an unknown shell":      {[]string{"env", "--shell", "csh"}, exitUsage, "csh is not a shell that awslab knows"},
		"aws usage":             {[]string{"aws", "lambda", "make-function"}, 252, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, errs, code := newHome(t).run(tt.args...)
			if code != tt.code {
				t.Errorf("exit code %d, want %d\n%s\n%s", code, tt.code, out, errs)
			}
			if tt.code != 252 {
				inKorean(t, tt.code, tt.args)
			}
			if tt.error == "" {
				return
			}
			lines := strings.Split(strings.TrimRight(errs, "\n"), "\n")
			if len(lines) < 2 {
				t.Fatalf("stderr is %q", errs)
			}
			what, hint := lines[len(lines)-2], lines[len(lines)-1]
			if !strings.HasPrefix(what, "error: "+tt.error) || !strings.HasPrefix(hint, "hint: ") || strings.Contains(what+hint, "{") {
				t.Errorf("%s\n%s", what, hint)
			}
		})
	}
}

// inKorean runs awslab once more in Korean, which has to say the same: nothing
// English but names, and what the system says behind a colon.
func inKorean(t *testing.T, want int, args []string) {
	t.Helper()
	_, errs, code := newHome(t).run(append([]string{"--lang", "ko"}, args...)...)
	if slices.Contains(args, "--lang") {
		return // --lang is given twice: the locale's language answers
	}
	if code != want {
		t.Errorf("in Korean: exit code %d, want %d\n%s", code, want, errs)
	}
	lines := strings.Split(strings.TrimRight(errs, "\n"), "\n")
	for _, line := range lines[max(len(lines)-2, 0):] {
		if !strings.ContainsFunc(line, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
			t.Errorf("not Korean: %s", line)
		}
	}
}

func TestAReadOnlyHome(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		// Permissions do not bind root; a file in the way does.
		h := newHome(t)
		if err := os.RemoveAll(filepath.Join(h.dir, ".local")); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(h.dir, ".local"), "")
		if _, errs := h.must(exitEnvironment, "status"); !strings.HasPrefix(errs, "error: awslab cannot use its home") {
			t.Error(errs)
		}
		return
	}
	h := newHome(t)
	if err := os.Chmod(h.dir, 0o500); err != nil {
		t.Fatal(err)
	}
	if _, errs := h.must(exitEnvironment, "status"); !strings.HasPrefix(errs, "error: awslab cannot use its home") {
		t.Error(errs)
	}
	if err := os.Chmod(h.dir, 0o700); err != nil {
		t.Fatal(err)
	}
}

func (h *home) data(parts ...string) string {
	return filepath.Join(append([]string{h.dir, ".local", "share", "awslab"}, parts...)...)
}

func TestADamagedJournalIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.must(exitPassed, "run", "lambda", "--step", "role")
	path := h.data("emulator", "journal")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[40] ^= 1
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs := h.must(exitEnvironment, "status")
	if !strings.HasPrefix(errs, "error: the emulator's state on disk is damaged") || !strings.Contains(errs, "\nhint: ") {
		t.Error(errs)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(after) != string(data) {
		t.Errorf("the journal was changed, %v", err)
	}
}

func TestADamagedProgressFileIsSetAside(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.must(exitPassed, "run", "lambda", "--step", "role")
	path := h.data("progress", "emulator", "lambda.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, errs := h.must(exitPassed, "status")
	if !strings.Contains(errs, "the file with your progress could not be read") {
		t.Error(errs)
	}
	if _, err := os.Stat(path + ".damaged-1"); err != nil {
		t.Error(err)
	}
	h.must(exitPassed, "check", "lambda", "--step", "role")
}

func TestDamagedLogEventsAreToldAtTheStart(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.must(exitPassed, "run", "lambda")
	files, err := filepath.Glob(h.data("emulator", "log-events", "*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) < 200 {
			continue
		}
		data[100] ^= 0xff
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, errs := h.must(exitEnvironment, "status"); !strings.HasPrefix(errs, "error: the emulator's state on disk is damaged") {
		t.Error(errs)
	}
}
