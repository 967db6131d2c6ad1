// Package apigatewayv2 is the emulator's API Gateway V2, the control plane of
// HTTP APIs: APIs, routes, integrations, stages, deployments, authorizers, CORS
// and tags. What answers requests to those APIs is package executeapi.
//
// Start at [New] and [Service.Operations]. state.go says what an API is and how
// it is changed, snapshot.go how it is stored; then there is one file for each
// noun: api.go, route.go with routekey.go, integration.go with mapping.go, websocket.go,
// stage.go with accesslog.go, deployment.go, authorizer.go, cors.go, tag.go.
// errors.go has the errors in AWS's words.
// What a stage serves is [Deployed]: made when a deployment is made, and never
// changed after.
//
// Where an error's text was learnt stands beside it; "bench" is
// badmintoncryer/cdk-preflight, rules/apigatewayv2, whose rules carry what AWS
// answered to real deployments. "REST's" are words that AWS has for the same fault
// of a REST API. Where no record of AWS's words was found, that is said, and the
// words are our own.
//
// Not emulated, and refused by name: WebSocket APIs, JWT authorizers, import and
// export, domain names, VPC links, portals.
//
// Imported: awsproto and the SDK.
package apigatewayv2

import (
	"encoding/json"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// Config says in which account and region the APIs are.
type Config struct {
	Account, Region string
}

// Service holds the HTTP APIs of one account in one region. It is safe for
// concurrent use.
type Service struct {
	cfg Config

	mu   sync.RWMutex
	apis map[string]*api
}

// New makes a service without APIs.
func New(cfg Config) *Service { return &Service{cfg: cfg, apis: map[string]*api{}} }

// What operations lack, for the table of operations.
const (
	httpOnly    = "WebSocket APIs are refused"
	proxiesOnly = "VPC links and AWS service integrations are refused"
	requestOnly = "JWT authorizers are refused"
	lambdasOnly = "JWT authorization is refused"
	noWebSocket = "refused, as AWS does for an HTTP API; WebSocket APIs are not emulated"
)

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	const (
		one          = "/v2/apis/{ApiId}"
		routes       = one + "/routes"
		route        = routes + "/{RouteId}"
		integrations = one + "/integrations"
		integration  = integrations + "/{IntegrationId}"
		stages       = one + "/stages"
		stage        = stages + "/{StageName}"
		deployments  = one + "/deployments"
		deployment   = deployments + "/{DeploymentId}"
		authorizers  = one + "/authorizers"
		authorizer   = authorizers + "/{AuthorizerId}"
		tags         = "/v2/tags/{ResourceArn}"
	)
	return []awsproto.Operation{
		awsproto.REST("CreateApi", "POST /v2/apis", 201, s.createAPI).Lacking(httpOnly),
		awsproto.REST("CreateAuthorizer", "POST "+authorizers, 201, s.createAuthorizer).Lacking(requestOnly),
		awsproto.REST("CreateDeployment", "POST "+deployments, 201, s.createDeployment),
		awsproto.REST("CreateIntegration", "POST "+integrations, 201, s.createIntegration).Lacking(proxiesOnly),
		awsproto.REST("CreateIntegrationResponse", "POST "+integration+"/integrationresponses", 201, s.createIntegrationResponse).Lacking(noWebSocket),
		awsproto.REST("CreateModel", "POST "+one+"/models", 201, s.createModel).Lacking(noWebSocket),
		awsproto.REST("CreateRoute", "POST "+routes, 201, s.createRoute).Lacking(lambdasOnly),
		awsproto.REST("CreateRouteResponse", "POST "+route+"/routeresponses", 201, s.createRouteResponse).Lacking(noWebSocket),
		awsproto.REST("CreateStage", "POST "+stages, 201, s.createStage),
		awsproto.REST("DeleteAccessLogSettings", "DELETE "+stage+"/accesslogsettings", 204, s.deleteAccessLogSettings),
		awsproto.REST("DeleteApi", "DELETE "+one, 204, s.deleteAPI),
		awsproto.REST("DeleteAuthorizer", "DELETE "+authorizer, 204, s.deleteAuthorizer),
		awsproto.REST("DeleteCorsConfiguration", "DELETE "+one+"/cors", 204, s.deleteCors),
		awsproto.REST("DeleteDeployment", "DELETE "+deployment, 204, s.deleteDeployment),
		awsproto.REST("DeleteIntegration", "DELETE "+integration, 204, s.deleteIntegration),
		awsproto.REST("DeleteRoute", "DELETE "+route, 204, s.deleteRoute),
		awsproto.REST("DeleteRouteSettings", "DELETE "+stage+"/routesettings/{RouteKey}", 204, s.deleteRouteSettings),
		awsproto.REST("DeleteStage", "DELETE "+stage, 204, s.deleteStage),
		awsproto.REST("GetApi", "GET "+one, 200, s.getAPI),
		awsproto.REST("GetApis", "GET /v2/apis", 200, s.getAPIs),
		awsproto.REST("GetAuthorizer", "GET "+authorizer, 200, s.getAuthorizer),
		awsproto.REST("GetAuthorizers", "GET "+authorizers, 200, s.getAuthorizers),
		awsproto.REST("GetDeployment", "GET "+deployment, 200, s.getDeployment),
		awsproto.REST("GetDeployments", "GET "+deployments, 200, s.getDeployments),
		awsproto.REST("GetIntegration", "GET "+integration, 200, s.getIntegration),
		awsproto.REST("GetIntegrations", "GET "+integrations, 200, s.getIntegrations),
		awsproto.REST("GetRoute", "GET "+route, 200, s.getRoute),
		awsproto.REST("GetRoutes", "GET "+routes, 200, s.getRoutes),
		awsproto.REST("GetStage", "GET "+stage, 200, s.getStage),
		awsproto.REST("GetStages", "GET "+stages, 200, s.getStages),
		awsproto.REST("GetTags", "GET "+tags, 200, s.getTags),
		awsproto.REST("ResetAuthorizersCache", "DELETE "+stage+"/cache/authorizers", 204, s.resetAuthorizersCache),
		awsproto.REST("TagResource", "POST "+tags, 201, s.tagResource),
		awsproto.REST("UntagResource", "DELETE "+tags, 204, s.untagResource),
		awsproto.REST("UpdateApi", "PATCH "+one, 200, s.updateAPI),
		awsproto.REST("UpdateAuthorizer", "PATCH "+authorizer, 200, s.updateAuthorizer).Lacking(requestOnly),
		awsproto.REST("UpdateDeployment", "PATCH "+deployment, 200, s.updateDeployment),
		awsproto.REST("UpdateIntegration", "PATCH "+integration, 200, s.updateIntegration).Lacking(proxiesOnly),
		awsproto.REST("UpdateRoute", "PATCH "+route, 200, s.updateRoute).Lacking(lambdasOnly),
		awsproto.REST("UpdateStage", "PATCH "+stage, 200, s.updateStage),
	}
}

// Deployed is what one stage of an HTTP API serves. It is immutable: whoever
// changes the API, its stage or its deployment makes a new one, so that equal
// pointers mean an unchanged stage.
type Deployed struct {
	// API is the API as it was deployed: its CORS configuration counts from
	// the deployment on.
	API          types.Api
	Stage        types.Stage
	Routes       []types.Route
	Integrations []types.Integration
	Authorizers  []types.Authorizer
}

// Deployed gives what a stage of an API serves. It is nil where there is no such
// API or stage, or where nothing was deployed to it.
func (s *Service) Deployed(apiID, stage string) *Deployed {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.apis[apiID]
	if !ok {
		return nil
	}
	return a.deployed[stage]
}

// Snapshot is the state, equal to the byte for equal states.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return snapshot(s.apis)
}

// Restore replaces the state; nil empties it.
func (s *Service) Restore(data json.RawMessage) error {
	apis, err := restore(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apis = apis
	return nil
}
