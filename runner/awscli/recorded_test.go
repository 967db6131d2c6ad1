package awscli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/google/go-cmp/cmp"
)

var recordFlag = flag.Bool("record", false, "record anew what the installed AWS CLI 2.9.19 does with the cases that -run names")

const recordFile = "testdata/aws-cli-2.9.19.json"

// recorded is what the AWS CLI did with a case.
type recorded struct {
	Stdout string   `json:"stdout"`
	Stderr string   `json:"stderr"`
	Code   int      `json:"code"`
	Sent   []string `json:"sent,omitempty"`  // the requests, one a line
	Wrote  string   `json:"wrote,omitempty"` // what stands in the file "out"
}

// scripted answers requests from a list, the last again and again, and keeps
// what it was asked. It stands for AWS where the answer's exact shape matters.
type scripted struct {
	mu      sync.Mutex
	answers []answer
	sent    []string
}

type answer struct {
	status int
	header map[string]string
	body   string
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	uri := strings.TrimSuffix(r.URL.EscapedPath(), "/")
	if q := r.URL.Query(); len(q) > 0 {
		uri += "?" + q.Encode()
	}
	s.sent = append(s.sent, strings.TrimSpace(r.Method+" "+uri+" "+r.Header.Get("X-Amz-Target")+" "+canonical(body)))
	a := answer{status: 200, body: "{}"}
	if len(s.answers) > 0 {
		a = s.answers[0]
		if len(s.answers) > 1 {
			s.answers = s.answers[1:]
		}
	}
	w.Header().Set("Content-Type", "application/json")
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	if a.status == 0 {
		a.status = 200
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body) // the client may have gone
}

// canonical spells a body so that clients can be compared.
func canonical(body []byte) string {
	var v any
	if json.Unmarshal(body, &v) == nil {
		if data, err := json.Marshal(v); err == nil {
			return string(data)
		}
	}
	if len(body) == 0 {
		return ""
	}
	if form, err := url.ParseQuery(string(body)); err == nil && bytes.Contains(body, []byte("Action=")) {
		return form.Encode()
	}
	return fmt.Sprintf("%q", body)
}

func TestRecorded(t *testing.T) {
	t.Parallel()
	expected := map[string]recorded{}
	data, err := os.ReadFile(recordFile)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &expected); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range recordedCases() {
		if seen[c.name] {
			t.Fatalf("two cases are named %q", c.name)
		}
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			if *recordFlag {
				expected[c.name] = c.run(t, realCLI)
				return
			}
			t.Parallel()
			want, ok := expected[c.name]
			if !ok {
				t.Fatal("not recorded: go test -run TestRecorded -record, with AWS CLI 2.9.19 installed")
			}
			if diff := cmp.Diff(want, c.run(t, ourCLI)); diff != "" {
				t.Errorf("aws %s\nAWS CLI -, awslab +:\n%s", strings.Join(c.args, " "), diff)
			}
		})
	}
	if *recordFlag {
		var out bytes.Buffer
		enc := json.NewEncoder(&out)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(expected); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(recordFile, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// recordedCase is one command line, and what AWS answers to it.
type recordedCase struct {
	name    string
	args    []string
	answers []answer
	files   map[string]string
}

type runner func(t *testing.T, dir, endpoint string, args []string) (stdout, stderr string, code int)

func (c recordedCase) run(t *testing.T, cli runner) recorded {
	t.Helper()
	script := &scripted{answers: c.answers}
	server := httptest.NewServer(script)
	defer server.Close()
	dir := t.TempDir()
	for name, data := range c.files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr, code := cli(t, dir, server.URL, c.args)
	if data, err := os.ReadFile(filepath.Join(dir, "out")); err == nil {
		return recorded{stdout, stderr, code, script.sent, string(data)}
	}
	return recorded{Stdout: stdout, Stderr: stderr, Code: code, Sent: script.sent}
}

func realCLI(t *testing.T, dir, endpoint string, args []string) (string, string, int) {
	t.Helper()
	cmd := exec.Command("/usr/bin/aws", append([]string{"--endpoint-url", endpoint}, args...)...)
	cmd.Dir = dir
	cmd.Env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + dir, "LANG=C.UTF-8", "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
		"AWS_SECRET_ACCESS_KEY=secret", "AWS_REGION=ap-northeast-2", "AWS_PAGER=",
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return stdout.String(), stderr.String(), exit.ExitCode()
	}
	if err != nil {
		t.Fatal(err)
	}
	return stdout.String(), stderr.String(), 0
}

func ourCLI(t *testing.T, dir, endpoint string, args []string) (string, string, int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := Run(context.Background(), Config{
		AWS: aws.Config{
			Region:           "ap-northeast-2",
			Credentials:      credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
			BaseEndpoint:     aws.String(endpoint),
			RetryMaxAttempts: 1,
		},
		Args: args, Stdout: &stdout, Stderr: &stderr,
		ReadFile:  func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(dir, name)) },
		WriteFile: func(name string, data []byte) error { return os.WriteFile(filepath.Join(dir, name), data, 0o600) },
	})
	return stdout.String(), stderr.String(), code
}
