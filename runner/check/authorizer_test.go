package check_test

import (
	"strings"
	"testing"

	"awslab/runner/check"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

func TestAuthorizer(t *testing.T) {
	t.Parallel()
	right := func(*guard) {}
	for _, tt := range []struct {
		name, node string
		change     func(g *guard)
		want       string
		advice     advice
	}{
		{"right", guardNode, right, "passed", followed},
		{"every case", guardCases("allow, deny, none, malformed, expired, wrong-key, unsigned, tampered"), right, "passed", followed},
		{"whose it is, and where else", guardWanting("principal: student, also: [GET /pets]"), right, "passed", followed},
		{"by its id", strings.Replace(guardNode, "shop,", "$ID,", 1), func(g *guard) { g.makeAPI("shop") }, "passed", followed},
		{"a REQUEST authorizer", guardWanting("principal: student, also: [GET /pets]"), func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["headers"]["Authorization"]`))
			g.authorizer = g.makeAuthorizer("LambdaAuthorizer", types.AuthorizerTypeRequest, nil)
			g.permitAuthorizer("LambdaAuthorizer", "r", g.authorizer)
			g.attach("/v2/pets", "GET")
			g.attach("/pets", "GET")
			g.redeploy()
		}, "passed", followed},
		{"nothing is kept, and the policy covers the method alone", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.upload(guardWith(t, wholeStage, methodAlone))
			g.authorizerPatch("/authorizerResultTtlInSeconds", "0")
			g.redeploy()
		}, "passed", followed},
		{"another header, with a scheme", guardWanting("header: X-Token, scheme: Bearer"), func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["authorizationToken"].removeprefix("Bearer ")`))
			g.authorizerPatch("/identitySource", "method.request.header.X-Token")
			g.redeploy()
		}, "passed", followed},
		{"another algorithm", guardWanting("algorithm: HS512"), func(g *guard) { g.upload(guardWith(t, "HS256", "HS512", "sha256", "sha512")) }, "passed", followed},
		{"a permission for all of the API", guardNode, func(g *guard) { g.forbid("s"); g.permit("LambdaAuthorizer") }, "passed", followed},
		{"a list of one in the policy, and no brackets", guardNode, func(g *guard) { g.upload(guardWith(t, "[statement]", "statement")) }, "passed", followed},
		{"statuses of its own", guardCases("allow, {case: deny, status: 403, json: {Message: {contains: explicit deny}}}, {case: none, status: 401, body: '{\"message\":\"Unauthorized\"}', headers: {x-amzn-errortype: UnauthorizedException}}, {case: expired, status: 401}"), right, "passed", followed},
		{"a canary that has it too", guardNode, func(g *guard) { g.deploy("PROD", aws.Float64(50)) }, "passed", followed},

		{"no API", strings.Replace(guardNode, "shop,", "warehouse,", 1), right, "failed authorizer.api-missing", ignored},
		{"nearly that API", strings.Replace(guardNode, "shop,", "Shop,", 1), right, "failed authorizer.api-near-miss", ignored},
		{"two APIs", guardNode, func(g *guard) { g.makeAPI("shop") }, "failed authorizer.api-twice", ignored},
		{"switched off", guardNode, func(g *guard) { g.restAPI(types.OpReplace, "/disableExecuteApiEndpoint", "true"); g.redeploy() }, "failed authorizer.endpoint-disabled", followed},
		{"no stage", strings.Replace(guardNode, "PROD", "STAGING", 1), right, "failed authorizer.no-stage", followed},
		{"no stages", guardNode, func(g *guard) {
			_, err := g.apis.DeleteStage(t.Context(), &apigateway.DeleteStageInput{RestApiId: &g.api, StageName: aws.String("PROD")})
			g.done(err)
		}, "failed authorizer.no-stage none", followed},
		{"nearly that stage", strings.Replace(guardNode, "PROD", "prod", 1), right, "failed authorizer.stage-near-miss", followed},
		{"no path", strings.Replace(guardNode, "/v2/pets", "/orders", 1), right, "failed authorizer.path-missing", ignored},
		{"nearly that path", strings.Replace(guardNode, "/v2/pets", "/v2/petz", 1), right, "failed authorizer.path-near-miss spelling", ignored},
		{"the path in capitals", strings.Replace(guardNode, "/v2/pets", "/v2/Pets", 1), right, "failed authorizer.path-near-miss case", ignored},
		{"another method", strings.Replace(guardNode, "method: GET", "method: POST", 1), right, "failed authorizer.path-near-miss method", ignored},
		{"a resource without methods", strings.Replace(guardNode, "/v2/pets", "/v2", 1), right, "failed authorizer.path-missing method", ignored},
		{"another path that is not there", guardWanting("also: [GET /orders]"), right, "failed authorizer.path-missing", ignored},
		{"the path is not deployed", guardNode, func(g *guard) {
			g.stageOf(g.emptyDeployment())
			g.attach("/v2/pets", "GET")
		}, "failed authorizer.not-deployed", followed},
		{"no such path for nobody", strings.Replace(guardCases("none"), "/v2/pets", "/orders", 1), right, "failed authorizer.path-missing", ignored},

		{"no function", guardNode, func(g *guard) { g.deleteFunction("LambdaAuthorizer") }, "failed lambda.missing", ignored},
		{"nearly that function", guardNode, func(g *guard) {
			g.deleteFunction("LambdaAuthorizer")
			g.makeFunction("lambdaAuthorizer", guardCode, nil)
		}, "failed lambda.near-miss", ignored},
		{"no authorizer", guardNode, func(g *guard) {
			g.detach("/v2/pets", "GET")
			g.detach("/pets", "GET")
			_, err := g.apis.DeleteAuthorizer(t.Context(), &apigateway.DeleteAuthorizerInput{RestApiId: &g.api, AuthorizerId: &g.authorizer})
			g.done(err)
			g.redeploy()
		}, "failed authorizer.missing", followed},
		{"one of Cognito", guardNode, func(g *guard) {
			g.detach("/v2/pets", "GET")
			g.detach("/pets", "GET")
			g.redeploy()
			g.answers("/authorizers", `"type":"TOKEN"`, `"type":"COGNITO_USER_POOLS"`)
		}, "failed authorizer.type", ignored}, // the emulator has none: its answer is changed
		{"another function", guardNode, func(g *guard) {
			g.makeFunction("other", guardWith(t, `"Allow" if user == "student" else "Deny"`, `"Deny"`), nil)
			g.authorizerPatch("/authorizerUri", *invocationsOf("other"))
			g.redeploy()
		}, "failed authorizer.other-function", followed},
		{"a function of nearly that name", guardNode, func(g *guard) {
			g.authorizerPatch("/authorizerUri", *invocationsOf("lambdaAuthorizer"))
			g.redeploy()
		}, "failed authorizer.other-function case", followed},
		{"another header", guardNode, func(g *guard) { g.authorizerPatch("/identitySource", "method.request.header.X-Token"); g.redeploy() }, "failed authorizer.token-source", followed},
		{"one header more", guardNode, func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["headers"]["Authorization"]`))
			g.authorizer = g.makeAuthorizer("LambdaAuthorizer", types.AuthorizerTypeRequest, func(in *apigateway.CreateAuthorizerInput) {
				in.IdentitySource = aws.String("method.request.header.Authorization,method.request.header.X-Tenant")
			})
			g.permitAuthorizer("LambdaAuthorizer", "r", g.authorizer)
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "failed authorizer.token-source", followed},
		{"kept by another header", guardNode, func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["headers"]["Authorization"]`))
			g.authorizer = g.makeAuthorizer("LambdaAuthorizer", types.AuthorizerTypeRequest, func(in *apigateway.CreateAuthorizerInput) {
				in.IdentitySource = aws.String("method.request.header.Host")
			})
			g.permitAuthorizer("LambdaAuthorizer", "r", g.authorizer)
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "failed authorizer.token-source kept", followed},
		{"an expression that it does not fit", guardNode, func(g *guard) { g.authorizerPatch("/identityValidationExpression", "^Bearer .+$"); g.redeploy() }, "failed authorizer.validation", followed},
		{"not attached", guardNode, func(g *guard) { g.detach("/v2/pets", "GET"); g.redeploy() }, "failed authorizer.not-attached", followed},
		{"not attached, seen by nobody", guardCases("none"), func(g *guard) { g.detach("/v2/pets", "GET"); g.redeploy() }, "failed authorizer.not-attached", followed},
		{"signed requests", guardNode, func(g *guard) { g.patchMethod("/v2/pets", "GET", "replace /authorizationType AWS_IAM"); g.redeploy() }, "failed authorizer.not-attached iam", followed},
		{"signed requests, for nobody", guardCases("none"), func(g *guard) { g.patchMethod("/v2/pets", "GET", "replace /authorizationType AWS_IAM"); g.redeploy() }, "failed authorizer.not-attached iam", followed},
		{"another authorizer is attached", guardNode, func(g *guard) {
			g.makeFunction("other", guardWith(t, `"Allow" if user == "student" else "Deny"`, `"Deny"`), nil)
			first := g.authorizer
			g.authorizer = g.makeAuthorizer("other", types.AuthorizerTypeToken, nil)
			g.permitAuthorizer("other", "s", g.authorizer)
			g.attach("/v2/pets", "GET")
			g.authorizer = first
			g.redeploy()
		}, "failed authorizer.not-attached other", followed},
		{"ANY is not attached", guardNode, func(g *guard) {
			g.remove("GET")
			g.backend("ANY", types.IntegrationTypeHttpProxy, answers(200))
			g.redeploy()
		}, "failed authorizer.not-attached any", followed},
		{"attached since", guardNode, func(g *guard) { g.detach("/v2/pets", "GET"); g.redeploy(); g.attach("/v2/pets", "GET") }, "failed authorizer.not-deployed", followed},
		{"the source put right since", guardNode, func(g *guard) {
			g.authorizerPatch("/identitySource", "method.request.header.X-Token")
			g.redeploy()
			g.authorizerPatch("/identitySource", "method.request.header.Authorization")
		}, "failed authorizer.not-deployed", followed},
		{"the function put right since", guardNode, func(g *guard) {
			g.authorizerPatch("/authorizerUri", *invocationsOf("nobody"))
			g.redeploy()
			g.authorizerPatch("/authorizerUri", *invocationsOf("LambdaAuthorizer"))
		}, "failed authorizer.not-deployed", followed},
		{"in the canary, which takes nothing", guardNode, func(g *guard) {
			g.detach("/v2/pets", "GET")
			g.redeploy()
			g.attach("/v2/pets", "GET")
			g.deploy("PROD", aws.Float64(0))
		}, "failed authorizer.not-deployed canary", followed},
		{"in the canary, which takes half", guardNode, func(g *guard) {
			g.detach("/v2/pets", "GET")
			g.redeploy()
			g.attach("/v2/pets", "GET")
			g.deploy("PROD", aws.Float64(50))
		}, "failed authorizer.mixed", followed},
		{"no permission", guardNode, func(g *guard) { g.forbid("s") }, "failed authorizer.no-permission", followed},
		{"a permission for a method", guardNode, func(g *guard) {
			g.forbid("s")
			g.permitSource("authorizer-"+g.authorizer, "apigateway.amazonaws.com", "/*/GET/v2/pets")
		}, "failed authorizer.source-arn", followed},
		{"a permission of somebody else", guardNode, func(g *guard) {
			g.forbid("s")
			g.permitSource("s", "events.amazonaws.com", "/*")
		}, "failed authorizer.no-permission", followed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t)
			tt.change(g)
			r := g.run(tt.node)
			if got := outcome(r); got != tt.want {
				t.Fatalf("got %s, want %s\n%+v\n%+v", got, tt.want, r.Findings, r.Seen)
			}
			if tt.advice == followed {
				follow(t, g.cfg, r, func() check.Result { return g.run(tt.node) })
			}
		})
	}
}
