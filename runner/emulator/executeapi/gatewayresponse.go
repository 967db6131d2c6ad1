package executeapi

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// The types of gateway responses.
const (
	default4XX                   = rest.GatewayResponseTypeDefault4xx
	default5XX                   = rest.GatewayResponseTypeDefault5xx
	accessDenied                 = rest.GatewayResponseTypeAccessDenied
	apiConfigurationError        = rest.GatewayResponseTypeApiConfigurationError
	authorizerConfigurationError = rest.GatewayResponseTypeAuthorizerConfigurationError
	authorizerFailure            = rest.GatewayResponseTypeAuthorizerFailure
	badRequestParameters         = rest.GatewayResponseTypeBadRequestParameters
	badRequestBody               = rest.GatewayResponseTypeBadRequestBody
	expiredToken                 = rest.GatewayResponseTypeExpiredToken
	integrationFailure           = rest.GatewayResponseTypeIntegrationFailure
	integrationTimeout           = rest.GatewayResponseTypeIntegrationTimeout
	invalidAPIKey                = rest.GatewayResponseTypeInvalidApiKey
	invalidSignature             = rest.GatewayResponseTypeInvalidSignature
	missingAuthenticationToken   = rest.GatewayResponseTypeMissingAuthenticationToken
	quotaExceeded                = rest.GatewayResponseTypeQuotaExceeded
	requestTooLarge              = rest.GatewayResponseTypeRequestTooLarge
	resourceNotFound             = rest.GatewayResponseTypeResourceNotFound
	throttled                    = rest.GatewayResponseTypeThrottled
	unauthorized                 = rest.GatewayResponseTypeUnauthorized
	unsupportedMediaType         = rest.GatewayResponseTypeUnsupportedMediaType
	wafFiltered                  = rest.GatewayResponseTypeWafFiltered
)

// gatewayResponses are the types' own statuses (guide, "Gateway response types")
// and the x-amzn-ErrorType that goes with them: stackd, LocalStack's
// gateway_response.py and public reports; those marked ? were seen nowhere.
var gatewayResponses = map[rest.GatewayResponseType]struct {
	status    int
	errorType string
}{
	default4XX:                   {http.StatusBadRequest, "BadRequestException"},
	default5XX:                   {http.StatusInternalServerError, "InternalServerErrorException"},
	accessDenied:                 {http.StatusForbidden, "AccessDeniedException"},
	apiConfigurationError:        {http.StatusInternalServerError, "InternalServerErrorException"},
	authorizerConfigurationError: {http.StatusInternalServerError, "AuthorizerConfigurationException"},
	authorizerFailure:            {http.StatusInternalServerError, "AuthorizerFailureException"}, // ?
	badRequestParameters:         {http.StatusBadRequest, "BadRequestException"},
	badRequestBody:               {http.StatusBadRequest, "BadRequestException"},
	expiredToken:                 {http.StatusForbidden, "ExpiredTokenException"}, // ?
	integrationFailure:           {http.StatusGatewayTimeout, "InternalServerErrorException"},
	integrationTimeout:           {http.StatusGatewayTimeout, "InternalServerErrorException"},
	invalidAPIKey:                {http.StatusForbidden, "ForbiddenException"},
	invalidSignature:             {http.StatusForbidden, "InvalidSignatureException"},
	missingAuthenticationToken:   {http.StatusForbidden, "MissingAuthenticationTokenException"},
	quotaExceeded:                {http.StatusTooManyRequests, "LimitExceededException"},
	requestTooLarge:              {http.StatusRequestEntityTooLarge, "RequestTooLargeException"}, // ?
	resourceNotFound:             {http.StatusNotFound, "ResourceNotFoundException"},             // ?
	throttled:                    {http.StatusTooManyRequests, "TooManyRequestsException"},
	unauthorized:                 {http.StatusUnauthorized, "UnauthorizedException"},
	unsupportedMediaType:         {http.StatusUnsupportedMediaType, "BadRequestException"},
	wafFiltered:                  {http.StatusForbidden, "ForbiddenException"},
}

// refusal is an answer of the gateway's own.
type refusal struct {
	kind           rest.GatewayResponseType
	status         int    // 0: the type's
	errorType      string // empty: the type's
	message        string // AWS's text; empty: null
	reason, detail string // of the trace
	logged         string // line of the execution log; empty: the message
	quiet          bool   // the execution log says already what there is to say
}

// customised gives the API's gateway response for a type, or that for all of its
// class, or nil.
func (a *restAPI) customised(kind rest.GatewayResponseType, status int) *rest.GatewayResponse {
	if r := a.responses[kind]; r != nil {
		return r
	}
	if status >= http.StatusInternalServerError {
		return a.responses[default5XX]
	}
	return a.responses[default4XX]
}

