package check

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// invokeAction is what API Gateway asks a policy for.
const invokeAction = "execute-api:Invoke"

// authorizerPolicy is what an authorizer's function answers, as far as it is told
// of: whether it allows a request is for the gateway to say.
type authorizerPolicy struct {
	Statement oneOrMore[authorizerStatement]
}

type authorizerStatement struct {
	Effect                                   string
	Action, NotAction, Resource, NotResource oneOrMore[string]
	Condition                                json.RawMessage
}

// readPolicy reads the policy out of a function's answer; nil where there is none.
func readPolicy(payload []byte) *authorizerPolicy {
	var answer struct {
		PolicyDocument *authorizerPolicy `json:"policyDocument"`
	}
	if json.Unmarshal(payload, &answer) != nil {
		return nil
	}
	return answer.PolicyDocument
}

// What a policy says of a request.
type policyVerdict int

const (
	policySilent policyVerdict = iota // no statement is about it
	policyAllows
	policyDenies
)

// decides reads the policy as IAM does: one Deny beats any Allow. A condition counts
// as not met.
func (p *authorizerPolicy) decides(arn string) policyVerdict {
	is := policySilent
	for _, st := range p.Statement {
		if !st.isAbout(arn) || !st.isForInvoking() || st.Condition != nil {
			continue
		}
		if st.Effect == "Deny" {
			return policyDenies
		}
		if st.Effect == "Allow" {
			is = policyAllows
		}
	}
	return is
}

// of are the statements of an effect.
func (p *authorizerPolicy) of(effect string) []authorizerStatement {
	var all []authorizerStatement
	for _, st := range p.Statement {
		if st.Effect == effect {
			all = append(all, st)
		}
	}
	return all
}

// conditional reports whether a statement has a condition.
func (p *authorizerPolicy) conditional() bool {
	return slices.ContainsFunc(p.Statement, func(st authorizerStatement) bool { return st.Condition != nil })
}

// covers are the resources that the policy allows.
func (p *authorizerPolicy) covers() string {
	var resources []string
	for _, st := range p.of("Allow") {
		resources = append(resources, st.Resource...)
		for _, not := range st.NotResource {
			resources = append(resources, "≠ "+not)
		}
	}
	return shorten(strings.Join(resources, ", "))
}

// isAbout reports whether a statement is about what was asked for.
func (st authorizerStatement) isAbout(arn string) bool {
	covers := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool { return glob(pattern, arn) })
	}
	return covers(st.Resource) || len(st.NotResource) > 0 && !covers(st.NotResource)
}

// isForInvoking reports whether it is about calls of the API. Actions know no case.
func (st authorizerStatement) isForInvoking() bool {
	covers := func(patterns []string) bool {
		return slices.ContainsFunc(patterns, func(pattern string) bool {
			return glob(strings.ToLower(pattern), strings.ToLower(invokeAction))
		})
	}
	return covers(st.Action) || len(st.NotAction) > 0 && !covers(st.NotAction)
}

// tooLittle says why a policy does not let the token in.
func (w *authorizerWhy) tooLittle(row *authorizerRow, said *decision) Finding {
	p := said.policy
	allowed := p.of("Allow")
	f := w.finding(authorizerPolicyResource, row)
	f.Subject, f.Expected, f.Args["log"] = w.links.target.name, said.arn, said.log
	is := func(what func(authorizerStatement) bool) (authorizerStatement, bool) {
		if i := slices.IndexFunc(allowed, what); i >= 0 {
			return allowed[i], true
		}
		return authorizerStatement{}, false
	}
	about, found := is(func(st authorizerStatement) bool { return st.isAbout(said.arn) })
	met, conditional := is(func(st authorizerStatement) bool {
		return st.isAbout(said.arn) && st.isForInvoking() && st.Condition != nil
	})
	switch {
	case p.decides(said.arn) == policyDenies:
		f.Code, f.Found = authorizerExplicitDeny, shorten(said.payload)
	case len(allowed) == 0:
		return w.refused(row, said)
	case conditional:
		f.Code, f.Expected, f.Found = authorizerPolicyCondition, "", shorten(string(met.Condition))
	case found:
		f.Code, f.Expected, f.Found = authorizerPolicyAction, invokeAction, strings.Join(about.Action, ", ")
	default:
		f.Found = p.covers()
	}
	return f
}

func sortedValues[V any](m map[string]V) []V {
	values := make([]V, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		values = append(values, m[key])
	}
	return values
}
