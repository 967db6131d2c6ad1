package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) createFunction(ctx context.Context, in *lambda.CreateFunctionInput) (*lambda.CreateFunctionOutput, error) {
	call := awsproto.CallFrom(ctx)
	t, err := s.parseName(call, in.FunctionName)
	if err != nil {
		return nil, err
	}
	if err := unsupportedCreate(in); err != nil {
		return nil, err
	}
	f := &function{
		Name: t.name, Runtime: string(in.Runtime), Role: aws.ToString(in.Role), Handler: aws.ToString(in.Handler),
		Description: aws.ToString(in.Description), Timeout: 3, Memory: 128, Ephemeral: 512,
		Architecture: "x86_64", LogGroup: "/aws/lambda/" + t.name, Tags: copyOf(in.Tags),
		Revision: awsproto.UUID(call.Rand), Modified: call.Time,
	}
	if in.Timeout != nil {
		f.Timeout = *in.Timeout
	}
	if in.MemorySize != nil {
		f.Memory = *in.MemorySize
	}
	if in.Environment != nil {
		f.Environment = copyOf(in.Environment.Variables)
	}
	if in.EphemeralStorage != nil {
		f.Ephemeral = aws.ToInt32(in.EphemeralStorage.Size)
	}
	if in.LoggingConfig != nil && in.LoggingConfig.LogGroup != nil {
		f.LogGroup = *in.LoggingConfig.LogGroup
	}
	if f.Runtime == "" {
		return nil, invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.")
	}
	if err := checkRuntime(f.Runtime); err != nil {
		return nil, err
	}
	if err := s.check(f); err != nil {
		return nil, err
	}
	if in.Code == nil || in.Code.ZipFile == nil {
		return nil, invalid("Please provide a source for function code.")
	}
	if err := checkZip(in.Code.ZipFile); err != nil {
		return nil, err
	}
	if _, exists := s.find(t.name); exists {
		return nil, &types.ResourceConflictException{Type: aws.String("User"), Message: aws.String("Function already exist: " + t.name)}
	}
	if err := s.setCode(f, in.Code.ZipFile); err != nil {
		return nil, err
	}
	if call.Strict {
		f.Pending = call.Time.Add(strictPending)
	}
	s.mu.Lock()
	s.functions[f.Name] = f
	s.mu.Unlock()
	return s.created(call, f), nil
}

// check applies the rules that hold for a new and for a changed function.
func (s *Service) check(f *function) error {
	if err := checkHandler(f.Handler); err != nil {
		return err
	}
	if err := checkTimeout(f.Timeout); err != nil {
		return err
	}
	if err := checkMemory(f.Memory); err != nil {
		return err
	}
	if f.Ephemeral < 512 || f.Ephemeral > 10240 {
		return validation("EphemeralStorage", "ephemeralStorage.size", "have value between 512 and 10240")
	}
	if err := checkEnvironment(f.Environment); err != nil {
		return err
	}
	return s.checkRole(f.Role)
}

// unsupportedCreate refuses by name what would be stored and then not obeyed.
func unsupportedCreate(in *lambda.CreateFunctionInput) error {
	refuse := func(what string) error {
		return awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate lambda:CreateFunction with "+what)
	}
	switch {
	case in.PackageType == types.PackageTypeImage:
		return refuse("PackageType Image")
	case in.Code != nil && in.Code.S3Bucket != nil:
		return refuse("Code.S3Bucket: give the package itself, --zip-file fileb://FILE")
	case in.Publish:
		return refuse("Publish")
	case len(in.Layers) > 0:
		return refuse("Layers")
	case in.VpcConfig != nil && len(in.VpcConfig.SubnetIds) > 0:
		return refuse("VpcConfig")
	case len(in.FileSystemConfigs) > 0:
		return refuse("FileSystemConfigs")
	case in.SnapStart != nil && in.SnapStart.ApplyOn == types.SnapStartApplyOnPublishedVersions:
		return refuse("SnapStart")
	case len(in.Architectures) == 1 && in.Architectures[0] == types.ArchitectureArm64:
		return refuse("Architectures arm64")
	case in.LoggingConfig != nil && in.LoggingConfig.LogFormat == types.LogFormatJson:
		return refuse("LoggingConfig.LogFormat JSON")
	}
	return nil
}

// setCode stores a package and describes it.
func (s *Service) setCode(f *function, data []byte) error {
	sum, err := s.cfg.Code.Put(data)
	if err != nil {
		return err
	}
	digest := sha256.Sum256(data)
	f.Code, f.CodeSha256, f.CodeSize = sum, base64.StdEncoding.EncodeToString(digest[:]), int64(len(data))
	return nil
}

func (s *Service) deleteFunction(ctx context.Context, in *lambda.DeleteFunctionInput) (*lambda.DeleteFunctionOutput, error) {
	f, err := s.locate(awsproto.CallFrom(ctx), in.FunctionName, in.Qualifier, "")
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	delete(s.functions, f.Name)
	s.mu.Unlock()
	s.pool.retire(f.Name, "")
	return &lambda.DeleteFunctionOutput{}, nil
}
