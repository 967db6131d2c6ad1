package emulator_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// waits is at work until it is killed, if its event says so.
const waits = `import os, time
def lambda_handler(event, context):
    print("at work", flush=True)
    while event.get("wait"):
        time.sleep(0.01)
    return "done"
`

func (w *world) reserve(t testing.TB, name string, n int32) error {
	t.Helper()
	_, err := w.lambda.PutFunctionConcurrency(t.Context(), &lambda.PutFunctionConcurrencyInput{FunctionName: &name, ReservedConcurrentExecutions: &n})
	return err
}

func TestReservedConcurrencyIsEnforced(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, waits, func(in *lambda.CreateFunctionInput) { in.Timeout = aws.Int32(30) })
	w.publish(t)
	invoke := func(payload, qualifier string) error {
		_, err := w.lambda.Invoke(t.Context(), &lambda.InvokeInput{FunctionName: aws.String("f"), Qualifier: &qualifier, Payload: []byte(payload)})
		return err
	}
	throttled := func(err error) bool {
		var many *types.TooManyRequestsException
		return errors.As(err, &many) && many.Reason == types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded && many.ErrorMessage() == "Rate Exceeded."
	}
	if err := w.reserve(t, "f", 0); err != nil {
		t.Fatal(err)
	}
	if err := invoke("{}", "$LATEST"); !throttled(err) {
		t.Errorf("none is reserved: %v", err)
	}
	if err := w.reserve(t, "f", 1); err != nil {
		t.Fatal(err)
	}
	if err := invoke("{}", "$LATEST"); err != nil {
		t.Errorf("one is reserved: %v", err)
	}
	// One is at work, of whatever version: another version is throttled too.
	busy := make(chan error, 1)
	go func() {
		err := invoke(`{"wait":true}`, "1")
		for throttled(err) { // by the invocations that look whether it is at work
			err = invoke(`{"wait":true}`, "1")
		}
		busy <- err
	}()
	for err := error(nil); !throttled(err); {
		if err = invoke("{}", "$LATEST"); err != nil && !throttled(err) {
			t.Fatal(err)
		}
	}
	if err := invoke("{}", "1"); !throttled(err) {
		t.Errorf("the version at work: %v", err)
	}
	if _, err := w.lambda.DeleteFunctionConcurrency(t.Context(), &lambda.DeleteFunctionConcurrencyInput{FunctionName: aws.String("f")}); err != nil {
		t.Fatal(err)
	}
	if err := invoke("{}", "$LATEST"); err != nil {
		t.Errorf("nothing is reserved any more: %v", err)
	}
	if err := w.Close(); err != nil { // ends the one at work
		t.Error(err)
	}
	t.Logf("Close ended the call at work: %v", <-busy)
}

func TestConcurrencySettings(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	w.publish(t)
	reserved := func() string {
		t.Helper()
		one, err := w.lambda.GetFunctionConcurrency(t.Context(), &lambda.GetFunctionConcurrencyInput{FunctionName: aws.String("f")})
		if err != nil {
			t.Fatal(err)
		}
		whole, err := w.lambda.GetFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("f")})
		if err != nil {
			t.Fatal(err)
		}
		account, err := w.lambda.GetAccountSettings(t.Context(), &lambda.GetAccountSettingsInput{})
		if err != nil {
			t.Fatal(err)
		}
		shown := func(n *int32) string {
			if n == nil {
				return "none"
			}
			return fmt.Sprint(*n)
		}
		second := (*int32)(nil)
		if whole.Concurrency != nil {
			second = whole.Concurrency.ReservedConcurrentExecutions
		}
		return shown(one.ReservedConcurrentExecutions) + " " + shown(second) + " " + shown(account.AccountLimit.UnreservedConcurrentExecutions)
	}
	if got := reserved(); got != "none none 1000" {
		t.Error(got)
	}
	if err := w.reserve(t, "f", 900); err != nil {
		t.Fatal(err)
	}
	if got := reserved(); got != "900 900 100" {
		t.Error(got)
	}
	wantError(t, w.reserve(t, "f", 901), "InvalidParameterValueException", "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [100].")
	wantError(t, w.reserve(t, "f", -1), "ValidationException", "1 validation error detected: Value '-1' at 'reservedConcurrentExecutions' failed to satisfy constraint: Member must have value greater than or equal to 0")
	wantError(t, w.reserve(t, "g", 1), "ResourceNotFoundException", "Function not found: arn:aws:lambda:ap-northeast-2:123456789012:function:g:$LATEST")
	wantError(t, w.reserve(t, functionARN+":1", 1), "InvalidParameterValueException", "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.")
	if got := reserved(); got != "900 900 100" {
		t.Errorf("after refusals: %s", got)
	}
	account, err := w.lambda.GetAccountSettings(t.Context(), &lambda.GetAccountSettingsInput{})
	if err != nil || account.AccountUsage.FunctionCount != 1 || account.AccountUsage.TotalCodeSize != 2*int64(len(zipped(t, "lambda_function.py", hello))) {
		t.Errorf("%+v, %v", account.AccountUsage, err)
	}
}

