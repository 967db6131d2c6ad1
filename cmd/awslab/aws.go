package main

import (
	"os"

	"github.com/spf13/cobra"

	"awslab/runner/awscli"
)

// awsCommand is one AWS command against the target. Flags of awslab itself come
// before the word aws; everything behind it is the AWS CLI's.
func (a *app) awsCommand() *cobra.Command {
	return &cobra.Command{
		Use: "aws SERVICE OPERATION [--OPTION …]", Short: a.text.Command.Help.AWS,
		DisableFlagParsing: true,
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := a.openTarget(cmd.Context(), serving{})
			if err != nil {
				return err
			}
			if !t.Emulator {
				if err := a.consent(t); err != nil {
					_ = t.Close() // nothing was done
					return err
				}
			}
			code := awscli.Run(cmd.Context(), awscli.Config{
				AWS: t.AWS(), Args: args,
				Stdin: a.stdin, Stdout: a.data, Stderr: a.stderr,
				ReadFile:  os.ReadFile,
				WriteFile: func(name string, data []byte) error { return os.WriteFile(name, data, 0o644) },
				Getenv:    a.getenv, Now: a.now, Version: version(), Text: &a.text.AWSCLI,
			})
			if err := t.Close(); err != nil {
				return err
			}
			if code != 0 {
				return exitCode(code)
			}
			return nil
		},
	}
}
