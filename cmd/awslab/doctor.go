package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
)

// doctorCommand looks at what awslab needs, changes nothing, and gives 3 when
// something is in the way.
func (a *app) doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: a.text.Command.Help.Doctor, Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			findings := a.examine(cmd.Context())
			if a.flags.format == "json" {
				if err := a.printJSON(findings); err != nil {
					return err
				}
			} else {
				d := a.text.Command.Doctor
				for _, f := range findings {
					verdict := d.Good
					if !f.OK {
						verdict = d.Bad
					}
					fmt.Fprintf(a.stdout, "%s %s %s\n", padded(verdict, 8), padded(f.What, 12), f.Detail)
				}
			}
			for _, f := range findings {
				if !f.OK {
					return exitCode(exitEnvironment)
				}
			}
			return nil
		},
	}
}

// padded fills up to a number of cells: Hangul is two wide.
func padded(s string, cells int) string {
	return s + strings.Repeat(" ", max(cells-ansi.StringWidth(s), 0))
}

type doctorFinding struct {
	What   string `json:"what"`
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}

func (a *app) examine(ctx context.Context) []doctorFinding {
	d := a.text.Command.Doctor
	findings := []doctorFinding{}
	add := func(what, detail string, err error) {
		if err != nil {
			findings = append(findings, doctorFinding{what, false, a.say(err)})
			return
		}
		findings = append(findings, doctorFinding{what, true, detail})
	}
	target := a.flags.target
	a.flags.target = "emulator"
	t, err := a.openTarget(ctx, serving{})
	a.flags.target = target
	add(d.Home, a.home(), err)
	if err == nil {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		add(d.Emulator, t.Home().URL(), t.Home().Info(ctx))
		defer func() { _ = t.Close() }() // nothing was changed
	}
	installation := a.python()
	version, err := installation.Version(ctx)
	if err == nil {
		err = installation.Verify()
	}
	add(d.Python, version, err)
	if installation.Sandboxed() {
		add(d.Sandbox, d.SandboxOn, nil)
	} else {
		add(d.Sandbox, d.SandboxOff, nil)
	}
	if path, err := exec.LookPath("aws"); err == nil {
		add(d.AWSCLI, path, nil)
	} else {
		add(d.AWSCLI, d.None, nil)
	}
	add(d.Terminal, fmt.Sprintf("TERM=%s", a.getenv("TERM")), nil)
	return findings
}
