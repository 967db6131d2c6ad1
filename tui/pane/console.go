package pane

import (
	"strings"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/ansi"

	"awslab/tui/theme"
)

// maxScrollback is how many lines of output the console keeps, and maxLine how
// many bytes of a line that does not end: a frame must not cost megabytes.
const (
	maxScrollback = 5000
	maxLine       = 8 << 10
)

// Console shows what commands print, and the prompt.
type Console struct {
	lines   []string // styled
	open    bool     // the last line has no newline yet
	history []string
	recall  int    // index into history, len(history) when nothing is recalled
	pending string // the lines of a command that is not complete
	input   textarea.Model
	offset  int    // how far it is scrolled up, in lines
	cut     string // the sign where a line was cut

	Complete func(text string) bool
}

// NewConsole makes an empty console.
func NewConsole(t theme.Theme, complete func(string) bool) Console {
	input := textarea.New()
	input.ShowLineNumbers = false
	input.SetHeight(1)
	input.CharLimit = 16 << 10
	input.Prompt = ""
	input.SetVirtualCursor(false)
	c := Console{input: input, Complete: complete}
	c.Style(t)
	return c
}

// Style restyles the prompt.
func (c *Console) Style(t theme.Theme) {
	c.cut = t.Signs.Cut
	state := textarea.StyleState{Base: lipgloss.NewStyle(), Text: t.Text, CursorLine: t.Text, Placeholder: t.Muted, Prompt: t.Accent}
	c.input.SetStyles(textarea.Styles{Focused: state, Blurred: state})
}

// Print adds output.
func (c *Console) Print(s string, style lipgloss.Style) {
	if s == "" {
		return
	}
	parts := strings.Split(strings.ReplaceAll(ansi.Strip(s), "\t", "    "), "\n")
	for i, part := range parts {
		last := i == len(parts)-1
		if last && part == "" {
			c.open = false
			break
		}
		if len(part) > maxLine {
			part = ansi.Truncate(part, maxLine, c.cut)
		}
		switch {
		case i > 0 || !c.open || len(c.lines) == 0:
			c.lines = append(c.lines, style.Render(part))
		case len(c.lines[len(c.lines)-1]) < maxLine:
			c.lines[len(c.lines)-1] += style.Render(part)
		}
		c.open = last
	}
	if len(c.lines) > maxScrollback {
		c.lines = append([]string(nil), c.lines[len(c.lines)-maxScrollback:]...)
	}
	c.offset = 0
}

// Line adds a line of its own.
func (c *Console) Line(s string, style lipgloss.Style) {
	c.open = false
	c.Print(s+"\n", style)
}

// Empty reports whether nothing was printed yet.
func (c *Console) Empty() bool { return len(c.lines) == 0 }

// Focused reports whether keys go to the prompt.
func (c *Console) Focused() bool { return c.input.Focused() }

// Focus sends keys to the prompt.
func (c *Console) Focus() tea.Cmd { return c.input.Focus() }

// Blur sends them elsewhere again. A half-typed command stays.
func (c *Console) Blur() { c.input.Blur() }

// Scroll moves through the output, up with a negative n.
func (c *Console) Scroll(n, height int) {
	c.offset = max(min(c.offset-n, len(c.lines)-height), 0)
}

// Update passes a message on to the prompt.
func (c *Console) Update(msg tea.Msg) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && strings.Contains(strings.TrimRight(paste.Content, "\n"), "\n") {
		// Lines but the last are typed as such, so that a pasted block is a block.
		text := c.input.Value() + strings.TrimRight(paste.Content, "\n")
		at := strings.LastIndexByte(text, '\n')
		c.pending += text[:at+1]
		c.input.SetValue(text[at+1:])
		c.input.CursorEnd()
		return nil
	}
	var cmd tea.Cmd
	c.input, cmd = c.input.Update(msg)
	return cmd
}

// Enter takes what was typed: a command to run, or nothing when it needs more
// lines.
func (c *Console) Enter() (command string) {
	text := c.pending + c.input.Value()
	c.input.Reset()
	if strings.TrimSpace(text) == "" {
		c.pending = ""
		return ""
	}
	if !c.Complete(text + "\n") {
		c.pending = text + "\n"
		return ""
	}
	c.pending = ""
	if n := len(c.history); n == 0 || c.history[n-1] != text {
		c.history = append(c.history, text)
	}
	c.recall = len(c.history)
	return text
}

// Typed reports whether there is a half-typed command.
func (c *Console) Typed() bool { return c.pending != "" || c.input.Value() != "" }

// Drop forgets a half-typed command; it reports whether there was one.
func (c *Console) Drop() bool {
	had := c.Typed()
	c.pending = ""
	c.input.Reset()
	return had
}

// Recall puts an earlier (-1) or later (+1) command into the prompt.
func (c *Console) Recall(step int) {
	next := c.recall + step
	if next < 0 || next > len(c.history) {
		return
	}
	c.recall = next
	c.pending = ""
	text := ""
	if next < len(c.history) {
		text = c.history[next]
	}
	if at := strings.LastIndexByte(text, '\n'); at >= 0 {
		c.pending, text = text[:at+1], text[at+1:]
	}
	c.input.SetValue(text)
	c.input.CursorEnd()
}

// tail is the end of what was printed, as far as it is not scrolled up, broken
// into lines of the width: an error's last words must not be cut off.
func (c *Console) tail(width, height int) []string {
	end := max(len(c.lines)-c.offset, 0)
	var lines []string
	for i := end - 1; i >= 0 && len(lines) < height; i-- {
		lines = append(strings.Split(ansi.Hardwrap(c.lines[i], max(width, 1), true), "\n"), lines...)
	}
	return lines[max(len(lines)-height, 0):]
}

// View gives exactly height lines, the last of them the prompt, and where the
// cursor stands in them if the prompt has the focus.
func (c *Console) View(width, height int, placeholder string, t theme.Theme) (lines []string, cursor *tea.Cursor) {
	mark := "$ "
	if c.pending != "" {
		mark = "> "
	}
	c.input.SetWidth(max(width-2, 1))
	c.input.Placeholder = ""
	lines = Column(c.tail(width, height-1), width, height-1, t)
	field := c.input.View()
	if c.input.Value() == "" && !c.input.Focused() {
		field = t.Muted.Render(placeholder)
	}
	style := t.Muted
	if c.input.Focused() {
		style = t.Accent
	}
	lines = append(lines, Fit(style.Render(mark)+strings.TrimRight(field, " "), width, t))
	if c.input.Focused() {
		if at := c.input.Cursor(); at != nil {
			before := string([]rune(c.input.Value())[:min(c.input.Column(), len([]rune(c.input.Value())))])
			cursor = tea.NewCursor(min(2+ansi.StringWidth(before), width-1), height-1)
		}
	}
	return lines, cursor
}
