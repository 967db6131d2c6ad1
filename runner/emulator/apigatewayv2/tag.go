package apigatewayv2

import (
	"context"
	"maps"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"

	"awslab/runner/emulator/awsproto"
)

// taggable are the ARNs of what can be tagged here: an API, or a stage of it.
var taggable = regexp.MustCompile(`^arn:aws:apigateway:([a-z0-9-]+)::/apis/([^/]+)(?:/stages/([^/]+))?$`)

// tagged finds the API of an ARN, to be changed, and the name of the stage where
// the ARN is a stage's.
func (s *Service) tagged(call *awsproto.Call, resource *string) (a *api, stage string, err error) {
	arn := aws.ToString(resource)
	m := taggable.FindStringSubmatch(arn)
	if m == nil || m[1] != call.Region {
		return nil, "", badRequest("Invalid ARN specified in the request") // REST's, of integrations (aws-sdk-java#860)
	}
	a, err = s.edit(call, &m[2])
	if err != nil {
		return nil, "", err
	}
	if m[3] != "" {
		if _, err := a.stage(&m[3]); err != nil {
			return nil, "", err
		}
	}
	return a, m[3], nil
}

func (a *api) tags(stage string) map[string]string {
	if stage != "" {
		return a.stages[stage].Tags
	}
	return a.Tags
}

func (s *Service) getTags(ctx context.Context, in *apigatewayv2.GetTagsInput) (*apigatewayv2.GetTagsOutput, error) {
	a, stage, err := s.tagged(awsproto.CallFrom(ctx), in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetTagsOutput{Tags: a.tags(stage)}, nil
}

func (s *Service) tagResource(ctx context.Context, in *apigatewayv2.TagResourceInput) (*apigatewayv2.TagResourceOutput, error) {
	return &apigatewayv2.TagResourceOutput{}, s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

func (s *Service) untagResource(ctx context.Context, in *apigatewayv2.UntagResourceInput) (*apigatewayv2.UntagResourceOutput, error) {
	return &apigatewayv2.UntagResourceOutput{}, s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, resource *string, change func(map[string]string)) error {
	a, name, err := s.tagged(awsproto.CallFrom(ctx), resource)
	if err != nil {
		return err
	}
	tags := maps.Clone(a.tags(name))
	change(tags)
	if err := checkTags(tags); err != nil {
		return err
	}
	if name != "" {
		changed := *a.stages[name]
		changed.Tags = tags
		a.stages[name] = &changed
	} else {
		changed := *a.Api
		changed.Tags = tags
		a.Api = &changed
	}
	s.put(a)
	return nil
}
