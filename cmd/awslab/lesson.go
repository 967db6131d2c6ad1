package main

import "github.com/spf13/cobra"

// lessonCommand: what instructors do with a lesson.
func (a *app) lessonCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "lesson", Short: a.text.Command.Help.Lesson,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(a.lessonLintCommand(), a.lessonNewCommand(), a.lessonPreviewCommand(), a.lessonTestCommand())
	return cmd
}
