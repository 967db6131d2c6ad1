package executeapi

import (
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// Deployed is what one stage of an HTTP API serves. It is not changed.
type Deployed struct {
	API          types.Api
	Stage        types.Stage
	Routes       []types.Route
	Integrations []types.Integration
	Authorizers  []types.Authorizer
}

// stage is a deployed stage, fit to be served.
type stage struct {
	from        *Deployed
	routes      *routes
	cors        *cors // nil: the API has no CORS configuration
	authorizers map[string]*types.Authorizer
	logFormat   []piece  // of the access log; nil: none is written
	logGroup    string   // ARN
	verdicts    verdicts // last as long as the stage is unchanged: ResetAuthorizersCache makes it another one
}

// route is a route and where it leads.
type route struct {
	*types.Route
	key         string // "GET /pets/{id}", "$default"
	method      string // "GET", "ANY"; empty for $default
	path        string // "/pets/{id}"; "$default"
	names       []string
	integration *types.Integration // nil: none, or one that is gone
	request     mapping
	response    map[string]mapping // by status
}

type stageKey struct{ api, stage string }

// compiled keeps the stages that were asked for, made fit.
type compiled struct {
	mu     sync.RWMutex
	stages map[stageKey]*stage
}

// stage gives a deployed stage, or nil.
func (h *Handler) stage(api, name string) *stage {
	from := h.cfg.HTTPAPIs.Deployed(api, name)
	key := stageKey{api, name}
	h.compiled.mu.RLock()
	s := h.compiled.stages[key]
	h.compiled.mu.RUnlock()
	switch {
	case s == nil && from == nil:
		return nil
	case s != nil && s.from == from:
		return s
	}
	h.compiled.mu.Lock()
	defer h.compiled.mu.Unlock()
	if from == nil {
		delete(h.compiled.stages, key)
		return nil
	}
	s = compile(from)
	h.compiled.stages[key] = s
	return s
}

func compile(from *Deployed) *stage {
	s := &stage{from: from, routes: newRoutes(), cors: newCORS(from.API.CorsConfiguration), authorizers: map[string]*types.Authorizer{}}
	for i := range from.Authorizers {
		s.authorizers[aws.ToString(from.Authorizers[i].AuthorizerId)] = &from.Authorizers[i]
	}
	integrations := map[string]*types.Integration{}
	for i := range from.Integrations {
		integrations["integrations/"+aws.ToString(from.Integrations[i].IntegrationId)] = &from.Integrations[i]
	}
	for i := range from.Routes {
		r := &route{Route: &from.Routes[i], key: aws.ToString(from.Routes[i].RouteKey)}
		r.method, r.path, _ = strings.Cut(r.key, " ")
		if r.key == catchAll {
			r.method, r.path = "", catchAll
		}
		if in := integrations[aws.ToString(r.Target)]; in != nil {
			r.integration = in
			r.request = newMapping(in.RequestParameters)
			r.response = map[string]mapping{}
			for status, parameters := range in.ResponseParameters {
				r.response[status] = newMapping(parameters)
			}
		}
		s.routes.add(r)
	}
	if settings := from.Stage.AccessLogSettings; settings != nil && aws.ToString(settings.DestinationArn) != "" && aws.ToString(settings.Format) != "" {
		s.logGroup, s.logFormat = *settings.DestinationArn, parseFormat(*settings.Format)
	}
	return s
}

// variables are the stage's variables.
func (s *stage) variables() map[string]string { return s.from.Stage.StageVariables }
