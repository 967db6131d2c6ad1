package awscli_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"awslab/runner/awscli"
	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// installedCLI finds an AWS CLI v2 on this machine.
func installedCLI(t *testing.T) string {
	t.Helper()
	candidates := []string{"/usr/bin/aws", "/usr/local/bin/aws"}
	if found, err := exec.LookPath("aws"); err == nil {
		candidates = append(candidates, found)
	}
	for _, path := range candidates {
		if out, err := exec.Command(path, "--version").Output(); err == nil && bytes.HasPrefix(out, []byte("aws-cli/2")) {
			return path
		}
	}
	t.Skip("no AWS CLI v2 is installed")
	return ""
}

// TestSameAsInstalledCLI asks one emulator the same things with the installed
// AWS CLI and with awslab's.
func TestSameAsInstalledCLI(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("the AWS CLI takes a second a command")
	}
	cli := installedCLI(t)
	e, err := emulator.New(emulator.Config{
		Account: emulatortest.Account, Region: emulatortest.Region,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
		Notice: func(s string) { t.Log("notice:", s) },
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	w := &both{cli: cli, endpoint: server.URL, dir: t.TempDir()}
	w.file(t, "trust.json", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	w.file(t, "lambda_function.py", "def lambda_handler(event, context):\n    return 1\n")
	w.file(t, "function.zip", zipped(t))

	// Theirs makes some of the world, ours the rest.
	w.must(t, w.theirs, "iam", "create-role", "--role-name", "r", "--assume-role-policy-document", "file://trust.json", "--tags", "Key=course,Value=a b")
	w.must(t, w.ours, "iam", "attach-role-policy", "--role-name", "r", "--policy-arn", "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")
	w.must(t, w.theirs, "lambda", "create-function", "--function-name", "one", "--runtime", "python3.14", "--handler", "lambda_function.lambda_handler",
		"--role", "arn:aws:iam::123456789012:role/r", "--zip-file", "fileb://function.zip", "--environment", "Variables={MODE=b}")
	w.must(t, w.ours, "lambda", "create-function", "--function-name", "two", "--runtime", "python3.14", "--handler", "lambda_function.lambda_handler",
		"--role", "arn:aws:iam::123456789012:role/r", "--zip-file", "fileb://function.zip", "--timeout", "10", "--tags", "k=v")
	w.must(t, w.ours, "logs", "create-log-group", "--log-group-name", "/g/one", "--tags", "a=b")
	w.must(t, w.theirs, "logs", "create-log-group", "--log-group-name", "/g/two")
	w.must(t, w.theirs, "logs", "create-log-stream", "--log-group-name", "/g/one", "--log-stream-name", "s")
	w.must(t, w.ours, "logs", "put-log-events", "--log-group-name", "/g/one", "--log-stream-name", "s", "--log-events", "timestamp="+millisNow()+",message=hello world")

	for _, line := range []string{
		"sts get-caller-identity",
		"sts get-caller-identity --query Account --output text",
		"iam get-role --role-name r",
		"iam get-role --role-name r --output text",
		"iam list-roles --query Roles[].RoleName",
		"iam list-attached-role-policies --role-name r --output table",
		"iam get-role --role-name nope",
		"iam create-role --role-name r --assume-role-policy-document file://trust.json",
		"lambda get-function --function-name one --query Configuration",
		"lambda get-function-configuration --function-name two",
		"lambda list-functions --query Functions[].[FunctionName,Runtime,Timeout] --output text",
		"lambda list-functions --max-items 1 --query Functions[].FunctionName",
		"lambda get-function --function-name nope",
		"lambda wait function-active-v2 --function-name one",
		"lambda list-tags --resource arn:aws:lambda:ap-northeast-2:123456789012:function:two",
		"lambda invoke --function-name nope out",
		"lambda update-function-configuration --function-name two --environment Variables={A=1 --timeout 5",
		"logs describe-log-groups --output text --query logGroups[].logGroupName",
		"logs describe-log-streams --log-group-name /g/one --query logStreams[].logStreamName",
		"logs filter-log-events --log-group-name /g/one --query events[].message --output text",
		"logs tail /g/one --since 1h",
		"logs tail /g/nope",
		"logs list-tags-log-group --log-group-name /g/one",
		"apigateway get-vpc-links",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(line)
			theirs, ours := w.theirs(t, args), w.ours(t, args)
			if ours.code != theirs.code || ours.stderr != theirs.stderr {
				t.Errorf("theirs %d %s\nours %d %s", theirs.code, theirs.stderr, ours.code, ours.stderr)
			}
			known, err := awscli.OnlyMembersOf(theirs.stdout, ours.stdout)
			if err != nil {
				known = ours.stdout
			}
			if known != theirs.stdout {
				t.Errorf("theirs\n%s\nours, without members that theirs is too old for\n%s", theirs.stdout, known)
			}
		})
	}
}

// both runs a command line with either program.
type both struct{ cli, endpoint, dir string }

type result struct {
	stdout, stderr string
	code           int
}

func (w *both) file(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (w *both) must(t *testing.T, run func(*testing.T, []string) result, args ...string) {
	t.Helper()
	if got := run(t, args); got.code != 0 {
		t.Fatalf("aws %s: %d %s", strings.Join(args, " "), got.code, got.stderr)
	}
}

func (w *both) theirs(t *testing.T, args []string) result {
	t.Helper()
	cmd := exec.Command(w.cli, append([]string{"--endpoint-url", w.endpoint}, args...)...)
	cmd.Dir = w.dir
	cmd.Env = []string{
		"PATH=/usr/bin:/bin", "HOME=" + w.dir, "LANG=C.UTF-8", "AWS_PAGER=", "AWS_REGION=" + emulatortest.Region,
		"AWS_ACCESS_KEY_ID=" + emulatortest.AccessKeyID, "AWS_SECRET_ACCESS_KEY=" + emulatortest.SecretAccessKey,
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return result{stdout.String(), stderr.String(), exit.ExitCode()}
	}
	if err != nil {
		t.Fatal(err)
	}
	return result{stdout.String(), stderr.String(), 0}
}

func (w *both) ours(t *testing.T, args []string) result {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code := awscli.Run(context.Background(), awscli.Config{
		AWS: aws.Config{
			Region: emulatortest.Region, BaseEndpoint: aws.String(w.endpoint),
			Credentials: credentials.NewStaticCredentialsProvider(emulatortest.AccessKeyID, emulatortest.SecretAccessKey, ""),
		},
		Args: slices.Clone(args), Stdout: &stdout, Stderr: &stderr,
		ReadFile:  func(name string) ([]byte, error) { return os.ReadFile(filepath.Join(w.dir, name)) },
		WriteFile: func(name string, data []byte) error { return os.WriteFile(filepath.Join(w.dir, name), data, 0o600) },
	})
	return result{stdout.String(), stderr.String(), code}
}

func zipped(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	f, err := z.Create("lambda_function.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("def lambda_handler(event, context):\n    return 1\n")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func millisNow() string { return strconv.FormatInt(time.Now().UnixMilli(), 10) }
