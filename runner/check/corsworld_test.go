package check_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/awscli"
	"awslab/runner/check"
	"awslab/runner/emulator"
	"awslab/runner/emulator/emulatortest"
	"awslab/runner/shell"
)

// market is a REST API whose GET /v2/pets a page of https://shop.example may ask,
// with an Authorization header too: CORS as the console enables it, whole and right.
// Each test breaks one link.
type market struct {
	*shop
	w    check.World
	port string
}

const (
	acao, acam, acah, acac = "Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Allow-Credentials"

	responseHeader = "/responseParameters/method.response.header."
)

// casesOf is a check of /v2/pets with these cases.
func casesOf(list string) string {
	return "cors: {api: shop, stage: PROD, path: /v2/pets, origin: https://shop.example, cases: [" + list + "]}\n"
}

var corsNode = casesOf("{method: GET}, {method: GET, headers: [Authorization]}")

// anywhere lets HTTP integrations reach the servers of a test.
func anywhere(c *emulator.Config) { c.Reach = func(string, *url.URL) error { return nil } }

func newMarket(t testing.TB) *market {
	t.Helper()
	m := &market{shop: &shop{cloud: newCloud(t, anywhere), t: t}}
	m.apis = apigateway.NewFromConfig(m.cfg)
	m.api = m.makeAPI("shop")
	m.mock("/v2/pets", "GET", "200", `[]`)
	m.header("GET", acao, "'*'")
	m.options()
	m.redeploy()
	m.w = m.world()
	m.port = m.w.Endpoint[strings.LastIndex(m.w.Endpoint, ":")+1:]
	return m
}

// options makes the OPTIONS method as the console does.
func (m *market) options() {
	m.t.Helper()
	m.mock("/v2/pets", "OPTIONS", "200", "")
	m.header("OPTIONS", acao, "'*'")
	m.header("OPTIONS", acam, "'GET,OPTIONS'")
	m.header("OPTIONS", acah, "'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'")
}

// header declares a header of the answer to a method of /v2/pets, and gives it a
// value.
func (m *market) header(method, header, value string) {
	m.t.Helper()
	m.methodResponse(method, types.OpAdd, responseHeader+header, "false")
	m.integrationResponse(method, types.OpAdd, responseHeader+header, value)
}

// unset takes a header's value away, and undeclare the header.
func (m *market) unset(method, header string) {
	m.t.Helper()
	m.integrationResponse(method, types.OpRemove, responseHeader+header, "")
}

func (m *market) undeclare(method, header string) {
	m.t.Helper()
	m.methodResponse(method, types.OpRemove, responseHeader+header, "")
}

func (m *market) methodResponse(method string, op types.Op, path, value string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.UpdateMethodResponse(m.t.Context(), &apigateway.UpdateMethodResponseInput{
		RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200"), PatchOperations: patchOf(op, path, value),
	})
	m.done(err)
}

func (m *market) integrationResponse(method string, op types.Op, path, value string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.UpdateIntegrationResponse(m.t.Context(), &apigateway.UpdateIntegrationResponseInput{
		RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200"), PatchOperations: patchOf(op, path, value),
	})
	m.done(err)
}

func patchOf(op types.Op, path, value string) []types.PatchOperation {
	o := types.PatchOperation{Op: op, Path: &path}
	if op != types.OpRemove {
		o.Value = &value
	}
	return []types.PatchOperation{o}
}

func (m *market) method(method, path, value string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.UpdateMethod(m.t.Context(), &apigateway.UpdateMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, PatchOperations: patchOf(types.OpReplace, path, value)})
	m.done(err)
}

func (m *market) restAPI(op types.Op, path, value string) {
	m.t.Helper()
	_, err := m.apis.UpdateRestApi(m.t.Context(), &apigateway.UpdateRestApiInput{RestApiId: &m.api, PatchOperations: patchOf(op, path, value)})
	m.done(err)
}

func (m *market) remove(method string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.DeleteMethod(m.t.Context(), &apigateway.DeleteMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method})
	m.done(err)
}

func (m *market) redeploy() { m.t.Helper(); m.deploy("PROD", nil) }

