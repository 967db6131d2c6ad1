package emulator_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// restAPI is a REST API made by calls.
type restAPI struct {
	*world
	client   *apigateway.Client
	id, root string
}

func openRESTAPI(t testing.TB) *restAPI {
	t.Helper()
	w := open(t, "")
	a := &restAPI{world: w, client: apigateway.NewFromConfig(w.cfg)}
	api, err := a.client.CreateRestApi(t.Context(), &apigateway.CreateRestApiInput{Name: aws.String("api")})
	if err != nil {
		t.Fatal(err)
	}
	a.id, a.root = aws.ToString(api.Id), aws.ToString(api.RootResourceId)
	return a
}

// resource makes a child of a resource.
func (a *restAPI) resource(t testing.TB, parent, part string) string {
	t.Helper()
	out, err := a.client.CreateResource(t.Context(), &apigateway.CreateResourceInput{RestApiId: &a.id, ParentId: &parent, PathPart: &part})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(out.Id)
}

// get puts a GET that a MOCK answers with a text, or a function.
func (a *restAPI) get(t testing.TB, resource, text string) {
	t.Helper()
	ctx, get, ok := t.Context(), aws.String("GET"), aws.String("200")
	in := &apigateway.PutIntegrationInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: get, Type: types.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": `{"statusCode": 200}`}}
	if text == "" {
		in.Type, in.IntegrationHttpMethod, in.RequestTemplates = types.IntegrationTypeAwsProxy, aws.String("POST"), nil
		in.Uri = aws.String("arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/" + functionARN + "/invocations")
	}
	for _, err := range []error{
		second(a.client.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: get, AuthorizationType: aws.String("NONE")})),
		second(a.client.PutMethodResponse(ctx, &apigateway.PutMethodResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: get, StatusCode: ok})),
		second(a.client.PutIntegration(ctx, in)),
		second(a.client.PutIntegrationResponse(ctx, &apigateway.PutIntegrationResponseInput{RestApiId: &a.id, ResourceId: &resource, HttpMethod: get, StatusCode: ok, ResponseTemplates: map[string]string{"application/json": text}})),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func (a *restAPI) deploy(t testing.TB, change func(*apigateway.CreateDeploymentInput)) {
	t.Helper()
	in := &apigateway.CreateDeploymentInput{RestApiId: &a.id, StageName: aws.String("PROD")}
	if change != nil {
		change(in)
	}
	if _, err := a.client.CreateDeployment(t.Context(), in); err != nil {
		t.Fatal(err)
	}
}

func (a *restAPI) call(target string) (int, string) {
	r := httptest.NewRequest(http.MethodGet, "http://"+a.id+".execute-api.localhost:4566"+target, nil)
	recorder := httptest.NewRecorder()
	a.ServeHTTP(recorder, r)
	return recorder.Code, recorder.Body.String()
}

func (a *restAPI) wantCall(t *testing.T, target string, status int, body string) {
	t.Helper()
	if got, text := a.call(target); got != status || text != body {
		t.Errorf("%s: %d %s, want %d %s", target, got, text, status, body)
	}
}

const missingToken = `{"message":"Missing Authentication Token"}`

// The walk of the lesson: a stage, a canary at 50 %, its share, promotion.
func TestARESTAPIAndItsCanary(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.wantCall(t, "/PROD/pets", 403, `{"message":"Forbidden"}`)
	a.get(t, a.resource(t, a.root, "pets"), `pets of $context.stage, canary: $context.isCanaryRequest`)
	a.deploy(t, nil)
	a.wantCall(t, "/PROD/pets", 200, "pets of PROD, canary: ")
	a.wantCall(t, "/PROD/v2/pets", 403, missingToken)
	a.get(t, a.resource(t, a.resource(t, a.root, "v2"), "pets"), "new pets")
	a.wantCall(t, "/PROD/v2/pets", 403, missingToken) // not deployed yet
	a.deploy(t, func(in *apigateway.CreateDeploymentInput) {
		in.CanarySettings = &types.DeploymentCanarySettings{PercentTraffic: 50}
	})
	const n = 400
	canary := 0
	for range n {
		switch status, body := a.call("/PROD/v2/pets"); {
		case status == 200 && body == "new pets":
			canary++
		case status != 403 || body != missingToken:
			t.Fatal(status, body)
		}
	}
	if math.Abs(float64(canary)-n/2) > 5*math.Sqrt(n)/2 {
		t.Errorf("%d of %d requests met the canary", canary, n)
	}
	if _, err := a.client.UpdateStage(t.Context(), &apigateway.UpdateStageInput{RestApiId: &a.id, StageName: aws.String("PROD"), PatchOperations: []types.PatchOperation{
		{Op: types.OpReplace, Path: aws.String("/canarySettings/percentTraffic"), Value: aws.String("0.0")},
		{Op: types.OpCopy, From: aws.String("/canarySettings/deploymentId"), Path: aws.String("/deploymentId")},
	}}); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		a.wantCall(t, "/PROD/v2/pets", 200, "new pets")
	}
}

// A real function behind a REST API, and the permission that it takes.
func TestARESTAPIInFrontOfAFunction(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.function(t, "def lambda_handler(event, context):\n    if event['queryStringParameters']:\n        raise ValueError('no')\n    return {'statusCode': 200, 'body': event['resource'] + ' ' + event['requestContext']['stage']}\n", nil)
	a.get(t, a.resource(t, a.root, "hello"), "")
	a.deploy(t, nil)
	const failed = `{"message": "Internal server error"}`
	a.wantCall(t, "/PROD/hello", 500, failed)
	if _, err := a.lambda.AddPermission(t.Context(), permission("gateway", func(in *lambda.AddPermissionInput) {
		in.FunctionName = aws.String("f")
		in.SourceArn = aws.String("arn:aws:execute-api:ap-northeast-2:123456789012:" + a.id + "/*/GET/hello")
	})); err != nil {
		t.Fatal(err)
	}
	a.wantCall(t, "/PROD/hello", 200, "/hello PROD")
	a.wantCall(t, "/PROD/hello?fail=1", 502, failed)
}

// A signature that is none is told apart on a path that is not there.
func TestASignatureThatIsNone(t *testing.T) {
	t.Parallel()
	a := openRESTAPI(t)
	a.get(t, a.root, "root")
	a.deploy(t, nil)
	for header, want := range map[string]string{
		"Bearer token":                        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '",
		"AWS4-HMAC-SHA256 Credential=a/b/c/d": "Authorization header requires 'Signature' parameter.",
	} {
		r := httptest.NewRequest(http.MethodGet, "http://"+a.id+".execute-api.localhost:4566/PROD/nothing", nil)
		r.Header.Set("Authorization", header)
		recorder := httptest.NewRecorder()
		a.ServeHTTP(recorder, r)
		if recorder.Code != 403 || !strings.Contains(recorder.Body.String(), want) {
			t.Errorf("%s: %d %s", header, recorder.Code, recorder.Body)
		}
	}
}
