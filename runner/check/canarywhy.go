package check

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// watch judges the traffic.
func (c *canaryCheck) watch(ctx context.Context, p *probe, found *release) verdict {
	// A name in the answers is looked up once, not for each of them.
	world := p.World
	p.Expand = remembered(world.expand)
	defer func() { p.World = world }()

	var t *traffic
	var asked int
	result := twice(func(nth int) outcome {
		if nth > 1 {
			p.evidence = p.evidence[:asked] // the second sample decides
		}
		asked = len(p.evidence)
		t = c.sample(ctx, p, found, nth)
		return t.outcome
	})
	switch {
	case result == unsettled:
		return t.verdict
	case result == rejected && c.promoted:
		return failed(c.whyOld(found, t))
	case result == rejected:
		return c.why(ctx, p, found, t)
	}
	if v := c.wayRound(ctx, p, found, t); len(v.findings) > 0 {
		return v
	}
	code := remarkShare
	if c.promoted {
		code = remarkPromoted
	}
	return verdict{seen: []Remark{{Code: code, Args: c.numbers(t)}}}
}

// remembered asks for each text once. It is for one goroutine.
func remembered(expand func(context.Context, string) (string, error)) func(context.Context, string) (string, error) {
	known := map[string]string{}
	return func(ctx context.Context, text string) (string, error) {
		if value, ok := known[text]; ok {
			return value, nil
		}
		value, err := expand(ctx, text)
		if err == nil {
			known[text] = value
		}
		return value, err
	}
}

// numbers are those of a sample.
func (c *canaryCheck) numbers(t *traffic) map[string]string {
	return map[string]string{"met": fmt.Sprint(t.canary), "done": fmt.Sprint(t.done), "percent": number64(c.percent), "of": fmt.Sprint(t.of)}
}

// deployments are what the API and the two deployments of a stage have for a
// path.
type deployments struct {
	api           []types.Route // of resources as they are now
	empty         []string      // paths of resources without methods
	stage, canary bool          // that deployment takes the request
	known         bool          // both could be read
}

// readDeployments asks what the deployments of the stage have. The verdict counts
// where that cannot be told now.
func (c *canaryCheck) readDeployments(ctx context.Context, p *probe, found *release) (d deployments, v verdict) {
	d.known = true
	for _, one := range []struct {
		id  *string
		has *bool
	}{{found.stage.DeploymentId, &d.stage}, {found.stage.CanarySettings.DeploymentId, &d.canary}} {
		routes, v := found.deployed(ctx, p, one.id)
		if len(v.findings) > 0 {
			return d, v
		}
		d.known = d.known && len(routes) > 0
		*one.has = chosenRoute(routes, http.MethodGet, bare(found.path)) != nil
	}
	return d, verdict{}
}

// readAPI asks what the API has now.
func (c *canaryCheck) readAPI(ctx context.Context, p *probe, found *release, d *deployments) verdict {
	resources, v := found.resources(ctx, p)
	d.api, d.empty = routesOfResources(resources)
	return v
}

// wayRound finds that the canary has the old version, and the stage the new one.
func (c *canaryCheck) wayRound(ctx context.Context, p *probe, found *release, t *traffic) verdict {
	if c.promoted || !t.unrouted(canarySide) && !t.unrouted(stableSide) {
		return verdict{}
	}
	d, v := c.readDeployments(ctx, p, found)
	if len(v.findings) > 0 {
		return v
	}
	if d.isWrongWayRound(t) {
		return failed(c.wrongWayRound(found, t))
	}
	return verdict{}
}

// isWrongWayRound: the deployment without the path gave the answers that the
// other one should give.
func (d deployments) isWrongWayRound(t *traffic) bool {
	return d.known && (d.stage && !d.canary && t.unrouted(stableSide) || d.canary && !d.stage && t.unrouted(canarySide))
}

func (c *canaryCheck) wrongWayRound(found *release, t *traffic) Finding {
	f := Finding{Code: canaryDeployedToStage, Subject: http.MethodGet + " " + found.path, Args: found.args()}
	maps.Copy(f.Args, c.numbers(t))
	return f
}

