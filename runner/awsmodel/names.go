package awsmodel

import (
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// exception is a member whose names do not follow from the rule of its service.
type exception struct{ wire, cli string }

// exceptions are keyed by structure and member. They were found by comparing
// every member of every operation with the API models that the AWS CLI carries
// (botocore 1.43); TestNamesAreBotocores does it again where they are installed,
// and awsproto's TestEveryOperationGoesBothWays asks the SDK's serialisers.
var exceptions = map[string]map[string]exception{
	"apigateway": {
		"GetUsageOutput.Items":                      {"values", "items"},
		"UpdateUsageOutput.Items":                   {"values", "items"},
		"PutIntegrationInput.IntegrationHttpMethod": {"httpMethod", "integrationHttpMethod"}, // HttpMethod is in the path
	},
	"apigatewayv2": {
		"ExportApiOutput.Body": {"body", "body"},
	},
	"iam": {
		"ListDelegationRequestsOutput.IsTruncated": {"isTruncated", "isTruncated"},
	},
	"logs": {
		"DescribeDestinationsInput.DestinationNamePrefix": {"DestinationNamePrefix", "DestinationNamePrefix"},
	},
	"sts": {
		"PolicyDescriptorType.Arn": {"arn", "arn"},
	},
}

// WireName is the key of a member in JSON, or its parameter in awsQuery.
// Headers, URI labels and query strings of REST services are not its business:
// they are in [HTTPBinding].
func (s *Service) WireName(parent reflect.Type, field reflect.StructField) string {
	if e, ok := exceptions[s.Name][parent.Name()+"."+field.Name]; ok {
		return e.wire
	}
	switch {
	case s.Name == "apigateway" && field.Name == "Items":
		return "item" // all of its lists, in the HAL of old
	case s.Name == "apigateway", s.Name == "apigatewayv2", s.Name == "logs":
		return lowerFirst(field.Name)
	}
	return field.Name
}

// CLIName is the key of a member in what the AWS CLI prints and accepts as
// JSON.
func (s *Service) CLIName(parent reflect.Type, field reflect.StructField) string {
	if e, ok := exceptions[s.Name][parent.Name()+"."+field.Name]; ok {
		return e.cli
	}
	switch s.Name {
	case "apigateway", "logs":
		return lowerFirst(field.Name)
	}
	return field.Name
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

var (
	plural   = regexp.MustCompile(`[A-Z]{2,}s$`) // ARNs, ACLs
	capitals = regexp.MustCompile(`(.)([A-Z][a-z]+)`)
	wordEnd  = regexp.MustCompile(`([a-z0-9])([A-Z])`)
)

// OptionName is a name on the command line: CreateRestApi → create-rest-api, as
// botocore's xform_name does it.
func OptionName(name string) string {
	if strings.Contains(name, "-") {
		return name
	}
	if end := plural.FindString(name); end != "" {
		name = strings.TrimSuffix(name, end) + "-" + strings.ToLower(end)
	}
	name = capitals.ReplaceAllString(name, "$1-$2")
	return strings.ToLower(wordEnd.ReplaceAllString(name, "$1-$2"))
}
