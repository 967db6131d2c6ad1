package check_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/check"
	"awslab/runner/emulator/emulatortest"
)

// gateway is an HTTP API before a function, whole and right: each test breaks
// one link.
type gateway struct {
	*cloud
	t                       *testing.T
	apis                    *apigatewayv2.Client
	api, route, integration string
}

const functionARN = "arn:aws:lambda:" + emulatortest.Region + ":" + emulatortest.Account + ":function:"

func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{cloud: newCloud(t, nil), t: t}
	g.function(t, "myFunc1", hello)
	g.apis = apigatewayv2.NewFromConfig(g.cfg)
	g.api = g.makeAPI("shop")
	integration, err := g.apis.CreateIntegration(t.Context(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &g.api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN + "myFunc1"), PayloadFormatVersion: aws.String("2.0"),
	})
	g.done(err)
	g.integration = *integration.IntegrationId
	g.route = g.makeRoute("GET /helloworld")
	_, err = g.apis.CreateStage(t.Context(), &apigatewayv2.CreateStageInput{ApiId: &g.api, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	g.done(err)
	g.permit("/*/*/helloworld")
	return g
}

func (g *gateway) done(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *gateway) makeAPI(name string) string {
	out, err := g.apis.CreateApi(g.t.Context(), &apigatewayv2.CreateApiInput{Name: &name, ProtocolType: types.ProtocolTypeHttp})
	g.done(err)
	return *out.ApiId
}

func (g *gateway) makeRoute(key string) string {
	out, err := g.apis.CreateRoute(g.t.Context(), &apigatewayv2.CreateRouteInput{ApiId: &g.api, RouteKey: &key, Target: aws.String("integrations/" + g.integration)})
	g.done(err)
	return *out.RouteId
}

func (g *gateway) setRoute(change func(*apigatewayv2.UpdateRouteInput)) {
	in := &apigatewayv2.UpdateRouteInput{ApiId: &g.api, RouteId: &g.route}
	change(in)
	_, err := g.apis.UpdateRoute(g.t.Context(), in)
	g.done(err)
}

func (g *gateway) key(key string) {
	g.setRoute(func(in *apigatewayv2.UpdateRouteInput) { in.RouteKey = &key })
}

func (g *gateway) uri(uri string) {
	_, err := g.apis.UpdateIntegration(g.t.Context(), &apigatewayv2.UpdateIntegrationInput{ApiId: &g.api, IntegrationId: &g.integration, IntegrationUri: &uri})
	g.done(err)
}

// permit leaves the function with one permission: for what SourceArn has behind
// the API's id, or none for "".
func (g *gateway) permit(source string) {
	_, _ = g.lambda.RemovePermission(g.t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("myFunc1"), StatementId: aws.String("s")}) // the first time there is none
	if source == "" {
		return
	}
	_, err := g.lambda.AddPermission(g.t.Context(), &lambda.AddPermissionInput{
		FunctionName: aws.String("myFunc1"), StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("apigateway.amazonaws.com"),
		SourceArn: aws.String("arn:aws:execute-api:" + emulatortest.Region + ":" + emulatortest.Account + ":" + g.api + source),
	})
	g.done(err)
}

func (g *gateway) code(code string) {
	_, err := g.lambda.DeleteFunction(g.t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("myFunc1")})
	g.done(err)
	g.function(g.t, "myFunc1", code)
	g.permit("/*")
}

func (g *gateway) stageOff() {
	_, err := g.apis.UpdateStage(g.t.Context(), &apigatewayv2.UpdateStageInput{ApiId: &g.api, StageName: aws.String("$default"), AutoDeploy: aws.Bool(false)})
	g.done(err)
}

const routeNode = "route: {api: shop, key: GET /helloworld, function: myFunc1}\nexpect: {status: 200, json: Hello from Lambda!}\n"

