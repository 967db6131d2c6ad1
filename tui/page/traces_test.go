package page_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"awslab/runner"
	"awslab/tui/theme"
)

// traced are requests of all kinds.
func traced() []runner.Trace {
	at := func(second int) time.Time { return time.Date(2026, 1, 2, 3, 4, second, 0, time.Local) }
	const function = "arn:aws:lambda:ap-northeast-2:000000000000:function:myFunc1"
	return []runner.Trace{
		{RequestID: "a=", Time: at(1), API: "a1b2c3d4e5", Stage: "$default", Method: "GET", Path: "/", Status: 404, Micros: 210, Reason: "no-route", Detail: "no route matches the method and the path"},
		{RequestID: "b=", Time: at(2), API: "a1b2c3d4e5", Stage: "$default", Method: "OPTIONS", Path: "/hello", Status: 204, Micros: 90, Preflight: true},
		{
			RequestID: "c=", Time: at(3), API: "a1b2c3d4e5", Stage: "$default", Method: "POST", Path: "/a/path/that/is/so/long/that/it/has/to/be/cut/한글", Route: "ANY /{proxy+}", Status: 403, Micros: 31900, Check: true, Reason: "denied",
			Authorizer: &runner.AuthorizerTrace{ID: "au1", Name: "myAuthorizer", Kind: "REQUEST", Target: function, Verdict: "deny", Cached: true},
		},
		{
			RequestID: "d=", Time: at(4), API: "a1b2c3d4e5", Stage: "$default", Method: "GET", Path: "/hello", Route: "GET /hello", Status: 500, Micros: 1204500, Reason: "function-error", Detail: "the function failed: KeyError: 'name'",
			Authorizer:  &runner.AuthorizerTrace{ID: "au1", Name: "myAuthorizer", Kind: "REQUEST", Target: function, Verdict: "allow", Micros: 4100},
			Integration: &runner.IntegrationTrace{ID: "int1", Kind: "AWS_PROXY", Target: function, Micros: 1199000, Error: "KeyError: 'name'"},
		},
	}
}

func TestTraceFrames(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ width, height int }{{60, 19}, {80, 23}, {120, 39}} {
		for _, look := range []struct {
			name, language string
			theme.Config
		}{{"dark", "en", theme.Config{}}, {"plain", "en", theme.Config{NoColor: true, ASCII: true}}, {"korean", "ko", theme.Config{}}} {
			for name, walk := range map[string]func(*driven){
				"empty":   func(d *driven) { d.session.traces = nil; d.press("t") },
				"aws":     func(d *driven) { d.session.state.Where.Emulator = false; d.done(0, runner.Passed); d.press("t") },
				"list":    func(d *driven) { d.press("t", "up") },
				"failed":  func(d *driven) { d.press("t", "enter") },
				"cached":  func(d *driven) { d.press("t", "up", "enter") },
				"noroute": func(d *driven) { d.press("t", "up", "up", "up", "enter") },
			} {
				t.Run(fmt.Sprintf("%s/%dx%d/%s", name, size.width, size.height, look.name), func(t *testing.T) {
					t.Parallel()
					d := openIn(t, look.language, size.width, size.height, look.Config)
					d.session.traces = traced()
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
					golden.RequireEqual(t, ansi.Strip(frame))
				})
			}
		}
	}
}

// A request that comes is listed, and Esc leads back step by step.
func TestTracesFollow(t *testing.T) {
	t.Parallel()
	d := open(t, 80, 23, theme.Config{})
	d.press("t")
	d.session.traces = traced()
	d.tell(runner.RequestTraced{Trace: d.session.traces[3]})
	if frame := ansi.Strip(d.frame()); !strings.Contains(frame, "› 03:04:04") {
		t.Errorf("the newest is not chosen:\n%s", frame)
	}
	d.press("enter")
	if frame := ansi.Strip(d.frame()); !strings.Contains(frame, "KeyError") {
		t.Errorf("the detail is not shown:\n%s", frame)
	}
	d.press("esc")
	if frame := ansi.Strip(d.frame()); !strings.Contains(frame, "› 03:04:04") {
		t.Errorf("the list is not shown again:\n%s", frame)
	}
	d.press("esc")
	if frame := ansi.Strip(d.frame()); strings.Contains(frame, "03:04:04") || d.left {
		t.Errorf("the list is not closed:\n%s", frame)
	}
}
