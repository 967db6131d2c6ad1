package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

const secretLesson = `---
format: 1
id: token
title: Token
secrets: {JWT_SECRET: {bytes: 256}}
---

## Tell it
<!-- step: tell -->

` + "```python file=wait.py\nimport os, time\nopen('ready', 'w').close()\nwhile not os.path.exists('go'):\n    time.sleep(0.01)\nprint(os.environ['JWT_SECRET'])\n```\n" +
	"\n```python file=f.py\nimport os\n\ndef lambda_handler(event, context):\n    print('key', os.environ['JWT_SECRET'])\n    return os.environ['JWT_SECRET']\n```\n" +
	"\n```sh action\naws iam create-role --role-name r --assume-role-policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'\n" +
	"aws iam attach-role-policy --role-name r --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole\n" +
	"zip -q f.zip f.py\naws lambda create-function --function-name f --runtime python3.14 --handler f.lambda_handler --role arn:aws:iam::123456789012:role/r --zip-file fileb://f.zip --environment \"Variables={JWT_SECRET=$JWT_SECRET}\"\n" +
	"aws lambda wait function-active-v2 --function-name f\naws lambda invoke --function-name f --log-type Tail --query LogResult --output text out.json | base64 -d\ncat out.json\n" +
	"aws logs tail /aws/lambda/f\njwt encode --claim user_id=student | jwt verify --json\npython3 wait.py\n```\n" +
	"\n```yaml check\nid: invoked\ntitle: The function gives another answer\nlambda: {function: f, event: {}}\nexpect: {json: another, log: [another]}\nwithin: 1s\n```\n"

// A lesson's secret is shown by no command but `awslab env`, whose purpose it is,
// and stands in no process's arguments, which every user of a machine can list.
func TestTheSecretStaysSecret(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("/proc is Linux's")
	}
	h := newHome(t)
	write(t, filepath.Join(h.dir, "lessons", "course.yaml"), "id: c\ntitle: C\nlessons: [token]\n")
	write(t, filepath.Join(h.dir, "lessons", "token", "lesson.md"), secretLesson)
	env, _ := h.must(exitPassed, "env", "token", "--lessons", "lessons")
	m := regexp.MustCompile(`(?m)^export JWT_SECRET='([A-Za-z0-9+/=]{344})'$`).FindStringSubmatch(env)
	if m == nil {
		t.Fatalf("env: %s", env)
	}
	secret := m[1]
	workspace := filepath.Join(h.dir, ".local", "share", "awslab", "workspace", "token")

	cmd := h.command("run", "token", "--lessons", "lessons", "--no-input")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for waiting := true; waiting; {
		select {
		case err := <-ended:
			t.Fatalf("awslab ended before its program did: %v\n%s", err, out.String())
		case <-tick.C:
			_, err := os.Stat(filepath.Join(workspace, "ready"))
			waiting = err != nil
		}
	}
	seen := 0
	for pid, args := range commandLines(t) {
		if strings.Contains(args, secret[:20]) {
			t.Errorf("process %d is called with the secret: %q", pid, args)
		}
		if strings.Contains(args, "wait.py") {
			seen++
		}
	}
	if seen == 0 {
		t.Error("python3 was not among the processes")
	}
	write(t, filepath.Join(workspace, "go"), "")
	if err := <-ended; cmd.ProcessState.ExitCode() != exitFailed {
		t.Fatalf("%v\n%s", err, out.String())
	}
	shown := out.String()
	if strings.Count(shown, "\n    ****\n") == 0 || !strings.Contains(shown, `"user_id": "student"`) {
		t.Errorf("run: %s", shown)
	}
	for _, args := range [][]string{
		{"check", "token"},
		{"check", "token", "--all", "--lang", "ko"},
		{"check", "token", "--format", "json"},
		{"check", "token", "--format", "junit"},
		{"run", "token", "--format", "json"},
		{"status"},
		{"list"},
		{"cleanup", "token"},
		{"doctor"},
	} {
		stdout, stderr, _ := h.run(append(args, "--lessons", "lessons")...)
		shown += stdout + stderr
	}
	shell := h.command("shell", "token", "--lessons", "lessons")
	shell.Stdin = strings.NewReader("echo \"$JWT_SECRET\"\nset -x\necho \"$JWT_SECRET\" | head -c 100\n")
	said, err := shell.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, said)
	}
	plain := strings.NewReplacer("\n", "", " ", "", `\`, "").Replace(shown + string(said))
	for i := 0; i+12 <= len(secret); i++ {
		if strings.Contains(plain, secret[i:i+12]) {
			t.Fatalf("%q is shown in\n%s%s", secret[i:i+12], shown, said)
		}
	}
	again, _ := h.must(exitPassed, "env", "token", "--lessons", "lessons")
	if !strings.Contains(again, secret) {
		t.Error("the secret has changed")
	}
}

// commandLines are the arguments of the processes there are, as any user sees them.
func commandLines(t *testing.T) map[int]string {
	t.Helper()
	all := map[int]string{}
	names, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := os.ReadFile(name); err == nil { // else it has ended
			all[pid] = strings.ReplaceAll(string(data), "\x00", " ")
		}
	}
	return all
}
