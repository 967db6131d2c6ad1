package check

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// restMethod is a method of a resource.
type restMethod struct {
	api, resource, key string
	method             *apigateway.GetMethodOutput
}

// chosenResource is the resource to which API Gateway takes a request: segment by
// segment a literal before a variable, and that before a greedy one. The method
// does not matter, but resources without any are passed over.
func chosenResource(resources []types.Resource, path string) *types.Resource {
	var best *types.Resource
	var bestFit []int
	for i := range resources {
		if len(resources[i].ResourceMethods) == 0 {
			continue
		}
		fit := routeKey{"ANY", trimmed(aws.ToString(resources[i].Path))}.takes("", trimmed(path))
		if fit != nil && (best == nil || slices.Compare(fit, bestFit) > 0) {
			best, bestFit = &resources[i], fit
		}
	}
	return best
}

// trimmed is a path without the slashes that REST APIs do not count.
func trimmed(path string) string { return "/" + strings.Trim(path, "/") }

// methodKey is the method of a resource that takes a request, "" for none.
func methodKey(resource *types.Resource, method string) string {
	if resource == nil {
		return ""
	}
	for _, key := range []string{method, "ANY"} {
		if _, ok := resource.ResourceMethods[key]; ok {
			return key
		}
	}
	return ""
}

// method reads the settings of a method of a resource.
func (found *release) method(ctx context.Context, p *probe, resource *types.Resource, key string) (*restMethod, verdict) {
	m := &restMethod{api: found.id(), resource: aws.ToString(resource.Id), key: key}
	out, v := p.askAPI(ctx, "apigateway.GetMethod", map[string]any{"restApiId": m.api, "resourceId": m.resource, "httpMethod": key})
	if out == nil {
		return nil, v
	}
	m.method = out.(*apigateway.GetMethodOutput)
	return m, verdict{}
}

// errorType is the name that a REST API gives to errors of its own, "" for what
// comes from behind it.
func (a *answer) errorType() string {
	kind, _, _ := strings.Cut(a.Header.Get("X-Amzn-Errortype"), ":")
	return kind
}

// noMethod reports whether a REST API knew nowhere to take a request.
func (a *answer) noMethod() bool {
	// With an Authorization header it takes the request for one to AWS itself
	// (AWS-BEHAVIOUR §1.2, where the type of that error is not known).
	kind := a.errorType()
	return a.StatusCode == http.StatusForbidden && (kind == "MissingAuthenticationTokenException" || kind == "IncompleteSignatureException" || kind == "InvalidSignatureException" ||
		strings.Contains(a.body, "key=value pair (missing equal-sign) in Authorization header"))
}

// gatewayFault reports whether a fault is one that a REST API's own settings, its
// functions or the permissions to invoke them make.
func (a *answer) gatewayFault() bool {
	return (a.StatusCode == http.StatusInternalServerError || a.StatusCode == http.StatusBadGateway) && a.errorType() != ""
}

// A canary and its stage both answer a case, with a chance of all but missedSide and
// as far as mostRequests allow.
const (
	missedSide   = 1e-6
	mostRequests = 400
)

// rounds is how often a table of so many requests is made, so that a canary and its
// stage both answer.
func (found *release) rounds(requests int) int {
	settings := found.stage.CanarySettings
	if settings == nil {
		return 1
	}
	lesser := min(settings.PercentTraffic, 100-settings.PercentTraffic) / 100
	if lesser <= 0 || aws.ToString(settings.DeploymentId) == aws.ToString(found.stage.DeploymentId) && len(settings.StageVariableOverrides) == 0 {
		return 1
	}
	return int(min(math.Ceil(math.Log(missedSide)/math.Log1p(-lesser)), max(1, mostRequests/float64(requests))))
}

// repeated is a table that is made several times, since a canary and its stage may
// answer in turns.
type repeated[R any] struct {
	rounds   int
	again    func(ctx context.Context) ([]R, verdict)
	outcome  func(row R) string                   // in what way a case came out
	says     func(row R) bool                     // whether its answer says anything of the API's settings
	distance func(ctx context.Context, row R) int // from what it should be
	mixed    func(row R) Finding
}

// worst makes the table for the other rounds, and lets the worst that came of each
// case stand in rows, which are the first. It finds that a case came out in two ways.
func (t repeated[R]) worst(ctx context.Context, p *probe, rows []R) verdict {
	for range t.rounds - 1 {
		kept := len(p.evidence)
		again, v := t.again(ctx)
		if len(v.findings) > 0 {
			return v
		}
		worse, transient := false, false
		for i, row := range again {
			before := rows[i]
			if t.distance(ctx, row) > t.distance(ctx, before) {
				rows[i], worse = row, true
			}
			switch {
			case !t.says(before) || !t.says(row):
				transient = true
			case t.outcome(row) != t.outcome(before):
				return failed(t.mixed(row))
			}
		}
		switch {
		case transient:
			return verdict{} // more of the same would tell no more
		case !worse:
			p.evidence = p.evidence[:kept] // one round stands for all
		}
	}
	return verdict{}
}
