// Package apigateway is the emulator's API Gateway (version 1), the control plane
// of REST APIs. What answers requests to those APIs is package executeapi.
//
// Start at [New] and [Service.Operations]. What a stage serves is a [Deployment]:
// made by CreateDeployment, and never changed after.
//
// Imported: awsproto and the SDK.
package apigateway

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// Config says in which account and region the APIs are.
type Config struct {
	Account, Region string
}

// Service holds the REST APIs of one account in one region. It is safe for
// concurrent use.
type Service struct {
	cfg Config
}

// New makes a service without APIs.
func New(cfg Config) *Service { return &Service{cfg: cfg} }

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation { return nil }

// Deployment is what a deployment of a REST API froze. It is immutable: equal
// pointers mean an unchanged deployment.
type Deployment struct {
	ID string
	// API is the API as it was deployed.
	API types.RestApi
	// Resources are whole: with their methods, those with their integrations, and
	// both with their responses. They are sorted by path.
	Resources         []types.Resource
	Authorizers       []types.Authorizer
	Models            []types.Model
	RequestValidators []types.RequestValidator
	GatewayResponses  []types.GatewayResponse // those that were changed
}

// Stage gives what a stage of an API serves: its settings as they are now, the
// deployment of the stage and, if the stage has a canary, the canary's, else nil.
// found is false where there is no such API; settings is nil where it has no such
// stage. Equal pointers mean that nothing was changed.
func (s *Service) Stage(apiID, name string) (settings *types.Stage, deployment, canary *Deployment, found bool) {
	return nil, nil, nil, false
}

// Snapshot is the state, equal to the byte for equal states.
func (s *Service) Snapshot() (json.RawMessage, error) { return json.RawMessage("[]"), nil }

// Restore replaces the state; nil empties it.
func (s *Service) Restore(json.RawMessage) error { return nil }
