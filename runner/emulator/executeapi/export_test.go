package executeapi

import (
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// Verdicts counts the cached ones of a stage.
func (h *Handler) Verdicts(api, stage string) int {
	v := &h.stage(api, stage).verdicts
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.kept)
}

// RESTVerdicts is the same for a stage of a REST API.
func (h *Handler) RESTVerdicts(api, stage string) int {
	v := h.restVerdicts.of(api, stage)
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.kept)
}

// Deployments counts the REST deployments that are kept, made fit.
func (h *Handler) Deployments() int {
	h.compiledREST.mu.RLock()
	defer h.compiledREST.mu.RUnlock()
	return len(h.compiledREST.deployments)
}

// Resources is a tree of resources.
type Resources struct{ root *resourceNode }

// NewResources makes a tree of paths, each with a GET.
func NewResources(paths ...string) Resources {
	all := make([]rest.Resource, len(paths))
	for i, path := range paths {
		all[i] = rest.Resource{Id: &path, Path: &path, ResourceMethods: map[string]rest.Method{"GET": {}}}
	}
	return Resources{newResources(&restAPI{}, all)}
}

// Find gives the resource's path and its variables as name=value.
func (r Resources) Find(path string) (string, []string) {
	found, parameters := r.root.find(path)
	if found == nil {
		return "", nil
	}
	var values []string
	for _, p := range parameters {
		values = append(values, p.name+"="+p.value)
	}
	return found.path, values
}

// ProxyOutput reads an answer of a function behind a proxy integration.
func ProxyOutput(payload []byte) (status int, header [][2]string, body string, err error) {
	out, _, err := proxyOutput(payload)
	if err != nil {
		return 0, nil, "", err
	}
	for _, f := range out.header {
		header = append(header, [2]string{f.name, f.value})
	}
	return out.status, header, string(out.body), nil
}
