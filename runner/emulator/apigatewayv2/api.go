package apigatewayv2

import (
	"context"
	"net/url"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// An HTTP API's route selection expression; AWS takes the second form too
// (bench, pf-apigwv2-http-route-selection).
const (
	routeSelection       = "$request.method $request.path"
	routeSelectionBraces = "${request.method} ${request.path}"
)

// endpoint is where an API is reached: at the address by which the caller
// reached the emulator, and every *.localhost is loopback.
func endpoint(call *awsproto.Call, id string) string {
	u, err := url.Parse(call.Endpoint)
	if err != nil || u.Host == "" {
		u = &url.URL{Scheme: "http"}
	}
	host := id + ".execute-api.localhost"
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	return u.Scheme + "://" + host
}

// seenBy is an API as an answer describes it.
func (a *api) seenBy(call *awsproto.Call) types.Api {
	seen := *a.Api
	seen.ApiEndpoint = aws.String(endpoint(call, *a.ApiId))
	return seen
}

func (s *Service) createAPI(ctx context.Context, in *apigatewayv2.CreateApiInput) (*apigatewayv2.CreateApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkCreateAPI(call, in); err != nil {
		return nil, err
	}
	s.mu.RLock()
	id := awsproto.NewID(call.Rand, apiIDLength, awsproto.KeyOf(s.apis))
	full := len(s.apis) >= maxAPIs
	s.mu.RUnlock()
	if full {
		return nil, tooMany("APIs", "")
	}
	a := newAPI(&types.Api{
		ApiId: id, Name: in.Name, ProtocolType: types.ProtocolTypeHttp, Description: in.Description, Version: in.Version,
		CreatedDate: awsproto.Seconds(call.Time), CorsConfiguration: cors(in.CorsConfiguration), Tags: in.Tags, IpAddressType: types.IpAddressTypeIpv4,
		DisableExecuteApiEndpoint: aws.Bool(aws.ToBool(in.DisableExecuteApiEndpoint)),
		RouteSelectionExpression:  aws.String(routeSelection),
		ApiKeySelectionExpression: aws.String("$request.header.x-api-key"),
	})
	if in.IpAddressType != "" {
		a.IpAddressType = in.IpAddressType
	}
	if a.Tags == nil {
		a.Tags = map[string]string{}
	}
	if in.Target != nil {
		if err := a.quickCreate(call, in); err != nil {
			return nil, err
		}
	}
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.CreateApiOutput](a.seenBy(call)), nil
}

// quickCreate makes what an API with a target starts with: an integration, a
// catch-all route and a stage that deploys automatically.
func (a *api) quickCreate(call *awsproto.Call, in *apigatewayv2.CreateApiInput) error {
	integration := &types.Integration{ApiGatewayManaged: aws.Bool(true), CredentialsArn: in.CredentialsArn}
	if err := aim(integration, *in.Target); err != nil {
		return err
	}
	key := defaultKey
	if in.RouteKey != nil {
		key = *in.RouteKey
	}
	integration.IntegrationId = awsproto.NewID(call.Rand, integrationIDLength, awsproto.KeyOf(a.integrations))
	a.integrations[*integration.IntegrationId] = integration
	route := &types.Route{
		ApiGatewayManaged: aws.Bool(true), RouteId: awsproto.NewID(call.Rand, routeIDLength, awsproto.KeyOf(a.routes)), RouteKey: aws.String(key), Target: aws.String(targetPrefix + *integration.IntegrationId),
		AuthorizationType: types.AuthorizationTypeNone, ApiKeyRequired: aws.Bool(false),
	}
	a.routes[*route.RouteId] = route
	a.stages[defaultStage] = &types.Stage{
		ApiGatewayManaged: aws.Bool(true), StageName: aws.String(defaultStage), AutoDeploy: aws.Bool(true), CreatedDate: awsproto.Seconds(call.Time), LastUpdatedDate: awsproto.Seconds(call.Time),
		DefaultRouteSettings: &types.RouteSettings{DetailedMetricsEnabled: aws.Bool(false)}, RouteSettings: map[string]types.RouteSettings{},
		StageVariables: map[string]string{}, Tags: map[string]string{},
	}
	return nil
}

