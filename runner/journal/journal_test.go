package journal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/journal"
)

// state is what a test's journal is replayed into: the operations, in order.
type state struct {
	ops     []string
	notices []string
	refuse  string // an operation whose replay fails
}

func (s *state) replay() journal.Replay {
	return journal.Replay{
		Restore: func(data []byte) error {
			s.ops = nil
			if data == nil {
				return nil
			}
			return json.Unmarshal(data, &s.ops)
		},
		Apply: func(r journal.Record) error {
			if s.refuse == r.Operation {
				return errors.New("another answer")
			}
			s.ops = append(s.ops, r.Operation)
			return nil
		},
		Notice: func(text string) { s.notices = append(s.notices, text) },
	}
}

func open(t testing.TB, dir string) (*journal.Journal, *state) {
	t.Helper()
	s := &state{}
	j, err := journal.Open(dir, s.replay())
	if err != nil {
		t.Fatal(err)
	}
	return j, s
}

func add(t testing.TB, j *journal.Journal, lesson string, operations ...string) {
	t.Helper()
	for _, op := range operations {
		if err := j.Append(&journal.Record{Time: time.Unix(1, 0).UTC(), Service: "s", Operation: op, Lesson: lesson, Input: json.RawMessage(`{}`)}); err != nil {
			t.Fatal(err)
		}
	}
}

