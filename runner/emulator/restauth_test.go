package emulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	functiontypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/emulatortest"
)

const guardARN = "arn:aws:lambda:ap-northeast-2:123456789012:function:LambdaAuthorizer"

// headersOnly is the authorizer of the course as it stands: it reads the token where
// a TOKEN event has none (COURSE-FACTS §1).
const headersOnly = `
def lambda_handler(event, context):
    token = event['headers']['Authorization']
    return {'principalId': token, 'policyDocument': {'Version': '2012-10-17', 'Statement': [{'Action': 'execute-api:Invoke', 'Effect': 'Allow', 'Resource': event['methodArn']}]}}
`

// guardCode does what its token says.
const guardCode = `
def lambda_handler(event, context):
    token = event.get('authorizationToken') or event['headers']['Authorization']
    if token == 'out':
        raise Exception('Unauthorized')
    if token == 'broken':
        raise ValueError(token)
    if token == 'nothing':
        return None
    statement = {'Action': 'execute-api:Invoke', 'Effect': 'Deny' if token == 'deny' else 'Allow', 'Resource': event['methodArn']}
    if token == 'wide':
        statement['Resource'] = event['methodArn'].split('/')[0] + '/*'
    return {'principalId': 'student', 'policyDocument': {'Version': '2012-10-17', 'Statement': [statement]}, 'context': {'token': token, 'level': 7, 'admin': True}}
`

// guards makes the function LambdaAuthorizer and an authorizer of it.
func (a *restAPI) guards(t testing.TB, code string, change func(*apigateway.CreateAuthorizerInput)) string {
	t.Helper()
	if _, err := a.lambda.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: aws.String("LambdaAuthorizer"), Runtime: functiontypes.RuntimePython314, Handler: aws.String("lambda_function.lambda_handler"),
		Role: aws.String("arn:aws:iam::123456789012:role/r"), Code: &functiontypes.FunctionCode{ZipFile: zipped(t, "lambda_function.py", code)},
	}); err != nil {
		t.Fatal(err)
	}
	in := &apigateway.CreateAuthorizerInput{
		RestApiId: &a.id, Name: aws.String("LambdaAuthorizer"), Type: types.AuthorizerTypeToken, IdentitySource: aws.String("method.request.header.Authorization"),
		AuthorizerUri: aws.String("arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/" + guardARN + "/invocations"),
	}
	if change != nil {
		change(in)
	}
	out, err := a.client.CreateAuthorizer(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Id)
}

// attach puts the authorizer before the GET of a resource.
func (a *restAPI) attach(t testing.TB, resource, authorizer string) {
	t.Helper()
	if _, err := a.client.UpdateMethod(t.Context(), &apigateway.UpdateMethodInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: aws.String("GET"), PatchOperations: []types.PatchOperation{
		{Op: types.OpReplace, Path: aws.String("/authorizationType"), Value: aws.String("CUSTOM")},
		{Op: types.OpReplace, Path: aws.String("/authorizerId"), Value: &authorizer},
	}}); err != nil {
		t.Fatal(err)
	}
}

// permitAuthorizer lets the gateway invoke the authorizer's function.
func (a *restAPI) permitAuthorizer(t testing.TB, authorizer string) {
	t.Helper()
	if _, err := a.lambda.AddPermission(t.Context(), permission("authorizer", func(in *lambda.AddPermissionInput) {
		in.FunctionName = aws.String("LambdaAuthorizer")
		in.SourceArn = aws.String("arn:aws:execute-api:ap-northeast-2:123456789012:" + a.id + "/authorizers/" + authorizer)
	})); err != nil {
		t.Fatal(err)
	}
}

func (a *restAPI) update(t testing.TB, code string) {
	t.Helper()
	if _, err := a.lambda.UpdateFunctionCode(t.Context(), &lambda.UpdateFunctionCodeInput{FunctionName: aws.String("LambdaAuthorizer"), ZipFile: zipped(t, "lambda_function.py", code)}); err != nil {
		t.Fatal(err)
	}
}

// wantAnswer holds an answer of the gateway's own against AWS's, header by header.
func (a *restAPI) wantAnswer(t *testing.T, target, token string, status int, errorType, body string) {
	t.Helper()
	header := []string{}
	if token != "" {
		header = append(header, "Authorization", token)
	}
	got := a.ask(http.MethodGet, target, "", header...)
	kind := map[string][]string(got.Header())["x-amzn-ErrorType"]
	if got.Code != status || got.Body.String() != body || errorType != "" && (len(kind) != 1 || kind[0] != errorType) || errorType == "" && kind != nil {
		t.Errorf("%s with %q: %d %q %s\nwant %d %s %s", target, token, got.Code, kind, got.Body, status, errorType, body)
	}
	names := map[string][]string(got.Header())
	if len(names["x-amzn-RequestId"]) != 1 || len(names["x-amz-apigw-id"]) != 1 || errorType != "" && (names["X-Amzn-Trace-Id"] != nil || got.Header().Get("Content-Type") != "application/json") {
		t.Errorf("%s: headers %v", target, got.Header())
	}
}

