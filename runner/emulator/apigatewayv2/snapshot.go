package apigatewayv2

import (
	"bytes"
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
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

func snapshot(apis map[string]*api) (json.RawMessage, error) {
	records := []record{}
	for _, a := range sorted(apis) {
		var (
			bare         pool[types.Api]
			routes       pool[types.Route]
			integrations pool[types.Integration]
			authorizers  pool[types.Authorizer]
		)
		r := record{
			Now: frozen{
				API: bare.of(a.Api), Routes: routes.ofAll(sorted(a.routes)), Integrations: integrations.ofAll(sorted(a.integrations)), Authorizers: authorizers.ofAll(sorted(a.authorizers)),
			},
			Stages: sorted(a.stages),
		}
		for _, d := range a.deployments {
			r.Deployments = append(r.Deployments, deploymentRecord{d.Deployment, frozen{
				API: bare.of(d.api), Routes: routes.ofAll(d.routes), Integrations: integrations.ofAll(d.integrations), Authorizers: authorizers.ofAll(d.authorizers),
			}})
		}
		r.APIs, r.Routes, r.Integrations, r.Authorizers = bare.list, routes.list, integrations.list, authorizers.list
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
		for _, route := range pick(r.Routes, r.Now.Routes) {
			a.routes[*route.RouteId] = route
		}
		for _, integration := range pick(r.Integrations, r.Now.Integrations) {
			a.integrations[*integration.IntegrationId] = integration
		}
		for _, authorizer := range pick(r.Authorizers, r.Now.Authorizers) {
			a.authorizers[*authorizer.AuthorizerId] = authorizer
		}
		for _, stage := range r.Stages {
			a.stages[*stage.StageName] = stage
		}
		for _, d := range r.Deployments {
			a.deployments = append(a.deployments, &deployment{
				Deployment: d.Deployment,
				content: &content{
					api: r.APIs[d.Frozen.API], routes: pick(r.Routes, d.Frozen.Routes),
					integrations: pick(r.Integrations, d.Frozen.Integrations), authorizers: pick(r.Authorizers, d.Frozen.Authorizers),
				},
			})
		}
		a.settle(nil)
		apis[*a.ApiId] = a
	}
	return apis, nil
}

func pick[T any](list []*T, places []int) []*T {
	values := make([]*T, len(places))
	for i, at := range places {
		values[i] = list[at]
	}
	return values
}
