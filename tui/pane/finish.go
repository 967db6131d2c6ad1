package pane

import (
	"fmt"
	"time"

	"charm.land/lipgloss/v2"

	"awslab/runner"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// longest is up to when the time from beginning to end says something of the
// work, and not of the nights between.
const longest = 12 * time.Hour

// Finish is the page behind the last step: what was done, and how. next is the
// title of the lesson that comes then, or empty.
func Finish(state runner.State, title, next string, width int, texts *text.Text, t theme.Theme) []string {
	width = min(width, 76)
	lines := []string{t.Good.Render(t.Signs.Passed + " " + texts.TUI.Finish)}
	add := func(style lipgloss.Style, s string) {
		for _, line := range Wrap(s, width, 0) {
			lines = append(lines, style.Render(line))
		}
	}
	add(t.Strong, title)
	lines = append(lines, "")
	passed, total := 0, 0
	var ended time.Time
	for _, step := range state.Steps {
		total += len(step.Checks)
		if step.Status == runner.Passed || step.Status == runner.Solved {
			passed += len(step.Checks) // a pass stays a pass, though later steps change the world
		}
		if step.When.After(ended) {
			ended = step.When
		}
		word, style := StatusWord(step.Status, texts), t.Muted
		lines = append(lines, Sides(StepMark(step.Status, t)+" "+t.Text.Render(step.Title), " "+style.Render(word), width, t))
	}
	lines = append(lines, "")
	add(t.Text, text.Args{"passed": fmt.Sprint(passed), "total": fmt.Sprint(total)}.Fill(texts.TUI.FinishChecks))
	if took := ended.Sub(state.Started); !state.Started.IsZero() && took > 0 && took < longest {
		add(t.Text, text.Args{"minutes": fmt.Sprint(int(took.Minutes()) + 1)}.Fill(texts.TUI.FinishTook))
	}
	lines = append(lines, "")
	if next != "" {
		add(t.Accent, text.Args{"title": next}.Fill(texts.TUI.FinishNext))
	} else {
		add(t.Accent, texts.TUI.FinishLast)
	}
	return lines
}

// StatusWord is how a step was done, in a word; empty while it is open.
func StatusWord(s runner.StepStatus, texts *text.Text) string {
	switch s {
	case runner.Passed:
		return texts.TUI.Passed
	case runner.Solved:
		return texts.TUI.Solved
	case runner.Skipped:
		return texts.TUI.Skipped
	default:
		return ""
	}
}
