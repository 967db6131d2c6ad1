package check

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
)

// authorizerLinks is what stands between a request and the function that decides,
// as it is set now. It is read when it is first needed.
type authorizerLinks struct {
	resources []types.Resource
	resource  *types.Resource
	method    *restMethod

	config     *lambdatypes.FunctionConfiguration
	target     integrationTarget // the function
	authorizer *types.Authorizer // the method's, or the one that was most likely meant
	attached   string            // how the method's is called; "" where it has none

	whole bool // all links are right
}

// follow finds the first link that is broken, for a row.
func (w *authorizerWhy) follow(ctx context.Context, row *authorizerRow) verdict {
	if row.also {
		return w.followBeside(ctx, row)
	}
	if !w.links.whole {
		for _, link := range []func(context.Context, *authorizerRow) verdict{
			w.findMethod, w.findFunction, w.findAuthorizer, w.findTarget, w.findSource, w.findAttachment, w.findDeployed, w.findPermission,
		} {
			if v := link(ctx, row); len(v.findings) > 0 {
				return v
			}
		}
		w.links.whole = true
	}
	return w.findValidation(row)
}

// followBeside follows the links that another method has of its own, behind those of
// the first.
func (w *authorizerWhy) followBeside(ctx context.Context, row *authorizerRow) verdict {
	if v := w.findMethod(ctx, row); len(v.findings) > 0 {
		return v
	}
	if v := w.follow(ctx, w.first()); len(v.findings) > 0 {
		return v
	}
	m, v := w.methodBeside(ctx, row)
	if m == nil {
		return v
	}
	if kind := authorization(m); kind != "CUSTOM" {
		return w.detached(row, m, kind)
	}
	return w.findDeployed(ctx, row)
}

// first is the row of the token that is let in.
func (w *authorizerWhy) first() *authorizerRow {
	return w.rows[slices.IndexFunc(w.rows, func(r *authorizerRow) bool { return r.want.lets() && !r.also })]
}

// methodBeside is another method, which is there.
func (w *authorizerWhy) methodBeside(ctx context.Context, row *authorizerRow) (*restMethod, verdict) {
	resource := chosenResource(w.links.resources, bare(row.key.path))
	return w.found.method(ctx, w.p, resource, methodKey(resource, row.key.method))
}

// findMethod finds the path and the method.
func (w *authorizerWhy) findMethod(ctx context.Context, row *authorizerRow) verdict {
	l := &w.links
	var v verdict
	if l.resources == nil {
		if l.resources, v = w.found.resources(ctx, w.p); len(v.findings) > 0 {
			return v
		}
	}
	resource := chosenResource(l.resources, bare(row.key.path))
	key := methodKey(resource, row.key.method)
	if key == "" {
		routes, empty := routesOfResources(l.resources)
		f := missingPath(w.finding("", row), routeKey{row.key.method, bare(row.key.path)}, routes, empty, codesOfPaths{authorizerPathMissing, authorizerPathNearMiss})
		f.Args["path"], f.Args["deploy"] = row.key.path, w.found.deploy()
		return failed(f)
	}
	if row.also {
		return verdict{}
	}
	l.resource = resource
	l.method, v = w.found.method(ctx, w.p, resource, key)
	return v
}

// findFunction finds the function that has to decide.
func (w *authorizerWhy) findFunction(ctx context.Context, _ *authorizerRow) verdict {
	wanted, err := w.p.expand(ctx, w.check.function)
	if err != nil {
		return unexpanded(err)
	}
	name, qualifier, _ := strings.Cut(wanted, ":")
	if target, ok := functionOf(wanted, nil); ok {
		name, qualifier = target.name, target.qualifier
	}
	var function lambdaCheck
	config, v := function.ready(ctx, w.p, name, qualifier)
	if config == nil {
		return v
	}
	w.links.config = config
	target, ok := functionOf(aws.ToString(config.FunctionArn), nil)
	if !ok {
		target = integrationTarget{partition: "aws", region: w.p.AWS.Region, name: name}
	}
	target.name, target.qualifier = name, qualifier
	w.links.target = target
	return verdict{}
}

