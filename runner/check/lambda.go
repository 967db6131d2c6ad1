package check

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/awsmodel"
	"awslab/runner/lesson/yamltree"
)

// lambdaCheck follows a function's chain: it exists (lambda.missing,
// lambda.near-miss, lambda.qualifier), is Active (lambda.pending,
// lambda.failed), its last update is done (lambda.updating,
// lambda.update-failed), it can be invoked (lambda.refused), does not fail
// (lambda.import, lambda.handler, lambda.syntax, lambda.timeout, lambda.exit,
// lambda.raised) or fails as expected (lambda.error-missing,
// lambda.error-other), and answers as expected (lambda.status, lambda.payload,
// lambda.log).
type lambdaCheck struct {
	function, qualifier string
	event               any
	status, json, error matcher
	log                 []matcher
}

func compileLambda(r *reader) looker {
	f := r.fields(r.subject, "lambda", "function", "event", "qualifier")
	c := &lambdaCheck{function: f.Required("function", "$FUNCTION"), qualifier: f.Text("qualifier"), event: map[string]any{}}
	if n := f.Get("event"); n != nil && n.Kind != yamltree.Null {
		c.event = n.Value()
	}
	r.done(f)
	e := r.expect("status", "json", "error", "log")
	c.status, c.error = r.matcher(e.Get("status")), r.matcher(e.Get("error"))
	if n := e.Get("json"); n != nil {
		c.json = r.matcher(n)
	}
	c.log = r.lines(e, "log")
	r.done(e)
	return c
}

// lines reads a list of matchers for lines of a log.
func (r *reader) lines(f *yamltree.Fields, key string) []matcher {
	n := f.Get(key)
	if n == nil {
		return nil
	}
	if n.Kind != yamltree.List {
		f.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", yamltree.List.Key())
		return nil
	}
	var list []matcher
	for _, item := range n.Items {
		list = append(list, r.matcher(item))
	}
	return list
}

func (c *lambdaCheck) look(ctx context.Context, p *probe) verdict {
	name, err := p.expand(ctx, c.function)
	if err != nil {
		return unexpanded(err)
	}
	qualifier, err := p.expand(ctx, c.qualifier)
	if err != nil {
		return unexpanded(err)
	}
	event, err := p.filled(ctx, c.event)
	if err != nil {
		return unexpanded(err)
	}
	config, v := c.ready(ctx, p, name, qualifier)
	if config == nil {
		return v
	}
	return c.invoke(ctx, p, config, name, qualifier, encode(event))
}

// ready looks whether the function can be invoked; its configuration is nil
// when not.
func (c *lambdaCheck) ready(ctx context.Context, p *probe, name, qualifier string) (*types.FunctionConfiguration, verdict) {
	op, _ := operation("lambda.GetFunction")
	input := map[string]any{"FunctionName": name}
	if qualifier != "" {
		input["Qualifier"] = qualifier
	}
	out, err := p.ask(ctx, op, input)
	if err != nil {
		return nil, c.absent(ctx, p, op.Name, name, qualifier, err)
	}
	config := out.(*lambda.GetFunctionOutput).Configuration
	if config == nil {
		return nil, undecided(Finding{Code: undecidedServer, Found: "GetFunction"})
	}
	f := Finding{Subject: name, Args: map[string]string{"handler": aws.ToString(config.Handler)}}
	switch {
	case config.State == types.StatePending:
		f.Code, f.Expected, f.Found = lambdaPending, string(types.StateActive), string(config.State)
		return nil, onItsWay(f)
	case config.State == types.StateFailed:
		f.Code, f.Expected, f.Found = lambdaFailed, string(types.StateActive), shorten(string(config.State)+": "+aws.ToString(config.StateReason))
		return nil, failed(f)
	case config.LastUpdateStatus == types.LastUpdateStatusInProgress:
		f.Code, f.Expected, f.Found = lambdaUpdating, string(types.LastUpdateStatusSuccessful), string(config.LastUpdateStatus)
		return nil, onItsWay(f)
	case config.LastUpdateStatus == types.LastUpdateStatusFailed:
		f.Code, f.Expected, f.Found = lambdaUpdateFailed, string(types.LastUpdateStatusSuccessful), shorten(string(config.LastUpdateStatus)+": "+aws.ToString(config.LastUpdateStatusReason))
		return nil, failed(f)
	}
	return config, verdict{}
}

