// Package shell is the lesson's shell: bash syntax, interpreted in Go by
// mvdan.cc/sh, with the commands of runner/shell/command and those that the
// caller adds (aws, python3). No other program ever runs, and no file outside
// the lesson's workspace is read or written.
//
// # A block
//
// [Shell.Run] runs one block of text as under "set -eu -o pipefail", in a
// fresh interpreter: options, functions, traps and the current folder of one
// block are unknown to the next. Background jobs end with their block; use
// "wait" to see them through. Stdin is empty.
//
// A block's variables come from [Config.Lookups] and [Config.Vars], each asked
// when the variable is first expanded, and once a block. An assignment in the
// block wins inside it, and does not run the lookup; what was assigned comes
// out as [Result.Assigned].
//
// # Confinement
//
// Every handler of the interpreter is set. Paths go through
// runner/shell/workspace; $HOME, ~ and the first folder are the workspace,
// $TMPDIR is a folder in it, $PATH is empty and cannot be set. Process
// substitution and ~user are refused ([RefusedError]), and of the process's
// environment nothing is visible. The interpreter has a few doors that no
// handler guards (named pipes under $TMPDIR, "type", "command -v", "pwd -P");
// block.go, names.go and environ.go shut them, and escape_test.go tries them.
//
// # Limits
//
// [Limits] bound time, output, memory and goroutines. Cancellation is
// cooperative: the interpreter looks between statements, commands look
// themselves. Memory is bounded by watching the heap of the whole process
// while a block runs, and by refusing texts whose single expansions explode;
// a single hostile expansion can still overshoot the bound before it is seen.
//
// A defect of the interpreter is caught where it runs in the block's own
// goroutine. In those that it starts itself, for pipes and jobs, it would end the
// process: the panics that we know are refused before they happen (syntax.go,
// tried by TestRefused), and FuzzBlock looks for more.
//
// The package imports runner/shell/... only; aws comes in as a [Command].
// Start reading at [Shell.Run], then block.go.
package shell

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"awslab/runner/shell/command"
	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// Command is a command of the shell; see [command.Command].
type Command = command.Command

// Call is one invocation of a [Command]; see [command.Call].
type Call = command.Call

// Config describes a lesson's shell. Only Dir is needed.
type Config struct {
	// Dir is the workspace, a folder that exists.
	Dir string

	// Lookups are the lesson's: variable name to the command whose output is
	// its value. They run in this shell, may use other variables, and share
	// their values within a block. Output that is empty or "None", and an AWS
	// answer of "not found", leave the variable unset; any other failure is a
	// [LookupError].
	Lookups map[string]string

	// Vars gives the other variables: constants, secrets, what earlier blocks
	// assigned. ok is false for a variable that is not set; an [*UnsetError]
	// then says why, any other error stops the block. It is called at most
	// once a block for a name, possibly from several goroutines.
	Vars func(ctx context.Context, name string) (value string, ok bool, err error)

	// Names lists what Vars knows and commands may see in their environment.
	// Lookups are never listed there.
	Names func() []string

	// Reason says why a lookup's variable is unset, as in "the step
	// create-api makes it"; nil or "" says nothing.
	Reason func(name string) string

	// Commands are added to the built-in ones, or replace them.
	Commands map[string]Command

	// Tools configures the built-in commands: hosts that curl may call.
	Tools command.Config

	// Mask hides secrets in what an error quotes; nil hides nothing. What commands
	// print is the caller's to mask.
	Mask func(text string) string

	Text   *text.Shell // nil is English
	Limits Limits
	Now    func() time.Time // nil is time.Now
}

// Limits bound one block. Zero fields take the defaults given here.
type Limits struct {
	Time       time.Duration // 5 minutes
	Output     int64         // bytes of stdout and stderr together; 1 MiB
	Memory     uint64        // growth of the process's heap, bytes; 256 MiB
	Variables  int           // bytes of all variables, seen before each assignment and after each top-level statement; 4 MiB
	Goroutines int           // growth in number; 1,000
	Depth      int           // Go stack frames of nested functions, evals and substitutions; 8,000
	Text       int           // bytes of the block, and of each eval; 256 KiB
	Workspace  workspace.Limits
}

func (l Limits) orDefault() Limits {
	set := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	if l.Time <= 0 {
		l.Time = 5 * time.Minute
	}
	if l.Output <= 0 {
		l.Output = 1 << 20
	}
	if l.Memory == 0 {
		l.Memory = 256 << 20
	}
	set(&l.Variables, 4<<20)
	set(&l.Goroutines, 1000)
	set(&l.Depth, 8000)
	set(&l.Text, 256<<10)
	return l
}

// Shell runs blocks. It is safe for concurrent use: blocks share nothing but
// the workspace.
type Shell struct {
	cfg      Config
	space    *workspace.Workspace
	commands map[string]command.Spec
}

// New opens the workspace and returns its shell; see [Shell.Close].
func New(cfg Config) (*Shell, error) {
	cfg.Limits = cfg.Limits.orDefault()
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Text == nil {
		cfg.Text = &text.English().Shell
	}
	space, err := workspace.Open(cfg.Dir, cfg.Limits.Workspace, cfg.Text.Workspace)
	if err != nil {
		return nil, fmt.Errorf("open the lesson's shell: %w", err)
	}
	cfg.Tools.Text = cfg.Text
	s := &Shell{cfg: cfg, space: space, commands: command.Builtin(cfg.Tools)}
	for _, own := range s.introspection() {
		s.commands[own.Name] = own
	}
	for name, run := range cfg.Commands {
		s.commands[name] = command.Spec{Name: name, Run: run}
	}
	return s, nil
}

// Close closes the workspace. No block may be running.
func (s *Shell) Close() error { return s.space.Close() }

// Workspace is where the shell's files are.
func (s *Shell) Workspace() *workspace.Workspace { return s.space }

// Value returns a variable's value as a block that starts now would see it.
// An unset variable is an [*UnsetError].
func (s *Shell) Value(ctx context.Context, name string) (string, error) {
	r := newResolver(s, ctx)
	value, set, err := r.value(ctx, name, nil)
	if err == nil && !set {
		err = r.unset(name)
	}
	return value, s.masked(err)
}

// Names are the names of the variables that lookups and Vars define, sorted.
func (s *Shell) Names() []string {
	names := slices.Collect(maps.Keys(s.cfg.Lookups))
	if s.cfg.Names != nil {
		names = append(names, s.cfg.Names()...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
