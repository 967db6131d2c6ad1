package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/lesson"
)

// Files stand for what lessons make. The second step of base undoes what the
// first one's check looks at, as lessons do on purpose.
const baseLesson = "---\nformat: 1\nid: base\ntitle: Base\n---\n" +
	"## First\n<!-- step: first -->\n\n```sh action\ntouch fresh\n```\n\n```yaml check\nid: fresh\ntitle: Fresh\nfile: {path: fresh}\n```\n\n" +
	"## Second\n<!-- step: second needs=first -->\n\n```sh action\nrm fresh; touch kept; echo x >> runs\n```\n\n```yaml check\nid: kept\ntitle: Kept\nfile: {path: kept}\n```\n\n" +
	"## Clean up\n<!-- step: cleanup needs=second -->\n\n```sh cleanup\nrm -f fresh kept\n```\n\n```yaml check\nid: gone\ntitle: Gone\nfile: {path: kept}\nexpect: {exists: false}\n```\n"

const upperLesson = "---\nformat: 1\nid: upper\ntitle: Upper\nneeds: [base]\n---\n## Only\n<!-- step: only -->\n\n```sh action\ntouch made\n```\n\n```yaml check\nid: made\ntitle: Made\nfile: {path: made}\n```\n"

func openBuilt(t *testing.T) (open func() *runner.Lab, workspace string) {
	t.Helper()
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [base, upper]\n")}, "base/lesson.md": {Data: []byte(baseLesson)}, "upper/lesson.md": {Data: []byte(upperLesson)},
	})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	dir := t.TempDir()
	home := openHome(t, dir)
	return func() *runner.Lab {
		return openLab(t, runner.Config{Course: course, Target: home, Home: dir}).Lab
	}, filepath.Join(dir, "workspace", "base")
}

func unprepared(t *testing.T, lab *runner.Lab) int {
	t.Helper()
	missing, err := lab.Unprepared(t.Context(), lab.Course().Lessons[1])
	if err != nil {
		t.Fatal(err)
	}
	return len(missing)
}

