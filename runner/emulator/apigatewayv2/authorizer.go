package apigatewayv2

import (
	"context"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

var identityForm = regexp.MustCompile(`^\$(request\.(header|querystring)\.[^ ]+|context\.[^ ]+|stageVariables\.[^ ]+)$`)

// checkAuthorizer checks a Lambda authorizer as a whole. An expression that would
// validate the identity is taken, kept and not used, as on AWS
// (types.Authorizer.IdentityValidationExpression; cdkd#716). The texts are those of
// AWS (bench: pf-apigwv2-request-authorizer-payload-version,
// -request-authorizer-uri-required, -authorizer-ttl-range,
// -authorizer-ttl-identity-source, -http-identity-source-expression,
// -simple-responses-payload-version).
func checkAuthorizer(call *awsproto.Call, a *types.Authorizer) error {
	switch {
	case a.AuthorizerType == types.AuthorizerTypeJwt || a.JwtConfiguration != nil:
		return awsproto.UnsupportedWith(call, "AuthorizerType JWT")
	case a.AuthorizerType != types.AuthorizerTypeRequest:
		return badRequest("Invalid authorizer type specified") // no record was found
	case a.AuthorizerUri == nil:
		return badRequest("AuthorizerUri is a required field in an Authorizer")
	case a.AuthorizerPayloadFormatVersion == nil:
		return badRequest("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer")
	case !slices.Contains([]string{"1.0", "2.0"}, *a.AuthorizerPayloadFormatVersion):
		return badRequest("Unsupported AuthorizerPayloadFormatVersion: %s", *a.AuthorizerPayloadFormatVersion) // made after that of PayloadFormatVersion
	case aws.ToBool(a.EnableSimpleResponses) && *a.AuthorizerPayloadFormatVersion != "2.0":
		return badRequest(`EnableSimpleResponses can only be set for AuthorizerPayloadFormatVersion "2.0".`)
	}
	if err := checkName("Authorizer", a.Name); err != nil {
		return err
	}
	if err := checkRole(a.AuthorizerCredentialsArn); err != nil {
		return err
	}
	if ttl := aws.ToInt32(a.AuthorizerResultTtlInSeconds); ttl < 0 || ttl > 3600 {
		return badRequest("Authorizer result TTL outside allowable range. TTL must be between 0 and 3600 seconds.")
	} else if ttl > 0 && len(a.IdentitySource) == 0 {
		return badRequest("Identity source must be set if authorizer caching is enabled (TTL is greater than 0)")
	}
	for _, source := range a.IdentitySource {
		if !identityForm.MatchString(source) {
			return badRequest("Invalid identity source expression: %s. The source must be a request header, request querystring, stage variable or context parameter", source)
		}
	}
	return checkInvocation(*a.AuthorizerUri)
}

// checkFreeName reports a name that another authorizer has, in the words of AWS,
// which are REST's (CDK issues about authorizers that are replaced).
func (a *api) checkFreeName(authorizer *types.Authorizer) error {
	for id, other := range a.authorizers {
		if *other.Name == *authorizer.Name && id != aws.ToString(authorizer.AuthorizerId) {
			return badRequest("Authorizer name must be unique. Authorizer %s already exists in this RestApi.", *authorizer.Name)
		}
	}
	return nil
}

func (s *Service) createAuthorizer(ctx context.Context, in *apigatewayv2.CreateAuthorizerInput) (*apigatewayv2.CreateAuthorizerOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	authorizer := *awsproto.As[types.Authorizer](in)
	if err := checkAuthorizer(call, &authorizer); err != nil {
		return nil, err
	}
	if err := a.checkFreeName(&authorizer); err != nil {
		return nil, err
	}
	if len(a.authorizers) >= maxAuthorizers {
		return nil, tooMany("Authorizers", "this API")
	}
	authorizer.AuthorizerId = awsproto.NewID(call.Rand, authorizerIDLength, awsproto.KeyOf(a.authorizers))
	a.authorizers[*authorizer.AuthorizerId] = &authorizer
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.CreateAuthorizerOutput](authorizer), nil
}

func (a *api) authorizer(id *string) (*types.Authorizer, error) {
	return lookup(a.authorizers, "Authorizer", id)
}

func (s *Service) getAuthorizer(ctx context.Context, in *apigatewayv2.GetAuthorizerInput) (*apigatewayv2.GetAuthorizerOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	authorizer, err := a.authorizer(in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.GetAuthorizerOutput](authorizer), nil
}

func (s *Service) getAuthorizers(ctx context.Context, in *apigatewayv2.GetAuthorizersInput) (*apigatewayv2.GetAuthorizersOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.NextToken, in.MaxResults, values(sorted(a.authorizers)))
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetAuthorizersOutput{Items: items, NextToken: next}, nil
}

func (s *Service) updateAuthorizer(ctx context.Context, in *apigatewayv2.UpdateAuthorizerInput) (*apigatewayv2.UpdateAuthorizerOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.authorizer(in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	authorizer := *found
	set(&authorizer.Name, in.Name)
	set(&authorizer.AuthorizerUri, in.AuthorizerUri)
	set(&authorizer.AuthorizerCredentialsArn, in.AuthorizerCredentialsArn)
	set(&authorizer.AuthorizerPayloadFormatVersion, in.AuthorizerPayloadFormatVersion)
	set(&authorizer.AuthorizerResultTtlInSeconds, in.AuthorizerResultTtlInSeconds)
	set(&authorizer.EnableSimpleResponses, in.EnableSimpleResponses)
	set(&authorizer.IdentityValidationExpression, in.IdentityValidationExpression)
	set(&authorizer.JwtConfiguration, in.JwtConfiguration)
	if in.AuthorizerType != "" {
		authorizer.AuthorizerType = in.AuthorizerType
	}
	if in.IdentitySource != nil {
		authorizer.IdentitySource = in.IdentitySource
	}
	if err := checkAuthorizer(call, &authorizer); err != nil {
		return nil, err
	}
	if err := a.checkFreeName(&authorizer); err != nil {
		return nil, err
	}
	a.authorizers[*authorizer.AuthorizerId] = &authorizer
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.UpdateAuthorizerOutput](authorizer), nil
}

// deleteAuthorizer refuses to delete what a route needs, in the words of AWS
// (sst#5586).
func (s *Service) deleteAuthorizer(ctx context.Context, in *apigatewayv2.DeleteAuthorizerInput) (*apigatewayv2.DeleteAuthorizerOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	authorizer, err := a.authorizer(in.AuthorizerId)
	if err != nil {
		return nil, err
	}
	for _, route := range sorted(a.routes) {
		if aws.ToString(route.AuthorizerId) == *authorizer.AuthorizerId {
			return nil, conflict("Cannot delete authorizer '%s', is referenced in route: %s", *authorizer.Name, *route.RouteKey)
		}
	}
	delete(a.authorizers, *authorizer.AuthorizerId)
	s.putChanged(call, a)
	return &apigatewayv2.DeleteAuthorizerOutput{}, nil
}
