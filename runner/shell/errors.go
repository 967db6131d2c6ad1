package shell

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"awslab/runner/text"
)

// UnsetError says that a block used a variable that has no value. Reason is
// [Config.Reason]'s, and may be empty.
type UnsetError struct{ Name, Reason string }

func (e *UnsetError) Error() string { return e.Say(&text.English().Shell) }

// Say says it in a person's language.
func (e *UnsetError) Say(t *text.Shell) string {
	if e.Reason == "" {
		return text.Args{"name": e.Name}.Fill(t.Unset)
	}
	return text.Args{"name": e.Name, "why": e.Reason}.Fill(t.UnsetWhy)
}

// CircleError says that a lookup is made of itself: each of Names needs the
// value of the next.
type CircleError struct{ Names []string }

func (e *CircleError) Error() string { return e.Say(&text.English().Shell) }

// Say says it in a person's language.
func (e *CircleError) Say(t *text.Shell) string {
	return text.Args{"names": strings.Join(e.Names, " → ")}.Fill(t.Circle)
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
	What string      // as it is written: "coproc"
	Kind RefusedPart // when What is refused; empty for always
}

// RefusedPart says in which case a part of bash is refused.
type RefusedPart string

// The cases of [RefusedError.Kind].
const (
	NameNotWritten    RefusedPart = "name-not-written"    // a name that an expansion gives
	OptionsNotWritten RefusedPart = "options-not-written" // options that an expansion gives
	EmptyName         RefusedPart = "empty-name"
)

func (e *RefusedError) Error() string { return e.Say(&text.English().Shell) }

// Say says it in a person's language.
func (e *RefusedError) Say(t *text.Shell) string {
	what := e.What
	if e.Kind != "" {
		what = text.Args{"what": what}.Fill(t.RefusedPart[string(e.Kind)])
	}
	if e.Line == 0 {
		return text.Args{"what": what}.Fill(t.Refused)
	}
	return text.Args{"line": fmt.Sprint(e.Line), "what": what}.Fill(t.RefusedAt)
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

func (e *LimitError) Error() string { return e.Say(&text.English().Shell) }

// Say says it in a person's language.
func (e *LimitError) Say(t *text.Shell) string {
	bound := fmt.Sprint(e.Bound)
	switch e.Limit {
	case LimitTime:
		bound = time.Duration(e.Bound).String()
	case LimitMemory:
		bound = fmt.Sprintf("%d MiB", e.Bound>>20)
	case LimitOutput, LimitText, LimitVariables:
		bound = fmt.Sprintf("%d KiB", e.Bound>>10)
	case LimitGoroutines, LimitDepth:
	}
	return text.Args{"bound": bound}.Fill(t.Stopped[string(e.Limit)])
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

// masked hides secrets in an error: what a lookup said, and what stood in the text
// of a block or of an eval once its variables were filled in.
func (s *Shell) masked(err error) error {
	if s.cfg.Mask == nil || err == nil {
		return err
	}
	if lookup, ok := errors.AsType[*LookupError](err); ok {
		lookup.Stderr = s.cfg.Mask(lookup.Stderr)
	}
	if refused, ok := errors.AsType[*RefusedError](err); ok {
		refused.What = s.cfg.Mask(refused.What)
	}
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		syntax.Text = s.cfg.Mask(syntax.Text)
	}
	return err
}
