package page_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/keys"
	"awslab/tui/page"
	"awslab/tui/theme"
)

const source = `---
format: 1
id: role
title: 함수에 역할을 주기 (Give it a role)
minutes: 5
---

# 함수에 역할을 주기

What you will have at the end: 실행 역할이 있는 함수. A [link](https://example.com) and ` + "`code`" + `.

- one item that is long enough to be wrapped at the width of a narrow terminal, so that its second line hangs
- 두 번째 항목

## Create the role
<!-- step: role -->

Do it:

` + "```sh action\naws iam create-role --role-name myFunc1-role --assume-role-policy-document file://trust-policy.json --description 'a line that is longer than the terminal is wide and must not be wrapped'\n```" + `

A table, and a list of reasons:

| what | why |
| --- | --- |
| role | it says what the function may do |
| 정책 | 무엇을 할 수 있는지 정합니다 |

1. The first reason.
2. The second reason, which takes more words than fit on one line of a narrow terminal.

> [!NOTE]
> 역할은 신뢰 정책이 있어야 합니다.

` + "```yaml check\nid: exists\ntitle: 역할이 있습니다 (the role exists)\ncall: iam.GetRole\nwith: {RoleName: myFunc1-role}\nexpect: {Role.RoleName: myFunc1-role}\n```" + `

<details><summary>Hint</summary>

Look at the name.

</details>

<details><summary>In the AWS console</summary>

IAM, Roles.

</details>

<details><summary>Why it works</summary>

Because.

</details>

## Delete it
<!-- step: cleanup needs=role -->

` + "```sh cleanup\naws iam delete-role --role-name myFunc1-role\n```\n"

// scripted is a session that does what a test says and notes what is asked.
type scripted struct {
	lesson *lesson.Lesson
	state  runner.State
	asked  []string
}

func newScripted(t testing.TB) *scripted {
	t.Helper()
	les, issues := lesson.Load(fstest.MapFS{"role/lesson.md": {Data: []byte(source)}}, "role")
	if errs := lesson.Errors(issues); len(errs) > 0 {
		t.Fatal(errs)
	}
	s := &scripted{lesson: les, state: runner.State{Where: runner.Where{Emulator: true}, Lesson: les.ID}}
	for _, step := range les.Steps {
		one := runner.StepState{ID: step.ID, Title: step.Title}
		for _, c := range step.Checks() {
			one.Checks = append(one.Checks, check.Result{ID: c.ID, Title: c.Title, Kind: c.Kind})
		}
		s.state.Steps = append(s.state.Steps, one)
	}
	return s
}

func (s *scripted) note(what string) error { s.asked = append(s.asked, what); return nil }

func (s *scripted) Lesson() *lesson.Lesson                     { return s.lesson }
func (s *scripted) State() runner.State                        { return s.state }
func (s *scripted) Run(_ context.Context, step string) error   { return s.note("run " + step) }
func (s *scripted) Check(_ context.Context, step string) error { return s.note("check " + step) }
func (s *scripted) Command(_ context.Context, source string) error {
	return s.note("command " + source)
}
func (s *scripted) Solve(_ context.Context, step string) error { return s.note("solve " + step) }
func (s *scripted) Skip(step string) error                     { return s.note("skip " + step) }
func (s *scripted) Reset(context.Context) error                { return s.note("reset") }
func (s *scripted) Cleanup(context.Context) error              { return s.note("cleanup") }

// driven is a page whose commands run at once.
type driven struct {
	t testing.TB
	*page.Lesson
	session *scripted
	left    bool
}

func open(t testing.TB, width, height int, look theme.Config) *driven {
	t.Helper()
	texts := text.English()
	s := newScripted(t)
	d := &driven{t: t, session: s, Lesson: page.NewLesson(page.Config{
		Context: t.Context(), Session: s, Texts: texts, Keys: keys.New(texts.TUI.Keys), Theme: theme.New(look),
		Now: func() time.Time { return time.Unix(0, 0) }, Complete: func(string) bool { return true }, Still: true,
	})}
	d.do(d.SetSize(width, height))
	return d
}

// do runs a command and all that follows from it.
func (d *driven) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, one := range msg {
			d.do(one)
		}
	case page.Leave, tea.QuitMsg:
		d.left = true
	default:
		d.do(d.Update(msg))
	}
}

func (d *driven) press(names ...string) {
	for _, name := range names {
		d.do(d.Key(keyNamed(name)))
	}
}

