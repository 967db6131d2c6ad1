package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

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
// step: a crash leaves the one or the other. After an [*OthersError] nothing has
// changed; after any other error the owner calls [Journal.Reload].
func (j *Journal) Rewind(seq uint64, lesson string, replay Replay) error {
	if seq > j.seq {
		return fmt.Errorf("there is no record %d: the last is %d", seq, j.seq)
	}
	for later := seq; later < j.seq; later++ {
		// A record may name the lesson's step, too: "lambda/invoke".
		if owner, _, _ := strings.Cut(j.lessons[later], "/"); owner != lesson || owner == "" {
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
	if err := j.Close(); err != nil {
		return err
	}
	// The snapshot goes first: it may know of records that are to be dropped.
	if err := os.Remove(filepath.Join(j.dir, "snapshot")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := writeFile(path, data[:end]); err != nil {
		return err
	}
	return j.load(replay)
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
