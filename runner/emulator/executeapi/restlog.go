package executeapi

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// LogLine is a line of an execution log.
type LogLine struct {
	Time time.Time
	Text string
}

// ExecutionLogs takes the execution log of one request of a REST API's, for the
// group that the gateway keeps for the stage or for its canary. Lines that cannot
// be written are lost, as on AWS.
type ExecutionLogs interface {
	WriteExecution(ctx context.Context, apiID, stage string, canary bool, lines []LogLine)
}

// executionLog collects the lines of one request. Which there are follows stackd:
// with the level INFO those of the frame, with data tracing the rest, with ERROR
// what failed and how it ended. Their words are those of public execution logs
// and of TestInvokeMethod, which shows the same lines.
type executionLog struct {
	info, data, errors bool
	failed             bool
	turnedAway         bool // by the authorizer: the log ends there
	lines              []LogLine
}

// logLimit bounds a line (guide, "Known issues": 1024 bytes).
const logLimit = 1024

// configure reads the stage's settings for the method: its own, else those for
// all.
func (l *executionLog) configure(x *restExchange) {
	if x.h.cfg.ExecutionLogs == nil {
		return
	}
	settings, ok := methodSettings(x.settings.MethodSettings, x.resource.path, x.method.key)
	if !ok || settings.LoggingLevel == nil {
		return
	}
	switch *settings.LoggingLevel {
	case "INFO":
		l.info, l.errors, l.data = true, true, settings.DataTraceEnabled
	case "ERROR":
		l.errors = true
	}
}

// methodSettings finds the settings of a method. Their keys are the resource's
// path, its slashes written as ~1 (API reference, MethodSettings: with the first
// one or not), and the method; * is for all. Which of */GET and ~1pets/* comes
// first was not found.
func methodSettings(all map[string]rest.MethodSetting, path, method string) (rest.MethodSetting, bool) {
	if len(all) == 0 {
		return rest.MethodSetting{}, false
	}
	bare := strings.ReplaceAll(strings.TrimPrefix(path, "/"), "/", "~1")
	for _, key := range []string{"~1" + bare + "/" + method, bare + "/" + method, "~1" + bare + "/*", bare + "/*", "*/" + method, "*/*"} {
		if s, ok := all[key]; ok {
			return s, true
		}
	}
	return rest.MethodSetting{}, false
}

func (l *executionLog) line(x *restExchange, text string) {
	if len(text) > logLimit {
		text = strings.ToValidUTF8(text[:logLimit], "") + " [TRUNCATED]"
	}
	l.lines = append(l.lines, LogLine{x.h.cfg.Clock(), text})
}

// arrived writes what comes before all else.
func (l *executionLog) arrived(x *restExchange) {
	if l.info {
		l.line(x, "Extended Request Id: "+x.extendedID)
	}
}

// metered writes what comes between the authorizer and the method.
func (l *executionLog) metered(x *restExchange) {
	if !l.info {
		return
	}
	key, stage := x.method.key+" "+x.resource.path, x.at.api+"/"+x.stageName
	l.line(x, "Verifying Usage Plan for request: "+x.id+". API Key:  API Stage: "+stage)
	if x.method.ApiKeyRequired == nil || !*x.method.ApiKeyRequired {
		l.line(x, "API Key  authorized because method '"+key+"' does not require API Key. Request will not contribute to throttle or quota limits")
		l.line(x, "Usage Plan check succeeded for API Key  and API Stage "+stage)
	}
}

// starting writes what a method is asked.
func (l *executionLog) starting(x *restExchange) {
	if !l.info {
		return
	}
	l.line(x, "Starting execution for request: "+x.id)
	l.line(x, "HTTP Method: "+x.r.Method+", Resource Path: "+x.path)
	if !l.data {
		return
	}
	path := fields{}
	for _, p := range x.parameters {
		path = append(path, field(p))
	}
	query := fields{}
	names, values := grouped(x.message.query)
	for _, name := range names {
		query = append(query, field{name, strings.Join(values[name], ",")})
	}
	l.line(x, "Method request path: "+path.String())
	l.line(x, "Method request query string: "+query.String())
	l.line(x, "Method request headers: "+masked(x.headerFields()).String())
	l.line(x, "Method request body before transformations: "+x.loggable(x.body))
}

// headerFields are the request's headers, sorted.
func (x *restExchange) headerFields() fields {
	out := fields{}
	for _, name := range slices.Sorted(maps.Keys(x.message.header)) {
		out = append(out, field{name, strings.Join(x.message.header[name], ",")})
	}
	return out
}

