package main

import (
	"github.com/spf13/cobra"

	"awslab/runner"
	"awslab/runner/text"
	"awslab/tui"
)

// open is awslab without a command: the terminal program.
func (a *app) open(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		course, err := a.course()
		if err != nil {
			return err
		}
		if err := runner.KnownLesson(course, args[0]); err != nil {
			if len(cmd.SuggestionsFor(args[0])) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return err
		}
	}
	if err := a.needTerminal(); err != nil {
		return err
	}
	l, err := a.openLab(cmd.Context(), opening{changes: true})
	if err != nil {
		return err
	}
	cfg := a.screen(l.Lab)
	if len(args) > 0 {
		cfg.Lesson = args[0]
	}
	if err := a.behind(func() error { return tui.Run(cmd.Context(), cfg) }); err != nil {
		_ = l.Close() // the program's error is what matters
		return err
	}
	return l.Close()
}

// needTerminal refuses the terminal program where there is none.
func (a *app) needTerminal() error {
	if !a.terminal || a.flags.noInput || a.getenv("TERM") == "dumb" {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoTerminal }, Class: text.Usage}
	}
	return nil
}

// screen is how the terminal program looks here.
func (a *app) screen(l *runner.Lab) tui.Config {
	return tui.Config{
		Lab:     l,
		Text:    a.text,
		ASCII:   a.flags.plain || a.getenv("RUNEWIDTH_EASTASIAN") == "1",
		NoColor: a.flags.plain || a.getenv("NO_COLOR") != "",
		Show:    a.show,
	}
}
