package journal

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Version is the format of the records that this awslab writes.
const Version = 1

// SnapshotEvery is how many records pass between two snapshots.
const SnapshotEvery = 1000

// Record is one mutating call and its answer.
type Record struct {
	Version   int               `json:"v"`
	Seq       uint64            `json:"seq"` // 1 for the first
	Time      time.Time         `json:"time"`
	Seed      [2]uint64         `json:"seed"` // of the call's randomness
	Service   string            `json:"service"`
	Operation string            `json:"operation"`
	Region    string            `json:"region"`
	Principal string            `json:"principal"`
	RequestID string            `json:"requestId"`
	Lesson    string            `json:"lesson,omitempty"` // on whose behalf, if a lesson's
	Check     bool              `json:"check,omitempty"`
	Strict    bool              `json:"strict,omitempty"` // the emulator was as awkward as AWS
	Input     json.RawMessage   `json:"input"`
	Blobs     map[string]string `json:"blobs,omitempty"` // path in the input → SHA-256 of a blob
	Output    json.RawMessage   `json:"output,omitempty"`
	Error     string            `json:"error,omitempty"` // when the call was refused
}

// VersionError says that a newer awslab wrote the journal.
type VersionError struct{ Found int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("the journal has format %d, this awslab knows %d", e.Found, Version)
}

// Journal is the record of one emulator, in a folder of its own. Its methods
// are for one goroutine at a time; blobs are for all.
type Journal struct {
	Blobs

	dir     string
	log     *Log
	seq     uint64
	lessons []string // of all records, for Rewind
	since   int      // records since the last snapshot
}

// Replay is how a journal's owner takes up its state again.
type Replay struct {
	Restore func(state []byte) error // from a snapshot
	Apply   func(Record) error       // one record more
	Notice  func(string)             // something that a person should know
}

// snapshot is the file of that name: the state after the record Seq.
type snapshot struct {
	Version int    `json:"v"`
	Seq     uint64 `json:"seq"`
	Offset  int64  `json:"offset"` // in the journal, behind that record
	// Lessons of the records up to Seq, so that Rewind knows whose they are.
	Lessons []string        `json:"lessons"`
	State   json.RawMessage `json:"state"`
}

// Open opens or makes the journal in dir and replays it. A torn last record is
// dropped with a notice; a [*DamagedError], a [*VersionError] and an error of
// Apply leave everything on disk as it is.
func Open(dir string, replay Replay) (*Journal, error) {
	if err := os.MkdirAll(filepath.Join(dir, "blobs"), 0o700); err != nil {
		return nil, err
	}
	j := &Journal{Blobs: BlobsIn(dir), dir: dir}
	if err := j.load(replay, true); err != nil {
		return nil, err
	}
	return j, nil
}

// load reads snapshot and records. Where the snapshot cannot be used, all
// records are replayed: it only saves time.
func (j *Journal) load(replay Replay, withSnapshot bool) error {
	var from int64
	j.seq, j.lessons, j.since = 0, nil, 0
	if s, ok := j.readSnapshot(); ok && withSnapshot {
		if err := replay.Restore(s.State); err != nil {
			return fmt.Errorf("the snapshot of record %d: %w", s.Seq, err)
		}
		from, j.seq, j.lessons = s.Offset, s.Seq, s.Lessons
	} else if err := replay.Restore(nil); err != nil {
		return err
	}
	log, torn, err := OpenLog(filepath.Join(j.dir, "journal"), from, func(offset int64, payload []byte) error {
		var record Record
		if err := json.Unmarshal(payload, &record); err != nil {
			return &DamagedError{filepath.Join(j.dir, "journal"), offset, err.Error()}
		}
		if record.Version != Version {
			return &VersionError{record.Version}
		}
		if record.Seq != j.seq+1 {
			return &DamagedError{filepath.Join(j.dir, "journal"), offset, fmt.Sprintf("record %d stands where %d belongs", record.Seq, j.seq+1)}
		}
		if err := replay.Apply(record); err != nil {
			return fmt.Errorf("record %d, %s:%s: %w", record.Seq, record.Service, record.Operation, err)
		}
		j.took(record)
		return nil
	})
	if err != nil {
		return err
	}
	j.log = log
	if torn > 0 && replay.Notice != nil {
		replay.Notice(fmt.Sprintf("the last record of the journal was cut short (%d bytes) and was dropped: its call was never answered", torn))
	}
	return nil
}

