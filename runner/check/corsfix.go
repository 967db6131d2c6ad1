package check

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
)

// The commands that findings tell, with the ids of what is there. They can be
// pasted as they are.

const (
	allowOrigin      = "Access-Control-Allow-Origin"
	allowMethods     = "Access-Control-Allow-Methods"
	allowHeaders     = "Access-Control-Allow-Headers"
	allowCredentials = "Access-Control-Allow-Credentials"

	// parameterPrefix is how a header of an answer is called in a REST API's
	// method responses and integration responses.
	parameterPrefix = "method.response.header."
)

func (found *corsSubject) restID() string { return found.rest.id() }
func (found *corsSubject) httpID() string { return aws.ToString(found.http.api.ApiId) }

// deploy brings what is set to the callers. It is "" for an HTTP API that does so
// by itself.
func (found *corsSubject) deploy() string {
	if found.rest == nil {
		if found.http.stage != nil && aws.ToBool(found.http.stage.AutoDeploy) {
			return ""
		}
		return "aws apigatewayv2 create-deployment --api-id " + found.httpID() + " --stage-name " + quote(found.stage)
	}
	return found.rest.deploy()
}

// makeStage makes the stage that is lacking.
func (found *corsSubject) makeStage() string {
	if found.rest != nil {
		return found.rest.makeStage(found.stage)
	}
	return "aws apigatewayv2 create-stage --api-id " + found.httpID() + " --stage-name " + quote(found.stage) + " --auto-deploy"
}

func (found *corsSubject) enableEndpoint() string {
	if found.rest == nil {
		return "aws apigatewayv2 update-api --api-id " + found.httpID() + " --no-disable-execute-api-endpoint"
	}
	return found.rest.enableEndpoint()
}

// declare makes a header one that the method response may have.
func (m *restMethod) declare(status, header string) string {
	return m.command("update-method-response", "--status-code", status, "--patch-operations", "op=add,path=/responseParameters/"+parameterPrefix+header+",value=false")
}

// set gives a header its value in the integration response, op is add or replace.
// Values stand in single quotes there, and here in double quotes, which keep the
// AWS CLI from taking those away.
func (m *restMethod) set(op, status, header, value string) string {
	plain := strings.NewReplacer(`\`, "", `"`, "", "'", "", "$", "", "`", "", "!", "").Replace(value) // nothing of that is in a right value
	return m.command("update-integration-response", "--status-code", status, "--patch-operations",
		`"op=`+op+`,path=/responseParameters/`+parameterPrefix+header+`,value=\"'`+plain+`'\""`)
}

// object writes a mapping as a JSON text, for a shell.
func object(members map[string]string) string {
	data, err := json.Marshal(members)
	if err != nil {
		return "{}"
	}
	return quote(string(data))
}

// configure sets an HTTP API's CORS configuration.
func (found *corsSubject) configure(cors map[string]any) string {
	members := make([]string, 0, len(cors))
	for _, name := range slices.Sorted(maps.Keys(cors)) {
		members = append(members, encode(name)+":"+encode(cors[name]))
	}
	return "aws apigatewayv2 update-api --api-id " + found.httpID() + " --cors-configuration " + quote("{"+strings.Join(members, ",")+"}")
}

// gatewayResponse lets the gateway's own errors, of a status like this one, have the
// header for an origin; for "" it takes theirs away.
func (found *corsSubject) gatewayResponse(status int, origin string) string {
	of := " --rest-api-id " + found.restID() + " --response-type DEFAULT_" + strconv.Itoa(status/100) + "XX"
	if origin == "" {
		return "aws apigateway delete-gateway-response" + of
	}
	return "aws apigateway put-gateway-response" + of + " --response-parameters " +
		object(map[string]string{"gatewayresponse.header." + allowOrigin: "'" + origin + "'"})
}
