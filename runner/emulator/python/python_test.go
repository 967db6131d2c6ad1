package python_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"awslab/runner/emulator/python"
)

// home is an unpacked interpreter, shared by the packages' tests: 145 MB.
func home(t testing.TB) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	home, err := python.New(python.Config{Dir: filepath.Join(cache, "awslab", "python")}).Ensure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return home
}

// run runs a Python text and gives its output and the ended process.
func run(t *testing.T, s python.Sandbox, text string) (string, *python.Process) {
	t.Helper()
	var out bytes.Buffer
	s.Home, s.Args, s.Stdout, s.Stderr = home(t), []string{"-I", "-S", "-c", text}, &out, &out
	p, err := python.Start(s)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	select {
	case <-p.Done():
	case <-ctx.Done():
		p.Kill()
		t.Fatalf("still running after 20 s; it said %s", out.String())
	}
	return out.String(), p
}

func confined(t *testing.T) {
	t.Helper()
	if !python.New(python.Config{}).Sandboxed() {
		t.Skip("this system has no Landlock: nothing is confined, and awslab says so")
	}
}

func TestHello(t *testing.T) {
	t.Parallel()
	out, p := run(t, python.Sandbox{}, "import sys; print('hello', sys.version_info[:2]); sys.exit(3)")
	if out != "hello (3, 14)\n" || p.ExitCode() != 3 {
		t.Errorf("got %q, exit code %d", out, p.ExitCode())
	}
}

func TestWhatIsAllowedWorks(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	port := listener.Addr().(*net.TCPAddr).Port
	read, write := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(read, "f"), []byte("read"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, _ := run(t, python.Sandbox{Read: []string{read}, Write: []string{write}, Connect: uint16(port)},
		"import os, _socket\nprint(open("+strconv.Quote(filepath.Join(read, "f"))+").read())\n"+
			"p = "+strconv.Quote(filepath.Join(write, "g"))+"\nopen(p, 'w').write('x')\nos.remove(p)\n"+
			"_socket.socket(2, 1, 0).connect(('127.0.0.1', "+strconv.Itoa(port)+"))\nprint('connected')")
	if out != "read\nconnected\n" {
		t.Errorf("got %q", out)
	}
}

func TestNothingOfTheStudentLeaksIn(t *testing.T) {
	t.Setenv("AWSLAB_TEST_SECRET", "leaked")
	out, _ := run(t, python.Sandbox{Env: []string{"A=1", "LC_CTYPE=C.UTF-8"}}, "import os; print(sorted(os.environ))")
	if out != "['A', 'LC_CTYPE', 'PYTHONDONTWRITEBYTECODE', 'PYTHONHOME']\n" {
		t.Errorf("the program sees %s", out)
	}
}

// The bombs end by themselves after some seconds, should awslab not end them.
func TestForkBombIsEnded(t *testing.T) {
	t.Parallel()
	confined(t)
	for name, text := range map[string]string{
		"sleeping": "import os, time\nwhile True:\n try:\n  if os.fork() == 0: time.sleep(60)\n except OSError: time.sleep(60)",
		"growing":  "import os, time\nend = time.time() + 5\nwhile time.time() < end:\n try: os.fork()\n except OSError: pass",
		"threads":  "import _thread, time\nwhile True:\n try: _thread.start_new_thread(time.sleep, (60,))\n except RuntimeError: time.sleep(60)",
	} {
		t.Run(name, func(t *testing.T) {
			_, p := run(t, python.Sandbox{}, text)
			if p.Exceeded() != "children" {
				t.Errorf("it ended with %s for %q", p.Status(), p.Exceeded())
			}
		})
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	confined(t)
	_, p := run(t, python.Sandbox{Memory: 100 << 20}, "b = []\nwhile True: b.append(bytearray(b'x') * (1 << 20))")
	if p.Exceeded() != "memory" {
		t.Errorf("it ended with %s for %q", p.Status(), p.Exceeded())
	}
}

func TestDiskIsBounded(t *testing.T) {
	t.Parallel()
	confined(t)
	for name, text := range map[string]string{
		"large files": "import time\nfor i in range(100):\n with open(f'f{i}', 'wb') as f: f.truncate(1 << 20)\ntime.sleep(60)",
		"many files":  "import time\nfor i in range(60000): open(f'f{i}', 'wb').close()\ntime.sleep(60)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			_, p := run(t, python.Sandbox{Dir: dir, Write: []string{dir}, Disk: 64 << 20}, text)
			if p.Exceeded() != "disk" {
				t.Errorf("it ended with %s for %q", p.Status(), p.Exceeded())
			}
		})
	}
}

func TestKillEndsTheChildrenToo(t *testing.T) {
	t.Parallel()
	confined(t)
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p, err := python.Start(python.Sandbox{Home: home(t), Stdout: w, Args: []string{
		"-I", "-S", "-c", "import os, time\nif os.fork() == 0:\n os.setsid()\nprint('x', flush=True)\ntime.sleep(600)",
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	p.Kill()
	<-p.Done()
	if err := r.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	// The pipe ends only when nobody holds its other end any more.
	for {
		if _, err := r.Read(make([]byte, 64)); err != nil {
			if os.IsTimeout(err) {
				t.Error("a child lives on")
			}
			return
		}
	}
}

func TestSealFindsAChange(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	installation := python.New(python.Config{Dir: dir})
	home, err := installation.Ensure(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := installation.Verify(); err != nil {
		t.Fatal(err)
	}
	victim := filepath.Join(home, "lib", "python3.14", "json", "__init__.py")
	if err := os.WriteFile(victim, []byte("evil"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := installation.Verify(); err == nil || !strings.Contains(err.Error(), "json/__init__.py") {
		t.Errorf("got %v", err)
	}
}

func BenchmarkStart(b *testing.B) {
	home := home(b)
	for b.Loop() {
		p, err := python.Start(python.Sandbox{Home: home, Args: []string{"-I", "-S", "-c", ""}})
		if err != nil {
			b.Fatal(err)
		}
		<-p.Done()
	}
}
