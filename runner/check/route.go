package check

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// routeCheck follows a request through an HTTP API: there is one API of that
// name or id (route.api-missing, route.api-near-miss, route.api-twice,
// route.websocket), a route that takes the request (route.missing,
// route.near-miss), its integration (route.no-integration, route.not-lambda,
// route.other-function, route.other-region), the function
// (lambda.missing and its like), the permission to invoke it
// (route.no-permission, route.source-arn), the stage (route.no-stage,
// route.not-deployed, route.endpoint-disabled), and the live answer
// (route.stale, route.protected, route.function-error, route.malformed,
// route.timeout, route.gateway-error, and those of [answerMatchers]).
//
// Which route takes the request is asked as API Gateway asks it, so that
// another route that serves it as well is as right as the one that is named.
type routeCheck struct {
	api, function, stage string
	key                  routeKey
	path                 string // of the live request; with variables
	expected             answerMatchers
}

func compileRoute(r *reader) looker {
	f := r.fields(r.subject, "route", "api", "key", "function", "stage", "path")
	c := &routeCheck{api: f.Required("api", "$API_ID"), function: f.Text("function"), stage: f.Text("stage"), path: f.Text("path")}
	if c.stage == "" {
		c.stage = defaultRoute
	}
	key := f.Required("key", "GET /helloworld")
	parsed, ok := parseRouteKey(key)
	if key != "" && (!ok || key == defaultRoute) {
		f.Wrong(f.Get("key"), "route.key", "key", key)
	}
	c.key = parsed
	switch {
	case c.path == "" && strings.Contains(parsed.path, "{"):
		f.Wrong(f.Get("key"), "route.path", "key", key)
	case c.path == "":
		c.path = parsed.path
	case !strings.HasPrefix(c.path, "/"):
		f.Wrong(f.Get("path"), "route.path-form", "path", c.path)
	}
	r.done(f)
	c.expected = r.answer()
	return c
}

// method is the method of the live request.
func (c *routeCheck) method() string {
	if c.key.method == "ANY" {
		return http.MethodGet
	}
	return c.key.method
}

// chain is what was found of an API, link by link.
type chain struct {
	api         types.Api
	routes      []types.Route
	stages      []types.Stage
	stage       *types.Stage
	path        string // of the live request
	route       *types.Route
	integration *apigatewayv2.GetIntegrationOutput
	target      integrationTarget // zero where no function is called
}

func (c *routeCheck) look(ctx context.Context, p *probe) verdict {
	var found chain
	for _, link := range []func(context.Context, *probe, *chain) verdict{
		c.findAPI, c.findRoute, c.findIntegration, c.findFunction, c.findPermission, c.findStage,
	} {
		if v := link(ctx, p, &found); len(v.findings) > 0 {
			return v
		}
	}
	return c.request(ctx, p, &found)
}

// askAPI makes a call of API Gateway's, of either version; the verdict counts
// where there is no answer.
func (p *probe) askAPI(ctx context.Context, name string, input map[string]any) (any, verdict) {
	op, _ := operation(name)
	out, err := p.pages(ctx, op, input)
	if err == nil {
		return out, verdict{}
	}
	if v, ok := undecidable(err); ok {
		return nil, v
	}
	// It was there a moment ago: somebody is changing it.
	return nil, onItsWay(Finding{Code: callRefused, Subject: op.Name, Found: shorten(reason(err)), Args: map[string]string{"call": op.Name}})
}

