package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// roles trusts API Gateway with some roles, of which some may do what they like.
type roles struct{ trusting, mighty string }

func (r roles) CanAssume(role, service string) bool {
	return service == "apigateway.amazonaws.com" && (role == r.trusting || role == r.mighty)
}

func (r roles) Allows(role, _, _ string) bool { return role == r.mighty }

func TestAccount(t *testing.T) {
	t.Parallel()
	const trusting, mighty = "arn:aws:iam::123456789012:role/trusting", "arn:aws:iam::123456789012:role/mighty"
	p := newParts(t, roles{trusting, mighty})
	update := func(operations []types.PatchOperation) (*sdk.UpdateAccountOutput, error) {
		return p.UpdateAccount(t.Context(), &sdk.UpdateAccountInput{PatchOperations: operations})
	}
	for _, role := range []string{trusting, "arn:aws:iam::123456789012:role/none", "x"} {
		_, err := update(op(types.OpReplace, "/cloudwatchRoleArn", role))
		refused(t, err, "BadRequestException", "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.")
	}
	got, err := p.GetAccount(t.Context(), &sdk.GetAccountInput{})
	if err != nil || got.CloudwatchRoleArn != nil || *got.ApiKeyVersion != "4" {
		t.Errorf("%+v, %v", got, err)
	}
	same(t, got.ThrottleSettings, &types.ThrottleSettings{BurstLimit: 5000, RateLimit: 10000})
	same(t, got.Features, []string{"UsagePlans"})
	if out, err := update(op(types.OpReplace, "/cloudwatchRoleArn", mighty)); err != nil || *out.CloudwatchRoleArn != mighty || p.service.CloudWatchRole() != mighty {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = update(op(types.OpReplace, "/throttleSettings", "1"))
	refused(t, err, "BadRequestException", "Invalid patch path /throttleSettings")
	if out, err := update(op(types.OpReplace, "/cloudwatchRoleArn", "")); err != nil || out.CloudwatchRoleArn != nil || p.service.CloudWatchRole() != "" {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	p := newParts(t, nil)
	api := p.imported(petStore(t))
	if _, err := p.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: api, StageName: aws.String("PROD")}); err != nil {
		t.Fatal(err)
	}
	arn := "arn:aws:apigateway:ap-northeast-2::/restapis/" + *api
	for _, resource := range []string{arn, arn + "/stages/PROD"} {
		tags := func() map[string]string {
			out, err := p.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: &resource})
			if err != nil {
				t.Fatal(err)
			}
			return out.Tags
		}
		same(t, tags(), map[string]string{})
		if _, err := p.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &resource, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &resource, Tags: map[string]string{"b": "3"}}); err != nil {
			t.Fatal(err)
		}
		same(t, tags(), map[string]string{"a": "1", "b": "3"})
		if _, err := p.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: &resource, TagKeys: []string{"a", "none"}}); err != nil {
			t.Fatal(err)
		}
		same(t, tags(), map[string]string{"b": "3"})
	}
	stage, err := p.GetStage(t.Context(), &sdk.GetStageInput{RestApiId: api, StageName: aws.String("PROD")})
	if err != nil || stage.Tags["b"] != "3" {
		t.Errorf("stage %+v, %v", stage, err)
	}
	many := map[string]string{}
	for i := range 51 {
		many[string(rune('a'+i))] = ""
	}
	_, err = p.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &arn, Tags: many})
	refused(t, err, "BadRequestException", "Too many tags: a resource may have 50")
	for resource, want := range map[string][2]string{
		arn + "/stages/TEST": {"NotFoundException", "Invalid stage identifier specified"},
		"arn:aws:apigateway:ap-northeast-2::/restapis/none":     {"NotFoundException", "Invalid API identifier specified 123456789012:none"},
		"arn:aws:apigateway:us-east-1::/restapis/" + *api:       {"BadRequestException", "Invalid ARN specified in the request"},
		"arn:aws:apigateway:ap-northeast-2::/usageplans/abcdef": {"BadRequestException", "Invalid ARN specified in the request"},
	} {
		_, err := p.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: &resource})
		refused(t, err, want[0], want[1])
	}
}
