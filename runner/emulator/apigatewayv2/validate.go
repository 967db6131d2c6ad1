package apigatewayv2

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"

	"awslab/runner/emulator/awsproto"
)

// Limits of HTTP APIs (Developer Guide, "Quotas for configuring and running an
// HTTP API").
const (
	maxAPIs         = 600 // Regional APIs per Region
	maxRoutes       = 300
	maxIntegrations = 300
	maxStages       = 10
	maxAuthorizers  = 10
	maxTags         = 50
	maxVariables    = 100   // of a stage; each name 64 characters, each value 512
	minTimeout      = 50    // ms
	maxTimeout      = 30000 // ms
	maxRouteKey     = 1024
)

// tooMany is the error of a quota; the text is seen for integrations
// (serverless-websockets-plugin#22), with its two blanks.
func tooMany(nouns, of string) error {
	if of != "" {
		of = " for " + of
	}
	return &types.TooManyRequestsException{Message: aws.String("Maximum number of " + nouns + of + " has been reached.  Please contact AWS if you need additional " + nouns + ".")}
}

func checkLength(member string, text *string, low, high int) error {
	if text == nil {
		return nil
	}
	if n := utf8.RuneCountInString(*text); n < low || n > high {
		return badRequest("%s must have a length between %d and %d", member, low, high) // no record was found
	}
	return nil
}

func checkDescription(text *string) error { return checkLength("Description", text, 0, 1024) }

// checkName checks a name that must be given; the text is an API's (bench,
// pf-apigwv2-api-name-required), and made after it for other nouns.
func checkName(noun string, name *string) error {
	if aws.ToString(name) == "" {
		return badRequest("Invalid %s name specified", noun)
	}
	return checkLength("Name", name, 1, 128)
}

// checkCreateAPI checks an input. The text of an unknown protocol is in moto's
// tests of apigatewayv2.
func checkCreateAPI(call *awsproto.Call, in *apigatewayv2.CreateApiInput) error {
	switch in.ProtocolType {
	case types.ProtocolTypeHttp:
	case types.ProtocolTypeWebsocket:
		return awsproto.UnsupportedWith(call, "ProtocolType WEBSOCKET")
	default:
		return badRequest("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]")
	}
	if err := checkName("API", in.Name); err != nil {
		return err
	}
	if in.Target == nil && (in.RouteKey != nil || in.CredentialsArn != nil) {
		return badRequest("RouteKey and CredentialsArn can only be set with a Target") // no record was found
	}
	if in.RouteKey != nil {
		if err := checkRouteKey(in.RouteKey); err != nil {
			return err
		}
	}
	if err := checkTags(in.Tags); err != nil {
		return err
	}
	if err := awsproto.Only(call, in, "Name", "ProtocolType", "CorsConfiguration", "CredentialsArn", "Description", "DisableExecuteApiEndpoint", "IpAddressType", "RouteKey", "RouteSelectionExpression", "Tags", "Target", "Version"); err != nil {
		return err
	}
	return checkAPI(in.Description, in.Version, in.RouteSelectionExpression, in.CorsConfiguration, in.IpAddressType)
}

func checkUpdateAPI(call *awsproto.Call, in *apigatewayv2.UpdateApiInput) error {
	if in.Name != nil {
		if err := checkName("API", in.Name); err != nil {
			return err
		}
	}
	if in.RouteKey != nil {
		if err := checkRouteKey(in.RouteKey); err != nil {
			return err
		}
	}
	if err := awsproto.Only(call, in, "ApiId", "Name", "CorsConfiguration", "CredentialsArn", "Description", "DisableExecuteApiEndpoint", "IpAddressType", "RouteKey", "RouteSelectionExpression", "Target", "Version"); err != nil {
		return err
	}
	return checkAPI(in.Description, in.Version, in.RouteSelectionExpression, in.CorsConfiguration, in.IpAddressType)
}

// checkAPI checks what an API is made and changed with; for the text about route
// selection see bench, pf-apigwv2-http-route-selection.
func checkAPI(description, version, selection *string, c *types.Cors, ip types.IpAddressType) error {
	if err := checkDescription(description); err != nil {
		return err
	}
	if err := checkLength("Version", version, 1, 64); err != nil {
		return err
	}
	if selection != nil && *selection != routeSelection && *selection != routeSelectionBraces {
		return badRequest(`Route selection expression is currently limited to "%s"`, routeSelectionBraces)
	}
	if ip != "" && !slices.Contains(ip.Values(), ip) {
		return badRequest("Invalid IP address type specified") // no record was found
	}
	return checkCors(c)
}

var (
	variables   = `\$\{stageVariables\.[A-Za-z0-9_]+\}`
	stageForm   = regexp.MustCompile(`^([a-zA-Z0-9_]+|\$default)$`)
	functionARN = `arn:aws[a-z-]*:lambda:([a-z0-9-]+|` + variables + `):(\d{12}|` + variables + `):function:([A-Za-z0-9_-]|` + variables + `)+(:([A-Za-z0-9_$-]|` + variables + `)+)?`
	function    = regexp.MustCompile(`^(` + functionARN + `|` + variables + `)$`)
	invocation  = regexp.MustCompile(`^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path/2015-03-31/functions/(` + functionARN + `|` + variables + `)/invocations$`)
	variable    = regexp.MustCompile(`^[A-Za-z0-9_]+$`)
	// The form of a value is types.Stage.StageVariables' comment.
	variableValue = regexp.MustCompile(`^[A-Za-z0-9-._~:/?#&=,]+$`)
)

