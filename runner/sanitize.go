package runner

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// printed turns what a command writes into Output events: whole runes, secrets
// masked, and no escape sequence that would reach a terminal. Text is passed on
// line by line, so that neither a secret nor a sequence is cut in two; a line
// without an end is passed on when it is long or when the command ends.
type printed struct {
	stderr bool
	mask   *strings.Replacer
	emit   func(Event)

	mu      sync.Mutex
	pending []byte
}

// Longer lines than this many bytes are passed on in pieces.
const longLine = 64 << 10

func (p *printed) Write(data []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pending = append(p.pending, data...)
	cut := strings.LastIndexByte(string(p.pending), '\n') + 1
	if cut == 0 && len(p.pending) > longLine {
		cut = len(p.pending)
		for back := 1; back < utf8.UTFMax && back < cut; back++ {
			if utf8.RuneStart(p.pending[cut-back]) {
				if !utf8.FullRune(p.pending[cut-back:]) {
					cut -= back
				}
				break
			}
		}
	}
	if cut > 0 {
		p.pass(cut)
	}
	return len(data), nil
}

// flush passes on what is left when the command has ended.
func (p *printed) flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.pending) > 0 {
		p.pass(len(p.pending))
	}
}

func (p *printed) pass(n int) {
	text := Harmless(p.mask.Replace(string(p.pending[:n])))
	p.pending = append(p.pending[:0], p.pending[n:]...)
	if text != "" {
		p.emit(Output{Stderr: p.stderr, Text: text})
	}
}

// Harmless makes foreign text fit for a terminal: escape sequences are dropped,
// other control characters but tab and newline shown as U+FFFD, invalid UTF-8
// too. A carriage return before a newline goes; alone it becomes a newline.
func Harmless(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = ansi.Strip(s)
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r < 0x20 || (r >= 0x7f && r < 0xa0):
			return '\uFFFD'
		case r == '\u202a' || r == '\u202b' || r == '\u202d' || r == '\u202e' || (r >= '\u2066' && r <= '\u2069'):
			return '\uFFFD' // bidirectional overrides reorder what a person reads
		}
		return r
	}, s)
}
