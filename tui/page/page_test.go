package page_test

import (
	"errors"
	"strings"
	"testing"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/text"
	"awslab/tui/keys"
	"awslab/tui/page"
	"awslab/tui/theme"
)

// Every key that the help names does something: the frame changes, the session
// is asked, or the page is left.
func TestHelpCannotLie(t *testing.T) {
	t.Parallel()
	ninth := []string{"n", "n", "tab", "tab"} // the question with nine options
	prepare := map[string][]string{           // what has to stand before a key can do something
		"enter": {}, "e": {"n"}, "p": {"n"}, "left": {"n"}, "r": {"n"}, "c": {"n"}, "h": {"n"}, "f": {"n", "G"}, "y": {"n"}, "s": {"n"}, "S": {"n"},
		"1": {"n", "n"}, "2": {"n", "n"}, "3": {"n", "n"}, "4": ninth, "5": ninth, "6": ninth, "7": ninth, "8": ninth, "9": ninth,
		">": {"n"}, "shift+right": {"n"}, "<": {"n", ">"}, "shift+left": {"n", ">"},
		"down": {"n"}, "j": {"n"}, "up": {"n", "j", "j"}, "k": {"n", "j", "j"}, "space": {"n"}, "pgdown": {"n"},
		"pgup": {"n", "G"}, "ctrl+b": {"n", "G"}, "g": {"n", "G"}, "home": {"n", "G"}, "G": {"n"}, "end": {"n"},
	}
	for _, binding := range keys.New(text.English().TUI.Keys).Lesson() {
		for _, name := range binding.Keys() {
			t.Run(binding.Help().Desc+"/"+name, func(t *testing.T) {
				t.Parallel()
				d := open(t, 60, 19, theme.Config{})
				d.press(prepare[name]...)
				before, asked := d.frame(), len(d.session.asked)
				if strings.HasPrefix(name, "shift+") {
					code := map[string]rune{"shift+left": tea.KeyLeft, "shift+right": tea.KeyRight}[name]
					d.do(d.Key(tea.KeyPressMsg{Code: code, Mod: tea.ModShift}))
				} else {
					d.press(name)
				}
				if d.frame() == before && len(d.session.asked) == asked && !d.left {
					t.Errorf("%s (%s) did nothing", name, binding.Help().Desc)
				}
			})
		}
	}
}

func TestWhatKeysAskOfTheSession(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n", "r", "c", "s", "y", "S", "n", "S", "y", "X", "y", ":", "l", "s", "enter", "esc")
	want := "run role, check role, solve role, skip role, cleanup, command ls, check role"
	if got := strings.Join(d.session.asked, ", "); got != want {
		t.Errorf("asked: %s\nwant:  %s", got, want)
	}
}

func TestThePromptRemembers(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press(":", "l", "s", "enter", "p", "w", "d", "enter", "up", "up", "enter", "esc")
	if got := strings.Join(d.session.asked, ", "); got != "command ls, command pwd, command ls" {
		t.Errorf("asked: %s", got)
	}
	d.press(":", "x", "ctrl+c")
	if d.left {
		t.Error("ctrl+c left while something was typed")
	}
	d.press("ctrl+c")
	if !d.left {
		t.Error("ctrl+c does not leave")
	}
}

// "Step done. Enter goes on." is true at the prompt as well, unless something is
// typed there.
func TestEnterGoesOnFromAnEmptyPrompt(t *testing.T) {
	t.Parallel()
	told := func() *driven {
		d := open(t, 80, 23, theme.Config{})
		d.press("n", ":", "l", "s")
		d.session.passes = true
		d.press("enter")
		if frame := ansi.Strip(d.frame()); !d.Focused() || !strings.Contains(frame, "Enter goes on") {
			t.Fatalf("focus %v after the command:\n%s", d.Focused(), frame)
		}
		return d
	}
	d := told()
	d.press("enter")
	if frame := ansi.Strip(d.frame()); d.Focused() || !strings.Contains(frame, "2/3") {
		t.Errorf("focus %v after an empty line:\n%s", d.Focused(), frame)
	}
	d = told()
	d.press("x", "enter") // something is typed: that is what Enter is for
	if !d.Focused() || d.session.asked[len(d.session.asked)-1] != "command x" {
		t.Errorf("focus %v, asked %q", d.Focused(), d.session.asked)
	}
}

