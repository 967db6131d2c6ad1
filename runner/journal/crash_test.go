//go:build unix

package journal_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"awslab/runner/journal"
)

// child runs this test again in a process of its own, over dir.
func child(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), "AWSLAB_TEST_JOURNAL_DIR="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// A disk that is full: the process may write files of 4 KiB and no more. The
// record that does not fit was not written, not even in part.
func TestAFullDisk(t *testing.T) {
	if dir := os.Getenv("AWSLAB_TEST_JOURNAL_DIR"); dir != "" {
		signal.Ignore(syscall.SIGXFSZ)
		j, _ := open(t, dir)
		limit := syscall.Rlimit{Cur: 4096, Max: 4096}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		written, refused := 0, 0
		for refused < 3 {
			// A long one that fails, and then a short one that may still fit.
			length := 300
			if refused == 1 {
				length = 1
			}
			err := j.Append(&journal.Record{Operation: strings.Repeat("x", length)})
			if err == nil {
				written++
			} else if refused++; !errors.Is(err, syscall.EFBIG) {
				t.Fatal(err)
			}
			if got := j.Seq(); got != uint64(written) {
				t.Fatalf("after %d records the last is %d", written, got)
			}
		}
		fmt.Println("written", written)
		return
	}
	t.Parallel()
	dir := t.TempDir()
	out, err := child(t, dir).Output()
	var written int
	if err != nil {
		t.Fatal(err, string(out))
	}
	if _, err := fmt.Sscanf(string(out), "written %d", &written); err != nil || written == 0 {
		t.Fatal(err, string(out))
	}
	j, s := open(t, dir)
	defer closeJournal(t, j)
	if len(s.ops) != written || len(s.notices) > 0 {
		t.Errorf("%d records, %d were written; notices %v", len(s.ops), written, s.notices)
	}
}

// A process that appends, takes snapshots and rewinds is killed at moments of
// its own: what it was told is done is there.
func TestKilled(t *testing.T) {
	if dir := os.Getenv("AWSLAB_TEST_JOURNAL_DIR"); dir != "" {
		j, s := open(t, dir)
		for n := len(s.ops); ; n++ {
			op := strconv.Itoa(n)
			add(t, j, "lesson", op)
			s.ops = append(s.ops, op)
			if n%7 == 6 {
				if err := j.Snapshot([]byte(`["` + strings.Join(s.ops, `","`) + `"]`)); err != nil {
					t.Fatal(err)
				}
			}
			if n%5 == 4 { // one back, and again
				if err := j.Rewind(uint64(n), "lesson", s.replay()); err != nil {
					t.Fatal(err)
				}
				add(t, j, "lesson", op)
				s.ops = append(s.ops, op)
			}
			fmt.Println(n)
		}
	}
	t.Parallel()
	dir := t.TempDir()
	last := -1
	for round := range 12 {
		cmd := child(t, dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		until := last + 3 + 4*round
		for lines := bufio.NewScanner(out); lines.Scan(); {
			n, err := strconv.Atoi(lines.Text())
			if err != nil {
				break
			}
			if last = n; last == until {
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait() // it was killed, and says so
		j, s := open(t, dir)
		// A rewind that was under way may have taken the record that was to be
		// written again, which was not told yet; and one more may be there.
		if len(s.ops) <= last {
			t.Fatalf("round %d: record %d was told of, there are %d", round, last, len(s.ops))
		}
		for n, op := range s.ops {
			if op != strconv.Itoa(n) {
				t.Fatalf("round %d: record %d is %s", round, n, op)
			}
		}
		closeJournal(t, j)
	}
}
