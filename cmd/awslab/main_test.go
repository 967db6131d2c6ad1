package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The tests run the real program: this test binary, told by a variable to be
// awslab. A process of its own can be killed, and has an environment of its own.
const beAwslab = "AWSLAB_TEST_BE_AWSLAB"

func TestMain(m *testing.M) {
	if os.Getenv(beAwslab) != "" {
		os.Exit(run())
	}
	os.Exit(m.Run())
}

// home is a student's machine: an empty HOME with the unpacked Python of the
// machine's own cache, so that a test does not unpack 145 MB.
type home struct {
	t   testing.TB
	dir string
	env []string
}

func newHome(t testing.TB) *home {
	t.Helper()
	dir := t.TempDir()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = filepath.Join(dir, ".cache")
	}
	if err := os.MkdirAll(filepath.Join(cache, "awslab"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ".local", "share", "awslab", "address.json"), `{"addr":"`+ownAddr(t)+`"}`)
	return &home{t: t, dir: dir, env: []string{
		"HOME=" + dir, "XDG_DATA_HOME=" + filepath.Join(dir, ".local", "share"), "XDG_CACHE_HOME=" + cache,
		"PATH=" + os.Getenv("PATH"), "TERM=dumb", "LANG=C.UTF-8", beAwslab + "=1",
	}}
}

// ownAddr is an address for one home, as if it had been chosen when the home was
// first used: below the ports that the system gives to connections, so that it
// stays free between two commands.
func ownAddr(t testing.TB) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprint("127.0.0.1:", 20000+rand.IntN(10000))
		listener, err := net.Listen("tcp", addr)
		if err != nil {
			continue
		}
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		return addr
	}
	t.Fatal("no port is free")
	return ""
}

// command is awslab with arguments, not started.
func (h *home) command(args ...string) *exec.Cmd {
	exe, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Env = h.env
	cmd.Dir = h.dir
	return cmd
}

// run runs awslab to its end.
func (h *home) run(args ...string) (stdout, stderr string, code int) {
	h.t.Helper()
	cmd := h.command(args...)
	var out, errs strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if cmd.ProcessState == nil {
		h.t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// must runs awslab and wants an exit code.
func (h *home) must(want int, args ...string) (stdout, stderr string) {
	h.t.Helper()
	stdout, stderr, code := h.run(args...)
	if code != want {
		h.t.Fatalf("awslab %s: exit code %d, want %d\n%s\n%s", strings.Join(args, " "), code, want, stdout, stderr)
	}
	return stdout, stderr
}

func write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
