// Package markdown draws a lesson's blocks for a terminal of a given width.
//
// Prose goes through Glamour, a fragment at a time; fences, callouts and folds
// are drawn here, because a command must never be wrapped: it is cut at the
// edge and can be scrolled and copied. A renderer of Glamour's is made for each
// fragment, since one is not safe for several goroutines. Start at [Render].
package markdown

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"charm.land/glamour/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/pane"
	"awslab/tui/theme"
)

// Options say how to draw.
type Options struct {
	Width int
	Theme theme.Theme
	Text  *text.Text
	Shift int  // how far commands are scrolled to the left, in cells
	Folds bool // plain folds and the console's way are open
	Hints int  // how many hints are shown
	// Solution says that the student asked to see the solution.
	Solution bool
	Done     bool // the step is done: "Why it works" is shown
	// Quizzes says how each quiz stands, by its id.
	Quizzes map[string]pane.QuizLook
}

// Document is drawn blocks.
type Document struct {
	Lines   []string // none wider than the width; no blank lines at the ends
	Quizzes []Place  // in the order in which they are read
}

// Place is a quiz in a [Document]: lines From to To, the latter excluded. Each
// line begins with Lead, and the quiz has Width cells behind it. It is there so
// that a page can show where the keys go without drawing the document anew.
type Place struct {
	ID       string
	Quiz     *lesson.Quiz
	Look     pane.QuizLook
	From, To int
	Lead     string
	Width    int
}

// Render draws blocks.
func Render(blocks []lesson.Block, o Options) Document {
	r := renderer{o: o, count: Hints(blocks)}
	r.blocks(blocks, o.Width)
	return Document{Lines: r.lines, Quizzes: r.quizzes}
}

// Hints is how many hints a step has.
func Hints(blocks []lesson.Block) int { return folds(blocks, lesson.Hint) }

// HasSolution reports whether a step shows its solution in a fold.
func HasSolution(blocks []lesson.Block) bool { return folds(blocks, lesson.SolutionFold) > 0 }

func folds(blocks []lesson.Block, meaning lesson.Meaning) (n int) {
	for _, block := range blocks {
		if d, ok := block.(lesson.Details); ok && d.Meaning == meaning {
			n++
		}
	}
	return n
}

type renderer struct {
	o       Options
	lines   []string
	quizzes []Place
	hints   int // seen so far
	count   int // that there are
}

func (r *renderer) blocks(blocks []lesson.Block, width int) {
	for _, block := range blocks {
		switch b := block.(type) {
		case lesson.Prose:
			r.part(prose(b.Markdown, width, r.o.Theme))
		case lesson.Fence:
			r.part(r.fence(b, width))
		case lesson.Callout:
			r.callout(b, width)
		case lesson.Details:
			r.details(b, width)
		case lesson.QuizBlock:
			r.quiz(b.Check, width)
		case lesson.CheckBlock:
			// Checks stand in a list of their own.
		}
	}
}

// quiz draws a question and remembers where it stands.
func (r *renderer) quiz(c *lesson.Check, width int) {
	look := r.o.Quizzes[c.ID]
	lines := pane.Quiz(c.Quiz, look, width, r.o.Text, r.o.Theme)
	r.part(lines)
	r.quizzes = append(r.quizzes, Place{ID: c.ID, Quiz: c.Quiz, Look: look, From: len(r.lines) - len(lines), To: len(r.lines), Width: width})
}

// within adds what stands in a callout or a fold: a title, and each line behind
// a lead.
func (r *renderer) within(title, lead string, inner renderer) {
	lines := []string{title}
	for _, line := range inner.lines {
		lines = append(lines, strings.TrimRight(lead+line, " "))
	}
	r.part(lines)
	top := len(r.lines) - len(inner.lines)
	for _, place := range inner.quizzes {
		place.From, place.To, place.Lead = place.From+top, place.To+top, lead+place.Lead
		r.quizzes = append(r.quizzes, place)
	}
}

