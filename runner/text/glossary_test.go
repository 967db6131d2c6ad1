package text_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forbidden are the words of GLOSSARY.md's column "never", with the word to use.
func forbidden(t *testing.T) map[string]string {
	t.Helper()
	page, err := os.ReadFile("GLOSSARY.md")
	if err != nil {
		t.Fatal(err)
	}
	never := map[string]string{}
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(strings.TrimSpace(line), "|")
		if len(cells) != 6 || strings.Contains(cells[1], "---") || strings.TrimSpace(cells[1]) == "English" {
			continue
		}
		for word := range strings.SplitSeq(cells[3], ",") {
			if word = strings.TrimSpace(word); word != "" {
				never[word] = strings.TrimSpace(cells[2])
			}
		}
	}
	return never
}

// The Korean of the program and of the lessons keeps to the glossary.
func TestGlossaryIsKept(t *testing.T) {
	t.Parallel()
	never := forbidden(t)
	if len(never) < 50 || never["체크"] != "검사" {
		t.Fatalf("the glossary was not read: %v", never)
	}
	texts := sentences(t, "ko")
	lessons, err := filepath.Glob("../../lessons/*/*.ko.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range lessons {
		page, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(page)
	}
	for where, said := range texts {
		for word, right := range never {
			if before, _, ok := strings.Cut(said, word); ok {
				line := 1 + strings.Count(before, "\n")
				t.Errorf("%s:%d: the glossary has %s, never %s", where, line, right, word)
			}
		}
	}
}
