package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/apigateway"
	"awslab/runner/emulator/emulatortest"
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
	w := worldOf(t, apigateway.New(apigateway.Config{Account: emulatortest.Account, Region: emulatortest.Region, Roles: roles{trusting, mighty}}))
	update := func(operations []types.PatchOperation) (*sdk.UpdateAccountOutput, error) {
		return w.UpdateAccount(t.Context(), &sdk.UpdateAccountInput{PatchOperations: operations})
	}
	for _, role := range []string{trusting, "arn:aws:iam::123456789012:role/none", "x"} {
		_, err := update(op(types.OpReplace, "/cloudwatchRoleArn", role))
		wantError(t, err, "BadRequestException", "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.")
	}
	got, err := w.GetAccount(t.Context(), &sdk.GetAccountInput{})
	if err != nil || got.CloudwatchRoleArn != nil || *got.ApiKeyVersion != "4" {
		t.Errorf("%+v, %v", got, err)
	}
	equal(t, &types.ThrottleSettings{BurstLimit: 5000, RateLimit: 10000}, got.ThrottleSettings)
	equal(t, []string{"UsagePlans"}, got.Features)
	if out, err := update(op(types.OpReplace, "/cloudwatchRoleArn", mighty)); err != nil || *out.CloudwatchRoleArn != mighty || w.service.CloudWatchRole() != mighty {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = update(op(types.OpReplace, "/throttleSettings", "1"))
	wantError(t, err, "BadRequestException", "Invalid patch path /throttleSettings")
	if out, err := update(op(types.OpReplace, "/cloudwatchRoleArn", "")); err != nil || out.CloudwatchRoleArn != nil || w.service.CloudWatchRole() != "" {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.imported(petStore(t))
	if _, err := w.CreateDeployment(t.Context(), &sdk.CreateDeploymentInput{RestApiId: api, StageName: aws.String("PROD")}); err != nil {
		t.Fatal(err)
	}
	arn := "arn:aws:apigateway:ap-northeast-2::/restapis/" + *api
	for _, resource := range []string{arn, arn + "/stages/PROD"} {
		tags := func() map[string]string {
			out, err := w.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: &resource})
			if err != nil {
				t.Fatal(err)
			}
			return out.Tags
		}
		equal(t, map[string]string{}, tags())
		if _, err := w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &resource, Tags: map[string]string{"a": "1", "b": "2"}}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &resource, Tags: map[string]string{"b": "3"}}); err != nil {
			t.Fatal(err)
		}
		equal(t, map[string]string{"a": "1", "b": "3"}, tags())
		if _, err := w.UntagResource(t.Context(), &sdk.UntagResourceInput{ResourceArn: &resource, TagKeys: []string{"a", "none"}}); err != nil {
			t.Fatal(err)
		}
		equal(t, map[string]string{"b": "3"}, tags())
	}
	stage, err := w.GetStage(t.Context(), &sdk.GetStageInput{RestApiId: api, StageName: aws.String("PROD")})
	if err != nil || stage.Tags["b"] != "3" {
		t.Errorf("stage %+v, %v", stage, err)
	}
	many := map[string]string{}
	for i := range 51 {
		many[string(rune('a'+i))] = ""
	}
	_, err = w.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: &arn, Tags: many})
	wantError(t, err, "BadRequestException", "Too many tags: a resource may have 50")
	for resource, want := range map[string][2]string{
		arn + "/stages/TEST": {"NotFoundException", "Invalid stage identifier specified"},
		"arn:aws:apigateway:ap-northeast-2::/restapis/none":     {"NotFoundException", "Invalid API identifier specified 123456789012:none"},
		"arn:aws:apigateway:us-east-1::/restapis/" + *api:       {"BadRequestException", "Invalid ARN specified in the request"},
		"arn:aws:apigateway:ap-northeast-2::/usageplans/abcdef": {"BadRequestException", "Invalid ARN specified in the request"},
	} {
		_, err := w.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: &resource})
		wantError(t, err, want[0], want[1])
	}
}
