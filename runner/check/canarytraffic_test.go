package check_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"awslab/runner/check"
	"awslab/runner/emulator/emulatortest"
)

// traffic is a stage whose answers a test scripts, for what no right API does at a
// test's word: faults, throttling, lost connections, an order of answers.
type traffic struct {
	answer func(n int, w http.ResponseWriter) error // the n-th request, from 0; an error loses the connection
	took   time.Duration                            // of one answer

	mu               sync.Mutex
	asked, now, most int // requests; those under way; the most at once
	untagged         bool
}

func (s *traffic) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasSuffix(r.URL.Path, "/stages"):
		fmt.Fprint(w, `{"item":[{"stageName":"PROD","deploymentId":"old","canarySettings":{"deploymentId":"new","percentTraffic":50.0}}]}`)
	case strings.Contains(r.URL.Path, "/deployments/"):
		fmt.Fprint(w, `{"id":"x","apiSummary":{"/v2/pets":{"GET":{}}}}`)
	default:
		fmt.Fprint(w, `{"item":[{"id":"abc","name":"shop"}]}`)
	}
}

func (s *traffic) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.Contains(r.URL.Host, ".execute-api.") {
		return emulatortest.Transport{Handler: s}.RoundTrip(r)
	}
	s.mu.Lock()
	n := s.asked
	s.asked++
	s.now++
	s.most = max(s.most, s.now)
	s.untagged = s.untagged || r.Header.Get(check.CheckHeader) != "1"
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.now--
		s.mu.Unlock()
	}()
	select {
	case <-time.After(s.took):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	var lost error
	response, err := emulatortest.Transport{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { lost = s.answer(n, w) })}.RoundTrip(r)
	if lost != nil {
		return nil, lost
	}
	return response, err
}

func (s *traffic) world() check.World {
	w := check.World{AWS: emulatortest.AWS(s), Emulator: true, Endpoint: "http://localhost:4566", HTTP: &http.Client{Transport: s}, Once: true}
	w.AWS.HTTPClient = &http.Client{Transport: s}
	return w
}

// statuses answers with a status that depends on the number of the request.
func statuses(of func(n int) int) func(int, http.ResponseWriter) error {
	return func(n int, w http.ResponseWriter) error {
		w.WriteHeader(of(n))
		_, err := fmt.Fprintf(w, `{"n":%d}`, n)
		return err
	}
}

// half is a right canary: every other answer is its.
func half(n int) int { return 200 + 203*(n%2) }

const canaryNode = "canary: {api: shop, stage: PROD, percent: 50, path: /v2/pets, canary: {status: 200}, stable: {status: 403}}\n"

func TestCanaryTraffic(t *testing.T) {
	t.Parallel()
	all := func(status int) func(int) int { return func(int) int { return status } }
	for _, tt := range []struct {
		name, node, want string
		answer           func(int, http.ResponseWriter) error
		least, most      int // requests
	}{
		{"right", canaryNode, "passed", statuses(half), 334, 345},
		{"a sample of another size", strings.Replace(canaryNode, "stable", "requests: 50, stable", 1), "passed", statuses(half), 25, 50},
		{"all from the canary", canaryNode, "failed canary.in-both", statuses(all(200)), 2 * 234, 2*234 + 16},
		{"none from the canary", canaryNode, "failed canary.share", statuses(all(403)), 2 * 234, 2*234 + 16},
		{"a tenth", canaryNode, "failed canary.share", statuses(func(n int) int {
			if n%10 == 0 {
				return 200
			}
			return 403
		}), 500, 800},
		{"one bad sample", canaryNode, "passed", statuses(func(n int) int {
			if n < 242 {
				return 403
			}
			return half(n)
		}), 234 + 334, 234 + 400 + 16},
		{"an answer of nobody's", canaryNode, "failed canary.other-answer", statuses(func(n int) int {
			if n%20 == 3 {
				return 404
			}
			return half(n)
		}), 2, 60},
		{"one odd answer", canaryNode, "passed", statuses(func(n int) int {
			if n == 3 {
				return 404
			}
			return half(n)
		}), 330, 370},
		{"an answer of both", strings.Replace(canaryNode, "{status: 403}", "{body: {contains: n}}", 1), "failed canary.both", statuses(half), 2, 40},
		{"some faults", canaryNode, "undecided undecided.answers", statuses(func(n int) int {
			if n%100 == 50 {
				return 502
			}
			return half(n)
		}), 334, 400},
		{"faults only", canaryNode, "undecided undecided.answers", statuses(all(504)), 5, 13},
		{"a fault that is asked for", strings.Replace(canaryNode, "{status: 200}", "{status: 500}", 1), "passed", statuses(func(n int) int { return 500 - 97*(n%2) }), 334, 345},
		{"throttled", canaryNode, "undecided undecided.throttled", statuses(all(429)), 5, 13},
		{"a connection that is lost", canaryNode, "undecided undecided.network", func(n int, w http.ResponseWriter) error {
			if n == 100 {
				return errors.New("connection reset by peer")
			}
			return statuses(half)(n, w)
		}, 100, 110},
		{"a name without a value", strings.Replace(canaryNode, "{status: 200}", "{body: $NOTHING}", 1), "failed check.unset", statuses(half), 1, 9},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := &traffic{answer: tt.answer}
			w := s.world()
			w.Expand = func(_ context.Context, text string) (string, error) {
				if strings.HasPrefix(text, "$") {
					return "", &check.UnsetError{Name: text}
				}
				return text, nil
			}
			r := check.Run(t.Context(), w, compile(t, "canary", tt.node))
			if got := codes(r); got != tt.want {
				t.Errorf("got %s, want %s\n%+v", got, tt.want, r.Findings)
			}
			if s.asked < tt.least || s.asked > tt.most {
				t.Errorf("%d requests, want %d to %d", s.asked, tt.least, tt.most)
			}
			if s.untagged || s.most > 8 || s.now > 0 {
				t.Errorf("untagged: %v; %d requests at once; %d left behind", s.untagged, s.most, s.now)
			}
			if len(r.Evidence) > 10 {
				t.Errorf("%d pieces of evidence", len(r.Evidence))
			}
			if passed := r.Status == check.Passed; passed != (len(r.Seen) == 1) {
				t.Errorf("it says %v", r.Seen)
			}
		})
	}
}

