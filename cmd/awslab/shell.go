package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"awslab/runner"
	"awslab/runner/shell"
)

// shellCommand is a prompt in the lesson's shell; from a pipe it reads a script.
// Its exit code is that of the last command.
func (a *app) shellCommand() *cobra.Command {
	return &cobra.Command{
		Use: "shell [LESSON]", Short: a.text.Command.Help.ShellPrompt, Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLab(cmd.Context(), true, func(ctx context.Context, l *lab) error {
				s, err := a.session(l, args)
				if err != nil {
					return err
				}
				cancel := s.Subscribe(a.relay)
				defer cancel()
				if a.terminal && !a.flags.noInput {
					fmt.Fprintln(a.stderr, a.where(l))
					return a.prompt(ctx, s)
				}
				script, err := io.ReadAll(io.LimitReader(a.stdin, 1<<20))
				if err != nil {
					return err
				}
				return commandExit(s.Command(ctx, string(script)))
			})
		},
	}
}

// relay passes on what commands print.
func (a *app) relay(e runner.Event) {
	switch e := e.(type) {
	case runner.Output:
		w := a.stdout
		if e.Stderr {
			w = a.stderr
		}
		fmt.Fprint(w, e.Text)
	case runner.CommandEnded:
		if e.Err != nil && !errors.Is(e.Err, context.Canceled) {
			fmt.Fprintln(a.stderr, "awslab: "+a.say(e.Err))
		}
	case runner.Notice:
		fmt.Fprintln(a.stderr, strings.TrimSpace(e.Text+"\n"+e.Hint))
	}
}

func (a *app) prompt(ctx context.Context, s *runner.Session) error {
	lines := bufio.NewScanner(a.stdin)
	lines.Buffer(nil, 1<<20)
	var last error
	for text := ""; ; {
		mark := "awslab$ "
		if text != "" {
			mark = "> "
		}
		fmt.Fprint(a.stderr, mark)
		if !lines.Scan() {
			fmt.Fprintln(a.stderr)
			return errors.Join(lines.Err(), commandExit(last))
		}
		text += lines.Text() + "\n"
		switch {
		case strings.TrimSpace(text) == "exit":
			return commandExit(last)
		case strings.TrimSpace(text) == "":
			text = ""
			continue
		case !shell.Complete(text):
			continue
		}
		last = s.Command(ctx, text)
		text = ""
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// commandExit makes a failed command's exit code ours.
func commandExit(err error) error {
	var failed *runner.CommandFailed
	if errors.As(err, &failed) {
		return exitCode(failed.Code)
	}
	return err
}
