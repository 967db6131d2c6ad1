package check

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	v2types "github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// restCORS are the settings of a REST API, as far as they make the answers to a
// browser: the resource of the path, and its methods.
type restCORS struct {
	*corsWhy
	resources []types.Resource
	resource  *types.Resource
	methods   map[string]*restMethod // by key, as they are read

	deployed [][]v2types.Route // what the stage serves, its canary too where that has traffic, as routes
}

func newRESTCORS(ctx context.Context, w *corsWhy) (*restCORS, verdict) {
	s := &restCORS{corsWhy: w, methods: map[string]*restMethod{}}
	var v verdict
	if s.resources, v = w.found.rest.resources(ctx, w.p); len(v.findings) > 0 {
		return nil, v
	}
	s.resource = chosenResource(s.resources, bare(w.found.path))
	for _, deployment := range w.found.rest.serving() {
		routes, v := w.found.rest.deployed(ctx, w.p, deployment)
		if len(v.findings) > 0 {
			return nil, v
		}
		if len(routes) > 0 {
			s.deployed = append(s.deployed, routes)
		}
	}
	return s, verdict{}
}

// key is the method of the resource that takes a request, "" for none.
func (s *restCORS) key(method string) string {
	return methodKey(s.resource, method)
}

// method reads the settings of the method that takes a request; nil for none.
func (s *restCORS) method(ctx context.Context, name string) (*restMethod, verdict) {
	key := s.key(name)
	if m, ok := s.methods[key]; ok || key == "" {
		return m, verdict{}
	}
	m, v := s.found.rest.method(ctx, s.p, s.resource, key)
	if m == nil {
		return nil, v
	}
	s.methods[key] = m
	return m, verdict{}
}

func (s *restCORS) exists(_ context.Context, row *corsRow) verdict {
	if s.key(row.request.Method) != "" {
		return verdict{}
	}
	wanted := routeKey{row.request.Method, bare(s.found.path)}
	routes, empty := routesOfResources(s.resources)
	f := missingPath(Finding{Subject: wanted.method + " " + wanted.path, Args: s.found.args()}, wanted, routes, empty, codesOfPaths{corsPathMissing, corsPathNearMiss})
	f.Args["deploy"] = s.found.deploy()
	return failed(f)
}

// serves reports whether all that the stage serves has a method for the path.
func (s *restCORS) serves(method string) bool {
	return !slices.ContainsFunc(s.deployed, func(routes []v2types.Route) bool {
		return chosenRoute(routes, method, trimmed(bare(s.found.path))) == nil
	})
}

func (s *restCORS) served(_ context.Context, row *corsRow) verdict {
	if s.serves(row.request.Method) {
		return verdict{}
	}
	return s.stale(row)
}

func (s *restCORS) links(ctx context.Context, row *corsRow, preflight bool) verdict {
	if s.resource == nil {
		return s.exists(ctx, row)
	}
	name, contentType := row.request.Method, row.contentType()
	if preflight {
		name, contentType = http.MethodOptions, ""
	}
	m, v := s.method(ctx, name)
	if len(v.findings) > 0 {
		return v
	}
	if m == nil && !preflight { // the gateway answers, and the lesson knows
		return verdict{}
	}
	if preflight {
		if f := s.optionsLink(m); f != nil {
			return failed(*f)
		}
	}
	if f := s.answerLink(m, name, contentType); f != nil {
		return failed(*f)
	}
	return verdict{}
}

// optionsLink is what is wrong with who may ask for OPTIONS: a preflight carries no
// credentials of any sort.
func (s *restCORS) optionsLink(m *restMethod) *Finding {
	f := &Finding{Subject: http.MethodOptions + " " + s.found.path, Args: s.found.args()}
	if m == nil {
		f.Code = corsNoOptions
		f.Args["fix"] = (&restMethod{api: s.found.restID(), resource: aws.ToString(s.resource.Id), key: http.MethodOptions}).command("put-method", "--authorization-type", "NONE")
		return f
	}
	f.Code = corsOptionsProtected
	switch kind := aws.ToString(m.method.AuthorizationType); {
	case kind != "" && kind != "NONE":
		f.Found = kind
		f.Args["fix"] = m.command("update-method", "--patch-operations", "op=replace,path=/authorizationType,value=NONE")
	case aws.ToBool(m.method.ApiKeyRequired):
		f.Variant = "key"
		f.Args["fix"] = m.command("update-method", "--patch-operations", "op=replace,path=/apiKeyRequired,value=false")
	default:
		return nil
	}
	if m.key == "ANY" {
		f.Variant = strings.TrimPrefix(f.Variant+"-any", "-")
		own := *m
		own.key = http.MethodOptions
		f.Args["fix"] = own.command("put-method", "--authorization-type", "NONE")
		return f
	}
	f.Args["fix"] = then(f.Args["fix"], s.found.deploy())
	return f
}

