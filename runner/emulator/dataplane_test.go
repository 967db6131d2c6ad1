package emulator

import (
	"strings"
	"testing"
	"time"

	"awslab/runner/emulator/executeapi"
)

// A mistake of the program ends an invocation, not awslab: it happens beside the
// request, where net/http does not catch it.
func TestAPanicInAnInvocation(t *testing.T) {
	t.Parallel()
	notices := make(chan error, 1)
	e, err := New(Config{Account: "123456789012", Region: "ap-northeast-2", Notice: func(err error) { notices <- err }})
	if err != nil {
		t.Fatal(err)
	}
	plane := &dataPlane{emulator: e} // functions are missing: calling them panics
	if _, err := plane.Invoke(t.Context(), executeapi.Invocation{FunctionARN: "arn:aws:lambda:ap-northeast-2:123456789012:function:f"}); err == nil {
		t.Error("it was answered")
	}
	told := ""
	select {
	case err := <-notices:
		told = err.Error()
	default:
	}
	if !strings.Contains(told, "lambda:Invoke") || !strings.Contains(told, "service_invoke.go") {
		t.Errorf("told %q, want the call and where it failed", told)
	}
	if err := e.Close(); err != nil { // waits for the call
		t.Fatal(err)
	}
}

// The gateway makes the groups of its execution logs: a stage's, and its canary's.
func TestExecutionLogsMakeTheirGroups(t *testing.T) {
	t.Parallel()
	e, err := New(Config{Account: "123456789012", Region: "ap-northeast-2", AccessKeyID: "AKIA", SecretAccessKey: "secret"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = e.Close() }()
	p := &dataPlane{emulator: e, logs: e.logs}
	for range 2 {
		for _, canary := range []bool{false, true} {
			p.WriteExecution(t.Context(), "a1b2c3d4e5", "PROD", canary, []executeapi.LogLine{{Time: time.Now(), Text: "(id) Method completed with status: 200"}})
		}
	}
	for _, group := range []string{"API-Gateway-Execution-Logs_a1b2c3d4e5/PROD", "API-Gateway-Execution-Logs_a1b2c3d4e5/PROD/Canary"} {
		if !e.logs.HasLogGroup(group) {
			t.Errorf("there is no %s", group)
		}
	}
}
