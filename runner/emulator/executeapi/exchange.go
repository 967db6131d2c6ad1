package executeapi

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
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

	"github.com/aws/aws-sdk-go-v2/aws"
)

// Limits of a request (guide, "Quotas for configuring and running an HTTP API"):
// the body, and the request line with the headers' values.
const (
	maxBody    = 10 << 20
	maxHeaders = 10240
)

// exchange is one request on its way to an answer.
type exchange struct {
	h        *Handler
	w        http.ResponseWriter
	r        *http.Request
	at       address
	id       string // of the request: 15 characters and =
	received time.Time
	lesson   string // marks
	check    bool

	stage      *stage
	stageName  string
	path       string // as routes see it: escaped, no stage, begins with /
	fullPath   string // as events see it: decoded, with the stage if that has a name
	route      *route
	parameters []parameter
	message    message // what the integration is told of the request
	body       []byte
	traceID    string // X-Amzn-Trace-Id
	sourceIP   string

	identity *Identity // who signed, on a route with AWS_IAM
	verdict  verdict   // of the route's Lambda authorizer

	// For the access log: the text of a gateway-made error, and why there was one,
	// in AWS's words where they are known.
	errMessage, errDetail string
	functionRequestID     string   // Lambda's, once the integration's function has answered
	invocations           []string // request ids of functions and authorizers
	answered              bool
	written               int // bytes of the answer's body
	trace                 Trace
}

// The marks of awslab's own requests. They are not the API's.
const (
	headerCheck      = "X-Awslab-Check"
	headerInvocation = "X-Awslab-Invocation"
	headerLesson     = "X-Awslab-Lesson"
)

func (h *Handler) exchange(w http.ResponseWriter, r *http.Request, at address) *exchange {
	x := &exchange{h: h, w: w, r: r, at: at, received: h.cfg.Clock()}
	x.id = h.newID()
	x.check, x.lesson = r.Header.Get(headerCheck) != "", r.Header.Get(headerLesson)
	x.sourceIP = r.RemoteAddr
	if ip, _, err := net.SplitHostPort(r.RemoteAddr); err == nil {
		x.sourceIP = ip
	}
	x.trace = Trace{Time: x.received, RequestID: x.id, API: at.api, Method: r.Method, Lesson: x.lesson, Check: x.check}
	return x
}

// newID gives a request id as HTTP APIs have it: 11 bytes in base64 for URLs
// (stackd: "EOQF-jhZIAMEYQA=").
func (h *Handler) newID() string {
	var b [11]byte
	_, _ = io.ReadFull(h.cfg.Random, b[:]) // never fails, by crypto/rand's contract
	return base64.URLEncoding.EncodeToString(b[:])
}

