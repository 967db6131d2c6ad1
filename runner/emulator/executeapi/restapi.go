package executeapi

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"mime"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// restAPI is a deployment of a REST API, fit to be served.
type restAPI struct {
	from        *RESTDeployment
	resources   *resourceNode
	authorizers map[string]*restAuthorizer        // by id
	validators  map[string]*rest.RequestValidator // by id
	models      *models
	responses   map[rest.GatewayResponseType]*rest.GatewayResponse // those that were changed
}

// compiledREST keeps the deployments that were asked for, made fit.
type compiledREST struct {
	mu          sync.RWMutex
	deployments map[*RESTDeployment]*restAPI
}

// maxCompiled bounds what is kept: deployments that are no more served go with the
// others, which are made fit again when they are asked for.
const maxCompiled = 64

// restAPI gives a deployment fit to be served, or nil for none.
func (h *Handler) restAPI(from *RESTDeployment) *restAPI {
	if from == nil {
		return nil
	}
	h.compiledREST.mu.RLock()
	api := h.compiledREST.deployments[from]
	h.compiledREST.mu.RUnlock()
	if api != nil {
		return api
	}
	h.compiledREST.mu.Lock()
	defer h.compiledREST.mu.Unlock()
	if api := h.compiledREST.deployments[from]; api != nil {
		return api
	}
	if len(h.compiledREST.deployments) >= maxCompiled {
		clear(h.compiledREST.deployments)
	}
	api = compileREST(from)
	h.compiledREST.deployments[from] = api
	return api
}

func compileREST(from *RESTDeployment) *restAPI {
	api := &restAPI{from: from, authorizers: map[string]*restAuthorizer{}, validators: map[string]*rest.RequestValidator{}, models: newModels(from), responses: map[rest.GatewayResponseType]*rest.GatewayResponse{}}
	for i := range from.Authorizers {
		api.authorizers[aws.ToString(from.Authorizers[i].Id)] = newRESTAuthorizer(&from.Authorizers[i])
	}
	for i := range from.RequestValidators {
		api.validators[aws.ToString(from.RequestValidators[i].Id)] = &from.RequestValidators[i]
	}
	for i := range from.GatewayResponses {
		api.responses[from.GatewayResponses[i].ResponseType] = &from.GatewayResponses[i]
	}
	api.resources = newResources(api, from.Resources)
	return api
}

// binary reports whether a type is one of the API's binary ones; only the first
// of several types counts (guide, "Content type conversions in API Gateway").
func (a *restAPI) binary(header string) bool {
	kind := mediaType(header)
	if kind == "" {
		return false
	}
	for _, known := range a.from.API.BinaryMediaTypes {
		known = strings.ToLower(known)
		prefix, all := strings.CutSuffix(known, "/*")
		if known == "*/*" || known == kind || all && strings.HasPrefix(kind, prefix+"/") {
			return true
		}
	}
	return false
}

// binaryBody reports whether a request's body is binary. Without a Content-Type it
// is where all types are (log in clebert/aws-simple#167, which has "[Binary Data]"
// of a request without a body); a test's, which is a text, never is
// (CodeGenieApp/serverless-express#58: the test passes, the request fails).
func (x *restExchange) binaryBody() bool {
	if x.test != nil {
		return false
	}
	if kind := x.header("Content-Type"); kind != "" {
		return x.api.binary(kind)
	}
	return slices.Contains(x.api.from.API.BinaryMediaTypes, "*/*")
}

// mediaType is the first type of a Content-Type or an Accept, in lower case and
// without parameters.
func mediaType(header string) string {
	first, _, _ := strings.Cut(header, ",")
	if kind, _, err := mime.ParseMediaType(first); err == nil {
		return kind
	}
	first, _, _ = strings.Cut(first, ";")
	return strings.ToLower(strings.TrimSpace(first))
}

// restMethod is a method of a resource. What its integration needs is made fit
// when it is first asked for: an API may have thousands.
type restMethod struct {
	rest.Method
	api  *restAPI
	key  string // "GET", "ANY"
	once sync.Once
	restIntegration
}

