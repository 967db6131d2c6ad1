package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What is told while the terminal program has the screen comes when it is gone.
func TestNotesWaitForTheTerminalProgram(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "stderr")
	file, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{file: file}
	written := func() string {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	say := func(text string) {
		if n, err := s.Write([]byte(text)); n != len(text) || err != nil {
			t.Errorf("%q: %d, %v", text, n, err)
		}
	}
	say("before\n")
	a := &app{stderr: s}
	if err := a.behind(func() error {
		say("note: \x1b]0;title\n")
		say(string(make([]byte, 2*maxKept)))
		if !a.covered() || written() != "before\n" {
			t.Errorf("it disturbs the picture: %q", written())
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	got := written()
	if want := "before\nnote: \uFFFD]0;title\n"; len(got) < len(want) || got[:len(want)] != want || len(got) > 4*maxKept || a.covered() {
		t.Errorf("afterwards: %.60q, %d bytes", got, len(got))
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
