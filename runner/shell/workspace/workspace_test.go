package workspace_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

func open(t *testing.T, limits workspace.Limits) (workspace.Files, string) {
	t.Helper()
	top := t.TempDir()
	dir := filepath.Join(top, "ws")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(top, "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	w, err := workspace.Open(dir, limits, text.English().Shell.Workspace)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.Close() })
	return w.At(dir), top
}

func TestOutside(t *testing.T) {
	t.Parallel()
	f, top := open(t, workspace.Limits{})
	if err := os.Symlink(filepath.Join(top, "secret"), filepath.Join(f.Dir(), "abs")); err != nil {
		t.Skip("no symbolic links here")
	}
	for link, to := range map[string]string{"rel": "../secret", "dir": "..", "self": "."} {
		if err := os.Symlink(to, filepath.Join(f.Dir(), link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"../secret", filepath.Join(top, "secret"), "abs", "rel", "dir/secret", "self/../../secret", "self/self/rel", f.Dir() + "/../secret", f.Dir() + "x", "/", "//etc/passwd", "/proc/self/environ"} {
		calls := map[string]func() error{
			"read":   func() error { _, err := f.ReadFile(name); return err },
			"write":  func() error { return f.WriteFile(name, nil) },
			"stat":   func() error { _, err := f.Stat(name); return err },
			"mkdir":  func() error { return f.Mkdir(name+"/new", true) },
			"chmod":  func() error { return f.Chmod(name, 0o777) },
			"rename": func() error { return f.Rename(name+"/x", "y") },
		}
		for verb, call := range calls {
			err := call()
			if err == nil {
				t.Errorf("%s %s worked", verb, name)
			}
			if (verb == "read" || verb == "stat") && !errors.Is(err, workspace.ErrOutside) {
				t.Errorf("%s %s: %v", verb, name, err)
			}
		}
	}
	if data, err := os.ReadFile(filepath.Join(top, "secret")); err != nil || string(data) != "secret" {
		t.Errorf("the secret is %q, %v", data, err)
	}
	for _, name := range []string{"self/x", filepath.Join(f.Dir(), "x"), "./x", "self/self/../x"} {
		if err := f.WriteFile(name, []byte("x")); err != nil {
			t.Error(err)
		}
	}
	if err := f.RemoveAll("."); err == nil {
		t.Error("the workspace itself went")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	f, _ := open(t, workspace.Limits{Bytes: 100, Entries: 4})
	if err := f.WriteFile("a", make([]byte, 90)); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteFile("b", make([]byte, 20)); !errors.Is(err, workspace.ErrFull) {
		t.Errorf("got %v", err)
	}
	for range 5 { // what replaces counts once
		if err := f.WriteFile("a", make([]byte, 90)); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Remove("a"); err != nil {
		t.Fatal(err)
	}
	if err := f.WriteFile("b", make([]byte, 100)); err != nil {
		t.Error(err)
	}
	err := errors.Join(f.Mkdir("c", false), f.Mkdir("d", false), f.Mkdir("e", false))
	if !errors.Is(err, workspace.ErrFull) {
		t.Errorf("got %v", err)
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	f, _ := open(t, workspace.Limits{})
	_, missing := f.Stat("none")
	_, empty := f.Stat("")
	for err, want := range map[error]string{
		missing: "No such file or directory", empty: "No such file or directory",
		fs.ErrExist: "File exists", f.WriteFile("../x", nil): "Permission denied: outside the lesson's workspace",
		f.WriteFile(".", nil): "Is a directory",
	} {
		if got := workspace.Reason(err); got != want || strings.Contains(got, f.Dir()) {
			t.Errorf("%v: got %q, want %q", err, got, want)
		}
	}
}
