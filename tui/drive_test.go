package tui

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/emulator"
	"awslab/runner/lesson"
	"awslab/runner/target"
	"awslab/runner/text"
)

// world is an emulator and a student's home for the labs of one test.
type world struct {
	t      testing.TB
	home   string
	target *target.Target
	text   *text.Text
}

func newWorld(t testing.TB, language string) *world {
	t.Helper()
	home := t.TempDir()
	opened, err := target.Open(t.Context(), target.Config{Now: time.Now, Home: target.HomeConfig{
		Dir: home, Addr: "127.0.0.1:0",
		NewServer: func(_ string, creds target.Credentials) (target.Server, error) {
			return emulator.New(emulator.Config{
				Account: target.EmulatorAccount, Region: target.DefaultRegion, AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey,
			})
		},
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	texts, err := text.For(language)
	if err != nil {
		t.Fatal(err)
	}
	return &world{t, home, opened, texts}
}

// lab opens the lesson as the pages' tests have it, with words replaced.
func (w *world) lab(replace ...string) *runner.Lab {
	w.t.Helper()
	l, err := w.open(replace...)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func (w *world) open(replace ...string) (*runner.Lab, error) {
	files := fstest.MapFS{}
	names := []string{"lesson.md", "lesson.ko.md"}
	if len(replace) > 0 {
		names = names[:1] // a translation would have to follow
	}
	for _, name := range names {
		data, err := os.ReadFile(filepath.Join("page", "testdata", "role", name))
		if err != nil {
			return nil, err
		}
		files["role/"+name] = &fstest.MapFile{Data: []byte(strings.NewReplacer(replace...).Replace(string(data)))}
	}
	les, issues := lesson.Load(fs.FS(files), "role")
	if errs := lesson.Errors(issues); len(errs) > 0 {
		return nil, errors.New(errs[0].String())
	}
	course := &lesson.Course{ID: "course", Title: "Serverless on AWS", Titles: map[string]string{"en": "Serverless on AWS", "ko": "AWS 서버리스"}, Lessons: []*lesson.Lesson{les}}
	l, err := runner.Open(runner.Config{Course: course, Target: w.target, Text: w.text, Home: w.home, Now: time.Now})
	if err == nil {
		w.t.Cleanup(func() {
			if err := l.Close(); err != nil {
				w.t.Error(err)
			}
		})
	}
	return l, err
}

// driven is the root model, whose commands run at once.
type driven struct {
	*model
	t    testing.TB
	left bool
}

// errNoVersion is what a preview's Next says in a test: versions are sent as
// messages.
var errNoVersion = errors.New("no version")

func noVersion(context.Context) (Version, error) { return Version{}, errNoVersion }

func drive(t testing.TB, cfg Config, width, height int) *driven {
	t.Helper()
	d := &driven{model: newModel(t.Context(), cfg), t: t}
	d.still = true
	t.Cleanup(func() { d.unfollow() })
	d.do(d.Init())
	d.tell(tea.WindowSizeMsg{Width: width, Height: height})
	return d
}

func (d *driven) tell(msg tea.Msg) {
	_, cmd := d.Update(msg)
	d.do(cmd)
}

// do runs a command and all that follows from it.
func (d *driven) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, one := range msg {
			d.do(one)
		}
	case tea.QuitMsg:
		d.left = true
	case version:
		if !errors.Is(msg.err, errNoVersion) {
			d.tell(msg)
		}
	default:
		d.tell(msg)
	}
}

func (d *driven) press(keys ...tea.KeyPressMsg) {
	for _, k := range keys {
		d.tell(k)
	}
}

// key is a key that types a character.
func key(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Text: string(r)} }

var (
	enter = tea.KeyPressMsg{Code: tea.KeyEnter}
	esc   = tea.KeyPressMsg{Code: tea.KeyEscape}
)
