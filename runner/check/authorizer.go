package check

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/golang-jwt/jwt/v5"
)

// authorizerCheck is a truth table of who a Lambda authorizer of a REST API lets
// in: for each case, awslab makes a token, asks the live API with it, and looks at
// the answer. A check that passes has every case answered as the lesson says, and
// [Result.Seen] has the table either way. Every token has iat, exp and a jti of its
// own, so that nothing that the authorizer has in its cache is an answer; the rows of
// also carry the very token of the case allow, so that its cached policy is one, and
// then none: who guards one method and leaves its neighbour open guards nothing.
//
// It needs one REST API of that name or id (authorizer.api-missing,
// authorizer.api-near-miss, authorizer.api-twice, authorizer.endpoint-disabled) and
// its stage (authorizer.no-stage, authorizer.stage-near-miss). Everything else is
// read only where the table is not as expected, to name the first link that is
// broken: the path and the method (authorizer.path-missing,
// authorizer.path-near-miss); the function (lambda.missing, lambda.near-miss and their
// like); the authorizer (authorizer.missing), its kind (authorizer.type), its function
// (authorizer.other-function), where it looks for the token (authorizer.token-source)
// and what it takes for one (authorizer.validation); whether the method asks it
// (authorizer.not-attached); the permission to invoke the function
// (authorizer.no-permission, authorizer.source-arn); what the function does with the
// very event of the gateway: it fails (authorizer.function-error), gives no policy
// (authorizer.no-policy), or refuses the token, for its scheme (authorizer.scheme),
// its key (authorizer.secret) or another reason (authorizer.refused); its policy, which
// covers too little (authorizer.policy-resource, authorizer.policy-action,
// authorizer.policy-condition, authorizer.explicit-deny, authorizer.cached-policy);
// the deployment (authorizer.not-deployed, authorizer.mixed). Whom it lets in and
// should not is authorizer.too-open, a refusal of another status authorizer.status,
// another principal authorizer.principal, and what the gateway refuses or fails at for
// other reasons authorizer.gateway-error.
//
// A finding of the function's rests on its own answer to the event, never on a look
// at its code: that a key is another one is said where the function takes a token
// that is signed with a variant of the secret, or where the secret stands neither in
// its environment nor in its code.
//
// An answer that there is no such path or method is no refusal of the authorizer's,
// and proves nothing. Answers of 5xx and 429 leave the check undecided where they do
// not come from the API's own settings (undecided.answers, undecided.throttled).
// While a canary takes a part of the traffic the table is made so often that both
// deployments answer, and the worst answer to a case counts.
type authorizerCheck struct {
	api, stage, path, method, function string // all but method with variables
	header, scheme                     string
	secret                             string // with variables
	algorithm                          *jwt.SigningMethodHMAC
	claims, denied                     map[string]any // with variables
	principal                          matcher        // nil where the lesson does not say
	cases                              []authorizerCase
	also                               []routeKey
}

// authorizerCase is a token, and what the answer to it has to be.
type authorizerCase struct {
	name     string
	expected answerMatchers
}

// lets reports whether the token of a case is one that is let in.
func (one authorizerCase) lets() bool { return one.name == caseAllow }

// enters reports whether a request may come to what stands behind the method: with
// the token that is let in, and where the lesson expects a status of success.
func (one authorizerCase) enters() bool {
	return one.lets() || one.expected.status != nil && fits(one.expected.status, http.StatusOK)
}

// authorizerRow is one request, as it came out.
type authorizerRow struct {
	want  authorizerCase
	key   routeKey
	also  bool   // another method, with the very token of the case allow or none
	sent  string // what the header holds; "" for none
	token string

	answer    *answer
	wrong     []Finding // in what the answer differs
	undecided bool      // it says nothing of the authorizer
	principal string    // whose the token is; "" where nobody asked
}

// reception is what became of a request at the gateway's door.
type reception int

const (
	entered      reception = iota // it came to what stands behind the method
	unauthorized                  // 401: no token, or none that counts
	denied                        // 403: the policy
	unconfigured                  // 500: no verdict of the authorizer
	elsewhere                     // refused for a reason that is not the authorizer's
)

