package apigateway

import (
	"fmt"
	"net/http"
	"strings"

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

// violations are what an input's values have against the API's model; AWS tells
// all of them at once (LocalStack, test_update_method_response_wrong_operations).
type violations []string

// enum says that a value is none of a set, which is given in AWS's order.
func (v *violations) enum(value, member, set string) {
	*v = append(*v, fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]", value, member, set))
}

func (v *violations) pattern(value, member, pattern string) {
	*v = append(*v, fmt.Sprintf("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", value, member, pattern))
}

func (v violations) err() error {
	if v == nil {
		return nil
	}
	count := "1 validation error"
	if len(v) > 1 {
		count = fmt.Sprintf("%d validation errors", len(v))
	}
	return awsproto.Error("ValidationException", http.StatusBadRequest, count+" detected: "+strings.Join(v, "; "))
}

// The errors of what is not there (LocalStack, test_apigateway_api.snapshot).
func noSuchAPI(call *awsproto.Call, id string) error {
	return notFound("Invalid API identifier specified %s:%s", call.Account, id)
}

func noSuchResource() error { return notFound("Invalid Resource identifier specified") }

func noSuchMethod() error { return notFound("Invalid Method identifier specified") }

func noSuchIntegration() error { return notFound("Invalid Integration identifier specified") }

func noSuchResponse() error { return notFound("Invalid Response status code specified") }

// noSuchStage and noSuchDeployment: serverless-domain-manager#92, and moto,
// apigateway/exceptions.py.
func noSuchStage() error { return notFound("Invalid stage identifier specified") }

func noSuchDeployment() error { return notFound("Invalid Deployment identifier specified") }

// badMapping is the error of parameters that are mapped wrongly (bench,
// pf-apigw-integration-request-parameter-value).
func badMapping(format string, args ...any) error {
	return badRequest("Invalid mapping expression specified: Validation Result: warnings : [], errors : [%s]", fmt.Sprintf(format, args...))
}
