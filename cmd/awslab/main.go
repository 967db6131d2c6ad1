// Command awslab walks through AWS lessons in the terminal, runs their actions
// against real AWS or against the emulator that it carries, and checks the
// results.
//
// This package only wires: flags, environment and files are read here, turned
// into the Config of the package that does the work, and its results into text
// and exit codes. One file per command; start at main.go, then app.go.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"
)

func main() {
	os.Exit(run())
}

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	a := &app{
		stdin:    os.Stdin,
		stdout:   &screen{file: os.Stdout},
		stderr:   &screen{file: os.Stderr},
		data:     os.Stdout,
		getenv:   os.Getenv,
		terminal: term.IsTerminal(int(os.Stdin.Fd())) && term.IsTerminal(int(os.Stdout.Fd())),
		now:      time.Now,
	}
	if term.IsTerminal(int(os.Stdout.Fd())) {
		a.data = a.stdout
	}
	return a.execute(ctx, os.Args[1:])
}

// execute runs one command line and gives its exit code.
func (a *app) execute(ctx context.Context, args []string) int {
	a.speak(args)
	root := a.root()
	root.SetArgs(args)
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	return a.exit(ctx, root.ExecuteContext(ctx))
}
