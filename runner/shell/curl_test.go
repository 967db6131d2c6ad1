package shell_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"testing"

	"awslab/runner/shell"
	"awslab/runner/text"
)

// mirror answers with what it was asked.
func mirror(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.Header().Set("Date", "Mon, 01 Jan 2024 00:00:00 GMT")
	switch r.URL.Path {
	case "/missing":
		http.Error(w, "no such page", http.StatusNotFound)
		return
	case "/there":
		http.Redirect(w, r, "/here", http.StatusFound)
		return
	case "/hang":
		<-r.Context().Done()
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = fmt.Fprintf(w, "%s %s\naccept=%s type=%s auth=%s x=%s\n%q\n", r.Method, r.URL.RequestURI(),
		r.Header.Get("Accept"), r.Header.Get("Content-Type"), r.Header.Get("Authorization"), r.Header.Get("X-Test"), body)
}

// TestAsCurl compares our curl with the real one against the same server.
func TestAsCurl(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		lacking(t, "curl")
	}
	server := httptest.NewServer(http.HandlerFunc(mirror))
	t.Cleanup(server.Close)
	for name, text := range map[string]string{
		"get":            `curl -s URL/a?b=c`,
		"post":           `curl -s -d a=1 -d b=2 URL/`,
		"put":            `curl -s -X PUT --data-raw '@x' URL/`,
		"json":           `curl -s --json '{"a":1}' URL/`,
		"file":           `printf 'a\nb\n' > f; curl -s -d @f URL/; curl -s --data-binary @f URL/`,
		"stdin":          `printf 'a\nb' | curl -s --data-binary @- URL/`,
		"urlencode":      `curl -s --data-urlencode 'a=b c&d' --data-urlencode '=x y' URL/; curl -s -G --data-urlencode 'q=a b' -d x=1 URL/s?y=2`,
		"headers":        `curl -s -H 'X-Test: 1' -H 'Accept:' URL/; curl -s -H 'Content-Type: text/x' -d a URL/; printf 'X-Test: f\n' > h; curl -s -H @h URL/`,
		"user":           `curl -s -u me:secret URL/`,
		"head":           `curl -s -I -X GET URL/missing | head -n 1; curl -sI URL/ | head -n 1`,
		"include":        `curl -s -i URL/missing | head -n 1`,
		"output":         `curl -s -o f URL/a; cat f; curl -s -O URL/name; cat name; curl -s -o /dev/null -w '%{http_code} %{content_type} %{size_download}\n' URL/a`,
		"write out":      `curl -s -w '\n%{http_code}:%{method}:%{num_redirects}%%\t|' URL/missing`,
		"redirect":       `curl -s URL/there -o /dev/null -w '%{http_code}\n'; curl -s -L URL/there -w '%{num_redirects}\n'; curl -s -L -d a=1 URL/there`,
		"fail":           `curl -s -f URL/missing || echo $?; curl -sS --fail-with-body URL/missing 2>/dev/null || echo $?`,
		"no host":        `curl -s http://nobody.invalid/ || echo $?`,
		"refused":        `curl -s http://127.0.0.1:1/ || echo $?`,
		"bad URL":        `curl -s 'http://a b/' || echo $?`,
		"too slow":       `curl -s --max-time 0.2 URL/hang || echo $?`,
		"localhost":      `curl -s -H 'Accept: x' LOCAL/`,
		"verbose":        `curl -sv -H 'X-Test: 1' URL/ 2>&1 >/dev/null | grep -E '^(> X-Test|> GET|< HTTP)' | tr -d '\r'`,
		"jq of it":       `curl -s URL/ | head -n 1 | cut -d ' ' -f 1`,
		"no URL":         `curl -s 2>/dev/null || echo $?`,
		"unknown option": `curl --nonsense URL 2>/dev/null || echo $?`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text = strings.ReplaceAll(text, "URL", server.URL)
			text = strings.ReplaceAll(text, "LOCAL", strings.Replace(server.URL, "127.0.0.1", "a.localhost", 1))
			real := exec.CommandContext(t.Context(), "bash", "-c", "set -eu -o pipefail\n"+text)
			real.Dir = t.TempDir()
			var stderr bytes.Buffer
			real.Stderr = &stderr
			stdout, err := real.Output()
			code := 0
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				code = exit.ExitCode()
			}
			cfg := shell.Config{}
			cfg.Tools.Allow = func(*url.URL) error { return nil }
			ours := newWorld(t, cfg).run(text)
			if ours.out != string(stdout) || ours.Code != code {
				t.Errorf("%s\n--- curl: exit code %d\n%s%s\n--- ours: exit code %d, stopped: %v\n%s%s",
					text, code, stdout, &stderr, ours.Code, ours.stopped, ours.out, ours.err)
			}
		})
	}
}

func TestCurlHosts(t *testing.T) {
	t.Parallel()
	var asked []string
	cfg := shell.Config{}
	cfg.Tools.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		asked = append(asked, r.URL.Host)
		return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"http://evil.example/"}}, Body: http.NoBody, Request: r}, nil
	})
	w := newWorld(t, cfg)
	for _, host := range []string{"evil.example", "amazonaws.com.evil.example", "169.254.169.254", "xamazonaws.com", "10.0.0.1", "[::ffff:10.0.0.1]"} {
		if o := w.run("curl -sS http://" + host + "/"); o.Code != 7 || !strings.Contains(o.err, "reaches only") {
			t.Errorf("%s: code %d, %s", host, o.Code, o.err)
		}
	}
	if len(asked) != 0 {
		t.Errorf("it asked %v", asked)
	}
	o := w.run("curl -sS -L http://a1.execute-api.eu-west-1.amazonaws.com/")
	if o.Code != 7 || len(asked) != 1 {
		t.Errorf("a redirect out: code %d, asked %v", o.Code, asked)
	}
	if o := w.run("curl -s http://x.localhost:4566/ http://[::1]/ http://127.0.0.1/"); o.Code != 0 {
		t.Errorf("the loopback: code %d, %s", o.Code, o.err)
	}
}

// What awslab itself refuses, and its own defects, are told in the student's language.
func TestCurlRefusesInKorean(t *testing.T) {
	t.Parallel()
	cfg := shell.Config{Text: &text.Korean().Shell}
	cfg.Tools.Transport = roundTrip(func(*http.Request) (*http.Response, error) { panic("ouch") })
	w := newWorld(t, cfg)
	for _, test := range []struct {
		block string
		code  int
		want  string
	}{
		{"curl -sS http://evil.example/", 7, "연결할 수 있습니다"},
		{`x=$(printf '%09999d' 7); for i in 1 2 3 4 5 6 7; do x="$x$x"; done; curl -sS -H "A: $x" http://127.0.0.1:9/`, 2, "헤더가 1 MiB보다 큽니다"},
		{"curl -sS http://127.0.0.1:9/", 70, "curl: awslab 내부에서 오류가 났습니다: ouch"},
	} {
		if o := w.run(test.block); o.Code != test.code || !strings.Contains(o.err, test.want) {
			t.Errorf("%.40s: code %d, %.200s", test.block, o.Code, o.err)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
