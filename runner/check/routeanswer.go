package check

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// request makes the live request; where its answer is wrong, it looks for why.
func (c *routeCheck) request(ctx context.Context, p *probe, found *chain) verdict {
	address := aws.ToString(found.api.ApiEndpoint)
	if stage := aws.ToString(found.stage.StageName); stage != defaultRoute {
		address += "/" + stage
	}
	u, err := url.Parse(address + found.path)
	if err != nil || u.Host == "" {
		return failed(Finding{Code: httpAddress, Subject: address + found.path})
	}
	request, err := http.NewRequestWithContext(ctx, c.method(), u.String(), http.NoBody)
	if err != nil {
		return broken(err)
	}
	request.Header.Set(CheckHeader, "1")
	a, v := p.exchange(ctx, request, "")
	if a == nil {
		return v
	}
	v = c.expected.judge(ctx, p, a)
	if len(v.findings) == 0 || v.undecided {
		return v
	}
	if why, ok := c.why(ctx, p, found, a); ok {
		return why
	}
	return v
}

// why explains an answer that the gateway itself gave, in its own words
// (AWS-BEHAVIOUR §1.5).
func (c *routeCheck) why(ctx context.Context, p *probe, found *chain, a *answer) (verdict, bool) {
	f := Finding{Subject: a.subject(), Found: fmt.Sprintf("%d %s", a.StatusCode, shorten(a.body)), Args: found.args()}
	f.Args["stage"] = aws.ToString(found.stage.StageName)
	says := func(status int, body string) bool { return a.StatusCode == status && strings.TrimSpace(a.body) == body }
	switch {
	case says(http.StatusNotFound, `{"message":"Not Found"}`):
		f.Code = routeStale
		if aws.ToBool(found.stage.AutoDeploy) {
			return onItsWay(f), true
		}
		return failed(f), true
	case found.route.AuthorizationType != "" && found.route.AuthorizationType != types.AuthorizationTypeNone &&
		(says(http.StatusUnauthorized, `{"message":"Unauthorized"}`) || says(http.StatusForbidden, `{"message":"Forbidden"}`)):
		f.Code, f.Expected = routeProtected, string(types.AuthorizationTypeNone)
		f.Args["authorization"] = string(found.route.AuthorizationType)
		return failed(f), true
	case says(http.StatusServiceUnavailable, `{"message":"Service Unavailable"}`):
		f.Code = routeTimeout
		return failed(f), true
	case says(http.StatusInternalServerError, `{"message":"Internal Server Error"}`):
		return c.inside(ctx, p, found, f), true
	}
	return verdict{}, false
}

// inside looks behind an Internal Server Error: it calls the function itself,
// with an event as the gateway makes it.
func (c *routeCheck) inside(ctx context.Context, p *probe, found *chain, f Finding) verdict {
	f.Code = routeGatewayError
	if c.function == "" {
		return failed(f)
	}
	op, _ := operation("lambda.Invoke")
	input := &lambda.InvokeInput{FunctionName: aws.String(found.target.arn()), LogType: lambdatypes.LogTypeTail, Payload: []byte(encode(c.event(found)))}
	out, err := p.send(ctx, op, input, longestAnswer)
	if err != nil {
		if v, ok := undecidable(err); ok {
			return v
		}
		f.Found = shorten(reason(err))
		return failed(f)
	}
	answer := out.(*lambda.InvokeOutput)
	p.describe(input, answer)
	f.Subject = found.target.name
	f.Args["log"] = shorten(lastLines(tailOf(answer)))
	payload, err := decode(string(answer.Payload))
	if answer.FunctionError == nil {
		if err == nil && isProxyAnswer(payload) {
			return failed(f) // by itself it is right: what then is wrong, its log may tell
		}
		f.Code, f.Found = routeMalformed, shorten(string(answer.Payload))
		return failed(f)
	}
	kind, message, line := describeError(payload)
	f.Code, f.Found = routeFunctionError, shorten(kind+": "+message)
	f.Args["line"] = cmp.Or(shorten(line), f.Args["log"]) // other runtimes tell no place
	return failed(f)
}

// lastLines leaves out of a log's end what Lambda itself writes.
func lastLines(log string) string {
	var kept []string
	for line := range strings.Lines(log) {
		line = strings.TrimRight(line, "\r\n\t ")
		if line == "" || strings.HasPrefix(line, "START RequestId:") || strings.HasPrefix(line, "END RequestId:") || strings.HasPrefix(line, "REPORT RequestId:") {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept[max(0, len(kept)-3):], "\n")
}

// isProxyAnswer reports whether API Gateway takes a function's answer with a
// statusCode: a number, or text that is one.
func isProxyAnswer(payload any) bool {
	object, ok := payload.(map[string]any)
	if !ok {
		return false
	}
	status := statusNumber(object["statusCode"])
	_, isText := status.(string)
	return status != nil && !isText
}

// event is what the gateway passes to a function, as far as functions look at
// it: payload format 2.0 or 1.0 (Developer Guide, "Create AWS Lambda proxy
// integrations for HTTP APIs").
func (c *routeCheck) event(found *chain) map[string]any {
	stage, path := aws.ToString(found.stage.StageName), found.path
	if stage != defaultRoute {
		path = "/" + stage + path
	}
	headers := map[string]any{"accept": "*/*", "content-length": "0"}
	if aws.ToString(found.integration.PayloadFormatVersion) == "1.0" {
		return map[string]any{
			"version": "1.0", "resource": found.path, "path": path, "httpMethod": c.method(), "headers": headers,
			"multiValueHeaders": map[string]any{"accept": []any{"*/*"}}, "queryStringParameters": nil, "multiValueQueryStringParameters": nil,
			"requestContext": map[string]any{"apiId": aws.ToString(found.api.ApiId), "httpMethod": c.method(), "path": path, "stage": stage},
			"pathParameters": nil, "stageVariables": nil, "body": nil, "isBase64Encoded": false,
		}
	}
	return map[string]any{
		"version": "2.0", "routeKey": aws.ToString(found.route.RouteKey), "rawPath": path, "rawQueryString": "", "headers": headers,
		"requestContext": map[string]any{
			"apiId": aws.ToString(found.api.ApiId), "routeKey": aws.ToString(found.route.RouteKey), "stage": stage,
			"http": map[string]any{"method": c.method(), "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "awslab"},
		},
		"isBase64Encoded": false,
	}
}
