package lambda

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) updateFunctionCode(ctx context.Context, in *lambda.UpdateFunctionCodeInput) (*lambda.UpdateFunctionCodeOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.changeable(call, in.FunctionName, in.RevisionId)
	if err != nil {
		return nil, err
	}
	for what, given := range map[string]bool{"S3Bucket: give the package itself, --zip-file fileb://FILE": in.S3Bucket != nil, "ImageUri": in.ImageUri != nil, "Publish": in.Publish} {
		if given {
			return nil, awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate lambda:UpdateFunctionCode with "+what)
		}
	}
	if in.ZipFile == nil {
		return nil, invalid("Please provide a source for function code.")
	}
	if err := checkZip(in.ZipFile); err != nil {
		return nil, err
	}
	if err := s.setCode(&f, in.ZipFile); err != nil {
		return nil, err
	}
	c := s.commit(call, f, !in.DryRun)
	return &lambda.UpdateFunctionCodeOutput{
		Architectures: c.Architectures, CodeSha256: c.CodeSha256, CodeSize: c.CodeSize, Description: c.Description, Environment: c.Environment,
		EphemeralStorage: c.EphemeralStorage, FunctionArn: c.FunctionArn, FunctionName: c.FunctionName, Handler: c.Handler,
		LastModified: c.LastModified, LastUpdateStatus: c.LastUpdateStatus, LastUpdateStatusReason: c.LastUpdateStatusReason,
		LastUpdateStatusReasonCode: c.LastUpdateStatusReasonCode, LoggingConfig: c.LoggingConfig, MemorySize: c.MemorySize,
		PackageType: c.PackageType, RevisionId: c.RevisionId, Role: c.Role, Runtime: c.Runtime, RuntimeVersionConfig: c.RuntimeVersionConfig,
		SnapStart: c.SnapStart, State: c.State, Timeout: c.Timeout, TracingConfig: c.TracingConfig, Version: c.Version,
	}, nil
}

func (s *Service) updateFunctionConfiguration(ctx context.Context, in *lambda.UpdateFunctionConfigurationInput) (*lambda.UpdateFunctionConfigurationOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.changeable(call, in.FunctionName, in.RevisionId)
	if err != nil {
		return nil, err
	}
	if len(in.Layers) > 0 || (in.VpcConfig != nil && len(in.VpcConfig.SubnetIds) > 0) || len(in.FileSystemConfigs) > 0 {
		return nil, awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate lambda:UpdateFunctionConfiguration with Layers, VpcConfig or FileSystemConfigs")
	}
	if in.Runtime != "" {
		f.Runtime = string(in.Runtime)
		if err := checkRuntime(f.Runtime); err != nil {
			return nil, err
		}
	}
	set(&f.Role, in.Role)
	set(&f.Handler, in.Handler)
	set(&f.Description, in.Description)
	set(&f.Timeout, in.Timeout)
	set(&f.Memory, in.MemorySize)
	if in.Environment != nil {
		f.Environment = copyOf(in.Environment.Variables)
	}
	if in.EphemeralStorage != nil {
		set(&f.Ephemeral, in.EphemeralStorage.Size)
	}
	if in.LoggingConfig != nil {
		set(&f.LogGroup, in.LoggingConfig.LogGroup)
	}
	if err := s.check(&f); err != nil {
		return nil, err
	}
	c := s.commit(call, f, true)
	return &lambda.UpdateFunctionConfigurationOutput{
		Architectures: c.Architectures, CodeSha256: c.CodeSha256, CodeSize: c.CodeSize, Description: c.Description, Environment: c.Environment,
		EphemeralStorage: c.EphemeralStorage, FunctionArn: c.FunctionArn, FunctionName: c.FunctionName, Handler: c.Handler,
		LastModified: c.LastModified, LastUpdateStatus: c.LastUpdateStatus, LastUpdateStatusReason: c.LastUpdateStatusReason,
		LastUpdateStatusReasonCode: c.LastUpdateStatusReasonCode, LoggingConfig: c.LoggingConfig, MemorySize: c.MemorySize,
		PackageType: c.PackageType, RevisionId: c.RevisionId, Role: c.Role, Runtime: c.Runtime, RuntimeVersionConfig: c.RuntimeVersionConfig,
		SnapStart: c.SnapStart, State: c.State, Timeout: c.Timeout, TracingConfig: c.TracingConfig, Version: c.Version,
	}, nil
}

func set[T any](into, given *T) {
	if given != nil {
		*into = *given
	}
}

// changeable finds a function that may be changed now.
func (s *Service) changeable(call *awsproto.Call, name, revision *string) (function, error) {
	f, err := s.locate(call, name, nil, "")
	if err != nil {
		return function{}, err
	}
	if revision != nil && *revision != f.Revision {
		return function{}, &types.PreconditionFailedException{Type: aws.String("User"), Message: aws.String("The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")}
	}
	conflict := func(why string) error {
		return &types.ResourceConflictException{Type: aws.String("User"), Message: aws.String("The operation cannot be performed at this time. " + why)}
	}
	switch {
	case call.Time.Before(f.Pending):
		return function{}, conflict("The function is currently in the following state: Pending")
	case call.Time.Before(f.Updating):
		return function{}, conflict("An update is in progress for resource: " + s.arn(call, f.Name))
	}
	return f, nil
}

// commit puts a changed function in place and describes it; with store false it
// only describes it, as DryRun asks.
func (s *Service) commit(call *awsproto.Call, f function, store bool) types.FunctionConfiguration {
	f.Revision, f.Modified = awsproto.UUID(call.Rand), call.Time
	if call.Strict {
		f.Updating = call.Time.Add(strictUpdating)
	}
	if store {
		s.mu.Lock()
		s.functions[f.Name] = &f
		s.mu.Unlock()
		s.pool.retire(f.Name, f.Revision)
	}
	c := s.configuration(call, &f)
	c.LastUpdateStatus = types.LastUpdateStatusInProgress
	c.LastUpdateStatusReason = aws.String("The function is being created.")
	c.LastUpdateStatusReasonCode = types.LastUpdateStatusReasonCode("Creating")
	return c
}
