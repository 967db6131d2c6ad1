package check

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	apitypes "github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// decision is what the function answers to an event of the gateway's.
type decision struct {
	arn     string // of what was asked for
	payload string
	value   any
	failed  bool
	log     string // its own last lines

	policy *authorizerPolicy // nil: it is none
}

// reception is what the gateway makes of a decision.
func (d *decision) reception() reception {
	_, message, _ := describeError(d.value)
	switch {
	case d.failed && message == "Unauthorized":
		return unauthorized
	case d.failed || d.policy == nil:
		return unconfigured
	case d.policy.decides(d.arn) == policyAllows:
		return entered
	}
	return denied
}

// accepts reports whether the function takes the token for a good one, whatever its
// policy covers.
func (d *decision) accepts() bool {
	return !d.failed && d.policy != nil && len(d.policy.of("Allow")) > 0 && d.policy.decides(d.arn) != policyDenies
}

// loads reports whether the function's code came to look at the event.
func (d *decision) loads() bool {
	kind, _, _ := describeError(d.value)
	return !d.failed || errorCode(kind) == lambdaRaised
}

// arn is that of a method as policies have it.
func (w *authorizerWhy) arn(key routeKey) string {
	t := w.links.target
	return "arn:" + t.partition + ":execute-api:" + t.region + ":" + t.account + ":" + w.found.id() + "/" + aws.ToString(w.found.stage.StageName) + "/" + key.method + bare(key.path)
}

// event is what the gateway passes to an authorizer's function of a type
// (AWS-BEHAVIOUR §1.1), of a REQUEST as far as functions look at it.
func (w *authorizerWhy) event(kind apitypes.AuthorizerType, key routeKey, sent string) map[string]any {
	if kind == apitypes.AuthorizerTypeToken {
		return map[string]any{"type": "TOKEN", "methodArn": w.arn(key), "authorizationToken": sent}
	}
	path, query, _ := strings.Cut(key.path, "?")
	headers, many := map[string]any{"Host": w.found.id() + ".execute-api." + w.links.target.region + ".amazonaws.com", "User-Agent": "awslab"}, map[string]any{}
	if sent != "" {
		headers[w.check.header] = sent
	}
	for name, value := range headers {
		many[name] = []any{value}
	}
	one, all := map[string]any{}, map[string]any{}
	if values, err := url.ParseQuery(query); err == nil {
		for name, list := range values {
			one[name], all[name] = list[len(list)-1], list
		}
	}
	stage, resource := aws.ToString(w.found.stage.StageName), path
	if w.links.resource != nil {
		resource = aws.ToString(w.links.resource.Path)
	}
	variables := w.found.stage.Variables
	if variables == nil {
		variables = map[string]string{}
	}
	return map[string]any{
		"type": "REQUEST", "methodArn": w.arn(key), "resource": resource, "path": path, "httpMethod": key.method, "headers": headers, "multiValueHeaders": many,
		"queryStringParameters": one, "multiValueQueryStringParameters": all, "pathParameters": map[string]any{}, "stageVariables": variables,
		"requestContext": map[string]any{
			"apiId": w.found.id(), "accountId": w.links.target.account, "stage": stage, "httpMethod": key.method, "path": "/" + stage + path, "resourcePath": resource,
			"identity": map[string]any{"sourceIp": "127.0.0.1", "userAgent": "awslab"},
		},
	}
}

// consult asks the function what it says of a token, with an event of a type. The
// verdict counts where there is no answer.
func (w *authorizerWhy) consult(ctx context.Context, kind apitypes.AuthorizerType, key routeKey, sent string) (*decision, verdict) {
	op, _ := operation("lambda.Invoke")
	input := &lambda.InvokeInput{FunctionName: aws.String(w.links.target.arn()), LogType: types.LogTypeTail, Payload: []byte(encode(w.event(kind, key, sent)))}
	out, err := w.p.send(ctx, op, input, longestAnswer)
	if err != nil {
		if v, ok := undecidable(err); ok {
			return nil, v
		}
		return nil, failed(Finding{Code: lambdaRefused, Subject: w.links.target.name, Found: shorten(reason(err)), Args: map[string]string{"call": op.Name}})
	}
	answer := out.(*lambda.InvokeOutput)
	w.p.describe(input, answer)
	// What is hidden goes first: a part of it would not be found again.
	d := &decision{arn: w.arn(key), payload: w.p.mask(string(answer.Payload)), failed: answer.FunctionError != nil, log: shorten(w.p.mask(lastLines(tailOf(answer))))}
	if d.value, err = decode(d.payload); err == nil && !d.failed {
		d.policy = readPolicy(answer.Payload)
	}
	return d, verdict{}
}

