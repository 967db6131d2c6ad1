package executeapi

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// restAuthorizer is an authorizer of a REST API, fit to be asked.
type restAuthorizer struct {
	*rest.Authorizer
	sources    []string // expressions of identity sources
	validation *pattern // of a token; nil: any is taken
	ttl        time.Duration
	function   string // ARN; empty where the URI has stage variables, or names none
}

func (a *restAuthorizer) id() string { return aws.ToString(a.Id) }

// defaultAuthorizerTTL is that of an authorizer that says nothing of it (API
// reference, Authorizer).
const defaultAuthorizerTTL = 300 * time.Second

// restAuthorizerTimeout is how long an authorizer's function may take. The guide has
// no quota for it; this is that of integrations.
const restAuthorizerTimeout = 29 * time.Second

func newRESTAuthorizer(from *rest.Authorizer) *restAuthorizer {
	a := &restAuthorizer{Authorizer: from, ttl: defaultAuthorizerTTL}
	if from.AuthorizerResultTtlInSeconds != nil {
		a.ttl = time.Duration(*from.AuthorizerResultTtlInSeconds) * time.Second
	}
	for source := range strings.SplitSeq(aws.ToString(from.IdentitySource), ",") {
		if source = strings.TrimSpace(source); source != "" {
			a.sources = append(a.sources, source)
		}
	}
	a.function, _ = functionOf(aws.ToString(from.AuthorizerUri))
	if from.Type == rest.AuthorizerTypeToken {
		a.validation = newPattern(aws.ToString(from.IdentityValidationExpression))
	}
	return a
}

// restVerdicts are the cached verdicts of the stages of REST APIs. A deployment
// and a change of an authorizer leave them (no record of anything else was found):
// they end by time and by FlushStageAuthorizersCache.
type restVerdicts struct {
	mu     sync.Mutex
	stages map[stageKey]*verdicts
}

func (v *restVerdicts) of(api, stage string) *verdicts {
	v.mu.Lock()
	defer v.mu.Unlock()
	key := stageKey{api, stage}
	kept := v.stages[key]
	if kept == nil {
		if v.stages == nil {
			v.stages = map[stageKey]*verdicts{}
		}
		kept = &verdicts{}
		v.stages[key] = kept
	}
	return kept
}

// FlushAuthorizers forgets what the authorizers of a stage of a REST API said. An
// authorizer that is at work now is not remembered either.
func (h *Handler) FlushAuthorizers(api, stage string) {
	h.restVerdicts.mu.Lock()
	defer h.restVerdicts.mu.Unlock()
	delete(h.restVerdicts.stages, stageKey{api, stage})
}

// ForgetAuthorizers is the same for all stages.
func (h *Handler) ForgetAuthorizers() {
	h.restVerdicts.mu.Lock()
	defer h.restVerdicts.mu.Unlock()
	clear(h.restVerdicts.stages)
}

// authorizeByFunction asks the method's Lambda authorizer, or the cache. False
// means that the request was answered.
func (x *restExchange) authorizeByFunction() bool {
	a := x.api.authorizers[aws.ToString(x.method.AuthorizerId)]
	x.trace.Authorizer = &AuthorizerTrace{ID: aws.ToString(x.method.AuthorizerId), Kind: "CUSTOM", Verdict: "failed"}
	if a == nil || a.Type != rest.AuthorizerTypeToken && a.Type != rest.AuthorizerTypeRequest {
		x.refuse(refusal{kind: authorizerConfigurationError, reason: "no-authorizer", detail: "the method's authorizer does not exist in the deployment"})
		return false
	}
	x.trace.Authorizer.Name, x.trace.Authorizer.Kind, x.trace.Authorizer.Target = aws.ToString(a.Name), string(a.Type), a.function
	began := x.h.cfg.Clock()
	said, err := x.verdictOf(a)
	if took := x.h.cfg.Clock().Sub(began); !x.trace.Authorizer.Cached {
		x.authorizerTook, x.trace.Authorizer.Micros = took, took.Microseconds()
	}
	if err != nil {
		x.noVerdict(err)
		return false
	}
	x.trace.Authorizer.Principal = clip(said.principal)
	switch said.policy(x.question(x.path)) {
	case Allowed:
		x.trace.Authorizer.Verdict, x.authorized = "allow", said
		return true
	case Denied:
		x.deny("User is not authorized to access this resource with an explicit deny in an identity-based policy", "the authorizer's policy denies the request")
	default:
		x.deny("User is not authorized to access this resource because no identity-based policy allows the execute-api:Invoke action", "the authorizer's policy does not allow the request")
	}
	return false
}

// deny answers for a policy (AWS-BEHAVIOUR §1.1).
func (x *restExchange) deny(message, detail string) {
	x.trace.Authorizer.Verdict = "deny"
	x.logs.turnAway(x, "The client is not authorized to perform this operation.")
	x.refuse(refusal{kind: accessDenied, message: message, reason: "denied", detail: detail + " of " + x.arn(x.r.Method, x.path), quiet: true})
}

