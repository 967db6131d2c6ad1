package check

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/lesson/yamltree"
)

// release is what was found of a stage of a REST API, link by link.
type release struct {
	api     apitypes.RestApi
	stage   apitypes.Stage
	path    string
	address string // of the live requests
}

// args are the values that sentences about a release use.
func (found *release) args() map[string]string {
	args := map[string]string{"api": aws.ToString(found.api.Name), "id": aws.ToString(found.api.Id), "stage": aws.ToString(found.stage.StageName), "path": found.path}
	if s := found.stage.CanarySettings; s != nil {
		args["percent"], args["canaryid"] = number64(s.PercentTraffic), aws.ToString(s.DeploymentId)
	}
	args["deployment"] = aws.ToString(found.stage.DeploymentId)
	return args
}

// codesOfStages are the findings of a stage that is looked for by its name.
type codesOfStages struct{ missing, nearMiss string }

// findStage finds the stage of a name.
func (found *release) findStage(ctx context.Context, p *probe, name string, codes codesOfStages) verdict {
	out, v := p.askAPI(ctx, "apigateway.GetStages", map[string]any{"restApiId": aws.ToString(found.api.Id)})
	if out == nil {
		return v
	}
	stages := out.(*apigateway.GetStagesOutput).Item
	names := make([]string, len(stages))
	for i, stage := range stages {
		names[i] = aws.ToString(stage.StageName)
	}
	i, f := namedStage(name, names, codes)
	if f != nil {
		f.Args = found.args()
		return failed(*f)
	}
	found.stage = stages[i]
	return verdict{}
}

// namedStage finds a stage among those that an API has.
func namedStage(wanted string, names []string, codes codesOfStages) (int, *Finding) {
	if i := slices.Index(names, wanted); i >= 0 {
		return i, nil
	}
	f := &Finding{Code: codes.missing, Subject: wanted, Found: strings.Join(names, ", ")}
	if len(names) == 0 {
		f.Variant = "none"
	}
	if near := yamltree.Nearest(wanted, names); near != "" {
		f.Code, f.Expected, f.Found = codes.nearMiss, wanted, near
	}
	return 0, f
}

// findAddress makes the address of the live requests. A REST API does not tell
// its own.
func (found *release) findAddress(p *probe) verdict {
	found.address = p.invokeURL(aws.ToString(found.api.Id), aws.ToString(found.stage.StageName)) + found.path
	if u, err := url.Parse(found.address); err != nil || u.Host == "" {
		return failed(Finding{Code: httpAddress, Subject: found.address})
	}
	return verdict{}
}

// invokeURL is where a stage of a REST API answers: on AWS and on this machine
// the API's own host, elsewhere the path that emulators share, for who knows
// whether the host resolves.
func (w World) invokeURL(api, stage string) string {
	host := api + ".execute-api."
	if w.Endpoint == "" {
		domain := "amazonaws.com"
		if strings.HasPrefix(w.AWS.Region, "cn-") {
			domain += ".cn"
		}
		return "https://" + host + w.AWS.Region + "." + domain + "/" + stage
	}
	base, err := url.Parse(w.Endpoint)
	if err == nil && (base.Hostname() == "localhost" || strings.HasPrefix(base.Hostname(), "127.")) && base.Path == "" {
		at := base.Scheme + "://" + host + "localhost"
		if port := base.Port(); port != "" {
			at += ":" + port
		}
		return at + "/" + stage
	}
	return strings.TrimSuffix(w.Endpoint, "/") + "/restapis/" + api + "/" + stage + "/_user_request_"
}

// resources asks what the API has now.
func (found *release) resources(ctx context.Context, p *probe) ([]apitypes.Resource, verdict) {
	out, v := p.askAPI(ctx, "apigateway.GetResources", map[string]any{"restApiId": aws.ToString(found.api.Id)})
	if out == nil {
		return nil, v
	}
	return out.(*apigateway.GetResourcesOutput).Items, verdict{}
}

// serving are the ids of the deployments that answer requests: the stage's, its
// canary's, or both.
func (found *release) serving() []*string {
	canary := found.stage.CanarySettings
	switch {
	case canary == nil || canary.PercentTraffic == 0:
		return []*string{found.stage.DeploymentId}
	case canary.PercentTraffic == 100:
		return []*string{canary.DeploymentId}
	case aws.ToString(canary.DeploymentId) == aws.ToString(found.stage.DeploymentId):
		return []*string{found.stage.DeploymentId}
	}
	return []*string{found.stage.DeploymentId, canary.DeploymentId}
}

// deployed asks for the methods of a deployment. AWS deploys no API without one:
// where there are none, nobody knows.
func (found *release) deployed(ctx context.Context, p *probe, deployment *string) ([]types.Route, verdict) {
	methods, v := found.snapshot(ctx, p, deployment)
	return routesOf(methods), v
}

// snapshot asks for the methods of a deployment, by path and method.
func (found *release) snapshot(ctx context.Context, p *probe, deployment *string) (map[string]map[string]apitypes.MethodSnapshot, verdict) {
	out, v := p.askAPI(ctx, "apigateway.GetDeployment", map[string]any{"restApiId": aws.ToString(found.api.Id), "deploymentId": aws.ToString(deployment), "embed": []any{"apisummary"}})
	if out == nil {
		return nil, v
	}
	return out.(*apigateway.GetDeploymentOutput).ApiSummary, verdict{}
}

// routesOf gives the methods of a summary as routes.
func routesOf[M any](paths map[string]map[string]M) (routes []types.Route) {
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, method := range slices.Sorted(maps.Keys(paths[path])) {
			routes = append(routes, types.Route{RouteKey: aws.String(method + " " + path)})
		}
	}
	return routes
}

// bare is a path without its query.
func bare(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

// routesOfResources gives the methods of resources as routes, and the paths of
// those that have none.
func routesOfResources(resources []apitypes.Resource) (routes []types.Route, empty []string) {
	paths := map[string]map[string]apitypes.Method{}
	for _, r := range resources {
		if paths[aws.ToString(r.Path)] = r.ResourceMethods; len(r.ResourceMethods) == 0 {
			empty = append(empty, aws.ToString(r.Path))
		}
	}
	return routesOf(paths), empty
}

// codesOfPaths are the findings of a path that is looked for.
type codesOfPaths struct{ missing, nearMiss string }

// missingPath says of a path that no method takes what there is instead.
func missingPath(f Finding, wanted routeKey, routes []types.Route, empty []string, codes codesOfPaths) Finding {
	f.Code, f.Found = codes.missing, routeKeys(routes)
	if slices.Contains(empty, wanted.path) {
		f.Variant = "method"
		return f
	}
	if near, differs := nearRoute(routes, wanted); near != nil {
		f.Code, f.Expected, f.Found, f.Variant = codes.nearMiss, wanted.method+" "+wanted.path, aws.ToString(near.RouteKey), differs
	}
	return f
}

// findAPI finds the REST API of a name or an id.
func (found *release) findAPI(ctx context.Context, p *probe, name string, codes codesOfNames) verdict {
	wanted, err := p.expand(ctx, name)
	if err != nil {
		return unexpanded(err)
	}
	out, v := p.askAPI(ctx, "apigateway.GetRestApis", map[string]any{})
	if out == nil {
		return v
	}
	api, finding := named(wanted, out.(*apigateway.GetRestApisOutput).Items, func(a *apitypes.RestApi) *string { return a.Id }, func(a *apitypes.RestApi) *string { return a.Name }, codes)
	if finding != nil {
		return failed(*finding)
	}
	found.api = *api
	return verdict{}
}
