package executeapi

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The errors of [Functions].
var (
	ErrNoFunction = errors.New("there is no such function")
	ErrThrottled  = errors.New("there is no room for another execution")
	ErrTooLarge   = errors.New("the payload is too large for a function")
)

// functionURI is how an integration or an authorizer names a function: by its
// ARN, or by the path of Lambda's Invoke, which may begin with two slashes.
var functionURI = regexp.MustCompile(`^(?:arn:aws[a-zA-Z-]*:apigateway:[a-z0-9-]+:lambda:path//?2015-03-31/functions/)?(arn:aws[a-zA-Z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:[a-zA-Z0-9_-]+(?::(?:\$LATEST|[a-zA-Z0-9_-]+))?)(?:/invocations)?$`)

// What access logs say (stackd, http_logs.json; AWS re:Post knowledge center,
// "api-gateway-http-lambda-integrations").
const (
	notPermitted           = "The IAM role configured on the integration or API Gateway doesn't have permissions to call the integration. Check the permissions and try again."
	notPermittedAuthorizer = "The IAM role configured on the authorizer or API Gateway doesn't have permissions to call the authorizer. Check the permissions and try again."
	notSigned              = "The request for the IAM Authorizer doesn't match the format that API Gateway expects."
)

const gateway = "apigateway.amazonaws.com"

// functionOf gives the ARN of the function that a URI names, its stage variables
// filled in.
func functionOf(uri string) (arn string, ok bool) {
	m := functionURI.FindStringSubmatch(uri)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// stageVariable is how URIs name the stage's variables.
var stageVariable = regexp.MustCompile(`\$\{stageVariables\.([A-Za-z0-9_]+)\}`)

// expand fills the stage's variables in; one that does not exist is empty.
func expand(uri string, variables map[string]string) string {
	if !strings.Contains(uri, "${") {
		return uri
	}
	return stageVariable.ReplaceAllStringFunc(uri, func(m string) string {
		return variables[stageVariable.FindStringSubmatch(m)[1]]
	})
}

func (x *httpExchange) expand(uri string) string { return expand(uri, x.stage.variables()) }

// mayInvoke asks the role that the gateway is to assume, or, without one, the
// function's resource policy.
func (x *exchange) mayInvoke(function, credentials, sourceARN string) (detail string, ok bool) {
	switch {
	case credentials == "":
		if x.h.cfg.Functions.MayInvoke(function, gateway, sourceARN, x.h.cfg.Account) {
			return "", true
		}
		return "the resource policy of " + function + " does not let " + gateway + " invoke it for " + sourceARN, false
	case credentials == "arn:aws:iam::*:user/*": // the caller's own (API reference, credentialsArn)
		if x.identity != nil && x.h.cfg.Roles.CallerAllows(x.identity.ARN, "lambda:InvokeFunction", function) {
			return "", true
		}
		return "the caller may not invoke " + function, false
	case !x.h.cfg.Roles.CanAssume(credentials, gateway):
		return "the role " + credentials + " does not exist, or does not trust " + gateway, false
	case !x.h.cfg.Roles.Allows(credentials, "lambda:InvokeFunction", function):
		return "the role " + credentials + " may not invoke " + function, false
	}
	return "", true
}

// call invokes a function for an integration. The fault says why there is no
// reply; a function that failed has one.
func (x *exchange) call(function string, event []byte, limit time.Duration) (Reply, *fault) {
	ctx, cancel := x.within(limit)
	defer cancel()
	reply, err := x.h.cfg.Functions.Invoke(ctx, Invocation{FunctionARN: function, Payload: event, Lesson: x.lesson, Check: x.check})
	x.invoked(reply)
	switch {
	case err == nil:
		x.functionRequestID = reply.RequestID
		return reply, nil
	case errors.Is(context.Cause(ctx), errTimeout):
		return reply, &fault{"timeout", "the function had not answered after " + limit.String(), err}
	case x.r.Context().Err() != nil:
		return reply, goneFault
	case errors.Is(err, ErrNoFunction):
		return reply, &fault{"no-function", function + " does not exist", err}
	case errors.Is(err, ErrThrottled):
		return reply, &fault{"throttled", "as many instances of the function are at work as may be", err}
	case errors.Is(err, ErrTooLarge):
		return reply, &fault{"payload-too-large", "the event is larger than the 6 MB that a function takes", err}
	}
	return reply, &fault{"function-error", err.Error(), err}
}

// sourceARN is the aws:SourceArn of an integration's invocation: the route's
// path, not the request's, and for $default just that (the console's statements
// for HTTP APIs: aws/serverless-application-model#1860). For a route with ANY it
// has the request's method, as for REST APIs: a statement for /*/*/path, which is
// what the console writes, matches either way.
func (x *httpExchange) sourceARN() string {
	if x.route.key == catchAll {
		return strings.TrimSuffix(x.arn("", ""), "/") + "/" + catchAll
	}
	return x.arn(x.r.Method, x.route.path)
}

// invoke asks a function. It returns nil after it has answered itself.
func (x *httpExchange) invoke() *answer {
	in := x.route.integration
	function, ok := functionOf(x.expand(aws.ToString(in.IntegrationUri)))
	if !ok {
		x.fail("bad-integration-uri", "the integration's URI names no function")
		return nil
	}
	x.trace.Integration.Target = function
	if detail, ok := x.mayInvoke(function, aws.ToString(in.CredentialsArn), x.sourceARN()); !ok {
		x.errDetail = notPermitted
		x.fail("no-permission", detail)
		return nil
	}
	version1 := aws.ToString(in.PayloadFormatVersion) != "2.0"
	event := x.event2
	if version1 {
		event = x.event1
	}
	reply, f := x.call(function, event(), x.timeout())
	switch {
	case f != nil:
		x.answerFault(f)
		return nil
	case reply.Failed:
		x.trace.Integration.Error = errorText(reply.Payload)
		x.errDetail = "The Lambda function returned the following error: " + errorMessage(reply.Payload) + ". Check your Lambda function code and try again."
		x.fail("function-error", "the function failed: "+x.trace.Integration.Error)
		return nil
	}
	read := response2
	if version1 {
		read = response1
	}
	a, err := read(reply.Payload)
	if err != nil {
		x.fail("malformed-response", "the function's answer is not as its payload format wants it: "+err.Error())
		return nil
	}
	return a
}

// errorText is what a function's error says, for a trace.
func errorText(payload []byte) string {
	var e struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if json.Unmarshal(payload, &e) != nil || e.Type+e.Message == "" {
		return clip(string(payload))
	}
	if e.Type == "" {
		return clip(e.Message)
	}
	return clip(e.Type + ": " + e.Message)
}

// errorMessage is the message of a function's error alone.
func errorMessage(payload []byte) string {
	var e struct {
		Message string `json:"errorMessage"`
	}
	_ = json.Unmarshal(payload, &e) // what is none has no message
	return clip(e.Message)
}

// clip bounds a text for a trace.
func clip(s string) string {
	const most = 500
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// invoked notes an invocation that was answered.
func (x *exchange) invoked(reply Reply) {
	if reply.RequestID != "" {
		x.invocations = append(x.invocations, reply.RequestID)
	}
}