// missingIdentity says that a request has not what an authorizer wants to see.
type missingIdentity struct{ detail string }

func (e *missingIdentity) Error() string { return e.detail }

// badAuthorizer says why an authorizer gave no verdict. logged is what AWS's logs
// say of it, as far as that is known.
type badAuthorizer struct {
	detail string
	logged []string
}

func (e *badAuthorizer) Error() string { return e.detail }

// noVerdict answers where an authorizer has given no policy (AWS-BEHAVIOUR §1.1).
func (x *restExchange) noVerdict(err error) {
	r, logged := x.verdictRefusal(err)
	if r.kind == "" {
		x.gone()
		return
	}
	if r.kind == unauthorized {
		x.trace.Authorizer.Verdict = "unauthorized"
	}
	x.logs.turnAway(x, logged...)
	r.quiet = true
	x.refuse(r)
}

// verdictRefusal is the answer to a missing verdict, and what the log says of it;
// none where nobody waits for one.
func (x *restExchange) verdictRefusal(err error) (r refusal, logged []string) {
	var (
		missing *missingIdentity
		bad     *badAuthorizer
	)
	switch {
	case errors.As(err, &missing):
		r = refusal{kind: unauthorized, message: "Unauthorized", reason: "identity-missing", detail: missing.detail + ": the authorizer was not asked"}
	case errors.Is(err, errUnauthorized):
		r = refusal{kind: unauthorized, message: "Unauthorized", reason: "unauthorized", detail: "the authorizer said Unauthorized"}
	case errors.Is(err, context.Canceled):
		return refusal{}, nil
	case errors.As(err, &bad):
		for _, line := range bad.logged {
			logged = append(logged, "Execution failed due to configuration error: "+line)
		}
		r = refusal{kind: authorizerConfigurationError, reason: "authorizer-failed", detail: "the authorizer gave no verdict: " + bad.detail}
		return r, append(logged, "AuthorizerConfigurationException")
	default:
		// Late, or throttled. That this is the response's case, its line and its
		// message: no record was found.
		r = refusal{kind: authorizerFailure, reason: "authorizer-failed", detail: "the authorizer gave no verdict: " + err.Error()}
		return r, []string{"Execution failed due to an internal error", "AuthorizerFailureException"}
	}
	return r, []string{"Unauthorized request: " + x.id}
}

// verdictOf gives an authorizer's verdict on the request. Those that deny are
// cached too; Unauthorized and answers that are none are not (AWS-BEHAVIOUR §1.1).
func (x *restExchange) verdictOf(a *restAuthorizer) (*verdict, error) {
	x.logs.authorizing(x, a)
	identity, err := x.identityFor(a)
	if err != nil {
		return nil, err
	}
	x.logs.identified(x, identity)
	said, err := x.knownVerdict(a, identity)
	if err == nil {
		x.logs.judged(x, said)
	}
	return said, err
}

// knownVerdict takes a verdict from the cache, or asks. Without sources there is no
// key to it (guide); a test knows none.
func (x *restExchange) knownVerdict(a *restAuthorizer, identity []string) (*verdict, error) {
	if a.ttl <= 0 || len(identity) == 0 || x.test != nil {
		return x.askAuthorizer(a, identity)
	}
	key := newVerdictKey(a.id(), identity)
	key.canary = x.canary // may have another authorizer's function; what AWS does was not found
	cache := x.h.restVerdicts.of(x.at.api, x.stageName)
	if said, ok := cache.get(key, x.h.cfg.Clock()); ok {
		x.trace.Authorizer.Cached = true
		return said, nil
	}
	said, err := x.askAuthorizer(a, identity)
	if err == nil {
		cache.put(key, said, x.h.cfg.Clock(), a.ttl)
	}
	return said, err
}

// identityFor gives the values of an authorizer's identity sources, all of which a
// request must have, and not empty, whether results are cached or not
// (AWS-BEHAVIOUR §1.1).
func (x *restExchange) identityFor(a *restAuthorizer) ([]string, error) {
	values := make([]string, len(a.sources))
	for i, source := range a.sources {
		value := x.identitySource(source)
		if value == "" {
			return nil, &missingIdentity{"the request has no " + source}
		}
		values[i] = value
	}
	if a.validation != nil && !a.validation.match(values[0]) {
		return nil, &missingIdentity{"the token does not match the authorizer's validation expression"}
	}
	return values, nil
}

// identitySource is what an identity source's expression stands for.
func (x *restExchange) identitySource(expression string) (value string) {
	if rest, ok := strings.CutPrefix(expression, "method.request."); ok {
		where, name, _ := strings.Cut(rest, ".")
		value, _ = x.parameter(where, name)
		return value
	}
	if name, ok := strings.CutPrefix(expression, "context."); ok && x.test != nil {
		if value, ok := x.test.Context[name]; ok {
			return value
		}
	}
	value, _ = x.mapped(expression)
	return value
}

