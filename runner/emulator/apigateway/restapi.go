package apigateway

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) apiOperations() []awsproto.Operation {
	const lacks = "private APIs and resource policies are refused"
	return []awsproto.Operation{
		awsproto.REST("CreateRestApi", "POST "+apisPath, 201, s.createRestAPI).Lacking(lacks),
		awsproto.REST("DeleteRestApi", "DELETE "+apiPath, 202, s.deleteRestAPI),
		awsproto.REST("GetRestApi", "GET "+apiPath, 200, s.getRestAPI),
		awsproto.REST("GetRestApis", "GET "+apisPath, 200, s.getRestAPIs),
		awsproto.REST("UpdateRestApi", "PATCH "+apiPath, 200, s.updateRestAPI).Lacking(lacks),
	}
}

// maxCompression is the largest minimumCompressionSize.
const maxCompression = 10 << 20

func (s *Service) createRestAPI(ctx context.Context, in *apigateway.CreateRestApiInput) (*apigateway.CreateRestApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkCreateRestAPI(call, in); err != nil {
		return nil, err
	}
	a := s.makeAPI(call, &types.RestApi{
		Name: in.Name, Description: in.Description, Version: in.Version, ApiKeySource: in.ApiKeySource, MinimumCompressionSize: in.MinimumCompressionSize,
		DisableExecuteApiEndpoint: in.DisableExecuteApiEndpoint, EndpointConfiguration: in.EndpointConfiguration, Tags: in.Tags,
	})
	if len(in.BinaryMediaTypes) > 0 {
		a.BinaryMediaTypes = in.BinaryMediaTypes
	}
	if in.CloneFrom != nil {
		from, err := s.find(call, in.CloneFrom)
		if err != nil {
			return nil, err
		}
		a.clone(call, from)
	}
	s.put(a)
	return awsproto.As[apigateway.CreateRestApiOutput](a.RestApi), nil
}

// makeAPI gives a new API, not yet put, with what every API has from the start:
// ids, a date, a root resource, two models. What bare does not say has AWS's
// defaults (LocalStack, test_create_rest_api_verify_defaults).
func (s *Service) makeAPI(call *awsproto.Call, bare *types.RestApi) *api {
	made := *bare
	s.mu.RLock()
	made.Id = awsproto.NewID(call.Rand, apiIDLength, awsproto.KeyOf(s.apis))
	s.mu.RUnlock()
	made.RootResourceId = awsproto.NewID(call.Rand, rootResourceIDLength, func(string) bool { return false })
	made.CreatedDate = awsproto.Seconds(call.Time)
	if made.ApiKeySource == "" {
		made.ApiKeySource = types.ApiKeySourceTypeHeader
	}
	endpoint := types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeEdge}, IpAddressType: types.IpAddressTypeIpv4}
	if given := made.EndpointConfiguration; given != nil {
		if given.Types != nil {
			endpoint.Types = given.Types
		}
		if given.IpAddressType != "" {
			endpoint.IpAddressType = given.IpAddressType
		}
	}
	made.EndpointConfiguration = &endpoint
	a := newAPI(&made)
	for _, m := range []types.Model{
		{Name: aws.String("Empty"), Description: aws.String("This is a default empty schema model"), Schema: aws.String(emptySchema)},
		{Name: aws.String("Error"), Description: aws.String("This is a default error schema model"), Schema: aws.String(errorSchema)},
	} {
		m.Id, m.ContentType = a.newPartID(call), aws.String("application/json")
		a.models[*m.Name] = &m
	}
	return a
}

// The models that every API starts with (LocalStack, test_model_lifecycle).
const (
	emptySchema = `{
  "$schema": "http://json-schema.org/draft-04/schema#",
  "title" : "Empty Schema",
  "type" : "object"
}`
	errorSchema = `{
  "$schema" : "http://json-schema.org/draft-04/schema#",
  "title" : "Error Schema",
  "type" : "object",
  "properties" : {
    "message" : { "type" : "string" }
  }
}`
)

