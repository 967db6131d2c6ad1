package emulator

import (
	"strings"
	"testing"

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
