package iam

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/awsproto"
)

const (
	account     = "123456789012"
	basicPolicy = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
	lambdaTrust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
)

// world is a service and a way to call it through its table, as awsproto does.
type world struct {
	*testing.T
	*Service
	ctx context.Context
}

func newWorld(t *testing.T) world {
	t.Helper()
	call := &awsproto.Call{
		Time: time.Date(2026, 11, 23, 18, 0, 0, 123456789, time.UTC),
		Rand: rand.New(rand.NewPCG(1, 2)), Account: account, Region: "ap-northeast-2",
	}
	return world{t, New(Config{Account: account}), awsproto.WithCall(t.Context(), call)}
}

// do calls the operation of an input's type.
func do[O any](w world, input any) (*O, error) {
	w.Helper()
	name := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", input), "*iam."), "Input")
	for _, op := range w.Operations() {
		if op.Name == name {
			out, err := op.Do(w.ctx, input)
			if err != nil {
				return nil, err
			}
			return out.(*O), nil
		}
	}
	w.Fatalf("no operation %s", name)
	return nil, nil
}

// must calls an operation that has to succeed.
func must[O any](w world, input any) *O {
	w.Helper()
	out, err := do[O](w, input)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w world) role(name string) string {
	w.Helper()
	out := must[iam.CreateRoleOutput](w, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(lambdaTrust)})
	return *out.Role.Arn
}

func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), message) {
		t.Errorf("got error %v, want %s: %s", err, code, message)
	}
}

func TestRoleLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	created := must[iam.CreateRoleOutput](w, &iam.CreateRoleInput{
		RoleName: aws.String("myRole"), Path: aws.String("/service-role/"), Description: aws.String("For Lambda"),
		AssumeRolePolicyDocument: aws.String(lambdaTrust), Tags: []types.Tag{{Key: aws.String("course"), Value: aws.String("lambda")}},
	}).Role
	if got, want := *created.Arn, "arn:aws:iam::123456789012:role/service-role/myRole"; got != want {
		t.Errorf("ARN %s, want %s", got, want)
	}
	if id := *created.RoleId; !strings.HasPrefix(id, "AROA") || len(id) != 21 {
		t.Errorf("role id %q", id)
	}
	if !created.CreateDate.Equal(time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)) {
		t.Errorf("created %v: IAM's times have whole seconds", created.CreateDate)
	}
	if document := *created.AssumeRolePolicyDocument; strings.ContainsAny(document, "{}\"+ *:") {
		t.Errorf("document is not URL-encoded: %s", document)
	} else if plain, err := url.PathUnescape(document); err != nil || plain != lambdaTrust {
		t.Errorf("document is %s, %v", plain, err)
	}
	if created.MaxSessionDuration != nil || created.Description != nil {
		t.Error("CreateRole repeats neither description nor session")
	}
	got := must[iam.GetRoleOutput](w, &iam.GetRoleInput{RoleName: aws.String("myRole")}).Role
	if *got.Description != "For Lambda" || *got.MaxSessionDuration != 3600 || got.RoleLastUsed == nil || len(got.Tags) != 1 {
		t.Errorf("GetRole answers %+v", got)
	}
	must[iam.UpdateRoleOutput](w, &iam.UpdateRoleInput{RoleName: aws.String("myRole"), Description: aws.String("New"), MaxSessionDuration: aws.Int32(7200)})
	listed := must[iam.ListRolesOutput](w, &iam.ListRolesInput{PathPrefix: aws.String("/service-role/")}).Roles
	if len(listed) != 1 || *listed[0].Description != "New" || *listed[0].MaxSessionDuration != 7200 || listed[0].Tags != nil {
		t.Errorf("ListRoles answers %+v", listed)
	}
	if none := must[iam.ListRolesOutput](w, &iam.ListRolesInput{PathPrefix: aws.String("/other/")}).Roles; len(none) != 0 {
		t.Errorf("ListRoles under /other/ answers %+v", none)
	}
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("myRole"), PolicyArn: aws.String(basicPolicy)})
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("myRole"), PolicyArn: aws.String(basicPolicy)})
	attached := must[iam.ListAttachedRolePoliciesOutput](w, &iam.ListAttachedRolePoliciesInput{RoleName: aws.String("myRole")}).AttachedPolicies
	if len(attached) != 1 || *attached[0].PolicyName != "AWSLambdaBasicExecutionRole" || *attached[0].PolicyArn != basicPolicy {
		t.Errorf("attached: %+v", attached)
	}
	_, err := do[iam.DeleteRoleOutput](w, &iam.DeleteRoleInput{RoleName: aws.String("myRole")})
	var conflict *types.DeleteConflictException
	if !errors.As(err, &conflict) || *conflict.Message != "Cannot delete entity, must detach all policies first." {
		t.Errorf("deleting with a policy attached: %v", err)
	}
	must[iam.DetachRolePolicyOutput](w, &iam.DetachRolePolicyInput{RoleName: aws.String("myRole"), PolicyArn: aws.String(basicPolicy)})
	must[iam.DeleteRoleOutput](w, &iam.DeleteRoleInput{RoleName: aws.String("myRole")})
	_, err = do[iam.GetRoleOutput](w, &iam.GetRoleInput{RoleName: aws.String("myRole")})
	var missing *types.NoSuchEntityException
	if !errors.As(err, &missing) || *missing.Message != "The role with name myRole cannot be found." {
		t.Errorf("after deletion: %v", err)
	}
}

func TestInlinePolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("r")
	document := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}`
	must[iam.PutRolePolicyOutput](w, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: &document})
	names := must[iam.ListRolePoliciesOutput](w, &iam.ListRolePoliciesInput{RoleName: aws.String("r")}).PolicyNames
	if diff := cmp.Diff([]string{"p"}, names); diff != "" {
		t.Error(diff)
	}
	got := must[iam.GetRolePolicyOutput](w, &iam.GetRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p")})
	if plain, err := url.PathUnescape(*got.PolicyDocument); err != nil || plain != document {
		t.Errorf("document is %s, %v", plain, err)
	}
	_, err := do[iam.DeleteRoleOutput](w, &iam.DeleteRoleInput{RoleName: aws.String("r")})
	wantError(t, err, "DeleteConflict", "Cannot delete entity, must delete policies first.")
	must[iam.DeleteRolePolicyOutput](w, &iam.DeleteRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p")})
	_, err = do[iam.GetRolePolicyOutput](w, &iam.GetRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p")})
	wantError(t, err, "NoSuchEntity", "The role policy with name p cannot be found.")
	big := strings.Replace(document, "logs:*", "logs:"+strings.Repeat("x", 11000), 1)
	_, err = do[iam.PutRolePolicyOutput](w, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: &big})
	wantError(t, err, "LimitExceeded", "Maximum policy size of 10240 bytes exceeded for role r")
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.role("r")
	tag := func(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }
	must[iam.TagRoleOutput](w, &iam.TagRoleInput{RoleName: aws.String("r"), Tags: []types.Tag{tag("b", "1"), tag("a", "2")}})
	must[iam.TagRoleOutput](w, &iam.TagRoleInput{RoleName: aws.String("r"), Tags: []types.Tag{tag("B", "3")}})
	out := must[iam.ListRoleTagsOutput](w, &iam.ListRoleTagsInput{RoleName: aws.String("r"), MaxItems: aws.Int32(1)})
	if len(out.Tags) != 1 || *out.Tags[0].Key != "b" || *out.Tags[0].Value != "3" || !out.IsTruncated {
		t.Errorf("first page: %+v", out)
	}
	out = must[iam.ListRoleTagsOutput](w, &iam.ListRoleTagsInput{RoleName: aws.String("r"), Marker: out.Marker})
	if len(out.Tags) != 1 || *out.Tags[0].Key != "a" || out.IsTruncated {
		t.Errorf("second page: %+v", out)
	}
	must[iam.UntagRoleOutput](w, &iam.UntagRoleInput{RoleName: aws.String("r"), TagKeys: []string{"b", "none"}})
	if out := must[iam.ListRoleTagsOutput](w, &iam.ListRoleTagsInput{RoleName: aws.String("r")}); len(out.Tags) != 1 {
		t.Errorf("after untagging: %+v", out.Tags)
	}
	_, err := do[iam.TagRoleOutput](w, &iam.TagRoleInput{RoleName: aws.String("r"), Tags: []types.Tag{tag("x", "1"), tag("X", "2")}})
	wantError(t, err, "InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")
}

func TestManagedPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	policy := must[iam.GetPolicyOutput](w, &iam.GetPolicyInput{PolicyArn: aws.String(basicPolicy)}).Policy
	if *policy.PolicyName != "AWSLambdaBasicExecutionRole" || *policy.Path != "/service-role/" || *policy.AttachmentCount != 0 {
		t.Errorf("GetPolicy answers %+v", policy)
	}
	version := must[iam.GetPolicyVersionOutput](w, &iam.GetPolicyVersionInput{PolicyArn: aws.String(basicPolicy), VersionId: policy.DefaultVersionId}).PolicyVersion
	plain, err := url.PathUnescape(*version.Document)
	if err != nil || !strings.Contains(plain, `"logs:CreateLogGroup",`) || !json.Valid([]byte(plain)) {
		t.Errorf("document %s, %v", plain, err)
	}
	w.role("r")
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String(basicPolicy)})
	attached := must[iam.ListPoliciesOutput](w, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeAws, OnlyAttached: true}).Policies
	if len(attached) != 1 || *attached[0].AttachmentCount != 1 {
		t.Errorf("attached: %+v", attached)
	}
	if local := must[iam.ListPoliciesOutput](w, &iam.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal}).Policies; len(local) != 0 {
		t.Errorf("local: %+v", local)
	}
	for arn, want := range map[string]string{
		"longpolicynamebutnoarn":                "ARN longpolicynamebutnoarn is not valid.",
		"short":                                 "Value at 'policyArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
		"arn:aws:iam::123456789012:policy/mine": "Policy arn:aws:iam::123456789012:policy/mine does not exist or is not attachable.",
	} {
		_, err := do[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: &arn})
		wantError(t, err, "", want)
	}
	_, err = do[iam.DetachRolePolicyOutput](w, &iam.DetachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String(basicPolicy + "X")})
	wantError(t, err, "NoSuchEntity", "Policy "+basicPolicy+"X was not found.")
}

func TestCreateRoleRefuses(t *testing.T) {
	t.Parallel()
	trust := func(statement string) string { return `{"Version":"2012-10-17","Statement":[` + statement + `]}` }
	for name, test := range map[string]struct{ role, path, document, code, want string }{
		"name with a space":    {role: "a b", code: "ValidationError", want: "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-"},
		"long name":            {role: strings.Repeat("x", 65), code: "ValidationError", want: "1 validation error detected: Value at 'roleName' failed to satisfy constraint: Member must have length less than or equal to 64"},
		"path without slash":   {path: "x", code: "ValidationError", want: "The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters."},
		"a file's name":        {document: "trust.json", code: "MalformedPolicyDocument", want: "This policy contains invalid Json"},
		"comma at the end":     {document: `{"Statement":[{"Effect":"Allow",}]}`, code: "MalformedPolicyDocument", want: "This policy contains invalid Json"},
		"unknown element":      {document: trust(`{"Effect":"Allow","Principals":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`), code: "MalformedPolicyDocument", want: "Syntax errors in policy."},
		"no statement":         {document: trust(``), code: "MalformedPolicyDocument", want: "Could not parse the policy: Statement is empty!"},
		"no principal":         {document: trust(`{"Effect":"Allow","Action":"sts:AssumeRole"}`), code: "MalformedPolicyDocument", want: "Missing required field Principal"},
		"empty principal":      {document: trust(`{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}`), code: "MalformedPolicyDocument", want: "Missing required field Principal cannot be empty!"},
		"misspelt service":     {document: trust(`{"Effect":"Allow","Principal":{"Service":"lamda.amazonaws.com"},"Action":"sts:AssumeRole"}`), code: "MalformedPolicyDocument", want: `Invalid principal in policy: "SERVICE":"lamda.amazonaws.com"`},
		"service without dots": {document: trust(`{"Effect":"Allow","Principal":{"Service":"lambda"},"Action":"sts:AssumeRole"}`), code: "MalformedPolicyDocument", want: `Invalid principal in policy: "SERVICE":"lambda"`},
		"missing role":         {document: trust(`{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/none"},"Action":"sts:AssumeRole"}`), code: "MalformedPolicyDocument", want: `Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/none"`},
		"no action":            {document: trust(`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"}}`), code: "MalformedPolicyDocument", want: "Missing required field Action"},
		"foreign action":       {document: trust(`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"lambda:InvokeFunction"}`), code: "MalformedPolicyDocument", want: "AssumeRole policy may only specify STS AssumeRole actions."},
		"resource":             {document: trust(`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*"}`), code: "MalformedPolicyDocument", want: "Has prohibited field Resource"},
		"long":                 {document: trust(`{"Sid":"` + strings.Repeat("x", 2048) + `"}`), code: "LimitExceeded", want: "Cannot exceed quota for ACLSizePerRole: 2048"},
		"exists":               {role: "EXISTS", code: "EntityAlreadyExists", want: "Role with name exists already exists."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.role("exists")
			in := &iam.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: aws.String(lambdaTrust)}
			if test.role != "" {
				in.RoleName = &test.role
			}
			if test.path != "" {
				in.Path = &test.path
			}
			if test.document != "" {
				in.AssumeRolePolicyDocument = &test.document
			}
			_, err := do[iam.CreateRoleOutput](w, in)
			wantError(t, err, test.code, test.want)
			if test.role == "" && test.path == "" && test.code == "MalformedPolicyDocument" {
				_, err := do[iam.UpdateAssumeRolePolicyOutput](w, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("exists"), PolicyDocument: in.AssumeRolePolicyDocument})
				wantError(t, err, test.code, test.want)
			}
		})
	}
}

