package check_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"awslab/runner/check"
	"awslab/runner/emulator/emulatortest"
)

// stall is an HTTP API whose GET and PUT /pets pages of https://shop.example may ask:
// CORS is configured, whole and right. Each test breaks one link.
type stall struct{ *gateway }

func newStall(t *testing.T) *stall {
	t.Helper()
	s := &stall{&gateway{cloud: newCloud(t, anywhere), t: t}}
	s.apis = apigatewayv2.NewFromConfig(s.cfg)
	s.api = s.makeAPI("shop")
	s.behind(answers(200))
	s.makeRoute("GET /pets")
	s.route = s.makeRoute("PUT /pets")
	_, err := s.apis.CreateStage(t.Context(), &apigatewayv2.CreateStageInput{ApiId: &s.api, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
	s.done(err)
	s.configure(&types.Cors{AllowOrigins: []string{"https://shop.example"}, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"authorization"}, MaxAge: aws.Int32(60)})
	return s
}

// behind is the server behind the routes that are made from now on.
func (s *stall) behind(handler http.HandlerFunc) {
	s.t.Helper()
	server := httptest.NewServer(handler)
	s.t.Cleanup(server.Close)
	out, err := s.apis.CreateIntegration(s.t.Context(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &s.api, IntegrationType: types.IntegrationTypeHttpProxy, IntegrationMethod: aws.String("ANY"), IntegrationUri: &server.URL, PayloadFormatVersion: aws.String("1.0"),
	})
	s.done(err)
	s.integration = *out.IntegrationId
}

func (s *stall) configure(cors *types.Cors) {
	s.t.Helper()
	_, err := s.apis.UpdateApi(s.t.Context(), &apigatewayv2.UpdateApiInput{ApiId: &s.api, CorsConfiguration: cors})
	s.done(err)
}

func (s *stall) unconfigure() {
	s.t.Helper()
	_, err := s.apis.DeleteCorsConfiguration(s.t.Context(), &apigatewayv2.DeleteCorsConfigurationInput{ApiId: &s.api})
	s.done(err)
}

// other lets all routes lead to another server.
func (s *stall) other(handler http.HandlerFunc) {
	s.t.Helper()
	s.behind(handler)
	routes, err := s.apis.GetRoutes(s.t.Context(), &apigatewayv2.GetRoutesInput{ApiId: &s.api})
	s.done(err)
	for _, r := range routes.Items {
		_, err := s.apis.UpdateRoute(s.t.Context(), &apigatewayv2.UpdateRouteInput{ApiId: &s.api, RouteId: r.RouteId, Target: aws.String("integrations/" + s.integration)})
		s.done(err)
	}
}

func (s *stall) protect(routeKey string) {
	s.t.Helper()
	s.route = s.makeRoute(routeKey)
	s.setRoute(func(in *apigatewayv2.UpdateRouteInput) { in.AuthorizationType = types.AuthorizationTypeAwsIam })
}

func (s *stall) run(node string) check.Result {
	s.t.Helper()
	w := s.world()
	w.HTTP = &http.Client{Transport: s.cfg.HTTPClient.(*http.Client).Transport}
	return check.Run(s.t.Context(), w, compile(s.t, "cors", node))
}

func TestCORSOfHTTPAPIs(t *testing.T) {
	t.Parallel()
	right := func(*stall) {}
	of := func(list string) string {
		return "cors: {api: shop, path: /pets, origin: https://shop.example, cases: [" + list + "]}\n"
	}
	both := of("{method: GET}, {method: PUT, headers: [Authorization]}, {method: GET, origin: https://other.example, allowed: false}")
	get, put := of("{method: GET}"), of("{method: PUT, headers: [Authorization]}")
	origins := func(all ...string) func(*stall) {
		return func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: all, AllowMethods: []string{"GET", "PUT"}, AllowHeaders: []string{"authorization"}})
		}
	}
	for _, tt := range []struct {
		name, node string
		change     func(s *stall)
		want       string
		advice     advice
	}{
		{"right", both, right, "passed", followed},
		{"every https", both[:strings.Index(both, ", {method: GET, origin")] + "]}\n", origins("https://*"), "passed", followed},
		{"credentials", of("{method: GET, credentials: true}"), func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"https://shop.example"}, AllowCredentials: aws.Bool(true)})
		}, "passed", followed},
		{"no configuration, and a server that does it", put, func(s *stall) {
			s.unconfigure()
			s.other(answers(200, acao, "*", acam, "PUT", acah, "authorization"))
			s.makeRoute("OPTIONS /pets")
		}, "passed", followed},
		{"a stage of a name", strings.Replace(get, "path:", "stage: dev, path:", 1), func(s *stall) {
			_, err := s.apis.CreateStage(s.t.Context(), &apigatewayv2.CreateStageInput{ApiId: &s.api, StageName: aws.String("dev"), AutoDeploy: aws.Bool(true)})
			s.done(err)
		}, "passed", followed},
		{"an error of the gateway's own", get, func(s *stall) { s.protectGET() }, "passed", followed},

		{"no stage", strings.Replace(get, "path:", "stage: dev, path:", 1), right, "failed cors.no-stage", followed},
		{"address off", get, func(s *stall) {
			_, err := s.apis.UpdateApi(s.t.Context(), &apigatewayv2.UpdateApiInput{ApiId: &s.api, DisableExecuteApiEndpoint: aws.Bool(true)})
			s.done(err)
		}, "failed cors.endpoint-disabled", followed},
		{"nothing deployed", strings.Replace(get, "path:", "stage: dev, path:", 1), func(s *stall) {
			_, err := s.apis.CreateStage(s.t.Context(), &apigatewayv2.CreateStageInput{ApiId: &s.api, StageName: aws.String("dev")})
			s.done(err)
		}, "failed cors.not-deployed nothing", followed},
		{"no route", strings.Replace(get, "/pets", "/orders", 1), right, "failed cors.path-missing http", ignored},
		{"no routes", strings.Replace(get, "shop", "bare", 1), func(s *stall) {
			_, err := s.apis.CreateStage(s.t.Context(), &apigatewayv2.CreateStageInput{ApiId: aws.String(s.makeAPI("bare")), StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
			s.done(err)
		}, "failed cors.path-missing none-http", ignored},
		{"capitals", strings.Replace(get, "/pets", "/Pets", 1), right, "failed cors.path-near-miss case-http", ignored},
		{"slash", strings.Replace(get, "/pets", "/pets/", 1), right, "failed cors.path-near-miss slash-http", ignored},
		{"spelling", strings.Replace(get, "/pets", "/pest", 1), right, "failed cors.path-near-miss spelling-http", ignored},
		{"method", of("{method: DELETE}"), right, "failed cors.path-near-miss method-http", ignored},
		{"deployed before", put, func(s *stall) {
			s.unconfigure()
			s.stageOff()
			s.configure(&types.Cors{AllowOrigins: []string{"*"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"authorization"}})
		}, "failed cors.not-deployed", followed},
		{"a route made since", strings.Replace(get, "/pets", "/later", 1), func(s *stall) { s.stageOff(); s.makeRoute("GET /later") }, "failed cors.not-deployed", followed},

		{"not configured", put, func(s *stall) { s.unconfigure() }, "failed cors.not-configured", followed},
		{"not configured, no preflight", get, func(s *stall) { s.unconfigure() }, "failed cors.not-configured backend", followed},
		{"not configured, and a server of another origin", get, func(s *stall) { s.unconfigure(); s.other(answers(200, acao, "https://other.example")) }, "failed cors.backend-value configure", followed},
		{"not configured, and a server that knows no OPTIONS", put, func(s *stall) {
			s.unconfigure()
			s.other(answers(405, acao, "*"))
			s.makeRoute("OPTIONS /pets")
		}, "failed cors.preflight-status configure", ignored},
		{"a route for OPTIONS that knows none", put, func(s *stall) {
			s.other(answers(405))
			s.makeRoute("OPTIONS /pets")
		}, "failed cors.preflight-status route", ignored},
		{"a route for OPTIONS of a server that says nothing", put, func(s *stall) { s.makeRoute("OPTIONS /pets") }, "passed", followed},
		{"ANY protected", put, func(s *stall) { s.protect("ANY /pets") }, "failed cors.options-protected http", followed},
		{"a page without an origin", of("{method: GET, origin: 'null', allowed: false}"), func(s *stall) { origins("*")(s) }, "passed", followed},
		{"not configured, and OPTIONS protected", put, func(s *stall) { s.unconfigure(); s.protect("OPTIONS /pets") }, "failed cors.options-protected http", ignored},
		{"not configured, and the request is refused", get, func(s *stall) { s.unconfigure(); s.protectGET() }, "failed cors.gateway-error http", ignored},
		{"not configured, and a function fails", get, func(s *stall) { s.unconfigure(); s.failing() }, "failed cors.gateway-error server-http", ignored},
		{"a server's own headers are ignored", put, func(s *stall) {
			origins("https://other.example")(s)
			s.other(answers(200, acao, "*", acam, "PUT", acah, "authorization"))
		}, "failed cors.origin configured", followed},
		{"origin", both, origins("https://www.example"), "failed cors.origin configured", followed},
		{"origin with a slash", get, origins("https://shop.example/"), "failed cors.origin slash", followed},
		{"origin of another scheme", get, origins("http://shop.example"), "failed cors.origin scheme", followed},
		{"origin of another port", get, origins("https://shop.example:8443"), "failed cors.origin port", followed},
		{"page", get, origins("https://shop.example/pets"), "failed cors.origin page", followed},
		{"no origins", get, func(s *stall) { s.configure(&types.Cors{AllowMethods: []string{"GET"}}) }, "failed cors.origin configured", followed},
		{"methods", put, func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"*"}, AllowMethods: []string{"GET"}, AllowHeaders: []string{"*", "authorization"}})
		}, "failed cors.method configured", followed},
		{"no methods", put, func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"*"}, AllowHeaders: []string{"authorization"}})
		}, "failed cors.method configured", followed},
		{"methods by * with credentials", of("{method: PUT, credentials: true}"), func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"https://shop.example"}, AllowMethods: []string{"*"}, AllowCredentials: aws.Bool(true)})
		}, "failed cors.method wildcard", followed},
		{"headers", put, func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"*"}, AllowMethods: []string{"PUT"}, AllowHeaders: []string{"x-api-key"}})
		}, "failed cors.header configured", followed},
		{"Authorization by *", put, func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"*"}, AllowMethods: []string{"*"}, AllowHeaders: []string{"*"}})
		}, "failed cors.header authorization", followed},
		{"credentials not allowed", of("{method: GET, credentials: true}"), right, "failed cors.credentials configured", followed},
		{"* with credentials", of("{method: GET, credentials: true}"), origins("*"), "failed cors.origin wildcard", followed},

		{"too open", both, origins("*"), "failed cors.too-open any", followed},
		{"too open for one more", both, origins("https://shop.example", "https://other.example"), "failed cors.too-open echo", followed},
		{"too many methods", of("{method: GET}, {method: PUT, allowed: false}"), right, "failed cors.too-open method", followed},
		{"a method of forms with too many headers", of("{method: GET}, {method: POST, headers: [Authorization], allowed: false}"), func(s *stall) { s.makeRoute("POST /pets") }, "failed cors.too-open header", followed},
		{"too many headers", of("{method: PUT}, {method: PUT, headers: [Authorization], allowed: false}"), right, "failed cors.too-open header", followed},
		{"too many credentials", of("{method: GET}, {method: GET, credentials: true, allowed: false}"), func(s *stall) {
			s.configure(&types.Cors{AllowOrigins: []string{"https://shop.example"}, AllowCredentials: aws.Bool(true)})
		}, "failed cors.too-open credentials", followed},
		{"too open, not configured", both, func(s *stall) {
			s.unconfigure()
			s.makeRoute("OPTIONS /pets")
			s.other(answers(200, acao, "*", acam, "PUT", acah, "authorization"))
		}, "failed cors.too-open backend", ignored},
		{"a method that is not there, as expected", of("{method: POST, status: 404}"), right, "passed", followed},
		{"not configured, and such a method", of("{method: POST, status: 404}"), func(s *stall) { s.unconfigure() }, "failed cors.not-configured backend", followed},
		{"another origin for such a method", of("{method: POST, status: 404, origin: 'https://other.example'}"), right, "failed cors.origin configured", followed},
		{"blocked, for there is no route", strings.Replace(of("{method: PUT, allowed: false}"), "/pets", "/orders", 1), right, "failed cors.path-missing http", ignored},
		{"blocked, for nothing is configured", of("{method: GET, allowed: false}, {method: PUT, allowed: false}"), func(s *stall) { s.unconfigure() }, "passed", followed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newStall(t)
			tt.change(s)
			comesOut(t, s.cfg, tt.want, tt.advice, func() check.Result { return s.run(tt.node) })
		})
	}
}

