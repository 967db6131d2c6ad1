package lesson_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner/lesson"
)

const upstreamLesson = "---\nformat: 1\nid: x\ntitle: X\nupstreams:\n  https://a.example/v2/: files/a/\n---\nRead.\n\n## S\n<!-- step: s -->\n"

func loadUpstream(answers string) (*lesson.Lesson, []lesson.Issue) {
	return lesson.Load(fstest.MapFS{
		"x/lesson.md": {Data: []byte(upstreamLesson)}, "x/files/a/answers.yaml": {Data: []byte(answers)},
		"x/files/a/b/c.json": {Data: []byte("{}")}, "x/files/a/d": {Data: []byte{1}}, "x/files/other": {},
	}, "x")
}

func TestUpstreams(t *testing.T) {
	t.Parallel()
	les, issues := loadUpstream("- path: /pets/{id}\n  method: POST\n  query: {page: 2}\n  status: 201\n  headers: {server: Jetty, content-type: text/csv}\n  file: b/c.json\n- {path: gone, status: 404}\n")
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if len(les.Upstreams) != 1 || les.Upstreams[0].Prefix != "https://a.example/v2/" {
		t.Fatalf("%+v", les.Upstreams)
	}
	var got []string
	for _, a := range les.Upstreams[0].Answers {
		got = append(got, strings.Join([]string{a.Method, a.Path, a.Query["page"], a.Header["Content-Type"], a.Header["Server"], string(a.Body)}, " "))
	}
	want := []string{
		"POST pets/{id} 2 text/csv Jetty {}", "GET gone    ",
		"GET b/c.json  application/json  {}", "GET b/c  application/json  {}", "GET d  application/octet-stream  \x01",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%q\nwant %q", got, want)
	}
	if !les.IsUpstream("files/a/d") || les.IsUpstream("files/other") {
		t.Error("which files are an upstream's")
	}
}

// A mistake stands at its line in answers.yaml.
func TestAMistakeInAnswers(t *testing.T) {
	t.Parallel()
	for answers, want := range map[string]string{
		"path: /a\n":                              "x/files/a/answers.yaml:1:1: yaml.kind",
		"- {path: /a}\n- {file: b/c.json}\n":      "x/files/a/answers.yaml:2:4: yaml.missing-key",
		"- path: /a\n  statuss: 200\n":            "x/files/a/answers.yaml:2:3: yaml.unknown-key",
		"- path: /a\n  status: 99\n":              "x/files/a/answers.yaml:2:11: yaml.number",
		"- path: /a\n  method: get\n":             "x/files/a/answers.yaml:2:11: http.method",
		"- path: /a\n  file: b\n":                 "x/files/a/answers.yaml:2:9: upstream.file",
		"- path: /a\n  headers: {A: \"b\\nc\"}\n": "x/files/a/answers.yaml:2:",
		"- path: /a\n  query: [a]\n":              "x/files/a/answers.yaml:2:",
	} {
		_, issues := loadUpstream(answers)
		if len(issues) != 1 || !strings.HasPrefix(issues[0].String(), want) {
			t.Errorf("%q: %v, want %s", answers, issues, want)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	f.Add("- path: /pets/{id}\n  method: POST\n  query: {page: 2}\n  status: 201\n  headers: {server: Jetty}\n  file: b/c.json\n")
	f.Add("- {path: a, body: b, file: ../../x}\n- 1\n")
	f.Fuzz(func(t *testing.T, answers string) {
		les, issues := loadUpstream(answers)
		if les == nil {
			t.Fatal("the lesson is gone")
		}
		for _, i := range issues {
			if said(i) == "" || hintOf(i) == "" {
				t.Errorf("nothing is said of %s", i)
			}
		}
		if len(lesson.Errors(issues)) > 0 {
			return
		}
		for _, a := range les.Upstreams[0].Answers {
			if a.Method == "" || a.Status < 200 {
				t.Errorf("%+v", a)
			}
			for name, value := range a.Header {
				if strings.ContainsAny(name+value, "\r\n") {
					t.Errorf("the header %q: %q", name, value)
				}
			}
		}
	})
}
