package check

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/check/cors"
)

// answer is what a method's settings give. What stands behind a proxy, and what a
// mapping takes from there, is as the API answered, as long as it is the deployed
// method that did.
func (s *restCORS) answer(ctx context.Context, row *corsRow, sent cors.Sent) (cors.Answer, bool, error) {
	recorded := row.recorded(sent)
	live := cors.Answer{}
	if recorded != nil {
		live = cors.Answer{Status: recorded.StatusCode, Header: recorded.Header}
	}
	if sent.URL != s.found.address { // a redirect
		return live, recorded != nil, nil
	}
	m, v := s.method(ctx, sent.Method)
	if len(v.findings) > 0 {
		return cors.Answer{}, false, &settingsError{v}
	}
	if m == nil { // the gateway's own answer
		return live, recorded != nil, nil
	}
	if recorded != nil && (!s.serves(sent.Method) || s.found.noRoute(recorded) && !m.asksFor("AWS_IAM")) {
		recorded = nil // it is not this method that answered
	}
	switch in := m.method.MethodIntegration; {
	case in == nil:
		return cors.Answer{}, false, nil
	case recorded != nil && s.refusal(m, recorded):
		return live, true, nil
	case isProxy(in):
		return live, recorded != nil, nil
	default:
		a, ok := m.mapped(in, recorded, sent.Header.Get("Content-Type"))
		return a, ok, nil
	}
}

// asksFor reports whether the method wants an authorization of that type.
func (m *restMethod) asksFor(kind string) bool {
	return aws.ToString(m.method.AuthorizationType) == kind
}

// refusal reports whether the gateway refused a request for a reason that the
// method's settings still have.
func (s *restCORS) refusal(m *restMethod, a *answer) bool {
	if m == nil {
		return s.found.gatewayMade(a)
	}
	in := m.method.MethodIntegration
	switch {
	case !s.found.gatewayMade(a):
		return false
	case a.StatusCode >= 500:
		return in.Type != types.IntegrationTypeMock || mockComputes(in)
	case s.found.rest.api.Policy != nil: // it may be the API's resource policy
		return !s.found.noRoute(a)
	default:
		return !m.asksFor("") && !m.asksFor("NONE") || aws.ToBool(m.method.ApiKeyRequired) || aws.ToString(m.method.RequestValidatorId) != "" || a.StatusCode == http.StatusUnsupportedMediaType
	}
}

// mapped is the answer of an integration that is no proxy.
func (m *restMethod) mapped(in *types.Integration, recorded *answer, contentType string) (cors.Answer, bool) {
	outcome := m.outcome(in, recorded, contentType)
	if outcome == nil || computes(outcome.ResponseTemplates) || computes(in.RequestTemplates) {
		if recorded == nil {
			return cors.Answer{}, false
		}
		return cors.Answer{Status: recorded.StatusCode, Header: recorded.Header}, true
	}
	code := aws.ToString(outcome.StatusCode)
	status, err := strconv.Atoi(code)
	if err != nil {
		return cors.Answer{}, false
	}
	a := cors.Answer{Status: status, Header: http.Header{}}
	for parameter, expression := range outcome.ResponseParameters {
		name, ok := strings.CutPrefix(parameter, parameterPrefix)
		_, declared := parameterOf(m.method.MethodResponses[code].ResponseParameters, name)
		// AWS takes no mapping of a header that is not declared. What it sends of one
		// whose declaration was taken away since was found in no record.
		if !ok || !declared && (recorded == nil || recorded.Header.Get(name) == "") {
			continue
		}
		value, static := literal(expression)
		switch {
		case static:
			a.Header.Set(name, value)
		case recorded == nil:
			return cors.Answer{}, false
		default:
			if values := recorded.Header.Values(name); len(values) > 0 {
				a.Header[http.CanonicalHeaderKey(name)] = values
			}
		}
	}
	return a, true
}

// outcome is the integration response of an answer, nil where that cannot be told.
func (m *restMethod) outcome(in *types.Integration, recorded *answer, contentType string) *types.IntegrationResponse {
	status := 0
	if in.Type == types.IntegrationTypeMock {
		status, _ = mockStatus(in, contentType)
	}
	if outcome, known := outcomeOf(in, status); known {
		return outcome
	}
	if recorded == nil {
		return nil
	}
	for _, outcome := range in.IntegrationResponses {
		if aws.ToString(outcome.StatusCode) == strconv.Itoa(recorded.StatusCode) {
			return &outcome
		}
	}
	return nil
}

// literal is the value of a mapping expression that has one of its own.
func literal(expression string) (string, bool) {
	if len(expression) < 2 || !strings.HasPrefix(expression, "'") || !strings.HasSuffix(expression, "'") {
		return "", false
	}
	return expression[1 : len(expression)-1], true
}

// computes reports whether templates may set headers or the status.
func computes(templates map[string]string) bool {
	for _, template := range templates {
		if strings.Contains(template, "responseOverride") {
			return true
		}
	}
	return false
}

// mockComputes reports whether templates of a MOCK integration may fail.
func mockComputes(in *types.Integration) bool {
	computed := func(templates map[string]string) bool {
		for _, template := range templates {
			if strings.ContainsAny(template, "#$") {
				return true
			}
		}
		return false
	}
	for _, outcome := range in.IntegrationResponses {
		if computed(outcome.ResponseTemplates) {
			return true
		}
	}
	return computed(in.RequestTemplates)
}

// parameterOf finds a header among response parameters; names of headers know no
// case.
func parameterOf[V any](parameters map[string]V, header string) (value V, ok bool) {
	for name, value := range parameters {
		if strings.EqualFold(name, parameterPrefix+header) {
			return value, true
		}
	}
	return value, false
}

