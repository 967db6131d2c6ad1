package target

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"
)

// probe asks the account whether r exists, and for its tags.
func probe(ctx context.Context, cfg aws.Config, r Resource) (exists bool, tags map[string]string, err error) {
	name := aws.String(r.Name)
	switch r.Kind {
	case "lambda:function":
		var out *lambda.GetFunctionOutput
		if out, err = lambda.NewFromConfig(cfg).GetFunction(ctx, &lambda.GetFunctionInput{FunctionName: name}); err == nil {
			return true, out.Tags, nil
		}
	case "iam:role":
		var out *iam.GetRoleOutput
		if out, err = iam.NewFromConfig(cfg).GetRole(ctx, &iam.GetRoleInput{RoleName: name}); err == nil {
			tags = map[string]string{}
			for _, t := range out.Role.Tags {
				tags[aws.ToString(t.Key)] = aws.ToString(t.Value)
			}
			return true, tags, nil
		}
	case "logs:log-group":
		return probeLogGroup(ctx, cloudwatchlogs.NewFromConfig(cfg), r.Name)
	case "apigateway:rest-api":
		var out *apigateway.GetRestApiOutput
		if out, err = apigateway.NewFromConfig(cfg).GetRestApi(ctx, &apigateway.GetRestApiInput{RestApiId: name}); err == nil {
			return true, out.Tags, nil
		}
	case "apigatewayv2:api":
		var out *apigatewayv2.GetApiOutput
		if out, err = apigatewayv2.NewFromConfig(cfg).GetApi(ctx, &apigatewayv2.GetApiInput{ApiId: name}); err == nil {
			return true, out.Tags, nil
		}
	}
	if missing(err) {
		err = nil
	}
	return false, nil, err
}

// A log group has no Get: it is found by listing its name as a prefix.
func probeLogGroup(ctx context.Context, client *cloudwatchlogs.Client, name string) (bool, map[string]string, error) {
	pages := cloudwatchlogs.NewDescribeLogGroupsPaginator(client, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String(name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return false, nil, err
		}
		for _, group := range page.LogGroups {
			if aws.ToString(group.LogGroupName) != name {
				continue
			}
			out, err := client.ListTagsForResource(ctx, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: group.LogGroupArn})
			if err != nil {
				return true, nil, err
			}
			return true, out.Tags, nil
		}
	}
	return false, nil, nil
}

// missing reports whether AWS said that there is no such thing.
func missing(err error) bool {
	var api smithy.APIError
	if errors.As(err, &api) {
		switch api.ErrorCode() {
		case "ResourceNotFoundException", "NoSuchEntity", "NoSuchEntityException", "NotFoundException":
			return true
		}
	}
	var answer *awshttp.ResponseError
	return errors.As(err, &answer) && answer.HTTPStatusCode() == http.StatusNotFound
}
