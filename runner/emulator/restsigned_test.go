package emulator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"awslab/runner/emulator/emulatortest"
)

// A method with AWS_IAM wants a signature for execute-api, of somebody who may
// invoke it. AWS's answers: AWS-BEHAVIOUR §1.2, and public reports.
func TestASignedRequestToARESTAPI(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	pets := a.resource(t, a.root, "pets")
	a.get(t, pets, `$context.identity.userArn $context.identity.caller`)
	if _, err := a.client.UpdateMethod(t.Context(), &apigateway.UpdateMethodInput{RestApiId: &a.id, ResourceId: &pets, HttpMethod: aws.String("GET"), PatchOperations: []types.PatchOperation{
		{Op: types.OpReplace, Path: aws.String("/authorizationType"), Value: aws.String("AWS_IAM")},
	}}); err != nil {
		t.Fatal(err)
	}
	a.deploy(t, nil)
	own := aws.Credentials{AccessKeyID: emulatortest.AccessKeyID, SecretAccessKey: emulatortest.SecretAccessKey}
	session := a.reader(t)
	stranger := own
	stranger.AccessKeyID = "AKIAIOSFODNN7UNKNOWN"
	liar := own
	liar.SecretAccessKey = "another"
	const sessionARN = "arn:aws:sts::123456789012:assumed-role/reader/lesson"
	for name, tt := range map[string]struct {
		who             aws.Credentials
		service, region string
		change          func(*http.Request)
		status          int
		errorType, body string
	}{
		"unsigned":        {status: 403, errorType: "MissingAuthenticationTokenException", body: `{"message":"Missing Authentication Token"}`},
		"the user":        {who: own, service: "execute-api", region: emulatortest.Region, status: 200, body: emulatortest.Principal + " "},
		"another service": {who: own, service: "lambda", region: emulatortest.Region, status: 403, errorType: "InvalidSignatureException", body: `{"message":"Credential should be scoped to correct service: 'execute-api'. "}`},
		"another region":  {who: own, service: "execute-api", region: "us-east-1", status: 403, errorType: "InvalidSignatureException", body: `{"message":"Credential should be scoped to a valid region. "}`},
		"neither":         {who: own, service: "s3", region: "us-east-1", status: 403, errorType: "InvalidSignatureException", body: `{"message":"Credential should be scoped to a valid region. Credential should be scoped to correct service: 'execute-api'. "}`},
		"an unknown key":  {who: stranger, service: "execute-api", region: emulatortest.Region, status: 403, errorType: "UnrecognizedClientException", body: `{"message":"The security token included in the request is invalid."}`},
		"a wrong secret":  {who: liar, service: "execute-api", region: emulatortest.Region, status: 403, errorType: "InvalidSignatureException", body: `{"message":"The request signature we calculated does not match the signature you provided.`},
		"another path": {
			who: own, service: "execute-api", region: emulatortest.Region, change: func(r *http.Request) { r.URL.RawQuery = "a=b" },
			status: 403, errorType: "InvalidSignatureException", body: `{"message":"The request signature we calculated does not match the signature you provided.`,
		},
		"a token": {change: func(r *http.Request) { r.Header.Set("Authorization", "Bearer t") }, status: 403, errorType: "IncompleteSignatureException", body: `{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256`},
		"a session that may": {
			who: session, service: "execute-api", region: emulatortest.Region, status: 200, body: sessionARN + " AROA",
		},
		"a session on another path": {
			who: session, service: "execute-api", region: emulatortest.Region, change: func(r *http.Request) { r.URL.Path = "/PROD/pets/" }, status: 403, errorType: "InvalidSignatureException", body: `{"message":"The request signature`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, "http://"+a.id+".execute-api.localhost:4566/PROD/pets", nil)
			if tt.who.AccessKeyID != "" {
				empty := sha256.Sum256(nil)
				if err := v4.NewSigner().SignHTTP(t.Context(), tt.who, r, hex.EncodeToString(empty[:]), tt.service, tt.region, time.Now()); err != nil {
					t.Fatal(err)
				}
			}
			if tt.change != nil {
				tt.change(r)
				r.RequestURI = r.URL.RequestURI()
			}
			got := httptest.NewRecorder()
			a.ServeHTTP(got, r)
			kind := strings.Join(map[string][]string(got.Header())["x-amzn-ErrorType"], "")
			if got.Code != tt.status || kind != tt.errorType || !strings.HasPrefix(got.Body.String(), tt.body) {
				t.Errorf("%d %s %s\nwant %d %s %s", got.Code, kind, got.Body, tt.status, tt.errorType, tt.body)
			}
		})
	}
	// What the role allows is all that its session may.
	if _, err := iam.NewFromConfig(a.cfg).DeleteRolePolicy(t.Context(), &iam.DeleteRolePolicyInput{RoleName: aws.String("reader"), PolicyName: aws.String("invoke")}); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "http://"+a.id+".execute-api.localhost:4566/PROD/pets", nil)
	empty := sha256.Sum256(nil)
	if err := v4.NewSigner().SignHTTP(t.Context(), session, r, hex.EncodeToString(empty[:]), "execute-api", emulatortest.Region, time.Now()); err != nil {
		t.Fatal(err)
	}
	got := httptest.NewRecorder()
	a.ServeHTTP(got, r)
	want := `{"Message":"User: ` + sessionARN + ` is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:ap-northeast-2:********9012:` + a.id + `/PROD/GET/pets"}`
	if got.Code != 403 || got.Body.String() != want {
		t.Errorf("%d %s\nwant %s", got.Code, got.Body, want)
	}
}

// reader gives the key of a session whose role may invoke GET /pets.
func (a *restAPI) reader(t *testing.T) aws.Credentials {
	t.Helper()
	roles := iam.NewFromConfig(a.cfg)
	if _, err := roles.CreateRole(t.Context(), &iam.CreateRoleInput{RoleName: aws.String("reader"), AssumeRolePolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/student"},"Action":"sts:AssumeRole"}]}`)}); err != nil {
		t.Fatal(err)
	}
	allow := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"arn:aws:execute-api:*:*:` + a.id + `/*/GET/pets"}}`
	if _, err := roles.PutRolePolicy(t.Context(), &iam.PutRolePolicyInput{RoleName: aws.String("reader"), PolicyName: aws.String("invoke"), PolicyDocument: &allow}); err != nil {
		t.Fatal(err)
	}
	out, err := sts.NewFromConfig(a.cfg).AssumeRole(t.Context(), &sts.AssumeRoleInput{RoleArn: aws.String("arn:aws:iam::123456789012:role/reader"), RoleSessionName: aws.String("lesson")})
	if err != nil {
		t.Fatal(err)
	}
	return aws.Credentials{AccessKeyID: *out.Credentials.AccessKeyId, SecretAccessKey: *out.Credentials.SecretAccessKey, SessionToken: *out.Credentials.SessionToken}
}
