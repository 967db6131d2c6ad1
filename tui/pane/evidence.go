package pane

import (
	"strings"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/check/cors"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// Evidence is all that the checks of a step found, and what they rest on, in
// full.
func Evidence(step runner.StepState, width int, texts *text.Text, t theme.Theme) []string {
	say := texts.TUI.Evidence
	lines := []string{t.Title.Render(say.Title) + t.Muted.Render("  "+step.Title), ""}
	row := func(label, value string) {
		if value == "" {
			return
		}
		const room = 12
		head := label
		for _, paragraph := range strings.Split(value, "\n") {
			for _, line := range Wrap(paragraph, max(width-room-2, 20), 0) {
				lines = append(lines, "  "+t.Muted.Render(Fit(head, room, t))+t.Text.Render(line))
				head = ""
			}
		}
	}
	for _, result := range step.Checks {
		titled := result
		titled.Findings, titled.Seen = nil, nil // they come below, in full
		lines = append(lines, Checks(runner.StepState{Checks: []check.Result{titled}}, nil, texts, width, false, t)...)
		for _, seen := range result.Seen {
			lines = append(lines, remark(seen, texts, width, t)...)
			for _, step := range []cors.Step{seen.Why, seen.Rule} {
				if step.Code == "" {
					continue
				}
				for _, line := range Wrap(texts.CORSStep(step)+" "+step.Section, width-4, 0) {
					lines = append(lines, "    "+t.Muted.Render(line))
				}
			}
		}
		for _, f := range result.Findings {
			says, do := texts.Finding(f)
			for _, line := range Wrap(says, width-2, 0) {
				lines = append(lines, "  "+t.Bad.Bold(false).Render(line))
			}
			row(texts.TUI.Expected, f.Expected)
			row(texts.TUI.Found, f.Found)
			row(texts.TUI.Try, do)
		}
		if result.Status == check.Failed {
			row(texts.Check.Hint, result.Hint)
		}
		for _, e := range result.Evidence {
			row(say.Asked, e.What)
			row(say.Request, e.Request)
			row(say.Answer, e.Response)
			row(say.Reproduce, e.Reproduce)
		}
		lines = append(lines, "")
	}
	return lines
}
