package check

import (
	"context"

	"github.com/jmespath-community/go-jmespath/pkg/api"

	"awslab/runner/lesson/yamltree"
)

// catalogue says how to list the names that a member of an input takes.
var catalogue = map[string]struct{ op, names string }{
	"lambda.FunctionName": {"lambda.ListFunctions", "Functions[].FunctionName"},
	"iam.RoleName":        {"iam.ListRoles", "Roles[].RoleName"},
	"iam.PolicyArn":       {"iam.ListPolicies", "Policies[].Arn"},
	"logs.logGroupName":   {"logs.DescribeLogGroups", "logGroups[].logGroupName"},
}

// near finds the name of something that is there and that the student most
// likely meant, or "". A listing that fails finds nothing: it is only for
// help.
func (p *probe) near(ctx context.Context, member, name string) string {
	list, ok := catalogue[member]
	if !ok {
		return ""
	}
	op, _ := operation(list.op)
	kept := len(p.evidence)
	out, err := p.pages(ctx, op, map[string]any{})
	p.evidence = p.evidence[:kept] // the first broken link is what counts
	if err != nil {
		return ""
	}
	found, err := api.Search(list.names, floats(plainTree(op, out)))
	if err != nil {
		return ""
	}
	names, _ := found.([]any)
	var known []string
	for _, n := range names {
		if text, ok := n.(string); ok && text != name {
			known = append(known, text)
		}
	}
	return yamltree.Nearest(name, known)
}
