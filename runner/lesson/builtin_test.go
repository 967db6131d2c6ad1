package lesson_test

import (
	"testing"

	"awslab/lessons"
	"awslab/runner/lesson"
)

// The built-in course is the largest lesson there is: it has to be without a
// word of complaint.
func TestBuiltInCourse(t *testing.T) {
	t.Parallel()
	course, issues := lesson.LoadCourse(lessons.Files)
	for _, issue := range issues {
		t.Errorf("%s (%s)", said(issue), hintOf(issue))
	}
	if course == nil || len(course.Lessons) == 0 {
		t.Fatal("no lessons")
	}
	for _, les := range course.Lessons {
		if len(les.Opening) == 0 || len(les.Steps) == 0 {
			t.Errorf("%s: %d opening blocks, %d steps", les.ID, len(les.Opening), len(les.Steps))
		}
		if _, ok := les.Translations["ko"]; !ok {
			t.Errorf("%s is not translated", les.ID)
		}
		if les.Selftest == nil || len(les.Selftest.Mutants) < 8 {
			t.Errorf("%s tries too few wrong answers", les.ID)
		}
		for _, step := range les.Steps {
			if len(step.Checks()) == 0 {
				t.Errorf("%s: step %s has no checks", les.ID, step.ID)
			}
		}
	}
}