// clone fills a new API with what another has now: its resources, models,
// validators, authorizers and gateway responses, which get ids of their own;
// stages and deployments are not cloned (API Reference, CreateRestApi, cloneFrom).
func (a *api) clone(call *awsproto.Call, from *api) {
	ids := map[string]*string{*from.RootResourceId: a.RootResourceId}
	a.models = map[string]*types.Model{}
	for _, m := range sorted(from.models) {
		model := *m
		model.Id = a.newPartID(call)
		a.models[*model.Name] = &model
	}
	for _, v := range sorted(from.requestValidators) {
		validator := *v
		validator.Id = a.newPartID(call)
		ids[*v.Id] = validator.Id
		a.requestValidators[*validator.Id] = &validator
	}
	for _, z := range sorted(from.authorizers) {
		authorizer := *z
		authorizer.Id = a.newPartID(call)
		ids[*z.Id] = authorizer.Id
		a.authorizers[*authorizer.Id] = &authorizer
	}
	maps.Copy(a.gatewayResponses, from.gatewayResponses)
	anew := func(id *string) *string {
		if id == nil || ids[*id] == nil {
			return id
		}
		return ids[*id]
	}
	for _, r := range from.allResources() { // a parent before its children
		resource := *r
		if resource.ParentId != nil {
			resource.Id, resource.ParentId = a.newPartID(call), ids[*r.ParentId]
			ids[*r.Id] = resource.Id
		} else {
			resource.Id = a.RootResourceId
		}
		resource.ResourceMethods = maps.Clone(r.ResourceMethods)
		for verb, method := range resource.ResourceMethods {
			method.AuthorizerId, method.RequestValidatorId = anew(method.AuthorizerId), anew(method.RequestValidatorId)
			if method.MethodIntegration != nil {
				integration := *method.MethodIntegration
				integration.CacheNamespace = anew(integration.CacheNamespace)
				method.MethodIntegration = &integration
			}
			resource.ResourceMethods[verb] = method
		}
		a.setResource(&resource)
	}
}

func checkCreateRestAPI(call *awsproto.Call, in *apigateway.CreateRestApiInput) error {
	var v violations
	if e := in.EndpointConfiguration; e != nil {
		for _, t := range e.Types {
			if !slices.Contains(t.Values(), t) {
				v = append(v, "Value '["+join(e.Types)+"]' at 'createRestApiInput.endpointConfiguration.types' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [PRIVATE, EDGE, REGIONAL]]")
				break
			}
		}
		if e.IpAddressType != "" && !slices.Contains(e.IpAddressType.Values(), e.IpAddressType) {
			v.enum(string(e.IpAddressType), "createRestApiInput.endpointConfiguration.ipAddressType", "ipv4, dualstack")
		}
	}
	if in.ApiKeySource != "" && !slices.Contains(in.ApiKeySource.Values(), in.ApiKeySource) {
		v.enum(string(in.ApiKeySource), "createRestApiInput.apiKeySource", "HEADER, AUTHORIZER") // no record of this one was found
	}
	if err := v.err(); err != nil {
		return err
	}
	if aws.ToString(in.Name) == "" {
		return badRequest("Name cannot be an empty string") // no record was found
	}
	if in.Description != nil && *in.Description == "" {
		return badRequest("Description cannot be an empty string")
	}
	if size := in.MinimumCompressionSize; size != nil && (*size < 0 || *size > maxCompression) {
		return badCompression()
	}
	if err := checkEndpoint(call, in.EndpointConfiguration); err != nil {
		return err
	}
	return awsproto.Only(call, in, "Name", "ApiKeySource", "BinaryMediaTypes", "CloneFrom", "Description", "DisableExecuteApiEndpoint", "EndpointConfiguration", "MinimumCompressionSize", "Tags", "Version")
}

