package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The author's guide, done to the letter: its commands in an empty folder, and
// the texts that it says to put into the files.
func TestTheAuthorsGuide(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join("..", "..", "lessons", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := func(pattern string) string {
		m := regexp.MustCompile(`(?s)` + pattern).FindStringSubmatch(string(guide))
		if m == nil {
			t.Fatalf("the guide has no %s", pattern)
		}
		return m[1]
	}
	h := newHome(t)
	edit := func(name, old, new string) {
		t.Helper()
		name = filepath.Join(h.dir, name)
		data, err := os.ReadFile(name)
		if err != nil || !strings.Contains(string(data), old) {
			t.Fatalf("%s has no %q (%v)", name, old, err)
		}
		write(t, name, strings.Replace(string(data), old, new, 1))
	}
	if got := block("In an empty folder:\n\n    awslab ([^\n]*)\n"); got != `lesson new say-hello --title "Say hello"` {
		t.Fatalf("the guide begins with %s", got)
	}
	out, _ := h.must(exitPassed, "lesson", "new", "say-hello", "--title", "Say hello")
	for _, name := range regexp.MustCompile(`(?m)^    (\S+\.(?:yaml|md)) `).FindAllStringSubmatch(block("says so:\n\n(.*?)\n\n\\*\\*2"), -1) {
		if !strings.Contains(out, "wrote "+name[1]+"\n") {
			t.Errorf("the guide says that %s is written; awslab says\n%s", name[1], out)
		}
	}
	h.must(exitPassed, "lesson", "test", "say-hello")
	edit("say-hello/lesson.md", "## Clean up", block("put this before `## Clean up`:\n\n````markdown\n(.*?)````")+"\n## Clean up")
	edit("say-hello/lesson.md", "cleanup needs=retention", "cleanup needs=first-line")
	if err := os.Remove(filepath.Join(h.dir, "say-hello", "lesson.ko.md")); err != nil {
		t.Fatal(err)
	}
	edit("say-hello/selftest.yaml", "mutants:\n", "mutants:\n"+block("under `mutants:`, add:\n\n```yaml\n(.*?)```"))
	out, _ = h.must(exitPassed, "lesson", "test", "say-hello")
	if !strings.Contains(out, "✓ the line says something else  line-written   logs.none") || !strings.Contains(out, "8 of 8 proved") {
		t.Error(out)
	}
	h.must(exitPassed, "run", "say-hello", "--lessons", ".", "--cleanup")
}
