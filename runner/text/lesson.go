package text

// Lesson holds the words with a meaning in a lesson's markdown.
type Lesson struct{ Folds Folds }

// Folds are the summaries of a lesson's <details> that have a meaning. Authors
// write them word for word as they stand here.
type Folds struct{ Hint, Solution, Console, Why string }

func englishLesson() Lesson {
	return Lesson{Folds{Hint: "Hint", Solution: "Solution", Console: "In the AWS console", Why: "Why it works"}}
}
