package check

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"awslab/runner/check/cors"
)

// liveServer lets the API itself answer. It sends what the browser sends, and one
// header more that tags the request.
type liveServer struct {
	p          *probe
	answers    []*answer
	unanswered *verdict // why there is none
}

// Answer sends one request. Where there is no answer nobody knows what the API
// would have said: a browser would see a network error, but nothing that the
// student built is to blame.
func (s *liveServer) Answer(ctx context.Context, sent cors.Sent) (cors.Answer, error) {
	request, err := http.NewRequestWithContext(ctx, sent.Method, sent.URL, http.NoBody)
	if err != nil {
		v := broken(err)
		s.unanswered = &v
		return cors.Answer{}, fmt.Errorf("%w: %w", cors.ErrUnknown, err)
	}
	request.Header = sent.Header.Clone()
	if request.Header == nil {
		request.Header = http.Header{}
	}
	request.Header.Set(CheckHeader, "1")
	a, v := s.p.exchange(ctx, request, "")
	if a == nil {
		s.unanswered = &v
		return cors.Answer{}, cors.ErrUnknown
	}
	s.answers = append(s.answers, a)
	return cors.Answer{Status: a.StatusCode, Header: a.Header}, nil
}

// rounds is how often a table of so many requests is made. An HTTP API has no canary.
func (w *corsWhy) rounds(requests int) int {
	if w.found.rest == nil {
		return 1
	}
	return w.found.rest.rounds(requests)
}

// mixed makes the table, of so many requests, again where a canary may answer as
// well as the stage.
func (w *corsWhy) mixed(ctx context.Context, requests int) verdict {
	// A name in a status is looked up once, not for each answer.
	world := w.p.World
	w.p.Expand = remembered(world.expand)
	defer func() { w.p.World = world }()

	return repeated[*corsRow]{
		rounds: w.rounds(requests),
		again: func(ctx context.Context) ([]*corsRow, verdict) {
			again := make([]*corsRow, len(w.rows))
			for i, row := range w.rows {
				again[i] = &corsRow{want: row.want, request: row.request}
			}
			return again, table(ctx, w.p, again)
		},
		outcome:  func(row *corsRow) string { return fmt.Sprint(row.verdict.Allowed) },
		says:     func(row *corsRow) bool { return w.transient(row) == "" },
		distance: w.distance,
		mixed: func(row *corsRow) Finding {
			f := Finding{Code: corsMixed, Subject: row.request.Method + " " + w.found.path, Args: w.found.args()}
			f.Args["fix"] = w.found.deploy()
			return f
		},
	}.worst(ctx, w.p, w.rows)
}

// distance is how far a case is from what it should be.
func (w *corsWhy) distance(ctx context.Context, row *corsRow) int {
	switch {
	case !row.asExpected():
		return 2
	case !w.settled(ctx, row):
		return 1
	}
	return 0
}

// remarksOf is the table as remarks. Cases that were not come to are left out.
func remarksOf(rows []*corsRow) []Remark {
	var seen []Remark
	for _, row := range rows {
		if row.verdict.Class == "" {
			continue
		}
		r := Remark{Code: row.outcome(), Args: map[string]string{"origin": row.request.Origin, "request": row.asked()}, Row: Passed, Rule: row.verdict.Step, Why: row.verdict.Why}
		switch {
		case row.undecided:
			r.Row = Undecided
		case !row.asExpected():
			r.Row, r.Expected = Failed, remarkBlocked
			if row.want.allowed {
				r.Expected = remarkAllowed
			}
		}
		seen = append(seen, r)
	}
	return seen
}

// outcome is the remark over what the browser did.
func (r *corsRow) outcome() string {
	v := r.verdict
	switch {
	case v.PreflightSent && v.Allowed:
		return remarkPreflightAllowed
	case v.PreflightSent && len(v.Exchanges) > 0 && v.Exchanges[len(v.Exchanges)-1].Preflight:
		return remarkPreflightBlocked
	case v.PreflightSent:
		return remarkAnswerBlocked
	case v.Allowed:
		return remarkSimpleAllowed
	default:
		return remarkSimpleBlocked
	}
}

// asked is the request in short: its method, the headers that the page sets, and
// whether it sends credentials.
func (r *corsRow) asked() string {
	words := []string{r.request.Method}
	for _, h := range r.request.Headers {
		words = append(words, h.Name)
	}
	if r.request.Credentials == cors.CredentialsInclude {
		words = append(words, "credentials")
	}
	return strings.Join(words, " + ")
}
