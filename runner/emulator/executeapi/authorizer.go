package executeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// authorize asks who guards the route. False means that the request was answered.
func (x *httpExchange) authorize() bool {
	switch kind := x.route.AuthorizationType; kind {
	case "", types.AuthorizationTypeNone:
		return true
	case types.AuthorizationTypeAwsIam:
		return x.authorizeIAM()
	case types.AuthorizationTypeCustom:
		a := x.stage.authorizers[aws.ToString(x.route.AuthorizerId)]
		if a == nil || a.AuthorizerType != types.AuthorizerTypeRequest {
			x.fail("no-authorizer", "the route's authorizer does not exist")
			return false
		}
		return x.authorizeByFunction(a)
	default:
		x.fail("no-authorizer", "authorization of type "+string(kind)+" is not emulated")
		return false
	}
}

// authorizeByFunction asks a Lambda authorizer, or the cache.
func (x *httpExchange) authorizeByFunction(a *types.Authorizer) bool {
	began := x.h.cfg.Clock()
	x.trace.Authorizer = &AuthorizerTrace{ID: aws.ToString(a.AuthorizerId), Name: aws.ToString(a.Name), Kind: string(a.AuthorizerType)}
	defer func() { x.trace.Authorizer.Micros = x.h.cfg.Clock().Sub(began).Microseconds() }()
	sources, missing := x.identitySources(a)
	if missing != "" {
		x.trace.Authorizer.Verdict = "unauthorized"
		x.refuse(http.StatusUnauthorized, "Unauthorized", "identity-missing", "the request has no "+missing+": the authorizer was not asked")
		return false
	}
	said, err := x.ask(a, sources)
	switch {
	case errors.Is(err, errUnauthorized):
		x.trace.Authorizer.Verdict = "unauthorized"
		x.refuse(http.StatusUnauthorized, "Unauthorized", "unauthorized", "the authorizer said Unauthorized")
		return false
	case errors.Is(err, context.Canceled):
		x.trace.Authorizer.Verdict = "failed"
		x.gone()
		return false
	case err != nil:
		x.authorizerFailed(err)
		return false
	}
	x.trace.Authorizer.Principal = clip(said.principal)
	allowed := said.allowed
	if !said.simple {
		allowed = said.policy(x.question(decodePath(x.path))) == Allowed
	}
	if !allowed {
		x.trace.Authorizer.Verdict = "deny"
		x.refuse(http.StatusForbidden, "Forbidden", "denied", "the authorizer's answer does not allow the request")
		return false
	}
	x.trace.Authorizer.Verdict, x.verdict = "allow", *said
	return true
}

func (x *httpExchange) authorizerFailed(err error) {
	x.trace.Authorizer.Verdict = "failed"
	x.fail("authorizer-failed", "the authorizer gave no verdict: "+err.Error())
}

// identitySources are the values of an authorizer's identity sources. missing
// names one that the request lacks; an empty header is there (AWS-BEHAVIOUR §1.5).
func (x *httpExchange) identitySources(a *types.Authorizer) (values []string, missing string) {
	for _, source := range a.IdentitySource {
		expression := strings.TrimPrefix(source, "$")
		root, rest, _ := strings.Cut(expression, ".")
		kind, name, _ := strings.Cut(rest, ".")
		value, ok := "", false
		switch root + "." + kind {
		case "request.header":
			var all []string
			all, ok = x.message.header[http.CanonicalHeaderKey(name)]
			value = strings.Join(all, ",")
		case "request.querystring":
			_, all := grouped(x.message.query)
			_, ok = all[name]
			value = strings.Join(all[name], ",")
		default:
			switch root {
			case "context":
				value, ok = x.variable(rest)
			case "stageVariables":
				value, ok = x.stage.variables()[rest]
			}
		}
		if !ok {
			return nil, source
		}
		values = append(values, value)
	}
	return values, ""
}

// ask gives an authorizer's verdict. Those that deny are cached too;
// Unauthorized and answers that are none are not.
func (x *httpExchange) ask(a *types.Authorizer, sources []string) (*verdict, error) {
	ttl := time.Duration(0)
	if a.AuthorizerResultTtlInSeconds != nil {
		ttl = time.Duration(*a.AuthorizerResultTtlInSeconds) * time.Second
	}
	cached := ttl > 0 && len(sources) > 0 // without sources there is no key (guide)
	key := newVerdictKey(aws.ToString(a.AuthorizerId), sources)
	if cached {
		if said, ok := x.stage.verdicts.get(key, x.h.cfg.Clock()); ok {
			x.trace.Authorizer.Cached = true
			return said, nil
		}
	}
	said, err := x.askFunction(a, sources)
	if err == nil && cached {
		x.stage.verdicts.put(key, said, x.h.cfg.Clock(), ttl)
	}
	return said, err
}

