package shell

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// resolver finds the values of a block's variables, each once. Blocks that run
// for a lookup share the resolver of the block that asked.
type resolver struct {
	shell *Shell
	ctx   context.Context // the outermost block's: a value outlives who asked first

	mu      sync.Mutex
	entries map[string]*entry
}

// entry is one variable; its fields are written before done is closed.
type entry struct {
	done   chan struct{}
	value  string
	set    bool
	reason string
	err    error
}

func newResolver(s *Shell, ctx context.Context) *resolver {
	return &resolver{shell: s, ctx: ctx, entries: make(map[string]*entry)}
}

// value returns a variable's value. chain holds the lookups that wait for it.
func (r *resolver) value(ctx context.Context, name string, chain []string) (value string, set bool, err error) {
	if slices.Contains(chain, name) {
		return "", false, &LookupError{Name: name, Err: &CircleError{append(slices.Clone(chain), name)}}
	}
	r.mu.Lock()
	e, known := r.entries[name]
	if !known {
		e = &entry{done: make(chan struct{})}
		r.entries[name] = e
	}
	r.mu.Unlock()
	if !known {
		r.resolve(name, chain, e)
		close(e.done)
	}
	select {
	case <-e.done:
		return e.value, e.set, e.err
	case <-ctx.Done():
		return "", false, context.Cause(ctx)
	}
}

func (r *resolver) resolve(name string, chain []string, e *entry) {
	if text, ok := r.shell.cfg.Lookups[name]; ok {
		r.lookup(name, text, append(slices.Clone(chain), name), e)
		return
	}
	if r.shell.cfg.Vars == nil {
		return
	}
	e.value, e.set, e.err = r.shell.cfg.Vars(r.ctx, name)
	if unset, ok := errors.AsType[*UnsetError](e.err); ok {
		e.value, e.set, e.err, e.reason = "", false, nil, unset.Reason
	}
}

// maxLookup bounds a lookup's output, in bytes.
const maxLookup = 64 << 10

// absent matches what AWS answers when a thing is not there.
var absent = regexp.MustCompile(`An error occurred \((\w*NotFound\w*|NoSuch\w+)\)`)

func (r *resolver) lookup(name, text string, chain []string, e *entry) {
	var stdout, stderr bytes.Buffer
	b := r.shell.newBlock(r.ctx, r, chain)
	b.out = newGate(b, &stdout, &stderr, maxLookup)
	result, err := b.run(text)
	said := strings.TrimSpace(stderr.String())
	if len(said) > 4<<10 {
		said = said[:4<<10]
	}
	unset, isUnset := errors.AsType[*UnsetError](err)
	switch {
	case isUnset: // what it is made from is not there yet, so neither is it
		e.reason = unset.Say(r.shell.cfg.Text)
		return
	case err != nil:
		e.err = &LookupError{Name: name, Code: result.Code, Err: err}
		return
	case result.Code != 0 && absent.MatchString(said):
	case result.Code != 0:
		e.err = &LookupError{Name: name, Code: result.Code, Stderr: said}
		return
	default:
		e.value = strings.TrimRight(stdout.String(), "\r\n")
		e.set = e.value != "" && e.value != "None" && e.value != "null"
		if !e.set {
			e.value = ""
		}
	}
	if !e.set && r.shell.cfg.Reason != nil {
		e.reason = r.shell.cfg.Reason(name)
	}
}

// unset describes a variable without a value.
func (r *resolver) unset(name string) *UnsetError {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := &UnsetError{Name: name}
	if e := r.entries[name]; e != nil {
		select {
		case <-e.done:
			err.Reason = e.reason
		default:
		}
	}
	return err
}

// asked reports whether a block expanded name and found no value.
func (r *resolver) asked(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.entries[name]
	if e == nil {
		return false
	}
	select {
	case <-e.done:
		return !e.set && e.err == nil
	default:
		return false
	}
}

// known returns the values that are resolved by now.
func (r *resolver) known() map[string]string {
	r.mu.Lock()
	defer r.mu.Unlock()
	values := make(map[string]string)
	for name, e := range r.entries {
		select {
		case <-e.done:
			if e.set {
				values[name] = e.value
			}
		default:
		}
	}
	return values
}
