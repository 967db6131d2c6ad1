package check

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
)

// authorizerWhy makes the table, and says why a case did not come out as it should:
// it follows the links in the order in which a request meets them, and where they are
// all right asks the function itself.
type authorizerWhy struct {
	p      *probe
	check  *authorizerCheck
	found  *release
	tokens *tokenMaker
	rows   []*authorizerRow

	links authorizerLinks
}

// finding begins a finding about a row.
func (w *authorizerWhy) finding(code string, row *authorizerRow) Finding {
	f := Finding{Code: code, Subject: row.subject(), Args: w.found.args()}
	f.Args["token"], f.Args["header"], f.Args["scheme"], f.Args["algorithm"] = row.want.name, w.check.header, w.check.scheme, w.tokens.algorithm.Alg()
	claims := w.tokens.claims
	if row.want.name == caseDeny {
		claims = w.tokens.denied
	}
	if claims == nil {
		claims = map[string]any{}
	}
	f.Args["claims"] = shorten(encode(claims))
	if l := &w.links; l.target.name != "" {
		f.Args["function"] = l.target.name
	}
	if a := w.links.authorizer; a != nil {
		f.Args["authorizer"] = aws.ToString(a.Name)
	}
	return f
}

// told is an answer in short.
func (w *authorizerWhy) told(a *answer) string {
	words := []string{fmt.Sprint(a.StatusCode), a.errorType(), shorten(w.p.mask(strings.TrimSpace(a.body)))}
	return strings.Join(slices.DeleteFunc(words, func(word string) bool { return word == "" }), " ")
}

// transient is the code of an answer that says nothing of the API's settings, ""
// for any other.
func (a *answer) transient() string {
	switch {
	case a.StatusCode == http.StatusTooManyRequests:
		return undecidedThrottled
	case a.StatusCode >= 500 && a.StatusCode != http.StatusNotImplemented && !a.gatewayFault():
		return undecidedAnswers
	}
	return ""
}

// wrong is what is wrong with a case, if anything.
func (w *authorizerWhy) wrong(ctx context.Context, row *authorizerRow) verdict {
	if row.asExpected() {
		return verdict{}
	}
	if code := row.answer.transient(); code != "" {
		row.undecided = true
		v := undecided(Finding{Code: code, Variant: "authorizer", Subject: row.answer.subject(), Found: w.told(row.answer)})
		v.pending = !w.p.Emulator // nothing passes by itself there
		return v
	}
	if row.want.enters() && row.answer.reception() == entered {
		return w.behind(row)
	}
	if v := w.follow(ctx, row); len(v.findings) > 0 {
		return v
	}
	if row.answer.reception() == elsewhere {
		return w.turnedAway(row)
	}
	return w.inside(ctx, row)
}

// behind says of a token that is let in that what stands behind the method answers
// it otherwise.
func (w *authorizerWhy) behind(row *authorizerRow) verdict {
	if row.answer.errorType() != "" {
		f := w.finding(authorizerGatewayError, row)
		f.Found = w.told(row.answer)
		return failed(f)
	}
	return w.status(row)
}

// status says that the status of an answer is another one, or the answer itself.
func (w *authorizerWhy) status(row *authorizerRow) verdict {
	if len(row.wrong) == 0 || row.wrong[0].Code != httpStatus {
		return failed(row.wrong...)
	}
	f := w.finding(authorizerStatus, row)
	f.Expected, f.Found, f.Args["body"] = row.wrong[0].Expected, row.wrong[0].Found, w.told(row.answer)
	if !row.want.lets() && fmt.Sprint(row.answer.StatusCode) != f.Expected {
		switch class := row.answer.reception(); {
		case class == denied && f.Expected == "401", class == unauthorized && f.Expected == "403" && row.want.name != caseNone:
			f.Variant = f.Expected
		}
	}
	return failed(f)
}

// turnedAway says that the gateway refused a request for a reason that is not the
// authorizer's.
func (w *authorizerWhy) turnedAway(row *authorizerRow) verdict {
	if row.answer.noMethod() {
		return w.stale(row)
	}
	f := w.finding(authorizerGatewayError, row)
	f.Found = w.told(row.answer)
	if m := w.links.method; m != nil && aws.ToBool(m.method.ApiKeyRequired) {
		f.Variant = "key"
		f.Args["fix"] = then(m.command("update-method", "--patch-operations", "op=replace,path=/apiKeyRequired,value=false"), w.found.deploy())
	}
	return failed(f)
}

// stale says that the settings are right, and the stage serves others.
func (w *authorizerWhy) stale(row *authorizerRow) verdict {
	f := w.finding(authorizerNotDeployed, row)
	f.Args["fix"] = w.found.deploy()
	if w.found.stage.CanarySettings != nil {
		f.Variant = "canary"
	}
	return failed(f)
}

// open says that somebody is let in who should not be.
func (w *authorizerWhy) open(row *authorizerRow) verdict {
	f := w.finding(authorizerTooOpen, row)
	f.Variant, f.Found, f.Expected = row.want.name, w.told(row.answer), "401 | 403"
	if status := row.want.expected.status; status != nil {
		f.Expected = status.expected(context.Background(), World{})
	}
	return failed(f)
}

// principal judges whose the authorizer says the token is.
func (w *authorizerWhy) principal(ctx context.Context) verdict {
	i := slices.IndexFunc(w.rows, func(r *authorizerRow) bool { return r.want.lets() && !r.also })
	if w.check.principal == nil || i < 0 {
		return verdict{}
	}
	row := w.rows[i]
	if v := w.follow(ctx, row); len(v.findings) > 0 {
		return v
	}
	said, v := w.tested(ctx, row)
	if said == nil {
		return v
	}
	found := any(nil)
	if row.principal = aws.ToString(said.PrincipalId); row.principal != "" {
		found = row.principal
	}
	wrong, err := w.check.principal.match(ctx, w.p.World, found)
	switch {
	case err != nil:
		return unexpanded(err)
	case wrong == nil:
		return verdict{}
	}
	f := w.finding(authorizerPrincipal, row)
	f.Subject, f.Expected, f.Found = w.links.target.name, wrong.expected, wrong.found
	return failed(f)
}

// authorizerName is how an authorizer is called in findings.
func authorizerName(a *types.Authorizer) string {
	if name := aws.ToString(a.Name); name != "" {
		return name
	}
	return aws.ToString(a.Id)
}
