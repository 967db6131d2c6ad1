package executeapi

import "net/http"

// authorizeIAM asks for a signature of somebody who may invoke the API. Every
// refusal looks alike (AWS-BEHAVIOUR §1.5: unsigned; the others were not found).
func (x *httpExchange) authorizeIAM() bool {
	x.trace.Authorizer = &AuthorizerTrace{Kind: "AWS_IAM", Verdict: "deny"}
	who, err := x.h.cfg.Signatures.Verify(x.r, x.body, x.h.cfg.Clock())
	if err != nil {
		x.errDetail = notSigned
		x.refuse(http.StatusForbidden, "Forbidden", "not-signed", "the request is not signed by anybody of the account: "+err.Error())
		return false
	}
	if !x.h.cfg.Roles.CallerAllows(who.ARN, "execute-api:Invoke", x.arn(x.r.Method, decodePath(x.path))) {
		x.refuse(http.StatusForbidden, "Forbidden", "not-allowed", who.ARN+" has no permission for execute-api:Invoke")
		return false
	}
	x.trace.Authorizer.Verdict, x.identity = "allow", &who
	return true
}
