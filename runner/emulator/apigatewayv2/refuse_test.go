package apigatewayv2_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

const (
	badKey   = `The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"`
	badParts = `One or more path parts appear to be invalid. Parts are validated against this regular expression: ^(\{[\w.:-]+\+?\}|[a-zA-Z0-9.:_-]+)$`
)

func TestRouteKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	for _, tt := range []struct{ key, want string }{
		{"", "Route key is required"},
		{"GET", badKey},
		{"GET/pets", badKey},
		{"get /pets", badKey},
		{"TRACE /items", badKey},
		{"BADVERB /items", badKey},
		{"GET pets", badKey},
		{"GET  /pets", badKey},
		{"/pets", badKey},
		{"default", badKey},
		{"GET //", badParts},
		{"GET /a//b", badParts},
		{"GET /voice/*", badParts},
		{"GET /pets/{id", badParts},
		{"GET /pets/{}", badParts},
		{"GET /pets/x{id}", badParts},
		{"GET /a b", badParts},
		{"GET /한글", badParts},
		{"GET /a?b=c", badParts},
		{"GET /{proxy+}/a", "A greedy path variable must be the last part of the path: {proxy+}"},
		{"GET /{id}/{id}", "The names of path variables must be unique: id"},
		{"GET /" + strings.Repeat("a", 1024), "RouteKey must have a length between 1 and 1024"},
		{"$default", ""},
		{"GET /", ""},
		{"GET /pets", ""},
		{"GET /Pets", ""},
		{"GET /pets/", ""},
		{"ANY /pets", ""},
		{"GET /pets/{id}", ""},
		{"GET /pets/{id}/{rest+}", ""},
		{"PATCH /v1.0/a_b/c-d:e", ""},
		// what is there already
		{"GET /pets", "Route with key GET /pets already exists for this API"},
		{"GET /pets/{name}", "Route with key GET /pets/{id} already exists for this API"},
		{"$default", "Route with key $default already exists for this API"},
	} {
		_, err := w.CreateRoute(t.Context(), &sdk.CreateRouteInput{ApiId: api, RouteKey: &tt.key})
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%q: %v", tt.key, err)
		case strings.Contains(tt.want, "already exists"):
			wantError(t, err, "ConflictException", tt.want)
		case tt.want != "":
			wantError(t, err, "BadRequestException", tt.want)
		}
	}
}

func TestRoutesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	for _, tt := range []struct {
		change func(*sdk.CreateRouteInput)
		code   string
		want   string
	}{
		{func(in *sdk.CreateRouteInput) { in.ApiId = aws.String("none") }, "NotFoundException", "Invalid API identifier specified 123456789012:none"},
		{func(in *sdk.CreateRouteInput) { in.Target = aws.String("abc") }, "BadRequestException", "Unexpected or malformed target in route null. Correct format should be integrations/<integration_id>."},
		{func(in *sdk.CreateRouteInput) { in.Target = aws.String("integrations/none") }, "BadRequestException", "Invalid Integration identifier specified"},
		{func(in *sdk.CreateRouteInput) { in.ApiKeyRequired = aws.Bool(true) }, "BadRequestException", "ApiKeyRequired is not currently supported for HTTP APIs."},
		{func(in *sdk.CreateRouteInput) { in.AuthorizationScopes = []string{"a"} }, "BadRequestException", "Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type"},
		{func(in *sdk.CreateRouteInput) { in.AuthorizationType = types.AuthorizationTypeCustom }, "BadRequestException", "Setting the authorization type to CUSTOM requires a valid authorizer."},
		{func(in *sdk.CreateRouteInput) { in.AuthorizationType = "OTHER" }, "BadRequestException", "Invalid authorization type specified"},
		{func(in *sdk.CreateRouteInput) { in.AuthorizationType = types.AuthorizationTypeJwt }, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateRoute with AuthorizationType JWT"},
		{func(in *sdk.CreateRouteInput) { in.RequestModels = map[string]string{"a": "b"} }, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateRoute with RequestModels"},
		{func(in *sdk.CreateRouteInput) { in.OperationName = aws.String(strings.Repeat("x", 65)) }, "BadRequestException", "OperationName must have a length between 1 and 64"},
	} {
		in := &sdk.CreateRouteInput{ApiId: api, RouteKey: aws.String("GET /a")}
		tt.change(in)
		_, err := w.CreateRoute(t.Context(), in)
		wantError(t, err, tt.code, tt.want)
	}
	if out, err := w.GetRoutes(t.Context(), &sdk.GetRoutesInput{ApiId: api}); err != nil || len(out.Items) != 0 {
		t.Errorf("there are routes all the same: %+v, %v", out, err)
	}
}

func TestAPIsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tooManyTags := map[string]string{}
	for i := range 51 {
		tooManyTags[strings.Repeat("k", i+1)] = ""
	}
	for _, tt := range []struct {
		change func(*sdk.CreateApiInput)
		code   string
		want   string
	}{
		{func(in *sdk.CreateApiInput) { in.ProtocolType = types.ProtocolTypeWebsocket }, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateApi with ProtocolType WEBSOCKET"},
		{func(in *sdk.CreateApiInput) { in.ProtocolType = "REST" }, "BadRequestException", "Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]"},
		{func(in *sdk.CreateApiInput) { in.Name = aws.String("") }, "BadRequestException", "Invalid API name specified"},
		{func(in *sdk.CreateApiInput) { in.Name = aws.String(strings.Repeat("한", 129)) }, "BadRequestException", "Name must have a length between 1 and 128"},
		{func(in *sdk.CreateApiInput) { in.Description = aws.String(strings.Repeat("x", 1025)) }, "BadRequestException", "Description must have a length between 0 and 1024"},
		{func(in *sdk.CreateApiInput) { in.Version = aws.String(strings.Repeat("x", 65)) }, "BadRequestException", "Version must have a length between 1 and 64"},
		{func(in *sdk.CreateApiInput) { in.RouteSelectionExpression = aws.String("$request.body.action") }, "BadRequestException", `Route selection expression is currently limited to "${request.method} ${request.path}"`},
		{func(in *sdk.CreateApiInput) { in.Target = aws.String("hello") }, "BadRequestException", "Invalid function ARN or invalid uri"},
		{func(in *sdk.CreateApiInput) { in.Target = aws.String("http://") }, "BadRequestException", "Invalid HTTP endpoint specified for URI"},
		{func(in *sdk.CreateApiInput) { in.RouteKey = aws.String("GET /a") }, "BadRequestException", "RouteKey and CredentialsArn can only be set with a Target"},
		{func(in *sdk.CreateApiInput) { in.Target, in.RouteKey = aws.String(functionARN), aws.String("nothing") }, "BadRequestException", badKey},
		{func(in *sdk.CreateApiInput) { in.DisableSchemaValidation = aws.Bool(true) }, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateApi with DisableSchemaValidation"},
		{func(in *sdk.CreateApiInput) { in.Tags = tooManyTags }, "BadRequestException", "Too many tags: a resource may have 50"},
	} {
		in := &sdk.CreateApiInput{Name: aws.String("a"), ProtocolType: types.ProtocolTypeHttp}
		tt.change(in)
		_, err := w.CreateApi(t.Context(), in)
		wantError(t, err, tt.code, tt.want)
	}
	_, err := w.ImportApi(t.Context(), &sdk.ImportApiInput{Body: aws.String("openapi: none")})
	wantError(t, err, "NotImplementedException", "awslab does not emulate apigatewayv2:ImportApi")
	if out, err := w.GetApis(t.Context(), &sdk.GetApisInput{}); err != nil || len(out.Items) != 0 {
		t.Errorf("there are APIs all the same: %+v, %v", out, err)
	}
}

func TestIntegrationsThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	const mapping = "Invalid mapping expression specified: Validation Result: warnings : [], errors : ["
	request := func(key, value string) func(*sdk.CreateIntegrationInput) {
		return func(in *sdk.CreateIntegrationInput) { in.RequestParameters = map[string]string{key: value} }
	}
	response := func(status, key, value string) func(*sdk.CreateIntegrationInput) {
		return func(in *sdk.CreateIntegrationInput) {
			in.ResponseParameters = map[string]map[string]string{status: {key: value}}
		}
	}
	for _, tt := range []struct {
		change func(*sdk.CreateIntegrationInput)
		want   string // of a BadRequestException; empty: it is taken
	}{
		{func(in *sdk.CreateIntegrationInput) { in.IntegrationType = types.IntegrationTypeAws }, "Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)"},
		{func(in *sdk.CreateIntegrationInput) { in.PayloadFormatVersion = aws.String("3.0") }, "Unsupported PayloadFormatVersion: 3.0"},
		{func(in *sdk.CreateIntegrationInput) { in.PayloadFormatVersion = nil }, "PayloadFormatVersion is a required parameter for integration"},
		{func(in *sdk.CreateIntegrationInput) { in.TimeoutInMillis = aws.Int32(49) }, "Timeout should be between 50 ms and 30000 ms"},
		{func(in *sdk.CreateIntegrationInput) { in.TimeoutInMillis = aws.Int32(30001) }, "Timeout should be between 50 ms and 30000 ms"},
		{func(in *sdk.CreateIntegrationInput) { in.TimeoutInMillis = aws.Int32(50) }, ""},
		{func(in *sdk.CreateIntegrationInput) { in.IntegrationUri = aws.String("arn:aws:lambda:x") }, "Invalid function ARN or invalid uri"},
		{func(in *sdk.CreateIntegrationInput) { in.IntegrationUri = nil }, "Invalid function ARN or invalid uri"},
		{func(in *sdk.CreateIntegrationInput) { in.IntegrationUri = aws.String(functionARN + ":live") }, ""},
		{func(in *sdk.CreateIntegrationInput) {
			in.IntegrationUri = aws.String(functionARN + ":${stageVariables.alias}")
		}, ""},
		{func(in *sdk.CreateIntegrationInput) {
			in.IntegrationUri = aws.String("arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/" + functionARN + "/invocations")
		}, ""},
		{func(in *sdk.CreateIntegrationInput) { in.IntegrationMethod = aws.String("FETCH") }, "Invalid HTTP method specified"},
		{func(in *sdk.CreateIntegrationInput) { in.CredentialsArn = aws.String("role") }, "Invalid role ARN"},
		{func(in *sdk.CreateIntegrationInput) {
			in.CredentialsArn = aws.String("arn:aws:iam::123456789012:role/r")
		}, ""},
		{func(in *sdk.CreateIntegrationInput) { in.IntegrationType = types.IntegrationTypeHttpProxy }, "HttpMethod parameter method must be specified for integrationType HTTPPROXY"},
		{func(in *sdk.CreateIntegrationInput) {
			in.IntegrationType, in.IntegrationMethod = types.IntegrationTypeHttpProxy, aws.String("ANY")
		}, "PayloadFormatVersion 2.0 is not supported for integration of type HTTP_PROXY"},
		{func(in *sdk.CreateIntegrationInput) {
			in.IntegrationType, in.IntegrationMethod, in.PayloadFormatVersion = types.IntegrationTypeHttpProxy, aws.String("ANY"), aws.String("1.0")
		}, "Invalid HTTP endpoint specified for URI"},
		{func(in *sdk.CreateIntegrationInput) {
			in.IntegrationType, in.IntegrationMethod, in.PayloadFormatVersion, in.IntegrationUri = types.IntegrationTypeHttpProxy, aws.String("GET"), aws.String("1.0"), aws.String("https://${stageVariables.host}/{proxy}")
		}, ""},
		{request("badaction:header.x", "y"), mapping + "Invalid Request Actioned Parameter destination specified: badaction:header.x]"},
		{request("append:path", "y"), mapping + "Invalid Request Actioned Parameter destination specified: append:path]"},
		{request("overwrite:header.Authorization", "y"), mapping + "Operations on header authorization are restricted]"},
		{request("append:header.X-Amzn-Trace", "y"), mapping + "Operations on header x-amzn-trace are restricted]"},
		{request("append:header.x", "$response.header.a"), mapping + "Invalid mapping expression specified: $response.header.a]"},
		{request("append:header.x", "${request.header.a"), mapping + "Invalid mapping expression specified: ${request.header.a]"},
		{request("append:header.x", "a ${request.path.id} b ${nothing}"), mapping + "Invalid mapping expression specified: a ${request.path.id} b ${nothing}]"},
		{request("append:header.x", "${request.path.id} ${context.requestId}"), ""},
		{request("overwrite:path", "$request.path"), ""},
		{request("remove:querystring.q", "''"), ""},
		{response("199", "overwrite:statuscode", "200"), mapping + "Status Code 199 is not valid.]"},
		{response("600", "overwrite:statuscode", "200"), mapping + "Status Code 600 is not valid.]"},
		{response("0200", "overwrite:statuscode", "200"), mapping + "Status Code 0200 is not valid.]"},
		{response("200", "badaction:header.x", "200"), mapping + "Invalid Response Actioned Parameter destination specified: badaction:header.x]"},
		{response("200", "append:header.x", "$request.header.a"), mapping + "Invalid mapping expression specified: $request.header.a]"},
		{response("404", "overwrite:statuscode", "200"), ""},
		{response("200", "append:header.x", "$response.body.name"), ""},
	} {
		in := &sdk.CreateIntegrationInput{ApiId: api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0")}
		tt.change(in)
		_, err := w.CreateIntegration(t.Context(), in)
		if tt.want == "" {
			if err != nil {
				t.Errorf("%+v: %v", in, err)
			}
			continue
		}
		wantError(t, err, "BadRequestException", tt.want)
	}
	for what, change := range map[string]func(*sdk.CreateIntegrationInput){
		"ConnectionType VPC_LINK":            func(in *sdk.CreateIntegrationInput) { in.ConnectionType = types.ConnectionTypeVpcLink },
		"IntegrationSubtype SQS-SendMessage": func(in *sdk.CreateIntegrationInput) { in.IntegrationSubtype = aws.String("SQS-SendMessage") },
		"TlsConfig, which is for private integrations": func(in *sdk.CreateIntegrationInput) {
			in.TlsConfig = &types.TlsConfigInput{ServerNameToVerify: aws.String("a")}
		},
		"PassthroughBehavior": func(in *sdk.CreateIntegrationInput) { in.PassthroughBehavior = types.PassthroughBehaviorNever },
	} {
		in := &sdk.CreateIntegrationInput{ApiId: api, IntegrationType: types.IntegrationTypeAwsProxy, IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0")}
		change(in)
		_, err := w.CreateIntegration(t.Context(), in)
		wantError(t, err, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateIntegration with "+what)
	}
}

func TestAuthorizersThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	if _, err := w.CreateAuthorizer(t.Context(), authorizer(api, "taken")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		change func(*sdk.CreateAuthorizerInput)
		code   string
		want   string
	}{
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerType = types.AuthorizerTypeJwt }, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateAuthorizer with AuthorizerType JWT"},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerUri = nil }, "BadRequestException", "AuthorizerUri is a required field in an Authorizer"},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerUri = aws.String(functionARN) }, "BadRequestException", "Invalid Authorizer URI: " + functionARN + ". Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerPayloadFormatVersion = nil }, "BadRequestException", "AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer"},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerPayloadFormatVersion = aws.String("1.0") }, "BadRequestException", `EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".`},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerPayloadFormatVersion = aws.String("9") }, "BadRequestException", "Unsupported AuthorizerPayloadFormatVersion: 9"},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerResultTtlInSeconds = aws.Int32(3601) }, "BadRequestException", "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."},
		{func(in *sdk.CreateAuthorizerInput) {
			in.AuthorizerResultTtlInSeconds, in.IdentitySource = aws.Int32(1), []string{}
		}, "BadRequestException", "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)"},
		{func(in *sdk.CreateAuthorizerInput) { in.IdentitySource = []string{"header.Authorization"} }, "BadRequestException", "Invalid identity source expression: header.Authorization. The source must be a request header, request querystring, stage variable or context parameter"},
		{func(in *sdk.CreateAuthorizerInput) { in.Name = aws.String("") }, "BadRequestException", "Invalid Authorizer name specified"},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerCredentialsArn = aws.String("x") }, "BadRequestException", "Invalid role ARN"},
		{func(in *sdk.CreateAuthorizerInput) { in.Name = aws.String("taken") }, "BadRequestException", "Authorizer name must be unique. Authorizer taken already exists in this RestApi."},
	} {
		in := authorizer(api, "a")
		tt.change(in)
		_, err := w.CreateAuthorizer(t.Context(), in)
		wantError(t, err, tt.code, tt.want)
	}
}

