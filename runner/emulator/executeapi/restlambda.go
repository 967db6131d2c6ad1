package executeapi

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// target finds the function of an integration and asks whether it may be invoked.
// False means that the request was answered.
func (x *restExchange) target(in *restIntegration) (function string, ok bool) {
	function, ok = functionOf(expand(aws.ToString(in.Uri), x.variables))
	if !ok {
		if in.Type == rest.IntegrationTypeAws {
			x.fail("integration-not-emulated", "awslab emulates AWS integrations with Lambda functions only")
		} else {
			x.misconfigured("bad-integration-uri", "Invalid endpoint address", "the integration's URI names no function")
		}
		return "", false
	}
	x.trace.Integration.Target = function
	if method := x.integrationMethod(in); method != http.MethodPost {
		// 500 (LocalStack's tests on AWS); AWS's text was not found.
		x.misconfigured("integration-method", invalidPermissions, "Lambda is invoked with POST, and the integration's method is "+method)
		return "", false
	}
	detail, ok := x.mayInvoke(function, expand(aws.ToString(in.Credentials), x.variables), x.sourceARN())
	if !ok {
		x.integrationError = notPermitted
		x.misconfigured("no-permission", invalidPermissions, detail)
		return "", false
	}
	return function, true
}

// sourceARN is the aws:SourceArn of an invocation: with the method's key and the
// resource's path, as they are configured (public execution logs: "…/Test/ANY/{resource+}",
// "…/test-invoke-stage/GET/").
func (x *restExchange) sourceARN() string { return x.arn(x.method.key, x.resource.path) }

// ask invokes the function. It returns false after it has answered itself.
func (x *restExchange) ask(in *restIntegration, function string, payload []byte) (Reply, bool) {
	x.logs.sending(x, x.lambdaURI(function), func() fields { return x.lambdaHeader(payload, x.sourceARN()) }, payload)
	began := x.h.cfg.Clock()
	x.sent = true
	reply, f := x.call(function, payload, in.timeout())
	took := x.h.cfg.Clock().Sub(began)
	x.trace.Integration.Micros = took.Microseconds()
	if f != nil {
		if f.reason == "throttled" {
			x.endpointStatus = http.StatusTooManyRequests
			x.logs.failure(x, "Lambda invocation failed with status: 429. Lambda request id: "+reply.RequestID)
		}
		x.answerFault(f)
		return reply, false
	}
	x.endpointStatus = http.StatusOK
	x.logs.received(x, http.StatusOK, took, func() fields { return x.endpointHeader(reply) }, reply.Payload)
	return reply, true
}

// lambdaURI is where the gateway invokes a function, as logs have it.
func (x *restExchange) lambdaURI(function string) string {
	return "https://lambda." + x.h.cfg.Region + ".amazonaws.com/2015-03-31/functions/" + function + "/invocations"
}

// lambdaHeader are the headers of the gateway's request to Lambda, but for its
// signature and its session's token, which there are none of here.
func (x *restExchange) lambdaHeader(payload []byte, sourceARN string) fields {
	return fields{
		{"X-Amz-Date", x.h.cfg.Clock().UTC().Format("20060102T150405Z")},
		{"x-amzn-apigateway-api-id", x.at.api},
		{"Accept", jsonType},
		{"User-Agent", "AmazonAPIGateway_" + x.at.api},
		{"Host", "lambda." + x.h.cfg.Region + ".amazonaws.com"},
		{"X-Amz-Content-Sha256", fmt.Sprintf("%x", sha256.Sum256(payload))},
		{"X-Amzn-Trace-Id", x.rootTraceID()},
		{"x-amzn-lambda-integration-tag", x.id},
		{"X-Amz-Source-Arn", sourceARN},
	}
}

