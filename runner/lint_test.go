package runner_test

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

const (
	lintFront = "---\nformat: 1\nid: x\ntitle: X\n---\n"
	lintStep  = "\n## S\n<!-- step: s -->\n"
	lintCheck = "\n```yaml check\nid: c\ntitle: C\n%s\n```\n"
	lintQuiz  = "\n```yaml quiz\nid: q\nask: Q\noptions: [a, b]\nanswer: 1\nbecause: B\n```\n"
)

func lintLesson(body string) string { return lintFront + "Read.\n" + lintStep + body }

func lintOf(kind string) string { return lintLesson(fmt.Sprintf(lintCheck, kind)) }

func lintCanary(rest string) string {
	return lintOf("canary: {api: a, stage: PROD, path: /v2/pets, " + rest + "}")
}

func lintCORS(rest string) string {
	return lintOf("cors: {api: a, stage: PROD, path: /v2/pets, origin: 'https://shop.example', " + rest + "}")
}

func lintAuthorizer(rest string) string {
	return lintOf("authorizer: {api: a, stage: PROD, path: /v2/pets, function: f, secret: s, claims: {user_id: student}, " + rest + "}")
}

// ko is a folder with a lesson and its translation.
func ko(body, translation string) map[string]string {
	return map[string]string{"x/lesson.md": lintLesson(body), "x/lesson.ko.md": translation}
}

const koFront = "---\ntitle: 엑스\n---\n읽기\n"

// proof is a folder with a lesson and its self-test.
func proof(selftest string) map[string]string {
	return map[string]string{"x/lesson.md": lintLesson(fmt.Sprintf(lintCheck, "file: {path: a}") + lintQuiz), "x/selftest.yaml": selftest}
}

// lintUpstream is a folder with a lesson and the answers of its upstream.
func lintUpstream(answers string) map[string]string {
	return map[string]string{
		"x/lesson.md": strings.Replace(lintLesson(""), "title: X", "title: X\nupstreams: {'https://a.example/': files/a/}", 1), "x/files/a/answers.yaml": answers,
		"x/files/a/a.json": "{}", "x/files/a/large": strings.Repeat("x", 1<<20),
	}
}

const lintMutant = "mutants: [{name: m, after: s, run: 'true', fails: c, code: file.text}]\n"

