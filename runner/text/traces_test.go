package text_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"awslab/runner/text"
)

// Every reason that the data plane gives has its sentence, and no other has.
func TestEveryReasonHasItsSentence(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../emulator/executeapi/*.go")
	if err != nil {
		t.Fatal(err)
	}
	given := map[string]bool{"panic": true} // given after a recover
	reason := regexp.MustCompile(`x\.(?:fail|misconfigured)\("([a-z-]+)"|x\.refuse\([^,]+, "[^"]*", "([a-z-]+)"|\breason: "([a-z-]+)"|\breason, detail :?= "([a-z-]+)"|fault\{"([a-z-]+)"`)
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range reason.FindAllStringSubmatch(string(source), -1) {
			given[strings.Join(found[1:], "")] = true
		}
	}
	if len(given) < 20 {
		t.Fatalf("only %d reasons were found", len(given))
	}
	reasons := text.English().TUI.Traces.Reasons
	for word := range given {
		if reasons[word] == "" {
			t.Errorf("%s has no sentence", word)
		}
	}
	for word := range reasons {
		if !given[word] {
			t.Errorf("%s is given by nobody", word)
		}
	}
}
