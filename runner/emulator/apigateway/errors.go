package apigateway

import (
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

func badRequest(format string, args ...any) error {
	return &types.BadRequestException{Message: aws.String(fmt.Sprintf(format, args...))}
}

func conflict(format string, args ...any) error {
	return &types.ConflictException{Message: aws.String(fmt.Sprintf(format, args...))}
}

func notFound(format string, args ...any) error {
	return &types.NotFoundException{Message: aws.String(fmt.Sprintf(format, args...))}
}

// invalid is the error of a value that the API's model does not know; set is what
// it knows, in AWS's order (LocalStack, test_apigateway_integrations,
// "validation error").
func invalid(value, member, set string) error {
	return awsproto.Error("ValidationException", http.StatusBadRequest, fmt.Sprintf("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, member, set))
}

// The errors of what is not there (LocalStack, test_apigateway_api.snapshot).
func noSuchAPI(call *awsproto.Call, id string) error {
	return notFound("Invalid API identifier specified %s:%s", call.Account, id)
}

func noSuchResource() error { return notFound("Invalid Resource identifier specified") }

func noSuchMethod() error { return notFound("Invalid Method identifier specified") }
