package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"awslab/runner/text"
)

// Under --lang ko no line holds an English sentence. The tests of runner/text
// look at the sentences there; these look at what comes out of the program,
// where a sentence may have been written past that package.

// sentence is four English words in a row.
var sentence = regexp.MustCompile(`(?:\b(?:[A-Za-z][a-z']+|[A-Z]{2,}|a|A|I)[ ]+){3,}[A-Za-z][A-Za-z']+\b`)

// code is what stays as it is in every language: quotations, what is typed, and
// files' names.
var code = regexp.MustCompile("`[^`]*`|“[^”]*”|: (?:awslab|aws|chmod|mv|rm|unzip|curl) .*$|(?:[./~][\\w.-]*)+/[\\w./-]*|\\$\\(.*\\)")

// others are words that are not awslab's.
var others = []struct {
	words *regexp.Regexp
	why   string
}{
	{regexp.MustCompile(`An error occurred \(\w+\) when calling the \w+ operation.*`), "AWS's own message, as the AWS CLI prints it"},
	{regexp.MustCompile(`\b(?:NoSuchEntity|[A-Z]\w+Exception): [^”"]*`), "AWS's own message, in a finding"},
	{regexp.MustCompile(`^\s*"response": "operation error .*`), "the AWS SDK's own words, as a check's evidence"},
	{regexp.MustCompile(`^(?:usage: aws \[options\].*|To see help text, you can run:|aws: error: .*|Unknown options: .*)$`), "the AWS CLI's own words of a wrong command line"},
	{regexp.MustCompile(`^curl: .*`), "curl's own words"},
	{regexp.MustCompile(`^(?:cat|cp|ls|mv|rm|mkdir|grep|head|tail|sort|touch|base64|seq|date|cut|diff|tr|zip|unzip|jq): .*?(?:: [A-Z][a-z ]+)?$`), "a Unix tool's own words"},
	{regexp.MustCompile(`^Use jq --help for help with command-line options\.$`), "a Unix tool's own words"},
	{regexp.MustCompile(`^\S+/python3: can't open file .*`), "Python's own words"},
	{regexp.MustCompile(`JSON Web Token|awslab lesson new DIR|^aws configure get NAME`), "names: RFC 7519's title, and commands"},
	{regexp.MustCompile(`^있는 명령: [a-z0-9 ]+\.`), "the names of the shell's commands"},
	{regexp.MustCompile(`^\s*(?:Traceback \(most recent call last\):|File ".*|\w+Error: .*)$`), "Python's own words"},
	{regexp.MustCompile(`^\s*[$>] .*|^ {4}if .*; then$`), "the lesson's code, as it is carried out"},
}

// englishIn is the first English sentence of a line; used marks whose words
// were met.
func englishIn(line string, used map[string]bool) string {
	for _, o := range others {
		if o.words.MatchString(line) {
			if used != nil {
				used[o.why] = true
			}
			line = o.words.ReplaceAllString(line, "")
		}
	}
	return sentence.FindString(code.ReplaceAllString(line, " | "))
}

func TestEnglishIsFound(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"error: this is an English sentence", "오류: there is a thing", "jwt: the token has expired", "ls is a command of the lesson's shell",
		"A 변수의 값을 조회하지 못했습니다: it needs its own value: A → A", "python3: ended by awslab: too many processes and threads", "힌트: Try the other one",
	} {
		if englishIn(line, nil) == "" {
			t.Errorf("not found: %s", line)
		}
	}
	for _, line := range []string{
		"hint: 이렇게 실행하세요: awslab run lambda again and again", "CloudWatch Logs 로그 그룹", "“the words of another program”", "`while read -r x; do echo x; done`",
	} {
		if found := englishIn(line, nil); found != "" {
			t.Errorf("%q in %s", found, line)
		}
	}
}

// koreanHome is a home whose awslab speaks Korean, and tells of English.
type koreanHome struct {
	*home
	used map[string]bool
}

func newKoreanHome(t *testing.T) *koreanHome {
	t.Helper()
	k := &koreanHome{newHome(t), map[string]bool{}}
	k.env = append(k.env, "LANG=ko_KR.UTF-8")
	return k
}

// says runs awslab and wants Korean of it, and at least a line.
func (k *koreanHome) says(stdin string, args ...string) (output string) {
	k.t.Helper()
	cmd := k.command(args...)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		k.t.Fatal(err)
	}
	if len(out) == 0 {
		k.t.Errorf("awslab %s, %.60q: it says nothing", strings.Join(args, " "), stdin)
	}
	for line := range strings.Lines(string(out)) {
		if found := englishIn(strings.TrimRight(line, "\n"), k.used); found != "" {
			k.t.Errorf("awslab %s, %.60q: %q in: %s", strings.Join(args, " "), stdin, found, line)
		}
	}
	return string(out)
}