func keyNamed(name string) tea.KeyPressMsg {
	special := map[string]rune{"enter": tea.KeyEnter, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "tab": tea.KeyTab, "home": tea.KeyHome, "end": tea.KeyEnd}
	if code, ok := special[name]; ok {
		return tea.KeyPressMsg{Code: code}
	}
	switch name {
	case "space":
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	case "ctrl+c":
		return tea.KeyPressMsg{Code: 'c', Mod: tea.ModCtrl}
	}
	r := []rune(name)[0]
	return tea.KeyPressMsg{Code: r, Text: name}
}

func (d *driven) frame() string {
	lines, _ := d.View()
	return strings.Join(lines, "\n")
}

func (d *driven) tell(e runner.Event) {
	d.do(d.Update(page.Event{Lesson: d.session.lesson.ID, Event: e}))
}

// fail has the first step's check fail.
func (d *driven) fail() {
	d.session.state.Steps[0].Checks[0].Status = check.Failed
	d.session.state.Steps[0].Checks[0].Findings = []check.Finding{{Code: check.Codes()[0], Subject: "myFunc1-role", Expected: "myFunc1-role", Found: "nothing"}}
	d.tell(runner.StepEnded{Step: "role"})
}

// pass has it pass.
func (d *driven) pass() {
	d.session.state.Steps[0].Status = runner.Passed
	d.session.state.Steps[0].Checks[0] = check.Result{ID: "exists", Title: d.session.state.Steps[0].Checks[0].Title, Status: check.Passed}
	d.session.state.Current = 1
	d.tell(runner.StepEnded{Step: "role", Status: runner.Passed})
}

func TestFrames(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ width, height int }{{60, 19}, {80, 23}, {120, 39}} {
		for _, look := range []struct {
			name string
			theme.Config
		}{{"dark", theme.Config{}}, {"light", theme.Config{Light: true}}, {"plain", theme.Config{NoColor: true, ASCII: true}}} {
			for name, walk := range map[string]func(*driven){
				"opening": func(*driven) {},
				"step":    func(d *driven) { d.press("n") },
				"failed": func(d *driven) {
					d.press("n")
					d.tell(runner.CommandStarted{Text: "aws iam create-role"})
					d.tell(runner.Output{Text: "An error occurred\n", Stderr: true})
					d.tell(runner.CommandEnded{Code: 254})
					d.fail()
				},
				"passed": func(d *driven) { d.press("n", "r"); d.pass() },
				"prompt": func(d *driven) { d.press("n", ":", "l", "s", " ", "한") },
				"help":   func(d *driven) { d.press("?") },
				"ask":    func(d *driven) { d.press("n", "s") },
			} {
				t.Run(fmt.Sprintf("%s/%dx%d/%s", name, size.width, size.height, look.name), func(t *testing.T) {
					t.Parallel()
					d := open(t, size.width, size.height, look.Config)
					walk(d)
					frame := d.frame()
					lines := strings.Split(frame, "\n")
					if len(lines) != size.height {
						t.Errorf("%d lines, want %d", len(lines), size.height)
					}
					for i, line := range lines {
						if w := ansi.StringWidth(line); w != size.width {
							t.Errorf("line %d is %d wide: %q", i, w, ansi.Strip(line))
						}
					}
					if look.NoColor && strings.Contains(frame, "38;2;") {
						t.Error("there is colour in it")
					}
					if look.ASCII {
						for _, r := range ansi.Strip(frame) {
							// What the program itself draws; a lesson's own text may be Korean,
							// and keys keep their names.
							if r >= 0x2190 && r < 0x2e80 && !strings.ContainsRune("→←↑↓", r) {
								t.Errorf("%q is drawn", r)
							}
						}
					}
					if look.name != "light" {
						golden.RequireEqual(t, ansi.Strip(frame))
					}
				})
			}
		}
	}
}

// Every key that the help names does something: the frame changes, the session
// is asked, or the page is left.
func TestHelpCannotLie(t *testing.T) {
	t.Parallel()
	prepare := map[string][]string{ // what has to stand before a key can do something
		"enter": {}, "p": {"n"}, "left": {"n"}, "r": {"n"}, "c": {"n"}, "h": {"n"}, "f": {"n", "G"}, "y": {"n"}, "s": {"n"}, "S": {"n"},
		">": {"n"}, "shift+right": {"n"}, "<": {"n", ">"}, "shift+left": {"n", ">"},
		"down": {"n"}, "j": {"n"}, "up": {"n", "j", "j"}, "k": {"n", "j", "j"}, "space": {"n"}, "pgdown": {"n"},
		"pgup": {"n", "G"}, "b": {"n", "G"}, "g": {"n", "G"}, "home": {"n", "G"}, "G": {"n"}, "end": {"n"},
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
