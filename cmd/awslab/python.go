package main

import (
	"context"
	"errors"
	"fmt"

	"awslab/runner/emulator"
	"awslab/runner/emulator/python"
	"awslab/runner/journal"
	"awslab/runner/shell"
	"awslab/runner/text"
)

// pythonCommand is python3 in the lesson's shell: the embedded one, confined to
// the workspace.
func pythonCommand(installation *python.Installation) func(workspace string) shell.Command {
	return func(workspace string) shell.Command {
		return func(ctx context.Context, c *shell.Call) int {
			home, err := installation.Ensure(ctx)
			if err != nil {
				fmt.Fprintf(c.Stderr, "python3: %v\n", err)
				return 1
			}
			process, err := python.Start(python.Sandbox{
				Home: home, Args: append([]string{"-s"}, c.Args...),
				Env: c.Environ(), Dir: c.Dir, Write: []string{workspace},
				Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr,
			})
			if err != nil {
				fmt.Fprintf(c.Stderr, "python3: %v\n", err)
				return 1
			}
			defer process.Kill()
			select {
			case <-process.Done():
			case <-ctx.Done():
				process.Kill()
				<-process.Done()
				return 130
			}
			if why := process.Exceeded(); why != "" {
				fmt.Fprintf(c.Stderr, "python3: ended by awslab: too much %s\n", why)
				return 137
			}
			if code := process.ExitCode(); code >= 0 {
				return code
			}
			return 137
		}
	}
}

// emulatorProblem says in two lines why an emulator cannot take up its state.
func emulatorProblem(dir string, err error) error {
	args := text.Args{"dir": dir}
	var damaged *journal.DamagedError
	var newer *journal.VersionError
	var differs *emulator.ReplayError
	switch {
	case errors.As(err, &damaged):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalDamaged }, Args: args, Err: err}
	case errors.As(err, &newer):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalNewer }, Args: args, Err: err}
	case errors.As(err, &differs):
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.JournalDiffers }, Args: args, Err: err}
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: args, Err: err}
}

// setAside moves the emulator's state out of the way; nothing is deleted.
func (a *app) setAside(dir string) error {
	moved, err := journal.SetAside(dir, a.now())
	if err != nil {
		return emulatorProblem(dir, err)
	}
	if moved != "" {
		a.notice(text.Notice{Says: func(n *text.Notices) string { return n.SetAside }, Args: text.Args{"dir": moved}})
	}
	return nil
}
