package progress

import (
	"maps"
	"slices"
	"time"
)

// Status is where a student stands with a step.
type Status string

// The statuses. A step that is not in a [Record] is open.
const (
	Passed  Status = "passed"
	Solved  Status = "solved"  // passed after awslab solved it
	Skipped Status = "skipped" // passed over by the student
)

// rank says which of two statuses stays when two processes disagree: a pass
// once recorded stays recorded.
func (s Status) rank() int {
	switch s {
	case Passed, Solved:
		return 2
	case Skipped:
		return 1
	default:
		return 0
	}
}

// Step is one step of a [Record].
type Step struct {
	Status Status    `json:"status"`
	When   time.Time `json:"when"`
}

// Answer is what was answered to one quiz.
type Answer struct {
	Option   int       `json:"option"` // the first is 1
	ByAwslab bool      `json:"byAwslab,omitempty"`
	When     time.Time `json:"when"`
}

// The limits of a record: how many request ids of checks are remembered, how
// many variables, and how long a variable's value may be, in bytes. The oldest
// ids are forgotten first; a longer value is not kept.
const (
	MaxProbes = 10_000 // a canary before a function invokes it hundreds of times a check
	MaxVars   = 200
	MaxValue  = 32 << 10
)

// Record is what a student has done in one lesson on one target. It remembers
// what was changed since it was loaded, so that [Store.Save] loses nothing of
// what another process saved meanwhile. It is not safe for concurrent use.
type Record struct {
	// Started is when the lesson was first opened; zero for a fresh record.
	Started time.Time
	// Steps by id. Change them with Set.
	Steps map[string]Step
	// Vars are what blocks assigned. Change them with SetVar.
	Vars map[string]string
	// Answers to quizzes, by the quiz's id. Change them with Answer.
	Answers map[string]Answer
	// Settled are the checks, as "step/check", that passed when the lesson was
	// done: what later lessons may build on. Change them with Settle.
	Settled []string

	probes       []string // request ids, oldest first
	known        map[string]bool
	loaded       time.Time // Started as it was loaded
	changedSteps map[string]bool
	changedVars  map[string]bool
	freshAnswers map[string]bool
	freshSettled bool
	freshProbes  []string
}

// Set records a step.
func (r *Record) Set(step string, status Status, when time.Time) {
	if r.Steps == nil {
		r.Steps = map[string]Step{}
	}
	if r.changedSteps == nil {
		r.changedSteps = map[string]bool{}
	}
	r.Steps[step] = Step{Status: status, When: when.UTC().Round(0)}
	r.changedSteps[step] = true
}

// SetVar records what a block assigned, within the limits.
func (r *Record) SetVar(name, value string) {
	if len(value) > MaxValue {
		return
	}
	if _, ok := r.Vars[name]; !ok && len(r.Vars) >= MaxVars {
		return
	}
	if r.Vars == nil {
		r.Vars = map[string]string{}
	}
	if r.changedVars == nil {
		r.changedVars = map[string]bool{}
	}
	r.Vars[name] = value
	r.changedVars[name] = true
}

// Answer records what was answered to a quiz.
func (r *Record) Answer(quiz string, a Answer) {
	if r.Answers == nil {
		r.Answers = map[string]Answer{}
	}
	if r.freshAnswers == nil {
		r.freshAnswers = map[string]bool{}
	}
	a.When = a.When.UTC().Round(0)
	r.Answers[quiz] = a
	r.freshAnswers[quiz] = true
}

// Settle records which checks passed when the lesson was done.
func (r *Record) Settle(checks map[string]bool) {
	r.Settled, r.freshSettled = slices.Sorted(maps.Keys(checks)), true
}

// AddProbe records the id of a request that a check caused.
func (r *Record) AddProbe(requestID string) {
	if r.IsProbe(requestID) || requestID == "" {
		return
	}
	r.freshProbes = append(r.freshProbes, requestID)
	r.remember(requestID)
}

func (r *Record) remember(requestID string) {
	if r.known == nil {
		r.known = map[string]bool{}
	}
	if r.known[requestID] {
		return
	}
	r.known[requestID] = true
	r.probes = append(r.probes, requestID)
	for len(r.probes) > MaxProbes {
		delete(r.known, r.probes[0])
		r.probes = r.probes[1:]
	}
}

// IsProbe reports whether a check caused the request.
func (r *Record) IsProbe(requestID string) bool { return r.known[requestID] }

// Unsaved reports whether there is something to save: a step, a variable, an
// answer, the checks that were settled, the id of a check's request, the start.
func (r *Record) Unsaved() bool {
	return len(r.changedSteps)+len(r.changedVars)+len(r.freshAnswers)+len(r.freshProbes) > 0 || r.freshSettled || !r.Started.Equal(r.loaded)
}

// merge puts what r changed upon what the disk holds.
func (r Record) merge(disk Record) Record {
	for step := range r.changedSteps {
		mine, theirs := r.Steps[step], disk.Steps[step]
		if mine.Status.rank() > theirs.Status.rank() || theirs.Status == "" {
			disk.Steps[step] = mine
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.changedVars)) {
		disk.SetVar(name, r.Vars[name])
	}
	for quiz := range r.freshAnswers {
		disk.Answers[quiz] = r.Answers[quiz]
	}
	if r.freshSettled {
		disk.Settled = r.Settled
	}
	for _, id := range r.freshProbes {
		disk.remember(id)
	}
	switch {
	case r.Started.Equal(r.loaded):
	case disk.Started.IsZero() || !r.loaded.IsZero() || r.Started.Before(disk.Started):
		disk.Started = r.Started.UTC().Round(0)
	}
	return disk.clean()
}

// clean forgets what was changed: it is on the disk.
func (r Record) clean() Record {
	r.loaded, r.changedSteps, r.changedVars, r.freshAnswers, r.freshProbes, r.freshSettled = r.Started, nil, nil, nil, nil, false
	return r
}
