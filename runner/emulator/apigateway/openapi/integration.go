package openapi

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const defaultTimeout = 29000 // ms

// integration reads a method's integration. What is not said is as AWS stores it
// (LocalStack): a MOCK has neither URI nor method, whatever the document says, and
// HTTP goes over the internet. CacheNamespace stays nil where nothing is said: it is
// the resource's id.
func (r *reader) integration(op *operation) error {
	n := op.node.get(extension + "integration")
	if n.isNull() {
		return nil
	}
	if !n.isObject() || !readable(n) {
		return malformed(op.path)
	}
	kind := n.get("type").str()
	if kind == nil || !known(*kind) {
		// awsdocs/amazon-api-gateway-developer-guide#65
		r.warn("Unknown integration type '%s' for '%s %s'. Ignoring.", or(kind, "null"), op.verb, op.path)
		return nil
	}
	integration := &types.Integration{
		Type:                integrationType(*kind),
		CacheKeyParameters:  append([]string{}, n.get("cacheKeyParameters").strings()...),
		CacheNamespace:      n.get("cacheNamespace").str(),
		ConnectionId:        n.get("connectionId").str(),
		ConnectionType:      types.ConnectionType(strings.ToUpper(n.get("connectionType").plain())),
		ContentHandling:     types.ContentHandlingStrategy(strings.ToUpper(n.get("contentHandling").plain())),
		Credentials:         n.get("credentials").str(),
		IntegrationTarget:   n.get("integrationTarget").str(),
		PassthroughBehavior: aws.String(strings.ToUpper(or(n.get("passthroughBehavior").str(), "WHEN_NO_MATCH"))),
		RequestParameters:   texts(n.get("requestParameters")),
		RequestTemplates:    texts(n.get("requestTemplates")),
		TimeoutInMillis:     defaultTimeout,
	}
	if timeout := n.get("timeoutInMillis"); timeout.isScalar() {
		milliseconds, err := strconv.ParseInt(timeout.text, 10, 32)
		if err != nil {
			return malformed(op.path)
		}
		integration.TimeoutInMillis = int32(milliseconds)
	}
	if integration.Type != types.IntegrationTypeMock {
		integration.Uri = n.get("uri").str()
		if method := n.get("httpMethod").str(); method != nil {
			integration.HttpMethod = aws.String(strings.ToUpper(*method))
		}
		if integration.ConnectionType == "" && (integration.Type == types.IntegrationTypeHttp || integration.Type == types.IntegrationTypeHttpProxy) {
			integration.ConnectionType = types.ConnectionTypeInternet
		}
	}
	if tls := n.get("tlsConfig"); tls.isObject() {
		integration.TlsConfig = &types.TlsConfig{InsecureSkipVerification: tls.get("insecureSkipVerification").isTrue()}
	}
	for _, m := range n.get("responses").all() {
		if integration.IntegrationResponses == nil {
			integration.IntegrationResponses = map[string]types.IntegrationResponse{}
		}
		response := integrationResponse(m.key, m.value)
		integration.IntegrationResponses[*response.StatusCode] = response
	}
	op.method.MethodIntegration = integration
	return nil
}

// integrationResponse reads one of an integration's responses: the key is the
// pattern that selects it, "default" is no pattern (LocalStack).
func integrationResponse(key string, n *node) types.IntegrationResponse {
	response := types.IntegrationResponse{
		StatusCode:         aws.String(n.get("statusCode").plain()),
		ContentHandling:    types.ContentHandlingStrategy(strings.ToUpper(n.get("contentHandling").plain())),
		ResponseParameters: texts(n.get("responseParameters")),
		ResponseTemplates:  texts(n.get("responseTemplates")),
	}
	if key != "default" {
		response.SelectionPattern = aws.String(key)
	}
	return response
}

// readable says whether an integration's parts are of the kinds that they must be:
// AWS reads them into a class, and fails where a text is an object.
func readable(n *node) bool {
	for _, key := range []string{"type", "uri", "httpMethod", "credentials", "passthroughBehavior", "contentHandling", "connectionType", "connectionId", "cacheNamespace", "timeoutInMillis", "integrationTarget"} {
		if value := n.get(key); !value.isNull() && !value.isScalar() {
			return false
		}
	}
	if keys := n.get("cacheKeyParameters"); !keys.isNull() && keys.kind != list {
		return false
	}
	if !isTexts(n.get("requestParameters")) || !isTexts(n.get("requestTemplates")) || !isObjectOrNull(n.get("responses")) || !isObjectOrNull(n.get("tlsConfig")) {
		return false
	}
	for _, m := range n.get("responses").all() {
		status := m.value.get("statusCode")
		if !m.value.isObject() || !isTexts(m.value.get("responseParameters")) || !isTexts(m.value.get("responseTemplates")) || (!status.isNull() && !status.isScalar()) {
			return false
		}
	}
	return true
}

func isObjectOrNull(n *node) bool { return n.isNull() || n.isObject() }

func isTexts(n *node) bool {
	for _, m := range n.all() {
		if !m.value.isNull() && !m.value.isScalar() {
			return false
		}
	}
	return isObjectOrNull(n)
}

// texts gives an object's scalars; nil for none.
func texts(n *node) map[string]string {
	var all map[string]string
	for _, m := range n.all() {
		if m.value.isScalar() {
			if all == nil {
				all = map[string]string{}
			}
			all[m.key] = m.value.text
		}
	}
	return all
}

func integrationType(text string) types.IntegrationType {
	return types.IntegrationType(strings.ToUpper(text))
}

func known(text string) bool {
	switch integrationType(text) {
	case types.IntegrationTypeHttp, types.IntegrationTypeHttpProxy, types.IntegrationTypeAws, types.IntegrationTypeAwsProxy, types.IntegrationTypeMock:
		return true
	}
	return false
}

func or(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}
