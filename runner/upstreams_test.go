package runner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

// A lesson's own requests get the answers of its upstreams, and reach nobody else
// by the way. Their files are not the student's.
func TestALessonsUpstreamsStandIn(t *testing.T) {
	t.Parallel()
	front := "needs: [base]\nupstreams:\n  https://pets.example/v2/: files/pets/"
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml":                   {Data: []byte("id: c\ntitle: C\nlessons: [upper]\n")},
		"upper/lesson.md":               {Data: []byte(strings.Replace(upperLesson, "needs: [base]", strings.TrimPrefix(front, "needs: [base]\n"), 1))},
		"upper/lesson.ko.md":            {Data: []byte("---\ntitle: 위\n---\n위입니다.\n\n## 하나\n<!-- step: only -->\n\n```sh action\n```\n\n```yaml check\nid: made\ntitle: 만들기\n```\n")},
		"upper/files/pets/pets.json":    {Data: []byte("[1]")},
		"upper/files/pets/answers.yaml": {Data: []byte("- {path: /pets, query: {type: cat}, status: 203, headers: {X-Pets: cats}, body: cats}\n")},
		"upper/files/mine.txt":          {Data: []byte("mine")},
	})
	if len(lesson.Errors(issues)) > 0 {
		t.Fatal(issues)
	}
	for _, language := range []*text.Text{text.English(), text.Korean()} {
		dir := t.TempDir()
		s := openLab(t, runner.Config{Course: course, Target: openHome(t, dir), Text: language, Home: dir}).session(t, "upper")
		var heard told
		t.Cleanup(s.Subscribe(heard.take))
		if err := s.Command(t.Context(), `ID=$(aws apigatewayv2 create-api --name out --protocol-type HTTP --target 'https://pets.example/v2/' --query ApiId --output text)
URL=$(aws apigatewayv2 get-api --api-id "$ID" --query ApiEndpoint --output text)
curl -si "$URL/pets?type=cat"; echo; curl -si "$URL/pets"; echo; curl -si "$URL/dogs"; echo; ls`); err != nil {
			t.Fatal(err)
		}
		output := heard.output()
		for _, want := range []string{"HTTP/1.1 203", "X-Pets: cats", "\ncats\n", "Content-Type: application/json", "\n[1]\n", "awslab stands in for https://pets.example/v2/ here, and has no answer to GET /dogs", "mine.txt\n"} {
			if !strings.Contains(strings.ReplaceAll(output, "\r", ""), want) {
				t.Errorf("no %q in\n%s", want, output)
			}
		}
		if _, err := os.Stat(filepath.Join(s.Workspace(), "pets")); err == nil {
			t.Error("an upstream's files are in the workspace")
		}
	}
}