// refuse answers for the gateway itself.
func (x *restExchange) refuse(r refusal) {
	if x.answered || x.result != nil {
		return
	}
	known := gatewayResponses[r.kind]
	if r.status == 0 {
		r.status = known.status
	}
	if r.errorType == "" {
		r.errorType = known.errorType
	}
	x.trace.Reason, x.trace.Detail, x.errMessage, x.responseType = r.reason, r.detail, r.message, r.kind
	if x.errDetail == "" {
		x.errDetail = r.detail
	}
	if r.logged == "" {
		r.logged = r.message
	}
	if !r.quiet {
		x.logs.failure(x, r.logged)
	}
	out := &restResult{status: r.status}
	if x.executing && x.test == nil {
		// Only once a method is executed (stackd beside public reports of a 400, a
		// 500 and a 504).
		out.header.set("X-Amzn-Trace-Id", x.rootTraceID())
	}
	var custom *rest.GatewayResponse
	if x.api != nil {
		custom = x.api.customised(r.kind, r.status)
	}
	if custom == nil {
		x.plain(out, r)
	} else {
		x.customise(out, custom, r)
	}
	out.header.set("x-amzn-ErrorType", r.errorType)
	x.deliver(out)
}

// plain is the body of an error that nobody customised. Once a method is executed
// there is a blank in it (contents of 35, 36 and 41 bytes in public reports, of 23
// and 42 without in stackd), and a denial has a capital M (AWS-BEHAVIOUR §1.1).
func (x *restExchange) plain(out *restResult, r refusal) {
	name, blank := "message", ""
	if x.executing {
		blank = " "
	}
	if r.errorType == "AccessDeniedException" {
		name = "Message"
	}
	if x.test == nil { // TestInvokeMethod shows none then (public reports)
		out.header.set("Content-Type", jsonType)
	}
	out.body = append(append([]byte(`{"`+name+`":`+blank), messageString(r.message)...), '}')
}

// messageString is a message as $context.error.messageString has it.
func messageString(message string) []byte {
	if message == "" {
		return []byte("null")
	}
	return appendString(nil, message)
}

// customise makes the answer that the API has for a type of error. Its templates
// know variables only (guide, "Gateway responses in API Gateway": a non-VTL
// mapping template).
func (x *restExchange) customise(out *restResult, custom *rest.GatewayResponse, r refusal) {
	if status, err := strconv.Atoi(aws.ToString(custom.StatusCode)); err == nil && status >= 200 && status <= 599 {
		out.status = status
	}
	kind, text := x.gatewayTemplate(custom)
	out.header.set("Content-Type", kind)
	if text, ok := x.substitute(text); ok && text != "" {
		out.body = []byte(text)
	} else {
		x.plain(out, r)
	}
	for _, key := range sortedKeys(custom.ResponseParameters) {
		name, ok := strings.CutPrefix(key, "gatewayresponse.header.")
		if !ok {
			continue
		}
		if value, ok := x.gatewayValue(custom.ResponseParameters[key]); ok {
			out.header.set(name, value)
		}
	}
	out.header = out.header.remap(remappedResponse, droppedResponse) // as an integration's; no record was found
}

// gatewayTemplate chooses the template by what the client accepts, as for
// integration responses; what AWS does for gateway responses was not found.
func (x *restExchange) gatewayTemplate(custom *rest.GatewayResponse) (kind, text string) {
	templates := custom.ResponseTemplates
	if len(templates) == 0 {
		return jsonType, ""
	}
	for _, kind := range []string{mediaType(x.header("Accept")), jsonType} {
		if text, ok := templates[kind]; ok {
			return kind, text
		}
	}
	kind = sortedKeys(templates)[0]
	return kind, templates[kind]
}

// gatewayValue works out the value of a parameter of a gateway response.
func (x *restExchange) gatewayValue(expression string) (string, bool) {
	if rest, ok := strings.CutPrefix(expression, "method.request."); ok {
		where, name, _ := strings.Cut(rest, ".")
		return x.parameter(where, name)
	}
	return x.mapped(expression)
}

// substitute fills in the variables of a gateway response's template: $context.…,
// $stageVariables.… and method.request.…, the first two in braces or not. One
// without a value is empty. False is a text that is too large for an answer.
func (x *restExchange) substitute(text string) (string, bool) {
	var b strings.Builder
	for b.Len() <= maxBody {
		at := strings.IndexByte(text, '$')
		if at < 0 {
			b.WriteString(text)
			return b.String(), b.Len() <= maxBody
		}
		b.WriteString(text[:at])
		rest, braced := strings.CutPrefix(text[at+1:], "{")
		name := rest[:nameLength(rest)]
		after := rest[len(name):]
		root, path, ok := strings.Cut(name, ".")
		if braced {
			ok = ok && strings.HasPrefix(after, "}")
			after = strings.TrimPrefix(after, "}")
		}
		value, known := "", false
		switch {
		case !ok:
		case root == "context":
			value, _ = x.variable(path)
			known = true
		case root == "stageVariables":
			value, known = x.variables[path], true
		case root == "method":
			value, _ = x.gatewayValue(name)
			known = true
		}
		if !known {
			b.WriteByte('$')
			text = text[at+1:]
			continue
		}
		b.WriteString(value)
		text = after
	}
	return "", false
}

// misconfigured refuses for a mistake in the API. The client is told nothing of
// it; the execution log is.
func (x *restExchange) misconfigured(reason, logged, detail string) {
	x.refuse(refusal{kind: apiConfigurationError, message: "Internal server error", reason: reason, detail: detail, logged: "Execution failed due to configuration error: " + logged})
}

// fail is the refusal that tells a client nothing.
func (x *restExchange) fail(reason, detail string) {
	x.refuse(refusal{kind: default5XX, message: "Internal server error", reason: reason, detail: detail, logged: "Execution failed due to an internal error"})
}
