package shell_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"awslab/runner/shell"
	"awslab/runner/shell/workspace"
)

// started is a writer that says when something was first written to it.
type started struct {
	once sync.Once
	c    chan struct{}
}

func newStarted() *started { return &started{c: make(chan struct{})} }

func (s *started) Write(p []byte) (int, error) {
	s.once.Do(func() { close(s.c) })
	return len(p), nil
}

// TestCancel stops blocks that would never end. Each prints a line first.
func TestCancel(t *testing.T) {
	t.Parallel()
	// One program's worth of slack for a busy machine; the aim is 100 ms.
	const patience = 2 * time.Second
	for name, text := range map[string]string{
		"while":            "while :; do :; done",
		"while test":       "while [[ 1 ]]; do X=1; done",
		"until":            "until false; do :; done",
		"for":              "for ((;;)); do :; done",
		"sleep":            "sleep 1000",
		"sleep in pipe":    "sleep 1000 | cat",
		"sleep, captured":  "X=$(sleep 1000)",
		"sleep in back":    "sleep 1000 & wait",
		"seq":              "seq 1 1e15 > /dev/null",
		"seq to tail":      "seq 1 1e15 | tail -n 1",
		"seq to sleep":     "seq 1 1e15 | sleep 1000",
		"reader waits":     "sleep 1000 | read X",
		"grep waits":       "sleep 1000 | grep x",
		"sort waits":       "sleep 1000 | sort",
		"wc":               "seq 1 1e15 | wc -l",
		"jq":               "jq -n 'def f: f; f'",
		"jq range":         "jq -n '[range(1e18)] | length'",
		"echo to nobody":   "while :; do echo y; done | sleep 1000",
		"trap":             "trap 'while :; do :; done' EXIT; true",
		"negated":          "! while :; do :; done",
		"or":               "while :; do :; done || while :; do :; done",
		"errors ignored":   "set +e; while :; do sleep 1000; done",
		"recursive, slow":  "f() { sleep 1000; f; }; f",
		"eval":             "eval 'while :; do :; done'",
		"curl to a mute":   "curl -s http://mute.localhost/",
		"command of ours":  "wait_for_ctx",
		"lookup":           `echo "$SLOW"`,
		"lookup in $(...)": `X=$(echo "$SLOW")`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := shell.Config{
				Limits:  shell.Limits{Memory: 4 << 30}, // only cancelling is to stop it
				Lookups: map[string]string{"SLOW": "sleep 1000"},
				Commands: map[string]shell.Command{"wait_for_ctx": func(ctx context.Context, _ *shell.Call) int {
					<-ctx.Done()
					return 130
				}},
			}
			cfg.Tools.Transport = mute{}
			w := newWorld(t, cfg)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := newStarted()
			var ended time.Time
			var result shell.Result
			var err error
			done := make(chan struct{})
			go func() {
				defer close(done)
				result, err = w.Run(ctx, "echo started\n"+text, out, io.Discard)
				ended = time.Now()
			}()
			<-out.c
			stopped := time.Now()
			cancel()
			<-done
			if took := ended.Sub(stopped); took > patience {
				t.Errorf("it took %v to end", took)
			}
			if !errors.Is(err, context.Canceled) || result.Code != 130 {
				t.Errorf("err %v, code %d", err, result.Code)
			}
		})
	}
}

type limitCase struct {
	text   string
	limits shell.Limits
	want   shell.Limit
	code   int
}

func (tt limitCase) test(t *testing.T) {
	t.Helper()
	w := newWorld(t, shell.Config{Limits: tt.limits})
	var stdout, stderr bytes.Buffer
	result, err := w.Run(t.Context(), tt.text, &stdout, &stderr)
	limit, ok := errors.AsType[*shell.LimitError](err)
	if !ok || limit.Limit != tt.want || result.Code != tt.code {
		t.Errorf("err %v, code %d, stderr %.200s", err, result.Code, stderr.String())
	}
	if n := stdout.Len() + stderr.Len(); n > 1<<20 {
		t.Errorf("%d bytes of output", n)
	}
}

