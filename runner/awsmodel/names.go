package awsmodel

import (
	"reflect"
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

// OptionName is a name on the command line: CreateRestApi → create-rest-api, as
// botocore's xform_name does it: a word begins at a capital that a small letter
// follows, or that follows a small letter or a digit; an s behind capitals at
// the end belongs to them (ARNs).
func OptionName(name string) string {
	if strings.Contains(name, "-") {
		return name
	}
	var b strings.Builder
	b.Grow(len(name) + 8)
	plural := pluralAt(name)
	for i := range len(name) {
		c := name[i]
		capital := isUpper(c) && i < plural
		if i == plural || (capital && i > 0 && ((i+1 < len(name) && i+1 < plural && isLower(name[i+1])) || isLower(name[i-1]) || isDigit(name[i-1]))) {
			b.WriteByte('-')
		}
		if isUpper(c) {
			c += 'a' - 'A'
		}
		b.WriteByte(c)
	}
	return b.String()
}

// pluralAt is where two or more capitals with an s at the end begin; the length
// of the name if there are none.
func pluralAt(name string) int {
	if !strings.HasSuffix(name, "s") {
		return len(name)
	}
	i := len(name) - 1
	for i > 0 && isUpper(name[i-1]) {
		i--
	}
	if len(name)-1-i < 2 {
		return len(name)
	}
	return i
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }
func isLower(c byte) bool { return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool { return c >= '0' && c <= '9' }
