package runner

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"awslab/runner/check"
	"awslab/runner/secret"
	"awslab/runner/text"
)

// printed turns what a command writes into Output events: whole runes, secrets
// masked, and no escape sequence that would reach a terminal. Text is passed on
// line by line, so that no sequence is cut in two; a line without an end is passed
// on when it is long or when the command ends. The end of a line that may be the
// beginning of a secret waits for the next.
type printed struct {
	stderr bool
	mask   *secret.Stream
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
	p.pass(len(p.pending))
	p.tell(p.mask.Close())
}

func (p *printed) pass(n int) {
	shown := p.mask.Write(text.Harmless(string(p.pending[:n])))
	p.pending = append(p.pending[:0], p.pending[n:]...)
	p.tell(shown)
}

func (p *printed) tell(shown string) {
	if shown != "" {
		p.emit(Output{Stderr: p.stderr, Text: shown})
	}
}

// shown makes what a check found fit to be shown, secrets masked: bodies of
// servers, log lines of functions, names of whatever was there.
func (s *Session) shown(r check.Result) check.Result {
	fit := func(found string) string { return s.lab.hide(text.Harmless(found)) }
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Subject, f.Expected, f.Found = fit(f.Subject), fit(f.Expected), fit(f.Found)
		f.Args = each(f.Args, fit)
	}
	r.Seen = slices.Clone(r.Seen)
	for i := range r.Seen {
		seen := &r.Seen[i]
		seen.Args, seen.Rule.Args, seen.Why.Args = each(seen.Args, fit), each(seen.Rule.Args, fit), each(seen.Why.Args, fit)
	}
	r.Evidence = slices.Clone(r.Evidence)
	for i := range r.Evidence {
		e := &r.Evidence[i]
		e.What, e.Request, e.Response, e.Reproduce, e.Trace = fit(e.What), fit(e.Request), fit(e.Response), fit(e.Reproduce), s.lab.hide(e.Trace)
	}
	return r
}

func each(args map[string]string, fit func(string) string) map[string]string {
	args = maps.Clone(args)
	for name, value := range args {
		args[name] = fit(value)
	}
	return args
}
