package apigatewayv2

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// integrationMembers are what an integration of an HTTP API may be made with.
var integrationMembers = []string{
	"ApiId", "IntegrationId", "ConnectionId", "ConnectionType", "CredentialsArn", "Description", "IntegrationMethod", "IntegrationSubtype", "IntegrationType",
	"IntegrationUri", "PayloadFormatVersion", "RequestParameters", "ResponseParameters", "TimeoutInMillis", "TlsConfig",
}

// checkIntegration checks an integration as a whole. The texts are those of AWS
// (aws-cli#6363; bench: pf-apigwv2-http-proxy-integration-method,
// -aws-proxy-payload-version, -http-proxy-payload-version,
// -integration-timeout-range).
func checkIntegration(call *awsproto.Call, i *types.Integration) error {
	switch i.IntegrationType {
	case types.IntegrationTypeAwsProxy, types.IntegrationTypeHttpProxy:
	default:
		return badRequest("Currently, an API with a protocol type of HTTP may only be associated with proxy integrations (AWS_PROXY, HTTP_PROXY)")
	}
	switch {
	case i.ConnectionType == types.ConnectionTypeVpcLink:
		return awsproto.UnsupportedWith(call, "ConnectionType VPC_LINK")
	case i.IntegrationSubtype != nil:
		return awsproto.UnsupportedWith(call, "IntegrationSubtype "+*i.IntegrationSubtype)
	case i.TlsConfig != nil && i.TlsConfig.ServerNameToVerify != nil:
		return awsproto.UnsupportedWith(call, "TlsConfig, which is for private integrations")
	case i.ConnectionType != types.ConnectionTypeInternet:
		return badRequest("Invalid connection type specified") // no record was found
	case i.ConnectionId != nil:
		return badRequest("ConnectionId can only be set for ConnectionType VPC_LINK") // no record was found
	}
	if err := checkDescription(i.Description); err != nil {
		return err
	}
	if err := checkTarget(i); err != nil {
		return err
	}
	if err := checkRole(i.CredentialsArn); err != nil {
		return err
	}
	if t := *i.TimeoutInMillis; t < minTimeout || t > maxTimeout {
		return badRequest("Timeout should be between %d ms and %d ms", minTimeout, maxTimeout)
	}
	if err := checkRequestParameters(i.RequestParameters); err != nil {
		return err
	}
	return checkResponseParameters(i.ResponseParameters)
}

// checkTarget checks where an integration leads, and in what form.
func checkTarget(i *types.Integration) error {
	version := aws.ToString(i.PayloadFormatVersion)
	if version == "" {
		// Required for HTTP APIs (API reference); the text is in theonestack's
		// cfhighlander components, apigwv2.
		return badRequest("PayloadFormatVersion is a required parameter for integration")
	}
	if !slices.Contains([]string{"1.0", "2.0"}, version) {
		return badRequest("Unsupported PayloadFormatVersion: %s", version)
	}
	if err := checkLength("IntegrationUri", i.IntegrationUri, 1, 2048); err != nil {
		return err
	}
	if i.IntegrationType == types.IntegrationTypeHttpProxy {
		switch {
		case i.IntegrationMethod == nil:
			return badRequest("HttpMethod parameter method must be specified for integrationType HTTPPROXY")
		case !slices.Contains(routeMethods, *i.IntegrationMethod):
			return badRequest("Invalid HTTP method specified") // no record was found
		case version != "1.0":
			return badRequest("PayloadFormatVersion %s is not supported for integration of type HTTP_PROXY", version)
		}
		return checkURL(aws.ToString(i.IntegrationUri))
	}
	if !slices.Contains(routeMethods, aws.ToString(i.IntegrationMethod)) {
		return badRequest("Invalid HTTP method specified") // no record was found
	}
	return checkFunction(aws.ToString(i.IntegrationUri))
}

// withDefaults fills in what an integration has unless it is said (AWS CLI,
// examples create-integration).
func withDefaults(i *types.Integration) {
	if i.ConnectionType == "" {
		i.ConnectionType = types.ConnectionTypeInternet
	}
	if i.TimeoutInMillis == nil {
		i.TimeoutInMillis = aws.Int32(maxTimeout)
	}
	if i.IntegrationMethod == nil && i.IntegrationType == types.IntegrationTypeAwsProxy {
		i.IntegrationMethod = aws.String("POST")
	}
}

