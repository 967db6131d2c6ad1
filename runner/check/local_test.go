package check_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awslab/runner/check"
)

// codes are the codes of a result's findings, and its status.
func codes(r check.Result) string {
	words := []string{[...]string{"not run", "passed", "failed", "undecided"}[r.Status]}
	for _, f := range r.Findings {
		words = append(words, f.Code)
	}
	return strings.Join(words, " ")
}

func TestHTTP(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(check.CheckHeader) != "1" {
			t.Error("the request is not tagged")
		}
		body, _ := io.ReadAll(r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Add("Vary", "a")
		w.Header().Add("Vary", "b")
		switch r.URL.Path {
		case "/redirect":
			http.Redirect(w, r, "/", http.StatusFound)
		case "/missing":
			http.Error(w, "no", http.StatusNotFound)
		case "/echo":
			fmt.Fprintf(w, "%s %s %s %s", r.Method, r.Header.Get("X-Name"), r.Header.Get("Content-Type"), body)
		default:
			fmt.Fprint(w, `"Hello from Lambda!"`)
		}
	}))
	t.Cleanup(server.Close)
	for _, tt := range []struct{ name, node, want string }{
		{"default", "http: {url: $URL/}\n", "passed"},
		{"json", "http: {url: $URL/}\nexpect: {status: 200, json: Hello from Lambda!, headers: {content-type: application/json, vary: 'a, b'}}\n", "passed"},
		{"status", "http: {url: $URL/missing}\n", "failed http.status"},
		{"all that is wrong", "http: {url: $URL/}\nexpect: {status: 201, headers: {x-none: 1, vary: a}, body: x, json: {a: 1}, time: {between: [100, 200]}}\n", "failed http.status http.no-header http.header http.body http.json http.time"},
		{"absent header wanted", "http: {url: $URL/}\nexpect: {headers: {x-none: {exists: false}}}\n", "passed"},
		{"redirect", "http: {url: $URL/redirect}\nexpect: {status: 302}\n", "passed"},
		{"echo", "http: {url: $URL/echo, method: post, headers: {X-Name: $NAME}, body: hi}\nexpect: {body: 'POST world  hi'}\n", "passed"},
		{"echo json", "http: {url: $URL/echo, method: PUT, json: {n: $NAME}}\nexpect: {body: 'PUT  application/json {\"n\":\"world\"}'}\n", "passed"},
		{"no address", "http: {url: /x}\n", "failed http.address"},
		{"unset", "http: {url: $UNSET/x}\n", "failed check.unset"},
		{"lookup fails", "http: {url: $BROKEN/x}\n", "undecided undecided.lookup"},
		{"nobody there", "http: {url: 'http://127.0.0.1:1/'}\n", "undecided undecided.network"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := check.Run(t.Context(), check.World{Once: true, Expand: func(_ context.Context, text string) (string, error) {
				switch {
				case strings.Contains(text, "$UNSET"):
					return "", &check.UnsetError{Name: "UNSET", Reason: "the step makes it"}
				case strings.Contains(text, "$BROKEN"):
					return "", errors.New("exit code 1")
				}
				return strings.NewReplacer("$URL", server.URL, "$NAME", "world").Replace(text), nil
			}}, compile(t, "http", tt.node))
			if got := codes(r); got != tt.want {
				t.Errorf("got %s, want %s\n%+v", got, tt.want, r)
			}
		})
	}
}

