package check_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"awslab/runner/check"
	"awslab/runner/check/cors"
	"awslab/runner/text"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/google/go-cmp/cmp"
)

// What a test does about a finding.
type advice int

const (
	followed advice = iota // its commands lead to a pass
	ignored                // it has none that would
)

func TestCORS(t *testing.T) {
	t.Parallel()
	right := func(*market) {}
	with := casesOf("{method: GET, credentials: true}")
	put := casesOf("{method: PUT}")
	blocked := casesOf("{method: GET, allowed: false}, {method: GET, headers: [Authorization], allowed: false}")
	others := casesOf("{method: GET}, {method: GET, origin: https://other.example, allowed: false}")
	for _, tt := range []struct {
		name, node string
		change     func(m *market)
		want       string
		advice     advice
	}{
		{"right", corsNode, right, "passed", followed},
		{"by its id", strings.Replace(corsNode, "shop,", "$ID,", 1), func(m *market) { m.makeAPI("shop") }, "passed", followed},
		{"one origin instead of *", corsNode, func(m *market) {
			m.header("GET", acao, "'https://shop.example'")
			m.header("OPTIONS", acao, "'https://shop.example'")
			m.redeploy()
		}, "passed", followed},
		{"names in other case", corsNode, func(m *market) {
			m.undeclareAll("OPTIONS")
			m.header("OPTIONS", strings.ToLower(acao), "'*'")
			m.header("OPTIONS", strings.ToUpper(acah), "'x-api-key, aUTHORIZATION'")
			m.header("OPTIONS", "X-Extra", "'1'")
			m.redeploy()
		}, "passed", followed},
		{"headers by *", casesOf("{method: GET, headers: [X-Api-Key]}, {method: DELETE, allowed: true}"), func(m *market) {
			m.mock("/v2/pets", "DELETE", "200", "")
			m.header("DELETE", acao, "'*'")
			m.header("OPTIONS", acah, "'*'")
			m.header("OPTIONS", acam, "'*'")
			m.redeploy()
		}, "passed", followed},
		{"credentials", with, func(m *market) {
			m.header("GET", acao, "'https://shop.example'")
			m.header("GET", acac, "'true'")
			m.redeploy()
		}, "passed", followed},
		{"safelisted headers need no preflight", casesOf("{method: GET, headers: [Accept, Accept-Language, Range]}, {method: POST, headers: ['Content-Type: text/plain']}"), func(m *market) {
			m.remove("OPTIONS")
			m.backend("POST", types.IntegrationTypeHttpProxy, answers(200, acao, "*"))
			m.redeploy()
		}, "passed", followed},
		{"a function answers OPTIONS", corsNode, func(m *market) {
			m.lambdaProxy("OPTIONS", `return {"statusCode": 204, "headers": {"access-control-allow-origin": event["headers"]["Origin"], "access-control-allow-headers": "authorization"}}`)
			m.redeploy()
		}, "passed", followed},
		{"ANY of a proxy", corsNode, func(m *market) {
			m.remove("OPTIONS")
			m.remove("GET")
			m.backend("ANY", types.IntegrationTypeHttpProxy, answers(200, acao, "*", acah, "authorization"))
			m.redeploy()
		}, "passed", followed},
		{"a mapped header of the backend", corsNode, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttp, answers(200, "X-Origin", "https://shop.example"))
			m.responses("GET")
			m.header("GET", acao, "integration.response.header.X-Origin")
			m.redeploy()
		}, "passed", followed},
		{"an error of the backend with the header", corsNode, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(404, acao, "*"))
			m.redeploy()
		}, "passed", followed},
		{"errors with a gateway response", corsNode, func(m *market) {
			m.method("GET", "/authorizationType", "AWS_IAM")
			m.gatewayResponse("DEFAULT_4XX")
			m.redeploy()
		}, "passed", followed},
		{"the definition imported", corsNode, func(m *market) {
			m.importDefinition(`{"swagger":"2.0","info":{"title":"shop"},"paths":{"/v2/pets":{
				"get":{"responses":{"200":{"description":"","headers":{"Access-Control-Allow-Origin":{"type":"string"}}}},"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200","responseParameters":{"method.response.header.Access-Control-Allow-Origin":"'*'"}}}}},
				"options":{"responses":{"200":{"description":"","headers":{"Access-Control-Allow-Origin":{"type":"string"},"Access-Control-Allow-Headers":{"type":"string"}}}},"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200","responseParameters":{"method.response.header.Access-Control-Allow-Origin":"'*'","method.response.header.Access-Control-Allow-Headers":"'Authorization'"}}}}}}}}`)
			m.redeploy()
		}, "passed", followed},
		{"a resource of a variable", strings.Replace(corsNode, "/v2/pets", "/v2/pets?limit=3", 1), right, "passed", followed},
		{"blocked, for nothing is enabled", blocked, func(m *market) {
			m.remove("OPTIONS")
			m.unset("GET", acao)
			m.redeploy()
		}, "passed", followed},
		{"another origin is blocked", others, func(m *market) { m.header("GET", acao, "'https://shop.example'"); m.redeploy() }, "passed", followed},
		{"a canary of its own deployment", corsNode, func(m *market) { m.patch("replace /canarySettings/percentTraffic 50") }, "passed", followed},
		{"a canary that has it too", corsNode, func(m *market) { m.deploy("PROD", aws.Float64(50)) }, "passed", followed},

		{"no API", strings.Replace(corsNode, "shop,", "warehouse,", 1), right, "failed cors.api-missing", ignored},
		{"nearly that API", strings.Replace(corsNode, "shop,", "Shop,", 1), right, "failed cors.api-near-miss", ignored},
		{"two APIs", corsNode, func(m *market) { m.makeAPI("shop") }, "failed cors.api-twice", ignored},
		{"address off", corsNode, func(m *market) { m.restAPI(types.OpReplace, "/disableExecuteApiEndpoint", "true") }, "failed cors.endpoint-disabled", followed},
		{"address off and deployed", corsNode, func(m *market) { m.restAPI(types.OpReplace, "/disableExecuteApiEndpoint", "true"); m.redeploy() }, "failed cors.endpoint-disabled", followed},
		{"no stages", strings.Replace(corsNode, "shop,", "empty,", 1), func(m *market) { m.makeAPI("empty") }, "failed cors.no-stage none", ignored},
		{"no such stage", strings.Replace(corsNode, "PROD", "test", 1), right, "failed cors.no-stage", followed},
		{"stage in small letters", strings.Replace(corsNode, "PROD", "prod", 1), right, "failed cors.stage-near-miss", followed},

		{"no such path", strings.Replace(corsNode, "/v2/pets", "/v3/orders", 1), right, "failed cors.path-missing", ignored},
		{"no method", strings.Replace(corsNode, "/v2/pets", "/v2", 1), right, "failed cors.path-missing method", ignored},
		{"capitals", strings.Replace(corsNode, "/v2/pets", "/v2/Pets", 1), right, "failed cors.path-near-miss case", ignored},
		{"another method", put, right, "failed cors.path-near-miss method", ignored},
		{"spelling", strings.Replace(corsNode, "/v2/pets", "/v2/pest", 1), right, "failed cors.path-near-miss spelling", ignored},
		{"blocked, for there is no such path", strings.Replace(blocked, "/v2/pets", "/v3/orders", 1), right, "failed cors.path-missing", ignored},
		{"blocked, for it is not deployed", blocked, func(m *market) {
			m.stageOf(m.emptyDeployment())
		}, "failed cors.not-deployed", ignored},
		{"allowed an error, for it is not deployed", corsNode, func(m *market) {
			m.gatewayResponse("DEFAULT_4XX")
			m.stageOf(m.emptyDeployment())
		}, "failed cors.not-deployed", followed},

		{"no OPTIONS", corsNode, func(m *market) { m.remove("OPTIONS"); m.redeploy() }, "failed cors.no-options", followed},
		{"OPTIONS protected", corsNode, func(m *market) { m.method("OPTIONS", "/authorizationType", "AWS_IAM"); m.redeploy() }, "failed cors.options-protected", followed},
		{"OPTIONS with a key", corsNode, func(m *market) { m.method("OPTIONS", "/apiKeyRequired", "true"); m.redeploy() }, "failed cors.options-protected key", followed},
		{"ANY protected", corsNode, func(m *market) {
			m.remove("OPTIONS")
			m.backend("ANY", types.IntegrationTypeHttpProxy, answers(200, acao, "*", acah, "authorization"))
			m.method("ANY", "/authorizationType", "AWS_IAM")
			m.redeploy()
		}, "failed cors.options-protected any", followed},
		{"ANY with a key", corsNode, func(m *market) {
			m.remove("OPTIONS")
			m.backend("ANY", types.IntegrationTypeHttpProxy, answers(200))
			m.method("ANY", "/apiKeyRequired", "true")
			m.redeploy()
		}, "failed cors.options-protected key-any", followed},
		{"OPTIONS leads nowhere", corsNode, func(m *market) {
			m.remove("OPTIONS")
			m.redeploy() // AWS deploys no method without an integration
			m.integration("OPTIONS", nil)
		}, "failed cors.no-integration", followed},
		{"MOCK without a template", corsNode, func(m *market) {
			m.template("OPTIONS", "")
			m.redeploy()
		}, "failed cors.mock-template", followed},
		{"MOCK with another template", corsNode, func(m *market) { m.template("OPTIONS", `{"status": 200}`); m.redeploy() }, "failed cors.mock-template", followed},
		{"MOCK of another type", casesOf("{method: POST, headers: ['Content-Type: text/plain; charset=utf-8']}"), func(m *market) {
			m.mock("/v2/pets", "POST", "200", "")
			m.header("POST", acao, "'*'")
			m.redeploy()
		}, "failed cors.mock-template type", followed},
		{"MOCK of an API that takes all for binary", corsNode, func(m *market) {
			m.restAPI(types.OpAdd, "/binaryMediaTypes/*~1*", "")
			m.redeploy()
		}, "failed cors.mock-template binary", followed},
		{"MOCK as tools write it", corsNode, func(m *market) { m.template("OPTIONS", `{statusCode:200}`); m.redeploy() }, "passed", followed},
		{"MOCK with a status as text", corsNode, func(m *market) { m.template("OPTIONS", `{"statusCode": "200"}`); m.redeploy() }, "failed cors.mock-template", followed},
		{"MOCK with another status", corsNode, func(m *market) {
			m.template("OPTIONS", `{"statusCode": 200}`)
			m.deleteIntegrationResponse("OPTIONS")
			m.redeploy()
		}, "failed cors.no-integration-response", followed},
		{"no method response", corsNode, func(m *market) { m.deleteMethodResponse("OPTIONS"); m.redeploy() }, "failed cors.no-method-response", followed},
		{"no header", corsNode, func(m *market) {
			m.unset("OPTIONS", acao)
			m.undeclare("OPTIONS", acao)
			m.redeploy()
		}, "failed cors.no-header", followed},
		{"no headers at all", corsNode, func(m *market) { m.undeclareAll("OPTIONS"); m.redeploy() }, "failed cors.no-header", followed},
		{"not mapped", corsNode, func(m *market) { m.unset("OPTIONS", acah); m.redeploy() }, "failed cors.not-mapped", followed},
		{"mapped, not declared", corsNode, func(m *market) {
			m.deleteMethodResponse("OPTIONS")
			m.redeploy()
			m.putMethodResponse("OPTIONS")
		}, "failed cors.not-declared", followed},
		{"mapped on GET, not declared", casesOf("{method: GET, headers: [Authorization]}"), func(m *market) {
			m.deleteMethodResponse("GET")
			m.redeploy()
			m.putMethodResponse("GET")
		}, "failed cors.not-declared method", followed},
		{"mapped, not declared, and sent", corsNode, func(m *market) { m.undeclare("OPTIONS", acah); m.redeploy() }, "passed", followed},
		{"on OPTIONS, not on GET", casesOf("{method: GET, headers: [Authorization]}"), func(m *market) {
			m.unset("GET", acao)
			m.undeclare("GET", acao)
			m.redeploy()
		}, "failed cors.no-header method", followed},
		{"not on GET, without a preflight", corsNode, func(m *market) {
			m.unset("GET", acao)
			m.undeclare("GET", acao)
			m.redeploy()
		}, "failed cors.no-header", followed},
		{"declared on GET, not mapped", casesOf("{method: GET, headers: [Authorization]}"), func(m *market) { m.unset("GET", acao); m.redeploy() }, "failed cors.not-mapped method", followed},

		{"a server behind a proxy", corsNode, func(m *market) { m.backend("GET", types.IntegrationTypeHttpProxy, answers(200)); m.redeploy() }, "failed cors.backend http", ignored},
		{"a function behind a proxy", corsNode, func(m *market) { m.lambdaProxy("GET", `return {"statusCode": 200, "body": "[]"}`); m.redeploy() }, "failed cors.backend lambda", ignored},
		{"a function of another origin", corsNode, func(m *market) {
			m.lambdaProxy("GET", `return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "https://other.example"}}`)
			m.redeploy()
		}, "failed cors.backend-value lambda", ignored},
		{"a server of two origins", corsNode, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(200, acao, "https://shop.example, https://other.example"))
			m.redeploy()
		}, "failed cors.backend-value http", ignored},
		{"a server for OPTIONS", corsNode, func(m *market) { m.backend("OPTIONS", types.IntegrationTypeHttpProxy, answers(200)); m.redeploy() }, "failed cors.backend http-preflight", followed},
		{"a server for ANY", corsNode, func(m *market) {
			m.remove("OPTIONS")
			m.backend("ANY", types.IntegrationTypeHttpProxy, answers(200))
			m.redeploy()
		}, "failed cors.backend http-preflight", followed},
		{"a function for OPTIONS", corsNode, func(m *market) { m.lambdaProxy("OPTIONS", `return {"statusCode": 200}`); m.redeploy() }, "failed cors.backend lambda-preflight", followed},
		{"a function for OPTIONS with other headers", corsNode, func(m *market) {
			m.lambdaProxy("OPTIONS", `return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "X-Api-Key"}}`)
			m.redeploy()
		}, "failed cors.backend-value lambda-preflight", followed},
		{"a server for OPTIONS with other headers", corsNode, func(m *market) {
			m.backend("OPTIONS", types.IntegrationTypeHttpProxy, answers(200, acao, "*", acah, "X-Api-Key"))
			m.redeploy()
		}, "failed cors.backend-value http-preflight", followed},
		{"a server that knows no OPTIONS", corsNode, func(m *market) {
			m.backend("OPTIONS", types.IntegrationTypeHttpProxy, answers(405, acao, "*"))
			m.redeploy()
		}, "failed cors.preflight-status", ignored},
		{"a server that redirects OPTIONS", corsNode, func(m *market) {
			m.backend("OPTIONS", types.IntegrationTypeHttpProxy, answers(301, acao, "*", "Location", "/elsewhere"))
			m.redeploy()
		}, "failed cors.redirect preflight", ignored},
		{"a redirect without the header", corsNode, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(302, "Location", "/PROD/v2/pets"))
			m.redeploy()
		}, "failed cors.backend http", ignored},
		{"a redirect round and round", corsNode, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(302, acao, "*", "Location", "/PROD/v2/pets"))
			m.redeploy()
		}, "failed cors.redirect", ignored},
		{"a redirect to a page without the header", corsNode, func(m *market) {
			m.mock("/elsewhere", "GET", "200", "")
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(302, acao, "*", "Location", "/PROD/elsewhere"))
			m.redeploy()
		}, "failed cors.redirect target", ignored},

		{"nothing deployed of it", corsNode, func(m *market) { m.stageOf(m.emptyDeployment()) }, "failed cors.not-deployed", followed},
		{"a header set since", corsNode, func(m *market) {
			m.header("OPTIONS", acah, "'X-Api-Key'")
			m.redeploy()
			m.header("OPTIONS", acah, "'Authorization'")
		}, "failed cors.not-deployed", followed},
		{"OPTIONS made since", corsNode, func(m *market) { m.remove("OPTIONS"); m.redeploy(); m.options() }, "failed cors.not-deployed", followed},
		{"opened since", corsNode, func(m *market) {
			m.method("GET", "/authorizationType", "AWS_IAM")
			m.redeploy()
			m.method("GET", "/authorizationType", "NONE")
		}, "failed cors.not-deployed", followed},
		{"a template mended since", corsNode, func(m *market) {
			m.template("OPTIONS", `{}`)
			m.redeploy()
			m.template("OPTIONS", `{statusCode:200}`)
		}, "failed cors.not-deployed", followed},
		{"set since, and wrong", corsNode, func(m *market) { m.remove("OPTIONS"); m.redeploy(); m.options(); m.unset("OPTIONS", acah) }, "failed cors.not-mapped", followed},
		{"in the canary, which takes nothing", corsNode, func(m *market) {
			m.stageOf(m.emptyDeployment())
			m.deploy("PROD", aws.Float64(0))
		}, "failed cors.not-deployed canary", followed},
		{"in the canary, which takes half", corsNode, func(m *market) {
			m.stageOf(m.emptyDeployment())
			m.deploy("PROD", aws.Float64(50))
		}, "failed cors.mixed", followed},
		{"in the stage, not in the canary", corsNode, func(m *market) {
			m.unset("GET", acao)
			m.deploy("PROD", aws.Float64(10))
		}, "failed cors.mixed", followed},
		{"in the stage, not in the canary, whose error can be read", casesOf("{method: GET, status: 200}"), func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(404, acao, "*"))
			m.deploy("PROD", aws.Float64(10))
		}, "failed cors.status", ignored},
		{"in the canary, not in the stage, whose error can be read", corsNode[:strings.Index(corsNode, ", {method: GET, headers")] + "]}\n", func(m *market) {
			m.gatewayResponse("DEFAULT_4XX")
			m.stageOf(m.emptyDeployment())
			m.deploy("PROD", aws.Float64(90))
		}, "failed cors.not-deployed canary", followed},
		{"blocked, for the stage lacks it", casesOf("{method: GET, allowed: false}"), func(m *market) {
			m.stageOf(m.emptyDeployment())
			m.unset("GET", acao)
			m.deploy("PROD", aws.Float64(90))
		}, "failed cors.not-deployed canary", followed},
		{"blocked, for the canary lacks it", casesOf("{method: GET, allowed: false}"), func(m *market) {
			m.unset("GET", acao)
			m.redeploy()
			right := m.deploy("", nil)
			m.patch("replace /canarySettings/deploymentId "+m.emptyDeployment(), "replace /canarySettings/percentTraffic 10")
			m.stageOf(right)
			m.unset("GET", acao)
		}, "failed cors.not-deployed canary", followed},
		{"a canary whose server fails now and then", casesOf("{method: GET}"), func(m *market) {
			var nth atomic.Int64
			m.backend("GET", types.IntegrationTypeHttpProxy, func(w http.ResponseWriter, _ *http.Request) {
				if nth.Add(1)%5 == 0 {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				w.Header().Set(acao, "*")
			})
			m.redeploy()
			m.deploy("PROD", aws.Float64(50))
		}, "undecided undecided.answers cors", ignored},
		{"a slash behind the path", strings.Replace(corsNode, "/v2/pets", "/v2/pets/", 1), right, "passed", followed},
		{"a case of OPTIONS itself", casesOf("{method: OPTIONS}"), right, "passed", followed},

		{"slash", corsNode, func(m *market) { m.header("GET", acao, "'https://shop.example/'"); m.redeploy() }, "failed cors.origin slash", followed},
		{"scheme", corsNode, func(m *market) { m.header("GET", acao, "'http://shop.example'"); m.redeploy() }, "failed cors.origin scheme", followed},
		{"no scheme", corsNode, func(m *market) { m.header("GET", acao, "'shop.example'"); m.redeploy() }, "failed cors.origin scheme", followed},
		{"port", corsNode, func(m *market) { m.header("GET", acao, "'https://shop.example:8443'"); m.redeploy() }, "failed cors.origin port", followed},
		{"its own port", corsNode, func(m *market) { m.header("GET", acao, "'https://shop.example:443'"); m.redeploy() }, "failed cors.origin port", followed},
		{"case", corsNode, func(m *market) { m.header("GET", acao, "'https://Shop.example'"); m.redeploy() }, "failed cors.origin case", followed},
		{"page", corsNode, func(m *market) { m.header("GET", acao, "'https://shop.example/index.html'"); m.redeploy() }, "failed cors.origin page", followed},
		{"list", corsNode, func(m *market) {
			m.header("GET", acao, "'https://shop.example,https://other.example'")
			m.redeploy()
		}, "failed cors.origin list", followed},
		{"pattern", corsNode, func(m *market) { m.header("GET", acao, "'https://*.example'"); m.redeploy() }, "failed cors.origin pattern", followed},
		{"null", corsNode, func(m *market) { m.header("GET", acao, "'null'"); m.redeploy() }, "failed cors.origin null", followed},
		{"quoted", corsNode, func(m *market) { m.header("GET", acao, `'"https://shop.example"'`); m.redeploy() }, "failed cors.origin quoted", followed},
		{"another", corsNode, func(m *market) { m.header("GET", acao, "'https://other.example'"); m.redeploy() }, "failed cors.origin", followed},
		{"another for OPTIONS", corsNode, func(m *market) { m.header("OPTIONS", acao, "'https://other.example'"); m.redeploy() }, "failed cors.origin", followed},
		{"* with credentials", with, func(m *market) { m.header("GET", acac, "'true'"); m.redeploy() }, "failed cors.origin wildcard", followed},
		{"* with credentials, two origins", casesOf("{method: GET, credentials: true}, {method: GET, origin: 'https://other.example'}"), func(m *market) { m.header("GET", acac, "'true'"); m.redeploy() }, "failed cors.origin wildcard", ignored},
		{"credentials not allowed", with, func(m *market) { m.header("GET", acao, "'https://shop.example'"); m.redeploy() }, "failed cors.no-header", followed},
		{"True", with, func(m *market) {
			m.header("GET", acao, "'https://shop.example'")
			m.header("GET", acac, "'True'")
			m.redeploy()
		}, "failed cors.credentials", followed},
		{"method", put, func(m *market) {
			m.mock("/v2/pets", "PUT", "200", "")
			m.header("PUT", acao, "'*'")
			m.redeploy()
		}, "failed cors.method", followed},
		{"method in small letters", put, func(m *market) {
			m.mock("/v2/pets", "PUT", "200", "")
			m.header("PUT", acao, "'*'")
			m.header("OPTIONS", acam, "'get,put'")
			m.redeploy()
		}, "failed cors.method case", followed},
		{"methods by blanks", put, func(m *market) {
			m.mock("/v2/pets", "PUT", "200", "")
			m.header("PUT", acao, "'*'")
			m.header("OPTIONS", acam, "'GET PUT'")
			m.redeploy()
		}, "failed cors.method syntax", followed},
		{"methods by * with credentials", casesOf("{method: PUT, credentials: true}"), func(m *market) {
			for _, method := range []string{"PUT", "OPTIONS"} {
				if method == "PUT" {
					m.mock("/v2/pets", "PUT", "200", "")
				}
				m.header(method, acao, "'https://shop.example'")
				m.header(method, acac, "'true'")
			}
			m.header("OPTIONS", acam, "'*'")
			m.redeploy()
		}, "failed cors.method wildcard", followed},
		{"no methods", put, func(m *market) {
			m.mock("/v2/pets", "PUT", "200", "")
			m.header("PUT", acao, "'*'")
			m.unset("OPTIONS", acam)
			m.redeploy()
		}, "failed cors.not-mapped", followed},
		{"header", corsNode, func(m *market) { m.header("OPTIONS", acah, "'Content-Type,X-Api-Key'"); m.redeploy() }, "failed cors.header", followed},
		{"Authorization by *", corsNode, func(m *market) { m.header("OPTIONS", acah, "'*'"); m.redeploy() }, "failed cors.header authorization", followed},
		{"headers by * with credentials", casesOf("{method: GET, headers: [X-Api-Key], credentials: true}"), func(m *market) {
			for _, method := range []string{"GET", "OPTIONS"} {
				m.header(method, acao, "'https://shop.example'")
				m.header(method, acac, "'true'")
			}
			m.header("OPTIONS", acah, "'*'")
			m.redeploy()
		}, "failed cors.header wildcard", followed},
		{"headers by blanks", corsNode, func(m *market) { m.header("OPTIONS", acah, "'Authorization X-Api-Key'"); m.redeploy() }, "failed cors.header syntax", followed},

		{"a server wants a token, and does not say so to pages", casesOf("{method: GET}"), func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, func(w http.ResponseWriter, _ *http.Request) {
				http.Error(w, "no token in Authorization header", http.StatusForbidden)
			})
			m.redeploy()
		}, "failed cors.backend http", ignored},
		{"GET protected", corsNode, func(m *market) { m.method("GET", "/authorizationType", "AWS_IAM"); m.redeploy() }, "failed cors.gateway-error protected", followed},
		{"GET with a key", corsNode, func(m *market) { m.method("GET", "/apiKeyRequired", "true"); m.redeploy() }, "failed cors.gateway-error key", followed},
		{"GET with a parameter that it needs", corsNode, func(m *market) { m.require("GET", "method.request.querystring.limit"); m.redeploy() }, "failed cors.gateway-error", followed},
		{"GET without an integration", corsNode, func(m *market) { m.stageOf(m.emptyDeployment()); m.integration("GET", nil) }, "failed cors.no-integration method", ignored},
		{"GET may not invoke", corsNode, func(m *market) {
			m.lambdaProxy("GET", `return {"statusCode": 200, "headers": {"Access-Control-Allow-Origin": "*"}}`)
			_, err := m.lambda.RemovePermission(m.t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("petsget"), StatementId: aws.String("s")})
			m.done(err)
			m.redeploy()
		}, "failed cors.gateway-error server", ignored},
		{"GET fails", corsNode, func(m *market) { m.lambdaProxy("GET", `return {"pets": []}`); m.redeploy() }, "failed cors.gateway-error server", ignored},
		{"blocked, for it fails", blocked, func(m *market) {
			m.lambdaProxy("GET", `return {"pets": []}`)
			m.remove("OPTIONS")
			m.redeploy()
		}, "failed cors.gateway-error server-http", ignored}, // no page has to read it

		{"too open", others, right, "failed cors.too-open any", followed},
		{"too open, of no one", blocked, right, "failed cors.too-open any", followed},
		{"an error is too open", others, func(m *market) {
			m.method("GET", "/authorizationType", "AWS_IAM")
			m.gatewayResponse("DEFAULT_4XX")
			m.redeploy()
		}, "failed cors.too-open any", followed},
		{"an error is too open, of no one", casesOf("{method: GET, allowed: false}"), func(m *market) {
			m.method("GET", "/authorizationType", "AWS_IAM")
			m.gatewayResponse("DEFAULT_4XX")
			m.redeploy()
		}, "failed cors.too-open any", followed},
		{"too open by an echo", others, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttp, func(w http.ResponseWriter, r *http.Request) { w.Header().Set("X-Origin", r.Header.Get("X-Of")) })
			m.responses("GET")
			m.integrationRequest("GET", "header.X-Of", "method.request.header.Origin")
			m.header("GET", acao, "integration.response.header.X-Origin")
			m.redeploy()
		}, "failed cors.too-open echo", followed},
		{"too many methods", casesOf("{method: GET}, {method: DELETE, allowed: false}"), func(m *market) {
			m.mock("/v2/pets", "DELETE", "200", "")
			m.header("DELETE", acao, "'*'")
			m.header("OPTIONS", acam, "'GET,DELETE,OPTIONS'")
			m.redeploy()
		}, "failed cors.too-open method", followed},
		{"a method of forms with too many headers", casesOf("{method: GET}, {method: POST, headers: [Content-Type], allowed: false}"), func(m *market) {
			m.mock("/v2/pets", "POST", "200", "")
			m.header("POST", acao, "'*'")
			m.redeploy()
		}, "failed cors.too-open header", followed},
		{"too many headers", casesOf("{method: GET}, {method: GET, headers: [X-Api-Key], allowed: false}"), right, "failed cors.too-open header", followed},
		{"too many credentials", casesOf("{method: GET}, {method: GET, credentials: true, allowed: false}"), func(m *market) {
			m.header("GET", acao, "'https://shop.example'")
			m.header("GET", acac, "'true'")
			m.redeploy()
		}, "failed cors.too-open credentials", followed},
		{"too open for what is allowed elsewhere", casesOf("{method: GET}, {method: GET, headers: [Accept], allowed: false}"), right, "failed cors.too-open", ignored},
		{"too open behind a proxy", others, func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(200, acao, "*"))
			m.redeploy()
		}, "failed cors.too-open backend", ignored},

		{"a server that is down", corsNode, func(m *market) {
			m.integration("GET", &apigateway.PutIntegrationInput{Type: types.IntegrationTypeHttpProxy, IntegrationHttpMethod: aws.String("GET"), Uri: aws.String("http://127.0.0.1:1/")})
			m.redeploy()
		}, "undecided undecided.answers cors", ignored},
		{"a server that fails", corsNode, func(m *market) { m.backend("GET", types.IntegrationTypeHttpProxy, answers(503)); m.redeploy() }, "undecided undecided.answers cors", ignored},
		{"one case is wrong, whatever another would say", casesOf("{method: GET}, {method: POST}"), func(m *market) {
			m.backend("GET", types.IntegrationTypeHttpProxy, answers(503))
			m.backend("POST", types.IntegrationTypeHttpProxy, answers(200))
			m.redeploy()
		}, "failed cors.backend http", ignored},
		{"a server that slows down", blocked, func(m *market) { m.backend("GET", types.IntegrationTypeHttpProxy, answers(429)); m.redeploy() }, "undecided undecided.throttled cors", ignored},
		{"the API's own origin", casesOf("{method: GET, origin: 'http://$ID.execute-api.localhost:PORT'}"), right, "undecided undecided.broken same-origin", ignored},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMarket(t)
			tt.change(m)
			node := strings.ReplaceAll(tt.node, "$ID", m.api)
			node = strings.Replace(node, "PORT", m.port, 1)
			comesOut(t, m.cfg, tt.want, tt.advice, func() check.Result { return m.run(node) })
		})
	}
}

