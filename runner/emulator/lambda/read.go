package lambda

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) getFunction(ctx context.Context, in *lambda.GetFunctionInput) (*lambda.GetFunctionOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.locate(call, in.FunctionName, in.Qualifier, "")
	if err != nil {
		return nil, err
	}
	c := s.configuration(call, &f)
	// AWS gives a presigned URL of S3 in Code.Location; there is no S3 here, so
	// the member is left out rather than made up.
	out := &lambda.GetFunctionOutput{Configuration: &c, Code: &types.FunctionCodeLocation{RepositoryType: aws.String("S3")}}
	if len(f.Tags) > 0 {
		out.Tags = copyOf(f.Tags)
	}
	return out, nil
}

func (s *Service) getFunctionConfiguration(ctx context.Context, in *lambda.GetFunctionConfigurationInput) (*lambda.GetFunctionConfigurationOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.locate(call, in.FunctionName, in.Qualifier, "")
	if err != nil {
		return nil, err
	}
	c := s.configuration(call, &f)
	return &lambda.GetFunctionConfigurationOutput{
		Architectures: c.Architectures, CodeSha256: c.CodeSha256, CodeSize: c.CodeSize, Description: c.Description, Environment: c.Environment,
		EphemeralStorage: c.EphemeralStorage, FunctionArn: c.FunctionArn, FunctionName: c.FunctionName, Handler: c.Handler,
		LastModified: c.LastModified, LastUpdateStatus: c.LastUpdateStatus, LastUpdateStatusReason: c.LastUpdateStatusReason,
		LastUpdateStatusReasonCode: c.LastUpdateStatusReasonCode, LoggingConfig: c.LoggingConfig, MemorySize: c.MemorySize,
		PackageType: c.PackageType, RevisionId: c.RevisionId, Role: c.Role, Runtime: c.Runtime, RuntimeVersionConfig: c.RuntimeVersionConfig,
		SnapStart: c.SnapStart, State: c.State, StateReason: c.StateReason, StateReasonCode: c.StateReasonCode,
		Timeout: c.Timeout, TracingConfig: c.TracingConfig, Version: c.Version,
	}, nil
}

func (s *Service) listFunctions(ctx context.Context, in *lambda.ListFunctionsInput) (*lambda.ListFunctionsOutput, error) {
	call := awsproto.CallFrom(ctx)
	limit := 50
	if in.MaxItems != nil {
		if *in.MaxItems < 1 || *in.MaxItems > 10000 {
			return nil, validation("maxItems", "maxItems", "have value between 1 and 10000")
		}
		limit = min(int(*in.MaxItems), 50)
	}
	after := ""
	if in.Marker != nil {
		name, err := base64.StdEncoding.DecodeString(*in.Marker)
		if err != nil {
			return nil, invalid("Invalid marker")
		}
		after = string(name)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &lambda.ListFunctionsOutput{Functions: []types.FunctionConfiguration{}}
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		if strings.Compare(name, after) <= 0 && after != "" {
			continue
		}
		if len(out.Functions) == limit {
			last := aws.ToString(out.Functions[limit-1].FunctionName)
			out.NextMarker = aws.String(base64.StdEncoding.EncodeToString([]byte(last)))
			break
		}
		c := s.configuration(call, s.functions[name])
		// ListFunctions leaves the states out (API Reference, ListFunctions).
		c.State, c.StateReason, c.StateReasonCode = "", nil, ""
		c.LastUpdateStatus, c.LastUpdateStatusReason, c.LastUpdateStatusReasonCode = "", nil, ""
		c.RuntimeVersionConfig = nil
		out.Functions = append(out.Functions, c)
	}
	return out, nil
}

func (s *Service) listTags(ctx context.Context, in *lambda.ListTagsInput) (*lambda.ListTagsOutput, error) {
	f, err := s.locate(awsproto.CallFrom(ctx), in.Resource, nil, "")
	if err != nil {
		return nil, err
	}
	tags := copyOf(f.Tags)
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
	f, err := s.locate(awsproto.CallFrom(ctx), resource, nil, "")
	if err != nil {
		return err
	}
	tags := copyOf(f.Tags)
	if tags == nil {
		tags = map[string]string{}
	}
	change(tags)
	if len(tags) > 50 {
		return invalid("The number of tags on resource %s exceeds the limit of 50", f.Name)
	}
	f.Tags = tags
	s.mu.Lock()
	defer s.mu.Unlock()
	s.functions[f.Name] = &f
	return nil
}