// On AWS a sample takes its time, and waits no longer than it has to.
func TestCanaryRate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		took, least, most time.Duration
	}{
		"quick answers": {5 * time.Millisecond, 333 * 20 * time.Millisecond, 345*20*time.Millisecond + time.Second},
		"slow answers":  {800 * time.Millisecond, 33 * time.Second, 36 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &traffic{answer: statuses(half), took: tt.took}
				w := s.world()
				w.Emulator = false
				told := 0
				last := check.Progress{}
				w.Progress = func(p check.Progress) {
					if p.Done < last.Done || p.Of != 400 || p.Percent != 50 || p.Sample != 1 {
						t.Errorf("%+v after %+v", p, last)
					}
					told++
					last = p
				}
				began := time.Now()
				r := check.Run(t.Context(), w, compile(t, "canary", canaryNode))
				if took := time.Since(began); r.Status != check.Passed || took < tt.least || took > tt.most {
					t.Errorf("%s after %v", codes(r), took)
				}
				if most := int(time.Since(began)/(100*time.Millisecond)) + 2; told > most || told < 20 || last.Done < 333 {
					t.Errorf("told %d times, at most %d, last %+v", told, most, last)
				}
			})
		})
	}
}

func TestCanaryCancelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &traffic{answer: statuses(half), took: 10 * time.Second}
		w := s.world()
		w.Emulator = false
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		r := check.Run(ctx, w, compile(t, "canary", canaryNode))
		if got := codes(r); got != "undecided undecided.cancelled" || time.Since(began) > 2*time.Second {
			t.Errorf("%s after %v", got, time.Since(began))
		}
	})
}

// The second sample is told as such.
func TestCanaryTellsTheSecondSample(t *testing.T) {
	t.Parallel()
	s := &traffic{answer: statuses(func(int) int { return 403 })}
	w := s.world()
	var samples [3]int
	w.Progress = func(p check.Progress) { samples[p.Sample]++ }
	check.Run(t.Context(), w, compile(t, "canary", canaryNode))
	if samples[0] != 0 || samples[1] < 2 || samples[2] < 2 {
		t.Errorf("told %v", samples)
	}
}

// Where a stage answers depends on the target.
func TestCanaryAddress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ endpoint, region, want string }{
		{"", "ap-northeast-2", "https://abc.execute-api.ap-northeast-2.amazonaws.com/PROD"},
		{"", "cn-north-1", "https://abc.execute-api.cn-north-1.amazonaws.com.cn/PROD"},
		{"http://127.0.0.1:4566", "ap-northeast-2", "http://abc.execute-api.localhost:4566/PROD"},
		{"http://localhost:4566", "ap-northeast-2", "http://abc.execute-api.localhost:4566/PROD"},
		{"https://aws.example/", "ap-northeast-2", "https://aws.example/restapis/abc/PROD/_user_request_"},
	} {
		w := check.World{Endpoint: tt.endpoint}
		w.AWS.Region = tt.region
		if got := w.InvokeURL("abc", "PROD"); got != tt.want {
			t.Errorf("%s in %s: %s, want %s", tt.endpoint, tt.region, got, tt.want)
		}
	}
}
