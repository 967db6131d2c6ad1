// Package python is the CPython that awslab carries: where it is unpacked, and
// how a program of it is started so that it can harm nothing.
//
// [New] names a folder, [Installation.Ensure] unpacks the interpreter into it
// once, and [Start] runs a program in a [Sandbox]: in a process group and, where
// the system lets us, a PID namespace of its own, with bounds on what it may
// use, under Landlock on Linux. Lambda's instances and the lesson's python3 are
// both started here. The files of CPython come from go-embed-python, and with
// them the Python Software Foundation License, unpacked beside the interpreter.
//
// The package imports runner/text only. Start at sandbox.go.
package python

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	embedded "github.com/kluctl/go-embed-python/python"

	"awslab/runner/text"
)

// Release is the CPython inside.
const Release = "3.14.6"

// Config says where to unpack.
type Config struct {
	// Dir is a folder of the user's own; it is made with mode 0700.
	Dir string
	// Progress is told how many bytes are unpacked, about ten times a second,
	// and at the end. Nil tells nobody.
	Progress func(bytes int64, done bool)
}

// Installation is the unpacked interpreter. It is safe for concurrent use.
type Installation struct {
	cfg Config

	mu   sync.Mutex
	home string // once ensured
}

// New makes an installation without touching the disk.
func New(cfg Config) *Installation { return &Installation{cfg: cfg} }

// folder is where this release is unpacked. The suffix changes when what is
// done after unpacking does.
func (i *Installation) folder() string { return filepath.Join(i.cfg.Dir, Release+"-compiled") }

// Ensure unpacks the interpreter if that has not been done: about 145 MB in a
// second or two. Several processes may try at once; one does it. It returns
// PYTHONHOME.
func (i *Installation) Ensure(ctx context.Context) (home string, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.home != "" {
		return i.home, nil
	}
	if err := os.MkdirAll(i.cfg.Dir, 0o700); err != nil {
		return "", notUnpacked(err)
	}
	if err := private(i.cfg.Dir); err != nil {
		return "", err
	}
	home = i.folder()
	if whole(home) {
		i.home = home
		return home, nil
	}
	lock := flock.New(filepath.Join(i.cfg.Dir, "lock"), flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 50*time.Millisecond); err != nil {
		return "", notUnpacked(err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if !whole(home) {
		if err := i.unpack(home); err != nil {
			return "", notUnpacked(err)
		}
	}
	i.home = home
	return home, nil
}

func notUnpacked(err error) error {
	return &text.Cause{Says: func(c *text.Causes) string { return c.PythonNotUnpacked }, Err: err}
}

// unpack extracts beside home, seals the result and moves it into place.
func (i *Installation) unpack(home string) (err error) {
	fresh := home + ".new"
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	stop := i.report(fresh)
	_, err = embedded.NewEmbeddedPythonWithTmpDir(fresh, false)
	stop(err == nil)
	if err != nil {
		return errors.Join(err, os.RemoveAll(fresh))
	}
	if err := os.Remove(fresh + ".lock"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := finish(fresh); err != nil {
		return errors.Join(err, os.RemoveAll(fresh))
	}
	if err := os.RemoveAll(home); err != nil {
		return err
	}
	return os.Rename(fresh, home)
}

// finish compiles and seals what was extracted. Hashing what is there takes half as
// long as compiling, and needs not wait for it.
func finish(home string) error {
	list, err := files(home)
	if err != nil {
		return err
	}
	compiled := make(chan error, 1)
	go func() { compiled <- compile(home) }()
	sums := map[string]string{}
	err = hashes(home, list, sums)
	if err := errors.Join(err, <-compiled); err != nil {
		return err
	}
	if list, err = files(home); err != nil {
		return err
	}
	if err := hashes(home, list, sums); err != nil {
		return err
	}
	return seal(home, sums)
}

// usual are the modules that functions import, and those that describe an
// exception. One that a platform's build lacks is passed over.
const usual = `
for name in """argparse ast asyncio base64 collections concurrent.futures contextlib copy csv dataclasses datetime decimal
    email enum functools hashlib hmac http.client inspect io itertools json linecache logging math os pathlib pprint random
    re secrets shutil socket ssl statistics string subprocess tempfile textwrap threading time tokenize traceback types
    typing unittest urllib.request uuid zipfile zoneinfo""".split():
    try:
        __import__(name)
    except ImportError:
        pass
`

// compile leaves the usual modules' bytecode beside them: afterwards nothing may
// write there, and compiling json anew costs each process 50 ms and more.
func compile(home string) error {
	cmd := exec.Command(executable(home), "-S", "-c", usual)
	cmd.Env = []string{"PYTHONHOME=" + home}
	if out, err := cmd.CombinedOutput(); err != nil {
		return &text.Cause{
			Says: func(c *text.Causes) string { return c.PythonNotCompiled },
			Args: text.Args{"said": strings.TrimSpace(string(out))}, Err: err,
		}
	}
	return nil
}

// report tells the progress of an extraction until it is stopped.
func (i *Installation) report(dir string) (stop func(done bool)) {
	if i.cfg.Progress == nil {
		return func(bool) {}
	}
	quit, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(100 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-quit:
				return
			case <-tick.C:
				i.cfg.Progress(size(dir), false)
			}
		}
	}()
	return func(done bool) {
		close(quit)
		<-stopped
		if done {
			i.cfg.Progress(size(dir), true)
		}
	}
}

func size(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				total += info.Size()
			}
		}
		return nil
	})
	return total
}

// private refuses a folder that others could write: they could put their own
// interpreter there.
func private(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0 {
		return &text.Cause{Says: func(c *text.Causes) string { return c.PythonOpenToOthers }, Args: text.Args{"dir": dir}}
	}
	return nil
}

// executable is the interpreter's name under home.
func executable(home string) string {
	if runtime.GOOS == "windows" {
		return filepath.Join(home, "python.exe")
	}
	return filepath.Join(home, "bin", "python3")
}

// Version runs the interpreter and gives what it says of itself: "3.14.6".
func (i *Installation) Version(ctx context.Context) (string, error) {
	home, err := i.Ensure(ctx)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	p, err := Start(Sandbox{Home: home, Args: []string{"-I", "-S", "-c", "import platform; print(platform.python_version())"}, Stdout: &out})
	if err != nil {
		return "", err
	}
	defer p.Kill()
	select {
	case <-p.Done():
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if code := p.ExitCode(); code != 0 {
		return "", &text.Cause{Says: func(c *text.Causes) string { return c.PythonEnded }, Args: text.Args{"code": fmt.Sprint(code)}}
	}
	return strings.TrimSpace(out.String()), nil
}
