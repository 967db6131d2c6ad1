package target_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"awslab/runner/target"
	"awslab/runner/text"
)

// plain is an emulator that only says whose it is.
type plain struct {
	name   string
	closed atomic.Bool
}

func (p *plain) ServeHTTP(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, p.name) }

func (p *plain) Close() error { p.closed.Store(true); return nil }

func openHome(t *testing.T, dir, name, addr string) (*target.Home, error) {
	t.Helper()
	return target.OpenHome(t.Context(), target.HomeConfig{
		Dir: dir, Addr: addr,
		NewServer: func(string, target.Credentials) (target.Server, error) { return &plain{name: name}, nil },
		Notice:    func(n text.Notice) { what, _ := text.English().Notice(n); t.Log(what) },
	})
}

func ask(t *testing.T, url string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestOneOwnerServesAndAnotherTakesOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := openHome(t, dir, "first", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	second, err := openHome(t, dir, "second", "")
	if err != nil {
		t.Fatal(err)
	}
	url := first.URL()
	if second.URL() != url || second.Owner() || !first.Owner() {
		t.Fatalf("first %s owns %t, second %s owns %t", url, first.Owner(), second.URL(), second.Owner())
	}
	if first.Credentials() != second.Credentials() {
		t.Error("the two have different access keys")
	}
	if got := ask(t, url); got != "first" {
		t.Errorf("the emulator is %q", got)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(10 * time.Second)
	for !second.Owner() {
		if time.Now().After(deadline) {
			t.Fatal("nobody took over")
		}
		runtime.Gosched()
	}
	if got := ask(t, url); got != "second" {
		t.Errorf("after the owner's end the emulator is %q", got)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	third, err := openHome(t, dir, "third", "")
	if err != nil {
		t.Fatal(err)
	}
	if third.URL() != url {
		t.Errorf("the address moved from %s to %s", url, third.URL())
	}
	if err := third.Close(); err != nil {
		t.Error(err)
	}
}

func TestAPortInUseIsAClearProblem(t *testing.T) {
	t.Parallel()
	stranger, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stranger.Close() }()
	_, err = openHome(t, t.TempDir(), "x", stranger.Addr().String())
	var problem *text.Problem
	if !errors.As(err, &problem) {
		t.Fatalf("got %v", err)
	}
	what, hint := text.English().Problem(problem)
	if want := "the emulator cannot listen on " + stranger.Addr().String(); len(what) < len(want) || what[:len(want)] != want || hint == "" {
		t.Errorf("error: %s\nhint: %s", what, hint)
	}
}

func TestTheSecretIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "home")
	h, err := openHome(t, dir, "x", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = h.Close() }()
	for _, name := range []string{"credentials.json", "address.json"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if c := h.Credentials(); len(c.SecretAccessKey) < 40 || len(c.AccessKeyID) != 20 {
		t.Errorf("the access key is %d and %d characters long", len(c.AccessKeyID), len(c.SecretAccessKey))
	}
}

// Whoever sends a body too slowly is answered all the same, whether anybody wants
// the body or not, and loses the connection: nothing waits for the rest. The time
// is the request's alone, an answer may take longer.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	const readTimeout = 50 * time.Millisecond
	home, err := target.OpenHome(t.Context(), target.HomeConfig{
		Dir: t.TempDir(), Addr: "127.0.0.1:0", ReadTimeout: readTimeout,
		NewServer: func(string, target.Credentials) (target.Server, error) { return reader{}, nil },
		Notice:    func(text.Notice) {},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := home.Close(); err != nil {
			t.Error(err)
		}
	})
	for name, tt := range map[string]struct{ target, rest, want string }{
		"half a body":                  {"/read", "Content-Length: 100\r\n\r\nhello", "HTTP/1.1 408 "},
		"nothing of a body":            {"/read", "Content-Length: 100\r\n\r\n", "HTTP/1.1 408 "},
		"chunks":                       {"/read", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "HTTP/1.1 408 "},
		"a body nobody wants":          {"/ignore", "Content-Length: 100\r\n\r\nhello", "HTTP/1.1 404 "},
		"a whole one, answered slowly": {"/wait", "Content-Length: 5\r\nConnection: close\r\n\r\nhello", "HTTP/1.1 200 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, err := net.Dial("tcp", strings.TrimPrefix(home.URL(), "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = c.Close() }()
			_ = c.SetDeadline(time.Now().Add(10 * time.Second)) // the test's own bound
			fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: localhost\r\n%s", tt.target, tt.rest)
			answer, err := io.ReadAll(c) // to the end of the connection
			if err != nil || !strings.HasPrefix(string(answer), tt.want) {
				t.Errorf("%v, %q; want %q", err, answer, tt.want)
			}
		})
	}
}

// reader is an emulator that reads a body, ignores it, or answers it slowly.
type reader struct{}

func (reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/ignore" {
		http.NotFound(w, r)
		return
	}
	if _, err := io.ReadAll(r.Body); errors.Is(err, os.ErrDeadlineExceeded) {
		w.WriteHeader(http.StatusRequestTimeout)
		return
	}
	if r.URL.Path == "/wait" {
		select {
		case <-time.After(150 * time.Millisecond): // thrice the time of a request
		case <-r.Context().Done():
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}
}

func (reader) Close() error { return nil }
