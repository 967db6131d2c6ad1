package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestLessonLint(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.must(exitPassed, "lesson", "new", "course/x")
	out, _ := h.must(exitPassed, "lesson", "lint", "course/x")
	if out != "0 errors, 0 warnings\n" {
		t.Error(out)
	}
	file := filepath.Join(h.dir, "course", "x", "lesson.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Replace(string(data), "call: logs.DescribeLogGroups", "call: logs.DescribeLogGroup", 1)
	broken = strings.Replace(broken, "vars:\n", "vars:\n  UNUSED: x\n", 1)
	write(t, file, broken)
	// A lesson, a course and the working folder itself: one mistake, and one place
	// for an editor to go to.
	for _, where := range []struct{ dir, arg, path string }{
		{"", "course/x", "course/x/lesson.md"}, {"", "course", "course/x/lesson.md"}, {"course", "x", "x/lesson.md"}, {"course/x", ".", "../x/lesson.md"},
	} {
		cmd := h.command("lesson", "lint", where.arg)
		cmd.Dir = filepath.Join(h.dir, where.dir)
		out, err := cmd.Output()
		if cmd.ProcessState.ExitCode() != exitUsage {
			t.Errorf("%s: %v", where.arg, err)
		}
		for _, want := range []string{
			where.path + ":30:7: error: there is no operation logs.DescribeLogGroup [call.operation]\n  did you mean logs.DescribeLogGroups?",
			where.path + ":7: warning: nothing uses UNUSED [variable.unused]", "1 errors, 1 warnings",
		} {
			if !strings.Contains(string(out), want) {
				t.Errorf("%s in %q: no %q in\n%s", where.arg, where.dir, want, out)
			}
		}
	}
	out, _ = h.must(exitUsage, "lesson", "lint", "course", "--format", "json")
	var issues []struct {
		File, Severity, Rule, What, Hint string
		Line                             int
	}
	if err := json.Unmarshal([]byte(out), &issues); err != nil || len(issues) != 2 {
		t.Fatalf("%v in %s", err, out)
	}
	if i := issues[1]; i.File != "course/x/lesson.md" || i.Line != 30 || i.Severity != "error" || i.Rule != "call.operation" || i.What == "" || i.Hint == "" {
		t.Errorf("%+v", i)
	}
	out, _ = h.must(exitUsage, "--lang", "ko", "lesson", "lint", "course")
	if !strings.Contains(out, "오류: 없는 작업입니다: logs.DescribeLogGroup [call.operation]") || !strings.Contains(out, "오류 1개, 경고 1개") {
		t.Error(out)
	}
}
