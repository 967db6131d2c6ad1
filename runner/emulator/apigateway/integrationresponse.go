package apigateway

import (
	"context"
	"errors"
	"regexp"
	"regexp/syntax"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// checkIntegrationResponse checks what a response was made or changed to.
func checkIntegrationResponse(m *types.Method, r *types.IntegrationResponse) error {
	if err := checkSelection(aws.ToString(r.SelectionPattern)); err != nil {
		return err
	}
	for _, other := range sorted(m.MethodIntegration.IntegrationResponses) {
		if *other.StatusCode == *r.StatusCode || aws.ToString(other.SelectionPattern) != aws.ToString(r.SelectionPattern) {
			continue
		}
		name := aws.ToString(r.SelectionPattern)
		if name == "" {
			name = "default"
		}
		return conflict("Integration response with selection pattern %s already exists", name) // carrot/terraform-api-gateway-method-module#2
	}
	if err := checkResponseMappings(m, *r.StatusCode, r.ResponseParameters); err != nil {
		return err
	}
	return checkTemplates(r.ResponseTemplates)
}

// checkSelection refuses what is no regular expression anywhere (bench,
// pf-apigw-integration-response-selection-pattern). AWS's are Java's, which has
// more operators than Go.
func checkSelection(pattern string) error {
	_, err := regexp.Compile(pattern)
	var wrong *syntax.Error
	if !errors.As(err, &wrong) {
		return nil
	}
	switch wrong.Code {
	case syntax.ErrMissingBracket, syntax.ErrMissingParen, syntax.ErrMissingRepeatArgument, syntax.ErrTrailingBackslash, syntax.ErrUnexpectedParen, syntax.ErrInvalidCharRange, syntax.ErrInvalidUTF8:
		return badRequest("Invalid regex pattern specified")
	}
	return nil
}

// integrationResponse finds a response of an integration, after its status was
// found good.
func (s *Service) integrationResponse(call *awsproto.Call, apiID, resourceID, verb, status *string) (place, types.Method, types.IntegrationResponse, error) {
	p, m, i, err := s.integration(call, apiID, resourceID, verb)
	if err != nil {
		return place{}, types.Method{}, types.IntegrationResponse{}, err
	}
	r, ok := i.IntegrationResponses[*status]
	if !ok {
		return place{}, types.Method{}, types.IntegrationResponse{}, noSuchResponse()
	}
	return p, m, r, nil
}

func (s *Service) putResponsesAt(p place, m types.Method, all map[string]types.IntegrationResponse) {
	i := *m.MethodIntegration
	i.IntegrationResponses = all
	s.putIntegrationAt(p, m, i)
}

func (s *Service) putIntegrationResponse(ctx context.Context, in *apigateway.PutIntegrationResponseInput) (*apigateway.PutIntegrationResponseOutput, error) {
	var v violations
	v.checkStatus(in.StatusCode)
	if in.ContentHandling != "" && !slices.Contains(in.ContentHandling.Values(), in.ContentHandling) {
		v.enum(string(in.ContentHandling), "putIntegrationResponseInput.contentHandling", "CONVERT_TO_BINARY, CONVERT_TO_TEXT") // no record was found
	}
	if err := v.err(); err != nil {
		return nil, err
	}
	p, m, i, err := s.integration(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod) // terraform#23353: the integration's error
	if err != nil {
		return nil, err
	}
	r := types.IntegrationResponse{
		StatusCode: in.StatusCode, SelectionPattern: in.SelectionPattern, ContentHandling: in.ContentHandling,
		ResponseParameters: in.ResponseParameters, ResponseTemplates: in.ResponseTemplates,
	}
	if err := checkIntegrationResponse(&m, &r); err != nil {
		return nil, err
	}
	s.putResponsesAt(p, m, with(i.IntegrationResponses, *r.StatusCode, r))
	return awsproto.As[apigateway.PutIntegrationResponseOutput](r), nil
}

func (s *Service) getIntegrationResponse(ctx context.Context, in *apigateway.GetIntegrationResponseInput) (*apigateway.GetIntegrationResponseOutput, error) {
	if err := checkStatus(in.StatusCode); err != nil {
		return nil, err
	}
	_, _, r, err := s.integrationResponse(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod, in.StatusCode)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetIntegrationResponseOutput](r), nil
}

var integrationResponsePatches = patches[types.IntegrationResponse]{paths: []patchPath[types.IntegrationResponse]{
	{path: "/contentHandling", replace: func(r *types.IntegrationResponse, p patch) error {
		return setContentHandling(&r.ContentHandling, p.value)
	}},
	textsAt("/responseParameters/{}", func(r *types.IntegrationResponse) *map[string]string { return &r.ResponseParameters }),
	templatesAt("/responseTemplates/{}", func(r *types.IntegrationResponse) *map[string]string { return &r.ResponseTemplates }),
	{path: "/selectionPattern", replace: func(r *types.IntegrationResponse, p patch) error {
		r.SelectionPattern = &p.value
		return nil
	}},
}}

func (s *Service) updateIntegrationResponse(ctx context.Context, in *apigateway.UpdateIntegrationResponseInput) (*apigateway.UpdateIntegrationResponseOutput, error) {
	call := awsproto.CallFrom(ctx)
	var v violations
	v.checkOps(call, in.PatchOperations)
	v.checkStatus(in.StatusCode)
	if err := v.err(); err != nil {
		return nil, err
	}
	p, m, r, err := s.integrationResponse(call, in.RestApiId, in.ResourceId, in.HttpMethod, in.StatusCode)
	if err != nil {
		return nil, err
	}
	if err := integrationResponsePatches.apply(&r, in.PatchOperations); err != nil {
		return nil, err
	}
	if err := checkIntegrationResponse(&m, &r); err != nil {
		return nil, err
	}
	s.putResponsesAt(p, m, with(m.MethodIntegration.IntegrationResponses, *r.StatusCode, r))
	return awsproto.As[apigateway.UpdateIntegrationResponseOutput](r), nil
}

func (s *Service) deleteIntegrationResponse(ctx context.Context, in *apigateway.DeleteIntegrationResponseInput) (*apigateway.DeleteIntegrationResponseOutput, error) {
	if err := checkStatus(in.StatusCode); err != nil {
		return nil, err
	}
	p, err := s.place(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId)
	if err != nil {
		return nil, err
	}
	// Here AWS misses the integration where the method is missing (LocalStack,
	// test_delete_integration_response_errors).
	m := p.resource.ResourceMethods[aws.ToString(in.HttpMethod)]
	if m.MethodIntegration == nil {
		return nil, noSuchIntegration()
	}
	all := m.MethodIntegration.IntegrationResponses
	if _, ok := all[*in.StatusCode]; !ok {
		return nil, noSuchResponse()
	}
	s.putResponsesAt(p, m, without(all, *in.StatusCode))
	return &apigateway.DeleteIntegrationResponseOutput{}, nil
}
