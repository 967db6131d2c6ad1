package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"awslab/runner/secret"
	"awslab/runner/text"
)

func open(t *testing.T, home string) secret.Seed {
	t.Helper()
	seed, err := secret.Open(home, nil)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

func value(t *testing.T, seed secret.Seed, name secret.Name, bytes int, encoding secret.Encoding) string {
	t.Helper()
	v, err := seed.Value(name, bytes, encoding)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var jwt = secret.Name{Course: "serverless", Lesson: "authorizer", Variable: "JWT_SECRET"}

func TestAHomeKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	home := filepath.Join(t.TempDir(), "home")
	first := value(t, open(t, home), jwt, 256, secret.Base64)
	if again := value(t, open(t, home), jwt, 256, secret.Base64); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	if other := value(t, open(t, t.TempDir()), jwt, 256, secret.Base64); other == first {
		t.Error("two students have the same secret")
	}
}

// The value is known to the byte (by RFC 5869, done in Python): another awslab
// has to derive the same.
func TestValue(t *testing.T) {
	t.Parallel()
	seed, err := secret.Open(t.TempDir(), bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := value(t, seed, jwt, 16, secret.Hex), "24083b736dbb106b40a77b2d820753cd"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEncodings(t *testing.T) {
	t.Parallel()
	seed := open(t, t.TempDir())
	for _, n := range []int{secret.MinBytes, secret.DefaultBytes, 256, secret.MaxBytes} {
		text := value(t, seed, jwt, n, secret.Base64)
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(data) != n || strings.ContainsAny(text, "\r\n") {
			t.Errorf("%d bytes: %q, %v", n, text, err)
		}
		if got := value(t, seed, jwt, n, secret.Hex); got != hex.EncodeToString(data) {
			t.Errorf("%d bytes: %s is not %x", n, got, data)
		}
	}
}

// Whatever differs in a name makes another secret; nothing of a name runs over
// into the next part of it.
func TestNamesHaveSecretsOfTheirOwn(t *testing.T) {
	t.Parallel()
	seed := open(t, t.TempDir())
	of := map[string]secret.Name{}
	for _, name := range []secret.Name{
		jwt,
		{"other", jwt.Lesson, jwt.Variable},
		{jwt.Course, "other", jwt.Variable},
		{jwt.Course, jwt.Lesson, "OTHER"},
		{"a", "b", "c"},
		{"ab", "", "c"},
		{"", "ab", "c"},
		{"a\x00b", "", "c"},
		{"a", "\x00b", "c"},
		{`a","b`, "", "c"},
		{"a", `b","c`, ""},
	} {
		v := value(t, seed, name, 32, secret.Base64)
		if twin, same := of[v]; same {
			t.Errorf("%q and %q have the same secret", name, twin)
		}
		of[v] = name
	}
}

func TestTheSeedIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("modes are Unix's")
	}
	home := t.TempDir()
	open(t, home)
	file := filepath.Join(home, "secrets.seed")
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	for _, mode := range []fs.FileMode{0o640, 0o604, 0o620, 0o666} {
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		refused(t, home, "others may read it")
	}
	if err := os.Chmod(file, 0o400); err != nil {
		t.Fatal(err)
	}
	open(t, home)
}

// A damaged seed would quietly give other secrets: it is refused, and stays.
func TestADamagedSeedIsRefused(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	open(t, home)
	file := filepath.Join(home, "secrets.seed")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	turned := bytes.Clone(good)
	turned[10] ^= 1
	for name, data := range map[string][]byte{
		"empty": nil, "cut short": good[:30], "no checksum": good[:64], "another digit": turned, "no digits": []byte("x" + string(good[1:])),
		"more behind it": append(bytes.Clone(good), "more\n"...), "capitals": bytes.ToUpper(good), "large": bytes.Repeat(good, 1000), "no text": {0xff, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(file, data, 0o600); err != nil {
				t.Fatal(err)
			}
			refused(t, home, "damaged")
			if left, err := os.ReadFile(file); err != nil || !bytes.Equal(left, data) {
				t.Errorf("it was changed: %q, %v", left, err)
			}
		})
	}
	if err := errors.Join(os.Remove(file), os.Mkdir(file, 0o700)); err != nil {
		t.Fatal(err)
	}
	refused(t, home, "it is a folder")
}

func refused(t *testing.T, home, why string) {
	t.Helper()
	_, err := secret.Open(home, nil)
	problem, ok := errors.AsType[*text.Problem](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if what, hint := text.English().Problem(problem); !strings.Contains(what, why) || !strings.Contains(what, "secrets.seed") || hint == "" {
		t.Errorf("%s | %s, want %s", what, hint, why)
	}
}

// Processes that start at once have one seed.
func TestOneSeedOfManyAtOnce(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	values := make([]string, 16)
	var all sync.WaitGroup
	for i := range values {
		all.Go(func() {
			seed, err := secret.Open(home, nil)
			if err != nil {
				t.Error(err)
				return
			}
			values[i], _ = seed.Value(jwt, 32, secret.Base64) // a wrong one differs
		})
	}
	all.Wait()
	for _, v := range values {
		if v != values[0] || v == "" {
			t.Fatalf("%q", values)
		}
	}
	if left, err := filepath.Glob(filepath.Join(home, ".secrets-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q, %v", left, err)
	}
}

func FuzzSeed(f *testing.F) {
	f.Add([]byte(strings.Repeat("0", 64) + " 00000000\n"))
	f.Add([]byte{})
	home := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) {
		file := filepath.Join(home, "secrets.seed")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := secret.Open(home, nil); err != nil && text.English().Why(err) == "" {
			t.Errorf("nothing is said of %q", data)
		}
	})
}
