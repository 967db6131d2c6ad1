package emulator_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
)

func (w *world) state(t testing.TB) string {
	t.Helper()
	dump, err := w.Dump()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, dump, "", " "); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func (w *world) createRole(t testing.TB, name string) error {
	t.Helper()
	_, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust)})
	return err
}

// reopen opens the same folder in an emulator of its own, as after a kill: the
// first one was not closed.
func reopen(t testing.TB, dir string) *world {
	t.Helper()
	copied := t.TempDir()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		from, to := filepath.Join(dir, entry.Name()), filepath.Join(copied, entry.Name())
		switch {
		case entry.Name() == "scratch": // of the functions at work, which end meanwhile
			continue
		case entry.IsDir():
			err = os.CopyFS(to, os.DirFS(from))
		default:
			var data []byte
			if data, err = os.ReadFile(from); err == nil {
				err = os.WriteFile(to, data, 0o600)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return open(t, copied)
}

func TestStateOutlivesTheProcess(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := open(t, dir)
	// Larger than 4 KB, so that the code is a blob beside the journal.
	w.function(t, hello+"# "+strings.Repeat("incompressible? ", 10)+fmt.Sprint(rangeOfInts(4000)), nil)
	if _, _, log := w.invoke(t, `{"key1":"v"}`); !strings.Contains(log, "key1 = v") {
		t.Fatal(log)
	}
	if _, err := w.lambda.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), Timeout: aws.Int32(7)}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(trust)}); err == nil {
		t.Error("a second role of the same name was made")
	}
	want := w.state(t)
	for range 20 {
		again := reopen(t, dir)
		if diff := cmp.Diff(want, again.state(t)); diff != "" {
			t.Fatalf("the replayed state differs:\n%s", diff)
		}
	}
	again := reopen(t, dir)
	events, err := again.logs.FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/f"), FilterPattern: aws.String("key1")})
	if err != nil || len(events.Events) != 1 {
		t.Errorf("the log has %+v, %v", events, err)
	}
	if answer, failed, _ := again.invoke(t, `{"key1":"v"}`); failed != "" {
		t.Errorf("the replayed function answers %s", answer)
	}
}

func rangeOfInts(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = i * i * 7919 % 104729
	}
	return all
}

func TestChangesAtOnceAreReplayedInTheirOrder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := open(t, dir)
	var all sync.WaitGroup
	for n := range 8 {
		all.Go(func() {
			for k := range 10 {
				name := aws.String(fmt.Sprintf("r%d-%d", n%4, k)) // each name is wanted twice
				_, _ = w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: name, AssumeRolePolicyDocument: aws.String(trust)})
			}
		})
	}
	all.Wait()
	if diff := cmp.Diff(w.state(t), reopen(t, dir).state(t)); diff != "" {
		t.Errorf("the replayed state differs:\n%s", diff)
	}
}

// What cannot be recorded did not happen: the caller gets an error, the state is
// as before, and the emulator works again when the disk does.
func TestACallThatCannotBeRecordedDidNotHappen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := open(t, dir)
	arn := w.role(t)
	before := w.state(t)
	// A folder stands where the code's blob would be put.
	if err := os.RemoveAll(filepath.Join(dir, "blobs")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "blobs"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	create := func() error {
		_, err := w.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
			FunctionName: aws.String("f"), Role: aws.String(arn), Runtime: types.RuntimePython314, Handler: aws.String("a.b"),
			Code: &types.FunctionCode{ZipFile: zipped(t, "a.py", fmt.Sprint(rangeOfInts(4000)))},
		})
		return err
	}
	if err := create(); err == nil || !strings.Contains(err.Error(), "could not record this call, so it did not happen") {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff(before, w.state(t)); diff != "" {
		t.Errorf("the state changed:\n%s", diff)
	}
	if err := os.Remove(filepath.Join(dir, "blobs")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "blobs"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := create(); err != nil {
		t.Errorf("when the disk is well again: %v", err)
	}
}

func control(t testing.TB, w *world, method, path, body string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "http://localhost:4566"+path, strings.NewReader(body))
	emulatortest.Sign(t, r, body, "awslab")
	answer := httptest.NewRecorder()
	w.ServeHTTP(answer, r)
	return answer
}

func TestBodiesOfTheControlAPI(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	if answer := control(t, w, http.MethodPost, "/_awslab/rewind", strings.Repeat(" ", 4<<20+1)); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large one: %d %s", answer.Code, answer.Body)
	}
	r := httptest.NewRequest(http.MethodPost, "http://localhost:4566/_awslab/mark", iotest.ErrReader(io.ErrUnexpectedEOF))
	answer := httptest.NewRecorder()
	w.ServeHTTP(answer, r)
	if answer.Code != http.StatusRequestTimeout {
		t.Errorf("one that breaks off: %d %s", answer.Code, answer.Body)
	}
}