func authorizer(api *string, name string) *sdk.CreateAuthorizerInput {
	return &sdk.CreateAuthorizerInput{
		ApiId: api, Name: &name, AuthorizerType: types.AuthorizerTypeRequest, AuthorizerPayloadFormatVersion: aws.String("2.0"), EnableSimpleResponses: aws.Bool(true),
		AuthorizerUri:                aws.String("arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/" + functionARN + "/invocations"),
		AuthorizerResultTtlInSeconds: aws.Int32(300), IdentitySource: []string{"$request.header.Authorization", "$context.routeKey"},
	}
}

func TestStagesThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	w.route(api, "GET /a")
	variables := map[string]string{}
	for i := range 101 {
		variables[strings.Repeat("v", i+1)] = "x"
	}
	variable := func(name, value string) func(*sdk.CreateStageInput) {
		return func(in *sdk.CreateStageInput) { in.StageVariables = map[string]string{name: value} }
	}
	logs := func(destination, format string) func(*sdk.CreateStageInput) {
		return func(in *sdk.CreateStageInput) {
			in.AccessLogSettings = &types.AccessLogSettings{DestinationArn: &destination, Format: &format}
		}
	}
	const group = "arn:aws:logs:ap-northeast-2:123456789012:log-group:"
	for _, tt := range []struct {
		change func(*sdk.CreateStageInput)
		code   string
		want   string
	}{
		{func(in *sdk.CreateStageInput) { in.StageName = aws.String("my-stage") }, "BadRequestException", "Stage name only allows a-zA-Z0-9_"},
		{func(in *sdk.CreateStageInput) { in.StageName = aws.String("$other") }, "BadRequestException", "Stage name only allows a-zA-Z0-9_"},
		{func(in *sdk.CreateStageInput) { in.StageName = aws.String(strings.Repeat("s", 129)) }, "BadRequestException", "StageName must have a length between 1 and 128"},
		{func(in *sdk.CreateStageInput) { in.DeploymentId = aws.String("none") }, "NotFoundException", "Invalid deployment identifier specified"},
		{func(in *sdk.CreateStageInput) { in.DeploymentId, in.AutoDeploy = aws.String("none"), aws.Bool(true) }, "BadRequestException", "Deployment ID cannot be set on this stage 123456789012:" + *api + " because AutoDeploy is enabled."},
		{func(in *sdk.CreateStageInput) { in.StageVariables = variables }, "BadRequestException", "A stage may have 100 stage variables"},
		{variable("a-b", "x"), "BadRequestException", "Invalid stage variable name: a-b.  Please use names with only word characters."},
		{variable("a", "x y"), "BadRequestException", "Invalid stage variable value of key a.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','."},
		{variable(strings.Repeat("v", 65), "x"), "BadRequestException", "Invalid stage variable specified: " + strings.Repeat("v", 65)},
		{variable("a", strings.Repeat("x", 513)), "BadRequestException", "Invalid stage variable specified: a"},
		{func(in *sdk.CreateStageInput) {
			in.DefaultRouteSettings = &types.RouteSettings{LoggingLevel: types.LoggingLevelInfo}
		}, "BadRequestException", "Execution logs are not supported on protocolType HTTP"},
		{func(in *sdk.CreateStageInput) { in.RouteSettings = map[string]types.RouteSettings{"GET /nosuch": {}} }, "NotFoundException", "Unable to find Route by key GET /nosuch within the provided RouteSettings"},
		{func(in *sdk.CreateStageInput) {
			in.RouteSettings = map[string]types.RouteSettings{"GET /a": {ThrottlingBurstLimit: aws.Int32(-1)}}
		}, "BadRequestException", "Throttling limits must not be negative"},
		{logs(group+"a", ""), "BadRequestException", "Access Log value missing. Expected destinationArn and format."},
		{logs(group+"a", "$context.path"), "BadRequestException", "Access Log format must include either $context.requestId or $context.extendedRequestId"},
		{logs(group+"a", "$context.requestId"+strings.Repeat("x", 3<<10)), "BadRequestException", "Access Log format must not be longer than 3072 bytes"},
		{logs("arn:aws:firehose:us-east-1:123456789012:deliverystream/amazon-apigateway-x", "$context.requestId"), "BadRequestException", "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'deliverystream/amazon-apigateway-x'"},
		{logs(group+"a b", "$context.requestId"), "BadRequestException", "Access log destination must only contain characters a-z, A-Z, 0-9, '_', '-', '/', '.': 'a b'"},
		{func(in *sdk.CreateStageInput) { in.ClientCertificateId = aws.String("c") }, "NotImplementedException", "awslab does not emulate apigatewayv2:CreateStage with ClientCertificateId"},
	} {
		in := &sdk.CreateStageInput{ApiId: api, StageName: aws.String("dev")}
		tt.change(in)
		_, err := w.CreateStage(t.Context(), in)
		wantError(t, err, tt.code, tt.want)
	}
	if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("dev")}); err != nil {
		t.Fatal(err)
	}
	_, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("dev")})
	wantError(t, err, "ConflictException", "Stage already exists")
	for i := range 9 {
		if _, err := w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String(strings.Repeat("s", i+1))}); err != nil {
			t.Fatal(err)
		}
	}
	_, err = w.CreateStage(t.Context(), &sdk.CreateStageInput{ApiId: api, StageName: aws.String("eleventh")})
	wantError(t, err, "TooManyRequestsException", "Maximum number of Stages for this API has been reached.  Please contact AWS if you need additional Stages.")
}

func TestCorsThatIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for want, c := range map[string]types.Cors{
		"allow-credentials is not supported if 'allow-origin' is *":     {AllowCredentials: aws.Bool(true), AllowOrigins: []string{"https://example.com", "*"}},
		"Invalid format for origin capacitor://localhost":               {AllowOrigins: []string{"capacitor://localhost"}},
		"Invalid format for origin example.com":                         {AllowOrigins: []string{"example.com"}},
		"Invalid format for origin https://":                            {AllowOrigins: []string{"https://"}},
		"Method FETCH is not supported":                                 {AllowMethods: []string{"GET", "FETCH"}},
		"Method ANY is not supported":                                   {AllowMethods: []string{"ANY"}},
		"Invalid format for origin null":                                {AllowOrigins: []string{"null"}},
		"Invalid header name for allow-headers or expose-headers: a b":  {AllowHeaders: []string{"a b"}},
		"Invalid header name for allow-headers or expose-headers: x\ny": {ExposeHeaders: []string{"x\ny"}},
		"max-age must be between -1 and 86400":                          {MaxAge: aws.Int32(86401)},
	} {
		_, err := w.CreateApi(t.Context(), &sdk.CreateApiInput{Name: aws.String("a"), ProtocolType: types.ProtocolTypeHttp, CorsConfiguration: &c})
		wantError(t, err, "BadRequestException", want)
	}
	good := types.Cors{
		AllowCredentials: aws.Bool(true), AllowOrigins: []string{"https://*", "http://localhost:3000"}, AllowMethods: []string{"GET", "*"},
		AllowHeaders: []string{"*", "X-Custom"}, ExposeHeaders: []string{"date"}, MaxAge: aws.Int32(-1),
	}
	if _, err := w.CreateApi(t.Context(), &sdk.CreateApiInput{Name: aws.String("a"), ProtocolType: types.ProtocolTypeHttp, CorsConfiguration: &good}); err != nil {
		t.Error(err)
	}
}

