package runner

import (
	"errors"
	"fmt"
	"strings"

	"awslab/runner/shell"
	"awslab/runner/text"
)

// Why says in the language of t what stopped a block or a session. What comes
// from the machine, or from a foreign program, is passed on in its own words, on
// one line and harmless to a terminal.
func Why(t *text.Text, err error) string {
	var problem *text.Problem
	var syntax *shell.SyntaxError
	var lookup *shell.LookupError
	var failed *CommandFailed
	var own interface{ Say(t *text.Shell) string } // the shell's other errors
	said := ""
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
		said = text.Args{"name": lookup.Name, "cause": cause}.Fill(t.Shell.Lookup)
	case errors.As(err, &syntax):
		said = text.Args{"line": fmt.Sprint(syntax.Line), "column": fmt.Sprint(syntax.Column), "cause": t.Foreign(syntax.Text)}.Fill(t.Shell.Syntax)
	case errors.As(err, &own):
		said = own.Say(&t.Shell)
	case errors.As(err, &failed):
		if failed.Err != nil {
			return Why(t, failed.Err)
		}
		said = text.Args{"code": fmt.Sprint(failed.Code)}.Fill(t.Shell.ExitCode)
	default:
		said = t.Why(err)
	}
	return strings.ReplaceAll(said, "\n", " ")
}