// A WebSocket API, which the emulator has not, and an API of each kind of one name.
func TestCORSOfOtherAPIs(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ rest, http, want string }{
		{"[]", `[{"apiId": "a", "name": "shop", "protocolType": "WEBSOCKET", "routeSelectionExpression": "x"}]`, "failed cors.websocket"},
		{`[{"id": "a", "name": "shop"}]`, `[{"apiId": "b", "name": "shop", "protocolType": "HTTP", "routeSelectionExpression": "x"}]`, "failed cors.api-twice"},
		{`[{"id": "a", "name": "other"}]`, "[]", "failed cors.api-missing"},
	} {
		cfg := emulatortest.AWS(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			body := `{"item": ` + tt.rest + `}`
			if strings.HasPrefix(r.URL.Path, "/v2/") {
				body = `{"items": ` + tt.http + `}`
			}
			_, _ = w.Write([]byte(body))
		}))
		r := check.Run(t.Context(), check.World{AWS: cfg, Once: true}, compile(t, "cors", "cors: {api: shop, path: /, origin: 'https://shop.example', cases: [{method: GET}]}\n"))
		if got := outcome(r); got != tt.want {
			t.Errorf("got %s, want %s", got, tt.want)
		}
	}
}

// late answers as an API does to which nothing was deployed yet.
type late struct{}

