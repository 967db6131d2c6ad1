package python

import (
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"awslab/runner/text"
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
	// Disk bounds the bytes that all files under Write hold together; 0 means
	// 512 MiB. Where they hold more at the start, they may not grow.
	Disk int64
}

const (
	defaultMemory   = 512 << 20
	defaultChildren = 64
	maxFile         = 512 << 20 // bytes of one file
	defaultDisk     = 512 << 20
	watchEvery      = 25 * time.Millisecond // how often memory and processes are counted
	diskEvery       = 8                     // in how many of these rounds the disk is
)

// Process is a running program with all its children.
type Process struct {
	cmd  *exec.Cmd
	done chan struct{}

	mu   sync.Mutex
	why  string // why it was killed: "memory", "children" or "disk"
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
	if s.Disk == 0 {
		s.Disk = defaultDisk
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
		return nil, &text.Cause{Says: func(c *text.Causes) string { return c.ProgramNotStarted }, Args: text.Args{"program": program}, Err: err}
	}
	// Half as many again: what counts them first can say why it ended.
	release := enclose(p.cmd.Process.Pid, s.Children+s.Children/2)
	go func() {
		p.watch(s)
		<-p.done
		release()
	}()
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
	limit(p.cmd.Process.Pid, s.Children)
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
	disk := max(s.Disk, held(s.Write, math.MaxInt64))
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for round := 1; ; round++ {
		select {
		case <-p.done:
			return
		case <-tick.C:
		}
		use, ok := usage(p.cmd.Process.Pid, s.Children)
		if !ok {
			continue
		}
		full := round%diskEvery == 0 && held(s.Write, disk) > disk
		p.mu.Lock()
		p.peak = max(p.peak, use.memory)
		switch {
		case use.processes > s.Children:
			p.why = "children"
		case use.memory > s.Memory:
			p.why = "memory"
		case full:
			p.why = "disk"
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

// Exceeded says which bound it was killed for: "memory", "children", "disk" or "".
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
		if use, ok := usage(p.cmd.Process.Pid, maxEntries); ok {
			p.peak = use.memory
		}
	}
	return p.peak
}

// maxEntries bounds how many files a program may leave.
const maxEntries = 50_000

// held is how many bytes the files under folders hold, or say that they do; it
// stops counting beyond enough, and too many files are too many bytes.
func held(folders []string, enough int64) int64 {
	var bytes int64
	entries := 0
	for _, folder := range folders {
		_ = filepath.WalkDir(folder, func(_ string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // removed meanwhile: it holds nothing
			}
			if entries++; entries > maxEntries {
				bytes = math.MaxInt64
				return fs.SkipAll
			}
			if !d.Type().IsRegular() {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return nil //nolint:nilerr // see above
			}
			if bytes += info.Size(); bytes > enough {
				return fs.SkipAll
			}
			return nil
		})
	}
	return bytes
}

type used struct {
	memory    int64
	processes int
}

// nullDevice is what programs may always read and write.
const nullDevice = os.DevNull
