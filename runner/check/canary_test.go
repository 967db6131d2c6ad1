package check_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/check"
	"awslab/runner/emulator/emulatortest"
)

// shop is a REST API whose stage PROD has a canary at 50 %, whole and right: GET
// /v2/pets is in the canary's deployment only. Each test breaks one link.
type shop struct {
	*cloud
	t          testing.TB
	apis       *apigateway.Client
	api        string
	resources  map[string]string // ids by path
	old, fresh string            // deployments
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{cloud: newCloud(t, nil), t: t}
	s.apis = apigateway.NewFromConfig(s.cfg)
	s.api = s.makeAPI("shop")
	s.mock("/", "GET", "200", `{"v":1}`)
	s.old = s.deploy("PROD", nil)
	s.mock("/v2/pets", "GET", "200", `[]`)
	s.fresh = s.deploy("PROD", aws.Float64(50))
	return s
}

func (s *shop) done(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) makeAPI(name string) string {
	s.t.Helper()
	out, err := s.apis.CreateRestApi(s.t.Context(), &apigateway.CreateRestApiInput{Name: &name})
	s.done(err)
	if s.resources == nil {
		resources, err := s.apis.GetResources(s.t.Context(), &apigateway.GetResourcesInput{RestApiId: out.Id})
		s.done(err)
		s.resources = map[string]string{"/": *resources.Items[0].Id}
	}
	return *out.Id
}

// resource makes a path, as far as it is not there.
func (s *shop) resource(path string) string {
	s.t.Helper()
	if id, ok := s.resources[path]; ok {
		return id
	}
	at := strings.LastIndex(path, "/")
	parent := s.resource(path[:max(at, 1)])
	out, err := s.apis.CreateResource(s.t.Context(), &apigateway.CreateResourceInput{RestApiId: &s.api, ParentId: &parent, PathPart: aws.String(path[at+1:])})
	s.done(err)
	s.resources[path] = *out.Id
	return *out.Id
}

// mock makes a method that answers by itself.
func (s *shop) mock(path, method, status, body string) {
	s.t.Helper()
	ctx, id := s.t.Context(), s.resource(path)
	_, _ = s.apis.DeleteMethod(ctx, &apigateway.DeleteMethodInput{RestApiId: &s.api, ResourceId: &id, HttpMethod: &method}) // the first time there is none
	_, err := s.apis.PutMethod(ctx, &apigateway.PutMethodInput{RestApiId: &s.api, ResourceId: &id, HttpMethod: &method, AuthorizationType: aws.String("NONE")})
	s.done(err)
	_, err = s.apis.PutIntegration(ctx, &apigateway.PutIntegrationInput{
		RestApiId: &s.api, ResourceId: &id, HttpMethod: &method, Type: types.IntegrationTypeMock,
		RequestTemplates: map[string]string{"application/json": fmt.Sprintf(`{"statusCode": %s}`, status)},
	})
	s.done(err)
	_, err = s.apis.PutMethodResponse(ctx, &apigateway.PutMethodResponseInput{RestApiId: &s.api, ResourceId: &id, HttpMethod: &method, StatusCode: &status})
	s.done(err)
	_, err = s.apis.PutIntegrationResponse(ctx, &apigateway.PutIntegrationResponseInput{
		RestApiId: &s.api, ResourceId: &id, HttpMethod: &method, StatusCode: &status, ResponseTemplates: map[string]string{"application/json": body},
	})
	s.done(err)
}

// deploy deploys to a stage, to its canary with a percentage, or for "" to none.
func (s *shop) deploy(stage string, percent *float64) string {
	s.t.Helper()
	in := &apigateway.CreateDeploymentInput{RestApiId: &s.api}
	if stage != "" {
		in.StageName = &stage
	}
	if percent != nil {
		in.CanarySettings = &types.DeploymentCanarySettings{PercentTraffic: *percent}
	}
	out, err := s.apis.CreateDeployment(s.t.Context(), in)
	s.done(err)
	return *out.Id
}

// patch changes the stage: "replace /path value", "remove /path", "copy /path /from".
func (s *shop) patch(operations ...string) {
	s.t.Helper()
	in := &apigateway.UpdateStageInput{RestApiId: &s.api, StageName: aws.String("PROD")}
	for _, o := range operations {
		words := append(strings.SplitN(o, " ", 3), "")
		one := types.PatchOperation{Op: types.Op(words[0]), Path: &words[1]}
		switch one.Op {
		case types.OpCopy:
			one.From = &words[2]
		case types.OpReplace:
			one.Value = &words[2]
		}
		in.PatchOperations = append(in.PatchOperations, one)
	}
	_, err := s.apis.UpdateStage(s.t.Context(), in)
	s.done(err)
}

