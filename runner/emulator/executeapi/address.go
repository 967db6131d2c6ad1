package executeapi

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// The stage that is served without a prefix, and the route that catches all.
const catchAll = "$default"

// address is where a request goes.
type address struct {
	api string
	// stage is what the address names; empty when the first segment of the path
	// may be one, or not.
	stage string
	path  string // escaped, begins with / or is empty
	host  string // name that the client used, without a port
}

// Addressed reports whether a request is to an API, by its host or its path:
//
//	{api}.execute-api.{anything}/...
//	/_aws/execute-api/{api}/{stage}/...
//	/restapis/{api}/{stage}/_user_request_/...
//
// The two paths are for clients that cannot resolve *.localhost.
func Addressed(r *http.Request) bool {
	_, ok := parseAddress(r)
	return ok
}

func parseAddress(r *http.Request) (address, bool) {
	at := address{path: r.URL.EscapedPath(), host: r.Host}
	if name, _, err := net.SplitHostPort(r.Host); err == nil {
		at.host = name
	}
	at.host = strings.TrimSuffix(strings.ToLower(at.host), ".")
	if api, rest, found := strings.Cut(at.host, "."); found && strings.HasPrefix(rest, "execute-api.") {
		at.api = api
		return at, true
	}
	if rest, found := strings.CutPrefix(at.path, "/_aws/execute-api/"); found {
		at.api, rest, _ = strings.Cut(rest, "/")
		stage, path, more := strings.Cut(rest, "/")
		at.setStage(stage, path, more)
		return at, true
	}
	rest, found := strings.CutPrefix(at.path, "/restapis/")
	parts := strings.SplitN(rest, "/", 4)
	if !found || len(parts) < 3 || parts[2] != "_user_request_" {
		return address{}, false
	}
	at.api = parts[0]
	path := ""
	if len(parts) == 4 {
		path = parts[3]
	}
	at.setStage(parts[1], path, len(parts) == 4)
	return at, true
}

// setStage takes a stage and what is behind it out of a path. Old clients escape
// the name: %24default.
func (at *address) setStage(stage, path string, more bool) {
	at.stage, at.path = unescape(stage), ""
	if at.stage == "" {
		at.stage = catchAll
	}
	if more {
		at.path = "/" + path
	}
}

// unescape decodes a part of a path, as far as it can be decoded.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	if decoded, err := url.PathUnescape(s); err == nil {
		return decoded
	}
	return s
}

// choose finds the stage of a request, what it serves, and the path behind the
// stage's name. A stage that the first segment names wins over $default (guide,
// "Routing API requests"). A stage to which nothing was deployed is taken for
// none; what AWS does when $default exists beside it was not found.
func (h *Handler) choose(at address) (s *stage, name, prefix, path string) {
	switch {
	case at.stage == catchAll:
		return h.stage(at.api, catchAll), catchAll, "", at.path
	case at.stage != "":
		return h.stage(at.api, at.stage), at.stage, "/" + url.PathEscape(at.stage), at.path
	}
	segment, rest, more := strings.Cut(strings.TrimPrefix(at.path, "/"), "/")
	if name := unescape(segment); name != "" && name != catchAll {
		if s := h.stage(at.api, name); s != nil {
			if more {
				rest = "/" + rest
			}
			return s, name, "/" + segment, rest
		}
	}
	return h.stage(at.api, catchAll), catchAll, "", at.path
}
