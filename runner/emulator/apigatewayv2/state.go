package apigatewayv2

import (
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// api is an HTTP API with all that belongs to it. It is not changed but
// replaced ([api.edit], [Service.put]), and so is every value that a pointer
// here leads to: answers and deployments share them.
type api struct {
	*types.Api   // without ApiEndpoint, which is another to each caller
	routes       map[string]*types.Route
	integrations map[string]*types.Integration
	authorizers  map[string]*types.Authorizer
	stages       map[string]*types.Stage
	deployments  []*deployment // the oldest first

	deployed map[string]*Deployed // by stage; follows from the rest
}

func newAPI(a *types.Api) *api {
	return &api{Api: a, routes: map[string]*types.Route{}, integrations: map[string]*types.Integration{}, authorizers: map[string]*types.Authorizer{}, stages: map[string]*types.Stage{}}
}

type deployment struct {
	types.Deployment
	*content
}

// content is what a deployment froze.
type content struct {
	api          *types.Api
	routes       []*types.Route
	integrations []*types.Integration
	authorizers  []*types.Authorizer
}

// edit gives a copy to change.
func (a *api) edit() *api {
	c := *a
	c.routes, c.integrations, c.authorizers, c.stages = maps.Clone(a.routes), maps.Clone(a.integrations), maps.Clone(a.authorizers), maps.Clone(a.stages)
	c.deployments = slices.Clone(a.deployments)
	return &c
}

func (a *api) deployment(id string) *deployment {
	for _, d := range a.deployments {
		if *d.DeploymentId == id {
			return d
		}
	}
	return nil
}

// settle says anew what the stages serve. What is as it was in before keeps its
// pointer.
func (a *api) settle(before *api) {
	a.deployed = map[string]*Deployed{}
	for name, stage := range a.stages {
		d := a.deployment(aws.ToString(stage.DeploymentId))
		if d == nil {
			continue
		}
		if before != nil && before.stages[name] == stage {
			// A deployment of that name froze the same, whatever its description.
			a.deployed[name] = before.deployed[name]
			continue
		}
		a.deployed[name] = &Deployed{API: *d.api, Stage: *stage, Routes: values(d.routes), Integrations: values(d.integrations), Authorizers: values(d.authorizers)}
	}
}

func values[T any](pointers []*T) []T {
	all := make([]T, len(pointers))
	for i, p := range pointers {
		all[i] = *p
	}
	return all
}

// sorted gives a map's values by their keys.
func sorted[T any](m map[string]T) []T {
	all := make([]T, 0, len(m))
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, m[key])
	}
	return all
}

// lookup finds what an API has by its identifier.
func lookup[T any](parts map[string]*T, noun string, id *string) (*T, error) {
	found, ok := parts[aws.ToString(id)]
	if !ok {
		return nil, noSuch(noun, aws.ToString(id))
	}
	return found, nil
}

// find gives an API, which is not to be changed.
func (s *Service) find(call *awsproto.Call, id *string) (*api, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	a, ok := s.apis[aws.ToString(id)]
	if !ok {
		return nil, noSuchAPI(call, aws.ToString(id))
	}
	return a, nil
}

// edit gives a copy of an API to change.
func (s *Service) edit(call *awsproto.Call, id *string) (*api, error) {
	a, err := s.find(call, id)
	if err != nil {
		return nil, err
	}
	return a.edit(), nil
}

// put makes an API, or puts a changed one in the place of what it was.
func (s *Service) put(a *api) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.settle(s.apis[*a.ApiId])
	s.apis[*a.ApiId] = a
}

// putChanged puts an API whose configuration was changed: stages that deploy
// automatically are deployed to.
func (s *Service) putChanged(call *awsproto.Call, a *api) {
	a.deployAutomatically(call)
	s.put(a)
}

// Lengths of identifiers, as they are seen in answers of AWS's: route whniq1t,
// integration wq2w79p, authorizer j7p7w5 (terraform-provider-aws#40575,
// terraform-aws-next-js#247, sst#5586), deployment dty748 (AWS CLI, examples).
const (
	apiIDLength         = 10
	routeIDLength       = 7
	integrationIDLength = 7
	authorizerIDLength  = 6
	deploymentIDLength  = 6
)

// set overwrites a member that an update gives.
func set[T any](member **T, given *T) {
	if given != nil {
		*member = given
	}
}
