package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/cli/browser"
	"github.com/spf13/cobra"

	"awslab/runner"
	"awslab/runner/playground"
	"awslab/runner/text"
	"awslab/tui/page"
)

// corsLesson is the lesson whose page is shown if none is named.
const corsLesson = "cors"

// playgroundCommand serves the page that shows CORS in the student's own browser,
// until it is interrupted.
func (a *app) playgroundCommand() *cobra.Command {
	var addr string
	var noBrowser bool
	cmd := &cobra.Command{
		Use: "playground [LESSON]", Short: a.text.Command.Help.Playground, Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkLoopback(addr, func(p *text.Problems) text.Sentence { return p.PlaygroundLoopback }); err != nil {
				return err
			}
			id := corsLesson
			if len(args) > 0 {
				id = args[0]
			}
			l, err := a.openLab(cmd.Context(), opening{headless: true})
			if err != nil {
				return err
			}
			return errors.Join(a.playground(cmd.Context(), l, id, len(args) > 0, addr, noBrowser), l.Close())
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "", text.Args{"addr": playground.DefaultAddr}.Fill(a.text.Command.Help.PageAddr))
	cmd.Flags().BoolVar(&noBrowser, "no-browser", false, a.text.Command.Help.NoBrowser)
	return cmd
}

func (a *app) playground(ctx context.Context, l *lab, id string, named bool, addr string, noBrowser bool) error {
	if !named && runner.KnownLesson(l.Course(), id) != nil {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoCORSLesson }, Args: text.Args{"lesson": id}, Class: text.Usage}
	}
	s, err := l.Lesson(id)
	if err != nil {
		return err
	}
	p, err := s.Playground(ctx, addr)
	if err != nil {
		return err
	}
	says := a.text.Command
	if p.Moved {
		fmt.Fprintln(a.stderr, "note: "+says.PageMoved)
	}
	fmt.Fprintln(a.stdout, text.Args{"url": p.URL}.Fill(says.PageServes))
	switch {
	case a.remote():
		fmt.Fprintln(a.stdout, says.PageRemote+"\n    "+forward(p))
	case !noBrowser && a.terminal && !a.flags.noInput && a.graphical():
		a.browse(p.URL)
	}
	<-ctx.Done()
	return nil
}

// show is the same inside the terminal program.
func (a *app) show(ctx context.Context, s *runner.Session) (page.Shown, error) {
	p, err := s.Playground(ctx, "")
	if err != nil {
		return page.Shown{}, err
	}
	says := a.text.Command
	note := says.PageAt
	var lines []string
	if p.Moved {
		lines = append(lines, says.PageMoved)
	}
	switch {
	case a.remote():
		note = says.PageConsole
		lines = append(lines, says.PageRemote, "    "+forward(p))
	case a.graphical():
		note = says.PageOpened
		a.browse(p.URL)
	}
	return page.Shown{Note: text.Args{"url": p.URL}.Fill(note), Lines: lines}, nil
}

// remote reports a terminal on another machine than the browser's.
func (a *app) remote() bool { return a.getenv("SSH_CONNECTION") != "" || a.getenv("SSH_TTY") != "" }

// graphical reports whether a browser can have a window. Without one Linux's
// openers start a browser in the terminal.
func (a *app) graphical() bool {
	if runtime.GOOS == "darwin" || runtime.GOOS == "windows" {
		return true
	}
	return a.getenv("DISPLAY") != "" || a.getenv("WAYLAND_DISPLAY") != "" || a.getenv("WSL_DISTRO_NAME") != ""
}

// browse opens the student's browser. Its address was printed: where it does not
// open, nothing is lost.
func (a *app) browse(url string) {
	browser.Stdout, browser.Stderr = io.Discard, io.Discard // the screen is ours
	go func() { _ = browser.OpenURL(url) }()
}

// forward is the command that brings both ports to the machine of the browser. They
// keep their numbers: they are part of the origins.
func forward(p *runner.Playground) string {
	line := "ssh -L " + p.Port + ":127.0.0.1:" + p.Port
	if p.EmulatorPort != "" {
		line += " -L " + p.EmulatorPort + ":127.0.0.1:" + p.EmulatorPort
	}
	return line + " HOST"
}
