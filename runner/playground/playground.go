// Package playground is the page that shows CORS in the student's own browser: it
// sends a request with fetch(), and shows side by side what the browser did, what
// went over the wire, and what the Fetch standard (package cors) says to it.
//
// Start at [New] and [Server.Serve]. guard.go says who may ask this server what,
// attempt.go is one request of the page's, from its announcement to its verdict.
// What went over the wire is known in one of two ways: on the emulator from its
// traces (recorded.go), elsewhere by asking the API once more (asked.go). result.go
// is what the page is told; page/ is the page itself, embedded.
//
// The page is on another origin than every API, and the server listens on loopback
// only. Its page holds no secret but a token of this run, which opens nothing but
// the endpoints here. On the emulator the server sends no request for anybody;
// elsewhere it asks the lesson's own APIs and nothing else.
//
// It knows neither lessons nor sessions: [Source] is what it needs of them.
package playground

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"awslab/runner/target"
	"awslab/runner/text"
)

// Source is the lesson and its cloud, as the page sees them.
type Source interface {
	// APIs are those that the lesson is about, in its order.
	APIs(ctx context.Context) ([]API, error)
	// Version counts the changes of the cloud; changed is closed at the next one.
	Version() (version uint64, changed <-chan struct{})
	// Traces tells the requests to APIs that come after it returns, until ctx ends or
	// the emulator does. It is asked on the emulator only.
	Traces(ctx context.Context) (<-chan target.Trace, error)
	// Do sends a request to one of the APIs and follows no redirect. It is not asked
	// on the emulator.
	Do(r *http.Request) (*http.Response, error)
}

// API is one that the lesson is about, with what to try on it.
type API struct {
	// ID is "" while the API is not there; Missing says then what makes it.
	ID, Missing string
	// Base is where the API answers: every URL that begins so is its own.
	Base string
	// URL is of the path that the lesson asks for, with the stage.
	URL string
	// Stage and Path are for its name in a list.
	Stage, Path string
	Cases       []Case
}

// Case is one request that the lesson judges.
type Case struct {
	Method      string   `json:"method"`
	Headers     []Header `json:"headers"`
	Credentials bool     `json:"credentials"`
	Origin      string   `json:"origin"`
	Allowed     bool     `json:"allowed"`
}

// Config joins what the page needs.
type Config struct {
	Text *text.Text
	// Lesson is the title of the lesson.
	Lesson string
	Source Source
	// Emulator is the base URL of this machine's emulator; "" on other targets.
	Emulator string
	Now      func() time.Time
	// Patience is how long a verdict waits for what the browser must have sent; 0
	// takes three seconds.
	Patience time.Duration
}

// Server serves the page.
type Server struct {
	cfg   Config
	token string
	mux   *http.ServeMux

	mu      sync.Mutex
	attempt *attempt // the one that is under way, or the last
	last    uint64   // its number

	listing sync.Mutex
	listed  bool
	known   []API

	judging  sync.Mutex
	memories map[string]*memory // guarded by judging
}

// New makes a server.
func New(cfg Config) *Server {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Patience == 0 {
		cfg.Patience = 3 * time.Second
	}
	s := &Server{cfg: cfg, token: rand.Text(), mux: http.NewServeMux(), memories: map[string]*memory{}}
	s.routes()
	return s
}

func (s *Server) routes() {
	s.mux.HandleFunc("GET /{$}", s.page)
	s.mux.HandleFunc("GET /frame", s.frame)
	s.mux.HandleFunc("GET /{file}", s.file)
	s.mux.HandleFunc("GET /apis", s.own(s.apis))
	s.mux.HandleFunc("POST /attempt", s.own(s.begin))
	s.mux.HandleFunc("POST /verdict", s.own(s.judge))
}

// Serve answers until ctx ends.
func (s *Server) Serve(ctx context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	server := &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: maxHeader, BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() }) // what is under way ends with the context
	defer stop()
	err := server.Serve(listener)
	s.end()
	if ctx.Err() != nil && errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// end ends what an attempt listens to.
func (s *Server) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.attempt != nil {
		s.attempt.stop()
	}
}
