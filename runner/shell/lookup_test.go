package shell_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"awslab/runner/shell"
)

// cloud is a stand-in for what lookups ask: a command "ask NAME" that counts.
type cloud struct {
	asked   atomic.Int64
	answers map[string]string
}

func (c *cloud) ask(_ context.Context, call *shell.Call) int {
	c.asked.Add(1)
	answer, ok := c.answers[call.Args[0]]
	switch {
	case !ok:
		_, _ = fmt.Fprintln(call.Stderr, "\nAn error occurred (ResourceNotFoundException) when calling the GetFunction operation: no")
		return 254
	case strings.HasPrefix(answer, "!"):
		_, _ = fmt.Fprintln(call.Stderr, answer[1:])
		return 254
	}
	_, _ = fmt.Fprintln(call.Stdout, answer)
	return 0
}

func lookups(t *testing.T) (*world, *cloud) {
	t.Helper()
	c := &cloud{answers: map[string]string{
		"api": "a1b2", "none": "None", "empty": "", "denied": "!An error occurred (AccessDeniedException) when calling it: no",
		"a1b2": "i-of-a1b2", "after": "x", "lines": "one\ntwo",
	}}
	w := newWorld(t, shell.Config{
		Lookups: map[string]string{
			"API_ID":      "ask api",
			"INTEGRATION": `ask "$API_ID"`,
			"NONE":        "ask none",
			"EMPTY":       "ask empty",
			"MISSING":     "ask missing",
			"BEYOND":      `ask "$NONE"`,
			"DENIED":      "ask denied",
			"LINES":       "ask lines",
			"CYCLE_A":     `ask "$CYCLE_B"`,
			"CYCLE_B":     `ask "$CYCLE_A"`,
			"BROKEN":      `ask "`,
		},
		Reason: func(name string) string { return "the step make-" + strings.ToLower(name) + " makes it" },
		Vars: func(_ context.Context, name string) (string, bool, error) {
			switch name {
			case "FUNCTION":
				return "myFunc1", true, nil
			case "BAD":
				return "", false, errors.New("the secret's file is gone")
			case "LATER":
				return "", false, &shell.UnsetError{Name: name, Reason: "the step later makes it"}
			case "KEPT":
				return "", true, nil
			}
			return "", false, nil
		},
		Names:    func() []string { return []string{"FUNCTION"} },
		Commands: map[string]shell.Command{"ask": c.ask},
	})
	return w, c
}

func TestLookup(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text, want string
		asked      int64
	}{
		"lazy":              {"echo hi", "hi\n", 0},
		"once":              {`echo "$API_ID $API_ID"; X=$(echo $API_ID); echo $X`, "a1b2 a1b2\na1b2\n", 1},
		"of another":        {`echo "$INTEGRATION $API_ID"`, "i-of-a1b2 a1b2\n", 2},
		"pipeline":          {`echo $API_ID | (cat; echo $API_ID)`, "a1b2\na1b2\n", 1},
		"many at once":      {"{ for i in $(seq 20); do echo $INTEGRATION & done; wait; } | sort -u", "i-of-a1b2\n", 2},
		"not by env":        {"env > f; declare > f2 || :; export > f3 || :; grep -c a1b2 f || :", "0\n", 0},
		"unset, defaulted":  {`echo "[${NONE:-}${EMPTY-}${MISSING:-gone}${BEYOND:-}]"`, "[gone]\n", 3},
		"unset, tested":     {`[ -n "${NONE:-}" ] || echo none`, "none\n", 1},
		"unset, -v":         {`[[ -v NONE ]] || echo none`, "none\n", 1},
		"set, tested":       {`[ -n "${API_ID:-}" ] && echo set`, "set\n", 1},
		"assigned, unasked": {`API_ID=mine; echo $API_ID`, "mine\n", 0},
		"assigned, denied":  {`DENIED=$(echo mine); echo $DENIED`, "mine\n", 0},
		"made if missing":   {`[ -n "${NONE:-}" ] || NONE=$(echo made); echo $NONE`, "made\n", 1},
		"read, unasked":     {`read DENIED <<< "x y"; echo $DENIED`, "x y\n", 0},
		"for, unasked":      {`for DENIED in 1 2; do echo $DENIED; done`, "1\n2\n", 0},
		"local, unasked":    {`f() { local DENIED=1; echo $DENIED; }; f; echo $API_ID`, "1\na1b2\n", 1},
		"export, unasked":   {`export DENIED=1; env | grep DENIED`, "DENIED=1\n", 0},
		"export":            {`export API_ID; env | grep API; echo $API_ID`, "API_ID=a1b2\na1b2\n", 1},
		"for one command":   {`API_ID=x env | grep API; echo $API_ID`, "API_ID=x\na1b2\n", 1},
		"appended":          {`API_ID+=-x; echo $API_ID`, "a1b2-x\n", 1},
		"taken away":        {`unset API_ID; echo "[${API_ID:-}]"`, "[]\n", 1},
		"constant":          {`echo $FUNCTION; env | grep FUNC; FUNCTION=x; echo $FUNCTION`, "myFunc1\nFUNCTION=myFunc1\nx\n", 0},
		"empty constant":    {`echo "[$KEPT]"`, "[]\n", 0},
		"lines":             {`echo "$LINES"`, "one\ntwo\n", 1},
		"arithmetic":        {`N=2; echo $((N + 1))`, "3\n", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c := lookups(t)
			if got := w.prints(tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if got := c.asked.Load(); got != tt.asked {
				t.Errorf("asked %d times, want %d", got, tt.asked)
			}
		})
	}
}

