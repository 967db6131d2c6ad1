package executeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"
)

// AuthorizerResult is what an authorizer says to TestInvokeAuthorizer. Log is all
// that AWS says of how it came about.
type AuthorizerResult struct {
	Status            int // that a client would have got; 0: there is a policy
	Principal, Policy string
	Log               string
	Latency           time.Duration
}

// ErrNoAuthorizer says that an API has no such authorizer.
var ErrNoAuthorizer = errors.New("there is no such authorizer")

// testAuthorizerStage is the stage of a test (public logs of TestInvokeAuthorizer:
// "…/ESTestInvoke-stage/GET/").
const testAuthorizerStage = "ESTestInvoke-stage"

// TestAuthorizer asks one authorizer of an API as it is now; ResourceID and Method
// of the call are not used. Nothing is cached, and nothing of it goes to the
// stage's logs or the traces. What the policy says is nobody's question. The error
// is [ErrNoAuthorizer], or that of ctx when the caller went away.
func (h *Handler) TestAuthorizer(ctx context.Context, id string, call TestCall) (out AuthorizerResult, err error) {
	api := compileREST(call.API)
	a := api.authorizers[id]
	if a == nil {
		return out, ErrNoAuthorizer
	}
	call.Method = http.MethodGet
	x := h.test(ctx, api, &call, testAuthorizerStage)
	x.trace.Authorizer = &AuthorizerTrace{ID: id, Kind: string(a.Type)}
	// Of the resource that a REQUEST event tells of no record was found.
	if x.resource, x.parameters = api.resources.find(x.path); x.resource == nil {
		x.resource = &resource{path: x.path}
	}
	said, err := x.verdictOf(a)
	if err != nil {
		r, logged := x.verdictRefusal(err)
		if r.kind == "" {
			return out, errors.Join(ctx.Err(), errors.New("the caller went away"))
		}
		x.logs.turnAway(x, logged...)
		out.Status = gatewayResponses[r.kind].status
	} else {
		out.Principal, out.Policy = said.principal, compacted(said.document)
	}
	out.Log, out.Latency = x.testLog(), h.cfg.Clock().Sub(x.received)
	return out, nil
}

// compacted is JSON without white space.
func compacted(text string) string {
	var b bytes.Buffer
	if json.Compact(&b, []byte(text)) != nil {
		return text
	}
	return b.String()
}
