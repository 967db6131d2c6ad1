package shell_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awslab/runner/shell"
	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// help says in each language what every command is for, and there is no word
// about commands that the shell does not have.
func TestHelpSaysWhatEachCommandIsFor(t *testing.T) {
	t.Parallel()
	none := func(context.Context, *shell.Call) int { return 0 }
	for _, said := range []*text.Text{text.English(), text.Korean()} {
		w := newWorld(t, shell.Config{Text: &said.Shell, Commands: map[string]shell.Command{"aws": none, "python": none, "python3": none}})
		lines := strings.Split(strings.TrimSpace(w.prints("help")), "\n")
		if len(lines) != len(said.Shell.About) {
			t.Errorf("%s: %d commands, and %d are described", said.Language, len(lines), len(said.Shell.About))
		}
		for _, line := range lines {
			name, about, _ := strings.Cut(line, " ")
			if about = strings.TrimSpace(about); about == "" || about != said.Shell.About[name] {
				t.Errorf("%s: %q", said.Language, line)
			}
		}
	}
}

// Every command says how it is used, in each language, and of the same options.
func TestUsage(t *testing.T) {
	t.Parallel()
	options := regexp.MustCompile(`(?:^|[\s\[|(,])(--?[A-Za-z0-9][a-z-]*)`)
	of := func(usage string) []string {
		var all []string
		for _, m := range options.FindAllStringSubmatch(usage, -1) {
			all = append(all, m[1])
		}
		slices.Sort(all)
		return slices.Compact(all)
	}
	english := text.English().Shell.Usage
	for _, said := range []*text.Text{text.English(), text.Korean()} {
		w := newWorld(t, shell.Config{Text: &said.Shell})
		for name := range command.Builtin(command.Config{}) {
			if name == "echo" || name == "printf" {
				continue
			}
			out := w.prints(name + " --help")
			if first, _, _ := strings.Cut(out, "\n"); !strings.Contains(first, ": "+name) {
				t.Errorf("%s: %s --help prints %q", said.Language, name, out)
			}
			if got, want := of(out), of(english[name]); !slices.Equal(got, want) {
				t.Errorf("%s: %s --help tells of %v, in English of %v", said.Language, name, got, want)
			}
		}
	}
}
