package apigatewayv2

import (
	"regexp"
	"slices"
	"strings"
)

// defaultKey is the key of the route that takes what no other does, and
// defaultStage the name of the stage whose paths have no prefix.
const (
	defaultKey   = "$default"
	defaultStage = "$default"
)

// RouteKey is a route key taken apart.
type RouteKey struct {
	Method   string // ANY takes all; empty for $default
	Segments []Segment
}

// Segment is one segment of a route's path.
type Segment struct {
	Text   string // what must stand there, or the parameter's name
	Param  bool   // {Text}
	Greedy bool   // {Text+}: this and all that follows
}

// routeMethods are those of a route key; TRACE is refused (bench,
// pf-apigwv2-http-route-key).
var routeMethods = []string{"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

var paramForm = regexp.MustCompile(`^[a-zA-Z0-9._:-]+$`)

// ParseRouteKey takes a route key of an HTTP API apart: "$default", or a method
// and a path ("GET /pets/{id}"), in which a segment may be a parameter and the
// last one a greedy parameter ({proxy+}). The path is matched as written: case,
// and a slash at the end, count.
func ParseRouteKey(key string) (RouteKey, bool) {
	if key == defaultKey {
		return RouteKey{}, true
	}
	method, path, found := strings.Cut(key, " ")
	if !found || !slices.Contains(routeMethods, method) || !strings.HasPrefix(path, "/") {
		return RouteKey{}, false
	}
	parsed := RouteKey{Method: method}
	parts := strings.Split(path[1:], "/")
	var names []string
	for i, part := range parts {
		s, ok := parseSegment(part)
		if !ok || (s.Greedy && i < len(parts)-1) || (s.Param && slices.Contains(names, s.Text)) {
			return RouteKey{}, false
		}
		if s.Param {
			names = append(names, s.Text)
		}
		parsed.Segments = append(parsed.Segments, s)
	}
	return parsed, true
}

func parseSegment(part string) (Segment, bool) {
	name, opened := strings.CutPrefix(part, "{")
	if !opened {
		return Segment{Text: part}, !strings.ContainsAny(part, "{} ?#") && !strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r == 0x7f })
	}
	name, closed := strings.CutSuffix(name, "}")
	name, greedy := strings.CutSuffix(name, "+")
	return Segment{Text: name, Param: true, Greedy: greedy}, closed && paramForm.MatchString(name)
}

// checkRouteKey checks the form of a key.
func checkRouteKey(key *string) error {
	if key == nil || *key == "" {
		return badRequest("Route key is required") // goldstack#42
	}
	if len(*key) > maxRouteKey {
		return badRequest("Route key is too long: it has %d characters, and may have %d", len(*key), maxRouteKey)
	}
	if _, ok := ParseRouteKey(*key); !ok {
		return badRequest(`The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"`)
	}
	return nil
}
