package check

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

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
	if v := found.findAPI(ctx, p, c.api, codesOfNames{canaryAPIMissing, canaryAPINearMiss, canaryAPITwice}); len(v.findings) > 0 {
		return v
	}
	if found.api.DisableExecuteApiEndpoint {
		return failed(Finding{Code: canaryEndpointDisabled, Subject: aws.ToString(found.api.Name), Args: found.args()})
	}
	return verdict{}
}

func (c *canaryCheck) findStage(ctx context.Context, p *probe, found *release) verdict {
	name, err := p.expand(ctx, c.stage)
	if err == nil {
		found.path, err = p.expand(ctx, c.path)
	}
	if err != nil {
		return unexpanded(err)
	}
	if v := found.findStage(ctx, p, name, codesOfStages{canaryNoStage, canaryStageNearMiss}); len(v.findings) > 0 {
		return v
	}
	return found.findAddress(p)
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
