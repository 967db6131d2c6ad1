package executeapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

const jsonType = "application/json"

// restExchange is a request to a REST API.
type restExchange struct {
	exchange
	extendedID string // x-amz-apigw-id
	settings   *rest.Stage
	deployed   struct{ stage, canary *RESTDeployment }
	api        *restAPI // of the two the one that answers
	canary     bool
	variables  map[string]string // the stage's, with the canary's on top for its requests
	resource   *resource
	method     *restMethod
	test       *TestCall // TestInvokeMethod asks; else nil
	authorized *verdict  // of the authorizer that let the request in; nil: none was asked
	// Of the authorizer's function: how long it took, unless the verdict was cached.
	authorizerTook      time.Duration
	authorizerRequestID string

	logs      executionLog
	executing bool // the request has passed all that guards the method
	sent      bool // the integration was asked
	result    *restResult

	responseType     rest.GatewayResponseType // of the error
	validationError  string
	integrationError string         // AWS's words
	endpointStatus   int            // as the endpoint answered, Lambda's own for a function
	override         templateOutput // what templates set beside their text
}

// restResult is the answer, before it is written.
type restResult struct {
	status int
	header fields
	body   []byte
}

// restAddress takes the stage out of a request's address. Slashes before its name
// do not count (LocalStack's recorded events: //stage/proxy-value).
func restAddress(at address) (stage, rest string) {
	if at.stage != "" {
		return at.stage, at.path
	}
	segment, rest, more := strings.Cut(strings.TrimLeft(at.path, "/"), "/")
	if more {
		rest = "/" + rest
	}
	return unescape(segment), rest
}

// serve takes the request from its address to its answer.
func (x *restExchange) serve() {
	if !x.begin() {
		return
	}
	x.describe()
	if f := x.checkHeaders(); f != nil {
		// 413, unlike RFC 6585 (guide, "Quotas": the total size of request line and
		// header values).
		x.answerFault(f)
		return
	}
	x.resource, x.parameters = x.api.resources.find(x.path)
	if x.resource != nil {
		x.method = x.resource.find(x.r.Method)
	}
	if x.method == nil {
		x.unknown()
		return
	}
	x.trace.Route, x.trace.Resource = x.method.key+" "+x.resource.path, x.resource.path
	x.logs.configure(x)
	if f := x.readBody(); f != nil {
		x.answerFault(f)
		return
	}
	x.logs.arrived(x)
	if x.authorize() && x.metered() {
		x.execute()
	}
}

// begin finds what the stage serves. False means that the request was answered.
func (x *restExchange) begin() bool {
	x.identify()
	x.trace.Stage, x.trace.Path = x.stageName, x.fullPath
	settings, deployment := x.settings, x.deployed.stage
	if settings == nil || deployment == nil {
		// Never deployed, misspelt, or no stage in the path (AWS-BEHAVIOUR §1.2).
		x.refuse(refusal{kind: accessDenied, errorType: "ForbiddenException", message: "Forbidden", reason: "no-stage", detail: "the API has no stage " + x.stageName})
		return false
	}
	x.variables = settings.Variables
	if c := settings.CanarySettings; c != nil && x.deployed.canary != nil && x.draw() < c.PercentTraffic {
		x.canary, deployment = true, x.deployed.canary
		if len(c.StageVariableOverrides) > 0 {
			x.variables = maps.Clone(settings.Variables)
			if x.variables == nil {
				x.variables = map[string]string{}
			}
			maps.Copy(x.variables, c.StageVariableOverrides)
		}
	}
	x.trace.Canary, x.trace.Deployment = x.canary, deployment.ID
	x.api = x.h.restAPI(deployment)
	if x.api.from.API.DisableExecuteApiEndpoint {
		// The guide's 403; its body was not found.
		x.refuse(refusal{kind: accessDenied, errorType: "ForbiddenException", message: "Forbidden", reason: "endpoint-disabled", detail: "the API's execute-api endpoint is disabled"})
		return false
	}
	return true
}

// identify gives the request its ids: a UUID, and what HTTP APIs have. A client
// may choose the first (guide, $context.requestId: "Clients can override this
// request ID"); of another that is no UUID stackd's capture tells.
func (x *restExchange) identify() {
	x.id, x.extendedID = x.h.newUUID(), x.h.newID()
	if own := x.r.Header.Get("X-Amzn-Requestid"); own != "" {
		if isUUID.MatchString(own) {
			x.id = own
		} else {
			x.id += "_REPLACED_INVALID_REQUEST_ID"
		}
	}
	x.trace.RequestID = x.id
}

var isUUID = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)