// aim points a quick-created integration at a target: a URL or a function.
func aim(integration *types.Integration, target string) error {
	integration.IntegrationUri, integration.ConnectionType, integration.TimeoutInMillis = &target, types.ConnectionTypeInternet, aws.Int32(maxTimeout)
	if isURL(target) {
		integration.IntegrationType, integration.IntegrationMethod, integration.PayloadFormatVersion = types.IntegrationTypeHttpProxy, aws.String("ANY"), aws.String("1.0")
		return checkURL(target)
	}
	integration.IntegrationType, integration.IntegrationMethod, integration.PayloadFormatVersion = types.IntegrationTypeAwsProxy, aws.String("POST"), aws.String("2.0")
	return checkFunction(target)
}

func (s *Service) getAPI(ctx context.Context, in *apigatewayv2.GetApiInput) (*apigatewayv2.GetApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.find(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.GetApiOutput](a.seenBy(call)), nil
}

func (s *Service) getAPIs(ctx context.Context, in *apigatewayv2.GetApisInput) (*apigatewayv2.GetApisOutput, error) {
	call := awsproto.CallFrom(ctx)
	all := []types.Api{}
	s.mu.RLock()
	for _, a := range sorted(s.apis) {
		all = append(all, a.seenBy(call))
	}
	s.mu.RUnlock()
	items, next, err := page(in.NextToken, in.MaxResults, all)
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetApisOutput{Items: items, NextToken: next}, nil
}

func (s *Service) updateAPI(ctx context.Context, in *apigatewayv2.UpdateApiInput) (*apigatewayv2.UpdateApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	if err := checkUpdateAPI(call, in); err != nil {
		return nil, err
	}
	if err := a.quickUpdate(in); err != nil {
		return nil, err
	}
	changed := *a.Api
	set(&changed.Name, in.Name)
	set(&changed.Description, in.Description)
	set(&changed.Version, in.Version)
	set(&changed.DisableExecuteApiEndpoint, in.DisableExecuteApiEndpoint)
	if in.IpAddressType != "" {
		changed.IpAddressType = in.IpAddressType
	}
	if in.CorsConfiguration != nil {
		changed.CorsConfiguration = cors(in.CorsConfiguration)
	}
	a.Api = &changed
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.UpdateApiOutput](a.seenBy(call)), nil
}

// quickUpdate changes what quick create made.
func (a *api) quickUpdate(in *apigatewayv2.UpdateApiInput) error {
	if in.Target == nil && in.RouteKey == nil && in.CredentialsArn == nil {
		return nil
	}
	var integration *types.Integration
	for _, i := range a.integrations {
		if aws.ToBool(i.ApiGatewayManaged) {
			integration = i
		}
	}
	var route *types.Route
	for _, r := range a.routes {
		if aws.ToBool(r.ApiGatewayManaged) {
			route = r
		}
	}
	if integration == nil || (in.RouteKey != nil && route == nil) {
		return badRequest("Target, routeKey and credentialsArn can only be updated for an API that was created with a target") // no record was found
	}
	if in.Target != nil || in.CredentialsArn != nil {
		changed := *integration
		if in.Target != nil {
			if err := aim(&changed, *in.Target); err != nil {
				return err
			}
		}
		set(&changed.CredentialsArn, in.CredentialsArn)
		a.integrations[*changed.IntegrationId] = &changed
	}
	if in.RouteKey != nil {
		changed := *route
		changed.RouteKey = in.RouteKey
		if err := a.checkFree(&changed); err != nil {
			return err
		}
		a.routes[*changed.RouteId] = &changed
	}
	return nil
}

func (s *Service) deleteAPI(ctx context.Context, in *apigatewayv2.DeleteApiInput) (*apigatewayv2.DeleteApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	if _, err := s.find(call, in.ApiId); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.apis, *in.ApiId)
	return &apigatewayv2.DeleteApiOutput{}, nil
}