// The bodies of AWS-BEHAVIOUR §1.1.
const (
	unauthorizedBody = `{"message":"Unauthorized"}`
	deniedBody       = `{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`
	undecidedBody    = `{"Message":"User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action"}`
	nullBody         = `{"message":null}`
)

// The walk of the lesson, with what goes wrong on the way.
func TestAnAuthorizerInFrontOfARESTAPI(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.function(t, "import json\ndef lambda_handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(event['requestContext'].get('authorizer'))}\n", nil)
	pets := a.resource(t, a.root, "pets")
	more := a.resource(t, a.resource(t, a.root, "v2"), "pets")
	a.get(t, pets, "")
	a.get(t, more, "more pets for $context.authorizer.principalId")
	if _, err := a.lambda.AddPermission(t.Context(), permission("gateway", func(in *lambda.AddPermissionInput) {
		in.SourceArn = aws.String("arn:aws:execute-api:ap-northeast-2:123456789012:" + a.id + "/*/GET/pets")
	})); err != nil {
		t.Fatal(err)
	}
	a.deploy(t, nil)
	id := a.guards(t, headersOnly, nil)
	a.attach(t, pets, id)
	a.attach(t, more, id)
	a.wantAnswer(t, "/PROD/pets", "", 200, "", "null") // it is not deployed
	a.deploy(t, nil)
	a.wantAnswer(t, "/PROD/pets", "", 401, "UnauthorizedException", unauthorizedBody)
	a.wantAnswer(t, "/PROD/pets", "wide", 500, "AuthorizerConfigurationException", nullBody) // no permission
	a.permitAuthorizer(t, id)
	a.wantAnswer(t, "/PROD/pets", "wide", 500, "AuthorizerConfigurationException", nullBody) // KeyError: 'headers'
	a.update(t, guardCode)
	a.wantAnswer(t, "/PROD/pets", "out", 401, "UnauthorizedException", unauthorizedBody)
	a.wantAnswer(t, "/PROD/pets", "broken", 500, "AuthorizerConfigurationException", nullBody)
	a.wantAnswer(t, "/PROD/pets", "nothing", 500, "AuthorizerConfigurationException", nullBody)
	a.wantAnswer(t, "/PROD/pets", "deny", 403, "AccessDeniedException", deniedBody)
	a.wantAnswer(t, "/PROD/v2/pets", "deny", 403, "AccessDeniedException", undecidedBody) // cached, and about another path
	a.wantAnswer(t, "/PROD/v2/pets", "wide", 200, "", "more pets for student")
	got := a.ask(http.MethodGet, "/PROD/pets", "", "Authorization", "narrow")
	var passed map[string]any
	if err := json.Unmarshal(got.Body.Bytes(), &passed); err != nil || got.Code != 200 || passed["principalId"] != "student" || passed["level"] != "7" || passed["admin"] != "true" || passed["token"] != "narrow" {
		t.Errorf("%d %s", got.Code, got.Body)
	}
	if latency, ok := passed["integrationLatency"].(float64); !ok || latency < 0 {
		t.Errorf("latency %v", passed["integrationLatency"])
	}
	a.wantAnswer(t, "/PROD/v2/pets", "narrow", 403, "AccessDeniedException", undecidedBody)

	// The cache outlives the function, a deployment and a change of the stage. Flushing
	// ends it, of that stage alone.
	if _, err := a.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("LambdaAuthorizer")}); err != nil {
		t.Fatal(err)
	}
	a.deploy(t, nil)
	if _, err := a.client.UpdateStage(t.Context(), &apigateway.UpdateStageInput{RestApiId: &a.id, StageName: aws.String("PROD"), PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/variables/a"), Value: aws.String("b")}}}); err != nil {
		t.Fatal(err)
	}
	a.wantAnswer(t, "/PROD/v2/pets", "wide", 200, "", "more pets for student")
	if _, err := a.client.FlushStageAuthorizersCache(t.Context(), &apigateway.FlushStageAuthorizersCacheInput{RestApiId: &a.id, StageName: aws.String("PROD")}); err != nil {
		t.Fatal(err)
	}
	a.wantAnswer(t, "/PROD/v2/pets", "wide", 500, "AuthorizerConfigurationException", nullBody)
}

// A stage that is made anew has no verdicts of the one before.
func TestVerdictsEndWithTheStage(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.role(t)
	a.get(t, a.root, "root")
	id := a.guards(t, guardCode, nil)
	a.permitAuthorizer(t, id)
	a.attach(t, a.root, id)
	a.deploy(t, nil)
	a.wantAnswer(t, "/PROD", "wide", 200, "", "root")
	if _, err := a.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("LambdaAuthorizer")}); err != nil {
		t.Fatal(err)
	}
	a.wantAnswer(t, "/PROD", "wide", 200, "", "root")
	if _, err := a.client.DeleteStage(t.Context(), &apigateway.DeleteStageInput{RestApiId: &a.id, StageName: aws.String("PROD")}); err != nil {
		t.Fatal(err)
	}
	a.deploy(t, nil)
	a.wantAnswer(t, "/PROD", "wide", 500, "AuthorizerConfigurationException", nullBody)
}