func (j *Journal) took(record Record) {
	j.seq = record.Seq
	j.since++
	j.lessons = append(j.lessons, record.Lesson)
}

func (j *Journal) readSnapshot() (snapshot, bool) {
	var s snapshot
	line, err := os.ReadFile(filepath.Join(j.dir, "snapshot"))
	if err != nil {
		return s, false
	}
	payload, why := check(line)
	if why != "" || json.Unmarshal(payload, &s) != nil || s.Version != Version || uint64(len(s.Lessons)) != s.Seq {
		return snapshot{}, false
	}
	info, err := os.Stat(filepath.Join(j.dir, "journal"))
	if err != nil || info.Size() < s.Offset {
		return snapshot{}, false
	}
	return s, true
}

// Append numbers a record, writes it and flushes it. When it fails, nothing was
// recorded.
func (j *Journal) Append(record *Record) error {
	record.Version, record.Seq = Version, j.seq+1
	payload, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("record %d: %w", record.Seq, err)
	}
	if err := j.log.Append(payload); err != nil {
		return err
	}
	j.took(*record)
	return nil
}

// Seq is the number of the last record, 0 before the first.
func (j *Journal) Seq() uint64 { return j.seq }

// SnapshotDue reports whether enough records have passed since the last
// snapshot.
func (j *Journal) SnapshotDue() bool { return j.since >= SnapshotEvery }

// Snapshot writes the state after the last record. A snapshot that fails costs
// nothing but time at the next start.
func (j *Journal) Snapshot(state []byte) error {
	s := snapshot{Version: Version, Seq: j.seq, Offset: j.log.Size(), Lessons: j.lessons, State: state}
	payload, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if err := writeFile(filepath.Join(j.dir, "snapshot"), line(payload)); err != nil {
		return err
	}
	j.since = 0
	return nil
}

func line(payload []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%08x %s\n", checksum(payload), payload)
	return b.Bytes()
}

// OthersError says that a rewind would undo what does not belong to the lesson.
type OthersError struct {
	Seq    uint64
	Lesson string // whose the record is; empty for nobody's
}

func (e *OthersError) Error() string {
	if e.Lesson == "" {
		return fmt.Sprintf("record %d was not made by a lesson", e.Seq)
	}
	return fmt.Sprintf("record %d belongs to the lesson %s", e.Seq, e.Lesson)
}

// Rewind drops the records after seq, all of which must belong to the lesson,
// and replays the rest. The shorter journal takes the place of the longer in one
// step: a crash leaves the one or the other.
func (j *Journal) Rewind(seq uint64, lesson string, replay Replay) error {
	if seq > j.seq {
		return fmt.Errorf("there is no record %d: the last is %d", seq, j.seq)
	}
	for later := seq; later < j.seq; later++ {
		if owner := j.lessons[later]; owner != lesson || owner == "" {
			return &OthersError{later + 1, owner}
		}
	}
	end, err := j.offset(seq)
	if err != nil {
		return err
	}
	path := filepath.Join(j.dir, "journal")
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	// The snapshot goes first: it may know of records that are to be dropped.
	if err := os.Remove(filepath.Join(j.dir, "snapshot")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := writeFile(path, data[:end]); err != nil {
		return err
	}
	if err := j.log.Close(); err != nil {
		return err
	}
	return j.load(replay, false)
}

// offset is where the record seq ends.
func (j *Journal) offset(seq uint64) (int64, error) {
	if seq == 0 {
		return 0, nil
	}
	end, found := int64(0), errors.New("found")
	log, _, err := OpenLog(filepath.Join(j.dir, "journal"), 0, func(offset int64, payload []byte) error {
		var record Record
		if err := json.Unmarshal(payload, &record); err != nil {
			return err
		}
		end = offset + int64(len(line(payload)))
		if record.Seq == seq {
			return found
		}
		return nil
	})
	if errors.Is(err, found) {
		return end, nil
	}
	if err == nil {
		err = log.Close()
	}
	return end, err
}

// Reload replays everything again: what the owner does when a record could not
// be written and its state is ahead of the journal.
func (j *Journal) Reload(replay Replay) error {
	if err := j.log.Close(); err != nil {
		return err
	}
	return j.load(replay, true)
}

// Close closes the files. Everything is on disk already.
func (j *Journal) Close() error { return j.log.Close() }
