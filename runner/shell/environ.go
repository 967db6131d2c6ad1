package shell

import (
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"mvdan.cc/sh/v3/expand"
)

// environ is a block's variables beneath those that it assigns. Get resolves
// lookups; Each never does: the interpreter calls it on its own. Each lists the
// exported constants, and what is resolved already.
type environ struct {
	b     *block
	fixed map[string]expand.Variable

	// started is false until the interpreter has read TMPDIR for its own use:
	// it opens named pipes there past every handler, so it is given a folder
	// that cannot exist.
	started atomic.Bool

	mu     sync.Mutex
	peeked map[string]bool // names whose old value an assignment needs
}

// nowhere is a path under which nothing can be opened.
func nowhere() string {
	if runtime.GOOS == "windows" {
		return `C:\<awslab>`
	}
	return "/dev/null/awslab"
}

func textual(value string, exported bool) expand.Variable {
	return expand.Variable{Set: true, Kind: expand.String, Str: value, Exported: exported}
}

func readonly(value string) expand.Variable {
	v := textual(value, false)
	v.ReadOnly = true
	return v
}

// tmpDir is $TMPDIR's name in the workspace. It is made when somebody asks for
// it: a folder that nobody uses should not turn up in "ls -a" or in a zip.
const tmpDir = ".tmp"

func (b *block) makeTemp() {
	files := b.shell.space.At(b.shell.space.Dir())
	if _, err := files.Stat(tmpDir); err != nil {
		_ = files.Mkdir(tmpDir, false) // who writes there will be told
	}
}

func newEnviron(b *block) *environ {
	dir := b.shell.space.Dir()
	return &environ{b: b, peeked: make(map[string]bool), fixed: map[string]expand.Variable{
		"HOME":   textual(dir, true),
		"TMPDIR": textual(filepath.Join(dir, tmpDir), true),
		"PATH":   readonly(""),
		"UID":    readonly("1000"),
		"EUID":   readonly("1000"),
		"GID":    readonly("1000"),
		"LANG":   textual("C.UTF-8", true),
	}}
}

func (e *environ) Get(name string) expand.Variable {
	if name == "TMPDIR" && !e.started.Load() {
		return textual(nowhere(), false)
	}
	if v, ok := e.fixed[name]; ok {
		if name == "TMPDIR" {
			e.b.makeTemp()
		}
		return v
	}
	if user, ok := strings.CutPrefix(name, "HOME "); ok { // how ~user asks
		e.b.stop(&RefusedError{What: "~" + user})
		return textual("", false)
	}
	if !e.started.Load() || (!e.needed(name) && assigning()) {
		return expand.Variable{}
	}
	value, set, err := e.b.resolver.value(e.b.ctx, name, e.b.chain)
	if err != nil {
		e.b.stop(err)
		return expand.Variable{}
	}
	if !set {
		return expand.Variable{}
	}
	return textual(value, e.b.exported[name])
}

func (e *environ) Each(yield func(name string, v expand.Variable) bool) {
	for name, v := range e.fixed {
		if !yield(name, v) {
			return
		}
	}
	if !e.started.Load() {
		return
	}
	// A pipe's left side and a background job get a copy of what stands here:
	// what reveal has had resolved must be in it.
	for name, value := range e.b.resolver.known() {
		if !e.b.exported[name] && !yield(name, textual(value, false)) {
			return
		}
	}
	for name := range e.b.exported {
		value, set, err := e.b.resolver.value(e.b.ctx, name, e.b.chain)
		if err == nil && set && !yield(name, textual(value, true)) {
			return
		}
	}
}

// need says that assignments to name look at its old value.
func (e *environ) need(name string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.peeked[name] = true
}

func (e *environ) needed(name string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.peeked[name]
}

// assigning reports whether the interpreter asks for a variable only because
// it is about to assign it. It always does so, even where the old value does
// not matter, and API_ID=$(…) must not run the lookup of API_ID: that might
// fail. There is no way to see it but from the stack: expansions come through
// expandEnv.Get, assignments through overlayEnviron.Set or Runner.cmd. An
// unknown caller counts as an expansion.
func assigning() bool {
	const pkg = "mvdan.cc/sh/v3/interp."
	var pcs [16]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		frame, more := frames.Next()
		switch name := strings.TrimPrefix(frame.Function, pkg); name {
		case "(*overlayEnviron).Get", "(*Runner).lookupVar":
		default:
			// "cmd-range1" is the body of a loop in cmd.
			return name == "(*overlayEnviron).Set" || strings.HasPrefix(name, "(*Runner).cmd")
		}
		if !more {
			return false
		}
	}
}
