package lambda

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) getFunction(ctx context.Context, in *lambda.GetFunctionInput) (*lambda.GetFunctionOutput, error) {
	call := awsproto.CallFrom(ctx)
	l, err := s.locate(call, in.FunctionName, in.Qualifier, "")
	if err != nil {
		return nil, err
	}
	c := s.configuration(call, l.version, l.arn)
	// AWS gives a presigned URL of S3 in Code.Location; there is no S3 here, so
	// the member is left out rather than made up.
	out := &lambda.GetFunctionOutput{Configuration: &c, Code: &types.FunctionCodeLocation{RepositoryType: aws.String("S3")}}
	if len(l.Tags) > 0 {
		out.Tags = maps.Clone(l.Tags)
	}
	if l.Reserved != nil {
		out.Concurrency = &types.Concurrency{ReservedConcurrentExecutions: l.Reserved}
	}
	return out, nil
}

func (s *Service) getFunctionConfiguration(ctx context.Context, in *lambda.GetFunctionConfigurationInput) (*lambda.GetFunctionConfigurationOutput, error) {
	call := awsproto.CallFrom(ctx)
	l, err := s.locate(call, in.FunctionName, in.Qualifier, "")
	if err != nil {
		return nil, err
	}
	return described[lambda.GetFunctionConfigurationOutput](s.configuration(call, l.version, l.arn)), nil
}

func (s *Service) listFunctions(ctx context.Context, in *lambda.ListFunctionsInput) (*lambda.ListFunctionsOutput, error) {
	call := awsproto.CallFrom(ctx)
	all := in.FunctionVersion == types.FunctionVersionAll
	if !all && in.FunctionVersion != "" {
		return nil, validation(string(in.FunctionVersion), "functionVersion", "satisfy enum value set: [ALL]")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	var versions []version
	for _, name := range slices.Sorted(maps.Keys(s.functions)) {
		versions = append(versions, s.functions[name].Latest)
		if all {
			versions = append(versions, s.functions[name].Versions...)
		}
	}
	items, next, err := page(in.Marker, in.MaxItems, versions, func(v version) string { return v.Function + ":" + v.order() })
	if err != nil {
		return nil, err
	}
	out := &lambda.ListFunctionsOutput{Functions: []types.FunctionConfiguration{}, NextMarker: next}
	for _, v := range items {
		qualifier := ""
		if all {
			qualifier = v.Number
		}
		out.Functions = append(out.Functions, listed(s.configuration(call, v, s.arn(call, v.Function, qualifier))))
	}
	return out, nil
}
