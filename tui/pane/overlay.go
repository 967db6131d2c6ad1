package pane

import (
	"strings"

	"charm.land/bubbles/v2/key"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/tui/theme"
)

// cellWidth is the room of a key and its help in the overlay.
const cellWidth = 30

// Keys is the overlay that names every key of a page, in columns.
func Keys(title, closing string, bindings []key.Binding, width, height int, t theme.Theme) []string {
	cells := []string{}
	for _, b := range bindings {
		if b.Enabled() {
			cells = append(cells, t.Accent.Render(Fit(b.Help().Key, 8, t))+t.Text.Render(b.Help().Desc))
		}
	}
	columns := 2
	if width < 2*cellWidth || len(cells) <= 8 {
		columns = 1
	}
	rows := (len(cells) + columns - 1) / columns
	lines := []string{t.Title.Render(title), ""}
	for r := range rows {
		line := ""
		for c := range columns {
			if i := c*rows + r; i < len(cells) {
				line += Fit(cells[i], cellWidth, t)
			}
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	return box(append(lines, "", t.Muted.Render(closing)), width, height, t)
}

// Ask is a dialog with a question and what answers it.
func Ask(question, yes, no string, width, height int, t theme.Theme) []string {
	inner := min(width-10, 56)
	lines := Wrap(question, inner, 0)
	for i := range lines {
		lines[i] = t.Text.Render(lines[i])
	}
	lines = append(lines, "", t.Accent.Render("y")+" "+yes+"    "+t.Accent.Render("n")+" "+no)
	return box(lines, width, height, t)
}

// box draws lines in a frame; where there is no room for one, it fills the page.
func box(lines []string, width, height int, t theme.Theme) []string {
	wide := 0
	for _, line := range lines {
		wide = max(wide, lipgloss.Width(line))
	}
	if len(lines)+4 > height || wide+6 > width {
		return Column(lines, width, height, t)
	}
	return strings.Split(t.Box.Render(strings.Join(lines, "\n")), "\n")
}

// Over lays a box over the middle of a page.
func Over(page, box []string, width int, t theme.Theme) []string {
	wide := 0
	for _, line := range box {
		wide = max(wide, lipgloss.Width(line))
	}
	left, top := max((width-wide)/2, 0), max((len(page)-len(box))/2, 0)
	out := append([]string(nil), page...)
	for i, line := range box {
		if top+i >= len(out) {
			break
		}
		below := out[top+i]
		before := Fit(ansi.Truncate(below, left, ""), left, t)
		after := ansi.TruncateLeft(below, left+wide, "")
		if room := width - left - wide; ansi.StringWidth(after) > room { // the edge goes through a wide character
			after = " " + ansi.TruncateLeft(below, left+wide+1, "")
		}
		out[top+i] = before + "\x1b[m" + Fit(line, wide, t) + "\x1b[m" + after
	}
	return out
}