// TestLimitsOfProcess has the limits that look at the whole process: no other
// test may run meanwhile.
func TestLimitsOfProcess(t *testing.T) {
	memory := shell.Limits{Memory: 24 << 20}
	for name, tt := range map[string]limitCase{
		"fork bomb":        {":(){ :|:& };:; sleep 100", shell.Limits{}, shell.LimitGoroutines, 137},
		"fork bomb, alone": {":(){ :|:& };:; wait; while [[ 1 ]]; do X=1; done", shell.Limits{}, shell.LimitGoroutines, 137},
		"background":       {"while :; do sleep 100 & done", shell.Limits{}, shell.LimitGoroutines, 137},
		"doubling, [[":     {"X=0123456789; while [[ 1 ]]; do X=$X$X; done", memory, shell.LimitVariables, 137},
		"mapfile":          {"seq 1 1e15 | mapfile X", memory, shell.LimitMemory, 137},
		"jq":               {"jq -n '[range(1e12)] | length'", memory, shell.LimitMemory, 137},
	} {
		t.Run(name, tt.test)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	line := strings.Repeat("0123456789", 50)
	for name, tt := range map[string]limitCase{
		"time":              {"while :; do :; done", shell.Limits{Time: 50 * time.Millisecond}, shell.LimitTime, 124},
		"time, ignored":     {"set +e; sleep 100; echo never", shell.Limits{Time: 50 * time.Millisecond}, shell.LimitTime, 124},
		"output":            {"while :; do echo " + line + "; done", shell.Limits{}, shell.LimitOutput, 137},
		"output of seq":     {"seq 1 1e15", shell.Limits{}, shell.LimitOutput, 137},
		"stderr":            {"while :; do echo " + line + " >&2; done", shell.Limits{}, shell.LimitOutput, 137},
		"captured":          {"X=$(seq 1 1e15)", shell.Limits{}, shell.LimitMemory, 137},
		"captured echoes":   {"X=$(while :; do echo " + line + "; done)", shell.Limits{}, shell.LimitMemory, 137},
		"recursion":         {"f() { f; }; f", shell.Limits{}, shell.LimitDepth, 137},
		"recursive $()":     {"f() { X=$(f); }; f", shell.Limits{}, shell.LimitDepth, 137},
		"recursive eval":    {`X='eval "$X"'; eval "$X"`, shell.Limits{}, shell.LimitDepth, 137},
		"recursive dot":     {"echo '. ./s' > s; . ./s", shell.Limits{}, shell.LimitDepth, 137},
		"function later":    {"eval 'f() { f; }'; f", shell.Limits{}, shell.LimitDepth, 137},
		"variables, nested": {"X=0123456789; f() { local Y=1; X=$X$X; if true; then f; fi; }; f", shell.Limits{Variables: 1000}, shell.LimitVariables, 137},
		"status kept":       {"X=1; for i in 1; do false || code=$?; Y=$X$X; [ $code = 1 ] || exit 7; done; while :; do X=$X$X; done", shell.Limits{Variables: 1000}, shell.LimitVariables, 137},
		"variables":         {"X=0123456789; for i in 1 2 3 4 5 6 7 8; do X=$X$X; done\n:", shell.Limits{Variables: 1000}, shell.LimitVariables, 137},
		"text":              {"echo " + strings.Repeat("x", 100), shell.Limits{Text: 50}, shell.LimitText, 137},
		"text of eval":      {`X=0123456789; X=$X$X$X; eval "echo $X$X"`, shell.Limits{Text: 50}, shell.LimitText, 137},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.test(t)
		})
	}
}

func TestNothingIsLeftRunning(t *testing.T) {
	w := newWorld(t, shell.Config{})
	before := runtime.NumGoroutine()
	for range 20 {
		w.run("sleep 1000 & sleep 1000 | cat & (while :; do :; done) & exec > log; cat <<EOF | cat\nhi\nEOF")
	}
	for runtime.NumGoroutine() > before+2 && t.Context().Err() == nil {
		runtime.Gosched()
	}
}

func TestWorkspaceIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shell.Config{Limits: shell.Limits{Workspace: workspace.Limits{Bytes: 1 << 20, Entries: 50}}})
	for name, text := range map[string]string{
		"redirect":  "seq 1 1e15 > big",
		"appending": "while :; do echo 01234567890123456789012345678901234567890123456789; done > big",
		"tee":       "seq 1 1e15 | tee big > /dev/null",
		"files":     "for i in $(seq 100); do touch f$i; done",
		"folders":   "for i in $(seq 100); do mkdir d$i; done",
	} {
		o := w.run(text)
		said := o.err
		if o.stopped != nil {
			said += o.stopped.Error()
		}
		if o.Code == 0 || !strings.Contains(said, "the lesson's workspace may hold ") {
			t.Errorf("%s: code %d, stopped: %v, stderr %s", name, o.Code, o.stopped, o.err)
		}
		w.prints("rm -rf -- big f* d*")
	}
	w.prints("echo fine > small; cat small")
}