func TestHelpIsKorean(t *testing.T) {
	t.Parallel()
	k := newKoreanHome(t)
	var walk func(cmd *cobra.Command)
	walked := 0
	walk = func(cmd *cobra.Command) {
		walked++
		args := strings.Fields(cmd.CommandPath())[1:]
		k.says("", append(args, "--help")...)
		for _, sub := range cmd.Commands() {
			walk(sub)
		}
	}
	walk((&app{text: text.English(), getenv: os.Getenv}).root())
	if walked < 20 {
		t.Errorf("only %d commands were asked", walked)
	}
	for _, args := range [][]string{{"help"}, {"help", "run"}, {"help", "fly"}, {"aws", "help"}, {"aws", "lambda", "help"}, {"aws", "lambda", "invoke", "help"}} {
		k.says("", args...)
	}
}

func TestWrongCommandLinesAreKorean(t *testing.T) {
	t.Parallel()
	k := newKoreanHome(t)
	for _, line := range []string{
		"", "fly", "fly away", "lst", "lesson tets", "run", "run lambada", "run lambda all", "run lambda --step", "run lambda --step rolle", "run lambda --fast",
		"check lambda --step rolle", "check --step=", "solve lambada", "skip lambada", "reset lambada", "cleanup lambada", "shell lambada",
		"list --format xml", "list --format=", "list --no-input=maybe", "list -x", "list --=x", "status --target mars", "status --target http://127.0.0.1:1",
		"status --target ftp://x", "status --home address.json/x", "list --lessons none", "emulator --addr 0.0.0.0:4566", "emulator --addr x", "env --shell csh",
		"completion csh", "lesson lint none", "lesson test none", "lesson new", "lesson new .", "lesson preview none", "lesson preview", "aws", "aws lambda make-function", "aws nonsense",
		"aws lambda get-function", "aws lambda get-function --function-name none", "aws iam get-role --role-name none --fast", "version x",
	} {
		k.says("", strings.Fields(line)...)
	}
	k.met(t, "AWS's own message, as the AWS CLI prints it", "the AWS CLI's own words of a wrong command line")
}

// met wants that what is allowed was needed.
func (k *koreanHome) met(t *testing.T, whys ...string) {
	t.Helper()
	for _, why := range whys {
		if !k.used[why] {
			t.Errorf("nothing needs to be allowed for this: %s", why)
		}
	}
}

func TestTheShellIsKorean(t *testing.T) {
	t.Parallel()
	k := newKoreanHome(t)
	const token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjF9.eyJleHAiOjF9"
	for _, script := range []string{
		// Each of these ends its script.
		"if then", "echo 'open", "fi", "cat <(true)", "coproc cat", "declare -n x=y", `o=-n; declare "$o" r=`, `x=; [[ -v $x ]]`, `x=; unset "$x"`, "echo ~root",
		"echo {1..1000000000}", "while :; do echo 0123456789012345678901234567890123456789; done", "echo $UNSET_VARIABLE",
		strings.Join([]string{
			"help", "help ls", "help vim", "vim x", "awk x", "frob", "ls --help; curl --help; jwt --help", "type ls frob", "command -V jq",
			"cat /etc/passwd", "cat ../../x", "cat none", "cp none x", "ls none", "mv a", "rm -r .", "rm -r ..", "mkdir", "echo x > /etc/x", "grep", "grep '(' none", "head -n x", "tail -f x",
			"jwt", "jwt frob -S x", "jwt encode", "jwt encode -S x --alg RS256", "jwt encode -S x --exp soon", "jwt encode -S x '[1]'", "jwt encode -S x '{'", "jwt encode -S x {} {}",
			"jwt decode x", "jwt decode x y", "jwt decode a.b.c", "jwt verify -S x " + token, "jwt encode -S x --exp -5 '{}' | jwt verify -S x", "jwt encode -S x --what",
			`jwt encode -S x '{"nbf": 9999999999}' | jwt verify -S x`,
			"printf -v x y", "printf %99999d 1", "openssl md5", "openssl rand", "env ls", "jq", "jq .[ x", "echo '{' | jq .", "diff x", "echo a > x; zip x.zip x; unzip x.zip", "sort -k x x", "seq",
			"base64 -d <<< '!'", "sleep x", "date -d never", "tr", "cut -f 1 -c 1", "zip", "unzip none.zip", "touch", "chmod x y",
			"curl", "curl -b jar http://localhost", "curl http://example.com", "curl --frob", "curl x:99999999", "curl http://127.0.0.1:1",
			"python3 -c 'raise ValueError(1)'", "python3 none.py", "python3 -c 'x = bytearray(700 << 20); import time; time.sleep(30)'",
			"aws lambda get-function --function-name none", "aws lambda", "aws s3 ls", "aws configure", "aws configure help", "aws configure set a b", "aws iam list-roles --output yaml",
		}, " || true\n") + " || true\n",
	} {
		k.says(script, "shell", "lambda")
	}
	k.met(t, "curl's own words", "a Unix tool's own words", "the names of the shell's commands", "Python's own words")
}

