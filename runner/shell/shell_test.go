package shell_test

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"awslab/runner/shell"
)

// world is a shell of its own, with a workspace of its own.
type world struct {
	*shell.Shell
	t   *testing.T
	dir string
}

func newWorld(t *testing.T, cfg shell.Config) *world {
	t.Helper()
	if cfg.Dir == "" {
		cfg.Dir = t.TempDir()
	}
	s, err := shell.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &world{Shell: s, t: t, dir: cfg.Dir}
}

// outcome is all that a block shows.
type outcome struct {
	shell.Result
	out, err string
	stopped  error
}

func (w *world) run(text string) outcome {
	w.t.Helper()
	return w.runContext(w.t.Context(), text)
}

func (w *world) runContext(ctx context.Context, text string) outcome {
	w.t.Helper()
	var stdout, stderr bytes.Buffer
	result, err := w.Run(ctx, text, &stdout, &stderr)
	return outcome{result, stdout.String(), stderr.String(), err}
}

// prints runs a block that must succeed, and returns what it prints.
func (w *world) prints(text string) string {
	w.t.Helper()
	o := w.run(text)
	if o.Code != 0 || o.stopped != nil {
		w.t.Fatalf("%s\nexit code %d, stopped: %v\nstdout: %s\nstderr: %s", text, o.Code, o.stopped, o.out, o.err)
	}
	return o.out
}

func TestBlock(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"pipe":          {"printf 'b\\na\\n' | sort | head -n 1", "a\n"},
		"heredoc":       {"cat > f.json <<EOF\n{\"a\": 1}\nEOF\njq -c . f.json", "{\"a\":1}\n"},
		"substitution":  {`X=$(echo hi | tr a-z A-Z); echo "$X"`, "HI\n"},
		"home":          {`cd; [ "$PWD" = "$HOME" ] && [ ~ = "$HOME" ] && echo same`, "same\n"},
		"function":      {"echo() { printf 'mine %s\\n' \"$1\"; }\necho x", "mine x\n"},
		"temp":          {`echo x > "$TMPDIR/y" && cat "$TMPDIR/y"`, "x\n"},
		"command -v":    {"command -v jq && type echo && type -t cat", "jq\necho is a shell builtin\nfile\n"},
		"exit trap":     {"trap 'echo bye' EXIT\necho hi", "hi\nbye\n"},
		"background":    {"(echo in) & wait; echo out", "in\nout\n"},
		"devices":       {"echo a > /dev/null; echo b > /dev/stdout; cat < /dev/null", "b\n"},
		"sort in place": {"printf 'b\\na\\n' > f; sort -o f f; cat f", "a\nb\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := newWorld(t, shell.Config{}).prints(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestUnknownCommand(t *testing.T) {
	t.Parallel()
	o := newWorld(t, shell.Config{}).run("true\ndocker ps\necho never")
	if o.Code != 127 || o.Line != 2 || o.Command != "docker" || o.out != "" {
		t.Errorf("got %+v", o)
	}
	if !strings.Contains(o.err, "docker: not available in the lesson's shell") || !strings.Contains(o.err, " jq ") {
		t.Errorf("stderr %q", o.err)
	}
}