const (
	toZero     = "replace /canarySettings/percentTraffic 0"
	toHalf     = "replace /canarySettings/percentTraffic 50"
	copyAcross = "copy /deploymentId /canarySettings/deploymentId"
	noCanary   = "remove /canarySettings"

	promotedNode = "canary: {api: shop, stage: PROD, promoted: true, path: /v2/pets, canary: {status: 200}}\n"
	deletedNode  = "canary: {api: shop, stage: PROD, promoted: true, deleted: true, path: /v2/pets, canary: {status: 200}}\n"
	versionsNode = "canary: {api: shop, stage: PROD, percent: 50, path: /, canary: {json: {v: 2}}, stable: {json: {v: 1}}}\n"
)

// world is that of a check that reaches the API through a port.
func (s *shop) world() check.World {
	server := httptest.NewServer(s.cfg.HTTPClient.(*http.Client).Transport.(emulatortest.Transport).Handler)
	transport := &http.Transport{
		MaxIdleConnsPerHost: 16,
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			var d net.Dialer
			return d.DialContext(ctx, network, server.Listener.Addr().String())
		},
	}
	s.t.Cleanup(func() {
		transport.CloseIdleConnections()
		server.Close()
	})
	w := s.cloud.world()
	w.HTTP, w.Endpoint = &http.Client{Transport: transport}, server.URL
	return w
}

func (s *shop) run(node string) check.Result {
	return check.Run(s.t.Context(), s.world(), compile(s.t, "canary", strings.ReplaceAll(node, "$ID", s.api)))
}

