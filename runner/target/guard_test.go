package target_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"errors"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
	"awslab/runner/target"
	"awslab/runner/text"
)

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// account is somebody's account: a second emulator, behind a URL.
func account(t *testing.T) (url string, owner aws.Config) {
	t.Helper()
	e, err := emulator.New(emulator.Config{
		Account: emulatortest.Account, Region: emulatortest.Region,
		AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	return server.URL, emulatortest.AWS(e)
}

func openTarget(t *testing.T, url, home string) *target.Target {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", emulatortest.AccessKeyID)
	t.Setenv("AWS_SECRET_ACCESS_KEY", emulatortest.SecretAccessKey)
	t.Setenv("AWS_CONFIG_FILE", "/dev/null")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
	opened, err := target.Open(t.Context(), target.Config{Target: url, Home: target.HomeConfig{Dir: home}, Now: time.Now, NewID: rand.Text})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

func createRole(t *testing.T, cfg aws.Config, name string) error {
	t.Helper()
	_, err := iam.NewFromConfig(cfg).CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String(name), AssumeRolePolicyDocument: aws.String(trust)})
	return err
}

func createFunction(t *testing.T, cfg aws.Config, name, role string) error {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if _, err := z.Create("f.py"); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := lambda.NewFromConfig(cfg).CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String(name), Role: aws.String("arn:aws:iam::123456789012:role/" + role),
		Runtime: types.RuntimePython314, Handler: aws.String("f.h"), Code: &types.FunctionCode{ZipFile: b.Bytes()},
	})
	return err
}

func refused(t *testing.T, err error) {
	t.Helper()
	var problem *text.Problem
	if !errors.As(err, &problem) {
		t.Errorf("want a refusal, got %v", err)
	}
}

func TestWhatAwslabDidNotCreateStaysAsItIs(t *testing.T) {
	url, owner := account(t)
	if err := createRole(t, owner, "theirs"); err != nil {
		t.Fatal(err)
	}
	if err := createFunction(t, owner, "myFunc1", "theirs"); err != nil {
		t.Fatal(err)
	}
	before, err := lambda.NewFromConfig(owner).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("myFunc1")})
	if err != nil {
		t.Fatal(err)
	}
	opened := openTarget(t, url, t.TempDir())
	client := lambda.NewFromConfig(opened.AWS())
	refused(t, createFunction(t, opened.AWS(), "myFunc1", "theirs"))
	_, err = client.UpdateFunctionConfiguration(t.Context(), &lambda.UpdateFunctionConfigurationInput{FunctionName: aws.String("myFunc1"), Timeout: aws.Int32(9)})
	refused(t, err)
	_, err = client.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("arn:aws:lambda:ap-northeast-2:123456789012:function:myFunc1")})
	refused(t, err)
	_, err = iam.NewFromConfig(opened.AWS()).DeleteRole(t.Context(), &iam.DeleteRoleInput{RoleName: aws.String("theirs")})
	refused(t, err)
	_, err = iam.NewFromConfig(opened.AWS()).CreatePolicy(t.Context(), &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String("{}")})
	refused(t, err)

	receipt, err := opened.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []target.Resource{{Kind: "lambda:function", Name: "myFunc1"}, {Kind: "iam:role", Name: "theirs"}}
	if diff := cmp.Diff(want, receipt.Foreign); diff != "" || len(receipt.Deleted) > 0 {
		t.Errorf("receipt %+v\n%s", receipt, diff)
	}
	after, err := lambda.NewFromConfig(owner).GetFunctionConfiguration(t.Context(), &lambda.GetFunctionConfigurationInput{FunctionName: aws.String("myFunc1")})
	if err != nil || aws.ToString(after.RevisionId) != aws.ToString(before.RevisionId) {
		t.Errorf("the foreign function changed: %v", err)
	}
}

func TestTheLedgerCleansUpWhatItOwns(t *testing.T) {
	url, owner := account(t)
	home := t.TempDir()
	first := openTarget(t, url, home)
	if err := createRole(t, first.AWS(), "ours"); err != nil {
		t.Fatal(err)
	}
	if _, err := iam.NewFromConfig(first.AWS()).AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String("ours"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")}); err != nil {
		t.Fatal(err)
	}
	if err := createFunction(t, first.AWS(), "myFunc1", "ours"); err != nil {
		t.Fatal(err)
	}
	tags, err := lambda.NewFromConfig(owner).ListTags(t.Context(), &lambda.ListTagsInput{Resource: aws.String("arn:aws:lambda:ap-northeast-2:123456789012:function:myFunc1")})
	if err != nil || tags.Tags["awslab"] == "" {
		t.Errorf("the function has the tags %v, %v", tags, err)
	}
	// Lambda makes the group when the function first runs; here the owner does.
	if _, err := cloudwatchlogs.NewFromConfig(owner).CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("/aws/lambda/myFunc1")}); err != nil {
		t.Fatal(err)
	}
	if err := createRole(t, owner, "theirs"); err != nil {
		t.Fatal(err)
	}

	// Another process of the same home knows what the first one created.
	second := openTarget(t, url, home)
	receipt, err := second.Sweep(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := []target.Resource{{Kind: "lambda:function", Name: "myFunc1"}, {Kind: "logs:log-group", Name: "/aws/lambda/myFunc1"}, {Kind: "iam:role", Name: "ours"}}
	if diff := cmp.Diff(want, receipt.Deleted); diff != "" || len(receipt.Left) > 0 {
		t.Errorf("receipt %+v\n%s", receipt, diff)
	}
	roles, err := iam.NewFromConfig(owner).ListRoles(t.Context(), &iam.ListRolesInput{})
	if err != nil || len(roles.Roles) != 1 || aws.ToString(roles.Roles[0].RoleName) != "theirs" {
		t.Errorf("left are %+v, %v", roles, err)
	}
}