// part adds lines, one blank line from what stands before.
func (r *renderer) part(lines []string) {
	lines = trimBlank(lines)
	if len(lines) == 0 {
		return
	}
	if len(r.lines) > 0 {
		r.lines = append(r.lines, "")
	}
	r.lines = append(r.lines, lines...)
}

// prose renders markdown without fences.
func prose(source string, width int, t theme.Theme) []string {
	if strings.TrimSpace(source) == "" {
		return nil
	}
	source = unwrap(source)
	items := listItem.MatchString(source)
	room := width
	if items {
		room -= hanging
	}
	g, err := glamour.NewTermRenderer(glamour.WithStyles(t.Glamour()), glamour.WithWordWrap(room))
	if err != nil {
		return Plain(source, width)
	}
	out, err := g.Render(codeSpan.ReplaceAllStringFunc(source, func(code string) string {
		return strings.ReplaceAll(code, "-", unbroken)
	}))
	if err != nil {
		return Plain(source, width)
	}
	lines := strings.Split(strings.ReplaceAll(out, unbroken, "-"), "\n")
	for i, line := range lines {
		lines[i] = ansi.Truncate(trimRight(line), width, t.Signs.Cut)
	}
	if items {
		hang(lines, t.Signs.Bullet)
	}
	return lines
}

// Glamour breaks lines at hyphens, also inside an option such as --handler
// (glamour#479): while it works, those in code are non-breaking ones.
const unbroken = "\u2011"

var codeSpan = regexp.MustCompile("`[^`\n]+`")

// hanging is by how much the later lines of a list's item are indented.
const hanging = 3

var (
	listItem = regexp.MustCompile(`(?m)^\s*([-*+]|\d+[.)]) `)
	numbered = regexp.MustCompile(`^\d{1,9}\. `)
)

// hang indents the later lines of an item under its first word, which Glamour
// does not do (glamour#314).
func hang(lines []string, bullet string) {
	indent, last := 0, 0
	for i, line := range lines {
		bare := ansi.Strip(line)
		lead := len(bare) - len(strings.TrimLeft(bare, " "))
		rest := bare[lead:]
		number, _ := strconv.Atoi(strings.TrimSuffix(numbered.FindString(rest), ". "))
		switch {
		case rest == "":
			indent = 0
		case strings.HasPrefix(rest, bullet+" "):
			indent = 2
		case number > 0 && (indent == 0 || number == last+1): // else it is a word of the item, as the 401 in "gives 401."
			indent, last = len(numbered.FindString(rest)), number
		default:
			lines[i] = strings.Repeat(" ", min(indent, hanging)) + line
		}
	}
}

// marker begins a line that does not go on with the line before.
var marker = regexp.MustCompile(`^\s*([-*+] |\d+[.)] |#|>|\||<|\[[^\]]+\]:|---|===|\*\*\*)`)

// unwrap joins the lines of a paragraph or an item: in items Glamour would keep
// the author's line ends. Hard breaks stay.
func unwrap(source string) string {
	lines := strings.Split(source, "\n")
	joined := lines[:1]
	for _, line := range lines[1:] {
		last := joined[len(joined)-1]
		apart := strings.TrimSpace(line) == "" || strings.TrimSpace(last) == "" || marker.MatchString(line) ||
			strings.HasSuffix(last, "  ") || strings.HasSuffix(last, "\\") || strings.HasPrefix(last, "#") || strings.HasPrefix(strings.TrimSpace(last), "|") ||
			strings.HasPrefix(line, "    ") && !listItem.MatchString(last)
		if apart {
			joined = append(joined, line)
		} else {
			joined[len(joined)-1] = last + " " + strings.TrimLeft(line, " ")
		}
	}
	return strings.Join(joined, "\n")
}

// Plain wraps a text without styles: what is shown until a page is rendered.
func Plain(source string, width int) []string {
	return strings.Split(ansi.Wrap(source, max(width, 1), ""), "\n")
}