// reception reads what a REST API says of its own errors (AWS-BEHAVIOUR §1.1, §1.2).
func (a *answer) reception() reception {
	switch kind := a.errorType(); {
	case kind == "UnauthorizedException":
		return unauthorized
	case kind == "AccessDeniedException":
		return denied
	case strings.HasPrefix(kind, "Authorizer"):
		return unconfigured
	case a.noMethod() || kind == "ForbiddenException":
		return elsewhere
	}
	return entered
}

// asExpected reports whether the answer is what the lesson says, and the
// authorizer's: not because the gateway knew nowhere to take the request.
func (r *authorizerRow) asExpected() bool {
	return len(r.wrong) == 0 && !r.answer.noMethod() && (r.want.enters() || r.answer.reception() != entered)
}

func (r *authorizerRow) subject() string { return r.key.method + " " + r.key.path }

func (c *authorizerCheck) look(ctx context.Context, p *probe) verdict {
	t, err := c.newTokens(ctx, p)
	if err != nil {
		return unexpanded(err)
	}
	// A name is looked up once, not for each answer.
	world := p.World
	p.Expand = remembered(world.expand)
	p.Mask = func(text string) string { return world.mask(t.mask(text)) }
	defer func() { p.World = world }()

	w := &authorizerWhy{p: p, check: c, found: &release{}, tokens: t}
	v := w.look(ctx)
	v.findings, v.seen = masked(p.World, v.findings), maskedRemarks(p.World, w.remarks())
	for i := range p.evidence {
		p.evidence[i].Reproduce = t.runnable(p.evidence[i].Reproduce)
	}
	return v
}

// look finds the API and its stage, makes the table, and says what is wrong with it.
func (w *authorizerWhy) look(ctx context.Context) verdict {
	for _, link := range []func(context.Context) verdict{w.findAPI, w.findStage, w.findEndpoint, w.table, w.mixed} {
		if v := link(ctx); len(v.findings) > 0 {
			return v
		}
	}
	var open, doubt verdict // a case that is wrong is wrong, whatever another one would say
	for _, row := range w.order() {
		v := w.wrong(ctx, row)
		switch {
		case len(v.findings) == 0:
		case v.undecided:
			if len(doubt.findings) == 0 {
				doubt = v
			}
		case v.findings[0].Code == authorizerTooOpen: // everybody who gets in is named
			open.findings = append(open.findings, v.findings...)
		case len(open.findings) == 0:
			return v
		}
	}
	switch {
	case len(open.findings) > 0:
		return open
	case len(doubt.findings) > 0:
		return doubt
	}
	return w.principal(ctx)
}

// order is the one in which rows are looked at: what refuses a good token explains
// the others.
func (w *authorizerWhy) order() []*authorizerRow {
	rows := slices.Clone(w.rows)
	slices.SortStableFunc(rows, func(a, b *authorizerRow) int {
		switch {
		case a.want.lets() == b.want.lets():
			return 0
		case a.want.lets():
			return -1
		}
		return 1
	})
	return rows
}

func (w *authorizerWhy) findAPI(ctx context.Context) verdict {
	return w.found.findAPI(ctx, w.p, w.check.api, codesOfNames{authorizerAPIMissing, authorizerAPINearMiss, authorizerAPITwice})
}

func (w *authorizerWhy) findStage(ctx context.Context) verdict {
	name, err := w.p.expand(ctx, w.check.stage)
	if err == nil {
		w.found.path, err = w.p.expand(ctx, w.check.path)
	}
	if err != nil {
		return unexpanded(err)
	}
	if v := w.found.findStage(ctx, w.p, name, codesOfStages{authorizerNoStage, authorizerStageNearMiss}); len(v.findings) > 0 {
		if !v.undecided && !v.pending {
			v.findings[0].Args["fix"] = w.found.makeStage(name)
		}
		return v
	}
	return w.found.findAddress(w.p)
}

func (w *authorizerWhy) findEndpoint(context.Context) verdict {
	if !w.found.api.DisableExecuteApiEndpoint {
		return verdict{}
	}
	f := Finding{Code: authorizerEndpointDisabled, Subject: aws.ToString(w.found.api.Name), Args: w.found.args()}
	f.Args["fix"] = then(w.found.enableEndpoint(), w.found.deploy())
	return failed(f)
}