// Whatever step of the standard blocks a case, there is something to say of it.
func TestEveryStepIsSaid(t *testing.T) {
	t.Parallel()
	met := 0
	for _, code := range cors.Codes() {
		area, what, _ := strings.Cut(code, ".")
		switch {
		case area != "preflight" && area != "answer" && area != "redirect", strings.HasPrefix(what, "passed-"), what == "network":
		case code == "answer.same-origin", code == "answer.opaque", code == "answer.resource-policy", code == "redirect.error", code == "redirect.manual":
			// A case asks for none of these modes.
		default:
			if met++; !check.SaysOfStep(code) {
				t.Errorf("nothing is said of %s", code)
			}
		}
	}
	if met < 30 {
		t.Errorf("only %d steps", met)
	}
}

// Every code and every variant that has sentences is made by a real API in a test.
func TestEveryCORSFindingIsMade(t *testing.T) {
	t.Parallel()
	everyFindingIsMade(t, "cors", 60, "cors_test.go", "corshttp_test.go", "corscase_test.go")
}

// everyFindingIsMade looks for the codes of a kind, of which there are at least so
// many, in the files that have its tests.
func everyFindingIsMade(t *testing.T, kind string, least int, files ...string) {
	t.Helper()
	var tests string
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(data)
	}
	met, findings := 0, text.English().Check.Findings
	for key := range findings {
		code, variant, _ := strings.Cut(key, "/")
		if !strings.HasPrefix(code, kind+".") && variant != kind {
			continue
		}
		met++
		made := strings.Contains(tests, strings.TrimSpace(code+" "+variant)+`"`)
		if variant == "" { // of a variant without sentences of its own, too
			for _, one := range regexp.MustCompile(regexp.QuoteMeta(code)+" ([a-z-]+)").FindAllStringSubmatch(tests, -1) {
				_, own := findings[code+"/"+one[1]]
				made = made || !own
			}
		}
		if !made {
			t.Errorf("no test makes %s", key)
		}
	}
	if met < least {
		t.Errorf("only %d findings", met)
	}
}