func (late) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(`{"message":"Not Found"}`)), Request: r}, nil
}

// A change that the stage deploys by itself is waited for.
func TestCORSWaitsForADeployment(t *testing.T) {
	t.Parallel()
	s := newStall(t)
	w := s.world()
	w.HTTP, w.Once = &http.Client{Transport: late{}}, true
	c := compile(t, "cors", "cors: {api: shop, path: /pets, origin: 'https://shop.example', cases: [{method: GET}]}\n")
	if got := outcome(check.Run(t.Context(), w, c)); got != "failed cors.not-deployed auto" {
		t.Errorf("got %s", got)
	}
	time0 := &clock{now: time.Now()}
	w.Once, w.Now, w.Sleep = false, func() time.Time { return time0.now }, time0.sleep
	check.Run(t.Context(), w, c)
	if len(time0.slept) == 0 {
		t.Error("it was not waited for")
	}
}

func (s *stall) routes() []types.Route {
	s.t.Helper()
	out, err := s.apis.GetRoutes(s.t.Context(), &apigatewayv2.GetRoutesInput{ApiId: &s.api})
	s.done(err)
	return out.Items
}

// protectGET lets GET /pets want a signature.
func (s *stall) protectGET() {
	s.t.Helper()
	for _, r := range s.routes() {
		if *r.RouteKey == "GET /pets" {
			s.route = *r.RouteId
		}
	}
	s.setRoute(func(in *apigatewayv2.UpdateRouteInput) { in.AuthorizationType = types.AuthorizationTypeAwsIam })
}

// failing lets GET /pets lead to a function that may not be invoked.
func (s *stall) failing() {
	s.t.Helper()
	s.function(s.t, "myFunc1", hello)
	_, err := s.lambda.GetFunction(s.t.Context(), &lambda.GetFunctionInput{FunctionName: aws.String("myFunc1")})
	s.done(err)
	out, err := s.apis.CreateIntegration(s.t.Context(), &apigatewayv2.CreateIntegrationInput{
		ApiId: &s.api, IntegrationType: types.IntegrationTypeAwsProxy, PayloadFormatVersion: aws.String("2.0"),
		IntegrationUri: aws.String("arn:aws:lambda:" + emulatortest.Region + ":" + emulatortest.Account + ":function:myFunc1"),
	})
	s.done(err)
	for _, r := range s.routes() {
		_, err := s.apis.UpdateRoute(s.t.Context(), &apigatewayv2.UpdateRouteInput{ApiId: &s.api, RouteId: r.RouteId, Target: aws.String("integrations/" + *out.IntegrationId)})
		s.done(err)
	}
}
