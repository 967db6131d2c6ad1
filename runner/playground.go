package runner

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"awslab/runner/check"
	"awslab/runner/playground"
	"awslab/runner/target"
	"awslab/runner/text"
)

// Playground is the page that shows CORS in the student's own browser, served by
// this process.
type Playground struct {
	URL string
	// Port is the page's; the emulator's is EmulatorPort, "" on other targets. Both
	// have to be forwarded for a browser on another machine.
	Port, EmulatorPort string
	// Moved says that the home's own port is in use: the page's origin is another one
	// this time.
	Moved bool

	session *Session
	end     func() error
}

// Playground serves the page of the session's lesson until the lab is closed, or
// says where it is served already. A lab has one: that of another lesson ends. addr
// asks for a loopback address; empty takes the home's own.
func (s *Session) Playground(ctx context.Context, addr string) (*Playground, error) {
	l := s.lab
	l.showing.Lock()
	defer l.showing.Unlock()
	if p := l.playground; p != nil {
		if p.session == s {
			return p, nil
		}
		l.playground = nil
		if err := p.end(); err != nil {
			return nil, err
		}
	}
	listener, moved, err := playground.Listen(ctx, filepath.Join(l.cfg.Home, "playground.json"), addr)
	if err != nil {
		return nil, err
	}
	source := newPageSource(s)
	cfg := playground.Config{Text: l.cfg.Text, Lesson: s.lesson.Title, Source: source, Now: l.cfg.Now}
	p := &Playground{session: s, Moved: moved}
	_, p.Port, _ = net.SplitHostPort(listener.Addr().String()) // a listener's address has one
	p.URL = "http://localhost:" + p.Port + "/"
	if home := l.cfg.Target.Home(); home != nil {
		cfg.Emulator = home.URL()
		_, p.EmulatorPort, _ = net.SplitHostPort(cfg.Emulator[len("http://"):])
	}
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	ended := make(chan error, 1)
	go func() { ended <- playground.New(cfg).Serve(serving, listener) }()
	p.end = func() error {
		stop()
		source.close()
		return <-ended
	}
	l.playground = p
	return p, nil
}

// pageSource is a session as the page sees it.
type pageSource struct {
	session     *Session
	client      *http.Client
	unsubscribe func()

	mu      sync.Mutex
	version uint64
	changed chan struct{}
}

func newPageSource(s *Session) *pageSource {
	p := &pageSource{session: s, changed: make(chan struct{})}
	p.client = &http.Client{
		Transport: guardedTransport{s, s.lab.transport}, Timeout: 40 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	p.unsubscribe = s.Subscribe(func(e Event) {
		switch e := e.(type) {
		case Changed:
			if e.Service == "execute-api" { // a request changes no API
				return
			}
		case CommandEnded, StepEnded:
		default:
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.version++
		close(p.changed)
		p.changed = make(chan struct{})
	})
	return p
}

func (p *pageSource) close() { p.unsubscribe() }

// Version counts the changes of the cloud that were told.
func (p *pageSource) Version() (uint64, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.version, p.changed
}

// Traces tells the requests to the emulator's APIs from now on.
func (p *pageSource) Traces(ctx context.Context) (<-chan target.Trace, error) {
	return p.session.lab.cfg.Target.Home().NewTraces(ctx)
}

// Do asks an API of the lesson's, on the target and nowhere else.
func (p *pageSource) Do(r *http.Request) (*http.Response, error) { return p.client.Do(r) }

// APIs are what the lesson's checks of kind cors name, each API, stage and path
// once, with the cases of all.
func (p *pageSource) APIs(ctx context.Context) ([]playground.API, error) {
	s := p.session
	apis := []playground.API{}
	for _, step := range s.lesson.Steps {
		for _, c := range s.checks[step.ID] {
			if c == nil {
				continue
			}
			page, ok := c.Page(ctx, s.world(step))
			if !ok {
				continue
			}
			if page.Missing != nil {
				apis = missing(apis, s.lab.cfg.Text, page)
				continue
			}
			apis = merge(apis, page)
		}
	}
	return apis, nil
}

// missing says once what is not there, and what to do about it.
func missing(apis []playground.API, t *text.Text, page check.Page) []playground.API {
	says, do := t.Finding(*page.Missing)
	api := playground.API{ID: page.API, Missing: strings.TrimSpace(says + " " + do)}
	if slices.ContainsFunc(apis, func(known playground.API) bool { return known.Missing == api.Missing }) {
		return apis
	}
	return append(apis, api)
}

// merge adds a check's page to the list.
func merge(apis []playground.API, page check.Page) []playground.API {
	api := playground.API{ID: page.API, Base: page.Base, URL: page.URL, Stage: page.Stage, Path: page.Path}
	at := len(apis)
	for i := range apis {
		if apis[i].URL == api.URL && apis[i].Missing == "" {
			at = i
		}
	}
	if at == len(apis) {
		apis = append(apis, api)
	}
	for _, one := range page.Cases {
		c := playground.Case{Method: one.Method, Headers: make([]playground.Header, len(one.Headers)), Credentials: one.Credentials, Origin: one.Origin, Allowed: one.Allowed}
		for i, h := range one.Headers {
			c.Headers[i] = playground.Header(h)
		}
		if !slices.ContainsFunc(apis[at].Cases, func(known playground.Case) bool { return reflect.DeepEqual(known, c) }) {
			apis[at].Cases = append(apis[at].Cases, c)
		}
	}
	return apis
}