func (c *routeCheck) findAPI(ctx context.Context, p *probe, found *chain) verdict {
	wanted, err := p.expand(ctx, c.api)
	if err != nil {
		return unexpanded(err)
	}
	out, v := p.askAPI(ctx, "apigatewayv2.GetApis", map[string]any{})
	if out == nil {
		return v
	}
	api, finding := named(wanted, out.(*apigatewayv2.GetApisOutput).Items, func(a *types.Api) *string { return a.ApiId }, func(a *types.Api) *string { return a.Name },
		codesOfNames{routeAPIMissing, routeAPINearMiss, routeAPITwice})
	if finding != nil {
		return failed(*finding)
	}
	if api.ProtocolType != types.ProtocolTypeHttp {
		return failed(Finding{Code: routeWebSocket, Subject: wanted, Expected: string(types.ProtocolTypeHttp), Found: string(api.ProtocolType)})
	}
	found.api = *api
	id := map[string]any{"ApiId": aws.ToString(found.api.ApiId)}
	if out, v = p.askAPI(ctx, "apigatewayv2.GetRoutes", id); out == nil {
		return v
	}
	found.routes = out.(*apigatewayv2.GetRoutesOutput).Items
	if out, v = p.askAPI(ctx, "apigatewayv2.GetStages", id); out == nil {
		return v
	}
	found.stages = out.(*apigatewayv2.GetStagesOutput).Items
	return verdict{}
}

func (c *routeCheck) findRoute(ctx context.Context, p *probe, found *chain) verdict {
	var err error
	if found.path, err = p.expand(ctx, c.path); err != nil {
		return unexpanded(err)
	}
	found.route = chosenRoute(found.routes, c.method(), found.path)
	if found.route != nil {
		return verdict{}
	}
	f := Finding{Code: routeMissing, Subject: c.key.method + " " + c.key.path, Found: routeKeys(found.routes), Args: found.args()}
	if len(found.routes) == 0 {
		f.Variant = "none"
	}
	if near, differs := nearRoute(found.routes, c.key); near != nil {
		f.Code, f.Expected, f.Found, f.Variant = routeNearMiss, f.Subject, aws.ToString(near.RouteKey), differs
		f.Args["routeid"] = aws.ToString(near.RouteId)
	}
	return failed(f)
}

// args are the values that sentences about an API use.
func (found *chain) args() map[string]string {
	args := map[string]string{"api": aws.ToString(found.api.Name), "id": aws.ToString(found.api.ApiId)}
	if found.route != nil {
		args["route"], args["routeid"] = aws.ToString(found.route.RouteKey), aws.ToString(found.route.RouteId)
	}
	return args
}

func (c *routeCheck) findIntegration(ctx context.Context, p *probe, found *chain) verdict {
	f := Finding{Subject: aws.ToString(found.route.RouteKey), Args: found.args()}
	id, ok := strings.CutPrefix(aws.ToString(found.route.Target), "integrations/")
	if !ok {
		f.Code = routeNoIntegration
		return failed(f)
	}
	out, v := p.askAPI(ctx, "apigatewayv2.GetIntegration", map[string]any{"ApiId": aws.ToString(found.api.ApiId), "IntegrationId": id})
	if out == nil {
		return v
	}
	found.integration = out.(*apigatewayv2.GetIntegrationOutput)
	if c.function == "" {
		return verdict{}
	}
	wanted, err := p.expand(ctx, c.function)
	if err != nil {
		return unexpanded(err)
	}
	var variables map[string]string
	stageName, err := p.expand(ctx, c.stage)
	if err != nil {
		return unexpanded(err)
	}
	if i := slices.IndexFunc(found.stages, func(s types.Stage) bool { return aws.ToString(s.StageName) == stageName }); i >= 0 {
		found.stage = &found.stages[i]
		variables = found.stage.StageVariables
	}
	f.Args["integration"], f.Args["uri"] = id, aws.ToString(found.integration.IntegrationUri)
	if found.target, ok = functionOf(f.Args["uri"], variables); !ok || found.integration.IntegrationType != types.IntegrationTypeAwsProxy {
		f.Code, f.Expected, f.Found = routeNotLambda, wanted, string(found.integration.IntegrationType)+" "+f.Args["uri"]
		return failed(f)
	}
	name, qualifier, _ := strings.Cut(wanted, ":")
	switch {
	case found.target.name != name || qualifier != "" && found.target.qualifier != qualifier:
		f.Code, f.Expected, f.Found = routeOtherFunction, wanted, strings.TrimSuffix(found.target.name+":"+found.target.qualifier, ":")
		return failed(f)
	case p.AWS.Region != "" && found.target.region != p.AWS.Region:
		f.Code, f.Expected, f.Found = routeOtherRegion, p.AWS.Region, found.target.region
		f.Args["function"] = name
		return failed(f)
	}
	return verdict{}
}

