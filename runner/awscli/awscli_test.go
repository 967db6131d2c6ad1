package awscli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// bench runs commands against a script.
type bench struct {
	script *scripted
	cfg    Config
	out    bytes.Buffer
	errs   bytes.Buffer
}

func newBench(t *testing.T, answers ...answer) *bench {
	t.Helper()
	b := &bench{script: &scripted{answers: answers}}
	server := httptest.NewServer(b.script)
	t.Cleanup(server.Close)
	b.cfg = Config{AWS: aws.Config{
		Region: "ap-northeast-2", RetryMaxAttempts: 1, BaseEndpoint: aws.String(server.URL),
		Credentials: credentials.NewStaticCredentialsProvider("AKIAIOSFODNN7EXAMPLE", "secret", ""),
	}}
	return b
}

func (b *bench) run(ctx context.Context, args ...string) int {
	b.out.Reset()
	b.errs.Reset()
	b.cfg.Args, b.cfg.Stdout, b.cfg.Stderr = args, &b.out, &b.errs
	return Run(ctx, b.cfg)
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.cfg.AWS.Credentials = nil
	if code := b.run(t.Context(), "lambda", "list-functions"); code != ExitEnvironment || b.errs.String() != "\nUnable to locate credentials. You can configure credentials by running \"aws configure\".\n" {
		t.Error(code, b.errs.String())
	}
	b.cfg.AWS.Region = ""
	if code := b.run(t.Context(), "lambda", "list-functions"); code != ExitEnvironment || b.errs.String() != "\nYou must specify a region. You can also configure your region by running \"aws configure\".\n" {
		t.Error(code, b.errs.String())
	}
	b = newBench(t)
	if code := b.run(t.Context(), "--endpoint-url", "http://127.0.0.1:1", "lambda", "get-function", "--function-name", "f"); code != ExitGeneral || b.errs.String() != "\nCould not connect to the endpoint URL: \"http://127.0.0.1:1/2015-03-31/functions/f\"\n" {
		t.Error(code, b.errs.String())
	}
	b.cfg.Getenv = func(name string) string { return map[string]string{"AWS_DEFAULT_OUTPUT": "text"}[name] }
	if code := b.run(t.Context(), "configure", "get", "region"); code != 0 || b.out.String() != "ap-northeast-2\n" {
		t.Error(code, b.out.String())
	}
	if code := b.run(t.Context(), "configure", "get", "nope"); code != 1 || b.out.Len()+b.errs.Len() != 0 {
		t.Error(code, b.out.String(), b.errs.String())
	}
	if code := b.run(t.Context(), "configure", "list"); code != 0 || strings.Contains(b.out.String(), "AKIAIOSF") || !strings.Contains(b.out.String(), "****MPLE") {
		t.Error(code, b.out.String())
	}
}

// TestWaitGivesUp: the delays are those of the waiter, and the words botocore's.
func TestWaitGivesUp(t *testing.T) {
	t.Parallel()
	b := newBench(t, answer{body: `{"State":"Pending"}`})
	var slept []time.Duration
	b.cfg.Sleep = func(_ context.Context, d time.Duration) error { slept = append(slept, d); return nil }
	code := b.run(t.Context(), "lambda", "wait", "function-active", "--function-name", "f")
	want := "\nWaiter FunctionActive failed: Max attempts exceeded. Previously accepted state: For expression \"State\" we matched expected path: \"Pending\"\n"
	if code != ExitGeneral || b.errs.String() != want {
		t.Error(code, b.errs.String())
	}
	if len(slept) != 59 || slices.Max(slept) != 5*time.Second {
		t.Errorf("slept %d times, at most %s", len(slept), slices.Max(slept))
	}
}

func TestWaitRetriesWhatIsMissing(t *testing.T) {
	t.Parallel()
	missing := answer{status: 404, header: map[string]string{"X-Amzn-ErrorType": "ResourceNotFoundException"}, body: `{"Message":"no"}`}
	b := newBench(t, missing, missing, answer{body: `{"Configuration":{"State":"Pending"}}`})
	polls := 0
	b.cfg.Sleep = func(context.Context, time.Duration) error { polls++; return nil }
	if code := b.run(t.Context(), "lambda", "wait", "function-exists", "--function-name", "f"); code != 0 || polls != 2 {
		t.Error(code, polls, b.errs.String())
	}
}

