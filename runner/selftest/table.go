package selftest

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner/check"
	"awslab/runner/report"
	"awslab/runner/text"
)

// Table writes the report for an instructor: a line for each case, and under
// one that did not pass what is wrong and what to do.
func (r *Report) Table(w io.Writer, t *text.Text, o report.Options) error {
	tw := table{report: r, text: t, options: o}
	fmt.Fprintf(&tw.out, "%s (%s)\n", r.Lesson.Title, r.Lesson.ID)
	for _, g := range groups(t) {
		tw.group(g)
	}
	passed := 0
	for _, c := range r.Cases {
		if c.Passed() {
			passed++
		}
	}
	fmt.Fprintf(&tw.out, "\n%s\n", text.Args{"passed": fmt.Sprint(passed), "total": fmt.Sprint(len(r.Cases)), "seconds": seconds(r.Took.Seconds())}.Fill(t.Selftest.Score))
	_, err := io.WriteString(w, o.Plain(tw.out.String()))
	return err
}

type table struct {
	report  *Report
	text    *text.Text
	options report.Options
	out     strings.Builder
}

func (t *table) group(g group) {
	var cases []Case
	wide, fails, code := 0, 0, 0
	for _, c := range t.report.Cases {
		if g.has(c.Kind) {
			cases = append(cases, c)
			wide = max(wide, ansi.StringWidth(t.name(c)))
			fails, code = max(fails, len(c.Fails)), max(code, len(c.Code))
		}
	}
	if len(cases) == 0 {
		return
	}
	steps := g.has(StepCase)
	heads := []string{t.text.Selftest.Before, t.text.Selftest.After, t.text.Selftest.Twice}
	wide = max(wide, ansi.StringWidth(g.title)-2)
	head := g.title
	if steps {
		head = pad(head, wide+4) + "  " + strings.Join(heads, "  ")
	}
	t.out.WriteString("\n" + head + "\n")
	for _, c := range cases {
		line := "  " + t.mark(verdict(c)) + " " + pad(t.name(c), wide)
		if steps {
			for i, head := range heads {
				line += "  " + pad(t.mark(c.Phases[i].Status), ansi.StringWidth(head))
			}
		}
		if c.Kind == MutantCase {
			line += "  " + pad(c.Fails, fails) + "  " + pad(c.Code, code)
		}
		if c.Took > 0 {
			line += "  " + seconds(c.Took.Seconds()) + " s"
		}
		t.out.WriteString(strings.TrimRight(line, " ") + "\n")
		t.problems(c)
	}
}

func (t *table) name(c Case) string {
	if c.Kind == CleanupCase {
		return c.Name + " " + t.text.Selftest.Cleanup
	}
	return c.Name
}

func (t *table) mark(s check.Status) string { return t.options.Mark(s) }

// verdict is the worst of a case's phases.
func verdict(c Case) check.Status {
	worst := check.Passed
	for _, p := range c.Phases {
		switch {
		case p.Status == check.Failed:
			return check.Failed
		case p.Status != check.Passed:
			worst = p.Status
		}
	}
	return worst
}

const indent = "      "

func (t *table) problems(c Case) {
	for _, phase := range c.Phases {
		for _, p := range phase.Problems {
			says, do := t.text.Finding(p.Finding)
			fmt.Fprintf(&t.out, "%s%s\n", indent, says)
			t.quote(p)
			for _, seen := range p.Seen {
				for line := range strings.Lines(report.CheckText(t.text, seen, t.options)) {
					t.out.WriteString(indent + line)
				}
			}
			fmt.Fprintf(&t.out, "%s→ %s\n", indent, do)
		}
	}
	if c.Kept != "" {
		args := text.Args{"dir": c.Kept, "lesson": t.report.Lesson.ID, "lessons": t.report.Lessons}
		fmt.Fprintf(&t.out, "%s%s\n", indent, args.Fill(t.text.Selftest.Kept))
	}
}

// quote shows why a command failed, and what it printed.
func (t *table) quote(p Problem) {
	var problem *text.Problem
	switch {
	case errors.As(p.Err, &problem):
		what, hint := t.text.Problem(problem)
		fmt.Fprintf(&t.out, "%s  %s\n%s  %s\n", indent, what, indent, hint)
	case p.Err != nil && p.Finding.Found == "":
		fmt.Fprintf(&t.out, "%s  %s\n", indent, p.Err)
	}
	if p.Issue != nil {
		what, hint := t.text.Issue(p.Issue.Rule, p.Issue.Args)
		fmt.Fprintf(&t.out, "%s  %s\n%s  %s\n", indent, what, indent, hint)
	}
	if p.Err != nil && p.Finding.Found != "" {
		fmt.Fprintf(&t.out, "%s%s:\n", indent, t.text.Selftest.Output)
		for _, line := range strings.Split(p.Finding.Found, "\n") {
			fmt.Fprintf(&t.out, "%s  | %s\n", indent, line)
		}
	}
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(width-ansi.StringWidth(s), 0))
}

func seconds(s float64) string { return fmt.Sprintf("%.1f", s) }
