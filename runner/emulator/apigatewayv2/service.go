// Package apigatewayv2 is the emulator's API Gateway V2, the control plane of
// HTTP APIs: APIs, routes, integrations, stages, deployments, authorizers, CORS
// and tags. What answers requests to those APIs is package executeapi.
//
// Start at [New] and [Service.Operations]. What a stage serves is [Deployed]:
// made when a deployment is made, and never changed after.
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

	mu sync.RWMutex
}

// New makes a service without APIs.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation { return nil }

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
func (s *Service) Deployed(apiID, stage string) *Deployed { return nil }

// Snapshot is the state, equal to the byte for equal states.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return json.RawMessage("[]"), nil
}

// Restore replaces the state; nil empties it.
func (s *Service) Restore(json.RawMessage) error { return nil }
