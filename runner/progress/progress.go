// Package progress remembers what a student has done: the status of each step
// by id, what blocks assigned, when the lesson began, and which requests were
// made by checks and are no evidence of the student's work.
//
// Start at [Open]: a [Store] is one folder, for one target (progress on the
// emulator and on an AWS account are apart), with one file a lesson. Files are
// private (0600), written whole and flushed before they take their name; two
// processes of one home lose nothing of each other's. The package imports of
// awslab only text.
package progress

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/gofrs/flock"

	"awslab/runner/text"
)

// Format is the version of the files that this awslab writes.
const Format = 1

// maxFile bounds what is read of a progress file, in bytes.
const maxFile = 16 << 20

// patience is how long a process waits for another that is writing.
const patience = 10 * time.Second

// Store is the progress of all lessons on one target.
type Store struct{ dir string }

// Damaged says that a lesson's file could not be read. It was moved aside, and
// the lesson begins afresh: it is a notice, not a failure.
type Damaged struct {
	File    string // the file's name
	MovedTo string
	Err     error
}

func (e *Damaged) Error() string {
	return fmt.Sprintf("%s is damaged (%v) and was moved to %s", e.File, e.Err, e.MovedTo)
}

func (e *Damaged) Unwrap() error { return e.Err }

// Newer says that a lesson's file was written by a newer awslab. It is left as
// it is.
type Newer struct {
	File   string
	Format int
}

func (e *Newer) Error() string {
	return e.cause().Error()
}

// Unwrap gives the sentence that a person reads.
func (e *Newer) Unwrap() error { return e.cause() }

func (e *Newer) cause() *text.Cause {
	return &text.Cause{Says: func(c *text.Causes) string { return c.ProgressFormat }, Args: text.Args{"file": e.File, "found": strconv.Itoa(e.Format), "known": strconv.Itoa(Format)}}
}

// Open makes the folder, private to the user, if it is not there.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(dir, err)
	}
	return &Store{dir: dir}, nil
}

func unusable(dir string, err error) error {
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: text.Args{"dir": dir}, Err: err}
}

// file is what stands on the disk.
type file struct {
	Format  int               `json:"format"`
	Lesson  string            `json:"lesson"`
	Started time.Time         `json:"started,omitzero"`
	Steps   map[string]Step   `json:"steps"`
	Vars    map[string]string `json:"vars,omitempty"`
	Answers map[string]Answer `json:"answers,omitempty"`
	Settled []string          `json:"settled,omitempty"`
	Probes  []string          `json:"probes,omitempty"`
}

// Load gives a lesson's record; an empty one if there is none. When the file is
// damaged the error is a *[Damaged] (in a *text.Problem) and the empty record
// beside it is good to use; when it is a *[Newer], nothing was touched.
func (s *Store) Load(lesson string) (Record, error) {
	release, err := s.lock(lesson)
	if err != nil {
		return Record{}, err
	}
	defer release()
	return s.read(lesson)
}

// Save puts what was changed in r upon what the disk holds by now, and gives
// the result, from which the caller goes on.
func (s *Store) Save(lesson string, r Record) (Record, error) {
	release, err := s.lock(lesson)
	if err != nil {
		return r, err
	}
	defer release()
	disk, err := s.read(lesson)
	var damaged *Damaged
	if err != nil && !errors.As(err, &damaged) {
		return r, err
	}
	if damaged != nil { // what was in it is known here as it was loaded
		disk = r
	}
	merged := r.merge(disk)
	if err := s.write(lesson, merged); err != nil {
		return r, err
	}
	return merged, nil
}

// Reset forgets a lesson. A process that still holds the old record adds to the
// fresh one only what it changes from now on.
func (s *Store) Reset(lesson string) (Record, error) {
	release, err := s.lock(lesson)
	if err != nil {
		return Record{}, err
	}
	defer release()
	old, err := s.read(lesson)
	var damaged *Damaged
	if err != nil && !errors.As(err, &damaged) {
		return Record{}, err
	}
	fresh := empty()
	for _, id := range old.probes { // log lines outlive a reset
		fresh.remember(id)
	}
	return fresh, s.write(lesson, fresh)
}

