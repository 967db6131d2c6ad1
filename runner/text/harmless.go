package text

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner/lesson/yamltree"
)

// Harmless makes foreign text fit for a terminal: escape sequences are dropped,
// other control characters but tab and newline shown as U+FFFD, invalid UTF-8
// and what would reorder a line too. A carriage return before a newline goes;
// alone it becomes a newline.
//
// Whatever comes from a lesson, a function, a server or a file's name passes
// here before it is shown; [Args.Fill] does it for the values of sentences.
func Harmless(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = ansi.Strip(s)
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case yamltree.Control(r):
			return '\uFFFD'
		}
		return r
	}, s)
}