// askAuthorizer invokes an authorizer's function.
func (x *restExchange) askAuthorizer(a *restAuthorizer, identity []string) (*verdict, error) {
	function, ok := a.function, a.function != ""
	if !ok {
		function, ok = functionOf(expand(aws.ToString(a.AuthorizerUri), x.variables))
	}
	if !ok {
		return nil, &badAuthorizer{"its URI names no function", []string{"Authorizer error"}}
	}
	x.trace.Authorizer.Target = function
	event, source, credentials := x.authorizerEvent(a, identity), x.authorizerARN(a.id()), aws.ToString(a.AuthorizerCredentials)
	x.logs.sending(x, x.lambdaURI(function), func() fields { return x.lambdaHeader(event, source) }, event)
	if detail, ok := x.mayInvoke(function, credentials, source); !ok {
		why := invalidPermissions
		if credentials != "" && !x.h.cfg.Roles.CanAssume(credentials, gateway) {
			why = "API Gateway does not have permission to assume the provided role " + credentials
		}
		return nil, &badAuthorizer{detail, []string{why, "Authorizer error"}}
	}
	reply, err := x.consult(function, event, restAuthorizerTimeout)
	x.authorizerRequestID = reply.RequestID
	switch {
	case errors.Is(err, ErrNoFunction): // the gateway asks the function's policy first, and there is none
		return nil, &badAuthorizer{function + " does not exist", []string{invalidPermissions, "Authorizer error"}}
	case err != nil:
		return nil, err
	}
	x.logs.answered(x, reply)
	return x.h.readRESTVerdict(reply)
}

// authorizerEvent is what an authorizer's function is told, members in AWS's order
// (stackd, rest_lambda_authorizers.json). Where there is nothing a REQUEST event
// has an empty object.
func (x *restExchange) authorizerEvent(a *restAuthorizer, identity []string) []byte {
	w := &writer{b: make([]byte, 0, 512)}
	w.root(func() {
		w.str("type", string(a.Type))
		w.str("methodArn", x.arn(x.r.Method, x.path))
		if a.Type == rest.AuthorizerTypeToken {
			w.str("authorizationToken", identity[0])
			return
		}
		w.str("resource", x.resource.path)
		w.str("path", x.path)
		w.str("httpMethod", x.r.Method)
		x.eventHeaders(w)
		names, values := inOrder(x.message.query)
		w.lasts("queryStringParameters", names, values)
		w.object("multiValueQueryStringParameters", func() {
			for _, name := range names {
				w.array(name, values[name])
			}
		})
		w.object("pathParameters", func() { x.writeParameters(w) })
		w.object("stageVariables", func() { x.writeVariables(w) })
		w.object("requestContext", func() { x.eventContext(w, false) })
	})
	return w.b
}

// eventAuthorizer writes what a backend is told of its authorizer: texts, but for
// the latency (AWS-BEHAVIOUR §1.1).
func (x *restExchange) eventAuthorizer(w *writer) {
	names := append([]string{"principalId"}, sortedKeys(x.authorized.context)...)
	for _, name := range hashOrder(append(names, "integrationLatency")) {
		switch name {
		case "principalId":
			w.str(name, x.authorized.principal)
		case "integrationLatency":
			w.int(name, x.authorizerTook.Milliseconds())
		default:
			w.raw(name, x.authorized.context[name])
		}
	}
}

// passedOn is $context.authorizer of a mapping template; nil where there is none.
func (x *restExchange) passedOn() map[string]any {
	if x.authorized == nil {
		return nil
	}
	out := map[string]any{}
	for name, raw := range x.authorized.context {
		out[name] = text(raw)
	}
	out["principalId"] = x.authorized.principal
	out["integrationLatency"] = strconv.FormatInt(x.authorizerTook.Milliseconds(), 10)
	return out
}

// authorizerVariable is a variable of $context.authorizer. Beside what the
// authorizer passed on, access logs have what became of it (guide, "$context variables
// for access logging").
func (x *restExchange) authorizerVariable(name string) (string, bool) {
	if x.authorized != nil {
		if raw, ok := x.authorized.context[name]; ok {
			value := text(raw)
			return value, value != ""
		}
	}
	value, t := "", x.trace.Authorizer
	switch {
	case t == nil || t.Kind == "AWS_IAM":
	case name == "principalId" && x.authorized != nil:
		value = x.authorized.principal
	case name == "error" && t.Verdict != "allow":
		value = x.errMessage
	case name == "requestId":
		value = x.authorizerRequestID
	case name == "integrationStatus" && x.authorizerRequestID != "": // Lambda's own
		value = strconv.Itoa(http.StatusOK)
	case name == "status":
		if value = strconv.Itoa(http.StatusOK); t.Verdict != "allow" {
			value = strconv.Itoa(gatewayResponses[x.responseType].status)
		}
	case name == "latency", name == "integrationLatency":
		value = strconv.FormatInt(x.authorizerTook.Milliseconds(), 10)
	}
	return value, value != ""
}