// A hint stands low in the document; asking for it brings it into view.
func TestAHintIsSeenAtOnce(t *testing.T) {
	t.Parallel()
	for _, width := range []int{60, 80, 120} {
		d := open(t, width, 19, theme.Config{})
		d.press("n", "h")
		if !strings.Contains(ansi.Strip(d.frame()), "Look at the name.") {
			t.Errorf("at %d the hint is not on the screen:\n%s", width, ansi.Strip(d.frame()))
		}
	}
}

// Moving on folds the console's output away, so that the next step has room;
// typing unfolds it.
func TestTheConsoleFoldsAwayBetweenSteps(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n")
	d.tell(runner.Output{Text: "printed\n"})
	seen := func(when string, want bool) {
		t.Helper()
		if got := strings.Contains(d.frame(), "printed"); got != want {
			t.Errorf("%s: output seen: %v", when, got)
		}
	}
	seen("after the command", true)
	d.press("n")
	seen("at the next step", false)
	d.press(":")
	seen("at the prompt", true)
}

// Work that a page began says nothing to the page shown after it.
func TestALessonHearsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n")
	d.do(d.Update(page.Event{Lesson: "another", Event: runner.Output{Text: "printed\n"}}))
	if strings.Contains(d.frame(), "printed") {
		t.Error("another lesson's output is shown")
	}
}

func TestHangulKeysMeanLatinOnes(t *testing.T) {
	t.Parallel()
	for jamo, want := range map[rune]string{'ㄱ': "r", 'ㅊ': "c", 'ㅜ': "n", 'ㅂ': "q"} {
		if got := keys.Latin(tea.KeyPressMsg{Code: jamo, Text: string(jamo)}); !key.Matches(got, key.NewBinding(key.WithKeys(want))) {
			t.Errorf("%c gives %s, want %s", jamo, got, want)
		}
	}
}

// BenchmarkKey is one key and its frame, on the built-in course's widest page.
func BenchmarkKey(b *testing.B) {
	d := open(b, 200, 59, theme.Config{})
	d.press("n")
	down := true
	for b.Loop() {
		if down {
			d.press("j")
		} else {
			d.press("k")
		}
		down = !down
		_ = d.frame()
	}
}

// A step is judged by itself after a typed command and after somebody else's
// change, and not while something runs.
func TestChecksRunByThemselves(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("n", ":", "l", "s", "enter", "esc")
	d.tell(runner.Changed{Service: "iam", Operation: "CreateRole"})
	if got := strings.Join(d.session.asked, ", "); got != "command ls, check role, check role" {
		t.Errorf("asked: %s", got)
	}
	d.pass()
	d.tell(runner.Changed{Service: "iam", Operation: "CreateRole"})
	if got := len(d.session.asked); got != 3 {
		t.Errorf("a step that is done was judged again: %v", d.session.asked)
	}
}

func TestPreparingIsAskedFor(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.do(d.Update(page.Unprepared{Lesson: "another", Title: "Elsewhere"}))
	if strings.Contains(d.frame(), "Elsewhere") {
		t.Error("it asks about another lesson")
	}
	ask := page.Unprepared{Lesson: d.session.lesson.ID, Title: "Base"}
	d.do(d.Update(ask))
	if !strings.Contains(d.frame(), "builds on “Base”") {
		t.Errorf("nobody asks:\n%s", d.frame())
	}
	d.press("n")
	if len(d.session.asked) > 0 {
		t.Errorf("no was answered, and it did %v", d.session.asked)
	}
	d.do(d.Update(ask))
	d.press("y")
	if got := strings.Join(d.session.asked, ", "); got != "prepare" || !strings.Contains(d.frame(), "is there now") {
		t.Errorf("yes was answered, and it did %q\n%s", got, d.frame())
	}
}

func TestCleaningUpWarnsOfWhatBuildsOnIt(t *testing.T) {
	t.Parallel()
	d := openUnder(t, "en", 80, 23, theme.Config{}, "Upper")
	for _, key := range []string{"X", "R"} {
		d.press(key)
		if !strings.Contains(d.frame(), "“Upper” builds on it.") {
			t.Errorf("%s does not say who builds on it:\n%s", key, d.frame())
		}
		d.press("n")
	}
	if len(d.session.asked) > 0 {
		t.Errorf("no was answered, and it did %v", d.session.asked)
	}
}

