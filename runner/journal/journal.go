package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"time"

	"awslab/runner/text"
)

// Version is the format of the records that this awslab writes.
const Version = 1

// Record is one mutating call and its answer.
type Record struct {
	Version   int               `json:"v"`
	Seq       uint64            `json:"seq"` // 1 for the first
	Time      time.Time         `json:"time"`
	Seed      [2]uint64         `json:"seed"` // of the call's randomness
	Service   string            `json:"service"`
	Operation string            `json:"operation"`
	Region    string            `json:"region"`
	Endpoint  string            `json:"endpoint,omitempty"` // where the caller reached the emulator, for answers with addresses in them
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
	return e.cause().Error()
}

// Unwrap gives the sentence that a person reads.
func (e *VersionError) Unwrap() error { return e.cause() }

func (e *VersionError) cause() *text.Cause {
	return &text.Cause{Says: func(c *text.Causes) string { return c.JournalFormat }, Args: text.Args{"found": strconv.Itoa(e.Found), "known": strconv.Itoa(Version)}}
}

// Journal is the record of one emulator, in a folder of its own. Its methods
// are for one goroutine at a time; blobs are for all.
type Journal struct {
	Blobs

	dir     string
	log     *Log // nil when the file could not be opened again
	seq     uint64
	start   int64    // in the file, of the record seq
	lessons []string // of all records, for Rewind
	since   int      // records since the last snapshot
}

// Replay is how a journal's owner takes up its state again.
type Replay struct {
	Restore func(state []byte) error // from a snapshot
	Apply   func(Record) error       // one record more
	Notice  func(error)              // something that a person should know
}

// Open opens or makes the journal in dir and replays it. A torn last record is
// dropped with a notice; a [*DamagedError], a [*VersionError] and an error of
// Apply leave everything on disk as it is.
func Open(dir string, replay Replay) (*Journal, error) {
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	j := &Journal{Blobs: BlobsIn(dir), dir: dir}
	if err := j.load(replay); err != nil {
		return nil, err
	}
	return j, nil
}

// load reads snapshot and records. Where the snapshot cannot be used, all
// records are replayed: it only saves time.
func (j *Journal) load(replay Replay) error {
	var from int64
	j.seq, j.start, j.lessons, j.since = 0, 0, nil, 0
	if s, ok := j.readSnapshot(); ok && replay.Restore(s.State) == nil {
		from, j.seq, j.start, j.lessons = s.Offset, s.Seq, s.Start, s.Lessons
	} else if err := replay.Restore(nil); err != nil {
		return err
	}
	path := filepath.Join(j.dir, "journal")
	log, torn, err := OpenLog(path, from, func(offset int64, payload []byte) error {
		var record Record
		if err := json.Unmarshal(payload, &record); err != nil {
			return &DamagedError{path, offset, &text.Cause{Says: func(c *text.Causes) string { return c.NotARecord }, Err: err}}
		}
		if record.Version != Version {
			return &VersionError{record.Version}
		}
		if record.Seq != j.seq+1 {
			return &DamagedError{path, offset, &text.Cause{Says: func(c *text.Causes) string { return c.OutOfOrder }, Args: text.Args{"seq": strconv.FormatUint(record.Seq, 10), "want": strconv.FormatUint(j.seq+1, 10)}}}
		}
		if err := replay.Apply(record); err != nil {
			return &text.Cause{Says: func(c *text.Causes) string { return c.Record }, Args: text.Args{"seq": strconv.FormatUint(record.Seq, 10), "call": record.Service + ":" + record.Operation}, Err: err}
		}
		j.took(record, offset)
		return nil
	})
	if err != nil {
		return err
	}
	j.log = log
	if torn > 0 && replay.Notice != nil {
		replay.Notice(&text.Cause{Says: func(c *text.Causes) string { return c.Torn }, Args: text.Args{"bytes": strconv.FormatInt(torn, 10)}})
	}
	return nil
}

func (j *Journal) took(record Record, start int64) {
	j.seq, j.start = record.Seq, start
	j.since++
	j.lessons = append(j.lessons, record.Lesson)
}

// Append numbers a record, writes it and flushes it. When it fails, nothing was
// recorded.
func (j *Journal) Append(record *Record) error {
	record.Version, record.Seq = Version, j.seq+1
	payload, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("record %d: %w", record.Seq, err)
	}
	if j.log == nil {
		return errors.New("the journal could not be opened again")
	}
	start := j.log.Size()
	if err := j.log.Append(payload); err != nil {
		return err
	}
	j.took(*record, start)
	return nil
}

// Seq is the number of the last record, 0 before the first.
func (j *Journal) Seq() uint64 { return j.seq }

// Reload replays everything again: what the owner does when a record could not
// be written and its state is ahead of the journal. When it fails, nothing can be
// appended until it is called again and succeeds.
func (j *Journal) Reload(replay Replay) error {
	if err := j.Close(); err != nil {
		return err
	}
	return j.load(replay)
}

// Close closes the files. Everything is on disk already.
func (j *Journal) Close() error {
	if j.log == nil {
		return nil
	}
	log := j.log
	j.log = nil
	return log.Close()
}