func (c *routeCheck) findFunction(ctx context.Context, p *probe, found *chain) verdict {
	if c.function == "" {
		return verdict{}
	}
	var function lambdaCheck
	_, v := function.ready(ctx, p, found.target.name, found.target.qualifier)
	return v
}

func (c *routeCheck) findPermission(ctx context.Context, p *probe, found *chain) verdict {
	if c.function == "" || found.integration.CredentialsArn != nil {
		return verdict{} // no function, or API Gateway invokes it as a role
	}
	op, _ := operation("lambda.GetPolicy")
	input := map[string]any{"FunctionName": found.target.name}
	if found.target.qualifier != "" {
		input["Qualifier"] = found.target.qualifier
	}
	source := "arn:" + found.target.partition + ":execute-api:" + p.AWS.Region + ":" + found.target.account + ":" + aws.ToString(found.api.ApiId)
	_, suggested, _ := strings.Cut(aws.ToString(found.route.RouteKey), " ")
	if suggested == "" {
		suggested = "/" + defaultRoute
	}
	f := Finding{Code: routeNoPermission, Subject: found.target.name, Expected: source + "/*/*" + suggested, Args: found.args()}
	out, err := p.ask(ctx, op, input)
	switch {
	case err != nil && notFound(err):
		return failed(f)
	case err != nil:
		if v, ok := undecidable(err); ok {
			return v
		}
		return verdict{} // the live request will tell
	}
	answer, others, err := mayInvoke(aws.ToString(out.(*lambda.GetPolicyOutput).Policy), c.sources(found, source), found.target.account)
	switch {
	case err != nil || answer == permitted:
		return verdict{}
	case answer == otherSource:
		f.Code, f.Found = routeSourceARN, strings.Join(others, ", ")
	}
	return failed(f)
}

// sources are the ARNs by which API Gateway may ask: of the stage, with the
// request's method or the route's, and the path of the route or the request.
// AWS's documents are not exact about ANY and variables, so all are let count.
func (c *routeCheck) sources(found *chain, source string) []string {
	stage := c.stage
	if found.stage != nil {
		stage = aws.ToString(found.stage.StageName)
	}
	key, _ := parseRouteKey(aws.ToString(found.route.RouteKey))
	if key.path == "" {
		return []string{source + "/" + stage + "/" + defaultRoute, source + "/" + stage + "/*/" + defaultRoute}
	}
	var all []string
	for _, method := range []string{c.method(), key.method, "*"} {
		for _, path := range []string{key.path, found.path} {
			all = append(all, source+"/"+stage+"/"+method+path)
		}
	}
	return all
}

func (c *routeCheck) findStage(ctx context.Context, p *probe, found *chain) verdict {
	name, err := p.expand(ctx, c.stage)
	if err != nil {
		return unexpanded(err)
	}
	f := Finding{Subject: name, Args: found.args()}
	var names []string
	for i := range found.stages {
		names = append(names, aws.ToString(found.stages[i].StageName))
		if aws.ToString(found.stages[i].StageName) == name {
			found.stage = &found.stages[i]
		}
	}
	if found.stage == nil {
		f.Code, f.Found = routeNoStage, strings.Join(names, ", ")
		if len(names) == 0 {
			f.Variant = "none"
		}
		return failed(f)
	}
	f.Args["message"] = aws.ToString(found.stage.LastDeploymentStatusMessage)
	switch auto := aws.ToBool(found.stage.AutoDeploy); {
	case found.stage.DeploymentId == nil && !auto:
		f.Code = routeNotDeployed
		return failed(f)
	case aws.ToBool(found.api.DisableExecuteApiEndpoint):
		f.Code = routeEndpointDisabled
		return failed(f)
	}
	return verdict{}
}
