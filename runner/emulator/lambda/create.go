package lambda

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"maps"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) createFunction(ctx context.Context, in *lambda.CreateFunctionInput) (*lambda.CreateFunctionOutput, error) {
	call := awsproto.CallFrom(ctx)
	t, err := s.parseName(call, in.FunctionName)
	if err != nil {
		return nil, err
	}
	if err := supportedCreate(call, in); err != nil {
		return nil, err
	}
	v := version{
		Function: t.name, Number: latest, Revision: awsproto.UUID(call.Rand), Modified: call.Time,
		settings: settings{
			Runtime: string(in.Runtime), Role: aws.ToString(in.Role), Handler: aws.ToString(in.Handler),
			Description: aws.ToString(in.Description), Timeout: 3, Memory: 128, Ephemeral: 512,
			Architecture: "x86_64", LogGroup: "/aws/lambda/" + t.name,
		},
	}
	v.Build = v.Revision
	set(&v.Timeout, in.Timeout)
	set(&v.Memory, in.MemorySize)
	if in.Environment != nil {
		v.Environment = maps.Clone(in.Environment.Variables)
	}
	if in.EphemeralStorage != nil {
		v.Ephemeral = aws.ToInt32(in.EphemeralStorage.Size)
	}
	if in.LoggingConfig != nil && in.LoggingConfig.LogGroup != nil {
		v.LogGroup = *in.LoggingConfig.LogGroup
	}
	if v.Runtime == "" {
		return nil, invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	if err := checkRuntime(v.Runtime); err != nil {
		return nil, err
	}
	if err := s.check(&v); err != nil {
		return nil, err
	}
	if len(in.Tags) > maxTags {
		return nil, invalid("Number of tags exceeds resource tag limit.")
	}
	if in.Code == nil || in.Code.ZipFile == nil {
		return nil, invalid("Please provide a source for function code.")
	}
	if err := checkZip(in.Code.ZipFile); err != nil {
		return nil, err
	}
	if _, exists := s.find(t.name); exists {
		return nil, conflict("Function already exist: " + t.name)
	}
	if err := s.setCode(&v, in.Code.ZipFile); err != nil {
		return nil, err
	}
	if call.Strict {
		v.Pending = call.Time.Add(strictPending)
	}
	f := &function{Name: t.name, Latest: v, Tags: maps.Clone(in.Tags)}
	if in.Publish {
		f, v = publish(call, f, nil)
	}
	s.put(f)
	// The answer says Pending even where the function is ready at once, and has
	// the ARN without a version even where one was published (recorded:
	// LocalStack, test_lambda_api.snapshot.json, TestLambdaVersions).
	c := s.configuration(call, v, s.arn(call, f.Name, ""))
	pending(&c)
	return described[lambda.CreateFunctionOutput](c), nil
}

// check applies the rules that hold for a new and for a changed function.
func (s *Service) check(v *version) error {
	return cmp.Or(
		checkDescription(v.Description),
		checkHandler(v.Handler),
		checkRange(v.Timeout, "timeout", 1, 900),
		checkRange(v.Memory, "memorySize", 128, 10240),
		checkRange(v.Ephemeral, "ephemeralStorage.size", 512, 10240),
		checkEnvironment(v.Environment),
		checkLogGroup(v.LogGroup),
		s.checkRole(v.Role),
	)
}

// setCode stores a package and describes it.
func (s *Service) setCode(v *version, data []byte) error {
	sum, err := s.cfg.Code.Put(data)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(data)
	v.Code, v.CodeSha256, v.CodeSize = sum, base64.StdEncoding.EncodeToString(digest[:]), int64(len(data))
	return nil
}
