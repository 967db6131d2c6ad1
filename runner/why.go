package runner

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"awslab/runner/shell"
	"awslab/runner/text"
)

// Why says in the language of t what stopped a block or a session. What comes
// from the machine, or from a foreign program, is passed on in its own words, on
// one line and harmless to a terminal.
func Why(t *text.Text, err error) string {
	var problem *text.Problem
	var syntax *shell.SyntaxError
	var refused *shell.RefusedError
	var limit *shell.LimitError
	var unset *shell.UnsetError
	var lookup *shell.LookupError
	var failed *CommandFailed
	says, args := "", text.Args{}
	switch {
	case errors.As(err, &problem):
		what, _ := t.Problem(problem)
		return what
	case errors.As(err, &lookup):
		cause := text.Args{"code": fmt.Sprint(lookup.Code)}.Fill(t.Shell.ExitCode)
		if lookup.Err != nil {
			cause = Why(t, lookup.Err)
		} else if lookup.Stderr != "" {
			cause = strings.TrimSpace(lookup.Stderr)
		}
		says, args = t.Shell.Lookup, text.Args{"name": lookup.Name, "cause": cause}
	case errors.As(err, &syntax):
		says, args = t.Shell.Syntax, text.Args{"line": fmt.Sprint(syntax.Line), "column": fmt.Sprint(syntax.Column), "cause": t.Foreign(syntax.Text)}
	case errors.As(err, &refused):
		says, args = t.Shell.RefusedAt, text.Args{"line": fmt.Sprint(refused.Line), "what": refused.What}
		if refused.Line == 0 {
			says = t.Shell.Refused
		}
	case errors.As(err, &limit):
		says, args = t.Shell.Stopped[string(limit.Limit)], text.Args{"bound": bound(limit)}
	case errors.As(err, &unset):
		says, args = t.Shell.Unset, text.Args{"name": unset.Name, "why": unset.Reason}
		if unset.Reason != "" {
			says = t.Shell.UnsetWhy
		}
	case errors.As(err, &failed):
		says, args = t.Shell.ExitCode, text.Args{"code": fmt.Sprint(failed.Code)}
		if failed.Err != nil {
			return Why(t, failed.Err)
		}
	}
	if says == "" {
		return strings.ReplaceAll(t.Why(err), "\n", " ")
	}
	return strings.ReplaceAll(args.Fill(says), "\n", " ")
}

// bound writes a limit with its unit.
func bound(e *shell.LimitError) string {
	switch e.Limit {
	case shell.LimitTime:
		return time.Duration(e.Bound).String()
	case shell.LimitMemory:
		return fmt.Sprintf("%d MiB", e.Bound>>20)
	case shell.LimitOutput, shell.LimitText, shell.LimitVariables:
		return fmt.Sprintf("%d KiB", e.Bound>>10)
	case shell.LimitGoroutines, shell.LimitDepth:
	}
	return fmt.Sprint(e.Bound)
}
