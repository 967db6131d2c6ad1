package journal_test

import (
	"bytes"
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
		Notice: func(err error) { s.notices = append(s.notices, err.Error()) },
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

// Whatever one byte of the file is changed into, no record that was answered is
// lost: the journal is refused, and left as it is.
func TestNoChangedByteLosesARecord(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a", "b", "c")
	closeJournal(t, j)
	path := filepath.Join(dir, "journal")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for at := range whole {
		for _, changed := range []byte{whole[at] ^ 1, whole[at] ^ 0x80, '\n', 'x'} {
			if changed == whole[at] {
				continue
			}
			data := append([]byte(nil), whole...)
			data[at] = changed
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			s := &state{}
			j, err := journal.Open(dir, s.replay())
			if err == nil {
				closeJournal(t, j)
				t.Errorf("byte %d as %q: opened with %v", at, changed, s.ops)
				continue
			}
			var d *journal.DamagedError
			if !errors.As(err, &d) || d.Offset > int64(at) {
				t.Errorf("byte %d as %q: %v", at, changed, err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(data, after) {
				t.Errorf("byte %d as %q: the file was changed, %v", at, changed, err)
			}
		}
	}
}

// Some file systems show room that was made for a record as zeros after a crash.
func TestALastRecordOfZerosIsTorn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a", "b")
	closeJournal(t, j)
	f, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(append(make([]byte, 512), "tail\n"...)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	j, s := open(t, dir)
	defer closeJournal(t, j)
	if diff := cmp.Diff([]string{"a", "b"}, s.ops); diff != "" || len(s.notices) != 1 {
		t.Errorf("notices %v\n%s", s.notices, diff)
	}
}

func TestARecordThatCouldNotBeReadAgainIsNotWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	add(t, j, "", "a")
	if err := j.Append(&journal.Record{Input: json.RawMessage(`"` + strings.Repeat("x", 64<<20) + `"`)}); err == nil {
		t.Error("a record of more than 64 MiB was written")
	}
	add(t, j, "", "b")
	closeJournal(t, j)
	j, s := open(t, dir)
	defer closeJournal(t, j)
	if diff := cmp.Diff([]string{"a", "b"}, s.ops); diff != "" {
		t.Error(diff)
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

	// A snapshot that cannot be used costs time, not state: one that is damaged,
	// one of another journal, one that the services do not take.
	path := filepath.Join(dir, "snapshot")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := t.TempDir()
	j, _ = open(t, other)
	add(t, j, "x", "else", "where", "again", "and", "again")
	if err := j.Snapshot([]byte(`["else","where"]`)); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	foreign, err := os.ReadFile(filepath.Join(other, "snapshot"))
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"damaged": bytes.Replace(good, []byte("a"), []byte("b"), 1),
		"cut":     good[:len(good)/2],
		"empty":   nil,
		"foreign": foreign,
	} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		j, s = open(t, dir)
		if diff := cmp.Diff([]string{"a", "b", "c"}, s.ops); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		closeJournal(t, j)
	}
	if err := os.WriteFile(path, good, 0o600); err != nil {
		t.Fatal(err)
	}
	s = &state{}
	replay = s.replay()
	restore := replay.Restore
	replay.Restore = func(data []byte) error {
		if data != nil {
			return errors.New("of another awslab")
		}
		return restore(data)
	}
	j, err = journal.Open(dir, replay)
	if err != nil {
		t.Fatal(err)
	}
	defer closeJournal(t, j)
	if diff := cmp.Diff([]string{"a", "b", "c"}, s.ops); diff != "" {
		t.Error(diff)
	}
}

func TestSetAside(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "emulator")
	now := time.Date(2026, 9, 24, 21, 18, 50, 0, time.UTC)
	if aside, err := journal.SetAside(dir, now); err != nil || aside != "" {
		t.Errorf("of nothing: %q, %v", aside, err)
	}
	for _, want := range []string{"emulator.aside-20260924T211850Z", "emulator.aside-20260924T211850Z-2"} {
		j, s := open(t, dir)
		if len(s.ops) > 0 {
			t.Errorf("the fresh journal has %v", s.ops)
		}
		add(t, j, "", "a")
		closeJournal(t, j)
		aside, err := journal.SetAside(dir, now)
		if err != nil || filepath.Base(aside) != want {
			t.Fatalf("moved to %s, %v; want %s", aside, err, want)
		}
		j, s = open(t, aside)
		if diff := cmp.Diff([]string{"a"}, s.ops); diff != "" {
			t.Error(diff)
		}
		closeJournal(t, j)
	}
}

func TestWhatACrashLeftHalfWrittenIsRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, _ := open(t, dir)
	closeJournal(t, j)
	left := []string{filepath.Join(dir, ".new-1"), filepath.Join(dir, "blobs", ".new-2")}
	for _, name := range left {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	j, _ = open(t, dir)
	defer closeJournal(t, j)
	for _, name := range left {
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there, %v", name, err)
		}
	}
}

func TestRewindGoesBackOverOneLessonOnly(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j, s := open(t, dir)
	add(t, j, "", "theirs")
	add(t, j, "lambda", "a")
	add(t, j, "lambda/invoke", "b")
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
	if _, err := j.Put([]byte("code")); err != nil {
		t.Fatal(err)
	}
	if data, err := j.Get(sum); err != nil || string(data) != "code" {
		t.Errorf("after it was put again: %q, %v", data, err)
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
