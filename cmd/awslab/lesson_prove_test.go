package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The built-in course proves itself, with all that its lessons' shell has here.
func TestTheBuiltInCourseProvesItself(t *testing.T) {
	t.Parallel()
	course, err := filepath.Abs("../../lessons")
	if err != nil {
		t.Fatal(err)
	}
	newHome(t).must(exitPassed, "lesson", "test", course)
}

func TestANewLessonProvesItself(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	out, _ := h.must(exitPassed, "lesson", "new", "course/say-hello", "--title", "Say: hello")
	for _, want := range []string{"wrote course/say-hello/lesson.md", "wrote course/course.yaml", "awslab lesson test course/say-hello"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	out, _ = h.must(exitPassed, "lesson", "test", "course/say-hello")
	if !strings.Contains(out, "7 of 7 proved") || !strings.Contains(out, "group-exists") {
		t.Error(out)
	}
	// A course is tested lesson by lesson, and programs can read it.
	out, _ = h.must(exitPassed, "lesson", "test", "course", "--format", "json")
	var report struct {
		Lessons []struct{ ID string }
		Score   struct{ Passed, Total int }
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil || len(report.Lessons) != 1 || report.Score.Passed != report.Score.Total || report.Score.Total < 10 {
		t.Errorf("%v in %s", err, out)
	}
	out, _ = h.must(exitPassed, "lesson", "test", "course", "--format", "junit")
	if !strings.Contains(out, `<testsuite name="say-hello"`) || !strings.Contains(out, `classname="say-hello.mutants"`) {
		t.Error(out)
	}
	h.must(exitPassed, "run", "say-hello", "--lessons", "course", "--cleanup")
	h.must(exitUsage, "lesson", "new", "course/say-hello")
	h.must(exitUsage, "lesson", "new", "Say Hello")
}

func TestALessonThatProvesNothing(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.must(exitPassed, "lesson", "new", "x")
	file := filepath.Join(h.dir, "x", "selftest.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.Replace(string(data), "code: call.absent", "code: call.value", 1))
	out, errs := h.must(exitFailed, "lesson", "test", "x")
	for _, want := range []string{"6 of 7 proved", "fails, but with call.absent and not with call.value", "has no"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in %s", want, out)
		}
	}
	if !strings.Contains(errs, "not everything was proved") {
		t.Error(errs)
	}
	_, errs = h.must(exitUsage, "lesson", "test", "x", "--only", "nothing")
	if !strings.Contains(errs, "log-group") {
		t.Errorf("the names of the cases are not told: %s", errs)
	}
	h.must(exitUsage, "lesson", "test", "x", "--keep")
	h.must(exitUsage, "lesson", "test", "nowhere")
}

// The world that --keep leaves can be opened again, with what the case made.
func TestAWorldThatIsKept(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.env = append(h.env, "TMPDIR="+filepath.Join(h.dir, "tmp"))
	if err := os.Mkdir(filepath.Join(h.dir, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.must(exitPassed, "lesson", "new", "x")
	h.must(exitPassed, "lesson", "test", "x")
	if left, err := os.ReadDir(filepath.Join(h.dir, "tmp")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
	out, _ := h.must(exitPassed, "lesson", "test", "x", "--only", "the retention was taken away", "--keep")
	_, rest, ok := strings.Cut(out, "--home ")
	if !ok {
		t.Fatalf("no home in %s", out)
	}
	dir, _, _ := strings.Cut(rest, "\n")
	out, _ = h.must(exitPassed, "--home", dir, "aws", "logs", "describe-log-groups", "--query", "logGroups[].[logGroupName,retentionInDays]", "--output", "text")
	if out != "/lessons/x\tNone\n" {
		t.Errorf("in the world that was kept: %q", out)
	}
}
