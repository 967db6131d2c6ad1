package runner

import (
	"fmt"
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

// lessonProblem says what is wrong with a lesson, in the lab's language.
func (l *Lab) lessonProblem(les *lesson.Lesson, issue lesson.Issue) error {
	what, hint := l.cfg.Text.Issue(issue.Rule, issue.Args)
	return &text.Problem{
		Says: func(p *text.Problems) text.Sentence { return p.LessonBroken }, Class: text.Usage,
		Args: text.Args{"lesson": les.ID, "hint": hint}, Err: fmt.Errorf("%s: %s", issue.Pos, what),
	}
}