func TestTracesOpenFollowAndClose(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{NoColor: true})
	d.press("t")
	if !strings.Contains(d.frame(), "There were none yet") {
		t.Errorf("without a request:\n%s", d.frame())
	}
	d.request()
	d.press("down", "enter")
	if frame := d.frame(); !strings.Contains(frame, "may not invoke the function") || !strings.Contains(frame, "from the cache") {
		t.Errorf("the second newest in detail:\n%s", frame)
	}
	d.session.traces = append(d.session.traces, runner.Trace{Seq: 4, Method: "GET", Path: "/later", Status: 200})
	d.tell(runner.RequestTraced{})
	if frame := d.frame(); !strings.Contains(frame, "may not invoke the function") {
		t.Errorf("a request that came took the place of the one that is read:\n%s", frame)
	}
	d.press("esc")
	if !strings.Contains(d.frame(), "/later") {
		t.Errorf("what came is not in the list:\n%s", d.frame())
	}
	d.press("esc")
	if d.left || strings.Contains(d.frame(), "/later") {
		t.Error("esc does not close the list, and only that")
	}
	d.session.state.Where.Emulator = false
	d.tell(runner.StepEnded{})
	d.press("t")
	if !strings.Contains(d.frame(), "Only the emulator") {
		t.Errorf("on AWS:\n%s", d.frame())
	}
}

// What is cut in the checklist stands whole behind e, the second finding too, and
// can be scrolled to.
func TestFindingsInFull(t *testing.T) {
	t.Parallel()
	d := open(t, 60, 19, theme.Config{NoColor: true})
	d.press("n")
	d.fail()
	result := &d.session.state.Steps[0].Checks[0]
	result.Findings[0].Found = strings.Repeat("something long that was found ", 40) + "the end"
	result.Findings = append(result.Findings, check.Finding{Code: "call.value", Subject: "a.b", Expected: "1", Found: "2", Args: map[string]string{"of": "myFunc1"}})
	result.Hint = "look at b"
	result.Evidence = []check.Evidence{{What: "lambda.GetFunction", Response: "{\n  \"a\": 1\n}", Reproduce: "aws lambda get-function"}}
	d.tell(runner.StepEnded{Step: "role"})
	d.press("e")
	seen := d.frame()
	for range 10 {
		d.press("space")
		seen += d.frame()
	}
	for _, want := range []string{"the end", "myFunc1: a.b is 2, and should be 1.", "look at b", "lambda.GetFunction", `"a": 1`, "aws lambda get-function"} {
		if !strings.Contains(seen, want) {
			t.Errorf("%q is nowhere", want)
		}
	}
	last := d.frame()
	d.press("down")
	if d.frame() != last {
		t.Error("it scrolls on behind the end")
	}
	d.press("g", "esc")
	if d.left || strings.Contains(d.frame(), "What the checks found") {
		t.Error("esc does not close the view, and only that")
	}
}

// b shows the playground, and says where it is or why it is nowhere; what the
// reader was at stays.
func TestThePlaygroundIsShown(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{NoColor: true})
	d.session.shown = page.Shown{Note: "At http://localhost:4580/, see the console", Lines: []string{"Forward both ports:", "    ssh -L 4580:127.0.0.1:4580 HOST"}}
	d.press("n", "b")
	if frame := d.frame(); !strings.Contains(frame, "At http://localhost:4580/, see") || !strings.Contains(frame, "    ssh -L 4580:127.0.0.1:4580 HOST") || !strings.Contains(frame, "Create the role") {
		t.Errorf("over ssh:\n%s", frame)
	}
	d.session.shown, d.session.broken = page.Shown{}, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.PlaygroundPort }, Args: text.Args{"addr": "127.0.0.1:80"}, Err: errors.New("permission denied")}
	d.press("b")
	if frame := d.frame(); !strings.Contains(frame, "cannot listen on 127.0.0.1:80") || !strings.Contains(frame, "choose another: awslab playground") {
		t.Errorf("a port that cannot be had:\n%s", frame)
	}
	if got := strings.Join(d.session.asked, ", "); got != "playground, playground" {
		t.Errorf("asked: %s", got)
	}
}
