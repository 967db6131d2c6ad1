package openapi

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// scheme is what a security scheme of the document means to a method.
type scheme struct {
	key           bool   // an API key is required
	authorization string // AWS_IAM, CUSTOM, COGNITO_USER_POOLS; "" for none
}

// readSecurity reads the security schemes: authorizers, AWS's signatures and API
// keys. An authorizer's identity source is the header that the scheme names where
// nothing else is said, and its TTL is not stored where it is not said (LocalStack,
// test_import_swagger_api).
func (r *reader) readSecurity() {
	definitions := r.root.get("securityDefinitions")
	if r.three {
		definitions = r.root.get("components").get("securitySchemes")
	}
	r.schemes = map[string]scheme{}
	for _, m := range definitions.all() {
		n := r.resolve(m.value)
		authType := n.get(extension + "authtype").str()
		authorizer := n.get(extension + "authorizer")
		switch kind := n.get("type").plain(); {
		case authorizer.isObject():
			a := r.authorizer(m.key, n, authorizer, authType)
			r.out.Authorizers = append(r.out.Authorizers, a)
			authorization := "CUSTOM"
			if a.Type == types.AuthorizerTypeCognitoUserPools {
				authorization = string(a.Type)
			}
			r.schemes[m.key] = scheme{authorization: authorization}
		case strings.EqualFold(or(authType, ""), "awsSigv4"):
			r.schemes[m.key] = scheme{authorization: "AWS_IAM"}
		case kind != "apiKey":
			// Recorded of imports of OpenAPI 3.0: 'http' for 'basicAuth', 'oauth2' for 'oauth'.
			r.warn("Unsupported security definition type '%s' for '%s'. Ignoring.", or(n.get("type").str(), "null"), m.key)
			r.schemes[m.key] = scheme{}
		default:
			r.schemes[m.key] = scheme{key: strings.EqualFold(n.get("name").plain(), "x-api-key")}
		}
	}
}

func (r *reader) authorizer(name string, definition, n *node, authType *string) types.Authorizer {
	a := types.Authorizer{
		Name:                         aws.String(name),
		AuthType:                     authType,
		AuthorizerUri:                n.get("authorizerUri").str(),
		AuthorizerCredentials:        n.get("authorizerCredentials").str(),
		IdentitySource:               n.get("identitySource").str(),
		IdentityValidationExpression: n.get("identityValidationExpression").str(),
		ProviderARNs:                 n.get("providerARNs").strings(),
		Type:                         types.AuthorizerType(strings.ToUpper(n.get("type").plain())),
	}
	if header := definition.get("name").str(); a.IdentitySource == nil && header != nil && a.Type != types.AuthorizerTypeRequest {
		a.IdentitySource = aws.String("method.request.header." + *header)
	}
	if ttl := n.get("authorizerResultTtlInSeconds"); ttl.isScalar() {
		seconds, err := strconv.ParseInt(ttl.text, 10, 32)
		if err != nil {
			seconds = -1 // the service refuses it
		}
		a.AuthorizerResultTtlInSeconds = aws.Int32(int32(seconds))
	}
	return a
}

// secure says how a method is secured: by its own requirements or, where it says
// nothing, by the document's. x-amazon-apigateway-auth is the older word for AWS_IAM.
func (r *reader) secure(op *operation) {
	requirements := op.node.get("security")
	if requirements == nil {
		requirements = r.root.get("security")
	}
	for _, requirement := range requirements.elements() {
		for _, m := range requirement.all() {
			s, ok := r.schemes[m.key]
			if !ok {
				// No record was found. Silence would leave the method open.
				r.warn("Security definition '%s' of method '%s %s' not found. Ignoring.", m.key, op.verb, op.path)
				continue
			}
			if s.key {
				op.method.ApiKeyRequired = aws.Bool(true)
			}
			if s.authorization == "" || *op.method.AuthorizationType != "NONE" {
				continue
			}
			op.method.AuthorizationType = aws.String(s.authorization)
			if s.authorization != "AWS_IAM" {
				op.method.AuthorizerId = aws.String(m.key)
				op.method.AuthorizationScopes = m.value.strings()
			}
		}
	}
	if auth := op.node.get(extension + "auth").get("type").plain(); strings.EqualFold(auth, "AWS_IAM") {
		op.method.AuthorizationType = aws.String("AWS_IAM")
	}
}
