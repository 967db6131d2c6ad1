package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"awslab/runner"
)

// playground starts `awslab playground` and waits until it serves; said is what it
// prints up to then, and up to a line with more, if that is not "".
func (h *home) playground(more string, args ...string) (said string, stop func() string) {
	h.t.Helper()
	cmd := h.command(append([]string{"playground"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	var errs strings.Builder
	cmd.Stderr = &errs
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for !strings.Contains(said, "http://") || !strings.Contains(said, more) {
		if !lines.Scan() {
			_ = cmd.Wait()
			h.t.Fatalf("the playground said %q and ended: %s", said, errs.String())
		}
		said += lines.Text() + "\n"
	}
	return said, func() string {
		if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
			h.t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			h.t.Errorf("the playground ended with %v: %s", err, errs.String())
		}
		return errs.String()
	}
}

// address is the page's, of what the command printed.
func address(t *testing.T, said string) string {
	t.Helper()
	_, rest, found := strings.Cut(said, "http://localhost:")
	port, _, closed := strings.Cut(rest, "/")
	if !found || !closed {
		t.Fatalf("no address in %q", said)
	}
	return "http://localhost:" + port + "/"
}

func get(t *testing.T, url string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err := answer.Body.Close(); err != nil {
		t.Error(err)
	}
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", url, answer.Status, err)
	}
	return string(body)
}

// The page is served until the command is interrupted, in the lesson's language,
// at an address that stays. A second awslab has one of its own meanwhile.
func TestThePlaygroundIsServed(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	write(t, h.data("playground.json"), `{"addr":"`+ownAddr(t)+`"}`)
	said, stop := h.playground("", "canary", "--lang", "ko")
	first := address(t, said)
	if page := get(t, first); !strings.Contains(page, `<html lang="ko">`) || !strings.Contains(page, "CORS 놀이터") {
		t.Errorf("the page:\n%.500s", page)
	}
	said, stopSecond := h.playground("", "lambda")
	second := address(t, said)
	if second == first {
		t.Errorf("both are at %s", first)
	}
	if page := get(t, second); !strings.Contains(page, `<html lang="en">`) {
		t.Errorf("the second page:\n%.500s", page)
	}
	if errs := stopSecond(); !strings.Contains(errs, "another origin") {
		t.Errorf("the second says nothing of its origin: %q", errs)
	}
	stop()
	said, stop = h.playground("", "canary")
	if again := address(t, said); again != first {
		t.Errorf("the address was %s and is %s", first, again)
	}
	if errs := stop(); errs != "" {
		t.Errorf("it says %q", errs)
	}
	// One that is asked for is kept.
	addr := ownAddr(t)
	_, port, _ := net.SplitHostPort(addr)
	for _, args := range [][]string{{"canary", "--addr", addr}, {"canary"}} {
		said, stop := h.playground("", args...)
		if got := address(t, said); got != "http://localhost:"+port+"/" {
			t.Errorf("%v: %s", args, got)
		}
		stop()
	}
}

// Over ssh the student is told how to reach both ports from his own machine.
func TestThePlaygroundOverSSH(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.env = append(h.env, "SSH_CONNECTION=10.0.0.1 50000 10.0.0.2 22")
	said, stop := h.playground("HOST", "canary")
	stop()
	_, port, _ := strings.Cut(strings.TrimSuffix(address(t, said), "/"), "localhost:")
	file, err := os.ReadFile(h.data("address.json"))
	if err != nil {
		t.Fatal(err)
	}
	emulator := strings.Trim(string(file[strings.LastIndex(string(file), ":")+1:]), "\"}\n")
	if want := "ssh -L " + port + ":127.0.0.1:" + port + " -L " + emulator + ":127.0.0.1:" + emulator + " HOST"; !strings.Contains(said, want) {
		t.Errorf("no %q in\n%s", want, said)
	}
}

func TestThePlaygroundRefuses(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	other, err := filepath.Abs(filepath.Join("testdata", "hostile"))
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		args []string
		code int
		says string
	}{
		"an address that others reach": {[]string{"canary", "--addr", "0.0.0.0:4580"}, exitUsage, "the playground does not listen on 0.0.0.0:4580"},
		"no address":                   {[]string{"canary", "--addr", "4580"}, exitUsage, "the playground does not listen on 4580"},
		"a port in use":                {[]string{"canary", "--addr", taken.Addr().String()}, exitEnvironment, "the playground cannot listen on " + taken.Addr().String()},
		"no such lesson":               {[]string{"nothing"}, exitUsage, "there is no lesson nothing"},
		"two lessons":                  {[]string{"canary", "lambda"}, exitUsage, "awslab playground does not take so many arguments"},
		"a course without the lesson":  {[]string{"--lessons", other}, exitUsage, "this course has no lesson named cors"},
	} {
		_, errs, code := h.run(append([]string{"playground"}, tt.args...)...)
		if code != tt.code || !strings.Contains(errs, tt.says) || !strings.Contains(errs, "hint: ") {
			t.Errorf("%s: exit code %d\n%s", name, code, errs)
		}
	}
}

