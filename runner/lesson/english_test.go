package lesson_test

import (
	"fmt"

	"awslab/runner/lesson"
	"awslab/runner/text"
)

// said is an issue as a person reads it: place, severity, sentence.
func said(i lesson.Issue) string {
	what, _ := text.English().Issue(i.Rule, i.Args)
	if i.Severity == lesson.Warning {
		return fmt.Sprintf("%s: warning: %s", i.Pos, what)
	}
	return fmt.Sprintf("%s: %s", i.Pos, what)
}

func hintOf(i lesson.Issue) string {
	_, hint := text.English().Issue(i.Rule, i.Args)
	return hint
}
