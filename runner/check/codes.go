package check

import (
	"slices"
	"strings"
)

// The codes of findings. They are stable: lessons' tests name them, and
// runner/text has the sentences for each. [Codes] lists them.
const (
	checkUnset = "check.unset" // a variable of the check has no value yet

	undecidedCancelled   = "undecided.cancelled"   // the check was interrupted
	undecidedDeadline    = "undecided.deadline"    // no answer in time
	undecidedNetwork     = "undecided.network"     // the target cannot be reached
	undecidedCredentials = "undecided.credentials" // none, expired, or not accepted
	undecidedDenied      = "undecided.denied"      // the student's identity may not look
	undecidedThrottled   = "undecided.throttled"   // AWS asks to slow down
	undecidedServer      = "undecided.server"      // the target answers with a fault of its own
	undecidedLookup      = "undecided.lookup"      // a variable's value could not be looked up
	undecidedTooMuch     = "undecided.too-much"    // there is more to read than a check reads
	undecidedAnswers     = "undecided.answers"     // faults among the answers that a share is judged by
	undecidedBroken      = "undecided.broken"      // the check cannot be carried out as it is written

	lambdaMissing      = "lambda.missing"       // no such function
	lambdaNearMiss     = "lambda.near-miss"     // one with nearly that name
	lambdaQualifier    = "lambda.qualifier"     // no such version or alias
	lambdaPending      = "lambda.pending"       // still being made
	lambdaFailed       = "lambda.failed"        // making it failed
	lambdaUpdating     = "lambda.updating"      // an update is under way
	lambdaUpdateFailed = "lambda.update-failed" // the last update failed
	lambdaRefused      = "lambda.refused"       // Lambda refuses to invoke it
	lambdaImport       = "lambda.import"        // the handler's module cannot be imported
	lambdaHandler      = "lambda.handler"       // the module has no such handler
	lambdaSyntax       = "lambda.syntax"        // the code is not Python
	lambdaTimeout      = "lambda.timeout"       // it ran out of time
	lambdaExit         = "lambda.exit"          // its process ended
	lambdaRaised       = "lambda.raised"        // it raised an exception
	lambdaErrorMissing = "lambda.error-missing" // it answered, and should have failed
	lambdaErrorOther   = "lambda.error-other"   // it failed in another way
	lambdaStatus       = "lambda.status"        // statusCode of the payload
	lambdaPayload      = "lambda.payload"       // the payload
	lambdaLog          = "lambda.log"           // a line that the log lacks

	logsMissing    = "logs.missing"     // no such group
	logsNearMiss   = "logs.near-miss"   // one with nearly that name
	logsNone       = "logs.none"        // no such line
	logsOnlyChecks = "logs.only-checks" // only lines of the checks' own calls
	logsOld        = "logs.old"         // only lines from before the step
	logsCount      = "logs.count"       // another number of lines
	logsLine       = "logs.line"        // a line that is lacking

	callNotFound   = "call.not-found"   // what was asked for is not there
	callNearMiss   = "call.near-miss"   // something with nearly that name is
	callRefused    = "call.refused"     // another error
	callStillThere = "call.still-there" // an answer where an error was expected
	callOtherError = "call.other-error" // another error than expected
	callValue      = "call.value"       // a value of the answer
	callAbsent     = "call.absent"      // the answer has no such value

	routeAPIMissing       = "route.api-missing"       // no API of that name or id
	routeAPINearMiss      = "route.api-near-miss"     // one with nearly that name
	routeAPITwice         = "route.api-twice"         // more than one of that name
	routeWebSocket        = "route.websocket"         // the API is a WebSocket API
	routeMissing          = "route.missing"           // no route takes the request
	routeNearMiss         = "route.near-miss"         // one with nearly that key
	routeNoIntegration    = "route.no-integration"    // the route leads nowhere
	routeNotLambda        = "route.not-lambda"        // to something that is no function
	routeOtherFunction    = "route.other-function"    // to another function
	routeOtherRegion      = "route.other-region"      // to a function of that name in another region
	routeNoPermission     = "route.no-permission"     // API Gateway may not invoke the function
	routeSourceARN        = "route.source-arn"        // it may, for other APIs or routes
	routeNoStage          = "route.no-stage"          // no such stage
	routeNotDeployed      = "route.not-deployed"      // nothing was deployed to it
	routeEndpointDisabled = "route.endpoint-disabled" // the API's own address is switched off
	routeStale            = "route.stale"             // the stage serves a deployment without the route
	routeProtected        = "route.protected"         // the route wants an authorization
	routeFunctionError    = "route.function-error"    // the function failed
	routeMalformed        = "route.malformed"         // its answer is none that API Gateway takes
	routeTimeout          = "route.timeout"           // it did not answer in time
	routeGatewayError     = "route.gateway-error"     // 500 for another reason

	canaryAPIMissing       = "canary.api-missing"       // no API of that name or id
	canaryAPINearMiss      = "canary.api-near-miss"     // one with nearly that name
	canaryAPITwice         = "canary.api-twice"         // more than one of that name
	canaryEndpointDisabled = "canary.endpoint-disabled" // the API's own address is switched off
	canaryNoStage          = "canary.no-stage"          // no such stage
	canaryStageNearMiss    = "canary.stage-near-miss"   // one with nearly that name
	canaryNone             = "canary.none"              // the stage has no canary
	canaryPercent          = "canary.percent"           // another percentage
	canarySameDeployment   = "canary.same-deployment"   // the canary is the stage's own deployment
	canaryPathMissing      = "canary.path-missing"      // the API has no such path
	canaryPathNearMiss     = "canary.path-near-miss"    // one with nearly that path or method
	canaryNotDeployed      = "canary.not-deployed"      // the path is in no deployment of the stage
	canaryDeployedToStage  = "canary.deployed-to-stage" // the stage has the new version, and the canary the old one
	canaryInBoth           = "canary.in-both"           // both have the new version
	canaryShare            = "canary.share"             // another share of the traffic
	canaryOtherAnswer      = "canary.other-answer"      // an answer of neither version
	canaryBoth             = "canary.both"              // an answer that fits both
	canaryLeft             = "canary.left"              // it takes traffic after the promotion
	canaryNotDeleted       = "canary.not-deleted"       // its settings are still there
	canaryNotPromoted      = "canary.not-promoted"      // the stage serves the old version

	corsAPIMissing            = "cors.api-missing"             // no API of that name or id
	corsAPINearMiss           = "cors.api-near-miss"           // one with nearly that name
	corsAPITwice              = "cors.api-twice"               // more than one of that name
	corsWebSocket             = "cors.websocket"               // the API is a WebSocket API
	corsEndpointDisabled      = "cors.endpoint-disabled"       // the API's own address is switched off
	corsNoStage               = "cors.no-stage"                // no such stage
	corsStageNearMiss         = "cors.stage-near-miss"         // one with nearly that name
	corsPathMissing           = "cors.path-missing"            // the API has no such path
	corsPathNearMiss          = "cors.path-near-miss"          // one with nearly that path or method
	corsNoOptions             = "cors.no-options"              // nothing answers a preflight
	corsOptionsProtected      = "cors.options-protected"       // OPTIONS wants an authorization, which a preflight never has
	corsNoIntegration         = "cors.no-integration"          // the method leads nowhere
	corsMockTemplate          = "cors.mock-template"           // a MOCK integration's template gives no statusCode
	corsNoIntegrationResponse = "cors.no-integration-response" // nothing makes the caller's answer
	corsNoMethodResponse      = "cors.no-method-response"      // the method has no answer of that status
	corsNoHeader              = "cors.no-header"               // a header is neither declared nor mapped
	corsNotMapped             = "cors.not-mapped"              // it is declared only, so it has no value
	corsNotDeclared           = "cors.not-declared"            // it is mapped only
	corsBackend               = "cors.backend"                 // what stands behind a proxy does not send it
	corsBackendValue          = "cors.backend-value"           // it sends another value
	corsNotDeployed           = "cors.not-deployed"            // the settings are right, and the stage serves older ones
	corsMixed                 = "cors.mixed"                   // a canary and its stage answer differently
	corsOrigin                = "cors.origin"                  // another origin is allowed
	corsMethod                = "cors.method"                  // the method is not allowed
	corsHeader                = "cors.header"                  // a header is not allowed
	corsCredentials           = "cors.credentials"             // credentials are not allowed
	corsPreflightStatus       = "cors.preflight-status"        // the preflight was answered with a status of failure
	corsRedirect              = "cors.redirect"                // a redirect that a browser does not follow
	corsGatewayError          = "cors.gateway-error"           // the request itself was refused, without the header
	corsNotConfigured         = "cors.not-configured"          // an HTTP API has no CORS configuration
	corsStatus                = "cors.status"                  // the answer that a page may read has another status
	corsTooOpen               = "cors.too-open"                // a browser allows what it should block

	authorizerAPIMissing       = "authorizer.api-missing"       // no REST API of that name or id
	authorizerAPINearMiss      = "authorizer.api-near-miss"     // one with nearly that name
	authorizerAPITwice         = "authorizer.api-twice"         // more than one of that name
	authorizerEndpointDisabled = "authorizer.endpoint-disabled" // the API's own address is switched off
	authorizerNoStage          = "authorizer.no-stage"          // no such stage
	authorizerStageNearMiss    = "authorizer.stage-near-miss"   // one with nearly that name
	authorizerPathMissing      = "authorizer.path-missing"      // the API has no such path
	authorizerPathNearMiss     = "authorizer.path-near-miss"    // one with nearly that path or method
	authorizerMissing          = "authorizer.missing"           // the API has no authorizer
	authorizerType             = "authorizer.type"              // it is one of Cognito user pools
	authorizerOtherFunction    = "authorizer.other-function"    // it asks another function
	authorizerTokenSource      = "authorizer.token-source"      // it looks for the token elsewhere
	authorizerValidation       = "authorizer.validation"        // its identityValidationExpression does not take the token
	authorizerNotAttached      = "authorizer.not-attached"      // the method does not ask it
	authorizerNoPermission     = "authorizer.no-permission"     // API Gateway may not invoke the function
	authorizerSourceARN        = "authorizer.source-arn"        // it may, for something else only
	authorizerFunctionError    = "authorizer.function-error"    // the function fails
	authorizerNoPolicy         = "authorizer.no-policy"         // it answers with something that is no policy
	authorizerScheme           = "authorizer.scheme"            // it wants the token with another text in front, or with none
	authorizerSecret           = "authorizer.secret"            // it checks tokens with another key
	authorizerRefused          = "authorizer.refused"           // it refuses the token for another reason
	authorizerPolicyResource   = "authorizer.policy-resource"   // its policy is for another method or path
	authorizerPolicyAction     = "authorizer.policy-action"     // for another action
	authorizerPolicyCondition  = "authorizer.policy-condition"  // under a condition that is not met
	authorizerExplicitDeny     = "authorizer.explicit-deny"     // it denies
	authorizerCachedPolicy     = "authorizer.cached-policy"     // the policy that is kept does not cover another method
	authorizerNotDeployed      = "authorizer.not-deployed"      // the settings are right, and the stage serves older ones
	authorizerMixed            = "authorizer.mixed"             // a canary and its stage answer differently
	authorizerTooOpen          = "authorizer.too-open"          // somebody is let in who should not be
	authorizerStatus           = "authorizer.status"            // refused or let in, with another status
	authorizerPrincipal        = "authorizer.principal"         // another principal
	authorizerGatewayError     = "authorizer.gateway-error"     // the gateway refuses or fails for another reason

	httpStatus     = "http.status"
	httpHeader     = "http.header"
	httpNoHeader   = "http.no-header"
	httpBody       = "http.body"
	httpJSON       = "http.json"
	httpTime       = "http.time"
	httpAddress    = "http.address"     // the URL is not one
	fileMissing    = "file.missing"     // no such file
	fileNearMiss   = "file.near-miss"   // one with nearly that name
	filePresent    = "file.present"     // it is there, and should not be
	fileNotAFile   = "file.not-a-file"  // a folder, say
	fileTooLarge   = "file.too-large"   // more than a check reads
	fileText       = "file.text"        // its text
	fileUndefined  = "file.undefined"   // the Python name is not defined
	fileNearlyThat = "file.nearly-that" // one with nearly that name is

	quizWrong = "quiz.wrong" // another option is right
)