func TestPutRolePolicyRefuses(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		`{`: "Syntax errors in policy.",
		`{"Version":"2012-10-17","Statement":[]}`:                                                                                                                     "Syntax errors in policy.",
		`{"Statement":{"Effect":"Allow","Action":"logs:*","Resource":"*"}}`:                                                                                           "Policy document must be version 2012-10-17 or greater.",
		`{"Version":"2012-10-17","Statement":{"Effect":"allow","Action":"logs:*","Resource":"*"}}`:                                                                    "The policy failed legacy parsing",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"logs:*","Resource":"*"}}`:                                                    "Policy document should not specify a principal.",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Resource":"*"}}`:                                                                                      "Policy statement must contain actions.",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*"}}`:                                                                                   "Policy statement must contain resources.",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"PutLogEvents","Resource":"*"}}`:                                                              "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:a:b","Resource":"*"}}`:                                                                  "Actions/Condition can contain only one colon.",
		`{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"logs:*","Resource":"my-group"}}`:                                                             `Resource my-group must be in ARN format or "*".`,
		`{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Allow","Action":"a:b","Resource":"*"},{"Sid":"a","Effect":"Deny","Action":"a:b","Resource":"*"}]}`: "Statement IDs (SID) in a single policy must be unique.",
	} {
		w := newWorld(t)
		w.role("r")
		_, err := do[iam.PutRolePolicyOutput](w, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: &document})
		wantError(t, err, "MalformedPolicyDocument", want)
	}
}

