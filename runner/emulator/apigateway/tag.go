package apigateway

import (
	"context"
	"maps"
	"regexp"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) tagOperations() []awsproto.Operation {
	const tags = "/tags/{ResourceArn}"
	return []awsproto.Operation{
		awsproto.REST("GetTags", "GET "+tags, 200, s.getTags),
		awsproto.REST("TagResource", "PUT "+tags, 204, s.tagResource),
		awsproto.REST("UntagResource", "DELETE "+tags, 204, s.untagResource),
	}
}

const maxTags = 50 // of one resource (Developer Guide, "Tag restrictions")

// taggable are the ARNs of what can be tagged here: an API, or a stage of it.
var taggable = regexp.MustCompile(`^arn:aws:apigateway:([a-z0-9-]+)::/restapis/([^/]+)(?:/stages/([^/]+))?$`)

// tagged finds the API of an ARN, to be changed, and the name of the stage where
// the ARN is a stage's.
func (s *Service) tagged(call *awsproto.Call, resource *string) (a *api, stage string, err error) {
	m := taggable.FindStringSubmatch(aws.ToString(resource))
	if m == nil || m[1] != call.Region {
		return nil, "", badRequest("Invalid ARN specified in the request") // of integrations; no record of this one was found
	}
	a, err = s.edit(call, &m[2])
	if err != nil {
		return nil, "", err
	}
	if m[3] != "" {
		if _, ok := a.stages[m[3]]; !ok {
			return nil, "", noSuchStage()
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

func (s *Service) getTags(ctx context.Context, in *apigateway.GetTagsInput) (*apigateway.GetTagsOutput, error) {
	a, stage, err := s.tagged(awsproto.CallFrom(ctx), in.ResourceArn)
	if err != nil {
		return nil, err
	}
	tags := a.tags(stage)
	if tags == nil {
		tags = map[string]string{}
	}
	return &apigateway.GetTagsOutput{Tags: tags}, nil
}

func (s *Service) tagResource(ctx context.Context, in *apigateway.TagResourceInput) (*apigateway.TagResourceOutput, error) {
	return &apigateway.TagResourceOutput{}, s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) { maps.Copy(tags, in.Tags) })
}

func (s *Service) untagResource(ctx context.Context, in *apigateway.UntagResourceInput) (*apigateway.UntagResourceOutput, error) {
	return &apigateway.UntagResourceOutput{}, s.changeTags(ctx, in.ResourceArn, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, resource *string, change func(map[string]string)) error {
	a, stage, err := s.tagged(awsproto.CallFrom(ctx), resource)
	if err != nil {
		return err
	}
	tags := maps.Clone(a.tags(stage))
	if tags == nil {
		tags = map[string]string{}
	}
	change(tags)
	if err := checkTags(tags); err != nil {
		return err
	}
	if stage != "" {
		changed := *a.stages[stage]
		changed.Tags = tags
		a.stages[stage] = &changed
	} else {
		changed := *a.RestApi
		changed.Tags = tags
		a.RestApi = &changed
	}
	s.put(a)
	return nil
}

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return badRequest("Too many tags: a resource may have %d", maxTags) // no record was found
	}
	return nil
}
