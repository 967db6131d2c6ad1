package page_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/exp/golden"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/tui/page"
	"awslab/tui/theme"
)

func TestFrames(t *testing.T) {
	t.Parallel()
	for _, size := range []struct{ width, height int }{{60, 19}, {80, 23}, {120, 39}} {
		for _, look := range []struct {
			name, language string
			theme.Config
		}{{"dark", "en", theme.Config{}}, {"light", "en", theme.Config{Light: true}}, {"plain", "en", theme.Config{NoColor: true, ASCII: true}}, {"korean", "ko", theme.Config{}}} {
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
				"sampling": func(d *driven) {
					d.press("n")
					d.fail()
					d.sample(check.Progress{Done: 246, Of: 400, Canary: 107, Percent: 50, Sample: 1})
				},
				"again": func(d *driven) {
					d.press("n")
					d.sample(check.Progress{Done: 400, Of: 400, Canary: 400, Percent: 12.5, Sample: 2})
				},
				"sampled": func(d *driven) {
					d.press("n")
					d.sample(check.Progress{Done: 400, Of: 400, Canary: 400, Percent: 100, Sample: 1, Promoted: true})
					d.session.state.Steps[0].Checks[0].Seen = []check.Remark{{Code: "canary.share", Args: map[string]string{"met": "172", "done": "346", "percent": "50"}}}
					d.pass()
				},
				"table":  func(d *driven) { d.press("n"); d.table(check.Passed); d.pass() },
				"open":   func(d *driven) { d.press("n"); d.table(check.Failed); d.fail() },
				"rules":  func(d *driven) { d.press("n"); d.table(check.Failed); d.fail(); d.press("e") },
				"prompt": func(d *driven) { d.press("n", ":", "l", "s", " ", "한") },
				"help":   func(d *driven) { d.press("?") },
				"ask":    func(d *driven) { d.press("n", "s") },
				"quiz":   func(d *driven) { d.pass(); d.press("n", "n") },
				"chosen": func(d *driven) { d.pass(); d.press("n", "n", "tab", "down") },
				"wrong":  func(d *driven) { d.pass(); d.press("n", "n", "3") },
				"right":  func(d *driven) { d.pass(); d.press("n", "n", "2") },
				"second": func(d *driven) { d.pass(); d.press("n", "n", "2", "tab") },
				"hints":  func(d *driven) { d.press("n", "h", "h", "h") },
				"skipped": func(d *driven) {
					d.press("n")
					d.done(0, runner.Skipped)
				},
				"finished": func(d *driven) {
					d.pass()
					d.solve(1)
					d.done(2, runner.Skipped)
					d.press("n", "n", "n", "n")
				},
				"traces":    func(d *driven) { d.request(); d.press("t", "down") },
				"trace":     func(d *driven) { d.request(); d.press("t", "down", "enter") },
				"cors":      func(d *driven) { d.preflights(); d.press("t") },
				"preflight": func(d *driven) { d.preflights(); d.press("t", "down", "down", "enter") },
				"noCors":    func(d *driven) { d.preflights(); d.press("t", "down", "enter") },
				"playground": func(d *driven) {
					d.session.shown = page.Shown{Note: "Opened in your browser: http://localhost:4580/"}
					d.press("n", "b")
				},
				"noTraces": func(d *driven) { d.press("t") },
				"evidence": func(d *driven) { d.press("n"); d.fail(); d.press("e") },
				"byawslab": func(d *driven) {
					d.pass()
					d.solve(1)
					d.press("n", "n")
				},
			} {
				t.Run(fmt.Sprintf("%s/%dx%d/%s", name, size.width, size.height, look.name), func(t *testing.T) {
					t.Parallel()
					d := openIn(t, look.language, size.width, size.height, look.Config)
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
