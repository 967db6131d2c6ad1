package pane

import (
	"math"
	"strings"

	"awslab/runner/check"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// Sample is the traffic that a check is sampling.
type Sample struct {
	Check string // its id
	check.Progress
}

// maxBar is how long a bar is at most, in cells.
const maxBar = 60

// lines are the share so far as a bar, with a mark at the share that is expected,
// and in words.
func (s *Sample) lines(texts *text.Text, width int, t theme.Theme) []string {
	cells := max(min(width-2, maxBar), 10)
	filled, mark := cells*s.Share()/100, int(math.Round(float64(cells-1)*s.Percent/100))
	bar := func(from, to int) string {
		full := max(min(filled, to)-from, 0)
		return t.Accent.Render(strings.Repeat(t.Signs.Filled, full)) + t.Muted.Render(strings.Repeat(t.Signs.Empty, to-from-full))
	}
	lines := []string{"  " + bar(0, mark) + t.Strong.Render(t.Signs.Mark) + bar(mark+1, cells)}
	for _, line := range Wrap(texts.Progress(s.Progress), width-2, 0) {
		lines = append(lines, "  "+t.Text.Render(line))
	}
	return lines
}
