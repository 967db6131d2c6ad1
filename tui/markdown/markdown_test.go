package markdown_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/markdown"
	"awslab/tui/theme"
)

func render(blocks []lesson.Block, width int, change func(*markdown.Options)) string {
	o := markdown.Options{Width: width, Theme: theme.New(theme.Config{NoColor: true}), Text: text.English()}
	if change != nil {
		change(&o)
	}
	lines := markdown.Render(blocks, o).Lines
	for i := range lines {
		lines[i] = ansi.Strip(lines[i])
	}
	return strings.Join(lines, "\n")
}

func TestProse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		source, want string
		width        int
	}{
		"an option is not broken":              {"use `aws x --function-name` here", "use aws x\n--function-name\nhere", 16},
		"an item hangs and its lines are one":  {"- one two\n  three four five six\n- seven", "• one two three\n  four five six\n• seven", 19},
		"numbers hang":                         {"1. one two three four\n2. five", "1. one two three\n   four\n2. five", 20},
		"a number at a line's beginning":       {"- it makes a 401. Every other one is a 500", "• it makes a\n  401. Every\n  other one is\n  a 500", 16},
		"a list that begins later":             {"9. nine ten eleven\n10. twelve", "9. nine ten\n   eleven\n10. twelve", 16},
		"a paragraph's lines are one":          {"one\ntwo", "one two", 20},
		"Korean breaks at blanks":              {"역할은 신뢰 정책이 있어야 합니다", "역할은 신뢰\n정책이 있어야\n합니다", 14},
		"a link keeps its text and its target": {"see [the guide](https://example.com)", "see the guide https://example.com", 60},
	} {
		if got := render([]lesson.Block{lesson.Prose{Markdown: tt.source}}, tt.width, nil); got != tt.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, tt.want)
		}
	}
}

func TestACommandIsCutAndScrolledButNeverWrapped(t *testing.T) {
	t.Parallel()
	blocks := []lesson.Block{lesson.Fence{Kind: lesson.Action, Lang: "sh", Text: "aws lambda create-function --function-name myFunc1\n"}}
	if got, want := render(blocks, 24, nil), "▎ run\n▎ aws lambda create-fun›"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := render(blocks, 24, func(o *markdown.Options) { o.Shift = 1000 }), "▎ run\n▎ -function-name myFunc1"; got != want {
		t.Errorf("scrolled to the end\n%s\nwant\n%s", got, want)
	}
}

func TestFolds(t *testing.T) {
	t.Parallel()
	fold := func(m lesson.Meaning, summary, text string) lesson.Block {
		return lesson.Details{Meaning: m, Summary: summary, Blocks: []lesson.Block{lesson.Prose{Markdown: text}}}
	}
	blocks := []lesson.Block{fold(lesson.Hint, "Hint", "first"), fold(lesson.Hint, "Hint", "second"), fold(lesson.Console, "In the AWS console", "click"), fold(lesson.Why, "Why it works", "because")}
	for name, tt := range map[string]struct {
		change func(*markdown.Options)
		want   string
	}{
		"closed":   {nil, "▸ In the AWS console  f opens"},
		"one hint": {func(o *markdown.Options) { o.Hints = 1 }, "▾ Hint 1 of 2\n  first\n\n▸ In the AWS console  f opens"},
		"open":     {func(o *markdown.Options) { o.Folds = true }, "▾ In the AWS console\n  click"},
		"done":     {func(o *markdown.Options) { o.Done = true }, "▸ In the AWS console  f opens\n\n▾ Why it works\n  because"},
	} {
		if got := render(blocks, 60, tt.change); got != tt.want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, got, tt.want)
		}
	}
	if n := markdown.Hints(blocks); n != 2 {
		t.Errorf("%d hints", n)
	}
}
