package check

import (
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// World is what a check may look at, and how it waits.
type World struct {
	// AWS reaches the target. Checks work on a copy whose requests are tagged
	// with the header X-Awslab-Check.
	AWS aws.Config
	// Expand fills $NAME into a text. A name without a value is an
	// [UnsetError]; any other error leaves the check undecided. Nil: texts stay
	// as they are.
	Expand func(ctx context.Context, text string) (string, error)
	// Workspace is the folder of the student's files.
	Workspace *os.Root
	// HTTP makes the requests of http checks, without following redirects
	// beyond what it does by itself; nil for a plain client.
	HTTP *http.Client
	Now  func() time.Time
	// Random gives the bytes that nobody else has; nil for those of crypto/rand.
	Random io.Reader
	// Sleep waits, or ends with the context's error; nil for the real clock.
	Sleep func(ctx context.Context, d time.Duration) error
	// Emulator says that the target is consistent at once: no second look
	// except where something is on its way.
	Emulator bool
	// Once looks once and waits for nothing: for a look before the action.
	Once bool
	// Endpoint is the base URL of the target, for commands that reproduce a
	// request; empty for AWS itself.
	Endpoint string
	// StepStarted is when the student came to the step.
	StepStarted time.Time
	// IsProbe reports whether a check caused the request with this id; Probe is
	// told of each that one causes. Either may be nil.
	IsProbe func(requestID string) bool
	Probe   func(requestID string)
	// Trace gives what became of a request to an API, by its id, as JSON; "" where
	// nobody knows. Nil knows none.
	Trace func(ctx context.Context, requestID string) string
	// Progress is told now and then how far a sample of traffic has come, and at
	// its end. Nil where nobody asks.
	Progress func(Progress)
	// Mask hides secrets in evidence; nil where there are none.
	Mask func(string) string
}

// UnsetError says that a text names a variable without a value: what it would
// name is not there yet.
type UnsetError struct{ Name, Reason string }

func (e *UnsetError) Error() string {
	if e.Reason == "" {
		return e.Name + " has no value"
	}
	return e.Name + " has no value: " + e.Reason
}

func (w World) expand(ctx context.Context, text string) (string, error) {
	if w.Expand == nil {
		return text, nil
	}
	return w.Expand(ctx, text)
}

func (w World) now() time.Time {
	if w.Now == nil {
		return time.Now()
	}
	return w.Now()
}

func (w World) sleep(ctx context.Context, d time.Duration) error {
	if w.Sleep != nil {
		return w.Sleep(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w World) isProbe(requestID string) bool { return w.IsProbe != nil && w.IsProbe(requestID) }

func (w World) mask(text string) string {
	if w.Mask == nil {
		return text
	}
	return w.Mask(text)
}
