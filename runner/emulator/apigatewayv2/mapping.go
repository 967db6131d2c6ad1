package apigatewayv2

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
)

// Parameter mapping of HTTP APIs (Developer Guide, "Transforming API requests and
// responses"). That there is no form but these is known from AWS's answers
// (bench: pf-apigwv2-request-parameter-action, -response-parameter-action,
// -response-parameter-status-code).
var (
	requestDestination  = regexp.MustCompile(`^((append|overwrite|remove):(header|querystring)\.[^ ]+|overwrite:path)$`)
	responseDestination = regexp.MustCompile(`^((append|overwrite|remove):header\.[^ ]+|overwrite:statuscode)$`)
)

func badMapping(what string) error {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [%s]", what)
}

func checkRequestParameters(parameters map[string]string) error {
	for _, destination := range slices.Sorted(maps.Keys(parameters)) {
		if !requestDestination.MatchString(destination) {
			return badMapping("Invalid Request Actioned Parameter destination specified: " + destination)
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
		}
	}
	return nil
}

// merged is a map with changes: a key with an empty value is taken out (API
// reference, UpdateIntegration; terraform-provider-aws does so).
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
