package page_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/check/cors"
	"awslab/runner/lesson"
	"awslab/runner/target"
	"awslab/runner/text"
	"awslab/tui/keys"
	"awslab/tui/page"
	"awslab/tui/theme"
)

// scripted is a session that does what a test says and notes what is asked.
type scripted struct {
	lesson *lesson.Lesson
	state  runner.State
	asked  []string
	traces []runner.Trace
	passes bool // the next check has the first step pass
	shown  page.Shown
	broken error // why the playground is nowhere
}

func newScripted(t testing.TB, language string) *scripted {
	t.Helper()
	les, issues := lesson.Load(os.DirFS("testdata"), "role")
	if errs := lesson.Errors(issues); len(errs) > 0 {
		t.Fatal(errs)
	}
	les = les.In(language)
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

func (s *scripted) Lesson() *lesson.Lesson                   { return s.lesson }
func (s *scripted) State() runner.State                      { return s.state }
func (s *scripted) Traces() []runner.Trace                   { return s.traces }
func (s *scripted) Run(_ context.Context, step string) error { return s.note("run " + step) }
func (s *scripted) Check(_ context.Context, step string) error {
	if s.passes {
		s.state.Steps[0].Status, s.state.Current = runner.Passed, 1
	}
	return s.note("check " + step)
}

func (s *scripted) Command(_ context.Context, source string) error {
	return s.note("command " + source)
}
func (s *scripted) Solve(_ context.Context, step string) error { return s.note("solve " + step) }
func (s *scripted) Skip(step string) error                     { return s.note("skip " + step) }
func (s *scripted) Answer(_ context.Context, step, quiz string, option int) (right bool, err error) {
	for i, one := range s.lesson.Steps {
		for j, c := range one.Checks() {
			if one.ID == step && c.ID == quiz {
				result := check.Quiz(c.ID, c.Title, c.Quiz.Options, c.Quiz.Answer, option)
				s.state.Steps[i].Checks[j] = result
				return result.Status == check.Passed, s.note(fmt.Sprintf("answer %s/%s %d", step, quiz, option))
			}
		}
	}
	return false, fmt.Errorf("no quiz %s in step %s", quiz, step)
}
func (s *scripted) Reset(context.Context) error   { return s.note("reset") }
func (s *scripted) Cleanup(context.Context) error { return s.note("cleanup") }

// driven is a page whose commands run at once.
type driven struct {
	t testing.TB
	*page.Lesson
	session *scripted
	left    bool
}

func open(t testing.TB, width, height int, look theme.Config) *driven {
	t.Helper()
	return openIn(t, "en", width, height, look)
}

// openIn is open in a language.
func openIn(t testing.TB, language string, width, height int, look theme.Config) *driven {
	t.Helper()
	return openUnder(t, language, width, height, look, "")
}

// openUnder is openIn where a lesson of that title builds on this one.
func openUnder(t testing.TB, language string, width, height int, look theme.Config, builtOn string) *driven {
	t.Helper()
	texts, err := text.For(language)
	if err != nil {
		t.Fatal(err)
	}
	s := newScripted(t, language)
	d := &driven{t: t, session: s, Lesson: page.NewLesson(page.Config{
		Context: t.Context(), Session: s, Texts: texts, Keys: keys.New(texts.TUI.Keys), Theme: theme.New(look),
		Now: func() time.Time { return time.Unix(0, 0) }, Complete: func(string) bool { return true }, Still: true,
		Prepare: func(context.Context) error { return s.note("prepare") }, BuiltOn: builtOn,
		Show: func(context.Context) (page.Shown, error) {
			return s.shown, errors.Join(s.note("playground"), s.broken)
		},
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
	case "ctrl+c", "ctrl+b":
		return tea.KeyPressMsg{Code: rune(name[len(name)-1]), Mod: tea.ModCtrl}
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

// table has it see a truth table, whose last row comes out as said.
func (d *driven) table(last check.Status) {
	row := func(code, origin, request string, rule cors.Step) check.Remark {
		return check.Remark{Code: code, Args: map[string]string{"origin": origin, "request": request}, Row: check.Passed, Rule: rule}
	}
	const shop, other = "https://shop.example", "https://other.example"
	allowed := cors.Step{Code: "answer.passed-origin", Args: map[string]string{"allowed": shop, "origin": shop}, Section: "CORS check, step 5 (https://fetch.spec.whatwg.org/#concept-cors-check)"}
	blocked := cors.Step{Code: "answer.allow-origin-mismatch", Args: map[string]string{"allowed": shop, "origin": other, "status": "200"}, Section: "CORS check, step 4 (https://fetch.spec.whatwg.org/#concept-cors-check)"}
	rows := []check.Remark{
		row("cors.simple-allowed", shop, "GET", allowed),
		row("cors.simple-blocked", other, "GET", blocked),
		row("cors.preflight-allowed", shop, "PUT + Authorization + X-Api-Key + credentials", allowed),
	}
	rows[2].Why = cors.Step{Code: "why.method", Args: map[string]string{"method": "PUT"}, Section: "CORS-safelisted method (https://fetch.spec.whatwg.org/#cors-safelisted-method)"}
	if last == check.Failed {
		rows[2].Row, rows[2].Expected = last, "cors.blocked"
	}
	d.session.state.Steps[0].Checks[0].Seen = rows
}

// sample has it sample traffic.
func (d *driven) sample(p check.Progress) {
	d.tell(runner.CheckProgress{Step: "role", Check: d.session.state.Steps[0].Checks[0].ID, Progress: p})
}

// pass has it pass.
func (d *driven) pass() {
	d.session.state.Steps[0].Status = runner.Passed
	one := &d.session.state.Steps[0].Checks[0]
	*one = check.Result{ID: "exists", Title: one.Title, Status: check.Passed, Seen: one.Seen}
	d.session.state.Current = 1
	d.tell(runner.StepEnded{Step: "role", Status: runner.Passed})
}

// results are how the checks of a step stand, by id.
func (d *driven) results(step int) map[string]*check.Result {
	results := map[string]*check.Result{}
	for i := range d.session.state.Steps[step].Checks {
		results[d.session.state.Steps[step].Checks[i].ID] = &d.session.state.Steps[step].Checks[i]
	}
	return results
}

// done says that a step is done, and is the last that is.
func (d *driven) done(step int, status runner.StepStatus) {
	d.session.state.Started = time.Unix(0, 0)
	one := &d.session.state.Steps[step]
	one.Status, one.When = status, time.Unix(int64(step+1)*600, 0)
	d.session.state.Current = step + 1
	d.tell(runner.StepEnded{Step: one.ID, Status: status})
}

// solve has awslab do a step.
func (d *driven) solve(step int) {
	one := &d.session.state.Steps[step]
	one.Status = runner.Solved
	for i := range one.Checks {
		one.Checks[i].Status, one.Checks[i].Findings = check.Passed, nil
		one.Checks[i].ByAwslab = one.Checks[i].Kind == lesson.QuizKind
	}
	d.session.state.Current = step + 1
	d.tell(runner.StepEnded{Step: one.ID, Status: runner.Solved})
}

// preflights has a page's requests come: a preflight that a method answers, the
// request that it allowed, and a preflight that no method is for.
func (d *driven) preflights() {
	at := time.Date(2026, 11, 25, 9, 30, 12, 0, time.UTC)
	asks := target.CORSTrace{Origin: "https://shop.example", RequestMethod: "GET", RequestHeaders: "authorization"}
	answered := asks
	answered.Answer = map[string][]string{
		"access-control-allow-headers": {"Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token"}, "access-control-allow-methods": {"GET,OPTIONS"}, "access-control-allow-origin": {"*"},
	}
	for _, t := range []runner.Trace{
		{Seq: 1, Time: at, RequestID: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef", API: "a1b2c3d4e5", Stage: "PROD", Method: "OPTIONS", Path: "/PROD/pets", Route: "OPTIONS /pets", Status: 200, Micros: 900, CORS: &answered},
		{Seq: 2, Time: at, RequestID: "c6af9ac6-7b61-11e6-9a41-93e8deadbee0", API: "a1b2c3d4e5", Stage: "PROD", Method: "GET", Path: "/PROD/pets", Route: "GET /pets", Status: 200, Micros: 2100, CORS: &target.CORSTrace{Origin: "https://shop.example"}},
		{Seq: 3, Time: at.Add(time.Second), RequestID: "c6af9ac6-7b61-11e6-9a41-93e8deadbee1", API: "a1b2c3d4e5", Stage: "PROD", Method: "OPTIONS", Path: "/PROD/v2/pets", Status: 403, Micros: 300, Reason: "no-method", CORS: &asks},
	} {
		d.session.traces = append(d.session.traces, t)
		d.tell(runner.RequestTraced{Trace: t})
	}
}

// request has three requests to an API come.
func (d *driven) request() {
	at := time.Date(2026, 11, 25, 9, 30, 12, 0, time.UTC)
	for _, t := range []runner.Trace{
		{Seq: 1, Time: at, RequestID: "Tq2mWiYMoE0EMfQ=", API: "a1b2c3d4e5", Stage: "$default", Method: "GET", Path: "/HelloWorld", Status: 404, Micros: 180, Reason: "no-route"},
		{
			Seq: 2, Time: at.Add(time.Second), RequestID: "Tq4PbhEcIE0EMgg=", API: "a1b2c3d4e5", Stage: "$default", Method: "GET", Path: "/helloworld", Route: "GET /helloworld", Status: 500, Micros: 2400, Reason: "no-permission",
			Authorizer:  &target.AuthorizerTrace{Name: "keys", Kind: "REQUEST", Verdict: "allow", Principal: "student", Cached: true, Micros: 20},
			Integration: &target.IntegrationTrace{Kind: "AWS_PROXY", Target: "arn:aws:lambda:ap-northeast-2:123456789012:function:myFunc1", Micros: 120},
		},
		{Seq: 3, Time: at.Add(2 * time.Second), RequestID: "Tq5PbhEcIE0EMgg=", API: "a1b2c3d4e5", Stage: "$default", Method: "GET", Path: "/helloworld", Route: "GET /helloworld", Status: 200, Micros: 3500, Check: true},
	} {
		d.session.traces = append(d.session.traces, t)
		d.tell(runner.RequestTraced{Trace: t})
	}
}