// checkFunction checks the URI of a Lambda integration: its form, not whether
// there is such a function. The text is REST's (CloudFormation, imports).
func checkFunction(uri string) error {
	if !function.MatchString(uri) && !invocation.MatchString(uri) {
		return badRequest("Invalid function ARN or invalid uri")
	}
	return nil
}

// checkInvocation checks the URI of an authorizer, which has one form only. The
// text is REST's (cdk-preflight, pf-apigw-authorizer-uri-format).
func checkInvocation(uri string) error {
	if len(uri) > 2048 || !invocation.MatchString(uri) {
		return badRequest("Invalid Authorizer URI: %s. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.", uri)
	}
	return nil
}

var roleForm = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}:role/[!-~]+|\*:user/\*)$`)

// checkRole checks the role that API Gateway assumes to call a function. Whether
// it may is seen when it does; that the caller's own identity be passed on is said
// by arn:aws:iam::*:user/* (types.Integration.CredentialsArn). The text is
// stackd's.
func checkRole(arn *string) error {
	if arn != nil && !roleForm.MatchString(*arn) {
		return badRequest("Invalid role ARN")
	}
	return nil
}

func isURL(uri string) bool {
	return strings.HasPrefix(uri, "http://") || strings.HasPrefix(uri, "https://")
}

// inURL is a stage variable or a path parameter in a URL.
var inURL = regexp.MustCompile(variables + `|\{[A-Za-z0-9._-]+\+?\}`)

// checkURL checks the URI of an HTTP integration. The text is REST's (moto,
// apigateway/exceptions.py), and seen in imports of HTTP APIs.
func checkURL(uri string) error {
	plain := inURL.ReplaceAllString(uri, "x")
	u, err := url.Parse(plain)
	if err != nil || !isURL(plain) || u.Host == "" {
		return badRequest("Invalid HTTP endpoint specified for URI")
	}
	return nil
}

// checkStageName checks a name; for the text see bench,
// pf-apigwv2-stage-name-charset.
func checkStageName(name *string) error {
	if !stageForm.MatchString(aws.ToString(name)) {
		return badRequest("Stage name only allows a-zA-Z0-9_")
	}
	return checkLength("StageName", name, 1, 128)
}

// checkStage checks what a stage is made of.
func (a *api) checkStage(stage *types.Stage) error {
	if err := checkDescription(stage.Description); err != nil {
		return err
	}
	if stage.DeploymentId != nil && a.deployment(*stage.DeploymentId) == nil {
		return notFound("Invalid deployment identifier specified") // no record was found
	}
	if len(stage.StageVariables) > maxVariables {
		return badRequest("A stage may have %d stage variables", maxVariables) // no record was found
	}
	for _, key := range slices.Sorted(maps.Keys(stage.StageVariables)) {
		switch value := stage.StageVariables[key]; { // the first two texts are REST's (serverless#6133; cdk-preflight, pf-apigw-stage-variable-value)
		case !variable.MatchString(key):
			return badRequest("Invalid stage variable name: %s.  Please use names with only word characters.", key)
		case !variableValue.MatchString(value):
			return badRequest("Invalid stage variable value of key %s.  Please use values with alphanumeric characters and the symbols ' ', -', '.', '_', ':', '/', '?', '&', '=', and ','.", key)
		case len(key) > 64 || len(value) > 512:
			return badRequest("Invalid stage variable specified: %s", key) // no record was found
		}
	}
	if err := checkSettings(stage.DefaultRouteSettings); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(stage.RouteSettings)) {
		if !slices.ContainsFunc(sorted(a.routes), func(r *types.Route) bool { return *r.RouteKey == key }) {
			return noSuchSettings(key)
		}
		settings := stage.RouteSettings[key]
		if err := checkSettings(&settings); err != nil {
			return err
		}
	}
	return checkAccessLog(stage.AccessLogSettings)
}

// checkSettings checks the settings of a stage or of a route in it
// (terraform-provider-aws#14010).
func checkSettings(settings *types.RouteSettings) error {
	if settings == nil {
		return nil
	}
	if aws.ToBool(settings.DataTraceEnabled) || (settings.LoggingLevel != "" && settings.LoggingLevel != types.LoggingLevelOff) {
		return badRequest("Execution logs are not supported on protocolType HTTP")
	}
	if aws.ToInt32(settings.ThrottlingBurstLimit) < 0 || !(aws.ToFloat64(settings.ThrottlingRateLimit) >= 0) {
		return badRequest("Throttling limits must not be negative") // no record was found
	}
	return nil
}

func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return badRequest("Too many tags: a resource may have %d", maxTags) // no record was found
	}
	return nil
}
