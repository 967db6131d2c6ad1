package apigatewayv2

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// defaultKey is the key of the route that takes what no other does, and
// defaultStage the name of the stage whose paths have no prefix.
const (
	defaultKey   = "$default"
	defaultStage = "$default"
)

// routeMethods are those of a route key; TRACE is refused (bench,
// pf-apigwv2-http-route-key).
var routeMethods = []string{"ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"}

// partForm is AWS's own expression for a segment of a path, as its error shows it
// (aws-lambda-dotnet, test tool, ApiGatewayRouteConfigService).
const partForm = `^(\{[\w.:-]+\+?\}|[a-zA-Z0-9.:_-]+)$`

var part = regexp.MustCompile(partForm)

// shape checks the form of a route key: "$default", or a method and a path ("GET
// /pets/{id}"), in which a segment may be a parameter, and the last one a greedy
// parameter ({proxy+}). Of keys that take the same requests, the shapes are equal:
// the names of parameters do not count, but case and a slash at the end do.
func shape(key string) (string, error) {
	if key == defaultKey {
		return key, nil
	}
	method, path, found := strings.Cut(key, " ")
	if !found || !slices.Contains(routeMethods, method) || !strings.HasPrefix(path, "/") {
		return "", badRequest(`The provided route key is not formatted properly for HTTP protocol. Format should be "[HTTP METHOD] /[RESOURCE PATH]" or "$default"`)
	}
	if path == "/" {
		return key, nil
	}
	parts := strings.Split(path[1:], "/")
	inner := parts
	if last := len(parts) - 1; parts[last] == "" {
		inner = parts[:last]
	}
	names := map[string]bool{}
	for i, p := range inner {
		if !part.MatchString(p) {
			return "", badRequest("One or more path parts appear to be invalid. Parts are validated against this regular expression: %s", partForm)
		}
		if p[0] != '{' {
			continue
		}
		name, greedy := strings.CutSuffix(p[1:len(p)-1], "+")
		switch { // the texts are our own: AWS's were not found
		case greedy && i < len(parts)-1:
			return "", badRequest("A greedy path variable must be the last part of the path: %s", p)
		case names[name]:
			return "", badRequest("The names of path variables must be unique: %s", name)
		}
		names[name], parts[i] = true, "{}"
		if greedy {
			parts[i] = "{+}"
		}
	}
	return method + " /" + strings.Join(parts, "/"), nil
}

// checkRouteKey checks the form of a key.
func checkRouteKey(key *string) error {
	if key == nil || *key == "" {
		return badRequest("Route key is required") // goldstack#42
	}
	if err := checkLength("RouteKey", key, 1, maxRouteKey); err != nil {
		return err
	}
	_, err := shape(*key)
	return err
}

// checkFree reports a route whose requests another one takes. The text is seen in
// CloudFormation (architect, src/deploy, "old WS" note); that keys which differ in
// the names of parameters collide is stackd's, routes.go.
func (a *api) checkFree(route *types.Route) error {
	wanted, err := shape(*route.RouteKey)
	if err != nil {
		return err
	}
	for id, other := range a.routes {
		if taken, err := shape(*other.RouteKey); err == nil && taken == wanted && id != aws.ToString(route.RouteId) {
			return conflict("Route with key %s already exists for this API", *other.RouteKey)
		}
	}
	return nil
}