// masked hides secrets as execution logs do, all but the end.
func masked(f fields) fields {
	out := slices.Clone(f)
	for i := range out {
		switch strings.ToLower(out[i].name) {
		case "authorization", "proxy-authorization", "x-api-key", "x-amz-security-token":
			out[i].value = mask(out[i].value)
		}
	}
	return out
}

// mask hides a secret but for its end (public execution logs: of long ones six
// characters are left, of "allow" and "user" two).
func mask(secret string) string {
	hidden := len(secret) - min(len(secret)/2, 6)
	return strings.Repeat("*", hidden) + strings.ToValidUTF8(secret[hidden:], "")
}

// loggable is a payload as logs have it (public logs: "[Binary Data]").
func (x *restExchange) loggable(body []byte) string {
	if len(body) > logLimit {
		body = body[:logLimit+1]
	}
	if x.binaryBody() {
		return "[Binary Data]"
	}
	return strings.ToValidUTF8(string(body), "\uFFFD")
}

// sending writes what an endpoint is sent.
func (l *executionLog) sending(x *restExchange, uri string, header func() fields, body []byte) {
	if !l.data {
		return
	}
	l.line(x, "Endpoint request URI: "+uri)
	l.line(x, "Endpoint request headers: "+masked(header()).String())
	l.line(x, "Endpoint request body after transformations: "+strings.ToValidUTF8(string(body[:min(len(body), logLimit+1)]), "\uFFFD"))
	l.line(x, "Sending request to "+uri)
}

// received writes what an endpoint answered.
func (l *executionLog) received(x *restExchange, status int, took time.Duration, header func() fields, body []byte) {
	if !l.data {
		return
	}
	l.line(x, "Received response. Status: "+strconv.Itoa(status)+", Integration latency: "+strconv.FormatInt(took.Milliseconds(), 10)+" ms")
	l.line(x, "Endpoint response headers: "+masked(header()).String())
	l.line(x, "Endpoint response body before transformations: "+strings.ToValidUTF8(string(body[:min(len(body), logLimit+1)]), "\uFFFD"))
}

// failure writes why there is no answer but the gateway's.
func (l *executionLog) failure(x *restExchange, text string) {
	l.failed = true
	if l.errors {
		l.line(x, text)
	}
}

// ended writes the answer and how it went.
func (l *executionLog) ended(x *restExchange, out *restResult) {
	if l.turnedAway {
		return
	}
	if l.data && !l.failed {
		l.line(x, "Method response body after transformations: "+strings.ToValidUTF8(string(out.body[:min(len(out.body), logLimit+1)]), "\uFFFD"))
		l.line(x, "Method response headers: "+masked(out.header).String())
	}
	if l.info && !l.failed {
		l.line(x, "Successfully completed execution")
	}
	if l.info || l.errors && l.failed {
		l.line(x, "Method completed with status: "+strconv.Itoa(out.status))
		if x.functionRequestID != "" && x.test == nil {
			l.line(x, "AWS Integration Endpoint RequestId : "+x.functionRequestID)
		}
	}
}

// log writes the stage's access log and the method's execution log. What matches
// no method is not logged, as for HTTP APIs; a record of a REST API's was not
// found.
func (x *restExchange) log() {
	if x.method == nil || x.test != nil || x.trace.Status == 0 {
		return
	}
	ctx := context.WithoutCancel(x.r.Context())
	if lines := x.logs.lines; len(lines) > 0 {
		for i := range lines {
			lines[i].Text = "(" + x.id + ") " + lines[i].Text
		}
		x.h.cfg.ExecutionLogs.WriteExecution(ctx, x.at.api, x.stageName, x.canary, lines)
	}
	access := x.settings.AccessLogSettings
	if x.h.cfg.AccessLogs == nil || access == nil || access.DestinationArn == nil || access.Format == nil || *access.Format == "" {
		return
	}
	x.h.cfg.AccessLogs.Write(ctx, *access.DestinationArn, x.at.api, x.stageName, x.received, render(parseFormat(*access.Format), x.variable))
}

// endpointHeader are the headers of a Lambda function's answer to the gateway, as
// far as they are Lambda's to say.
func (x *restExchange) endpointHeader(reply Reply) fields {
	f := fields{
		{"Date", x.h.cfg.Clock().UTC().Format(http.TimeFormat)},
		{"Content-Type", jsonType},
		{"Content-Length", strconv.Itoa(len(reply.Payload))},
		{"Connection", "keep-alive"},
		{"x-amzn-RequestId", reply.RequestID},
	}
	if reply.Failed {
		f = append(f, field{"X-Amz-Function-Error", "Unhandled"})
	}
	return append(f, field{"x-amzn-Remapped-Content-Length", "0"}, field{"X-Amzn-Trace-Id", x.rootTraceID()})
}
