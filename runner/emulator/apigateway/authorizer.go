package apigateway

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/dlclark/regexp2"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) authorizerOperations() []awsproto.Operation {
	const lacks = "COGNITO_USER_POOLS authorizers are refused"
	return []awsproto.Operation{
		awsproto.REST("CreateAuthorizer", "POST "+authorizersPath, 201, s.createAuthorizer).Lacking(lacks),
		awsproto.REST("DeleteAuthorizer", "DELETE "+authorizerPath, 202, s.deleteAuthorizer),
		awsproto.REST("GetAuthorizer", "GET "+authorizerPath, 200, s.getAuthorizer),
		awsproto.REST("GetAuthorizers", "GET "+authorizersPath, 200, s.getAuthorizers),
		awsproto.REST("UpdateAuthorizer", "PATCH "+authorizerPath, 200, s.updateAuthorizer).Lacking(lacks),
	}
}

const maxAuthorizerTTL = 3600 // s

var (
	functionPart  = `(?:arn:aws[a-z-]*:lambda:[a-z]{2}(?:-[a-z]+)+-\d:\d{12}:function:(?:[A-Za-z0-9_-]|` + stageVariablePart + `)+(?::(?:[A-Za-z0-9_$-]|` + stageVariablePart + `)+)?|` + stageVariablePart + `)`
	authorizerURI = regexp.MustCompile(`^arn:aws[a-z-]*:apigateway:[a-z]{2}(?:-[a-z]+)+-\d:lambda:path//?2015-03-31/functions/` + functionPart + `/invocations$`)
	tokenSource   = regexp.MustCompile(`^method\.request\.header\.[a-zA-Z0-9._-]+$`)
	requestPart   = regexp.MustCompile(`^(?:method\.request\.(?:header|querystring)|context|stageVariables)\.[a-zA-Z0-9._-]+$`)
	roleARN       = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(?:\d{12}:role/[!-~]+|\*:user/\*)$`)
)

const stageVariablePart = `\$\{stageVariables\.[A-Za-z0-9_]+\}`

// checkAuthorizer checks what an authorizer was made or changed to, all but that
// its name is its own. bench is pf-apigw-authorizer-uri-format and
// pf-apigw-authorizer-ttl-range; for the header of a token see serverless#4428.
func checkAuthorizer(call *awsproto.Call, a *types.Authorizer) error {
	switch a.Type {
	case types.AuthorizerTypeToken, types.AuthorizerTypeRequest:
	case types.AuthorizerTypeCognitoUserPools:
		return awsproto.UnsupportedWith(call, "type COGNITO_USER_POOLS")
	default:
		return badRequest("Invalid authorizer type specified. Valid options are TOKEN,REQUEST,COGNITO_USER_POOLS") // no record was found
	}
	if uri := aws.ToString(a.AuthorizerUri); !authorizerURI.MatchString(uri) {
		if a.AuthorizerUri == nil {
			uri = "null" // as elsewhere; no record was found
		}
		return badRequest("Invalid Authorizer URI: %s. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.", uri)
	}
	if aws.ToString(a.Name) == "" {
		return badRequest("Authorizer name cannot be empty") // no record was found
	}
	ttl := aws.ToInt32(a.AuthorizerResultTtlInSeconds)
	if ttl < 0 || ttl > maxAuthorizerTTL {
		return badRequest("Authorizer result TTL outside allowable range. TTL must be between 0 and %d seconds.", maxAuthorizerTTL)
	}
	if err := checkIdentity(call, a); err != nil {
		return err
	}
	if a.AuthorizerCredentials != nil && !roleARN.MatchString(*a.AuthorizerCredentials) {
		return badRequest("Invalid ARN specified in the request") // of integrations: bench, pf-apigw-integration-credentials-arn
	}
	if len(a.ProviderARNs) > 0 {
		return awsproto.UnsupportedWith(call, "providerARNs")
	}
	return nil
}

// checkIdentity checks where the identity comes from and what it must look like.
func checkIdentity(call *awsproto.Call, a *types.Authorizer) error {
	source := aws.ToString(a.IdentitySource)
	switch {
	case a.Type == types.AuthorizerTypeToken && !tokenSource.MatchString(source):
		if a.IdentitySource == nil {
			source = "null"
		}
		return badRequest("Invalid token source expression: %s. The source must be a method request header, matching 'method.request.header.[a-zA-Z0-9._-]+'.", source)
	case a.Type == types.AuthorizerTypeRequest && source == "" && (a.AuthorizerResultTtlInSeconds == nil || *a.AuthorizerResultTtlInSeconds > 0):
		return badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)") // of HTTP APIs (terraform-provider-aws#32629)
	}
	if a.Type == types.AuthorizerTypeRequest && source != "" {
		for part := range strings.SplitSeq(source, ",") {
			if !requestPart.MatchString(strings.TrimSpace(part)) {
				return badMapping("Invalid mapping expression specified: %s", strings.TrimSpace(part)) // of parameters; no record of this one was found
			}
		}
	}
	// AWS's expressions are Java's; what the data plane does not know could not be
	// obeyed.
	if expression := aws.ToString(a.IdentityValidationExpression); expression != "" {
		_, err := regexp.Compile(expression)
		if err != nil {
			_, err = regexp2.Compile(expression, regexp2.None)
		}
		if err != nil {
			return awsproto.UnsupportedWith(call, "identityValidationExpression "+expression)
		}
	}
	return nil
}

// uniqueAuthorizer is recorded of WebSocket APIs.
func (a *api) uniqueAuthorizer(z *types.Authorizer) error {
	for _, other := range a.authorizers {
		if *other.Name == *z.Name && *other.Id != aws.ToString(z.Id) {
			return badRequest("Authorizer name must be unique. Authorizer %s already exists in this RestApi.", *z.Name)
		}
	}
	return nil
}

// authorizer finds an authorizer (moto, apigateway/exceptions.py). Of an API that is
// not there it says the same, as of other parts; no record was found.
func (s *Service) authorizer(call *awsproto.Call, apiID, id *string) (*api, *types.Authorizer, error) {
	a, err := s.find(call, apiID)
	if err == nil {
		if z, ok := a.authorizers[aws.ToString(id)]; ok {
			return a, z, nil
		}
	}
	return nil, nil, notFound("Invalid Authorizer identifier specified")
}

// createAuthorizer looks at the authorizer before it looks for the API, and has an
// odd word for an API that is not there, both as AWS (LocalStack,
// test_authorizer_crud_no_api).
func (s *Service) createAuthorizer(ctx context.Context, in *apigateway.CreateAuthorizerInput) (*apigateway.CreateAuthorizerOutput, error) {
	call := awsproto.CallFrom(ctx)
	var v violations
	if !slices.Contains(in.Type.Values(), in.Type) {
		v.enum(string(in.Type), "createAuthorizerInput.type", "REQUEST, TOKEN, COGNITO_USER_POOLS") // no record of this one was found
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	z := types.Authorizer{
		Name: in.Name, Type: in.Type, AuthType: in.AuthType, AuthorizerUri: in.AuthorizerUri, AuthorizerCredentials: in.AuthorizerCredentials,
		AuthorizerResultTtlInSeconds: in.AuthorizerResultTtlInSeconds, IdentitySource: in.IdentitySource, IdentityValidationExpression: in.IdentityValidationExpression,
		ProviderARNs: in.ProviderARNs,
	}
	if z.AuthType == nil {
		z.AuthType = aws.String("custom") // AWS CLI, examples create-authorizer
	}
	if err := checkAuthorizer(call, &z); err != nil {
		return nil, err
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, conflict("Unable to complete operation due to concurrent modification. Please try again later.")
	}
	if err := a.uniqueAuthorizer(&z); err != nil {
		return nil, err
	}
	z.Id = a.newPartID(call)
	a.authorizers[*z.Id] = &z
	s.put(a)
	return awsproto.As[apigateway.CreateAuthorizerOutput](z), nil
}

func (s *Service) getAuthorizer(ctx context.Context, in *apigateway.GetAuthorizerInput) (*apigateway.GetAuthorizerOutput, error) {
	_, z, err := s.authorizer(awsproto.CallFrom(ctx), in.RestApiId, in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetAuthorizerOutput](z), nil
}

func (s *Service) getAuthorizers(ctx context.Context, in *apigateway.GetAuthorizersInput) (*apigateway.GetAuthorizersOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.Position, in.Limit, values(sorted(a.authorizers)))
	if err != nil {
		return nil, err
	}
	return &apigateway.GetAuthorizersOutput{Items: items, Position: next}, nil
}

// authorizerPatches are those of the API Reference, "Patch operations": every
// member is replaced; pools of users are added and removed.
func authorizerPatches(call *awsproto.Call) patches[types.Authorizer] {
	pools := func(*types.Authorizer, patch) error { return awsproto.UnsupportedWith(call, "/providerARNs") }
	return patches[types.Authorizer]{paths: []patchPath[types.Authorizer]{
		{path: "/authType", replace: setText(func(a *types.Authorizer) **string { return &a.AuthType })},
		{path: "/authorizerCredentials", replace: setText(func(a *types.Authorizer) **string { return &a.AuthorizerCredentials })},
		{path: "/authorizerResultTtlInSeconds", replace: func(a *types.Authorizer, p patch) error {
			n, err := strconv.ParseInt(p.value, 10, 32)
			if err != nil {
				n = -1 // is out of range; no record was found
			}
			a.AuthorizerResultTtlInSeconds = aws.Int32(int32(n))
			return nil
		}},
		{path: "/authorizerUri", replace: setText(func(a *types.Authorizer) **string { return &a.AuthorizerUri })},
		{path: "/identitySource", replace: setText(func(a *types.Authorizer) **string { return &a.IdentitySource })},
		{path: "/identityValidationExpression", replace: setText(func(a *types.Authorizer) **string { return &a.IdentityValidationExpression })},
		{path: "/name", replace: setText(func(a *types.Authorizer) **string { return &a.Name })},
		{path: "/providerARNs", add: pools, remove: pools},
		{path: "/type", replace: func(a *types.Authorizer, p patch) error {
			a.Type = types.AuthorizerType(p.value)
			return nil
		}},
	}}
}

func (s *Service) updateAuthorizer(ctx context.Context, in *apigateway.UpdateAuthorizerInput) (*apigateway.UpdateAuthorizerOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	found, z, err := s.authorizer(call, in.RestApiId, in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	a, changed := found.edit(), *z
	if err := authorizerPatches(call).apply(&changed, in.PatchOperations); err != nil {
		return nil, err
	}
	if err := checkAuthorizer(call, &changed); err != nil {
		return nil, err
	}
	if err := a.uniqueAuthorizer(&changed); err != nil {
		return nil, err
	}
	a.authorizers[*changed.Id] = &changed
	s.put(a)
	return awsproto.As[apigateway.UpdateAuthorizerOutput](changed), nil
}

// deleteAuthorizer: for the text of what is in use see terraform-provider-aws#14812.
func (s *Service) deleteAuthorizer(ctx context.Context, in *apigateway.DeleteAuthorizerInput) (*apigateway.DeleteAuthorizerOutput, error) {
	found, z, err := s.authorizer(awsproto.CallFrom(ctx), in.RestApiId, in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	if user := found.methodWith(func(m *types.Method) bool { return aws.ToString(m.AuthorizerId) == *z.Id }); user != "" {
		return nil, conflict("Cannot delete authorizer '%s', is referenced in method: %s", *z.Name, user)
	}
	a := found.edit()
	delete(a.authorizers, *z.Id)
	s.put(a)
	return &apigateway.DeleteAuthorizerOutput{}, nil
}
