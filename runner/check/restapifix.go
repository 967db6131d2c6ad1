package check

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The commands about a REST API that findings tell, with the ids of what is there.
// They can be pasted as they are.

// then joins commands, each of which needs the one before.
func then(commands ...string) string {
	return strings.Join(slices.DeleteFunc(commands, func(c string) bool { return c == "" }), " && ")
}

func (found *release) id() string { return aws.ToString(found.api.Id) }

// deploy brings what is set to the callers.
func (found *release) deploy() string {
	command := found.makeStage(aws.ToString(found.stage.StageName))
	if canary := found.stage.CanarySettings; canary != nil { // it is refused without
		command += " --canary-settings percentTraffic=" + number64(canary.PercentTraffic)
		command = then(command, found.promote())
	}
	return command
}

// promote lets the stage serve what its canary serves.
func (found *release) promote() string {
	return "aws apigateway update-stage --rest-api-id " + found.id() + " --stage-name " + quote(aws.ToString(found.stage.StageName)) +
		" --patch-operations op=replace,path=/canarySettings/percentTraffic,value=0 op=copy,from=/canarySettings/deploymentId,path=/deploymentId"
}

// makeStage makes a stage that is lacking.
func (found *release) makeStage(name string) string {
	return "aws apigateway create-deployment --rest-api-id " + found.id() + " --stage-name " + quote(name)
}

func (found *release) enableEndpoint() string {
	return "aws apigateway update-rest-api --rest-api-id " + found.id() + " --patch-operations op=replace,path=/disableExecuteApiEndpoint,value=false"
}

// command is one about a method of a REST API: the words behind `aws apigateway`,
// and its options.
func (m *restMethod) command(words string, options ...string) string {
	return strings.Join(append([]string{
		"aws apigateway", words, "--rest-api-id", m.api, "--resource-id", m.resource, "--http-method", m.key,
	}, options...), " ")
}