func empty() Record {
	return Record{Steps: map[string]Step{}, Vars: map[string]string{}, Answers: map[string]Answer{}}
}

var lessonID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

func (s *Store) path(lesson string) string { return filepath.Join(s.dir, lesson+".json") }

// lock keeps other processes, and other stores of this one, from the file.
func (s *Store) lock(lesson string) (release func(), err error) {
	if !lessonID.MatchString(lesson) {
		return nil, fmt.Errorf("%q is not a lesson's id", lesson)
	}
	lock := flock.New(filepath.Join(s.dir, lesson+".lock"), flock.SetPermissions(0o600))
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if _, err := lock.TryLockContext(ctx, 2*time.Millisecond); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			err = &text.Cause{Says: func(c *text.Causes) string { return c.Held }, Args: text.Args{"file": lock.Path()}}
		}
		return nil, unusable(s.dir, err)
	}
	return func() { _ = lock.Close() }, nil // the process's end would release it too
}

// read gives the record on the disk; the lock is held.
func (s *Store) read(lesson string) (Record, error) {
	record, name := empty(), s.path(lesson)
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return record, nil
	}
	if err != nil {
		return record, unusable(s.dir, err)
	}
	var f file
	if info.Size() > maxFile || !info.Mode().IsRegular() {
		err = &text.Cause{Says: func(c *text.Causes) string { return c.NotAFile }, Args: text.Args{"bytes": strconv.FormatInt(info.Size(), 10)}}
	} else {
		var data []byte
		if data, err = os.ReadFile(name); err != nil {
			return record, unusable(s.dir, err)
		}
		err = json.Unmarshal(data, &f)
	}
	switch {
	case f.Format > Format:
		newer := &Newer{File: name, Format: f.Format}
		return record, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.ProgressNewer }, Args: text.Args{"file": name}, Err: newer}
	case err == nil && (f.Format < 1 || f.Lesson != lesson):
		err = &text.Cause{Says: func(c *text.Causes) string { return c.NotProgress }}
	}
	if err != nil {
		return record, s.aside(name, err)
	}
	record.Started, record.loaded, record.Settled = f.Started, f.Started, f.Settled
	for id, step := range f.Steps {
		if step.Status.rank() > 0 {
			record.Steps[id] = step
		}
	}
	for name, value := range f.Vars {
		record.Vars[name] = value
	}
	for quiz, answer := range f.Answers {
		if answer.Option > 0 {
			record.Answers[quiz] = answer
		}
	}
	for _, id := range f.Probes {
		record.remember(id)
	}
	return record, nil
}

// aside moves a damaged file out of the way, over nothing that is there.
func (s *Store) aside(name string, why error) error {
	for n := 1; ; n++ {
		moved := fmt.Sprintf("%s.damaged-%d", name, n)
		if _, err := os.Lstat(moved); err == nil {
			continue
		}
		if err := os.Rename(name, moved); err != nil {
			return unusable(s.dir, err)
		}
		return &text.Problem{
			Says: func(p *text.Problems) text.Sentence { return p.ProgressDamaged },
			Args: text.Args{"file": moved},
			Err:  &Damaged{File: name, MovedTo: moved, Err: why},
		}
	}
}

// write puts a record in the file's place at one stroke; the lock is held.
func (s *Store) write(lesson string, r Record) error {
	data, err := json.MarshalIndent(file{Format: Format, Lesson: lesson, Started: r.Started, Steps: r.Steps, Vars: r.Vars, Answers: r.Answers, Settled: r.Settled, Probes: r.probes}, "", "  ")
	if err != nil {
		return fmt.Errorf("writing the progress of %s: %w", lesson, err)
	}
	if err := replace(s.path(lesson), append(bytes.TrimSpace(data), '\n')); err != nil {
		return unusable(s.dir, err)
	}
	return nil
}

// replace writes a file beside name, flushes it and gives it the name.
func replace(name string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*.tmp") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name()) // the error is the one to tell
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), name); err != nil {
		return err
	}
	return syncDir(filepath.Dir(name))
}