func badCompression() error {
	return badRequest("Invalid minimum compression size, must be between 0 and %d", maxCompression)
}

// checkEndpoint checks how an API is to be reached (LocalStack,
// test_create_rest_api_with_endpoint_configuration, _private_type; bench,
// pf-apigw-vpc-endpoint-ids-private-only). A private API would be open here to
// whoever reaches the emulator.
func checkEndpoint(call *awsproto.Call, e *types.EndpointConfiguration) error {
	switch {
	case e == nil:
		return nil
	case e.Types != nil && len(e.Types) == 0:
		return badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
	case len(e.Types) > 1:
		return badRequest("Cannot create an api with multiple Endpoint Types.")
	case !slices.Contains(e.Types, types.EndpointTypePrivate):
		if len(e.VpcEndpointIds) > 0 {
			return badRequest("VPCEndpoints can only be specified with PRIVATE apis.")
		}
		return nil
	case e.IpAddressType == types.IpAddressTypeIpv4:
		return badRequest("Only dualstack ipAddressType is supported for Private APIs.")
	}
	return awsproto.UnsupportedWith(call, "endpoint type PRIVATE")
}

func join[S ~string](all []S) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = string(s)
	}
	return strings.Join(texts, ", ")
}

func (s *Service) getRestAPI(ctx context.Context, in *apigateway.GetRestApiInput) (*apigateway.GetRestApiOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetRestApiOutput](a.RestApi), nil
}

func (s *Service) getRestAPIs(_ context.Context, in *apigateway.GetRestApisInput) (*apigateway.GetRestApisOutput, error) {
	s.mu.RLock()
	all := []types.RestApi{}
	for _, a := range sorted(s.apis) {
		all = append(all, *a.RestApi)
	}
	s.mu.RUnlock()
	items, next, err := page(in.Position, in.Limit, all)
	if err != nil {
		return nil, err
	}
	return &apigateway.GetRestApisOutput{Items: items, Position: next}, nil
}

func (s *Service) updateRestAPI(ctx context.Context, in *apigateway.UpdateRestApiInput) (*apigateway.UpdateRestApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	changed := *a.RestApi
	if err := apiPatches(call).apply(&changed, in.PatchOperations); err != nil {
		return nil, err
	}
	a.RestApi = &changed
	s.put(a)
	out := awsproto.As[apigateway.UpdateRestApiOutput](a.RestApi)
	if out.Tags == nil {
		out.Tags = map[string]string{} // the answer of this operation alone has it always (LocalStack, test_update_rest_api_compression)
	}
	return out, nil
}

