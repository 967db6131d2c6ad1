package executeapi_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi"
)

// logging is a stage's settings for all methods.
func logging(level string, trace bool) map[string]rest.MethodSetting {
	return map[string]rest.MethodSetting{"*/*": {LoggingLevel: &level, DataTraceEnabled: trace}}
}

// lines are those of an execution log, its ids and dates taken out.
func (w *world) executionLog(t *testing.T, group string, got result) string {
	t.Helper()
	id, extended := got.raw("x-amzn-RequestId")[0], got.raw("x-amz-apigw-id")[0]
	var out []string
	for _, line := range w.logged[group] {
		line, ok := strings.CutPrefix(line, "("+id+") ")
		if !ok {
			t.Errorf("%q does not begin with the request's id", line)
		}
		out = append(out, strings.NewReplacer(id, "<id>", extended, "<extended>").Replace(line))
	}
	return strings.Join(out, "\n")
}

func TestExecutionLogs(t *testing.T) {
	t.Parallel()
	upstream := jsonEcho(t)
	methods := map[string]rest.Method{
		"GET /": mock("fine"), "ANY /f/{proxy+}": lambdaProxy(), "GET /broken": {},
		"GET /pets/{id}": httpMethod(rest.IntegrationTypeHttp, upstream.URL+"/pets/{id}", map[string]string{"integration.request.path.id": "method.request.path.id"}),
	}
	const frame = "Extended Request Id: <extended>\n" +
		"Verifying Usage Plan for request: <id>. API Key:  API Stage: " + apiID + "/PROD\n" +
		"API Key  authorized because method '%' does not require API Key. Request will not contribute to throttle or quota limits\n" +
		"Usage Plan check succeeded for API Key  and API Stage " + apiID + "/PROD\n" +
		"Starting execution for request: <id>\n"
	const traceID = "Root=1-6ab5851c-6a48d894744d2e566f8ddd78"
	fails := func(w *world) {
		w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
			return executeapi.Reply{Payload: []byte(`{"errorMessage":"no","errorType":"E"}`), Failed: true, RequestID: "inv-1"}, nil
		})
	}
	for name, tt := range map[string]struct {
		settings map[string]rest.MethodSetting
		target   string
		change   func(*world)
		want     string
	}{
		"off":              {nil, "/PROD", nil, ""},
		"other method":     {map[string]rest.MethodSetting{"pets/GET": {LoggingLevel: aws.String("INFO")}}, "/PROD", nil, ""},
		"OFF":              {logging("OFF", true), "/PROD", nil, ""},
		"ERROR, no error":  {logging("ERROR", true), "/PROD", nil, ""},
		"ERROR":            {logging("ERROR", true), "/PROD/broken", nil, "Execution failed due to configuration error: No integration defined for method\nMethod completed with status: 500"},
		"ERROR, Lambda":    {logging("ERROR", false), "/PROD/f/x", fails, "Lambda execution failed with status 200 due to customer function error: no. Lambda request id: inv-1\nMethod completed with status: 502\nAWS Integration Endpoint RequestId : inv-1"},
		"ERROR, forbidden": {logging("ERROR", false), "/PROD/f/x", func(w *world) { w.permits[hello] = func(string) bool { return false } }, "Execution failed due to configuration error: Invalid permissions on Lambda function\nMethod completed with status: 500"},
		"INFO":             {logging("INFO", false), "/PROD", nil, strings.Replace(frame, "%", "GET /", 1) + "HTTP Method: GET, Resource Path: /\nSuccessfully completed execution\nMethod completed with status: 200"},
		"INFO of a method": {map[string]rest.MethodSetting{"*/*": {LoggingLevel: aws.String("OFF")}, "~1f~1{proxy+}/ANY": {LoggingLevel: aws.String("INFO")}}, "/PROD/f/x", func(w *world) {
			w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
				return executeapi.Reply{Payload: []byte(`{"statusCode":204}`), RequestID: "inv-2"}, nil
			})
		},
			strings.Replace(frame, "%", "ANY /f/{proxy+}", 1) + "HTTP Method: GET, Resource Path: /f/x\nSuccessfully completed execution\nMethod completed with status: 204\nAWS Integration Endpoint RequestId : inv-2"},
		"data of a mock": {logging("INFO", true), "/PROD?a=1&a=2&b=", nil, strings.Replace(frame, "%", "GET /", 1) + "HTTP Method: GET, Resource Path: /\n" +
			"Method request path: {}\nMethod request query string: {a=1,2, b=}\n" +
			"Method request headers: {Host=" + host + ", X-Amzn-Trace-Id=" + traceID + ", X-Forwarded-For=203.0.113.7, X-Forwarded-Port=80, X-Forwarded-Proto=http}\n" +
			"Method request body before transformations: \n" +
			"Method response body after transformations: fine\nMethod response headers: {Content-Type=application/json}\n" +
			"Successfully completed execution\nMethod completed with status: 200"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := restWorld(t, methods)
			w.rest["PROD"].settings.MethodSettings = tt.settings
			w.function(hello, `{"statusCode":200}`)
			if tt.change != nil {
				tt.change(w)
			}
			if got := w.executionLog(t, apiID+"/PROD", w.get(tt.target)); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
	// With an endpoint: what is sent and what comes.
	w := restWorld(t, methods)
	w.rest["PROD"].settings.MethodSettings = logging("INFO", true)
	r := request("GET", "/PROD/pets/7", "")
	r.Header.Set("Authorization", "Bearer secret-token")
	got := w.executionLog(t, apiID+"/PROD", w.do(r))
	for _, want := range []string{
		"Method request path: {id=7}\n", "Authorization=*************-token,", "Endpoint request URI: " + upstream.URL + "/pets/7\n",
		"Endpoint request headers: {Accept=application/json, User-Agent=AmazonAPIGateway_" + apiID + ", X-Amzn-Trace-Id=" + traceID + ", x-amzn-apigateway-api-id=" + apiID + "}\n",
		"Endpoint request body after transformations: \n", "Sending request to " + upstream.URL + "/pets/7\n", "Received response. Status: 200, Integration latency: 0 ms\nEndpoint response headers: {", "\nEndpoint response body before transformations: {\"Method\":\"GET\"",
		"Method response headers: {Content-Type=application/json, X-Amzn-Trace-Id=" + traceID + "}\nSuccessfully completed execution\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if strings.Contains(got, "secret") {
		t.Error("the token is in the log")
	}
}

