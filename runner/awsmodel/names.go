package awsmodel

import (
	"reflect"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// wireExceptions are the members whose name on the wire does not follow from
// the rule of their service; found by comparing every member with the API
// models that the AWS CLI carries (botocore 1.43), which name_test.go does
// again where they are installed.
var wireExceptions = map[string]map[string]string{
	"apigateway": {"Items": "item"},
}

// WireName is the key of a member in JSON, or its parameter in awsQuery.
// Headers, URI labels and query strings of REST services are not its business.
func (s *Service) WireName(_ reflect.Type, field reflect.StructField) string {
	if name, ok := wireExceptions[s.Name][field.Name]; ok {
		return name
	}
	switch s.Name {
	case "apigateway", "apigatewayv2", "logs":
		return lowerFirst(field.Name)
	}
	return field.Name
}

// CLIName is the key of a member in what the AWS CLI prints and accepts as
// JSON.
func (s *Service) CLIName(parent reflect.Type, field reflect.StructField) string {
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
