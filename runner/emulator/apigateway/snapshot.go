package apigateway

import (
	"bytes"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/intern"
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

// pools are the lists of a record while it is made.
type pools struct {
	apis              intern.List[types.RestApi]
	resources         intern.List[types.Resource]
	models            intern.List[types.Model]
	requestValidators intern.List[types.RequestValidator]
	authorizers       intern.List[types.Authorizer]
	gatewayResponses  intern.List[types.GatewayResponse]
}

func (p *pools) of(c *content) frozen {
	return frozen{
		API: p.apis.Place(c.api), Resources: p.resources.Places(c.resources), Models: p.models.Places(c.models), RequestValidators: p.requestValidators.Places(c.requestValidators),
		Authorizers: p.authorizers.Places(c.authorizers), GatewayResponses: p.gatewayResponses.Places(c.gatewayResponses),
	}
}

func (r *record) content(f frozen) *content {
	return &content{
		api: r.APIs[f.API], resources: intern.At(r.Resources, f.Resources), models: intern.At(r.Models, f.Models), requestValidators: intern.At(r.RequestValidators, f.RequestValidators),
		authorizers: intern.At(r.Authorizers, f.Authorizers), gatewayResponses: intern.At(r.GatewayResponses, f.GatewayResponses),
	}
}

func snapshot(apis map[string]*api, cloudWatchRole *string) (json.RawMessage, error) {
	all := state{APIs: []record{}, CloudWatchRole: cloudWatchRole}
	for _, a := range sorted(apis) {
		var p pools
		r := record{Now: p.of(a.freeze()), Stages: sorted(a.stages), Deployed: a.deployed}
		for _, d := range a.allDeployments() {
			r.Deployments = append(r.Deployments, deploymentRecord{d.Deployment, d.number, p.of(d.content)})
		}
		r.APIs, r.Resources, r.Models, r.RequestValidators = p.apis.Values, p.resources.Values, p.models.Values, p.requestValidators.Values
		r.Authorizers, r.GatewayResponses = p.authorizers.Values, p.gatewayResponses.Values
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
