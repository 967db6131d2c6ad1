package apigateway

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) methodOperations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.REST("DeleteMethod", "DELETE "+methodPath, 204, s.deleteMethod),
		awsproto.REST("DeleteMethodResponse", "DELETE "+methodResponsePath, 204, s.deleteMethodResponse),
		awsproto.REST("GetMethod", "GET "+methodPath, 200, s.getMethod),
		awsproto.REST("GetMethodResponse", "GET "+methodResponsePath, 200, s.getMethodResponse),
		awsproto.REST("PutMethod", "PUT "+methodPath, 201, s.putMethod),
		awsproto.REST("PutMethodResponse", "PUT "+methodResponsePath, 201, s.putMethodResponse),
		awsproto.REST("UpdateMethod", "PATCH "+methodPath, 200, s.updateMethod),
		awsproto.REST("UpdateMethodResponse", "PATCH "+methodResponsePath, 201, s.updateMethodResponse),
	}
}

// place is where a method is, or is to be.
type place struct {
	api      *api
	resource *types.Resource
}

// place finds a resource. Of an API that is not there AWS says the same as of a
// resource (LocalStack, test_put_method_validation).
func (s *Service) place(call *awsproto.Call, apiID, resourceID *string) (place, error) {
	a, err := s.find(call, apiID)
	if err != nil {
		return place{}, noSuchResource()
	}
	r, err := a.resource(resourceID)
	return place{a, r}, err
}

// method finds a method; it is a copy, whose maps are not to be changed.
func (s *Service) method(call *awsproto.Call, apiID, resourceID, verb *string) (place, types.Method, error) {
	p, err := s.place(call, apiID, resourceID)
	if err != nil {
		return place{}, types.Method{}, err
	}
	m, ok := p.resource.ResourceMethods[aws.ToString(verb)]
	if !ok {
		return place{}, types.Method{}, noSuchMethod()
	}
	return p, m, nil
}

// putMethodAt puts a method in its place.
func (s *Service) putMethodAt(p place, m types.Method) {
	s.putMethods(p, with(p.resource.ResourceMethods, *m.HttpMethod, m))
}

func (s *Service) putMethods(p place, all map[string]types.Method) {
	a, r := p.api.edit(), *p.resource
	r.ResourceMethods = all
	a.setResource(&r)
	s.put(a)
}

var verbs = []string{"GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"}

func checkVerb(verb *string) error {
	if slices.Contains(verbs, aws.ToString(verb)) {
		return nil
	}
	return badRequest("Invalid HttpMethod specified. Valid options are %s", strings.Join(verbs, ","))
}

// requestParameter is a name of what a method takes, its last part the name that a
// client knows.
var requestParameter = regexp.MustCompile(`(?s)^method\.request\.(?:path|querystring|header)\.(.+)$`)

// parameterName is the part of a parameter that a client knows, as AWS writes it.
var parameterName = regexp.MustCompile(`^[a-zA-Z0-9:._$-]+$`)

// checkParameter checks the name of a parameter that a method declares: its place,
// then the name itself (floci, ApiGatewayParameterNameValidationTest, captured on
// AWS of what methods take; of what they answer with the guide says so, "Amazon API
// Gateway API request and response data mapping reference").
func checkParameter(place *regexp.Regexp, parameter string) error {
	switch parts := place.FindStringSubmatch(parameter); {
	case parts == nil:
		return badMapping("Invalid mapping expression specified: %s", parameter)
	case !parameterName.MatchString(parts[1]):
		return badMapping("Parameter name should match the following regular expression: %s", parameterName)
	}
	return nil
}

// The types of authorization; those that need an authorizer come last.
const (
	authorizationNone    = "NONE"
	authorizationIAM     = "AWS_IAM"
	authorizationCustom  = "CUSTOM"
	authorizationCognito = "COGNITO_USER_POOLS"
)

func needsAuthorizer(authorization *string) bool {
	return aws.ToString(authorization) == authorizationCustom || aws.ToString(authorization) == authorizationCognito
}

// checkMethod checks what a method was made or changed to (LocalStack,
// test_put_method_validation; bench, pf-apigw-method-*).
func (a *api) checkMethod(m *types.Method) error {
	for _, name := range slices.Sorted(maps.Keys(m.RequestParameters)) {
		if err := checkParameter(requestParameter, name); err != nil {
			return err
		}
	}
	short := map[string]bool{}
	for name := range m.RequestParameters {
		short[name[strings.LastIndexByte(name, '.')+1:]] = true
	}
	if len(short) < len(m.RequestParameters) {
		return badRequest("Parameter names must be unique across querystring, header and path") // LocalStack, test_method_request_parameters
	}
	switch authorization := aws.ToString(m.AuthorizationType); {
	case needsAuthorizer(m.AuthorizationType):
		if _, ok := a.authorizers[aws.ToString(m.AuthorizerId)]; !ok {
			return badRequest("Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS requires a valid authorizer.")
		}
	case authorization != authorizationNone && authorization != authorizationIAM:
		return badRequest("Invalid Method authorization type specified.") // as the next text begins
	default:
		m.AuthorizerId = nil // AWS passes over an authorizer that has no use (LocalStack, test_update_method_validation)
	}
	if len(m.AuthorizationScopes) > 0 && *m.AuthorizationType != authorizationCognito {
		return badRequest("Invalid Method authorization type specified. Authorization Scopes are only valid for COGNITO_USER_POOLS authorization type")
	}
	if m.RequestValidatorId != nil {
		if _, ok := a.requestValidators[*m.RequestValidatorId]; !ok {
			return badRequest("Invalid Request Validator identifier specified")
		}
	}
	return a.checkModels(m.RequestModels)
}

