package lambda

import (
	"context"
	"maps"

	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) listTags(ctx context.Context, in *lambda.ListTagsInput) (*lambda.ListTagsOutput, error) {
	f, err := s.locateFunction(awsproto.CallFrom(ctx), in.Resource, "")
	if err != nil {
		return nil, err
	}
	tags := maps.Clone(f.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	return &lambda.ListTagsOutput{Tags: tags}, nil
}

func (s *Service) tagResource(ctx context.Context, in *lambda.TagResourceInput) (*lambda.TagResourceOutput, error) {
	return &lambda.TagResourceOutput{}, s.changeTags(ctx, in.Resource, func(tags map[string]string) {
		maps.Copy(tags, in.Tags)
	})
}

func (s *Service) untagResource(ctx context.Context, in *lambda.UntagResourceInput) (*lambda.UntagResourceOutput, error) {
	return &lambda.UntagResourceOutput{}, s.changeTags(ctx, in.Resource, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, resource *string, change func(map[string]string)) error {
	f, err := s.locateFunction(awsproto.CallFrom(ctx), resource, "")
	if err != nil {
		return err
	}
	f = f.edit()
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	change(f.Tags)
	if len(f.Tags) > 50 {
		return invalid("The number of tags on resource %s exceeds the limit of 50", f.Name)
	}
	s.put(f)
	return nil
}
