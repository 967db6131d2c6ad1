package pane

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"awslab/runner"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// Traces is the list of the latest requests to APIs, the newest first; cursor
// counts from there.
func Traces(traces []runner.Trace, cursor int, emulator bool, width, height int, texts *text.Text, t theme.Theme) []string {
	say := texts.TUI.Traces
	lines := []string{t.Title.Render(say.Title), ""}
	switch {
	case !emulator:
		lines = append(lines, Wrap(say.NotHere, width, 0)...)
	case len(traces) == 0:
		lines = append(lines, Wrap(say.None, width, 0)...)
	default:
		room := max(height-4, 1)
		from := max(0, cursor-room+1)
		for i := from; i < min(len(traces), from+room); i++ {
			lines = append(lines, traceLine(traces[len(traces)-1-i], i == cursor, width, texts, t))
		}
	}
	for len(lines) < height-1 {
		lines = append(lines, "")
	}
	return append(lines, t.Muted.Render(say.Keys))
}

// traceLine is one request on one line.
func traceLine(trace runner.Trace, chosen bool, width int, texts *text.Text, t theme.Theme) string {
	pointer, style := "  ", t.Text
	if chosen {
		pointer, style = t.Accent.Render(t.Signs.Current)+" ", t.Selected
	}
	route := trace.Route
	switch {
	case trace.Preflight:
		route = texts.TUI.Traces.Preflight
	case route == "" && trace.Reason == "no-stage":
		route = texts.TUI.Traces.NoStage
	case route == "":
		route = texts.TUI.Traces.NoRoute
	}
	left := pointer + t.Muted.Render(trace.Time.Format("15:04:05")) + " " + statusOf(trace, texts, t) + " " + style.Render(trace.Method+" "+trace.Path)
	right := t.Muted.Render(route + "  " + millis(trace.Micros))
	if trace.AsksPreflight() && !trace.Preflight {
		right = t.Muted.Render(texts.TUI.Traces.Preflight+"  ") + right
	}
	if trace.Canary {
		right = t.Muted.Render(texts.TUI.Traces.Canary+"  ") + right
	}
	if trace.Check {
		right = t.Muted.Render(texts.TUI.Traces.Check+"  ") + right
	}
	return Sides(left, " "+right, width, t)
}

func statusOf(trace runner.Trace, texts *text.Text, t theme.Theme) string {
	switch {
	case trace.Status == 0:
		return t.Muted.Render("---")
	case trace.Status >= 500:
		return t.Bad.Render(fmt.Sprint(trace.Status))
	case trace.Status >= 400:
		return t.Unsure.Render(fmt.Sprint(trace.Status))
	}
	return t.Good.Render(fmt.Sprint(trace.Status))
}

// millis is a duration as a person reads it.
func millis(micros int64) string { return fmt.Sprintf("%.1f ms", float64(micros)/1000) }

// Trace is one request in detail: every link that it went through.
func Trace(trace runner.Trace, width, height int, texts *text.Text, t theme.Theme) []string {
	say := texts.TUI.Traces
	lines := []string{statusOf(trace, texts, t) + " " + t.Title.Render(trace.Method+" "+trace.Path), ""}
	row := func(label, value string) {
		if value == "" {
			return
		}
		const room = 14
		for i, line := range Wrap(value, max(width-room, 20), 0) {
			head := ""
			if i == 0 {
				head = label
			}
			lines = append(lines, t.Muted.Render(Fit(head, room, t))+t.Text.Render(line))
		}
	}
	stage := trace.Stage
	if trace.Canary {
		stage += " (" + say.Canary + ")"
	}
	row(say.API, trace.API+"  "+stage)
	route := trace.Route
	switch {
	case trace.Preflight:
		route = say.Preflight
	case route == "" && trace.Reason == "no-stage":
		route = say.NoStage
	case route == "":
		route = say.NoRoute
	}
	row(say.Route, route)
	if a := trace.Authorizer; a != nil {
		verdict := say.Verdicts[a.Verdict]
		if a.Cached {
			verdict += ", " + say.Cached
		}
		if a.Principal != "" {
			verdict += ", principalId " + a.Principal
		}
		row(say.Authorizer, strings.TrimSpace(a.Name+" ("+a.Kind+")")+": "+verdict+", "+millis(a.Micros))
	}
	if i := trace.Integration; i != nil {
		row(say.Integration, i.Kind+", "+millis(i.Micros))
		row("", i.Target)
		row("", i.Error)
	}
	if c := trace.CORS; c != nil {
		row(say.Origin, c.Origin)
		if trace.AsksPreflight() {
			row(say.AsksFor, strings.TrimSpace(c.RequestMethod+"  "+c.RequestHeaders))
		}
		answered := say.NoCORS
		names := slices.Sorted(maps.Keys(c.Answer))
		if slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, "access-control-") }) {
			answered = ""
		}
		row(say.Answered, answered)
		for i, name := range names {
			label := ""
			if i == 0 && answered == "" {
				label = say.Answered
			}
			row(label, name+": "+strings.Join(c.Answer[name], ", "))
		}
	}
	row(say.Took, millis(trace.Micros))
	row(say.RequestID, trace.RequestID)
	if trace.Check {
		row("", say.ByCheck)
	}
	if why := say.Reasons[trace.Reason]; why != "" {
		lines = append(lines, "")
		for _, line := range Wrap(why, width, 0) {
			lines = append(lines, t.Text.Render(line))
		}
	}
	for len(lines) < height-1 {
		lines = append(lines, "")
	}
	return append(lines[:min(len(lines), height-1)], t.Muted.Render(say.BackKeys))
}