// tested asks API Gateway what the authorizer says of a row's token, as it is set
// now.
func (w *authorizerWhy) tested(ctx context.Context, row *authorizerRow) (*apigateway.TestInvokeAuthorizerOutput, verdict) {
	out, v := w.p.askAPI(ctx, "apigateway.TestInvokeAuthorizer", map[string]any{
		"restApiId": w.found.id(), "authorizerId": aws.ToString(w.links.authorizer.Id), "headers": map[string]any{w.check.header: row.sent},
	})
	if out == nil {
		return nil, v
	}
	return out.(*apigateway.TestInvokeAuthorizerOutput), verdict{}
}

// gated reports whether the gateway asks nobody about a request without a token.
func (w *authorizerWhy) gated() bool {
	a := w.links.authorizer
	return a.Type == apitypes.AuthorizerTypeToken || slices.ContainsFunc(strings.Split(aws.ToString(a.IdentitySource), ","), func(s string) bool { return w.isSource(strings.TrimSpace(s)) })
}

// inside looks behind an answer of the authorizer's: it asks the function itself,
// with the very event of the gateway.
func (w *authorizerWhy) inside(ctx context.Context, row *authorizerRow) verdict {
	if row.also {
		return w.beside(ctx, row)
	}
	class := row.answer.reception()
	if row.sent == "" && w.gated() {
		if class != unauthorized {
			return w.stale(row)
		}
		return w.status(row)
	}
	said, v := w.consult(ctx, w.links.authorizer.Type, row.key, row.sent)
	if said == nil {
		return v
	}
	now := said.reception()
	if now == denied && said.policy.conditional() {
		now = class // nobody but the gateway knows
	}
	switch {
	case now == class:
	case class == unconfigured && now != unconfigured: // an answer that API Gateway takes for no policy?
		test, v := w.tested(ctx, row)
		switch {
		case test == nil:
			return v
		case test.ClientStatus >= 500 || strings.Contains(aws.ToString(test.Log), "Execution failed due to configuration error"):
			return failed(w.noPolicy(row, said))
		}
		return w.stale(row)
	case class == denied && aws.ToString(w.found.api.Policy) != "": // of the API itself
		f := w.finding(authorizerGatewayError, row)
		f.Variant, f.Found, f.Args["fix"] = "policy", w.told(row.answer), w.found.deploy()
		return failed(f)
	default:
		return w.stale(row)
	}
	switch {
	case class == entered:
		return w.open(row)
	case row.want.lets():
		return w.refusing(ctx, row, said)
	case class == unconfigured:
		return w.failing(ctx, row, said)
	}
	return w.status(row)
}

// refusing says why the function refuses the token that should be let in.
func (w *authorizerWhy) refusing(ctx context.Context, row *authorizerRow, said *decision) verdict {
	if !said.loads() {
		return w.failing(ctx, row, said)
	}
	if said.failed && row.answer.reception() == unconfigured {
		if other, v := w.otherEvent(ctx, row); len(v.findings) > 0 || other {
			if other {
				return failed(w.functionError(row, said, true))
			}
			return v
		}
	}
	if !said.accepts() {
		if v := w.provenance(ctx, row, said); len(v.findings) > 0 {
			return v
		}
	}
	switch row.answer.reception() {
	case unconfigured:
		if said.failed {
			return failed(w.functionError(row, said, false))
		}
		return failed(w.noPolicy(row, said))
	case denied:
		return failed(w.tooLittle(row, said))
	}
	return failed(w.refused(row, said))
}

// refused says that the function refuses the token for a reason that is not known.
func (w *authorizerWhy) refused(row *authorizerRow, said *decision) Finding {
	f := w.finding(authorizerRefused, row)
	f.Subject, f.Found, f.Args["log"] = w.links.target.name, said.told(), said.log
	return f
}

// told is a decision in short.
func (d *decision) told() string {
	if d.failed {
		kind, message, _ := describeError(d.value)
		return shorten(kind + ": " + message)
	}
	return shorten(d.payload)
}

// failing says why the function gives no verdict on a token that is to be refused.
func (w *authorizerWhy) failing(ctx context.Context, row *authorizerRow, said *decision) verdict {
	if !said.failed {
		return failed(w.noPolicy(row, said))
	}
	other := false
	if said.loads() {
		var v verdict
		if other, v = w.otherEvent(ctx, row); len(v.findings) > 0 {
			return v
		}
	}
	return failed(w.functionError(row, said, other))
}

