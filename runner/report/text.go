package report

import (
	"fmt"
	"io"
	"strings"

	"awslab/runner/check"
	"awslab/runner/text"
)

// Role says what a piece of text is, for colours.
type Role int

// The roles.
const (
	Pass  Role = iota // the mark of a check that passed
	Fail              // … that failed
	Doubt             // … that could not be decided
	Idle              // … that was not run
	Head              // titles of lessons and steps
	Label             // "expected", "found"
	Aside             // how to see for yourself
)

// Options say how text looks. The zero value is without colour, for a terminal
// that knows Unicode.
type Options struct {
	ASCII bool
	// Style dresses a piece of text that has no line end in it; nil leaves it.
	Style func(role Role, text string) string
}

func (o Options) style(role Role, text string) string {
	text = o.Plain(text)
	if o.Style == nil || text == "" {
		return text
	}
	return o.Style(role, text)
}

var ascii = strings.NewReplacer("…", "...", "≠", "!=", "≥", ">=", "→", "->", "“", `"`, "”", `"`, "✓", "ok", "✗", "XX", "·", "-", "�", "?")

// Plain puts text into ASCII signs where that is asked for; letters of other
// alphabets stay.
func (o Options) Plain(text string) string {
	if !o.ASCII {
		return text
	}
	return ascii.Replace(text)
}

// Mark is the sign before a check, two cells wide in ASCII and one otherwise.
func (o Options) Mark(s check.Status) string {
	unicode, plain, role := "·", "--", Idle
	switch s {
	case check.Passed:
		unicode, plain, role = "✓", "ok", Pass
	case check.Failed:
		unicode, plain, role = "✗", "XX", Fail
	case check.Undecided:
		unicode, plain, role = "?", "??", Doubt
	case check.NotRun:
	}
	if o.ASCII {
		return o.style(role, plain)
	}
	return o.style(role, unicode)
}

// CheckText is one check as a person reads it: its mark and title; under it, what
// it saw if that is worth telling, and where it did not pass, what is wrong, what to do, and how to see it for
// oneself. It ends with a line end.
func CheckText(t *text.Text, r check.Result, o Options) string {
	var b strings.Builder
	title := o.Plain(r.Title)
	if r.ByAwslab {
		title += " " + o.style(Aside, "("+t.Check.ByAwslab+")")
	}
	fmt.Fprintf(&b, "  %s %s\n", o.Mark(r.Status), title)
	for _, seen := range r.Seen {
		o.remark(&b, t, seen)
	}
	if r.Status == check.Passed || r.Status == check.NotRun {
		return b.String()
	}
	for _, f := range r.Findings {
		o.finding(&b, t, f)
	}
	if r.Hint != "" && r.Status == check.Failed {
		o.lines(&b, "      ", Label, t.Check.Hint+": ", r.Hint)
	}
	if n := len(r.Evidence); n > 0 && r.Evidence[n-1].Reproduce != "" {
		o.lines(&b, "      ", Aside, t.Check.Reproduce+": ", r.Evidence[n-1].Reproduce)
	}
	return b.String()
}

// remark writes what a check saw: a row of a truth table with its mark, and the rule
// that decided where it came out as it should not.
func (o Options) remark(b *strings.Builder, t *text.Text, seen check.Remark) {
	if seen.Row == check.NotRun {
		o.lines(b, "      ", Label, "", t.Remark(seen))
		return
	}
	fmt.Fprintf(b, "      %s %s\n", o.Mark(seen.Row), o.Plain(t.Remark(seen)))
	if rule := t.Rule(seen); rule != "" && seen.Row != check.Passed {
		o.lines(b, "        ", Aside, "", rule)
	}
}

func (o Options) finding(b *strings.Builder, t *text.Text, f check.Finding) {
	says, do := t.Finding(f)
	o.lines(b, "      ", Label, "", says)
	// A value that the sentence has said already is not said again.
	expected, found := f.Expected, f.Found
	if strings.Contains(says, expected) && strings.Contains(says, found) {
		expected, found = "", ""
	}
	width := max(len([]rune(t.Check.Expected)), len([]rune(t.Check.Found))) + 1
	for _, v := range []struct{ label, value string }{{t.Check.Expected, expected}, {t.Check.Found, found}} {
		if v.value == "" {
			continue
		}
		label := v.label + ":" + strings.Repeat(" ", width-len([]rune(v.label)))
		o.lines(b, "        ", Label, label, v.value)
	}
	if do != "" {
		o.lines(b, "      ", Label, "→ ", do)
	}
}

// lines writes a label and a text, whose further lines stand under its first.
func (o Options) lines(b *strings.Builder, indent string, role Role, label, text string) {
	width := len([]rune(o.Plain(label)))
	for i, line := range strings.Split(strings.TrimSpace(o.Plain(text)), "\n") {
		prefix := o.style(role, label)
		if i > 0 {
			prefix = strings.Repeat(" ", width)
		}
		b.WriteString(strings.TrimRight(indent+prefix+line, " ") + "\n")
	}
}

func writeText(w io.Writer, t *text.Text, lessons []Lesson, o Options) error {
	var b strings.Builder
	for _, les := range lessons {
		fmt.Fprintf(&b, "%s\n", o.style(Head, les.Title))
		for _, step := range les.Steps {
			fmt.Fprintf(&b, "\n%s\n", o.style(Head, step.Title))
			for _, r := range step.Checks {
				b.WriteString(CheckText(t, r, o))
			}
		}
		b.WriteByte('\n')
	}
	b.WriteString(ScoreText(t, Count(lessons)) + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// ScoreText is the score in one line.
func ScoreText(t *text.Text, s Score) string {
	return text.Args{
		"passed": fmt.Sprint(s.Passed), "total": fmt.Sprint(s.Total), "failed": fmt.Sprint(s.Failed),
		"undecided": fmt.Sprint(s.Undecided), "notrun": fmt.Sprint(s.NotRun),
	}.Fill(t.Check.Score)
}
