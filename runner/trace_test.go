package runner_test

import (
	"net/http"
	"testing"
	"time"

	"awslab/runner"
)

// Requests to APIs are told once and kept, one that came before the stream too.
func TestRequestsAreTraced(t *testing.T) {
	t.Parallel()
	s, _, home, _ := start(t)
	told := make(chan runner.Trace, 8)
	t.Cleanup(s.Subscribe(func(e runner.Event) {
		if e, ok := e.(runner.RequestTraced); ok {
			told <- e.Trace
		}
	}))
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, home.Endpoint+"/hello%0Athere%1B%5B2J", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Host = "a1b2c3d4e5.execute-api." + home.Region + ".amazonaws.com"
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-told:
		if got.API != "a1b2c3d4e5" || got.Status != http.StatusNotFound || got.Reason != "no-stage" || got.Path != "/hello there" || got.RequestID != answer.Header.Get("Apigw-Requestid") {
			t.Errorf("told: %+v", got)
		}
		if kept := s.Traces(); len(kept) != 1 || kept[0].RequestID != got.RequestID {
			t.Errorf("kept: %+v", kept)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no request was told")
	}
}
