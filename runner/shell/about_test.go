package shell_test

import (
	"context"
	"strings"
	"testing"

	"awslab/runner/shell"
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
