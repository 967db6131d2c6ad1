package journal

import (
	"encoding/json"
	"os"
	"path/filepath"
)

// SnapshotEvery is how many records pass between two snapshots.
const SnapshotEvery = 1000

// snapshot is the file of that name: the state after the record Seq.
type snapshot struct {
	Version int    `json:"v"`
	Seq     uint64 `json:"seq"`
	Start   int64  `json:"start"`  // in the journal, of that record
	Offset  int64  `json:"offset"` // in the journal, behind that record
	// Lessons of the records up to Seq, so that Rewind knows whose they are.
	Lessons []string        `json:"lessons"`
	State   json.RawMessage `json:"state"`
}

// readSnapshot gives the snapshot, if there is one that fits the journal.
func (j *Journal) readSnapshot() (snapshot, bool) {
	var s snapshot
	line, err := os.ReadFile(filepath.Join(j.dir, "snapshot"))
	if err != nil {
		return s, false
	}
	payload, why := check(line)
	if why != nil || json.Unmarshal(payload, &s) != nil || s.Version != Version || uint64(len(s.Lessons)) != s.Seq {
		return snapshot{}, false
	}
	if !j.holds(s) {
		return snapshot{}, false
	}
	return s, true
}

// holds reports whether the journal has the snapshot's record where the snapshot
// says: one of the two may be from elsewhere, or from before a rewind.
func (j *Journal) holds(s snapshot) bool {
	size := s.Offset - s.Start
	if s.Start < 0 || size <= 0 || size > maxLine {
		return false
	}
	f, err := os.Open(filepath.Join(j.dir, "journal"))
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // it was only read
	text := make([]byte, size)
	if _, err := f.ReadAt(text, s.Start); err != nil {
		return false
	}
	payload, why := check(text)
	var record Record
	return why == nil && json.Unmarshal(payload, &record) == nil && record.Seq == s.Seq
}

// SnapshotDue reports whether enough records have passed since the last
// snapshot.
func (j *Journal) SnapshotDue() bool { return j.since >= SnapshotEvery }

// Snapshot writes the state after the last record. A snapshot that fails costs
// nothing but time at the next start.
func (j *Journal) Snapshot(state []byte) error {
	s := snapshot{Version: Version, Seq: j.seq, Start: j.start, Offset: j.log.Size(), Lessons: j.lessons, State: state}
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