// findAuthorizer finds the method's authorizer, or the one that was most likely
// meant to be.
func (w *authorizerWhy) findAuthorizer(ctx context.Context, row *authorizerRow) verdict {
	out, v := w.p.askAPI(ctx, "apigateway.GetAuthorizers", map[string]any{"restApiId": w.found.id()})
	if out == nil {
		return v
	}
	l, all := &w.links, out.(*apigateway.GetAuthorizersOutput).Items
	if len(all) == 0 {
		f := w.finding(authorizerMissing, row)
		f.Args["fix"] = w.create(nil)
		return failed(f)
	}
	at := func(is func(types.Authorizer) bool) *types.Authorizer {
		if i := slices.IndexFunc(all, is); i >= 0 {
			return &all[i]
		}
		return nil
	}
	l.attached = aws.ToString(l.method.method.AuthorizerId)
	attached := at(func(a types.Authorizer) bool { return aws.ToString(a.Id) == aws.ToString(l.method.method.AuthorizerId) })
	if attached != nil {
		l.attached = authorizerName(attached)
	}
	asks := func(a types.Authorizer) bool {
		_, ok := w.asks(&a)
		return ok
	}
	switch {
	case attached != nil && asks(*attached):
		l.authorizer = attached
	default:
		l.authorizer = cmp.Or(at(asks), attached, at(func(a types.Authorizer) bool { return strings.EqualFold(aws.ToString(a.Name), l.target.name) }),
			at(func(a types.Authorizer) bool { return a.Type != types.AuthorizerTypeCognitoUserPools }), &all[0])
	}
	if l.authorizer.Type == types.AuthorizerTypeCognitoUserPools {
		f := w.finding(authorizerType, row)
		f.Expected, f.Found = string(types.AuthorizerTypeToken), string(l.authorizer.Type)
		f.Args["fix"] = w.create(all)
		return failed(f)
	}
	return verdict{}
}

// asked is the function that an authorizer asks.
func (w *authorizerWhy) asked(a *types.Authorizer) (integrationTarget, bool) {
	return functionOf(aws.ToString(a.AuthorizerUri), w.found.stage.Variables)
}

// asks reports whether an authorizer asks the function, of whatever version where
// the lesson does not say.
func (w *authorizerWhy) asks(a *types.Authorizer) (integrationTarget, bool) {
	target, ok := w.asked(a)
	wanted := w.links.target
	if wanted.qualifier == "" {
		wanted.qualifier = target.qualifier
	}
	return target, ok && target == wanted
}

// uri is the function's where an authorizer names it.
func (w *authorizerWhy) uri() string {
	t := w.links.target
	return "arn:" + t.partition + ":apigateway:" + t.region + ":lambda:path/2015-03-31/functions/" + t.arn() + "/invocations"
}

// source is where an authorizer finds the token.
func (w *authorizerWhy) source() string { return "method.request.header." + w.check.header }

// create makes an authorizer of a name that none has yet.
func (w *authorizerWhy) create(all []types.Authorizer) string {
	name := w.links.target.name
	for slices.ContainsFunc(all, func(a types.Authorizer) bool { return aws.ToString(a.Name) == name }) {
		name += "-token"
	}
	return "aws apigateway create-authorizer --rest-api-id " + w.found.id() + " --name " + quote(name) + " --type TOKEN --authorizer-uri " + quote(w.uri()) +
		" --identity-source " + quote(w.source())
}

// update changes the authorizer, and brings that to the callers.
func (w *authorizerWhy) update(operations string) string {
	return then("aws apigateway update-authorizer --rest-api-id "+w.found.id()+" --authorizer-id "+aws.ToString(w.links.authorizer.Id)+" --patch-operations "+operations, w.found.deploy())
}

// findTarget looks whether the authorizer asks the function.
func (w *authorizerWhy) findTarget(_ context.Context, row *authorizerRow) verdict {
	l := &w.links
	if target, ok := w.asks(l.authorizer); ok {
		l.target = target
		return verdict{}
	}
	target, ok := w.asked(l.authorizer)
	f := w.finding(authorizerOtherFunction, row)
	f.Subject, f.Expected, f.Found = authorizerName(l.authorizer), strings.TrimSuffix(l.target.name+":"+l.target.qualifier, ":"), aws.ToString(l.authorizer.AuthorizerUri)
	if ok {
		f.Found = strings.TrimSuffix(target.name+":"+target.qualifier, ":")
		switch {
		case target.name != l.target.name && strings.EqualFold(target.name, l.target.name):
			f.Variant = "case"
		case f.Found == f.Expected: // of another region or account
			f.Expected, f.Found = l.target.arn(), target.arn()
		}
	}
	f.Args["fix"] = w.update("op=replace,path=/authorizerUri,value=" + quote(w.uri()))
	return failed(f)
}

