package lambda

import (
	"context"
	"fmt"
	"reflect"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// order sorts the versions of a function: $LATEST first, then as published.
func (v version) order() string {
	if v.Number == latest {
		return "0"
	}
	return fmt.Sprintf("1%020s", v.Number)
}

func (s *Service) publishVersion(ctx context.Context, in *lambda.PublishVersionInput) (*lambda.PublishVersionOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.changeable(call, in.FunctionName, in.RevisionId)
	if err != nil {
		return nil, err
	}
	if in.PublishTo != "" {
		return nil, awsproto.UnsupportedWith(call, "PublishTo")
	}
	if given := aws.ToString(in.CodeSha256); given != "" && given != f.Latest.CodeSha256 {
		// Recorded: LocalStack, test_lambda_api.snapshot.json, test_publish_with_wrong_sha256.
		return nil, invalid("CodeSHA256 (%s) is different from current CodeSHA256 in $LATEST (%s). Please try again with the CodeSHA256 in $LATEST.", given, f.Latest.CodeSha256)
	}
	if err := checkDescription(aws.ToString(in.Description)); err != nil {
		return nil, err
	}
	f, v := publish(call, f, in.Description)
	s.put(f)
	return described[lambda.PublishVersionOutput](s.configuration(call, v, s.arn(call, f.Name, v.Number))), nil
}

// publish freezes $LATEST as a new version; if nothing has changed since the
// last one, it gives that (API Reference, PublishVersion). $LATEST gets a new
// revision by it (recorded: LocalStack, TestLambdaVersions).
func publish(call *awsproto.Call, f *function, description *string) (*function, version) {
	if n := len(f.Versions); n > 0 && f.Versions[n-1].Number == strconv.Itoa(f.Last) {
		last := f.Versions[n-1]
		frozen := last.settings
		frozen.Description = last.Before
		if reflect.DeepEqual(frozen, f.Latest.settings) {
			return f, last
		}
	}
	f = f.edit()
	f.Last++
	v := f.Latest
	v.Number, v.Revision, v.Before = strconv.Itoa(f.Last), awsproto.UUID(call.Rand), v.Description
	v.Build = v.Revision
	set(&v.Description, description)
	f.Versions = append(f.Versions, v)
	f.Latest.Revision = awsproto.UUID(call.Rand)
	return f, v
}

func (s *Service) listVersionsByFunction(ctx context.Context, in *lambda.ListVersionsByFunctionInput) (*lambda.ListVersionsByFunctionOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.locateFunction(call, in.FunctionName, "")
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.Marker, in.MaxItems, append([]version{f.Latest}, f.Versions...), version.order)
	if err != nil {
		return nil, err
	}
	out := &lambda.ListVersionsByFunctionOutput{NextMarker: next, Versions: []types.FunctionConfiguration{}}
	for _, v := range items {
		out.Versions = append(out.Versions, listed(s.configuration(call, v, s.arn(call, f.Name, v.Number))))
	}
	return out, nil
}