// why explains a share that is wrong, or an answer that nobody should give.
func (c *canaryCheck) why(ctx context.Context, p *probe, found *release, t *traffic) verdict {
	if t.first[bothSides] != nil {
		return failed(c.odd(canaryBoth, found, t.first[bothSides]))
	}
	asked := len(p.evidence)
	d, v := c.readDeployments(ctx, p, found)
	if len(v.findings) > 0 {
		return v
	}
	nowhere := d.known && !d.stage && !d.canary && (t.unrouted(canarySide) || t.unrouted(stableSide) || t.unrouted(noSide))
	f := Finding{Subject: http.MethodGet + " " + found.path, Args: found.args()}
	switch {
	case nowhere:
		if v := c.readAPI(ctx, p, found, &d); len(v.findings) > 0 {
			return v
		}
		return failed(c.nowhere(found, d, f))
	case d.isWrongWayRound(t):
		return failed(c.wrongWayRound(found, t))
	case t.first[noSide] != nil:
		p.evidence = p.evidence[:asked] // the deployments do not explain it
		return failed(c.odd(canaryOtherAnswer, found, t.first[noSide]))
	case d.known && d.stage && d.canary && t.canary == t.done:
		f.Code = canaryInBoth
		return failed(f)
	}
	p.evidence = p.evidence[:asked]
	f.Code, f.Expected, f.Found = canaryShare, c.share.String(), fmt.Sprint(t.canary)
	maps.Copy(f.Args, c.numbers(t))
	return failed(f)
}

// nowhere finds why no deployment has the path.
func (c *canaryCheck) nowhere(found *release, d deployments, f Finding) Finding {
	wanted := routeKey{http.MethodGet, bare(found.path)}
	if chosenRoute(d.api, wanted.method, wanted.path) != nil {
		f.Code = canaryNotDeployed
		return f
	}
	return missingPath(f, wanted, d.api, d.empty, codesOfPaths{canaryPathMissing, canaryPathNearMiss})
}

// odd is an answer that does not tell whose it is.
func (c *canaryCheck) odd(code string, found *release, a *answer) Finding {
	return Finding{Code: code, Subject: a.subject(), Found: fmt.Sprintf("%d %s", a.StatusCode, shorten(a.body)), Args: found.args()}
}

// whyOld explains that after a promotion the new version does not answer.
func (c *canaryCheck) whyOld(found *release, t *traffic) Finding {
	f := c.odd(canaryNotPromoted, found, t.first[noSide])
	switch settings := found.stage.CanarySettings; {
	case settings == nil:
		f.Variant = "gone"
	case aws.ToString(settings.DeploymentId) == aws.ToString(found.stage.DeploymentId):
		f.Code, f.Variant = canaryOtherAnswer, "promoted"
	}
	return f
}

// alike reports whether some answer certainly fits both sides: they differ in
// the status alone, or one asks for nothing that the other does not ask for.
func alike(a, b answerMatchers) bool {
	if a.onlyStatus() && b.onlyStatus() {
		fitsBoth := false
		for status := 100; status < 600; status++ {
			fitsBoth = fitsBoth || fits(a.status, status) && fits(b.status, status)
		}
		return fitsBoth || reflect.DeepEqual(a.status, b.status)
	}
	return a.covers(b) || b.covers(a)
}

func (m answerMatchers) onlyStatus() bool {
	return m.status != nil && m.text == nil && m.parsed == nil && len(m.headers) == 0
}

func fits(m matcher, status int) bool {
	wrong, err := m.match(context.Background(), World{}, number(status))
	return wrong == nil && err == nil
}

// covers reports whether every answer that fits the other fits this one.
func (m answerMatchers) covers(other answerMatchers) bool {
	same := func(ours, theirs matcher) bool { return ours == nil || reflect.DeepEqual(ours, theirs) }
	for _, h := range m.headers {
		if !slices.ContainsFunc(other.headers, func(o expectedHeader) bool {
			return strings.EqualFold(h.name, o.name) && same(h.matcher, o.matcher)
		}) {
			return false
		}
	}
	return same(m.status, other.status) && same(m.text, other.text) && same(m.parsed, other.parsed)
}