// serve takes the request from its address to its answer.
func (x *exchange) serve() {
	var prefix, path string
	x.stage, x.stageName, prefix, path = x.h.choose(x.at)
	x.trace.Stage = x.stageName
	x.path, x.fullPath = cmp.Or(path, "/"), decodePath(cmp.Or(prefix+path, "/"))
	x.trace.Path = x.fullPath
	switch {
	case x.stage == nil:
		x.refuse(http.StatusNotFound, "Not Found", "no-stage", "nothing is deployed to the stage, or the API or the stage does not exist")
		return
	case aws.ToBool(x.stage.from.API.DisableExecuteApiEndpoint):
		// The guide's 404 for HTTP APIs; REST APIs answer 403.
		x.refuse(http.StatusNotFound, "Not Found", "endpoint-disabled", "the API's execute-api endpoint is disabled")
		return
	case headerSize(x.r) > maxHeaders:
		// The status of RFC 6585; AWS's own text was not found.
		x.refuse(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large", "headers-too-large", fmt.Sprintf("the request line and the headers have more than %d bytes", maxHeaders))
		return
	}
	if x.stage.cors.preflight(x.r) {
		x.preflight()
		return
	}
	x.route, x.parameters = x.stage.routes.find(x.r.Method, x.path)
	if x.route == nil {
		x.refuse(http.StatusNotFound, "Not Found", "no-route", "no route matches the method and the path")
		return
	}
	x.trace.Route = x.route.key
	if !x.readBody() {
		return
	}
	x.describe()
	if x.authorize() {
		x.integrate()
	}
}

// decodePath decodes a path as HTTP APIs do for their events: whole, and only up
// to a question mark that comes of it (captures in hotsock/voker#8, quoted in
// middleapi/standard-server#93).
func decodePath(path string) string {
	if !strings.Contains(path, "%") {
		return path
	}
	decoded, _, _ := strings.Cut(unescape(path), "?")
	return decoded
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

// readBody takes in the body. The texts of the refusals are those of other
// services; captures of an HTTP API's were not found. A body that arrives too
// slowly is ended by who serves, with a deadline.
func (x *exchange) readBody() bool {
	if x.r.ContentLength > maxBody {
		x.tooLarge()
		return false
	}
	if x.r.Body == nil || x.r.Body == http.NoBody {
		return true
	}
	var b bytes.Buffer
	if x.r.ContentLength > 0 {
		b.Grow(int(x.r.ContentLength) + bytes.MinRead)
	}
	if _, err := b.ReadFrom(http.MaxBytesReader(x.w, x.r.Body, maxBody)); err != nil {
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			x.tooLarge()
		case errors.Is(err, os.ErrDeadlineExceeded):
			x.refuse(http.StatusRequestTimeout, "Request Timeout", "body-unreadable", "the request's body took too long to arrive")
		default:
			x.refuse(http.StatusBadRequest, "Bad Request", "body-unreadable", "the request's body broke off")
		}
		return false
	}
	x.body = b.Bytes()
	return true
}

func (x *exchange) tooLarge() {
	x.refuse(http.StatusRequestEntityTooLarge, "Request Entity Too Large", "body-too-large", fmt.Sprintf("the body has more than %d bytes", maxBody))
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

var errTimeout = errors.New("the time was over")

// integrate asks the route's integration.
func (x *exchange) integrate() {
	in := x.route.integration
	if in == nil {
		// A route without an integration is answered so; guide, "Integrations": a
		// route needs one. The body was not found.
		x.fail("no-integration", "the route has no integration, or it was deleted")
		return
	}
	x.trace.Integration = &IntegrationTrace{ID: aws.ToString(in.IntegrationId), Kind: string(in.IntegrationType), Target: x.expand(aws.ToString(in.IntegrationUri))}
	began := x.h.cfg.Clock()
	x.applyRequestMapping()
	var answer *answer
	switch {
	case in.IntegrationSubtype != nil:
		x.fail("integration-not-emulated", "integrations with a subtype are not emulated")
		return
	case in.IntegrationType == "AWS_PROXY":
		answer = x.invoke()
	case in.IntegrationType == "HTTP_PROXY":
		answer = x.forward()
	default:
		x.fail("integration-not-emulated", "integrations of type "+string(in.IntegrationType)+" are not for HTTP APIs")
	}
	x.trace.Integration.Micros = x.h.cfg.Clock().Sub(began).Microseconds()
	if answer == nil {
		return
	}
	x.trace.Integration.Status = answer.status
	x.applyResponseMapping(answer)
	x.send(answer)
}

// timeout is the integration's, 30 s unless it says otherwise (guide, quotas).
func (x *exchange) timeout() time.Duration {
	if ms := x.route.integration.TimeoutInMillis; ms != nil && *ms > 0 {
		return time.Duration(*ms) * time.Millisecond
	}
	return 30 * time.Second
}

// answer is what an integration answered.
type answer struct {
	status int
	header http.Header // canonical names
	body   []byte
}

// send writes an integration's answer. Names of headers are in canonical case,
// as HTTP APIs write them (stackd: X-Probe, Apigw-Requestid).
func (x *exchange) send(a *answer) {
	header := x.w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	x.stage.cors.decorate(header, x.r)
	if len(header["Content-Type"]) == 0 && len(a.body) > 0 {
		header["Content-Type"] = []string{"text/plain;charset=UTF-8"}
	}
	x.tellInvocations(header)
	header["Apigw-Requestid"] = []string{x.id}
	x.write(a.status, a.body)
}

// write sends status and body. What the client does not hear is nobody's to
// know.
func (x *exchange) write(status int, body []byte) {
	x.answered, x.written, x.trace.Status = true, len(body), status
	if status == http.StatusNoContent || status == http.StatusNotModified {
		x.written = 0
		x.w.WriteHeader(status)
		return
	}
	x.w.Header()["Content-Length"] = []string{strconv.Itoa(len(body))}
	x.w.WriteHeader(status)
	_, _ = x.w.Write(body)
}

// refuse answers for the gateway itself. The request id's name is in lower case
// then (stackd), and the CORS headers of the API are there too (AWS-BEHAVIOUR §3).
func (x *exchange) refuse(status int, text, reason, detail string) {
	if x.answered {
		return
	}
	x.trace.Reason, x.trace.Detail, x.errMessage = reason, detail, text
	if x.errDetail == "" {
		x.errDetail = detail
	}
	header := x.w.Header()
	header["Content-Type"] = []string{"application/json"}
	x.tellInvocations(header)
	header["apigw-requestid"] = []string{x.id}
	if x.stage != nil {
		x.stage.cors.decorate(header, x.r)
	}
	body, _ := json.Marshal(map[string]string{"message": text}) // strings always marshal
	x.write(status, body)
}

// fail is the refusal that tells a client nothing. The trace says more.
func (x *exchange) fail(reason, detail string) {
	x.refuse(http.StatusInternalServerError, "Internal Server Error", reason, detail)
}

// unavailable is the answer when an integration took too long or could not be
// reached (body and headers: cortexlabs/cortex#1225; general knowledge else).
func (x *exchange) unavailable(reason, detail string) {
	x.refuse(http.StatusServiceUnavailable, "Service Unavailable", reason, detail)
}

// gone notes that the client went away before there was an answer.
func (x *exchange) gone() {
	x.answered = true
	x.trace.Reason, x.trace.Detail = "client-gone", "the client went away before the answer"
}

// finish tells of the request.
func (x *exchange) finish() {
	if cause := recover(); cause != nil {
		// A mistake of the program. The other requests are not to suffer for it.
		x.fail("panic", fmt.Sprint(cause))
		x.h.cfg.Failed(fmt.Errorf("panic: %v\n%s", cause, debug.Stack()))
	}
	x.trace.Micros = x.h.cfg.Clock().Sub(x.received).Microseconds()
	x.log()
	x.h.cfg.Trace(x.trace)
}

// tellInvocations tells a check which invocations it caused: they are no evidence
// of the student's work.
func (x *exchange) tellInvocations(header http.Header) {
	if x.check && len(x.invocations) > 0 {
		header[headerInvocation] = x.invocations
	}
}
