// Package theme is what the terminal program looks like: a dozen named styles
// and the signs it draws. No other package names a colour.
package theme

import (
	"charm.land/lipgloss/v2"
)

// Config says which terminal it is.
type Config struct {
	Light   bool // the background is light
	NoColor bool // attributes only
	ASCII   bool // no signs beyond ASCII
}

// Theme is a set of styles and signs. It is immutable.
type Theme struct {
	Config Config

	Text     lipgloss.Style // prose
	Muted    lipgloss.Style // what may be overlooked
	Strong   lipgloss.Style
	Title    lipgloss.Style // of a page or a pane
	Accent   lipgloss.Style // the one thing to look at
	Good     lipgloss.Style
	Bad      lipgloss.Style
	Unsure   lipgloss.Style
	Code     lipgloss.Style // a command or a file
	CodeMark lipgloss.Style // the bar before it
	Emulator lipgloss.Style // banner: nothing can go wrong here
	Danger   lipgloss.Style // banner: somebody's account
	Selected lipgloss.Style
	Box      lipgloss.Style // a dialog

	Signs Signs

	accent, text, muted, code string // hex, for Glamour; empty without colour
}

// Signs are the characters that are drawn.
type Signs struct {
	Passed, Failed, Undecided, Open, Current, Solved, Skipped string
	Bar, Rule, Cut, Bullet, Fold, Unfold                      string
	Spinner                                                   []string
	Filled, Empty, Mark                                       string // of a bar; the mark is where it should end
}

// New makes the theme for a terminal.
func New(c Config) Theme {
	t := Theme{Config: c, Signs: unicodeSigns}
	border := lipgloss.RoundedBorder()
	if c.ASCII {
		t.Signs, border = asciiSigns, lipgloss.ASCIIBorder()
	}
	plain := lipgloss.NewStyle()
	t.Text, t.Muted, t.Strong = plain, plain.Faint(true), plain.Bold(true)
	t.Title, t.Accent, t.Code = plain.Bold(true), plain.Bold(true), plain
	t.Good, t.Bad, t.Unsure = plain.Bold(true), plain.Bold(true), plain.Bold(true)
	t.CodeMark, t.Emulator = plain.Faint(true), plain.Bold(true)
	t.Danger, t.Selected = plain.Bold(true).Reverse(true), plain.Bold(true)
	t.Box = plain.Border(border).Padding(1, 2)
	if c.NoColor {
		return t
	}
	p := dark
	if c.Light {
		p = light
	}
	ink := func(hex string) lipgloss.Style { return plain.Foreground(lipgloss.Color(hex)) }
	t.Text, t.Muted, t.Strong = ink(p.text), ink(p.muted), ink(p.text).Bold(true)
	t.Title, t.Accent, t.Code = ink(p.text).Bold(true), ink(p.accent).Bold(true), ink(p.code)
	t.Good, t.Bad, t.Unsure = ink(p.good), ink(p.bad), ink(p.unsure)
	t.CodeMark, t.Emulator = ink(p.accent), ink(p.good)
	t.Danger = plain.Foreground(lipgloss.Color(p.onDanger)).Background(lipgloss.Color(p.bad)).Bold(true)
	t.Selected = ink(p.accent).Bold(true)
	t.Box = t.Box.BorderForeground(lipgloss.Color(p.accent))
	t.accent, t.text, t.muted, t.code = p.accent, p.text, p.muted, p.code
	return t
}

// palette is one set of colours.
type palette struct{ text, muted, accent, good, bad, unsure, code, onDanger string }

var (
	dark  = palette{text: "#D8DEE9", muted: "#7B8494", accent: "#FFB454", good: "#7FD88F", bad: "#F26D78", unsure: "#E6C07B", code: "#9CDCFE", onDanger: "#1A1A1A"}
	light = palette{text: "#24292F", muted: "#6E7781", accent: "#B35900", good: "#1A7F37", bad: "#CF222E", unsure: "#9A6700", code: "#0550AE", onDanger: "#FFFFFF"}
)

var unicodeSigns = Signs{
	Passed: "✓", Failed: "✗", Undecided: "?", Open: "○", Current: "›", Solved: "◆", Skipped: "–",
	Bar: "▎", Rule: "─", Cut: "›", Bullet: "•", Fold: "▸", Unfold: "▾",
	Spinner: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
	Filled:  "━", Empty: "─", Mark: "┃",
}

var asciiSigns = Signs{
	Passed: "v", Failed: "x", Undecided: "?", Open: ".", Current: ">", Solved: "s", Skipped: "-",
	Bar: "|", Rule: "-", Cut: ">", Bullet: "*", Fold: "+", Unfold: "-",
	Spinner: []string{"|", "/", "-", "\\"},
	Filled:  "=", Empty: "-", Mark: "|",
}