// What a browser sends is sent, nothing else, and a curl command does it again.
func TestCORSEvidence(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	m.w.Expand = func(_ context.Context, text string) (string, error) {
		return strings.NewReplacer("$ORIGIN", "https://shop.example", "$TOKEN", "hunter2").Replace(text), nil
	}
	m.tagged = 0
	before := m.other
	r := m.run("cors: {api: shop, stage: PROD, path: /v2/pets, origin: $ORIGIN, cases: [{method: GET, headers: ['Authorization: $TOKEN', X-Amz-Date], credentials: true, allowed: false}]}\n")
	if got := outcome(r); got != "passed" {
		t.Fatalf("%s %+v", got, r.Findings)
	}
	var asked []string
	for _, e := range r.Evidence {
		asked = append(asked, e.What)
		if strings.Contains(e.Request+e.Response+e.Reproduce, "hunter2") {
			t.Errorf("a secret in %+v", e)
		}
	}
	url := m.w.InvokeURL(m.api, "PROD") + "/v2/pets"
	want := []string{"apigateway.GetRestApis", "apigatewayv2.GetApis", "apigateway.GetStages", "OPTIONS " + url}
	if diff := cmp.Diff(want, asked); diff != "" {
		t.Error(diff)
	}
	if got, want := r.Evidence[3].Reproduce, "curl -i -X OPTIONS -H 'Accept: */*' -H 'Access-Control-Request-Headers: authorization,x-amz-date' -H 'Access-Control-Request-Method: GET' -H 'Origin: https://shop.example' "+url; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if m.tagged != len(asked) || m.other != before {
		t.Errorf("%d of %d requests are tagged", m.tagged, len(asked))
	}
	if got, want := r.Seen[0], (check.Remark{Code: "cors.preflight-blocked", Args: map[string]string{"origin": "https://shop.example", "request": "GET + Authorization + X-Amz-Date + credentials"}, Row: check.Passed}); got.Code != want.Code || got.Row != want.Row || !maps.Equal(got.Args, want.Args) {
		t.Errorf("%+v", got)
	}
}

