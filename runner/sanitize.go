package runner

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"awslab/runner/check"
	"awslab/runner/text"
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
	shown := text.Harmless(p.mask.Replace(string(p.pending[:n])))
	p.pending = append(p.pending[:0], p.pending[n:]...)
	if shown != "" {
		p.emit(Output{Stderr: p.stderr, Text: shown})
	}
}

// harmless makes what a check found fit for a terminal: bodies of servers, log
// lines of functions, names of whatever was there.
func harmless(r check.Result) check.Result {
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Subject, f.Expected, f.Found = text.Harmless(f.Subject), text.Harmless(f.Expected), text.Harmless(f.Found)
		f.Args = harmlessArgs(f.Args)
	}
	r.Seen = slices.Clone(r.Seen)
	for i := range r.Seen {
		seen := &r.Seen[i]
		seen.Args, seen.Rule.Args, seen.Why.Args = harmlessArgs(seen.Args), harmlessArgs(seen.Rule.Args), harmlessArgs(seen.Why.Args)
	}
	r.Evidence = slices.Clone(r.Evidence)
	for i := range r.Evidence {
		e := &r.Evidence[i]
		e.What, e.Request, e.Response, e.Reproduce = text.Harmless(e.What), text.Harmless(e.Request), text.Harmless(e.Response), text.Harmless(e.Reproduce)
	}
	return r
}

func harmlessArgs(args map[string]string) map[string]string {
	args = maps.Clone(args)
	for name, value := range args {
		args[name] = text.Harmless(value)
	}
	return args
}