func TestALessonIsPreparedOnceAndKnowsIt(t *testing.T) {
	t.Parallel()
	open, dir := openBuilt(t)
	lab := open()
	if unprepared(t, lab) != 1 {
		t.Fatal("nothing was made, and the lesson counts as prepared")
	}
	for range 2 {
		if err := lab.Prepare(t.Context(), lab.Course().Lessons[1], func(runner.Event) {}); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := os.ReadFile(filepath.Join(dir, "runs")); err != nil || string(runs) != "x\n" {
		t.Errorf("the second step ran %q times (%v): its own check fails at the end of the lesson on purpose", runs, err)
	}
	if lab = open(); unprepared(t, lab) != 0 { // another process
		t.Error("what was prepared is forgotten")
	}
	if err := os.Remove(filepath.Join(dir, "kept")); err != nil {
		t.Fatal(err)
	}
	if unprepared(t, lab) != 1 {
		t.Error("what was prepared is gone, and the lesson still counts as prepared")
	}
}

func TestAStudentsOwnWorkPrepares(t *testing.T) {
	t.Parallel()
	open, _ := openBuilt(t)
	lab := open()
	s, err := lab.Lesson("base")
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []string{"first", "second"} {
		if err := s.Run(t.Context(), step); err != nil {
			t.Fatal(err)
		}
	}
	if unprepared(t, lab) != 0 {
		t.Error("the student did every step, and the next lesson wants them again")
	}
	if err := s.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if unprepared(t, lab) != 1 {
		t.Error("it was cleaned up, and still counts as prepared")
	}
}

func TestWhatIsBuiltOnALesson(t *testing.T) {
	t.Parallel()
	open, _ := openBuilt(t)
	lab := open()
	if built := lab.BuiltOn("base"); len(built) != 1 || built[0].ID != "upper" {
		t.Errorf("built on base: %v", built)
	}
	if built := lab.BuiltOn("upper"); len(built) != 0 {
		t.Errorf("built on upper: %v", built)
	}
}

// A newer version of a lesson may have other checks: once it was prepared again,
// it counts as prepared.
func TestPreparingForgetsChecksThatAreNoMore(t *testing.T) {
	t.Parallel()
	open, workspace := openBuilt(t)
	lab := open()
	prepare := func(lab *runner.Lab) {
		t.Helper()
		if err := lab.Prepare(t.Context(), lab.Course().Lessons[1], func(runner.Event) {}); err != nil {
			t.Fatal(err)
		}
	}
	prepare(lab)
	saved, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(workspace)), "progress", "*", "base.json"))
	if err != nil || len(saved) != 1 {
		t.Fatal(saved, err)
	}
	data, err := os.ReadFile(saved[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(saved[0], []byte(strings.Replace(string(data), `"second/kept"`, `"second/renamed"`, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if lab = open(); unprepared(t, lab) != 1 {
		t.Fatal("a check that nobody knows counts as passed")
	}
	prepare(lab)
	if unprepared(t, lab) != 0 {
		t.Error("it was prepared, and wants to be prepared again")
	}
}

// What a later lesson builds on is not cleaned up first: a student goes on there.
func TestNextLeadsPastACleanUpThatIsNotDue(t *testing.T) {
	t.Parallel()
	open, _ := openBuilt(t)
	lab := open()
	next := func() string {
		t.Helper()
		states, err := lab.Overview()
		if err != nil {
			t.Fatal(err)
		}
		i := runner.Next(states)
		if i < 0 {
			return ""
		}
		return states[i].ID
	}
	run := func(id string, steps ...string) {
		t.Helper()
		s, err := lab.Lesson(id)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range steps {
			if err := s.Run(t.Context(), step); err != nil {
				t.Fatal(err)
			}
		}
	}
	if got := next(); got != "base" {
		t.Errorf("at the start: %q", got)
	}
	run("base", "first", "second")
	if got := next(); got != "upper" {
		t.Errorf("with only the clean-up left: %q", got)
	}
	run("upper", "only")
	if got := next(); got != "base" {
		t.Errorf("with the later lesson done: %q", got)
	}
}

// A lesson may change how the work of another answers, on purpose. While it is under
// way that is no lack: what counts is that the work is there.
func TestALessonUnderWayMayChangeWhatItBuildsOn(t *testing.T) {
	t.Parallel()
	answers := func(status string) string {
		return strings.Replace(baseLesson, "```yaml check\nid: kept", "```yaml check\nid: answers\ntitle: It answers\nhttp: {method: GET, url: \"$AWS_ENDPOINT_URL/pets\"}\nexpect: {status: "+status+"}\n```\n\n```yaml check\nid: kept", 1)
	}
	changed := upperLesson +
		"\n## Clean up\n<!-- step: cleanup needs=only -->\n\n```sh cleanup\nrm -f made\n```\n\n```yaml check\nid: gone\ntitle: Gone\nfile: {path: made}\nexpect: {exists: false}\n```\n"
	dir := t.TempDir()
	home := openHome(t, dir)
	open := func(status string) *runner.Lab {
		course, issues := lesson.LoadCourse(fstest.MapFS{
			"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [base, upper]\n")}, "base/lesson.md": {Data: []byte(answers(status))}, "upper/lesson.md": {Data: []byte(changed)},
		})
		if len(lesson.Errors(issues)) > 0 {
			t.Fatal(issues)
		}
		return openLab(t, runner.Config{Course: course, Target: home, Home: dir}).Lab
	}
	// The emulator refuses a request that is not signed. That the lesson wants another
	// answer later stands for what the other lesson changes.
	lab := open("403")
	if err := lab.Prepare(t.Context(), lab.Course().Lessons[1], func(runner.Event) {}); err != nil {
		t.Fatal(err)
	}
	lab = open("200")
	if unprepared(t, lab) != 1 {
		t.Fatal("another answer, and the lesson counts as prepared though none that builds on it has begun")
	}
	upper, err := lab.Lesson("upper")
	if err != nil {
		t.Fatal(err)
	}
	if err := upper.Run(t.Context(), "only"); err != nil {
		t.Fatal(err)
	}
	if unprepared(t, lab) != 0 {
		t.Error("a lesson under way may change an answer, and wants the other lesson again")
	}
	kept := filepath.Join(dir, "workspace", "base", "kept")
	if err := os.Rename(kept, kept+"-moved"); err != nil {
		t.Fatal(err)
	}
	if unprepared(t, lab) != 1 {
		t.Error("what was made is gone, and the lesson still counts as prepared")
	}
	if err := os.Rename(kept+"-moved", kept); err != nil {
		t.Fatal(err)
	}
	if err := upper.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	if unprepared(t, lab) != 1 {
		t.Error("the lesson was cleaned up, and the other answer still counts as its change")
	}
	if err := upper.Run(t.Context(), "only"); err != nil {
		t.Fatal(err)
	}
	if unprepared(t, lab) != 0 {
		t.Error("the lesson is done once more, and the other answer does not count as its change")
	}
}

// What a lookup does not find may be what another lesson makes: that lesson is named,
// and not the step before the first one that needs it.
func TestAVariableNamesTheLessonThatMakesIt(t *testing.T) {
	t.Parallel()
	const lookup = "lookup:\n  THING: 'cat thing 2>/dev/null || true'\n"
	base := strings.Replace(strings.Replace(baseLesson, "title: Base\n", "title: Base\n"+lookup, 1), "touch fresh\n", "[ -n \"${THING:-}\" ] || echo a > thing; touch fresh\n", 1)
	upper := strings.Replace(strings.Replace(upperLesson, "needs: [base]\n", "needs: [base]\n"+lookup, 1), "touch made", "touch made; echo \"$THING\"", 1)
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [base, upper]\n")}, "base/lesson.md": {Data: []byte(base)}, "upper/lesson.md": {Data: []byte(upper)},
	})
	if len(lesson.Errors(issues)) > 0 {
		t.Fatal(issues)
	}
	dir := t.TempDir()
	s := openLab(t, runner.Config{Course: course, Target: openHome(t, dir), Home: dir}).session(t, "upper")
	var heard told
	t.Cleanup(s.Subscribe(heard.take))
	if err := s.Command(t.Context(), `echo "$THING"`); err == nil || !strings.Contains(err.Error()+heard.output(), "the lesson base makes it, in its step “First” (first)") {
		t.Errorf("%v\n%s", err, heard.output())
	}
}
