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

// A lesson cannot leave through an API of its own: its curl is marked, whatever
// headers it gives, and the emulator asks no upstream for it. Nothing of that
// shows.
func TestALessonsCurlReachesNoUpstream(t *testing.T) {
	t.Parallel()
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [upper]\n")}, "upper/lesson.md": {Data: []byte(strings.Replace(upperLesson, "needs: [base]\n", "", 1))},
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
