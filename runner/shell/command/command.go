// Package command holds the commands of the lesson's shell, in Go, the same on
// every platform: files (ls, cat, cp …), text filters (grep, sort, cut …),
// and what a lab needs besides (curl, jq, zip, openssl rand, jwt …).
//
// A command is a function of a [Call]: its arguments, its streams and its
// confined files. It keeps to the options that labs use, prints what the tool
// of that name prints, and returns that tool's exit codes. It touches no file
// but through [Call.Files], starts no program, reads no environment, and ends
// soon after its context does: its streams fail then, and loops that use no
// stream look at the context themselves.
//
// [Builtin] returns all of them; each lives in a file of its name. What
// "NAME --help" prints, and what is awslab's own to say where no tool has words
// for it, stands in runner/text ([Config]). The package imports that and
// runner/shell/workspace, and nothing else of awslab. Start reading at [Call].
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// Command runs one call and returns its exit code, 0 to 255. It must return
// soon (100 ms) after ctx ends, and not touch the call afterwards.
type Command func(ctx context.Context, c *Call) int

// Call is one invocation of a command.
type Call struct {
	Name   string   // the command's name, "ls"
	Args   []string // without the name
	Stdin  io.Reader
	Stdout io.Writer
	Stderr io.Writer

	Dir     string                   // current folder, absolute, in the workspace
	Files   workspace.Files          // the workspace's files as seen from Dir
	Getenv  func(name string) string // a variable of the shell; "" if unset
	Environ func() []string          // exported variables, "NAME=value", sorted; no lookups
	Now     func() time.Time

	// ReadAny reads a file in place of Files: for a command that a student calls
	// in their own terminal. It is nil in a lesson's shell.
	ReadAny func(name string) ([]byte, error)

	words *text.CommandWords // what is awslab's own to say; Spec.Do sets it
}

// Fail prints "NAME: message" on stderr and returns code.
func (c *Call) Fail(code int, format string, args ...any) int {
	_, _ = fmt.Fprintf(c.Stderr, "%s: %s\n", c.Name, fmt.Sprintf(format, args...)) // nobody is left to tell
	return code
}

// own is an error in awslab's own words.
func (c *Call) own(sentence string, args text.Args) error { return errors.New(args.Fill(sentence)) }

// Open opens a file for reading; "-" and /dev/stdin are the call's stdin.
func (c *Call) Open(name string) (io.ReadCloser, error) {
	if name == "-" || name == "/dev/stdin" {
		return io.NopCloser(c.Stdin), nil
	}
	return c.Files.Open(name)
}

// ReadFile reads a whole file; "-" and /dev/stdin are the call's stdin, of
// which it takes at most 256 MiB.
func (c *Call) ReadFile(name string) ([]byte, error) {
	if name == "-" || name == "/dev/stdin" {
		return c.readAll(c.Stdin)
	}
	if c.ReadAny != nil {
		return c.ReadAny(name)
	}
	return c.Files.ReadFile(name)
}

// Create opens a file for writing; /dev/stdout and /dev/stderr are the call's.
func (c *Call) Create(name string) (io.WriteCloser, error) {
	switch name {
	case "/dev/stdout":
		return nopCloser{c.Stdout}, nil
	case "/dev/stderr":
		return nopCloser{c.Stderr}, nil
	}
	return c.Files.Create(name)
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// maxInput bounds what a command keeps of its input in memory, in bytes.
const maxInput = 256 << 20

func (c *Call) readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxInput+1))
	if err == nil && len(data) > maxInput {
		err = c.own(c.words.Input, text.Args{"count": fmt.Sprint(maxInput >> 20)})
	}
	return data, err
}

// Config is what commands get from outside. The zero value works.
type Config struct {
	// Allow decides whether curl may call a URL, first or by a redirect. It
	// returns the reason why not. Nil allows the loopback and *.amazonaws.com.
	Allow func(u *url.URL) error
	// Mark is a header line that curl sends with its requests, without telling of
	// it; empty for none.
	Mark string
	// Dial connects curl; nil dials the network, with *.localhost resolved to
	// the loopback.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Transport carries curl's requests instead of Dial; for tests and for an
	// emulator in the same process.
	Transport http.RoundTripper
	// Text is what "NAME --help" prints, and what is awslab's own to say; nil is
	// English.
	Text *text.Shell
	// Rand is where openssl rand gets its bytes from; nil is crypto/rand.
	Rand io.Reader
}

// Spec is a command and its manual.
type Spec struct {
	Name  string
	Usage string // printed by NAME --help; empty if the command does that itself
	Run   Command
	Verbs bool // the first argument says what to do, as in "jwt encode"

	words *text.CommandWords
}

// Builtin returns the commands of this package by name.
func Builtin(cfg Config) map[string]Spec {
	if cfg.Text == nil {
		cfg.Text = &text.English().Shell
	}
	specs := slices.Concat(fileCommands(), textCommands(), dataCommands(cfg), []Spec{
		{Name: "curl", Run: curl(cfg)},
		{Name: "sleep", Run: sleep},
		{Name: "date", Run: date},
		{Name: "env", Run: env},
		{Name: "echo", Run: echo},
		{Name: "printf", Run: printf},
	})
	all := make(map[string]Spec, len(specs)+1)
	for _, s := range specs {
		s.Usage, s.words = cfg.Text.Usage[s.Name], &cfg.Text.Commands
		all[s.Name] = s
	}
	return all
}

// Names returns the sorted names of specs.
func Names(specs map[string]Spec) []string { return slices.Sorted(maps.Keys(specs)) }

// Do runs s, or prints its usage if that is what the call asks for.
func (s Spec) Do(ctx context.Context, c *Call) int {
	if n := len(c.Args); s.Usage != "" && (n == 1 || n == 2 && s.Verbs) && c.Args[n-1] == "--help" {
		_, err := io.WriteString(c.Stdout, s.Usage)
		return ended(err, 0)
	}
	call := *c
	call.words = s.words
	return s.Run(ctx, &call)
}

// SIGPIPE is the exit code of a command whose reader went away, as in bash.
const SIGPIPE = 141

// ended is the exit code after the last write to stdout: code, or that of a
// write that failed.
func ended(err error, code int) int {
	switch {
	case err == nil:
		return code
	case brokenPipe(err):
		return SIGPIPE
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return 130
	}
	return 1
}