func apiPatches(call *awsproto.Call) patches[types.RestApi] {
	return patches[types.RestApi]{paths: []patchPath[types.RestApi]{
		{path: "/name", replace: func(a *types.RestApi, p patch) error {
			if p.value == "" {
				return badRequest("Name cannot be an empty string") // no record was found
			}
			a.Name = &p.value
			return nil
		}},
		{path: "/description", replace: setText(func(a *types.RestApi) **string { return &a.Description }), remove: func(a *types.RestApi, _ patch) error {
			a.Description = nil
			return nil
		}},
		{path: "/disableExecuteApiEndpoint", replace: setFlag(func(a *types.RestApi) *bool { return &a.DisableExecuteApiEndpoint })},
		{path: "/apiKeySource", replace: func(a *types.RestApi, p patch) error {
			source := types.ApiKeySourceType(p.value)
			if !slices.Contains(source.Values(), source) {
				return badRequest("Invalid API key source specified. Valid options are HEADER,AUTHORIZER") // no record was found
			}
			a.ApiKeySource = source
			return nil
		}},
		{path: "/minimumCompressionSize", replace: func(a *types.RestApi, p patch) error {
			if p.value == "" {
				a.MinimumCompressionSize = nil
				return nil
			}
			size, err := strconv.ParseInt(p.value, 10, 32)
			if err != nil || size < 0 || size > maxCompression {
				return badCompression()
			}
			a.MinimumCompressionSize = aws.Int32(int32(size))
			return nil
		}},
		{path: "/binaryMediaTypes/{}", add: func(a *types.RestApi, p patch) error {
			a.BinaryMediaTypes = exchange(a.BinaryMediaTypes, "", p.names[0])
			return nil
		}, remove: func(a *types.RestApi, p patch) error {
			a.BinaryMediaTypes = exchange(a.BinaryMediaTypes, p.names[0], "")
			return nil
		}, replace: func(a *types.RestApi, p patch) error {
			a.BinaryMediaTypes = exchange(a.BinaryMediaTypes, p.names[0], p.value)
			return nil
		}},
		{path: "/policy", replace: func(*types.RestApi, patch) error { return awsproto.UnsupportedWith(call, "/policy") }},
		{path: "/securityPolicy", replace: func(*types.RestApi, patch) error { return awsproto.UnsupportedWith(call, "/securityPolicy") }},
		{path: "/endpointAccessMode", replace: func(*types.RestApi, patch) error { return awsproto.UnsupportedWith(call, "/endpointAccessMode") }},
		{path: "/endpointConfiguration/ipAddressType", replace: func(a *types.RestApi, p patch) error {
			endpoint := *a.EndpointConfiguration
			endpoint.IpAddressType = types.IpAddressType(p.value)
			if !slices.Contains(endpoint.IpAddressType.Values(), endpoint.IpAddressType) {
				return badRequest("ipAddressType must be either ipv4 or dualstack.")
			}
			a.EndpointConfiguration = &endpoint
			return nil
		}},
		endpointTypes(call),
	}}
}

// endpointTypes is the path by which an API gets another endpoint type; texts of
// add and remove are those of CreateRestApi.
func endpointTypes(call *awsproto.Call) patchPath[types.RestApi] {
	return patchPath[types.RestApi]{
		path:    "/endpointConfiguration/types/{}",
		wrongOp: "Invalid patch operation specified. Must be 'add'|'remove'|'replace'", // LocalStack, test_update_rest_api_ip_address_type
		add: func(*types.RestApi, patch) error {
			return badRequest("Cannot create an api with multiple Endpoint Types.")
		},
		remove: func(*types.RestApi, patch) error {
			return badRequest("REGIONAL Configuration and EDGE Configuration cannot be both DISABLED.")
		},
		replace: func(a *types.RestApi, p patch) error {
			kind := types.EndpointType(p.value)
			if !slices.Contains(kind.Values(), kind) || !slices.Contains(a.EndpointConfiguration.Types, types.EndpointType(p.names[0])) {
				return badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE")
			}
			endpoint := *a.EndpointConfiguration
			endpoint.Types = []types.EndpointType{kind}
			if kind == types.EndpointTypePrivate {
				endpoint.IpAddressType = types.IpAddressTypeDualstack
			}
			a.EndpointConfiguration = &endpoint
			return checkEndpoint(call, &endpoint)
		},
	}
}

// exchange takes one text out of a list and puts another at its end (so does AWS:
// LocalStack, test_update_rest_api_operation_add_remove); "" is none.
func exchange(list []string, out, in string) []string {
	var changed []string
	for _, text := range list {
		if text != out && text != in {
			changed = append(changed, text)
		}
	}
	if in != "" {
		changed = append(changed, in)
	}
	return changed
}

// deleteRestAPI deletes an API with all that belongs to it, deployed or not.
func (s *Service) deleteRestAPI(ctx context.Context, in *apigateway.DeleteRestApiInput) (*apigateway.DeleteRestApiOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	delete(s.apis, *in.RestApiId)
	s.mu.Unlock()
	for stage := range a.stages {
		s.flushAuthorizers(*in.RestApiId, stage)
	}
	return &apigateway.DeleteRestApiOutput{}, nil
}