func TestStatesAreKorean(t *testing.T) {
	t.Parallel()
	k := newKoreanHome(t)
	for _, line := range []string{
		"list", "status", "status lambda", "next", "check lambda", "check lambda --all", "check lambda --all --format json", "check http-api --all", "run lambda --step function", "env lambda",
		"solve lambda", "skip lambda --yes", "solve lambda", "check lambda", "status lambda", "cleanup lambda", "reset lambda", "doctor", "version",
	} {
		k.says("", strings.Fields(line)...)
	}
}

func TestDamageIsToldInKorean(t *testing.T) {
	t.Parallel()
	flip := func(at int) func([]byte) []byte {
		return func(data []byte) []byte { data[at%len(data)] ^= 1; return data }
	}
	replace := func(with string) func([]byte) []byte { return func([]byte) []byte { return []byte(with) } }
	for name, c := range map[string]struct {
		file   string
		change func([]byte) []byte
	}{
		"journal":         {"emulator/journal", flip(40)},
		"no journal":      {"emulator/journal", replace("x")},
		"torn journal":    {"emulator/journal", func(data []byte) []byte { return data[:len(data)-3] }},
		"progress":        {"progress/emulator/lambda.json", replace("{")},
		"progress's form": {"progress/emulator/lambda.json", replace(`{"format":99,"lesson":"lambda"}`)},
		"other progress":  {"progress/emulator/lambda.json", replace(`{"format":1,"lesson":"x"}`)},
		"address":         {"address.json", replace("{")},
		"credentials":     {"credentials.json", replace("{")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKoreanHome(t)
			k.must(exitPassed, "run", "lambda", "--step", "role")
			path := k.data(filepath.FromSlash(c.file))
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			write(t, path, string(c.change(data)))
			k.says("", "status")
			k.says("", "check", "lambda")
			k.says("", "doctor")
		})
	}
}

// An author's mistakes, and a student in a lesson with such mistakes.
func TestLessonsWithMistakesAreToldInKorean(t *testing.T) {
	t.Parallel()
	k := newKoreanHome(t)
	k.must(exitPassed, "lesson", "new", "course/x")
	file := filepath.Join(k.dir, "course", "x", "lesson.md")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	good := string(data)
	front := func(more string) string { return strings.Replace(good, "vars:\n", more+"vars:\n", 1) }
	for name, lesson := range map[string]string{
		"nothing":           "",
		"no front matter":   "# L\n",
		"open YAML":         front("needs: [\n"),
		"a tab":             front("\tx: 1\n"),
		"an unknown key":    front("unheard: 1\n"),
		"a key twice":       front("title: again\n"),
		"a wrong kind":      front("minutes: soon\n"),
		"a call":            strings.Replace(good, "call: logs.DescribeLogGroups", "call: logs.DescribeLogGroup", 1),
		"a service":         strings.Replace(good, "call: logs.DescribeLogGroups", "call: s3.ListBuckets", 1),
		"an unused name":    strings.Replace(good, "vars:\n", "vars:\n  UNUSED: x\n", 1),
		"a circle":          front("lookup:\n  A: echo $B\n  B: echo $A\n"),
		"bash":              good + "\n## S {#s}\n\n```bash run\nif then\n```\n",
		"refused bash":      good + "\n## S {#s}\n\n```bash run\ncat <(true)\n```\n",
		"a check's YAML":    good + "\n## S {#s}\n\n```yaml check\ncall: [\n```\n",
		"a check's kind":    good + "\n## S {#s}\n\n```yaml check\nframe: x\n```\n",
		"a check's query":   good + "\n## S {#s}\n\n```yaml check\ncall: logs.DescribeLogGroups\nexpect:\n  'a[': 1\n```\n",
		"a check's pattern": good + "\n## S {#s}\n\n```yaml check\ncall: logs.DescribeLogGroups\nexpect:\n  a: {matches: '('}\n```\n",
		"an unknown fence":  good + "\n## S {#s}\n\n```bash fly\ntrue\n```\n",
		"a step twice":      good + "\n## S {#s}\n\ntext\n\n## S {#s}\n\ntext\n",
		"a quiz":            good + "\n## S {#s}\n\n```yaml quiz\nquestion: x\n```\n",
	} {
		write(t, file, lesson)
		if out := k.says("", "lesson", "lint", "course"); !strings.Contains(out, "오류: ") && !strings.Contains(out, "경고: ") {
			t.Errorf("%s: no mistake is found: %s", name, out)
		}
		k.says("", "list", "--lessons", "course")
	}
	write(t, file, strings.Replace(good, "vars:\n", "lookup:\n  A: eval echo '$A'\n  C: aws lambda get-function --function-name '!' --output text\nvars:\n", 1))
	for script, want := range map[string]string{"echo $A": "A 변수의 값을 조회하지 못했습니다: 자기 자신의 값이 있어야", "echo $C": "C 변수의 값을 조회하지 못했습니다"} {
		if out := k.says(script, "shell", "x", "--lessons", "course"); !strings.Contains(out, want) {
			t.Errorf("%s: %s", script, out)
		}
	}
}
