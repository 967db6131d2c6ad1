package runner

import (
	"time"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/progress"
)

// StepStatus is where a student stands with a step.
type StepStatus int

// The states of a step. A step that passed once stays passed.
const (
	Todo StepStatus = iota
	Passed
	Solved  // passed after awslab solved it
	Skipped // passed over by the student
)

// Done reports whether the next step may begin.
func (s StepStatus) Done() bool { return s != Todo }

// State is all there is to show of a session at one moment: plain data, a copy.
type State struct {
	Where   Where
	Lesson  string
	Started time.Time // when the lesson was first opened
	Steps   []StepState
	Current int    // index of the first step that is not done; len(Steps) when all are
	Busy    string // what is under way ("run", "check", "command" …), or empty
}

// StepState is one step of [State].
type StepState struct {
	ID     string
	Title  string
	Status StepStatus
	When   time.Time // since when it is done; zero while it is open
	// Blocked names a step that has to be done first, or is empty.
	Blocked string
	Checks  []check.Result // in lesson order; Status NotRun until judged
}

// Where says where commands go.
type Where struct {
	Emulator bool
	URL      string // of the emulator or of another endpoint
	Account  string
	Region   string
	Identity string // ARN of the caller; empty until known
}

// String names a status as progress files and reports do.
func (s StepStatus) String() string {
	switch s {
	case Passed:
		return "passed"
	case Solved:
		return "solved"
	case Skipped:
		return "skipped"
	default:
		return "open"
	}
}

// State is what there is to show now.
func (s *Session) State() State {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := State{Where: s.lab.Where(), Lesson: s.lesson.ID, Started: s.record.Started, Busy: s.busy, Current: len(s.lesson.Steps)}
	for i, step := range s.lesson.Steps {
		status := s.status(step.ID)
		if !status.Done() && i < state.Current {
			state.Current = i
		}
		one := StepState{ID: step.ID, Title: step.Title, Status: status, Blocked: s.blockedBy(step)}
		if status.Done() {
			one.When = s.record.Steps[step.ID].When
		}
		for _, c := range step.Checks() {
			result, ok := s.results[step.ID+"/"+c.ID]
			switch {
			case c.Quiz != nil:
				result = s.quizResultLocked(c)
			case !ok:
				result = check.Result{ID: c.ID, Title: c.Title, Kind: c.Kind, Hint: c.Hint}
			}
			one.Checks = append(one.Checks, result)
		}
		state.Steps = append(state.Steps, one)
	}
	return state
}

func (s *Session) status(step string) StepStatus {
	switch s.record.Steps[step].Status {
	case progress.Passed:
		return Passed
	case progress.Solved:
		return Solved
	case progress.Skipped:
		return Skipped
	}
	return Todo
}

// blockedBy names the first of the step's needs that is not done.
func (s *Session) blockedBy(step *lesson.Step) string {
	for _, id := range step.Needs {
		if !s.status(id).Done() {
			return id
		}
	}
	return ""
}