func TestUnset(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"none":           {"echo start\necho \"$NONE\"\necho never", "NONE has no value: the step make-none makes it"},
		"missing":        {`echo "$MISSING"`, "MISSING has no value: the step make-missing makes it"},
		"of another":     {`echo "$BEYOND"`, "BEYOND has no value: NONE has no value: the step make-none makes it"},
		"told by Vars":   {`echo $LATER`, "LATER has no value: the step later makes it"},
		"in a pipe":      {`echo "$NONE" | cat`, "NONE has no value: the step make-none makes it"},
		"captured":       {`X=$(echo $NONE)`, "NONE has no value: the step make-none makes it"},
		"stderr in file": {`{ echo $NONE; } 2> log`, "NONE has no value: the step make-none makes it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := lookups(t)
			o := w.run(tt.text)
			unset, ok := errors.AsType[*shell.UnsetError](o.stopped)
			if !ok || unset.Error() != tt.want || o.Code != 1 || strings.Contains(o.out, "never") || o.err != "" {
				t.Errorf("stopped by %v, code %d, stderr %q", o.stopped, o.Code, o.err)
			}
		})
	}
	w, _ := lookups(t)
	if o := w.run("echo $NOBODY"); o.stopped != nil || o.Code != 1 || o.err != "NOBODY: unbound variable\n" {
		t.Errorf("a variable that nobody knows: %+v", o)
	}
}

func TestLookupFails(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want string }{
		"denied":    {`[ -n "${DENIED:-}" ] || echo never`, "look up DENIED: exit code 254: An error occurred (AccessDeniedException)"},
		"broken":    {`echo "${BROKEN:-}"`, "look up BROKEN: line 1, column 5: "},
		"cycle":     {`echo "${CYCLE_A:-}"`, "CYCLE_A → CYCLE_B → CYCLE_A"},
		"constants": {`echo "${BAD:-}"`, "the secret's file is gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, _ := lookups(t)
			o := w.run(tt.text)
			if o.stopped == nil || !strings.Contains(o.stopped.Error(), tt.want) || o.Code == 0 || strings.Contains(o.out, "never") {
				t.Errorf("stopped by %v, code %d, stdout %q", o.stopped, o.Code, o.out)
			}
		})
	}
}

func TestValue(t *testing.T) {
	t.Parallel()
	w, _ := lookups(t)
	if got, err := w.Value(t.Context(), "INTEGRATION"); got != "i-of-a1b2" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	_, err := w.Value(t.Context(), "NONE")
	if unset, ok := errors.AsType[*shell.UnsetError](err); !ok || unset.Reason == "" {
		t.Errorf("got %v", err)
	}
}

func TestAssigned(t *testing.T) {
	t.Parallel()
	w, _ := lookups(t)
	o := w.run("X=1; FUNCTION=other; API_ID=mine; echo $KEPT; Y=2 env > /dev/null; cd /; f() { local Z=3; }; f; L=(a b); unset U\nfalse")
	if got := fmt.Sprint(o.Assigned); got != "map[FUNCTION:other X:1]" {
		t.Errorf("got %v, stderr %s", got, o.err)
	}
}
