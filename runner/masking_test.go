package runner_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/report"
	"awslab/runner/text"
)

// leak is the longest piece of a secret, of at least sixteen letters, that a text
// shows, line ends and escapes left out; "" if there is none.
func leak(shown, secret string) string {
	shown = strings.NewReplacer("\n", "", " ", "", `\n`, "", `\`, "", "%2B", "+", "%2F", "/", "%3D", "=", "-", "+", "_", "/").Replace(shown)
	longest := ""
	for i := range secret {
		for n := max(16, len(longest)+1); i+n <= len(secret) && strings.Contains(shown, secret[i:i+n]); n++ {
			longest = secret[i : i+n]
		}
	}
	return longest
}

// everything is all that a session told, as text.
func (e *told) everything() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var b strings.Builder
	for _, event := range e.events {
		switch event := event.(type) {
		case runner.CommandStarted:
			b.WriteString(event.Text + "\n")
		case runner.Output:
			b.WriteString(event.Text)
		case runner.CommandEnded:
			if event.Err != nil {
				b.WriteString(runner.Why(text.English(), event.Err) + "\n" + event.Err.Error() + "\n")
			}
		default:
			data, err := json.Marshal(event)
			if err != nil {
				b.WriteString(err.Error())
			}
			b.Write(data)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// However a block prints the secret, the console hides it; to the programs of the
// block it is what it is.
func TestTheConsoleHidesTheSecret(t *testing.T) {
	t.Parallel()
	s, _ := openSecret(t, t.TempDir(), nil)
	secret := secretOf(t, s, "JWT_SECRET")
	for name, block := range map[string]string{
		"as it is":          `echo "$JWT_SECRET"`,
		"without an end":    `printf %s "$JWT_SECRET"`,
		"in two writes":     `printf %s "${JWT_SECRET:0:100}"; printf '%s\n' "${JWT_SECRET:100}"`,
		"letter by letter":  `for ((i = 0; i < ${#JWT_SECRET}; i++)); do printf %s "${JWT_SECRET:i:1}"; done; echo`,
		"in short lines":    `for ((i = 0; i < ${#JWT_SECRET}; i += 7)); do echo "${JWT_SECRET:i:7}"; done`,
		"wrapped":           `printf %s "$JWT_SECRET" | base64 -d | base64`,
		"a half of it":      `echo "${JWT_SECRET:50:60}"`,
		"in JSON":           `jq -n --arg k "$JWT_SECRET" '{k: $k}'`,
		"in JSON in JSON":   `jq -n --arg k "$(printf %s "$JWT_SECRET" | base64 -d | base64)" '{k: {l: $k} | tojson}'`,
		"in a URL":          `jq -rn --arg k "$JWT_SECRET" '$k | @uri'`,
		"all variables":     `env`,
		"by an error":       `cat "$JWT_SECRET" || true`,
		"as a command":      `"$JWT_SECRET" || true`,
		"by the shell":      `set -x; true "$JWT_SECRET"; set +x`,
		"as shell text":     `eval "($JWT_SECRET" || true`,
		"of another stream": `echo "$JWT_SECRET" >&2`,
		"as it was typed":   `echo ` + secret,
		"by the last line":  `cd "$JWT_SECRET"`,
		"as a user's home":  `eval "echo ~$JWT_SECRET"`,
		"with colours":      `printf '%s\e[31m%s\e[0m\n' "${JWT_SECRET:0:30}" "${JWT_SECRET:30}"`,
	} {
		t.Run(name, func(t *testing.T) {
			heard := &told{}
			defer s.Subscribe(heard.take)()
			err := s.Command(t.Context(), block)
			shown := heard.everything()
			if err != nil {
				shown += runner.Why(text.English(), err) + err.Error()
			}
			if found := leak(shown, secret); found != "" {
				t.Errorf("%q is shown in\n%s", found, shown)
			}
			if name != "as shell text" && name != "as a user's home" && !strings.Contains(shown, "****") {
				t.Errorf("no mask in\n%s", shown)
			}
		})
	}
	heard := &told{}
	defer s.Subscribe(heard.take)()
	if err := s.Command(t.Context(), `printf %s "$JWT_SECRET" > kept; TOKEN=$(jwt encode --claim user_id=student); echo "$TOKEN"; jwt verify --json "$TOKEN"`); err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile(filepath.Join(s.Workspace(), "kept"))
	if err != nil || string(kept) != secret {
		t.Errorf("the file has %q, %v", kept, err)
	}
	token, _, _ := strings.Cut(heard.output(), "\n")
	if strings.Count(token, ".") != 2 || strings.Contains(token, "*") || !strings.Contains(heard.output(), `"user_id": "student"`) {
		t.Errorf("a token of the student's own: %s", heard.output())
	}
}

const telling = `---
format: 1
id: token
title: Token
secrets: {JWT_SECRET: {bytes: 256}}
lookup:
  URL: aws apigatewayv2 get-apis --query 'Items[0].ApiEndpoint' --output text
  FAILS: cat "$JWT_SECRET"
---

## Tell it everywhere
<!-- step: tell -->

` + "```sh action\nprintf '%s\\n' \"$JWT_SECRET\" > kept\naws logs create-log-group --log-group-name g\naws logs create-log-stream --log-group-name g --log-stream-name s\n" +
	"aws logs put-log-events --log-group-name g --log-stream-name s --log-events \"timestamp=$(date +%s)000,message=key $JWT_SECRET\"\n" +
	"aws apigatewayv2 create-api --name a --protocol-type HTTP --target http://127.0.0.1:9/\n" +
	"aws iam create-role --role-name r --assume-role-policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'\n" +
	"echo 'def lambda_handler(e, c): return 1' > f.py\nzip -q f.zip f.py\n" +
	"aws lambda create-function --function-name f --runtime python3.14 --handler f.h --role arn:aws:iam::123456789012:role/r --zip-file fileb://f.zip --environment \"Variables={JWT_SECRET=$JWT_SECRET,OTHER_SECRET=hand-made,PLAIN=to be seen}\"\n" +
	"curl -s -H \"Authorization: Bearer $(jwt encode --claim user_id=student)\" \"$URL/$JWT_SECRET\"\n```\n" +
	"\n```yaml check\nid: kept\ntitle: A file\nfile: {path: kept}\nexpect: {text: another}\n```\n" +
	"\n```yaml check\nid: logged\ntitle: A log line\nlogs: {group: g}\nexpect: {lines: [another]}\n```\n" +
	"\n```yaml check\nid: asked\ntitle: A request\nhttp: {url: \"$URL/$JWT_SECRET\", headers: {Authorization: \"Bearer TOKEN\", X-Key: $JWT_SECRET}, body: $JWT_SECRET, method: POST}\nexpect: {status: 200, body: $JWT_SECRET}\n```\n" +
	"\n```yaml check\nid: configured\ntitle: A function\ncall: lambda.GetFunctionConfiguration\nwith: {FunctionName: f}\nexpect: {Environment.Variables.JWT_SECRET: another}\n```\n" +
	"\n```yaml check\nid: looked-up\ntitle: A lookup\ncall: lambda.GetFunctionConfiguration\nwith: {FunctionName: $FAILS}\nexpect: {Environment.Variables.JWT_SECRET: another}\n```\n"

// What checks found and what they show of it, traces and every form of a report
// hide the secret; and a token's signature, but not what it claims.
func TestChecksHideTheSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoic3R1ZGVudCJ9.c2lnbmVkLWJ5LXRoZS1zdHVkZW50LXdpdGgtYS1zZWNyZXQ"
	s, heard := openTokenLesson(t, dir, strings.ReplaceAll(telling, "Bearer TOKEN", "Bearer "+token), nil)
	if err := s.Run(t.Context(), "tell"); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(s.Workspace(), "kept"))
	if err != nil || len(data) != 345 {
		t.Fatalf("the file has %q, %v", data, err)
	}
	secret := strings.TrimSpace(string(data))
	state := s.State().Steps[0]
	shown := heard.everything()
	section := []report.Lesson{{ID: "token", Title: "Token", Steps: []report.Step{{ID: "tell", Title: "Tell", Status: "open", Checks: state.Checks}}}}
	for _, said := range []*text.Text{text.English(), text.Korean()} {
		for _, format := range report.Formats() {
			var b strings.Builder
			if err := report.Write(&b, format, said, section); err != nil {
				t.Fatal(err)
			}
			shown += b.String()
		}
	}
	for _, trace := range s.Traces() {
		data, err := json.Marshal(trace)
		if err != nil {
			t.Fatal(err)
		}
		shown += string(data)
	}
	for _, r := range state.Checks {
		if r.Status == check.Passed || len(r.Evidence) == 0 && r.ID != "looked-up" {
			t.Errorf("%s: %v, %d pieces of evidence", r.ID, r.Status, len(r.Evidence))
		}
	}
	if found := leak(shown, secret); found != "" {
		t.Errorf("%q is shown in\n%s", found, shown)
	}
	judged := fmt.Sprintf("%+v", state.Checks)
	if strings.Contains(judged, "hand-made") || !strings.Contains(judged, "to be seen") {
		t.Errorf("the function's variables: %s", judged)
	}
	if strings.Contains(shown, "c2lnbmVkLWJ5") || !strings.Contains(shown, "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoic3R1ZGVudCJ9.****") {
		t.Errorf("the token: %s", shown)
	}
	if len(s.Traces()) == 0 {
		t.Error("no traces")
	}
	// What has to be kept to be done again is the student's alone to read.
	if runtime.GOOS == "windows" {
		return
	}
	kept := 0
	err = filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil || leak(string(data), secret) == "" {
			return err
		}
		kept++
		open := true
		for part := name; part != dir && open; part = filepath.Dir(part) {
			info, err := os.Stat(part)
			if err != nil {
				return err
			}
			open = info.Mode().Perm()&0o077 != 0
		}
		if open {
			t.Errorf("%s has the secret, and others may read it", name)
		}
		return nil
	})
	if err != nil || kept < 2 { // the journal, and the student's file
		t.Errorf("%d files have the secret, %v", kept, err)
	}
}

