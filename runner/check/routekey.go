package check

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/lesson/yamltree"
)

// defaultRoute is the key of the route that takes what no other route takes.
const defaultRoute = "$default"

// routeKey is an HTTP API's route key taken apart: "GET /pets/{id}".
type routeKey struct {
	method, path string // both empty for $default
}

func parseRouteKey(key string) (routeKey, bool) {
	if key == defaultRoute {
		return routeKey{}, true
	}
	method, path, ok := strings.Cut(key, " ")
	if !ok || method == "" || method != strings.ToUpper(method) || !strings.HasPrefix(path, "/") {
		return routeKey{}, false
	}
	return routeKey{method, path}, true
}

// How exactly a segment of a route's path takes a segment of a request's, worst
// first.
const (
	greedySegment = iota
	variableSegment
	literalSegment
)

// takes says how exactly a route takes a request, segment by segment; nil when
// it does not.
func (k routeKey) takes(method, path string) []int {
	if k.method != "ANY" && k.method != method {
		return nil
	}
	var fit []int
	have := strings.Split(path, "/")
	for i, segment := range strings.Split(k.path, "/") {
		variable := strings.HasPrefix(segment, "{") && strings.HasSuffix(segment, "}")
		switch {
		case i >= len(have):
			return nil
		case variable && strings.HasSuffix(segment, "+}"):
			if strings.Join(have[i:], "/") == "" {
				return nil
			}
			return append(fit, greedySegment)
		case variable && have[i] != "":
			fit = append(fit, variableSegment)
		case segment == have[i]:
			fit = append(fit, literalSegment)
		default:
			return nil
		}
	}
	if len(fit) != len(have) {
		return nil
	}
	return fit
}

// chosenRoute is the route that API Gateway takes a request to: the one that
// fits most exactly, a method before ANY, and $default when no other does
// (Developer Guide, "Create routes for HTTP APIs").
func chosenRoute(routes []types.Route, method, path string) *types.Route {
	var best, fallback *types.Route
	var bestFit []int
	bestAny := false
	for i := range routes {
		key, ok := parseRouteKey(aws.ToString(routes[i].RouteKey))
		switch {
		case !ok:
			continue
		case key.path == "":
			fallback = &routes[i]
			continue
		}
		fit, any := key.takes(method, path), key.method == "ANY"
		if fit == nil {
			continue
		}
		if c := slices.Compare(fit, bestFit); best == nil || c > 0 || c == 0 && bestAny && !any {
			best, bestFit, bestAny = &routes[i], fit, any
		}
	}
	return cmp.Or(best, fallback)
}

// nearRoute finds the route that was most likely meant, and in what it differs
// from the one that is wanted: "case", "method", "slash" or "spelling".
func nearRoute(routes []types.Route, wanted routeKey) (route *types.Route, differs string) {
	var keys []string
	near, byKey := map[string]*types.Route{}, map[string]*types.Route{}
	for i := range routes {
		text := aws.ToString(routes[i].RouteKey)
		k, ok := parseRouteKey(text)
		if !ok || k.path == "" {
			continue
		}
		keys = append(keys, text)
		byKey[text] = &routes[i]
		what := ""
		switch sameMethod := k.method == wanted.method || k.method == "ANY"; {
		case k.path == wanted.path:
			what = "method"
		case sameMethod && strings.EqualFold(k.path, wanted.path):
			what = "case"
		case sameMethod && strings.EqualFold(strings.Trim(k.path, "/"), strings.Trim(wanted.path, "/")):
			what = "slash"
		}
		if what != "" && near[what] == nil {
			near[what] = &routes[i]
		}
	}
	for _, what := range []string{"case", "slash", "method"} {
		if near[what] != nil {
			return near[what], what
		}
	}
	if key := yamltree.Nearest(wanted.method+" "+wanted.path, keys); key != "" {
		return byKey[key], "spelling"
	}
	return nil, ""
}

// routeKeys lists the keys of routes for a person.
func routeKeys(routes []types.Route) string {
	keys := make([]string, len(routes))
	for i, route := range routes {
		keys[i] = aws.ToString(route.RouteKey)
	}
	slices.Sort(keys)
	return shorten(strings.Join(keys, ", "))
}

// integrationTarget is the function that an integration calls.
type integrationTarget struct {
	partition, region, account, name, qualifier string
}

// arn is the function's ARN, with the qualifier.
func (t integrationTarget) arn() string {
	arn := "arn:" + t.partition + ":lambda:" + t.region + ":" + t.account + ":function:" + t.name
	if t.qualifier != "" {
		arn += ":" + t.qualifier
	}
	return arn
}

// functionOf reads the function out of an integration's URI: a function's ARN,
// or the one inside arn:aws:apigateway:REGION:lambda:path/….
func functionOf(uri string, stageVariables map[string]string) (integrationTarget, bool) {
	for name, value := range stageVariables {
		uri = strings.ReplaceAll(uri, "${stageVariables."+name+"}", value)
	}
	if _, inner, ok := strings.Cut(uri, "/functions/"); ok && strings.Contains(uri, ":lambda:path/") {
		inner = strings.TrimSuffix(inner, "/invocations")
		if plain, err := url.PathUnescape(inner); err == nil {
			inner = plain
		}
		uri = inner
	}
	parts := strings.Split(uri, ":")
	if len(parts) < 7 || len(parts) > 8 || parts[0] != "arn" || parts[2] != "lambda" || parts[5] != "function" {
		return integrationTarget{}, false
	}
	t := integrationTarget{partition: parts[1], region: parts[3], account: parts[4], name: parts[6]}
	if len(parts) == 8 {
		t.qualifier = parts[7]
	}
	return t, true
}
