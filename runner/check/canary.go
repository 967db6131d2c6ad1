package check

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/lesson/yamltree"
)

// canaryCheck follows a canary release of a REST API: there is one API of that
// name or id (canary.api-missing, canary.api-near-miss, canary.api-twice,
// canary.endpoint-disabled), the stage (canary.no-stage, canary.stage-near-miss),
// its canary (canary.none), the percentage (canary.percent), a deployment of the
// canary's own (canary.same-deployment), and the traffic itself, of which a
// sample is taken.
//
// Of the traffic it finds: an answer that is neither the canary's nor the stable
// one's (canary.other-answer), or both (canary.both); a path that is nowhere
// (canary.path-missing, canary.path-near-miss), or in no deployment
// (canary.not-deployed); that the new version was deployed to the stage, not to
// the canary (canary.deployed-to-stage), or is in both (canary.in-both); and
// another share for no such reason (canary.share). Answers of 5xx leave it
// undecided (undecided.answers), and 429 does (undecided.throttled).
//
// After a promotion: the canary is gone or takes no traffic (canary.left,
// canary.not-deleted), and the new version answers every request
// (canary.not-promoted, canary.other-answer).
//
// What deployments hold cannot be read on AWS but for their paths and methods,
// so it is the traffic that decides, and what can be read that explains. An
// answer of MissingAuthenticationTokenException comes from the deployment that
// lacks the path: so the check tells a split that is the wrong way round, which
// at 50 % the shares would not.
type canaryCheck struct {
	api, stage, path string // with variables
	percent          float64
	promoted         bool
	deleted          bool // and nothing of the canary is left
	canary, stable   answerMatchers
	share            share
}

func compileCanary(r *reader) looker {
	f := r.fields(r.subject, "canary", "api", "stage", "percent", "promoted", "deleted", "path", "canary", "stable", "requests")
	c := &canaryCheck{api: f.Required("api", "$REST_API_ID"), stage: f.Required("stage", "PROD"), path: f.Required("path", "/v2/pets")}
	if c.path != "" && !strings.HasPrefix(c.path, "/") {
		f.Wrong(f.Get("path"), "route.path-form", "path", c.path)
	}
	c.promoted, c.deleted = truth(f, "promoted"), truth(f, "deleted")
	requests := f.Int("requests", sampleSize, leastSample, mostSample)
	r.done(f)
	c.canary = r.side(f, "canary", "{status: 200}")
	if c.deleted && !c.promoted {
		r.wrong(f.Get("deleted"), "canary.deleted-alone")
	}
	if c.promoted {
		for _, key := range []string{"percent", "stable"} {
			if n := f.Get(key); n != nil {
				r.wrong(n, "canary.promoted-with", "key", key)
			}
		}
		c.percent, c.share = 100, newShare(requests, 1)
		return c
	}
	c.stable = r.side(f, "stable", "{status: 403}")
	c.percent = r.percent(f)
	if len(r.mistakes) > 0 {
		return c
	}
	if alike(c.canary, c.stable) {
		r.wrong(f.Get("stable"), "canary.alike")
	}
	c.share = newShare(requests, c.percent/100)
	if c.percent > 0 && c.percent < 100 && !c.share.telling() {
		// A chance of tailChance that a right share gives none, or nothing else.
		enough := math.Ceil(math.Log(tailChance) / math.Log1p(-min(c.percent, 100-c.percent)/100))
		r.wrong(f.Get("percent"), "canary.too-few", "requests", fmt.Sprint(requests), "percent", number64(c.percent), "enough", number64(enough))
	}
	return c
}

// truth reads true or false, false when it is not there.
func truth(f *yamltree.Fields, key string) bool {
	n := f.Get(key)
	if n == nil {
		return false
	}
	if n.Kind != yamltree.Bool {
		f.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", yamltree.Bool.Key())
	}
	return n.Text == "true"
}

// side reads the answer of one version.
func (r *reader) side(f *yamltree.Fields, key, example string) answerMatchers {
	n := f.Get(key)
	if n == nil {
		if r.subject.Kind == yamltree.Map {
			r.wrong(r.subject, "yaml.missing-key", "in", "canary", "key", key, "example", example)
		}
		return answerMatchers{}
	}
	return r.answerOf(n.Fields(key, "status", "headers", "body", "json"))
}

func (r *reader) percent(f *yamltree.Fields) float64 {
	n := f.Get("percent")
	if n == nil {
		if r.subject.Kind == yamltree.Map {
			r.wrong(r.subject, "yaml.missing-key", "in", "canary", "key", "percent", "example", "50")
		}
		return 0
	}
	percent, err := strconv.ParseFloat(n.Text, 64)
	if n.Kind != yamltree.Number || err != nil || !(percent >= 0 && percent <= 100) {
		r.wrong(n, "canary.percentage", "percent", shorten(n.Text))
	}
	return percent
}

