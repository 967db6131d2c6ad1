// Package tui is the terminal program: it shows a runner.Lab and its sessions.
// It never speaks to AWS and knows nothing that a session's events and state do
// not say.
//
// [Run] starts it. The root model here holds the page that is shown and passes
// messages on; pages are in page, their parts in pane, looks in theme, keys in
// keys, and lessons are drawn by markdown. Only the root is a tea.Model.
package tui

import (
	"context"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"awslab/runner"
	"awslab/runner/lesson"
	"awslab/runner/text"
	"awslab/tui/keys"
	"awslab/tui/page"
	"awslab/tui/pane"
	"awslab/tui/theme"
)

// Config says what to show and how.
type Config struct {
	Lab     *runner.Lab
	Text    *text.Text
	Lesson  string // where to start; empty is the course
	ASCII   bool   // no characters beyond ASCII in what is drawn
	NoColor bool
	Preview *Preview // nil unless a lesson is being written
	// Show serves the playground's page of a session; nil: there is none.
	Show func(context.Context, *runner.Session) (page.Shown, error)
}

// Preview is a lesson that is being written.
type Preview struct {
	Issues []lesson.Issue // of the version that the program starts with
	// Next waits for the lesson to be saved and reads it again. The lab of an
	// earlier version may be closed from then on. Its error ends the following,
	// and is shown.
	Next func(context.Context) (Version, error)
}

// Version is a lesson as it was saved.
type Version struct {
	Lesson string // its id
	Issues []lesson.Issue
	// Open makes a lab with the version. It is called while nothing is under way
	// in the lab of the version before, and is nil if the lesson cannot be used:
	// then the last good version stays.
	Open func() (*runner.Lab, error)
}

// Smallest terminal that the program fits in, in cells.
const (
	minWidth  = 60
	minHeight = 20
)

// framesPerSecond bounds how often the screen is drawn. Bubble Tea's renderer
// wakes that often even when nothing changes, which is all that an idle program
// costs.
const framesPerSecond = 30

// Run shows the lab until the student leaves or ctx ends.
func Run(ctx context.Context, cfg Config) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	m := newModel(ctx, cfg)
	program := tea.NewProgram(m, tea.WithContext(ctx), tea.WithFPS(framesPerSecond))
	m.send = program.Send
	_, err := program.Run()
	m.unfollow()
	if ctx.Err() != nil {
		return nil // asked to end
	}
	return err
}

// model is the root.
type model struct {
	ctx  context.Context
	cfg  Config
	keys keys.Map
	look theme.Config
	send func(tea.Msg)
	// still leaves spinners and pauses out: a test steps by hand.
	still bool

	theme    theme.Theme
	course   *page.Course
	lesson   *page.Lesson // nil while the course is shown
	unfollow func()       // ends following the lesson's session
	traced   atomic.Bool  // a message says already that there were requests
	width    int
	height   int
	failed   string
	issues   []lesson.Issue // of a preview
	waiting  *version       // a version that came while work was under way
}

func newModel(ctx context.Context, cfg Config) *model {
	look := theme.Config{NoColor: cfg.NoColor, ASCII: cfg.ASCII}
	t, k := theme.New(look), keys.New(cfg.Text.TUI.Keys)
	m := &model{
		ctx: ctx, cfg: cfg, keys: k, look: look, theme: t, unfollow: func() {},
		course: page.NewCourse(cfg.Lab.Course().Title, cfg.Text, k, t),
	}
	if cfg.Preview != nil {
		m.issues = cfg.Preview.Issues
	}
	return m
}

// overview is the course's progress, read beside the event loop.
type overview struct {
	lessons []runner.LessonState
	err     error
}

// opened is a lesson's session.
type opened struct {
	session *runner.Session
	err     error
}

func (m *model) Init() tea.Cmd {
	cmds := []tea.Cmd{m.readOverview(), tea.RequestBackgroundColor}
	if m.cfg.Lesson != "" {
		cmds = append(cmds, m.open(m.cfg.Lesson))
	}
	return tea.Batch(append(cmds, m.nextVersion())...)
}