func (s *Service) createIntegration(ctx context.Context, in *apigatewayv2.CreateIntegrationInput) (*apigatewayv2.CreateIntegrationOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	if err := awsproto.Only(call, in, integrationMembers...); err != nil {
		return nil, err
	}
	i := types.Integration{
		ConnectionId: in.ConnectionId, ConnectionType: in.ConnectionType, CredentialsArn: in.CredentialsArn, Description: in.Description, IntegrationMethod: in.IntegrationMethod,
		IntegrationSubtype: in.IntegrationSubtype, IntegrationType: in.IntegrationType, IntegrationUri: in.IntegrationUri, PayloadFormatVersion: in.PayloadFormatVersion,
		RequestParameters: in.RequestParameters, ResponseParameters: in.ResponseParameters, TimeoutInMillis: in.TimeoutInMillis, TlsConfig: tlsConfig(in.TlsConfig),
	}
	withDefaults(&i)
	if err := checkIntegration(call, &i); err != nil {
		return nil, err
	}
	if len(a.integrations) >= maxIntegrations {
		return nil, tooMany("Integrations", "this API")
	}
	i.IntegrationId = awsproto.NewID(call.Rand, integrationIDLength, awsproto.KeyOf(a.integrations))
	a.integrations[*i.IntegrationId] = &i
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.CreateIntegrationOutput](i), nil
}

func tlsConfig(in *types.TlsConfigInput) *types.TlsConfig {
	if in == nil {
		return nil
	}
	return &types.TlsConfig{ServerNameToVerify: in.ServerNameToVerify}
}

func (a *api) integration(id *string) (*types.Integration, error) {
	return lookup(a.integrations, "Integration", id)
}

func (s *Service) getIntegration(ctx context.Context, in *apigatewayv2.GetIntegrationInput) (*apigatewayv2.GetIntegrationOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	i, err := a.integration(in.IntegrationId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigatewayv2.GetIntegrationOutput](i), nil
}

func (s *Service) getIntegrations(ctx context.Context, in *apigatewayv2.GetIntegrationsInput) (*apigatewayv2.GetIntegrationsOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.NextToken, in.MaxResults, values(sorted(a.integrations)))
	if err != nil {
		return nil, err
	}
	return &apigatewayv2.GetIntegrationsOutput{Items: items, NextToken: next}, nil
}

func (s *Service) updateIntegration(ctx context.Context, in *apigatewayv2.UpdateIntegrationInput) (*apigatewayv2.UpdateIntegrationOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	found, err := a.integration(in.IntegrationId)
	if err != nil {
		return nil, err
	}
	if err := awsproto.Only(call, in, integrationMembers...); err != nil {
		return nil, err
	}
	i := *found
	set(&i.ConnectionId, in.ConnectionId)
	set(&i.CredentialsArn, in.CredentialsArn)
	set(&i.Description, in.Description)
	set(&i.IntegrationMethod, in.IntegrationMethod)
	set(&i.IntegrationSubtype, in.IntegrationSubtype)
	set(&i.IntegrationUri, in.IntegrationUri)
	set(&i.PayloadFormatVersion, in.PayloadFormatVersion)
	set(&i.TimeoutInMillis, in.TimeoutInMillis)
	if in.ConnectionType != "" {
		i.ConnectionType = in.ConnectionType
	}
	if in.IntegrationType != "" {
		i.IntegrationType = in.IntegrationType
	}
	if in.TlsConfig != nil {
		i.TlsConfig = tlsConfig(in.TlsConfig)
	}
	i.RequestParameters = merged(i.RequestParameters, in.RequestParameters)
	if in.ResponseParameters != nil {
		responses := map[string]map[string]string{}
		for status, parameters := range i.ResponseParameters {
			responses[status] = parameters
		}
		for status, parameters := range in.ResponseParameters {
			if responses[status] = merged(responses[status], parameters); len(parameters) == 0 || len(responses[status]) == 0 {
				delete(responses, status)
			}
		}
		i.ResponseParameters = responses
	}
	if err := checkIntegration(call, &i); err != nil {
		return nil, err
	}
	a.integrations[*i.IntegrationId] = &i
	s.putChanged(call, a)
	return awsproto.As[apigatewayv2.UpdateIntegrationOutput](i), nil
}

// deleteIntegration refuses to delete what a route needs, in the words of AWS
// (terraform-aws-next-js#247).
func (s *Service) deleteIntegration(ctx context.Context, in *apigatewayv2.DeleteIntegrationInput) (*apigatewayv2.DeleteIntegrationOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.ApiId)
	if err != nil {
		return nil, err
	}
	i, err := a.integration(in.IntegrationId)
	if err != nil {
		return nil, err
	}
	var users []string
	for _, route := range sorted(a.routes) {
		if aws.ToString(route.Target) == targetPrefix+*i.IntegrationId {
			users = append(users, *route.RouteId)
		}
	}
	if len(users) > 0 {
		return nil, conflict("Cannot delete Integration because it is referenced by the following Routes with Ids: [%s]", strings.Join(users, ", "))
	}
	delete(a.integrations, *i.IntegrationId)
	s.putChanged(call, a)
	return &apigatewayv2.DeleteIntegrationOutput{}, nil
}