// What an API, or the part of one, that is not there is called.
func TestWhatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, none := w.api(), aws.String("none")
	_, route := w.GetRoute(t.Context(), &sdk.GetRouteInput{ApiId: api, RouteId: none})
	_, integration := w.GetIntegration(t.Context(), &sdk.GetIntegrationInput{ApiId: api, IntegrationId: none})
	_, stage := w.GetStage(t.Context(), &sdk.GetStageInput{ApiId: api, StageName: none})
	_, deployment := w.GetDeployment(t.Context(), &sdk.GetDeploymentInput{ApiId: api, DeploymentId: none})
	_, authorizer := w.GetAuthorizer(t.Context(), &sdk.GetAuthorizerInput{ApiId: api, AuthorizerId: none})
	_, tags := w.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: aws.String("arn:aws:apigateway:ap-northeast-2::/apis/none")})
	_, cache := w.ResetAuthorizersCache(t.Context(), &sdk.ResetAuthorizersCacheInput{ApiId: api, StageName: none})
	all := map[string]error{
		"Invalid Route identifier specified none":            route,
		"Invalid Integration identifier specified none":      integration,
		"Invalid stage identifier specified":                 stage,
		"Invalid Deployment identifier specified none":       deployment,
		"Invalid Authorizer identifier specified none":       authorizer,
		"Invalid API identifier specified 123456789012:none": tags,
	}
	for _, want := range slices.Sorted(maps.Keys(all)) {
		wantError(t, all[want], "NotFoundException", want)
	}
	wantError(t, cache, "NotFoundException", "Invalid stage identifier specified")
	_, err := w.GetTags(t.Context(), &sdk.GetTagsInput{ResourceArn: aws.String("arn:aws:s3:::bucket")})
	wantError(t, err, "BadRequestException", "Invalid ARN specified in the request")
}

func TestWhatOnlyWebSocketAPIsHave(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api := w.api()
	route, integration := w.route(api, "GET /a"), w.integration(api)
	_, err := w.CreateRouteResponse(t.Context(), &sdk.CreateRouteResponseInput{ApiId: api, RouteId: route, RouteResponseKey: aws.String("$default")})
	wantError(t, err, "BadRequestException", "RouteResponses are currently not supported for this API protocol type.")
	_, err = w.CreateIntegrationResponse(t.Context(), &sdk.CreateIntegrationResponseInput{ApiId: api, IntegrationId: integration, IntegrationResponseKey: aws.String("$default")})
	wantError(t, err, "BadRequestException", "IntegrationResponses are currently not supported for this API protocol type. This is because the API may only be configured with proxy integration at this time.")
	_, err = w.CreateModel(t.Context(), &sdk.CreateModelInput{ApiId: api, Name: aws.String("m"), Schema: aws.String("{}")})
	wantError(t, err, "BadRequestException", "Currently, Models are not permitted for APIs with a protocol type of HTTP")
}
