package apigateway

import (
	"context"
	"maps"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

var statusCode = regexp.MustCompile(`^[1-5]\d\d$`)

// checkStatus checks the status of a response (LocalStack,
// test_integration_response_invalid_statuscode).
func (v *violations) checkStatus(status *string) {
	if !statusCode.MatchString(aws.ToString(status)) {
		v.pattern(aws.ToString(status), "statusCode", `[1-5]\d\d`)
	}
}

func checkStatus(status *string) error {
	var v violations
	v.checkStatus(status)
	return v.err()
}

// responseParameter is a name of what a method answers with.
var responseParameter = regexp.MustCompile(`(?s)^method\.response\.header\.(.+)$`)

func (a *api) checkMethodResponse(r *types.MethodResponse) error {
	for _, name := range slices.Sorted(maps.Keys(r.ResponseParameters)) {
		if err := checkParameter(responseParameter, name); err != nil {
			return err
		}
	}
	return a.checkModels(r.ResponseModels)
}

// methodResponse finds a response of a method, after its status was found good.
func (s *Service) methodResponse(call *awsproto.Call, apiID, resourceID, verb, status *string) (place, types.Method, types.MethodResponse, error) {
	p, m, err := s.method(call, apiID, resourceID, verb)
	if err != nil {
		return place{}, types.Method{}, types.MethodResponse{}, err
	}
	r, ok := m.MethodResponses[*status]
	if !ok {
		return place{}, types.Method{}, types.MethodResponse{}, noSuchResponse()
	}
	return p, m, r, nil
}

func (s *Service) putMethodResponse(ctx context.Context, in *apigateway.PutMethodResponseInput) (*apigateway.PutMethodResponseOutput, error) {
	if err := checkStatus(in.StatusCode); err != nil {
		return nil, err
	}
	p, m, err := s.method(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod)
	if err != nil {
		return nil, err
	}
	r := types.MethodResponse{StatusCode: in.StatusCode, ResponseModels: in.ResponseModels, ResponseParameters: in.ResponseParameters}
	if err := p.api.checkMethodResponse(&r); err != nil {
		return nil, err
	}
	if _, exists := m.MethodResponses[*in.StatusCode]; exists {
		return nil, conflict("Response already exists for this resource") // public deployment scripts match it
	}
	m.MethodResponses = with(m.MethodResponses, *in.StatusCode, r)
	s.putMethodAt(p, m)
	return awsproto.As[apigateway.PutMethodResponseOutput](r), nil
}

func (s *Service) getMethodResponse(ctx context.Context, in *apigateway.GetMethodResponseInput) (*apigateway.GetMethodResponseOutput, error) {
	if err := checkStatus(in.StatusCode); err != nil {
		return nil, err
	}
	_, _, r, err := s.methodResponse(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod, in.StatusCode)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetMethodResponseOutput](r), nil
}

var methodResponsePatches = patches[types.MethodResponse]{paths: []patchPath[types.MethodResponse]{
	modelsAt("/responseModels/{}", func(r *types.MethodResponse) *map[string]string { return &r.ResponseModels }),
	flagsAt("/responseParameters/{}", func(r *types.MethodResponse) *map[string]bool { return &r.ResponseParameters }),
}}

func (s *Service) updateMethodResponse(ctx context.Context, in *apigateway.UpdateMethodResponseInput) (*apigateway.UpdateMethodResponseOutput, error) {
	call := awsproto.CallFrom(ctx)
	var v violations
	v.checkOps(call, in.PatchOperations)
	v.checkStatus(in.StatusCode)
	if err := v.err(); err != nil {
		return nil, err
	}
	p, m, r, err := s.methodResponse(call, in.RestApiId, in.ResourceId, in.HttpMethod, in.StatusCode)
	if err != nil {
		return nil, err
	}
	if err := methodResponsePatches.apply(&r, in.PatchOperations); err != nil {
		return nil, err
	}
	if err := p.api.checkMethodResponse(&r); err != nil {
		return nil, err
	}
	m.MethodResponses = with(m.MethodResponses, *in.StatusCode, r)
	s.putMethodAt(p, m)
	return awsproto.As[apigateway.UpdateMethodResponseOutput](r), nil
}

func (s *Service) deleteMethodResponse(ctx context.Context, in *apigateway.DeleteMethodResponseInput) (*apigateway.DeleteMethodResponseOutput, error) {
	if err := checkStatus(in.StatusCode); err != nil {
		return nil, err
	}
	p, m, _, err := s.methodResponse(awsproto.CallFrom(ctx), in.RestApiId, in.ResourceId, in.HttpMethod, in.StatusCode)
	if err != nil {
		return nil, err
	}
	m.MethodResponses = without(m.MethodResponses, *in.StatusCode)
	s.putMethodAt(p, m)
	return &apigateway.DeleteMethodResponseOutput{}, nil
}
