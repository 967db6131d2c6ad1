package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"

	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// Result is how a block ended.
type Result struct {
	Code int // exit code, 0 to 255

	// Line and Command say which command failed, if Code is not 0: its line
	// in the block's text, from 1, and its name. Line is 0 if nothing ran.
	Line    int
	Command string

	// Assigned are the plain variables that the block assigned and still had
	// at its end, lookups excepted. A caller may offer them to later blocks
	// through [Config.Vars].
	Assigned map[string]string
}

// block is one run of a text.
type block struct {
	shell    *Shell
	ctx      context.Context
	cancel   context.CancelCauseFunc
	resolver *resolver
	chain    []string // the lookups that this block is run for
	exported map[string]bool
	env      *environ
	out      *gate

	captured   atomic.Int64
	goroutines int // before the block
	running    sync.WaitGroup

	mu        sync.Mutex
	functions map[string]bool // names that the text declares as functions
	calls     place           // the last call
	failed    place           // the last command that failed
	unsetName string
	opened    []io.Closer
}

// place is a command in the text.
type place struct {
	line, code int
	name       string
}

// Run runs a block of shell text. The error says why the block did not end by
// itself: the context's, or a [*SyntaxError], [*UnsetError], [*LookupError],
// [*RefusedError] or [*LimitError]; a failed command alone leaves it nil.
// When Run returns, nothing of the block is left running or writing.
func (s *Shell) Run(ctx context.Context, text string, stdout, stderr io.Writer) (Result, error) {
	ctx, stop := context.WithTimeoutCause(ctx, s.cfg.Limits.Time,
		&LimitError{Limit: LimitTime, Bound: int64(s.cfg.Limits.Time)})
	defer stop()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	b := s.newBlock(ctx, newResolver(s, ctx), nil)
	b.out = newGate(b, stdout, stderr, s.cfg.Limits.Output)
	defer watchMemory(ctx, s.cfg.Limits.Memory, cancel)()
	result, err := b.run(text)
	return result, s.masked(err)
}

func (s *Shell) newBlock(ctx context.Context, r *resolver, chain []string) *block {
	b := &block{
		shell: s, resolver: r, chain: chain,
		functions: make(map[string]bool), exported: make(map[string]bool),
		goroutines: runtime.NumGoroutine(),
	}
	b.ctx, b.cancel = context.WithCancelCause(ctx)
	if s.cfg.Names != nil {
		for _, name := range s.cfg.Names() {
			if _, lookup := s.cfg.Lookups[name]; !lookup {
				b.exported[name] = true
			}
		}
	}
	b.env = newEnviron(b)
	return b
}

// stop ends the block because of err; the first call counts.
func (b *block) stop(err error) { b.cancel(err) }

func (b *block) run(text string) (Result, error) {
	defer b.cancel(nil)
	file, err := b.parse(text)
	if err != nil {
		result := Result{Code: code(err)}
		if bad, ok := errors.AsType[*SyntaxError](err); ok {
			result.Line = bad.Line
		}
		return result, err
	}
	reveal(file)
	null, err := os.Open(os.DevNull)
	if err != nil {
		return Result{Code: 1}, fmt.Errorf("run a block: %w", err)
	}
	defer func() { _ = null.Close() }() // only read
	runner, err := b.interpreter(null)
	if err != nil {
		return Result{Code: 1}, fmt.Errorf("run a block: %w", err)
	}
	result, at, err := b.statements(runner, file)
	b.finish()
	if err == nil {
		b.mu.Lock()
		if b.unsetName != "" && result.Code != 0 {
			err = b.resolver.unset(b.unsetName)
		}
		b.mu.Unlock()
	}
	if cause := context.Cause(b.ctx); cause != nil && !errors.Is(cause, errEnded) {
		err = cause
	}
	if err != nil {
		result.Code = code(err)
	}
	if result.Code != 0 && at != nil {
		result.Line, result.Command = b.culprit(at, result.Code)
	}
	result.Assigned = b.assigned(runner.Vars)
	return result, err
}