// restIntegration is a method's integration, made fit.
type restIntegration struct {
	*rest.Integration                           // nil: there is none
	templates         map[string]*bodyTemplate  // of requests, by content type
	parameters        []restMapping             // of requests
	responses         []*restIntegrationOutcome // those with a pattern, then the default
}

// restIntegrationOutcome is an integration response.
type restIntegrationOutcome struct {
	*rest.IntegrationResponse
	pattern    *pattern // nil: this is the default
	templates  map[string]*bodyTemplate
	parameters []restMapping
}

// compiled gives the method's integration, made fit.
func (m *restMethod) compiled() *restIntegration {
	m.once.Do(func() {
		in := m.MethodIntegration
		if in == nil {
			return
		}
		m.Integration = in
		m.templates = newTemplates(in.RequestTemplates)
		m.parameters = newRESTMappings("integration.request.", in.RequestParameters)
		// By status: the order in which AWS tries patterns was not found.
		for _, status := range slices.Sorted(maps.Keys(in.IntegrationResponses)) {
			from := in.IntegrationResponses[status]
			m.responses = append(m.responses, &restIntegrationOutcome{
				IntegrationResponse: &from, pattern: newPattern(aws.ToString(from.SelectionPattern)),
				templates: newTemplates(from.ResponseTemplates), parameters: newRESTMappings("method.response.", from.ResponseParameters),
			})
		}
		slices.SortStableFunc(m.responses, func(a, b *restIntegrationOutcome) int {
			return cmp.Compare(defaultLast(a), defaultLast(b))
		})
	})
	return &m.restIntegration
}

func defaultLast(o *restIntegrationOutcome) int {
	if o.pattern == nil {
		return 1
	}
	return 0
}

// bodyTemplate is a mapping template. One that says nothing but text needs no
// engine.
type bodyTemplate struct {
	text    string
	parsed  *mappingTemplate // nil: text as it is
	err     error            // it does not parse
	context []string         // the variables that it may look at
}

// contextUse is how templates name the variables of $context.
var contextUse = regexp.MustCompile(`\$!?\{?context\.([A-Za-z]+)`)

// usedContext are the variables that a template may look at: all, unless it names
// every one.
func usedContext(text string) []string {
	found := contextUse.FindAllStringSubmatch(text, -1)
	if len(found) != strings.Count(text, "context") {
		return contextNames
	}
	return slices.DeleteFunc(slices.Clone(contextNames), func(name string) bool {
		root, _, _ := strings.Cut(name, ".")
		return !slices.ContainsFunc(found, func(m []string) bool { return m[1] == root })
	})
}

func newTemplates(from map[string]string) map[string]*bodyTemplate {
	if len(from) == 0 {
		return nil
	}
	out := make(map[string]*bodyTemplate, len(from))
	for kind, text := range from {
		t := &bodyTemplate{text: text}
		if strings.ContainsAny(text, `$#\`) {
			t.parsed, t.err = parseTemplate(text)
			t.context = usedContext(text)
		}
		if kind != "$default" {
			kind = mediaType(kind)
		}
		out[kind] = t
	}
	return out
}

// apply fills a template in.
func (t *bodyTemplate) apply(x *restExchange, body []byte) (templateOutput, error) {
	switch {
	case t.err != nil:
		return templateOutput{}, t.err
	case t.parsed == nil:
		return templateOutput{Text: t.text}, nil
	}
	ctx, cancel := x.within(workTime)
	defer cancel()
	return t.parsed.apply(ctx, x.templateInput(body, t.context))
}

// convert changes a payload between text and binary (guide, "Content type
// conversions in API Gateway", both tables): binary says what it is, wantBinary
// what it is to be where nothing is said.
func convert(body []byte, handling rest.ContentHandlingStrategy, binary, wantBinary bool) ([]byte, error) {
	switch handling {
	case rest.ContentHandlingStrategyConvertToBinary:
		wantBinary = true
	case rest.ContentHandlingStrategyConvertToText:
		wantBinary = false
	}
	switch {
	case binary == wantBinary:
		return body, nil
	case binary:
		return []byte(base64.StdEncoding.EncodeToString(body)), nil
	}
	decoded, err := base64.StdEncoding.DecodeString(string(body))
	if err != nil {
		return nil, fmt.Errorf("the text is no base64: %w", err)
	}
	return decoded, nil
}
