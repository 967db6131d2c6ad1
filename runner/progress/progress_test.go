package progress_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/progress"
	"awslab/runner/text"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func open(t *testing.T, dir string) *progress.Store {
	t.Helper()
	s, err := progress.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func load(t *testing.T, s *progress.Store) progress.Record {
	t.Helper()
	r, err := s.Load("lambda")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func save(t *testing.T, s *progress.Store, r progress.Record) progress.Record {
	t.Helper()
	merged, err := s.Save("lambda", r)
	if err != nil {
		t.Fatal(err)
	}
	return merged
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "home", "progress")
	s := open(t, dir)
	r := load(t, s)
	if r.Unsaved() || len(r.Steps) != 0 {
		t.Fatalf("a fresh record: %+v", r)
	}
	r.Started = noon
	r.Set("role", progress.Passed, noon.Add(time.Minute))
	r.Set("function", progress.Skipped, noon.Add(2*time.Minute))
	r.SetVar("API_ID", "a1b2")
	r.AddProbe("11111111-2222")
	if !r.Unsaved() {
		t.Error("nothing to save?")
	}
	r = save(t, s, r)
	if r.Unsaved() {
		t.Error("still something to save")
	}
	again := load(t, open(t, dir))
	if diff := cmp.Diff(r.Steps, again.Steps); diff != "" {
		t.Error(diff)
	}
	if again.Vars["API_ID"] != "a1b2" || !again.IsProbe("11111111-2222") || again.IsProbe("other") || !again.Started.Equal(noon) {
		t.Errorf("loaded %+v", again)
	}
	info, err := os.Stat(filepath.Join(dir, "lambda.json"))
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o", mode)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*.tmp"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// Two processes hold the same record and save different things.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	a, b := load(t, one), load(t, two)
	a.Set("role", progress.Passed, noon)
	a.SetVar("A", "1")
	a.AddProbe("from-a")
	save(t, one, a)
	b.Set("function", progress.Solved, noon)
	b.Set("role", progress.Skipped, noon.Add(time.Hour)) // does not know of the pass
	b.SetVar("B", "2")
	b.AddProbe("from-b")
	merged := save(t, two, b)
	want := map[string]progress.Step{"role": {Status: progress.Passed, When: noon}, "function": {Status: progress.Solved, When: noon}}
	if diff := cmp.Diff(want, merged.Steps); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]string{"A": "1", "B": "2"}, merged.Vars); diff != "" {
		t.Error(diff)
	}
	if !merged.IsProbe("from-a") || !merged.IsProbe("from-b") {
		t.Error("a probe was lost")
	}
}

// What was settled last stays, whoever saves what else, until a reset.
func TestSettled(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, two := open(t, dir), open(t, dir)
	a, b := load(t, one), load(t, two)
	a.Settle(map[string]bool{"role/exists": true, "function/runs": true})
	if !a.Unsaved() {
		t.Error("nothing to save?")
	}
	if a = save(t, one, a); a.Unsaved() {
		t.Error("still something to save")
	}
	b.Set("role", progress.Passed, noon)
	want := []string{"function/runs", "role/exists"}
	for _, settled := range [][]string{a.Settled, save(t, two, b).Settled, load(t, two).Settled} {
		if diff := cmp.Diff(want, settled); diff != "" {
			t.Error(diff)
		}
	}
	a.Settle(map[string]bool{"role/exists": true})
	save(t, one, a)
	if diff := cmp.Diff([]string{"role/exists"}, load(t, two).Settled); diff != "" {
		t.Error(diff)
	}
	if _, err := one.Reset("lambda"); err != nil {
		t.Fatal(err)
	}
	if left := load(t, two).Settled; len(left) > 0 {
		t.Errorf("after a reset there are %v", left)
	}
}

