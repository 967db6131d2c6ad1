package main

import (
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// Help is as wide as the terminal, within reason.
func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	for columns, want := range map[uint16]int{80: 80, 20: 40, 200: 100} {
		terminal, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = terminal.Close() })
		if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
			t.Fatal(err)
		}
		if got := (&app{stdout: &screen{file: terminal}}).width(); got != want {
			t.Errorf("%d columns: %d, want %d", columns, got, want)
		}
	}
}