// integration makes a method of /v2/pets, or makes it anew, with an integration and
// no answers.
func (m *market) integration(method string, in *apigateway.PutIntegrationInput) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, _ = m.apis.DeleteMethod(m.t.Context(), &apigateway.DeleteMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method}) // where there is none
	_, err := m.apis.PutMethod(m.t.Context(), &apigateway.PutMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, AuthorizationType: aws.String("NONE")})
	m.done(err)
	if in == nil {
		return
	}
	in.RestApiId, in.ResourceId, in.HttpMethod = &m.api, &id, &method
	_, err = m.apis.PutIntegration(m.t.Context(), in)
	m.done(err)
}

// integrationRequest maps a part of the request to the backend.
func (m *market) integrationRequest(method, to, from string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.UpdateMethod(m.t.Context(), &apigateway.UpdateMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, PatchOperations: patchOf(types.OpAdd, "/requestParameters/"+from, "false")})
	m.done(err)
	_, err = m.apis.UpdateIntegration(m.t.Context(), &apigateway.UpdateIntegrationInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, PatchOperations: patchOf(types.OpAdd, "/requestParameters/integration.request."+to, from)})
	m.done(err)
}

// backend is a server behind the API; handler is asked by HTTP.
func (m *market) backend(method string, kind types.IntegrationType, handler http.HandlerFunc) {
	m.t.Helper()
	server := httptest.NewServer(handler)
	m.t.Cleanup(server.Close)
	m.integration(method, &apigateway.PutIntegrationInput{Type: kind, IntegrationHttpMethod: aws.String("ANY"), Uri: aws.String(server.URL)})
}

// answers is a handler with a status and headers, by pairs.
func answers(status int, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
	}
}

// function lets a function answer a method: code is its handler's body.
func (m *market) lambdaProxy(method, code string) {
	m.t.Helper()
	name := "pets" + strings.ToLower(method)
	m.function(m.t, name, "def lambda_handler(event, context):\n    "+code+"\n")
	m.permit(name)
	m.integration(method, &apigateway.PutIntegrationInput{
		Type: types.IntegrationTypeAwsProxy, IntegrationHttpMethod: aws.String("POST"),
		Uri: aws.String("arn:aws:apigateway:" + emulatortest.Region + ":lambda:path/2015-03-31/functions/" + functionARN + name + "/invocations"),
	})
}

