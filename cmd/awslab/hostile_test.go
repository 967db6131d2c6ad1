package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"awslab/runner/emulator/python"
	"awslab/runner/lesson"
	"awslab/runner/lesson/yamltree"
)

// victim is a student's machine with things worth stealing, and the hostile
// pack beside it.
type victim struct {
	*home
	pack  string
	calls *atomic.Int64 // connections and datagrams that reached the outside
}

const loot = "s3cr3t-of-the-student"

func newVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{home: newHome(t), calls: new(atomic.Int64)}
	write(t, filepath.Join(v.dir, ".aws", "credentials"), "[student]\naws_access_key_id = AKIASTUDENT\naws_secret_access_key = "+loot+"\n")
	write(t, filepath.Join(v.dir, ".bashrc"), "export TOKEN="+loot+"\n")
	v.env = append(v.env, "AWS_ACCESS_KEY_ID=AKIASTUDENT", "AWS_SECRET_ACCESS_KEY="+loot, "AWS_SESSION_TOKEN="+loot,
		"LD_LIBRARY_PATH=/"+loot, "BASH_ENV="+filepath.Join(v.dir, ".bashrc"), "http_proxy=http://"+loot+".invalid")

	// The outside: an HTTP server, a datagram socket on the same port, a socket
	// such as that of an ssh agent.
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	packets, err := net.ListenPacket("udp", fmt.Sprint("127.0.0.1:", port))
	if err != nil {
		t.Fatal(err)
	}
	// Its path must be short: 107 bytes are the most.
	short, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	agent, err := net.Listen("unix", filepath.Join(short, "s"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _, _ = listener.Close(), packets.Close(), agent.Close() // they only listened
		_ = os.RemoveAll(short)                                    // it is in the temporary folder
	})
	for _, l := range []net.Listener{listener, agent} {
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				v.calls.Add(1)
				_, _ = io.WriteString(conn, "HTTP/1.0 200 OK\r\n\r\n"+loot) // whoever is there
				_ = conn.Close()                                            // see above
			}
		}()
	}
	go func() {
		for {
			if _, _, err := packets.ReadFrom(make([]byte, 100)); err != nil {
				return
			}
			v.calls.Add(1)
		}
	}()

	v.pack = filepath.Join(t.TempDir(), "pack")
	address, err := os.ReadFile(filepath.Join(v.dir, ".local", "share", "awslab", "address.json"))
	if err != nil {
		t.Fatal(err)
	}
	var own struct{ Addr string }
	if err := json.Unmarshal(address, &own); err != nil {
		t.Fatal(err)
	}
	fill := strings.NewReplacer("@HOME@/agent.sock", filepath.Join(short, "s"), "@HOME@", v.dir, "@EMULATOR@", own.Addr, "@PORT@", fmt.Sprint(port), "@PID@", fmt.Sprint(os.Getpid()))
	source := filepath.Join("testdata", "hostile")
	err = filepath.WalkDir(source, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		write(t, filepath.Join(v.pack, strings.TrimPrefix(name, source)), fill.Replace(string(data)))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(v.pack, "hostile", "files", "evil.zip"), slip(t, v.dir))
	write(t, filepath.Join(v.pack, "hostile", "files", "bomb.zip"), bomb(t))
	return v
}

