package command_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// call runs a command that uses no files.
func call(t *testing.T, name, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	spec, ok := command.Builtin(command.Config{})[name]
	if !ok {
		t.Fatalf("no command %s", name)
	}
	code = spec.Do(t.Context(), &command.Call{
		Name: name, Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Now:    func() time.Time { return time.Unix(1_700_000_000, 0).UTC() },
		Getenv: func(string) string { return "" },
	})
	return code, out.String(), errs.String()
}

func TestSpecs(t *testing.T) {
	t.Parallel()
	for name, spec := range command.Builtin(command.Config{}) {
		if spec.Name != name || spec.Run == nil || spec.Usage != text.English().Shell.Usage[name] {
			t.Errorf("%s: %+v", name, spec)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-u +%s":                     "1700000000",
		"-u -d -5 minutes +%s":       "1699999700",
		"-u -d 1 hour ago +%FT%TZ":   "2023-11-14T21:13:20Z",
		"-u -d tomorrow +%F":         "2023-11-15",
		"-u -Iseconds":               "2023-11-14T22:13:20+00:00",
		"-u -d 2023-11-14T00:00Z +x": "",
	} {
		var list []string
		for _, a := range strings.Split(strings.ReplaceAll(strings.ReplaceAll(args, "-5 minutes", "-5_minutes"), "1 hour ago", "1_hour_ago"), " ") {
			list = append(list, strings.ReplaceAll(a, "_", " "))
		}
		if _, out, _ := call(t, "date", "", list...); strings.TrimSpace(out) != want {
			t.Errorf("date %s: got %q, want %q", args, out, want)
		}
	}
}
