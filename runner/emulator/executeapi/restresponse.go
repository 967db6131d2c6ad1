package executeapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// The headers of an answer that integrations do not say (LocalStack's
// method_response.py, from its tests on AWS).
var (
	remappedResponse = []string{"Connection", "Content-Length", "Date", "Server"}
	remappedNonProxy = []string{"Connection", "Content-Length", "Date", "Server", "Authorization", "Content-MD5", "Expect", "Host", "Max-Forwards", "Proxy-Authenticate", "Trailer", "Upgrade", "User-Agent", "WWW-Authenticate"}
	droppedResponse  = []string{"Transfer-Encoding"}
)

// respond makes the method's answer of an endpoint's by an integration response:
// for integrations that are no proxies.
func (x *restExchange) respond(in *restIntegration, a *answer) {
	x.trace.Integration.Status = a.status
	if in.Type == rest.IntegrationTypeMock {
		x.trace.Integration.Status = 0 // there is no endpoint
	}
	outcome, f := x.outcome(in, a)
	if f != nil {
		x.answerFault(f)
		return
	}
	if outcome == nil {
		x.misconfigured("no-integration-response", "No match for output mapping and no default output mapping configured. Endpoint Response Status Code: "+strconv.Itoa(a.status),
			"no integration response is for "+strconv.Itoa(a.status)+", and none is the default")
		return
	}
	code := aws.ToString(outcome.StatusCode)
	status, err := strconv.Atoi(code)
	if _, ok := x.method.MethodResponses[code]; !ok || err != nil {
		x.misconfigured("no-method-response", "Output mapping refers to an invalid method response: "+code, "the integration response leads to "+code+", for which the method has no method response")
		return
	}
	out := &restResult{status: status}
	out.header.set("Content-Type", jsonType)
	if in.Type != rest.IntegrationTypeMock { // stackd
		out.header.set("X-Amzn-Trace-Id", x.responseTraceID(in))
	}
	for _, m := range outcome.parameters {
		value, ok, bad := x.responseValue(m.value, a)
		if bad {
			x.fail("bad-mapping", "a response parameter is mapped from the body, which is no JSON")
			return
		}
		if ok && m.where == "header" {
			out.header.set(m.name, value)
		}
	}
	if !x.transformResponse(outcome, a, out) {
		return
	}
	renamed := remappedResponse
	if in.Type != rest.IntegrationTypeMock {
		renamed = remappedNonProxy
	}
	out.header = out.header.remap(renamed, droppedResponse)
	x.deliver(out)
}

func (x *restExchange) responseTraceID(in *restIntegration) string {
	if in.Type == rest.IntegrationTypeAws && x.sent {
		return x.functionTraceID(x.trace.Integration.Target)
	}
	return x.rootTraceID()
}

// outcome chooses the integration response: by the endpoint's status, or by the
// message of a function's error, against whole patterns; else the default. The
// fault is that of patterns that take too long together.
func (x *restExchange) outcome(in *restIntegration, a *answer) (*restIntegrationOutcome, *fault) {
	selected := strconv.Itoa(a.status)
	if in.Type == rest.IntegrationTypeAws {
		selected = wholeErrorMessage(a.body)
	}
	if len(in.responses) == 0 || in.responses[0].pattern == nil { // there is no choice
		return first(in.responses), nil
	}
	ctx, cancel := x.within(workTime)
	defer cancel()
	for _, o := range in.responses {
		switch {
		case x.r.Context().Err() != nil:
			return nil, goneFault
		case ctx.Err() != nil:
			return nil, &fault{reason: "timeout", detail: "the selection patterns of the integration responses took more than " + workTime.String()}
		case o.pattern == nil || o.pattern.match(selected):
			return o, nil
		}
	}
	return nil, nil
}

