package executeapi

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/executeapi/vtl"
)

// lambdaKind reports whether an integration is with an AWS service.
func lambdaKind(in *restIntegration) bool {
	return in.Type == rest.IntegrationTypeAws || in.Type == rest.IntegrationTypeAwsProxy
}

// integrate asks the method's integration, and answers.
func (x *restExchange) integrate(in *restIntegration) {
	if in.ConnectionType == rest.ConnectionTypeVpcLink {
		x.fail("integration-not-emulated", "VPC links are not emulated")
		return
	}
	switch in.Type {
	case rest.IntegrationTypeMock:
		x.mock(in)
	case rest.IntegrationTypeHttp:
		x.http(in)
	case rest.IntegrationTypeHttpProxy:
		x.httpProxy(in)
	case rest.IntegrationTypeAws:
		x.lambda(in)
	case rest.IntegrationTypeAwsProxy:
		x.lambdaProxy(in)
	default:
		x.fail("integration-not-emulated", "integrations of type "+string(in.Type)+" are not emulated")
	}
}

// transform makes the body of an integration request (guide, "Integration
// passthrough behaviors"). False means that the request was answered.
func (x *restExchange) transform(in *restIntegration) (body []byte, ok bool) {
	kind := mediaType(x.header("Content-Type"))
	if kind == "" {
		kind = jsonType
	}
	template := in.templates[kind]
	if template == nil {
		template = in.templates["$default"]
	}
	behaviour := aws.ToString(in.PassthroughBehavior)
	if template == nil && (behaviour == "NEVER" || behaviour == "WHEN_NO_TEMPLATES" && len(in.templates) > 0) {
		x.refuse(refusal{kind: unsupportedMediaType, message: "Unsupported Media Type", reason: "unsupported-media-type", detail: "no mapping template is for " + kind + ", and passthroughBehavior is " + behaviour})
		return nil, false
	}
	binary := x.binaryBody()
	body, err := convert(x.body, in.ContentHandling, binary, binary)
	if err != nil {
		x.misconfigured("bad-content", "Unable to transform request", "the body cannot be converted: "+err.Error())
		return nil, false
	}
	if template == nil || template.text == "" && len(body) == 0 {
		return body, true
	}
	if binary && in.ContentHandling != rest.ContentHandlingStrategyConvertToText || in.ContentHandling == rest.ContentHandlingStrategyConvertToBinary {
		// A preflight's lack of a body too: an API whose binaryMediaTypes have */*
		// answers its MOCK for OPTIONS so (log in clebert/aws-simple#167), until the
		// integration has CONVERT_TO_TEXT (aws/chalice#1310). LocalStack,
		// test_apigw_s3_binary_support_request_convert_to_binary_with_request_template,
		// for CONVERT_TO_BINARY.
		x.misconfigured("bad-content", "Unable to transform request", "the body is binary (the API's binaryMediaTypes or the integration's contentHandling say so), and no mapping template takes that; contentHandling CONVERT_TO_TEXT makes it text")
		return nil, false
	}
	out, err := template.apply(x, body)
	if err != nil {
		if x.r.Context().Err() != nil {
			x.answerFault(goneFault)
			return nil, false
		}
		x.trace.Integration.Error = clip(err.Error())
		x.misconfigured("bad-template", "Unable to transform request", "the mapping template of the integration request fails: "+clip(err.Error()))
		return nil, false
	}
	x.override = out
	return []byte(out.Text), true
}

// mock answers by the statusCode that the request's template gives.
func (x *restExchange) mock(in *restIntegration) {
	body, ok := x.transform(in)
	if !ok {
		return
	}
	status, ok := mockStatus(body)
	if !ok {
		// The text: LocalStack's mock.py, from its tests on AWS.
		x.misconfigured("bad-mock-status", "Unable to parse statusCode. It should be an integer that is defined in the request template.", "the request template of a MOCK integration has to give {\"statusCode\": N}")
		return
	}
	x.respond(in, &answer{status: status})
}

// mockStatus is the statusCode of what a template gives. Its member's name needs no
// quotes, as the templates of CDK, SAM and the Serverless Framework are written
// ({statusCode:200}; serverless#4681 has one with its answer), and its value has to
// be an integer (the text above).
func mockStatus(body []byte) (int, bool) {
	said, err := vtl.ParsePayload(body)
	members, ok := said.(*vtl.Map)
	if err != nil || !ok {
		return 0, false
	}
	status, ok := members.Get("statusCode").(int64)
	return int(status), ok && status == int64(int(status))
}

// defaults adds the headers that the gateway sends to an HTTP endpoint unless the
// API says otherwise (LocalStack's test_apigateway_http.snapshot.json).
func (x *restExchange) defaults(out *integrationRequest, method string) {
	set := func(name, value string) {
		if _, ok := out.header.get(name); !ok {
			out.header.set(name, value)
		}
	}
	set("Accept", jsonType)
	set("User-Agent", "AmazonAPIGateway_"+x.at.api)
	if kind := x.header("Content-Type"); kind != "" && carriesBody(method) {
		set("Content-Type", kind)
	}
	out.header.set("X-Amzn-Trace-Id", x.traceID)
	out.header.set("x-amzn-apigateway-api-id", x.at.api)
}

// carriesBody reports whether a request to an HTTP endpoint has a body.
func carriesBody(method string) bool {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	return true
}

