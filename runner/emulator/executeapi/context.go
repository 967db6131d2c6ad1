package executeapi

import (
	"encoding/json"
	"strconv"
	"strings"
)

// variable gives a $context variable's value (guide, "Customizing HTTP API access
// logs": the list; the same ones serve parameter mapping and identity sources).
// False is a variable that has no value here.
func (x *httpExchange) variable(name string) (string, bool) {
	value := ""
	switch name {
	case "accountId":
		value = x.h.cfg.Account
	case "apiId":
		value = x.at.api
	case "awsEndpointRequestId", "integration.requestId":
		value = x.functionRequestID
	case "dataProcessed":
		value = strconv.Itoa(len(x.body) + x.written)
	case "domainName":
		value = x.at.host
	case "domainPrefix":
		value = x.domainPrefix()
	case "error.message":
		value = x.errMessage
	case "error.messageString":
		if x.errMessage != "" {
			value = strconv.Quote(x.errMessage)
		}
	case "error.responseType":
		if x.errMessage != "" {
			value = x.responseType()
		}
	case "extendedRequestId", "requestId":
		value = x.id
	case "httpMethod":
		value = x.r.Method
	case "identity.sourceIp":
		value = x.sourceIP
	case "identity.userAgent":
		value = x.r.UserAgent()
	case "path":
		value = x.fullPath
	case "protocol":
		value = x.r.Proto
	case "requestTime":
		value = x.received.UTC().Format(timeFormat)
	case "requestTimeEpoch":
		value = strconv.FormatInt(x.received.Unix(), 10) // seconds, unlike events (stackd, http_logs.json)
	case "responseLatency":
		value = strconv.FormatInt(x.h.cfg.Clock().Sub(x.received).Milliseconds(), 10)
	case "responseLength":
		value = strconv.Itoa(x.written)
	case "routeKey":
		if x.route != nil {
			value = x.route.key
		}
	case "stage":
		value = x.stageName
	case "status":
		value = strconv.Itoa(x.trace.Status)
	default:
		return x.moreVariables(name)
	}
	return value, value != ""
}

// responseTypes are the types of gateway responses that errors have (stackd,
// http_logs.json: 403 and a function's failure; the others after their names).
var responseTypes = map[int]string{
	400: "BAD_REQUEST_BODY", 401: "UNAUTHORIZED", 403: "ACCESS_DENIED", 404: "RESOURCE_NOT_FOUND", 413: "REQUEST_TOO_LARGE",
	500: "API_CONFIGURATION_ERROR", 503: "INTEGRATION_FAILURE",
}

func (x *httpExchange) responseType() string {
	switch x.trace.Reason {
	case "function-error", "malformed-response", "no-permission", "no-function":
		return "INTEGRATION_FAILURE"
	case "authorizer-failed", "no-authorizer":
		return "AUTHORIZER_CONFIGURATION_ERROR"
	}
	return responseTypes[x.trace.Status]
}

// moreVariables are those of integrations, authorizers and callers.
func (x *httpExchange) moreVariables(name string) (string, bool) {
	value := ""
	switch name {
	case "integration.error", "integrationErrorMessage":
		if x.trace.Integration != nil {
			value = x.errDetail
		}
	case "integration.integrationStatus", "integrationStatus":
		// For a function it is Lambda's own status, not the function's.
		switch in := x.trace.Integration; {
		case in == nil:
		case in.Kind == "AWS_PROXY" && x.functionRequestID != "":
			value = "200"
		case in.Status != 0:
			value = strconv.Itoa(in.Status)
		}
	case "integration.status":
		switch in := x.trace.Integration; {
		case in == nil:
		case in.Status != 0:
			value = strconv.Itoa(in.Status)
		case x.functionRequestID != "": // it failed
			value = strconv.Itoa(x.trace.Status)
		}
	case "integration.latency", "integrationLatency":
		if in := x.trace.Integration; in != nil {
			value = strconv.FormatInt(in.Micros/1000, 10)
		}
	case "authorizer.error":
		if x.trace.Authorizer != nil && x.trace.Integration == nil {
			value = x.errDetail
		}
	case "authorizer.principalId":
		value = x.verdict.principal
	case "identity.accountId", "identity.caller", "identity.user", "identity.userArn":
		if x.identity != nil {
			value = map[string]string{"accountId": x.h.cfg.Account, "caller": x.identity.UserID, "user": x.identity.UserID, "userArn": x.identity.ARN}[strings.TrimPrefix(name, "identity.")]
		}
	default:
		key, ok := strings.CutPrefix(name, "authorizer.")
		if !ok {
			return "", false
		}
		value = text(x.verdict.context[key])
	}
	return value, value != ""
}

// text is a JSON value as a variable has it: a string without its quotes.
func text(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}