func (m *model) readOverview() tea.Cmd {
	return func() tea.Msg {
		lessons, err := m.cfg.Lab.Overview()
		return overview{lessons, err}
	}
}

func (m *model) open(id string) tea.Cmd {
	return func() tea.Msg {
		s, err := m.cfg.Lab.Lesson(id)
		return opened{s, err}
	}
}

func (m *model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
		return m, m.resize()
	case tea.BackgroundColorMsg:
		m.look.Light = !msg.IsDark()
		return m, m.restyle()
	case tea.KeyPressMsg:
		return m, m.key(msg)
	case overview:
		m.course.SetLessons(msg.lessons)
		m.failed = m.say(msg.err)
	case opened:
		return m, m.show(msg)
	case version:
		return m, m.take(msg)
	case reopened:
		return m, m.reopen(msg)
	case page.OpenLesson:
		return m, m.open(msg.ID)
	case page.Leave:
		return m, m.leave()
	case page.Event:
		m.traced.Store(false)
		return m, m.pass(msg)
	default:
		return m, m.pass(msg)
	}
	return m, nil
}

// pass passes a message on to the lesson.
func (m *model) pass(msg tea.Msg) tea.Cmd {
	if m.lesson == nil {
		return nil
	}
	return tea.Batch(m.lesson.Update(msg), m.takeWaiting())
}

func (m *model) key(k tea.KeyPressMsg) tea.Cmd {
	if m.lesson == nil {
		return m.course.Key(keys.Latin(k))
	}
	if !m.lesson.Focused() {
		k = keys.Latin(k)
	}
	return m.lesson.Key(k)
}

func (m *model) resize() tea.Cmd {
	height := m.height - 1 - len(m.issueLines())
	m.course.SetSize(m.width, height)
	if m.lesson != nil {
		return m.lesson.SetSize(m.width, height)
	}
	return nil
}

func (m *model) restyle() tea.Cmd {
	m.theme = theme.New(m.look)
	m.course.SetTheme(m.theme)
	if m.lesson != nil {
		return m.lesson.SetTheme(m.theme)
	}
	return nil
}

// show puts a lesson in place of the course.
func (m *model) show(o opened) tea.Cmd {
	if m.failed = m.say(o.err); o.err != nil {
		return nil
	}
	m.follow(o.session)
	m.lesson = page.NewLesson(page.Config{
		Context: m.ctx, Session: o.session, Texts: m.cfg.Text, Keys: m.keys, Theme: m.theme, Now: time.Now, Complete: runner.Complete, Still: m.still,
		Next: m.next(o.session.Lesson().ID), Prepare: m.prepare(o.session), BuiltOn: m.builtOn(o.session), Show: m.display(o.session),
	})
	return tea.Batch(m.resize(), m.unprepared(o.session))
}

// unprepared looks whether what a lesson builds on is there.
func (m *model) unprepared(s *runner.Session) tea.Cmd {
	if len(s.Lesson().Needs) == 0 {
		return nil
	}
	return func() tea.Msg {
		missing, err := m.cfg.Lab.Unprepared(m.ctx, s.Lesson())
		if err != nil || len(missing) == 0 { // what cannot be looked at is no reason to ask
			return nil
		}
		return page.Unprepared{Lesson: s.Lesson().ID, Title: missing[0].Title}
	}
}

// prepare does what a lesson builds on; the page shows its commands.
func (m *model) prepare(s *runner.Session) func(context.Context) error {
	return func(ctx context.Context) error {
		return m.cfg.Lab.Prepare(ctx, s.Lesson(), func(e runner.Event) {
			switch e.(type) {
			case runner.CommandStarted, runner.Output, runner.CommandEnded, runner.Notice:
				if m.send != nil {
					m.send(page.Event{Lesson: s.Lesson().ID, Event: e})
				}
			}
		})
	}
}

// display serves the playground's page of a lesson.
func (m *model) display(s *runner.Session) func(context.Context) (page.Shown, error) {
	if m.cfg.Show == nil {
		return nil
	}
	return func(ctx context.Context) (page.Shown, error) { return m.cfg.Show(ctx, s) }
}

