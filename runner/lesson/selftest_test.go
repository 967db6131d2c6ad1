package lesson_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner/lesson"
)

const proof = `mutants:
  - name: it is not made
    after: make
    run: |
      rm made
    fails: made
    code: file.missing
alternatives:
  - name: it is copied
    replace: make
    run: cp /dev/null made
`

func TestSelftestIsRead(t *testing.T) {
	t.Parallel()
	les, issues := lesson.Load(fstest.MapFS{"x/lesson.md": {Data: []byte(original)}, "x/selftest.yaml": {Data: []byte(proof)}}, "x")
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	m, a := les.Selftest.Mutants[0], les.Selftest.Alternatives[0]
	if m.Name != "it is not made" || m.After != "make" || m.Run != "rm made\n" || m.Fails != "made" || m.Code != "file.missing" || m.Pos.String() != "x/selftest.yaml:2:5" || m.CodePos.String() != "x/selftest.yaml:7:11" {
		t.Errorf("%+v", m)
	}
	if a.Name != "it is copied" || a.Replace != "make" || a.Run != "cp /dev/null made" {
		t.Errorf("%+v", a)
	}
}

func TestSelftestIssues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, want string }{
		{"no such step", "after: make", "after: made", "3:12: the lesson has no step made"},
		{"no such check", "fails: made", "fails: mode", "6:12: there is no check mode up to the step make"},
		{"a quiz", "fails: made", "fails: why", "6:12: why is a quiz, which no mutant can fail"},
		{"not shell", "rm made", "rm 'made", "5:10: this is not shell"},
		{"no code", "    code: file.missing\n", "", "2:5: a mutant has no code"},
		{"unknown key", "replace: make", "replaces: make", "10:5: an alternative has no key `replaces`"},
		{"one name twice", "name: it is copied", "name: it is not made", "9:11: this name stands twice: also on line 2"},
		{"no list", "alternatives:\n  - name", "alternatives:\n    name", "9:5: alternatives is a mapping, and should be a list"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(proof, tt.old) {
				t.Fatalf("no %q", tt.old)
			}
			_, issues := lesson.Load(fstest.MapFS{
				"x/lesson.md": {Data: []byte(original)}, "x/selftest.yaml": {Data: []byte(strings.Replace(proof, tt.old, tt.new, 1))},
			}, "x")
			var got []string
			for _, issue := range issues {
				got = append(got, said(issue))
			}
			if !strings.Contains(strings.Join(got, "\n"), "x/selftest.yaml:"+tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
