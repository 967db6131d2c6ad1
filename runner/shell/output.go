package shell

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// gate is where a block's output leaves: it counts both streams against one
// limit, lets one writer through at a time, and is shut when the block ends,
// so that a background job cannot write to a caller who has gone on.
type gate struct {
	b    *block
	max  int64
	mu   sync.Mutex
	used int64
	shut bool

	stdout, stderr stream
}

type stream struct {
	g  *gate
	to io.Writer
}

func newGate(b *block, stdout, stderr io.Writer, max int64) *gate {
	g := &gate{b: b, max: max}
	if stdout == nil {
		stdout = io.Discard
	}
	if stderr == nil {
		stderr = io.Discard
	}
	g.stdout, g.stderr = stream{g, stdout}, stream{g, stderr}
	return g
}

func (s *stream) Write(p []byte) (int, error) {
	if s == &s.g.stderr && s.g.b.unbound(p) {
		return len(p), nil
	}
	s.g.mu.Lock()
	defer s.g.mu.Unlock()
	if s.g.shut {
		return 0, os.ErrClosed
	}
	if err := s.g.b.ctx.Err(); err != nil {
		return 0, err
	}
	room := s.g.max - s.g.used
	if int64(len(p)) <= room {
		s.g.used += int64(len(p))
		return s.to.Write(p)
	}
	s.g.used = s.g.max
	n, _ := s.to.Write(p[:room]) // the limit is the news
	err := &LimitError{Limit: LimitOutput, Bound: s.g.max}
	s.g.b.stop(err)
	return n, err
}

func (g *gate) close() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shut = true
}

// maxCapture bounds what all $(…) of a block take in together, in bytes.
const maxCapture = 16 << 20

// output is a command's stdout or stderr: it fails once the block was stopped,
// and bounds what goes into a command substitution, which nobody else does.
type output struct {
	ctx      context.Context
	b        *block
	to       io.Writer
	captured *atomic.Int64 // nil unless to is a command substitution
}

func (b *block) output(ctx context.Context, to io.Writer) io.Writer {
	out := output{ctx: ctx, b: b, to: to}
	switch to.(type) {
	case *stream, *os.File, *redirected, shared:
	default:
		out.captured = &b.captured
	}
	return out
}

func (o output) Write(p []byte) (int, error) {
	if err := o.ctx.Err(); err != nil {
		return 0, err
	}
	if o.captured != nil && o.captured.Add(int64(len(p))) > maxCapture {
		err := &LimitError{Limit: LimitMemory, Bound: maxCapture}
		o.b.stop(err)
		return 0, err
	}
	return o.to.Write(p)
}

// input is a command's stdin: it fails once the block was stopped. A read that
// waits is woken by a deadline on the pipe, see block.exec.
type input struct {
	ctx context.Context
	in  io.Reader
}

func (i input) Read(p []byte) (int, error) {
	if err := i.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := i.in.Read(p)
	if err != nil && i.ctx.Err() != nil {
		err = i.ctx.Err()
	}
	return n, err
}

// wake makes reads of in fail when ctx ends; the returned function undoes it.
func wake(ctx context.Context, in io.Reader) (undo func()) {
	file, ok := in.(*os.File)
	if !ok || file == nil {
		return func() {}
	}
	stop := context.AfterFunc(ctx, func() {
		_ = file.SetReadDeadline(time.Unix(1, 0)) // files that never wait have none
	})
	return func() { stop() }
}

// redirected is a file that the shell writes to; the interpreter's complaints
// about unset variables are caught there as on the terminal.
type redirected struct {
	b    *block
	file io.ReadWriteCloser
}

func (r *redirected) Read(p []byte) (int, error) { return r.file.Read(p) }
func (r *redirected) Close() error               { return r.file.Close() }

func (r *redirected) Write(p []byte) (int, error) {
	if r.b.unbound(p) {
		return len(p), nil
	}
	if err := r.b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.file.Write(p)
	if full, ok := errors.AsType[*fs.PathError](err); ok { // echo and others inside the interpreter ignore it
		r.b.stop(full)
	}
	return n, err
}

// shared is one of the block's own streams under a name in /dev: closing it
// does nothing.
type shared struct {
	io.Reader
	io.Writer
}

func (shared) Close() error { return nil }

// unbound recognises the interpreter's message about an unset variable, and
// keeps the name if it is one that the lesson knows: the block then ends with
// an [*UnsetError], which says more.
func (b *block) unbound(p []byte) bool {
	name, ok := strings.CutSuffix(string(p), ": unbound variable\n")
	if !ok || !b.resolver.asked(name) {
		return false
	}
	if _, lookup := b.shell.cfg.Lookups[name]; !lookup && b.resolver.unset(name).Reason == "" {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.unsetName == "" {
		b.unsetName = name
	}
	return true
}
