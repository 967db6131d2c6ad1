package iam

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

func TestConditions(t *testing.T) {
	t.Parallel()
	q := &request{action: "s3:GetObject", resource: "arn:aws:s3:::home/ann/x", keys: map[string][]string{
		"aws:username":         {"ann"},
		"aws:principaltag/dep": {"a*b"},
		"aws:sourceip":         {"203.0.113.7"},
		"aws:securetransport":  {"true"},
		"aws:principalarn":     {"arn:aws:iam::123456789012:role/team/r"},
		"s3:max-keys":          {"10"},
		"aws:tagkeys":          {"a", "b"},
	}}
	setTime(q.keys, time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))
	for text, want := range map[string]bool{
		`{"StringEquals":{"aws:username":"ann"}}`:                                       true,
		`{"StringEquals":{"AWS:UserName":["bob","ann"]}}`:                               true,
		`{"StringEquals":{"aws:username":"a*"}}`:                                        false,
		`{"StringLike":{"aws:username":"a*"}}`:                                          true,
		`{"StringLike":{"aws:username":"?nn"}}`:                                         true,
		`{"StringNotLike":{"aws:username":["b*","a*"]}}`:                                false,
		`{"StringNotEquals":{"aws:username":["bob","cat"]}}`:                            true,
		`{"StringEqualsIgnoreCase":{"aws:username":"ANN"}}`:                             true,
		`{"StringNotEqualsIgnoreCase":{"aws:username":"ANN"}}`:                          false,
		`{"StringEquals":{"aws:nothing":"x"}}`:                                          false,
		`{"StringNotEquals":{"aws:nothing":"x"}}`:                                       true,
		`{"StringEqualsIfExists":{"aws:nothing":"x"}}`:                                  true,
		`{"StringEqualsIfExists":{"aws:username":"x"}}`:                                 false,
		`{"Null":{"aws:nothing":"true"}}`:                                               true,
		`{"Null":{"aws:username":true}}`:                                                false,
		`{"Null":{"aws:username":"false"}}`:                                             true,
		`{"Bool":{"aws:SecureTransport":true}}`:                                         true,
		`{"Bool":{"aws:SecureTransport":"False"}}`:                                      false,
		`{"NumericLessThanEquals":{"s3:max-keys":"10"}}`:                                true,
		`{"NumericLessThan":{"s3:max-keys":10}}`:                                        false,
		`{"NumericGreaterThan":{"s3:max-keys":"9.5"}}`:                                  true,
		`{"NumericEquals":{"s3:max-keys":"ten"}}`:                                       false,
		`{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}`:                true,
		`{"NotIpAddress":{"aws:SourceIp":"203.0.113.7"}}`:                               false,
		`{"DateGreaterThan":{"aws:CurrentTime":"2026-11-23T17:59:59Z"}}`:                true,
		`{"DateLessThan":{"aws:CurrentTime":"2026-11-23"}}`:                             false,
		`{"DateLessThanEquals":{"aws:EpochTime":"1795456800"}}`:                         true,
		`{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/*"}}`:                      true,
		`{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::123456789012:role/team/?"}}`:    true,
		`{"ArnLike":{"aws:PrincipalArn":"arn:aws:*:role/team/r"}}`:                      false, // * does not reach over colons
		`{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:user/*"}}`:                   true,
		`{"ForAllValues:StringEquals":{"aws:TagKeys":["a","b","c"]}}`:                   true,
		`{"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}}`:                           false,
		`{"ForAllValues:StringEquals":{"aws:nothing":["a"]}}`:                           true,
		`{"ForAnyValue:StringEquals":{"aws:TagKeys":["b","z"]}}`:                        true,
		`{"ForAnyValue:StringEquals":{"aws:nothing":["b"]}}`:                            false,
		`{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["a"]}}`:                         true,
		`{"StringEquals":{"aws:username":"ann","aws:sourceip":"203.0.113.8"}}`:          false,
		`{"StringEquals":{"aws:username":"ann"},"Bool":{"aws:SecureTransport":"true"}}`: true,
		`{"StringEquals":{"aws:PrincipalTag/dep":"a${*}b"}}`:                            true,
		`{"StringLike":{"aws:PrincipalTag/dep":"a${*}b"}}`:                              true,
		`{"StringLike":{"aws:username":"a${*}"}}`:                                       false,
		`{"StringEquals":{"aws:username":"${aws:nothing, 'ann'}"}}`:                     true,
		`{"StringEquals":{"aws:username":"${aws:nothing}"}}`:                            false,
		`{"StringEquals":{"aws:username":["${aws:nothing}","ann"]}}`:                    true,
		`{"StringEquals":{}}`:                                                           true,
		`{}`:                                                                            true,
	} {
		doc, err := checkPermissions(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + text + `}}`)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := decide([]*document{doc}, q, anyone) == allowed; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for resource, want := range map[string]bool{
		"arn:aws:s3:::home/${aws:username}/*":         true,
		"arn:aws:s3:::home/${aws:nothing}/*":          false,
		"arn:aws:s3:::home/${aws:PrincipalTag/dep}/*": false,
		"arn:aws:s3:::${x, 'home'}/*":                 true,
	} {
		doc, err := checkPermissions(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"` + resource + `"}}`)
		if err != nil {
			t.Fatal(err)
		}
		if got := decide([]*document{doc}, q, anyone) == allowed; got != want {
			t.Errorf("%s: %v", resource, got)
		}
	}
}

func TestConditionsRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"StringEqual":{"aws:username":"ann"}}`:            "Syntax errors in policy.",
		`{"StringEquals":{"aws:username":{}}}`:              "Syntax errors in policy.",
		`{"StringEquals":"ann"}`:                            "Syntax errors in policy.",
		`{"servicecatalog:accountLevel":"self"}`:            "Syntax errors in policy.", // aws-cloudformation/cfn-lint#3751
		`null`:                                              "Syntax errors in policy.",
		`{"DateLessThan":{"aws:CurrentTime":"tomorrow"}}`:   "The policy failed legacy parsing",
		`{"DateLessThan":{"aws:CurrentTime":"2026-13-01"}}`: "The policy failed legacy parsing",
	} {
		_, err := checkPermissions(`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + text + `}}`)
		wantError(t, err, "MalformedPolicyDocument", want)
	}
}

// The time that policies see is the service's clock's.
func TestTimeInPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	w.Service = New(Config{Account: account, Clock: func() time.Time { return now }})
	role := w.role("r")
	document := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-23T19:00:00Z"}}}}`
	must[iam.PutRolePolicyOutput](w, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: &document})
	if !w.Allows(role, "logs:PutLogEvents", "*") {
		t.Error("refused before the hour")
	}
	now = now.Add(2 * time.Hour)
	if w.Allows(role, "logs:PutLogEvents", "*") {
		t.Error("allowed after the hour")
	}
}
