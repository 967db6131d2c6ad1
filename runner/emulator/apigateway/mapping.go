package apigateway

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// What parameters of integrations are mapped from and to (Developer Guide,
// "Amazon API Gateway API request and response data mapping reference").
var (
	requestTarget  = regexp.MustCompile(`^integration\.request\.(?:path|querystring|header)\.\S+$`)
	requestSource  = regexp.MustCompile(`^method\.request\.(?:(?:path|querystring|header|multivaluequerystring|multivalueheader)\.\S+|body(?:\.\S+)?)$`)
	responseSource = regexp.MustCompile(`^integration\.response\.(?:(?:header|multivalueheader)\.\S+|body(?:\.\S+)?)$`)
	otherSource    = regexp.MustCompile(`^(?:context|stageVariables)\.\S+$`)
	staticSource   = regexp.MustCompile(`(?s)^'.*'$`)
)

// checkRequestMappings checks the request parameters of an integration against
// those of its method. That of which a method takes nothing cannot be mapped:
// "Invalid mapping expression parameter specified" is AWS's for both directions
// (cognito-helper#13; bench, pf-apigw-integration-request-parameter-value).
func checkRequestMappings(m *types.Method, parameters map[string]string) error {
	for _, target := range slices.Sorted(maps.Keys(parameters)) {
		source := parameters[target]
		switch {
		case !requestTarget.MatchString(target):
			return badMapping("Invalid mapping expression specified: %s", target)
		case staticSource.MatchString(source), otherSource.MatchString(source):
		case !requestSource.MatchString(source):
			return badMapping("Invalid mapping expression specified: %s", source)
		case !takes(m, source):
			return badMapping("Invalid mapping expression parameter specified: %s", source)
		}
	}
	return nil
}

// takes says whether a method declares what an expression names.
func takes(m *types.Method, source string) bool {
	if strings.HasPrefix(source, "method.request.body") {
		return true
	}
	_, ok := m.RequestParameters[strings.Replace(source, ".multivalue", ".", 1)]
	return ok
}

// checkResponseMappings checks the parameters of an integration response against
// the method response of its status (aws-apigateway-importer#121 for a status that
// the method does not have).
func checkResponseMappings(m *types.Method, status string, parameters map[string]string) error {
	for _, target := range slices.Sorted(maps.Keys(parameters)) {
		source := parameters[target]
		response, ok := m.MethodResponses[status]
		if !ok {
			return badMapping("No method response exists for method.")
		}
		switch _, declared := response.ResponseParameters[target]; {
		case !responseParameter.MatchString(target):
			return badMapping("Invalid mapping expression specified: %s", target)
		case !declared:
			return badMapping("Invalid mapping expression parameter specified: %s", target)
		case !staticSource.MatchString(source) && !otherSource.MatchString(source) && !responseSource.MatchString(source):
			return badMapping("Invalid mapping expression specified: %s", source)
		}
	}
	return nil
}

// checkTemplates checks the content types of templates (LocalStack,
// test_integration_response_invalid_responsetemplates).
func checkTemplates(templates map[string]string) error {
	for _, contentType := range slices.Sorted(maps.Keys(templates)) {
		if kind, sub, ok := strings.Cut(contentType, "/"); contentType != "$default" && (!ok || kind == "" || sub == "") {
			return badRequest("%s", fmt.Sprintf("Validation Result: warnings : [], errors : [Invalid content type specified: %s]", contentType))
		}
	}
	return nil
}
