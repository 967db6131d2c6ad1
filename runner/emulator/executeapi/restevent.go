package executeapi

import (
	"encoding/base64"
	"slices"
)

// droppedRequest are the headers that never reach an API, nor what it is mapped to
// (LocalStack's header_utils.py, from its tests on AWS).
var droppedRequest = []string{
	"Connection", "Content-Length", "Content-Md5", "Expect", "Max-Forwards", "Proxy-Authenticate", "Server", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Www-Authenticate",
}

// describe makes what an integration is told: as for HTTP APIs, without some
// headers.
func (x *restExchange) describe() {
	x.exchange.describe()
	for _, name := range droppedRequest {
		delete(x.message.header, name)
	}
}

// restEvent is the event of a proxy integration, its members in the order that AWS
// sends (stackd, deployed_lambda_authorization.json, "rest-…").
func (x *restExchange) restEvent() []byte {
	w := &writer{b: make([]byte, 0, 2560+len(x.body)*4/3)}
	w.root(func() {
		w.str("resource", x.resource.path)
		w.str("path", x.path)
		w.str("httpMethod", x.r.Method)
		x.eventHeaders(w)
		names, values := inOrder(x.message.query) // stackd, rest_lambda_authorizers.json: tenant, extra, empty
		x.query1(w, names, values)
		if len(x.parameters) > 0 {
			w.object("pathParameters", func() { x.writeParameters(w) })
		} else {
			w.null("pathParameters")
		}
		if len(x.variables) > 0 {
			w.object("stageVariables", func() { x.writeVariables(w) })
		} else {
			w.null("stageVariables")
		}
		w.object("requestContext", func() { x.eventContext(w, true) })
		binary := len(x.body) > 0 && x.binaryBody()
		switch {
		case len(x.body) == 0:
			w.null("body")
		case binary:
			w.str("body", base64.StdEncoding.EncodeToString(x.body))
		default:
			w.str("body", string(x.body))
		}
		w.bool("isBase64Encoded", binary)
	})
	return w.b
}

func (x *restExchange) writeVariables(w *writer) {
	for _, name := range sortedKeys(x.variables) {
		w.str(name, x.variables[name])
	}
}

// eventHeaders writes the headers: of several values the last one, then all. The
// signature of a signed request stays behind (stackd, "rest-iam-signed").
func (x *restExchange) eventHeaders(w *writer) {
	names := sortedKeys(x.message.header)
	if x.identity != nil && x.test == nil {
		names = slices.DeleteFunc(names, func(name string) bool { return name == "Authorization" })
	}
	if len(names) == 0 { // a test (public execution logs)
		w.null("headers", "multiValueHeaders")
		return
	}
	w.lasts("headers", names, x.message.header)
	w.object("multiValueHeaders", func() {
		for _, name := range names {
			w.array(name, x.message.header[name])
		}
	})
}

// eventContext writes the members of requestContext; an authorizer is told of no
// authorizer.
func (x *restExchange) eventContext(w *writer, backend bool) {
	w.str("resourceId", x.resource.id)
	if x.authorized != nil && backend {
		w.object("authorizer", func() { x.eventAuthorizer(w) })
	}
	w.str("resourcePath", x.resource.path)
	w.str("httpMethod", x.r.Method)
	w.str("extendedRequestId", x.extendedID)
	w.str("requestTime", x.received.UTC().Format(timeFormat))
	w.str("path", x.fullPath)
	w.str("accountId", x.h.cfg.Account)
	w.str("protocol", x.r.Proto)
	w.str("stage", x.stageName)
	w.str("domainPrefix", x.domainPrefix())
	w.int("requestTimeEpoch", x.received.UnixMilli())
	w.str("requestId", x.id)
	w.object("identity", func() { x.eventIdentity(w) })
	w.str("domainName", x.domainName())
	if x.test == nil {
		w.str("deploymentId", x.api.from.ID)
	}
	w.str("apiId", x.at.api)
}

// eventIdentity writes who calls. A test has a key of its own, and another order
// (public execution logs).
func (x *restExchange) eventIdentity(w *writer) {
	names := []string{
		"cognitoIdentityPoolId", "accountId", "cognitoIdentityId", "caller", "sourceIp", "principalOrgId", "accessKey",
		"cognitoAuthenticationType", "cognitoAuthenticationProvider", "userArn", "userAgent", "user",
	}
	if x.test != nil {
		names = []string{
			"cognitoIdentityPoolId", "cognitoIdentityId", "apiKey", "principalOrgId", "cognitoAuthenticationType", "userArn", "apiKeyId", "userAgent",
			"accountId", "caller", "sourceIp", "accessKey", "cognitoAuthenticationProvider", "user",
		}
	}
	for _, name := range names {
		if value, ok := x.identityVariable(name); ok {
			w.str(name, value)
		} else {
			w.null(name)
		}
	}
}
