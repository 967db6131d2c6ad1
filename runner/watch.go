package runner

import (
	"context"

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
}
