package awscli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"awslab/runner/awscli"
	"awslab/runner/emulator/emulatortest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
)

// debianPython is the interpreter that Debian's package awscli is made for.
const debianPython = "/usr/bin/python3"

// theirs is the installed AWS CLI v2, in a few processes that wait for
// commands (testdata/driver.py says why). Its methods may be called from any
// goroutine.
type theirs struct{ idle chan *driver }

type driver struct {
	in  io.Writer
	out *json.Decoder
}

// result is what a command printed and how it ended.
type result struct {
	Stdout string `json:"stdout"`
	Stderr string `json:"stderr"`
	Code   int    `json:"code"`
}

// installedCLI starts the AWS CLI v2 of Debian's package. Where it is missing
// the test is skipped, but not in CI, which installs it (.ci/run).
func installedCLI(t *testing.T) *theirs {
	t.Helper()
	if testing.Short() {
		t.Skip("left out by -short: the AWS CLI takes a fifth of a second a command, a minute in all")
	}
	version, err := exec.CommandContext(t.Context(), debianPython, "-c", "import awscli; print(awscli.__version__)").CombinedOutput()
	if err != nil || !bytes.HasPrefix(version, []byte("2.")) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("Debian's package awscli is not installed: %v\n%s", err, version)
		}
		t.Skipf("Debian's package awscli, the AWS CLI v2, is not installed: %s", version)
	}
	cli := &theirs{make(chan *driver, runtime.GOMAXPROCS(0))}
	for range cap(cli.idle) {
		cmd := exec.Command(debianPython, "testdata/driver.py")
		cmd.Env = []string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir(), "LANG=C.UTF-8", "PYTHONDONTWRITEBYTECODE=1"}
		cmd.Stderr = os.Stderr
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = in.Close() // it ends with its input
			if err := cmd.Wait(); err != nil {
				t.Error(err)
			}
		})
		cli.idle <- &driver{in, json.NewDecoder(out)}
	}
	return cli
}

// place is where a command runs: in a folder, against an endpoint.
type place struct{ endpoint, dir string }

func (p place) file(t *testing.T, name, data string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p place) theirs(t *testing.T, cli *theirs, args []string) result {
	t.Helper()
	if p.endpoint != "" {
		args = append([]string{"--endpoint-url", p.endpoint}, args...)
	}
	job, err := json.Marshal(map[string]any{"args": args, "dir": p.dir, "env": map[string]string{
		"PATH": "/usr/bin:/bin", "HOME": p.dir, "LANG": "C.UTF-8", "AWS_PAGER": "", "AWS_REGION": emulatortest.Region,
		"AWS_ACCESS_KEY_ID": emulatortest.AccessKeyID, "AWS_SECRET_ACCESS_KEY": emulatortest.SecretAccessKey,
		"AWS_EC2_METADATA_DISABLED": "true",
	}})
	if err != nil {
		t.Fatal(err)
	}
	d := <-cli.idle
	defer func() { cli.idle <- d }()
	if _, err := d.in.Write(append(job, '\n')); err != nil {
		t.Fatal(err)
	}
	var got result
	if err := d.out.Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got
}

func (p place) ours(t *testing.T, args []string) result {
	t.Helper()
	cfg := aws.Config{
		Region:      emulatortest.Region,
		Credentials: credentials.NewStaticCredentialsProvider(emulatortest.AccessKeyID, emulatortest.SecretAccessKey, ""),
	}
	if p.endpoint != "" {
		cfg.BaseEndpoint = aws.String(p.endpoint)
	}
	var stdout, stderr bytes.Buffer
	code := awscli.Run(context.Background(), awscli.Config{
		AWS: cfg, Args: slices.Clone(args), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		ReadFile:  func(name string) ([]byte, error) { return os.ReadFile(p.path(name)) },
		WriteFile: func(name string, data []byte) error { return os.WriteFile(p.path(name), data, 0o600) },
		Getenv:    func(name string) string { return map[string]string{"HOME": p.dir}[name] },
		Sleep:     func(context.Context, time.Duration) error { return nil },
	})
	return result{stdout.String(), stderr.String(), code}
}

func (p place) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(p.dir, name)
}
