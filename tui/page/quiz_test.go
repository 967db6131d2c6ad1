package page_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner/check"
	"awslab/tui/theme"
)

func (d *driven) asked() string { return strings.Join(d.session.asked, ", ") }

// The number keys answer the first open question in view; a wrong answer may be
// tried again, and a right one hands the keys on to the next question.
func TestNumbersAnswerTheQuestionInView(t *testing.T) {
	t.Parallel()
	d := open(t, 120, 39, theme.Config{})
	d.press("n", "n", "1", "2", "9")
	if want := "answer ask/who 1, answer ask/who 2, answer ask/many 9"; d.asked() != want {
		t.Errorf("asked %s\nwant  %s", d.asked(), want)
	}
	d.press("1")
	if !strings.Contains(ansi.Strip(d.frame()), "This step has no open question.") {
		t.Errorf("a number with every question answered is not explained:\n%s", ansi.Strip(d.frame()))
	}
}

// What is right and why stays hidden until the answer is right.
func TestAWrongAnswerTellsNoSecret(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 39, theme.Config{})
	d.press("n", "n", "1")
	frame := ansi.Strip(d.frame())
	if !strings.Contains(frame, "not this one, try again") || strings.Contains(frame, "Lambda puts the role on") {
		t.Errorf("after a wrong answer:\n%s", frame)
	}
	d.press("2")
	if frame := ansi.Strip(d.frame()); strings.Contains(frame, "not this one") || !strings.Contains(frame, "Lambda puts the role on") {
		t.Errorf("after the right one:\n%s", frame)
	}
}

// Nobody answers a question that is out of view: the number brings it there.
func TestANumberShowsTheQuestionFirst(t *testing.T) {
	t.Parallel()
	d := open(t, 60, 19, theme.Config{})
	d.press("n", "n", "2", "g", "esc")
	d.left = false
	if frame := ansi.Strip(d.frame()); strings.Contains(frame, "Which number is the ninth?") && strings.Contains(frame, "9 nine") {
		t.Fatalf("the second question is in view already:\n%s", frame)
	}
	d.press("9")
	if d.asked() != "answer ask/who 2" {
		t.Errorf("an unseen question was answered: %s", d.asked())
	}
	if frame := ansi.Strip(d.frame()); !strings.Contains(frame, "Which number is the ninth?") {
		t.Errorf("the question is not shown:\n%s", frame)
	}
	d.press("9")
	if d.asked() != "answer ask/who 2, answer ask/many 9" {
		t.Errorf("asked %s", d.asked())
	}
}

// A question that is taller than the room for it follows its cursor.
func TestTheCursorStaysInView(t *testing.T) {
	t.Parallel()
	d := open(t, 60, 19, theme.Config{})
	d.press("n", "n", "2", "tab")
	for range 8 {
		d.press("down")
		if frame := ansi.Strip(d.frame()); !strings.Contains(frame, " ›   ") {
			t.Fatalf("the cursor is out of view:\n%s", frame)
		}
	}
	for range 8 {
		d.press("up")
		if frame := ansi.Strip(d.frame()); !strings.Contains(frame, " ›   ") {
			t.Fatalf("the cursor is out of view:\n%s", frame)
		}
	}
}

// Arrows, Enter, Esc and Tab suffice.
func TestAnswerWithoutNumbers(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n", "n", "tab", "down", "down", "down", "up", "enter", "tab", "up", "enter", "esc")
	if want := "answer ask/who 2, answer ask/many 1"; d.asked() != want {
		t.Errorf("asked %s\nwant  %s", d.asked(), want)
	}
	if d.left {
		t.Error("esc left the page instead of the question")
	}
	d.press("tab", "tab")
	if !d.Focused() {
		t.Error("tab behind the last question does not reach the prompt")
	}
	d.press("tab")
	if d.Focused() {
		t.Error("tab does not leave the prompt")
	}
}

// After the right answer its reason is on the screen, however small that is.
func TestTheReasonIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "ko"} {
		d := openIn(t, language, 60, 19, theme.Config{})
		d.press("n", "n", "2")
		want := map[string]string{"en": "▎ function.", "ko": "볼 수 없습니다."}[language]
		if frame := ansi.Strip(d.frame()); !strings.Contains(frame, want) {
			t.Errorf("it is not:\n%s", frame)
		}
	}
}

// An option that is not there is not sent, and that is said.
func TestNoSuchOption(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n", "n", "7")
	if d.asked() != "" || !strings.Contains(d.frame(), "There is no option 7.") {
		t.Errorf("asked %q:\n%s", d.asked(), ansi.Strip(d.frame()))
	}
}

// Enter goes to the question when nothing else is left, which is said.
func TestEnterGoesToTheLastQuestion(t *testing.T) {
	t.Parallel()
	d := open(t, 60, 19, theme.Config{})
	d.press("n", "n", "2")
	d.results(1)["logged"].Status = check.Passed
	d.press("c")
	if !strings.Contains(ansi.Strip(d.frame()), "Only the question is left. Enter goes to it.") {
		t.Errorf("it is not said:\n%s", ansi.Strip(d.frame()))
	}
	d.press("g", "enter", "end")
	d.press("enter", "up", "enter")
	if !strings.Contains(d.asked(), "answer ask/many 1") {
		t.Errorf("asked %s", d.asked())
	}
}

// While the questions of one step are not drawn yet, the keys answer none.
func TestKeysWaitForTheDocument(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 39, theme.Config{})
	d.press("n", "n")
	d.Key(keyNamed("n")) // its document is not drawn
	d.press("1")
	if d.asked() != "" {
		t.Errorf("asked %s", d.asked())
	}
}
