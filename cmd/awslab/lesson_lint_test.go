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
	if out != "errors: 0, warnings: 0\n" {
		t.Error(out)
	}
	h.must(exitPassed, "lesson", "lint", "--strict", "course/x")
	file := filepath.Join(h.dir, "course", "x", "lesson.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	unused := strings.Replace(string(data), "vars:\n", "vars:\n  UNUSED: x\n", 1)
	write(t, file, unused)
	h.must(exitPassed, "lesson", "lint", "course/x")
	if out, _ := h.must(exitUsage, "lesson", "lint", "--strict", "course/x"); !strings.HasSuffix(out, "errors: 0, warnings: 1\n") {
		t.Error(out)
	}
	broken := strings.Replace(unused, "call: logs.DescribeLogGroups", "call: logs.DescribeLogGroup", 1)
	write(t, file, broken)
	// A lesson, a course and the working folder itself: one mistake, and one place
	// for an editor to go to.
	for _, where := range []struct{ dir, arg, path string }{
		{"", "course/x", "course/x/lesson.md"}, {"", "course", "course/x/lesson.md"}, {"course", "x", "x/lesson.md"}, {"course/x", ".", "lesson.md"},
	} {
		cmd := h.command("lesson", "lint", where.arg)
		cmd.Dir = filepath.Join(h.dir, where.dir)
		out, err := cmd.Output()
		if cmd.ProcessState.ExitCode() != exitUsage {
			t.Errorf("%s: %v", where.arg, err)
		}
		for _, want := range []string{
			where.path + ":30:7: error: there is no operation logs.DescribeLogGroup [call.operation]\n  operations are written as in AWS's API reference, such as lambda.GetFunction; did you mean logs.DescribeLogGroups?",
			where.path + ":7: warning: nothing uses UNUSED [variable.unused]", "errors: 1, warnings: 1",
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