// explain finds the place where the header that a browser misses would have been
// given, or the value that it does not take.
func (s *restCORS) explain(ctx context.Context, row *corsRow, got cors.Verdict) verdict {
	e := got.Exchanges[len(got.Exchanges)-1]
	if f := s.elsewhere(row, got); f != nil {
		return failed(*f)
	}
	m, v := s.method(ctx, e.Sent.Method)
	if len(v.findings) > 0 {
		return v
	}
	recorded := row.recorded(e.Sent)
	if recorded != nil && s.refusal(m, recorded) {
		return failed(s.refused(row, m, recorded))
	}
	d := s.deficit(row, got)
	f := Finding{Subject: e.Sent.Method + " " + s.found.path, Args: s.found.args()}
	f.Args["header"], f.Args["value"] = d.header, d.value
	if d.header == "" {
		f.Code, f.Found = corsPreflightStatus, strconv.Itoa(e.Answer.Status)
		return failed(f)
	}
	in := m.method.MethodIntegration
	if isProxy(in) {
		return failed(s.backend(f, in, d, e.Preflight))
	}
	code := strconv.Itoa(e.Answer.Status)
	_, declared := parameterOf(m.method.MethodResponses[code].ResponseParameters, d.header)
	_, mapped := parameterOf(in.IntegrationResponses[code].ResponseParameters, d.header)
	f.Expected = d.value
	set, declare := m.set("add", code, d.header, d.value), m.declare(code, d.header)
	switch {
	case declared && mapped:
		f.Code, f.Variant, f.Found = d.code, d.variant, d.found
		f.Args["fix"] = then(m.set("replace", code, d.header, d.value), s.found.deploy())
		return failed(f)
	case declared:
		f.Code = corsNotMapped
	case mapped:
		f.Code, set = corsNotDeclared, ""
	default:
		f.Code = corsNoHeader
	}
	if declared {
		declare = ""
	}
	f.Expected = ""
	if !e.Preflight && row.verdict.Class == cors.ClassPreflighted {
		f.Variant = "method"
	}
	f.Args["fix"] = then(declare, set, s.found.deploy())
	return failed(f)
}

// backend says that what stands behind a proxy has to send a header itself.
func (s *restCORS) backend(f Finding, in *types.Integration, d deficit, preflight bool) Finding {
	f.Code, f.Variant = corsBackend, "http"
	if in.Type == types.IntegrationTypeAwsProxy {
		f.Variant = "lambda"
	}
	if d.found != "" {
		f.Code = corsBackendValue
	}
	f.Expected, f.Found = d.value, d.found
	f.Args["target"] = shorten(aws.ToString(in.Uri))
	if target, ok := functionOf(aws.ToString(in.Uri), s.found.rest.stage.Variables); ok {
		f.Args["target"] = target.name
	}
	if preflight {
		f.Variant += "-preflight"
		f.Args["fix"] = (&restMethod{api: s.found.restID(), resource: aws.ToString(s.resource.Id), key: http.MethodOptions}).putMock()
		if s.key(http.MethodOptions) == "ANY" {
			own := &restMethod{api: s.found.restID(), resource: aws.ToString(s.resource.Id), key: http.MethodOptions}
			f.Args["fix"] = then(own.command("put-method", "--authorization-type", "NONE"), own.putMock())
		}
	}
	return f
}

// refused is what is to be said of a method that refuses the browser's request.
func (s *restCORS) refused(row *corsRow, m *restMethod, a *answer) Finding {
	f := s.gatewayError(row, a)
	if m == nil {
		return f
	}
	switch kind := aws.ToString(m.method.AuthorizationType); {
	case a.StatusCode >= 500:
	case kind != "" && kind != "NONE":
		f.Variant, f.Args["authorization"] = "protected", kind
	case aws.ToBool(m.method.ApiKeyRequired):
		f.Variant = "key"
	}
	return f
}

// open says that a browser lets a page in that should stay outside.
func (s *restCORS) open(ctx context.Context, row *corsRow) verdict {
	f := s.tooOpen(row)
	var fixes []string
	for i, e := range row.verdict.Exchanges {
		if e.Sent.URL != s.found.address || row.verdict.Class == cors.ClassPreflighted && f.Variant != "any" && f.Variant != "echo" && i > 0 {
			continue
		}
		if a := row.answers[i]; s.found.gatewayMade(a) && f.Args["header"] == allowOrigin {
			fixes = append(fixes, s.found.gatewayResponse(a.StatusCode, f.Args["value"]))
			continue
		}
		m, v := s.method(ctx, e.Sent.Method)
		if len(v.findings) > 0 {
			return v
		}
		if m == nil || m.method.MethodIntegration == nil {
			continue
		}
		code := strconv.Itoa(e.Answer.Status)
		if isProxy(m.method.MethodIntegration) {
			f.Args["target"] = shorten(aws.ToString(m.method.MethodIntegration.Uri))
			f.Variant = "backend"
			return failed(f)
		}
		if _, mapped := parameterOf(m.method.MethodIntegration.IntegrationResponses[code].ResponseParameters, f.Args["header"]); !mapped {
			continue
		}
		if f.Args["value"] == "" {
			fixes = append(fixes, m.command("update-integration-response", "--status-code", code, "--patch-operations", "op=remove,path=/responseParameters/"+parameterPrefix+f.Args["header"]))
			continue
		}
		fixes = append(fixes, m.set("replace", code, f.Args["header"], f.Args["value"]))
	}
	slices.Sort(fixes)
	f.Args["fix"] = then(append(slices.Compact(fixes), s.found.deploy())...)
	return failed(f)
}
