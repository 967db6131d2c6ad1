// Package executeapi is the data plane of API Gateway (execute-api): it answers
// the requests to the APIs that package apigatewayv2 (and apigateway, for REST
// APIs) describe.
//
// Two kinds of API are served: HTTP APIs and REST APIs. Start at [New] and
// [Handler.ServeHTTP], which tells them apart by the API's id. exchange.go is what a
// request is to both; each kind has an exchange of its own with an answer of its
// own to every fault. Shared are address.go for what a request is addressed to,
// message.go, lambda.go for invoking functions, verdict.go for what authorizers say
// and how long it holds, upstream.go for the one way to the network, accesslog.go, and trace.go, which says what happened as data.
//
// HTTP APIs: httpapi.go is a request's way, deployed.go makes what a stage serves
// fit to be served, route.go chooses the route; cors.go, authorizer.go and iam.go
// stand before the integration, proxy.go is the one with HTTP, event.go and
// response.go are what a function is told and says, mapping.go is parameter
// mapping, context.go has the variables of all those.
//
// REST APIs: rest.go is a request's way, restapi.go makes a deployment fit to be
// served, resource.go chooses the resource, restauthorizer.go asks its authorizer,
// restmodel.go validates. Then
// restmapping.go and restintegration.go make and send the integration request,
// restlambda.go is the integration with functions,
// restresponse.go makes the answer, with template.go and its neighbours, over
// packages vtl and jsonpath, for mapping templates, restevent.go for what a
// function is told, gatewayresponse.go for the gateway's own answers. restcontext.go
// has the variables, restlog.go the execution log, and testmethod.go runs one method
// for TestInvokeMethod with the same lines.
//
// What AWS does and where that was learnt stands beside the code. "stackd" are
// the captures of real AWS of September 2026 in radkawar/stackd,
// testdata/aws/apigateway; "guide" is the API Gateway Developer Guide; "public logs"
// and "public reports" are execution logs and curl transcripts that people published.
//
// Not emulated: throttling (its settings are stored by apigatewayv2 and have no
// effect), mutual TLS, VPC links, metrics; for REST APIs caches of answers, API keys,
// resource policies and authorizers of user pools: a method with one answers nobody.
// Names of request headers reach an API in their canonical case: net/http keeps no other.
//
// Imported: the SDK's types. APIs, functions, roles and logs come in through
// interfaces of this package's own.
package executeapi

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	rest "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// HTTPAPIs gives what a stage of an HTTP API serves, or nil where there is
// nothing: no such API, no such stage, or no deployment. Equal pointers mean an
// unchanged stage.
type HTTPAPIs interface {
	Deployed(apiID, stage string) *Deployed
}

// RESTAPIs gives what a stage of a REST API serves: its settings as they are now,
// the deployment of the stage and, if the stage has a canary, the canary's, else
// nil. found is false where there is no such REST API; settings is nil where the
// API has no such stage. Equal pointers mean that nothing was changed.
type RESTAPIs interface {
	Stage(apiID, name string) (settings *rest.Stage, deployment, canary *RESTDeployment, found bool)
}

// RESTDeployment is what a deployment of a REST API froze. It is not changed.
type RESTDeployment struct {
	ID                string
	API               rest.RestApi
	Resources         []rest.Resource // whole, sorted by path
	Authorizers       []rest.Authorizer
	Models            []rest.Model
	RequestValidators []rest.RequestValidator
	GatewayResponses  []rest.GatewayResponse // those that were changed
}

// Invocation is a call of a function by the data plane.
type Invocation struct {
	FunctionARN string // with a version or an alias, if one is meant
	Payload     []byte
	Lesson      string // marks of the request that led to it
	Check       bool
}

// Reply is what a function answered. Failed says that the payload is an error of
// the function's (X-Amz-Function-Error).
type Reply struct {
	Payload   []byte
	Failed    bool
	RequestID string // of the invocation
}

// Functions invokes functions. Invoke returns when the function has answered or
// when ctx is done, whichever is first: a function that runs on is not stopped,
// as on AWS. Its error is one of [ErrNoFunction], [ErrThrottled], [ErrTooLarge],
// that of ctx, or another that says what failed.
type Functions interface {
	// MayInvoke says whether a function's resource policy lets a service invoke it
	// on behalf of one of its resources.
	MayInvoke(functionARN, service, sourceARN, sourceAccount string) bool
	Invoke(ctx context.Context, in Invocation) (Reply, error)
}

