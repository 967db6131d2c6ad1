package apigatewayv2

import (
	"cmp"
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// targetPrefix stands before the integration's id in a route's target.
const targetPrefix = "integrations/"

// checkRoute checks what a route is made of, its key aside. The texts are those
// of AWS (bench: pf-apigwv2-route-target-format, -http-route-no-api-key,
// -route-authorization-scopes-jwt).
func (a *api) checkRoute(call *awsproto.Call, r *types.Route) error {
	if r.Target != nil {
		id, ok := strings.CutPrefix(*r.Target, targetPrefix)
		if !ok {
			return badRequest("Unexpected or malformed target in route %s. Correct format should be integrations/<integration_id>.", cmp.Or(aws.ToString(r.RouteId), "null"))
		}
		if _, ok := a.integrations[id]; !ok {
			return badRequest("Invalid Integration identifier specified") // REST's (moto, apigateway/exceptions.py)
		}
	}
	if aws.ToBool(r.ApiKeyRequired) {
		return badRequest("ApiKeyRequired is not currently supported for HTTP APIs.")
	}
	switch r.AuthorizationType {
	case types.AuthorizationTypeNone, types.AuthorizationTypeAwsIam:
		if r.AuthorizerId != nil {
			return badRequest("AuthorizerId can only be set for an authorization type of CUSTOM or JWT") // no record was found
		}
	case types.AuthorizationTypeCustom:
		if _, ok := a.authorizers[aws.ToString(r.AuthorizerId)]; !ok {
			return badRequest("Setting the authorization type to CUSTOM requires a valid authorizer.") // made after that of JWT (bench, pf-apigwv2-route-jwt-authorizer-id)
		}
	case types.AuthorizationTypeJwt:
		return awsproto.UnsupportedWith(call, "AuthorizationType JWT")
	default:
		return badRequest("Invalid authorization type specified") // no record was found
	}
	if len(r.AuthorizationScopes) > 0 {
		return badRequest("Authorization Scopes are only valid for COGNITO_USER_POOLS and JWT authorization type")
	}
	return nil
}

func (s *Service) createRoute(ctx context.Context, in *apigatewayv2.CreateRouteInput) (*apigatewayv2.CreateRouteOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	if err := awsproto.Only(call, in, "ApiId", "RouteKey", "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId", "OperationName", "Target"); err != nil {
		return nil, err
	}
	if err := checkRouteKey(in.RouteKey); err != nil {
		return nil, err
	}
	if err := checkLength("OperationName", in.OperationName, 1, 64); err != nil {
		return nil, err
	}
	r := types.Route{
		RouteKey: in.RouteKey, Target: in.Target, OperationName: in.OperationName, AuthorizationType: in.AuthorizationType, AuthorizerId: in.AuthorizerId,
		AuthorizationScopes: in.AuthorizationScopes, ApiKeyRequired: aws.Bool(aws.ToBool(in.ApiKeyRequired)),
	}
	if r.AuthorizationType == "" {
		r.AuthorizationType = types.AuthorizationTypeNone
	}
	if err := a.checkRoute(call, &r); err != nil {
		return nil, err
	}
	if err := a.checkFree(&r); err != nil {
		return nil, err
	}
	if len(a.routes) >= maxRoutes {
		return nil, tooMany("Routes", "this API")
	}
	r.RouteId = awsproto.NewID(call.Rand, routeIDLength, awsproto.KeyOf(a.routes))
	a.routes[*r.RouteId] = &r
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.CreateRouteOutput](r), nil
}

func (a *api) route(id *string) (*types.Route, error) {
	return lookup(a.routes, "Route", id)
}

func (s *Service) getRoute(ctx context.Context, in *apigatewayv2.GetRouteInput) (*apigatewayv2.GetRouteOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	r, err := a.route(in.RouteId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.GetRouteOutput](r), nil
}

func (s *Service) getRoutes(ctx context.Context, in *apigatewayv2.GetRoutesInput) (*apigatewayv2.GetRoutesOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.NextToken, in.MaxResults, values(sorted(a.routes)))
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetRoutesOutput{Items: items, NextToken: next}, nil
}

func (s *Service) updateRoute(ctx context.Context, in *apigatewayv2.UpdateRouteInput) (*apigatewayv2.UpdateRouteOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.route(in.RouteId)
	if err != nil {
		return nil, err
	}
	if err := awsproto.Only(call, in, "ApiId", "RouteId", "RouteKey", "ApiKeyRequired", "AuthorizationScopes", "AuthorizationType", "AuthorizerId", "OperationName", "Target"); err != nil {
		return nil, err
	}
	if err := checkLength("OperationName", in.OperationName, 1, 64); err != nil {
		return nil, err
	}
	r := *found
	if in.RouteKey != nil && *in.RouteKey != *r.RouteKey {
		if aws.ToBool(r.ApiGatewayManaged) && *r.RouteKey == defaultKey {
			return nil, badRequest("The $default route key of a quick create API cannot be modified") // no record was found
		}
		if err := checkRouteKey(in.RouteKey); err != nil {
			return nil, err
		}
		r.RouteKey = in.RouteKey
		if err := a.checkFree(&r); err != nil {
			return nil, err
		}
	}
	set(&r.Target, in.Target)
	set(&r.OperationName, in.OperationName)
	set(&r.ApiKeyRequired, in.ApiKeyRequired)
	set(&r.AuthorizerId, in.AuthorizerId)
	if in.AuthorizationScopes != nil {
		r.AuthorizationScopes = in.AuthorizationScopes
	}
	if in.AuthorizationType != "" {
		r.AuthorizationType = in.AuthorizationType
		if r.AuthorizationType == types.AuthorizationTypeNone || r.AuthorizationType == types.AuthorizationTypeAwsIam {
			// An authorizer is taken off by NONE (coverage-roadmap#2184).
			r.AuthorizerId = in.AuthorizerId
		}
	}
	if err := a.checkRoute(call, &r); err != nil {
		return nil, err
	}
	a.routes[*r.RouteId] = &r
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.UpdateRouteOutput](r), nil
}

func (s *Service) deleteRoute(ctx context.Context, in *apigatewayv2.DeleteRouteInput) (*apigatewayv2.DeleteRouteOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.route(in.RouteId); err != nil {
		return nil, err
	}
	delete(a.routes, *in.RouteId)
	s.putChanged(call, a)
	return &apigatewayv2.DeleteRouteOutput{}, nil
}