func TestRewindToAMark(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := open(t, dir)
	lesson := w.cfg.Copy()
	lesson.APIOptions = append(lesson.APIOptions, emulatortest.Header("X-Awslab-Lesson", "lambda"))
	create := func(cfg aws.Config, name string) {
		t.Helper()
		if _, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(trust)}); err != nil {
			t.Fatal(err)
		}
	}
	create(lesson, "before")
	mark := strings.TrimSpace(control(t, w, http.MethodPost, "/_awslab/mark", "").Body.String())
	want := w.state(t)
	create(lesson, "after")
	request := strings.TrimSuffix(mark, "}") + `,"lesson":"lambda"}`
	if answer := control(t, w, http.MethodPost, "/_awslab/rewind", request); answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	if diff := cmp.Diff(want, w.state(t)); diff != "" {
		t.Errorf("after the rewind:\n%s", diff)
	}
	if diff := cmp.Diff(want, reopen(t, dir).state(t)); diff != "" {
		t.Errorf("after the rewind and a restart:\n%s", diff)
	}
	if answer := control(t, w, http.MethodPost, "/_awslab/rewind", `{"seq":99,"lesson":"lambda"}`); answer.Code != http.StatusConflict {
		t.Errorf("a rewind to what is not there: %d %s", answer.Code, answer.Body)
	}
	create(w.cfg, "by-hand")
	if answer := control(t, w, http.MethodPost, "/_awslab/rewind", request); answer.Code != http.StatusConflict {
		t.Errorf("a rewind over what no lesson did: %d %s", answer.Code, answer.Body)
	}
}

func TestChangesAreStreamed(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	server := httptest.NewServer(w)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	follow := func(query string) *bufio.Scanner {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/_awslab/changes"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		emulatortest.Sign(t, r, "", "awslab")
		answer, err := http.DefaultClient.Do(r)
		if err != nil || answer.StatusCode != http.StatusOK {
			t.Fatal(answer, err)
		}
		t.Cleanup(func() { _ = answer.Body.Close() })
		return bufio.NewScanner(answer.Body)
	}
	read := func(lines *bufio.Scanner, n int) (got []string) {
		t.Helper()
		for len(got) < n && lines.Scan() {
			got = append(got, lines.Text())
		}
		return got
	}
	lines := follow("")
	w.cfg.APIOptions = append(w.cfg.APIOptions, emulatortest.Header("X-Awslab-Lesson", "lambda"), emulatortest.Header("X-Awslab-Check", "1"))
	w.iam = iam.NewFromConfig(w.cfg)
	w.role(t)
	want := []string{
		`{"seq":1,"service":"iam","operation":"CreateRole","lesson":"lambda","check":true}`,
		`{"seq":2,"service":"iam","operation":"AttachRolePolicy","lesson":"lambda","check":true}`,
	}
	if diff := cmp.Diff(want, read(lines, 2)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want[1:], read(follow("?after=1"), 1)); diff != "" {
		t.Errorf("after the first: %s", diff)
	}
	if diff := cmp.Diff(want, read(follow("?after=99"), 2)); diff != "" {
		t.Errorf("after one of an earlier emulator: %s", diff)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if lines.Scan() {
		t.Errorf("after Close the stream says %s", lines.Text())
	}
}

func TestTwoEmulatorsShareNothing(t *testing.T) {
	t.Parallel()
	one, other := open(t, ""), open(t, "")
	one.role(t)
	roles, err := other.iam.ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil || len(roles.Roles) != 0 {
		t.Errorf("the other has %+v, %v", roles, err)
	}
}

func BenchmarkDurableChange(b *testing.B) {
	w := open(b, b.TempDir())
	w.role(b)
	n := 0
	for b.Loop() {
		n++
		if _, err := w.iam.UpdateAssumeRolePolicy(b.Context(), &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("r"), PolicyDocument: aws.String(trust)}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStartToFirstAnswer(b *testing.B) {
	for b.Loop() {
		dir := b.TempDir()
		w := open(b, dir)
		if _, err := w.iam.ListRoles(b.Context(), &iam.ListRolesInput{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReplay1000(b *testing.B) {
	dir := b.TempDir()
	w := open(b, dir)
	for n := range 999 {
		if _, err := w.iam.CreateRole(b.Context(), &iam.CreateRoleInput{RoleName: aws.String(fmt.Sprint("r", n)), AssumeRolePolicyDocument: aws.String(trust)}); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		e, err := emulator.New(emulator.Config{Dir: dir, Account: emulatortest.Account, Region: emulatortest.Region})
		if err != nil {
			b.Fatal(err)
		}
		if err := e.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeWarm(b *testing.B) {
	w := open(b, b.TempDir())
	w.function(b, "def lambda_handler(event, context):\n    return event\n", nil)
	w.invoke(b, "{}")
	for b.Loop() {
		if _, err := w.lambda.Invoke(b.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Payload: []byte("{}")}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkInvokeCold(b *testing.B) {
	w := open(b, b.TempDir())
	w.function(b, "def lambda_handler(event, context):\n    return event\n", nil)
	w.invoke(b, "{}")
	n := 0
	for b.Loop() {
		b.StopTimer()
		n++
		if _, err := w.lambda.UpdateFunctionConfiguration(b.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), Description: aws.String(fmt.Sprint(n))}); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		w.invoke(b, "{}")
	}
}
