package lambda

import (
	"strings"
	"testing"
)

// wholeMethod is what the console lets API Gateway do: one method, any stage.
const wholeMethod = "arn:aws:execute-api:ap-northeast-2:123456789012:abcdef1234/*/GET/helloworld"

func TestArnLike(t *testing.T) {
	t.Parallel()
	const one = "arn:aws:execute-api:ap-northeast-2:123456789012:abcdef1234/prod/GET/helloworld"
	for _, tt := range []struct {
		pattern, arn string
		want         bool
	}{
		{one, one, true},
		{wholeMethod, one, true},
		{wholeMethod, strings.Replace(one, "GET", "POST", 1), false},
		{wholeMethod, strings.Replace(one, "helloworld", "helloWorld", 1), false},
		{wholeMethod, one + "/more", false},
		{"arn:aws:execute-api:ap-northeast-2:123456789012:abcdef1234/*", one, true}, // reaches over slashes
		{"arn:aws:execute-api:ap-northeast-2:123456789012:abcdef123?/*", one, true},
		{"arn:aws:execute-api:*:*:abcdef1234/*", one, true},
		{"arn:aws:execute-api:*:abcdef1234/*", one, false}, // but not over colons
		{"arn:*", one, false},
		{"*", one, false},
		{one, "abcdef1234/prod/GET/helloworld", false},
		{"arn:aws:execute-api:ap-northeast-2:123456789012:a:b:*", "arn:aws:execute-api:ap-northeast-2:123456789012:a:b:c", true},
		{"", "", false},
	} {
		if got := arnLike(tt.pattern, tt.arn); got != tt.want {
			t.Errorf("%s with %s: %v", tt.arn, tt.pattern, got)
		}
	}
}

func TestLike(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "abc", true},
		{"?", "", false},
		{"?", "한", true},
		{"a*c", "abbc", true},
		{"a*c", "abcb", false},
		{"*b*", "abc", true},
		{"a?c*", "abc", true},
		{"**", "x", true},
		{"*aab", "aaab", true},
		{"a*b*c", "aXbXbXc", true},
		{"a*b*c", "aXcXb", false},
		{"abc", "ab", false},
	} {
		if got := like(tt.pattern, tt.text); got != tt.want {
			t.Errorf("%q with %q: %v", tt.text, tt.pattern, got)
		}
	}
}

// Conditions of every operator; the one that is not known lets nothing through.
func TestConditions(t *testing.T) {
	t.Parallel()
	r := request{action: "lambda:InvokeFunction", service: "apigateway.amazonaws.com", keys: map[string]string{
		"aws:sourcearn": strings.Replace(wholeMethod, "*", "prod", 1), "aws:sourceaccount": "123456789012",
	}}
	for name, tt := range map[string]struct {
		operator, key, value string
		want                 bool
	}{
		"the account":             {"StringEquals", "AWS:SourceAccount", "123456789012", true},
		"another account":         {"StringEquals", "AWS:SourceAccount", "210987654321", false},
		"no wildcard":             {"StringEquals", "AWS:SourceAccount", "*", false},
		"a wildcard":              {"StringLike", "AWS:SourceAccount", "1234*", true},
		"the ARN":                 {"ArnLike", "AWS:SourceArn", wholeMethod, true},
		"a key in another case":   {"ArnLike", "aws:SourceArn", wholeMethod, true},
		"a key that is not there": {"StringEquals", "lambda:EventSourceToken", "x", false},
		"through a function URL":  {"Bool", "lambda:InvokedViaFunctionUrl", "true", false},
		"an unknown operator":     {"StringNotEquals", "AWS:SourceAccount", "210987654321", false},
	} {
		st := statement{Action: "lambda:InvokeFunction", Principal: "apigateway.amazonaws.com"}
		st.require(tt.operator, tt.key, tt.value)
		if got := st.allows(r); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	for name, tt := range map[string]struct {
		action, principal string
		want              bool
	}{
		"any action":      {"*", "apigateway.amazonaws.com", true},
		"all of lambda":   {"lambda:*", "apigateway.amazonaws.com", true},
		"its case":        {"lambda:invokeFunction", "apigateway.amazonaws.com", true},
		"another action":  {"lambda:GetFunction", "apigateway.amazonaws.com", false},
		"everyone":        {"lambda:InvokeFunction", "*", true},
		"another service": {"lambda:InvokeFunction", "s3.amazonaws.com", false},
		"an account":      {"lambda:InvokeFunction", "123456789012", false},
	} {
		if got := (statement{Action: tt.action, Principal: tt.principal}).allows(r); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
