package playground

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"awslab/runner/check/cors"
	"awslab/runner/target"
	"awslab/runner/text"
)

// Bounds of a request that the page announces.
const (
	maxHeaders = 40
	maxField   = 4096
	maxTraces  = 256
	// lease is how long an attempt keeps others from sending: longer than the page
	// waits for its answer.
	lease = 60 * time.Second
)

// request is what the page announces before it sends it. A body stays in the page.
type request struct {
	Page        string   `json:"page"` // a number of the loaded page's own choice
	Origin      string   `json:"origin"`
	URL         string   `json:"url"` // as the browser's URL parser gives it
	Method      string   `json:"method"`
	Headers     []Header `json:"headers"`
	Body        bool     `json:"body"`
	Credentials string   `json:"credentials"`
	Mode        string   `json:"mode"`
	Redirect    string   `json:"redirect"`
}

// Header is a header of a request or an answer.
type Header struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// fetch is the request as the algorithm takes it.
func (r *request) fetch() cors.Request {
	f := cors.Request{
		Origin: r.Origin, URL: r.URL, Method: r.Method, Body: r.Body,
		Credentials: cors.Credentials(r.Credentials), Mode: cors.Mode(r.Mode), Redirect: cors.Redirect(r.Redirect),
	}
	for _, h := range r.Headers {
		f.Headers = append(f.Headers, cors.Header(h))
	}
	return f
}

// attempt is one request of the page's, from its announcement to its verdict.
//
// Nothing is added to the request itself, for a header of ours would make of a
// simple request a preflighted one. So the page announces the request, and from
// then on every request to an API is listened to; one attempt at a time is under
// way, so what comes from its origin is its own.
type attempt struct {
	id      uint64
	request request
	began   time.Time
	until   time.Time
	stop    context.CancelFunc

	mu     sync.Mutex
	traces []target.Trace
	ended  bool          // no more will come
	more   chan struct{} // closed at the next one
}

// refusal is why a request is not sent: a code of the text's, with its values.
type refusal struct {
	code string
	args text.Args
	err  error
}

// begin takes the announcement of a request.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) {
	var in request
	if !take(w, r, &in) {
		return
	}
	if refused := s.refuse(r, &in); refused != nil {
		give(w, http.StatusUnprocessableEntity, map[string]string{"refused": s.says(refused)})
		return
	}
	a, refused := s.announce(in)
	if refused != nil {
		give(w, http.StatusConflict, map[string]string{"refused": s.says(refused)})
		return
	}
	give(w, http.StatusOK, map[string]uint64{"attempt": a.id})
}

// says is why a request is not sent, for a person.
func (s *Server) says(r *refusal) string {
	sentence := s.cfg.Text.Playground.Refused[r.code]
	if r.err != nil {
		r.args = text.Args{"cause": s.cfg.Text.Why(r.err)}
	}
	return r.args.Fill(sentence)
}

// refuse says why the page must not send a request; nil: it may.
func (s *Server) refuse(r *http.Request, in *request) *refusal {
	tooLarge := len(in.Headers) > maxHeaders || len(in.URL) > maxField || len(in.Method) > maxField || len(in.Page) > 64
	for _, h := range in.Headers {
		tooLarge = tooLarge || len(h.Name) > maxField || len(h.Value) > maxField
	}
	if tooLarge {
		return &refusal{code: "bounds", args: text.Args{"headers": strconv.Itoa(maxHeaders), "bytes": strconv.Itoa(maxField)}}
	}
	if in.Origin != "http://"+r.Host && in.Origin != "null" {
		return &refusal{code: "origin"}
	}
	if !known(in.Credentials, "omit", "same-origin", "include") || !known(in.Mode, "cors", "no-cors", "same-origin") || !known(in.Redirect, "follow", "error", "manual") {
		return &refusal{code: "field"}
	}
	u, err := url.Parse(in.URL)
	shown := text.Args{"url": cors.Show(in.URL)}
	switch {
	case err != nil || u.Opaque != "":
		return &refusal{code: "url", args: shown}
	case u.Scheme != "http" && u.Scheme != "https":
		return &refusal{code: "scheme"}
	case u.Host == "":
		return &refusal{code: "url", args: shown}
	case u.User != nil:
		return &refusal{code: "user"}
	case !s.allowed(r.Context(), u):
		return &refusal{code: "other", args: shown}
	}
	return nil
}

func known(value string, values ...string) bool { return slices.Contains(values, value) }

// allowed reports whether the page may ask a URL: any API of this machine's
// emulator, and elsewhere the lesson's own.
func (s *Server) allowed(ctx context.Context, u *url.URL) bool {
	if s.cfg.Emulator != "" {
		emulator, err := url.Parse(s.cfg.Emulator)
		if err != nil {
			return false
		}
		_, ok := placeOf(u, emulator)
		return ok
	}
	apis, err := s.list(ctx, false)
	if err != nil {
		return false
	}
	for _, api := range apis {
		if api.Base != "" && within(u, api.Base) {
			return true
		}
	}
	return false
}

// announce begins an attempt. It returns when every later request to an API will
// be heard of.
func (s *Server) announce(in request) (*attempt, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before := s.attempt; before != nil {
		if before.request.Page != in.Page && s.cfg.Now().Before(before.until) && !before.done() {
			return nil, &refusal{code: "busy"}
		}
		before.stop()
	}
	s.last++
	ctx, stop := context.WithTimeout(context.Background(), 2*lease)
	a := &attempt{id: s.last, request: in, began: s.cfg.Now(), until: s.cfg.Now().Add(lease), stop: stop, more: make(chan struct{})}
	if s.cfg.Emulator != "" {
		late := time.AfterFunc(s.cfg.Patience, stop)
		traces, err := s.cfg.Source.Traces(ctx)
		if !late.Stop() && err == nil {
			err = context.DeadlineExceeded
		}
		if err != nil {
			stop()
			return nil, &refusal{code: "traces", err: err}
		}
		go a.listen(traces)
	}
	s.attempt = a
	return a, nil
}

// listen collects what comes to APIs.
func (a *attempt) listen(traces <-chan target.Trace) {
	for t := range traces {
		if t.Check {
			continue
		}
		a.mu.Lock()
		if len(a.traces) < maxTraces {
			a.traces = append(a.traces, t)
		}
		a.tell()
		a.mu.Unlock()
	}
	a.mu.Lock()
	a.ended = true
	a.tell()
	a.mu.Unlock()
}

func (a *attempt) tell() {
	close(a.more)
	a.more = make(chan struct{})
}

// seen is what came so far, and what tells of the next.
func (a *attempt) seen() (traces []target.Trace, more <-chan struct{}, ended bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.traces[:len(a.traces):len(a.traces)], a.more, a.ended
}

func (a *attempt) done() bool {
	_, _, ended := a.seen()
	return ended
}

// finish gives the attempt of a number, which is over with it.
func (s *Server) finish(id uint64, page string) (*attempt, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.attempt
	if a == nil || a.id != id || a.request.Page != page {
		return nil, &refusal{code: "unknown"}
	}
	s.attempt = nil
	return a, nil
}
