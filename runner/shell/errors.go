package shell

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// UnsetError says that a block used a variable that has no value. Reason is
// [Config.Reason]'s, and may be empty.
type UnsetError struct{ Name, Reason string }

func (e *UnsetError) Error() string {
	if e.Reason == "" {
		return e.Name + " has no value"
	}
	return fmt.Sprintf("%s has no value: %s", e.Name, e.Reason)
}

// LookupError says that a lookup could not be decided: the command failed, and
// not because the thing does not exist.
type LookupError struct {
	Name   string
	Code   int    // exit code of the command
	Stderr string // what it said, at most 4 KiB
	Err    error  // why it did not end by itself, or nil
}

func (e *LookupError) Error() string {
	switch {
	case e.Err != nil:
		return fmt.Sprintf("look up %s: %v", e.Name, e.Err)
	case e.Stderr != "":
		return fmt.Sprintf("look up %s: exit code %d: %s", e.Name, e.Code, e.Stderr)
	}
	return fmt.Sprintf("look up %s: exit code %d", e.Name, e.Code)
}

func (e *LookupError) Unwrap() error { return e.Err }

// SyntaxError says where a block cannot be parsed; lines and columns count
// from 1, columns in bytes.
type SyntaxError struct {
	Line, Column int
	Text         string
	Incomplete   bool // more lines could mend it
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Text)
}

// RefusedError says which part of bash the lesson's shell does not offer. Line
// is 0 where it is not known.
type RefusedError struct {
	Line int
	What string
}

func (e *RefusedError) Error() string {
	if e.Line == 0 {
		return e.What + " is not available in the lesson's shell"
	}
	return fmt.Sprintf("line %d: %s is not available in the lesson's shell", e.Line, e.What)
}

// Limit names a bound of [Limits].
type Limit string

// The limits that stop a block.
const (
	LimitTime       Limit = "time"
	LimitOutput     Limit = "output"
	LimitMemory     Limit = "memory"
	LimitVariables  Limit = "variables"
	LimitGoroutines Limit = "goroutines"
	LimitDepth      Limit = "depth"
	LimitText       Limit = "text"
)

// LimitError says that a block was stopped at one of its [Limits].
type LimitError struct {
	Limit Limit
	Bound int64 // in the unit of the field; time in nanoseconds
}

func (e *LimitError) Error() string {
	switch e.Limit {
	case LimitTime:
		return fmt.Sprintf("stopped after %v", time.Duration(e.Bound))
	case LimitOutput:
		return fmt.Sprintf("stopped: more than %d KiB of output", e.Bound>>10)
	case LimitMemory:
		return fmt.Sprintf("stopped: more than %d MiB of memory", e.Bound>>20)
	case LimitVariables:
		return fmt.Sprintf("stopped: the variables hold more than %d KiB", e.Bound>>10)
	case LimitGoroutines:
		return "stopped: too many background jobs and pipes at once"
	case LimitDepth:
		return "stopped: functions call each other too deeply"
	}
	return fmt.Sprintf("stopped: more than %d KiB of shell text", e.Bound>>10)
}

// code is the exit code of a block that err stopped.
func code(err error) int {
	var limit *LimitError
	var syntax *SyntaxError
	switch {
	case errors.As(err, &syntax):
		return 2
	case errors.As(err, &limit) && limit.Limit == LimitTime, errors.Is(err, context.DeadlineExceeded):
		return 124 // as timeout(1)
	case errors.As(err, &limit):
		return 137 // as a killed program
	}
	if errors.Is(err, context.Canceled) {
		return 130 // as after Ctrl-C
	}
	return 1
}
