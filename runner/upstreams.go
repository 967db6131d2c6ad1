package runner

import (
	"context"
	"time"

	"awslab/runner/target"
)

// standInTime is how long a session waits until the emulator knows what stands in
// for hosts outside; after that it goes on trying beside the student's work.
const standInTime = 2 * time.Second

// standIn tells the emulator what the lesson's upstreams answer. On AWS the real
// ones are asked.
func (s *Session) standIn(ctx context.Context) {
	home := s.lab.cfg.Target.Home()
	if home == nil || len(s.lesson.Upstreams) == 0 {
		return
	}
	list := make([]target.Upstream, 0, len(s.lesson.Upstreams))
	for _, u := range s.lesson.Upstreams {
		one := target.Upstream{Prefix: u.Prefix}
		for _, a := range u.Answers {
			one.Answers = append(one.Answers, target.UpstreamAnswer(a))
		}
		list = append(list, one)
	}
	known := make(chan struct{})
	s.watching.Go(func() {
		home.StandIn(ctx, s.lesson.ID, list)
		close(known)
	})
	select {
	case <-known:
	case <-time.After(standInTime):
	}
}
