package main

import (
	"os"
	"strings"

	"github.com/spf13/cobra"

	"awslab/runner/shell/command"
)

// jwtCommand is the command jwt of the lesson's shell in the student's own
// terminal: the same options and answers, with the files and the environment
// that are there. Flags of awslab itself come before the word jwt.
func (a *app) jwtCommand() *cobra.Command {
	return &cobra.Command{
		Use: "jwt encode|decode|verify …", Short: a.text.Command.Help.JWT,
		DisableFlagParsing: true,
		ValidArgsFunction: func(_ *cobra.Command, args []string, word string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) == 0 || strings.HasPrefix(word, "-") {
				return command.JWTCandidates(args), cobra.ShellCompDirectiveNoFileComp
			}
			return nil, cobra.ShellCompDirectiveDefault // a file with a key
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			code := command.Builtin(command.Config{Text: &a.text.Shell})["jwt"].Do(cmd.Context(), &command.Call{
				Name: "jwt", Args: args,
				Stdin: a.stdin, Stdout: a.data, Stderr: a.stderr,
				Getenv: a.getenv, Now: a.now, ReadAny: os.ReadFile,
			})
			if code != 0 {
				return exitCode(code)
			}
			return nil
		},
	}
}