func number64(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// release is what was found of a canary release, link by link.
type release struct {
	api     types.RestApi
	stage   types.Stage
	path    string
	address string // of the live requests
}

func (c *canaryCheck) look(ctx context.Context, p *probe) verdict {
	var found release
	for _, link := range []func(context.Context, *probe, *release) verdict{c.findAPI, c.findStage, c.findCanary} {
		if v := link(ctx, p, &found); len(v.findings) > 0 {
			return v
		}
	}
	return c.watch(ctx, p, &found)
}

func (c *canaryCheck) findAPI(ctx context.Context, p *probe, found *release) verdict {
	wanted, err := p.expand(ctx, c.api)
	if err != nil {
		return unexpanded(err)
	}
	out, v := p.askAPI(ctx, "apigateway.GetRestApis", map[string]any{})
	if out == nil {
		return v
	}
	api, finding := named(wanted, out.(*apigateway.GetRestApisOutput).Items, func(a *types.RestApi) *string { return a.Id }, func(a *types.RestApi) *string { return a.Name },
		codesOfNames{canaryAPIMissing, canaryAPINearMiss, canaryAPITwice})
	if finding != nil {
		return failed(*finding)
	}
	found.api = *api
	if found.api.DisableExecuteApiEndpoint {
		return failed(Finding{Code: canaryEndpointDisabled, Subject: wanted, Args: found.args()})
	}
	return verdict{}
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

func (c *canaryCheck) findStage(ctx context.Context, p *probe, found *release) verdict {
	name, err := p.expand(ctx, c.stage)
	if err == nil {
		found.path, err = p.expand(ctx, c.path)
	}
	if err != nil {
		return unexpanded(err)
	}
	out, v := p.askAPI(ctx, "apigateway.GetStages", map[string]any{"restApiId": aws.ToString(found.api.Id)})
	if out == nil {
		return v
	}
	stages := out.(*apigateway.GetStagesOutput).Item
	var names []string
	for _, stage := range stages {
		names = append(names, aws.ToString(stage.StageName))
	}
	i := slices.Index(names, name)
	if i >= 0 {
		found.stage = stages[i]
		return c.findAddress(p, found)
	}
	f := Finding{Code: canaryNoStage, Subject: name, Found: strings.Join(names, ", "), Args: found.args()}
	if len(names) == 0 {
		f.Variant = "none"
	}
	if near := yamltree.Nearest(name, names); near != "" {
		f.Code, f.Expected, f.Found = canaryStageNearMiss, name, near
	}
	return failed(f)
}

// findAddress makes the address of the live requests. A REST API does not tell
// its own.
func (c *canaryCheck) findAddress(p *probe, found *release) verdict {
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

// findCanary looks at the stage's settings.
func (c *canaryCheck) findCanary(_ context.Context, _ *probe, found *release) verdict {
	settings := found.stage.CanarySettings
	f := Finding{Subject: aws.ToString(found.stage.StageName), Args: found.args()}
	switch {
	case c.promoted && settings == nil:
		return verdict{}
	case c.promoted && settings.PercentTraffic > 0:
		f.Code, f.Expected, f.Found = canaryLeft, "0", number64(settings.PercentTraffic)
	case c.promoted && c.deleted:
		f.Code, f.Found = canaryNotDeleted, number64(settings.PercentTraffic)
	case c.promoted:
		return verdict{}
	case settings == nil:
		f.Code, f.Expected = canaryNone, number64(c.percent)
	case math.Abs(settings.PercentTraffic-c.percent) > 1e-6:
		f.Code, f.Expected, f.Found = canaryPercent, number64(c.percent), number64(settings.PercentTraffic)
		if settings.PercentTraffic == 0 {
			f.Variant = "zero"
		}
	case aws.ToString(settings.DeploymentId) == aws.ToString(found.stage.DeploymentId) && len(settings.StageVariableOverrides) == 0:
		// With variables of its own, a canary of the same deployment may well answer
		// otherwise.
		f.Code, f.Found = canarySameDeployment, aws.ToString(settings.DeploymentId)
	default:
		return verdict{}
	}
	return failed(f)
}

// request is the live request.
func (found *release) request(ctx context.Context) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, found.address, http.NoBody)
	if err == nil {
		request.Header.Set(CheckHeader, "1")
	}
	return request, err
}
