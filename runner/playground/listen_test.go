package playground_test

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"testing"

	"awslab/runner/playground"
	"awslab/runner/text"
)

// A home's page keeps its port, moves away for a time where that is in use, and
// believes no file that says something else.
func TestThePortIsKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "new", "playground.json")
	listen := func(addr string) (net.Listener, bool) {
		t.Helper()
		listener, moved, err := playground.Listen(t.Context(), file, addr)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = listener.Close() })
		return listener, moved
	}
	shut := func(l net.Listener) {
		t.Helper()
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	first, moved := listen("127.0.0.1:0")
	if moved {
		t.Error("the first has moved")
	}
	second, moved := listen("")
	if !moved || second.Addr().String() == first.Addr().String() {
		t.Errorf("beside %s: %s, %v", first.Addr(), second.Addr(), moved)
	}
	shut(second)
	shut(first)
	again, moved := listen("")
	if moved || again.Addr().String() != first.Addr().String() {
		t.Errorf("again: %s, %v, was %s", again.Addr(), moved, first.Addr())
	}
	_, _, err := playground.Listen(t.Context(), file, again.Addr().String())
	var problem *text.Problem
	if !errors.As(err, &problem) {
		t.Errorf("a port in use: %v", err)
	}
	shut(again)
	for name, content := range map[string]string{"no JSON": "{", "no address": `{}`, "an address of the network": `{"addr":"0.0.0.0:0"}`, "no port": `{"addr":"127.0.0.1"}`} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		listener, moved := listen("")
		if host, _, _ := net.SplitHostPort(listener.Addr().String()); moved || host != "127.0.0.1" {
			t.Errorf("%s: %s, %v", name, listener.Addr(), moved)
		}
		shut(listener)
	}
	if _, _, err := playground.Listen(t.Context(), filepath.Join(file, "below", "a", "file"), "127.0.0.1:0"); err == nil {
		t.Error("a file that cannot be written is no mistake")
	}
}