// Codes are all codes of findings, sorted by kind.
func Codes() []string {
	return []string{
		checkUnset,
		undecidedCancelled, undecidedDeadline, undecidedNetwork, undecidedCredentials, undecidedDenied, undecidedThrottled,
		undecidedServer, undecidedLookup, undecidedTooMuch, undecidedAnswers, undecidedBroken,
		lambdaMissing, lambdaNearMiss, lambdaQualifier, lambdaPending, lambdaFailed, lambdaUpdating, lambdaUpdateFailed, lambdaRefused,
		lambdaImport, lambdaHandler, lambdaSyntax, lambdaTimeout, lambdaExit, lambdaRaised, lambdaErrorMissing, lambdaErrorOther,
		lambdaStatus, lambdaPayload, lambdaLog,
		logsMissing, logsNearMiss, logsNone, logsOnlyChecks, logsOld, logsCount, logsLine,
		callNotFound, callNearMiss, callRefused, callStillThere, callOtherError, callValue, callAbsent,
		routeAPIMissing, routeAPINearMiss, routeAPITwice, routeWebSocket, routeMissing, routeNearMiss, routeNoIntegration, routeNotLambda,
		routeOtherFunction, routeOtherRegion, routeNoPermission, routeSourceARN, routeNoStage, routeNotDeployed, routeEndpointDisabled,
		routeStale, routeProtected, routeFunctionError, routeMalformed, routeTimeout, routeGatewayError,
		canaryAPIMissing, canaryAPINearMiss, canaryAPITwice, canaryEndpointDisabled, canaryNoStage, canaryStageNearMiss, canaryNone, canaryPercent,
		canarySameDeployment, canaryPathMissing, canaryPathNearMiss, canaryNotDeployed, canaryDeployedToStage, canaryInBoth, canaryShare,
		canaryOtherAnswer, canaryBoth, canaryLeft, canaryNotDeleted, canaryNotPromoted,
		corsAPIMissing, corsAPINearMiss, corsAPITwice, corsWebSocket, corsEndpointDisabled, corsNoStage, corsStageNearMiss, corsPathMissing, corsPathNearMiss,
		corsNoOptions, corsOptionsProtected, corsNoIntegration, corsMockTemplate, corsNoIntegrationResponse, corsNoMethodResponse, corsNoHeader, corsNotMapped,
		corsNotDeclared, corsBackend, corsBackendValue, corsNotDeployed, corsMixed, corsOrigin, corsMethod, corsHeader, corsCredentials, corsPreflightStatus,
		corsRedirect, corsGatewayError, corsNotConfigured, corsTooOpen, corsStatus,
		authorizerAPIMissing, authorizerAPINearMiss, authorizerAPITwice, authorizerEndpointDisabled, authorizerNoStage, authorizerStageNearMiss,
		authorizerPathMissing, authorizerPathNearMiss, authorizerMissing, authorizerType, authorizerOtherFunction, authorizerTokenSource, authorizerValidation,
		authorizerNotAttached, authorizerNoPermission, authorizerSourceARN, authorizerFunctionError, authorizerNoPolicy, authorizerScheme, authorizerSecret,
		authorizerRefused, authorizerPolicyResource, authorizerPolicyAction, authorizerPolicyCondition, authorizerExplicitDeny, authorizerCachedPolicy,
		authorizerNotDeployed, authorizerMixed, authorizerTooOpen, authorizerStatus, authorizerPrincipal, authorizerGatewayError,
		httpStatus, httpHeader, httpNoHeader, httpBody, httpJSON, httpTime, httpAddress,
		fileMissing, fileNearMiss, filePresent, fileNotAFile, fileTooLarge, fileText, fileUndefined, fileNearlyThat,
		quizWrong,
	}
}

