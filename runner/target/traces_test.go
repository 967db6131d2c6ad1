package target_test

import (
	"io"
	"net/http"
	"testing"

	"awslab/runner/target"
)

// streams is an emulator that answers every stream with some lines, and ends it.
type streams struct {
	plain
	status int
	lines  string
}

func (s *streams) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(s.status)
	_, _ = io.WriteString(w, s.lines)
}

// A stream that ends as soon as it has begun is a stream, and is closed; one that
// does not begin is none.
func TestNewTracesThatEndAtOnce(t *testing.T) {
	t.Parallel()
	open := func(status int, lines string) *target.Home {
		t.Helper()
		home, err := target.OpenHome(t.Context(), target.HomeConfig{Dir: t.TempDir(), Addr: "127.0.0.1:0", NewServer: func(string, target.Credentials) (target.Server, error) {
			return &streams{status: status, lines: lines}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = home.Close() })
		return home
	}
	home := open(http.StatusOK, `{"requestId":"a"}`+"\n")
	for range 100 {
		traces, err := home.NewTraces(t.Context())
		if err != nil || traces == nil {
			t.Fatalf("%v, %v", traces, err)
		}
		var ids []string
		for one := range traces {
			ids = append(ids, one.RequestID)
		}
		if len(ids) != 1 || ids[0] != "a" {
			t.Fatalf("%v", ids)
		}
	}
	if traces, err := open(http.StatusForbidden, "").NewTraces(t.Context()); err == nil || traces != nil {
		t.Errorf("%v, %v", traces, err)
	}
}
