package executeapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Limits of a request (guide, the quotas of both kinds of API): the body, and the
// request line with the headers' values.
const (
	maxBody    = 10 << 20
	maxHeaders = 10240
)

// exchange is one request on its way to an answer: what is so for both kinds of
// API. [httpExchange] and [restExchange] are the two.
type exchange struct {
	h        *Handler
	w        http.ResponseWriter
	r        *http.Request
	at       address
	id       string
	received time.Time
	lesson   string // marks
	check    bool

	stageName  string
	path       string // as routes see it: escaped, no stage, begins with /
	fullPath   string // as events see it, with the stage if that has a name
	parameters []parameter
	message    message // what the integration is told of the request
	body       []byte
	traceID    string // X-Amzn-Trace-Id
	sourceIP   string
	identity   *Identity // who signed, where AWS_IAM is asked for

	// For the logs: the text of a gateway-made error, and why there was one, in
	// AWS's words where they are known.
	errMessage, errDetail string
	functionRequestID     string   // Lambda's, once the integration's function has answered
	invocations           []string // request ids of functions and authorizers
	answered              bool
	written               int // bytes of the answer's body
	trace                 Trace
}

// kind is what the two kinds of API do each in a way of its own.
type kind interface {
	serve()                     // takes the request from its address to its answer
	fail(reason, detail string) // answers that the gateway failed, if nothing was answered
	log()                       // writes what the stage wants to have logged
}

// fault is why the gateway answers by itself: a reason of [Trace], and the same in
// a sentence. Each kind of API has its own answer to it.
type fault struct {
	reason, detail string
	cause          error // of what came from elsewhere
}

// The marks of awslab's own requests. They are not the API's.
const (
	headerCheck      = "X-Awslab-Check"
	headerInvocation = "X-Awslab-Invocation"
	headerLesson     = "X-Awslab-Lesson"
)

func (h *Handler) exchange(w http.ResponseWriter, r *http.Request, at address) exchange {
	x := exchange{h: h, w: w, r: r, at: at, received: h.cfg.Clock()}
	x.check, x.lesson = r.Header.Get(headerCheck) != "", r.Header.Get(headerLesson)
	x.sourceIP = r.RemoteAddr
	if ip, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		x.sourceIP = ip
	}
	x.trace = Trace{Time: x.received, API: at.api, Method: r.Method, Lesson: x.lesson, Check: x.check, CORS: newCORSTrace(r.Header)}
	return x
}

// newID gives a request id as HTTP APIs have it, and REST APIs beside another: 11
// bytes in base64 for URLs (stackd: "EOQF-jhZIAMEYQA=").
func (h *Handler) newID() string {
	var b [11]byte
	_, _ = io.ReadFull(h.cfg.Random, b[:]) // never fails, by crypto/rand's contract
	return base64.URLEncoding.EncodeToString(b[:])
}

func headerSize(r *http.Request) int {
	size := len(r.Method) + len(r.RequestURI) + len(r.Proto) + len(r.Host)
	for name, values := range r.Header {
		for _, value := range values {
			size += len(name) + len(value)
		}
	}
	return size
}

// checkHeaders finds headers that are too large.
func (x *exchange) checkHeaders() *fault {
	if headerSize(x.r) <= maxHeaders {
		return nil
	}
	return &fault{reason: "headers-too-large", detail: fmt.Sprintf("the request line and the headers have more than %d bytes", maxHeaders)}
}

