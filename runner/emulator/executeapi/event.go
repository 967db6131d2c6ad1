package executeapi

import (
	"encoding/base64"
	"maps"
	"mime"
	"slices"
	"strings"
)

const timeFormat = "02/Jan/2006:15:04:05 -0700"

// isText says whether a body goes into an event as text. It does for these types
// alone, application/x-www-form-urlencoded and a missing type are not among them
// (measured on AWS: ministackorg/ministack#766).
func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil && kind == "" {
		kind, _, _ = strings.Cut(contentType, ";")
		kind = strings.ToLower(strings.TrimSpace(kind))
	}
	switch kind {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(kind, "text/")
}

// bodyText is the body as events have it.
func (x *httpExchange) bodyText() (text string, encoded bool) {
	if len(x.body) == 0 {
		return "", false
	}
	if isText(strings.Join(x.message.header["Content-Type"], ",")) {
		return string(x.body), false
	}
	return base64.StdEncoding.EncodeToString(x.body), true
}

// eventPath is the path as events have it.
func (x *httpExchange) eventPath() string {
	if x.message.path != "" {
		return x.message.path
	}
	return x.fullPath
}

// event2 is the event of payload format 2.0 for a backend: its members in the
// order that AWS sends (stackd, deployed_lambda_authorization.json and
// http_lambda_authorizers.json; pathParameters and body: the guide).
func (x *httpExchange) event2() []byte {
	w := &writer{b: make([]byte, 0, 1536+len(x.body)*4/3)}
	w.root(func() {
		w.str("version", "2.0")
		w.str("routeKey", x.route.key)
		x.request2(w, false)
		w.object("requestContext", func() {
			x.context2(w)
		})
		x.variables2(w)
		if text, encoded := x.bodyText(); text != "" {
			w.str("body", text)
			w.bool("isBase64Encoded", encoded)
		} else {
			w.bool("isBase64Encoded", false)
		}
	})
	return w.b
}

// request2 writes path, query, cookies and headers. An authorizer sees the
// Cookie header among the headers too.
func (x *httpExchange) request2(w *writer, authorizer bool) {
	w.str("rawPath", x.eventPath())
	w.str("rawQueryString", x.message.raw)
	if all := cookies(x.message.header); len(all) > 0 {
		w.array("cookies", all)
	}
	lower := make(map[string]string, len(x.message.header))
	for name, values := range x.message.header {
		if name != "Cookie" || authorizer {
			lower[strings.ToLower(name)] = strings.Join(values, ",")
		}
	}
	w.object("headers", func() {
		for _, name := range slices.Sorted(maps.Keys(lower)) {
			w.str(name, lower[name])
		}
	})
	if names, values := grouped(x.message.query); len(names) > 0 {
		w.object("queryStringParameters", func() {
			for _, name := range names {
				w.str(name, strings.Join(values[name], ","))
			}
		})
	}
}

// variables2 writes what is left out where it is empty.
func (x *httpExchange) variables2(w *writer) {
	if len(x.parameters) > 0 {
		w.object("pathParameters", func() { x.writeParameters(w) })
	}
	if len(x.stage.variables()) > 0 {
		w.object("stageVariables", func() { x.writeVariables(w) })
	}
}

func (x *exchange) writeParameters(w *writer) {
	for _, p := range x.parameters {
		w.str(p.name, p.value)
	}
}

func (x *httpExchange) writeVariables(w *writer) {
	all := x.stage.variables()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		w.str(name, all[name])
	}
}

// context2 writes the members of requestContext.
func (x *httpExchange) context2(w *writer) {
	w.str("accountId", x.h.cfg.Account)
	w.str("apiId", x.at.api)
	switch {
	case x.identity != nil:
		w.object("authorizer", func() {
			w.object("iam", func() {
				w.str("accessKey", x.identity.AccessKeyID)
				w.str("accountId", x.h.cfg.Account)
				w.str("callerId", x.identity.UserID)
				w.null("cognitoIdentity")
				w.str("principalOrgId", "aws:PrincipalOrgID") // these very words (stackd)
				w.str("userArn", x.identity.ARN)
				w.str("userId", x.identity.UserID)
			})
		})
	case x.verdict.context != nil:
		w.object("authorizer", func() {
			w.object("lambda", func() { x.writeContext(w) })
		})
	}
	w.str("domainName", x.at.host)
	w.str("domainPrefix", x.domainPrefix())
	w.object("http", func() {
		w.str("method", x.r.Method)
		w.str("path", x.fullPath)
		w.str("protocol", x.r.Proto)
		w.str("sourceIp", x.sourceIP)
		w.str("userAgent", x.r.UserAgent())
	})
	w.str("requestId", x.id)
	w.str("routeKey", x.route.key)
	w.str("stage", x.stageName)
	w.str("time", x.received.UTC().Format(timeFormat))
	w.int("timeEpoch", x.received.UnixMilli())
}

// writeContext writes what a Lambda authorizer passed on.
func (x *httpExchange) writeContext(w *writer) {
	for _, name := range slices.Sorted(maps.Keys(x.verdict.context)) {
		w.raw(name, x.verdict.context[name])
	}
}

