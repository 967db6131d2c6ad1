package main

import (
	"context"
	"fmt"

	"awslab/runner"
	"awslab/runner/emulator/python"
	"awslab/runner/shell"
)

// pythonCommand is python3 in the lesson's shell: the embedded one, confined to
// the workspace.
func (a *app) pythonCommand(installation *python.Installation) func(workspace string) runner.Program {
	return func(workspace string) runner.Program {
		return func(ctx context.Context, c *shell.Call, port uint16) int {
			home, err := installation.Ensure(ctx)
			if err != nil {
				fmt.Fprintln(c.Stderr, "python3: "+a.say(err))
				return 1
			}
			process, err := python.Start(python.Sandbox{
				Home: home, Args: append([]string{"-s"}, c.Args...),
				Env: c.Environ(), Dir: c.Dir, Write: []string{workspace}, Connect: port,
				Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr,
			})
			if err != nil {
				fmt.Fprintln(c.Stderr, "python3: "+a.say(err))
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
				fmt.Fprintln(c.Stderr, "python3: "+a.text.Shell.PythonEnded[why])
				return 137
			}
			if code := process.ExitCode(); code >= 0 {
				return code
			}
			return 137
		}
	}
}
