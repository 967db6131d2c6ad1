package lambda

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// function is one function as snapshots keep it.
type function struct {
	Name         string
	Runtime      string
	Role         string
	Handler      string
	Description  string
	Timeout      int32 // seconds
	Memory       int32 // MB
	Environment  map[string]string
	Tags         map[string]string
	Architecture string
	Ephemeral    int32 // MB
	LogGroup     string

	Code       string // of the code store
	CodeSha256 string // base64, as AWS gives it
	CodeSize   int64
	Revision   string

	Modified time.Time
	// Pending and Updating are until when the function is created or updated.
	Pending, Updating time.Time
}

// The times that AWS takes to make and to change a function, in strict mode.
const (
	strictPending  = 3 * time.Second
	strictUpdating = 2 * time.Second
)

func (s *Service) arn(call *awsproto.Call, name string) string {
	return "arn:aws:lambda:" + call.Region + ":" + call.Account + ":function:" + name
}

// lastModified is Lambda's own format, a string on the wire.
func lastModified(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000-0700") }

// configuration is a function as AWS describes it at the time of the call.
func (s *Service) configuration(call *awsproto.Call, f *function) types.FunctionConfiguration {
	c := types.FunctionConfiguration{
		Architectures:    []types.Architecture{types.Architecture(f.Architecture)},
		CodeSha256:       aws.String(f.CodeSha256),
		CodeSize:         f.CodeSize,
		Description:      aws.String(f.Description),
		EphemeralStorage: &types.EphemeralStorage{Size: aws.Int32(f.Ephemeral)},
		FunctionArn:      aws.String(s.arn(call, f.Name)),
		FunctionName:     aws.String(f.Name),
		Handler:          aws.String(f.Handler),
		LastModified:     aws.String(lastModified(f.Modified)),
		LoggingConfig:    &types.LoggingConfig{LogFormat: types.LogFormatText, LogGroup: aws.String(f.LogGroup)},
		MemorySize:       aws.Int32(f.Memory),
		PackageType:      types.PackageTypeZip,
		RevisionId:       aws.String(f.Revision),
		Role:             aws.String(f.Role),
		Runtime:          types.Runtime(f.Runtime),
		RuntimeVersionConfig: &types.RuntimeVersionConfig{
			RuntimeVersionArn: aws.String(runtimeARN(call.Region, f.Runtime)),
		},
		SnapStart:     &types.SnapStartResponse{ApplyOn: types.SnapStartApplyOnNone, OptimizationStatus: types.SnapStartOptimizationStatusOff},
		Timeout:       aws.Int32(f.Timeout),
		TracingConfig: &types.TracingConfigResponse{Mode: types.TracingModePassThrough},
		Version:       aws.String("$LATEST"),
		State:         types.StateActive, LastUpdateStatus: types.LastUpdateStatusSuccessful,
	}
	if f.Environment != nil {
		c.Environment = &types.EnvironmentResponse{Variables: copyOf(f.Environment)}
	}
	if call.Time.Before(f.Pending) {
		c.State, c.StateReason, c.StateReasonCode = types.StatePending, aws.String("The function is being created."), types.StateReasonCodeCreating
		c.LastUpdateStatus = ""
	} else if call.Time.Before(f.Updating) {
		c.LastUpdateStatus = types.LastUpdateStatusInProgress
		c.LastUpdateStatusReason = aws.String("The function is being created.")
		c.LastUpdateStatusReasonCode = types.LastUpdateStatusReasonCode("Creating")
	}
	return c
}

// created is the answer of CreateFunction: the function is Pending in it even
// where it is ready at once.
func (s *Service) created(call *awsproto.Call, f *function) *lambda.CreateFunctionOutput {
	c := s.configuration(call, f)
	return &lambda.CreateFunctionOutput{
		Architectures: c.Architectures, CodeSha256: c.CodeSha256, CodeSize: c.CodeSize, Description: c.Description,
		Environment: c.Environment, EphemeralStorage: c.EphemeralStorage, FunctionArn: c.FunctionArn, FunctionName: c.FunctionName,
		Handler: c.Handler, LastModified: c.LastModified, LoggingConfig: c.LoggingConfig, MemorySize: c.MemorySize,
		PackageType: c.PackageType, RevisionId: c.RevisionId, Role: c.Role, Runtime: c.Runtime, RuntimeVersionConfig: c.RuntimeVersionConfig,
		SnapStart: c.SnapStart, State: types.StatePending, StateReason: aws.String("The function is being created."), StateReasonCode: types.StateReasonCodeCreating,
		Timeout: c.Timeout, TracingConfig: c.TracingConfig, Version: c.Version,
	}
}

// runtimeARN names the version of a runtime; AWS's ends in a hash of the image,
// ours says whose it is.
func runtimeARN(region, runtime string) string {
	return "arn:aws:lambda:" + region + "::runtime:awslab-" + strings.ReplaceAll(runtime, ".", "-")
}

func copyOf(m map[string]string) map[string]string {
	if m == nil {
		return nil
	}
	c := make(map[string]string, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}