// The codes of remarks.
const (
	remarkShare    = "canary.share"    // how many requests met the canary
	remarkPromoted = "canary.promoted" // how many the new version answered

	remarkAllowed          = "cors.allowed" // two outcomes, in a word
	remarkBlocked          = "cors.blocked"
	remarkSimpleAllowed    = "cors.simple-allowed" // sent without a preflight
	remarkSimpleBlocked    = "cors.simple-blocked"
	remarkPreflightAllowed = "cors.preflight-allowed" // sent after a preflight
	remarkPreflightBlocked = "cors.preflight-blocked" // not sent, for the preflight did not let it
	remarkAnswerBlocked    = "cors.answer-blocked"    // sent after a preflight, and its answer blocked

	remarkToken     = "authorizer.row"       // the answer to a token
	remarkPrincipal = "authorizer.principal" // and whose the authorizer says it is
	remarkAlso      = "authorizer.also"      // the answer to the same token elsewhere
	remarkAlsoNone  = "authorizer.also-none" // and to a request without any
	remarkStatus    = "authorizer.expected"  // the status that should have been
	remarkAnswer    = "authorizer.answer"    // another answer of that status
)

// Remarks are all codes of remarks.
func Remarks() []string {
	return []string{
		remarkShare, remarkPromoted,
		remarkAllowed, remarkBlocked, remarkSimpleAllowed, remarkSimpleBlocked, remarkPreflightAllowed, remarkPreflightBlocked, remarkAnswerBlocked,
		remarkToken, remarkPrincipal, remarkAlso, remarkAlsoNone, remarkStatus, remarkAnswer,
	}
}

// families are the kinds that judge links of other kinds on their way.
var families = map[string][]string{"route": {"lambda.", "http."}, "cors": {httpAddress}, "authorizer": {"lambda.", "http."}}

// CodesOf are the codes with which a check of a kind may fail.
func CodesOf(kind string) []string {
	prefixes := append([]string{kind + "."}, families[kind]...)
	var codes []string
	for _, code := range Codes() {
		if code == checkUnset || slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(code, prefix) }) {
			codes = append(codes, code)
		}
	}
	return codes
}
