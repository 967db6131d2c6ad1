package python

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"
)

// Sandbox says what to run and what it may use. Everything else is denied
// where [Sandboxed] is true: other files, other connections, starting other
// programs than the interpreter itself, signals to processes outside.
type Sandbox struct {
	Home string   // PYTHONHOME, from Ensure; empty with Program
	Args []string // of the interpreter, or of Program
	// Program runs instead of the interpreter: a provided.* function's own
	// bootstrap.
	Program string

	Env      []string // all of the environment
	Dir      string   // where it starts; may be empty
	Read     []string // folders and files it may read
	Write    []string // folders in which it may do everything but run programs
	Connect  uint16   // the one loopback TCP port it may connect to; 0 for none
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Memory   int64 // bytes of resident memory, all processes together; 0 means 512 MiB
	Children int   // processes and threads at once; 0 means 64
}

const (
	defaultMemory   = 512 << 20
	defaultChildren = 64
	maxFile         = 512 << 20             // bytes of one file
	watchEvery      = 25 * time.Millisecond // how often memory and processes are counted
)

// Process is a running program with all its children.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}

	mu   sync.Mutex
	why  string // why it was killed: "memory" or "children"
	peak int64
	code int
}

// Start starts a program in its sandbox. Kill it when it is no longer needed;
// when awslab itself dies, it dies too (on Linux).
func Start(s Sandbox) (*Process, error) {
	program := s.Program
	if program == "" {
		program = executable(s.Home)
	}
	if s.Memory == 0 {
		s.Memory = defaultMemory
	}
	if s.Children == 0 {
		s.Children = defaultChildren
	}
	p := &Process{cmd: exec.Command(program, s.Args...), done: make(chan struct{})}
	p.cmd.Env = append([]string{}, s.Env...)
	if s.Home != "" {
		p.cmd.Env = append(p.cmd.Env, "PYTHONHOME="+s.Home, "PYTHONDONTWRITEBYTECODE=1")
	}
	p.cmd.Dir, p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = s.Dir, s.Stdin, s.Stdout, s.Stderr
	p.cmd.WaitDelay = 2 * time.Second // a child that keeps a pipe open is not waited for
	started := make(chan error, 1)
	go p.run(program, s, started)
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	go p.watch(s)
	return p, nil
}

// run confines its own thread, starts the program from it and waits for it. The
// thread is never given back: it stays confined, and the kernel ends the program
// when the thread that started it ends.
func (p *Process) run(program string, s Sandbox, started chan<- error) {
	runtime.LockOSThread()
	defer close(p.done)
	if err := confine(program, s); err != nil {
		started <- err
		return
	}
	if err := startIsolated(p.cmd); err != nil {
		started <- err
		return
	}
	limit(p.cmd.Process.Pid)
	started <- nil
	_ = p.cmd.Wait() // the exit code says all
	killGroup(p.cmd.Process.Pid)
	p.mu.Lock()
	p.code = p.cmd.ProcessState.ExitCode()
	p.mu.Unlock()
}

// watch counts what the program and its children use, and kills them all when
// it is too much.
func (p *Process) watch(s Sandbox) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
		}
		use, ok := usage(p.cmd.Process.Pid)
		if !ok {
			continue
		}
		p.mu.Lock()
		p.peak = max(p.peak, use.memory)
		switch {
		case use.memory > s.Memory:
			p.why = "memory"
		case use.processes > s.Children:
			p.why = "children"
		}
		why := p.why
		p.mu.Unlock()
		if why != "" {
			p.Kill()
			return
		}
	}
}

// Kill ends the program and its children at once. It may be called at any time.
func (p *Process) Kill() {
	select {
	case <-p.done:
	default:
		killGroup(p.cmd.Process.Pid)
		_ = p.cmd.Process.Kill() // it may have ended by itself
	}
}

// Done is closed when the program has ended and its output is written.
func (p *Process) Done() <-chan struct{} { return p.done }

// ExitCode is the program's, once Done; -1 when a signal ended it.
func (p *Process) ExitCode() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.code
}

// Status describes how it ended, as in "exit status 1" or "signal: killed".
func (p *Process) Status() string {
	select {
	case <-p.done:
	default:
		return "running"
	}
	if p.cmd.ProcessState == nil {
		return "not started"
	}
	return p.cmd.ProcessState.String()
}

// Exceeded says which bound it was killed for: "memory", "children" or "".
func (p *Process) Exceeded() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.why
}

// PeakMemory is the most resident memory that was seen, in bytes; 0 where the
// system does not tell. It is counted forty times a second; the first time it is
// asked for, at once.
func (p *Process) PeakMemory() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.peak == 0 {
		if use, ok := usage(p.cmd.Process.Pid); ok {
			p.peak = use.memory
		}
	}
	return p.peak
}

type used struct {
	memory    int64
	processes int
}

// nullDevice is what programs may always read and write.
const nullDevice = os.DevNull
