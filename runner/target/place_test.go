package target_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"awslab/runner/target"
)

// A place is chosen once, and its file is believed only if it names this machine.
func TestPlaces(t *testing.T) {
	t.Parallel()
	place := target.Place{File: filepath.Join(t.TempDir(), "new", "address.json"), Default: "127.0.0.1:0"}
	if addr, err := place.Kept(); err == nil {
		t.Errorf("before it is chosen: %s", addr)
	}
	listener, err := place.Choose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	if _, err := place.Keep(listener); err != nil {
		t.Fatal(err)
	}
	if addr, err := place.Kept(); err != nil || addr != listener.Addr().String() {
		t.Errorf("%s, %v, want %s", addr, err, listener.Addr())
	}
	// The default is in use now.
	taken := target.Place{File: place.File, Default: listener.Addr().String()}
	other, err := taken.Choose(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	if other.Addr().String() == listener.Addr().String() {
		t.Errorf("both listen on %s", other.Addr())
	}
	for name, tt := range map[string]struct {
		content string
		ok      bool
	}{
		"this machine": {`{"addr":"127.0.0.1:4566"}`, true}, "its other loopback": {`{"addr":"[::1]:4566"}`, true},
		"every address": {`{"addr":"0.0.0.0:4566"}`, false}, "another machine": {`{"addr":"192.0.2.1:4566"}`, false}, "a name": {`{"addr":"localhost.example:4566"}`, false},
		"no port": {`{"addr":"127.0.0.1"}`, false}, "no address": {`{}`, false}, "no JSON": {`{`, false}, "nothing": {``, false},
	} {
		if err := os.WriteFile(place.File, []byte(tt.content), 0o600); err != nil {
			t.Fatal(err)
		}
		if addr, err := place.Kept(); (err == nil) != tt.ok || (addr != "") != tt.ok {
			t.Errorf("%s: %q, %v", name, addr, err)
		}
	}
	// What cannot be written down is not served.
	lost := target.Place{File: filepath.Join(place.File, "below", "a", "file")}
	if _, err := lost.Keep(other); err == nil {
		t.Error("a file that cannot be written is no mistake")
	}
	if conn, err := net.Dial("tcp", other.Addr().String()); err == nil {
		t.Error("it listens although its address is not kept")
		_ = conn.Close()
	}
}
