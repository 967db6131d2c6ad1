// Package pane holds the parts of a page: the console with its prompt, the
// steps, the checklist, the overlay of keys, a dialog. A pane is given its size
// and returns lines no wider; it reads no clock and starts nothing. Pages put
// panes together.
package pane

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/tui/theme"
)

// Fit cuts a line to a width and fills it with blanks to exactly that width.
func Fit(line string, width int, t theme.Theme) string {
	if ansi.StringWidth(line) > width {
		line = ansi.Truncate(line, width, t.Signs.Cut)
	}
	return line + strings.Repeat(" ", max(width-ansi.StringWidth(line), 0))
}

// Rule is a heading with a thin line behind it.
func Rule(title string, width int, t theme.Theme) string {
	if title == "" {
		return t.Muted.Render(strings.Repeat(t.Signs.Rule, width))
	}
	line := t.Muted.Render(strings.Repeat(t.Signs.Rule, 2)+" ") + t.Title.Render(title) + " "
	return line + t.Muted.Render(strings.Repeat(t.Signs.Rule, max(width-lipgloss.Width(line), 0)))
}

// Sides puts a left and a right part on one line of the width.
func Sides(left, right string, width int, t theme.Theme) string {
	room := width - ansi.StringWidth(right)
	if room < 8 {
		return Fit(left, width, t)
	}
	return Fit(left, room, t) + right
}

// Wrap breaks a text at blanks, with later lines indented. It does not break at
// hyphens, as ansi.Wrap would: "ap-northeast-2" is one word.
func Wrap(s string, width, indent int) []string {
	const unbroken = "\u2011"
	lines := strings.Split(ansi.Wrap(strings.ReplaceAll(s, "-", unbroken), max(width-indent, 8), ""), "\n")
	for i := range lines {
		lines[i] = strings.ReplaceAll(lines[i], unbroken, "-")
		if i > 0 {
			lines[i] = strings.Repeat(" ", indent) + lines[i]
		}
	}
	return lines
}

// Column fills or cuts lines to a height, each to the width.
func Column(lines []string, width, height int, t theme.Theme) []string {
	column := make([]string, height)
	for i := range column {
		line := ""
		if i < len(lines) {
			line = lines[i]
		}
		column[i] = Fit(line, width, t)
	}
	return column
}
