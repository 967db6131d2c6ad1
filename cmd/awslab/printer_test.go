package main

import (
	"bytes"
	"strings"
	"testing"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/text"
)

// A sample of traffic is one line: on a terminal it is written over, elsewhere
// only what came of it is told.
func TestProgressIsOneLine(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		terminal, plain bool
		format          string
		want            string
	}{
		{"terminal", true, false, "text", "  ✓ Half\n      172 of 346 requests met the canary: consistent with 50 %\n"},
		{"pipe", false, false, "text", "  ✓ Half\n      172 of 346 requests met the canary: consistent with 50 %\n"},
		{"plain", true, true, "text", "  ok Half\n      172 of 346 requests met the canary: consistent with 50 %\n"},
		{"json", true, false, "json", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			a := &app{stdout: &out, terminal: tt.terminal, text: text.English()}
			a.flags.plain, a.flags.format = tt.plain, tt.format
			p := a.printer(nil)
			for _, done := range []int{0, 123, 346} {
				p.event(runner.CheckProgress{Check: "half", Progress: check.Progress{Done: done, Of: 400, Canary: done / 2, Percent: 50, Sample: 1}})
			}
			p.event(runner.CheckEnded{Result: check.Result{Title: "Half", Status: check.Passed, Seen: []check.Remark{{Code: "canary.share", Args: map[string]string{"met": "172", "done": "346", "percent": "50"}}}}})
			if got := seen(out.String()); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
			if live := strings.Contains(out.String(), "123 of 400 requests: 50 % met the canary, 50 % expected\r"); live != (tt.name == "terminal") {
				t.Errorf("the sample is seen on the way: %v\n%q", live, out.String())
			}
		})
	}
}

// seen is what is left on a terminal: what stands behind the last carriage return
// of a line takes the place of what stood before, cell by cell.
func seen(s string) string {
	var b strings.Builder
	for line := range strings.Lines(s) {
		var cells []rune
		for _, part := range strings.Split(line, "\r") {
			runes := []rune(part)
			cells = append(runes, cells[min(len(runes), len(cells)):]...)
		}
		b.WriteString(strings.TrimRight(string(cells), " \n"))
		b.WriteString("\n")
	}
	return b.String()
}
