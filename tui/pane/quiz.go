package pane

import (
	"fmt"
	"regexp"
	"strings"

	"charm.land/lipgloss/v2"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/theme"
)

// QuizLook is how a quiz stands: what the document is drawn with, and, besides,
// where the keys go, which changes no line's place.
type QuizLook struct {
	Status   check.Status
	Chosen   int // the option that was chosen; the first is 1, 0 is none
	ByAwslab bool

	Keys   bool // the number keys answer this one
	Cursor int  // the option under the cursor; 0 where the quiz has no focus
}

// LookAt is how a quiz stands by its result.
func LookAt(q *lesson.Quiz, result check.Result) QuizLook {
	look := QuizLook{Status: result.Status, ByAwslab: result.ByAwslab}
	switch {
	case result.Status == check.Passed:
		look.Chosen = q.Answer
	case result.Status == check.Failed && len(result.Findings) > 0:
		for i, option := range q.Options {
			if option == result.Findings[0].Found {
				look.Chosen = i + 1
			}
		}
	}
	return look
}

// Quiz draws a question, its options and how it stands, in lines of at most the
// width. The number of lines does not depend on where the keys go.
func Quiz(q *lesson.Quiz, look QuizLook, width int, texts *text.Text, t theme.Theme) []string {
	bar := t.Muted
	switch {
	case look.Status == check.Passed:
		bar = t.Good
	case look.Keys || look.Cursor > 0:
		bar = t.Accent
	}
	lead := bar.Render(t.Signs.Bar) + " "
	var lines []string
	add := func(parts ...string) {
		for _, part := range parts {
			lines = append(lines, strings.TrimRight(lead+part, " "))
		}
	}
	add(quizHead(look, bar, texts, t))
	add(inline(Wrap(spans(q.Ask), width-2, 0), t.Strong, t)...)
	add("")
	for i, option := range q.Options {
		add(quizOption(i+1, option, look, width-2, t)...)
	}
	switch {
	case look.Status == check.Passed && q.Because != "":
		add("")
		add(inline(Wrap(spans(q.Because), width-2, 0), t.Text, t)...)
	case look.Status == check.Passed && look.ByAwslab:
	case look.Status == check.Passed:
		add("", t.Good.Render(texts.TUI.QuizRight))
	default:
		add("", quizKeys(q, look, texts, t))
	}
	return lines
}

// QuizOption is where an option stands among the lines of [Quiz]: from and to,
// the latter excluded.
func QuizOption(q *lesson.Quiz, n, width int) (from, to int) {
	to = 2 + len(Wrap(spans(q.Ask), width-2, 0)) // the head, the question, a blank line
	for i, option := range q.Options {
		from, to = to, to+len(Wrap(spans(option), width-2-optionLead, 0))
		if i+1 == n {
			break
		}
	}
	return from, to
}

// quizHead says what it is, and whether it is answered.
func quizHead(look QuizLook, style lipgloss.Style, texts *text.Text, t theme.Theme) string {
	head := style.Bold(true).Render(texts.TUI.Quiz)
	switch {
	case look.Status == check.Passed && look.ByAwslab:
		head += t.Muted.Render("  " + texts.Check.ByAwslab)
	case look.Status == check.Passed:
		head = t.Good.Render(texts.TUI.Quiz + "  " + t.Signs.Passed)
	case look.Status == check.Failed:
		head += "  " + t.Bad.Render(t.Signs.Failed+" "+texts.TUI.QuizWrong)
	}
	return head
}

// quizKeys names the keys where they answer this question.
func quizKeys(q *lesson.Quiz, look QuizLook, texts *text.Text, t theme.Theme) string {
	says := text.Args{"keys": fmt.Sprintf("1-%d", len(q.Options))}
	switch {
	case look.Cursor > 0:
		return t.Accent.Bold(false).Render(says.Fill(texts.TUI.QuizChoose))
	case look.Keys:
		return t.Accent.Bold(false).Render(says.Fill(texts.TUI.QuizKeys))
	default:
		return t.Muted.Render(texts.TUI.QuizOpen)
	}
}

// optionLead is the room before an option's text.
const optionLead = 6

// quizOption is one option: where the cursor is, how it was judged, its number.
func quizOption(n int, option string, look QuizLook, width int, t theme.Theme) []string {
	pointer, sign, number, style := " ", " ", t.Muted, t.Text
	if look.Keys || look.Cursor > 0 {
		number = t.Accent
	}
	switch {
	case look.Chosen == n && look.Status == check.Passed:
		sign, number, style = t.Good.Render(t.Signs.Passed), t.Good, t.Strong
	case look.Chosen == n && look.Status == check.Failed:
		sign, number, style = t.Bad.Render(t.Signs.Failed), t.Bad, t.Muted
	case look.Status == check.Passed:
		style = t.Muted
	}
	if look.Cursor == n {
		pointer, style = t.Accent.Render(t.Signs.Current), t.Selected
	}
	lines := inline(Wrap(spans(option), width-optionLead, 0), style, t)
	for i := range lines {
		if i == 0 {
			lines[i] = pointer + " " + sign + " " + number.Render(fmt.Sprint(n)) + " " + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", optionLead) + lines[i]
		}
	}
	return lines
}

var codeSpan = regexp.MustCompile("`[^`\n]+`")

// unbroken stands for a blank inside a code span while lines are broken.
const unbroken = "\u00a0"

// spans keeps each code span of a text on one line.
func spans(s string) string {
	return codeSpan.ReplaceAllStringFunc(strings.Join(strings.Fields(s), " "), func(code string) string {
		return strings.ReplaceAll(code, " ", unbroken)
	})
}

// inline styles lines, code spans as code.
func inline(lines []string, style lipgloss.Style, t theme.Theme) []string {
	for i, line := range lines {
		var out strings.Builder
		at := 0
		for _, m := range codeSpan.FindAllStringIndex(line, -1) {
			if m[0] > at {
				out.WriteString(style.Render(line[at:m[0]]))
			}
			out.WriteString(t.Code.Render(strings.ReplaceAll(line[m[0]+1:m[1]-1], unbroken, " ")))
			at = m[1]
		}
		if at < len(line) {
			out.WriteString(style.Render(line[at:]))
		}
		lines[i] = out.String()
	}
	return lines
}
