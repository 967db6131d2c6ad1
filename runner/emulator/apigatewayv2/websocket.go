package apigatewayv2

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"

	"awslab/runner/emulator/awsproto"
)

// What only WebSocket APIs have is refused for an HTTP API, in the words of AWS
// (bench: pf-apigwv2-integration-response-websocket-only,
// -route-response-websocket-only, -model-websocket-only).

const proxyOnly = " are currently not supported for this API protocol type. This is because the API may only be configured with proxy integration at this time."

func (s *Service) createIntegrationResponse(ctx context.Context, in *apigatewayv2.CreateIntegrationResponseInput) (*apigatewayv2.CreateIntegrationResponseOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.integration(in.IntegrationId); err != nil {
		return nil, err
	}
	return nil, badRequest("%s", "IntegrationResponses"+proxyOnly)
}

func (s *Service) createRouteResponse(ctx context.Context, in *apigatewayv2.CreateRouteResponseInput) (*apigatewayv2.CreateRouteResponseOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.ApiId)
	if err != nil {
		return nil, err
	}
	if _, err := a.route(in.RouteId); err != nil {
		return nil, err
	}
	return nil, badRequest("RouteResponses are currently not supported for this API protocol type.")
}

func (s *Service) createModel(ctx context.Context, in *apigatewayv2.CreateModelInput) (*apigatewayv2.CreateModelOutput, error) {
	if _, err := s.find(awsproto.CallFrom(ctx), in.ApiId); err != nil {
		return nil, err
	}
	return nil, badRequest("Currently, Models are not permitted for APIs with a protocol type of HTTP")
}