// findAttachment looks whether the method asks the authorizer.
func (w *authorizerWhy) findAttachment(_ context.Context, row *authorizerRow) verdict {
	m := w.links.method
	kind := authorization(m)
	if kind == "CUSTOM" && aws.ToString(m.method.AuthorizerId) == aws.ToString(w.links.authorizer.Id) {
		return verdict{}
	}
	return w.detached(row, m, kind)
}

// authorization is a method's type of authorization.
func authorization(m *restMethod) string {
	return cmp.Or(aws.ToString(m.method.AuthorizationType), "NONE")
}

// detached says that a method does not ask the authorizer.
func (w *authorizerWhy) detached(row *authorizerRow, m *restMethod, kind string) verdict {
	a := w.links.authorizer
	f := w.finding(authorizerNotAttached, row)
	f.Expected, f.Found = "CUSTOM", kind
	switch {
	case kind == "AWS_IAM":
		f.Variant = "iam"
	case kind != "NONE":
		f.Variant, f.Expected, f.Found = "other", authorizerName(a), w.links.attached
	case m.key == "ANY":
		f.Variant = "any"
	}
	f.Args["fix"] = then(m.command("update-method", "--patch-operations", "op=replace,path=/authorizationType,value=CUSTOM", "op=replace,path=/authorizerId,value="+aws.ToString(a.Id)), w.found.deploy())
	return failed(f)
}

// findDeployed looks whether what the stage serves asks an authorizer. A deployment
// does not tell which.
func (w *authorizerWhy) findDeployed(ctx context.Context, row *authorizerRow) verdict {
	for _, deployment := range w.found.serving() {
		methods, v := w.found.snapshot(ctx, w.p, deployment)
		if len(v.findings) > 0 {
			return v
		}
		if len(methods) == 0 { // nobody knows
			continue
		}
		route := chosenRoute(routesOf(methods), row.key.method, trimmed(bare(row.key.path)))
		if route == nil {
			return w.stale(row)
		}
		key, _ := parseRouteKey(aws.ToString(route.RouteKey))
		if kind := aws.ToString(methods[key.path][key.method].AuthorizationType); kind != "CUSTOM" {
			return w.stale(row)
		}
	}
	return verdict{}
}

// findPermission looks whether API Gateway may invoke the function.
func (w *authorizerWhy) findPermission(ctx context.Context, row *authorizerRow) verdict {
	l := &w.links
	if l.authorizer.AuthorizerCredentials != nil {
		return verdict{} // API Gateway invokes it as a role
	}
	t, id := l.target, aws.ToString(l.authorizer.Id)
	source := "arn:" + t.partition + ":execute-api:" + t.region + ":" + t.account + ":" + w.found.id() + "/authorizers/" + id
	f := w.finding(authorizerNoPermission, row)
	f.Subject, f.Expected = t.name, source
	op, _ := operation("lambda.GetPolicy")
	input := map[string]any{"FunctionName": t.name}
	if t.qualifier != "" {
		input["Qualifier"] = t.qualifier
	}
	out, err := w.p.ask(ctx, op, input)
	policy := ""
	switch {
	case err == nil:
		policy = aws.ToString(out.(*lambda.GetPolicyOutput).Policy)
		answer, others, err := mayInvoke(policy, []string{source}, t.account)
		switch {
		case err != nil || answer == permitted:
			return verdict{}
		case answer == otherSource:
			f.Code, f.Found = authorizerSourceARN, strings.Join(others, ", ")
		}
	case !notFound(err):
		if v, ok := undecidable(err); ok {
			return v
		}
		return verdict{} // the function's own answer will tell
	}
	f.Args["fix"] = w.permit(policy, source)
	return failed(f)
}

// permit lets API Gateway invoke the function for the authorizer, in a statement
// that the function's policy has not yet.
func (w *authorizerWhy) permit(policy, source string) string {
	t, statement := w.links.target, "authorizer-"+aws.ToString(w.links.authorizer.Id)
	for strings.Contains(policy, `"`+statement+`"`) {
		statement += "-again"
	}
	command := "aws lambda add-permission --function-name " + t.name
	if t.qualifier != "" {
		command += " --qualifier " + quote(t.qualifier)
	}
	return command + " --statement-id " + statement + " --action lambda:InvokeFunction --principal " + gatewayPrincipal + " --source-arn " + quote(source)
}
