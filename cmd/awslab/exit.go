package main

import (
	"context"
	"errors"
	"fmt"

	"awslab/runner/text"
)

// The exit codes of every command (`awslab aws` and `awslab shell` give those of
// what they ran).
const (
	exitPassed      = 0
	exitFailed      = 1 // a check failed
	exitUsage       = 2 // usage, or a lesson that does not load
	exitEnvironment = 3 // no credentials, target unreachable, undecided
	exitNothing     = 4 // nothing was run
)

// exitCode is an error that only carries a code: all that is to be said has
// been said.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }

// exit prints what went wrong, in two lines, and gives the exit code.
func (a *app) exit(ctx context.Context, err error) int {
	if err == nil {
		return exitPassed
	}
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	if ctx.Err() != nil {
		fmt.Fprintln(a.stderr, a.text.Command.Interrupted)
		return exitEnvironment
	}
	var p *text.Problem
	if !errors.As(err, &p) {
		p = usageProblem(err)
	}
	what, hint := a.text.Problem(p)
	fmt.Fprintf(a.stderr, "error: %s\nhint: %s\n", what, hint)
	switch p.Class {
	case text.Usage:
		return exitUsage
	case text.Unmet:
		return exitFailed
	case text.Idle:
		return exitNothing
	default:
		return exitEnvironment
	}
}