// lambda invokes a function with what the request's template makes, and its answer
// is made by the integration responses.
func (x *restExchange) lambda(in *restIntegration) {
	function, ok := x.target(in)
	if !ok {
		return
	}
	body, ok := x.transform(in)
	if !ok {
		return
	}
	out := &integrationRequest{body: body}
	if !x.mapRequest(in, out, x.override) {
		return
	}
	if kind, _ := out.header.get("X-Amz-Invocation-Type"); kind != "" && kind != "RequestResponse" {
		x.fail("integration-not-emulated", "invocations of type "+kind+" are not emulated: the answer would be Lambda's, not the function's")
		return
	}
	if len(bytes.TrimSpace(body)) == 0 {
		body = []byte("{}") // as Lambda's Invoke has it
	}
	if !json.Valid(body) {
		// Lambda's own answer goes the way of any other (public reports show it as
		// the body of a 200).
		x.endpointStatus = http.StatusBadRequest
		text := appendString([]byte(`{"Type":"User","message":`), "Could not parse request body into json: Could not parse payload into json")
		x.respond(in, &answer{status: http.StatusBadRequest, body: append(text, '}')})
		return
	}
	reply, ok := x.ask(in, function, body)
	if !ok {
		return
	}
	if reply.Failed {
		x.trace.Integration.Error = errorText(reply.Payload)
	}
	x.respond(in, &answer{status: http.StatusOK, body: reply.Payload})
}

// functionTraceID is the trace's id as answers of Lambda integrations have it
// (stackd: "Root=1-…;Parent=…;Sampled=0;Lineage=1:…:0", the lineage always the same
// for a function).
func (x *restExchange) functionTraceID(function string) string {
	var parent [8]byte
	_, _ = io.ReadFull(x.h.cfg.Random, parent[:])
	lineage := fnv.New32a()
	_, _ = io.WriteString(lineage, function)
	return fmt.Sprintf("%s;Parent=%x;Sampled=0;Lineage=1:%08x:0", x.rootTraceID(), parent, lineage.Sum32())
}

// lambdaProxy invokes a function with the whole request, and its answer is the
// method's.
func (x *restExchange) lambdaProxy(in *restIntegration) {
	function, ok := x.target(in)
	if !ok {
		return
	}
	if !x.mapRequest(in, &integrationRequest{}, templateOutput{}) { // what is mapped goes nowhere, but may be wrong
		return
	}
	reply, ok := x.ask(in, function, x.restEvent())
	if !ok {
		return
	}
	if reply.Failed {
		x.trace.Integration.Error = errorText(reply.Payload)
		message := wholeErrorMessage(reply.Payload)
		x.integrationError = "Lambda Customer Function Error:" + message // stackd's emulator, from its captures
		x.refuse(refusal{
			kind: integrationFailure, status: http.StatusBadGateway, message: "Internal server error", reason: "function-error", detail: "the function failed: " + x.trace.Integration.Error,
			logged: "Lambda execution failed with status 200 due to customer function error: " + message + ". Lambda request id: " + reply.RequestID,
		})
		return
	}
	out, encoded, err := proxyOutput(reply.Payload)
	if err != nil {
		x.integrationError = "Malformed Lambda proxy response"
		x.refuse(refusal{
			kind: integrationFailure, status: http.StatusBadGateway, message: "Internal server error", reason: "malformed-response", detail: "the function's answer is not as a proxy integration wants it: " + err.Error(),
			logged: "Execution failed due to configuration error: Malformed Lambda proxy response",
		})
		return
	}
	x.trace.Integration.Status = out.status
	if encoded && x.wantsBinary(out) {
		decoded, err := base64.StdEncoding.DecodeString(string(out.body))
		if err != nil {
			x.misconfigured("bad-content", "Unable to transform response", "body is no base64, as isBase64Encoded says")
			return
		}
		out.body = decoded
	}
	if _, ok := out.header.get("Content-Type"); !ok {
		out.header.set("Content-Type", jsonType)
	}
	if _, ok := out.header.get("X-Amzn-Trace-Id"); !ok {
		out.header.set("X-Amzn-Trace-Id", x.functionTraceID(function))
	}
	out.header = out.header.remap(remappedResponse, droppedResponse)
	x.deliver(out)
}

// wantsBinary reports whether an answer in base64 is to be decoded: the first type
// that the client accepts counts, and without it the answer's own.
func (x *restExchange) wantsBinary(out *restResult) bool {
	if accept := x.header("Accept"); accept != "" {
		return x.api.binary(accept)
	}
	kind, _ := out.header.get("Content-Type")
	return x.api.binary(kind)
}