// provocations are, for each rule, a folder that breaks it: texts by file name,
// or the text of x/lesson.md alone. A course.yaml that is not there names x.
var provocations = map[string]any{
	"authorizer.algorithm":      lintAuthorizer("algorithm: RS256"),
	"authorizer.also-form":      lintAuthorizer("also: [get /pets]"),
	"authorizer.also-twice":     lintAuthorizer("also: [GET /v2/pets]"),
	"authorizer.case-twice":     lintAuthorizer("cases: [allow, none, {case: allow, status: 200}]"),
	"authorizer.case-unknown":   lintAuthorizer("cases: [allow, wrong-keys]"),
	"authorizer.claim-reserved": lintAuthorizer("denied: {exp: 0}"),
	"authorizer.denied-alike":   lintAuthorizer("denied: {user_id: student}"),
	"authorizer.denied-alone":   lintAuthorizer("denied: {user_id: guest}, cases: [allow]"),
	"authorizer.header-name":    lintAuthorizer("header: 'X Token'"),
	"authorizer.needs-allow":    lintAuthorizer("principal: student, cases: [none]"),
	"authorizer.no-cases":       lintAuthorizer("cases: []"),
	"authorizer.scheme":         lintAuthorizer("scheme: 'Bearer '"),
	"call.changes":              lintOf("call: lambda.DeleteFunction\nwith: {FunctionName: f}"),
	"call.error":                lintOf("call: lambda.ListFunctions\nerror: [x]"),
	"call.expect-and-error":     lintOf("call: lambda.ListFunctions\nexpect: {a: 1}\nerror: X"),
	"call.jmespath":             lintOf("call: lambda.ListFunctions\nexpect: {'Functions[': 1}"),
	"call.member":               lintOf("call: lambda.GetFunction\nwith: {Function: f}"),
	"call.member-missing":       lintOf("call: lambda.GetFunction"),
	"call.operation":            lintOf("call: lambda.GetFuncton"),
	"callout.alert":             lintLesson("> [!NOTE-1]\n> x\n"),
	"callout.nesting":           lintLesson(strings.Repeat(":::note\n> [!NOTE]\n", 1) + nested(12)),
	"callout.open":              lintLesson(":::note\nx\n"),
	"callout.opens-nothing":     lintLesson(":::\n"),
	"callout.unknown":           lintLesson(":::nota\nx\n:::\n"),
	"canary.alike":              lintCanary("percent: 50, canary: {status: 200}, stable: {status: {between: [200, 299]}}"),
	"canary.deleted-alone":      lintCanary("percent: 50, deleted: true, canary: {status: 200}, stable: {status: 403}"),
	"canary.percentage":         lintCanary("percent: 101, canary: {status: 200}, stable: {status: 403}"),
	"canary.promoted-with":      lintCanary("promoted: true, percent: 50, canary: {status: 200}"),
	"canary.too-few":            lintCanary("percent: 1, canary: {status: 200}, stable: {status: 403}"),
	"check.no-kind":             lintOf("hint: h"),
	"check.twice":               lintOf("file: {path: a}\n```\n\n```yaml check\nid: c\ntitle: C\nfile: {path: b}"),
	"check.unknown-kind":        lintOf("lamda: {function: f}"),
	"check.within":              lintOf("file: {path: a}\nwithin: soon"),
	"cors.status-blocked":       lintCORS("cases: [{method: GET, allowed: false, status: 403}]"),
	"cors.case-twice":           lintCORS("cases: [{method: GET}, {method: GET, allowed: false}]"),
	"cors.header-forbidden":     lintCORS("cases: [{method: GET, headers: [Cookie]}]"),
	"cors.header-form":          lintCORS("cases: [{method: GET, headers: ['X Y']}]"),
	"cors.method-unknown":       lintCORS("cases: [{method: get}]"),
	"cors.no-cases":             lintCORS("cases: []"),
	"cors.origin-form":          lintCORS("cases: [{method: GET, origin: 'https://'}]"),
	"cors.too-many-cases":       lintCORS("cases: [" + strings.Repeat("{method: GET}, ", 25) + "]"),
	"course.empty":              map[string]string{"course.yaml": "id: c\ntitle: C\nlessons: []\n"},
	"course.lesson-twice":       map[string]string{"course.yaml": "id: c\ntitle: C\nlessons: [x, x]\n", "x/lesson.md": lintLesson("")},
	"course.needs-itself":       lintNeeds("x"),
	"course.needs-later":        map[string]string{"course.yaml": "id: c\ntitle: C\nlessons: [x, y]\n", "x/lesson.md": lintNeeds("y"), "y/lesson.md": strings.Replace(lintLesson(""), "id: x", "id: y", 1)},
	"course.needs-unknown":      lintNeeds("z"),
	"fence.before-steps":        lintFront + "\n```sh action\ntrue\n```\n" + lintStep,
	"fence.extra-words":         lintLesson("```sh action now\ntrue\n```\n"),
	"fence.in-list":             lintLesson("- x\n\n  ```sh action\n  true\n  ```\n"),
	"fence.misplaced":           lintLesson("> [!NOTE]\n> ```sh action\n> true\n> ```\n"),
	"fence.only-shown":          lintLesson("```sh something\ntrue\n```\n"),
	"fence.unknown":             lintLesson("```bash action\ntrue\n```\n"),
	"file.absent-text":          lintOf("file: {path: a}\nexpect: {exists: false, text: x}"),
	"file.control":              lintLesson("\x1b[31mred\n"),
	"file.not-plain":            fstest.MapFS{"x/lesson.md": {Data: []byte(lintLesson(""))}, "x/a": {Mode: fs.ModeNamedPipe}},
	"file.not-utf8":             lintLesson("\xff\n"),
	"file.path":                 lintLesson("```sh file=../x\ntrue\n```\n"),
	"file.symlink":              fstest.MapFS{"x/lesson.md": {Data: []byte(lintLesson(""))}, "x/a": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink | 0o777}},
	"file.too-large":            lintLesson(strings.Repeat("x", lesson.MaxLesson)),
	"file.twice":                lintLesson("```sh file=a\n1\n```\n\n```sh file=a\n2\n```\n"),
	"file.unreadable":           map[string]string{"x/files/a": "a"},
	"fold.closes-nothing":       lintLesson("</details>\n"),
	"fold.nesting":              lintLesson(strings.Repeat("<details><summary>x</summary>\n\n", 12) + strings.Repeat("</details>\n\n", 12)),
	"fold.no-blank-line":        lintLesson("<details><summary>Hint</summary>\ntext\n\n</details>\n"),
	"fold.no-summary":           lintLesson("<details>\n\nx\n\n</details>\n"),
	"fold.open":                 lintLesson("<details><summary>Hint</summary>\n\nx\n"),
	"fold.summary-misplaced":    lintLesson("<summary>x</summary>\n"),
	"front.missing":             "# X\n" + lintStep,
	"front.open":                "---\nformat: 1\n",
	"http.body-and-json":        lintOf("http: {url: 'http://x', body: a, json: {}}"),
	"http.method":               lintOf("http: {url: 'http://x', method: 'A B'}"),
	"id.invalid":                lintFront + "\n## S\n<!-- step: S_1 -->\n",
	"lesson.folder":             map[string]string{"course.yaml": "id: c\ntitle: C\nlessons: [../x]\n"},
	"lesson.folder-name":        strings.Replace(lintLesson(""), "id: x", "id: y", 1),
	"lesson.format":             strings.Replace(lintLesson(""), "format: 1", "format: 2", 1),
	"lesson.missing":            map[string]string{"course.yaml": "id: c\ntitle: C\nlessons: [x]\n"},
	"lesson.no-steps":           lintFront,
	"lesson.too-many-files":     crowd(),
	"lesson.unreadable":         locked{folder(lintLesson(""))},
	"logs.since":                lintOf("logs: {group: g, since: yesterday}"),
	"lookup.circle":             strings.Replace(lintLesson(""), "title: X", "title: X\nlookup: {A: echo $B, B: echo $A}", 1),
	"markdown.nesting":          lintLesson(strings.Repeat(">", 100) + " x\n"),
	"matcher.between":           lintOf("logs: {group: g}\nexpect: {count: {between: [1]}}"),
	"matcher.between-order":     lintOf("logs: {group: g}\nexpect: {count: {between: [2, 1]}}"),
	"matcher.mixed":             lintOf("file: {path: a}\nexpect: {text: {contains: x, y: z}}"),
	"matcher.regexp":            lintOf("file: {path: a}\nexpect: {text: {matches: '('}}"),
	"matcher.regexp-kind":       lintOf("file: {path: a}\nexpect: {text: {matches: [x]}}"),
	"matcher.unknown":           lintOf("file: {path: a}\nexpect: {text: {contain: x}}"),
	"quiz.answer":               lintLesson(strings.Replace(lintQuiz, "answer: 1", "answer: 3", 1)),
	"quiz.option":               lintLesson(strings.Replace(lintQuiz, "[a, b]", "[a, a]", 1)),
	"quiz.options":              lintLesson(strings.Replace(lintQuiz, "[a, b]", "[a]", 1)),
	"route.key":                 lintOf("route: {api: a, key: get /x}"),
	"route.path":                lintOf("route: {api: a, key: 'GET /{petId}'}"),
	"route.path-form":           lintOf("route: {api: a, key: GET /x, path: x}"),
	"selftest.check":            proof(strings.Replace(lintMutant, "fails: c", "fails: d", 1)),
	"selftest.code":             proof(strings.Replace(lintMutant, "file.text", "file.txt", 1)),
	"selftest.name-twice":       proof(lintMutant + "alternatives: [{name: m, replace: s, run: 'true'}]\n"),
	"selftest.quiz":             proof(strings.Replace(lintMutant, "fails: c", "fails: q", 1)),
	"selftest.step":             proof(strings.Replace(lintMutant, "after: s", "after: t", 1)),
	"shell.lookup":              strings.Replace(lintLesson(""), "title: X", "title: X\nlookup: {A: 'echo (('}", 1),
	"shell.syntax":              lintLesson("```sh action\necho 'x\n```\n"),
	"step.circle":               lintFront + "\n## A\n<!-- step: a needs=b -->\n\n## B\n<!-- step: b needs=a -->\n",
	"step.comment-key":          lintFront + "\n## A\n<!-- step: a point=2 -->\n",
	"step.comment-misplaced":    lintLesson("text\n\n<!-- step: t -->\n"),
	"step.comment-no-id":        lintFront + "\n## A\n<!-- step: -->\n",
	"step.empty-heading":        lintFront + "\n## \n<!-- step: a -->\n",
	"step.needs-unknown":        lintFront + "\n## A\n<!-- step: a needs=b -->\n",
	"step.no-id":                lintFront + "\n## A\n\ntext\n",
	"step.points":               lintFront + "\n## A\n<!-- step: a points=x -->\n",
	"step.twice":                lintLesson("") + lintStep,
	"step.unchecked":            lintLesson("```sh action\ntrue\n```\n"),
	"translation.answer":        ko(lintQuiz, koFront+lintStep+lintQuiz),
	"translation.fence-differs": ko("```sh cleanup\ntrue\n```\n", koFront+lintStep+"```sh cleanup\nfalse\n```\n"),
	"translation.fence-extra":   ko("", koFront+lintStep+"```sh cleanup\n```\n"),
	"translation.fence-missing": ko("```sh cleanup\ntrue\n```\n", koFront+lintStep),
	"translation.fence-other":   ko("```sh cleanup\ntrue\n```\n", koFront+lintStep+"```sh action\n```\n"),
	"translation.id":            ko("", strings.Replace(koFront, "title", "id: y\ntitle", 1)+lintStep),
	"translation.language":      map[string]string{"x/lesson.md": lintLesson(""), "x/lesson.korean.md": koFront},
	"translation.opening":       ko("", "---\ntitle: X\n---\n"+lintStep),
	"translation.options":       ko(lintQuiz, koFront+lintStep+"\n```yaml quiz\nid: q\nask: Q\noptions: [a, b, c]\nbecause: B\n```\n"),
	"translation.step-missing":  ko("", koFront),
	"translation.step-order":    ko("\n## T\n<!-- step: t -->\n", koFront+"\n## T\n<!-- step: t -->\n"+lintStep),
	"translation.step-unknown":  ko("", koFront+lintStep+"\n## T\n<!-- step: t -->\n"),
	"translation.words-missing": ko(lintQuiz, koFront+lintStep+"\n```yaml quiz\nid: q\nask: Q\noptions: [a, b]\n```\n"),
	"upstream.body-and-file":    lintUpstream("- {path: /a, body: a, file: a.json}"),
	"upstream.file":             lintUpstream("- {path: /a, file: ../answers.yaml}"),
	"upstream.folder":           strings.Replace(lintLesson(""), "title: X", "title: X\nupstreams: {'https://a.example/': pets/}", 1),
	"upstream.header":           lintUpstream("- {path: /a, headers: {'a b': c}}"),
	"upstream.prefix":           strings.Replace(lintUpstream("[]")["x/lesson.md"], "https://a.example/", "http://127.0.0.1:80/", 1),
	"upstream.too-large":        lintUpstream("- {path: /a, file: large}"),
	"variable.name":             strings.Replace(lintLesson(""), "title: X", "title: X\nvars: {A-B: c}", 1),
	"secret.encoding":           strings.Replace(lintLesson(""), "title: X", "title: X\nsecrets: {S: {encoding: base32}}", 1),
	"secret.given":              strings.Replace(lintLesson(""), "title: X", "title: X\nsecrets: {HOME: {}}", 1),
	"variable.twice":            strings.Replace(lintLesson(""), "title: X", "title: X\nvars: {A: b}\nlookup: {A: echo b}", 1),
	"variable.undefined":        lintLesson("```sh action\necho $NOTHING\n```\n"),
	"variable.unused":           strings.Replace(lintLesson(""), "title: X", "title: X\nvars: {A: b}", 1),
	"yaml.control":              strings.Replace(lintLesson(""), "title: X", `title: "\e[31m"`, 1),
	"yaml.key":                  strings.Replace(lintLesson(""), "title: X", "title: X\n<<: {a: 1}", 1),
	"yaml.key-twice":            strings.Replace(lintLesson(""), "title: X", "title: X\ntitle: Y", 1),
	"yaml.kind":                 strings.Replace(lintLesson(""), "title: X", "title: [X]", 1),
	"yaml.missing-key":          strings.Replace(lintLesson(""), "title: X\n", "", 1),
	"yaml.nesting":              strings.Replace(lintLesson(""), "title: X", "title: "+strings.Repeat("[", 200)+strings.Repeat("]", 200), 1),
	"yaml.number":               strings.Replace(lintLesson(""), "title: X", "title: X\nminutes: 0", 1),
	"yaml.second-document":      strings.Replace(lintOf("file: {path: a}"), "file:", "---\nfile:", 1),
	"yaml.syntax":               strings.Replace(lintLesson(""), "title: X", "title: [", 1),
	"yaml.texts":                strings.Replace(lintLesson(""), "title: X", "title: X\nneeds: [[a]]", 1),
	"yaml.too-large":            lintOf("file: {path: a}\nhint: " + strings.Repeat("x", 65<<10)),
	"yaml.unknown-key":          strings.Replace(lintLesson(""), "title: X", "title: X\nminuets: 5", 1),
	"yaml.unused-part":          strings.Replace(lintLesson(""), "title: X", "title: &x X", 1),
}

