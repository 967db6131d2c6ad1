// Package executeapi is the data plane of API Gateway (execute-api): it answers
// the requests to the APIs that package apigatewayv2 (and apigateway, for REST
// APIs) describe.
//
// Start at [New] and [Handler.ServeHTTP].
//
// Imported: the SDK's types. APIs, functions and logs come in through interfaces
// of this package's own.
package executeapi

import (
	"net"
	"net/http"
	"strings"
)

// Config joins what the data plane needs.
type Config struct {
	Account, Region string
}

// Handler answers requests to deployed APIs. It is safe for concurrent use.
type Handler struct{ cfg Config }

// New makes a handler.
func New(cfg Config) *Handler { return &Handler{cfg: cfg} }

// Addressed reports whether a request is to an API, by its host or its path:
//
//	{api}.execute-api.{anything}/...
//	/_aws/execute-api/{api}/{stage}/...
//	/restapis/{api}/{stage}/_user_request_/...
//
// The two paths are for clients that cannot resolve *.localhost.
func Addressed(r *http.Request) bool {
	name := r.Host
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	if _, rest, found := strings.Cut(strings.ToLower(name), "."); found && strings.HasPrefix(rest, "execute-api.") {
		return true
	}
	if strings.HasPrefix(r.URL.Path, "/_aws/execute-api/") {
		return true
	}
	rest, found := strings.CutPrefix(r.URL.Path, "/restapis/")
	parts := strings.SplitN(rest, "/", 4)
	return found && len(parts) >= 3 && parts[2] == "_user_request_"
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusNotFound)
	_, _ = w.Write([]byte(`{"message":"Not Found"}`)) // a client that went away hears nothing
}
