package runner_test

import (
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/shell"
)

const secretLesson = `---
format: 1
id: token
title: Token
secrets:
  JWT_SECRET: {bytes: 256}
  KEY: {bytes: 16, encoding: hex}
lookup:
  LENGTH: printf %s "${#JWT_SECRET}"
---

## Keep it
<!-- step: keep -->

` + "```sh action\nprintf %s \"$JWT_SECRET\" > kept\n```\n\n```yaml check\nid: kept\ntitle: The file holds the secret\nfile: {path: kept}\nexpect: {text: $JWT_SECRET}\n```\n" + `
## Clean up
<!-- step: cleanup -->

` + "```sh cleanup\nrm -f kept\n```\n"

// openSecret opens the lesson token in a home; python3 is the test's own, where
// it gives one.
func openSecret(t *testing.T, dir string, python shell.Command) (*runner.Session, *told) {
	t.Helper()
	return openTokenLesson(t, dir, secretLesson, python)
}

func openTokenLesson(t *testing.T, dir, source string, python shell.Command) (*runner.Session, *told) {
	t.Helper()
	course, issues := lesson.LoadCourse(fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [token]\n")}, "token/lesson.md": {Data: []byte(source)},
	})
	if len(lesson.Errors(issues)) > 0 {
		t.Fatal(issues)
	}
	cfg := runner.Config{Course: course, Target: openHome(t, dir), Home: dir}
	if python != nil {
		cfg.Python = func(string) runner.Program {
			return func(ctx context.Context, c *shell.Call, _ uint16) int { return python(ctx, c) }
		}
	}
	s := openLab(t, cfg).session(t, "token")
	heard := &told{}
	t.Cleanup(s.Subscribe(heard.take))
	return s, heard
}

// secretOf is the secret as `awslab env` gives it.
func secretOf(t *testing.T, s *runner.Session, name string) string {
	t.Helper()
	all, err := s.Variables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range all {
		if v.Name == name && v.Set {
			return v.Value
		}
	}
	t.Fatalf("%s is not set in %v", name, all)
	return ""
}

// A secret is a variable of blocks, lookups, checks, programs and `awslab env`,
// with one value everywhere.
func TestASecretIsAVariable(t *testing.T) {
	t.Parallel()
	var seen string
	s, heard := openSecret(t, t.TempDir(), func(_ context.Context, c *shell.Call) int {
		for _, v := range c.Environ() {
			if value, ok := strings.CutPrefix(v, "JWT_SECRET="); ok {
				seen = value
			}
		}
		return 0
	})
	secret := secretOf(t, s, "JWT_SECRET")
	if data, err := base64.StdEncoding.DecodeString(secret); err != nil || len(data) != 256 {
		t.Fatalf("%q: %v", secret, err)
	}
	if key := secretOf(t, s, "KEY"); len(key) != 32 {
		t.Errorf("KEY is %q", key)
	}
	if err := s.Run(t.Context(), "keep"); err != nil {
		t.Fatal(err)
	}
	if r := s.State().Steps[0].Checks[0]; r.Status != check.Passed {
		t.Errorf("%+v", r)
	}
	if kept, err := os.ReadFile(filepath.Join(s.Workspace(), "kept")); err != nil || string(kept) != secret {
		t.Errorf("the block saw %q, %v", kept, err)
	}
	if err := s.Command(t.Context(), "echo $LENGTH; python3 x.py"); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(heard.output(), "344\n") || seen != secret {
		t.Errorf("a lookup saw %q, a program %q", heard.output(), seen)
	}
}

// The secret is the home's: it outlives the process and a reset, and what a
// block assigned under its name.
func TestASecretStays(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, _ := openSecret(t, dir, nil)
	secret := secretOf(t, s, "JWT_SECRET")
	if err := s.Command(t.Context(), `JWT_SECRET=guess; [ "$JWT_SECRET" = guess ]`); err != nil {
		t.Fatal(err)
	}
	if now := secretOf(t, s, "JWT_SECRET"); now != secret {
		t.Errorf("after an assignment: %s, not %s", now, secret)
	}
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if now := secretOf(t, s, "JWT_SECRET"); now != secret {
		t.Errorf("after a reset: %s, not %s", now, secret)
	}
	other, _ := openSecret(t, t.TempDir(), nil)
	if secretOf(t, other, "JWT_SECRET") == secret {
		t.Error("two homes have the same secret")
	}
}

// A seed that cannot be used stops what needs a secret, and says how to go on.
func TestASeedThatCannotBeUsed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "secrets.seed"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	s, heard := openSecret(t, dir, nil)
	if err := s.Command(t.Context(), "echo here"); err != nil || heard.output() != "here\n" {
		t.Errorf("%q, %v", heard.output(), err)
	}
	err := s.Command(t.Context(), `echo "$JWT_SECRET"`)
	if err == nil || !strings.Contains(err.Error(), "secrets.seed") || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a block: %v", err)
	}
	if _, err := s.Variables(t.Context()); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("the variables: %v", err)
	}
	// The file is mended while awslab runs.
	if err := os.Remove(filepath.Join(dir, "secrets.seed")); err != nil {
		t.Fatal(err)
	}
	if secretOf(t, s, "JWT_SECRET") == "" {
		t.Error("no secret")
	}
}
