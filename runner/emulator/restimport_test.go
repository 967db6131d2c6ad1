package emulator_test

import (
	"os"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
)

// TestImportsAreReplayed imports, deploys, overwrites and fails, and asks IAM about
// the account's role: after a restart all of it is there as it was.
func TestImportsAreReplayed(t *testing.T) {
	t.Parallel()
	petStore, err := os.ReadFile("apigateway/openapi/testdata/petstore.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w := open(t, dir)
	gateway, roles := apigateway.NewFromConfig(w.cfg), w.iam
	api, err := gateway.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: petStore, FailOnWarnings: true, Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api.Id, StageName: aws.String("PROD")}); err != nil {
		t.Fatal(err)
	}
	document := []byte(`{"swagger": "2.0", "info": {"title": "t"}, "paths": {"/a": {"post": {"parameters": [{"in": "body", "name": "b", "schema": {"type": "object"}}]}}}}`)
	if _, err := gateway.PutRestApi(t.Context(), &apigateway.PutRestApiInput{RestApiId: api.Id, Mode: types.PutModeOverwrite, Body: document}); err != nil {
		t.Fatal(err)
	}
	if _, err := gateway.PutRestApi(t.Context(), &apigateway.PutRestApiInput{RestApiId: api.Id, Body: []byte("{")}); err == nil {
		t.Error("half a document was put")
	}
	setRole := func(arn string) error {
		_, err := gateway.UpdateAccount(t.Context(), &apigateway.UpdateAccountInput{PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/cloudwatchRoleArn"), Value: &arn}}})
		return err
	}
	role, err := roles.CreateRole(t.Context(), &iam.CreateRoleInput{
		RoleName: aws.String("gateway"), AssumeRolePolicyDocument: aws.String(`{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}]}`),
	})
	if err != nil {
		t.Fatal(err)
	}
	if setRole(*role.Role.Arn) == nil {
		t.Error("a role that may write nothing was taken")
	}
	if _, err := roles.AttachRolePolicy(t.Context(), &iam.AttachRolePolicyInput{RoleName: aws.String("gateway"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")}); err != nil {
		t.Fatal(err)
	}
	if err := setRole(*role.Role.Arn); err != nil {
		t.Error(err)
	}
	before := w.state(t)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = open(t, dir)
	if after := w.state(t); after != before {
		t.Errorf("replayed it is something else:\n%s\n%s", before, after)
	}
}