func first(all []*restIntegrationOutcome) *restIntegrationOutcome {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// wholeErrorMessage is the message of a function's error, all of it.
func wholeErrorMessage(payload []byte) string {
	var e struct {
		Message string `json:"errorMessage"`
	}
	_ = json.Unmarshal(payload, &e) // what is none has no message
	return e.Message
}

// responseValue works out the value of a response parameter.
func (x *restExchange) responseValue(expression string, a *answer) (value string, ok, bad bool) {
	rest, found := strings.CutPrefix(expression, "integration.response.")
	if !found {
		value, ok = x.mapped(expression)
		return value, ok, false
	}
	where, name, _ := strings.Cut(rest, ".")
	switch where {
	case "header":
		if all := a.header[http.CanonicalHeaderKey(name)]; len(all) > 0 {
			return all[len(all)-1], true, false
		}
	case "multivalueheader":
		if all := a.header[http.CanonicalHeaderKey(name)]; len(all) > 0 {
			return strings.Join(all, ","), true, false
		}
	case "body":
		return x.bodyValue(a.body, name)
	}
	return "", false, false
}

// transformResponse makes the body, and lets the template change status and
// headers. False means that the request was answered.
func (x *restExchange) transformResponse(outcome *restIntegrationOutcome, a *answer, out *restResult) bool {
	body, err := convert(a.body, outcome.ContentHandling, x.api.binary(a.header.Get("Content-Type")), x.api.binary(x.header("Accept")))
	if err != nil {
		x.misconfigured("bad-content", "Unable to transform response", "the answer cannot be converted: "+err.Error())
		return false
	}
	out.body = body
	if template := x.responseTemplate(outcome); template != nil {
		said, err := template.apply(x, body)
		if err != nil {
			if x.r.Context().Err() != nil {
				x.answerFault(goneFault)
				return false
			}
			x.trace.Integration.Error = clip(err.Error())
			x.misconfigured("bad-template", "Unable to transform response", "the mapping template of the integration response fails: "+clip(err.Error()))
			return false
		}
		out.body = []byte(said.Text)
		if said.Status != 0 { // what a template does not touch is handed on
			x.override.Status = said.Status
		}
		if said.Header != nil {
			x.override.Header = said.Header
		}
	}
	// Another status does nothing (LocalStack's integration_response.py, from its
	// tests on AWS); one of 1xx cannot be sent as an answer.
	if x.override.Status >= 200 && x.override.Status <= 599 {
		out.status = x.override.Status
	}
	for _, name := range sortedKeys(x.override.Header) {
		out.header.set(name, x.override.Header[name])
	}
	return true
}

// responseTemplate chooses the template by what the client accepts, then that for
// JSON, then the first (guide, "Select a VTL mapping template"). An empty one lets
// the body pass.
func (x *restExchange) responseTemplate(outcome *restIntegrationOutcome) *bodyTemplate {
	if len(outcome.templates) == 0 {
		return nil
	}
	template := outcome.templates[mediaType(x.header("Accept"))]
	if template == nil {
		template = outcome.templates[jsonType]
	}
	if template == nil {
		template = outcome.templates[sortedKeys(outcome.templates)[0]]
	}
	if template.text == "" {
		return nil
	}
	return template
}

// proxyOutput reads a function's answer (AWS-BEHAVIOUR §1.2 and LocalStack's
// aws.py, from its tests on AWS): no member is needed but one, and no other may be
// there.
func proxyOutput(payload []byte) (out *restResult, encoded bool, err error) {
	members, ok := object(payload)
	if !ok {
		return nil, false, errors.New("it is no object")
	}
	if len(members) == 0 {
		return nil, false, errors.New("it is empty")
	}
	out = &restResult{status: http.StatusOK}
	for _, name := range sortedKeys(members) {
		raw, ok := present(members, name)
		switch name {
		case "statusCode":
			if ok {
				out.status, err = proxyStatus(raw)
			}
		case "isBase64Encoded":
			if ok {
				encoded, err = proxyFlag(raw)
			}
		case "body":
			if !ok {
				break
			}
			text, scalar := scalar(raw)
			if !scalar {
				return nil, false, errors.New("body is no string")
			}
			out.body = []byte(text)
		case "headers", "multiValueHeaders":
		default:
			return nil, false, fmt.Errorf("%s is none of statusCode, headers, multiValueHeaders, body and isBase64Encoded", clip(name))
		}
		if err != nil {
			return nil, false, err
		}
	}
	return out, encoded, proxyHeaders(members, out)
}

func proxyStatus(raw json.RawMessage) (int, error) {
	text, ok := scalar(raw)
	number, err := strconv.ParseFloat(text, 64)
	if !ok || err != nil || number != math.Trunc(number) || number < 200 || number > 599 {
		return 0, fmt.Errorf("statusCode %s is none", clip(string(raw)))
	}
	return int(number), nil
}

func proxyFlag(raw json.RawMessage) (bool, error) {
	text, ok := scalar(raw)
	if !ok || text != "true" && text != "false" {
		return false, errors.New("isBase64Encoded is no boolean")
	}
	return text == "true", nil
}

// proxyHeaders reads both kinds of headers: those with several values first, the
// single ones behind them, in the first one's case.
func proxyHeaders(members map[string]json.RawMessage, out *restResult) error {
	if raw, ok := present(members, "multiValueHeaders"); ok {
		var all map[string][]json.RawMessage
		if json.Unmarshal(raw, &all) != nil {
			return errors.New("multiValueHeaders is no object of lists")
		}
		for _, name := range sortedKeys(all) {
			for _, value := range all[name] {
				if err := proxyHeader(out, name, value); err != nil {
					return err
				}
			}
		}
	}
	raw, ok := present(members, "headers")
	if !ok {
		return nil
	}
	var all map[string]json.RawMessage
	if json.Unmarshal(raw, &all) != nil {
		return errors.New("headers is no object")
	}
	for _, name := range sortedKeys(all) {
		if err := proxyHeader(out, name, all[name]); err != nil {
			return err
		}
	}
	return nil
}

// proxyHeader reads one value: a string or a boolean.
func proxyHeader(out *restResult, name string, raw json.RawMessage) error {
	value, ok := scalar(raw)
	if !ok || raw[0] != '"' && value != "true" && value != "false" {
		return fmt.Errorf("the header %s has a value that is no string", clip(name))
	}
	if !validName(name) || !validValue(value) {
		return fmt.Errorf("the header %q cannot be sent", clip(name))
	}
	out.header.add(name, value)
	return nil
}