func TestCanAssume(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn := w.role("r")
	if !w.CanAssume(arn, "lambda.amazonaws.com") || !w.CanAssume(arn, "lambda") {
		t.Error("lambda may not assume its role")
	}
	if w.CanAssume(arn, "apigateway.amazonaws.com") || w.CanAssume("arn:aws:iam::123456789012:role/none", "lambda") || w.CanAssume("", "lambda") {
		t.Error("others may")
	}
	for statements, want := range map[string]bool{
		`{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]},"Action":["sts:AssumeRole","sts:TagSession"]}`:                            true,
		`{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}`:                                                                        false,
		`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:TagSession"}`:                                                                     false,
		`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:assumerole"}`:                                                                     true,
		`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"1"}}}`:              false,
		`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{}}}`:                                     true,
		`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"},{"Effect":"Deny","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}`: false,
		`{"Effect":"Allow","Principal":"*","Action":"sts:*"}`:                                                                                                             true,
	} {
		document := `{"Version":"2012-10-17","Statement":[` + statements + `]}`
		must[iam.UpdateAssumeRolePolicyOutput](w, &iam.UpdateAssumeRolePolicyInput{RoleName: aws.String("r"), PolicyDocument: &document})
		if got := w.CanAssume(arn, "lambda"); got != want {
			t.Errorf("%s: %v", statements, got)
		}
	}
}

