package lambda

import (
	"cmp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// supportedCreate refuses what CreateFunction would not obey. What asks for no
// more than the default is let through.
func supportedCreate(call *awsproto.Call, in *lambda.CreateFunctionInput) error {
	err := cmp.Or(
		awsproto.Only(call, in, "Code", "FunctionName", "Role", "Architectures", "Description", "Environment", "EphemeralStorage", "Handler", "LoggingConfig",
			"MemorySize", "PackageType", "Publish", "Runtime", "SnapStart", "Tags", "Timeout", "TracingConfig", "VpcConfig", "DeadLetterConfig"),
		supportedSettings(call, in.Architectures, in.SnapStart, in.TracingConfig, in.VpcConfig, in.DeadLetterConfig, in.LoggingConfig),
	)
	switch {
	case err != nil:
		return err
	case in.PackageType == types.PackageTypeImage:
		return awsproto.UnsupportedWith(call, "PackageType Image")
	case in.Code != nil && in.Code.S3Bucket != nil:
		return awsproto.UnsupportedWith(call, "Code.S3Bucket: give the package itself, --zip-file fileb://FILE")
	case in.Code != nil:
		return awsproto.Only(call, in.Code, "ZipFile")
	}
	return nil
}

func supportedCode(call *awsproto.Call, in *lambda.UpdateFunctionCodeInput) error {
	if in.S3Bucket != nil {
		return awsproto.UnsupportedWith(call, "S3Bucket: give the package itself, --zip-file fileb://FILE")
	}
	return cmp.Or(
		awsproto.Only(call, in, "FunctionName", "Architectures", "DryRun", "Publish", "RevisionId", "ZipFile"),
		supportedSettings(call, in.Architectures, nil, nil, nil, nil, nil),
	)
}

func supportedConfiguration(call *awsproto.Call, in *lambda.UpdateFunctionConfigurationInput) error {
	return cmp.Or(
		awsproto.Only(call, in, "FunctionName", "Role", "Description", "Environment", "EphemeralStorage", "Handler", "LoggingConfig",
			"MemorySize", "RevisionId", "Runtime", "SnapStart", "Timeout", "TracingConfig", "VpcConfig", "DeadLetterConfig"),
		supportedSettings(call, nil, in.SnapStart, in.TracingConfig, in.VpcConfig, in.DeadLetterConfig, in.LoggingConfig),
	)
}

// supportedSettings looks at settings of which only the default is emulated.
func supportedSettings(call *awsproto.Call, architectures []types.Architecture, snapStart *types.SnapStart, tracing *types.TracingConfig, vpc *types.VpcConfig, dead *types.DeadLetterConfig, logging *types.LoggingConfig) error {
	switch {
	case slices.Contains(architectures, types.ArchitectureArm64):
		return awsproto.UnsupportedWith(call, "Architectures arm64")
	case snapStart != nil && snapStart.ApplyOn == types.SnapStartApplyOnPublishedVersions:
		return awsproto.UnsupportedWith(call, "SnapStart")
	case tracing != nil && tracing.Mode == types.TracingModeActive:
		return awsproto.UnsupportedWith(call, "TracingConfig Active")
	case vpc != nil && len(vpc.SubnetIds)+len(vpc.SecurityGroupIds) > 0:
		return awsproto.UnsupportedWith(call, "VpcConfig")
	case dead != nil && dead.TargetArn != nil && *dead.TargetArn != "":
		return awsproto.UnsupportedWith(call, "DeadLetterConfig")
	case logging != nil && (logging.LogFormat == types.LogFormatJson || logging.ApplicationLogLevel != "" || logging.SystemLogLevel != ""):
		return awsproto.UnsupportedWith(call, "LoggingConfig.LogFormat JSON")
	}
	return nil
}