// Lines end at 1024 bytes; the canary has a group of its own.
func TestLongLinesAndTheCanarysLog(t *testing.T) {
	t.Parallel()
	w := canaryWorld(t, 100)
	w.rest["PROD"].settings.MethodSettings = logging("INFO", true)
	r := request("GET", "/PROD/v", strings.Repeat("한", 700))
	got := w.do(r)
	if len(w.logged[apiID+"/PROD"]) != 0 || len(w.logged[apiID+"/PROD/Canary"]) == 0 {
		t.Errorf("%v", w.logged)
	}
	log := w.executionLog(t, apiID+"/PROD/Canary", got)
	for line := range strings.SplitSeq(log, "\n") {
		if len(line) > 1024+len(" [TRUNCATED]") {
			t.Errorf("%d bytes: %s", len(line), line)
		}
	}
	if !strings.Contains(log, "한 [TRUNCATED]") {
		t.Error(log)
	}
}

func TestRESTAccessLogs(t *testing.T) {
	t.Parallel()
	w := restWorld(t, map[string]rest.Method{"GET /pets/{id}": lambdaProxy(), "GET /none": {}})
	s := w.rest["PROD"].settings
	s.AccessLogSettings = &rest.AccessLogSettings{DestinationArn: aws.String("arn:aws:logs:r:1:log-group:g"), Format: aws.String(
		`$context.requestId $context.extendedRequestId $context.resourcePath $context.resourceId $context.httpMethod $context.path $context.status $context.responseLength $context.requestTimeEpoch $context.stage $context.deploymentId $context.isCanaryRequest $context.error.message $context.error.responseType $context.integration.error $context.integration.integrationStatus $context.integrationLatency $context.integration.requestId $context.endpointType $context.identity.sourceIp $context.none`)}
	w.handle(hello, func(context.Context, []byte) (executeapi.Reply, error) {
		w.advance(7 * time.Millisecond)
		return executeapi.Reply{Payload: []byte(`{"body":"four"}`), RequestID: "inv"}, nil
	})
	got := w.get("/PROD/pets/1")
	ids := got.raw("x-amzn-RequestId")[0] + " " + got.raw("x-amz-apigw-id")[0]
	if want := ids + " /pets/{id} r1 GET /PROD/pets/1 200 4 1790280988749 PROD dep001 - - - - 200 7 inv REGIONAL 203.0.113.7 -"; len(w.lines) != 1 || w.lines[0] != want {
		t.Errorf("%q\nwant %q", w.lines, want)
	}
	w.lines = nil
	w.get("/PROD/none")
	if len(w.lines) != 1 || !strings.Contains(w.lines[0], " 500 36 ") || !strings.Contains(w.lines[0], " Internal server error API_CONFIGURATION_ERROR - - - - ") {
		t.Errorf("%q", w.lines)
	}
	w.lines = nil
	if w.get("/PROD/unknown"); len(w.lines) != 0 {
		t.Errorf("%q", w.lines)
	}
}