func TestManyWriters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		s := open(t, dir)
		wg.Go(func() {
			r, err := s.Load("lambda")
			for j := range 10 {
				if err != nil {
					t.Error(err)
					return
				}
				r.Set(fmt.Sprintf("step-%d-%d", i, j), progress.Passed, noon)
				r, err = s.Save("lambda", r)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := len(load(t, open(t, dir)).Steps); got != 80 {
		t.Errorf("%d of 80 steps", got)
	}
}

// A process that holds an old record does not bring back what a reset forgot.
func TestResetWins(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	r := load(t, s)
	r.Set("role", progress.Passed, noon)
	r.AddProbe("p")
	r = save(t, s, r)
	fresh, err := s.Reset("lambda")
	if err != nil {
		t.Fatal(err)
	}
	if len(fresh.Steps) != 0 || !fresh.IsProbe("p") {
		t.Errorf("after a reset: %+v", fresh)
	}
	r.Set("function", progress.Passed, noon)
	merged := save(t, s, r)
	if _, back := merged.Steps["role"]; back || len(merged.Steps) != 1 {
		t.Errorf("came back: %+v", merged.Steps)
	}
}

func TestDamaged(t *testing.T) {
	t.Parallel()
	for name, content := range map[string]string{
		"torn":    `{"format":1,"lesson":"lambda","steps":{"ro`,
		"empty":   "",
		"foreign": `{"format":1,"lesson":"http-api","steps":{}}`,
		"no file": `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file := filepath.Join(dir, "lambda.json")
			if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			s := open(t, dir)
			_, err := s.Load("lambda")
			var damaged *progress.Damaged
			if !errors.As(err, &damaged) {
				t.Fatalf("got %v", err)
			}
			kept, err := os.ReadFile(damaged.MovedTo)
			if err != nil || string(kept) != content {
				t.Errorf("kept %q, %v", kept, err)
			}
			if r, err := s.Load("lambda"); err != nil || len(r.Steps) != 0 {
				t.Errorf("afterwards %+v %v", r, err)
			}
			var problem *text.Problem
			if !errors.As(damagedAgain(t, s, file, content), &problem) {
				t.Fatal("not a problem that a person reads")
			}
			what, hint := text.English().Problem(problem)
			if !strings.Contains(hint, "damaged-2") || strings.Contains(what+hint, "{") && !strings.Contains(content, "{") {
				t.Errorf("%s\n%s", what, hint)
			}
		})
	}
}

func damagedAgain(t *testing.T, s *progress.Store, file, content string) error {
	t.Helper()
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := s.Load("lambda")
	return err
}

func TestNewerIsLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, content := filepath.Join(dir, "lambda.json"), `{"format":2,"lesson":"lambda","steps":[]}`
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	r, err := s.Load("lambda")
	var newer *progress.Newer
	if !errors.As(err, &newer) || newer.Format != 2 {
		t.Fatalf("got %v", err)
	}
	if _, err := s.Save("lambda", r); !errors.As(err, &newer) {
		t.Errorf("saved over it: %v", err)
	}
	if _, err := s.Reset("lambda"); !errors.As(err, &newer) {
		t.Errorf("reset it: %v", err)
	}
	if data, err := os.ReadFile(file); err != nil || string(data) != content {
		t.Errorf("now %s %v", data, err)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	var r progress.Record
	for i := range progress.MaxProbes + 10 {
		r.AddProbe(fmt.Sprint(i))
	}
	if r.IsProbe("9") || !r.IsProbe("10") {
		t.Error("the oldest ids go first")
	}
	r.SetVar("LONG", strings.Repeat("x", progress.MaxValue+1))
	if _, ok := r.Vars["LONG"]; ok {
		t.Error("a value beyond the limit was kept")
	}
}

func TestBadNames(t *testing.T) {
	t.Parallel()
	s := open(t, t.TempDir())
	for _, id := range []string{"", "../x", "a/b", "A", strings.Repeat("a", 65)} {
		if _, err := s.Load(id); err == nil {
			t.Errorf("%q was taken for a lesson", id)
		}
	}
}
