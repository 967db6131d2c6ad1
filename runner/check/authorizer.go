package check

import (
	"context"
	"errors"

	"github.com/golang-jwt/jwt/v5"
)

// authorizerCheck is a truth table of who a Lambda authorizer of a REST API lets
// in: for each case, awslab makes a token, asks the live API with it, and looks at
// the answer. A check that passes has every case answered as the lesson says, and
// [Result.Seen] has the table either way. Every token has iat, exp and a jti of its
// own, so that nothing that the authorizer has in its cache is an answer; the rows of
// also carry the very token of the case allow, so that its cached policy is one.
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

func (c *authorizerCheck) look(context.Context, *probe) verdict {
	return broken(errors.New("the table is not made yet"))
}