func TestRoute(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, node string
		change     func(g *gateway)
		want       string
	}{
		{"right", "", func(*gateway) {}, "passed"},
		{"by id", "route: {api: $ID, key: GET /helloworld, function: myFunc1}\n", func(*gateway) {}, "passed"},
		{"another stage", strings.Replace(routeNode, "function:", "stage: dev, function:", 1), func(g *gateway) {
			_, err := g.apis.CreateStage(t.Context(), &apigatewayv2.CreateStageInput{ApiId: &g.api, StageName: aws.String("dev"), AutoDeploy: aws.Bool(true)})
			g.done(err)
		}, "passed"},
		{"any", "", func(g *gateway) { g.key("ANY /helloworld") }, "passed"},
		{"greedy", "", func(g *gateway) { g.key("GET /{proxy+}"); g.permit("/*") }, "passed"},
		{"default", "", func(g *gateway) { g.key("$default"); g.permit("/*/$default") }, "passed"},
		{"variable", "route: {api: shop, key: 'GET /pets/{id}', path: /pets/7, function: myFunc1}\n", func(g *gateway) { g.key("GET /pets/{id}"); g.permit("/*/GET/pets/{id}") }, "passed"},
		{"for everything", "", func(g *gateway) { g.permit("/*") }, "passed"},
		{"the gateway's own URI", "", func(g *gateway) {
			g.uri("arn:aws:apigateway:" + emulatortest.Region + ":lambda:path/2015-03-31/functions/" + functionARN + "myFunc1/invocations")
		}, "passed"},

		{"no API", strings.Replace(routeNode, "shop", "warehouse", 1), func(*gateway) {}, "failed route.api-missing"},
		{"nearly that API", strings.Replace(routeNode, "shop", "Shop", 1), func(*gateway) {}, "failed route.api-near-miss"},
		{"two APIs", "", func(g *gateway) { g.makeAPI("shop") }, "failed route.api-twice"},
		{"no route", "", func(g *gateway) { g.key("GET /pets") }, "failed route.missing"},
		{"capitals", "", func(g *gateway) { g.key("GET /HelloWorld") }, "failed route.near-miss case"},
		{"method", "", func(g *gateway) { g.key("POST /helloworld") }, "failed route.near-miss method"},
		{"trailing slash", "", func(g *gateway) { g.key("GET /helloworld/") }, "failed route.near-miss slash"},
		{"missing slash", "route: {api: shop, key: GET /helloworld/, function: myFunc1}\n", func(*gateway) {}, "failed route.near-miss slash"},
		{"spelling", "", func(g *gateway) { g.key("GET /heloworld") }, "failed route.near-miss spelling"},
		{"no integration", "", func(g *gateway) {
			_, err := g.apis.DeleteRoute(t.Context(), &apigatewayv2.DeleteRouteInput{ApiId: &g.api, RouteId: &g.route})
			g.done(err)
			_, err = g.apis.CreateRoute(t.Context(), &apigatewayv2.CreateRouteInput{ApiId: &g.api, RouteKey: aws.String("GET /helloworld")})
			g.done(err)
		}, "failed route.no-integration"},
		{"to a web page", "", func(g *gateway) {
			out, err := g.apis.CreateIntegration(t.Context(), &apigatewayv2.CreateIntegrationInput{ApiId: &g.api, IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("GET"), IntegrationUri: aws.String("https://example.com"), PayloadFormatVersion: aws.String("1.0")})
			g.done(err)
			g.setRoute(func(in *apigatewayv2.UpdateRouteInput) { in.Target = aws.String("integrations/" + *out.IntegrationId) })
		}, "failed route.not-lambda"},
		{"another function", "", func(g *gateway) { g.uri(functionARN + "myFunc2") }, "failed route.other-function"},
		{"another region", "", func(g *gateway) { g.uri(strings.Replace(functionARN, emulatortest.Region, "us-east-1", 1) + "myFunc1") }, "failed route.other-region"},
		{"no function", "", func(g *gateway) {
			_, err := g.lambda.DeleteFunction(t.Context(), &lambda.DeleteFunctionInput{FunctionName: aws.String("myFunc1")})
			g.done(err)
		}, "failed lambda.missing"},
		{"no permission", "", func(g *gateway) { g.permit("") }, "failed route.no-permission"},
		{"another path's permission", "", func(g *gateway) { g.permit("/*/*/hello") }, "failed route.source-arn"},
		{"another stage's permission", "", func(g *gateway) { g.permit("/dev/*/helloworld") }, "failed route.source-arn"},
		{"no stage", strings.Replace(routeNode, "function:", "stage: dev, function:", 1), func(*gateway) {}, "failed route.no-stage"},
		{"nothing deployed", strings.Replace(routeNode, "function:", "stage: dev, function:", 1), func(g *gateway) {
			_, err := g.apis.CreateStage(t.Context(), &apigatewayv2.CreateStageInput{ApiId: &g.api, StageName: aws.String("dev")})
			g.done(err)
		}, "failed route.not-deployed"},
		{"address off", "", func(g *gateway) {
			_, err := g.apis.UpdateApi(t.Context(), &apigatewayv2.UpdateApiInput{ApiId: &g.api, DisableExecuteApiEndpoint: aws.Bool(true)})
			g.done(err)
		}, "failed route.endpoint-disabled"},
		{"deployed before", strings.ReplaceAll(routeNode, "/helloworld", "/later"), func(g *gateway) { g.stageOff(); g.makeRoute("GET /later"); g.permit("/*") }, "failed route.stale"},
		{"protected", "", func(g *gateway) {
			g.setRoute(func(in *apigatewayv2.UpdateRouteInput) { in.AuthorizationType = types.AuthorizationTypeAwsIam })
		}, "failed route.protected"},
		{"raises", "", func(g *gateway) { g.code("def lambda_handler(event, context):\n    return event['key1']\n") }, "failed route.function-error"},
		{"no HTTP answer", "", func(g *gateway) {
			g.code("def lambda_handler(event, context):\n    return {'statusCode': 'OK', 'body': 'x'}\n")
		}, "failed route.malformed"},
		{"another answer", "", func(g *gateway) {
			g.code("def lambda_handler(event, context):\n    return {'statusCode': 201, 'body': 'x'}\n")
		}, "failed http.status http.json"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			g.t = t
			tt.change(g)
			node := tt.node
			if node == "" {
				node = routeNode
			}
			w := g.world()
			w.HTTP = &http.Client{Transport: g.cfg.HTTPClient.(*http.Client).Transport}
			r := check.Run(t.Context(), w, compile(t, "route", strings.ReplaceAll(node, "$ID", g.api)))
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

// Its own invocations are told, so that no check takes them for the student's.
func TestRouteTellsItsInvocations(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	w := g.world()
	w.HTTP = &http.Client{Transport: g.cfg.HTTPClient.(*http.Client).Transport}
	if r := check.Run(t.Context(), w, compile(t, "route", routeNode)); r.Status != check.Passed {
		t.Fatalf("%+v", r)
	}
	r := check.Run(t.Context(), w, compile(t, "logs", "logs: {group: /aws/lambda/myFunc1, filter: REPORT}\n"))
	if got := codes(r); got != "failed logs.only-checks" {
		t.Errorf("the check's own call counts as the student's: %s", got)
	}
}
