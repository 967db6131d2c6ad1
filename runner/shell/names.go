package shell

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"mvdan.cc/sh/v3/interp"

	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// asking are builtins that ask what a name is. The interpreter answers for its
// own and for functions, but would look for programs on the disk.
var asking = []string{"type", "command", "builtin"}

// ask answers "type" and "command -v".
func (b *block) ask(ctx context.Context, hc interp.HandlerContext, kind string, args []string) error {
	flag := ""
	if len(args) > 0 && strings.HasPrefix(args[0], "-") {
		flag, args = args[0], args[1:]
	}
	known := []string{"-v", "-V"}
	if kind == "type" {
		known = []string{"", "-t"}
	}
	if !slices.Contains(known, flag) {
		_, _ = fmt.Fprintf(hc.Stderr, "%s: %s: invalid option\n", kind, flag) // nobody is left to tell
		return interp.ExitStatus(2)
	}
	missing := false
	for _, name := range args {
		_, ours := b.shell.commands[name]
		b.mu.Lock()
		function := b.functions[name]
		b.mu.Unlock()
		var line string
		switch {
		case function:
			line = map[string]string{"": name + " is a function", "-V": name + " is a function", "-t": "function", "-v": name}[flag]
		case interp.IsBuiltin(name) && !ours || name == "echo" || name == "printf":
			line = map[string]string{"": name + " is a shell builtin", "-V": name + " is a shell builtin", "-t": "builtin", "-v": name}[flag]
		case ours:
			said := text.Args{"name": name}.Fill(b.shell.cfg.Text.OurCommand)
			line = map[string]string{"": said, "-V": said, "-t": "file", "-v": name}[flag]
		default:
			missing = true
			if flag == "" || flag == "-V" {
				_, _ = fmt.Fprintf(hc.Stderr, "%s: %s: not found\n", kind, name) // nobody is left to tell
			}
			continue
		}
		if _, err := fmt.Fprintln(b.output(ctx, hc.Stdout), line); err != nil {
			return interp.ExitStatus(1)
		}
	}
	if missing {
		return interp.ExitStatus(1)
	}
	return nil
}

// introspection are the commands that need to know the shell: help, which, pwd.
func (s *Shell) introspection() []command.Spec {
	return []command.Spec{
		{Name: "help", Run: s.help},
		{Name: "which", Run: s.which},
		{Name: "pwd", Run: pwd},
	}
}

// notHere says that the shell lacks a command, what does its work, and which
// commands there are.
func (s *Shell) notHere(name string) string {
	t := s.cfg.Text
	lines := []string{text.Args{"name": name}.Fill(t.NotHere)}
	if instead, ok := t.Instead[name]; ok {
		lines = append(lines, instead)
	}
	return strings.Join(append(lines, text.Args{"names": strings.Join(command.Names(s.commands), " ")}.Fill(t.Known)), "\n")
}

func (s *Shell) help(ctx context.Context, c *Call) int {
	if len(c.Args) > 0 {
		spec, ok := s.commands[c.Args[0]]
		switch {
		case !ok:
			_, _ = fmt.Fprintln(c.Stderr, s.notHere(c.Args[0])) // nobody is left to tell
			return 1
		case spec.Usage == "":
			_, _ = fmt.Fprintf(c.Stdout, "%s: %s\n", spec.Name, s.cfg.Text.About[spec.Name]) // nobody is left to tell
			return 0
		}
		sub := *c
		sub.Args = []string{"--help"}
		return spec.Do(ctx, &sub)
	}
	table := tabwriter.NewWriter(c.Stdout, 0, 0, 2, ' ', 0)
	for _, name := range command.Names(s.commands) {
		_, _ = fmt.Fprintf(table, "%s\t%s\n", name, s.cfg.Text.About[name]) // Flush reports it
	}
	if table.Flush() != nil {
		return 1
	}
	return 0
}

func (s *Shell) which(_ context.Context, c *Call) int {
	status := 0
	for _, name := range c.Args {
		if _, ok := s.commands[name]; !ok && !interp.IsBuiltin(name) {
			status = 1
			continue
		}
		if _, err := fmt.Fprintln(c.Stdout, name); err != nil {
			return 1
		}
	}
	return status
}

// pwd takes the place of the builtin where it has options: "pwd -P" would
// resolve any path that a script puts into $PWD.
func pwd(_ context.Context, c *Call) int {
	if _, err := fmt.Fprintln(c.Stdout, c.Dir); err != nil {
		return 1
	}
	return 0
}
