package apigatewayv2

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Parameter mapping of HTTP APIs (Developer Guide, "Transform API requests and
// responses for HTTP APIs"). That no other destination is taken, and in which
// words, is known (bench: pf-apigwv2-request-parameter-action,
// -response-parameter-action, -response-parameter-status-code); the words about
// values and reserved headers are our own.
var (
	requestDestination  = regexp.MustCompile(`^((append|overwrite|remove):(header|querystring)\.[^ ]+|overwrite:path)$`)
	responseDestination = regexp.MustCompile(`^((append|overwrite|remove):header\.[^ ]+|overwrite:statuscode)$`)
	// An expression is the whole value, or stands in braces within text.
	expression         = regexp.MustCompile(`^\$[a-zA-Z].*$|\$\{[^}]*\}?`)
	requestExpression  = regexp.MustCompile(`^(request\.(header|querystring)\.[^ ]+|request\.(path|body)(\.[^ ]+)?|context\.[A-Za-z0-9._]+|stageVariables\.[A-Za-z0-9_]+)$`)
	responseExpression = regexp.MustCompile(`^(response\.header\.[^ ]+|response\.body(\.[^ ]+)?|context\.[A-Za-z0-9._]+|stageVariables\.[A-Za-z0-9_]+)$`)
)

// reservedHeaders cannot be mapped, nor can what starts with one of
// reservedPrefixes (Developer Guide, "Reserved headers").
var (
	reservedHeaders = []string{
		"authorization", "connection", "content-encoding", "content-length", "content-location", "forwarded", "keep-alive", "origin",
		"proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding", "upgrade", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "via",
	}
	reservedPrefixes = []string{"access-control-", "apigw-", "x-amz-", "x-amzn-"}
)

func badMapping(what string) error {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [%s]", what)
}

func checkRequestParameters(parameters map[string]string) error {
	for _, destination := range slices.Sorted(maps.Keys(parameters)) {
		if !requestDestination.MatchString(destination) {
			return badMapping("Invalid Request Actioned Parameter destination specified: " + destination)
		}
		if err := checkMapping(destination, parameters[destination], requestExpression); err != nil {
			return err
		}
	}
	return nil
}

func checkResponseParameters(responses map[string]map[string]string) error {
	for _, status := range slices.Sorted(maps.Keys(responses)) {
		if n, err := strconv.Atoi(status); err != nil || len(status) != 3 || n < 200 || n > 599 {
			return badMapping("Status Code " + status + " is not valid.")
		}
		for _, destination := range slices.Sorted(maps.Keys(responses[status])) {
			if !responseDestination.MatchString(destination) {
				return badMapping("Invalid Response Actioned Parameter destination specified: " + destination)
			}
			if err := checkMapping(destination, responses[status][destination], responseExpression); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkMapping checks the header of a destination and the expressions of its
// value. What is removed needs no value.
func checkMapping(destination, value string, allowed *regexp.Regexp) error {
	action, place, _ := strings.Cut(destination, ":")
	if name, header := strings.CutPrefix(strings.ToLower(place), "header."); header {
		if slices.Contains(reservedHeaders, name) || slices.ContainsFunc(reservedPrefixes, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			return badMapping("Operations on header " + name + " are restricted")
		}
	}
	if action == "remove" {
		return nil
	}
	for _, e := range expression.FindAllString(value, -1) {
		inner := strings.TrimPrefix(e, "$")
		if braced, ok := strings.CutPrefix(inner, "{"); ok {
			if inner, ok = strings.CutSuffix(braced, "}"); !ok {
				return badMapping("Invalid mapping expression specified: " + value)
			}
		}
		if !allowed.MatchString(inner) {
			return badMapping("Invalid mapping expression specified: " + value)
		}
	}
	return nil
}

// merged is a map with changes. A key whose value is empty is taken out, as
// terraform-provider-aws does it (integration.go, expandIntegrationRequestParameters).
func merged(old, changes map[string]string) map[string]string {
	if changes == nil {
		return old
	}
	m := maps.Clone(old)
	if m == nil {
		m = map[string]string{}
	}
	for key, value := range changes {
		if m[key] = value; value == "" {
			delete(m, key)
		}
	}
	if len(m) == 0 {
		return nil
	}
	return m
}
