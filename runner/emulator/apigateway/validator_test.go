package apigateway_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// TestRequestValidators has LocalStack's TestApiGatewayApiRequestValidator.
func TestRequestValidators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	api, root := w.api()
	made, err := w.CreateRequestValidator(t.Context(), &sdk.CreateRequestValidatorInput{RestApiId: api, Name: aws.String("v")})
	if err != nil {
		t.Fatal(err)
	}
	update := func(operations []types.PatchOperation) (*sdk.UpdateRequestValidatorOutput, error) {
		return w.UpdateRequestValidator(t.Context(), &sdk.UpdateRequestValidatorInput{RestApiId: api, RequestValidatorId: made.Id, PatchOperations: operations})
	}
	if out, err := update(op(types.OpReplace, "/validateRequestBody", "true")); err != nil || !out.ValidateRequestBody || out.ValidateRequestParameters {
		t.Errorf("%+v, %v", out, err)
	}
	if out, err := update([]types.PatchOperation{{Op: types.OpReplace, Path: aws.String("/validateRequestBody")}}); err != nil || out.ValidateRequestBody {
		t.Errorf("%+v, %v", out, err)
	}
	for _, tt := range []struct {
		operations []types.PatchOperation
		code, want string
	}{
		{op(types.OpAdd, "/validateRequestBody", "true"), "BadRequestException", "Invalid patch path  '/validateRequestBody' specified for op 'add'. Please choose supported operations"},
		{op(types.OpRemove, "/validateRequestBody", ""), "BadRequestException", "Invalid patch path  '/validateRequestBody' specified for op 'remove'. Please choose supported operations"},
		{op(types.OpReplace, "/invalidPath", "true"), "BadRequestException", "Invalid patch path  '/invalidPath' specified for op 'replace'. Must be one of: [/name, /validateRequestParameters, /validateRequestBody]"},
		{op(types.OpReplace, "/name", ""), "BadRequestException", "Request Validator name cannot be blank"},
		{op("wrong-op", "/name", "x"), "ValidationException", "1 validation error detected: Value 'wrong-op' at 'updateRequestValidatorInput.patchOperations.1.member.op' failed to satisfy constraint: Member must satisfy enum value set: [add, remove, move, test, replace, copy]"},
	} {
		_, err := update(tt.operations)
		wantError(t, err, tt.code, tt.want)
	}
	_, err = w.CreateRequestValidator(t.Context(), &sdk.CreateRequestValidatorInput{RestApiId: api, Name: aws.String("v")})
	wantError(t, err, "BadRequestException", "Request Validator name must be unique. Request Validator v already exists in this RestApi.")
	_, err = w.CreateRequestValidator(t.Context(), &sdk.CreateRequestValidatorInput{RestApiId: aws.String("none")})
	wantError(t, err, "BadRequestException", "Invalid REST API identifier specified")

	if _, err := w.PutMethod(t.Context(), &sdk.PutMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("GET"), AuthorizationType: aws.String("NONE"), RequestValidatorId: made.Id}); err != nil {
		t.Fatal(err)
	}
	remove := func(api *string) error {
		_, err := w.DeleteRequestValidator(t.Context(), &sdk.DeleteRequestValidatorInput{RestApiId: api, RequestValidatorId: made.Id})
		return err
	}
	wantError(t, remove(api), "ConflictException", "Cannot delete request validator 'v', is referenced in method: GET//")
	if _, err := w.DeleteMethod(t.Context(), &sdk.DeleteMethodInput{RestApiId: api, ResourceId: root, HttpMethod: aws.String("GET")}); err != nil {
		t.Fatal(err)
	}
	if err := remove(api); err != nil {
		t.Error(err)
	}
	const gone = "Invalid Request Validator identifier specified"
	wantError(t, remove(api), "NotFoundException", gone)
	wantError(t, remove(aws.String("none")), "NotFoundException", gone)
	_, err = update(nil)
	wantError(t, err, "NotFoundException", gone)
	_, err = w.GetRequestValidator(t.Context(), &sdk.GetRequestValidatorInput{RestApiId: api, RequestValidatorId: made.Id})
	wantError(t, err, "NotFoundException", gone)
	if out, err := w.GetRequestValidators(t.Context(), &sdk.GetRequestValidatorsInput{RestApiId: api}); err != nil || out.Items == nil || len(out.Items) > 0 {
		t.Errorf("%+v, %v", out, err)
	}
	_, err = w.GetRequestValidators(t.Context(), &sdk.GetRequestValidatorsInput{RestApiId: aws.String("none")})
	wantError(t, err, "NotFoundException", "Invalid API identifier specified 123456789012:none")
}
