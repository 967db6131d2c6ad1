package lesson_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"awslab/runner/lesson"
)

// TestCompleteLesson reads the small lesson in testdata, which has everything
// that the format has, and compares all that was read.
func TestCompleteLesson(t *testing.T) {
	t.Parallel()
	course, issues := lesson.LoadCourse(os.DirFS("testdata/course"))
	for _, issue := range issues {
		t.Errorf("%s (%s)", said(issue), hintOf(issue))
	}
	if course == nil || len(course.Lessons) != 1 {
		t.Fatal("no lesson")
	}
	les := course.Lessons[0]
	if data, err := fs.ReadFile(les.Files, "files/data/names.txt"); err != nil || string(data) != "Seoul\n" {
		t.Errorf("files: %q %v", data, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "course %s %q %q\n", course.ID, course.Title, course.Titles)
	fmt.Fprintf(&b, "lesson %s %q minutes=%d needs=%q\nvars %v\nlookups %v\nsecrets %v\n", les.ID, les.Title, les.Minutes, les.Needs, les.Vars, les.Lookups, les.Secrets)
	dump(&b, les.Opening, "  ")
	for _, s := range les.Steps {
		fmt.Fprintf(&b, "step %s %q points=%d needs=%q at %s: %d actions, %d solutions, %d clean-ups, %d files, %d checks\n", s.ID, s.Title, s.Points, s.Needs, s.Pos,
			len(s.Actions()), len(s.Solutions()), len(s.Cleanup()), len(s.WorkspaceFiles()), len(s.Checks()))
		dump(&b, s.Blocks, "  ")
	}
	golden.RequireEqual(t, []byte(b.String()))
}

func dump(b *strings.Builder, blocks []lesson.Block, indent string) {
	for _, block := range blocks {
		b.WriteString(indent)
		switch v := block.(type) {
		case lesson.Prose:
			fmt.Fprintf(b, "prose %q\n", v.Markdown)
		case lesson.Fence:
			fmt.Fprintf(b, "fence kind=%d lang=%q path=%q at %s %q\n", v.Kind, v.Lang, v.Path, v.Pos, v.Text)
		case lesson.CheckBlock:
			fmt.Fprintf(b, "check %s %q kind=%s within=%q hint=%q at %s\n", v.Check.ID, v.Check.Title, v.Check.Kind, v.Check.Within, v.Check.Hint, v.Check.Pos)
		case lesson.QuizBlock:
			q := v.Check.Quiz
			fmt.Fprintf(b, "quiz %s %q %q answer=%d because=%q at %s\n", v.Check.ID, q.Ask, q.Options, q.Answer, q.Because, v.Check.Pos)
		case lesson.Callout:
			fmt.Fprintf(b, "callout %s %q\n", v.Kind, v.Title)
			dump(b, v.Blocks, indent+"  ")
		case lesson.Details:
			fmt.Fprintf(b, "details %q meaning=%d\n", v.Summary, v.Meaning)
			dump(b, v.Blocks, indent+"  ")
		}
	}
}

const front = "---\nformat: 1\nid: x\ntitle: X\n---\n" // five lines

const step = "\n## S\n<!-- step: s -->\n" // the heading on line 7

func load(t *testing.T, source string) (*lesson.Lesson, []lesson.Issue) {
	t.Helper()
	return lesson.Load(fstest.MapFS{"x/lesson.md": {Data: []byte(source)}}, "x")
}

func TestIssues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		source string
		want   string // the issues, one a line: place, what, hint
	}{
		{"no front matter", "# X\n" + step, "1: there is no front matter | begin the file with"},
		{"endless front matter", "---\nid: x\n", "1: the front matter does not end\n1: the lesson has no steps"},
		{"front matter is no YAML", "---\nformat: 1\nid: [x\n---\n" + step, "3:5: this is not YAML"},
		{"unknown key", "---\nformat: 1\nid: x\ntitle: X\nminuts: 3\n---\n" + step, "5:1: the front matter has no key `minuts` | did you mean minutes?"},
		{"key twice", "---\nformat: 1\nid: x\ntitle: X\nid: x\n---\n" + step, "5:1: the key id is here twice"},
		{"nothing in it", "---\n---\n" + step, "2:1: the front matter is nothing, and should be a mapping\n2:1: the front matter has no format | add `format: 1`\n2:1: the front matter has no id\n2:1: the front matter has no title"},
		{"newer format", "---\nformat: 2\nid: x\ntitle: X\n---\n" + step, "2:9: this awslab does not read lessons of format 2"},
		{"short secret", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: {bytes: 15}}\n---\n" + step, "5: warning: nothing uses S\n5:22: bytes is not a whole number from 16 to 1024 | write `bytes: 32`"},
		{"long secret", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: {bytes: 1025}}\n---\n" + step, "5: warning: nothing uses S\n5:22: bytes is not a whole number from 16 to 1024"},
		{"secret in an unknown encoding", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: {encoding: base32}}\n---\n" + step, "5: warning: nothing uses S\n5:25: there is no encoding base32 | write `encoding: base64`"},
		{"secret with an unknown key", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: {byte: 32}}\n---\n" + step, "5: warning: nothing uses S\n5:15: the secret has no key `byte` | did you mean bytes?"},
		{"secret that is a text", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: hunter2}\n---\n" + step, "5: warning: nothing uses S\n5:14: the secret is text, and should be a mapping"},
		{"secrets that are a list", "---\nformat: 1\nid: x\ntitle: X\nsecrets: [S]\n---\n" + step, "5:10: secrets is a list, and should be a mapping"},
		{"secret of a bad name", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {A-B: {}}\n---\n" + step, "5:11: A-B is not a name for a variable"},
		{"secret of a name that is taken", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {PATH: {}}\n---\n" + step, "5:11: the lesson's shell gives PATH its value"},
		{"secret and constant", "---\nformat: 1\nid: x\ntitle: X\nvars: {S: a}\nsecrets: {S: {}}\n---\n" + step + "\n```sh\necho $S\n```\n", "6:11: S stands under vars and under secrets"},
		{"secret and lookup", "---\nformat: 1\nid: x\ntitle: X\nlookup: {S: echo a}\nsecrets: {S: {}}\n---\n" + step + "\n```sh\necho $S\n```\n", "6:11: S stands under lookup and under secrets"},
		{"secret that a program reads", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: {}}\n---\n" + step + "\n```python file=a.py\nprint(os.environ['S'])\n```\n", ""},
		{"secret whose name is part of a word", "---\nformat: 1\nid: x\ntitle: X\nsecrets: {S: {}}\n---\n" + step + "\n```python file=a.py\nprint(os.environ['A_S'])\n```\n", "5: warning: nothing uses S"},
		{"id and folder", "---\nformat: 1\nid: y\ntitle: X\n---\n" + step, "1: the lesson's id is y, and its folder is called x"},
		{"bad minutes", "---\nformat: 1\nid: x\ntitle: X\nminutes: soon\n---\n" + step, "5:10: minutes is not a whole number from 1 to 600"},
		{"bad name", "---\nformat: 1\nid: x\ntitle: X\nvars: {A-B: 1}\n---\n" + step, "5:8: A-B is not a name for a variable"},
		{"no steps", front + "\ntext\n", "1: the lesson has no steps"},
		{"no id", front + "\n## Do this now\n\ntext\n", "7: the step “Do this now” has no id | put <!-- step: do-this-now --> on the line under the heading"},
		{"id too late", front + "\n## S\n\ntext\n\n<!-- step: s -->\n", "7: the step “S” has no id\n11: this step comment does not stand right under a ## heading"},
		{"id twice", front + step + step, "10: the step id s stands twice: also on line 7"},
		{"bad id", front + "\n## S\n<!-- step: S_1 -->\n", "8: S_1 is not an id"},
		{"unknown attribute", front + "\n## S\n<!-- step: s need=r -->\n", "8: a step comment has no need | did you mean needs?"},
		{"bad points", front + "\n## S\n<!-- step: s points=two -->\n", "8: points=two is not a whole number"},
		{"needs nothing known", front + step + "\n## T\n<!-- step: t needs=ss -->\n", "10: the step t needs ss, which is no step of this lesson | known are: s, t"},
		{"circle", front + "\n## S\n<!-- step: s needs=t -->\n\n## T\n<!-- step: t needs=s -->\n", "7: these steps need each other: s → t → s"},
		{"fence word", front + step + "\n```sh actoin\ntrue\n```\n", "10: `sh actoin` is not a fence that awslab reads | did you mean sh action?"},
		{"fence language", front + step + "\n```bash action\ntrue\n```\n", "10: `bash action` is not a fence that awslab reads | did you mean sh action?"},
		{"foreign fence word", front + step + "\n```python title=x\n```\n", "10: warning: this fence is only shown: awslab does not know the word title=x"},
		{"fence in a list", front + step + "\n- a\n\n  ```sh action\n  true\n  ```\n", "12: `sh action` stands in a list or a quotation"},
		{"fence in a callout", front + step + "\n:::note\n```sh action\ntrue\n```\n:::\n", "7: warning: no check tells\n11: `sh action` stands where awslab does not read it"},
		{"fence before the steps", front + "\n```sh action\ntrue\n```\n" + step, "7: `sh action` stands before the first step"},
		{"no check for an action", front + step + "\n```sh action\ntrue\n```\n", "7: warning: no check tells whether the step s was done"},
		{"quiz without question", front + step + "\n```yaml quiz\nid: q\noptions: [a, b]\nanswer: 1\n```\n", "11:1: the quiz has no ask"},
		{"quiz with one option", front + step + "\n```yaml quiz\nid: q\nask: Q\noptions: [a]\nanswer: 1\n```\n", "11:1: the quiz has too few or too many options: 1"},
		{"quiz with a wrong answer", front + step + "\n```yaml quiz\nid: q\nask: Q\noptions: [a, b]\nanswer: 3\n```\n", "14:9: the answer is option 3, and there are 2"},
		{"quiz with options alike", front + step + "\n```yaml quiz\nid: q\nask: Q\noptions: [a, a]\nanswer: 1\n```\n", "13:14: the option “a” is empty, or here twice"},
		{"quiz without answer", front + step + "\n```yaml quiz\nid: q\nask: Q\noptions: [a, b]\n```\n", "11:1: the quiz has no answer"},
		{"file outside", front + step + "\n```sh file=../x\n```\n", "10: ../x is not a path inside the workspace"},
		{"file on Windows", front + step + "\n```sh file=C:\\x\n```\n", "10: C:\\x is not a path inside the workspace"},
		{"file twice", front + step + "\n```sh file=a\n```\n\n```sh file=a\n```\n", "13: the file a is written twice: also on line 10"},
		{"check is no YAML", front + step + "\n```yaml check\nid: a\ntitle: \"b\nfile: {}\n```\n", "12:8: this is not YAML"},
		{"check without kind", front + step + "\n```yaml check\nid: a\ntitle: b\n```\n", "11:1: the check has no kind"},
		{"check without id", front + step + "\n```yaml check\ntitle: b\nfile: {path: a}\n```\n", "11:1: the check has no id"},
		{"check id twice", front + step + "\n```yaml check\nid: a\ntitle: b\nfile: {path: a}\n```\n\n```yaml check\nid: a\ntitle: b\nfile: {path: a}\n```\n", "16: the check id a stands twice: also on line 10"},
		{"undefined in an action", front + step + "\n```sh action\ntrue\necho $NAMME\n```\n\n```yaml check\nid: a\ntitle: b\nfile: {path: a}\n```\n", "12: nothing defines NAMME"},
		{"undefined in a check", front + step + "\n```yaml check\nid: a\ntitle: b\nlambda: {function: $F, qualifier: $LATEST, event: $default}\n```\n", "13: nothing defines F"},
		{"undefined in a lookup", "---\nformat: 1\nid: x\ntitle: X\nlookup:\n  A: echo $NOPE\n---\n" + step + "\n```sh cleanup\necho $A\n```\n", "6: nothing defines NOPE"},
		{"near miss of a variable", "---\nformat: 1\nid: x\ntitle: X\nvars: {FUNCTION: f}\n---\n" + step + "\n```sh cleanup\necho $FUNCTION $FUNCTON\n```\n", "12: nothing defines FUNCTON | did you mean FUNCTION?"},
		{"unused", "---\nformat: 1\nid: x\ntitle: X\nvars: {A: 1}\n---\n" + step, "5: warning: nothing uses A"},
		{"assigned, defaulted, looped and read", front + step + "\n```sh cleanup\nA=1; echo $A ${B:-x} ${C:=y} $C; for d in 1; do echo $d; done; read -r e; echo $e $? $1\n```\n", ""},
		{"assigned in an earlier block", front + step + "\n```sh cleanup\nA=1\n```\n\n```sh cleanup\necho $A\n```\n", ""},
		{"assigned only later", front + step + "\n```sh cleanup\necho $A\n```\n\n```sh cleanup\nA=1\n```\n", "11: nothing defines A"},
		{"lookups in a circle", "---\nformat: 1\nid: x\ntitle: X\nlookup:\n  A: echo $B\n  B: echo $A\n---\n" + step, "6: these lookups wait for each other: A → B → A"},
		{"var and lookup", "---\nformat: 1\nid: x\ntitle: X\nvars: {A: 1}\nlookup: {A: echo 1}\n---\n" + step + "\n```sh cleanup\necho $A\n```\n", "6:10: A stands under vars and under lookup"},
		{"no shell", front + step + "\n```sh cleanup\ntrue\nif true; then\n```\n", "12: this is not shell"},
		{"lookup is no shell", "---\nformat: 1\nid: x\ntitle: X\nlookup:\n  A: echo \"\n---\n" + step + "\n```sh cleanup\necho $A\n```\n", "6: the command of A is not shell"},
		{"unknown callout", front + step + "\n:::nte\nx\n:::\n", "10: there is no callout nte | write one such as :::note; did you mean note?"},
		{"endless callout", front + step + "\n:::note\nx\n", "10: this callout does not end"},
		{"stray end of a callout", front + step + "\ntext\n\n:::\n", "12: this ::: opens nothing"},
		{"unknown alert", front + step + "\n> [!INFO]\n> x\n", "10: there is no callout INFO | write one such as > [!NOTE]; known are: note, tip"},
		{"alert with text behind", front + step + "\n> [!NOTE] x\n", "10: this alert is not one that GitHub knows: [!NOTE]"},
		{"text behind the summary", front + step + "\n<details><summary>Hint</summary>\nRaw.\n\n</details>\n", "11: this text stands right behind </summary>"},
		{"text behind the fold", front + step + "\n<details><summary>Hint</summary>\n\nx\n\n</details>\nRaw.\n", "15: this text stands right behind </details>"},
		{"endless fold", front + step + "\n<details><summary>Hint</summary>\n\nx\n\n## T\n<!-- step: t -->\n", "10: this fold does not end"},
		{"fold without summary", front + step + "\n<details>\n\nx\n\n</details>\n", "10: this fold has no summary"},
		{"stray end of a fold", front + step + "\n</details>\n", "10: this </details> closes nothing"},
		{"not UTF-8", front + step + "\n\xff\n", "10: this line is not UTF-8 text"},
		{"NUL", front + "\x00" + step, "6: this line is not UTF-8 text"},
		{"too large", front + strings.Repeat("x", lesson.MaxLesson), "1: this file is too large"},
		{"several at once", front + "\n## S\n\n```sh actoin\n```\n\n## T\n\n> [!X]\n> y\n", "7: the step “S” has no id\n9: `sh actoin` is not\n12: the step “T” has no id\n14: there is no callout X"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, issues := load(t, tt.source)
			var got []string
			for _, i := range issues {
				if said(i) == "" || hintOf(i) == "" {
					t.Errorf("%s: no hint", i)
				}
				got = append(got, strings.TrimPrefix(said(i), "x/lesson.md:")+" | "+hintOf(i))
			}
			want := strings.Split(tt.want, "\n")
			if tt.want == "" {
				want = nil
			}
			if len(got) != len(want) {
				t.Fatalf("got\n%s\nwant\n%s", strings.Join(got, "\n"), tt.want)
			}
			for i, w := range want {
				what, hint, _ := strings.Cut(w, " | ")
				if !strings.HasPrefix(got[i], what) || !strings.Contains(got[i], " | "+hint) {
					t.Errorf("got  %s\nwant %s", got[i], w)
				}
			}
		})
	}
}

