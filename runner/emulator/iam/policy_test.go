package iam

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/google/go-cmp/cmp"
)

const (
	logsAllow = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}`
	logsDeny  = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"logs:*","Resource":"*"}}`
	minePath  = "arn:aws:iam::123456789012:policy/team/mine"
)

// wantAPI wants an error of the SDK's type E with AWS's message.
func wantAPI[E error](t *testing.T, err error, message string) {
	t.Helper()
	var typed E
	if !errors.As(err, &typed) {
		t.Errorf("got %v, want a %T", err, typed)
		return
	}
	if api, ok := any(typed).(smithy.APIError); !ok || api.ErrorMessage() != message {
		t.Errorf("got %v, want the message %q", err, message)
	}
}

// TestPolicyLife takes a customer managed policy through its versions with the
// real client.
func TestPolicyLife(t *testing.T) {
	t.Parallel()
	ctx, client := t.Context(), newClient(t)
	created, err := client.CreatePolicy(ctx, &iam.CreatePolicyInput{
		PolicyName: aws.String("mine"), Path: aws.String("/team/"), Description: aws.String("For logs"), PolicyDocument: aws.String(logsAllow),
		Tags: []types.Tag{{Key: aws.String("course"), Value: aws.String("iam")}},
	})
	if err != nil {
		t.Fatal(err)
	}
	p := created.Policy
	if *p.Arn != minePath || *p.DefaultVersionId != "v1" || *p.AttachmentCount != 0 || !p.IsAttachable || len(*p.PolicyId) != 21 || !strings.HasPrefix(*p.PolicyId, "ANPA") || len(p.Tags) != 1 || p.Description != nil {
		t.Errorf("created %+v", p)
	}
	_, err = client.CreatePolicy(ctx, &iam.CreatePolicyInput{PolicyName: aws.String("Mine"), PolicyDocument: aws.String(logsAllow)})
	wantAPI[*types.EntityAlreadyExistsException](t, err, "A policy called Mine already exists. Duplicate names are not allowed.")
	if _, err := client.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(lambdaTrust)}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String(minePath)}); err != nil {
		t.Fatal(err)
	}
	entities, err := client.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: aws.String(minePath)})
	if err != nil || len(entities.PolicyRoles) != 1 || *entities.PolicyRoles[0].RoleName != "r" {
		t.Errorf("entities %+v, %v", entities, err)
	}
	if entities, err := client.ListEntitiesForPolicy(ctx, &iam.ListEntitiesForPolicyInput{PolicyArn: aws.String(minePath), EntityFilter: types.EntityTypeUser}); err != nil || len(entities.PolicyRoles) != 0 {
		t.Errorf("users %+v, %v", entities, err)
	}
	_, err = client.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: aws.String(minePath)})
	wantAPI[*types.DeleteConflictException](t, err, "Cannot delete a policy attached to entities.")
	if _, err := client.DetachRolePolicy(ctx, &iam.DetachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String(minePath)}); err != nil {
		t.Fatal(err)
	}

	for i, setDefault := range []bool{true, false, false, false} {
		out, err := client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(minePath), PolicyDocument: aws.String(logsDeny), SetAsDefault: setDefault})
		if err != nil {
			t.Fatal(err)
		}
		if out.PolicyVersion.IsDefaultVersion != setDefault || out.PolicyVersion.Document != nil {
			t.Errorf("version %d: %+v", i+2, out.PolicyVersion)
		}
	}
	_, err = client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(minePath), PolicyDocument: aws.String(logsDeny)})
	wantAPI[*types.LimitExceededException](t, err, "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.")
	var ids []string
	pages := iam.NewListPolicyVersionsPaginator(client, &iam.ListPolicyVersionsInput{PolicyArn: aws.String(minePath), MaxItems: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Versions {
			ids = append(ids, *v.VersionId)
			if v.IsDefaultVersion != (*v.VersionId == "v2") {
				t.Errorf("%s is the default: %v", *v.VersionId, v.IsDefaultVersion)
			}
		}
	}
	if diff := cmp.Diff([]string{"v5", "v4", "v3", "v2", "v1"}, ids); diff != "" {
		t.Error(diff)
	}
	_, err = client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: aws.String(minePath), VersionId: aws.String("v2")})
	wantAPI[*types.DeleteConflictException](t, err, "Cannot delete the default version of a policy.")
	if _, err := client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: aws.String(minePath), VersionId: aws.String("v5")}); err != nil {
		t.Fatal(err)
	}
	again, err := client.CreatePolicyVersion(ctx, &iam.CreatePolicyVersionInput{PolicyArn: aws.String(minePath), PolicyDocument: aws.String(logsAllow)})
	if err != nil || *again.PolicyVersion.VersionId != "v6" {
		t.Errorf("a number came again: %+v, %v", again, err)
	}
	if _, err := client.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: aws.String(minePath), VersionId: aws.String("v6")}); err != nil {
		t.Fatal(err)
	}
	_, err = client.SetDefaultPolicyVersion(ctx, &iam.SetDefaultPolicyVersionInput{PolicyArn: aws.String(minePath), VersionId: aws.String("v5")})
	wantAPI[*types.NoSuchEntityException](t, err, "Policy "+minePath+" version v5 does not exist or is not attachable.")
	version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{PolicyArn: aws.String(minePath), VersionId: aws.String("v6")})
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := url.PathUnescape(*version.PolicyVersion.Document); err != nil || plain != logsAllow || !version.PolicyVersion.IsDefaultVersion {
		t.Errorf("v6 is %s, %v", plain, err)
	}
	got, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: aws.String(minePath)})
	if err != nil || *got.Policy.Description != "For logs" || *got.Policy.DefaultVersionId != "v6" || len(got.Policy.Tags) != 1 {
		t.Errorf("GetPolicy %+v, %v", got, err)
	}

	_, err = client.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: aws.String(minePath)})
	wantAPI[*types.DeleteConflictException](t, err, "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
	for _, id := range []string{"v1", "v2", "v3", "v4"} {
		if _, err := client.DeletePolicyVersion(ctx, &iam.DeletePolicyVersionInput{PolicyArn: aws.String(minePath), VersionId: &id}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := client.DeletePolicy(ctx, &iam.DeletePolicyInput{PolicyArn: aws.String(minePath)}); err != nil {
		t.Fatal(err)
	}
	_, err = client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: aws.String(minePath)})
	wantAPI[*types.NoSuchEntityException](t, err, "Policy "+minePath+" was not found.")
}

func TestPolicyRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	must[iam.CreatePolicyOutput](w, &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(logsAllow)})
	arn := "arn:aws:iam::123456789012:policy/p"
	big := strings.Replace(logsAllow, "logs:*", "logs:"+strings.Repeat("x", 6144), 1)
	for want, in := range map[string]any{
		"LimitExceeded: Cannot exceed quota for PolicySize: 6144":                    &iam.CreatePolicyInput{PolicyName: aws.String("q"), PolicyDocument: &big},
		"MalformedPolicyDocument: Syntax errors in policy.":                          &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: aws.String("file://p.json")},
		"MalformedPolicyDocument: Policy document should not specify a principal.":   &iam.CreatePolicyInput{PolicyName: aws.String("q"), PolicyDocument: aws.String(lambdaTrust)},
		"AccessDenied: Policy is outside your own account.":                          &iam.DeletePolicyInput{PolicyArn: aws.String(basicPolicy)},
		"NoSuchEntity: Policy " + arn + "x was not found.":                           &iam.TagPolicyInput{PolicyArn: aws.String(arn + "x")},
		"NoSuchEntity: Policy " + arn + "x does not exist or is not attachable.":     &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(lambdaTrust), PermissionsBoundary: aws.String(arn + "x")},
		"ValidationError: 1 validation error detected: Value at 'versionId' failed":  &iam.GetPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("1")},
		"ValidationError: 1 validation error detected: Value at 'scope' failed":      &iam.ListPoliciesInput{Scope: "Mine"},
		"NoSuchEntity: Policy " + arn + " version v2 does not exist":                 &iam.DeletePolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v2")},
		"ValidationError: The specified value for policyName is invalid. It must":    &iam.CreatePolicyInput{PolicyName: aws.String("a b"), PolicyDocument: aws.String(logsAllow)},
		"NoSuchEntity: The role with name none cannot be found.":                     &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("none"), PermissionsBoundary: &arn},
		"InvalidInput: ARN arn:aws:iam::123456789012:role/p is not valid.":           &iam.ListEntitiesForPolicyInput{PolicyArn: aws.String("arn:aws:iam::123456789012:role/p")},
		"ValidationError: 1 validation error detected: Value at 'policyName' failed": &iam.CreatePolicyInput{PolicyDocument: aws.String(logsAllow)},
	} {
		_, err := do[struct{}](w, in)
		code, message, _ := strings.Cut(want, ": ")
		wantError(t, err, code, message)
	}
}

func TestListPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("r")
	for _, name := range []string{"b", "a", "bound"} {
		must[iam.CreatePolicyOutput](w, &iam.CreatePolicyInput{PolicyName: &name, Path: aws.String("/" + name + "/"), PolicyDocument: aws.String(logsAllow)})
	}
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String("arn:aws:iam::123456789012:policy/a/a")})
	must[iam.PutRolePermissionsBoundaryOutput](w, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("r"), PermissionsBoundary: aws.String("arn:aws:iam::123456789012:policy/bound/bound")})
	for name, test := range map[string]struct {
		in   iam.ListPoliciesInput
		want []string
	}{
		"local":             {iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}, []string{"a", "b", "bound"}},
		"path":              {iam.ListPoliciesInput{PathPrefix: aws.String("/b/")}, []string{"b"}},
		"attached":          {iam.ListPoliciesInput{OnlyAttached: true}, []string{"a", "bound"}},
		"permissions":       {iam.ListPoliciesInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsPolicy}, []string{"a"}},
		"boundaries":        {iam.ListPoliciesInput{PolicyUsageFilter: types.PolicyUsageTypePermissionsBoundary}, []string{"bound"}},
		"attached AWS ones": {iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws, OnlyAttached: true}, []string{}},
	} {
		names := []string{}
		for _, p := range must[iam.ListPoliciesOutput](w, &test.in).Policies {
			names = append(names, *p.PolicyName)
		}
		if diff := cmp.Diff(test.want, names); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	got := must[iam.GetRoleOutput](w, &iam.GetRoleInput{RoleName: aws.String("r")}).Role.PermissionsBoundary
	if got == nil || *got.PermissionsBoundaryArn != "arn:aws:iam::123456789012:policy/bound/bound" || got.PermissionsBoundaryType != "Policy" {
		t.Errorf("boundary %+v", got)
	}
	must[iam.DeleteRolePermissionsBoundaryOutput](w, &iam.DeleteRolePermissionsBoundaryInput{RoleName: aws.String("r")})
	if got := must[iam.GetRoleOutput](w, &iam.GetRoleInput{RoleName: aws.String("r")}).Role.PermissionsBoundary; got != nil {
		t.Errorf("boundary after deletion %+v", got)
	}
	must[iam.TagPolicyOutput](w, &iam.TagPolicyInput{PolicyArn: aws.String("arn:aws:iam::123456789012:policy/a/a"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}, {Key: aws.String("l"), Value: aws.String("")}}})
	must[iam.UntagPolicyOutput](w, &iam.UntagPolicyInput{PolicyArn: aws.String("arn:aws:iam::123456789012:policy/a/a"), TagKeys: []string{"K"}})
	if tags := must[iam.ListPolicyTagsOutput](w, &iam.ListPolicyTagsInput{PolicyArn: aws.String("arn:aws:iam::123456789012:policy/a/a")}).Tags; len(tags) != 1 || *tags[0].Key != "l" {
		t.Errorf("tags %+v", tags)
	}
}

// What counts is the default version of what is attached, within the boundary.
func TestManagedPoliciesCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.role("r")
	arn := *must[iam.CreatePolicyOutput](w, &iam.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(logsAllow)}).Policy.Arn
	may := func(want bool, when string) {
		t.Helper()
		if got := w.Allows(role, "logs:PutLogEvents", "*"); got != want {
			t.Errorf("%s: %v", when, got)
		}
	}
	may(false, "nothing attached")
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: &arn})
	may(true, "attached")
	must[iam.CreatePolicyVersionOutput](w, &iam.CreatePolicyVersionInput{PolicyArn: &arn, PolicyDocument: aws.String(logsDeny)})
	may(true, "a version that is not the default")
	must[iam.SetDefaultPolicyVersionOutput](w, &iam.SetDefaultPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v2")})
	may(false, "a version that denies")
	must[iam.PutRolePolicyOutput](w, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("i"), PolicyDocument: aws.String(logsAllow)})
	may(false, "Deny beats an inline Allow")
	must[iam.SetDefaultPolicyVersionOutput](w, &iam.SetDefaultPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v1")})
	may(true, "the first version again")
	must[iam.PutRolePermissionsBoundaryOutput](w, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("r"), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/AWSLambda_ReadOnlyAccess")})
	may(false, "outside the boundary")
	must[iam.PutRolePermissionsBoundaryOutput](w, &iam.PutRolePermissionsBoundaryInput{RoleName: aws.String("r"), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/AdministratorAccess")})
	may(true, "inside the boundary")

	state, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	w.Service = New(Config{Account: account})
	if err := w.Restore(state); err != nil {
		t.Fatal(err)
	}
	may(true, "restored")
	must[iam.SetDefaultPolicyVersionOutput](w, &iam.SetDefaultPolicyVersionInput{PolicyArn: &arn, VersionId: aws.String("v2")})
	may(false, "a version that denies, restored")
}
