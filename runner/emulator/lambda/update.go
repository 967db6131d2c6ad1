package lambda

import (
	"context"
	"maps"

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
	if err := supportedCode(call, in); err != nil {
		return nil, err
	}
	if in.ZipFile == nil {
		return nil, invalid("Please provide a source for function code.")
	}
	if err := checkZip(in.ZipFile); err != nil {
		return nil, err
	}
	v := f.Latest
	if err := s.setCode(&v, in.ZipFile); err != nil {
		return nil, err
	}
	f, c := s.changed(call, f, v)
	if in.Publish {
		f, v = publish(call, f, nil)
		c = s.configuration(call, v, s.arn(call, f.Name, v.Number))
		pending(&c) // so recorded: LocalStack, test_lambda_api.snapshot.json, test_publish_with_update
	}
	if !in.DryRun {
		s.replace(f)
	}
	return described[lambda.UpdateFunctionCodeOutput](c), nil
}

func (s *Service) updateFunctionConfiguration(ctx context.Context, in *lambda.UpdateFunctionConfigurationInput) (*lambda.UpdateFunctionConfigurationOutput, error) {
	call := awsproto.CallFrom(ctx)
	f, err := s.changeable(call, in.FunctionName, in.RevisionId)
	if err != nil {
		return nil, err
	}
	if err := supportedConfiguration(call, in); err != nil {
		return nil, err
	}
	v := f.Latest
	if in.Runtime != "" {
		v.Runtime = string(in.Runtime)
		if err := checkRuntime(v.Runtime); err != nil {
			return nil, err
		}
	}
	set(&v.Role, in.Role)
	set(&v.Handler, in.Handler)
	set(&v.Description, in.Description)
	set(&v.Timeout, in.Timeout)
	set(&v.Memory, in.MemorySize)
	if in.Environment != nil {
		v.Environment = maps.Clone(in.Environment.Variables)
	}
	if in.EphemeralStorage != nil {
		set(&v.Ephemeral, in.EphemeralStorage.Size)
	}
	if in.LoggingConfig != nil {
		set(&v.LogGroup, in.LoggingConfig.LogGroup)
	}
	if err := s.check(&v); err != nil {
		return nil, err
	}
	f, c := s.changed(call, f, v)
	s.replace(f)
	return described[lambda.UpdateFunctionConfigurationOutput](c), nil
}

func set[T any](into, given *T) {
	if given != nil {
		*into = *given
	}
}

// changeable finds a function that may be changed now.
func (s *Service) changeable(call *awsproto.Call, name, revision *string) (*function, error) {
	f, err := s.locateFunction(call, name, "")
	if err != nil {
		return nil, err
	}
	if err := checkRevision(revision, f.Latest.Revision); err != nil {
		return nil, err
	}
	const refusal = "The operation cannot be performed at this time. "
	switch {
	case call.Time.Before(f.Latest.Pending):
		return nil, conflict(refusal + "The function is currently in the following state: Pending")
	case call.Time.Before(f.Latest.Updating):
		return nil, conflict(refusal + "An update is in progress for resource: " + s.arn(call, f.Name, ""))
	}
	return f, nil
}

// changed makes v the function's $LATEST and describes it as AWS answers an
// update.
func (s *Service) changed(call *awsproto.Call, f *function, v version) (*function, types.FunctionConfiguration) {
	v.Revision, v.Modified = awsproto.UUID(call.Rand), call.Time
	v.Build = v.Revision
	if call.Strict {
		v.Updating = call.Time.Add(strictUpdating)
	}
	f = f.edit()
	f.Latest = v
	c := s.configuration(call, v, s.arn(call, f.Name, ""))
	inProgress(&c)
	return f, c
}

// replace puts a changed function in place and ends the instances of what it
// was.
func (s *Service) replace(f *function) {
	s.put(f)
	s.pool.retire(func(v version) bool {
		return v.Function == f.Name && v.Number == latest && v.Build != f.Latest.Build
	})
}