func lintNeeds(id string) string {
	return strings.Replace(lintLesson(""), "title: X", "title: X\nneeds: ["+id+"]", 1)
}

// nested is a callout in a callout in a callout.
func nested(depth int) string {
	text := "x\n"
	for range depth {
		lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
		text = "> [!NOTE]\n> " + strings.Join(lines, "\n> ") + "\n"
	}
	return text
}

func crowd() fstest.MapFS {
	files := fstest.MapFS{"x/lesson.md": {Data: []byte(lintLesson(""))}}
	for i := range lesson.MaxFiles + 1 {
		files[fmt.Sprintf("x/files/%d", i)] = &fstest.MapFile{}
	}
	return files
}

// locked is a course whose lesson may not be looked into.
type locked struct{ fs.FS }

func (l locked) Open(name string) (fs.File, error) {
	if strings.HasPrefix(name, "x") {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return l.FS.Open(name)
}

func folder(provocation any) fs.FS {
	files := fstest.MapFS{}
	switch p := provocation.(type) {
	case fs.FS:
		if _, ok := p.(fstest.MapFS); !ok {
			return p
		}
		maps.Copy(files, p.(fstest.MapFS))
	case string:
		files["x/lesson.md"] = &fstest.MapFile{Data: []byte(p)}
	case map[string]string:
		for name, content := range p {
			files[name] = &fstest.MapFile{Data: []byte(content)}
		}
	}
	if files["course.yaml"] == nil {
		files["course.yaml"] = &fstest.MapFile{Data: []byte("id: c\ntitle: C\nlessons: [x]\n")}
	}
	return files
}

// lintAll reads a course as `awslab lesson lint` does.
func lintAll(files fs.FS) []lesson.Issue {
	course, issues := lesson.LoadCourse(files)
	if course != nil {
		issues = runner.Lint(issues, course.Lessons...)
	}
	return issues
}

// Every rule can be broken, and what is said of it is whole.
func TestEveryRuleBites(t *testing.T) {
	t.Parallel()
	said := text.English()
	var golden strings.Builder
	for _, rule := range slices.Sorted(maps.Keys(said.Lint.Rules)) {
		t.Run(rule, func(t *testing.T) {
			provocation, ok := provocations[rule]
			if !ok {
				t.Fatal("no lesson here breaks it")
			}
			var found []string
			for _, issue := range lintAll(folder(provocation)) {
				found = append(found, issue.String())
				if issue.Rule != rule {
					continue
				}
				what, hint := said.Issue(issue.Rule, issue.Args)
				fmt.Fprintf(&golden, "%s: %s [%s]\n  %s\n", issue.Pos, what, rule, hint)
				for _, said := range []*text.Text{text.English(), text.Korean()} {
					what, hint := said.Issue(issue.Rule, issue.Args)
					if what == "" || hint == "" || strings.Contains(what+hint, "{suggestion") || placeholderLeft(what+hint) {
						t.Errorf("%s: %s | %s", said.Language, what, hint)
					}
				}
				return
			}
			t.Errorf("found %q", found)
		})
	}
	for rule := range provocations {
		if _, ok := said.Lint.Rules[rule]; !ok {
			t.Errorf("there is no rule %s", rule)
		}
	}
	sameAs(t, filepath.Join("testdata", "lint.golden"), golden.String())
}

// What reading a lesson and looking at its checks both find is told once.
func TestEachMistakeIsToldOnce(t *testing.T) {
	t.Parallel()
	issues := lintAll(folder(lintOf("file: {path: a}\nhint: [z]\nwithin: \"\\e\"")))
	var rules []string
	for _, issue := range issues {
		rules = append(rules, fmt.Sprint(issue.Pos.Line, " ", issue.Rule))
	}
	if want := []string{"15 yaml.kind", "16 yaml.control"}; !slices.Equal(rules, want) {
		t.Errorf("%q", issues)
	}
}

// placeholderLeft reports a {name} that nothing filled in; braces of YAML in an
// example have more in them.
func placeholderLeft(s string) bool {
	for {
		_, rest, ok := strings.Cut(s, "{")
		if !ok {
			return false
		}
		name, after, ok := strings.Cut(rest, "}")
		if ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") == "" {
			return true
		}
		s = rest
		_ = after
	}
}
