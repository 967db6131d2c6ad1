package apigatewayv2

import (
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

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

// noSuchAPI is seen in CloudFormation: "Invalid API identifier specified
// 750056739266:APIID".
func noSuchAPI(call *awsproto.Call, id string) error {
	return notFound("Invalid API identifier specified %s:%s", call.Account, id)
}

// noSuch is the error of something else that an API does not have (moto,
// apigatewayv2/exceptions.py).
func noSuch(noun, id string) error {
	return notFound("Invalid %s identifier specified %s", noun, id)
}

// deploymentOfAuto is the error of a deployment for a stage that deploys
// automatically (cdk-real-drift#667).
func deploymentOfAuto(call *awsproto.Call, apiID *string) error {
	return badRequest("Deployment ID cannot be set on this stage %s:%s because AutoDeploy is enabled.", call.Account, *apiID)
}

// noSuchSettings is the error of route settings without a route, and of a route
// without settings in a stage (bench, pf-apigwv2-stage-route-settings-key).
func noSuchSettings(routeKey string) error {
	return notFound("Unable to find Route by key %s within the provided RouteSettings", routeKey)
}
