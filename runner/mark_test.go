package runner_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

// openLesson opens a lesson named upper in a home of its own.
func openLesson(t *testing.T, lessonText string) *runner.Session {
	t.Helper()
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [upper]\n")}, "upper/lesson.md": {Data: []byte(lessonText)},
	})
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	dir := t.TempDir()
	lab, err := runner.Open(runner.Config{Course: course, Target: openHome(t, dir), Text: text.English(), Home: dir, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := lab.Close(); err != nil {
			t.Error(err)
		}
	})
	s, err := lab.Lesson("upper")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// A lesson cannot leave through an API of its own: its curl is marked, whatever
// headers it gives, and the emulator asks no upstream for it. Nothing of that
// shows.
func TestALessonsCurlReachesNoUpstream(t *testing.T) {
	t.Parallel()
	s := openLesson(t, strings.Replace(upperLesson, "needs: [base]\n", "", 1))
	var heard told
	t.Cleanup(s.Subscribe(heard.take))
	if err := s.Command(t.Context(), `ID=$(aws apigatewayv2 create-api --name out --protocol-type HTTP --target http://127.0.0.1:9/ --query ApiId --output text)
curl -sv -H 'X-Awslab-Lesson:' -H 'X-Awslab-Lesson;' "$(aws apigatewayv2 get-api --api-id "$ID" --query ApiEndpoint --output text)/x"`); err != nil {
		t.Fatal(err)
	}
	output := heard.output()
	if !strings.Contains(output, "< HTTP/1.1 503 Service Unavailable") || strings.Contains(output, "upper") {
		t.Errorf("%s", output)
	}
}

// What a check asked of an API has its trace as evidence.
func TestAChecksRequestHasItsTrace(t *testing.T) {
	t.Parallel()
	lessonText := "---\nformat: 1\nid: upper\ntitle: Upper\nlookup:\n  URL: aws apigatewayv2 get-apis --query 'Items[0].ApiEndpoint' --output text\n---\n## Only\n<!-- step: only -->\n\n```sh action\naws apigatewayv2 create-api --name a --protocol-type HTTP --target http://127.0.0.1:9/\n```\n\n```yaml check\nid: made\ntitle: Made\nhttp: {url: $URL/x}\nexpect: {status: 503}\n```\n"
	s := openLesson(t, lessonText)
	if err := s.Run(t.Context(), "only"); err != nil {
		t.Fatal(err)
	}
	evidence := s.State().Steps[0].Checks[0].Evidence
	if len(evidence) != 1 || !strings.Contains(evidence[0].Trace, `"path":"/x"`) || !strings.Contains(evidence[0].Trace, `"check":true`) {
		t.Errorf("%+v", evidence)
	}
}
