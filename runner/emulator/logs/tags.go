package logs

import (
	"context"
	"maps"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// tagged returns the group of an ARN. AWS takes the ARN without the ":*" at its
// end here; with it, it says that the resource is not found. The caller holds
// the lock.
func (s *Service) tagged(arn *string) (*group, error) {
	if arn == nil {
		return nil, missing("resourceArn")
	}
	name, ok := strings.CutPrefix(*arn, s.groupARN(""))
	if g := s.groups[name]; ok && g != nil {
		return g, nil
	}
	return nil, &types.ResourceNotFoundException{Message: aws.String("The specified resource does not exist.")}
}

func (g *group) tag(tags map[string]string) error {
	if err := checkTags(g.Tags, tags); err != nil {
		return err
	}
	if g.Tags == nil {
		g.Tags = map[string]string{}
	}
	maps.Copy(g.Tags, tags)
	return nil
}

func (g *group) untag(keys []string) {
	for _, key := range keys {
		delete(g.Tags, key)
	}
}

// tags returns a copy; an empty map rather than nil, since AWS answers {}.
func (g *group) tags() map[string]string {
	tags := map[string]string{}
	maps.Copy(tags, g.Tags)
	return tags
}

func (s *Service) tagResource(_ context.Context, in *cloudwatchlogs.TagResourceInput) (*cloudwatchlogs.TagResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	if err := g.tag(in.Tags); err != nil {
		return nil, err
	}
	return &cloudwatchlogs.TagResourceOutput{}, nil
}

func (s *Service) untagResource(_ context.Context, in *cloudwatchlogs.UntagResourceInput) (*cloudwatchlogs.UntagResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	g.untag(in.TagKeys)
	return &cloudwatchlogs.UntagResourceOutput{}, nil
}

func (s *Service) listTagsForResource(_ context.Context, in *cloudwatchlogs.ListTagsForResourceInput) (*cloudwatchlogs.ListTagsForResourceOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.tagged(in.ResourceArn)
	if err != nil {
		return nil, err
	}
	return &cloudwatchlogs.ListTagsForResourceOutput{Tags: g.tags()}, nil
}

// The three operations below are AWS's older names for the same.

func (s *Service) tagLogGroup(_ context.Context, in *cloudwatchlogs.TagLogGroupInput) (*cloudwatchlogs.TagLogGroupOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if err := g.tag(in.Tags); err != nil {
		return nil, err
	}
	return &cloudwatchlogs.TagLogGroupOutput{}, nil
}

func (s *Service) untagLogGroup(_ context.Context, in *cloudwatchlogs.UntagLogGroupInput) (*cloudwatchlogs.UntagLogGroupOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	g.untag(in.Tags)
	return &cloudwatchlogs.UntagLogGroupOutput{}, nil
}

func (s *Service) listTagsLogGroup(_ context.Context, in *cloudwatchlogs.ListTagsLogGroupInput) (*cloudwatchlogs.ListTagsLogGroupOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	return &cloudwatchlogs.ListTagsLogGroupOutput{Tags: g.tags()}, nil
}
