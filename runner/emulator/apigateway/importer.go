package apigateway

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/apigateway/openapi"
	"awslab/runner/emulator/awsproto"
)

// importer puts a definition into an API as calls one by one would, and collects
// what they would have refused.
type importer struct {
	call       *awsproto.Call
	api        *api
	old        *api
	definition *openapi.Definition
	warnings   []string
	errors     []string
	failed     map[string]bool    // models that could not be made
	validators map[string]*string // ids by name
	authorizer map[string]*string // ids by name
}

// refuse notes AWS's error of a part. What awslab does not emulate ends the import:
// it gives that error back.
func (i *importer) refuse(what string, err error) error {
	var bad *types.BadRequestException
	var taken *types.ConflictException
	var wrong *awsproto.WireError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &bad):
		i.errors = append(i.errors, what+": "+aws.ToString(bad.Message))
	case errors.As(err, &taken):
		i.errors = append(i.errors, what+": "+aws.ToString(taken.Message))
	case errors.As(err, &wrong) && wrong.Status == 400:
		i.errors = append(i.errors, what+": "+wrong.Message)
	default:
		return err
	}
	return nil
}

func (i *importer) run(parameters map[string]string) error {
	i.api.own()
	defer i.api.share()
	for _, part := range []func() error{func() error { return i.settings(parameters) }, i.models, i.requestValidators, i.authorizers, i.gatewayResponses, i.resources} {
		if err := part(); err != nil {
			return err
		}
	}
	return nil
}

// own lets an API's tables be changed many times; share ends that.
func (a *api) own() {
	a.resources.own()
	a.names.own()
	a.children.own()
}

func (a *api) share() {
	a.resources.share()
	a.names.share()
	a.children.share()
}

// settings takes over what the definition says of the API itself.
func (i *importer) settings(parameters map[string]string) error {
	said, a := i.definition.API, *i.api.RestApi
	switch {
	case said.Name != nil && *said.Name != "":
		a.Name = said.Name
	case a.Name == nil:
		return badRequest("%s", openapi.ErrInvalid) // no record of a definition without a title was found
	}
	if said.Policy != nil {
		return awsproto.UnsupportedWith(i.call, "x-amazon-apigateway-policy")
	}
	if said.Description != nil && *said.Description != "" {
		a.Description = said.Description
	}
	if said.Version != nil {
		a.Version = said.Version
	}
	if said.BinaryMediaTypes != nil {
		a.BinaryMediaTypes = said.BinaryMediaTypes
	}
	if size := said.MinimumCompressionSize; size != nil {
		if *size < 0 || *size > maxCompression {
			return badCompression()
		}
		a.MinimumCompressionSize = size
	}
	if said.ApiKeySource != "" {
		if a.ApiKeySource = said.ApiKeySource; !slices.Contains(a.ApiKeySource.Values(), a.ApiKeySource) {
			return badRequest("Invalid API key source specified. Valid options are HEADER,AUTHORIZER") // no record was found
		}
	}
	if disable := i.definition.DisableExecuteAPIEndpoint; disable != nil {
		a.DisableExecuteApiEndpoint = *disable
	}
	if said.Tags != nil {
		tags := maps.Clone(a.Tags)
		if tags == nil {
			tags = map[string]string{}
		}
		maps.Copy(tags, said.Tags)
		if err := checkTags(tags); err != nil {
			return err
		}
		a.Tags = tags
	}
	if err := i.endpoint(&a, said.EndpointConfiguration, parameters); err != nil {
		return err
	}
	i.api.RestApi = &a
	return nil
}

// endpoint takes over how the API is reached: a parameter of the call counts more
// than the definition.
func (i *importer) endpoint(a *types.RestApi, said *types.EndpointConfiguration, parameters map[string]string) error {
	endpoint := *a.EndpointConfiguration
	if said != nil {
		if said.Types != nil {
			endpoint.Types = said.Types
		}
		if said.IpAddressType != "" {
			endpoint.IpAddressType = said.IpAddressType
		}
		endpoint.VpcEndpointIds = said.VpcEndpointIds
	}
	if given := parameters["endpointConfigurationTypes"]; given != "" {
		endpoint.Types = nil
		for name := range strings.SplitSeq(given, ",") {
			endpoint.Types = append(endpoint.Types, types.EndpointType(strings.ToUpper(strings.TrimSpace(name))))
		}
	}
	for _, kind := range endpoint.Types {
		if !slices.Contains(kind.Values(), kind) {
			return badRequest("Invalid EndpointTypes specified. Valid options are REGIONAL,EDGE,PRIVATE") // of UpdateRestApi
		}
	}
	if !slices.Contains(endpoint.IpAddressType.Values(), endpoint.IpAddressType) {
		return badRequest("ipAddressType must be either ipv4 or dualstack.") // of UpdateRestApi
	}
	if slices.Contains(endpoint.Types, types.EndpointTypePrivate) {
		endpoint.IpAddressType = types.IpAddressTypeDualstack
	}
	if err := checkEndpoint(i.call, &endpoint); err != nil {
		return err
	}
	a.EndpointConfiguration = &endpoint
	return nil
}

