// Package keys is the one key map of the terminal program. Pages match keys by
// these bindings and help is printed from them, so it cannot lie.
package keys

import (
	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"awslab/runner/text"
)

// Map holds every key.
type Map struct {
	Open, GoOn, Up, Down, PageUp, PageDown, Top, Bottom, Left, Right key.Binding
	Run, Check, Prompt, Next, Previous, Hint, Fold, Copy             key.Binding
	Solve, Skip, Reset, Cleanup, Help, Back, Cancel, Quit            key.Binding
	Focus, Answer, Traces, Evidence, Playground                      key.Binding
	Enter, Earlier, Later, OutputUp, OutputDown, Unfocus             key.Binding // while the prompt has the focus
}

// New makes the map with its help in a language.
func New(t text.TUIKeys) Map {
	bind := func(shown, does string, keys ...string) key.Binding {
		return key.NewBinding(key.WithKeys(keys...), key.WithHelp(shown, does))
	}
	return Map{
		Open:       bind("enter", t.Open, "enter"),
		GoOn:       bind("enter", t.GoOn, "enter"),
		Up:         bind("↑/k", t.Up, "up", "k"),
		Down:       bind("↓/j", t.Down, "down", "j"),
		PageUp:     bind("pgup", t.PageUp, "pgup", "ctrl+b"),
		PageDown:   bind("space", t.PageDown, "pgdown", "space"),
		Top:        bind("g", t.Top, "g", "home"),
		Bottom:     bind("G", t.Bottom, "G", "end"),
		Left:       bind("<", t.Left, "<", "shift+left"),
		Right:      bind(">", t.Right, ">", "shift+right"),
		Run:        bind("r", t.Run, "r"),
		Check:      bind("c", t.Check, "c"),
		Prompt:     bind(":", t.Prompt, ":"),
		Focus:      bind("tab", t.Focus, "tab"),
		Answer:     bind("1-9", t.Answer, "1", "2", "3", "4", "5", "6", "7", "8", "9"),
		Traces:     bind("t", t.Traces, "t"),
		Evidence:   bind("e", t.Evidence, "e"),
		Playground: bind("b", t.Playground, "b"),
		Next:       bind("n/→", t.Next, "n", "right"),
		Previous:   bind("p/←", t.Previous, "p", "left"),
		Hint:       bind("h", t.Hint, "h"),
		Fold:       bind("f", t.Fold, "f"),
		Copy:       bind("y", t.Copy, "y"),
		Solve:      bind("s", t.Solve, "s"),
		Skip:       bind("S", t.Skip, "S"),
		Reset:      bind("R", t.Reset, "R"),
		Cleanup:    bind("X", t.Cleanup, "X"),
		Help:       bind("?", t.Help, "?"),
		Back:       bind("esc", t.Back, "esc"),
		Cancel:     bind("ctrl+c", t.Cancel, "ctrl+c"),
		Quit:       bind("q", t.Quit, "q"),

		Enter:      bind("enter", t.Enter, "enter"),
		Earlier:    bind("↑", t.Earlier, "up"),
		Later:      bind("↓", t.Later, "down"),
		OutputUp:   bind("pgup", t.OutputUp, "pgup"),
		OutputDown: bind("pgdn", t.OutputDown, "pgdown"),
		Unfocus:    bind("esc", t.Unfocus, "esc", "tab"),
	}
}

// Course are the keys of the course page, in the order of the help.
func (m Map) Course() []key.Binding {
	return []key.Binding{m.Open, m.Up, m.Down, m.Help, m.Quit, m.Cancel}
}

// Lesson are the keys of the lesson page.
func (m Map) Lesson() []key.Binding {
	return []key.Binding{
		m.Run, m.Check, m.Prompt, m.Answer, m.Focus, m.GoOn, m.Next, m.Previous, m.Hint, m.Fold, m.Copy, m.Evidence, m.Traces, m.Playground,
		m.Up, m.Down, m.PageUp, m.PageDown, m.Top, m.Bottom, m.Left, m.Right,
		m.Solve, m.Skip, m.Cleanup, m.Reset, m.Help, m.Back, m.Cancel,
	}
}

// Short are the keys that the status line of a lesson names.
func (m Map) Short() []key.Binding {
	return []key.Binding{m.Run, m.Check, m.Prompt, m.Next, m.Hint, m.Help, m.Back}
}

// Typing are the keys while the prompt has the focus.
func (m Map) Typing() []key.Binding {
	return []key.Binding{m.Enter, m.Unfocus, m.Earlier, m.Later, m.OutputUp, m.OutputDown}
}

// Latin gives the key that a Korean keyboard means: in Hangul mode q arrives
// as ㅂ. Use it where no input has the focus.
func Latin(k tea.KeyPressMsg) tea.KeyPressMsg {
	if k.Code < 0x3131 || k.Code > 0x318E {
		return k
	}
	latin := k.BaseCode
	if latin == 0 {
		latin = dubeolsik[k.Code]
	}
	if latin == 0 {
		return k
	}
	shift := latin >= 'A' && latin <= 'Z'
	k.Code, k.Text = latin, string(latin)
	if shift {
		k.Code, k.ShiftedCode, k.Mod = latin-'A'+'a', latin, k.Mod|tea.ModShift
	}
	return k
}

// dubeolsik is the usual Korean layout: the letter under each jamo.
var dubeolsik = map[rune]rune{
	'ㅂ': 'q', 'ㅈ': 'w', 'ㄷ': 'e', 'ㄱ': 'r', 'ㅅ': 't', 'ㅛ': 'y', 'ㅕ': 'u', 'ㅑ': 'i', 'ㅐ': 'o', 'ㅔ': 'p',
	'ㅁ': 'a', 'ㄴ': 's', 'ㅇ': 'd', 'ㄹ': 'f', 'ㅎ': 'g', 'ㅗ': 'h', 'ㅓ': 'j', 'ㅏ': 'k', 'ㅣ': 'l',
	'ㅋ': 'z', 'ㅌ': 'x', 'ㅊ': 'c', 'ㅍ': 'v', 'ㅠ': 'b', 'ㅜ': 'n', 'ㅡ': 'm',
	'ㅃ': 'Q', 'ㅉ': 'W', 'ㄸ': 'E', 'ㄲ': 'R', 'ㅆ': 'T', 'ㅒ': 'O', 'ㅖ': 'P',
}
