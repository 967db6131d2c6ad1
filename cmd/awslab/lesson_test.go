package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"awslab/lessons"
	"awslab/runner/lesson"
)

func TestRunDoesTheLesson(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	out, _ := h.must(exitPassed, "run", "lambda", "--format", "json")
	var report struct {
		Lessons []struct {
			Steps []struct {
				ID     string `json:"id"`
				Checks []struct {
					ID     string `json:"id"`
					Status string `json:"status"`
				} `json:"checks"`
			} `json:"steps"`
		} `json:"lessons"`
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	passed := 0
	for _, l := range report.Lessons {
		for _, s := range l.Steps {
			for _, c := range s.Checks {
				if c.Status != "passed" {
					t.Errorf("%s/%s is %s", s.ID, c.ID, c.Status)
				}
				passed++
			}
		}
	}
	if passed < 8 {
		t.Errorf("only %d checks were judged", passed)
	}
	h.must(exitPassed, "run", "lambda")
	h.must(exitPassed, "cleanup", "lambda")
	out, _ = h.must(exitPassed, "aws", "lambda", "list-functions", "--query", "length(Functions)")
	if strings.TrimSpace(out) != "0" {
		t.Errorf("after the clean-up there are %s functions", out)
	}
}

// A check that could not run is no pass, in any format.
func TestCheckOfAStepWhoseNeedsAreOpen(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for format, want := range map[string]string{"text": "", "json": `"status": "not-run"`, "junit": "<skipped"} {
		out, errs, code := h.run("check", "lambda", "--step", "function", "--format", format)
		if code != exitNothing || !strings.Contains(errs, "builds on the step") || !strings.Contains(out, want) {
			t.Errorf("%s: exit code %d\n%s\n%s", format, code, out, errs)
		}
	}
}

// lacking skips a test whose real parts are not installed, but not in CI, which
// installs them (.ci/run).
func lacking(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// realAWS is the AWS CLI v2 of the machine.
func realAWS(t *testing.T) string {
	t.Helper()
	const path = "/usr/bin/aws"
	out, err := exec.Command(path, "--version").Output()
	if err != nil || !strings.HasPrefix(string(out), "aws-cli/2") {
		lacking(t, "no AWS CLI v2 at "+path+": Debian's awscli is one")
	}
	return path
}

// emulator starts `awslab emulator` and waits until it serves.
func (h *home) emulator(args ...string) (stop func()) {
	h.t.Helper()
	cmd := h.command(append([]string{"emulator"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		h.t.Fatalf("the emulator said %q: %v", line, err)
	}
	return func() {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			h.t.Error(err)
		}
		if err := cmd.Wait(); err != nil {
			h.t.Errorf("the emulator ended with %v", err)
		}
	}
}

// The lessons' commands are what a student would paste: each step's actions in
// real bash with the real AWS CLI and the real curl, judged by `awslab check`.
func TestTheLessonsInRealBashWithTheRealAWSCLI(t *testing.T) {
	t.Parallel()
	realAWS(t)
	for _, tool := range []string{"bash", "zip", "curl", "jq", "openssl", "python3"} {
		if _, err := exec.LookPath(tool); err != nil {
			lacking(t, "no "+tool+" here: the lessons' commands need it outside awslab's own shell")
		}
	}
	course, issues := lesson.LoadCourse(lessons.Files)
	if errs := lesson.Errors(issues); len(errs) > 0 {
		t.Fatal(errs)
	}
	for _, les := range course.Lessons {
		t.Run(les.ID, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			defer h.emulator()()
			for _, need := range les.Needs {
				h.must(exitPassed, "run", need)
			}
			for _, step := range les.Steps {
				h.inBash(les.ID, step)
				if len(step.Checks()) > 0 {
					h.must(exitPassed, "check", les.ID, "--step", step.ID)
				}
			}
		})
	}
}

// inBash does a step's actions, or its clean-up, verbatim in real bash.
func (h *home) inBash(lessonID string, step *lesson.Step) {
	h.t.Helper()
	exe, err := os.Executable()
	if err != nil {
		h.t.Fatal(err)
	}
	script := "set -eu -o pipefail\n"
	for _, fence := range append(step.Actions(), step.Cleanup()...) {
		// A block of its own sees what the one before it made.
		script += "(\neval \"$(" + exe + " env " + lessonID + ")\"\ncd \"$AWSLAB_WORKSPACE\"\nset -eu -o pipefail\n" + fence.Text + ")\n"
	}
	cmd := exec.Command("bash", "-c", script)
	cmd.Env = append(append([]string{}, h.env...), "PATH=/usr/bin:/bin")
	if out, err := cmd.CombinedOutput(); err != nil {
		h.t.Fatalf("step %s in bash: %v\n%s", step.ID, err, out)
	}
}

// kills is how often TestKillAtAnyMoment kills: `go test ./cmd/awslab -run Kill
// -kills 100` takes some minutes.
var kills = flag.Int("kills", 12, "how often to kill awslab in TestKillAtAnyMoment")

// kill -9 at any moment loses nothing that was answered: the same command goes
// on and ends green, and what was made before the kill is what was made.
func TestKillAtAnyMoment(t *testing.T) {
	t.Parallel()
	kills := *kills
	h := newHome(t)
	began := time.Now()
	h.must(exitPassed, "run", "lambda", "--cleanup")
	whole := time.Since(began)
	random := rand.New(rand.NewPCG(1, 2))
	for n := range kills {
		cmd := h.command("run", "lambda")
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		moment := time.AfterFunc(time.Duration(random.Int64N(int64(whole))), func() { _ = cmd.Process.Kill() })
		printed, err := io.ReadAll(out)
		if err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // killed, or finished just before
		moment.Stop()
		// What the killed run saw answered: the role's id, printed by the first step.
		id := idIn(string(printed))
		h.must(exitPassed, "run", "lambda")
		if id != "" {
			now, _ := h.must(exitPassed, "aws", "iam", "get-role", "--role-name", "myFunc1-role", "--query", "Role.RoleId", "--output", "text")
			if strings.TrimSpace(now) != id {
				t.Fatalf("kill %d: the role %s was answered and is %s now", n, id, now)
			}
		}
		if n%5 == 4 {
			h.must(exitPassed, "cleanup", "lambda")
		}
	}
}

func idIn(printed string) string {
	_, after, ok := strings.Cut(printed, `"RoleId": "`)
	if !ok {
		return ""
	}
	id, _, ok := strings.Cut(after, `"`)
	if !ok {
		return ""
	}
	return id
}

// On somebody's account nothing that awslab did not create is touched, and the
// ledger cleans up the rest.
func TestAnAccountWithAForeignFunction(t *testing.T) {
	t.Parallel()
	account, student := newHome(t), newHome(t)
	defer account.emulator()()
	env, _ := account.must(exitPassed, "env")
	url := ""
	for line := range strings.Lines(env) {
		name, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "export ")), "=")
		switch name {
		case "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION":
			student.env = append(student.env, name+"="+strings.Trim(value, "'"))
		case "AWS_ENDPOINT_URL":
			url = strings.Trim(value, "'")
		}
	}
	write(t, filepath.Join(account.dir, "trust.json"), `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`)
	account.must(exitPassed, "aws", "iam", "create-role", "--role-name", "theirs", "--assume-role-policy-document", "file://trust.json")
	foreign := func() string {
		out, _ := account.must(exitPassed, "aws", "lambda", "get-function-configuration", "--function-name", "myFunc1", "--query", "RevisionId", "--output", "text")
		return out
	}
	script := "printf 'def h(e, c): return 1\\n' > their.py\nzip -q their.zip their.py\naws lambda create-function --function-name myFunc1 --runtime python3.14 --handler their.h --role arn:aws:iam::123456789012:role/theirs --zip-file fileb://their.zip"
	shell := account.command("shell")
	shell.Stdin = strings.NewReader(script)
	if out, err := shell.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	before := foreign()

	if _, errs, code := student.run("run", "lambda", "--target", url); code != exitEnvironment || !strings.Contains(errs, "you have not agreed") {
		t.Errorf("without --yes: exit code %d, %s", code, errs)
	}
	out, errs, code := student.run("run", "lambda", "--target", url, "--yes")
	if code == exitPassed || !strings.Contains(out+errs, "awslab did not create it") {
		t.Errorf("over a foreign function: exit code %d\n%s\n%s", code, out, errs)
	}
	student.run("cleanup", "lambda", "--target", url, "--yes")
	if after := foreign(); after != before {
		t.Errorf("the foreign function changed from revision %s to %s", before, after)
	}

	account.must(exitPassed, "aws", "lambda", "delete-function", "--function-name", "myFunc1")
	account.must(exitPassed, "aws", "iam", "delete-role", "--role-name", "theirs")
	student.must(exitPassed, "run", "lambda", "--target", url, "--yes")
	student.must(exitPassed, "cleanup", "lambda", "--target", url, "--yes")
	for what, query := range map[string][]string{
		"functions":  {"lambda", "list-functions", "--query", "length(Functions)"},
		"roles":      {"iam", "list-roles", "--query", "length(Roles)"},
		"log groups": {"logs", "describe-log-groups", "--query", "length(logGroups)"},
	} {
		out, _ := account.must(exitPassed, append([]string{"aws"}, query...)...)
		if strings.TrimSpace(out) != "0" {
			t.Errorf("after the clean-up there are %s %s", strings.TrimSpace(out), what)
		}
	}
}

// Two awslabs at once: both work, on one emulator.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	first, second := h.command("run", "lambda"), h.command("aws", "sts", "get-caller-identity", "--query", "Account", "--output", "text")
	out, err := first.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	account, err := second.Output()
	if err != nil || strings.TrimSpace(string(account)) != "123456789012" {
		t.Errorf("the second says %q, %v", account, err)
	}
	if _, err := io.Copy(io.Discard, out); err != nil {
		t.Fatal(err)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first ended with %v", err)
	}
}

// BenchmarkCourse is the whole built-in course, headless, on a fresh emulator.
func BenchmarkCourse(b *testing.B) {
	for b.Loop() {
		h := newHome(b)
		if _, errs, code := h.run("run", "all"); code != exitPassed {
			b.Fatal(fmt.Sprint(code, errs))
		}
	}
}