// integrationMethod is the method that an endpoint is asked with.
func (x *restExchange) integrationMethod(in *restIntegration) string {
	if method := aws.ToString(in.HttpMethod); method != "" && method != "ANY" {
		return method
	}
	return x.r.Method
}

// http asks an HTTP endpoint. Nothing of the request goes there but what is mapped.
func (x *restExchange) http(in *restIntegration) {
	body, ok := x.transform(in)
	if !ok {
		return
	}
	out := &integrationRequest{uri: aws.ToString(in.Uri), body: body}
	if !x.mapRequest(in, out, x.override) {
		return
	}
	a := x.send(in, out, encodeQuery(out.query))
	if a != nil {
		x.respond(in, a)
	}
}

// httpProxy passes the request on, and the answer back.
func (x *restExchange) httpProxy(in *restIntegration) {
	mapped := &integrationRequest{uri: aws.ToString(in.Uri)}
	if !x.mapRequest(in, mapped, templateOutput{}) {
		return
	}
	out := &integrationRequest{uri: mapped.uri, body: x.body}
	for _, f := range x.headerFields() {
		switch f.name {
		case "Host", "Content-Encoding", "Via", headerInvocation:
		default:
			out.header = append(out.header, f)
		}
	}
	for _, f := range mapped.header {
		out.header.set(f.name, f.value)
	}
	query := x.message.raw
	if more := encodeQuery(mapped.query); more != "" && query != "" {
		query += "&" + more
	} else if more != "" {
		query = more
	}
	a := x.send(in, out, query)
	if a == nil {
		return
	}
	x.trace.Integration.Status = a.status
	answer := &restResult{status: a.status, body: a.body}
	for _, name := range sortedKeys(a.header) {
		for _, value := range a.header[name] {
			if validName(name) && validValue(value) {
				answer.header.add(headerCase(name), value)
			}
		}
	}
	answer.header = answer.header.remap([]string{"Connection", "Content-Length", "Date", "Server", "x-amzn-RequestId"}, []string{"Transfer-Encoding", "Via", "Keep-Alive", "Upgrade", "Trailer"})
	if _, ok := answer.header.get("Content-Type"); !ok {
		answer.header.set("Content-Type", jsonType) // guide, "Set up a proxy integration with a proxy resource"
	}
	x.deliver(answer)
}

// headerCase gives an upstream's header back in the case that AWS services write,
// which net/http has changed.
func headerCase(name string) string {
	if name == "X-Amzn-Requestid" {
		return "x-amzn-RequestId"
	}
	return name
}

// send asks an HTTP endpoint. It returns nil after it has answered itself.
func (x *restExchange) send(in *restIntegration, out *integrationRequest, query string) *answer {
	u, err := endpointURL(out.uri, query)
	if err != nil {
		x.trace.Integration.Target = ""
		// The text: public reports of knowledge-center articles.
		x.misconfigured("bad-integration-uri", "Invalid endpoint address", "the integration's URI cannot be used: "+err.Error())
		return nil
	}
	method := x.integrationMethod(in)
	x.defaults(out, method)
	if !carriesBody(method) {
		out.body = nil
	}
	x.logs.sending(x, u.String(), func() fields { return out.header }, out.body)
	began := x.h.cfg.Clock()
	x.sent = true
	a, f := x.roundTrip(u, func(ctx context.Context, u *url.URL) *http.Request { return x.endpointRequest(ctx, u, method, out) }, in.timeout())
	took := x.h.cfg.Clock().Sub(began)
	x.trace.Integration.Micros = took.Microseconds()
	if f != nil {
		x.answerFault(f)
		return nil
	}
	x.endpointStatus = a.status
	x.logs.received(x, a.status, took, func() fields { return sortedFields(a.header) }, a.body)
	return a
}

func sortedFields(header http.Header) fields {
	out := fields{}
	for _, name := range sortedKeys(header) {
		out = append(out, field{headerCase(name), strings.Join(header[name], ",")})
	}
	return out
}

// endpointURL is the URL of an HTTP endpoint: the integration's, its own query
// first.
func endpointURL(uri, query string) (*url.URL, error) {
	u, err := url.Parse(uri)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("it is no http or https URL")
	}
	if query != "" {
		if u.RawQuery != "" {
			u.RawQuery += "&"
		}
		u.RawQuery += query
	}
	u.Fragment = ""
	return u, nil
}

func (x *restExchange) endpointRequest(ctx context.Context, u *url.URL, method string, out *integrationRequest) *http.Request {
	header := http.Header{}
	host := u.Host
	for _, f := range out.header {
		switch strings.ToLower(f.name) {
		case "host":
			host = f.value
		case "expect", "proxy-authenticate", "te", "via", "content-length", "connection":
		default:
			name := http.CanonicalHeaderKey(f.name)
			header[name] = append(header[name], f.value)
		}
	}
	if homeward(u) { // so that an API that calls itself is found out
		header["Via"] = append(header["Via"], append(x.r.Header.Values("Via"), via)...)
	}
	if x.lesson != "" && homeward(u) {
		header[headerLesson] = []string{x.lesson}
	}
	r := (&http.Request{
		Method: method, URL: u, Host: host, Header: header, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(bytes.NewReader(out.body)), ContentLength: int64(len(out.body)),
	}).WithContext(ctx)
	if len(out.body) == 0 {
		r.Body = http.NoBody
	}
	return r
}

// homeward reports whether a URL may lead back here.
func homeward(u *url.URL) bool {
	host := u.Hostname()
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback()
	}
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || strings.Contains(host, ".execute-api.")
}
