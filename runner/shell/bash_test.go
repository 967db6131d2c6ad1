package shell_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/shell"
)

type asBash struct {
	text string
	tool string // must be installed
}

// lacking skips a comparison with a tool that is not installed, but not in CI,
// which installs them (.ci/run).
func lacking(t *testing.T, tool string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal("no " + tool + " here to compare with")
	}
	t.Skip("no " + tool + " here to compare with")
}

// TestAsBash runs what labs write in real bash too, and expects the same
// output and exit code. Where a tool is not installed, that case is skipped.
func TestAsBash(t *testing.T) {
	t.Parallel()
	bash, err := exec.LookPath("bash")
	if err != nil {
		lacking(t, "bash")
	}
	cases := map[string]asBash{
		"set -e":               {text: "echo a; false; echo b"},
		"set -e in function":   {text: "f() { false; echo in; }; f; echo out"},
		"set -e, or":           {text: "false || echo or; true && echo and"},
		"set -e, last and":     {text: "true; [ 1 = 2 ] && echo no"},
		"set -e, if":           {text: "if false; then echo a; else echo b; fi; ! true; echo c"},
		"set -e, while":        {text: "i=0; while [ $i -lt 3 ]; do i=$((i+1)); echo $i; done; false || :"},
		"set -e, substitution": {text: "X=$(false); echo never"},
		"set -e, subshell":     {text: "(false; echo in); echo out"},
		"set -e, exit code":    {text: "(exit 7)"},
		"exit":                 {text: "echo a; exit 3; echo b"},
		"pipefail":             {text: "false | cat; echo never"},
		"pipefail code":        {text: "(exit 3) | (exit 4) | true"},
		"early close":          {text: "seq 1 100000000 | head -n 1"},
		"early close, echo":    {text: "while :; do echo y; done | head -n 2; echo never"},
		"early close, || true": {text: "seq 1 1000000000 | head -n 1 || true; echo done"},
		"early close, printf":  {text: "set +e; { while printf 'y\\n'; do :; done; echo after >&2; } | head -n 1; echo ${PIPESTATUS[0]:-141}"},
		"nounset default":      {text: `echo "${X:-d}" "${Y-e}" "[${Z:+f}]"; [ -z "${X:-}" ] && echo unset`},
		"quoting":              {text: `A="a  b"; echo $A "$A" '$A' "\$A" a\ b`},
		"heredocs":             {text: "X=1; cat <<EOF\n$X $(echo sub) \\$X\nEOF\ncat <<'EOF'\n$X\nEOF\ncat <<-EOF\n\ttab\n\tEOF"},
		"here string":          {text: `cat <<< "hi $((1+2))"`},
		"case":                 {text: `case abc in a*) echo a;; *) echo other;; esac`},
		"test":                 {text: `[[ abc == a* ]] && [[ abc =~ ^a(.)c$ ]] && echo "${BASH_REMATCH[1]}"`},
		"expansion":            {text: `P=a/b/c.txt; echo "${P##*/} ${P%.*} ${P/b/x} ${#P} ${P^^}"`},
		"arrays":               {text: `A=(1 "2 3"); A+=(4); for x in "${A[@]}"; do echo "$x"; done; echo ${#A[@]}`},
		"read loop":            {text: "printf 'a 1\\nb 2\\n' | while read -r x y; do echo \"$y-$x\"; done"},
		"redirects":            {text: "echo a > f; echo b >> f; cat < f; { echo o; echo e >&2; } 2> g > h; cat g h; ls missing 2>/dev/null || echo no"},
		"braces, globs":        {text: "touch b1 a2 a1; echo {x,y}{1..3} a* *2 none*"},
		"ls":                   {text: "mkdir d; touch d/y d/x z .h; ls; ls d; ls -a d | wc -l; ls -d d; ls z d"},
		"cp, mv, rm":           {text: "mkdir d; echo x > f; cp f g; cp f d; cp -r d e; mv g h; mv h d; rm f; ls . d e; rm -r d e; ls"},
		"rm missing":           {text: "rm -f none; rm none"},
		"cat missing":          {text: "echo x > f; cat f none f"},
		"mkdir again":          {text: "mkdir -p a/b; mkdir -p a/b; mkdir a"},
		"head, tail":           {text: "seq 20 > f; head -n 2 f; tail -n 2 f; head -3 f; tail -n +19 f; head -n -18 f; head -c 3 f; tail -c 3 f; head -n 1 f f"},
		"wc":                   {text: "printf 'a b\\nc\\n' > f; wc -l f; wc -l < f; wc -w < f; wc -c f; wc f f"},
		"cut":                  {text: "printf 'a:b:c\\nd\\n' | cut -d: -f2; printf 'a:b:c\\nd\\n' | cut -s -d : -f 1,3-; echo abcdef | cut -c2-3"},
		"sort":                 {text: "printf '10\\n9\\nb\\na\\n9\\n' > f; sort f; sort -n f; sort -ru f; printf 'a 2\\nb 1\\n' | sort -k2 -n; printf 'x,3\\ny,1\\n' | sort -t, -k2,2nr"},
		"uniq":                 {text: "printf 'a\\na\\nb\\na\\n' | uniq; printf 'a\\na\\nb\\n' | uniq -c; printf 'a\\na\\nb\\n' | uniq -d; printf 'a\\na\\nb\\n' | uniq -u"},
		"tr":                   {text: "echo Hello | tr a-z A-Z; echo hello | tr -d l; echo aabb | tr -s a; echo 'a b' | tr ' ' '\\n'; echo a1b2 | tr -cd '0-9\\n'; echo 'x y' | tr '[:lower:]' '[:upper:]'"},
		"grep":                 {text: "printf 'one\\nTwo\\nthree\\n' > f; grep o f; grep -i t f; grep -c e f; grep -n e f; grep -v o f; grep -q one f && echo yes; grep -o 'e*' f; grep -E '^(one|Two)$' f; grep 'o\\|h' f; grep -F . f || echo none; grep -w one f; grep one f f; grep -A1 one f; grep -h one f f; grep -l one f"},
		"grep missing":         {text: "grep x none"},
		"grep nothing":         {text: "echo a | grep b"},
		"tee":                  {text: "echo a | tee f g; cat f; echo b | tee -a f; cat f"},
		"seq":                  {text: "seq 3; seq 2 4; seq 10 -3 1; seq -s, 3; seq -w 8 10; seq 0.5 0.5 1.5"},
		"date":                 {text: "date -u -d @0 +%Y-%m-%dT%H:%M:%SZ; date -u -d 2024-02-29 +'%a %j %s'; date -u -d '2024-01-31 12:00:00' +%F_%T; date -u -d @1.5 +%s%3N"},
		"diff":                 {text: "seq 5 > a; printf '1\\n2\\nx\\n4\\n5\\n6\\n' > b; diff a b || echo $?; diff a a; diff -q a b || :"},
		"diff -u":              {text: "seq 20 > a; (seq 3; seq 5 15; echo new; seq 16 20) > b; diff -u a b | tail -n +3 || :"},
		"basename":             {text: "basename /a/b.txt; basename /a/b.txt .txt; dirname /a/b.txt x; basename a/"},
		"base64":               {text: "seq 100 > f; base64 f; base64 -w 0 f; echo; base64 f | base64 -d | wc -c; printf hi | base64; echo '!!' | base64 -d"},
		"sha256sum":            {text: "printf hi > f; sha256sum f; sha256sum < f"},
		"printf":               {text: `printf '%s-%d\n' a 1 b 2; printf '%5s|%-5s|%05d\n' x y 42; printf 'a\tb\\n\n'; printf '%%\n'`},
		"echo":                 {text: `echo -n a; echo -e 'x\ty'; echo -E 'x\ty'; echo 'x\ty'; echo -- -x; echo -ne 'z\n'`},
		"touch, test":          {text: "touch f; [ -f f ] && [ ! -s f ] && [ ! -d f ] && echo ok; touch -c g; [ -e g ] || echo no"},
		"chmod":                {text: "touch f; chmod 755 f; [ -x f ] && echo x; chmod -x f; [ -x f ] || echo no"},
		"functions":            {text: "f() { local x=$1; echo \"$x $#\"; return 2; }; f a b || echo $?; command -v f"},
		"traps":                {text: "trap 'echo bye $?' EXIT; echo hi; exit 4"},
		"background":           {text: "{ echo bg > f; } & wait; cat f"},
		"sleep":                {text: "sleep 0; sleep 0.01s && echo ok"},
		"eval":                 {text: `X='echo $((2*3)) | cat'; eval "$X"`},
		"jq":                   {tool: "jq", text: `echo '{"a":[1,2,{"b":"x y"}],"c":null}' > f; jq .a f; jq -r '.a[2].b' f; jq -c .a f; jq -n '1+1'; jq -s -c . f f; jq -e .c f || echo $?; jq -r '.a[0:2] | @csv' f; jq --arg x 1 -n '$x'; jq -n --argjson x '{"y":1}' '$x.y'; jq -c -n '$ARGS.positional' --args a b; echo '"x" "y"' | jq -r .; jq -j -n '1,2'; echo`},
		"jq wrong":             {tool: "jq", text: `echo '{"a":1}' | jq '.a.b' 2>/dev/null; echo never`},
		"jq no json":           {tool: "jq", text: `echo '{' | jq . 2>/dev/null || echo bad`},
		"jq no filter":         {tool: "jq", text: `echo 1 | jq 'foo(' 2>/dev/null`},
		"zip":                  {tool: "zip", text: "seq 100 > lambda_function.py; zip fn.zip lambda_function.py; zip fn.zip lambda_function.py; mkdir d; echo hi > d/x; zip -r fn.zip d; zip -j -q fn2 d/x; unzip -l fn2.zip | tail -n 2 | head -n 1 | wc -w; rm -r d lambda_function.py; unzip -o -q fn.zip; cat d/x; unzip -p fn2.zip"},
		"unzip":                {tool: "unzip", text: "mkdir d; seq 100 > d/x; zip -q -r a.zip d; rm -r d; unzip a.zip; mkdir to; unzip -q a.zip -d to; ls to/d"},
		"openssl":              {tool: "openssl", text: "openssl rand -hex 16 | wc -c; openssl rand -base64 64 | wc -lc; openssl rand 256 | base64 | wc -lc; openssl rand 256 | wc -c"},
	}
	for tool, more := range map[string]map[string]string{"": gnu, "jq": gnuJQ, "zip": gnuZip} {
		for name, text := range more {
			cases[name] = asBash{"set +e\n" + text, tool}
		}
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tt.tool != "" {
				if _, err := exec.LookPath(tt.tool); err != nil {
					lacking(t, tt.tool)
				}
			}
			real := exec.CommandContext(t.Context(), bash, "-c", "set -eu -o pipefail\n"+tt.text)
			real.Dir = t.TempDir()
			real.Env = append(real.Environ(), "LC_ALL=C", "TZ=UTC")
			var stderr bytes.Buffer
			real.Stderr = &stderr
			stdout, err := real.Output()
			code := 0
			if exit, ok := errors.AsType[*exec.ExitError](err); ok {
				code = exit.ExitCode()
			} else if err != nil {
				t.Fatal(err)
			}
			ours := newWorld(t, shell.Config{}).run(tt.text)
			if ours.out != string(stdout) || ours.Code != code || ours.stopped != nil {
				t.Errorf("%s\n--- bash: exit code %d\n+++ ours: exit code %d, stopped: %v\n%s\n%s",
					tt.text, code, ours.Code, ours.stopped, cmp.Diff(strings.Split(string(stdout), "\n"), strings.Split(ours.out, "\n")), ours.err)
			}
		})
	}
}