// absent is the verdict over a function that GetFunction does not give.
func (c *lambdaCheck) absent(ctx context.Context, p *probe, call, name, qualifier string, err error) verdict {
	if v, ok := undecidable(err); ok {
		return v
	}
	f := Finding{Code: lambdaMissing, Subject: name, Args: map[string]string{"call": call}}
	if !notFound(err) {
		f.Code, f.Found = lambdaRefused, shorten(reason(err))
		return failed(f)
	}
	if qualifier != "" {
		op, _ := operation("lambda.GetFunction")
		if _, err := p.ask(ctx, op, map[string]any{"FunctionName": name}); err == nil {
			f.Code, f.Expected = lambdaQualifier, qualifier
			return failed(f)
		}
	}
	if near := p.near(ctx, "lambda.FunctionName", name); near != "" {
		f.Code, f.Expected, f.Found = lambdaNearMiss, name, near
	}
	return failed(f)
}

func (c *lambdaCheck) invoke(ctx context.Context, p *probe, config *types.FunctionConfiguration, name, qualifier, event string) verdict {
	op, _ := operation("lambda.Invoke")
	input := &lambda.InvokeInput{FunctionName: aws.String(name), LogType: types.LogTypeTail, Payload: []byte(event)}
	if qualifier != "" {
		input.Qualifier = aws.String(qualifier)
	}
	limit := answerTime + time.Duration(aws.ToInt32(config.Timeout))*time.Second
	out, err := p.send(ctx, op, input, limit)
	handler := aws.ToString(config.Handler)
	args := map[string]string{"handler": handler, "event": event, "call": op.Name}
	if err != nil {
		if v, ok := undecidable(err); ok {
			return v
		}
		f := Finding{Code: lambdaRefused, Subject: name, Found: shorten(reason(err)), Args: args}
		if apiCode(err) == "ResourceConflictException" || notFound(err) { // it changed since GetFunction
			return onItsWay(f)
		}
		return failed(f)
	}
	answer := out.(*lambda.InvokeOutput)
	p.describe(input, answer)
	return c.judge(ctx, p, name, args, answer)
}

// describe puts event, payload and log tail into the evidence as text: on the
// wire they are base64.
func (p *probe) describe(input *lambda.InvokeInput, answer *lambda.InvokeOutput) {
	e := &p.evidence[len(p.evidence)-1]
	request := &awsmodel.Object{}
	request.Set("FunctionName", aws.ToString(input.FunctionName))
	if input.Qualifier != nil {
		request.Set("Qualifier", *input.Qualifier)
	}
	request.Set("LogType", string(input.LogType))
	request.Set("Payload", json.RawMessage(input.Payload))
	e.Request = p.print(request)
	lines := []string{}
	if answer.FunctionError != nil {
		lines = append(lines, "FunctionError: "+*answer.FunctionError)
	}
	lines = append(lines, string(answer.Payload))
	if tail := tailOf(answer); tail != "" {
		lines = append(lines, tail)
	}
	e.Response = clip(p.mask(strings.ToValidUTF8(strings.Join(lines, "\n"), "�")))
}

func tailOf(answer *lambda.InvokeOutput) string {
	data, err := base64.StdEncoding.DecodeString(aws.ToString(answer.LogResult))
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(data), "\n")
}

func (c *lambdaCheck) judge(ctx context.Context, p *probe, name string, args map[string]string, answer *lambda.InvokeOutput) verdict {
	payload, err := decode(string(answer.Payload))
	if err != nil {
		payload = string(answer.Payload)
		if len(answer.Payload) == 0 {
			payload = nil
		}
	}
	if v, stop := c.judgeError(ctx, p, name, args, answer, payload); stop {
		return v
	}
	var findings []Finding
	add := func(code, subject string, m matcher, value any) *verdict {
		if m == nil {
			return nil
		}
		wrong, err := m.match(ctx, p.World, value)
		if err != nil {
			v := unexpanded(err)
			return &v
		}
		if wrong != nil {
			place := cmp.Or(strings.TrimPrefix(subject+wrong.path, "."), "payload")
			f := Finding{Code: code, Subject: place, Expected: wrong.expected, Found: wrong.found, Args: withName(args, name)}
			if code == lambdaPayload && answer.FunctionError != nil {
				f.Variant = "error"
			}
			findings = append(findings, f)
		}
		return nil
	}
	if c.status != nil {
		value := payload
		if object, ok := payload.(map[string]any); ok {
			value = statusNumber(object["statusCode"])
		}
		if v := add(lambdaStatus, "statusCode", c.status, value); v != nil {
			return *v
		}
	}
	if v := add(lambdaPayload, "", c.json, payload); v != nil {
		return *v
	}
	lines := strings.Split(tailOf(answer), "\n")
	for _, m := range c.log {
		wrong, err := anyLine(ctx, p.World, m, lines)
		if err != nil {
			return unexpanded(err)
		}
		if wrong != nil {
			findings = append(findings, Finding{Code: lambdaLog, Subject: name, Expected: wrong.expected, Found: shorten(strings.Join(lines, "\n")), Args: withName(args, name)})
		}
	}
	return failed(findings...)
}

