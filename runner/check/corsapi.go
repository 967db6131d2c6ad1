package check

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	resttypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// corsAPI is an API of either kind.
type corsAPI struct {
	id, name *string
	rest     *resttypes.RestApi
	http     *types.Api
}

// findAPI looks among the APIs of both kinds.
func (c *corsCheck) findAPI(ctx context.Context, p *probe, found *corsSubject) verdict {
	wanted, err := p.expand(ctx, c.api)
	if err != nil {
		return unexpanded(err)
	}
	var all []corsAPI
	out, v := p.askAPI(ctx, "apigateway.GetRestApis", map[string]any{})
	if out == nil {
		return v
	}
	for i, items := 0, out.(*apigateway.GetRestApisOutput).Items; i < len(items); i++ {
		all = append(all, corsAPI{id: items[i].Id, name: items[i].Name, rest: &items[i]})
	}
	if !slices.ContainsFunc(all, func(a corsAPI) bool { return aws.ToString(a.id) == wanted }) { // an id beats names
		if out, v = p.askAPI(ctx, "apigatewayv2.GetApis", map[string]any{}); out == nil {
			return v
		}
		for i, items := 0, out.(*apigatewayv2.GetApisOutput).Items; i < len(items); i++ {
			all = append(all, corsAPI{id: items[i].ApiId, name: items[i].Name, http: &items[i]})
		}
	}
	api, finding := named(wanted, all, func(a *corsAPI) *string { return a.id }, func(a *corsAPI) *string { return a.name },
		codesOfNames{corsAPIMissing, corsAPINearMiss, corsAPITwice})
	if finding != nil {
		return failed(*finding)
	}
	disabled := false
	switch {
	case api.rest != nil:
		found.rest = &release{api: *api.rest}
		disabled = api.rest.DisableExecuteApiEndpoint
	case api.http.ProtocolType != types.ProtocolTypeHttp:
		return failed(Finding{Code: corsWebSocket, Subject: wanted, Expected: string(types.ProtocolTypeHttp), Found: string(api.http.ProtocolType)})
	default:
		found.http = &chain{api: *api.http}
		disabled = aws.ToBool(api.http.DisableExecuteApiEndpoint)
	}
	if disabled {
		f := Finding{Code: corsEndpointDisabled, Subject: wanted, Args: found.args()}
		f.Args["fix"] = found.enableEndpoint()
		return failed(f)
	}
	return verdict{}
}

// findStage finds the stage and the address of the live requests. An HTTP API's
// stage is $default unless the check says otherwise.
func (c *corsCheck) findStage(ctx context.Context, p *probe, found *corsSubject) verdict {
	var err error
	if found.path, err = p.expand(ctx, c.path); err != nil {
		return unexpanded(err)
	}
	found.stage = defaultRoute
	if c.stage != "" {
		if found.stage, err = p.expand(ctx, c.stage); err != nil {
			return unexpanded(err)
		}
	}
	codes := codesOfStages{corsNoStage, corsStageNearMiss}
	if found.rest != nil {
		found.rest.path = found.path
		if v := found.rest.findStage(ctx, p, found.stage, codes); len(v.findings) > 0 {
			return found.noStage(v)
		}
		v := found.rest.findAddress(p)
		found.address = found.rest.address
		return v
	}
	h := found.http
	out, v := p.askAPI(ctx, "apigatewayv2.GetStages", map[string]any{"ApiId": aws.ToString(h.api.ApiId)})
	if out == nil {
		return v
	}
	h.stages = out.(*apigatewayv2.GetStagesOutput).Items
	names := make([]string, len(h.stages))
	for i, stage := range h.stages {
		names[i] = aws.ToString(stage.StageName)
	}
	i, f := namedStage(found.stage, names, codes)
	if f != nil {
		f.Args = found.args()
		return found.noStage(failed(*f))
	}
	h.stage, h.path = &h.stages[i], found.path
	if h.stage.DeploymentId == nil && !aws.ToBool(h.stage.AutoDeploy) {
		f := Finding{Code: corsNotDeployed, Variant: "nothing", Subject: found.stage, Args: found.args()}
		f.Args["fix"] = found.deploy()
		return failed(f)
	}
	found.address = strings.TrimSuffix(aws.ToString(h.api.ApiEndpoint), "/")
	if found.stage != defaultRoute {
		found.address += "/" + found.stage
	}
	found.address += found.path
	if u, err := url.Parse(found.address); err != nil || u.Host == "" {
		return failed(Finding{Code: httpAddress, Subject: found.address})
	}
	return verdict{}
}

// noStage adds to a finding of [namedStage] how the stage is made.
func (found *corsSubject) noStage(v verdict) verdict {
	if !v.undecided && !v.pending {
		v.findings[0].Args["fix"] = found.makeStage()
	}
	return v
}