// Line ends of Windows and a byte order mark change nothing.
func TestWindows(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/course/hello/lesson.md")
	if err != nil {
		t.Fatal(err)
	}
	windows := "\ufeff" + strings.ReplaceAll(string(data), "\n", "\r\n")
	les, issues := lesson.Load(fstest.MapFS{"hello/lesson.md": {Data: []byte(windows)}}, "hello")
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if text := les.Steps[0].Actions()[0].Text; strings.Contains(text, "\r") {
		t.Errorf("%q", text)
	}
}

func TestFolder(t *testing.T) {
	t.Parallel()
	good := &fstest.MapFile{Data: []byte(front + step)}
	for name, tt := range map[string]struct {
		fsys fstest.MapFS
		dir  string
		want string
	}{
		"missing":  {fstest.MapFS{}, "x", "x/lesson.md:1: there is no lesson in the folder x"},
		"no file":  {fstest.MapFS{"x/files/a": good}, "x", "x/lesson.md:1: lesson.md cannot be read"},
		"escape":   {fstest.MapFS{}, "../x", "../x/lesson.md:1: ../x is not a folder of the course"},
		"link":     {fstest.MapFS{"x/lesson.md": good, "x/files/a": {Data: []byte("/etc/passwd"), Mode: fs.ModeSymlink | 0o777}}, "x", "x/files/a:1: this is a symbolic link"},
		"too big":  {fstest.MapFS{"x/lesson.md": good, "x/files/a": {Data: make([]byte, lesson.MaxFile+1)}}, "x", "x/files/a:1: this file is too large"},
		"no plain": {fstest.MapFS{"x/lesson.md": good, "x/a": {Mode: fs.ModeNamedPipe}}, "x", "x/a:1: this is not a plain file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, issues := lesson.Load(tt.fsys, tt.dir)
			if len(issues) != 1 || !strings.HasPrefix(said(issues[0]), tt.want) || len(lesson.Errors(issues)) != 1 {
				t.Errorf("got %v", issues)
			}
		})
	}
}