func TestAllows(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn := w.role("r")
	group := "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/myFunc1:*"
	if w.Allows(arn, "logs:PutLogEvents", group) {
		t.Error("a role without policies may write")
	}
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String(basicPolicy)})
	if !w.Allows(arn, "logs:PutLogEvents", group) || w.Allows(arn, "logs:DeleteLogGroup", group) {
		t.Error("AWSLambdaBasicExecutionRole allows what it should not, or not what it should")
	}
	put := func(statement string) {
		document := `{"Version":"2012-10-17","Statement":[` + statement + `]}`
		must[iam.PutRolePolicyOutput](w, &iam.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: &document})
	}
	put(`{"Effect":"Deny","Action":"logs:Put*","Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/other:*"}`)
	if !w.Allows(arn, "logs:PutLogEvents", group) {
		t.Error("a Deny on another group counts")
	}
	put(`{"Effect":"Deny","Action":"logs:Put*","Resource":"arn:aws:logs:*:*:log-group:/aws/lambda/my????1:*"}`)
	if w.Allows(arn, "logs:PutLogEvents", group) || !w.Allows(arn, "logs:CreateLogStream", group) {
		t.Error("Deny does not win, or wins too much")
	}
	put(`{"Effect":"Deny","Action":"logs:*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}}`)
	if !w.Allows(arn, "logs:PutLogEvents", group) {
		t.Error("a Deny with a condition counts")
	}
	put(`{"Effect":"Allow","NotAction":"iam:*","NotResource":"arn:aws:s3:::secret/*"}`)
	if !w.Allows(arn, "s3:GetObject", "arn:aws:s3:::open/x") || w.Allows(arn, "s3:GetObject", "arn:aws:s3:::secret/x") || w.Allows(arn, "iam:GetRole", "*") {
		t.Error("NotAction or NotResource is wrong")
	}
}

func TestSnapshot(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arn := w.role("b")
	w.role("a")
	must[iam.AttachRolePolicyOutput](w, &iam.AttachRolePolicyInput{RoleName: aws.String("b"), PolicyArn: aws.String(basicPolicy)})
	first, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	other := New(Config{Account: account})
	if err := other.Restore(first); err != nil {
		t.Fatal(err)
	}
	second, err := other.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(first), string(second)); diff != "" {
		t.Error(diff)
	}
	if !other.CanAssume(arn, "lambda") || !other.Allows(arn, "logs:PutLogEvents", "*") {
		t.Error("documents are not restored")
	}
	if err := other.Restore(nil); err != nil || other.CanAssume(arn, "lambda") {
		t.Errorf("Restore(nil) does not empty: %v", err)
	}
}

func FuzzPolicyDocument(f *testing.F) {
	f.Add(lambdaTrust)
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":["a:*"],"NotResource":["arn:aws:s3:::x?"],"Condition":{"Null":{}}}}`)
	f.Add(`{"Version":"2012-10-17","Statement":[{"Sid":"","Effect":"Allow","Principal":"*","Action":"*"}]}`)
	s := New(Config{Account: account})
	f.Fuzz(func(t *testing.T, text string) {
		for _, parse := range []func(string) (*document, error){parseDocument, s.checkTrust, checkPermissions} {
			doc, err := parse(text)
			if (doc == nil) == (err == nil) {
				t.Fatalf("document %v and error %v", doc, err)
			}
			if doc != nil {
				decide([]*document{doc}, &request{action: "sts:AssumeRole", resource: "*"}, func(st *statement) bool { return st.trustsService("lambda") })
			}
		}
		if plain, err := url.PathUnescape(encodeDocument(text)); err != nil || plain != text {
			t.Fatalf("%q is encoded and decoded to %q, %v", text, plain, err)
		}
	})
}

// BenchmarkNew is what the service adds to the emulator's start.
func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Config{Account: account})
	}
}
