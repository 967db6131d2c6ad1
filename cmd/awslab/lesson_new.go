package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"awslab/runner/lesson/starter"
	"awslab/runner/text"
)

var lessonID = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)

// lessonNewCommand: begin a lesson with a small one that proves itself.
func (a *app) lessonNewCommand() *cobra.Command {
	var title string
	cmd := &cobra.Command{
		Use: "new DIR", Short: a.text.Command.Help.LessonNew, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			dir, err := filepath.Abs(args[0])
			if err != nil {
				return err
			}
			id := filepath.Base(dir)
			if !lessonID.MatchString(id) {
				return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoLessonID }, Class: text.Usage, Args: text.Args{"id": id}}
			}
			if title = strings.Join(strings.Fields(title), " "); title == "" {
				title = strings.ToUpper(id[:1]) + strings.ReplaceAll(id[1:], "-", " ")
			}
			written, err := starter.Write(filepath.Clean(args[0]), title)
			if errors.Is(err, fs.ErrExist) {
				return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.FolderInUse }, Class: text.Usage, Args: text.Args{"dir": args[0]}}
			}
			if err != nil {
				return err
			}
			a.tellNew(args[0], id, written)
			return nil
		},
	}
	cmd.Flags().StringVar(&title, "title", "", a.text.Command.Help.Title)
	return cmd
}

// tellNew says what was written and what to do next.
func (a *app) tellNew(dir, id string, written starter.Written) {
	t := a.text.Command
	for _, name := range written.Files {
		fmt.Fprintln(a.stdout, text.Args{"file": name}.Fill(t.WroteFile))
	}
	if !written.Listed {
		fmt.Fprintln(a.stdout, text.Args{"lesson": id}.Fill(t.ListLesson))
	}
	fmt.Fprintln(a.stdout, "\n"+text.Args{"dir": dir, "course": filepath.Dir(filepath.Clean(dir)), "lesson": id}.Fill(t.NextWithLesson))
}
