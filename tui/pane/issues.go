package pane

import (
	"fmt"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// Issues lists what is wrong with a lesson that is being written: where, what,
// and what to try, errors first, in at most height lines of exactly the width.
// The last says how many are not shown.
func Issues(issues []lesson.Issue, width, height int, texts *text.Text, t theme.Theme) []string {
	ordered := lesson.Errors(issues)
	for _, issue := range issues {
		if issue.Severity == lesson.Warning {
			ordered = append(ordered, issue)
		}
	}
	var lines []string
	for i, issue := range ordered {
		one := issueLines(issue, width-2, texts, t)
		left := len(ordered) - i
		room := height - len(lines)
		if left > 1 {
			room-- // for how many there are
		}
		if len(one) > room {
			if i == 0 && room > 0 {
				lines, left = one[:room], left-1
			}
			if left > 0 {
				lines = append(lines, t.Muted.Render(text.Args{"count": fmt.Sprint(left)}.Fill(texts.TUI.IssuesMore)))
			}
			break
		}
		lines = append(lines, one...)
	}
	for i := range lines {
		lines[i] = Fit(" "+lines[i], width, t)
	}
	return lines
}

func issueLines(issue lesson.Issue, width int, texts *text.Text, t theme.Theme) []string {
	style, sign := t.Bad.Bold(false), t.Bad.Render(t.Signs.Failed)
	if issue.Severity == lesson.Warning {
		style, sign = t.Unsure.Bold(false), t.Unsure.Render("!")
	}
	where := issue.Pos.String()
	what, hint := texts.Issue(issue.Rule, issue.Args)
	var lines []string
	for i, line := range Wrap(text.Harmless(where+" "+what), width-2, 0) {
		switch {
		case i > 0:
			lines = append(lines, "  "+style.Render(line))
		case len(line) > len(where):
			lines = append(lines, sign+" "+t.Strong.Render(where)+style.Render(line[len(where):]))
		default:
			lines = append(lines, sign+" "+t.Strong.Render(ansi.Truncate(line, width-2, t.Signs.Cut)))
		}
	}
	for _, line := range Wrap(text.Harmless(hint), width-2, 0) {
		lines = append(lines, "  "+t.Muted.Render(line))
	}
	return lines
}
