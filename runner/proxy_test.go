package runner_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/shell"
	"awslab/runner/text"
)

// A program reaches the lesson's target by the proxy that it finds in its
// environment, and nothing else; and nobody but the program has any use for that
// proxy, which ends with the program.
func TestAProgramReachesTheTargetAndNothingElse(t *testing.T) {
	t.Parallel()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "reached") }))
	t.Cleanup(elsewhere.Close)
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml":     {Data: []byte("id: c\ntitle: C\nlessons: [upper]\n")},
		"upper/lesson.md": {Data: []byte(strings.Replace(upperLesson, "needs: [base]\n", "", 1))},
	})
	if len(lesson.Errors(issues)) > 0 {
		t.Fatal(issues)
	}
	var last *url.URL
	program := func(string) runner.Program {
		return func(ctx context.Context, c *shell.Call, port uint16) int {
			env := map[string]string{}
			for _, pair := range c.Environ() {
				name, value, _ := strings.Cut(pair, "=")
				env[name] = value
			}
			proxy, err := url.Parse(env["http_proxy"])
			if err != nil || env["https_proxy"] != env["http_proxy"] || proxy.Port() != strconv.Itoa(int(port)) || env["no_proxy"] != "" {
				fmt.Fprintln(c.Stdout, "the environment has no proxy:", env)
				return 1
			}
			last = proxy
			stranger := *proxy
			stranger.User = nil
			for _, by := range []*url.URL{proxy, &stranger} {
				client := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(by), DisableKeepAlives: true}}
				for _, address := range c.Args {
					request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
					if err != nil {
						fmt.Fprintln(c.Stdout, err)
						continue
					}
					response, err := client.Do(request)
					if err != nil {
						fmt.Fprintln(c.Stdout, "failed:", err)
						continue
					}
					body, _ := io.ReadAll(response.Body)
					_ = response.Body.Close()
					fmt.Fprintln(c.Stdout, response.StatusCode, strings.TrimSpace(string(body)))
				}
			}
			return 0
		}
	}
	dir := t.TempDir()
	home := openHome(t, dir)
	s := openLab(t, runner.Config{Course: course, Target: home, Home: dir, Python: program, Text: text.English()}).session(t, "upper")
	var heard told
	t.Cleanup(s.Subscribe(heard.take))
	err := s.Command(t.Context(), `export no_proxy=* HTTP_PROXY=http://elsewhere
python3 "${AWS_ENDPOINT_URL/127.0.0.1/nobody.execute-api.localhost}/PROD" `+elsewhere.URL+` `+strings.Replace(elsewhere.URL, "http:", "https:", 1)+` http://example.com/`)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(heard.output()), "\n")
	for i, want := range []string{
		`404 {"message":"Not Found"}`, "403 ", "failed: Forbidden", "403 ", // by its proxy: the emulator answers
		"407 ", "407 ", "failed: Proxy Authentication Required", "407 ", // without its password
	} {
		if i >= len(lines) || !strings.HasPrefix(lines[i], want) && !strings.Contains(lines[i], strings.TrimPrefix(want, "failed: ")) {
			t.Errorf("line %d: want %q in\n%s", i, want, heard.output())
		}
	}
	if strings.Contains(heard.output(), "reached") {
		t.Errorf("another server was reached:\n%s", heard.output())
	}
	if last == nil {
		t.Fatal("the program was not run")
	}
	if conn, err := net.Dial("tcp", last.Host); err == nil {
		_ = conn.Close()
		t.Error("the proxy is there when the program has ended")
	}
}
