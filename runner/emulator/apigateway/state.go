package apigateway

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// api is a REST API with all that belongs to it. It is not changed but replaced
// ([Service.edit], [Service.put]), and so is every value that a pointer or a map
// of a value here leads to: answers and deployments share them.
type api struct {
	*types.RestApi                                       // without Warnings
	resources         table[*types.Resource]             // by id; whole, see [Deployment.Resources]
	names             table[string]                      // ids by nameKey
	children          table[int]                         // how many, by the parent's id
	models            map[string]*types.Model            // by name
	requestValidators map[string]*types.RequestValidator // by id
	authorizers       map[string]*types.Authorizer       // by id
	gatewayResponses  map[string]*types.GatewayResponse  // by type; those that were changed
	stages            map[string]*types.Stage            // by name
	deployments       map[string]*deployment             // by id
	deployed          int                                // how many deployments were ever made
}

// newAPI gives an API that has nothing but its root resource, whose id
// RootResourceId is.
func newAPI(a *types.RestApi) *api {
	n := &api{
		RestApi: a, models: map[string]*types.Model{}, requestValidators: map[string]*types.RequestValidator{}, authorizers: map[string]*types.Authorizer{},
		gatewayResponses: map[string]*types.GatewayResponse{}, stages: map[string]*types.Stage{}, deployments: map[string]*deployment{},
	}
	n.setResource(&types.Resource{Id: a.RootResourceId, Path: aws.String("/")})
	return n
}

// deployment is a deployment and what it froze.
type deployment struct {
	types.Deployment     // without ApiSummary
	number           int // deployments are counted from 1
	*content
	served *Deployment // the content as the data plane has it
}

type content struct {
	api               *types.RestApi
	resources         []*types.Resource
	models            []*types.Model
	requestValidators []*types.RequestValidator
	authorizers       []*types.Authorizer
	gatewayResponses  []*types.GatewayResponse
}

// freeze gives what a deployment made now holds.
func (a *api) freeze() *content {
	return &content{
		api: a.RestApi, resources: a.allResources(), models: sorted(a.models), requestValidators: sorted(a.requestValidators),
		authorizers: sorted(a.authorizers), gatewayResponses: sorted(a.gatewayResponses),
	}
}

func newDeployment(d types.Deployment, number int, c *content) *deployment {
	return &deployment{Deployment: d, number: number, content: c, served: &Deployment{
		ID: *d.Id, API: *c.api, Resources: values(c.resources), Models: values(c.models), RequestValidators: values(c.requestValidators),
		Authorizers: values(c.authorizers), GatewayResponses: values(c.gatewayResponses),
	}}
}

// allDeployments gives the deployments, the oldest first.
func (a *api) allDeployments() []*deployment {
	return slices.SortedFunc(maps.Values(a.deployments), func(x, y *deployment) int { return cmp.Compare(x.number, y.number) })
}

// edit gives a copy to change.
func (a *api) edit() *api {
	c := *a
	c.models, c.requestValidators, c.authorizers = maps.Clone(a.models), maps.Clone(a.requestValidators), maps.Clone(a.authorizers)
	c.gatewayResponses, c.stages, c.deployments = maps.Clone(a.gatewayResponses), maps.Clone(a.stages), maps.Clone(a.deployments)
	return &c
}

// nameKey is by what siblings are told apart: their path parts, of which only one
// may be variable, whatever its name.
func nameKey(parentID, part string) string {
	if isVariable(part) {
		part = "{}"
	}
	return parentID + "/" + part
}

func isVariable(part string) bool {
	return strings.HasPrefix(part, "{") && strings.HasSuffix(part, "}")
}

// setResource puts a resource in, or in the place of the one that has its id.
func (a *api) setResource(r *types.Resource) {
	if old, ok := a.resources.get(*r.Id); ok {
		if aws.ToString(old.ParentId) == aws.ToString(r.ParentId) && aws.ToString(old.PathPart) == aws.ToString(r.PathPart) {
			a.resources.set(*r.Id, r)
			return
		}
		a.dropResource(*r.Id)
	}
	a.resources.set(*r.Id, r)
	if r.ParentId != nil {
		a.names.set(nameKey(*r.ParentId, *r.PathPart), *r.Id)
		n, _ := a.children.get(*r.ParentId)
		a.children.set(*r.ParentId, n+1)
	}
}

// dropResource takes out one resource, not those below it.
func (a *api) dropResource(id string) {
	old, ok := a.resources.get(id)
	if !ok {
		return
	}
	a.resources.remove(id)
	if old.ParentId != nil {
		a.names.remove(nameKey(*old.ParentId, *old.PathPart))
		n, _ := a.children.get(*old.ParentId)
		if n--; n > 0 {
			a.children.set(*old.ParentId, n)
		} else {
			a.children.remove(*old.ParentId)
		}
	}
}

// allResources gives the resources by their paths.
func (a *api) allResources() []*types.Resource {
	return a.resources.sorted(func(x, y *types.Resource) int { return strings.Compare(*x.Path, *y.Path) })
}

func (a *api) resource(id *string) (*types.Resource, error) {
	if r, ok := a.resources.get(aws.ToString(id)); ok {
		return r, nil
	}
	return nil, noSuchResource()
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
	s.apis[*a.Id] = a
}

// Lengths of identifiers, as AWS's answers have them: API 1234123412 with the root
// resource 2sxyzi7vti, resource 3m88td, deployment ztt4m2, authorizer 5yid1t,
// model and request validator alike (AWS CLI, examples of apigateway).
const (
	apiIDLength          = 10
	rootResourceIDLength = 10
	partIDLength         = 6 // of all that belongs to an API
)

// newPartID draws an id for something that belongs to an API.
func (a *api) newPartID(call *awsproto.Call) *string {
	return awsproto.NewID(call.Rand, partIDLength, func(id string) bool {
		_, taken := a.resources.get(id)
		return taken || awsproto.KeyOf(a.requestValidators)(id) || awsproto.KeyOf(a.authorizers)(id) || awsproto.KeyOf(a.deployments)(id)
	})
}
