package lambda

import (
	"context"
	"maps"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/emulator/awsproto"
)

// maxTags is how many tags a function may have (Developer Guide, "Using tags on
// Lambda functions").
const maxTags = 50

// The texts of this file are those of LocalStack's provider.py, which its tests
// compared with AWS.

const taggable = `arn:(aws[a-zA-Z-]*):lambda:[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:\d{12}:(function:[a-zA-Z0-9-_]+(:(\$LATEST|[a-zA-Z0-9-_]+))?|layer:([a-zA-Z0-9-_]+)|code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12})`

var taggableForm = regexp.MustCompile("^" + taggable + "$")

// locateTagged finds the function of an ARN, which is what can be tagged here.
func (s *Service) locateTagged(call *awsproto.Call, resource *string) (*function, error) {
	arn := aws.ToString(resource)
	if !taggableForm.MatchString(arn) {
		return nil, validation(arn, "resource", "satisfy regular expression pattern: "+taggable)
	}
	if !strings.Contains(arn, ":function:") {
		return nil, awsproto.UnsupportedWith(call, "a resource that is no function")
	}
	t, err := s.parseName(call, resource)
	if err != nil {
		return nil, err
	}
	if t.qualifier != "" {
		return nil, invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.")
	}
	f, ok := s.find(t.name)
	if !ok {
		return nil, notFound(arn)
	}
	return f, nil
}

func (s *Service) listTags(ctx context.Context, in *lambda.ListTagsInput) (*lambda.ListTagsOutput, error) {
	f, err := s.locateTagged(awsproto.CallFrom(ctx), in.Resource)
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
	if len(in.Tags) == 0 {
		return nil, invalid("An error occurred and the request cannot be processed.")
	}
	return &lambda.TagResourceOutput{}, s.changeTags(ctx, in.Resource, func(tags map[string]string) {
		maps.Copy(tags, in.Tags)
	})
}

func (s *Service) untagResource(ctx context.Context, in *lambda.UntagResourceInput) (*lambda.UntagResourceOutput, error) {
	if len(in.TagKeys) == 0 {
		return nil, missing("tagKeys")
	}
	return &lambda.UntagResourceOutput{}, s.changeTags(ctx, in.Resource, func(tags map[string]string) {
		for _, key := range in.TagKeys {
			delete(tags, key)
		}
	})
}

func (s *Service) changeTags(ctx context.Context, resource *string, change func(map[string]string)) error {
	call := awsproto.CallFrom(ctx)
	f, err := s.locateTagged(call, resource)
	if err != nil {
		return err
	}
	f = f.edit()
	if f.Tags == nil {
		f.Tags = map[string]string{}
	}
	change(f.Tags)
	if len(f.Tags) > maxTags {
		return invalid("Number of tags exceeds resource tag limit.")
	}
	s.put(f)
	return nil
}
