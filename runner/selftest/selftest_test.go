package selftest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"awslab/runner"
	"awslab/runner/emulator"
	"awslab/runner/emulator/python"
	"awslab/runner/lesson"
	"awslab/runner/selftest"
	"awslab/runner/target"
	"awslab/runner/text"
)

// world makes fresh worlds, as cmd does.
func world(t testing.TB, course *lesson.Course) func(context.Context) (*selftest.World, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	installation := python.New(python.Config{Dir: filepath.Join(cache, "awslab", "python")})
	return func(ctx context.Context) (*selftest.World, error) {
		dir := t.TempDir()
		opened, err := target.Open(ctx, target.Config{Now: time.Now, Home: target.HomeConfig{
			Dir: dir, Addr: "127.0.0.1:0",
			NewServer: func(_ string, creds target.Credentials) (target.Server, error) {
				return emulator.New(emulator.Config{
					Account: target.EmulatorAccount, Region: target.DefaultRegion,
					AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey, Python: installation,
				})
			},
		}})
		if err != nil {
			return nil, err
		}
		lab, err := runner.Open(runner.Config{Course: course, Target: opened, Text: text.English(), Home: dir, Now: time.Now, Headless: true})
		if err != nil {
			return nil, err
		}
		return &selftest.World{Lab: lab, AWS: opened.AWS(), Dir: dir, Close: func(bool) error {
			if err := lab.Close(); err != nil {
				return err
			}
			return opened.Close()
		}}, nil
	}
}

// sound is a lesson without a fault; each test below puts one in.
const sound = "---\nformat: 1\nid: x\ntitle: X\n---\n\n## Make\n<!-- step: make -->\n\n" +
	"```sh action\necho one > one.txt\n```\n\n" +
	"```yaml check\nid: one\ntitle: One is there\nfile: {path: one.txt}\nexpect: {text: one}\n```\n\n" +
	"```yaml check\nid: two\ntitle: Two is not\nfile: {path: one.txt}\nexpect: {text: {not: {contains: two}}}\n```\n\n" +
	"## Role\n<!-- step: role needs=make -->\n\n" +
	"```sh action\naws iam get-role --role-name r >/dev/null 2>&1 || aws iam create-role --role-name r --assume-role-policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'\n```\n\n" +
	"```yaml check\nid: role\ntitle: The role is there\ncall: iam.GetRole\nwith: {RoleName: r}\nexpect: {Role.RoleName: r}\n```\n\n" +
	"```yaml quiz\nid: q\nask: Q?\noptions: [a, b]\nanswer: 1\n```\n\n" +
	"## Clean up\n<!-- step: cleanup needs=role -->\n\n" +
	"```sh cleanup\nrm -f one.txt\naws iam delete-role --role-name r 2>/dev/null || true\n```\n\n" +
	"```yaml check\nid: gone\ntitle: The role is gone\ncall: iam.GetRole\nwith: {RoleName: r}\nerror: NoSuchEntity\n```\n"

const soundProof = "mutants:\n  - name: three\n    after: make\n    run: echo three > one.txt\n    fails: one\n    code: file.text\n" +
	"alternatives:\n  - name: printf\n    replace: make\n    run: printf one > one.txt\n"

