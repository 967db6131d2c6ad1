package lesson

import (
	"bytes"
	"fmt"

	"awslab/runner/lesson/yamltree"
)

// QuizKind is the kind of a [Check] that is a question to the student.
const QuizKind = "quiz"

// The limits of a quiz: how many options it may have.
const (
	minOptions = 2
	maxOptions = 9 // one key each
)

// Quiz is one `yaml quiz` fence.
type Quiz struct {
	Ask     string
	Options []string
	// Answer is the number of the right option; the first is 1.
	Answer int
	// Because says why it is right; shown with the right answer.
	Because string
}

// QuizBlock is a `yaml quiz` fence where it stands in the text. Its question is
// among the step's [Step.Checks] too, as a check of kind [QuizKind].
type QuizBlock struct{ Check *Check }

func (QuizBlock) block() {}

// readQuiz reads a quiz as a check whose title is the question.
func readQuiz(data []byte, pos Position, found *issues) *Check {
	c := &Check{Kind: QuizKind, Node: bytes.Clone(data), Pos: pos, Quiz: &Quiz{}}
	tree, mistakes := yamltree.Parse(data, pos.Line+1)
	found.yaml(mistakes)
	if tree == nil {
		return c
	}
	fields := tree.Fields("quiz", "id", "ask", "options", "answer", "because")
	c.ID = fields.Required("id", "why-500")
	if c.ID != "" && !validID(c.ID) {
		fields.Wrong(fields.Get("id"), "id.invalid", "id", c.ID)
	}
	c.Quiz.Ask, c.Quiz.Because = fields.Required("ask", "What does Lambda answer?"), fields.Text("because")
	c.Title = c.Quiz.Ask
	if !found.translation {
		c.Quiz.answer(fields)
	} else if n := fields.Get("answer"); n != nil {
		fields.Wrong(n, "translation.answer")
	}
	c.Quiz.options(fields)
	found.yaml(fields.Mistakes)
	return c
}

func (q *Quiz) options(fields *yamltree.Fields) {
	nodes := fields.Texts("options")
	if len(fields.Mistakes) > 0 && len(nodes) == 0 {
		return
	}
	seen := map[string]bool{}
	for _, n := range nodes {
		if n.Text == "" || seen[n.Text] {
			fields.Wrong(n, "quiz.option", "option", n.Text)
		}
		seen[n.Text] = true
		q.Options = append(q.Options, n.Text)
	}
	if n := len(q.Options); n < minOptions || n > maxOptions {
		fields.Wrong(fields.Node, "quiz.options", "count", fmt.Sprint(n), "least", fmt.Sprint(minOptions), "most", fmt.Sprint(maxOptions))
	}
	if q.Answer > len(q.Options) && len(q.Options) > 0 {
		fields.Wrong(fields.Get("answer"), "quiz.answer", "answer", fmt.Sprint(q.Answer), "count", fmt.Sprint(len(q.Options)))
	}
}

func (q *Quiz) answer(fields *yamltree.Fields) {
	if fields.Required("answer", "1") != "" {
		q.Answer = fields.Int("answer", 1, 1, maxOptions)
	}
}