func TestCourse(t *testing.T) {
	t.Parallel()
	needing := func(id, needs string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte("---\nformat: 1\nid: " + id + "\ntitle: X\nneeds: " + needs + "\n---\n" + step)}
	}
	for name, tt := range map[string]struct {
		fsys fstest.MapFS
		want string
	}{
		"missing":   {fstest.MapFS{}, "course.yaml:1: course.yaml cannot be read"},
		"empty":     {fstest.MapFS{"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: []\n")}}, "course.yaml:1:1: course.yaml names no lessons"},
		"no YAML":   {fstest.MapFS{"course.yaml": {Data: []byte("id: {")}}, "course.yaml:1:5: this is not YAML"},
		"bad title": {fstest.MapFS{"course.yaml": {Data: []byte("id: c\ntitle: {en: [x]}\nlessons: [x]\n")}, "x/lesson.md": needing("x", "[]")}, "course.yaml:2:13: en is a list, and should be text"},
		"twice":     {fstest.MapFS{"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [x, x]\n")}, "x/lesson.md": needing("x", "[]")}, "course.yaml:3:14: the lesson x is here twice"},
		"unknown":   {fstest.MapFS{"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [x]\n")}, "x/lesson.md": needing("x", "[z]")}, "x/lesson.md:5: the lesson needs z, which the course does not have"},
		"too late":  {fstest.MapFS{"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [x, y]\n")}, "x/lesson.md": needing("x", "[y]"), "y/lesson.md": needing("y", "[]")}, "x/lesson.md:5: the lesson needs y, which comes later"},
		"itself":    {fstest.MapFS{"course.yaml": {Data: []byte("id: c\ntitle: C\nlessons: [x]\n")}, "x/lesson.md": needing("x", "[x]")}, "x/lesson.md:5: the lesson needs itself"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, issues := lesson.LoadCourse(tt.fsys)
			if len(issues) != 1 || !strings.HasPrefix(said(issues[0]), tt.want) {
				t.Errorf("got %v", issues)
			}
		})
	}
}

// FuzzLoad: whatever the text, Load ends, does not panic, names lines that the
// file has, and gives hints.
func FuzzLoad(f *testing.F) {
	data, err := os.ReadFile("testdata/course/hello/lesson.md")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(data))
	f.Add(front + step + ":::note\n<details><summary>Hint</summary>\n:::\n</details>\n")
	f.Add("---\n? {a: [b]}: *x\n---\n## a\n<!-- step: a needs=a,,b -->\n")
	f.Add(front + "S\n---\n<!-- step: s -->\n> [!NOTE]\n```sh action\n${x@Q}\n")
	f.Fuzz(func(t *testing.T, source string) {
		watchdog := time.AfterFunc(5*time.Second, func() { panic("it does not end") })
		defer watchdog.Stop()
		les, issues := load(t, source)
		lines := strings.Count(source, "\n") + 1
		for _, i := range issues {
			if i.Pos.Line < 1 || i.Pos.Line > lines+1 || said(i) == "" || hintOf(i) == "" {
				t.Errorf("%s (%s) of %d lines", said(i), hintOf(i), lines)
			}
		}
		if les == nil && len(lesson.Errors(issues)) == 0 {
			t.Error("nothing read, and nothing wrong")
		}
	})
}