func (i *importer) models() error {
	own := map[string]bool{}
	for _, m := range i.definition.Models {
		own[*m.Name] = true
	}
	known := func(name string) bool { return own[name] || awsproto.KeyOf(i.api.models)(name) }
	for _, m := range i.definition.Models {
		if err := i.api.checkModel(&m, known); err != nil {
			if i.failed[*m.Name] = true; i.refuse("Unable to create model for '"+*m.Name+"'", err) != nil {
				return err
			}
			continue
		}
		if old, ok := i.old.models[*m.Name]; ok {
			m.Id = old.Id
		} else {
			m.Id = i.api.newPartID(i.call)
		}
		i.api.models[*m.Name] = &m
	}
	return nil
}

func (i *importer) requestValidators() error {
	i.validators = map[string]*string{}
	for _, v := range sorted(i.old.requestValidators) {
		if v.Name != nil {
			i.validators[*v.Name] = v.Id
		}
	}
	for _, v := range i.definition.RequestValidators {
		if v.Id = i.validators[*v.Name]; v.Id == nil {
			v.Id = i.api.newPartID(i.call)
		}
		if *v.Name == "" {
			if err := i.refuse("Unable to create request validator ''", i.api.checkValidator(&v)); err != nil { // made as the others
				return err
			}
			continue
		}
		i.validators[*v.Name] = v.Id
		i.api.requestValidators[*v.Id] = &v
	}
	return nil
}

func (i *importer) authorizers() error {
	i.authorizer = map[string]*string{}
	for _, z := range sorted(i.old.authorizers) {
		i.authorizer[*z.Name] = z.Id
	}
	for _, z := range i.definition.Authorizers {
		if z.AuthType == nil {
			z.AuthType = aws.String("custom")
		}
		if err := checkAuthorizer(i.call, &z); err != nil {
			if err := i.refuse("Unable to create Authorizer '"+*z.Name+"'", err); err != nil { // recorded of HTTP APIs
				return err
			}
			continue
		}
		if z.Id = i.authorizer[*z.Name]; z.Id == nil {
			z.Id = i.api.newPartID(i.call)
		}
		i.authorizer[*z.Name] = z.Id
		i.api.authorizers[*z.Id] = &z
	}
	return nil
}

func (i *importer) gatewayResponses() error {
	for _, said := range i.definition.GatewayResponses {
		var v violations
		checkResponseType(&v, said.ResponseType)
		if said.StatusCode != nil {
			v.checkStatus(said.StatusCode)
		}
		r := changeGatewayResponse(said.ResponseType, said.StatusCode, said.ResponseParameters, said.ResponseTemplates)
		err := v.err()
		if err == nil {
			err = checkGatewayResponse(&r)
		}
		if err != nil {
			if err := i.refuse("Unable to put gateway response '"+string(said.ResponseType)+"'", err); err != nil { // made as the others
				return err
			}
			continue
		}
		i.api.gatewayResponses[string(r.ResponseType)] = &r
	}
	return nil
}