// A variable without a value, or whose value is no origin.
func TestCORSVariables(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	m.w.Expand = func(_ context.Context, text string) (string, error) {
		if strings.Contains(text, "$UNSET") {
			return "", &check.UnsetError{Name: "UNSET"}
		}
		return strings.ReplaceAll(text, "$PAGE", "https://shop.example/index.html"), nil
	}
	for _, tt := range []struct{ node, want string }{
		{strings.Replace(corsNode, "https://shop.example", "$UNSET", 1), "failed check.unset"},
		{strings.Replace(corsNode, "https://shop.example", "$PAGE", 1), "undecided undecided.broken origin"},
		{strings.Replace(corsNode, "api: shop", "api: $UNSET", 1), "failed check.unset"},
		{strings.Replace(corsNode, "PROD", "$UNSET", 1), "failed check.unset"},
		{strings.Replace(corsNode, "/v2/pets", "/$UNSET", 1), "failed check.unset"},
		{casesOf("{method: GET, headers: ['X-A: $UNSET']}"), "failed check.unset"},
	} {
		if got := outcome(m.run(tt.node)); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.node, got, tt.want)
		}
	}
}

// No answer says nothing about CORS.
func TestCORSWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	for _, node := range []string{corsNode, casesOf("{method: GET, allowed: false}")} {
		w := m.w
		w.Once, w.HTTP = true, &http.Client{Transport: nowhere{}}
		r := check.Run(t.Context(), w, compile(t, "cors", node))
		if got := outcome(r); got != "undecided undecided.network" || len(r.Seen) != 0 {
			t.Errorf("got %s, %+v", got, r.Seen)
		}
	}
}

