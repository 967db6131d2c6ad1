package target

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// Receipt is what became of everything that awslab created in an account.
type Receipt struct {
	Deleted []Resource
	Left    []Left     // could not be deleted
	Foreign []Resource // in a lesson's way, not created by awslab, still there
}

// Left is a resource that is still there, and why.
type Left struct {
	Resource Resource
	Err      error
}

// Sweep deletes what the ledger owns, the latest first, and the log groups of
// its functions. It touches nothing else.
func (t *Target) Sweep(ctx context.Context) (Receipt, error) {
	var receipt Receipt
	for _, r := range t.ledger.created() {
		owned, err := t.guard.owned(ctx, r)
		if err != nil {
			return receipt, err
		}
		if !owned {
			continue
		}
		t.sweepOne(ctx, r, &receipt)
		if err := ctx.Err(); err != nil {
			return receipt, err
		}
	}
	for _, r := range t.ledger.refused() {
		exists, _, err := probe(ctx, t.guard.aws, r)
		if err != nil {
			return receipt, err
		}
		if exists && !slices.Contains(receipt.Foreign, r) {
			receipt.Foreign = append(receipt.Foreign, r)
		}
	}
	return receipt, nil
}

func (t *Target) sweepOne(ctx context.Context, r Resource, receipt *Receipt) {
	existed, _, err := probe(ctx, t.guard.aws, r)
	if err == nil && existed {
		err = t.remove(ctx, r)
	}
	switch {
	case err != nil && !missing(err):
		receipt.Left = append(receipt.Left, Left{r, err})
		return
	case existed:
		receipt.Deleted = append(receipt.Deleted, r)
	default:
		// Somebody deleted it already: the ledger has to hear of it.
		if err := t.ledger.forget(r); err != nil {
			receipt.Left = append(receipt.Left, Left{r, err})
		}
	}
	if group, ok := logGroupOf(r); ok {
		t.sweepOne(ctx, group, receipt)
	}
}

// logGroupOf is where Lambda writes the logs of a function.
func logGroupOf(r Resource) (Resource, bool) {
	if r.Kind != "lambda:function" {
		return Resource{}, false
	}
	return Resource{Kind: "logs:log-group", Name: "/aws/lambda/" + r.Name}, true
}

// remove deletes one resource, through the guard like every other change.
func (t *Target) remove(ctx context.Context, r Resource) error {
	cfg, name := t.AWS(), aws.String(r.Name)
	var err error
	switch r.Kind {
	case "lambda:function":
		_, err = lambda.NewFromConfig(cfg).DeleteFunction(ctx, &lambda.DeleteFunctionInput{FunctionName: name})
	case "iam:role":
		err = removeRole(ctx, iam.NewFromConfig(cfg), name)
	case "logs:log-group":
		_, err = cloudwatchlogs.NewFromConfig(cfg).DeleteLogGroup(ctx, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
	case "apigateway:rest-api":
		_, err = apigateway.NewFromConfig(cfg).DeleteRestApi(ctx, &apigateway.DeleteRestApiInput{RestApiId: name})
	case "apigatewayv2:api":
		_, err = apigatewayv2.NewFromConfig(cfg).DeleteApi(ctx, &apigatewayv2.DeleteApiInput{ApiId: name})
	}
	return err
}

// A role goes only when nothing is attached to it any more.
func removeRole(ctx context.Context, client *iam.Client, name *string) error {
	attached := iam.NewListAttachedRolePoliciesPaginator(client, &iam.ListAttachedRolePoliciesInput{RoleName: name})
	for attached.HasMorePages() {
		page, err := attached.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, policy := range page.AttachedPolicies {
			if _, err := client.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: name, PolicyArn: policy.PolicyArn}); err != nil {
				return err
			}
		}
	}
	inline := iam.NewListRolePoliciesPaginator(client, &iam.ListRolePoliciesInput{RoleName: name})
	for inline.HasMorePages() {
		page, err := inline.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, policy := range page.PolicyNames {
			if _, err := client.DeleteRolePolicy(ctx, &iam.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String(policy)}); err != nil {
				return err
			}
		}
	}
	_, err := client.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: name})
	return err
}
