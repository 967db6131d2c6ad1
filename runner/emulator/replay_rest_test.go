package emulator

import (
	"reflect"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// restAPI is what a player knows of a REST API: identifiers of its parts, by
// member, the newest last.
type restAPI struct {
	id, root string
	ids      map[string][]string
}

// aim chooses the API that a call is about: mostly the oldest, so that it becomes
// whole.
func (p *player) aim() {
	p.about = &restAPI{id: "none", root: "none", ids: map[string][]string{}}
	if len(p.rest) > 0 {
		if p.about = p.rest[0]; p.rand.IntN(5) == 0 {
			p.about = p.rest[p.rand.IntN(len(p.rest))]
		}
	}
}

// learnREST keeps the identifiers of an answer.
func (p *player) learnREST(output reflect.Value) {
	id := ""
	if member := output.FieldByName("Id"); member.IsValid() && !member.IsZero() {
		id = member.Elem().String()
	}
	switch p.op.Name {
	case "CreateRestApi", "ImportRestApi":
		p.rest = append(p.rest, &restAPI{id: id, root: output.FieldByName("RootResourceId").Elem().String(), ids: map[string][]string{}})
		p.rest = p.rest[:min(len(p.rest), 4)]
	case "DeleteRestApi":
		p.rest = slices.DeleteFunc(p.rest, func(a *restAPI) bool { return a == p.about })
	case "CreateResource", "CreateDeployment", "CreateAuthorizer", "CreateRequestValidator":
		member := strings.TrimPrefix(p.op.Name, "Create") + "Id"
		known := append(p.about.ids[member], id)
		p.about.ids[member] = known[max(0, len(known)-3):]
	}
}

// restUsual are the members that calls about REST APIs carry mostly.
var restUsual = []string{"PatchOperations", "PathPart", "DeploymentId", "AuthorizationType", "IntegrationHttpMethod", "Uri", "Type", "IdentitySource", "AuthorizerUri", "Body", "Schema", "ContentType"}

// restText is a value for a member of API Gateway's.
func (p *player) restText(member string) (string, bool) {
	switch member {
	case "RestApiId":
		return p.about.id, true
	case "CloneFrom":
		return p.about.id, true
	case "ParentId":
		return p.about.root, true
	case "ResourceId":
		if strings.HasSuffix(p.op.Name, "Resource") {
			return p.pick(append(p.about.ids[member], p.about.root)...), true
		}
		return p.about.root, true // so that a method is likely to have what belongs to it
	case "DeploymentId", "AuthorizerId", "RequestValidatorId":
		return p.pick(append(p.about.ids[member], "none")...), true
	case "PathPart":
		return p.pick("a", "b", "{a}", "{b+}"), true
	case "HttpMethod":
		return "GET", true
	case "IntegrationHttpMethod":
		return "POST", true
	case "AuthorizationType":
		return p.pick("NONE", "NONE", "AWS_IAM"), true
	case "StatusCode":
		return "200", true
	case "Uri":
		return "https://example.com", true
	case "Type":
		if p.op.Name == "PutIntegration" {
			return p.pick("MOCK", "HTTP", "HTTP_PROXY"), true
		}
		return p.pick("TOKEN", "REQUEST"), true
	case "AuthorizerUri":
		return "arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:" + testAccount + ":function:a/invocations", true
	case "IdentitySource":
		return "method.request.header.Auth", true
	case "ContentType":
		return "application/json", true
	case "Schema":
		return `{"type":"object"}`, true
	case "ResponseType":
		return p.pick("DEFAULT_4XX", "UNAUTHORIZED"), true
	case "Body":
		return `{"swagger":"2.0","info":{"title":"a","version":"1"},"paths":{"/a":{"get":{"responses":{},"x-amazon-apigateway-integration":{"type":"mock"}}}}}`, true
	case "ResourceArn":
		return "arn:aws:apigateway:ap-northeast-2::/restapis/" + p.about.id, true
	}
	return "", false
}

// restPatches are operations that are mostly right, by the call that carries them:
// op, path and value.
var restPatches = map[string][][3]string{
	"UpdateAccount":             {{"replace", "/cloudwatchRoleArn", "arn:aws:iam::" + testAccount + ":role/a"}, {"replace", "/cloudwatchRoleArn", ""}},
	"UpdateAuthorizer":          {{"replace", "/name", "b"}, {"replace", "/authorizerResultTtlInSeconds", "0"}},
	"UpdateDeployment":          {{"replace", "/description", "a"}},
	"UpdateGatewayResponse":     {{"replace", "/statusCode", "418"}},
	"UpdateIntegration":         {{"replace", "/timeoutInMillis", "50"}, {"add", "/requestTemplates/a~1b", "x"}, {"remove", "/requestTemplates/a~1b", ""}, {"replace", "/passthroughBehavior", "NEVER"}},
	"UpdateIntegrationResponse": {{"replace", "/selectionPattern", "4.."}, {"add", "/responseTemplates/a~1b", "x"}},
	"UpdateMethod":              {{"replace", "/apiKeyRequired", "true"}, {"add", "/requestParameters/method.request.header.a", "true"}, {"replace", "/authorizationType", "NONE"}},
	"UpdateMethodResponse":      {{"add", "/responseParameters/method.response.header.a", "true"}, {"remove", "/responseParameters/method.response.header.a", ""}},
	"UpdateModel":               {{"replace", "/description", "a"}},
	"UpdateRequestValidator":    {{"replace", "/validateRequestBody", "true"}},
	"UpdateResource":            {{"replace", "/pathPart", "c"}, {"replace", "/pathPart", "d"}},
	"UpdateRestApi":             {{"replace", "/description", "a"}, {"add", "/binaryMediaTypes/a~1b", ""}, {"remove", "/binaryMediaTypes/a~1b", ""}},
	"UpdateStage": {
		{"replace", "/variables/a", "b"}, {"remove", "/variables/a", ""}, {"replace", "/canarySettings/percentTraffic", "50"}, {"remove", "/canarySettings", ""},
		{"replace", "/*/*/metrics/enabled", "true"}, {"copy", "/deploymentId", "/canarySettings/deploymentId"}, {"replace", "/description", "a"},
	},
}

// restPatch is one patch operation for the call that is being made.
func (p *player) restPatch() types.PatchOperation {
	rows := append(slices.Clone(restPatches[p.op.Name]), [3]string{"replace", "/nothing", ""})
	row := rows[p.rand.IntN(len(rows))]
	op := types.PatchOperation{Op: types.Op(row[0]), Path: aws.String(row[1])}
	if op.Op == types.OpCopy {
		op.From = aws.String(row[2])
	} else {
		op.Value = aws.String(row[2])
	}
	return op
}
