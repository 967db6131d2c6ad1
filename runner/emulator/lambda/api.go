package lambda

import (
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// runtimeAPI is the Lambda Runtime API (version 2018-06-01) of one instance, on
// a loopback port of its own: an instance cannot speak in another's name.
type runtimeAPI struct {
	listener net.Listener
	server   *http.Server

	ready   chan struct{}    // closed when the runtime first asks for work
	asked   sync.Once        // closes ready: a function may ask on many connections
	work    chan *invocation // what the runtime shall do next
	answers chan *answer     // what it said; room for one of init and one of an invocation
	closed  <-chan struct{}

	mu      sync.Mutex
	current string // request id of the invocation that has no answer yet
	state   string // in AWS's words; empty in the init phase
}

// answer is what a runtime posts: a response, or an error of the invocation or
// of its init phase.
type answer struct {
	requestID string
	payload   []byte
	failed    bool
	init      bool
	kind      string // Lambda-Runtime-Function-Error-Type
	tooLarge  bool
}

// maxResponse is how much a function may answer, in bytes (AWS-BEHAVIOUR §1.6).
const maxResponse = 6291556

const runtimePrefix = "/2018-06-01/runtime/"

func newRuntimeAPI(closed <-chan struct{}) (*runtimeAPI, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	api := &runtimeAPI{
		listener: listener, closed: closed,
		ready: make(chan struct{}), work: make(chan *invocation), answers: make(chan *answer, 2),
	}
	api.server = &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = api.server.Serve(listener) }() // ends when the instance does
	return api, nil
}

func (a *runtimeAPI) addr() string { return a.listener.Addr().String() }

func (a *runtimeAPI) port() uint16 { return uint16(a.listener.Addr().(*net.TCPAddr).Port) }

func (a *runtimeAPI) close() { _ = a.server.Close() } // nobody is left to hear of it

// ServeHTTP answers the runtime. A well-behaved one makes one call at a time;
// what runs here need not be well-behaved.
func (a *runtimeAPI) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, runtimePrefix)
	parts := strings.Split(path, "/")
	switch {
	case r.Method == http.MethodGet && path == "invocation/next":
		a.next(w, r)
	case r.Method == http.MethodPost && path == "init/error":
		a.take(w, r, &answer{failed: true, init: true})
	case r.Method == http.MethodPost && len(parts) == 3 && parts[0] == "invocation" && parts[2] == "response":
		a.take(w, r, &answer{requestID: parts[1]})
	case r.Method == http.MethodPost && len(parts) == 3 && parts[0] == "invocation" && parts[2] == "error":
		a.take(w, r, &answer{requestID: parts[1], failed: true})
	default:
		http.NotFound(w, r)
	}
}

// next hands out work when there is some.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	a.asked.Do(func() {
		a.mu.Lock()
		a.state = "Ready"
		a.mu.Unlock()
		close(a.ready)
	})
	var next *invocation
	select {
	case next = <-a.work:
	case <-a.closed:
		return
	case <-r.Context().Done():
		return
	}
	a.mu.Lock()
	a.current, a.state = next.requestID, "Running"
	a.mu.Unlock()
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(next.payload)))
	h.Set("Lambda-Runtime-Aws-Request-Id", next.requestID)
	h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(next.deadline.UnixMilli(), 10))
	h.Set("Lambda-Runtime-Invoked-Function-Arn", next.arn)
	h.Set("Lambda-Runtime-Trace-Id", next.traceID)
	if next.clientContext != "" {
		h.Set("Lambda-Runtime-Client-Context", next.clientContext)
	}
	_, _ = w.Write(next.payload) // a runtime that has gone is noticed by its process
}

// take passes on an answer, unless it is one that nobody waits for: a second
// answer, a late one or one to an invocation that never was would be taken for
// the answer to the next. The refusals are those of AWS's own server of this
// API: aws-lambda-runtime-interface-emulator, rapi/middleware,
// rapi/rendering and core/states.go.
func (a *runtimeAPI) take(w http.ResponseWriter, r *http.Request, said *answer) {
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxResponse+1))
	if err != nil {
		return
	}
	said.payload, said.kind = payload, r.Header.Get("Lambda-Runtime-Function-Error-Type")
	if len(payload) > maxResponse {
		said.tooLarge = true
		if _, err := io.Copy(io.Discard, io.LimitReader(r.Body, 1<<30)); err != nil {
			return
		}
	}
	switch expected, state := a.expect(said); {
	case expected:
		select {
		case a.answers <- said:
		case <-a.closed:
		}
		reply(w, http.StatusAccepted, `{"status":"OK"}`)
	case said.init:
		reply(w, http.StatusForbidden, `{"errorMessage":"State transition from `+state+` to InitError failed for runtime. Error: State transition is not allowed","errorType":"InvalidStateTransition"}`)
	default:
		reply(w, http.StatusBadRequest, `{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}`)
	}
}

// expect reports whether an answer is waited for, which it is once, and the
// state that the runtime was in.
func (a *runtimeAPI) expect(said *answer) (expected bool, state string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	state = a.state
	switch {
	case said.init && state == "":
		a.state = "InitError"
	case !said.init && said.requestID == a.current && a.current != "":
		a.current, a.state = "", "RuntimeResponseSentState"
	default:
		return false, state
	}
	return true, state
}

func reply(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a runtime that has gone is noticed by its process
}
