package command_test

import (
	"archive/zip"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awslab/runner/shell/command"
	"awslab/runner/shell/workspace"
	"awslab/runner/text"
)

// tool is a command to be fuzzed, in a workspace of its own.
type tool struct {
	files workspace.Files
	dir   string
	all   map[string]command.Spec
}

type nowhere struct{}

func (nowhere) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, Header: http.Header{"X-A": {"\x1b[2J"}}, Body: io.NopCloser(strings.NewReader("body")), Request: r}, nil
}

func newTool(f *testing.F) *tool {
	f.Helper()
	dir := filepath.Join(f.TempDir(), "ws")
	if err := os.Mkdir(dir, 0o700); err != nil {
		f.Fatal(err)
	}
	w, err := workspace.Open(dir, workspace.Limits{Bytes: 1 << 20, Entries: 100}, text.English().Shell.Workspace)
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = w.Close() }) // nothing is written any more
	return &tool{w.At(dir), dir, command.Builtin(command.Config{Transport: nowhere{}})}
}

// run runs one call, for a second at most; it must return by itself, with an
// exit code, and leave nothing beside the workspace.
func (u *tool) run(t *testing.T, name string, args []string, stdin []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	code := u.all[name].Do(ctx, &command.Call{
		Name: name, Args: args, Stdin: bytes.NewReader(stdin), Stdout: &limited{}, Stderr: io.Discard,
		Dir: u.dir, Files: u.files, Now: func() time.Time { return time.Unix(1_700_000_000, 0).UTC() },
		Getenv: func(string) string { return "" }, Environ: func() []string { return nil },
	})
	if code < 0 || code > 255 {
		t.Errorf("%s %q: exit code %d", name, args, code)
	}
	if beside, err := os.ReadDir(filepath.Dir(u.dir)); err != nil || len(beside) != 1 {
		t.Fatalf("%s %q: beside the workspace there are %v, %v", name, args, beside, err)
	}
}

// limited is a reader that goes away after a while.
type limited struct{ n int }

func (l *limited) Write(p []byte) (int, error) {
	if l.n += len(p); l.n > 1<<20 {
		return 0, io.ErrClosedPipe
	}
	return len(p), nil
}

// FuzzOptions gives every command foreign arguments, parted by NUL.
func FuzzOptions(f *testing.F) {
	for _, seed := range [][2]string{
		{"tr", "-cd\x00[:alpha:]a-z\\101"},
		{"tr", "a-\x00[x*]"},
		{"cut", "-d\x00,\x00-f1-3,5-"},
		{"sort", "-k2,2nr\x00-t:\x00-h"},
		{"date", "-d\x002024-01-31 +1 month\x00+%Y%-m%_d%^a%3N%"},
		{"printf", "%-08.3f %+x %*d %b %q %c%%\\x41\x001\x002\x003"},
		{"echo", "-e\x00\\0101\\x4\\u00e9\\c"},
		{"curl", "-sX\x00POST\x00-d@f\x00-H\x00A: b\x00-w\x00%{http_code}%header{x}\\n\x00http://localhost/a?b"},
		{"curl", "-G\x00--data-urlencode\x00a=b c\x00-u\x00x:y\x00-o\x00out\x00localhost:1"},
		{"jq", "-r\x00--arg\x00a\x00b\x00.[] | $a"},
		{"jq", "-n\x00[limit(3;range(1;9))] | tojson"},
		{"jwt", "decode\x00eyJhbGciOiJIUzI1NiJ9.e30.x"},
		{"jwt", "verify\x00--secret\x00k\x00eyJhbGciOiJub25lIn0.e30."},
		{"jwt", "encode\x00-S\x00k\x00--exp\x00-5\x00{\"a\":1}"},
		{"grep", "-oE\x00(a|b)+\x00f"},
		{"seq", "-w\x00-s,\x001e3\x00-0.5\x00990"},
		{"head", "-c\x00-3"},
		{"tail", "-n\x00+2"},
		{"zip", "-r\x00a\x00.\x00-x\x00*b"},
		{"chmod", "u+x,go=r\x00f"},
		{"openssl", "rand\x00-hex\x008"},
		{"base64", "-dw3"},
		{"sleep", "0.0s"},
		{"diff", "-u\x00f\x00-"},
	} {
		f.Add(seed[0], seed[1], []byte("b 2\na,1\n{\"a\":[1]}"))
	}
	u := newTool(f)
	f.Fuzz(func(t *testing.T, name, args string, stdin []byte) {
		if _, ok := u.all[name]; !ok || len(args) > 1<<12 {
			return
		}
		if err := os.WriteFile(filepath.Join(u.dir, "f"), []byte("one\ntwo\n"), 0o600); err != nil {
			t.Skip(err) // an earlier input made a folder of it
		}
		u.run(t, name, strings.Split(args, "\x00"), stdin)
	})
}

// FuzzUnzip unpacks foreign archives.
func FuzzUnzip(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"a", "d/", "d/b", "../out", `..\out`, "/abs", "a/../../out"} {
		out, err := w.Create(name)
		if err == nil && !strings.HasSuffix(name, "/") {
			_, err = io.WriteString(out, strings.Repeat("x", 100))
		}
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x05\x06"))
	u := newTool(f)
	f.Fuzz(func(t *testing.T, archive []byte) {
		if err := os.WriteFile(filepath.Join(u.dir, "a.zip"), archive, 0o600); err != nil {
			t.Skip(err) // an earlier input made a folder of it
		}
		u.run(t, "unzip", []string{"-l", "a.zip"}, nil)
		u.run(t, "unzip", []string{"-p", "a.zip"}, nil)
		u.run(t, "unzip", []string{"-o", "a.zip", "-d", "out"}, nil)
		u.run(t, "zip", []string{"a.zip", "a.zip"}, nil)
		u.run(t, "rm", []string{"-rf", "out"}, nil)
	})
}
