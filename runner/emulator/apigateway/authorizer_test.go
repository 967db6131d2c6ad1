package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const authorizerURI = "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:123456789012:function:lambdaAuthorizer/invocations"

func tokenAuthorizer(api *string) *sdk.CreateAuthorizerInput {
	return &sdk.CreateAuthorizerInput{
		RestApiId: api, Name: aws.String("LambdaAuthorizer"), Type: types.AuthorizerTypeToken, AuthorizerUri: aws.String(authorizerURI),
		IdentitySource: aws.String("method.request.header.Authorization"), AuthorizerResultTtlInSeconds: aws.Int32(300),
	}
}

func TestAuthorizers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, root := w.api()
	made, err := w.CreateAuthorizer(t.Context(), tokenAuthorizer(api))
	if err != nil {
		t.Fatal(err)
	}
	if *made.AuthType != "custom" || len(*made.Id) != 6 || *made.AuthorizerResultTtlInSeconds != 300 {
		t.Errorf("made %+v", made)
	}
	_, err = w.CreateAuthorizer(t.Context(), tokenAuthorizer(api))
	wantError(t, err, "BadRequestException", "Authorizer name must be unique. Authorizer LambdaAuthorizer already exists in this RestApi.")
	update := func(operations ...types.PatchOperation) (*sdk.UpdateAuthorizerOutput, error) {
		return w.UpdateAuthorizer(t.Context(), &sdk.UpdateAuthorizerInput{RestApiId: api, AuthorizerId: made.Id, PatchOperations: operations})
	}
	changed, err := update(op(types.OpReplace, "/type", "REQUEST")[0], op(types.OpReplace, "/identitySource", "method.request.header.Authorization,context.accountId")[0], op(types.OpReplace, "/authorizerResultTtlInSeconds", "0")[0], op(types.OpReplace, "/name", "other")[0])
	if err != nil || changed.Type != types.AuthorizerTypeRequest || *changed.AuthorizerResultTtlInSeconds != 0 || *changed.Name != "other" || *changed.Id != *made.Id {
		t.Errorf("changed %+v, %v", changed, err)
	}
	for _, tt := range []struct {
		operation  types.PatchOperation
		code, want string
	}{
		{op(types.OpReplace, "/authorizerResultTtlInSeconds", "3601")[0], "BadRequestException", "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."},
		{op(types.OpReplace, "/authorizerResultTtlInSeconds", "long")[0], "BadRequestException", "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."},
		{op(types.OpReplace, "/id", "x")[0], "BadRequestException", "Invalid patch path /id"},
		{op(types.OpAdd, "/name", "x")[0], "BadRequestException", "Invalid patch operation specified. Must be one of: [replace]"},
		{op(types.OpReplace, "/type", "COGNITO_USER_POOLS")[0], "NotImplementedException", "awslab does not emulate apigateway:UpdateAuthorizer with type COGNITO_USER_POOLS"},
		{op(types.OpAdd, "/providerARNs", "x")[0], "NotImplementedException", "awslab does not emulate apigateway:UpdateAuthorizer with /providerARNs"},
	} {
		_, err := update(tt.operation)
		wantError(t, err, tt.code, tt.want)
	}
	if _, err := w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("CUSTOM"), AuthorizerId: made.Id}); err != nil {
		t.Fatal(err)
	}
	remove := func(api *string) error {
		_, err := w.DeleteAuthorizer(t.Context(), &sdk.DeleteAuthorizerInput{RestApiId: api, AuthorizerId: made.Id})
		return err
	}
	wantError(t, remove(api), "ConflictException", "Cannot delete authorizer 'other', is referenced in method: GET//")
	if _, err := w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("GET")}); err != nil {
		t.Fatal(err)
	}
	if err := remove(api); err != nil {
		t.Error(err)
	}
	const gone = "Invalid Authorizer identifier specified"
	wantError(t, remove(api), "NotFoundException", gone)
	wantError(t, remove(aws.String("none")), "NotFoundException", gone)
	_, err = w.GetAuthorizer(t.Context(), &sdk.GetAuthorizerInput{RestApiId: api, AuthorizerId: made.Id})
	wantError(t, err, "NotFoundException", gone)
	_, err = update()
	wantError(t, err, "NotFoundException", gone)
	if out, err := w.GetAuthorizers(t.Context(), &sdk.GetAuthorizersInput{RestApiId: api}); err != nil || out.Items == nil || len(out.Items) > 0 {
		t.Errorf("%+v, %v", out, err)
	}
	// LocalStack, test_authorizer_crud_no_api.
	_, err = w.CreateAuthorizer(t.Context(), tokenAuthorizer(aws.String("none")))
	wantError(t, err, "ConflictException", "Unable to complete operation due to concurrent modification. Please try again later.")
	_, err = w.GetAuthorizers(t.Context(), &sdk.GetAuthorizersInput{RestApiId: aws.String("none")})
	wantError(t, err, "NotFoundException", "Invalid API identifier specified 123456789012:none")
}

func TestAuthorizersThatAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, _ := w.api()
	const token = "Invalid token source expression: %. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'."
	source := func(s string) string { return token[:33] + s + token[34:] }
	uri := func(s string) string {
		return "Invalid Authorizer URI: " + s + ". Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation."
	}
	for _, tt := range []struct {
		change     func(*sdk.CreateAuthorizerInput)
		code, want string // "": it is taken
	}{
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerUri = nil }, "BadRequestException", uri("null")},
		{func(in *sdk.CreateAuthorizerInput) {
			in.AuthorizerUri = aws.String("arn:aws:lambda:us-east-1:214794239830:function:f")
		}, "BadRequestException", uri("arn:aws:lambda:us-east-1:214794239830:function:f")},
		{func(in *sdk.CreateAuthorizerInput) {
			in.AuthorizerUri = aws.String("arn:aws:apigateway:region:lambda:path/2015-03-31/functions/arn:aws:lambda:us-west-2:123456789012:function:f/invocations")
		}, "BadRequestException", uri("arn:aws:apigateway:region:lambda:path/2015-03-31/functions/arn:aws:lambda:us-west-2:123456789012:function:f/invocations")},
		{func(in *sdk.CreateAuthorizerInput) {
			in.AuthorizerUri = aws.String("arn:aws:apigateway:us-west-2:lambda:path/2015-03-31/functions/arn:aws:lambda:us-west-2:123456789012:function:f:${stageVariables.alias}/invocations")
		}, "", ""},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerResultTtlInSeconds = aws.Int32(3601) }, "BadRequestException", "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerResultTtlInSeconds = aws.Int32(-1) }, "BadRequestException", "Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds."},
		{func(in *sdk.CreateAuthorizerInput) { in.IdentitySource = nil }, "BadRequestException", source("null")},
		{func(in *sdk.CreateAuthorizerInput) { in.IdentitySource = aws.String("method.request.querystring.key") }, "BadRequestException", source("method.request.querystring.key")},
		{func(in *sdk.CreateAuthorizerInput) { in.Type, in.IdentitySource = types.AuthorizerTypeRequest, nil }, "BadRequestException", "Identity source must be set if authorizer caching is enabled (TTL is greater than 0)"},
		{func(in *sdk.CreateAuthorizerInput) {
			in.Type, in.IdentitySource, in.AuthorizerResultTtlInSeconds = types.AuthorizerTypeRequest, nil, aws.Int32(0)
		}, "", ""},
		{func(in *sdk.CreateAuthorizerInput) {
			in.Type, in.IdentitySource = types.AuthorizerTypeRequest, aws.String("method.request.header.a, method.request.querystring.b")
		}, "", ""},
		{func(in *sdk.CreateAuthorizerInput) {
			in.Type, in.IdentitySource = types.AuthorizerTypeRequest, aws.String("method.request.path.a")
		}, "BadRequestException", "Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: method.request.path.a]"},
		{func(in *sdk.CreateAuthorizerInput) { in.AuthorizerCredentials = aws.String("role") }, "BadRequestException", "Invalid ARN specified in the request"},
		{func(in *sdk.CreateAuthorizerInput) { in.Name = aws.String("") }, "BadRequestException", "Authorizer name cannot be empty"},
		{func(in *sdk.CreateAuthorizerInput) { in.Type = "OTHER" }, "ValidationException", "1 validation error detected: Value 'OTHER' at 'createAuthorizerInput.type' failed to satisfy constraint: Member must satisfy enum value set: [REQUEST, TOKEN, COGNITO_USER_POOLS]"},
		{func(in *sdk.CreateAuthorizerInput) { in.Type = types.AuthorizerTypeCognitoUserPools }, "NotImplementedException", "awslab does not emulate apigateway:CreateAuthorizer with type COGNITO_USER_POOLS"},
		{func(in *sdk.CreateAuthorizerInput) { in.IdentityValidationExpression = aws.String("(?=x") }, "NotImplementedException", "awslab does not emulate apigateway:CreateAuthorizer with identityValidationExpression (?=x"},
		{func(in *sdk.CreateAuthorizerInput) { in.IdentityValidationExpression = aws.String("(?=Bearer ).+") }, "", ""},
		{func(in *sdk.CreateAuthorizerInput) { in.IdentityValidationExpression = aws.String("^Bearer .+$") }, "", ""},
	} {
		in := tokenAuthorizer(api)
		tt.change(in)
		out, err := w.CreateAuthorizer(t.Context(), in)
		if tt.want != "" {
			wantError(t, err, tt.code, tt.want)
			continue
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if _, err := w.DeleteAuthorizer(t.Context(), &sdk.DeleteAuthorizerInput{RestApiId: api, AuthorizerId: out.Id}); err != nil {
			t.Error(err)
		}
	}
}
