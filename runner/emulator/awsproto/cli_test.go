package awsproto_test

import (
	"context"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	iamtypes "github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/emulatortest"
	stsservice "awslab/runner/emulator/sts"
)

// awsCLIs are the real AWS CLIs that are installed, of whatever version.
func awsCLIs(t *testing.T) []string {
	t.Helper()
	var found []string
	for _, folder := range append(filepath.SplitList(os.Getenv("PATH")), "/usr/bin") {
		program, err := filepath.EvalSymlinks(filepath.Join(folder, "aws"))
		if err != nil || slices.Contains(found, program) {
			continue
		}
		if info, err := os.Stat(program); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			found = append(found, program)
		}
	}
	if len(found) == 0 {
		t.Skip("no AWS CLI is installed")
	}
	return found
}

// The AWS CLI is another client than the SDK, with its own ways of signing and
// escaping; what it prints is what came back from the row.
func TestRealAWSCLI(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("each start of the AWS CLI takes half a second")
	}
	server := httptest.NewServer(cliHandler())
	t.Cleanup(server.Close)
	for _, program := range awsCLIs(t) {
		for name, tt := range map[string]struct {
			args []string
			want string
		}{
			"query":          {[]string{"sts", "get-caller-identity"}, emulatortest.Principal},
			"query with XML": {[]string{"iam", "get-role", "--role-name", "a+b=c@d"}, "a+b=c@d"},
			"typed error":    {[]string{"iam", "delete-role", "--role-name", "r"}, "An error occurred (NoSuchEntity) when calling the DeleteRole operation: The role with name r cannot be found."},
			"ARN in the path": {
				[]string{"lambda", "get-function", "--function-name", "arn:aws:lambda:ap-northeast-2:123456789012:function:f:$LATEST"},
				"arn:aws:lambda:ap-northeast-2:123456789012:function:f:$LATEST",
			},
			"typed REST error":  {[]string{"lambda", "delete-function", "--function-name", "f"}, "An error occurred (ResourceNotFoundException) when calling the DeleteFunction operation: Function not found: f"},
			"$default":          {[]string{"apigateway", "get-stage", "--rest-api-id", "a", "--stage-name", "$default"}, `"stageName": "$default"`},
			"ARN with slashes":  {[]string{"apigateway", "get-tags", "--resource-arn", "arn:aws:apigateway:ap-northeast-2::/restapis/abc"}, "arn:aws:apigateway:ap-northeast-2::/restapis/abc"},
			"awsJson1_1":        {[]string{"logs", "describe-log-groups", "--log-group-name-prefix", "/aws/lambda/한글"}, "/aws/lambda/한글"},
			"not emulated":      {[]string{"apigatewayv2", "get-apis"}, "awslab does not emulate apigatewayv2:GetApis"},
			"not emulated, RPC": {[]string{"logs", "describe-queries"}, "awslab does not emulate logs:DescribeQueries"},
		} {
			t.Run(program+" "+name, func(t *testing.T) {
				t.Parallel()
				args := append([]string{"--endpoint-url", server.URL, "--region", emulatortest.Region, "--output", "json"}, tt.args...)
				command := exec.CommandContext(t.Context(), program, args...)
				command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+emulatortest.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+emulatortest.SecretAccessKey,
					"AWS_PAGER=", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull, "PYTHONUTF8=1", "AWS_CLI_FILE_ENCODING=UTF-8", "LC_ALL=C.UTF-8")
				out, err := command.CombinedOutput()
				if !strings.Contains(unescaped(string(out)), tt.want) {
					t.Errorf("got %v\n%s", err, out)
				}
			})
		}
	}
}

// unescaped undoes the old CLI's \u escapes of the one text that needs it.
func unescaped(s string) string { return strings.ReplaceAll(s, `\ud55c\uae00`, "한글") }

func cliHandler() *awsproto.Handler {
	tables := map[string][]awsproto.Operation{
		"sts": stsservice.New(stsservice.Config{}).Operations(),
		"iam": {
			awsproto.RPC("GetRole", func(_ context.Context, in *iam.GetRoleInput) (*iam.GetRoleOutput, error) {
				return &iam.GetRoleOutput{Role: &iamtypes.Role{RoleName: in.RoleName, CreateDate: &noon}}, nil
			}),
			awsproto.RPC("DeleteRole", func(_ context.Context, in *iam.DeleteRoleInput) (*iam.DeleteRoleOutput, error) {
				return nil, &iamtypes.NoSuchEntityException{Message: aws.String("The role with name " + *in.RoleName + " cannot be found.")}
			}),
		},
		"lambda": {
			awsproto.REST("GetFunction", "GET /2015-03-31/functions/{FunctionName}", 200, func(_ context.Context, in *lambda.GetFunctionInput) (*lambda.GetFunctionOutput, error) {
				return &lambda.GetFunctionOutput{Configuration: &lambdatypes.FunctionConfiguration{FunctionName: in.FunctionName}}, nil
			}),
			awsproto.REST("DeleteFunction", "DELETE /2015-03-31/functions/{FunctionName}", 204, func(_ context.Context, in *lambda.DeleteFunctionInput) (*lambda.DeleteFunctionOutput, error) {
				return nil, &lambdatypes.ResourceNotFoundException{Message: aws.String("Function not found: " + *in.FunctionName)}
			}),
		},
		"apigateway": {
			awsproto.REST("GetStage", "GET /restapis/{RestApiId}/stages/{StageName}", 200, func(_ context.Context, in *apigateway.GetStageInput) (*apigateway.GetStageOutput, error) {
				return &apigateway.GetStageOutput{StageName: in.StageName, CreatedDate: &noon}, nil
			}),
			awsproto.REST("GetTags", "GET /tags/{ResourceArn}", 200, func(_ context.Context, in *apigateway.GetTagsInput) (*apigateway.GetTagsOutput, error) {
				return &apigateway.GetTagsOutput{Tags: map[string]string{"arn": *in.ResourceArn}}, nil
			}),
		},
		"logs": {
			awsproto.RPC("DescribeLogGroups", func(_ context.Context, in *cloudwatchlogs.DescribeLogGroupsInput) (*cloudwatchlogs.DescribeLogGroupsOutput, error) {
				return &cloudwatchlogs.DescribeLogGroupsOutput{NextToken: nil, LogGroups: logGroups(*in.LogGroupNamePrefix)}, nil
			}),
		},
	}
	cfg := awsproto.Config{Credentials: emulatortest.Credentials, Account: emulatortest.Account, Region: emulatortest.Region}
	for name, operations := range tables {
		model, _ := awsmodel.ServiceByName(name)
		cfg.Services = append(cfg.Services, awsproto.Service{Model: model, Operations: operations})
	}
	return awsproto.New(cfg)
}

func logGroups(name string) []logstypes.LogGroup { return []logstypes.LogGroup{{LogGroupName: &name}} }
