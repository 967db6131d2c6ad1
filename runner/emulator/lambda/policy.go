package lambda

import (
	"bytes"
	"encoding/json"
	"strings"
)

// statement is one permission of a resource policy.
type statement struct {
	Sid       string
	Action    string
	Principal string // as AddPermission was given it
	// Condition has operator, key and value. The keys of one operator are joined
	// by "and", and so are operators.
	Condition map[string]map[string]string
}

// written is a statement as AWS writes it, members in AWS's order (recorded:
// LocalStack, test_lambda_api.snapshot.json, TestLambdaPermissions).
type written struct {
	Sid       string
	Effect    string
	Principal any
	Action    string
	Resource  string
	Condition *conditions `json:",omitempty"`
}

type conditions struct {
	StringEquals map[string]string `json:",omitempty"`
	Bool         map[string]string `json:",omitempty"`
	ArnLike      map[string]string `json:",omitempty"`
}

func (st statement) written(resource string) written {
	w := written{Sid: st.Sid, Effect: "Allow", Principal: "*", Action: st.Action, Resource: resource}
	if kind, name := principal(st.Principal); kind != "*" {
		w.Principal = map[string]string{kind: name}
	}
	if len(st.Condition) > 0 {
		w.Condition = &conditions{StringEquals: st.Condition["StringEquals"], Bool: st.Condition["Bool"], ArnLike: st.Condition["ArnLike"]}
	}
	return w
}

// document is a whole policy as AWS writes it.
func document(statements []statement, resource string) string {
	policy := struct {
		Version   string
		Id        string
		Statement []written
	}{Version: "2012-10-17", Id: "default"}
	for _, st := range statements {
		policy.Statement = append(policy.Statement, st.written(resource))
	}
	return compact(policy)
}

// compact is JSON without escapes for HTML.
func compact(v any) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // strings and maps of them always encode
	return strings.TrimSuffix(b.String(), "\n")
}

// principal says what a given principal is: "Service" or "AWS" and a name, "*",
// or nothing that AWS takes.
func principal(given string) (kind, name string) {
	switch {
	case given == "*":
		return "*", ""
	case strings.HasSuffix(given, ".amazonaws.com"), strings.HasSuffix(given, ".amazon.com"):
		return "Service", given
	case accountForm.MatchString(given):
		return "AWS", "arn:aws:iam::" + given + ":root"
	case principalForm.MatchString(given):
		return "AWS", given
	}
	return "", ""
}

// request is what a policy is asked: may this service do this, under these
// condition keys (in lower case)?
type request struct {
	action, service string
	keys            map[string]string
}

// allows reports whether a statement says yes to a request.
func (st statement) allows(r request) bool {
	if action := strings.ToLower(st.Action); action != "*" && action != "lambda:*" && action != strings.ToLower(r.action) {
		return false
	}
	if kind, name := principal(st.Principal); kind != "*" && (kind != "Service" || name != r.service) {
		return false
	}
	for operator, keys := range st.Condition {
		for key, want := range keys {
			value, ok := r.keys[strings.ToLower(key)]
			if !ok || !compare(operator, want, value) {
				return false
			}
		}
	}
	return true
}

// compare applies a condition operator (IAM User Guide, "IAM JSON policy
// elements: Condition operators"). One that is not known lets nothing through.
func compare(operator, want, value string) bool {
	switch operator {
	case "StringEquals":
		return want == value
	case "Bool":
		return strings.EqualFold(want, value)
	case "StringLike":
		return like(want, value)
	case "ArnLike":
		return arnLike(want, value)
	}
	return false
}

// arnLike compares ARNs part by part: a wildcard does not reach over one of the
// first five colons.
func arnLike(pattern, arn string) bool {
	const parts = 6
	patterns, values := strings.SplitN(pattern, ":", parts), strings.SplitN(arn, ":", parts)
	if len(patterns) != parts || len(values) != parts {
		return false
	}
	for i := range patterns {
		if !like(patterns[i], values[i]) {
			return false
		}
	}
	return true
}

// like matches a text with a pattern of * (any characters) and ? (any one).
func like(pattern, text string) bool {
	p, t := []rune(pattern), []rune(text)
	star, from := -1, 0 // the last *, and where what it stands for ends
	i, j := 0, 0
	for j < len(t) {
		switch {
		case i < len(p) && p[i] == '*':
			star, from = i, j
			i++
		case i < len(p) && (p[i] == '?' || p[i] == t[j]):
			i++
			j++
		case star >= 0:
			from++
			i, j = star+1, from
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// MayInvoke says whether the resource policy of a function lets a service
// ("apigateway.amazonaws.com") invoke it on behalf of one of its resources,
// sourceARN, in an account. functionARN names a function, or a version or alias
// of it: what counts is the policy of exactly that. What is no ARN of a function
// of this account, or not there, may not be invoked.
func (s *Service) MayInvoke(functionARN, service, sourceARN, sourceAccount string) bool {
	m := nameForm.FindStringSubmatch(functionARN)
	if m == nil || m[3] != s.cfg.Region || m[4] != s.cfg.Account {
		return false
	}
	name, qualifier := m[6], m[8]
	f, ok := s.find(name)
	if !ok || qualifier == latest { // which cannot have a policy
		return false
	}
	r := request{action: "lambda:InvokeFunction", service: service, keys: map[string]string{"aws:sourcearn": sourceARN, "aws:sourceaccount": sourceAccount}}
	for _, st := range f.Policies[qualifier] {
		if st.allows(r) {
			return true
		}
	}
	return false
}
