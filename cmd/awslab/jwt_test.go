package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// `awslab jwt` is the lesson's command in a terminal: with the environment's key
// and the files that are there.
func TestJWTInATerminal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if _, errs := h.must(exitUsage, "jwt", "encode", "--claim", "user_id=student"); !strings.Contains(errs, "JWT_SECRET is not set") {
		t.Errorf("without a key: %s", errs)
	}
	h.env = append(h.env, "JWT_SECRET=a secret")
	token, _ := h.must(exitPassed, "jwt", "encode", "--claim", "user_id=student", "--expires", "1h")
	write(t, filepath.Join(h.dir, "key.txt"), "a secret")
	out, _ := h.must(exitPassed, "jwt", "verify", "--secret", "@key.txt", strings.TrimSpace(token))
	if !strings.Contains(out, `"user_id": "student"`) {
		t.Errorf("verify: %s", out)
	}
	if _, errs := h.must(1, "--lang", "ko", "jwt", "verify", "--secret", "another", strings.TrimSpace(token)); errs != "jwt: 이 키로 만든 서명이 아닙니다\n" {
		t.Errorf("another key: %s", errs)
	}
	if out, _ := h.must(exitPassed, "jwt", "encode", "--help"); !strings.HasPrefix(out, "usage: jwt encode") {
		t.Errorf("--help: %s", out)
	}
	if out, _ := h.must(exitPassed, "__complete", "jwt", ""); !strings.HasPrefix(out, "decode\nencode\nverify\n--help\n") {
		t.Errorf("completion: %s", out)
	}
	if out, _ := h.must(exitPassed, "__complete", "jwt", "decode", "--j"); !strings.Contains(out, "--json\n") {
		t.Errorf("completion: %s", out)
	}
	if _, err := os.Stat(filepath.Join(h.dir, ".local", "share", "awslab", "emulator")); err == nil {
		t.Error("an emulator was started")
	}
}

// The function that `awslab env` defines reads its input, passes its arguments on
// as they are and gives the exit code; it goes before a program of its name.
func TestJWTInBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		lacking(t, "no bash here: `awslab env` is for it")
	}
	h := newHome(t)
	defer h.emulator()()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(h.dir, "bin", "jwt"), "#!/bin/sh\necho another\n")
	if err := os.Chmod(filepath.Join(h.dir, "bin", "jwt"), 0o700); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(bash, "-c", `set -eu -o pipefail
PATH=$PWD/bin:$PATH
eval "$("$EXE" env lambda)"
export JWT_SECRET='a secret'
jwt encode --claim 'name=a  b' --claim "quote='" | jwt verify --json
jwt verify x || echo "code $?"
command jwt`)
	cmd.Env, cmd.Dir = append(append([]string{}, h.env...), "EXE="+exe), h.dir
	out, err := cmd.Output()
	want := "{\n  \"header\": {\n    \"alg\": \"HS256\",\n    \"typ\": \"JWT\"\n  },\n  \"payload\": {\n    \"name\": \"a  b\",\n    \"quote\": \"'\"\n  }\n}\ncode 1\nanother\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s", err, out)
	}
}

// Each shell of `awslab env` has the function; a home's path may have quotes.
func TestJWTFunctions(t *testing.T) {
	t.Parallel()
	for shell, want := range map[string]string{
		"bash":       `jwt() { "$(command -v '/it'\''s/awslab' || echo awslab)" jwt "$@"; }`,
		"fish":       `function jwt; if test -x '/it\'s/awslab'; command '/it\'s/awslab' jwt $argv; else; command awslab jwt $argv; end; end`,
		"powershell": `function jwt { if (Test-Path -LiteralPath '/it''s/awslab') { $input | & '/it''s/awslab' jwt @args } else { $input | & awslab jwt @args } }`,
	} {
		var b strings.Builder
		jwtFunctions[shell](&b, "/it's/awslab")
		if b.String() != want+"\n" {
			t.Errorf("%s: %s", shell, b.String())
		}
	}
	if len(jwtFunctions) != len(dialects) {
		t.Error("a shell has no function jwt")
	}
}
