package page_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner"
	"awslab/tui/theme"
)

func (d *driven) sees(when string, want bool, words ...string) {
	d.t.Helper()
	frame := ansi.Strip(d.frame())
	for _, word := range words {
		if strings.Contains(frame, word) != want {
			d.t.Errorf("%s: %q seen: %v\n%s", when, word, !want, frame)
		}
	}
}

// Hints come one at a time, in order, and say how many there are.
func TestHintsAreALadder(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 59, theme.Config{})
	d.press("n")
	d.sees("at first", false, "Look at the name.", "Hint")
	d.press("h")
	d.sees("after h", true, "Look at the name.", "Hint 1 of 2")
	d.sees("after h", false, "The name is myFunc1-role.")
	d.press("h")
	d.sees("after two", true, "The name is myFunc1-role.", "Hint 2 of 2")
	d.press("h")
	d.sees("after three", true, "This step has no further hint.")
	d.press("n", "p")
	d.sees("on coming back", true, "The name is myFunc1-role.")
}

// The solution is shown when the student says so twice, or when it is no secret
// any more.
func TestTheSolutionAsksFirst(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 59, theme.Config{})
	d.press("n", "f")
	d.sees("after f", true, "Show the solution", "IAM, Roles.")
	d.sees("after f", false, "The command above is all of it.")
	d.press("n")
	d.sees("after no", false, "The command above is all of it.", "Show the solution")
	d.press("f", "f", "y")
	d.sees("after yes", true, "The command above is all of it.")
	d.press("f", "f")
	d.sees("asked once", false, "Show the solution")

	d = open(t, 80, 59, theme.Config{})
	d.press("n")
	d.pass()
	d.sees("when passed", true, "The command above is all of it.")
}

// Why it works is told when the step has passed, was solved or was skipped, and
// not before.
func TestWhyItWorks(t *testing.T) {
	t.Parallel()
	for _, status := range []runner.StepStatus{runner.Passed, runner.Solved, runner.Skipped} {
		d := open(t, 80, 59, theme.Config{})
		d.press("n", "f", "n")
		d.sees("while open", false, "Why it works", "Because.")
		d.done(0, status)
		d.sees(status.String(), true, "Why it works", "Because.")
	}
}

// How a step was done is said in words where it was not by the student.
func TestSolvedAndSkippedAreSaid(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 120} {
		d := open(t, width, 39, theme.Config{})
		d.press("n")
		d.sees("open", false, "skipped", "solved")
		d.done(0, runner.Skipped)
		d.sees("skipped", true, "skipped")
		d = open(t, width, 39, theme.Config{})
		d.press("n")
		d.done(0, runner.Solved)
		d.sees("solved", true, "solved by awslab")
	}
}

// The page behind the last step is there when all is done, and leads on.
func TestTheEnd(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n", "n", "n", "n")
	d.sees("before", false, "You have finished this lesson")
	d.pass()
	d.solve(1)
	d.done(2, runner.Skipped)
	d.press("enter")
	d.sees("at the end", true, "You have finished this lesson", "4 of 4 checks passed", "31 minutes", "solved by awslab", "skipped", "Enter goes back to the course.")
	d.press("p")
	d.sees("before the end", true, "3/3 Delete it")
	d.press("n", "enter")
	if !d.left {
		t.Error("enter does not lead to the course")
	}
}

// What does not fit is said to be cut.
func TestCutFindingsSaySo(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ width, height int }{{60, 19}, {120, 19}} {
		d := open(t, size.width, size.height, theme.Config{})
		d.press("n")
		d.fail()
		d.sees("a short finding", false, "e shows all of it")
		d.session.state.Steps[0].Checks[0].Findings[0].Found = strings.Repeat("something long that was found ", 40)
		d.tell(runner.StepEnded{Step: "role"})
		d.sees("a long one", true, "e shows all of it")
	}
}

// The opening and the page behind the last step show no step: no key, and no command
// that is typed there, looks for one.
func TestPagesWithoutAStepTakeEveryKey(t *testing.T) {
	t.Parallel()
	for name, walk := range map[string]func(*driven){
		"the opening": func(*driven) {},
		"the end": func(d *driven) {
			d.pass()
			d.solve(1)
			d.done(2, runner.Skipped)
			d.press("n", "n", "n", "n")
		},
	} {
		for _, key := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789?:/" {
			d := open(t, 80, 23, theme.Config{})
			walk(d)
			d.press(string(key), "enter", "esc")
			if d.frame() == "" {
				t.Errorf("%s: nothing is shown after %q", name, key)
			}
		}
		d := open(t, 80, 23, theme.Config{})
		walk(d)
		d.press(":", "p", "w", "d", "enter")
		if !strings.Contains(d.asked(), "pwd") {
			t.Errorf("%s: a command was typed, and the session was asked for %s", name, d.asked())
		}
	}
}

// A step that was done stays done. Where it is checked again and fails, the page does
// not say in one line that it is done and in another that it is wrong.
func TestADoneStepThatFailsNow(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n")
	d.pass()
	d.press("c")
	d.sees("passed", true, "Step done.")
	d.fail()
	d.press("c")
	d.sees("failing now", true, "not all of its checks pass now")
	d.sees("failing now", false, "Step done.")
}
