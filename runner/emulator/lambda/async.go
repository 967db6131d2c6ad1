package lambda

import (
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// How AWS tries an event again (Developer Guide, "How Lambda handles errors and
// retries with asynchronous invocation"): a function that fails two times more,
// after one minute and after two; one that is throttled for six hours, at first
// after a second, then less and less often, every five minutes at last.
var retryAfter = []time.Duration{time.Minute, 2 * time.Minute}

const (
	maxEventAge   = 6 * time.Hour
	firstThrottle = time.Second
	lastThrottle  = 5 * time.Minute
)

// later carries out an asynchronous invocation, three times if it fails. Each
// attempt finds the function anew, as it is by then.
func (s *Service) later(call *awsproto.Call, in *lambda.InvokeInput) {
	defer s.pool.calls.Done()
	began := s.cfg.Clock()
	own := *call
	failures, pause := 0, firstThrottle
	for {
		result, err := s.execute(awsproto.WithCall(s.pool.ctx, &own), &own, in)
		var wait time.Duration
		var gone *types.ResourceNotFoundException
		var throttled *types.TooManyRequestsException
		switch {
		case errors.As(err, &gone), err == nil && !result.failed:
			return
		case errors.As(err, &throttled):
			if wait, pause = pause, min(2*pause, lastThrottle); s.cfg.Clock().Add(wait).Sub(began) > maxEventAge {
				return
			}
		case failures == len(retryAfter):
			return
		default:
			wait = retryAfter[failures]
			failures++
		}
		if !s.wait(wait) {
			return
		}
	}
}

// wait reports whether the time has passed; if not, the service is closing.
func (s *Service) wait(d time.Duration) bool {
	passed := make(chan struct{})
	stop := s.cfg.AfterFunc(d, func() { close(passed) })
	select {
	case <-passed:
		return true
	case <-s.pool.ctx.Done():
		stop()
		return false
	}
}
