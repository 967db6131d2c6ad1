package runner_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/lesson"
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
	return openLab(t, runner.Config{Course: course, Target: openHome(t, dir), Home: dir}).session(t, "upper")
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

// Nor does a lesson smuggle a second request, without the mark, behind the first:
// whatever its headers say of where a request ends is held to be true.
func TestALessonSmugglesNoRequest(t *testing.T) {
	t.Parallel()
	for name, curl := range map[string]string{
		"a short body":      `curl -s -H 'Content-Length: 0' --data-binary "$SECOND" "$URL/a"`,
		"two lengths":       `curl -s -H 'Content-Length: 0' -H "Content-Length: ${#SECOND}" --data-binary "$SECOND" "$URL/a"`,
		"two framings":      `curl -s -H 'Content-Length: 0' -H 'Transfer-Encoding: chunked' --data-binary "$SECOND" "$URL/a"`,
		"another encoding":  `curl -s -H 'Transfer-Encoding: identity' --data-binary "$SECOND" "$URL/a"`,
		"a header's value":  `curl -s -H "X: a"$'\r\n\r\n'"$SECOND" "$URL/a"`,
		"a header's name":   `curl -s -H "$(printf 'a\r\n\r\n')$SECOND: b" "$URL/a"`,
		"the host":          `curl -s -H "Host: x"$'\r\n\r\n'"$SECOND" "$URL/a"`,
		"the agent":         `curl -s -A "x"$'\r\n\r\n'"$SECOND" "$URL/a"`,
		"the referer":       `curl -s -e "x"$'\r\n\r\n'"$SECOND" "$URL/a"`,
		"a cookie":          `curl -s -b "a=x"$'\r\n\r\n'"$SECOND" "$URL/a"`,
		"the method":        `curl -s -X "GET /a HTTP/1.1"$'\r\n'"Host: x"$'\r\n\r\n'"$SECOND" "$URL/a"`,
		"the path":          `curl -s "$URL/a HTTP/1.1"$'\r\n\r\n'"$SECOND"`,
		"a length as a gap": `curl -s -H 'Content-Length : 0' --data-binary "$SECOND" "$URL/a"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var reached atomic.Int32
			upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
			t.Cleanup(upstream.Close)
			s := openLesson(t, strings.Replace(upperLesson, "needs: [base]\n", "", 1))
			script := `ID=$(aws apigatewayv2 create-api --name out --protocol-type HTTP --target ` + upstream.URL + `/ --query ApiId --output text)
URL=$(aws apigatewayv2 get-api --api-id "$ID" --query ApiEndpoint --output text)
SECOND="GET /stolen HTTP/1.1"$'\r\n'"Host: ${URL#http://}"$'\r\n\r\n'
` + curl + " || true\ncurl -s -o /dev/null \"$URL/last\" || true"
			if err := s.Command(t.Context(), script); err != nil {
				t.Fatal(err)
			}
			traces := map[string]bool{}
			for _, one := range s.Traces() {
				traces[one.Path] = true
			}
			if traces["/stolen"] || reached.Load() > 0 {
				t.Errorf("a request without a mark arrived: %v, %d upstream", traces, reached.Load())
			}
		})
	}
}

// A lesson's checks ask no upstream for it either.
func TestALessonsCheckReachesNoUpstream(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	upstream := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(upstream.Close)
	s := openLesson(t, "---\nformat: 1\nid: upper\ntitle: Upper\nlookup:\n  URL: aws apigatewayv2 get-apis --query 'Items[0].ApiEndpoint' --output text\n---\n## Only\n<!-- step: only -->\n\n"+
		"```sh action\naws apigatewayv2 create-api --name a --protocol-type HTTP --target "+upstream.URL+"/\n```\n\n```yaml check\nid: made\ntitle: Made\nhttp: {url: $URL/x, headers: {X-Awslab-Lesson: ''}}\nexpect: {status: 503}\n```\n")
	if err := s.Run(t.Context(), "only"); err != nil {
		t.Fatal(err)
	}
	if status(s, "only") != runner.Passed || reached.Load() > 0 {
		t.Errorf("the check's answer is not 503, or the upstream was reached: %d, %+v", reached.Load(), s.State().Steps[0].Checks)
	}
}