func (h *Handler) newUUID() string {
	var b [16]byte
	_, _ = io.ReadFull(h.cfg.Random, b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// draw gives a number from 0 to below 100, each as likely.
func (x *restExchange) draw() float64 {
	var b [8]byte
	_, _ = io.ReadFull(x.h.cfg.Random, b[:])
	return float64(binary.BigEndian.Uint64(b[:])>>11) / (1 << 53) * 100
}

// unknown answers a request that no method is for, as if it were one for AWS: an
// Authorization header has to be a signature then (AWS-BEHAVIOUR §1.2; error type:
// public reports).
func (x *restExchange) unknown() {
	reason, detail := "no-resource", "no resource of the deployment "+x.api.from.ID+" has the path "+x.path
	if x.resource != nil {
		reason, detail = "no-method", "the resource "+x.resource.path+" has no method "+x.r.Method+" in the deployment "+x.api.from.ID
	}
	if x.r.Header.Get("Authorization") != "" {
		var bad *SignatureError
		if _, err := x.h.cfg.Signatures.Verify(x.r, nil, x.h.cfg.Clock()); errors.As(err, &bad) && bad.Code == incompleteSignature {
			x.refuse(refusal{kind: invalidSignature, errorType: bad.Code, message: x.signatureText(bad), reason: reason, detail: detail})
			return
		}
	}
	x.refuse(refusal{kind: missingAuthenticationToken, message: "Missing Authentication Token", reason: reason, detail: detail})
}

const incompleteSignature = "IncompleteSignatureException"

// signatureText is AWS's text for a header that is no signature: since 2025 it
// shows a hash of the header (public reports).
func (x *restExchange) signatureText(bad *SignatureError) string {
	if !strings.Contains(bad.Message, "missing equal-sign") {
		return bad.Message
	}
	sum := sha256.Sum256([]byte(x.r.Header.Get("Authorization")))
	return "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '" + base64.StdEncoding.EncodeToString(sum[:]) + "'."
}

// maxARN is the length of the ARN of a method that is guarded, in bytes (guide,
// quotas).
const maxARN = 1600

// authorize asks who guards the method. False means that the request was answered.
func (x *restExchange) authorize() bool {
	kind := aws.ToString(x.method.AuthorizationType)
	if kind == "" || kind == "NONE" {
		return true
	}
	if arn := x.arn(x.r.Method, x.path); len(arn) > maxARN {
		// The guide has the status and the words; its type was not found.
		x.refuse(refusal{kind: default4XX, status: http.StatusRequestURITooLong, message: "Request URI too long", reason: "arn-too-long", detail: fmt.Sprintf("the method's ARN has %d bytes, more than %d", len(arn), maxARN)})
		return false
	}
	switch kind {
	case "AWS_IAM":
		return x.signed()
	case "CUSTOM":
		return x.authorizeByFunction()
	default:
		// A method with an authorizer never passes without it.
		x.trace.Authorizer = &AuthorizerTrace{ID: aws.ToString(x.method.AuthorizerId), Kind: kind, Verdict: "failed"}
		x.fail("authorizer-not-emulated", "awslab does not emulate authorization of type "+kind+" for REST APIs: the method answers nobody")
		return false
	}
}

// metered asks for an API key, which comes behind the authorizer (public execution
// logs). False means that the request was answered.
func (x *restExchange) metered() bool {
	x.logs.metered(x)
	if aws.ToBool(x.method.ApiKeyRequired) { // there are no keys to have
		x.refuse(refusal{kind: invalidAPIKey, message: "Forbidden", reason: "api-key-required", detail: "the method requires an API key; awslab emulates none"})
		return false
	}
	return true
}

// signed asks for a signature of somebody who may invoke the API.
func (x *restExchange) signed() bool {
	x.trace.Authorizer = &AuthorizerTrace{Kind: "AWS_IAM", Verdict: "deny"}
	who, err := x.h.cfg.Signatures.Verify(x.r, x.body, x.h.cfg.Clock())
	if err != nil {
		x.refuse(x.unsigned(err))
		return false
	}
	resource := x.arn(x.r.Method, x.path)
	if !x.h.cfg.Roles.CallerAllows(who.ARN, "execute-api:Invoke", resource) {
		// Public reports: the account of the resource is masked.
		masked := strings.Replace(resource, ":"+x.h.cfg.Account+":", ":********"+x.h.cfg.Account[max(len(x.h.cfg.Account)-4, 0):]+":", 1)
		x.refuse(refusal{
			kind: accessDenied, message: "User: " + who.ARN + " is not authorized to perform: execute-api:Invoke on resource: " + masked,
			reason: "not-allowed", detail: who.ARN + " has no permission for execute-api:Invoke",
		})
		return false
	}
	x.trace.Authorizer.Verdict, x.identity = "allow", &who
	return true
}

// unsigned is the refusal of a request whose signature does not hold (stackd: one
// without any; the types of the others follow their names).
func (x *restExchange) unsigned(err error) refusal {
	r := refusal{
		kind: missingAuthenticationToken, message: "Missing Authentication Token",
		reason: "not-signed", detail: "the request is not signed by anybody of the account: " + err.Error(),
	}
	var bad *SignatureError
	if !errors.As(err, &bad) || bad.Code == "MissingAuthenticationTokenException" {
		return r
	}
	r.kind, r.errorType, r.message = invalidSignature, bad.Code, x.signatureText(bad)
	switch bad.Code {
	case "ExpiredTokenException":
		r.kind = expiredToken
	case "UnrecognizedClientException":
		r.kind = accessDenied
	}
	return r
}

// execute runs the method: from here on API Gateway says that it does.
func (x *restExchange) execute() {
	x.executing = true
	x.logs.starting(x)
	if !x.validate() {
		return
	}
	in := x.method.compiled()
	if in.Integration == nil {
		x.misconfigured("no-integration", "No integration defined for method", "the method has no integration") // the text was not found
		return
	}
	x.trace.Integration = &IntegrationTrace{ID: x.resource.id + "/" + x.method.key, Kind: string(in.Type), Target: traceTarget(expand(aws.ToString(in.Uri), x.variables))}
	x.integrate(in)
}

// timeout is the integration's, 29 s unless it says otherwise (guide, quotas).
func (in *restIntegration) timeout() time.Duration {
	if in.TimeoutInMillis > 0 {
		return time.Duration(in.TimeoutInMillis) * time.Millisecond
	}
	return 29 * time.Second
}

// answerFault is a REST API's answer to what went wrong.
func (x *restExchange) answerFault(f *fault) {
	r := refusal{kind: apiConfigurationError, message: "Internal server error", reason: f.reason, detail: f.detail}
	switch f.reason {
	case "client-gone":
		x.gone()
		return
	case "headers-too-large", "body-too-large":
		// The text: stackd's emulator, from its captures.
		r.kind, r.message = requestTooLarge, "Request Too Long"
	case "body-unreadable": // texts of other services; none was found
		r.kind, r.message = default4XX, "Bad Request"
		if errors.Is(f.cause, os.ErrDeadlineExceeded) {
			r.status, r.message = http.StatusRequestTimeout, "Request Timeout"
		}
	case "timeout":
		r.kind, r.message, r.logged = integrationTimeout, "Endpoint request timed out", "Execution failed due to a timeout error"
	case "unreachable", "out-of-reach":
		// What AWS answers to a refused connection was not found: LocalStack's tests
		// on AWS have this one for TLS and time.
		r.kind, r.message, r.logged = integrationFailure, "Network error communicating with endpoint", "Execution failed due to a network error communicating with endpoint"
	case "throttled": // 500 in public reports
		r.logged = "Execution failed due to configuration error: Rate Exceeded."
	case "no-function":
		// The gateway asks the function's policy first, and there is none.
		r.logged = "Execution failed due to configuration error: " + invalidPermissions
	case "payload-too-large", "response-too-large", "loop":
		r.logged = "Execution failed due to configuration error: " + f.detail // AWS's texts were not found
	default:
		r.kind, r.logged = default5XX, "Execution failed due to an internal error"
	}
	x.integrationError = strings.TrimPrefix(r.logged, "Execution failed due to configuration error: ")
	x.refuse(r)
}

const invalidPermissions = "Invalid permissions on Lambda function"

// rootTraceID is the trace's id without what a client put beside it.
func (x *restExchange) rootTraceID() string {
	for part := range strings.SplitSeq(x.traceID, ";") {
		if strings.HasPrefix(part, "Root=") {
			return part
		}
	}
	return x.traceID
}

// domainName is the name that the client used; a test has one of its own.
func (x *restExchange) domainName() string {
	if x.test != nil {
		return testDomain
	}
	return x.at.host
}

func (x *restExchange) domainPrefix() string {
	if x.test != nil {
		return testPrefix
	}
	return x.at.api
}

// deliver adds what every answer has, and writes it. A test only keeps it.
func (x *restExchange) deliver(out *restResult) {
	x.result = out
	x.logs.ended(x, out)
	if x.test != nil {
		return
	}
	header := x.w.Header()
	out.header.write(header)
	// In this case (stackd); http.Header.Set would change it.
	header["x-amzn-RequestId"] = []string{x.id}
	header["x-amz-apigw-id"] = []string{x.extendedID}
	x.tellInvocations(header)
	x.write(out.status, out.body)
}
