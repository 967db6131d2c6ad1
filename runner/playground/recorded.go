package playground

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"awslab/runner/check/cors"
	"awslab/runner/target"
	"awslab/runner/text"
)

// unknown is why there is no verdict: a code of the text's, or what [cors.Judge]
// says.
type unknown struct {
	code string
	args text.Args
	err  error
}

func (u *unknown) Error() string { return u.code }
func (u *unknown) Unwrap() error { return cors.ErrUnknown }

// recorded answers what the standard says that the browser sends by what the
// emulator saw the browser send.
type recorded struct {
	attempt  *attempt
	emulator *url.URL
	patience time.Duration
	memory   *memory
	now      func() time.Time
	answered bool  // the page got an answer
	used     []int // indexes of the attempt's traces, in the order of the algorithm
	asked    []asked
}

// asked is what a preflight should have asked for, and did.
type asked struct{ want, got string }

// Answer waits until the emulator has told of the request.
func (r *recorded) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	u, err := url.Parse(sent.URL)
	if err != nil {
		return cors.Answer{}, err
	}
	at, ok := placeOf(u, r.emulator)
	if !ok {
		return cors.Answer{}, &unknown{code: "elsewhere", args: text.Args{"url": cors.Show(origin(u) + u.EscapedPath())}}
	}
	// Preflight and request are judged when the browser is done with both, so what
	// is not there is only on its way.
	timer := time.NewTimer(r.patience)
	defer timer.Stop()
	for {
		traces, more, ended := r.attempt.seen()
		for i, t := range traces {
			if !slices.Contains(r.used, i) && matches(&t, sent, at) {
				r.used = append(r.used, i)
				r.memory.at = r.now()
				return r.answer(&t, sent)
			}
		}
		if ended {
			return cors.Answer{}, &unknown{code: "ended"}
		}
		if !asksPreflight(sent) && r.unexpected() {
			return cors.Answer{}, &unknown{code: "unexpected"}
		}
		select {
		case <-more:
		case <-timer.C:
			code := "unseen"
			if r.answered {
				code = "cached"
			}
			if asksPreflight(sent) && r.sawWithout(traces, sent) {
				code = "remembered"
			}
			return cors.Answer{}, &unknown{code: code, args: text.Args{"method": cors.Show(sent.Method), "url": cors.Show(sent.URL)}}
		case <-ctx.Done():
			return cors.Answer{}, ctx.Err()
		}
	}
}

func asksPreflight(sent cors.Sent) bool {
	return sent.Method == http.MethodOptions && sent.Header.Get("Access-Control-Request-Method") != ""
}

// matches reports whether a trace is of what the browser sent.
func matches(t *target.Trace, sent cors.Sent, at place) bool {
	if t.API != at.api || t.Method != sent.Method || t.AsksPreflight() != asksPreflight(sent) || !slices.Contains(at.paths, decoded(t.Path)) {
		return false
	}
	if t.AsksPreflight() && t.CORS.RequestMethod != sent.Header.Get("Access-Control-Request-Method") {
		return false
	}
	origin := "" // none is sent where CORS is not spoken
	if t.CORS != nil {
		origin = t.CORS.Origin
	}
	return origin == sent.Header.Get("Origin")
}

// sawWithout reports that the request came for which a preflight is missing.
func (r *recorded) sawWithout(traces []target.Trace, sent cors.Sent) bool {
	for i := range traces {
		t := &traces[i]
		if !t.AsksPreflight() && t.Method == sent.Header.Get("Access-Control-Request-Method") && t.CORS != nil && t.CORS.Origin == sent.Header.Get("Origin") {
			return true
		}
	}
	return false
}

// answer is what a trace knows of an answer: the values of CORS's headers, and the
// names of the others.
func (r *recorded) answer(t *target.Trace, sent cors.Sent) (cors.Answer, error) {
	if t.AsksPreflight() {
		if want, got := sent.Header.Get("Access-Control-Request-Headers"), t.CORS.RequestHeaders; want != got {
			r.asked = append(r.asked, asked{want, got})
		}
	}
	switch {
	case t.Status == 0:
		return cors.Answer{}, fmt.Errorf("the emulator did not answer: %s", t.Reason)
	case t.CORS != nil && t.CORS.Cut:
		return cors.Answer{}, &unknown{code: "cut"}
	}
	answer := cors.Answer{Status: t.Status, Header: http.Header{}}
	if t.CORS == nil {
		return answer, nil
	}
	for _, name := range t.CORS.Names {
		answer.Header[http.CanonicalHeaderKey(name)] = []string{""}
	}
	for name, values := range t.CORS.Answer {
		answer.Header[http.CanonicalHeaderKey(name)] = values
	}
	return answer, nil
}

// unexpected reports that the browser sent a preflight which the algorithm did not
// ask for, so far.
func (r *recorded) unexpected() bool {
	traces, _, _ := r.attempt.seen()
	for i := range traces {
		if !slices.Contains(r.used, i) && traces[i].AsksPreflight() && traces[i].CORS.Origin == r.attempt.request.Origin {
			return true
		}
	}
	return false
}

// wire is what went over the wire, as the emulator saw it: what is of the page's
// origin, and what the verdict is built on.
func (r *recorded) wire() []exchange {
	traces, _, _ := r.attempt.seen()
	wire := []exchange{}
	for i := range traces {
		t := &traces[i]
		if !slices.Contains(r.used, i) && (t.CORS == nil || t.CORS.Origin != r.attempt.request.Origin) {
			continue
		}
		x := exchange{Preflight: t.AsksPreflight(), Method: t.Method, URL: t.Path, Status: t.Status, RequestID: t.RequestID, Sent: []Header{}, Answer: []Header{}}
		if c := t.CORS; c != nil {
			if c.Origin != "" {
				x.Sent = append(x.Sent, Header{"Origin", c.Origin})
			}
			if t.AsksPreflight() {
				x.Sent = append(x.Sent, Header{"Access-Control-Request-Method", c.RequestMethod})
			}
			if c.RequestHeaders != "" {
				x.Sent = append(x.Sent, Header{"Access-Control-Request-Headers", c.RequestHeaders})
			}
			x.Answer = headers(c.Answer)
		}
		wire = append(wire, x)
	}
	return wire
}

// headers are CORS's headers of an answer, by name, fit to be shown.
func headers(header map[string][]string) []Header {
	shown := []Header{}
	for name, values := range header {
		lower := strings.ToLower(name)
		if strings.HasPrefix(lower, "access-control-") || lower == "cross-origin-resource-policy" || lower == "vary" || lower == "location" {
			shown = append(shown, Header{lower, cors.Show(strings.Join(values, ", "))})
		}
	}
	slices.SortFunc(shown, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return shown
}

// unknownOf is why there is no verdict.
func unknownOf(err error) *unknown {
	var u *unknown
	switch {
	case err == nil:
		return nil
	case errors.As(err, &u):
		return u
	}
	return &unknown{err: err}
}
