package check

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// gatewayPrincipal is API Gateway where policies name it.
const gatewayPrincipal = "apigateway.amazonaws.com"

// A function's resource policy, as far as it is about who may invoke it.
type resourcePolicy struct {
	Statement oneOrMore[policyStatement]
}

type policyStatement struct {
	Effect    string
	Principal json.RawMessage
	Action    oneOrMore[string]
	Condition map[string]map[string]oneOrMore[string]
}

// oneOrMore is a JSON list that may stand without brackets when it has one
// element, as policies may have it.
type oneOrMore[T any] []T

func (l *oneOrMore[T]) UnmarshalJSON(data []byte) error {
	var many []T
	if json.Unmarshal(data, &many) == nil {
		*l = many
		return nil
	}
	var one T
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*l = []T{one}
	return nil
}

// permission is what a policy says of API Gateway.
type permission int

const (
	notPermitted permission = iota // no statement lets API Gateway invoke the function
	otherSource                    // one does, on behalf of other APIs or routes only
	permitted                      // one does, or may: the live request will tell
)

// mayInvoke reads a function's policy: whether API Gateway may invoke it on
// behalf of one of sources, and else for whom it may. Conditions on other keys
// than the source's count as met, so that a policy is never called wrong that
// may be right.
func mayInvoke(policy string, sources []string, account string) (permission, []string, error) {
	var document resourcePolicy
	if err := json.Unmarshal([]byte(policy), &document); err != nil {
		return permitted, nil, fmt.Errorf("the function's policy: %w", err)
	}
	found, others := notPermitted, []string(nil)
	for _, st := range document.Statement {
		if st.Effect != "Allow" || !st.isForGateway() || !st.isForInvoking() {
			continue
		}
		if given, ok := st.admits(sources, account); !ok {
			found = otherSource
			others = append(others, given...)
			continue
		}
		return permitted, nil, nil
	}
	return found, others, nil
}

func (st policyStatement) isForGateway() bool {
	var everybody string
	if json.Unmarshal(st.Principal, &everybody) == nil {
		return everybody == "*"
	}
	var kinds map[string]oneOrMore[string]
	if json.Unmarshal(st.Principal, &kinds) != nil {
		return false
	}
	return slices.Contains(kinds["Service"], gatewayPrincipal) || slices.Contains(kinds["AWS"], "*")
}

func (st policyStatement) isForInvoking() bool {
	return slices.ContainsFunc(st.Action, func(action string) bool {
		return glob(strings.ToLower(action), "lambda:invokefunction")
	})
}

// admits looks at the conditions on the source of a call; given are those that
// it does not meet.
func (st policyStatement) admits(sources []string, account string) (given []string, ok bool) {
	for operator, keys := range st.Condition {
		for key, values := range keys {
			met := true
			switch strings.ToLower(key) {
			case "aws:sourcearn":
				exact := strings.HasPrefix(operator, "StringEquals")
				met = slices.ContainsFunc(values, func(pattern string) bool {
					return slices.ContainsFunc(sources, func(source string) bool {
						return pattern == source || !exact && glob(pattern, source)
					})
				})
			case "aws:sourceaccount":
				met = account == "" || slices.ContainsFunc(values, func(pattern string) bool { return glob(pattern, account) })
			}
			if strings.Contains(operator, "Not") {
				met = true // nobody writes such permissions; the live request tells
			}
			if !met {
				return values, false
			}
		}
	}
	return nil, true
}

// glob matches a text with a pattern of * (any characters) and ? (any one).
func glob(pattern, text string) bool {
	quoted := regexp.QuoteMeta(pattern)
	quoted = strings.ReplaceAll(strings.ReplaceAll(quoted, `\*`, ".*"), `\?`, ".")
	matched, err := regexp.MatchString("(?s)^"+quoted+"$", text)
	return err == nil && matched
}
