// Package apigateway is the emulator's API Gateway (version 1), the control plane
// of REST APIs. What answers requests to those APIs is package executeapi.
//
// Start at [New] and [Service.Operations]. What a stage serves is a [Deployment]:
// made by CreateDeployment, and never changed after. state.go says what an API is
// and how it is changed, table.go how it is copied cheaply, snapshot.go how it is
// stored, patch.go how patch operations are done, errors.go what AWS calls what is
// wrong; then there is one file for each noun, which gives its own rows of
// the table of operations.
//
// Where an error's text was learnt stands beside it. "LocalStack" are its recorded
// answers of AWS's, tests/aws/services/apigateway; "bench" is
// badmintoncryer/cdk-preflight, rules/apigateway, whose rules carry what AWS
// answered to real deployments. Where no record of AWS's words was found, that is
// said, and the words are our own.
//
// Not emulated, and refused by name: API keys and usage plans, domain names, VPC
// links, client certificates, export, SDKs, documentation, and authorizers that are
// pools of users.
//
// Imported: awsproto, openapi and the SDK.
package apigateway

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// Config says in which account and region the APIs are.
type Config struct {
	Account, Region string
	// Roles is asked of the account's role for logs; nil: any is taken.
	Roles Roles
	// Methods runs what TestInvokeMethod and TestInvokeAuthorizer test; they need it.
	Methods Methods
	// Caches are told what to forget; nil: there are none.
	Caches Caches
}

// Caches are what the data plane keeps beside a stage.
type Caches interface {
	// FlushAuthorizers forgets what the authorizers of a stage said.
	FlushAuthorizers(apiID, stage string)
}

// Service holds the REST APIs of one account in one region. It is safe for
// concurrent use.
type Service struct {
	cfg Config

	mu             sync.RWMutex
	apis           map[string]*api
	cloudWatchRole *string // the account's, for logs
}

// New makes a service without APIs.
func New(cfg Config) *Service { return &Service{cfg: cfg, apis: map[string]*api{}} }

// The paths of the operations.
const (
	apisPath                = "/restapis"
	apiPath                 = apisPath + "/{RestApiId}"
	resourcesPath           = apiPath + "/resources"
	resourcePath            = resourcesPath + "/{ResourceId}"
	methodPath              = resourcePath + "/methods/{HttpMethod}"
	methodResponsePath      = methodPath + "/responses/{StatusCode}"
	integrationPath         = methodPath + "/integration"
	integrationResponsePath = integrationPath + "/responses/{StatusCode}"
	authorizersPath         = apiPath + "/authorizers"
	authorizerPath          = authorizersPath + "/{AuthorizerId}"
	deploymentsPath         = apiPath + "/deployments"
	deploymentPath          = deploymentsPath + "/{DeploymentId}"
	stagesPath              = apiPath + "/stages"
	stagePath               = stagesPath + "/{StageName}"
)

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	return slices.Concat(
		s.apiOperations(), s.resourceOperations(), s.methodOperations(), s.integrationOperations(), s.deploymentOperations(), s.stageOperations(),
		s.importOperations(), s.modelOperations(), s.validatorOperations(), s.gatewayResponseOperations(), s.authorizerOperations(), s.tagOperations(), s.accountOperations(), s.testOperations(),
	)
}

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
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.apis[apiID]
	if !ok {
		return nil, nil, nil, false
	}
	stage, ok := a.stages[name]
	if !ok {
		return nil, nil, nil, true
	}
	if stage.CanarySettings != nil {
		canary = a.served(stage.CanarySettings.DeploymentId)
	}
	return stage, a.served(stage.DeploymentId), canary, true
}

func (a *api) served(id *string) *Deployment {
	if d, ok := a.deployments[aws.ToString(id)]; ok {
		return d.served
	}
	return nil
}

// Snapshot is the state, equal to the byte for equal states.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return snapshot(s.apis, s.cloudWatchRole)
}

// Restore replaces the state; nil empties it.
func (s *Service) Restore(data json.RawMessage) error {
	apis, role, err := restore(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apis, s.cloudWatchRole = apis, role
	return nil
}
