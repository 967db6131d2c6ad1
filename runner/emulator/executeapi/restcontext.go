package executeapi

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// sortedKeys are a map's keys in alphabetical order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// variable gives a $context variable's value (guide, "$context variables for data
// models, authorizers, mapping templates, and CloudWatch access logging"). False
// is a variable that has no value here.
func (x *restExchange) variable(name string) (string, bool) {
	value := ""
	switch name {
	case "accountId":
		value = x.h.cfg.Account
	case "apiId":
		value = x.at.api
	case "deploymentId":
		if x.api != nil && x.test == nil {
			value = x.api.from.ID
		}
	case "domainName":
		value = x.domainName()
	case "domainPrefix":
		value = x.domainPrefix()
	case "extendedRequestId":
		value = x.extendedID
	case "httpMethod":
		value = x.r.Method
	case "isCanaryRequest": // only where there is a canary (LocalStack's records of stages with one)
		if x.settings != nil && x.settings.CanarySettings != nil {
			value = strconv.FormatBool(x.canary)
		}
	case "path":
		value = x.fullPath
	case "protocol":
		value = x.r.Proto
	case "requestId":
		value = x.id
	case "requestTime":
		value = x.received.UTC().Format(timeFormat)
	case "requestTimeEpoch":
		value = strconv.FormatInt(x.received.UnixMilli(), 10)
	case "resourceId":
		if x.resource != nil {
			value = x.resource.id
		}
	case "resourcePath":
		if x.resource != nil {
			value = x.resource.path
		}
	case "stage":
		value = x.stageName
	case "error.message":
		value = x.errMessage
	case "error.messageString":
		if x.responseType != "" {
			value = string(messageString(x.errMessage))
		}
	case "error.responseType":
		value = string(x.responseType)
	case "error.validationErrorString":
		value = x.validationError
	default:
		if name, ok := strings.CutPrefix(name, "identity."); ok {
			return x.identityVariable(name)
		}
		if name, ok := strings.CutPrefix(name, "authorizer."); ok {
			return x.authorizerVariable(name)
		}
		return x.logVariable(name)
	}
	return value, value != ""
}

func (x *restExchange) identityVariable(name string) (string, bool) {
	value := ""
	switch name {
	case "sourceIp":
		value = x.sourceIP
	case "userAgent":
		value = x.r.UserAgent()
	case "apiKey", "apiKeyId":
		switch {
		case x.test != nil:
			value = map[string]string{"apiKey": testKey, "apiKeyId": testKeyID}[name]
		case name == "apiKey" && x.authorized != nil && x.api.from.API.ApiKeySource == rest.ApiKeySourceTypeAuthorizer:
			value = x.authorized.usageKey
		}
	default:
		if x.identity == nil {
			return "", false
		}
		switch name {
		case "accountId":
			value = x.h.cfg.Account
		case "accessKey":
			value = x.identity.AccessKeyID
		case "caller", "user":
			value = x.identity.UserID
		case "userArn":
			value = x.identity.ARN
		}
	}
	return value, value != ""
}

// logVariable are those that access logs have beside.
func (x *restExchange) logVariable(name string) (string, bool) {
	value := ""
	in := x.trace.Integration
	switch name {
	case "status":
		value = strconv.Itoa(x.trace.Status)
	case "responseLength":
		value = strconv.Itoa(x.written)
	case "responseLatency":
		value = strconv.FormatInt(x.h.cfg.Clock().Sub(x.received).Milliseconds(), 10)
	case "endpointType":
		if x.api != nil && x.api.from.API.EndpointConfiguration != nil && len(x.api.from.API.EndpointConfiguration.Types) > 0 {
			value = string(x.api.from.API.EndpointConfiguration.Types[0])
		}
	case "awsEndpointRequestId", "integration.requestId":
		value = x.functionRequestID
	case "integration.error", "integrationErrorMessage":
		if in != nil {
			value = x.integrationError
		}
	case "integration.latency", "integrationLatency":
		if in != nil && x.sent {
			value = strconv.FormatInt(in.Micros/1000, 10)
		}
	case "integration.integrationStatus", "integrationStatus": // for a function Lambda's own status
		if x.endpointStatus != 0 {
			value = strconv.Itoa(x.endpointStatus)
		}
	case "integration.status":
		if in != nil && in.Status != 0 {
			value = strconv.Itoa(in.Status)
		}
	}
	return value, value != ""
}

// contextNames are the variables that mapping templates know.
var contextNames = []string{
	"accountId", "apiId", "authorizer", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod", "isCanaryRequest",
	"identity.accountId", "identity.accessKey", "identity.apiKey", "identity.apiKeyId", "identity.caller", "identity.sourceIp", "identity.user", "identity.userAgent", "identity.userArn",
	"path", "protocol", "requestId", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath", "stage",
}

// templateInput is what a mapping template sees, of $context the names.
func (x *restExchange) templateInput(body []byte, names []string) templateInput {
	context := make(map[string]any, len(names))
	for _, name := range names {
		if name == "authorizer" {
			if passed := x.passedOn(); passed != nil {
				context[name] = passed
			}
			continue
		}
		value, ok := x.variable(name)
		if !ok {
			continue
		}
		root, rest, nested := strings.Cut(name, ".")
		if !nested {
			context[name] = value
			continue
		}
		group, _ := context[root].(map[string]any)
		if group == nil {
			group = map[string]any{}
			context[root] = group
		}
		group[rest] = value
	}
	x.putOverrides(context)
	in := templateInput{Body: body, Context: context, StageVariables: x.variables, Path: map[string]string{}, QueryString: map[string]string{}, Header: map[string]string{}}
	for _, p := range x.parameters {
		in.Path[p.name] = p.value
	}
	for _, q := range x.message.query {
		in.QueryString[q.name] = q.value
	}
	for name, values := range x.message.header {
		if len(values) > 0 {
			in.Header[name] = values[len(values)-1]
		}
	}
	return in
}

// putOverrides hands on what the request's template set: the response's sees it,
// and may set it anew.
func (x *restExchange) putOverrides(context map[string]any) {
	o := &x.override
	request, response := map[string]any{}, map[string]any{}
	for name, values := range map[string]map[string]string{"header": o.RequestHeader, "querystring": o.RequestQueryString, "path": o.RequestPath} {
		if len(values) > 0 {
			request[name] = values
		}
	}
	if len(o.Header) > 0 {
		response["header"] = o.Header
	}
	if o.Status != 0 {
		response["status"] = o.Status
	}
	if len(request) > 0 {
		context["requestOverride"] = request
	}
	if len(response) > 0 {
		context["responseOverride"] = response
	}
}