func closeJournal(t testing.TB, j *journal.Journal) {
	t.Helper()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWhatWasAppendedIsReplayed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a", "b", "c")
	closeJournal(t, j)
	j, s := open(t, dir)
	defer closeJournal(t, j)
	if diff := cmp.Diff([]string{"a", "b", "c"}, s.ops); diff != "" || j.Seq() != 3 || len(s.notices) > 0 {
		t.Errorf("seq %d, notices %v\n%s", j.Seq(), s.notices, diff)
	}
	info, err := os.Stat(filepath.Join(dir, "journal"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}

// A crash can cut the last record at any byte: it is dropped with a notice, and
// the records before it stay.
func TestATornLastRecordIsDropped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a", "b")
	two, err := os.Stat(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	add(t, j, "", "c")
	closeJournal(t, j)
	whole, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	for end := two.Size() + 1; end < int64(len(whole)); end++ {
		torn := t.TempDir()
		if err := os.WriteFile(filepath.Join(torn, "journal"), whole[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		j, s := open(t, torn)
		if diff := cmp.Diff([]string{"a", "b"}, s.ops); diff != "" || len(s.notices) != 1 {
			t.Errorf("cut at byte %d: notices %v\n%s", end, s.notices, diff)
		}
		add(t, j, "", "d")
		closeJournal(t, j)
		j, s = open(t, torn)
		if diff := cmp.Diff([]string{"a", "b", "d"}, s.ops); diff != "" {
			t.Errorf("after a cut at byte %d and another record:\n%s", end, diff)
		}
		closeJournal(t, j)
	}
}

func TestDamageInTheMiddleStopsWithTheOffset(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a")
	one, err := os.Stat(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	add(t, j, "", "b", "c")
	closeJournal(t, j)
	path := filepath.Join(dir, "journal")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), data...)
	damaged[one.Size()+20] ^= 1
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = journal.Open(dir, (&state{}).replay())
	var d *journal.DamagedError
	if !errors.As(err, &d) || d.Offset != one.Size() {
		t.Errorf("want damage at byte %d, got %v", one.Size(), err)
	}
	after, err := os.ReadFile(path)
	if err != nil || !cmp.Equal(damaged, after) {
		t.Errorf("the damaged file was changed, %v", err)
	}
}

func TestANewerFormatAndAnotherAnswerLeaveTheJournalAsItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a", "b")
	closeJournal(t, j)
	before, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Open(dir, (&state{refuse: "b"}).replay()); err == nil || !strings.Contains(err.Error(), "record 2, s:b: another answer") {
		t.Errorf("got %v", err)
	}
	newer := t.TempDir()
	log, _, err := journal.OpenLog(filepath.Join(newer, "journal"), 0, func(int64, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(log.Append([]byte(`{"v":99,"seq":1}`)), log.Close()); err != nil {
		t.Fatal(err)
	}
	var version *journal.VersionError
	if _, err := journal.Open(newer, (&state{}).replay()); !errors.As(err, &version) || version.Found != 99 {
		t.Errorf("got %v", err)
	}
	after, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil || !cmp.Equal(before, after) {
		t.Errorf("the journal was changed, %v", err)
	}
}

func TestASnapshotShortensTheReplay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "x", "a", "b")
	if err := j.Snapshot([]byte(`["a","b"]`)); err != nil {
		t.Fatal(err)
	}
	add(t, j, "x", "c")
	closeJournal(t, j)
	applied := 0
	s := &state{}
	replay := s.replay()
	apply := replay.Apply
	replay.Apply = func(r journal.Record) error { applied++; return apply(r) }
	j, err := journal.Open(dir, replay)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a", "b", "c"}, s.ops); diff != "" || applied != 1 || j.Seq() != 3 {
		t.Errorf("applied %d, seq %d\n%s", applied, j.Seq(), diff)
	}
	closeJournal(t, j)

	// A snapshot that is damaged costs time, not state.
	if err := os.WriteFile(filepath.Join(dir, "snapshot"), []byte("00000000 {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	j, s = open(t, dir)
	defer closeJournal(t, j)
	if diff := cmp.Diff([]string{"a", "b", "c"}, s.ops); diff != "" {
		t.Error(diff)
	}
}

func TestRewindGoesBackOverOneLessonOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, s := open(t, dir)
	add(t, j, "", "theirs")
	add(t, j, "lambda", "a", "b")
	var others *journal.OthersError
	if err := j.Rewind(0, "lambda", s.replay()); !errors.As(err, &others) || others.Seq != 1 {
		t.Errorf("rewinding over somebody else's record: %v", err)
	}
	if err := j.Snapshot([]byte(`["theirs","a","b"]`)); err != nil {
		t.Fatal(err)
	}
	if err := j.Rewind(2, "lambda", s.replay()); err != nil {
		t.Fatal(err)
	}
	add(t, j, "lambda", "c")
	closeJournal(t, j)
	j, s = open(t, dir)
	defer closeJournal(t, j)
	if diff := cmp.Diff([]string{"theirs", "a", "c"}, s.ops); diff != "" {
		t.Error(diff)
	}
}

func TestBlobs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	defer closeJournal(t, j)
	sum, err := j.Put([]byte("code"))
	if err != nil {
		t.Fatal(err)
	}
	if data, err := j.Get(sum); err != nil || string(data) != "code" {
		t.Errorf("got %q, %v", data, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "blobs", sum), []byte("evil"), 0o600); err != nil {
		t.Fatal(err)
	}
	var damaged *journal.DamagedError
	if _, err := j.Get(sum); !errors.As(err, &damaged) {
		t.Errorf("a blob that was changed: %v", err)
	}
	if _, err := j.Get("../journal"); err == nil {
		t.Error("a blob's name led out of the folder")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("00000000 {}\n"))
	f.Add([]byte("5d6dbc29 {\"v\":1,\"seq\":1}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "journal"), data, 0o600); err != nil {
			t.Fatal(err)
		}
		s := &state{}
		j, err := journal.Open(dir, s.replay())
		if err != nil {
			after, readErr := os.ReadFile(filepath.Join(dir, "journal"))
			if readErr != nil || !cmp.Equal(data, after) {
				t.Errorf("a journal that was refused was changed: %v", err)
			}
			return
		}
		if fmt.Sprint(len(s.ops)) != fmt.Sprint(j.Seq()) {
			t.Errorf("%d records replayed, the last is %d", len(s.ops), j.Seq())
		}
		closeJournal(t, j)
	})
}

func BenchmarkAppend(b *testing.B) {
	j, _ := open(b, b.TempDir())
	defer closeJournal(b, j)
	input := json.RawMessage(`"` + strings.Repeat("x", 900) + `"`)
	for b.Loop() {
		if err := j.Append(&journal.Record{Service: "s", Operation: "o", Input: input}); err != nil {
			b.Fatal(err)
		}
	}
}
