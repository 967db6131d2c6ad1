package iam

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"

	"awslab/runner/awsmodel"
	"awslab/runner/emulator/awsproto"
)

// inProcess carries requests to a handler without a port.
type inProcess struct{ http.Handler }

func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	t.ServeHTTP(w, r)
	return w.Result(), nil
}

// newClient is an SDK client of a service of its own, over the real protocol.
func newClient(t *testing.T) *iam.Client {
	t.Helper()
	model, ok := awsmodel.ServiceByName("iam")
	if !ok {
		t.Fatal("no model of iam")
	}
	handler := awsproto.New(awsproto.Config{
		Services: []awsproto.Service{{Model: model, Operations: New(Config{Account: account}).Operations()}},
		Credentials: func(string) (string, string, bool) {
			return "secret", "arn:aws:iam::123456789012:user/student", true
		},
		Account: account, Region: "ap-northeast-2",
	})
	return iam.New(iam.Options{
		Region: "ap-northeast-2", BaseEndpoint: aws.String("http://iam.test"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
		HTTPClient:  &http.Client{Transport: inProcess{handler}}, RetryMaxAttempts: 1,
	})
}

// TestOverTheWire does a lab's work with the real client.
func TestOverTheWire(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newClient(t)
	created, err := client.CreateRole(ctx, &iam.CreateRoleInput{
		RoleName: aws.String("myRole"), AssumeRolePolicyDocument: aws.String(lambdaTrust),
		Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(created.Role.Tags) != 2 || created.Role.CreateDate == nil {
		t.Errorf("created %+v", created.Role)
	}
	_, err = client.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("myRole"), AssumeRolePolicyDocument: aws.String(lambdaTrust)})
	var exists *types.EntityAlreadyExistsException
	if !errors.As(err, &exists) || exists.ErrorMessage() != "Role with name myRole already exists." {
		t.Errorf("creating twice: %v", err)
	}
	_, err = client.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("a b"), AssumeRolePolicyDocument: aws.String(lambdaTrust)})
	var api smithy.APIError
	if !errors.As(err, &api) || api.ErrorCode() != "ValidationError" {
		t.Errorf("a bad name: %v", err)
	}
	if _, err := client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("myRole"), PolicyArn: aws.String(basicPolicy)}); err != nil {
		t.Fatal(err)
	}
	attached, err := client.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("myRole")})
	if err != nil || len(attached.AttachedPolicies) != 1 || *attached.AttachedPolicies[0].PolicyArn != basicPolicy {
		t.Errorf("attached %+v, %v", attached, err)
	}
	var arns []string
	pages := iam.NewListPoliciesPaginator(client, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws, MaxItems: aws.Int32(4)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Policies {
			arns = append(arns, *p.Arn)
		}
	}
	if len(arns) != len(managedPolicies()) {
		t.Errorf("%d managed policies in pages of 4", len(arns))
	}
	version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: aws.String(basicPolicy), VersionId: aws.String("v1")})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := url.PathUnescape(*version.PolicyVersion.Document)
	if err != nil || !json.Valid([]byte(plain)) {
		t.Errorf("document %s, %v", plain, err)
	}
	_, err = client.DeleteRole(ctx, &iam.DeleteRoleInput{RoleName: aws.String("myRole")})
	var conflict *types.DeleteConflictException
	if !errors.As(err, &conflict) {
		t.Errorf("deleting: %v", err)
	}
	_, err = client.GetRole(ctx, &iam.GetRoleInput{RoleName: aws.String("none")})
	var missing *types.NoSuchEntityException
	if !errors.As(err, &missing) || missing.ErrorMessage() != "The role with name none cannot be found." {
		t.Errorf("a role that is not there: %v", err)
	}
	_, err = client.CreateUser(ctx, &iam.CreateUserInput{UserName: aws.String("u")})
	if err == nil {
		t.Error("CreateUser is not refused")
	}
	roles, err := client.ListRoles(ctx, &iam.ListRolesInput{})
	if err != nil || len(roles.Roles) != 1 || roles.IsTruncated {
		t.Errorf("roles %+v, %v", roles, err)
	}
}
