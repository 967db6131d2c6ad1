package main

import (
	"io"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"awslab/tui/theme"
)

// help prints what a command is for and how it is written, in the student's
// language. The styles are attributes without colour, right on any background,
// and only on a terminal.
func (a *app) help(cmd *cobra.Command, _ []string) {
	t := a.text.Command.Help
	h := helpPage{width: a.width(), theme: theme.New(theme.Config{NoColor: true})}
	long := cmd.Long
	if long == "" {
		long = cmd.Short
	}
	h.line(ansi.Wordwrap(long, h.width, ""))
	h.title(t.Usage)
	use := useLine(cmd)
	if cmd.HasAvailableSubCommands() {
		h.line("  " + use)
		use = cmd.CommandPath() + " " + t.CommandWord
	}
	h.line("  " + use + " " + t.FlagsWord)
	if cmd.Example != "" {
		h.title(t.Examples)
		h.line(cmd.Example)
	}
	commands := []entry{}
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() || c.Name() == "help" {
			commands = append(commands, entry{c.Use, c.Short})
		}
	}
	own, common := entries(cmd.NonInheritedFlags()), entries(cmd.InheritedFlags())
	if !cmd.HasParent() {
		own, common = nil, own
	}
	column := 0
	for _, list := range [][]entry{commands, own, common} {
		for _, e := range list {
			column = max(column, ansi.StringWidth(e.name))
		}
	}
	h.list(t.Commands, commands, column)
	h.list(t.Flags, own, column)
	h.list(t.CommonFlags, common, column)
	if a.flags.plain {
		h.text.WriteString("\n")
		_, _ = io.WriteString(cmd.OutOrStdout(), ansi.Strip(h.text.String())) // nobody is left to tell
		return
	}
	_, _ = lipgloss.Fprintln(cmd.OutOrStdout(), h.text.String()) // as above
}

// width is that of the terminal, at most what reads well.
func (a *app) width() int {
	const most = 100
	if file, ok := a.stdout.(interface{ Fd() uintptr }); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil {
			return max(min(width, most), 40)
		}
	}
	return most
}

// entry is a name and what it is for.
type entry struct{ name, about string }

func entries(flags *pflag.FlagSet) []entry {
	list := []entry{}
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		e := entry{"--" + f.Name, f.Usage}
		if f.Shorthand != "" {
			e.name = "-" + f.Shorthand + ", " + e.name
		}
		if f.DefValue != "" && f.DefValue != "false" {
			e.about += " (" + f.DefValue + ")"
		}
		list = append(list, e)
	})
	return list
}

type helpPage struct {
	text  strings.Builder
	width int
	theme theme.Theme
}

func (h *helpPage) line(s string) { h.text.WriteString(s + "\n") }

func (h *helpPage) title(s string) { h.line("\n" + h.theme.Title.Render(s)) }

// list writes names, and beside them what they are for, wrapped in its column.
func (h *helpPage) list(title string, list []entry, column int) {
	if len(list) == 0 {
		return
	}
	h.title(title)
	for _, e := range list {
		pad := strings.Repeat(" ", column-ansi.StringWidth(e.name)+2)
		about := ansi.Wordwrap(e.about, max(h.width-column-4, 20), "")
		about = strings.ReplaceAll(about, "\n", "\n"+strings.Repeat(" ", column+4))
		h.line("  " + h.theme.Strong.Render(e.name) + pad + about)
	}
}

// helpCommand is `awslab help run`, the same as `awslab run --help`.
func (a *app) helpCommand() *cobra.Command {
	t := a.text.Command.Help
	return &cobra.Command{
		Use: "help [COMMAND]", Short: t.HelpCommand,
		RunE: func(cmd *cobra.Command, args []string) error {
			of, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return unknownCommand(cmd.Root(), strings.Join(args, " "))
			}
			return of.Help()
		},
	}
}

// completionCommand prints the script that completes awslab's commands in a
// shell.
func (a *app) completionCommand() *cobra.Command {
	t := a.text.Command.Help
	return &cobra.Command{
		Use: "completion bash|zsh|fish|powershell", Short: t.Completion, Long: t.CompletionLong, Args: arguments(1, 1),
		Example:           "  source <(awslab completion bash)",
		ValidArgsFunction: cobra.FixedCompletions([]cobra.Completion{"bash", "zsh", "fish", "powershell"}, cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
			return unknownShell(args[0], "bash, zsh, fish, powershell")
		},
	}
}