func TestHTTPEvidence(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "token secret "+strings.Repeat("x", 20_000))
	}))
	t.Cleanup(server.Close)
	c := compile(t, "http", "http: {method: POST, url: '"+server.URL+"/a?b=c', headers: {Authorization: secret}, body: it's}\n")
	r := check.Run(t.Context(), check.World{Mask: func(s string) string { return strings.ReplaceAll(s, "secret", "****") }}, c)
	if len(r.Evidence) != 1 {
		t.Fatalf("%+v", r)
	}
	e := r.Evidence[0]
	if want := `curl -i -X POST -H 'Authorization: ****' --data-binary 'it'\''s' '` + server.URL + `/a?b=c'`; e.Reproduce != want {
		t.Errorf("got  %s\nwant %s", e.Reproduce, want)
	}
	if all := e.Request + e.Response; strings.Contains(all, "secret") || !strings.Contains(all, "HTTP/1.1 200 OK") || len(e.Response) > 9000 {
		t.Errorf("%d bytes: %.300s", len(e.Response), all)
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"lambda_function.py": "import json\r\n\r\ndef lambda_handler(event, context):\r\n    return 1\r\n",
		"Readme.txt":         "hello\n\n", "sub/x.py": "def lamda_handler(e, c): pass\n",
		"big": strings.Repeat("x", 1<<20+1),
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = root.Close() })
	for _, tt := range []struct{ name, node, want string }{
		{"there", "file: {path: lambda_function.py}\n", "passed"},
		{"defines", "file: {path: lambda_function.py}\nexpect: {exists: true, python: {defines: lambda_handler}}\n", "passed"},
		{"text", "file: {path: Readme.txt}\nexpect: {text: hello}\n", "passed"},
		{"contains", "file: {path: lambda_function.py}\nexpect: {text: {matches: '(?s)json\\n\\ndef'}}\n", "passed"},
		{"other text", "file: {path: Readme.txt}\nexpect: {text: bye}\n", "failed file.text"},
		{"missing", "file: {path: nothing.at.all}\n", "failed file.missing"},
		{"missing folder", "file: {path: no/where}\n", "failed file.missing"},
		{"near miss", "file: {path: README.txt}\n", "failed file.near-miss"},
		{"not there, rightly", "file: {path: README.txt}\nexpect: {exists: false}\n", "passed"},
		{"there, wrongly", "file: {path: Readme.txt}\nexpect: {exists: false}\n", "failed file.present"},
		{"undefined", "file: {path: lambda_function.py}\nexpect: {python: {defines: main}}\n", "failed file.undefined"},
		{"nearly that", "file: {path: sub/x.py}\nexpect: {python: {defines: lambda_handler}}\n", "failed file.nearly-that"},
		{"folder", "file: {path: sub}\n", "failed file.not-a-file"},
		{"large", "file: {path: big}\n", "failed file.too-large"},
		{"escape", "file: {path: link}\n", "undecided undecided.broken"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := check.Run(t.Context(), check.World{Workspace: root, Once: true}, compile(t, "file", tt.node))
			if got := codes(r); got != tt.want {
				t.Errorf("got %s, want %s\n%+v", got, tt.want, r.Findings)
			}
		})
	}
}

// clock is a world's time: sleeping moves it.
type clock struct {
	now   time.Time
	slept []time.Duration
}

func (c *clock) sleep(_ context.Context, d time.Duration) error {
	c.now = c.now.Add(d)
	c.slept = append(c.slept, d)
	return nil
}

// On AWS a failure is looked at again until it passes or the time is over; on
// an emulator it is final, unless something is on its way.
func TestPatience(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name            string
		within          string
		emulator, once  bool
		passesAt, looks int
		want            string
	}{
		{"AWS, in the end", "", false, false, 4, 4, "passed"},
		{"AWS, never", "", false, false, 1000, 12, "failed file.missing"},
		{"AWS, its own time", "within: 1s\n", false, false, 1000, 4, "failed file.missing"},
		{"AWS, once", "", false, true, 1000, 1, "failed file.missing"},
		{"emulator", "", true, false, 1000, 1, "failed file.missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = root.Close() })
			c := &clock{now: time.Unix(0, 0)}
			looks := 0
			world := check.World{
				Workspace: root, Emulator: tt.emulator, Once: tt.once, Now: func() time.Time { return c.now }, Sleep: c.sleep,
				Expand: func(_ context.Context, text string) (string, error) {
					if looks++; looks == tt.passesAt {
						return text, os.WriteFile(filepath.Join(dir, text), nil, 0o600)
					}
					return text, nil
				},
			}
			r := check.Run(t.Context(), world, compile(t, "file", "file: {path: a}\n"+tt.within))
			if got := codes(r); got != tt.want || looks != tt.looks {
				t.Errorf("%s after %d looks (slept %v)", got, looks, c.slept)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := check.Run(ctx, check.World{}, compile(t, "http", "http: {url: 'http://127.0.0.1:1/'}\n"))
	if got := codes(r); got != "undecided undecided.cancelled" {
		t.Error(got)
	}
}