// readBody takes in the body. One that arrives too slowly is ended by who serves,
// with a deadline.
func (x *exchange) readBody() *fault {
	large := &fault{reason: "body-too-large", detail: fmt.Sprintf("the body has more than %d bytes", maxBody)}
	if x.r.ContentLength > maxBody {
		return large
	}
	if x.r.Body == nil || x.r.Body == http.NoBody {
		return nil
	}
	var b bytes.Buffer
	if x.r.ContentLength > 0 {
		b.Grow(int(x.r.ContentLength) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(http.MaxBytesReader(x.w, x.r.Body, maxBody)); err != nil {
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			return large
		case errors.Is(err, os.ErrDeadlineExceeded):
			return &fault{"body-unreadable", "the request's body took too long to arrive", err}
		default:
			return &fault{"body-unreadable", "the request's body broke off", err}
		}
	}
	x.body = b.Bytes()
	return nil
}

// describe makes what an integration and an authorizer are told.
func (x *exchange) describe() {
	x.traceID = x.r.Header.Get("X-Amzn-Trace-Id")
	if !strings.Contains(x.traceID, "Root=") {
		var b [12]byte
		_, _ = io.ReadFull(x.h.cfg.Random, b[:])
		x.traceID = fmt.Sprintf("Root=1-%08x-%x", x.received.Unix(), b)
	}
	x.message = newMessage(x)
}

// scheme and port are how the client came, as X-Forwarded-Proto and -Port say.
func (x *exchange) scheme() string {
	if x.r.TLS != nil {
		return "https"
	}
	return "http"
}

func (x *exchange) port() string {
	if _, port, err := net.SplitHostPort(x.r.Host); err == nil {
		return port
	}
	if x.r.TLS != nil {
		return "443"
	}
	return "80"
}

// domainPrefix is the first label of the API's name; where the client used
// another name it is the API's id all the same.
func (x *exchange) domainPrefix() string { return x.at.api }

// arn names what is asked for, as policies and authorizers see it: with the path
// of the request.
func (x *exchange) arn(method, path string) string {
	return "arn:aws:execute-api:" + x.h.cfg.Region + ":" + x.h.cfg.Account + ":" + x.at.api + "/" + x.stageName + "/" + method + path
}

// within gives a context that ends after d, and with the client. The cause of an
// end in time is errTimeout.
func (x *exchange) within(d time.Duration) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(x.r.Context())
	stop := x.h.cfg.AfterFunc(d, func() { cancel(errTimeout) })
	return ctx, func() {
		stop()
		cancel(context.Canceled)
	}
}

// workTime bounds the gateway's own work on a request: one template, one body held
// against a model, one choice of an integration response. AWS's limit was not
// found.
const workTime = 5 * time.Second

var errTimeout = errors.New("the time was over")

// answer is what an integration answered.
type answer struct {
	status int
	header http.Header // canonical names
	body   []byte
}

// write sends status and body. What the client does not hear is nobody's to
// know.
func (x *exchange) write(status int, body []byte) {
	x.answered, x.written, x.trace.Status = true, len(body), status
	defer func() { x.trace.CORS.answered(x.w.Header()) }() // with the length of the body
	if status == http.StatusNoContent || status == http.StatusNotModified {
		x.written = 0
		x.w.WriteHeader(status)
		return
	}
	x.w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

// goneFault is the fault of a client that did not wait: there is nobody to tell.
var goneFault = &fault{reason: "client-gone", detail: "the client went away before the answer"}

// gone notes that the client went away before there was an answer.
func (x *exchange) gone() {
	x.answered = true
	x.trace.Reason, x.trace.Detail = goneFault.reason, goneFault.detail
}

// finish tells of the request.
func (x *exchange) finish(k kind) {
	x.rescue(recover(), k)
	x.trace.Micros = x.h.cfg.Clock().Sub(x.received).Microseconds()
	k.log()
	x.h.cfg.Trace(x.trace)
}

// rescue answers after a panic: a mistake of the program, for which the other
// requests are not to suffer.
func (x *exchange) rescue(cause any, k kind) {
	if cause != nil {
		k.fail("panic", fmt.Sprint(cause))
		x.h.cfg.Failed(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
	}
}

// tellInvocations tells a check which invocations it caused: they are no evidence
// of the student's work.
func (x *exchange) tellInvocations(header http.Header) {
	if x.check && len(x.invocations) > 0 {
		header[headerInvocation] = x.invocations
	}
}
