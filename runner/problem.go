package runner

import (
	"strings"

	"awslab/runner/lesson"
	"awslab/runner/text"
)

func unknownLesson(course *lesson.Course, id string) error {
	ids := []string{}
	for _, les := range course.Lessons {
		ids = append(ids, les.ID)
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoLesson }, Args: text.Args{"lesson": id, "lessons": strings.Join(ids, ", ")}, Class: text.Usage}
}

func unknownStep(les *lesson.Lesson, id string) error {
	ids := []string{}
	for _, step := range les.Steps {
		ids = append(ids, step.ID)
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NoStep }, Args: text.Args{"lesson": les.ID, "step": id, "steps": strings.Join(ids, ", ")}, Class: text.Usage}
}

func lessonProblem(les *lesson.Lesson, err error, hint string) error {
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.LessonBroken }, Args: text.Args{"lesson": les.ID, "hint": hint}, Class: text.Usage, Err: err}
}