func TestCanary(t *testing.T) {
	t.Parallel()
	at := func(path string) string { return strings.Replace(canaryNode, "/v2/pets", path, 1) }
	right := func(*shop) {}
	for _, tt := range []struct {
		name, node string
		change     func(s *shop)
		want       string
	}{
		{"right", canaryNode, right, "passed"},
		{"by its id", strings.Replace(canaryNode, "shop", "$ID", 1), func(s *shop) { s.makeAPI("shop") }, "passed"},
		{"by patches", canaryNode, func(s *shop) {
			s.patch(noCanary)
			s.patch("replace /canarySettings/deploymentId "+s.deploy("", nil), toHalf)
		}, "passed"},
		{"a tenth", strings.Replace(canaryNode, "50", "10", 1), func(s *shop) { s.patch("replace /canarySettings/percentTraffic 10") }, "passed"},
		{"nothing", strings.Replace(canaryNode, "50", "0", 1), func(s *shop) { s.patch(toZero) }, "passed"},
		{"all", strings.Replace(canaryNode, "50", "100", 1), func(s *shop) { s.patch("replace /canarySettings/percentTraffic 100") }, "passed"},
		{"another answer of the same path", versionsNode, func(s *shop) { s.mock("/", "GET", "200", `{"v":2}`); s.deploy("PROD", aws.Float64(50)) }, "passed"},
		{"a canary with a variable of its own", versionsNode, func(s *shop) {
			s.patch(noCanary)
			s.mock("/", "GET", "200", `{"v":$stageVariables.v}`)
			s.patch("replace /deploymentId "+s.deploy("", nil), "replace /variables/v 1", toHalf, "replace /canarySettings/stageVariableOverrides/v 2")
		}, "passed"},

		{"no API", strings.Replace(canaryNode, "shop", "warehouse", 1), right, "failed canary.api-missing"},
		{"nearly that API", strings.Replace(canaryNode, "shop", "Shop", 1), right, "failed canary.api-near-miss"},
		{"two APIs", canaryNode, func(s *shop) { s.makeAPI("shop") }, "failed canary.api-twice"},
		{"address off", canaryNode, func(s *shop) {
			_, err := s.apis.UpdateRestApi(s.t.Context(), &apigateway.UpdateRestApiInput{RestApiId: &s.api, PatchOperations: []types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/disableExecuteApiEndpoint"), Value: aws.String("true")}}})
			s.done(err)
		}, "failed canary.endpoint-disabled"},
		{"no stages", strings.Replace(canaryNode, "shop", "empty", 1), func(s *shop) { s.makeAPI("empty") }, "failed canary.no-stage none"},
		{"no such stage", strings.Replace(canaryNode, "PROD", "test", 1), right, "failed canary.no-stage"},
		{"stage in small letters", strings.Replace(canaryNode, "PROD", "prod", 1), right, "failed canary.stage-near-miss"},
		{"no canary", canaryNode, func(s *shop) { s.patch(noCanary) }, "failed canary.none"},
		{"five", canaryNode, func(s *shop) { s.patch("replace /canarySettings/percentTraffic 5") }, "failed canary.percent"},
		{"not opened", canaryNode, func(s *shop) { s.patch(toZero) }, "failed canary.percent zero"},
		{"the same deployment", canaryNode, func(s *shop) { s.patch(noCanary); s.patch(toHalf) }, "failed canary.same-deployment"},
		{"no such path", at("/v3/orders"), right, "failed canary.path-missing"},
		{"no method", at("/v2/cats"), func(s *shop) { s.resource("/v2/cats"); s.deploy("PROD", aws.Float64(50)) }, "failed canary.path-missing method"},
		{"capitals", at("/v2/Pets"), right, "failed canary.path-near-miss case"},
		{"another method", at("/v2/cats"), func(s *shop) { s.mock("/v2/cats", "POST", "200", "{}"); s.deploy("PROD", aws.Float64(50)) }, "failed canary.path-near-miss method"},
		{"spelling", at("/v2/pest"), right, "failed canary.path-near-miss spelling"},
		{"not deployed", at("/v2/cats"), func(s *shop) { s.mock("/v2/cats", "GET", "200", "{}") }, "failed canary.not-deployed"},
		{"deployed to the stage", canaryNode, func(s *shop) {
			s.patch("replace /deploymentId "+s.fresh, "replace /canarySettings/deploymentId "+s.old)
		}, "failed canary.deployed-to-stage"},
		{"a tenth, the wrong way round", strings.Replace(canaryNode, "50", "10", 1), func(s *shop) {
			s.patch("replace /deploymentId "+s.fresh, "replace /canarySettings/deploymentId "+s.old, "replace /canarySettings/percentTraffic 10")
		}, "failed canary.deployed-to-stage"},
		{"deployed to both", canaryNode, func(s *shop) { s.patch("replace /deploymentId " + s.deploy("", nil)) }, "failed canary.in-both"},
		{"no difference", versionsNode, right, "failed canary.share"},
		{"another status", canaryNode, func(s *shop) { s.mock("/v2/pets", "GET", "201", "{}"); s.deploy("PROD", aws.Float64(50)) }, "failed canary.other-answer"},
		{"fits both", strings.Replace(canaryNode, "{status: 403}", "{headers: {content-type: application/json}}", 1), right, "failed canary.both"},
		{"the integration fails", canaryNode, func(s *shop) {
			id := s.resources["/v2/pets"]
			_, err := s.apis.PutIntegration(s.t.Context(), &apigateway.PutIntegrationInput{RestApiId: &s.api, ResourceId: &id, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeMock, RequestTemplates: map[string]string{"application/json": "{}"}})
			s.done(err)
			s.deploy("PROD", aws.Float64(50))
		}, "undecided undecided.answers"},

		{"promoted", promotedNode, func(s *shop) { s.patch(toZero, copyAcross) }, "passed"},
		{"promoted and deleted", promotedNode, func(s *shop) { s.patch(toZero, copyAcross); s.patch(noCanary) }, "passed"},
		{"deleted", deletedNode, func(s *shop) { s.patch(toZero, copyAcross); s.patch(noCanary) }, "passed"},
		{"promoted, and the next one deployed", promotedNode, func(s *shop) { s.patch(toZero, copyAcross); s.deploy("PROD", aws.Float64(0)) }, "passed"},
		{"not yet promoted", promotedNode, right, "failed canary.left"},
		{"not deleted", deletedNode, func(s *shop) { s.patch(toZero, copyAcross) }, "failed canary.not-deleted"},
		{"not copied", promotedNode, func(s *shop) { s.patch(toZero) }, "failed canary.not-promoted"},
		{"deleted, not promoted", deletedNode, func(s *shop) { s.patch(noCanary) }, "failed canary.not-promoted gone"},
		{"promoted, and wrong", strings.Replace(promotedNode, "200", "204", 1), func(s *shop) { s.patch(toZero, copyAcross) }, "failed canary.other-answer promoted"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newShop(t)
			tt.change(s)
			r := s.run(tt.node)
			got := codes(r)
			if len(r.Findings) == 1 && r.Findings[0].Variant != "" {
				got += " " + r.Findings[0].Variant
			}
			if got != tt.want {
				t.Errorf("got %s, want %s\n%+v", got, tt.want, r.Findings)
			}
		})
	}
}

// BenchmarkCanarySample is a sample of 1,000 requests through an emulator's port.
func BenchmarkCanarySample(b *testing.B) {
	s := newShop(b)
	w := s.world()
	s.patch("replace /canarySettings/percentTraffic 100") // all of them are needed
	c := compile(b, "canary", strings.Replace(canaryNode, "percent: 50", "percent: 100, requests: 1000", 1))
	for b.Loop() {
		if r := check.Run(b.Context(), w, c); r.Status != check.Passed || r.Seen[0].Args["done"] != "1000" {
			b.Fatalf("%+v", r)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/sample")
}

// The functions that a sample invokes are told, so that no check takes them for
// the student's.
func TestCanaryTellsItsInvocations(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.function(t, "myFunc1", hello)
	id := s.resource("/hello")
	_, err := s.apis.PutMethod(t.Context(), &apigateway.PutMethodInput{RestApiId: &s.api, ResourceId: &id, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE")})
	s.done(err)
	_, err = s.apis.PutIntegration(t.Context(), &apigateway.PutIntegrationInput{
		RestApiId: &s.api, ResourceId: &id, HttpMethod: aws.String("GET"), Type: types.IntegrationTypeAwsProxy, IntegrationHttpMethod: aws.String("POST"),
		Uri: aws.String("arn:aws:apigateway:" + emulatortest.Region + ":lambda:path/2015-03-31/functions/" + functionARN + "myFunc1/invocations"),
	})
	s.done(err)
	_, err = s.lambda.AddPermission(t.Context(), &lambda.AddPermissionInput{
		FunctionName: aws.String("myFunc1"), StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:" + emulatortest.Region + ":" + emulatortest.Account + ":" + s.api + "/*/GET/hello"),
	})
	s.done(err)
	s.deploy("PROD", aws.Float64(50))
	if r := s.run("canary: {api: shop, stage: PROD, percent: 50, path: /hello, requests: 50, canary: {json: Hello from Lambda!}, stable: {status: 403}}\n"); r.Status != check.Passed {
		t.Fatalf("%+v", r)
	}
	r := check.Run(t.Context(), s.world(), compile(t, "logs", "logs: {group: /aws/lambda/myFunc1, filter: REPORT}\n"))
	if got := codes(r); got != "failed logs.only-checks" {
		t.Errorf("the check's own calls count as the student's: %s", got)
	}
}

// Nor do the lines count that API Gateway writes of a check's requests.
func TestLogsOfAChecksRequests(t *testing.T) {
	t.Parallel()
	c := newCloud(t, nil)
	group, stream := aws.String("API-Gateway-Execution-Logs_abc/PROD"), aws.String("s")
	put := func(line string) {
		t.Helper()
		if _, err := c.logs.PutLogEvents(t.Context(), &cloudwatchlogs.PutLogEventsInput{LogGroupName: group, LogStreamName: stream, LogEvents: []logstypes.InputLogEvent{{Message: &line, Timestamp: aws.Int64(time.Now().UnixMilli())}}}); err != nil {
			t.Fatal(err)
		}
	}
	_, err := c.logs.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: group})
	if err == nil {
		_, err = c.logs.CreateLogStream(t.Context(), &cloudwatchlogs.CreateLogStreamInput{LogGroupName: group, LogStreamName: stream})
	}
	if err != nil {
		t.Fatal(err)
	}
	w := c.world()
	for _, id := range []string{"dec88c08-05f3-4491-835a-9bb59f5c743b", "JKJaXmPLvHcESHA="} {
		w.Probe(id)
	}
	put("(dec88c08-05f3-4491-835a-9bb59f5c743b) Method completed with status: 200")
	put(`{"requestId":"JKJaXmPLvHcESHA=","status":"200"}`)
	lines := compile(t, "logs", "logs: {group: "+*group+", filter: 200}\n")
	if got := codes(check.Run(t.Context(), w, lines)); got != "failed logs.only-checks" {
		t.Errorf("the lines of checks' requests: %s", got)
	}
	put("(1a2b3c4d-05f3-4491-835a-9bb59f5c743b) Method completed with status: 200")
	if got := codes(check.Run(t.Context(), w, lines)); got != "passed" {
		t.Errorf("with a line of the student's request: %s", got)
	}
}