// builtOn is the title of the first lesson that builds on this one.
func (m *model) builtOn(s *runner.Session) string {
	if later := m.cfg.Lab.BuiltOn(s.Lesson().ID); len(later) > 0 {
		return later[0].Title
	}
	return ""
}

// next is the lesson behind another; nil behind the last.
func (m *model) next(id string) *runner.LessonState {
	lessons := m.cfg.Lab.Course().Lessons
	for i, les := range lessons {
		if les.ID == id && i+1 < len(lessons) {
			return &runner.LessonState{ID: lessons[i+1].ID, Title: lessons[i+1].Title}
		}
	}
	return nil
}

// follow passes the events of a session on, and no other's.
func (m *model) follow(s *runner.Session) {
	m.unfollow()
	id := s.Lesson().ID
	m.unfollow = s.Subscribe(func(e runner.Event) { m.tell(id, e) })
}

// tell passes an event on. Of requests, which a check makes by the hundred, one
// message says that there were some: the page reads them from the session.
func (m *model) tell(lesson string, e runner.Event) {
	if m.send == nil {
		return
	}
	if _, ok := e.(runner.RequestTraced); ok && m.traced.Swap(true) {
		return
	}
	m.send(page.Event{Lesson: lesson, Event: e})
}

// leave goes back to the course, or ends the program there.
func (m *model) leave() tea.Cmd {
	if m.lesson == nil {
		return tea.Quit
	}
	m.unfollow()
	m.unfollow, m.lesson = func() {}, nil
	return m.readOverview()
}

func (m *model) say(err error) string {
	if err == nil {
		return ""
	}
	what, hint := m.cfg.Text.Notice(text.NoticeOf(err))
	return strings.TrimSpace(what + ". " + hint)
}

func (m *model) View() tea.View {
	v := tea.View{AltScreen: true, MouseMode: tea.MouseModeCellMotion, WindowTitle: "awslab"}
	if m.width == 0 {
		return v
	}
	lines, cursor := m.frame()
	v.Content, v.Cursor = strings.Join(lines, "\n"), cursor
	return v
}

// frame is the whole screen, exactly as large as the terminal.
func (m *model) frame() ([]string, *tea.Cursor) {
	t := m.theme
	if m.width < minWidth || m.height < minHeight {
		says := text.Args{"width": strconv.Itoa(m.width), "height": strconv.Itoa(m.height)}.Fill(m.cfg.Text.TUI.TooSmall)
		return pane.Column(pane.Wrap(says, m.width, 0), m.width, m.height, t), nil
	}
	var cursor *tea.Cursor
	var body []string
	title := t.Title.Render("awslab")
	if m.cfg.Preview != nil {
		title += t.Accent.Render("  " + m.cfg.Text.TUI.Preview)
	}
	if m.lesson == nil {
		body = m.course.View()
	} else {
		body, cursor = m.lesson.View()
		title += t.Muted.Render("  " + m.lesson.Title())
	}
	if m.failed != "" {
		body[len(body)-1] = pane.Fit(" "+t.Bad.Render(m.failed), m.width, t)
	}
	head := append([]string{pane.Sides(" "+title, m.banner(), m.width, t)}, m.issueLines()...)
	if cursor != nil {
		cursor.Y += len(head)
	}
	return append(head, body...), cursor
}

// banner says where commands go.
func (m *model) banner() string {
	w, says, style := m.cfg.Lab.Where(), m.cfg.Text.TUI.AWS, m.theme.Danger
	switch {
	case w.Emulator:
		says, style = m.cfg.Text.TUI.Emulator, m.theme.Emulator
	case w.URL != "":
		says = m.cfg.Text.TUI.Endpoint
	}
	url := strings.TrimPrefix(strings.TrimPrefix(w.URL, "http://"), "https://")
	return " " + style.Render(text.Args{"url": url, "account": w.Account, "region": w.Region}.Fill(says)) + " "
}