// answerLink is what keeps a method from answering at all: no integration, or for
// those that are no proxies no way from its answer to the caller's.
func (s *restCORS) answerLink(m *restMethod, method, contentType string) *Finding {
	f := &Finding{Subject: method + " " + s.found.path, Args: s.found.args()}
	in := m.method.MethodIntegration
	if in == nil {
		f.Code = corsNoIntegration
		if method != http.MethodOptions {
			f.Variant = "method"
		} else {
			f.Args["fix"] = m.putMock()
		}
		return f
	}
	if isProxy(in) {
		return nil
	}
	status := 0
	if in.Type == types.IntegrationTypeMock {
		var known bool
		if status, known = mockStatus(in, contentType); !known {
			return nil // the live answer tells
		}
		if slices.Contains(s.found.rest.api.BinaryMediaTypes, "*/*") && in.ContentHandling != types.ContentHandlingStrategyConvertToText {
			f.Code, f.Variant = corsMockTemplate, "binary"
			f.Args["fix"] = then(m.command("update-integration", "--patch-operations", "op=replace,path=/contentHandling,value=CONVERT_TO_TEXT"), s.found.deploy())
			return f
		}
		if kind := mediaType(contentType); status == 0 && kind != jsonType {
			f.Code, f.Variant, f.Found = corsMockTemplate, "type", kind
			f.Args["fix"] = then(m.command("update-integration", "--patch-operations",
				quote(`[{"op":"add","path":"/requestTemplates/`+strings.NewReplacer("~", "~0", "/", "~1").Replace(kind)+`","value":"{\"statusCode\": 200}"}]`)), s.found.deploy())
			return f
		}
		if status == 0 {
			f.Code, f.Found = corsMockTemplate, shorten(in.RequestTemplates[jsonType])
			f.Args["fix"] = then(m.putMock(), s.found.deploy())
			return f
		}
	}
	outcome, known := outcomeOf(in, status)
	if !known {
		return nil
	}
	if outcome == nil {
		f.Code, f.Expected = corsNoIntegrationResponse, "200"
		if status != 0 {
			f.Expected = strconv.Itoa(status)
		}
		f.Args["fix"] = m.putResponses(f.Expected)
		return f
	}
	code := aws.ToString(outcome.StatusCode)
	if _, ok := m.method.MethodResponses[code]; !ok {
		f.Code, f.Expected = corsNoMethodResponse, code
		f.Args["fix"] = m.command("put-method-response", "--status-code", code)
		return f
	}
	return nil
}

// putMock makes the integration of an OPTIONS method.
func (m *restMethod) putMock() string {
	return m.command("put-integration", "--type", "MOCK", "--request-templates", object(map[string]string{jsonType: `{"statusCode": 200}`}))
}

// putResponses makes what an answer of a status needs, as far as it is lacking.
func (m *restMethod) putResponses(status string) string {
	first := ""
	if _, ok := m.method.MethodResponses[status]; !ok {
		first = m.command("put-method-response", "--status-code", status)
	}
	return then(first, m.command("put-integration-response", "--status-code", status))
}

func isProxy(in *types.Integration) bool {
	return in.Type == types.IntegrationTypeAwsProxy || in.Type == types.IntegrationTypeHttpProxy
}

const jsonType = "application/json"

// contentType is what the request says of its body.
func (r *corsRow) contentType() string {
	for _, h := range r.request.Headers {
		if strings.EqualFold(h.Name, "Content-Type") {
			return h.Value
		}
	}
	return ""
}

// mediaType is a Content-Type without its parameters; none counts as JSON.
func mediaType(contentType string) string {
	kind, _, _ := strings.Cut(contentType, ";")
	return cmp.Or(strings.ToLower(strings.TrimSpace(kind)), jsonType)
}

// mockStatus reads the statusCode that a MOCK integration's template gives: 0 where
// it gives none. A template that computes it is not known.
func mockStatus(in *types.Integration, contentType string) (status int, known bool) {
	// What no template is for is passed on as it is, and a case has no body.
	template, ok := in.RequestTemplates[mediaType(contentType)]
	if !ok {
		template, ok = in.RequestTemplates["$default"]
	}
	if !ok {
		return 0, true
	}
	if strings.ContainsAny(template, "#$") {
		return 0, false
	}
	if m := statusMember.FindStringSubmatch(template); m != nil {
		status, err := strconv.Atoi(m[1])
		return status, err == nil
	}
	return 0, !strings.Contains(template, "statusCode") || statusText.MatchString(template)
}

// The member that a template needs: AWS takes its name without quotes, and its value
// as a number alone.
var (
	statusMember = regexp.MustCompile(`^\s*\{(?:[^{}]*,)?\s*["']?statusCode["']?\s*:\s*([0-9]{3})\s*(?:,[^{}]*)?\}\s*$`)
	statusText   = regexp.MustCompile(`statusCode["']?\s*:\s*["']`)
)

// outcomeOf is the integration response for an endpoint's status: one whose pattern
// takes the whole of it, or the default, which has none. For 0, a status that is
// not known, it is known only where there is no choice.
func outcomeOf(in *types.Integration, status int) (outcome *types.IntegrationResponse, known bool) {
	var fallback *types.IntegrationResponse
	choice := false
	for _, code := range slices.Sorted(maps.Keys(in.IntegrationResponses)) {
		one := in.IntegrationResponses[code]
		pattern := aws.ToString(one.SelectionPattern)
		if pattern == "" {
			fallback = &one
			continue
		}
		choice = true
		re, err := regexp.Compile("^(?:" + pattern + ")$")
		if err != nil || status == 0 {
			continue
		}
		if re.MatchString(strconv.Itoa(status)) {
			return &one, true
		}
	}
	return fallback, status != 0 || !choice
}