func (m *market) permit(name string) {
	m.t.Helper()
	_, err := m.lambda.AddPermission(m.t.Context(), &lambda.AddPermissionInput{
		FunctionName: &name, StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:" + emulatortest.Region + ":" + emulatortest.Account + ":" + m.api + "/*"),
	})
	m.done(err)
}

func (m *market) run(node string) check.Result {
	m.t.Helper()
	return check.Run(m.t.Context(), m.w, compile(m.t, "cors", strings.ReplaceAll(node, "$ID", m.api)))
}

// outcome is a result's codes, and the variant of a single finding.
func outcome(r check.Result) string {
	got := codes(r)
	if len(r.Findings) == 1 && r.Findings[0].Variant != "" {
		got += " " + r.Findings[0].Variant
	}
	return got
}

// typed runs a command as a student would who pastes it.
func typed(t testing.TB, cfg aws.Config, command string) (printed string) {
	t.Helper()
	var out, problems bytes.Buffer
	s, err := shell.New(shell.Config{
		Dir: t.TempDir(),
		Commands: map[string]shell.Command{
			"aws": func(ctx context.Context, c *shell.Call) int {
				return awscli.Run(ctx, awscli.Config{AWS: cfg, Args: c.Args, Stdout: c.Stdout, Stderr: c.Stderr, ReadFile: c.ReadFile})
			},
		},
		Vars: func(_ context.Context, name string) (string, bool, error) {
			return jwtSecret, name == "JWT_SECRET", nil
		},
		Names: func() []string { return []string{"JWT_SECRET"} },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	result, err := s.Run(t.Context(), command, &out, &problems)
	if err != nil || result.Code != 0 {
		t.Fatalf("%s\nends with %d: %v\n%s", command, result.Code, err, problems.String())
	}
	return out.String()
}

// comesOut runs a check of a world that a test has changed: it has to come to what is
// wanted, and where there is advice that has to lead to a pass.
func comesOut(t testing.TB, cfg aws.Config, want string, about advice, run func() check.Result) {
	t.Helper()
	r := run()
	if got := outcome(r); got != want {
		t.Fatalf("got %s, want %s\n%+v\n%+v", got, want, r.Findings, r.Seen)
	}
	if about == followed {
		follow(t, cfg, r, run)
	}
}

// follow does what findings say until the check passes.
func follow(t testing.TB, cfg aws.Config, r check.Result, again func() check.Result) {
	t.Helper()
	for range 8 {
		if r.Status == check.Passed {
			return
		}
		fix := r.Findings[0].Args["fix"]
		if fix == "" {
			t.Errorf("%s tells no command", outcome(r))
			return
		}
		t.Logf("%s: %s", outcome(r), fix)
		typed(t, cfg, fix)
		r = again()
	}
	t.Errorf("what the findings say leads to %s\n%+v", outcome(r), r.Findings)
}

// undeclareAll leaves the answer of a method without headers.
func (m *market) undeclareAll(method string) {
	m.t.Helper()
	for _, header := range []string{acao, acam, acah} {
		m.unset(method, header)
		m.undeclare(method, header)
	}
}

// responses makes the answer 200 of a method.
func (m *market) responses(method string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	m.putMethodResponse(method)
	_, err := m.apis.PutIntegrationResponse(m.t.Context(), &apigateway.PutIntegrationResponseInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200")})
	m.done(err)
}

func (m *market) putMethodResponse(method string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.PutMethodResponse(m.t.Context(), &apigateway.PutMethodResponseInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200")})
	m.done(err)
}

// require lets a method refuse requests without a parameter.
func (m *market) require(method, parameter string) {
	m.t.Helper()
	out, err := m.apis.CreateRequestValidator(m.t.Context(), &apigateway.CreateRequestValidatorInput{RestApiId: &m.api, Name: aws.String("v"), ValidateRequestParameters: true})
	m.done(err)
	m.method(method, "/requestValidatorId", *out.Id)
	id := m.resource("/v2/pets")
	_, err = m.apis.UpdateMethod(m.t.Context(), &apigateway.UpdateMethodInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, PatchOperations: patchOf(types.OpAdd, "/requestParameters/"+parameter, "true")})
	m.done(err)
}

func (m *market) deleteIntegrationResponse(method string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.DeleteIntegrationResponse(m.t.Context(), &apigateway.DeleteIntegrationResponseInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200")})
	m.done(err)
}

func (m *market) deleteMethodResponse(method string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.DeleteMethodResponse(m.t.Context(), &apigateway.DeleteMethodResponseInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, StatusCode: aws.String("200")})
	m.done(err)
}

// template gives a MOCK integration another request template, "" none. Its answers
// stay.
func (m *market) template(method, template string) {
	m.t.Helper()
	id := m.resource("/v2/pets")
	patch := patchOf(types.OpReplace, "/requestTemplates/application~1json", template)
	if template == "" {
		patch = patchOf(types.OpRemove, "/requestTemplates/application~1json", "")
	}
	_, err := m.apis.UpdateIntegration(m.t.Context(), &apigateway.UpdateIntegrationInput{RestApiId: &m.api, ResourceId: &id, HttpMethod: &method, PatchOperations: patch})
	m.done(err)
}

func (m *market) gatewayResponse(kind string) {
	m.t.Helper()
	_, err := m.apis.PutGatewayResponse(m.t.Context(), &apigateway.PutGatewayResponseInput{
		RestApiId: &m.api, ResponseType: types.GatewayResponseType(kind), ResponseParameters: map[string]string{"gatewayresponse.header." + acao: "'*'"},
	})
	m.done(err)
}

// importDefinition makes the API anew of a definition.
func (m *market) importDefinition(definition string) {
	m.t.Helper()
	_, err := m.apis.PutRestApi(m.t.Context(), &apigateway.PutRestApiInput{RestApiId: &m.api, Mode: types.PutModeOverwrite, FailOnWarnings: true, Body: []byte(definition)})
	m.done(err)
}

// emptyDeployment is a deployment without /v2/pets; the API is as before afterwards.
func (m *market) emptyDeployment() string {
	m.t.Helper()
	id := m.resource("/v2/pets")
	_, err := m.apis.DeleteResource(m.t.Context(), &apigateway.DeleteResourceInput{RestApiId: &m.api, ResourceId: &id})
	m.done(err)
	delete(m.resources, "/v2/pets")
	m.mock("/", "GET", "200", "{}")
	deployment := m.deploy("", nil)
	m.mock("/v2/pets", "GET", "200", `[]`)
	m.header("GET", acao, "'*'")
	m.options()
	return deployment
}

// stageOf lets the stage serve a deployment.
func (m *market) stageOf(deployment string) {
	m.t.Helper()
	m.patch("replace /deploymentId " + deployment)
}