// What one lesson made is shown at the prompt of another: its secret is hidden there
// as well, in every language of the lessons.
func TestAnotherLessonHidesTheSecret(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	plain := "---\nformat: 1\nid: plain\ntitle: Plain\n---\n\n## See\n<!-- step: see -->\n\n```yaml check\nid: seen\ntitle: Seen\nfile: {path: a}\n```\n"
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml":     {Data: []byte("id: c\ntitle: C\nlessons: [token, plain]\n")},
		"token/lesson.md": {Data: []byte(secretLesson)}, "token/lesson.ko.md": {Data: []byte("---\ntitle: 토큰\n---\n")}, "plain/lesson.md": {Data: []byte(plain)},
	})
	if len(lesson.Errors(issues)) > 0 {
		t.Fatal(issues)
	}
	home := openHome(t, dir)
	for _, said := range []*text.Text{text.English(), text.Korean()} {
		l := openLab(t, runner.Config{Course: course, Target: home, Home: dir, Text: said})
		secret := secretOf(t, l.session(t, "token"), "JWT_SECRET")
		s := l.session(t, "plain")
		heard := &told{}
		defer s.Subscribe(heard.take)()
		if err := s.Command(t.Context(), "aws iam create-role --role-name "+said.Language+` --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}' --description `+secret+" >/dev/null; aws iam get-role --role-name "+said.Language); err != nil {
			t.Fatal(err)
		}
		if shown := heard.everything(); leak(shown, secret) != "" || strings.Count(shown, "****") < 2 {
			t.Errorf("%s: %s", said.Language, shown)
		}
	}
}
