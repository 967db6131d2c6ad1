package apigateway

import (
	"bytes"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// state is the service as it is stored.
type state struct {
	APIs []record
	// CloudWatchRole is the account's role for logs, if it was set.
	CloudWatchRole *string
}

// record is an API as it is stored. A deployment freezes what it finds, mostly
// what the one before froze: each value stands once, and the rest is numbers.
type record struct {
	APIs              []*types.RestApi
	Resources         []*types.Resource
	Models            []*types.Model
	RequestValidators []*types.RequestValidator
	Authorizers       []*types.Authorizer
	GatewayResponses  []*types.GatewayResponse
	Now               frozen // what the API is made of now
	Stages            []*types.Stage
	Deployments       []deploymentRecord
	Deployed          int
}

// frozen are places in the lists of a record.
type frozen struct {
	API                                                                 int
	Resources, Models, RequestValidators, Authorizers, GatewayResponses []int
}

type deploymentRecord struct {
	Deployment types.Deployment
	Number     int
	Frozen     frozen
}

// pool numbers values in the order in which they are met.
type pool[T any] struct {
	list  []*T
	place map[*T]int
}

func (p *pool[T]) of(value *T) int {
	if at, ok := p.place[value]; ok {
		return at
	}
	if p.place == nil {
		p.place = map[*T]int{}
	}
	p.place[value] = len(p.list)
	p.list = append(p.list, value)
	return len(p.list) - 1
}

func (p *pool[T]) ofAll(values []*T) []int {
	places := make([]int, len(values))
	for i, value := range values {
		places[i] = p.of(value)
	}
	return places
}

// pools are the lists of a record while it is made.
type pools struct {
	apis              pool[types.RestApi]
	resources         pool[types.Resource]
	models            pool[types.Model]
	requestValidators pool[types.RequestValidator]
	authorizers       pool[types.Authorizer]
	gatewayResponses  pool[types.GatewayResponse]
}

func (p *pools) of(c *content) frozen {
	return frozen{
		API: p.apis.of(c.api), Resources: p.resources.ofAll(c.resources), Models: p.models.ofAll(c.models), RequestValidators: p.requestValidators.ofAll(c.requestValidators),
		Authorizers: p.authorizers.ofAll(c.authorizers), GatewayResponses: p.gatewayResponses.ofAll(c.gatewayResponses),
	}
}

func (r *record) content(f frozen) *content {
	return &content{
		api: r.APIs[f.API], resources: pick(r.Resources, f.Resources), models: pick(r.Models, f.Models), requestValidators: pick(r.RequestValidators, f.RequestValidators),
		authorizers: pick(r.Authorizers, f.Authorizers), gatewayResponses: pick(r.GatewayResponses, f.GatewayResponses),
	}
}

func pick[T any](list []*T, places []int) []*T {
	values := make([]*T, len(places))
	for i, at := range places {
		values[i] = list[at]
	}
	return values
}

func snapshot(apis map[string]*api, cloudWatchRole *string) (json.RawMessage, error) {
	all := state{APIs: []record{}, CloudWatchRole: cloudWatchRole}
	for _, a := range sorted(apis) {
		var p pools
		r := record{Now: p.of(a.freeze()), Stages: sorted(a.stages), Deployed: a.deployed}
		for _, d := range a.allDeployments() {
			r.Deployments = append(r.Deployments, deploymentRecord{d.Deployment, d.number, p.of(d.content)})
		}
		r.APIs, r.Resources, r.Models, r.RequestValidators = p.apis.list, p.resources.list, p.models.list, p.requestValidators.list
		r.Authorizers, r.GatewayResponses = p.authorizers.list, p.gatewayResponses.list
		all.APIs = append(all.APIs, r)
	}
	return json.Marshal(all)
}

func restore(data json.RawMessage) (apis map[string]*api, cloudWatchRole *string, err error) {
	var all state
	if data != nil {
		// Members that are not known are those of another awslab, whose snapshot
		// would lose them: the journal is replayed instead.
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&all); err != nil {
			return nil, nil, err
		}
	}
	apis = map[string]*api{}
	for _, r := range all.APIs {
		a := restoreAPI(&r)
		apis[*a.Id] = a
	}
	return apis, all.CloudWatchRole, nil
}

func restoreAPI(r *record) *api {
	now := r.content(r.Now)
	a := newAPI(now.api)
	for _, resource := range now.resources {
		a.setResource(resource)
	}
	for _, model := range now.models {
		a.models[*model.Name] = model
	}
	for _, validator := range now.requestValidators {
		a.requestValidators[*validator.Id] = validator
	}
	for _, authorizer := range now.authorizers {
		a.authorizers[*authorizer.Id] = authorizer
	}
	for _, response := range now.gatewayResponses {
		a.gatewayResponses[string(response.ResponseType)] = response
	}
	for _, stage := range r.Stages {
		a.stages[*stage.StageName] = stage
	}
	for _, d := range r.Deployments {
		a.deployments[*d.Deployment.Id] = newDeployment(d.Deployment, d.Number, r.content(d.Frozen))
	}
	a.deployed = r.Deployed
	return a
}
