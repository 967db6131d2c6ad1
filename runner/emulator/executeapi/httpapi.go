package executeapi

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// httpExchange is a request to an HTTP API.
type httpExchange struct {
	exchange
	stage   *stage
	route   *route
	verdict verdict // of the route's Lambda authorizer
}

// serve takes the request from its address to its answer.
func (x *httpExchange) serve() {
	x.id = x.h.newID()
	x.trace.RequestID = x.id
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
	}
	if f := x.checkHeaders(); f != nil {
		x.answerFault(f)
		return
	}
	x.route, x.parameters = x.stage.routes.find(x.r.Method, x.path)
	if x.route == nil && x.r.Method == http.MethodOptions && x.stage.cors != nil {
		x.preflight()
		return
	}
	if x.route == nil {
		x.refuse(http.StatusNotFound, "Not Found", "no-route", "no route matches the method and the path")
		return
	}
	x.trace.Route = x.route.key
	if f := x.readBody(); f != nil {
		x.answerFault(f)
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

// integrate asks the route's integration.
func (x *httpExchange) integrate() {
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
func (x *httpExchange) timeout() time.Duration {
	if ms := x.route.integration.TimeoutInMillis; ms != nil && *ms > 0 {
		return time.Duration(*ms) * time.Millisecond
	}
	return 30 * time.Second
}

// send writes an integration's answer. Names of headers are in canonical case,
// as HTTP APIs write them (stackd: X-Probe, Apigw-Requestid).
func (x *httpExchange) send(a *answer) {
	header := x.w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	x.stage.cors.decorate(header, x.r, http.CanonicalHeaderKey)
	if len(header["Content-Type"]) == 0 && len(a.body) > 0 {
		header["Content-Type"] = []string{"text/plain;charset=UTF-8"}
	}
	x.tellInvocations(header)
	header["Apigw-Requestid"] = []string{x.id}
	x.write(a.status, a.body)
}

// refuse answers for the gateway itself. The request id's name is in lower case
// then (stackd), and the CORS headers of the API are there too (AWS-BEHAVIOUR §3).
func (x *httpExchange) refuse(status int, text, reason, detail string) {
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
		x.stage.cors.decorate(header, x.r, lowerCase)
	}
	body, _ := json.Marshal(map[string]string{"message": text}) // strings always marshal
	x.write(status, body)
}

// answerFault is an HTTP API's answer to what went wrong. The texts of the
// refusals of headers and bodies are those of other services; captures of an HTTP
// API's were not found.
func (x *httpExchange) answerFault(f *fault) {
	switch f.reason {
	case "client-gone":
		x.gone()
	case "headers-too-large":
		// The status of RFC 6585; AWS's own text was not found.
		x.refuse(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large", f.reason, f.detail)
	case "body-too-large", "payload-too-large":
		x.refuse(http.StatusRequestEntityTooLarge, "Request Entity Too Large", f.reason, f.detail)
	case "body-unreadable":
		if errors.Is(f.cause, os.ErrDeadlineExceeded) {
			x.refuse(http.StatusRequestTimeout, "Request Timeout", f.reason, f.detail)
			return
		}
		x.refuse(http.StatusBadRequest, "Bad Request", f.reason, f.detail)
	case "timeout", "throttled", "unreachable", "out-of-reach":
		// Body and headers: cortexlabs/cortex#1225; general knowledge else. 503 is
		// what clients of throttled functions report too; no capture was read.
		x.refuse(http.StatusServiceUnavailable, "Service Unavailable", f.reason, f.detail)
	default:
		x.fail(f.reason, f.detail)
	}
}

// fail is the refusal that tells a client nothing. The trace says more.
func (x *httpExchange) fail(reason, detail string) {
	x.refuse(http.StatusInternalServerError, "Internal Server Error", reason, detail)
}
