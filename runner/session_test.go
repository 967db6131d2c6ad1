package runner_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"awslab/lessons"
	"awslab/runner"
	"awslab/runner/check"
	"awslab/runner/emulator"
	"awslab/runner/emulator/python"
	"awslab/runner/lesson"
	"awslab/runner/target"
	"awslab/runner/text"
)

// home is a student's home with an emulator of its own.
func openHome(t testing.TB, dir string) *target.Target {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	// Unpacking Python takes half a minute on a loaded machine, the first time:
	// longer than a check waits for a function.
	installation := python.New(python.Config{Dir: filepath.Join(cache, "awslab", "python")})
	if _, err := installation.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	opened, err := target.Open(t.Context(), target.Config{
		Now: time.Now,
		Home: target.HomeConfig{
			Dir: dir, Addr: "127.0.0.1:0",
			NewServer: func(dir string, creds target.Credentials) (target.Server, error) {
				return emulator.New(emulator.Config{
					Dir: dir, Account: target.EmulatorAccount, Region: target.DefaultRegion,
					AccessKeyID: creds.AccessKeyID, SecretAccessKey: creds.SecretAccessKey,
					Python: installation,
				})
			},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

// told keeps the events of a session.
type told struct {
	mu     sync.Mutex
	events []runner.Event
}

func (e *told) take(event runner.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.events = append(e.events, event)
}

// kinds are the types of the events, in order, without the repeated and those
// that come from the emulator's own time.
func (e *told) kinds() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var kinds []string
	for _, event := range e.events {
		kind := strings.TrimPrefix(fmt.Sprintf("%T", event), "runner.")
		if kind != "Changed" && (len(kinds) == 0 || kinds[len(kinds)-1] != kind) {
			kinds = append(kinds, kind)
		}
	}
	return strings.Join(kinds, " ")
}

func (e *told) output() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var b strings.Builder
	for _, event := range e.events {
		if out, ok := event.(runner.Output); ok {
			b.WriteString(out.Text)
		}
	}
	return b.String()
}

// lab is an open lab that closes itself.
type lab struct{ *runner.Lab }

// openLab opens a lab, in English unless cfg says otherwise.
func openLab(t testing.TB, cfg runner.Config) lab {
	t.Helper()
	cfg.Now = time.Now
	if cfg.Text == nil {
		cfg.Text = text.English()
	}
	opened, err := runner.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return lab{opened}
}

func (l lab) session(t testing.TB, lesson string) *runner.Session {
	t.Helper()
	s, err := l.Lesson(lesson)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openSession(t testing.TB, home *target.Target, dir string) (*runner.Session, *told) {
	t.Helper()
	course, issues := lesson.LoadCourse(lessons.Files)
	if errs := lesson.Errors(issues); len(errs) > 0 {
		t.Fatal(errs)
	}
	s := openLab(t, runner.Config{Course: course, Target: home, Home: dir}).session(t, "lambda")
	events := &told{}
	t.Cleanup(s.Subscribe(events.take))
	return s, events
}

func start(t testing.TB) (*runner.Session, *told, *target.Target, string) {
	t.Helper()
	dir := t.TempDir()
	home := openHome(t, dir)
	s, events := openSession(t, home, dir)
	return s, events, home, dir
}

func status(s *runner.Session, step string) runner.StepStatus {
	for _, one := range s.State().Steps {
		if one.ID == step {
			return one.Status
		}
	}
	return -1
}

func problem(t *testing.T, err error, want string) {
	t.Helper()
	var p *text.Problem
	if !errors.As(err, &p) || !strings.Contains(p.Error(), want) {
		t.Errorf("got %v, want a problem with %q", err, want)
	}
}

func TestAStepIsRunJudgedAndRemembered(t *testing.T) {
	t.Parallel()
	s, events, home, dir := start(t)
	if err := s.Run(t.Context(), "role"); err != nil {
		t.Fatal(err)
	}
	if got := status(s, "role"); got != runner.Passed {
		t.Errorf("the step is %v", got)
	}
	if got := events.kinds(); got != "StepStarted CommandStarted Output CommandEnded CheckStarted CheckEnded CheckStarted CheckEnded ProgressSaved StepEnded" {
		t.Errorf("told: %s", got)
	}
	// A pass stays a pass when the world changes, and another process knows it.
	if err := s.Command(t.Context(), "aws iam detach-role-policy --role-name $ROLE --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context(), "role"); err != nil {
		t.Fatal(err)
	}
	if got := status(s, "role"); got != runner.Passed {
		t.Errorf("after a later change the step is %v", got)
	}
	again, _ := openSession(t, home, dir)
	if got := status(again, "role"); got != runner.Passed {
		t.Errorf("for another process the step is %v", got)
	}
}

func TestAStepWithOpenNeedsIsRefused(t *testing.T) {
	t.Parallel()
	s, events, _, _ := start(t)
	problem(t, s.Run(t.Context(), "function"), "builds on the step")
	problem(t, s.Solve(t.Context(), "function"), "builds on the step")
	if strings.Contains(events.kinds(), "Command") {
		t.Errorf("told: %s", events.kinds())
	}
	if err := s.Check(t.Context(), "function"); err != nil {
		t.Fatal(err)
	}
	for _, result := range s.State().Steps[1].Checks {
		if result.Status != check.NotRun {
			t.Errorf("%s is %v", result.ID, result.Status)
		}
	}
	// What a student did elsewhere counts: the needed step is judged first.
	role := "aws iam create-role --role-name $ROLE --assume-role-policy-document file://trust-policy.json\n" +
		"aws iam attach-role-policy --role-name $ROLE --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	if err := s.Command(t.Context(), role); err != nil {
		t.Fatal(err)
	}
	if err := s.Run(t.Context(), "function"); err != nil {
		t.Fatal(err)
	}
	if status(s, "role") != runner.Passed || status(s, "function") != runner.Passed {
		t.Errorf("role is %v, function is %v", status(s, "role"), status(s, "function"))
	}
}

func TestEnsureSaysNothingOfWhatIsNotDoneYet(t *testing.T) {
	t.Parallel()
	s, events, _, _ := start(t)
	for range 2 {
		passed, err := s.Ensure(t.Context(), "role")
		if err != nil || !passed {
			t.Fatal(passed, err)
		}
	}
	for _, event := range events.events {
		if ended, ok := event.(runner.CheckEnded); ok && ended.Result.Status != check.Passed {
			t.Errorf("%s was told as %v", ended.Result.ID, ended.Result.Status)
		}
	}
	commands := 0
	for _, event := range events.events {
		if _, ok := event.(runner.CommandStarted); ok {
			commands++
		}
	}
	if commands != 1 {
		t.Errorf("%d blocks ran, though the second time nothing was to be done", commands)
	}
}

func TestSolveSkipAndReset(t *testing.T) {
	t.Parallel()
	s, _, _, _ := start(t)
	if err := s.Solve(t.Context(), "role"); err != nil {
		t.Fatal(err)
	}
	if err := s.Skip("function"); err != nil {
		t.Fatal(err)
	}
	if status(s, "role") != runner.Solved || status(s, "function") != runner.Skipped || s.State().Current != 2 {
		t.Errorf("state %+v", s.State())
	}
	file := filepath.Join(s.Workspace(), "lambda_function.py")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s.State().Current != 0 {
		t.Errorf("after the reset the current step is %d", s.State().Current)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) == "mine" {
		t.Errorf("the file is %q, %v", data, err)
	}
}

func TestAnEditedFileIsTheStudents(t *testing.T) {
	t.Parallel()
	s, _, home, dir := start(t)
	file := filepath.Join(s.Workspace(), "lambda_function.py")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	openSession(t, home, dir)
	if data, err := os.ReadFile(file); err != nil || string(data) != "mine" {
		t.Errorf("the file is %q, %v", data, err)
	}
}

func TestACommandIsCancelledAtOnceAndAnotherHasToWait(t *testing.T) {
	t.Parallel()
	s, events, _, _ := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	running := make(chan struct{})
	stop := s.Subscribe(func(e runner.Event) {
		if _, ok := e.(runner.CommandStarted); ok {
			close(running)
		}
	})
	go func() { ended <- s.Command(ctx, "sleep 600") }()
	<-running
	stop()
	problem(t, s.Command(t.Context(), "true"), "something is under way already")
	began := time.Now()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("it ended with %v", err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("cancelling took %v", took)
	}
	last := events.events[len(events.events)-1]
	if e, ok := last.(runner.CommandEnded); !ok || !errors.Is(e.Err, context.Canceled) {
		t.Errorf("the last event is %+v", last)
	}
	if err := s.Command(t.Context(), "true"); err != nil {
		t.Error(err)
	}
}

func TestAssignmentsLastAndSecretsDoNotShow(t *testing.T) {
	t.Parallel()
	s, events, home, _ := start(t)
	if err := s.Command(t.Context(), "GREETING=hello"); err != nil {
		t.Fatal(err)
	}
	secret := home.Home().Credentials().SecretAccessKey
	if err := s.Command(t.Context(), "echo $GREETING "+secret+" $FUNCTION"); err != nil {
		t.Fatal(err)
	}
	if out := events.output(); !strings.Contains(out, "hello **** myFunc1") || strings.Contains(out, secret) {
		t.Errorf("shown: %q", out)
	}
}

// The emulator tells what others change, and not what checks do.
func TestChangesOfOthersAreTold(t *testing.T) {
	t.Parallel()
	s, _, home, _ := start(t)
	changed := make(chan runner.Changed, 64)
	t.Cleanup(s.Subscribe(func(e runner.Event) {
		if c, ok := e.(runner.Changed); ok {
			changed <- c
		}
	}))
	if err := s.Check(t.Context(), "role"); err != nil {
		t.Fatal(err)
	}
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	client := iam.NewFromConfig(home.AWS())
	deadline := time.After(20 * time.Second)
	for n := 0; ; n++ {
		// The stream may only just be opening: changes go on until one is told.
		if _, err := client.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String(fmt.Sprint("r", n)), AssumeRolePolicyDocument: aws.String(trust)}); err != nil {
			t.Fatal(err)
		}
		select {
		case c := <-changed:
			if !slices.Contains([]string{"CreateRole", "Reconnect"}, c.Operation) {
				t.Errorf("told: %+v", c)
			}
			return
		case <-deadline:
			t.Fatal("no change was told")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// BenchmarkStep is the headless overhead of a step: one trivial command through
// the session.
func BenchmarkStep(b *testing.B) {
	s, _, _, _ := start(b)
	for b.Loop() {
		if err := s.Command(b.Context(), "true"); err != nil {
			b.Fatal(err)
		}
	}
}

// awslab does a step with the lesson's own files, and keeps what the student wrote.
func TestSolveHasTheLessonsFiles(t *testing.T) {
	t.Parallel()
	s, events, _, _ := start(t)
	if err := s.Solve(t.Context(), "role"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(s.Workspace(), "lambda_function.py")
	own, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("def lambda_handler("), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Solve(t.Context(), "function"); err != nil {
		t.Fatal(err)
	}
	if status(s, "function") != runner.Solved {
		t.Errorf("state %+v", s.State())
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != string(own) {
		t.Errorf("the file is %q, %v", data, err)
	}
	if data, err := os.ReadFile(file + ".mine"); err != nil || string(data) != "def lambda_handler(" {
		t.Errorf("what the student wrote is %q, %v", data, err)
	}
	if !slices.ContainsFunc(events.events, func(e runner.Event) bool {
		notice, ok := e.(runner.Notice)
		return ok && strings.Contains(notice.Text, "lambda_function.py.mine")
	}) {
		t.Error("it does not say where that is")
	}
}
