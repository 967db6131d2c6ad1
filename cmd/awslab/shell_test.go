package main

import (
	"strings"
	"testing"
)

// A script that does not even start, or is stopped, says why: in the student's
// language, on the standard error output.
func TestShellSaysWhatStopsAScript(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for _, c := range []struct {
		language, script, want string
		code                   int
	}{
		{"en", "if then\n", "awslab: line 1, column 1: ", 2},
		{"ko", "if then\n", "awslab: 1행 1열: ", 2},
		{"ko", "true\ncat <(true)\n", "awslab: 2행: 실습 셸에서 쓸 수 없습니다: <(…)", 1},
		{"ko", "vim x\n", "awslab: vim: 실습 셸에 없는 명령입니다\ncat > FILE", 127},
		{"en", "vim x\n", "awslab: vim: not available in the lesson's shell\nWrite the file with", 127},
	} {
		cmd := h.command("shell", "lambda", "--lang", c.language)
		var errs strings.Builder
		cmd.Stdin, cmd.Stderr = strings.NewReader(c.script), &errs
		if err := cmd.Run(); err == nil || cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != c.code {
			t.Errorf("%q: %v, want exit code %d", c.script, err, c.code)
		}
		if !strings.HasPrefix(errs.String(), c.want) {
			t.Errorf("%s, %q: %s", c.language, c.script, errs.String())
		}
	}
}
