package apigateway

import (
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/apigateway/openapi"
	"awslab/runner/emulator/awsproto"
)

func (s *Service) importOperations() []awsproto.Operation {
	const lacks = "documentation is not kept; resource policies, private APIs, VPC links and COGNITO_USER_POOLS are refused"
	return []awsproto.Operation{
		awsproto.REST("ImportRestApi", "POST "+apisPath+"?mode=import", 201, s.importRestAPI).Lacking(lacks),
		awsproto.REST("PutRestApi", "PUT "+apiPath, 200, s.putRestAPI).Lacking(lacks),
	}
}

// importRestAPI makes an API of a definition. It has no models but the
// definition's (LocalStack, swagger-mock-cors.json).
func (s *Service) importRestAPI(ctx context.Context, in *apigateway.ImportRestApiInput) (*apigateway.ImportRestApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	a := s.makeAPI(call, &types.RestApi{})
	a.models = map[string]*types.Model{}
	warnings, err := take(call, a, a, definition{in.Body, in.Parameters, in.FailOnWarnings})
	if err != nil {
		return nil, err
	}
	s.put(a)
	out := awsproto.As[apigateway.ImportRestApiOutput](a.RestApi)
	out.Warnings = warnings
	return out, nil
}

// putRestAPI changes an API to a definition: mode overwrite leaves of its
// configuration only what the definition has, merge keeps the rest. Stages and
// deployments stay as they are.
func (s *Service) putRestAPI(ctx context.Context, in *apigateway.PutRestApiInput) (*apigateway.PutRestApiOutput, error) {
	call := awsproto.CallFrom(ctx)
	if in.Mode != "" && !slices.Contains(in.Mode.Values(), in.Mode) {
		return nil, badRequest(`Enumeration value of OpenAPI import mode must be "overwrite" or "merge"`) // moto, apigateway/exceptions.py
	}
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, err
	}
	old := a
	if in.Mode == types.PutModeOverwrite {
		a = old.emptied()
	}
	warnings, err := take(call, a, old, definition{in.Body, in.Parameters, in.FailOnWarnings})
	if err != nil {
		return nil, err
	}
	s.put(a)
	out := awsproto.As[apigateway.PutRestApiOutput](a.RestApi)
	out.Warnings = warnings
	if out.Tags == nil {
		out.Tags = map[string]string{} // so has this answer, unlike ImportRestApi's (LocalStack, test_import_rest_apis_with_base_path)
	}
	return out, nil
}

// emptied gives an API with what no definition overwrites: ids, dates, tags, how it
// is reached, stages and deployments.
func (a *api) emptied() *api {
	bare := *a.RestApi
	bare.Description, bare.Version, bare.BinaryMediaTypes, bare.MinimumCompressionSize, bare.ApiKeySource = nil, nil, nil, nil, types.ApiKeySourceTypeHeader
	e := newAPI(&bare)
	e.stages, e.deployments, e.deployed = a.stages, a.deployments, a.deployed
	return e
}

// definition is what a call imports.
type definition struct {
	body       []byte
	parameters map[string]string
	failing    bool // on warnings
}

// take reads a definition and puts it into an API, which is not yet put. Parts get
// the ids of those of old that have the same name or path: AWS does so even when it
// overwrites (LocalStack, test_import_rest_api_with_base_path_oas30).
func take(call *awsproto.Call, a, old *api, from definition) (warnings []string, err error) {
	basePath := openapi.BasePath(from.parameters["basepath"])
	if !slices.Contains([]openapi.BasePath{"", openapi.Ignore, openapi.Prepend, openapi.Split}, basePath) {
		return nil, badRequest("Invalid basepath specified. Valid options are ignore,prepend,split") // no record was found
	}
	d, err := openapi.Read(from.body, openapi.Options{
		BasePath: basePath, ModelURL: func(name string) string { return modelURL(*a.Id, name) }, Rand: call.Rand, Taken: awsproto.KeyOf(a.models),
	})
	if err != nil {
		return nil, badRequest("%s", err)
	}
	i := &importer{call: call, api: a, old: old, definition: d, warnings: d.Warnings, failed: map[string]bool{}}
	if err := i.run(from.parameters); err != nil {
		return nil, err
	}
	switch {
	case i.errors != nil:
		message := "Errors found during import:\n\t" + strings.Join(i.errors, "\n\t")
		if i.warnings != nil {
			message += "\nAdditionally, these warnings were found:\n\t" + strings.Join(i.warnings, "\n\t") // aws-api-gateway-developer-portal#571
		}
		return nil, badRequest("%s", message)
	case i.warnings != nil && from.failing:
		return nil, badRequest("Warnings found during import:\n\t%s", strings.Join(i.warnings, "\n\t")) // terraform-provider-aws; moto, of HTTP APIs
	}
	return i.warnings, nil
}