func (x *httpExchange) askFunction(a *types.Authorizer, sources []string) (*verdict, error) {
	function, ok := functionOf(x.expand(aws.ToString(a.AuthorizerUri)))
	if !ok {
		return nil, errors.New("its URI names no function")
	}
	x.trace.Authorizer.Target = function
	if detail, ok := x.mayInvoke(function, aws.ToString(a.AuthorizerCredentialsArn), x.authorizerARN(aws.ToString(a.AuthorizerId))); !ok {
		x.errDetail = notPermittedAuthorizer
		return nil, errors.New(detail)
	}
	version1 := aws.ToString(a.AuthorizerPayloadFormatVersion) != "2.0"
	event := x.authorizerEvent2
	if version1 {
		event = x.authorizerEvent1
	}
	reply, err := x.consult(function, event(sources), authorizerTimeout)
	if err != nil {
		return nil, err
	}
	return x.h.readVerdict(reply, version1, a.EnableSimpleResponses != nil && *a.EnableSimpleResponses)
}

// readVerdict reads an authorizer's answer.
func (h *Handler) readVerdict(reply Reply, version1, simple bool) (*verdict, error) {
	if reply.Failed {
		if errorMessage(reply.Payload) == errUnauthorized.Error() {
			return nil, errUnauthorized
		}
		return nil, errors.New("it failed: " + errorText(reply.Payload))
	}
	if string(bytes.TrimSpace(reply.Payload)) == `"Unauthorized"` {
		return nil, errUnauthorized
	}
	members, ok := object(reply.Payload)
	if !ok {
		return nil, errors.New("its answer is no object")
	}
	said := &verdict{size: len(reply.Payload)}
	var err error
	if said.context, err = readContext(members, version1, "claims"); err != nil {
		return nil, err
	}
	if simple && !version1 {
		said.simple = true
		switch string(members["isAuthorized"]) {
		case "true":
			said.allowed = true
		case "false":
		default:
			return nil, errors.New("its isAuthorized is neither true nor false")
		}
		return said, nil
	}
	if raw, ok := present(members, "principalId"); !ok || json.Unmarshal(raw, &said.principal) != nil {
		return nil, errors.New("it has no principalId")
	}
	raw, ok := present(members, "policyDocument")
	if !ok {
		return nil, errors.New("it has no policyDocument")
	}
	said.policy, err = h.readPolicy(raw)
	return said, err
}

// authorizerEvent2 is what an authorizer is told in format 2.0, members in AWS's
// order (stackd, http_lambda_authorizers.json).
func (x *httpExchange) authorizerEvent2(sources []string) []byte {
	w := &writer{b: make([]byte, 0, 1536)}
	w.root(func() {
		w.str("version", "2.0")
		w.str("type", "REQUEST")
		w.str("routeArn", x.arn(x.r.Method, decodePath(x.path)))
		if len(sources) > 0 {
			w.array("identitySource", sources)
		} else {
			w.null("identitySource")
		}
		w.str("routeKey", x.route.key)
		x.request2(w, true)
		w.object("requestContext", func() { x.context2(w) })
		x.variables2(w)
	})
	return w.b
}

// authorizerEvent1 is the same in format 1.0: single values, the last one wins,
// and empty objects where there is nothing (stackd, the same file).
func (x *httpExchange) authorizerEvent1(sources []string) []byte {
	w := &writer{b: make([]byte, 0, 2048)}
	w.root(func() {
		w.str("version", "1.0")
		w.str("type", "REQUEST")
		w.str("methodArn", x.arn(x.r.Method, decodePath(x.path)))
		if len(sources) > 0 {
			w.str("identitySource", strings.Join(sources, ","))
			w.str("authorizationToken", strings.Join(sources, ","))
		} else {
			w.null("identitySource", "authorizationToken")
		}
		w.str("resource", "")
		w.str("path", x.fullPath)
		w.str("httpMethod", x.r.Method)
		names, values := x.headers1()
		w.lasts("headers", names, values)
		names, values = grouped(x.message.query)
		w.lasts("queryStringParameters", names, values)
		w.object("requestContext", func() { x.context1(w, true) })
		w.object("pathParameters", func() { x.writeParameters(w) })
		w.object("stageVariables", func() { x.writeVariables(w) })
	})
	return w.b
}