func TestTagsOfAFunction(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, func(in *lambda.CreateFunctionInput) { in.Tags = map[string]string{"course": "aws"} })
	tag := func(arn string, tags map[string]string) error {
		_, err := w.lambda.TagResource(t.Context(), &lambda.TagResourceInput{Resource: &arn, Tags: tags})
		return err
	}
	list := func() string {
		t.Helper()
		out, err := w.lambda.ListTags(t.Context(), &lambda.ListTagsInput{Resource: aws.String(functionARN)})
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(out.Tags)
	}
	if err := tag(functionARN, map[string]string{"a": "1", "course": "cloud"}); err != nil || list() != "map[a:1 course:cloud]" {
		t.Errorf("%v, %s", err, list())
	}
	if _, err := w.lambda.UntagResource(t.Context(), &lambda.UntagResourceInput{Resource: aws.String(functionARN), TagKeys: []string{"a", "none"}}); err != nil || list() != "map[course:cloud]" {
		t.Errorf("%v, %s", err, list())
	}
	many := map[string]string{}
	for i := range 50 {
		many[fmt.Sprint("k", i)] = "v"
	}
	wantError(t, tag(functionARN, many), "InvalidParameterValueException", "Number of tags exceeds resource tag limit.")
	wantError(t, tag(functionARN, map[string]string{}), "InvalidParameterValueException", "An error occurred and the request cannot be processed.")
	wantError(t, tag(functionARN+":1", map[string]string{"a": "1"}), "InvalidParameterValueException", "Tags on function aliases and versions are not supported. Please specify a function ARN.")
	wantError(t, tag(functionARN+"2", map[string]string{"a": "1"}), "ResourceNotFoundException", "Function not found: "+functionARN+"2")
	if err := tag("f", map[string]string{"a": "1"}); err == nil || !strings.Contains(err.Error(), "Value 'f' at 'resource' failed to satisfy constraint") {
		t.Errorf("a name: %v", err)
	}
	if list() != "map[course:cloud]" {
		t.Errorf("after refusals: %s", list())
	}
}