func (b *block) interpreter(stdin *os.File) (*interp.Runner, error) {
	runner, err := interp.New(
		interp.Env(b.env),
		interp.Dir(b.shell.space.Dir()),
		interp.Params("-e", "-u", "-o", "pipefail"),
		interp.StdIO(stdin, &b.out.stdout, &b.out.stderr),
		interp.CallHandler(b.call),
		interp.ExecHandlers(func(interp.ExecHandlerFunc) interp.ExecHandlerFunc { return b.exec }),
		interp.OpenHandler(b.open),
		interp.ReadDirHandler2(b.readDir),
		interp.StatHandler(b.stat),
		interp.AccessHandler(b.access),
	)
	if err != nil {
		return nil, err
	}
	runner.Reset()
	b.env.started.Store(true)
	return runner, nil
}

// statements runs the top-level statements one by one, to know which failed.
func (b *block) statements(runner *interp.Runner, file *syntax.File) (result Result, at *syntax.Stmt, err error) {
	defer func() {
		// A defect in the interpreter must not take the program along.
		if defect := recover(); defect != nil {
			result, err = Result{Code: 1}, fmt.Errorf("run a block: the interpreter failed: %v", defect)
		}
	}()
	for _, stmt := range file.Stmts {
		err := runner.Run(b.ctx, stmt)
		result.Code = 0
		if err != nil {
			status, ok := errors.AsType[interp.ExitStatus](err)
			if !ok {
				return Result{Code: 1}, stmt, err
			}
			result.Code = int(status)
		}
		if size := sizeOf(runner.Vars); size > b.shell.cfg.Limits.Variables {
			return Result{Code: 1}, stmt, &LimitError{Limit: LimitVariables, Bound: int64(b.shell.cfg.Limits.Variables)}
		}
		if runner.Exited() {
			return result, stmt, nil
		}
		if result.Code != 0 && stmt == file.Stmts[len(file.Stmts)-1] {
			return result, stmt, nil
		}
	}
	// An empty file is how the interpreter is told that the shell exits.
	if err := runner.Run(b.ctx, &syntax.File{}); err != nil {
		if _, ok := errors.AsType[interp.ExitStatus](err); !ok {
			return Result{Code: 1}, nil, err
		}
	}
	return result, nil, nil
}

// errEnded is the cause with which a block's own context ends when all is well.
var errEnded = errors.New("the block has ended")

// finish ends what the block left running.
func (b *block) finish() {
	b.cancel(errEnded)
	b.out.close()
	b.running.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.opened {
		_ = c.Close() // most are closed already
	}
}

// culprit finds the command that made the statement fail.
func (b *block) culprit(stmt *syntax.Stmt, code int) (line int, name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	first, last := int(stmt.Pos().Line()), int(stmt.End().Line())
	for _, p := range []place{b.failed, b.calls} {
		if p.name != "" && p.line >= first && p.line <= last && (p.code == code || p == b.calls) {
			return p.line, p.name
		}
	}
	return first, ""
}

// own are variables that the interpreter sets by itself.
var own = []string{"IFS", "PWD", "OLDPWD", "OPTIND", "OPTARG", "REPLY", "UID", "EUID", "GID", "PATH", "HOME", "TMPDIR", "LANG"}

func (b *block) assigned(vars map[string]expand.Variable) map[string]string {
	kept := make(map[string]string)
	known := b.resolver.known()
	for name, v := range vars {
		if !v.IsSet() || v.Kind != expand.String || slices.Contains(own, name) {
			continue
		}
		if _, lookup := b.shell.cfg.Lookups[name]; lookup {
			continue
		}
		if value, ok := known[name]; ok && value == v.Str {
			continue // not assigned, only seen
		}
		kept[name] = v.Str
	}
	return kept
}

func sizeOf(vars map[string]expand.Variable) int {
	size := 0
	for _, v := range vars {
		size += len(v.Str)
		for _, item := range v.List {
			size += len(item)
		}
		for key, item := range v.Map {
			size += len(key) + len(item)
		}
	}
	return size
}

// maxArgs bounds the arguments of one call, in bytes, as Linux bounds a
// program's.
const maxArgs = 8 << 20