func (a *api) checkModels(models map[string]string) error {
	for _, contentType := range slices.Sorted(maps.Keys(models)) {
		if _, ok := a.models[models[contentType]]; !ok {
			return badRequest("Invalid model identifier specified: %s", models[contentType])
		}
	}
	return nil
}

func (s *Service) putMethod(ctx context.Context, in *apigateway.PutMethodInput) (*apigateway.PutMethodOutput, error) {
	p, err := s.place(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId)
	if err != nil {
		return nil, err
	}
	if err := checkVerb(in.HttpMethod); err != nil {
		return nil, err
	}
	m := types.Method{
		HttpMethod: in.HttpMethod, AuthorizationType: in.AuthorizationType, AuthorizerId: in.AuthorizerId, ApiKeyRequired: &in.ApiKeyRequired,
		OperationName: in.OperationName, RequestParameters: in.RequestParameters, RequestModels: in.RequestModels, RequestValidatorId: in.RequestValidatorId,
		AuthorizationScopes: in.AuthorizationScopes,
	}
	if err := p.api.checkMethod(&m); err != nil {
		return nil, err
	}
	if _, exists := p.resource.ResourceMethods[*m.HttpMethod]; exists {
		return nil, conflict("Method already exists for this resource") // aws-cli#3992
	}
	s.putMethodAt(p, m)
	return awsproto.As[apigateway.PutMethodOutput](m), nil
}

func (s *Service) getMethod(ctx context.Context, in *apigateway.GetMethodInput) (*apigateway.GetMethodOutput, error) {
	_, m, err := s.method(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetMethodOutput](m), nil
}

var methodPatches = patches[types.Method]{paths: []patchPath[types.Method]{
	{path: "/apiKeyRequired", replace: func(m *types.Method, p patch) error {
		m.ApiKeyRequired = aws.Bool(flag(p.value))
		return nil
	}},
	{path: "/authorizationScopes", add: func(m *types.Method, p patch) error {
		m.AuthorizationScopes = exchange(m.AuthorizationScopes, "", p.value)
		return nil
	}, remove: func(m *types.Method, p patch) error {
		m.AuthorizationScopes = exchange(m.AuthorizationScopes, p.value, "")
		return nil
	}},
	{path: "/authorizationType", replace: setText(func(m *types.Method) **string { return &m.AuthorizationType })},
	{path: "/authorizerId", replace: setText(func(m *types.Method) **string { return &m.AuthorizerId })},
	{path: "/operationName", replace: setText(func(m *types.Method) **string { return &m.OperationName })},
	modelsAt("/requestModels/{}", func(m *types.Method) *map[string]string { return &m.RequestModels }),
	flagsAt("/requestParameters/{}", func(m *types.Method) *map[string]bool { return &m.RequestParameters }),
	{path: "/requestValidatorId", replace: setText(func(m *types.Method) **string { return &m.RequestValidatorId })},
}}

// modelsAt is the path of models by content type, which for the texts of what is
// not there see LocalStack, test_update_method_wrong_param_names.
func modelsAt[T any](path string, member func(*T) *map[string]string) patchPath[T] {
	return entriesAt(path, member, func(value string) string { return value }, "Content-Type specified was not found")
}

// flagsAt is the path of parameters, which are required or not.
func flagsAt[T any](path string, member func(*T) *map[string]bool) patchPath[T] {
	return entriesAt(path, member, flag, "Invalid parameter name specified")
}

// entriesAt is the path of a map's entries.
func entriesAt[T, V any](path string, member func(*T) *map[string]V, read func(string) V, missing string) patchPath[T] {
	put := func(target *T, p patch) error {
		m := member(target)
		*m = with(*m, p.names[0], read(p.value))
		return nil
	}
	there := func(then patchFunc[T]) patchFunc[T] {
		return func(target *T, p patch) error {
			if _, ok := (*member(target))[p.names[0]]; !ok {
				return notFound("%s", missing)
			}
			return then(target, p)
		}
	}
	return patchPath[T]{path: path, add: put, replace: there(put), remove: there(func(target *T, p patch) error {
		m := member(target)
		*m = without(*m, p.names[0])
		return nil
	})}
}

func (s *Service) updateMethod(ctx context.Context, in *apigateway.UpdateMethodInput) (*apigateway.UpdateMethodOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	p, m, err := s.method(call, in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	if err := methodPatches.apply(&m, in.PatchOperations); err != nil {
		return nil, err
	}
	if err := p.api.checkMethod(&m); err != nil {
		return nil, err
	}
	s.putMethodAt(p, m)
	return awsproto.As[apigateway.UpdateMethodOutput](m), nil
}

func (s *Service) deleteMethod(ctx context.Context, in *apigateway.DeleteMethodInput) (*apigateway.DeleteMethodOutput, error) {
	p, m, err := s.method(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	s.putMethods(p, without(p.resource.ResourceMethods, *m.HttpMethod))
	return &apigateway.DeleteMethodOutput{}, nil
}