// resources makes the resources of the paths, with their methods.
func (i *importer) resources() error {
	ids := map[string]*string{}
	for _, r := range i.old.allResources() {
		ids[*r.Path] = r.Id
	}
	made := map[string]*types.Resource{}
	for _, said := range i.definition.Resources {
		r, err := i.resource(said, ids, made)
		if err != nil {
			if err := i.refuse("Unable to create resource at path '"+*said.Path+"'", err); err != nil {
				return err
			}
			continue
		}
		if r == nil {
			continue // its parent could not be made
		}
		made[*said.Path] = r
		if len(said.ResourceMethods) == 0 {
			continue
		}
		whole := *r
		whole.ResourceMethods = maps.Clone(r.ResourceMethods)
		if whole.ResourceMethods == nil {
			whole.ResourceMethods = map[string]types.Method{}
		}
		for _, verb := range slices.Sorted(maps.Keys(said.ResourceMethods)) {
			m := said.ResourceMethods[verb]
			ok, err := i.method(&whole, &m)
			if err != nil {
				return err
			}
			if ok {
				whole.ResourceMethods[verb] = m
			}
		}
		i.api.setResource(&whole)
		made[*said.Path] = &whole
	}
	return nil
}

// resource finds or makes a resource without its methods; it is nil where that it
// stands under could not be made.
func (i *importer) resource(said types.Resource, ids map[string]*string, made map[string]*types.Resource) (*types.Resource, error) {
	if said.PathPart == nil {
		root, err := i.api.resource(i.api.RootResourceId)
		return root, err
	}
	up := strings.TrimSuffix(*said.Path, "/"+*said.PathPart)
	if up == "" {
		up = "/"
	}
	parent := made[up]
	if parent == nil {
		return nil, nil //nolint:nilnil // see above
	}
	if id, ok := ids[*said.Path]; ok {
		if r, there := i.api.resources.get(*id); there {
			return r, nil
		}
		if err := i.api.checkPlace(id, parent, *said.PathPart); err != nil {
			return nil, err
		}
		r := &types.Resource{Id: id, ParentId: parent.Id, PathPart: said.PathPart, Path: said.Path}
		i.api.setResource(r)
		return r, nil
	}
	return i.api.addResource(i.call, parent, *said.PathPart)
}

// method checks a method and what belongs to it, and gives it the ids of what it
// names. What is refused of its responses and integration is left out: the import
// fails anyway.
func (i *importer) method(r *types.Resource, m *types.Method) (ok bool, err error) {
	at := " '" + *m.HttpMethod + "' %s path '" + *r.Path + "'"
	what := func(part, on string) string {
		return "Unable to put " + part + strings.Replace(at, "%s", on, 1)
	}
	i.name(m)
	if err := i.api.checkMethod(m); err != nil {
		return false, i.refuse(what("method", "on resource at"), err)
	}
	for _, status := range slices.Sorted(maps.Keys(m.MethodResponses)) {
		response := m.MethodResponses[status]
		if err := i.refuse(what("method response on", "for resource at"), i.api.checkMethodResponse(&response)); err != nil { // made as the next
			return false, err
		}
	}
	if m.MethodIntegration == nil {
		return true, nil
	}
	integration := m.MethodIntegration
	place{i.api, r}.complete(integration)
	if err := i.refuse(what("integration on", "for resource at"), checkIntegration(i.call, m, integration)); err != nil {
		return false, err
	}
	for _, status := range slices.Sorted(maps.Keys(integration.IntegrationResponses)) {
		response := integration.IntegrationResponses[status]
		err := checkStatus(response.StatusCode)
		if err == nil {
			err = checkIntegrationResponse(m, &response)
		}
		if err := i.refuse(what("integration response on", "for resource at"), err); err != nil {
			return false, err
		}
	}
	return true, nil
}

// name puts ids in the place of names, and takes out models that could not be made
// (aws-api-gateway-developer-portal#571).
func (i *importer) name(m *types.Method) {
	if m.RequestValidatorId != nil {
		if id := i.validators[*m.RequestValidatorId]; id != nil {
			m.RequestValidatorId = id
		}
	}
	if m.AuthorizerId != nil {
		m.AuthorizerId = i.authorizer[*m.AuthorizerId]
	}
	missing := func(model string) bool {
		if i.failed[model] {
			i.warnings = append(i.warnings, "Reference to model '"+model+"' not found. Ignoring.")
		}
		return i.failed[model]
	}
	for _, contentType := range slices.Sorted(maps.Keys(m.RequestModels)) {
		if missing(m.RequestModels[contentType]) {
			m.RequestModels[contentType] = "null"
		}
	}
	for _, status := range slices.Sorted(maps.Keys(m.MethodResponses)) {
		response := m.MethodResponses[status]
		for _, contentType := range slices.Sorted(maps.Keys(response.ResponseModels)) {
			if missing(response.ResponseModels[contentType]) {
				delete(response.ResponseModels, contentType)
			}
		}
	}
}
