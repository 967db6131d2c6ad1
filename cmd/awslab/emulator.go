package main

import (
	"fmt"
	"net"

	"github.com/spf13/cobra"

	"awslab/runner/target"
	"awslab/runner/text"
)

// emulatorCommand keeps the emulator up on its own, until it is interrupted.
func (a *app) emulatorCommand() *cobra.Command {
	var addr string
	var strict, fresh bool
	cmd := &cobra.Command{
		Use: "emulator", Short: a.text.Command.Help.Emulator, Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := checkLoopback(addr, func(p *text.Problems) text.Sentence { return p.NotLoopback }); err != nil {
				return err
			}
			a.flags.target = "emulator"
			t, err := a.openTarget(cmd.Context(), serving{addr: addr, strict: strict, fresh: fresh})
			if err != nil {
				return err
			}
			says := a.text.Command.EmulatorServes
			if !t.Home().Owner() {
				says = a.text.Command.EmulatorWaits
			}
			fmt.Fprintln(a.stdout, text.Args{"url": t.Home().URL()}.Fill(says))
			<-cmd.Context().Done()
			return t.Close()
		},
	}
	cmd.Flags().StringVar(&addr, "addr", "", text.Args{"addr": target.DefaultAddr}.Fill(a.text.Command.Help.Addr))
	cmd.Flags().BoolVar(&fresh, "fresh", false, a.text.Command.Help.Fresh)
	cmd.Flags().BoolVar(&strict, "strict", false, a.text.Command.Help.Strict)
	return cmd
}

// checkLoopback refuses an address that others could reach.
func checkLoopback(addr string, says func(*text.Problems) text.Sentence) error {
	if addr == "" {
		return nil
	}
	refused := &text.Problem{Says: says, Args: text.Args{"addr": addr}, Class: text.Usage}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return refused
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return refused
	}
	return nil
}
