package check

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// How a sample is taken: so many requests at a time, on AWS no more than so many
// a second, and given up after so many that say nothing of the share.
const (
	atOnce      = 8
	requestStep = 20 * time.Millisecond
	maxFaults   = 5
	progressGap = 100 * time.Millisecond
)

// side is whose answer an answer is.
type side int

const (
	canarySide side = iota
	stableSide
	noSide
	bothSides
	serverFault // 5xx: nobody's, unless a side's status takes it
	throttle    // 429, likewise
	sides
)

// traffic is one sample of answers.
type traffic struct {
	tally
	outcome outcome
	verdict verdict        // of one that cannot be judged
	count   [sides]int     // of answers
	first   [sides]*answer // of each side
}

// unrouted reports whether a side gave the gateway's own answer for a path that
// the deployment does not have.
func (t *traffic) unrouted(s side) bool { return t.first[s] != nil && unrouted(t.first[s]) }

func unrouted(a *answer) bool {
	return strings.HasPrefix(a.Header.Get("x-amzn-ErrorType"), "MissingAuthenticationTokenException")
}

// sideOf says whose answer it is.
func (c *canaryCheck) sideOf(ctx context.Context, p *probe, a *answer) (side, *verdict) {
	fits := func(m answerMatchers) (bool, *verdict) {
		if m.status == nil && (a.StatusCode >= http.StatusInternalServerError || a.StatusCode == http.StatusTooManyRequests) {
			return false, nil
		}
		v := m.judge(ctx, p, a)
		if v.undecided || len(v.findings) > 0 && v.findings[0].Code == checkUnset {
			return false, &v
		}
		return len(v.findings) == 0, nil
	}
	canary, v := fits(c.canary)
	if v != nil {
		return noSide, v
	}
	stable := false
	if !c.promoted {
		if stable, v = fits(c.stable); v != nil {
			return noSide, v
		}
	}
	switch {
	case canary && stable:
		return bothSides, nil
	case canary:
		return canarySide, nil
	case stable:
		return stableSide, nil
	case a.StatusCode >= http.StatusInternalServerError:
		return serverFault, nil
	case a.StatusCode == http.StatusTooManyRequests:
		return throttle, nil
	}
	return noSide, nil
}

// sample asks for the path until the answers settle the share. What is asked for
// is answered before it returns, so that it leaves nothing behind.
func (c *canaryCheck) sample(ctx context.Context, p *probe, found *release, nth int) *traffic {
	t := &traffic{tally: tally{share: c.share}, outcome: unsettled}
	request, err := found.request(ctx)
	if err != nil {
		t.verdict = broken(err)
		return t
	}
	tell := c.teller(p, t, nth)
	tell(false)
	pacing, halt := context.WithCancel(ctx)
	defer halt()
	ended := false
	for r := range c.ask(ctx, pacing, p, request) {
		if ended {
			continue
		}
		if ended = t.take(ctx, c, p, r); ended {
			halt()
		}
		tell(ended)
	}
	return t
}

// take counts an answer, and reports whether it is the last that is needed.
func (t *traffic) take(ctx context.Context, c *canaryCheck, p *probe, r reply) (ended bool) {
	if r.err != nil {
		t.verdict = unanswered(r.err)
		return true
	}
	s, v := c.sideOf(ctx, p, r.answer)
	if v != nil {
		t.verdict = *v
		return true
	}
	if t.count[s]++; t.first[s] == nil {
		t.first[s] = r.answer
		p.witness(ctx, r.answer, "")
	}
	faults := t.count[serverFault] + t.count[throttle]
	switch s {
	case noSide, bothSides:
		if !c.promoted || s == bothSides {
			t.outcome = rejected
			return true
		}
		t.add(false)
	case serverFault, throttle:
		if faults < maxFaults && t.done+faults < t.of {
			return false
		}
		t.verdict = t.faulty(p)
		return true
	default:
		t.add(s == canarySide)
	}
	good, settled := t.settled()
	switch {
	case faults > 0 && (settled || t.done+faults >= t.of):
		t.verdict = t.faulty(p)
		return true
	case good:
		t.outcome = accepted
	case settled:
		t.outcome = rejected
	}
	return settled
}

// faulty is the verdict over answers that say nothing of the share.
func (t *traffic) faulty(p *probe) verdict {
	s, code := serverFault, undecidedAnswers
	if t.count[s] == 0 {
		s, code = throttle, undecidedThrottled
	}
	a := t.first[s]
	f := Finding{Code: code, Subject: a.subject(), Found: fmt.Sprintf("%d %s", a.StatusCode, shorten(a.body)), Args: map[string]string{
		"count": fmt.Sprint(t.count[s]), "done": fmt.Sprint(t.done + t.count[serverFault] + t.count[throttle]),
	}}
	v := undecided(f)
	v.pending = !p.Emulator // nothing passes by itself there
	return v
}

// teller tells how far a sample has come, not more often than anybody can see.
func (c *canaryCheck) teller(p *probe, t *traffic, nth int) func(last bool) {
	if p.Progress == nil {
		return func(bool) {}
	}
	var told time.Time
	return func(last bool) {
		now := p.now()
		if !last && !told.IsZero() && now.Sub(told) < progressGap {
			return
		}
		told = now
		p.Progress(Progress{Done: t.done, Of: t.of, Canary: t.canary, Percent: c.percent, Sample: nth, Promoted: c.promoted})
	}
}

// reply is what came of one request.
type reply struct {
	*answer
	err error
}

// ask makes the requests of a sample, several at a time and at a bounded rate. It
// begins no more once pacing has ended, and gives the answers of all that it has
// begun; the receiver has to take them.
func (c *canaryCheck) ask(ctx, pacing context.Context, p *probe, request *http.Request) <-chan reply {
	client, turns := p.client(), pace{world: p.World}
	if !p.Emulator {
		turns.step = requestStep
	}
	var begun atomic.Int64
	replies := make(chan reply)
	var workers sync.WaitGroup
	for range min(atOnce, c.share.of) {
		workers.Go(func() {
			for begun.Add(1) <= int64(c.share.of) && turns.wait(pacing) == nil {
				a, err := fetch(ctx, p.World, client, request)
				replies <- reply{a, err}
			}
		})
	}
	go func() {
		workers.Wait()
		close(replies)
	}()
	return replies
}

// pace spreads requests over time.
type pace struct {
	world World
	step  time.Duration // between two; 0: as they come

	mu   sync.Mutex
	next time.Time
}

// wait waits for the next turn, or ends with the context's error. Turns that
// nobody took are not made up for.
func (p *pace) wait(ctx context.Context) error {
	if p.step == 0 || ctx.Err() != nil {
		return ctx.Err()
	}
	p.mu.Lock()
	now := p.world.now()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(p.step)
	p.mu.Unlock()
	if at.After(now) {
		return p.world.sleep(ctx, at.Sub(now))
	}
	return nil
}

// fetch makes one request of a sample, and tells its id and those of the
// invocations that it caused. What of it is evidence, [traffic.take] keeps.
func fetch(ctx context.Context, w World, client *http.Client, request *http.Request) (*answer, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime+longestAnswer)
	defer cancel()
	began := w.now()
	response, err := client.Do(request.Clone(ctx))
	if err != nil {
		return nil, err
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	_ = response.Body.Close() // it was read as far as it counts
	if w.Probe != nil {
		w.Probe(response.Header.Get("x-amzn-requestid"))
		for _, id := range response.Header.Values(invocationHeader) {
			w.Probe(id)
		}
	}
	return &answer{response, request, string(data), w.now().Sub(began)}, err
}
