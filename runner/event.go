package runner

import (
	"time"

	"awslab/runner/check"
)

// Event is one thing that happened in a session. The terminal program and the
// headless printer read the same stream of them; whatever they show stands in
// an event or in [Session.State].
type Event interface{ event() }

// Origin says who started a command.
type Origin int

// The origins of a command.
const (
	FromAction  Origin = iota // a step's action
	FromCleanup               // a step's clean-up
	FromPrompt                // typed by the student
	FromSolve                 // a step's solution
)

// StepStarted precedes the actions or the checks of a step.
type StepStarted struct{ Step, Title string }

// StepEnded follows them. Status is the step's state afterwards.
type StepEnded struct {
	Step   string
	Status StepStatus
	Took   time.Duration
}

// CommandStarted precedes a block of shell text.
type CommandStarted struct {
	Step   string // empty at the prompt, outside any step
	Origin Origin
	Text   string
}

// Output is a piece of what a command wrote: whole runes, secrets masked,
// terminal escape sequences made harmless.
type Output struct {
	Stderr bool
	Text   string
}

// CommandEnded follows a block. Err says why it did not end by itself
// (cancelled, time, output limit); a non-zero Code alone leaves it nil.
type CommandEnded struct {
	Step string
	Code int
	Err  error
	Took time.Duration
}

// CheckStarted precedes one check.
type CheckStarted struct{ Step, Check, Title string }

// CheckProgress comes now and then while a check samples an API's traffic.
type CheckProgress struct {
	Step, Check string
	Progress    check.Progress
}

// CheckEnded carries its verdict.
type CheckEnded struct {
	Step   string
	Result check.Result
}

// ProgressSaved follows each time that progress reached the disk.
type ProgressSaved struct{}

// Changed says that the target's state changed by a call that a check did not
// make; checks of the current step may answer otherwise now.
type Changed struct{ Service, Operation string }

// Notice is something worth saying that belongs to no command.
type Notice struct {
	Text string
	Hint string
}

func (StepStarted) event()    {}
func (StepEnded) event()      {}
func (CommandStarted) event() {}
func (Output) event()         {}
func (CommandEnded) event()   {}
func (CheckStarted) event()   {}
func (CheckProgress) event()  {}
func (CheckEnded) event()     {}
func (ProgressSaved) event()  {}
func (Changed) event()        {}
func (Notice) event()         {}
