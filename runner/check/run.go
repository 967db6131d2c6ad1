package check

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// How long a check waits unless it says otherwise: for AWS, which is
// eventually consistent; for a state that passes by itself; and for log lines
// on an emulator, which writes them before it answers unless the call was
// asynchronous.
const (
	defaultWithin = 30 * time.Second
	logLag        = 300 * time.Millisecond
	takeOver      = 2 * time.Second // of one awslab's emulator by another
)

// probe is one run of a check: the world, and what was seen of it.
type probe struct {
	World
	cfg      aws.Config // tagged; see [World.AWS]
	evidence []Evidence
	lag      bool // what is on its way is log lines
}

func newProbe(w World) *probe {
	p := &probe{World: w, cfg: w.AWS.Copy()}
	p.cfg.APIOptions = append(p.cfg.APIOptions, smithyhttp.AddHeaderValue(CheckHeader, "1"))
	return p
}

// CheckHeader marks the requests that checks make.
const CheckHeader = "X-Awslab-Check"

// invocationHeader is where the emulator tells a check which invocations of
// functions its request caused. AWS does not tell.
const invocationHeader = "X-Awslab-Invocation"

// Run judges a check. On AWS a failure is looked at again, with growing pauses,
// until the check's `within` has passed; on an emulator only while something is
// on its way. It ends early with the context, undecided.
func Run(ctx context.Context, w World, c *Compiled) Result {
	began := w.now()
	result := Result{ID: c.ID, Title: c.Title, Kind: c.Kind, Hint: c.Hint}
	p := newProbe(w)
	pause := 250 * time.Millisecond
	if w.Emulator {
		pause = 20 * time.Millisecond
	}
	for {
		p.evidence, p.lag = nil, false
		v := c.looker.look(ctx, p)
		if ctx.Err() != nil {
			v = undecided(Finding{Code: undecidedCancelled})
		}
		result.Status, result.Findings, result.Seen, result.Evidence = v.status(), v.findings, v.seen, p.evidence
		left := c.patience(w, p, v) - w.now().Sub(began)
		if left <= 0 || ctx.Err() != nil {
			break
		}
		if w.sleep(ctx, min(pause, left)) != nil {
			break
		}
		pause = min(2*pause, 4*time.Second)
	}
	result.Findings, result.Seen = masked(w, result.Findings), maskedRemarks(w, result.Seen)
	result.Took = w.now().Sub(began)
	return result
}

// masked hides secrets in what was found.
func masked(w World, findings []Finding) []Finding {
	for i, f := range findings {
		f.Subject, f.Expected, f.Found = w.mask(f.Subject), w.mask(f.Expected), w.mask(f.Found)
		f.Args = maskedArgs(w, f.Args)
		findings[i] = f
	}
	return findings
}

func maskedRemarks(w World, seen []Remark) []Remark {
	for i := range seen {
		seen[i].Args = maskedArgs(w, seen[i].Args)
		seen[i].Rule.Args, seen[i].Why.Args = maskedArgs(w, seen[i].Rule.Args), maskedArgs(w, seen[i].Why.Args)
	}
	return seen
}

func maskedArgs(w World, args map[string]string) map[string]string {
	hidden := make(map[string]string, len(args))
	for name, value := range args {
		hidden[name] = w.mask(value)
	}
	return hidden
}

func (v verdict) status() Status {
	switch {
	case len(v.findings) == 0:
		return Passed
	case v.undecided:
		return Undecided
	default:
		return Failed
	}
}

// patience is how long a verdict is worth another look.
func (c *Compiled) patience(w World, p *probe, v verdict) time.Duration {
	if w.Once || len(v.findings) == 0 {
		return 0
	}
	within := c.within
	if within == 0 {
		within = defaultWithin
	}
	switch {
	case v.undecided && !v.pending:
		return 0
	case v.undecided && w.Emulator:
		return min(within, takeOver)
	case !w.Emulator || v.pending && !p.lag:
		return within
	case v.pending:
		return min(within, logLag)
	}
	return 0
}

// unexpanded is the verdict over a text whose variables cannot be filled in.
func unexpanded(err error) verdict {
	var unset *UnsetError
	if errors.As(err, &unset) {
		return failed(Finding{Code: checkUnset, Subject: unset.Name, Found: unset.Reason})
	}
	return undecided(Finding{Code: undecidedLookup, Found: err.Error()})
}

// broken is the verdict over a check that cannot be carried out as written.
func broken(err error) verdict {
	return undecided(Finding{Code: undecidedBroken, Found: fmt.Sprint(err)})
}
