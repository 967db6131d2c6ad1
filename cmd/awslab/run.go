package main

import (
	"context"

	"github.com/spf13/cobra"

	"awslab/runner"
	"awslab/runner/text"
)

// runCommand: do the actions and the checks, headless.
func (a *app) runCommand() *cobra.Command {
	var step string
	var cleanup bool
	cmd := &cobra.Command{
		Use: "run LESSON|all", Short: a.text.Command.Help.Run, Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLab(cmd.Context(), true, func(ctx context.Context, l *lab) error {
				ids := args
				if args[0] == "all" {
					ids = nil
					for _, les := range l.Course().Lessons {
						ids = append(ids, les.ID)
					}
				}
				out := a.printer(l)
				for _, id := range ids {
					s, err := l.Lesson(id)
					if err != nil {
						return err
					}
					if err := l.Prepare(ctx, s.Lesson(), out.event); err != nil {
						return out.finish(err)
					}
					out.lesson(s)
					if step != "" {
						err = s.Run(ctx, step)
					} else {
						err = s.RunAll(ctx, cleanup)
					}
					out.end()
					if err != nil {
						return out.finish(err)
					}
				}
				return out.finish(nil)
			})
		},
	}
	cmd.Flags().StringVar(&step, "step", "", a.text.Command.Help.Step)
	cmd.Flags().BoolVar(&cleanup, "cleanup", false, a.text.Command.Help.WithCleanup)
	return cmd
}

// checkCommand: only the checks.
func (a *app) checkCommand() *cobra.Command {
	var step string
	var all bool
	cmd := &cobra.Command{
		Use: "check LESSON", Short: a.text.Command.Help.Check, Args: arguments(1, 1),
		PreRunE: func(cmd *cobra.Command, _ []string) error { return excluding(cmd, "step", "all") },
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLab(cmd.Context(), false, func(ctx context.Context, l *lab) error {
				s, err := l.Lesson(args[0])
				if err != nil {
					return err
				}
				out := a.printer(l)
				out.lesson(s)
				defer out.end()
				switch {
				case all:
					err = s.CheckAll(ctx)
				case step == "" && s.State().Current == len(s.State().Steps):
				default:
					step = currentUnless(s, step)
					if err = s.Check(ctx, step); err == nil {
						out.blocked = s.Blocked(step)
					}
				}
				return out.finish(err)
			})
		},
	}
	cmd.Flags().StringVar(&step, "step", "", a.text.Command.Help.Step)
	cmd.Flags().BoolVar(&all, "all", false, a.text.Command.Help.All)
	return cmd
}

// solveCommand, skipCommand, resetCommand and cleanupCommand: as their names say.
func (a *app) solveCommand() *cobra.Command {
	var step string
	cmd := &cobra.Command{
		Use: "solve LESSON", Short: a.text.Command.Help.Solve, Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(cmd.Context(), args[0], true, func(ctx context.Context, s *runner.Session) error {
				return s.Solve(ctx, currentUnless(s, step))
			})
		},
	}
	cmd.Flags().StringVar(&step, "step", "", a.text.Command.Help.Step)
	return cmd
}

func (a *app) skipCommand() *cobra.Command {
	var step string
	cmd := &cobra.Command{
		Use: "skip LESSON", Short: a.text.Command.Help.Skip, Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withLab(cmd.Context(), false, func(_ context.Context, l *lab) error {
				s, err := l.Lesson(args[0])
				if err != nil {
					return err
				}
				if err := s.Skip(currentUnless(s, step)); err != nil {
					return err
				}
				return a.printStates(l, []runner.State{s.State()})
			})
		},
	}
	cmd.Flags().StringVar(&step, "step", "", a.text.Command.Help.Step)
	return cmd
}

func (a *app) resetCommand() *cobra.Command {
	return &cobra.Command{
		Use: "reset LESSON", Short: a.text.Command.Help.Reset, Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(cmd.Context(), args[0], true, func(ctx context.Context, s *runner.Session) error {
				return s.Reset(ctx)
			})
		},
	}
}

func (a *app) cleanupCommand() *cobra.Command {
	return &cobra.Command{
		Use: "cleanup LESSON", Short: a.text.Command.Help.Cleanup, Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(cmd.Context(), args[0], true, func(ctx context.Context, s *runner.Session) error {
				return s.Cleanup(ctx)
			})
		},
	}
}

// currentUnless is the named step, or the one that the student is at.
func currentUnless(s *runner.Session, step string) string {
	state := s.State()
	if step == "" && state.Current < len(state.Steps) {
		return state.Steps[state.Current].ID
	}
	return step
}

// withSession runs work on one lesson and prints what happens.
func (a *app) withSession(ctx context.Context, id string, changes bool, work func(context.Context, *runner.Session) error) error {
	return a.withLab(ctx, changes, func(ctx context.Context, l *lab) error {
		s, err := l.Lesson(id)
		if err != nil {
			return err
		}
		out := a.printer(l)
		out.lesson(s)
		defer out.end()
		err = work(ctx, s)
		out.ran++ // also where the work knows no steps, as cleaning up
		return out.finish(err)
	})
}

// withLab opens the lab for work and closes it again.
func (a *app) withLab(ctx context.Context, changes bool, work func(context.Context, *lab) error) error {
	l, err := a.openLab(ctx, opening{changes: changes, headless: true})
	if err != nil {
		return err
	}
	err = work(ctx, l)
	if closed := l.Close(); err == nil && closed != nil {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.Unexpected }, Err: closed}
	}
	return err
}
