package lesson_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner/lesson"
)

const original = `---
format: 1
id: x
title: Say hello
---
Read this first.

## Make it
<!-- step: make -->

Type this:

` + "```sh action\ntouch made\n```\n\n```yaml check\nid: made\ntitle: It is made\nfile: {path: made}\nhint: touch makes it\n```\n\n" +
	"<details><summary>Hint</summary>\n\nTry touch.\n\n</details>\n\n" +
	"```yaml quiz\nid: why\nask: Why?\noptions: [So, Or so]\nanswer: 2\nbecause: It is so.\n```\n\n" +
	"## End it\n<!-- step: end needs=make -->\n\n```sh cleanup\nrm made\n```\n"

const translation = "---\ntitle: 인사하기\n---\n먼저 읽으세요.\n\n## 만들기\n<!-- step: make -->\n\n입력하세요:\n\n" +
	"```sh action\n```\n\n```yaml check\nid: made\ntitle: 파일이 있습니다\nhint: touch를 쓰세요\n```\n\n" +
	"<details><summary>힌트</summary>\n\ntouch를 써 보세요.\n\n</details>\n\n" +
	"```yaml quiz\nid: why\nask: 왜일까요?\noptions: [그래서, 저래서]\nbecause: 그러니까요.\n```\n\n" +
	"## 끝내기\n<!-- step: end -->\n\n```sh cleanup\nrm made\n```\n"

func translated(t *testing.T, ko string) (*lesson.Lesson, []lesson.Issue) {
	t.Helper()
	return lesson.Load(fstest.MapFS{"x/lesson.md": {Data: []byte(original)}, "x/lesson.ko.md": {Data: []byte(ko)}}, "x")
}

func TestATranslationHasTheOriginalsParts(t *testing.T) {
	t.Parallel()
	les, issues := translated(t, translation)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	ko := les.In("ko")
	if ko == les || ko.Title != "인사하기" || ko.Language != "ko" || les.In("fr") != les {
		t.Errorf("in Korean: %q %q", ko.Title, ko.Language)
	}
	if got := fmt.Sprint(les.Languages()); got != "[en ko]" {
		t.Errorf("languages: %s", got)
	}
	var b strings.Builder
	dump(&b, ko.Opening, "")
	for _, s := range ko.Steps {
		fmt.Fprintf(&b, "step %s %q needs=%q\n", s.ID, s.Title, s.Needs)
		dump(&b, s.Blocks, "  ")
	}
	want := `prose "먼저 읽으세요.\n"
step make "만들기" needs=[]
  prose "입력하세요:\n"
  fence kind=1 lang="sh" path="" at x/lesson.md:13 "touch made\n"
  check made "파일이 있습니다" kind=file within="" hint="touch를 쓰세요" at x/lesson.md:17
  details "힌트" meaning=1
    prose "touch를 써 보세요.\n"
  quiz why "왜일까요?" ["그래서" "저래서"] answer=2 because="그러니까요." at x/lesson.md:30
step end "끝내기" needs=["make"]
  fence kind=2 lang="sh" path="" at x/lesson.md:41 "rm made\n"
`
	if b.String() != want {
		t.Errorf("got\n%s\nwant\n%s", b.String(), want)
	}
	// The original stays what it was.
	if les.Steps[0].Checks()[0].Title != "It is made" || les.Steps[0].Checks()[1].Quiz.Ask != "Why?" {
		t.Error("the original was translated too")
	}
}

func TestATranslationThatDiffersIsTold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, want string }{
		{"a step is missing", "## 끝내기\n<!-- step: end -->\n\n```sh cleanup\nrm made\n```\n", "", "1: warning: the step end is not translated"},
		{"a step too many", "## 끝내기\n<!-- step: end -->", "## 끝내기\n<!-- step: ends -->", "33: lesson.md has no step ends"},
		{"the action differs", "```sh action\n```", "```sh action\ntouch mode\n```", "11: this `sh action` differs"},
		{"no action", "```sh action\n```\n", "", "12: `yaml check, id: made` stands here, and lesson.md has `sh action`"},
		{"no quiz", "```yaml quiz\nid: why\nask: 왜일까요?\noptions: [그래서, 저래서]\nbecause: 그러니까요.\n```\n", "", "6: the step make lacks `yaml quiz, id: why` of lesson.md"},
		{"a check too many", "## 끝내기", "```yaml check\nid: more\ntitle: 더\n```\n\n## 끝내기", "33: the step make of lesson.md has no `yaml check, id: more` here"},
		{"another check", "id: made", "id: mode", "14: `yaml check, id: mode` stands here"},
		{"the check has more than words", "title: 파일이 있습니다", "title: 파일\nfile: {path: x}", "17:1: a check in a translation has no key `file`"},
		{"the hint is lacking", "hint: touch를 쓰세요\n", "", "14: warning: hint of made is not translated"},
		{"the answer is told", "because: 그", "answer: 2\nbecause: 그", "30:9: the answer stands in a translation"},
		{"an option is lacking", "[그래서, 저래서]", "[그래서, 저래서, 아니]", "26: the quiz has 3 options, and 2 in lesson.md"},
		{"no title", "title: 인사하기", "id: x", "2:1: the front matter of a translation has no title"},
		{"another id", "title: 인사하기", "title: 인사하기\nid: y", "3:5: the lesson's id is y here, and x in lesson.md"},
		{"vars", "title: 인사하기", "title: 인사하기\nvars: {A: b}", "3:1: the front matter of a translation has no key `vars`"},
		{"no opening", "먼저 읽으세요.\n", "", "4: warning: the text before the first step is not translated"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(translation, tt.old) {
				t.Fatalf("the translation has no %q", tt.old)
			}
			_, issues := translated(t, strings.Replace(translation, tt.old, tt.new, 1))
			var got []string
			for _, issue := range issues {
				got = append(got, said(issue))
			}
			if len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), "x/lesson.ko.md:"+tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestATranslationIsNamedAfterItsLanguage(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"lesson.en.md", "lesson.korean.md"} {
		_, issues := lesson.Load(fstest.MapFS{"x/lesson.md": {Data: []byte(original)}, "x/" + name: {Data: []byte(translation)}}, "x")
		if len(issues) != 1 || !strings.Contains(said(issues[0]), "is not the code of another language") {
			t.Errorf("%s: %v", name, issues)
		}
	}
}
