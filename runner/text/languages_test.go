package text_test

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"awslab/runner/text"
)

// sentences are all strings of a language, by their path in the struct.
func sentences(t *testing.T, language string) map[string]string {
	t.Helper()
	all := map[string]string{}
	said, err := text.For(language)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(path string, v reflect.Value)
	walk = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			walk(path, v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				walk(strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), v.Field(i))
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				walk(path+"."+key.String(), v.MapIndex(key))
			}
		case reflect.String:
			all[path] = v.String()
		default:
			t.Fatalf("%s: a %s holds no sentence", path, v.Kind())
		}
	}
	walk("", reflect.ValueOf(said))
	return all
}

// Every language says everything that English says, of the same values.
func TestLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	english := sentences(t, "en")
	if len(english) < 200 {
		t.Fatalf("only %d sentences were found", len(english))
	}
	for _, language := range text.Languages() {
		said := sentences(t, language)
		for path, want := range english {
			got, ok := said[path]
			if !ok || strings.TrimSpace(got) == "" {
				t.Errorf("%s: %s is not said; in English: %s", language, path, want)
				continue
			}
			if fills, wants := placeholders(got), placeholders(want); !slices.Equal(fills, wants) {
				t.Errorf("%s: %s has %v, and English %v", language, path, fills, wants)
			}
		}
		for path := range said {
			if _, ok := english[path]; !ok {
				t.Errorf("%s: %s is not said in English", language, path)
			}
		}
	}
}

// placeholders are the names in a sentence, each once: a language may need a
// value twice.
func placeholders(sentence string) []string {
	found := placeholder.FindAllString(sentence, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

func TestForUnknownLanguage(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"", "fr", "KO", "ko_KR.UTF-8"} {
		said, err := text.For(code)
		var problem *text.Problem
		if said != nil || !errors.As(err, &problem) || problem.Class != text.Usage {
			t.Fatalf("For(%q) = %v, %v", code, said, err)
		}
		what, hint := text.Korean().Problem(problem)
		if !strings.Contains(what, code) || !strings.Contains(hint, "--lang ko") {
			t.Errorf("%s\n%s", what, hint)
		}
	}
	for _, code := range text.Languages() {
		if said, err := text.For(code); err != nil || said.Language != code {
			t.Errorf("For(%q) = %v, %v", code, said, err)
		}
	}
}

// same are the sentences that are names, marks or nothing but values, and so
// need no Hangul.
var same = []string{
	"Language", "TUI.Traces.Canary", "Command.WhereAWS", "TUI.AWS", "Command.MarkCurrent", "Command.Marks.Passed", "Command.Marks.Solved", "Command.Marks.Skipped", "Command.Marks.Open",
	"Command.Doctor.Python", "Command.Doctor.AWSCLI",
	"Check.Remarks.authorizer.row", "Check.Remarks.authorizer.principal",
	"TUI.Traces.Canary", "TUI.Traces.Preflight", "Playground.Preflight", "Playground.PreflightLabel", "Causes.At", "Causes.Quoted", "Command.Problems.Unexpected.What", "Command.Problems.LessonBroken.Hint", "Lint.Places.course", "Lint.Places.selftest",
}

var (
	// Words without which there is no English sentence.
	english = regexp.MustCompile(`(?i)\b(the|is|are|was|of|to|and|or|not|no|that|this|it|its|with|without|for|in|on|at|by|from|has|have|does|do|then|than|if|you|your|there)\b`)
	// What stays as it is: code in backquotes, options, commands with what follows them.
	code = regexp.MustCompile("`[^`]*`" + `|--[a-z-]+|\b(awslab|aws|eval|mv|rm|unzip)( [-a-zA-Z0-9{}./:|=,]+)+`)
	// A particle whose form depends on the sound before it, right behind a value.
	// Behind a bracket it belongs to the word before: 핸들러({handler})를.
	particle = regexp.MustCompile(`\}[”"]?(은|는|이|가|을|를|와|과|으로|로|이나|나|이라|라|이란|란|이에요|예요|이며|며|이고|고|아|야)([\s.,:;!?)]|$)`)
)

func TestKoreanIsKorean(t *testing.T) {
	t.Parallel()
	for path, sentence := range sentences(t, "ko") {
		if slices.Contains(same, path) || sentence == "{suggestion}" || sentence == "{reason}" || sentence == "{cause}" {
			continue
		}
		if !strings.ContainsFunc(sentence, func(r rune) bool { return unicode.Is(unicode.Hangul, r) }) {
			t.Errorf("%s has no Hangul: %s", path, sentence)
		}
		prose := placeholder.ReplaceAllString(code.ReplaceAllString(sentence, ""), "")
		if word := english.FindString(prose); word != "" {
			t.Errorf("%s has English (%s) left: %s", path, word, sentence)
		}
		if wrong := particle.FindString(sentence); wrong != "" {
			t.Errorf("%s: the particle in %q depends on the value: %s", path, wrong, sentence)
		}
	}
}

// The rules above find what they are meant to find.
func TestKoreanRulesBite(t *testing.T) {
	t.Parallel()
	for _, wrong := range []string{"{name}이 없습니다", "{dir}을 지우세요", "{addr}로", "“{title}”를 먼저"} {
		if !particle.MatchString(wrong) {
			t.Errorf("%s passes", wrong)
		}
	}
	for _, right := range []string{"{name} 함수가", "주소: {addr}", "{dir}에", "{expected}인 함수", "{addr}에서", "{minutes}분"} {
		if found := particle.FindString(right); found != "" {
			t.Errorf("%s is found in %s", found, right)
		}
	}
	if !english.MatchString("함수 is gone") {
		t.Error("English passes")
	}
}
