package pane

import (
	"fmt"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// StepMark is the sign of a step, in its colour.
func StepMark(s runner.StepStatus, t theme.Theme) string {
	switch s {
	case runner.Passed:
		return t.Good.Render(t.Signs.Passed)
	case runner.Solved:
		return t.Good.Render(t.Signs.Solved)
	case runner.Skipped:
		return t.Muted.Render(t.Signs.Skipped)
	default:
		return t.Muted.Render(t.Signs.Open)
	}
}

// Steps lists the steps, the shown one standing out.
func Steps(state runner.State, shown, width int, t theme.Theme) []string {
	lines := []string{}
	for i, step := range state.Steps {
		style := t.Text
		pointer := "  "
		if i == shown {
			style, pointer = t.Selected, t.Accent.Render(t.Signs.Current)+" "
		} else if step.Status.Done() {
			style = t.Muted
		}
		title := Wrap(step.Title, width-4, 0)
		for n, line := range title {
			if n == 0 {
				lines = append(lines, pointer+StepMark(step.Status, t)+" "+style.Render(line))
			} else {
				lines = append(lines, "    "+style.Render(line))
			}
		}
	}
	return lines
}

// Stepper is the steps on one line, for narrow terminals.
func Stepper(state runner.State, shown, width int, texts *text.Text, t theme.Theme) string {
	marks := make([]string, len(state.Steps))
	for i, step := range state.Steps {
		marks[i] = StepMark(step.Status, t)
		if i == shown && !step.Status.Done() {
			marks[i] = t.Accent.Render(t.Signs.Current)
		}
	}
	right := strings.Join(marks, " ")
	if shown < 0 || shown >= len(state.Steps) {
		return Sides("", right, width, t)
	}
	left := t.Muted.Render(fmt.Sprintf("%d/%d ", shown+1, len(state.Steps))) + t.Selected.Render(state.Steps[shown].Title)
	if s := state.Steps[shown].Status; s > runner.Passed { // the mark alone is not known to everyone
		left += t.Muted.Render("  " + StatusWord(s, texts))
	}
	return Sides(left, " "+right, width, t)
}

// Checks lists the verdicts of a step; brief leaves out all but the first
// finding's first sentence, and rows of truth tables that are as they should be. live is the sample that one of them is taking, or nil.
func Checks(step runner.StepState, live *Sample, texts *text.Text, width int, brief bool, t theme.Theme) []string {
	lines := []string{}
	for _, result := range step.Checks {
		style, sign := t.Muted, t.Signs.Open
		sampling := live != nil && live.Check == result.ID
		if sampling {
			result = check.Result{ID: result.ID, Title: result.Title, Kind: result.Kind} // what it found before is no news now
		}
		switch result.Status {
		case check.Passed:
			style, sign = t.Good, t.Signs.Passed
		case check.Failed:
			style, sign = t.Bad, t.Signs.Failed
		case check.Undecided:
			style, sign = t.Unsure, t.Signs.Undecided
		case check.NotRun:
		}
		if result.Kind == lesson.QuizKind {
			lines = append(lines, quizLine(result, style.Render(sign), texts, width, t)...)
			continue
		}
		for n, line := range Wrap(result.Title, width-2, 0) {
			if n == 0 {
				lines = append(lines, style.Render(sign)+" "+t.Text.Render(line))
			} else {
				lines = append(lines, "  "+t.Text.Render(line))
			}
		}
		if sampling {
			lines = append(lines, live.lines(texts, width, t)...)
		}
		// What is wrong, and what to try, comes before the rows that it is seen in: there
		// may be no room for all of them.
		lines = append(lines, findings(result, texts, width, brief, t)...)
		for _, seen := range result.Seen {
			if brief && seen.Row == check.Passed {
				continue
			}
			lines = append(lines, remark(seen, texts, width, t)...)
		}
	}
	return lines
}

// remark is what a check saw, a row of a truth table with its mark.
func remark(seen check.Remark, texts *text.Text, width int, t theme.Theme) []string {
	said := strings.ReplaceAll(texts.Remark(seen), " %", "\u00a0%") // no line begins with the sign
	sign, style := "", t.Muted
	switch seen.Row {
	case check.Passed:
		sign = t.Good.Render(t.Signs.Passed) + " "
	case check.Failed:
		sign, style = t.Bad.Render(t.Signs.Failed)+" ", t.Text
	case check.Undecided:
		sign = t.Unsure.Render(t.Signs.Undecided) + " "
	case check.NotRun:
	}
	lead := ansi.StringWidth(sign)
	var lines []string
	for n, line := range Wrap(said, width-2-lead, 0) {
		if n > 0 {
			sign = strings.Repeat(" ", lead)
		}
		lines = append(lines, "  "+sign+style.Render(line))
	}
	return lines
}

// quizLine is a question in the checklist: short, for the document has it in
// full.
func quizLine(result check.Result, sign string, texts *text.Text, width int, t theme.Theme) []string {
	says := ""
	switch {
	case result.ByAwslab:
		says = texts.Check.ByAwslab
	case result.Status == check.Failed:
		says = texts.TUI.QuizWrong
	}
	line := sign + " " + t.Muted.Render(texts.TUI.Quiz+" ")
	if says == "" {
		return []string{ansi.Truncate(line+t.Text.Render(result.Title), width, t.Signs.Cut)}
	}
	return []string{ansi.Truncate(line+t.Text.Render(says), width, t.Signs.Cut)}
}

func findings(result check.Result, texts *text.Text, width int, brief bool, t theme.Theme) []string {
	var lines []string
	add := func(label, s string, style lipgloss.Style) {
		if s == "" {
			return
		}
		lead := 2
		if label != "" {
			lead += ansi.StringWidth(label) + 1
			label = t.Muted.Render(label) + " "
		}
		for n, line := range Wrap(s, width-lead, 0) {
			if n == 0 {
				lines = append(lines, "  "+label+style.Render(line))
			} else {
				lines = append(lines, strings.Repeat(" ", lead)+style.Render(line))
			}
		}
	}
	for _, finding := range result.Findings {
		says, _ := texts.Finding(finding)
		do := texts.Advice(result, finding)
		add("", says, t.Bad.Bold(false))
		if brief {
			add(texts.TUI.Try, do, t.Text)
			return lines
		}
		add(texts.TUI.Expected, finding.Expected, t.Text)
		if !strings.Contains(says, finding.Found) { // said already
			add(texts.TUI.Found, finding.Found, t.Text)
		}
		add(texts.TUI.Try, do, t.Text)
	}
	return lines
}