// A REQUEST authorizer and a role in the place of a resource policy.
func TestARequestAuthorizerInFrontOfARESTAPI(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.role(t)
	a.get(t, a.root, "root")
	id := a.guards(t, headersOnly, func(in *apigateway.CreateAuthorizerInput) { in.Type = types.AuthorizerTypeRequest })
	a.permitAuthorizer(t, id)
	a.attach(t, a.root, id)
	a.deploy(t, nil)
	a.wantAnswer(t, "/PROD", "", 401, "UnauthorizedException", unauthorizedBody)
	a.wantAnswer(t, "/PROD", "t", 200, "", "root")
}

// TestInvokeAuthorizer asks the function as it is now, and the authorizer too.
func TestTestInvokeAuthorizer(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.role(t)
	id := a.guards(t, guardCode, nil)
	test := func(token string) *apigateway.TestInvokeAuthorizerOutput {
		t.Helper()
		out, err := a.client.TestInvokeAuthorizer(t.Context(), &apigateway.TestInvokeAuthorizerInput{RestApiId: &a.id, AuthorizerId: &id, Headers: map[string]string{"Authorization": token}})
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	if out := test("wide"); out.ClientStatus != 500 || !strings.Contains(*out.Log, "Execution failed due to configuration error: Invalid permissions on Lambda function\n") {
		t.Errorf("%d %s", out.ClientStatus, *out.Log)
	}
	a.permitAuthorizer(t, id)
	out := test("wide")
	want := `{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"arn:aws:execute-api:ap-northeast-2:123456789012:` + a.id + `/*"}]}`
	if out.ClientStatus != 0 || aws.ToString(out.PrincipalId) != "student" || aws.ToString(out.Policy) != want || out.Claims != nil || out.Authorization != nil {
		t.Errorf("%+v", out)
	}
	for token, status := range map[string]int32{"": 401, "out": 401, "broken": 500, "nothing": 500, "deny": 0} {
		if out := test(token); out.ClientStatus != status || (out.Policy == nil) != (status != 0) {
			t.Errorf("%q: %+v", token, out)
		}
	}
	_, err := a.client.TestInvokeAuthorizer(t.Context(), &apigateway.TestInvokeAuthorizerInput{RestApiId: &a.id, AuthorizerId: aws.String("nobody")})
	if err == nil || !strings.Contains(err.Error(), "NotFoundException: Invalid Authorizer identifier specified") {
		t.Error(err)
	}
	const program = "/usr/bin/aws"
	if _, err := os.Stat(program); err != nil || testing.Short() {
		t.Skip("no AWS CLI is installed")
	}
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	command := exec.CommandContext(t.Context(), program, "--endpoint-url", server.URL, "--region", emulatortest.Region, "--output", "text", "--query", "[clientStatus, principalId]",
		"apigateway", "test-invoke-authorizer", "--rest-api-id", a.id, "--authorizer-id", id, "--headers", "Authorization=wide")
	command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+emulatortest.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+emulatortest.SecretAccessKey, "AWS_PAGER=", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	if out, err := command.CombinedOutput(); err != nil || string(out) != "0\tstudent\n" {
		t.Errorf("%v: %s", err, out)
	}
}

// BenchmarkUncachedAuthorizer is a MOCK behind an authorizer whose results are not
// cached; it reports the same function's warm invocation beside it, by turns.
func BenchmarkUncachedAuthorizer(b *testing.B) {
	a := openRESTAPI(b)
	a.role(b)
	a.get(b, a.root, "root")
	id := a.guards(b, guardCode, func(in *apigateway.CreateAuthorizerInput) { in.AuthorizerResultTtlInSeconds = aws.Int32(0) })
	a.permitAuthorizer(b, id)
	a.attach(b, a.root, id)
	a.deploy(b, nil)
	event := []byte(`{"type":"TOKEN","methodArn":"arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/GET/","authorizationToken":"wide"}`)
	var guarded, invoked time.Duration
	for b.Loop() {
		began := time.Now()
		if got := a.ask(http.MethodGet, "/PROD", "", "Authorization", "wide"); got.Code != http.StatusOK {
			b.Fatal(got.Code, got.Body)
		}
		guarded += time.Since(began)
		began = time.Now()
		if out, err := a.lambda.Invoke(b.Context(), &lambda.InvokeInput{FunctionName: aws.String("LambdaAuthorizer"), Payload: event}); err != nil || out.FunctionError != nil {
			b.Fatal(err, out)
		}
		invoked += time.Since(began)
	}
	b.ReportMetric(float64(guarded.Microseconds())/float64(b.N), "µs/request")
	b.ReportMetric(float64(invoked.Microseconds())/float64(b.N), "µs/invocation")
}
