package runner

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"awslab/runner/target"
	"awslab/runner/text"
)

// watch tells when the emulator's state changes by a call that no check made.
func (s *Session) watch(ctx context.Context) {
	home := s.lab.cfg.Target.Home()
	if home == nil {
		return
	}
	s.watching.Go(func() {
		home.Changes(ctx, func(c target.Change) {
			if !c.Check {
				s.emit(Changed{Service: c.Service, Operation: c.Operation})
			}
		})
	})
	s.watching.Go(func() {
		home.Traces(ctx, func(t target.Trace) {
			harmlessTrace(&t, s.lab.hide)
			s.mu.Lock()
			s.traces = append(s.traces, t)
			if len(s.traces) > maxTraces {
				// A check that samples makes hundreds: they do not push out the student's.
				oldest := max(slices.IndexFunc(s.traces, func(t Trace) bool { return t.Check }), 0)
				s.traces = slices.Delete(s.traces, oldest, oldest+1) // Traces gives copies
			}
			if t.Check {
				if s.probes = append(s.probes, t); len(s.probes) > 2*maxProbeTraces {
					s.probes = slices.Clone(s.probes[maxProbeTraces:])
				}
			}
			close(s.traced)
			s.traced = make(chan struct{})
			s.mu.Unlock()
			s.emit(RequestTraced{Trace: t})
		})
	})
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
	ctx, cancel := context.WithTimeout(ctx, traceTime)
	defer cancel()
	for {
		s.mu.Lock()
		probes, more := s.probes, s.traced
		s.mu.Unlock()
		if i := slices.IndexFunc(probes, func(t Trace) bool { return t.RequestID == requestID }); i >= 0 {
			data, err := json.Marshal(probes[i])
			if err != nil {
				return ""
			}
			return string(data)
		}
		select {
		case <-more:
		case <-ctx.Done():
			return ""
		}
	}
}

// maxTraces is how many requests to APIs a session remembers.
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
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.traces)
}
