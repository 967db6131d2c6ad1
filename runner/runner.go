// Package runner carries lessons out: it runs a step's actions, judges its
// checks and remembers what a student has done, on one target.
//
// Start at [Open], which joins a course, a target and a home into a [Lab], and
// at [Lab.Lesson], which gives the [Session] of one lesson. Whatever a session
// does comes out as a stream of [Event]s; [Session.State] is what there is to
// show between two of them.
//
// runner imports lesson, shell, awscli, check, target, progress, secret and text.
// It never imports tui, and an emulator is to it what AWS is: an aws.Config.
package runner

import (
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"awslab/runner/lesson"
	"awslab/runner/progress"
	"awslab/runner/secret"
	"awslab/runner/target"
	"awslab/runner/text"
)

// Config joins what a lab needs.
type Config struct {
	Course *lesson.Course
	Target *target.Target
	Text   *text.Text
	// Home is the folder with the student's workspaces and progress.
	Home string
	// Python runs python3 in the lesson's shell; nil where there is none.
	Python func(workspace string) Program
	Now    func() time.Time
	// Random is where the seed of the student's secrets comes from, once for a
	// home, and the ids of the tokens that checks make; nil is the system's
	// randomness.
	Random io.Reader
	// Notice is told what a person should know of the lab itself.
	Notice func(text.Notice)
	// Headless says that nobody is there to answer a quiz: awslab answers, and
	// marks it so.
	Headless bool
	// Version is awslab's own, for `aws --version` and user agents.
	Version string
}

// Lab is a course open against one target.
type Lab struct {
	cfg       Config
	progress  *progress.Store
	transport *http.Transport // of checks

	mu       sync.Mutex
	sessions map[string]*Session

	watcher watcher

	seeding sync.Mutex
	seed    *secret.Seed // nil until a lesson needs it

	masking sync.Mutex
	masked  *secret.Mask // nil until all secrets are known

	showing    sync.Mutex
	playground *Playground // nil until it is asked for
}

// Open makes a lab. It runs nothing.
func Open(cfg Config) (*Lab, error) {
	if cfg.Notice == nil {
		cfg.Notice = func(text.Notice) {}
	}
	store, err := progress.Open(filepath.Join(cfg.Home, "progress", cfg.Target.Key()))
	if err != nil {
		return nil, err
	}
	cfg.Course = cfg.Course.In(cfg.Text.Language)
	return &Lab{cfg: cfg, progress: store, transport: newTransport(), sessions: map[string]*Session{}}, nil
}

// Course is what the lab teaches.
func (l *Lab) Course() *lesson.Course { return l.cfg.Course }

// Where says where commands go.
func (l *Lab) Where() Where {
	t := l.cfg.Target
	return Where{Emulator: t.Emulator, URL: t.Endpoint, Account: t.Account, Region: t.Region, Identity: t.Identity}
}

// LessonState is one lesson of [Lab.Overview].
type LessonState struct {
	ID      string
	Title   string
	Minutes int
	Done    int // steps that are done
	Steps   int
	// Kept says that only the clean-up is left, and that a lesson that builds on
	// this one is not done: it is not the time to clean up.
	Kept bool
}

// Next is where a student goes on: the first lesson that is neither done nor
// kept for a later one; -1 if there is none.
func Next(lessons []LessonState) int {
	return slices.IndexFunc(lessons, func(l LessonState) bool { return l.Done < l.Steps && !l.Kept })
}

// Overview is where the student stands in the course.
func (l *Lab) Overview() ([]LessonState, error) {
	states := make([]LessonState, 0, len(l.cfg.Course.Lessons))
	for _, les := range l.cfg.Course.Lessons {
		s, err := l.Lesson(les.ID)
		if err != nil {
			return nil, err
		}
		state := LessonState{ID: les.ID, Title: les.Title, Minutes: les.Minutes, Steps: len(les.Steps)}
		for _, step := range s.State().Steps {
			if step.Status.Done() {
				state.Done++
			}
		}
		state.Kept = state.Done < state.Steps && s.doneButCleanup()
		states = append(states, state)
	}
	for i := range states {
		states[i].Kept = states[i].Kept && slices.ContainsFunc(l.BuiltOn(states[i].ID), func(later *lesson.Lesson) bool {
			return slices.ContainsFunc(states, func(s LessonState) bool { return s.ID == later.ID && s.Done < s.Steps })
		})
	}
	return states, nil
}

// Lesson gives the session of a lesson: the same one each time.
func (l *Lab) Lesson(id string) (*Session, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s, ok := l.sessions[id]; ok {
		return s, nil
	}
	les, ok := l.find(id)
	if !ok {
		return nil, unknownLesson(l.cfg.Course, id)
	}
	s, err := newSession(l, les)
	if err != nil {
		return nil, err
	}
	l.sessions[id] = s
	return s, nil
}

// KnownLesson is nil if the course has the lesson, and otherwise the problem
// that says which there are.
func KnownLesson(course *lesson.Course, id string) error {
	for _, les := range course.Lessons {
		if les.ID == id {
			return nil
		}
	}
	return unknownLesson(course, id)
}

func (l *Lab) find(id string) (*lesson.Lesson, bool) {
	for _, les := range l.cfg.Course.Lessons {
		if les.ID == id {
			return les, true
		}
	}
	return nil, false
}

// Close ends the sessions. The target is its opener's to close.
func (l *Lab) Close() error {
	l.watcher.close()
	l.mu.Lock()
	defer l.mu.Unlock()
	var errs []error
	l.showing.Lock()
	defer l.showing.Unlock()
	if p := l.playground; p != nil {
		errs = append(errs, p.end())
		l.playground = nil
	}
	for _, s := range l.sessions {
		errs = append(errs, s.close())
	}
	l.transport.CloseIdleConnections()
	return errors.Join(errs...)
}

// load reads a student's progress. A file that cannot be read was moved aside
// and is told; one of a newer awslab is left as it is.
func (l *Lab) load(id string) (progress.Record, error) {
	record, err := l.progress.Load(id)
	var damaged *progress.Damaged
	var newer *progress.Newer
	switch {
	case errors.As(err, &damaged):
		l.cfg.Notice(text.NoticeOf(&text.Problem{Says: func(p *text.Problems) text.Sentence { return p.ProgressDamaged }, Args: text.Args{"file": damaged.MovedTo}, Err: damaged.Err}))
	case errors.As(err, &newer):
		return record, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.ProgressNewer }, Err: err}
	case err != nil:
		return record, err
	}
	return record, nil
}

// workspace makes the student's folder for a lesson.
func (l *Lab) workspace(id string) (string, error) {
	dir := filepath.Join(l.cfg.Home, "workspace", id)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: text.Args{"dir": l.cfg.Home}, Err: err}
	}
	return dir, nil
}