// What CreateFunction refuses, UpdateFunctionConfiguration refuses too.
func TestWhatUpdatesRefuse(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.function(t, hello, nil)
	if _, err := w.iam.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("other"), AssumeRolePolicyDocument: aws.String(strings.Replace(trust, "lambda.", "ec2.", 1))}); err != nil {
		t.Fatal(err)
	}
	const invalid = "1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must %s"
	for name, tt := range map[string]struct {
		change func(*lambda.UpdateFunctionConfigurationInput)
		want   string // contained
	}{
		"a role that Lambda may not assume": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.Role = aws.String("arn:aws:iam::123456789012:role/other")
		}, "The role defined for the function cannot be assumed by Lambda."},
		"a role that is not there": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.Role = aws.String("arn:aws:iam::123456789012:role/none")
		}, "The role defined for the function cannot be assumed by Lambda."},
		"no role":     {func(in *lambda.UpdateFunctionConfigurationInput) { in.Role = aws.String("r") }, "Value 'r' at 'role' failed to satisfy constraint"},
		"memory":      {func(in *lambda.UpdateFunctionConfigurationInput) { in.MemorySize = aws.Int32(127) }, fmt.Sprintf(invalid, "127", "memorySize", "have value greater than or equal to 128")},
		"much memory": {func(in *lambda.UpdateFunctionConfigurationInput) { in.MemorySize = aws.Int32(10241) }, fmt.Sprintf(invalid, "10241", "memorySize", "have value less than or equal to 10240")},
		"time":        {func(in *lambda.UpdateFunctionConfigurationInput) { in.Timeout = aws.Int32(901) }, fmt.Sprintf(invalid, "901", "timeout", "have value less than or equal to 900")},
		"storage": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.EphemeralStorage = &types.EphemeralStorage{Size: aws.Int32(511)}
		}, fmt.Sprintf(invalid, "511", "ephemeralStorage.size", "have value greater than or equal to 512")},
		"a long description": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.Description = aws.String(strings.Repeat("한", 257))
		}, "at 'description' failed to satisfy constraint: Member must have length less than or equal to 256"},
		"a handler with a space": {func(in *lambda.UpdateFunctionConfigurationInput) { in.Handler = aws.String("a b") }, fmt.Sprintf(invalid, "a b", "handler", `satisfy regular expression pattern: [^\s]+`)},
		"a log group": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.LoggingConfig = &types.LoggingConfig{LogGroup: aws.String("a b")}
		}, "Value 'a b' at 'loggingConfig.logGroup' failed to satisfy constraint"},
		"a retired runtime": {func(in *lambda.UpdateFunctionConfigurationInput) { in.Runtime = types.RuntimePython37 }, "The runtime parameter of python3.7 is no longer supported for creating or updating AWS Lambda functions."},
		"a reserved variable": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "x", "_HANDLER": "y"}}
		}, "Reserved keys used in this request: AWS_REGION, _HANDLER"},
		"a variable without a name": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"1": "x"}}
		}, "Value '{1=x}' at 'environment.variables' failed to satisfy constraint"},
		"too many variables": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.Environment = &types.Environment{Variables: map[string]string{"LONG": strings.Repeat("x", 4096-len(`{"LONG":""}`)+1)}}
		}, "exceeded the 4KB limit. String measured: {\"LONG\":\"xxx"},
		"layers": {func(in *lambda.UpdateFunctionConfigurationInput) { in.Layers = []string{"arn"} }, "awslab does not emulate lambda:UpdateFunctionConfiguration with Layers"},
		"a VPC": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.VpcConfig = &types.VpcConfig{SubnetIds: []string{"subnet-1"}}
		}, "awslab does not emulate lambda:UpdateFunctionConfiguration with VpcConfig"},
		"tracing": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.TracingConfig = &types.TracingConfig{Mode: types.TracingModeActive}
		}, "awslab does not emulate lambda:UpdateFunctionConfiguration with TracingConfig Active"},
		"a dead-letter queue": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String("arn:aws:sqs:ap-northeast-2:123456789012:q")}
		}, "awslab does not emulate lambda:UpdateFunctionConfiguration with DeadLetterConfig"},
		"a key": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.KMSKeyArn = aws.String("arn:aws:kms:ap-northeast-2:123456789012:key/k")
		}, "awslab does not emulate lambda:UpdateFunctionConfiguration with KMSKeyArn"},
		"JSON logs": {func(in *lambda.UpdateFunctionConfigurationInput) {
			in.LoggingConfig = &types.LoggingConfig{LogFormat: types.LogFormatJson}
		}, "awslab does not emulate lambda:UpdateFunctionConfiguration with LoggingConfig.LogFormat JSON"},
	} {
		in := &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("f")}
		tt.change(in)
		if _, err := w.lambda.UpdateFunctionConfiguration(t.Context(), in); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %.300v, want %q", name, err, tt.want)
		}
	}
	// The limits themselves, and defaults that ask for nothing, are let through.
	_, err := w.lambda.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{
		FunctionName: aws.String("f"), MemorySize: aws.Int32(10240), Timeout: aws.Int32(900), EphemeralStorage: &types.EphemeralStorage{Size: aws.Int32(10240)},
		Description: aws.String(strings.Repeat("한", 256)), Layers: []string{}, VpcConfig: &types.VpcConfig{}, TracingConfig: &types.TracingConfig{Mode: types.TracingModePassThrough},
		SnapStart: &types.SnapStart{ApplyOn: types.SnapStartApplyOnNone}, DeadLetterConfig: &types.DeadLetterConfig{},
		Environment: &types.Environment{Variables: map[string]string{"LONG": strings.Repeat("x", 4096-len(`{"LONG":""}`))}},
	})
	if err != nil {
		t.Error(err)
	}
}
