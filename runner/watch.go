package runner

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"awslab/runner/target"
	"awslab/runner/text"
)

// watcher hears of the emulator on behalf of all sessions of a lab: whatever they
// are told is read and remembered once.
type watcher struct {
	stop context.CancelFunc
	ends sync.WaitGroup

	mu       sync.Mutex
	sessions []*Session
	traces   []Trace       // the newest last
	probes   []Trace       // those of checks, likewise
	traced   chan struct{} // closed at the next one
}

// watch tells a session from now on what happens in the emulator. On other targets
// nobody tells.
func (l *Lab) watch(s *Session) {
	w := &l.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sessions = append(w.sessions, s)
	home := l.cfg.Target.Home()
	if home == nil || w.stop != nil {
		return
	}
	w.traced = make(chan struct{})
	var ctx context.Context
	ctx, w.stop = context.WithCancel(context.Background())
	w.ends.Go(func() {
		// Calls that a check makes change nothing.
		home.Changes(ctx, func(c target.Change) {
			if !c.Check {
				w.tell(Changed{Service: c.Service, Operation: c.Operation})
			}
		})
	})
	w.ends.Go(func() {
		home.Traces(ctx, func(t target.Trace) {
			harmlessTrace(&t, l.hide)
			w.remember(t)
			w.tell(RequestTraced{Trace: t})
		})
	})
}

func (w *watcher) tell(e Event) {
	w.mu.Lock()
	sessions := slices.Clone(w.sessions)
	w.mu.Unlock()
	for _, s := range sessions {
		s.emit(e)
	}
}

func (w *watcher) remember(t Trace) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.traces = append(w.traces, t)
	if len(w.traces) > maxTraces {
		// A check that samples makes hundreds: they do not push out the student's.
		oldest := max(slices.IndexFunc(w.traces, func(t Trace) bool { return t.Check }), 0)
		w.traces = slices.Delete(w.traces, oldest, oldest+1) // Traces gives copies
	}
	if t.Check {
		if w.probes = append(w.probes, t); len(w.probes) > 2*maxProbeTraces {
			w.probes = slices.Clone(w.probes[maxProbeTraces:])
		}
	}
	close(w.traced)
	w.traced = make(chan struct{})
}

// close ends the watching.
func (w *watcher) close() {
	w.mu.Lock()
	stop := w.stop
	w.mu.Unlock()
	if stop != nil {
		stop()
	}
	w.ends.Wait()
}

// harmlessTrace makes what a caller, an API or an upstream wrote fit for one line
// of a terminal, secrets masked.
func harmlessTrace(t *Trace, mask func(string) string) {
	texts := []*string{&t.RequestID, &t.API, &t.Stage, &t.Method, &t.Path, &t.Route, &t.Reason, &t.Detail}
	if a := t.Authorizer; a != nil {
		texts = append(texts, &a.Name, &a.Kind, &a.Verdict, &a.Principal)
	}
	if i := t.Integration; i != nil {
		texts = append(texts, &i.Kind, &i.Target, &i.Error)
	}
	line := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r == '\n' || r == '\t' {
				return ' '
			}
			return r
		}, mask(text.Harmless(s)))
	}
	if c := t.CORS; c != nil {
		texts = append(texts, &c.Origin, &c.RequestMethod, &c.RequestHeaders)
		for i := range c.Names {
			texts = append(texts, &c.Names[i])
		}
		answer := make(map[string][]string, len(c.Answer))
		for name, values := range c.Answer {
			for _, value := range values {
				answer[line(name)] = append(answer[line(name)], line(value))
			}
		}
		c.Answer = answer
	}
	for _, s := range texts {
		*s = line(*s)
	}
}

// traceTime is how long a trace may come behind its answer.
const traceTime = 500 * time.Millisecond

// traceOf gives the trace of a check's request as JSON; "" if none comes.
func (s *Session) traceOf(ctx context.Context, requestID string) string {
	if s.lab.cfg.Target.Home() == nil {
		return ""
	}
	w := &s.lab.watcher
	ctx, cancel := context.WithTimeout(ctx, traceTime)
	defer cancel()
	for {
		w.mu.Lock()
		probes, more := w.probes, w.traced
		w.mu.Unlock()
		for _, t := range slices.Backward(probes) { // it came just now
			if t.RequestID == requestID {
				data, err := json.Marshal(t)
				if err != nil {
					return ""
				}
				return string(data)
			}
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ""
		}
	}
}

// maxTraces is how many requests to APIs a lab remembers.
const maxTraces = 100

// maxProbeTraces is how many of the checks' own requests it remembers beside
// those, for their evidence: as many as the largest sample has.
const maxProbeTraces = 5000

// Trace says what became of one request to an API of the emulator.
type Trace = target.Trace

// RequestTraced tells of a request to an API of the emulator: somebody's, the
// student's or a check's.
type RequestTraced struct{ Trace Trace }

func (RequestTraced) event() {}

// Traces are the latest requests to APIs, the newest last. On AWS there are
// none: only the emulator knows them.
func (s *Session) Traces() []Trace {
	w := &s.lab.watcher
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.traces)
}
