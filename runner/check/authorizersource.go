package check

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/dlclark/regexp2"
)

// findSource looks whether the authorizer finds the token where it is.
func (w *authorizerWhy) findSource(_ context.Context, row *authorizerRow) verdict {
	a := w.links.authorizer
	var sources []string
	for source := range strings.SplitSeq(aws.ToString(a.IdentitySource), ",") {
		if source = strings.TrimSpace(source); source != "" {
			sources = append(sources, source)
		}
	}
	f := w.finding(authorizerTokenSource, row)
	f.Subject, f.Expected, f.Found = authorizerName(a), w.source(), strings.Join(sources, ", ")
	has := slices.ContainsFunc(sources, w.isSource)
	switch {
	case a.Type == types.AuthorizerTypeToken && has:
		return verdict{}
	case a.Type == types.AuthorizerTypeToken:
	case slices.ContainsFunc(sources, w.lacks) && row.answer.reception() == unauthorized:
	case has || len(sources) == 0 || w.ttl() == 0: // else it is asked each time, and sees the whole request
		return verdict{}
	default:
		f.Variant = "kept"
	}
	f.Args["fix"] = w.update("op=replace,path=/identitySource,value=" + quote(w.source()))
	return failed(f)
}

func (w *authorizerWhy) isSource(source string) bool { return strings.EqualFold(source, w.source()) }

// lacks reports whether no request of the check has what an identity source names.
func (w *authorizerWhy) lacks(source string) bool {
	if w.isSource(source) {
		return false
	}
	if name, ok := strings.CutPrefix(strings.ToLower(source), "method.request.header."); ok {
		return !slices.Contains([]string{"host", "user-agent", "accept-encoding"}, name)
	}
	if name, ok := strings.CutPrefix(source, "method.request.querystring."); ok {
		_, query, _ := strings.Cut(w.found.path, "?")
		return !strings.Contains("&"+query, "&"+name+"=")
	}
	if name, ok := strings.CutPrefix(source, "stageVariables."); ok {
		return w.found.stage.Variables[name] == ""
	}
	return false
}

// ttl is for how many seconds the authorizer's answers are kept: 300 unless it says
// otherwise (API reference, Authorizer).
func (w *authorizerWhy) ttl() int32 {
	if ttl := w.links.authorizer.AuthorizerResultTtlInSeconds; ttl != nil {
		return *ttl
	}
	return 300
}

// validationTime bounds a match of a validation expression.
const validationTime = 100 * time.Millisecond

// findValidation looks whether the authorizer takes what is sent for a token.
// Expressions are Java's and have to fit the whole of it (Developer Guide, "Configure
// a Lambda authorizer using the API Gateway console").
func (w *authorizerWhy) findValidation(row *authorizerRow) verdict {
	a := w.links.authorizer
	expression := aws.ToString(a.IdentityValidationExpression)
	if a.Type != types.AuthorizerTypeToken || expression == "" || row.sent == "" || row.answer.reception() != unauthorized {
		return verdict{}
	}
	if takesWhole(expression, row.sent) {
		return verdict{}
	}
	f := w.finding(authorizerValidation, row)
	f.Subject, f.Expected = authorizerName(a), expression
	f.Args["fix"] = w.update("op=replace,path=/identityValidationExpression,value=")
	return failed(f)
}

// takesWhole reports whether an expression takes the whole of a text, or takes too
// long to say.
func takesWhole(expression, text string) bool {
	re, err := regexp2.Compile("^(?:"+expression+")$", regexp2.None)
	if err != nil {
		return false
	}
	re.MatchTimeout = validationTime
	takes, err := re.MatchString(text)
	return takes || err != nil
}