// trimRight drops the styled blanks with which Glamour fills each line: they
// would make a frame ten times as large.
func trimRight(line string) string {
	bare := strings.TrimRight(ansi.Strip(line), " ")
	if bare == "" {
		return ""
	}
	cut := ansi.Truncate(line, ansi.StringWidth(bare), "")
	if strings.Contains(cut, "\x1b[") && !strings.HasSuffix(cut, "\x1b[m") && !strings.HasSuffix(cut, "\x1b[0m") {
		cut += "\x1b[m"
	}
	return cut
}

func trimBlank(lines []string) []string {
	blank := func(s string) bool { return strings.TrimSpace(ansi.Strip(s)) == "" }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// fence draws a block of code: a bar, the label, the lines as they are.
func (r *renderer) fence(f lesson.Fence, width int) []string {
	t := r.o.Theme
	bar := t.Muted.Render(t.Signs.Bar)
	label := ""
	switch f.Kind {
	case lesson.Action:
		bar, label = t.CodeMark.Render(t.Signs.Bar), t.Accent.Render(r.o.Text.TUI.Run)
	case lesson.Cleanup:
		bar, label = t.CodeMark.Render(t.Signs.Bar), t.Accent.Render(r.o.Text.TUI.Cleanup)
	case lesson.File:
		label = t.Muted.Render(r.o.Text.TUI.File+" ") + t.Strong.Render(f.Path)
	case lesson.Shown, lesson.Solution:
	}
	lines := []string{}
	if label != "" {
		lines = append(lines, bar+" "+label)
	}
	for _, line := range strings.Split(strings.TrimRight(f.Text, "\n"), "\n") {
		lines = append(lines, bar+" "+t.Code.Render(r.cut(strings.ReplaceAll(line, "\t", "    "), width-2)))
	}
	return lines
}

// cut shows the part of a line that fits, and that there is more.
func (r *renderer) cut(line string, width int) string {
	whole := ansi.StringWidth(line)
	shift := min(r.o.Shift, max(whole-width, 0))
	shown := ansi.Cut(line, shift, shift+width)
	if whole-shift > width {
		shown = ansi.Truncate(shown, width-1, "") + r.o.Theme.Signs.Cut
	}
	return shown
}

func (r *renderer) callout(c lesson.Callout, width int) {
	t := r.o.Theme
	style := t.Accent
	switch c.Kind {
	case "warning", "caution":
		style = t.Bad
	case "tip":
		style = t.Good
	}
	title := c.Title
	if title == "" {
		title = r.o.Text.TUI.Callouts.Of(c.Kind)
	}
	inner := renderer{o: r.o}
	inner.blocks(c.Blocks, width-2)
	bar := style.Render(t.Signs.Bar) + " "
	r.within(bar+style.Render(ansi.Truncate(title, width-2, t.Signs.Cut)), bar, inner)
}

func (r *renderer) details(d lesson.Details, width int) {
	t := r.o.Theme
	open, title := r.o.Folds, d.Summary
	switch d.Meaning {
	case lesson.Hint:
		r.hints++
		if r.hints > r.o.Hints {
			return
		}
		open = true
		title = text.Args{"n": fmt.Sprint(r.hints), "count": fmt.Sprint(r.count)}.Fill(r.o.Text.TUI.HintOf)
	case lesson.SolutionFold:
		open = r.o.Done || r.o.Solution
	case lesson.Why:
		if !r.o.Done {
			return
		}
		open = true
	case lesson.Plain, lesson.Console:
	}
	if !open {
		r.part([]string{t.Muted.Render(t.Signs.Fold+" ") + t.Text.Render(ansi.Truncate(d.Summary, max(width-4-lipgloss.Width(r.o.Text.TUI.More), 10), t.Signs.Cut)) + t.Muted.Render("  "+r.o.Text.TUI.More)})
		return
	}
	inner := renderer{o: r.o}
	inner.blocks(d.Blocks, width-2)
	r.within(t.Muted.Render(t.Signs.Unfold+" ")+t.Strong.Render(ansi.Truncate(title, width-2, t.Signs.Cut)), "  ", inner)
}
