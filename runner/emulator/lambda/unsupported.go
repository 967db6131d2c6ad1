package lambda

import (
	"cmp"
	"net/http"
	"reflect"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// unsupported refuses by name what would be stored and then not obeyed.
func unsupported(call *awsproto.Call, what string) error {
	return awsproto.Error("NotImplementedException", http.StatusNotImplemented, "awslab does not emulate lambda:"+call.Operation+" with "+what)
}

// only refuses an input that has another member than those: those of a newer
// SDK too.
func only(call *awsproto.Call, in any, members ...string) error {
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() || v.Field(i).IsZero() || slices.Contains(members, field.Name) {
			continue
		}
		if v.Field(i).Kind() == reflect.Slice && v.Field(i).Len() == 0 {
			continue // an empty list asks for nothing
		}
		return unsupported(call, field.Name)
	}
	return nil
}

// supportedCreate refuses what CreateFunction would not obey. What asks for no
// more than the default is let through.
func supportedCreate(call *awsproto.Call, in *lambda.CreateFunctionInput) error {
	err := cmp.Or(
		only(call, in, "Code", "FunctionName", "Role", "Architectures", "Description", "Environment", "EphemeralStorage", "Handler", "LoggingConfig",
			"MemorySize", "PackageType", "Publish", "Runtime", "SnapStart", "Tags", "Timeout", "TracingConfig", "VpcConfig", "DeadLetterConfig"),
		supportedSettings(call, in.Architectures, in.SnapStart, in.TracingConfig, in.VpcConfig, in.DeadLetterConfig, in.LoggingConfig),
	)
	switch {
	case err != nil:
		return err
	case in.PackageType == types.PackageTypeImage:
		return unsupported(call, "PackageType Image")
	case in.Code != nil && in.Code.S3Bucket != nil:
		return unsupported(call, "Code.S3Bucket: give the package itself, --zip-file fileb://FILE")
	case in.Code != nil:
		return only(call, in.Code, "ZipFile")
	}
	return nil
}

func supportedCode(call *awsproto.Call, in *lambda.UpdateFunctionCodeInput) error {
	if in.S3Bucket != nil {
		return unsupported(call, "S3Bucket: give the package itself, --zip-file fileb://FILE")
	}
	return cmp.Or(
		only(call, in, "FunctionName", "Architectures", "DryRun", "Publish", "RevisionId", "ZipFile"),
		supportedSettings(call, in.Architectures, nil, nil, nil, nil, nil),
	)
}

func supportedConfiguration(call *awsproto.Call, in *lambda.UpdateFunctionConfigurationInput) error {
	return cmp.Or(
		only(call, in, "FunctionName", "Role", "Description", "Environment", "EphemeralStorage", "Handler", "LoggingConfig",
			"MemorySize", "RevisionId", "Runtime", "SnapStart", "Timeout", "TracingConfig", "VpcConfig", "DeadLetterConfig"),
		supportedSettings(call, nil, in.SnapStart, in.TracingConfig, in.VpcConfig, in.DeadLetterConfig, in.LoggingConfig),
	)
}

// supportedSettings looks at settings of which only the default is emulated.
func supportedSettings(call *awsproto.Call, architectures []types.Architecture, snapStart *types.SnapStart, tracing *types.TracingConfig, vpc *types.VpcConfig, dead *types.DeadLetterConfig, logging *types.LoggingConfig) error {
	switch {
	case slices.Contains(architectures, types.ArchitectureArm64):
		return unsupported(call, "Architectures arm64")
	case snapStart != nil && snapStart.ApplyOn == types.SnapStartApplyOnPublishedVersions:
		return unsupported(call, "SnapStart")
	case tracing != nil && tracing.Mode == types.TracingModeActive:
		return unsupported(call, "TracingConfig Active")
	case vpc != nil && len(vpc.SubnetIds)+len(vpc.SecurityGroupIds) > 0:
		return unsupported(call, "VpcConfig")
	case dead != nil && dead.TargetArn != nil && *dead.TargetArn != "":
		return unsupported(call, "DeadLetterConfig")
	case logging != nil && (logging.LogFormat == types.LogFormatJson || logging.ApplicationLogLevel != "" || logging.SystemLogLevel != ""):
		return unsupported(call, "LoggingConfig.LogFormat JSON")
	}
	return nil
}
