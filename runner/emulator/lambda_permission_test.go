package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// permission is what a lesson gives API Gateway.
func permission(sid string, change func(*lambda.AddPermissionInput)) *lambda.AddPermissionInput {
	in := &lambda.AddPermissionInput{
		FunctionName: aws.String("f"), StatementId: &sid, Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
	}
	if change != nil {
		change(in)
	}
	return in
}

func TestPoliciesAsAWSWritesThem(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.twoVersions(t, hello)
	w.alias(t, "live", "1", nil)
	for name, tt := range map[string]struct {
		change func(*lambda.AddPermissionInput)
		want   string // behind Sid and Effect
	}{
		"bare":       {nil, `"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + functionARN + `"}`},
		"an-account": {func(in *lambda.AddPermissionInput) { in.Principal = aws.String("210987654321") }, `"Principal":{"AWS":"arn:aws:iam::210987654321:root"},"Action":"lambda:InvokeFunction","Resource":"` + functionARN + `"}`},
		"everyone": {func(in *lambda.AddPermissionInput) {
			in.Principal, in.Action, in.FunctionUrlAuthType = aws.String("*"), aws.String("lambda:InvokeFunctionUrl"), types.FunctionUrlAuthTypeNone
		}, `"Principal":"*","Action":"lambda:InvokeFunctionUrl","Resource":"` + functionARN + `","Condition":{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}}`},
		"all-conditions": {func(in *lambda.AddPermissionInput) {
			in.SourceArn, in.SourceAccount = aws.String("arn:aws:execute-api:ap-northeast-2:123456789012:a<b>&/*"), aws.String("123456789012")
			in.PrincipalOrgID, in.EventSourceToken = aws.String("o-a1b2c3d4e5"), aws.String("token")
		}, `"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + functionARN + `","Condition":{"StringEquals":{"AWS:SourceAccount":"123456789012","aws:PrincipalOrgID":"o-a1b2c3d4e5","lambda:EventSourceToken":"token"},"ArnLike":{"AWS:SourceArn":"arn:aws:execute-api:ap-northeast-2:123456789012:a<b>&/*"}}}`},
		"of-an-alias":  {func(in *lambda.AddPermissionInput) { in.Qualifier = aws.String("live") }, `"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + functionARN + `:live"}`},
		"of-a-version": {func(in *lambda.AddPermissionInput) { in.FunctionName = aws.String(functionARN + ":2") }, `"Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + functionARN + `:2"}`},
	} {
		out, err := w.lambda.AddPermission(t.Context(), permission(name, tt.change))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := `{"Sid":"` + name + `","Effect":"Allow",` + tt.want; aws.ToString(out.Statement) != want {
			t.Errorf("%s: %s\nwant %s", name, aws.ToString(out.Statement), want)
		}
	}
	policy, err := w.lambda.GetPolicy(t.Context(), &lambda.GetPolicyInput{FunctionName: aws.String("f"), Qualifier: aws.String("live")})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"of-an-alias","Effect":"Allow","Principal":{"Service":"apigateway.amazonaws.com"},"Action":"lambda:InvokeFunction","Resource":"` + functionARN + `:live"}]}`
	alias, err := w.lambda.GetAlias(t.Context(), &lambda.GetAliasInput{FunctionName: aws.String("f"), Name: aws.String("live")})
	if err != nil || aws.ToString(policy.Policy) != want || aws.ToString(policy.RevisionId) != aws.ToString(alias.RevisionId) {
		t.Errorf("%s, %v\nwant %s", aws.ToString(policy.Policy), err, want)
	}
	// A permission does not end the instances that are warm, but is a revision.
	before, err := w.lambda.GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("f")})
	if err != nil {
		t.Fatal(err)
	}
	w.invoke(t, `{"key1":"v"}`)
	if _, err := w.lambda.AddPermission(t.Context(), permission("later", func(in *lambda.AddPermissionInput) { in.RevisionId = before.RevisionId })); err != nil {
		t.Fatal(err)
	}
	if _, _, log := w.invoke(t, `{"key1":"v"}`); strings.Contains(log, "Init Duration") {
		t.Error("the instance was ended by a permission")
	}
	_, err = w.lambda.RemovePermission(t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("f"), StatementId: aws.String("later"), RevisionId: before.RevisionId})
	wantError(t, err, "PreconditionFailedException", "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id")
}

func TestPermissionsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := open(t, "")
	w.twoVersions(t, hello)
	w.alias(t, "live", "1", nil)
	get := func(name, qualifier string) error {
		in := &lambda.GetPolicyInput{FunctionName: &name}
		if qualifier != "" {
			in.Qualifier = &qualifier
		}
		_, err := w.lambda.GetPolicy(t.Context(), in)
		return err
	}
	remove := func(name, sid string) error {
		_, err := w.lambda.RemovePermission(t.Context(), &lambda.RemovePermissionInput{FunctionName: &name, StatementId: &sid})
		return err
	}
	const absent = "arn:aws:lambda:ap-northeast-2:123456789012:function:g"
	wantError(t, get("f", ""), "ResourceNotFoundException", "The resource you requested does not exist.")
	wantError(t, get("g", ""), "ResourceNotFoundException", "Function not found: "+absent)
	wantError(t, remove("f", "a"), "ResourceNotFoundException", "No policy is associated with the given resource.")
	wantError(t, remove("g", "a"), "ResourceNotFoundException", "No policy found for: "+absent)
	if _, err := w.lambda.AddPermission(t.Context(), permission("taken", nil)); err != nil {
		t.Fatal(err)
	}
	wantError(t, remove("f", "a"), "ResourceNotFoundException", "Statement a is not found in resource policy.")
	for _, tt := range []struct {
		sid        string
		change     func(*lambda.AddPermissionInput)
		code, want string
	}{
		{"taken", nil, "ResourceConflictException", "The statement id (taken) provided already exists. Please provide a new statement id, or remove the existing statement."},
		{"a", func(in *lambda.AddPermissionInput) { in.Qualifier = aws.String("$LATEST") }, "InvalidParameterValueException", "We currently do not support adding policies for $LATEST."},
		{"a", func(in *lambda.AddPermissionInput) { in.FunctionName = aws.String("f:$LATEST") }, "InvalidParameterValueException", "We currently do not support adding policies for $LATEST."},
		{"a", func(in *lambda.AddPermissionInput) { in.FunctionName = aws.String("g") }, "ResourceNotFoundException", "Function not found: " + absent},
		{"a", func(in *lambda.AddPermissionInput) { in.Qualifier = aws.String("none") }, "ResourceNotFoundException", "Cannot find alias arn: " + functionARN + ":none"},
		{"a", func(in *lambda.AddPermissionInput) { in.Qualifier = aws.String("9") }, "ResourceNotFoundException", "Function not found: " + functionARN + ":9"},
		{"a b", nil, "ValidationException", "1 validation error detected: Value 'a b' at 'statementId' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-zA-Z0-9-_]+)"},
		{"a", func(in *lambda.AddPermissionInput) { in.Principal = aws.String("nobody") }, "InvalidParameterValueException", "The provided principal was invalid. Please check the principal and try again."},
		{"a", func(in *lambda.AddPermissionInput) { in.Action = aws.String("s3:GetObject") }, "ValidationException", "1 validation error detected: Value 's3:GetObject' at 'action' failed to satisfy constraint: Member must satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])"},
		{"a", func(in *lambda.AddPermissionInput) { in.SourceAccount = aws.String("1") }, "ValidationException", `1 validation error detected: Value '1' at 'sourceAccount' failed to satisfy constraint: Member must satisfy regular expression pattern: \d{12}`},
		{"a", func(in *lambda.AddPermissionInput) { in.FunctionUrlAuthType = types.FunctionUrlAuthTypeNone }, "InvalidParameterValueException", "FunctionUrlAuthType is only supported for lambda:InvokeFunctionUrl action"},
		{"a", func(in *lambda.AddPermissionInput) { in.RevisionId = aws.String("old") }, "PreconditionFailedException", "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id"},
	} {
		_, err := w.lambda.AddPermission(t.Context(), permission(tt.sid, tt.change))
		wantError(t, err, tt.code, tt.want)
	}
	// 20 KB is the limit of a policy.
	long := "arn:aws:execute-api:ap-northeast-2:123456789012:" + strings.Repeat("x", 4000)
	var err error
	for i := 0; err == nil && i < 10; i++ {
		_, err = w.lambda.AddPermission(t.Context(), permission(fmt.Sprint("s", i), func(in *lambda.AddPermissionInput) { in.SourceArn = &long }))
	}
	if err == nil || !strings.Contains(err.Error(), "PolicyLengthExceededException: The final policy size (") || !strings.HasSuffix(err.Error(), ") is bigger than the limit (20480).") {
		t.Errorf("a policy without end: %v", err)
	}
}
