package executeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2/types"
)

// authorizerTimeout is how long a Lambda authorizer may take (guide, quotas).
const authorizerTimeout = 10 * time.Second

// verdict is what a Lambda authorizer said.
type verdict struct {
	simple    bool // it said yes or no; else policy decides
	allowed   bool
	policy    string
	principal string
	context   map[string]json.RawMessage // nil: none, or no Lambda authorizer
}

// verdicts are a stage's cached ones. They last as long as the stage is
// unchanged: ResetAuthorizersCache makes it another one.
type verdicts struct {
	mu   sync.Mutex
	kept map[verdictKey]keptVerdict
}

// verdictKey is what a verdict holds for: the values of all identity sources, on
// all routes (AWS-BEHAVIOUR §1.5).
type verdictKey struct{ authorizer, identity string }

type keptVerdict struct {
	verdict verdict
	until   time.Time
}

// maxVerdicts bounds the cache; beyond it, those that are past go, or all.
const maxVerdicts = 4096

func (v *verdicts) get(key verdictKey, now time.Time) (verdict, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept, ok := v.kept[key]
	if !ok || !now.Before(kept.until) {
		return verdict{}, false
	}
	return kept.verdict, true
}

func (v *verdicts) put(key verdictKey, said verdict, now time.Time, ttl time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.kept) >= maxVerdicts {
		maps.DeleteFunc(v.kept, func(_ verdictKey, k keptVerdict) bool { return !now.Before(k.until) })
		if len(v.kept) >= maxVerdicts {
			clear(v.kept)
		}
	}
	if v.kept == nil {
		v.kept = map[verdictKey]keptVerdict{}
	}
	v.kept[key] = keptVerdict{said, now.Add(ttl)}
}

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
	allowed := said.allowed
	if !said.simple {
		allowed, err = x.h.cfg.Roles.Decide(said.policy, "execute-api:Invoke", x.arn(x.r.Method, decodePath(x.path)))
		if err != nil {
			x.authorizerFailed(errors.New("its policyDocument is no policy: " + err.Error()))
			return false
		}
	}
	if !allowed {
		x.trace.Authorizer.Verdict = "deny"
		x.refuse(http.StatusForbidden, "Forbidden", "denied", "the authorizer's answer does not allow the request")
		return false
	}
	x.trace.Authorizer.Verdict, x.verdict = "allow", said
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

var errUnauthorized = errors.New("Unauthorized")

// ask gives an authorizer's verdict. Those that deny are cached too;
// Unauthorized and answers that are none are not.
func (x *httpExchange) ask(a *types.Authorizer, sources []string) (verdict, error) {
	ttl := time.Duration(0)
	if a.AuthorizerResultTtlInSeconds != nil {
		ttl = time.Duration(*a.AuthorizerResultTtlInSeconds) * time.Second
	}
	cached := ttl > 0 && len(sources) > 0 // without sources there is no key (guide)
	key := verdictKey{aws.ToString(a.AuthorizerId), strings.Join(sources, "\x00")}
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

func (x *httpExchange) askFunction(a *types.Authorizer, sources []string) (verdict, error) {
	function, ok := functionOf(x.expand(aws.ToString(a.AuthorizerUri)))
	if !ok {
		return verdict{}, errors.New("its URI names no function")
	}
	x.trace.Authorizer.Target = function
	source := "arn:aws:execute-api:" + x.h.cfg.Region + ":" + x.h.cfg.Account + ":" + x.at.api + "/authorizers/" + aws.ToString(a.AuthorizerId)
	if detail, ok := x.mayInvoke(function, aws.ToString(a.AuthorizerCredentialsArn), source); !ok {
		x.errDetail = notPermittedAuthorizer
		return verdict{}, errors.New(detail)
	}
	version1 := aws.ToString(a.AuthorizerPayloadFormatVersion) != "2.0"
	event := x.authorizerEvent2
	if version1 {
		event = x.authorizerEvent1
	}
	ctx, cancel := x.within(authorizerTimeout)
	defer cancel()
	reply, err := x.h.cfg.Functions.Invoke(ctx, Invocation{FunctionARN: function, Payload: event(sources), Lesson: x.lesson, Check: x.check})
	x.invoked(reply)
	switch {
	case err != nil && errors.Is(context.Cause(ctx), errTimeout):
		return verdict{}, errors.New("it had not answered after " + authorizerTimeout.String())
	case err != nil && x.r.Context().Err() != nil:
		return verdict{}, context.Canceled
	case err != nil:
		return verdict{}, err
	}
	return readVerdict(reply, version1, a.EnableSimpleResponses != nil && *a.EnableSimpleResponses)
}

// readVerdict reads an authorizer's answer.
func readVerdict(reply Reply, version1, simple bool) (verdict, error) {
	if reply.Failed {
		if errorMessage(reply.Payload) == errUnauthorized.Error() {
			return verdict{}, errUnauthorized
		}
		return verdict{}, errors.New("it failed: " + errorText(reply.Payload))
	}
	if string(bytes.TrimSpace(reply.Payload)) == `"Unauthorized"` {
		return verdict{}, errUnauthorized
	}
	members, ok := object(reply.Payload)
	if !ok {
		return verdict{}, errors.New("its answer is no object")
	}
	said := verdict{context: map[string]json.RawMessage{}}
	if raw, ok := present(members, "context"); ok {
		if json.Unmarshal(raw, &said.context) != nil {
			return verdict{}, errors.New("its context is no object")
		}
		delete(said.context, "claims")
	}
	for name, raw := range said.context {
		value, err := contextValue(raw, version1)
		if err != nil {
			return verdict{}, errors.New("its context." + name + " " + err.Error())
		}
		said.context[name] = value
	}
	if simple && !version1 {
		said.simple = true
		switch string(members["isAuthorized"]) {
		case "true":
			said.allowed = true
		case "false":
		default:
			return verdict{}, errors.New("its isAuthorized is neither true nor false")
		}
		return said, nil
	}
	if raw, ok := present(members, "principalId"); !ok || json.Unmarshal(raw, &said.principal) != nil {
		return verdict{}, errors.New("it has no principalId")
	}
	raw, ok := present(members, "policyDocument")
	if !ok {
		return verdict{}, errors.New("it has no policyDocument")
	}
	said.policy = string(raw)
	return said, nil
}

// contextValue is a value that an authorizer passes on: in format 1.0 a string,
// whatever it was, and nothing nested; in 2.0 what it was.
func contextValue(raw json.RawMessage, version1 bool) (json.RawMessage, error) {
	if !version1 {
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return nil, err
		}
		return b.Bytes(), nil
	}
	value, ok := scalar(raw)
	if !ok {
		return nil, errors.New("is neither text nor number nor boolean")
	}
	return appendString(nil, value), nil
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