type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("connection refused")
}

// Rows come in the order of the cases, each with its rule.
func TestCORSRows(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	r := m.run(casesOf("{method: GET}, {method: GET, allowed: false, headers: [Authorization]}, {method: GET, origin: 'null'}"))
	var rows []string
	english := text.English()
	for _, seen := range r.Seen {
		rows = append(rows, fmt.Sprint(seen.Row, " ", english.Remark(seen)))
		if english.Rule(seen) == "" || seen.Rule.Section == "" || seen.Why.Code == "" {
			t.Errorf("%+v says no rule", seen)
		}
	}
	want := []string{
		"1 https://shop.example → GET: no preflight, allowed",
		"2 https://shop.example → GET + Authorization: preflight, allowed (expected: blocked)",
		"1 null → GET: no preflight, allowed",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
}

// What a check asks for can be tried out: its API, and its cases, without what may
// be secret.
func TestPage(t *testing.T) {
	t.Parallel()
	m := newMarket(t)
	c := compile(t, "cors", casesOf("{method: GET}, {method: PUT, headers: [Authorization, 'X-A: b', 'X-Key: $SECRET'], credentials: true, origin: 'https://other.example', allowed: false}"))
	got, ok := c.Page(t.Context(), m.w)
	base := "http://" + m.api + ".execute-api.localhost:" + m.port
	want := check.Page{API: m.api, Base: base + "/", URL: base + "/PROD/v2/pets", Stage: "PROD", Path: "/v2/pets", Cases: []check.PageCase{
		{Origin: "https://shop.example", Method: "GET", Allowed: true},
		{Origin: "https://other.example", Method: "PUT", Headers: []check.PageHeader{{Name: "Authorization", Value: "awslab"}, {Name: "X-A", Value: "b"}, {Name: "X-Key"}}, Credentials: true},
	}}
	if diff := cmp.Diff(want, got); diff != "" || !ok {
		t.Error(ok, diff)
	}
	for name, tt := range map[string]struct{ node, code, api string }{
		"no API":      {strings.Replace(corsNode, "shop,", "none,", 1), "cors.api-missing", ""},
		"no stage":    {strings.Replace(corsNode, "PROD", "STAGING", 1), "cors.no-stage", m.api},
		"a near name": {strings.Replace(corsNode, "PROD", "prod", 1), "cors.stage-near-miss", m.api},
	} {
		got, ok := compile(t, "cors", tt.node).Page(t.Context(), m.w)
		if !ok || got.URL != "" || got.API != tt.api || got.Missing == nil || got.Missing.Code != tt.code {
			t.Errorf("%s: %+v, %v", name, got, ok)
		}
	}
	w := m.w
	w.Expand = func(context.Context, string) (string, error) {
		return "", &check.UnsetError{Name: "API_ID", Reason: "the step api makes it"}
	}
	if got, ok := c.Page(t.Context(), w); !ok || got.Missing == nil || got.Missing.Code != "check.unset" || got.Missing.Found != "the step api makes it" {
		t.Errorf("a variable without a value: %+v, %v", got, ok)
	}
	if _, ok := compile(t, "file", "file: {path: a}\n").Page(t.Context(), m.w); ok {
		t.Error("another kind has a page")
	}
	s := newStall(t)
	got, ok = compile(t, "cors", "cors: {api: shop, path: /pets, origin: https://shop.example, cases: [{method: GET}]}\n").Page(t.Context(), s.world())
	if !ok || !strings.HasPrefix(got.URL, got.Base) || got.Stage != "$default" || !strings.HasSuffix(got.URL, "/pets") {
		t.Errorf("%+v, %v", got, ok)
	}
	// Elsewhere an API answers under a path, and only that is its own.
	w = m.w
	w.Endpoint = "http://localstack:4566"
	got, ok = c.Page(t.Context(), w)
	if want := "http://localstack:4566/restapis/" + m.api + "/"; !ok || got.Base != want || !strings.HasPrefix(got.URL, want) {
		t.Errorf("elsewhere: %+v, %v", got, ok)
	}
}
