package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"awslab/runner"
	"awslab/runner/text"
)

// listCommand: what there is.
func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: a.text.Command.Help.List, Args: arguments(0, 0),
		RunE: func(*cobra.Command, []string) error {
			course, err := a.course()
			if err != nil {
				return err
			}
			if a.flags.format == "json" {
				type item struct {
					ID      string   `json:"id"`
					Title   string   `json:"title"`
					Minutes int      `json:"minutes"`
					Needs   []string `json:"needs"`
					Steps   []string `json:"steps"`
				}
				items := []item{}
				for _, les := range course.Lessons {
					one := item{ID: les.ID, Title: les.Title, Minutes: les.Minutes, Needs: append([]string{}, les.Needs...), Steps: []string{}}
					for _, step := range les.Steps {
						one.Steps = append(one.Steps, step.ID)
					}
					items = append(items, one)
				}
				return a.printJSON(items)
			}
			fmt.Fprintln(a.stdout, course.Title)
			for _, les := range course.Lessons {
				fmt.Fprintf(a.stdout, "  %-14s %s\n", les.ID, text.Args{"title": les.Title, "minutes": fmt.Sprint(les.Minutes), "steps": fmt.Sprint(len(les.Steps))}.Fill(a.text.Command.ListLine))
			}
			return nil
		},
	}
}

// statusCommand: what is done.
func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use: "status [LESSON]", Short: a.text.Command.Help.Status, Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			l, err := a.openLab(cmd.Context(), opening{headless: true})
			if err != nil {
				return err
			}
			defer func() { _ = l.Close() }() // reading changes nothing that could be lost
			ids := args
			if len(args) == 0 {
				for _, les := range l.Course().Lessons {
					ids = append(ids, les.ID)
				}
			}
			states := []runner.State{}
			for _, id := range ids {
				s, err := l.Lesson(id)
				if err != nil {
					return err
				}
				states = append(states, s.State())
			}
			return a.printStates(l, states)
		},
	}
}

func (a *app) printStates(l *lab, states []runner.State) error {
	if a.flags.format == "json" {
		type step struct {
			ID     string `json:"id"`
			Title  string `json:"title"`
			Status string `json:"status"`
		}
		type one struct {
			Lesson string `json:"lesson"`
			Target string `json:"target"`
			Steps  []step `json:"steps"`
		}
		all := []one{}
		for _, state := range states {
			o := one{Lesson: state.Lesson, Target: l.target.Key(), Steps: []step{}}
			for _, s := range state.Steps {
				o.Steps = append(o.Steps, step{s.ID, s.Title, s.Status.String()})
			}
			all = append(all, o)
		}
		return a.printJSON(all)
	}
	fmt.Fprintln(a.stdout, a.where(l))
	for _, state := range states {
		done := 0
		for _, s := range state.Steps {
			if s.Status.Done() {
				done++
			}
		}
		fmt.Fprintf(a.stdout, "\n%s  %d/%d\n", state.Lesson, done, len(state.Steps))
		for i, s := range state.Steps {
			mark := a.mark(s.Status)
			if i == state.Current {
				mark = a.text.Command.MarkCurrent
			}
			fmt.Fprintf(a.stdout, "  %s %-16s %s\n", mark, s.ID, s.Title)
		}
	}
	return nil
}

func (a *app) mark(s runner.StepStatus) string {
	m := a.text.Command.Marks
	switch s {
	case runner.Passed:
		return m.Passed
	case runner.Solved:
		return m.Solved
	case runner.Skipped:
		return m.Skipped
	default:
		return m.Open
	}
}

// where is one line that says where commands go.
func (a *app) where(l *lab) string {
	w := l.Where()
	args := text.Args{"account": w.Account, "region": w.Region, "url": w.URL}
	switch {
	case w.Emulator:
		return args.Fill(a.text.Command.WhereEmulator)
	case w.URL != "":
		return args.Fill(a.text.Command.WhereEndpoint)
	default:
		return args.Fill(a.text.Command.WhereAWS)
	}
}

// nextCommand: what comes next.
func (a *app) nextCommand() *cobra.Command {
	return &cobra.Command{
		Use: "next", Short: a.text.Command.Help.Next, Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			l, err := a.openLab(cmd.Context(), opening{headless: true})
			if err != nil {
				return err
			}
			defer func() { _ = l.Close() }() // reading changes nothing that could be lost
			s, err := a.session(l, nil)
			if err != nil {
				return err
			}
			state := s.State()
			if state.Current == len(state.Steps) {
				if a.flags.format == "json" {
					return a.printJSON(nil)
				}
				fmt.Fprintln(a.stdout, a.text.Command.AllDone)
				return nil
			}
			step := state.Steps[state.Current]
			if a.flags.format == "json" {
				return a.printJSON(map[string]string{"lesson": state.Lesson, "step": step.ID, "title": step.Title})
			}
			fmt.Fprintln(a.stdout, text.Args{"lesson": state.Lesson, "step": step.ID, "title": step.Title}.Fill(a.text.Command.NextStep))
			return nil
		},
	}
}

func (a *app) printJSON(v any) error {
	enc := json.NewEncoder(a.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
