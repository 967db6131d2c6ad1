package check_test

import (
	"strings"
	"testing"

	"awslab/runner/check"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
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
			g.askWithRequests(nil)
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

		{"open, and known to be", guardCases("allow, {case: none, status: 200}, {case: malformed, status: {between: [200, 299]}}"), func(g *guard) { g.detach("/v2/pets", "GET"); g.redeploy() }, "passed", followed},
		{"known to be open, and closed", guardCases("allow, {case: none, status: 200}"), right, "failed authorizer.status", ignored},
		{"a status of refusal from behind", guardCases("{case: allow, status: 403}, {case: wrong-key, status: 403}"), func(g *guard) {
			g.remove("GET")
			g.backend("GET", types.IntegrationTypeHttpProxy, answers(403))
			g.redeploy()
		}, "failed authorizer.not-attached", ignored},
		{"the good token comes last, and its secret is another one", guardCases("deny, none, allow"), func(g *guard) { g.environment(map[string]string{"JWT_SECRET": "hunter2"}) }, "failed authorizer.secret env", followed},
		{"an alias", guardNode, func(g *guard) { g.alias("live") }, "passed", followed},
		{"an alias without a permission", guardNode, func(g *guard) {
			g.alias("live")
			_, err := g.lambda.RemovePermission(t.Context(), &lambda.RemovePermissionInput{FunctionName: aws.String("LambdaAuthorizer"), Qualifier: aws.String("live"), StatementId: aws.String("s")})
			g.done(err)
		}, "failed authorizer.no-permission", followed},
		{"another alias than the lesson's", strings.Replace(guardNode, "LambdaAuthorizer", "LambdaAuthorizer:live", 1), func(g *guard) {
			g.alias("live")
			g.authorizerPatch("/authorizerUri", *invocationsOf("LambdaAuthorizer:beta"))
			g.redeploy()
		}, "failed authorizer.other-function", followed},

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
			g.askWithRequests(func(in *apigateway.CreateAuthorizerInput) {
				in.IdentitySource = aws.String("method.request.header.Authorization,method.request.header.X-Tenant")
			})
		}, "failed authorizer.token-source", followed},
		{"kept by another header", guardNode, func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["headers"]["Authorization"]`))
			g.askWithRequests(func(in *apigateway.CreateAuthorizerInput) {
				in.IdentitySource = aws.String("method.request.header.Host")
			})
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
		{"it reads the header of a request", guardNode, func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["headers"]["Authorization"]`))
		}, "failed authorizer.function-error token", ignored},
		{"it reads the header of a request, and takes what is not there for nothing", guardNode, func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event.get("headers")["Authorization"]`))
		}, "failed authorizer.function-error token", ignored},
		{"it reads the token of an event without", guardNode, func(g *guard) {
			g.askWithRequests(nil)
		}, "failed authorizer.function-error request", ignored},
		{"it imports what is not there", guardNode, func(g *guard) { g.upload("import jwt\n" + guardCode) }, "failed authorizer.function-error module", ignored},
		{"its file lies in a folder", guardNode, func(g *guard) { g.uploadAs("src/lambda_function.py", guardCode) }, "failed authorizer.function-error import", ignored},
		{"it is not Python", guardNode, func(g *guard) {
			g.upload(guardWith(t, "def lambda_handler(event, context):", "def lambda_handler(event, context)"))
		}, "failed authorizer.function-error syntax", ignored},
		{"its handler has another name", guardNode, func(g *guard) { g.upload(guardWith(t, "lambda_handler", "handler")) }, "failed authorizer.function-error handler", ignored},
		{"it is too slow", guardCases("allow"), func(g *guard) {
			g.upload(guardWith(t, `    secret =`, "    time.sleep(60)\n    secret ="))
			g.timeout(1)
		}, "failed authorizer.function-error timeout", ignored},
		{"it raises something else", guardNode, func(g *guard) { g.upload(guardWith(t, `    secret =`, "    event['nobody']\n    secret =")) }, "failed authorizer.function-error", ignored},
		{"it fails at what is no token", guardNode, func(g *guard) { g.upload(guardWith(t, `raise Exception("Unauthorized")`, "raise")) }, "failed authorizer.function-error", ignored},
		{"it says more than Unauthorized", guardNode, func(g *guard) {
			g.upload(guardWith(t, `raise Exception("Unauthorized")`, `raise Exception("Unauthorized: " + str(e))`))
		}, "failed authorizer.function-error", ignored},
		{"it answers as if it stood behind a route", guardNode, func(g *guard) {
			g.upload(guardWith(t, `raise Exception("Unauthorized")`, `return {"statusCode": 401}`))
		}, "failed authorizer.no-policy status", ignored},
		{"it always answers so", guardNode, func(g *guard) { g.upload("def lambda_handler(event, context):\n    return {'statusCode': 200}\n") }, "failed authorizer.no-policy status", ignored},
		{"it answers with nothing", guardNode, func(g *guard) { g.upload("def lambda_handler(event, context):\n    return None\n") }, "failed authorizer.no-policy", ignored},
		{"it answers with true", guardNode, func(g *guard) { g.upload("def lambda_handler(event, context):\n    return True\n") }, "failed authorizer.no-policy", ignored},
		{"its policy is a text", guardNode, func(g *guard) { g.upload(guardWith(t, `"policyDocument": {`, `"policy": {`)) }, "failed authorizer.no-policy", ignored},
		{"its policy has another version", guardNode, func(g *guard) { g.upload(guardWith(t, "2012-10-17", "2024-01-01")) }, "failed authorizer.no-policy", ignored},
		{"its policy has no effect", guardNode, func(g *guard) { g.upload(guardWith(t, `"Effect": effect`, `"effect": effect`)) }, "failed authorizer.no-policy", ignored},
		{"its context holds a list", guardNode, func(g *guard) {
			g.upload(guardWith(t, `"principalId": user`, `"context": {"roles": ["reader"]}, "principalId": user`))
		}, "failed authorizer.no-policy context", ignored},
		{"its context holds a mapping", guardNode, func(g *guard) {
			g.upload(guardWith(t, `"principalId": user`, `"context": {"claims": claims}, "principalId": user`))
		}, "failed authorizer.no-policy context", ignored},

		{"it wants a scheme", guardNode, func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["authorizationToken"].split(" ")[1]`))
		}, "failed authorizer.scheme", ignored},
		{"it wants a scheme, and says Unauthorized", guardNode, func(g *guard) {
			g.upload(guardWith(t, `claims_of(token, secret`, `claims_of(token.split(" ")[1], secret`))
		}, "failed authorizer.scheme", ignored},
		{"it wants the token alone", guardWanting("scheme: Bearer"), right, "failed authorizer.scheme alone", ignored},
		{"it decodes the secret", guardNode, func(g *guard) { g.upload(guardWith(t, "secret.encode()", "base64.b64decode(secret)")) }, "failed authorizer.secret decoded", ignored},
		{"it denies with the decoded secret", guardNode, func(g *guard) {
			g.upload(guardWith(t, "secret.encode()", "base64.b64decode(secret)", `raise Exception("Unauthorized")`, `claims = {"user_id": "nobody"}`))
		}, "failed authorizer.secret decoded", ignored},
		{"it fails with the decoded secret", guardNode, func(g *guard) {
			g.upload(guardWith(t, "secret.encode()", "base64.b64decode(secret)", `raise Exception("Unauthorized")`, `raise`))
		}, "failed authorizer.secret decoded", ignored},
		{"the secret in lines", guardNode, func(g *guard) { g.environment(map[string]string{"JWT_SECRET": inLines(jwtSecret)}) }, "failed authorizer.secret wrapped-env", followed},
		{"the secret in lines, the last one too", guardNode, func(g *guard) {
			g.environment(map[string]string{"JWT_SECRET": inLines(jwtSecret) + "\n", "STAGE": "PROD"})
		}, "failed authorizer.secret wrapped-env", followed},
		{"the secret in lines in the code", guardNode, func(g *guard) { g.upload(hardCoded(t, `"""`+inLines(jwtSecret)+`"""`)) }, "failed authorizer.secret wrapped", ignored},
		{"a line break behind the secret", guardNode, func(g *guard) { g.environment(map[string]string{"JWT_SECRET": jwtSecret + "\n"}) }, "failed authorizer.secret newline-env", followed},
		{"a line break behind the secret in the code", guardNode, func(g *guard) { g.upload(hardCoded(t, `"`+jwtSecret+`\n"`)) }, "failed authorizer.secret newline", ignored},
		{"one line of the secret", guardNode, func(g *guard) { g.environment(map[string]string{"JWT_SECRET": jwtSecret[:76]}) }, "failed authorizer.secret line-env", followed},
		{"one line of the secret in the code", guardNode, func(g *guard) { g.upload(hardCoded(t, `"`+jwtSecret[:76]+`"`)) }, "failed authorizer.secret line", ignored},
		{"the secret in quotation marks", guardNode, func(g *guard) { g.environment(map[string]string{"JWT_SECRET": `"` + jwtSecret + `"`}) }, "failed authorizer.secret quoted-env", followed},
		{"the secret in quotation marks in the code", guardNode, func(g *guard) { g.upload(hardCoded(t, `"'`+jwtSecret+`'"`)) }, "failed authorizer.secret quoted", ignored},
		{"another secret", guardNode, func(g *guard) { g.environment(map[string]string{"JWT_SECRET": "hunter2"}) }, "failed authorizer.secret env", followed},
		{"another secret, and a scheme", guardWanting("scheme: Bearer"), func(g *guard) {
			g.upload(guardWith(t, `event["authorizationToken"]`, `event["authorizationToken"].split(" ")[1]`))
			g.environment(map[string]string{"JWT_SECRET": "hunter2"})
		}, "failed authorizer.secret env", followed},
		{"another secret in the code that lies here", guardNode, func(g *guard) {
			code := hardCoded(t, `"hunter2"`)
			g.upload(code)
			g.environment(nil)
			g.workspace(map[string][]byte{"notes.zip": []byte("PK"), "build/code.zip": zipOf(t, "lambda_function.py", code)})
		}, "failed authorizer.secret", ignored},
		{"another secret in code that nobody has", guardNode, func(g *guard) {
			g.upload(hardCoded(t, `"hunter2"`))
			g.environment(nil)
			g.workspace(map[string][]byte{"code.zip": zipOf(t, "lambda_function.py", guardCode)})
		}, "failed authorizer.refused", ignored},
		{"the secret in the code, and another reason", guardNode, func(g *guard) {
			code := strings.Replace(hardCoded(t, `"`+jwtSecret+`"`), `if claims["exp"]`, `if claims["iss"] or claims["exp"]`, 1)
			g.upload(code)
			g.environment(nil)
			g.workspace(map[string][]byte{"code.zip": zipOf(t, "lambda_function.py", code)})
		}, "failed authorizer.refused", ignored},
		{"it wants a claim that is not there", guardNode, func(g *guard) { g.upload(guardWith(t, `claims["exp"]`, `claims["aud"]`)) }, "failed authorizer.refused", ignored},
		{"it allows nobody", guardNode, func(g *guard) {
			g.upload(guardWith(t, `[statement]`, `[{"Action": "*", "Effect": "Deny", "Resource": "arn:aws:execute-api:*:*:other/*"}]`))
		}, "failed authorizer.refused", ignored},
		{"its policy says nothing", guardNode, func(g *guard) { g.upload(guardWith(t, `[statement]`, `[]`)) }, "failed authorizer.no-policy", ignored},

		{"its policy is for another path", guardNode, func(g *guard) { g.upload(guardWith(t, wholeStage, `event["methodArn"].replace("/v2", "")`)) }, "failed authorizer.policy-resource", ignored},
		{"its policy has a slash too many", guardNode, func(g *guard) { g.upload(guardWith(t, wholeStage, `event["methodArn"] + "/"`)) }, "failed authorizer.policy-resource", ignored},
		{"its policy is for all but what is asked for", guardNode, func(g *guard) {
			g.upload(guardWith(t, wholeStage, methodAlone, `"Resource"`, `"NotResource"`))
		}, "failed authorizer.policy-resource", ignored},
		{"its policy is for another action", guardNode, func(g *guard) { g.upload(guardWith(t, "execute-api:Invoke", "lambda:InvokeFunction")) }, "failed authorizer.policy-action", ignored},
		{"its policy has a condition", guardNode, func(g *guard) {
			g.upload(guardWith(t, `"Effect": effect`, `"Effect": effect, "Condition": {"StringEquals": {"aws:SourceVpc": "vpc-1"}}`))
		}, "failed authorizer.policy-condition", ignored},
		{"its policy denies too", guardNode, func(g *guard) {
			g.upload(guardWith(t, "[statement]", `[statement, {"Action": "*", "Effect": "Deny", "Resource": "*"}]`))
		}, "failed authorizer.explicit-deny", ignored},
		{"it denies whom it should let in", guardNode, func(g *guard) { g.upload(guardWith(t, `== "student"`, `== "teacher"`)) }, "failed authorizer.explicit-deny", ignored},
		{"its policy is kept, and covers the method alone", guardWanting("also: [GET /pets]"), func(g *guard) { g.upload(guardWith(t, wholeStage, methodAlone)) }, "failed authorizer.cached-policy", followed},
		{"nothing is kept, and its policy is for the first path alone", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.upload(guardWith(t, wholeStage, `event["methodArn"].replace("GET/pets", "GET/v2/pets")`))
			g.authorizerPatch("/authorizerResultTtlInSeconds", "0")
			g.redeploy()
		}, "failed authorizer.policy-resource", ignored},
		{"another path is open", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.detach("/pets", "GET")
			g.redeploy()
		}, "failed authorizer.not-attached", followed},
		{"another path wants a signature", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.patchMethod("/pets", "GET", "replace /authorizationType AWS_IAM")
			g.redeploy()
		}, "failed authorizer.not-attached iam", followed},
		{"another path was guarded, and not deployed", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.detach("/pets", "GET")
			g.redeploy()
			g.attach("/pets", "GET")
		}, "failed authorizer.not-deployed", followed},
		{"an authorizer elsewhere that lets everybody in", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.makeFunction("other", guardWith(t, `token = event["authorizationToken"]`, `token = ""`, "claims_of(token, secret.encode())", `{"user_id": "student"}`), map[string]string{"JWT_SECRET": jwtSecret})
			first := g.authorizer
			g.authorizer = g.makeAuthorizer("other", types.AuthorizerTypeRequest, func(in *apigateway.CreateAuthorizerInput) {
				in.IdentitySource, in.AuthorizerResultTtlInSeconds = nil, aws.Int32(0)
			})
			g.permitAuthorizer("other", "s", g.authorizer)
			g.attach("/pets", "GET")
			g.authorizer = first
			g.redeploy()
		}, "failed authorizer.too-open none", ignored},
		{"another authorizer elsewhere", guardWanting("also: [GET /pets]"), func(g *guard) {
			g.makeFunction("other", guardWith(t, `"Allow" if user == "student" else "Deny"`, `"Deny"`), map[string]string{"JWT_SECRET": jwtSecret})
			first := g.authorizer
			g.authorizer = g.makeAuthorizer("other", types.AuthorizerTypeToken, nil)
			g.permitAuthorizer("other", "s", g.authorizer)
			g.attach("/pets", "GET")
			g.authorizer = first
			g.redeploy()
		}, "failed authorizer.status", ignored},

		{"it lets in everybody", guardCases("allow, deny, none, malformed, expired, wrong-key, unsigned, tampered"), func(g *guard) {
			g.upload(guardWith(t, "claims_of(token, secret.encode())", `{"user_id": "student"}`))
		}, "failed authorizer.too-open authorizer.too-open authorizer.too-open authorizer.too-open authorizer.too-open authorizer.too-open", ignored},
		{"it lets in whoever is known", guardNode, func(g *guard) { g.upload(guardWith(t, `"Allow" if user == "student" else "Deny"`, `"Allow"`)) }, "failed authorizer.too-open deny", ignored},
		{"it lets in what is no token", guardNode, func(g *guard) {
			g.upload(guardWith(t, `raise Exception("Unauthorized")`, `claims = {"user_id": "student" if token.startswith("not") else "guest"}`))
		}, "failed authorizer.too-open malformed", ignored},
		{"it does not look at the time", guardNode, func(g *guard) { g.upload(guardWith(t, `claims["exp"] <= time.time()`, "False")) }, "failed authorizer.too-open expired", ignored},
		{"it does not look at the signature", guardCases("allow, deny, none, malformed, expired, wrong-key"), func(g *guard) { g.upload(guardWith(t, `hmac.compare_digest(mac, decode(signature))`, "True")) }, "failed authorizer.too-open wrong-key", ignored},
		{"it believes that no signature is needed", guardCases("allow, deny, none, malformed, expired, wrong-key, unsigned, tampered"), func(g *guard) {
			g.upload(guardWith(t, `not hmac.compare_digest(mac, decode(signature))`, `json.loads(decode(header))["alg"] != "none" and not hmac.compare_digest(mac, decode(signature))`, `["alg"] != "HS256"`, `["alg"] not in ("HS256", "none")`))
		}, "failed authorizer.too-open unsigned", ignored},
		{"it compares no more than the header", guardCases("allow, tampered"), func(g *guard) { g.upload(guardWith(t, `hmac.compare_digest(mac, decode(signature))`, "True")) }, "failed authorizer.too-open tampered", ignored},
		{"it lets in who comes without a token", guardCases("allow, none"), func(g *guard) {
			g.upload("def lambda_handler(event, context):\n    return {'principalId': 'p', 'policyDocument': {'Version': '2012-10-17', 'Statement': [{'Action': '*', 'Effect': 'Allow', 'Resource': '*'}]}}\n")
			g.askWithRequests(func(in *apigateway.CreateAuthorizerInput) {
				in.IdentitySource, in.AuthorizerResultTtlInSeconds = nil, aws.Int32(0)
			})
		}, "failed authorizer.too-open none", ignored},

		{"it denies where 401 is asked for", guardCases("allow, {case: expired, status: 401}"), func(g *guard) {
			g.upload(guardWith(t, `raise Exception("Unauthorized")`, `claims = {"user_id": "nobody"}`))
		}, "failed authorizer.status 401", ignored},
		{"it says Unauthorized where 403 is asked for", guardNode, func(g *guard) {
			g.upload(guardWith(t, `    action =`, "    if user != \"student\":\n        raise Exception(\"Unauthorized\")\n    action ="))
		}, "failed authorizer.status 403", ignored},
		{"no token, where 403 is asked for", guardCases("allow, {case: none, status: 403}"), right, "failed authorizer.status", ignored},
		{"another body", guardCases("allow, {case: none, json: {message: Forbidden}}"), right, "failed http.json", ignored},
		{"what stands behind answers otherwise", guardCases("allow, none"), func(g *guard) {
			g.remove("GET")
			g.backend("GET", types.IntegrationTypeHttpProxy, answers(404))
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "failed authorizer.status", ignored},
		{"whose it is, and should not be", guardWanting("principal: student"), func(g *guard) { g.upload(guardWith(t, `"principalId": user`, `"principalId": "user"`)) }, "failed authorizer.principal", ignored},
		{"nobody's", guardWanting("principal: student"), func(g *guard) { g.upload(guardWith(t, `"principalId": user, `, ``)) }, "failed authorizer.principal", ignored},
		{"what stands behind fails", guardNode, func(g *guard) {
			g.remove("GET")
			g.lambdaProxy("GET", `return {"pets": []}`)
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "failed authorizer.gateway-error", ignored},
		{"denied, and the API has a policy of its own", guardNode, func(g *guard) {
			g.makeFunction("other", guardWith(t, `"Allow" if user == "student" else "Deny"`, `"Deny"`), map[string]string{"JWT_SECRET": jwtSecret})
			g.permitSourceOf("other", "s", "apigateway.amazonaws.com", "/*")
			g.authorizerPatch("/authorizerUri", *invocationsOf("other"))
			g.redeploy()
			g.authorizerPatch("/authorizerUri", *invocationsOf("LambdaAuthorizer"))
			g.answers("/restapis", `"name":"shop"`, `"name":"shop","policy":"{}"`) // the emulator has none
		}, "failed authorizer.gateway-error policy", followed},
		{"a key beside the token", guardNode, func(g *guard) { g.patchMethod("/v2/pets", "GET", "replace /apiKeyRequired true"); g.redeploy() }, "failed authorizer.gateway-error key", followed},

		{"a server that fails", guardNode, func(g *guard) {
			g.remove("GET")
			g.backend("GET", types.IntegrationTypeHttpProxy, answers(503))
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "undecided undecided.answers authorizer", ignored},
		{"a server that slows down", guardNode, func(g *guard) {
			g.remove("GET")
			g.backend("GET", types.IntegrationTypeHttpProxy, answers(429))
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "undecided undecided.throttled authorizer", ignored},
		{"somebody gets in, whatever the server says", guardCases("{case: allow, status: 404}, none, expired"), func(g *guard) {
			g.upload(guardWith(t, `claims["exp"] <= time.time()`, "False"))
			g.remove("GET")
			g.backend("GET", types.IntegrationTypeHttpProxy, answers(404))
			g.attach("/v2/pets", "GET")
			g.redeploy()
		}, "failed authorizer.too-open expired", ignored},
		{"a permission of somebody else", guardNode, func(g *guard) {
			g.forbid("s")
			g.permitSource("s", "events.amazonaws.com", "/*")
		}, "failed authorizer.no-permission", followed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			g := newGuard(t)
			tt.change(g)
			comesOut(t, g.cfg, tt.want, tt.advice, func() check.Result { return g.run(tt.node) })
		})
	}
}

// Every code and every variant that has sentences is made by a real API in a test.
func TestEveryAuthorizerFindingIsMade(t *testing.T) {
	t.Parallel()
	everyFindingIsMade(t, "authorizer", 65, "authorizer_test.go")
}