// TestFollow: --follow asks again from the newest event on, shows nothing
// twice, and ends with its context.
func TestFollow(t *testing.T) {
	t.Parallel()
	event := func(id string, at int) string {
		return fmt.Sprintf(`{"logStreamName":"s","timestamp":%d,"message":"%s\n","eventId":%q}`, at, id, id)
	}
	b := newBench(t, answer{body: `{"events":[` + event("a", 1000) + `,` + event("b", 2000) + `]}`}, answer{body: `{"events":[` + event("b", 2000) + `,` + event("c", 2000) + `,` + event("d", 3000) + `]}`})
	ctx, cancel := context.WithCancel(t.Context())
	rounds := 0
	b.cfg.Sleep = func(ctx context.Context, d time.Duration) error {
		if rounds++; rounds == 2 {
			cancel()
		}
		return ctx.Err()
	}
	b.cfg.Now = func() time.Time { return time.UnixMilli(600_500) }
	code := b.run(ctx, "logs", "tail", "g", "--follow", "--format", "short")
	if want := "1970-01-01T00:00:01 a\n1970-01-01T00:00:02 b\n1970-01-01T00:00:02 c\n1970-01-01T00:00:03 d\n\n"; code != exitInterrupted || b.out.String() != want {
		t.Errorf("%d\n%s%s", code, b.out.String(), b.errs.String())
	}
	if len(b.script.sent) != 2 || !strings.Contains(b.script.sent[0], `"startTime":500}`) || !strings.Contains(b.script.sent[1], `"startTime":2000}`) {
		t.Errorf("%q", b.script.sent)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New("the student pressed ctrl+c"))
	if code := b.run(ctx, "lambda", "list-functions"); code != exitInterrupted || b.errs.Len() != 0 {
		t.Error(code, b.errs.String())
	}
}

// TestConfined: files are read and written through the caller only.
func TestConfined(t *testing.T) {
	t.Parallel()
	b := newBench(t, answer{body: `1`}, answer{body: `{}`})
	if code := b.run(t.Context(), "lambda", "get-function", "--cli-input-json", "file:///etc/hostname"); code != ExitUsage || !strings.Contains(b.errs.String(), "Permission denied") {
		t.Error(code, b.errs.String())
	}
	if code := b.run(t.Context(), "lambda", "invoke", "--function-name", "f", t.TempDir()+"/out"); code != ExitGeneral {
		t.Error(code, b.errs.String())
	}
	b.cfg.Stdin = strings.NewReader(`{"FunctionName":"piped"}`)
	if code := b.run(t.Context(), "lambda", "get-function", "--cli-input-json", "file:///dev/stdin"); code != 0 || !slices.Contains(b.script.sent, "GET /2015-03-31/functions/piped") {
		t.Error(code, b.errs.String(), b.script.sent)
	}
}

// TestEveryOperationHasHelp: help exists at every level, names the required
// options and is never empty; and every option's name is its own.
func TestEveryOperationHasHelp(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, args := range [][]string{{"help"}, {"configure", "help"}, {"logs", "tail", "help"}, {"lambda", "wait", "help"}, {"--version"}} {
		if code := b.run(t.Context(), args...); code != 0 || b.out.Len() == 0 {
			t.Error(args, code, b.errs.String())
		}
	}
	if code := b.run(t.Context(), "lambda", "create-function", "help"); code != 0 || !strings.Contains(b.out.String(), "--environment                      structure: Variables={KeyName1=string,KeyName2=string}") {
		t.Error(code, b.out.String())
	}
	for _, service := range []string{"apigateway", "apigatewayv2", "iam", "lambda", "logs", "sts"} {
		if code := b.run(t.Context(), service, "help"); code != 0 {
			t.Fatal(b.errs.String())
		}
		names := strings.Split(strings.Split(b.out.String(), "Subcommands:\n")[1], "\n")
		for _, name := range names {
			name = strings.TrimSpace(name)
			if name == "" || name == "help" || name == "wait" || strings.HasPrefix(name, "More:") {
				continue
			}
			if code := b.run(t.Context(), service, name, "help"); code != 0 || !strings.HasPrefix(b.out.String(), "usage: aws "+service+" "+name) {
				t.Errorf("%s %s: %d %s", service, name, code, b.errs.String())
			}
		}
	}
}

func TestSkeleton(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if code := b.run(t.Context(), "lambda", "get-function", "--generate-cli-skeleton"); code != 0 || b.out.String() != "{\n    \"FunctionName\": \"\",\n    \"Qualifier\": \"\"\n}\n" {
		t.Error(code, b.out.String(), b.errs.String())
	}
}