func withName(args map[string]string, name string) map[string]string {
	copied := map[string]string{"function": name}
	for k, v := range args {
		copied[k] = v
	}
	return copied
}

// statusNumber reads a status that is given as text: API Gateway takes "200"
// for 200.
func statusNumber(v any) any {
	if text, ok := v.(string); ok {
		if n, err := decode(text); err == nil {
			return n
		}
	}
	return v
}

// anyLine looks for a line that matches; a log that is an exception's may be
// expected in its JSON.
func anyLine(ctx context.Context, w World, m matcher, lines []string) (*mismatch, error) {
	for _, line := range lines {
		wrong, err := m.match(ctx, w, strings.TrimRight(line, "\r\n\t "))
		if wrong == nil || err != nil {
			return nil, err
		}
	}
	return &mismatch{expected: m.expected(ctx, w)}, nil
}

// judgeError looks at FunctionError; stop says that there is no more to see.
func (c *lambdaCheck) judgeError(ctx context.Context, p *probe, name string, args map[string]string, answer *lambda.InvokeOutput, payload any) (v verdict, stop bool) {
	kind, message, last := describeError(payload)
	f := Finding{Subject: name, Args: withName(args, name)}
	f.Args["type"], f.Args["message"], f.Args["line"] = kind, shorten(message), shorten(last)
	switch {
	case answer.FunctionError == nil && c.error == nil:
		return verdict{}, false
	case answer.FunctionError == nil:
		f.Code, f.Expected, f.Found = lambdaErrorMissing, c.error.expected(ctx, p.World), show(payload)
		return failed(f), true
	case c.error != nil:
		for _, value := range []string{*answer.FunctionError, kind, message} {
			wrong, err := c.error.match(ctx, p.World, value)
			if err != nil {
				return unexpanded(err), true
			}
			if wrong == nil {
				return verdict{}, false
			}
		}
		f.Code, f.Expected, f.Found = lambdaErrorOther, c.error.expected(ctx, p.World), shorten(*answer.FunctionError+", "+kind)
		return failed(f), true
	}
	f.Code, f.Found = errorCode(kind), kind // the sentence has the message
	if f.Code == lambdaRaised {
		f.Found = shorten(kind + ": " + message)
	}
	return failed(f), true
}

// errorCode sorts what Lambda's Python runtime reports; names from
// AWS-BEHAVIOUR §1.6 and the runtime client's source.
func errorCode(kind string) string {
	switch kind {
	case "Runtime.ImportModuleError":
		return lambdaImport
	case "Runtime.HandlerNotFound", "Runtime.MalformedHandlerName":
		return lambdaHandler
	case "Runtime.UserCodeSyntaxError":
		return lambdaSyntax
	case "Sandbox.Timedout":
		return lambdaTimeout
	case "Runtime.ExitError":
		return lambdaExit
	}
	return lambdaRaised
}

// describeError reads the payload of a function that failed: the exception's
// type and message, and the last line of the student's code in its trace.
func describeError(payload any) (kind, message, last string) {
	object, ok := payload.(map[string]any)
	if !ok {
		return "", "", ""
	}
	kind, _ = object["errorType"].(string)
	message, _ = object["errorMessage"].(string)
	trace, _ := object["stackTrace"].([]any)
	if len(trace) > 0 {
		text, _ := trace[len(trace)-1].(string)
		words := slices.DeleteFunc(strings.Fields(text), func(word string) bool { return strings.Trim(word, "^~") == "" }) // marks under the code
		last = strings.Join(words, " ")
	}
	return kind, message, last
}