// call sees every simple command before it runs: functions, builtins of the
// interpreter and ours.
func (b *block) call(ctx context.Context, args []string) ([]string, error) {
	if err := b.ctx.Err(); err != nil {
		return nil, err
	}
	if args[0] == watched {
		return []string{":"}, b.watch(ctx)
	}
	max := b.shell.cfg.Limits
	if runtime.NumGoroutine() > b.goroutines+max.Goroutines {
		return nil, b.refuse(&LimitError{Limit: LimitGoroutines, Bound: int64(max.Goroutines)})
	}
	if b.nests(args) {
		var pc [1]uintptr
		if runtime.Callers(max.Depth, pc[:]) > 0 {
			return nil, b.refuse(&LimitError{Limit: LimitDepth, Bound: int64(max.Depth)})
		}
	}
	size := 0
	for _, arg := range args {
		size += len(arg)
	}
	if size > maxArgs {
		return nil, b.refuse(&LimitError{Limit: LimitMemory, Bound: maxArgs})
	}
	hc := interp.HandlerCtx(ctx)
	b.mu.Lock()
	b.calls = place{line: int(hc.Pos.Line()), name: args[0]}
	b.mu.Unlock()
	return b.replace(hc, args)
}

// nests reports a call that can come back to itself, and so fill the stack.
func (b *block) nests(args []string) bool {
	switch args[0] {
	case "eval", "source", ".", "builtin", "command":
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.functions[args[0]]
}

func (b *block) refuse(err error) error {
	b.stop(err)
	return err
}

// builtinPrefix marks a call that replaces one of the interpreter's builtins.
// No function can have such a name.
const builtinPrefix = "builtin "

// exec runs a command that is neither a function nor the interpreter's.
func (b *block) exec(ctx context.Context, args []string) error {
	if err := b.ctx.Err(); err != nil {
		return err
	}
	b.running.Add(1)
	defer b.running.Done()
	hc := interp.HandlerCtx(ctx)
	name, replaced := strings.CutPrefix(args[0], builtinPrefix)
	status := 127
	if replaced && slices.Contains(asking, name) {
		return b.ask(ctx, hc, name, args[1:])
	}
	if spec, ok := b.shell.commands[name]; ok {
		status = b.do(ctx, hc, spec, args[1:])
	} else {
		_, _ = fmt.Fprintln(hc.Stderr, b.shell.notHere(name)) // nobody is left to tell
	}
	if b.ctx.Err() != nil {
		return context.Cause(b.ctx)
	}
	if status == 0 {
		return nil
	}
	b.mu.Lock()
	b.failed = place{line: int(hc.Pos.Line()), name: name, code: status}
	b.mu.Unlock()
	if replaced && status == command.SIGPIPE {
		// In bash, echo runs in the shell itself, so the signal ends that one.
		return hc.Builtin(ctx, []string{"exit", fmt.Sprint(status)})
	}
	return interp.ExitStatus(uint8(status))
}

// do runs a command of ours. A defect in it must not take the program along.
func (b *block) do(ctx context.Context, hc interp.HandlerContext, spec command.Spec, args []string) (status int) {
	defer func() {
		if defect := recover(); defect != nil {
			said := text.Args{"name": spec.Name, "cause": fmt.Sprint(defect)}.Fill(b.shell.cfg.Text.Defect)
			_, _ = fmt.Fprintln(hc.Stderr, said) // nobody is left to tell
			status = 70                          // EX_SOFTWARE
		}
	}()
	in := hc.Stdin
	if in == nil {
		in = strings.NewReader("")
	}
	defer wake(ctx, in)()
	return spec.Do(ctx, &Call{
		Name: spec.Name, Args: args,
		Stdin: input{ctx, in}, Stdout: b.output(ctx, hc.Stdout), Stderr: b.output(ctx, hc.Stderr),
		Dir: hc.Dir, Files: b.shell.space.At(hc.Dir), Now: b.shell.cfg.Now,
		Getenv: func(name string) string { return hc.Env.Get(name).String() },
		Environ: func() []string {
			b.makeTemp()
			return environment(hc.Env)
		},
	})
}

// environment lists the exported variables, sorted, later ones winning.
func environment(env expand.Environ) []string {
	vars := make(map[string]string)
	for name, v := range env.Each {
		delete(vars, name)
		if v.Exported && v.IsSet() && v.Kind == expand.String {
			vars[name] = v.Str
		}
	}
	list := make([]string, 0, len(vars))
	for name, value := range vars {
		list = append(list, name+"="+value)
	}
	slices.Sort(list)
	return list
}