// A browser is opened where there is one to open, and nowhere else.
func TestWhereABrowserIsOpened(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		env               map[string]string
		remote, graphical bool
	}{
		"a desktop": {map[string]string{"DISPLAY": ":0"}, false, true},
		"Wayland":   {map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, false, true},
		"WSL":       {map[string]string{"WSL_DISTRO_NAME": "Debian"}, false, true},
		"a console": {map[string]string{}, false, false},
		"ssh":       {map[string]string{"SSH_CONNECTION": "a b c d"}, true, false},
		"ssh -X":    {map[string]string{"SSH_TTY": "/dev/pts/0", "DISPLAY": "localhost:10.0"}, true, true},
	} {
		a := &app{getenv: func(name string) string { return tt.env[name] }}
		if got := a.remote(); got != tt.remote {
			t.Errorf("%s: remote %v", name, got)
		}
		if got := a.graphical(); got != tt.graphical {
			t.Errorf("%s: graphical %v", name, got)
		}
	}
	if got := forward(&runner.Playground{Port: "4580"}); got != "ssh -L 4580:127.0.0.1:4580 HOST" {
		t.Errorf("without an emulator: %s", got)
	}
}

// The student's browser is opened with the page's address, from a terminal.
func TestTheBrowserIsOpened(t *testing.T) {
	dir := t.TempDir()
	opened := filepath.Join(dir, "opened")
	if err := syscall.Mkfifo(opened, 0o600); err != nil {
		t.Fatal(err)
	}
	opener := filepath.Join(dir, "xdg-open")
	write(t, opener, "#!/bin/sh\necho \"$1\" > '"+opened+"'\n")
	if err := os.Chmod(opener, 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	write(t, filepath.Join(dir, "address.json"), `{"addr":"`+ownAddr(t)+`"}`)
	write(t, filepath.Join(dir, "playground.json"), `{"addr":"`+ownAddr(t)+`"}`)
	var out, errs strings.Builder
	a := &app{
		stdin: strings.NewReader(""), stdout: &out, stderr: &errs, data: &out, terminal: true, now: time.Now,
		getenv: func(name string) string { return map[string]string{"DISPLAY": ":0"}[name] },
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() { ended <- a.execute(ctx, []string{"playground", "canary", "--home", dir}) }()
	url, err := os.ReadFile(opened) // waits until somebody writes
	stop()
	if code := <-ended; code != exitPassed || err != nil {
		t.Fatalf("exit code %d, %v\n%s", code, err, errs.String())
	}
	if got := strings.TrimSpace(string(url)); got != address(t, out.String()) {
		t.Errorf("opened %q, and said\n%s", got, out.String())
	}
}