// otherEvent reports whether the function does not fail at the event of an authorizer
// of the other type.
func (w *authorizerWhy) otherEvent(ctx context.Context, row *authorizerRow) (bool, verdict) {
	kind := apitypes.AuthorizerTypeRequest
	if w.links.authorizer.Type == kind {
		kind = apitypes.AuthorizerTypeToken
	}
	kept := len(w.p.evidence)
	said, v := w.consult(ctx, kind, row.key, row.sent)
	if said == nil {
		return false, v
	}
	w.p.evidence = w.p.evidence[:kept] // what counts is how it fails
	_, message, _ := describeError(said.value)
	return !said.failed || message == "Unauthorized", verdict{}
}

// functionError says how the function fails.
func (w *authorizerWhy) functionError(row *authorizerRow, said *decision, otherEvent bool) Finding {
	f := w.finding(authorizerFunctionError, row)
	kind, message, line := describeError(said.value)
	f.Subject, f.Found = w.links.target.name, shorten(kind+": "+message)
	f.Args["line"], f.Args["log"], f.Args["handler"] = cmp.Or(shorten(line), said.log), said.log, aws.ToString(w.links.config.Handler)
	switch errorCode(kind) {
	case lambdaImport:
		module, _, _ := strings.Cut(aws.ToString(w.links.config.Handler), ".")
		if f.Variant = "import"; !strings.Contains(message, "No module named '"+module+"'") {
			f.Variant = "module"
		}
		f.Found = shorten(message)
	case lambdaHandler:
		f.Variant, f.Found = "handler", shorten(message)
	case lambdaSyntax:
		f.Variant, f.Found = "syntax", shorten(message)
	case lambdaTimeout:
		f.Variant, f.Found = "timeout", shorten(message)
	default:
		if otherEvent {
			f.Variant = strings.ToLower(string(w.links.authorizer.Type))
		}
	}
	return f
}

// noPolicy says that the function's answer is no policy.
func (w *authorizerWhy) noPolicy(row *authorizerRow, said *decision) Finding {
	f := w.finding(authorizerNoPolicy, row)
	f.Subject, f.Found, f.Args["log"] = w.links.target.name, shorten(said.payload), said.log
	var members struct {
		StatusCode json.RawMessage            `json:"statusCode"`
		Context    map[string]json.RawMessage `json:"context"`
	}
	_ = json.Unmarshal([]byte(said.payload), &members) // what cannot be read says nothing
	switch {
	case members.StatusCode != nil && said.policy == nil:
		f.Variant = "status"
	case said.policy != nil && slices.ContainsFunc(sortedValues(members.Context), isNested):
		f.Variant = "context"
	}
	return f
}

func isNested(value json.RawMessage) bool {
	text := strings.TrimSpace(string(value))
	return strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")
}

// beside says why the token that opens one method does not open another, or why none
// is needed there.
func (w *authorizerWhy) beside(ctx context.Context, row *authorizerRow) verdict {
	first := w.first()
	m, v := w.methodBeside(ctx, row)
	if m == nil {
		return v
	}
	if row.answer.reception() == entered {
		return w.open(row)
	}
	if row.answer.reception() != denied || aws.ToString(m.method.AuthorizerId) != aws.ToString(w.links.authorizer.Id) {
		return w.status(row)
	}
	kind, kept := w.links.authorizer.Type, w.ttl() > 0
	if kept {
		said, v := w.consult(ctx, kind, first.key, first.sent)
		if said == nil {
			return v
		}
		if said.policy != nil && said.policy.decides(w.arn(row.key)) != policyAllows {
			f := w.finding(authorizerCachedPolicy, row)
			f.Expected, f.Found = strings.TrimSuffix(w.arn(routeKey{"", ""}), "/")+"/*", said.policy.covers()
			f.Args["first"], f.Args["ttl"] = first.subject(), number(int(w.ttl())).String()
			f.Args["fix"] = w.update("op=replace,path=/authorizerResultTtlInSeconds,value=0")
			return failed(f)
		}
	}
	said, v := w.consult(ctx, kind, row.key, row.sent)
	switch {
	case said == nil:
		return v
	case said.reception() == denied:
		return failed(w.tooLittle(row, said))
	}
	return w.stale(row)
}
