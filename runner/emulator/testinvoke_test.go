package emulator_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/smithy-go"

	"awslab/runner/emulator/emulatortest"
)

// mocks puts MOCKs at /pets and /pets/{petId}, as LocalStack's recorded API has
// them; nothing is deployed.
func (a *restAPI) mocks(t *testing.T) (pets, pet string) {
	t.Helper()
	pets = a.resource(t, a.root, "pets")
	pet = a.resource(t, pets, "{petId}")
	a.get(t, pets, `{"pets": "all the pets"}`)
	for _, verb := range []string{"GET", "POST"} {
		verb, ok := aws.String(verb), aws.String("200")
		for _, err := range []error{
			second(a.client.PutMethod(t.Context(), &apigateway.PutMethodInput{RestApiId: &a.id, ResourceId: &pet, HttpMethod: verb, AuthorizationType: aws.String("NONE"), RequestParameters: map[string]bool{"method.request.path.petId": true}})),
			second(a.client.PutMethodResponse(t.Context(), &apigateway.PutMethodResponseInput{RestApiId: &a.id, ResourceId: &pet, HttpMethod: verb, StatusCode: ok})),
			second(a.client.PutIntegration(t.Context(), &apigateway.PutIntegrationInput{
				RestApiId: &a.id, ResourceId: &pet, HttpMethod: verb, Type: types.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`},
				RequestParameters: map[string]string{"integration.request.path.id": "method.request.path.petId"},
			})),
			second(a.client.PutIntegrationResponse(t.Context(), &apigateway.PutIntegrationResponseInput{RestApiId: &a.id, ResourceId: &pet, HttpMethod: verb, StatusCode: ok, ResponseTemplates: map[string]string{"application/json": `{"petId": "$input.params('petId')"}`}})),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	return pets, pet
}

// proxied puts an ANY that a URI answers.
func (a *restAPI) proxied(t *testing.T, resource, uri string) {
	t.Helper()
	for _, err := range []error{
		second(a.client.PutMethod(t.Context(), &apigateway.PutMethodInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: aws.String("ANY"), AuthorizationType: aws.String("NONE")})),
		second(a.client.PutIntegration(t.Context(), &apigateway.PutIntegrationInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: aws.String("ANY"), Type: types.IntegrationTypeHttpProxy, IntegrationHttpMethod: aws.String("ANY"), Uri: &uri})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (a *restAPI) test(t *testing.T, in *apigateway.TestInvokeMethodInput) *apigateway.TestInvokeMethodOutput {
	t.Helper()
	in.RestApiId = &a.id
	out, err := a.client.TestInvokeMethod(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	logTime = regexp.MustCompile(`(?m)^[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{2} [0-9:]{8} UTC [0-9]{4} : `)
	logID   = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// masked is a log without its times and its id.
func masked(log *string) string {
	return logID.ReplaceAllString(logTime.ReplaceAllString(aws.ToString(log), ""), "ID")
}

// The answers that LocalStack recorded (test_apigateway_api.snapshot.json,
// TestApigatewayTestInvoke).
func TestTestInvokeMethodAsRecorded(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	pets, pet := a.mocks(t)
	for name, tt := range map[string]struct {
		in   apigateway.TestInvokeMethodInput
		body string
		log  []string // from the second line
	}{
		"get-pets":          {apigateway.TestInvokeMethodInput{ResourceId: &pets, HttpMethod: aws.String("GET"), Body: aws.String("")}, `{"pets": "all the pets"}`, []string{"GET, Resource Path: /pets", "{}", "{}", ""}},
		"get-pets-bad-path": {apigateway.TestInvokeMethodInput{ResourceId: &pets, HttpMethod: aws.String("GET"), PathWithQueryString: aws.String("/random/test")}, `{"pets": "all the pets"}`, []string{"GET, Resource Path: /random/test", "{}", "{}", ""}},
		"get-pets-id":       {apigateway.TestInvokeMethodInput{ResourceId: &pet, HttpMethod: aws.String("GET"), PathWithQueryString: aws.String("/pets/123")}, `{"petId": "123"}`, []string{"GET, Resource Path: /pets/123", "{petId=123}", "{}", ""}},
		"get-pets-id-no-path": {
			apigateway.TestInvokeMethodInput{ResourceId: &pet, HttpMethod: aws.String("GET")},
			`{"petId": "{petId}"}`,
			[]string{"GET, Resource Path: /pets/{petId}", "{petId={petId}}", "{}", ""},
		},
		"get-with-qs":    {apigateway.TestInvokeMethodInput{ResourceId: &pet, HttpMethod: aws.String("GET"), PathWithQueryString: aws.String("/pets/123?foo=bar")}, `{"petId": "123"}`, []string{"GET, Resource Path: /pets/123", "{petId=123}", "{foo=bar}", ""}},
		"post-with-body": {apigateway.TestInvokeMethodInput{ResourceId: &pet, HttpMethod: aws.String("POST"), PathWithQueryString: aws.String("/pets/123"), Body: aws.String(`{"foo": "bar"}`)}, `{"petId": "123"}`, []string{"POST, Resource Path: /pets/123", "{petId=123}", "{}", `{"foo": "bar"}`}},
	} {
		out := a.test(t, &tt.in)
		want := "Execution log for request ID\nStarting execution for request: ID\nHTTP Method: " + tt.log[0] + "\nMethod request path: " + tt.log[1] +
			"\nMethod request query string: " + tt.log[2] + "\nMethod request headers: {}\nMethod request body before transformations: " + tt.log[3] +
			"\nMethod response body after transformations: " + tt.body + "\nMethod response headers: {Content-Type=application/json}\nSuccessfully completed execution\nMethod completed with status: 200\n"
		if out.Status != 200 || aws.ToString(out.Body) != tt.body || masked(out.Log) != want {
			t.Errorf("%s: %d %s\n%s\nwant\n%s", name, out.Status, aws.ToString(out.Body), masked(out.Log), want)
		}
		if len(out.Headers) != 1 || out.Headers["Content-Type"] != "application/json" || len(out.MultiValueHeaders) != 1 || len(out.MultiValueHeaders["Content-Type"]) != 1 {
			t.Errorf("%s: %v %v", name, out.Headers, out.MultiValueHeaders)
		}
	}
	a.proxied(t, a.root, "https://${stageVariables.testHost}") // with no such variable
	out := a.test(t, &apigateway.TestInvokeMethodInput{ResourceId: &a.root, HttpMethod: aws.String("GET")})
	if want := "Execution log for request ID\nStarting execution for request: ID\nHTTP Method: GET, Resource Path: /\nMethod request path: {}\nMethod request query string: {}\n" +
		"Method request headers: {}\nMethod request body before transformations: \nExecution failed due to configuration error: Invalid endpoint address\nMethod completed with status: 500\n"; masked(out.Log) != want {
		t.Errorf("%s\nwant\n%s", masked(out.Log), want)
	}
	if out.Status != 500 || aws.ToString(out.Body) != `{"message": "Internal server error"}` || len(out.Headers) != 1 || out.Headers["x-amzn-ErrorType"] != "InternalServerErrorException" {
		t.Errorf("%d %s %v", out.Status, aws.ToString(out.Body), out.Headers)
	}
}

func TestWhatTestInvokeMethodRefuses(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	_, pet := a.mocks(t)
	for name, tt := range map[string]struct {
		change        func(*apigateway.TestInvokeMethodInput)
		code, message string
	}{
		"method":      {func(in *apigateway.TestInvokeMethodInput) { in.HttpMethod = aws.String("HEAD") }, "NotFoundException", "Invalid Method identifier specified"},
		"verb":        {func(in *apigateway.TestInvokeMethodInput) { in.HttpMethod = aws.String("get") }, "NotFoundException", "Invalid Method identifier specified"},
		"resource":    {func(in *apigateway.TestInvokeMethodInput) { in.ResourceId = aws.String("invalid_res") }, "NotFoundException", "Invalid Resource identifier specified"},
		"API":         {func(in *apigateway.TestInvokeMethodInput) { in.RestApiId = aws.String("none") }, "NotFoundException", "Invalid Resource identifier specified"},
		"certificate": {func(in *apigateway.TestInvokeMethodInput) { in.ClientCertificateId = aws.String("c") }, "NotImplementedException", "awslab does not emulate apigateway:TestInvokeMethod with ClientCertificateId"},
		"header":      {func(in *apigateway.TestInvokeMethodInput) { in.Headers = map[string]string{"a b": "c"} }, "BadRequestException", `Invalid header specified: "a b"`},
		"line": {func(in *apigateway.TestInvokeMethodInput) {
			in.MultiValueHeaders = map[string][]string{"a": {"b\r\nc: d"}}
		}, "BadRequestException", `Invalid header specified: "a"`},
	} {
		in := &apigateway.TestInvokeMethodInput{RestApiId: &a.id, ResourceId: &pet, HttpMethod: aws.String("GET")}
		tt.change(in)
		_, err := a.client.TestInvokeMethod(t.Context(), in)
		var got smithy.APIError
		if !errors.As(err, &got) || got.ErrorCode() != tt.code || got.ErrorMessage() != tt.message {
			t.Errorf("%s: %v", name, err)
		}
		if _, typed := errors.AsType[*types.NotFoundException](err); typed != (tt.code == "NotFoundException") {
			t.Errorf("%s: %T", name, err)
		}
	}
}

// A function is asked as the stage test-invoke-stage, and needs the permission for
// it; the event says who tests.
func TestTestInvokeMethodOfAFunction(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.function(t, `import json
def lambda_handler(event, context):
    c = event['requestContext']
    return {'statusCode': 201, 'multiValueHeaders': {'x-many': ['1', '2']}, 'body': json.dumps([event['path'], event['headers'], event['multiValueQueryStringParameters'], event['stageVariables'], c['stage'], c['identity']['userArn'], c['identity']['accessKey'], 'aws-sdk-go' in c['identity']['userAgent'], event['body']])}
`, nil)
	hello := a.resource(t, a.root, "hello")
	a.get(t, hello, "")
	in := apigateway.TestInvokeMethodInput{
		ResourceId: &hello, HttpMethod: aws.String("GET"), PathWithQueryString: aws.String("/hello?a=1&a=2"), Body: aws.String("한글"),
		Headers: map[string]string{"X-Own": "3", "Authorization": "Bearer secret-token"}, MultiValueHeaders: map[string][]string{"X-Own": {"1", "2"}}, StageVariables: map[string]string{"color": "red"},
	}
	out := a.test(t, &in)
	if out.Status != 500 || !strings.Contains(*out.Log, "Execution failed due to configuration error: Invalid permissions on Lambda function\n") {
		t.Errorf("%d\n%s", out.Status, *out.Log)
	}
	if _, err := a.lambda.AddPermission(t.Context(), permission("gateway", func(in *lambda.AddPermissionInput) {
		in.FunctionName = aws.String("f")
		in.SourceArn = aws.String("arn:aws:execute-api:ap-northeast-2:123456789012:" + a.id + "/test-invoke-stage/GET/hello")
	})); err != nil {
		t.Fatal(err)
	}
	out = a.test(t, &in)
	const want = `["/hello", {"Authorization": "Bearer secret-token", "X-Own": "3"}, {"a": ["1", "2"]}, {"color": "red"}, "test-invoke-stage", "` + emulatortest.Principal + `", "` + emulatortest.AccessKeyID + `", true, "\ud55c\uae00"]`
	if out.Status != 201 || *out.Body != want {
		t.Errorf("%d %s\nwant %s\n%s", out.Status, *out.Body, want, *out.Log)
	}
	if out.Headers["x-many"] != "2" || len(out.MultiValueHeaders["x-many"]) != 2 || !strings.HasPrefix(out.Headers["X-Amzn-Trace-Id"], "Root=1-") {
		t.Errorf("%v %v", out.Headers, out.MultiValueHeaders)
	}
	if !strings.Contains(*out.Log, "Method response headers: {x-many=1,2, Content-Type=") {
		t.Errorf("the log has headers one by one:\n%s", *out.Log)
	}
	if strings.Contains(strings.SplitN(*out.Log, "Endpoint request body", 2)[0], "secret-token") {
		t.Errorf("the log has a secret:\n%s", *out.Log)
	}
	// Nothing of it is recorded, and no stage is served.
	if status, _ := a.call("/test-invoke-stage/hello"); status != http.StatusForbidden {
		t.Error(status)
	}
}

// What a lesson may not reach, it may not reach through a test either; and what a
// test says of itself does not change whose it is.
func TestTestInvokeMethodStaysInReach(t *testing.T) {
	t.Parallel()
	asked := make(chan *http.Request, 4)
	upstream := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { asked <- r }))
	t.Cleanup(upstream.Close)
	a := openRESTAPI(t)
	a.proxied(t, a.root, upstream.URL)
	in := &apigateway.TestInvokeMethodInput{RestApiId: &a.id, ResourceId: &a.root, HttpMethod: aws.String("GET"), Headers: map[string]string{"x-awslab-lesson": "", "X-Awslab-Check": "1", "Connection": "close"}}
	lesson := func(o *apigateway.Options) {
		o.APIOptions = append(o.APIOptions, emulatortest.Header("X-Awslab-Lesson", "m06-hello"))
	}
	out, err := a.client.TestInvokeMethod(t.Context(), in, lesson)
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != 504 || len(asked) != 0 {
		t.Errorf("%d, and %d requests went out\n%s", out.Status, len(asked), *out.Log)
	}
	in.PathWithQueryString = aws.String("/?a=b c\r\nX: y#f")
	if out, err = a.client.TestInvokeMethod(t.Context(), in); err != nil || out.Status != 200 {
		t.Fatalf("%v %+v", err, out)
	}
	got := <-asked
	if got.URL.RawQuery != "a=b%20c%0D%0AX:%20y%23f" || len(got.Header.Values("X-Awslab-Check")) != 0 || len(got.Header.Values("X-Awslab-Lesson")) != 0 {
		t.Errorf("%s %v", got.URL, got.Header)
	}
}

// An endpoint that never answers keeps neither a caller that goes nor an emulator
// that closes.
func TestTestInvokeMethodOfASilentEndpoint(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(cancel func(), a *restAPI) error{
		"the caller goes":     func(cancel func(), _ *restAPI) error { cancel(); return nil },
		"the emulator closes": func(_ func(), a *restAPI) error { return a.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = listener.Close() })
			a := openRESTAPI(t)
			a.proxied(t, a.root, (&url.URL{Scheme: "http", Host: listener.Addr().String()}).String())
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			answered := make(chan error, 1)
			go func() {
				_, err := a.client.TestInvokeMethod(ctx, &apigateway.TestInvokeMethodInput{RestApiId: &a.id, ResourceId: &a.root, HttpMethod: aws.String("GET")})
				answered <- err
			}()
			connection, err := listener.Accept()
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			if err := stop(cancel, a); err != nil {
				t.Fatal(err)
			}
			if err := <-answered; err == nil {
				t.Error("it was answered")
			}
		})
	}
}

// The real AWS CLI, once.
func TestTestInvokeMethodByTheAWSCLI(t *testing.T) {
	t.Parallel()
	const program = "/usr/bin/aws"
	if _, err := os.Stat(program); err != nil || testing.Short() {
		t.Skip("no AWS CLI is installed")
	}
	a := openRESTAPI(t)
	_, pet := a.mocks(t)
	server := httptest.NewServer(a)
	t.Cleanup(server.Close)
	command := exec.CommandContext(t.Context(), program, "--endpoint-url", server.URL, "--region", emulatortest.Region, "--output", "text", "--query", "[status, body, headers.\"Content-Type\"]",
		"apigateway", "test-invoke-method", "--rest-api-id", a.id, "--resource-id", pet, "--http-method", "GET", "--path-with-query-string", "/pets/7?x=y", "--headers", `{"X-Own":"1"}`)
	command.Env = append(os.Environ(), "AWS_ACCESS_KEY_ID="+emulatortest.AccessKeyID, "AWS_SECRET_ACCESS_KEY="+emulatortest.SecretAccessKey, "AWS_PAGER=", "AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull)
	out, err := command.CombinedOutput()
	if want := "200\t{\"petId\": \"7\"}\tapplication/json\n"; err != nil || string(out) != want {
		t.Errorf("%v: %s", err, out)
	}
}