// Roles answers what roles and callers may do, and what a policy says.
type Roles interface {
	CanAssume(roleARN, service string) bool
	Allows(roleARN, action, resource string) bool
	// CallerAllows is the same for who signed a request.
	CallerAllows(principal, action, resource string) bool
	// ReadPolicy reads a policy document that an authorizer gave. The error says
	// that it is none.
	ReadPolicy(document string) (Policy, error)
}

// Identity is who signed a request.
type Identity struct {
	AccessKeyID, ARN, UserID string
}

// Signatures verifies a request's Signature Version 4, for the service
// "execute-api". Its error is a [*SignatureError] where AWS has a code for it.
type Signatures interface {
	Verify(r *http.Request, body []byte, now time.Time) (Identity, error)
}

// SignatureError says in AWS's words why a signature does not hold.
type SignatureError struct{ Code, Message string }

func (e *SignatureError) Error() string { return e.Message }

// AccessLogs takes a line of a stage's access log. A line that cannot be written
// is lost, as on AWS.
type AccessLogs interface {
	Write(ctx context.Context, groupARN, apiID, stage string, at time.Time, line string)
}

// Config joins what the data plane needs. HTTPAPIs, RESTAPIs, Functions, Roles
// and Signatures are needed.
type Config struct {
	Account, Region string
	HTTPAPIs        HTTPAPIs
	RESTAPIs        RESTAPIs
	Functions       Functions
	Roles           Roles
	Signatures      Signatures
	AccessLogs      AccessLogs    // nil writes none
	ExecutionLogs   ExecutionLogs // nil writes none
	// Trace is told every request, after its answer. It must not block.
	Trace func(Trace)
	// Failed is told mistakes of the program. Nil drops them.
	Failed func(error)
	// Reach gives the reason why an HTTP integration may not connect to a URL,
	// for a request of a lesson's (empty: nobody's). Nil takes [Confined].
	Reach func(lesson string, u *url.URL) error
	// Upstream carries requests of HTTP integrations; nil takes a transport of
	// this handler's own, which follows no proxy settings.
	Upstream http.RoundTripper
	Clock    func() time.Time
	// AfterFunc calls f when d has passed and gives what stops that; nil takes
	// time's. By it integrations and authorizers time out.
	AfterFunc func(d time.Duration, f func()) (stop func() bool)
	// Random gives the bytes of request ids, to several requests at a time; nil
	// takes the system's.
	Random io.Reader
}

// Handler answers requests to deployed APIs. It is safe for concurrent use.
type Handler struct {
	cfg          Config
	compiled     compiled
	compiledREST compiledREST
	restVerdicts restVerdicts
}

// New makes a handler.
func New(cfg Config) *Handler {
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	if cfg.AfterFunc == nil {
		cfg.AfterFunc = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	if cfg.Random == nil {
		cfg.Random = rand.Reader
	}
	if cfg.Trace == nil {
		cfg.Trace = func(Trace) {}
	}
	if cfg.Failed == nil {
		cfg.Failed = func(error) {}
	}
	if cfg.Reach == nil {
		cfg.Reach = Confined
	}
	if cfg.Upstream == nil {
		cfg.Upstream = NewUpstream()
	}
	return &Handler{cfg: cfg, compiled: compiled{stages: map[stageKey]*stage{}}, compiledREST: compiledREST{deployments: map[*RESTDeployment]*restAPI{}}}
}

// Close ends connections to upstreams that idle.
func (h *Handler) Close() {
	if t, ok := h.cfg.Upstream.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at, ok := parseAddress(r)
	if !ok { // the emulator asks Addressed before
		http.NotFound(w, r)
		return
	}
	k, x := h.kind(w, r, at)
	defer x.finish(k)
	k.serve()
}

// kind finds by its id which kind an API is of. An id that is nobody's is taken
// for an HTTP API's.
func (h *Handler) kind(w http.ResponseWriter, r *http.Request, at address) (kind, *exchange) {
	name, rest := restAddress(at)
	if h.cfg.RESTAPIs != nil {
		if settings, deployment, canary, found := h.cfg.RESTAPIs.Stage(at.api, name); found {
			x := &restExchange{exchange: h.exchange(w, r, at), settings: settings}
			x.deployed.stage, x.deployed.canary = deployment, canary
			x.stageName, x.path, x.fullPath = name, "/"+strings.TrimLeft(rest, "/"), "/"+url.PathEscape(name)+rest
			return x, &x.exchange
		}
	}
	x := &httpExchange{exchange: h.exchange(w, r, at)}
	return x, &x.exchange
}
