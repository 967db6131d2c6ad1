package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

const quizLesson = "---\nformat: 1\nid: quiz\ntitle: Quiz\n---\n## Ask\n<!-- step: ask -->\n\n" +
	"```sh action\ntouch made\n```\n\n```yaml check\nid: made\ntitle: Made\nfile: {path: made}\n```\n\n" +
	"```yaml quiz\nid: why\nask: Why?\noptions: [So, Or so]\nanswer: 2\nbecause: It is so.\n```\n"

// openQuiz opens the small lesson in a home of its own, as often as it is
// called: what one session learnt, the next one knows.
func openQuiz(t *testing.T) func(headless bool) *runner.Session {
	t.Helper()
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml":    {Data: []byte("id: c\ntitle: C\nlessons: [quiz]\n")},
		"quiz/lesson.md": {Data: []byte(quizLesson)},
	})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	dir := t.TempDir()
	home := openHome(t, dir)
	return func(headless bool) *runner.Session {
		return openLab(t, runner.Config{Course: course, Target: home, Home: dir, Headless: headless}).session(t, "quiz")
	}
}

func quizOf(s *runner.Session) check.Result { return s.State().Steps[0].Checks[1] }

func TestAQuizIsTheStudentsToAnswer(t *testing.T) {
	t.Parallel()
	open := openQuiz(t)
	s := open(false)
	if err := s.Run(t.Context(), "ask"); err != nil {
		t.Fatal(err)
	}
	if got := quizOf(s); got.Status != check.NotRun || status(s, "ask") != runner.Todo {
		t.Errorf("before an answer the quiz is %v and the step %v", got.Status, status(s, "ask"))
	}
	right, err := s.Answer(t.Context(), "ask", "why", 1)
	if err != nil || right {
		t.Fatalf("a wrong answer: %v %v", right, err)
	}
	got := quizOf(s)
	if got.Status != check.Failed || len(got.Findings) != 1 || got.Findings[0].Code != "quiz.wrong" || got.Findings[0].Found != "So" || status(s, "ask") != runner.Todo {
		t.Errorf("after a wrong answer: %+v, %v", got, status(s, "ask"))
	}
	if says, _ := text.English().Finding(got.Findings[0]); strings.Contains(says, "Or so") {
		t.Errorf("the finding gives the answer away: %s", says)
	}
	if right, err = s.Answer(t.Context(), "ask", "why", 2); err != nil || !right {
		t.Fatalf("the right answer: %v %v", right, err)
	}
	if got := quizOf(s); got.Status != check.Passed || got.ByAwslab || status(s, "ask") != runner.Passed {
		t.Errorf("after the right answer: %+v, %v", got, status(s, "ask"))
	}
	// The answer outlives the session, and a wrong one does not replace it.
	again := open(false)
	if right, err := again.Answer(t.Context(), "ask", "why", 1); err != nil || !right || quizOf(again).Status != check.Passed {
		t.Errorf("later: %v %v %v", right, err, quizOf(again).Status)
	}
	_, err = s.Answer(t.Context(), "ask", "why", 3)
	problem(t, err, "the quiz why has no option 3")
	_, err = s.Answer(t.Context(), "ask", "how", 1)
	problem(t, err, "has no quiz how")
}

func TestAnAnswerAloneDoesNotPassTheStep(t *testing.T) {
	t.Parallel()
	s := openQuiz(t)(false)
	if right, err := s.Answer(t.Context(), "ask", "why", 2); err != nil || !right {
		t.Fatal(right, err)
	}
	if got := status(s, "ask"); got != runner.Todo {
		t.Errorf("the step is %v without its check", got)
	}
	if err := s.Run(t.Context(), "ask"); err != nil {
		t.Fatal(err)
	}
	if got := status(s, "ask"); got != runner.Passed {
		t.Errorf("with both the step is %v", got)
	}
}

func TestHeadlessAwslabAnswersAndSaysSo(t *testing.T) {
	t.Parallel()
	open := openQuiz(t)
	student := open(false)
	if _, err := student.Answer(t.Context(), "ask", "why", 1); err != nil {
		t.Fatal(err)
	}
	s := open(true)
	// A check leaves the student's answer, wrong as it is.
	if err := s.Check(t.Context(), "ask"); err != nil {
		t.Fatal(err)
	}
	if got := quizOf(s); got.Status != check.Failed {
		t.Errorf("the student's wrong answer is %v", got.Status)
	}
	events := &told{}
	t.Cleanup(s.Subscribe(events.take))
	if err := s.RunAll(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if got := quizOf(s); got.Status != check.Passed || !got.ByAwslab || status(s, "ask") != runner.Passed {
		t.Errorf("after the run: %+v, %v", got, status(s, "ask"))
	}
	if !strings.Contains(events.kinds(), "Answered") {
		t.Errorf("told: %s", events.kinds())
	}
}

func TestSolveAnswers(t *testing.T) {
	t.Parallel()
	s := openQuiz(t)(false)
	if err := s.Solve(t.Context(), "ask"); err != nil {
		t.Fatal(err)
	}
	if got := quizOf(s); got.Status != check.Passed || !got.ByAwslab || status(s, "ask") != runner.Solved {
		t.Errorf("solved: %+v, %v", got, status(s, "ask"))
	}
}

// A quiz does not tell that the commands of its step were run.
func TestAStepWithQuizzesAloneIsRun(t *testing.T) {
	t.Parallel()
	source := strings.Replace(quizLesson, "```yaml check\nid: made\ntitle: Made\nfile: {path: made}\n```\n\n", "", 1)
	les, issues := lesson.Load(fstest.MapFS{"quiz/lesson.md": {Data: []byte(source)}}, "quiz")
	if len(issues) != 1 || issues[0].Rule != "step.unchecked" {
		t.Errorf("issues: %v", issues)
	}
	dir := t.TempDir()
	s := openLab(t, runner.Config{Course: &lesson.Course{Lessons: []*lesson.Lesson{les}}, Target: openHome(t, dir), Home: dir, Headless: true}).session(t, "quiz")
	if err := s.RunAll(t.Context(), false); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(s.Workspace(), "made")); err != nil {
		t.Error(err)
	}
}