// slip is an archive whose entries lead out.
func slip(t *testing.T, home string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range []string{"../../../../../../.bashrc", home + "/.bashrc", "/etc/evil", `..\..\evil`, "a/../../../../../../evil", "\x1b]0;pwned\x07"} {
		out, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(out, "evil")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	link := &zip.FileHeader{Name: "link"}
	link.SetMode(fs.ModeSymlink | 0o777)
	out, err := w.CreateHeader(link)
	if err == nil {
		_, err = io.WriteString(out, home)
	}
	if err == nil {
		out, err = w.Create("link/.bashrc")
	}
	if err == nil {
		_, err = io.WriteString(out, "evil")
	}
	if err = cmpOr(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// bomb is an archive of 600 KB that says, and means, 600 MB.
func bomb(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	out, err := w.Create("zeros")
	zeros := make([]byte, 1<<20)
	for range 600 {
		if err == nil {
			_, err = out.Write(zeros)
		}
	}
	if err = cmpOr(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func cmpOr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

var ownColours = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// harmless reports what awslab must never print.
func (v *victim) harmless(t *testing.T, output string) {
	t.Helper()
	if strings.Contains(output, loot) {
		t.Errorf("it shows the student's secret:\n%s", around(output, loot))
	}
	if !utf8.ValidString(output) {
		t.Errorf("it prints what is no text")
	}
	for i, r := range ownColours.ReplaceAllString(output, "") {
		if yamltree.Control(r) || r == '\r' {
			t.Errorf("it prints %U: %q", r, output[max(0, i-40):min(len(output), i+40)])
			return
		}
	}
}

func around(text, what string) string {
	i := strings.Index(text, what)
	return text[max(0, i-200):min(len(text), i+len(what)+100)]
}

// outside is everything of the student but awslab's own folder.
func (v *victim) outside(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	own := filepath.Join(v.dir, ".local", "share", "awslab")
	err := filepath.WalkDir(v.dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || name == own {
			return cmpOr(err, fs.SkipDir)
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[name] = info.Mode().String()
		if d.Type().IsRegular() {
			data, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			all[name] += " " + string(data)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// bounded runs awslab and wants it to end within the bounds of time and memory.
func (v *victim) bounded(t *testing.T, args ...string) (output string, code int) {
	t.Helper()
	cmd := v.command(args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(40*time.Second, func() { _ = cmd.Process.Kill() }) // it may have ended
	defer late.Stop()
	_ = cmd.Wait() // the exit code says all
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	if peak := peakMemory(cmd.ProcessState); peak > 3<<30 {
		t.Errorf("it took %d MiB of memory", peak>>20)
	}
	if out.Len() > 4<<20 {
		t.Errorf("it printed %d bytes", out.Len())
	}
	return out.String(), cmd.ProcessState.ExitCode()
}

// TestTheHostilePack carries out a lesson that means harm, step by step, and
// wants nothing to happen but clear errors. Where nothing can be confined the
// error is one, and comes before the first step.
func TestTheHostilePack(t *testing.T) {
	v := newVictim(t)
	if !python.New(python.Config{}).Sandboxed() {
		before := v.outside(t)
		output, code := v.bounded(t, "run", "hostile", "--lessons", v.pack)
		if code != exitEnvironment || !strings.Contains(output, "--trust") || !maps.Equal(before, v.outside(t)) {
			t.Errorf("nothing is confined here, and the pack is not refused: exit code %d\n%.2000s", code, output)
		}
		return
	}
	les, issues := lesson.Load(os.DirFS(v.pack), "hostile")
	if errs := lesson.Errors(issues); len(errs) > 0 {
		t.Fatal(errs)
	}
	before := v.outside(t)
	// What the student should read of each attack, at least.
	says := map[string]string{
		"keys":          "outside the lesson's workspace",
		"keys-python":   "open PermissionError",
		"delete":        "outside the lesson's workspace",
		"archive":       "the lesson's workspace may hold 512 MiB",
		"forks":         "too many background jobs",
		"forks-python":  "too many processes and threads",
		"disk":          "too much disk",
		"memory":        "the variables hold more than 4096 KiB",
		"memory-python": "too much memory",
		"output":        "more than 1024 KiB of output",
		"output-python": "more than 1024 KiB of output",
		"terminal":      "not available in the lesson's shell",
		"syntax":        "<(…) is not available",
		"function":      "Unzipped size must be smaller than 262144000 bytes",
		"network":       "is out of reach",
	}
	for _, step := range les.Steps {
		want, known := says[step.ID]
		if !known {
			t.Errorf("nothing is said about the step %s", step.ID)
		}
		t.Run(step.ID, func(t *testing.T) {
			output, code := v.bounded(t, "run", "hostile", "--step", step.ID, "--lessons", v.pack)
			if code != exitFailed {
				t.Errorf("exit code %d", code)
			}
			v.harmless(t, output)
			if !strings.Contains(output, want) {
				t.Errorf("it does not say %q", want)
			}
			if strings.Contains(output, " OUT ") || strings.HasPrefix(step.ID, "keys-p") && !strings.Contains(output, "done") {
				t.Errorf("a program got out, or said nothing")
			}
			if n := v.calls.Swap(0); n > 0 {
				t.Errorf("%d calls reached the outside", n)
			}
			if t.Failed() {
				t.Logf("%.8000s", output)
			}
			if after := v.outside(t); !maps.Equal(before, after) {
				t.Errorf("something changed outside the workspace: %v", slices.Sorted(maps.Keys(after)))
			}
		})
	}
	for _, format := range []string{"text", "json", "junit"} {
		t.Run("report in "+format, func(t *testing.T) {
			output, _ := v.bounded(t, "check", "hostile", "--all", "--format", format, "--lessons", v.pack)
			v.harmless(t, output)
			output, _, _ = strings.Cut(output, "\nerror: ")
			switch format {
			case "json":
				if !json.Valid([]byte(output)) {
					t.Errorf("it is no JSON: %.500s", output)
				}
			case "junit":
				if err := xml.Unmarshal([]byte(output), new(any)); err != nil {
					t.Error(err)
				}
			}
			if !strings.Contains(output, "said") {
				t.Errorf("the log's line is not among the findings: %.9000s", output)
			}
		})
	}
	for _, args := range [][]string{{"list"}, {"status"}, {"next"}, {"env", "hostile"}, {"reset", "hostile"}} {
		t.Run(args[0], func(t *testing.T) {
			output, _ := v.bounded(t, append(args, "--lessons", v.pack)...)
			v.harmless(t, output)
		})
	}
	if after := v.outside(t); !maps.Equal(before, after) {
		t.Error("something changed outside the workspace")
	}
}

// TestPacksThatDoNotLoad has lessons whose very text means harm: each is refused
// with a clear error, at once.
func TestPacksThatDoNotLoad(t *testing.T) {
	t.Parallel()
	const front = "---\nformat: 1\nid: l\ntitle: L\n---\n\n"
	const body = "# L\n\n## Do\n<!-- step: do -->\n\n```sh action\ntrue\n```\n\n"
	lessonOf := func(text string) func(*testing.T, string) {
		return func(t *testing.T, dir string) { write(t, filepath.Join(dir, "lesson.md"), text) }
	}
	aliases := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 12 {
		aliases += fmt.Sprintf("a%d: &a%d [%s*a%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 9), i)
	}
	for name, tt := range map[string]struct {
		make func(t *testing.T, dir string)
		says string
	}{
		"a title for the terminal":   {lessonOf("---\nformat: 1\nid: l\ntitle: \"\\e]0;pwned\\a\"\n---\n\n" + body), "control character U+001B"},
		"a raw title for it":         {lessonOf("---\nformat: 1\nid: l\ntitle: \x1b]0;pwned\x07\n---\n\n" + body), "control character U+001B"},
		"eight-bit controls":         {lessonOf(front + body + "\u009b2J\n"), "control character U+009B"},
		"a backspace":                {lessonOf(front + body + "safe\b\b\b\bevil\n"), "control character U+0008"},
		"a carriage return":          {lessonOf(front + body + "evil\rsafe\n"), "control character U+000D"},
		"reversed text":              {lessonOf(front + body + "rm \u202eexe.txt\n"), "control character U+202E"},
		"an entity":                  {lessonOf(front + body + "&#27;[2J &#x9b;2J\n"), "control character U+001B"},
		"a heading for the terminal": {lessonOf(front + "# L\n\n## \x1b[2JDo\n<!-- step: do -->\n"), "control character U+001B"},
		"a step's name for it":       {lessonOf(front + "# L\n\n## Do\n<!-- step: \x1b[2J -->\n"), "control character U+001B"},
		"a check's title for it":     {lessonOf(front + body + "```yaml check\nid: c\ntitle: \"\\e[2J\"\nfile: {path: x}\n```\n"), "control character U+001B"},
		"a hint for it":              {lessonOf(front + body + "```yaml check\nid: c\ntitle: C\nfile: {path: x}\nhint: \"\\x9b2J\"\n```\n"), "control character U+009B"},
		"a key for it":               {lessonOf(front + body + "```yaml check\nid: c\ntitle: C\n\"\\e[2J\": {path: x}\n```\n"), "control character U+001B"},
		"no UTF-8":                   {lessonOf(front + body + "\xff\xfe\x9b2J\n"), "not UTF-8"},
		"a file outside":             {lessonOf(front + body + "```sh file=../x\necho\n```\n"), "is not a path inside the workspace"},
		"a file at the root":         {lessonOf(front + body + "```sh file=/etc/cron.d/x\necho\n```\n"), "is not a path inside the workspace"},
		"a check of a file outside":  {lessonOf(front + body + "```yaml check\nid: c\ntitle: C\nfile: {path: ../../x}\n```\n"), "is not a path inside the workspace"},
		"a bomb of YAML":             {lessonOf(strings.Replace(front, "title: L\n", "title: L\n"+aliases, 1) + body), "not used in lessons"},
		"deep YAML":                  {lessonOf(strings.Replace(front, "title: L", "title: "+strings.Repeat("[", 30_000), 1) + body), "nested too deeply"},
		"much YAML":                  {lessonOf(strings.Replace(front, "title: L", "title: "+strings.Repeat("x", 100_000), 1) + body), "too large"},
		"deep markdown":              {lessonOf(front + body + strings.Repeat(">", 100_000) + "\n"), "nested too deeply"},
		"deep lists":                 {lessonOf(front + body + strings.Repeat("- ", 100_000) + "x\n"), "nested too deeply"},
		"a lesson without end": {func(t *testing.T, dir string) {
			lessonOf(front+body)(t, dir)
			enlarge(t, filepath.Join(dir, "lesson.md"))
		}, "too large"},
		"a file without end": {func(t *testing.T, dir string) {
			lessonOf(front+body)(t, dir)
			write(t, filepath.Join(dir, "files", "x"), "x")
			enlarge(t, filepath.Join(dir, "files", "x"))
		}, "too large"},
		"files without end": {func(t *testing.T, dir string) {
			lessonOf(front+body)(t, dir)
			for i := range lesson.MaxFiles + 1 {
				write(t, filepath.Join(dir, "files", fmt.Sprint(i)), "x")
			}
		}, "more than 1000 files"},
		"a link out": {func(t *testing.T, dir string) {
			lessonOf(front+body)(t, dir)
			link(t, "/etc/passwd", filepath.Join(dir, "files"))
		}, "symbolic link"},
		"the lesson is a link": {func(t *testing.T, dir string) { link(t, "/etc/passwd", filepath.Join(dir, "lesson.md")) }, "symbolic link"},
		"a file's name for the terminal": {func(t *testing.T, dir string) {
			lessonOf(front+body)(t, dir)
			link(t, "/etc/passwd", filepath.Join(dir, "\x1b]0;pwned\x07"))
		}, "symbolic link"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" {
				t.Skip("Windows has no such names, and links only for administrators")
			}
			v := &victim{home: newHome(t)}
			pack := t.TempDir()
			write(t, filepath.Join(pack, "course.yaml"), "id: c\ntitle: C\nlessons: [l]\n")
			if err := os.Mkdir(filepath.Join(pack, "l"), 0o700); err != nil {
				t.Fatal(err)
			}
			tt.make(t, filepath.Join(pack, "l"))
			output, code := v.bounded(t, "check", "l", "--lessons", pack)
			v.harmless(t, output)
			if tt.says == "" {
				return // bounded says it all
			}
			if code != exitUsage || !strings.Contains(output, tt.says) {
				t.Errorf("exit code %d, %.2000s", code, output)
			}
		})
	}
}

func link(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}

// enlarge makes a file say that it holds a terabyte.
func enlarge(t *testing.T, name string) {
	t.Helper()
	if err := os.Truncate(name, 1<<40); err != nil {
		t.Fatal(err)
	}
}