// lowered are the header names that stand in lower case in a 1.0 event although
// clients write them otherwise: standard names, but those that the gateway sets
// itself and X- names stay in their usual case. What is here was seen (stackd;
// events in pulumi's and moto's issues); others are left as they came.
var lowered = map[string]string{
	"Accept": "accept", "Accept-Encoding": "accept-encoding", "Accept-Language": "accept-language", "Authorization": "authorization",
	"Cache-Control": "cache-control", "Origin": "origin", "Referer": "referer", "Priority": "priority", "Cookie": "cookie",
	"Upgrade-Insecure-Requests": "upgrade-insecure-requests", "Access-Control-Allow-Origin": "access-control-allow-origin",
	"Sec-Ch-Ua": "sec-ch-ua", "Sec-Ch-Ua-Mobile": "sec-ch-ua-mobile", "Sec-Ch-Ua-Platform": "sec-ch-ua-platform",
	"Sec-Fetch-Dest": "sec-fetch-dest", "Sec-Fetch-Mode": "sec-fetch-mode", "Sec-Fetch-Site": "sec-fetch-site", "Sec-Fetch-User": "sec-fetch-user",
}

// headers1 are the headers as a 1.0 event has them, and their names sorted.
func (x *httpExchange) headers1() (names []string, values map[string][]string) {
	values = make(map[string][]string, len(x.message.header))
	for name, all := range x.message.header {
		if lower, ok := lowered[name]; ok {
			name = lower
		}
		values[name] = all
		names = append(names, name)
	}
	slices.Sort(names)
	return names, values
}

// event1 is the event of payload format 1.0 for a backend, its members in the
// order of recorded events.
func (x *httpExchange) event1() []byte {
	w := &writer{b: make([]byte, 0, 2560+len(x.body)*4/3)}
	w.root(func() {
		w.str("version", "1.0")
		w.str("resource", x.route.path)
		w.str("path", x.eventPath())
		w.str("httpMethod", x.r.Method)
		names, values := x.headers1()
		w.lasts("headers", names, values)
		w.object("multiValueHeaders", func() {
			for _, name := range names {
				w.array(name, values[name])
			}
		})
		names, values = grouped(x.message.query)
		x.query1(w, names, values)
		w.object("requestContext", func() { x.context1(w, false) })
		if len(x.parameters) > 0 {
			w.object("pathParameters", func() { x.writeParameters(w) })
		} else {
			w.null("pathParameters")
		}
		if len(x.stage.variables()) > 0 {
			w.object("stageVariables", func() { x.writeVariables(w) })
		} else {
			w.null("stageVariables")
		}
		text, encoded := x.bodyText()
		if text != "" {
			w.str("body", text)
		} else {
			w.null("body")
		}
		w.bool("isBase64Encoded", encoded)
	})
	return w.b
}

// query1 writes the query of a 1.0 event, which is the one of REST APIs. The
// single value is the last one.
func (x *exchange) query1(w *writer, names []string, values map[string][]string) {
	if len(names) == 0 {
		w.null("queryStringParameters", "multiValueQueryStringParameters")
		return
	}
	w.lasts("queryStringParameters", names, values)
	w.object("multiValueQueryStringParameters", func() {
		for _, name := range names {
			w.array(name, values[name])
		}
	})
}

// context1 writes the members of a 1.0 event's requestContext; an authorizer is
// told of no authorizer.
func (x *httpExchange) context1(w *writer, authorizer bool) {
	w.str("accountId", x.h.cfg.Account)
	w.str("apiId", x.at.api)
	if x.verdict.context != nil && !authorizer {
		w.object("authorizer", func() {
			w.null("claims", "scopes")
			x.writeContext(w)
		})
	}
	w.str("domainName", x.at.host)
	w.str("domainPrefix", x.domainPrefix())
	w.str("extendedRequestId", x.id)
	w.str("httpMethod", x.r.Method)
	w.object("identity", func() {
		if x.identity != nil {
			w.str("accessKey", x.identity.AccessKeyID)
			w.str("accountId", x.h.cfg.Account)
			w.str("caller", x.identity.UserID)
		} else {
			w.null("accessKey", "accountId", "caller")
		}
		w.null("cognitoAmr", "cognitoAuthenticationProvider", "cognitoAuthenticationType", "cognitoIdentityId", "cognitoIdentityPoolId", "principalOrgId")
		w.str("sourceIp", x.sourceIP)
		if x.identity != nil {
			w.str("user", x.identity.UserID)
		} else {
			w.null("user")
		}
		w.str("userAgent", x.r.UserAgent())
		if x.identity != nil {
			w.str("userArn", x.identity.ARN)
		} else {
			w.null("userArn")
		}
	})
	w.str("path", x.fullPath)
	w.str("protocol", x.r.Proto)
	w.str("requestId", x.id)
	w.str("requestTime", x.received.UTC().Format(timeFormat))
	w.int("requestTimeEpoch", x.received.UnixMilli())
	w.str("resourceId", x.route.key)
	w.str("resourcePath", x.route.path)
	w.str("stage", x.stageName)
}