func prove(t *testing.T, source, proof string, more fstest.MapFS) *selftest.Report {
	t.Helper()
	files := fstest.MapFS{
		"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [x]\n")}, "x/lesson.md": {Data: []byte(source)}, "x/selftest.yaml": {Data: []byte(proof)},
	}
	for name, f := range more {
		files[name] = f
	}
	course, issues := lesson.LoadCourse(files)
	if errs := lesson.Errors(issues); len(errs) > 0 && more == nil {
		t.Fatal(errs)
	}
	seen, err := selftest.Run(t.Context(), selftest.Config{Lesson: course.Lessons[0], Issues: issues, Open: world(t, course), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return seen
}

// problems are the codes of what was found, with what each is about.
func problems(seen *selftest.Report) []string {
	var list []string
	for _, c := range seen.Cases {
		for _, phase := range c.Phases {
			for _, p := range phase.Problems {
				list = append(list, c.Name+": "+p.Finding.Code+" "+p.Finding.Subject)
			}
		}
	}
	return list
}

func TestASoundLessonIsProved(t *testing.T) {
	t.Parallel()
	// That a file does not say "two" is true before its step only if there is no
	// file: file.missing fails the check, so it is sound as well.
	seen := prove(t, sound, soundProof, nil)
	if !seen.Passed() || len(seen.Cases) != 5 {
		t.Errorf("%d cases: %q", len(seen.Cases), problems(seen))
	}
}

// Each fault that a lesson can have is found, and nothing else.
func TestEachFaultIsFound(t *testing.T) {
	t.Parallel()
	all := map[string]bool{}
	for _, tt := range []struct {
		name         string
		in, old, new string // in is "lesson" or "proof"
		want         string
	}{
		{"green before", "lesson", "id: two\ntitle: Two is not\nfile: {path: one.txt}\nexpect: {text: {not: {contains: two}}}", "id: two\ntitle: T\nfile: {path: no.txt}\nexpect: {exists: false}", "make: selftest.green-before two"},
		{"a command that fails", "lesson", "echo one > one.txt", "echo one > one.txt; false", "make: selftest.action-failed make"},
		{"a check that stays red", "lesson", "expect: {text: one}", "expect: {text: won}", "make: selftest.not-green one"},
		{"steps behind a red one", "lesson", "expect: {text: one}", "expect: {text: won}", "role: selftest.not-reached role"},
		{"not twice", "lesson", "aws iam get-role --role-name r >/dev/null 2>&1 || ", "", "role: selftest.again-failed role"},
		{"not green twice", "lesson", "echo one > one.txt", "echo one >> one.txt", "make: selftest.again-not-green one"},
		{"something is left", "lesson", "rm -f one.txt\n", "rm -f one.txt\naws logs create-log-group --log-group-name left 2>/dev/null || true\n", "cleanup: selftest.left logs:log-group left"},
		{"a mutant that is none", "proof", "echo three > one.txt", "echo one > one.txt", "three: selftest.mutant-survived one"},
		{"a mutant that fails more", "proof", "echo three > one.txt", "echo two > one.txt", "three: selftest.mutant-others one"},
		{"a mutant with another finding", "proof", "echo three > one.txt", "mv one.txt One.txt; cp One.txt One.bak; rm One.bak", "three: selftest.mutant-code one"},
		{"a mutant that cannot be carried out", "proof", "echo three > one.txt", "false", "three: selftest.mutant-failed three"},
		{"an alternative that is rejected", "proof", "printf one > one.txt", "printf won > one.txt", "printf: selftest.rejected one"},
		{"an alternative that cannot be carried out", "proof", "printf one > one.txt", "false", "printf: selftest.alternative-failed printf"},
		{"a check that cannot be decided", "lesson", "call: iam.GetRole\nwith: {RoleName: r}\nexpect: {Role.RoleName: r}", "call: apigateway.GetVpcLinks\nexpect: {items: []}", "role: selftest.undecided role"},
	} {
		all[strings.Fields(tt.want)[1]] = true
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			source, proof := sound, soundProof
			at := &source
			if tt.in == "proof" {
				at = &proof
			}
			if !strings.Contains(*at, tt.old) {
				t.Fatalf("no %q", tt.old)
			}
			*at = strings.Replace(*at, tt.old, tt.new, 1)
			seen := prove(t, source, proof, nil)
			if seen.Passed() || !slices.Contains(problems(seen), tt.want) {
				t.Errorf("found %q, want %q", problems(seen), tt.want)
			}
		})
	}
	all["selftest.translation"] = true // below
	for _, code := range selftest.Codes() {
		if !all[code] {
			t.Errorf("no lesson here has %s", code)
		}
	}
}

func TestATranslationThatLacksAStepIsFound(t *testing.T) {
	t.Parallel()
	seen := prove(t, sound, soundProof, fstest.MapFS{"x/lesson.ko.md": {Data: []byte("---\ntitle: 엑스\n---\n")}})
	last := seen.Cases[len(seen.Cases)-1]
	if seen.Passed() || last.Kind != selftest.TranslationCase || last.Name != "ko" || len(last.Phases[0].Problems) != 3 {
		t.Errorf("%+v", last)
	}
}

func TestOneCaseAlone(t *testing.T) {
	t.Parallel()
	les, issues := lesson.Load(fstest.MapFS{"x/lesson.md": {Data: []byte(sound)}, "x/selftest.yaml": {Data: []byte(soundProof)}}, "x")
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if got := fmt.Sprint(selftest.Names(les)); got != "[make role cleanup three printf]" {
		t.Errorf("names: %s", got)
	}
	course := &lesson.Course{Lessons: []*lesson.Lesson{les}}
	for only, want := range map[string]string{"three": "three", "printf": "printf", "role": "make role"} {
		seen, err := selftest.Run(t.Context(), selftest.Config{Lesson: les, Open: world(t, course), Now: time.Now, Only: only})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, c := range seen.Cases {
			names = append(names, c.Name)
		}
		if !seen.Passed() || strings.Join(names, " ") != want {
			t.Errorf("only %s: %q, %q", only, names, problems(seen))
		}
	}
}

func TestItEndsWithItsContext(t *testing.T) {
	t.Parallel()
	les, _ := lesson.Load(fstest.MapFS{"x/lesson.md": {Data: []byte(sound)}}, "x")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	seen, err := selftest.Run(ctx, selftest.Config{Lesson: les, Open: world(t, &lesson.Course{Lessons: []*lesson.Lesson{les}}), Now: time.Now})
	if err == nil {
		t.Errorf("it went on: %+v", seen)
	}
}

// Every code has sentences, and there are none too many.
func TestEveryCodeHasSentences(t *testing.T) {
	t.Parallel()
	sentences := text.English().Selftest.Findings
	for _, code := range selftest.Codes() {
		if s := sentences[code]; s.Says == "" || s.Do == "" {
			t.Errorf("%s has no sentences", code)
		}
	}
	for code := range sentences {
		if !slices.Contains(selftest.Codes(), code) {
			t.Errorf("nothing finds %s", code)
		}
	}
}
