package python_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"awslab/runner/emulator/python"
)

func TestNothingOutsideIsReached(t *testing.T) {
	t.Parallel()
	confined(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	secret := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("s"), 0o600); err != nil {
		t.Fatal(err)
	}
	agent, err := net.Listen("unix", filepath.Join(short(t), "agent"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = agent.Close() }()
	quoted, write := strconv.Quote(secret), t.TempDir()
	dir := strconv.Quote(write + "/")
	for name, text := range map[string]string{
		"a symbolic link":       "import os; os.symlink(" + quoted + ", " + dir + " + 's'); open(" + dir + " + 's').read()",
		"a hard link":           "import os; os.link(" + quoted + ", " + dir + " + 'h')",
		"moving in":             "import os; os.rename(" + quoted + ", " + dir + " + 'm')",
		"removing":              "import os; os.remove(" + quoted + ")",
		"changing the mode":     "import os; os.truncate(" + quoted + ", 0)",
		"its own memory":        "open('/proc/self/mem', 'r+b')",
		"a socket by its path":  "import _socket; _socket.socket(1, 1, 0).connect(" + strconv.Quote(agent.Addr().String()) + ")",
		"an abstract socket":    "import _socket; _socket.socket(1, 1, 0).connect('\\0awslab')",
		"a datagram":            "import _socket; _socket.socket(2, 2, 0).sendto(b'x', ('127.0.0.1', " + port + "))",
		"a datagram, IPv6":      "import _socket; _socket.socket(10, 2, 0)",
		"a raw socket":          "import _socket; _socket.socket(2, 3, 1)",
		"netlink":               "import _socket; _socket.socket(16, 3, 0)",
		"memory of nobody":      "import ctypes; r = ctypes.CDLL(None).memfd_create(b'x', 0); r < 0 and exec('raise OSError')",
		"the libc":              "import ctypes; c = ctypes.CDLL(None, use_errno=True); fd = c.open(" + quoted + ".encode(), 0); fd < 0 and exec('raise OSError')",
		"the key ring":          "import ctypes; c = ctypes.CDLL(None); r = c.syscall(" + strconv.Itoa(unix.SYS_KEYCTL) + ", 0, -3, 0); r < 0 and exec('raise OSError')",
		"io_uring":              "import ctypes; c = ctypes.CDLL(None); r = c.syscall(" + strconv.Itoa(unix.SYS_IO_URING_SETUP) + ", 1, ctypes.create_string_buffer(200)); r < 0 and exec('raise OSError')",
		"a name space":          "import os; os.unshare(0x10000000)",
		"a tracer":              "import ctypes; c = ctypes.CDLL(None); r = c.ptrace(0, 0, 0, 0); r < 0 and exec('raise OSError')",
		"a file of the student": "open(" + strconv.Quote(secret) + ").read()",
		"/etc/passwd":           "open('/etc/passwd').read()",
		"a folder":              "import os; os.listdir('/')",
		"/proc":                 "open('/proc/self/environ').read()",
		"writing":               "open('/tmp/awslab-escape', 'w')",
		"a program":             "import os; os.execv('/bin/sh', ['sh', '-c', 'echo out'])",
		"a connection":          "import _socket; s = _socket.socket(2, 1, 0); s.connect(('127.0.0.1', " + port + "))",
		"listening":             "import _socket; s = _socket.socket(2, 1, 0); s.bind(('127.0.0.1', 0))",
		"a signal":              "import os; os.kill(" + strconv.Itoa(os.Getpid()) + ", 0)",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, p := run(t, python.Sandbox{Write: []string{write}}, "try:\n "+strings.ReplaceAll(text, "; ", "\n ")+"\nexcept (OSError, ProcessLookupError) as e:\n print('denied')\nelse:\n print('OUT')")
			if out != "denied\n" || p.ExitCode() != 0 {
				t.Errorf("got %q, %s", out, p.Status())
			}
		})
	}
}

// short is a folder whose path fits into a socket's address.
func short(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "a")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // it is in the temporary folder
	return dir
}
