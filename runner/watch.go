package runner

import (
	"context"
	"slices"

	"awslab/runner/target"
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
			s.mu.Lock()
			s.traces = append(s.traces, t)
			if len(s.traces) > maxTraces {
				s.traces = slices.Clone(s.traces[len(s.traces)-maxTraces:])
			}
			s.mu.Unlock()
			s.emit(RequestTraced{Trace: t})
		})
	})
}

// maxTraces is how many requests to APIs a session remembers.
const maxTraces = 100

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
