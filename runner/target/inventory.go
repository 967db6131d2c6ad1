package target

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// Inventory lists what there is at a target of the kinds that lessons make,
// looked at, not remembered. A kind that the target does not know (the
// emulator answers 501 for what it does not emulate) has nothing.
func Inventory(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	var all []Resource
	for _, list := range []func(context.Context, aws.Config) ([]Resource, error){listFunctions, listRoles, listPolicies, listLogGroups, listRestAPIs, listAPIs} {
		found, err := list(ctx, cfg)
		var response *awshttp.ResponseError
		if errors.As(err, &response) && response.HTTPStatusCode() == 501 {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking at what there is: %w", err)
		}
		all = append(all, found...)
	}
	return all, nil
}

// pager is a paginator of the SDK.
type pager[Page, Options any] interface {
	HasMorePages() bool
	NextPage(context.Context, ...func(*Options)) (Page, error)
}

// collect reads every page of a listing.
func collect[Page, Options any](ctx context.Context, pages pager[Page, Options], kind string, names func(Page) []*string) ([]Resource, error) {
	var all []Resource
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, name := range names(page) {
			all = append(all, Resource{Kind: kind, Name: aws.ToString(name)})
		}
	}
	return all, nil
}

func listFunctions(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	pages := lambda.NewListFunctionsPaginator(lambda.NewFromConfig(cfg), &lambda.ListFunctionsInput{})
	return collect[*lambda.ListFunctionsOutput, lambda.Options](ctx, pages, "lambda:function", func(page *lambda.ListFunctionsOutput) (names []*string) {
		for _, f := range page.Functions {
			names = append(names, f.FunctionName)
		}
		return names
	})
}

func listRoles(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	pages := iam.NewListRolesPaginator(iam.NewFromConfig(cfg), &iam.ListRolesInput{})
	return collect[*iam.ListRolesOutput, iam.Options](ctx, pages, "iam:role", func(page *iam.ListRolesOutput) (names []*string) {
		for _, r := range page.Roles {
			names = append(names, r.RoleName)
		}
		return names
	})
}

func listPolicies(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	pages := iam.NewListPoliciesPaginator(iam.NewFromConfig(cfg), &iam.ListPoliciesInput{Scope: iamtypes.PolicyScopeTypeLocal})
	return collect[*iam.ListPoliciesOutput, iam.Options](ctx, pages, "iam:policy", func(page *iam.ListPoliciesOutput) (names []*string) {
		for _, p := range page.Policies {
			names = append(names, p.PolicyName)
		}
		return names
	})
}

func listLogGroups(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(cloudwatchlogs.NewFromConfig(cfg), &cloudwatchlogs.DescribeLogGroupsInput{})
	return collect[*cloudwatchlogs.DescribeLogGroupsOutput, cloudwatchlogs.Options](ctx, pages, "logs:log-group", func(page *cloudwatchlogs.DescribeLogGroupsOutput) (names []*string) {
		for _, g := range page.LogGroups {
			names = append(names, g.LogGroupName)
		}
		return names
	})
}

func listRestAPIs(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	pages := apigateway.NewGetRestApisPaginator(apigateway.NewFromConfig(cfg), &apigateway.GetRestApisInput{})
	return collect[*apigateway.GetRestApisOutput, apigateway.Options](ctx, pages, "apigateway:rest-api", func(page *apigateway.GetRestApisOutput) (names []*string) {
		for _, api := range page.Items {
			names = append(names, aws.String(aws.ToString(api.Name)+" ("+aws.ToString(api.Id)+")"))
		}
		return names
	})
}

func listAPIs(ctx context.Context, cfg aws.Config) ([]Resource, error) {
	client := apigatewayv2.NewFromConfig(cfg)
	var all []Resource
	for input := (&apigatewayv2.GetApisInput{}); ; {
		page, err := client.GetApis(ctx, input)
		if err != nil {
			return nil, err
		}
		for _, api := range page.Items {
			all = append(all, Resource{Kind: "apigatewayv2:api", Name: aws.ToString(api.Name) + " (" + aws.ToString(api.ApiId) + ")"})
		}
		if aws.ToString(page.NextToken) == "" {
			return all, nil
		}
		input.NextToken = page.NextToken
	}
}
