package apigateway

import (
	"context"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func (s *Service) validatorOperations() []awsproto.Operation {
	const (
		validators = apiPath + "/requestvalidators"
		validator  = validators + "/{RequestValidatorId}"
	)
	return []awsproto.Operation{
		awsproto.REST("CreateRequestValidator", "POST "+validators, 201, s.createRequestValidator),
		awsproto.REST("DeleteRequestValidator", "DELETE "+validator, 202, s.deleteRequestValidator),
		awsproto.REST("GetRequestValidator", "GET "+validator, 200, s.getRequestValidator),
		awsproto.REST("GetRequestValidators", "GET "+validators, 200, s.getRequestValidators),
		awsproto.REST("UpdateRequestValidator", "PATCH "+validator, 200, s.updateRequestValidator),
	}
}

// requestValidator finds a validator. Of an API that is not there AWS says the same
// as of a validator (LocalStack, test_invalid_get_request_validator).
func (s *Service) requestValidator(call *awsproto.Call, apiID, id *string) (*api, *types.RequestValidator, error) {
	a, err := s.find(call, apiID)
	if err == nil {
		if v, ok := a.requestValidators[aws.ToString(id)]; ok {
			return a, v, nil
		}
	}
	return nil, nil, notFound("Invalid Request Validator identifier specified")
}

// checkValidator checks a validator's name (LocalStack,
// test_invalid_update_request_validator_operations; serverless#10099).
func (a *api) checkValidator(v *types.RequestValidator) error {
	if v.Name == nil {
		return nil
	}
	if *v.Name == "" {
		return badRequest("Request Validator name cannot be blank")
	}
	for _, other := range a.requestValidators {
		if aws.ToString(other.Name) == *v.Name && aws.ToString(other.Id) != aws.ToString(v.Id) {
			return badRequest("Request Validator name must be unique. Request Validator %s already exists in this RestApi.", *v.Name) // after the first sentence made as that of authorizers
		}
	}
	return nil
}

func (s *Service) createRequestValidator(ctx context.Context, in *apigateway.CreateRequestValidatorInput) (*apigateway.CreateRequestValidatorOutput, error) {
	call := awsproto.CallFrom(ctx)
	a, err := s.edit(call, in.RestApiId)
	if err != nil {
		return nil, badRequest("Invalid REST API identifier specified") // LocalStack, test_validators_crud_no_api
	}
	v := types.RequestValidator{Name: in.Name, ValidateRequestBody: in.ValidateRequestBody, ValidateRequestParameters: in.ValidateRequestParameters}
	if err := a.checkValidator(&v); err != nil {
		return nil, err
	}
	v.Id = a.newPartID(call)
	a.requestValidators[*v.Id] = &v
	s.put(a)
	return awsproto.As[apigateway.CreateRequestValidatorOutput](v), nil
}

func (s *Service) getRequestValidator(ctx context.Context, in *apigateway.GetRequestValidatorInput) (*apigateway.GetRequestValidatorOutput, error) {
	_, v, err := s.requestValidator(awsproto.CallFrom(ctx), in.RestApiId, in.RequestValidatorId)
	if err != nil {
		return nil, err
	}
	return awsproto.As[apigateway.GetRequestValidatorOutput](v), nil
}

func (s *Service) getRequestValidators(ctx context.Context, in *apigateway.GetRequestValidatorsInput) (*apigateway.GetRequestValidatorsOutput, error) {
	a, err := s.find(awsproto.CallFrom(ctx), in.RestApiId)
	if err != nil {
		return nil, err
	}
	items, next, err := page(in.Position, in.Limit, values(sorted(a.requestValidators)))
	if err != nil {
		return nil, err
	}
	return &apigateway.GetRequestValidatorsOutput{Items: items, Position: next}, nil
}

var validatorPatches = patches[types.RequestValidator]{listing: true, paths: []patchPath[types.RequestValidator]{
	{path: "/name", replace: func(v *types.RequestValidator, p patch) error {
		v.Name = &p.value
		return nil
	}},
	{path: "/validateRequestParameters", replace: setFlag(func(v *types.RequestValidator) *bool { return &v.ValidateRequestParameters })},
	{path: "/validateRequestBody", replace: setFlag(func(v *types.RequestValidator) *bool { return &v.ValidateRequestBody })},
}}

func (s *Service) updateRequestValidator(ctx context.Context, in *apigateway.UpdateRequestValidatorInput) (*apigateway.UpdateRequestValidatorOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkOps(call, in.PatchOperations); err != nil {
		return nil, err
	}
	found, v, err := s.requestValidator(call, in.RestApiId, in.RequestValidatorId)
	if err != nil {
		return nil, err
	}
	a, changed := found.edit(), *v
	if err := validatorPatches.apply(&changed, in.PatchOperations); err != nil {
		return nil, err
	}
	if err := a.checkValidator(&changed); err != nil {
		return nil, err
	}
	a.requestValidators[*changed.Id] = &changed
	s.put(a)
	return awsproto.As[apigateway.UpdateRequestValidatorOutput](changed), nil
}

func (s *Service) deleteRequestValidator(ctx context.Context, in *apigateway.DeleteRequestValidatorInput) (*apigateway.DeleteRequestValidatorOutput, error) {
	found, v, err := s.requestValidator(awsproto.CallFrom(ctx), in.RestApiId, in.RequestValidatorId)
	if err != nil {
		return nil, err
	}
	if user := found.methodWith(func(m *types.Method) bool { return aws.ToString(m.RequestValidatorId) == *v.Id }); user != "" {
		return nil, conflict("Cannot delete request validator '%s', is referenced in method: %s", aws.ToString(v.Name), user) // made as that of authorizers; no record was found
	}
	a := found.edit()
	delete(a.requestValidators, *v.Id)
	s.put(a)
	return &apigateway.DeleteRequestValidatorOutput{}, nil
}

// methodWith finds a method of an API and names it as AWS does, "GET//test"; ""
// where there is none.
func (a *api) methodWith(is func(*types.Method) bool) string {
	for _, r := range a.allResources() {
		for _, verb := range slices.Sorted(maps.Keys(r.ResourceMethods)) {
			if m := r.ResourceMethods[verb]; is(&m) {
				return verb + "/" + *r.Path
			}
		}
	}
	return ""
}
