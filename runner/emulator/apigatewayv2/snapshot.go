package apigatewayv2

import (
	"bytes"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/intern"
)

// record is an API as it is stored. A deployment freezes what it finds, mostly
// what the one before froze: each value stands once, and the rest is numbers.
type record struct {
	APIs         []*types.Api
	Routes       []*types.Route
	Integrations []*types.Integration
	Authorizers  []*types.Authorizer
	Now          frozen // what the API is made of now
	Stages       []*types.Stage
	Deployments  []deploymentRecord
}

// frozen are places in the lists of a record.
type frozen struct {
	API                               int
	Routes, Integrations, Authorizers []int
}

type deploymentRecord struct {
	Deployment types.Deployment
	Frozen     frozen
}

func snapshot(apis map[string]*api) (json.RawMessage, error) {
	records := []record{}
	for _, a := range sorted(apis) {
		var (
			bare         intern.List[types.Api]
			routes       intern.List[types.Route]
			integrations intern.List[types.Integration]
			authorizers  intern.List[types.Authorizer]
		)
		r := record{
			Now: frozen{
				API: bare.Place(a.Api), Routes: routes.Places(sorted(a.routes)), Integrations: integrations.Places(sorted(a.integrations)), Authorizers: authorizers.Places(sorted(a.authorizers)),
			},
			Stages: sorted(a.stages),
		}
		for _, d := range a.deployments {
			r.Deployments = append(r.Deployments, deploymentRecord{d.Deployment, frozen{
				API: bare.Place(d.api), Routes: routes.Places(d.routes), Integrations: integrations.Places(d.integrations), Authorizers: authorizers.Places(d.authorizers),
			}})
		}
		r.APIs, r.Routes, r.Integrations, r.Authorizers = bare.Values, routes.Values, integrations.Values, authorizers.Values
		records = append(records, r)
	}
	return json.Marshal(records)
}

func restore(data json.RawMessage) (map[string]*api, error) {
	var records []record
	if data != nil {
		// Members that are not known are those of another awslab, whose snapshot
		// would lose them: the journal is replayed instead.
		decoder := json.NewDecoder(bytes.NewReader(data))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&records); err != nil {
			return nil, err
		}
	}
	apis := map[string]*api{}
	for _, r := range records {
		a := newAPI(r.APIs[r.Now.API])
		for _, route := range intern.At(r.Routes, r.Now.Routes) {
			a.routes[*route.RouteId] = route
		}
		for _, integration := range intern.At(r.Integrations, r.Now.Integrations) {
			a.integrations[*integration.IntegrationId] = integration
		}
		for _, authorizer := range intern.At(r.Authorizers, r.Now.Authorizers) {
			a.authorizers[*authorizer.AuthorizerId] = authorizer
		}
		for _, stage := range r.Stages {
			a.stages[*stage.StageName] = stage
		}
		for _, d := range r.Deployments {
			a.deployments = append(a.deployments, &deployment{
				Deployment: d.Deployment,
				content: &content{
					api: r.APIs[d.Frozen.API], routes: intern.At(r.Routes, d.Frozen.Routes),
					integrations: intern.At(r.Integrations, d.Frozen.Integrations), authorizers: intern.At(r.Authorizers, d.Frozen.Authorizers),
				},
			})
		}
		a.settle(nil)
		apis[*a.ApiId] = a
	}
	return apis, nil
}
