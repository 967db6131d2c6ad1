package emulator

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/apigateway"
	"awslab/runner/emulator/apigatewayv2"
	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/executeapi"
	"awslab/runner/emulator/iam"
	"awslab/runner/emulator/lambda"
	"awslab/runner/emulator/logs"
)

// dataPlane is what the requests to APIs need of the other services.
type dataPlane struct {
	emulator  *Emulator
	apis      *apigatewayv2.Service
	restAPIs  *apigateway.Service
	functions *lambda.Service
	logs      *logs.Service
	verifier  *awsproto.Verifier

	mu    sync.Mutex
	began map[string]time.Time // see stream
}

// Deployed gives what a stage of an HTTP API serves. Both types are the same but
// for their names.
func (p *dataPlane) Deployed(apiID, stage string) *executeapi.Deployed {
	return (*executeapi.Deployed)(p.apis.Deployed(apiID, stage))
}

// Stage gives what a stage of a REST API serves. The deployments' types are the
// same but for their names.
func (p *dataPlane) Stage(apiID, name string) (*types.Stage, *executeapi.RESTDeployment, *executeapi.RESTDeployment, bool) {
	settings, deployment, canary, found := p.restAPIs.Stage(apiID, name)
	return settings, (*executeapi.RESTDeployment)(deployment), (*executeapi.RESTDeployment)(canary), found
}

// authorizerRoles are IAM as the data plane asks it.
type authorizerRoles struct{ *iam.Service }

// ReadPolicy reads a policy document that an authorizer gave. Of the condition keys
// a request has those that are about it alone (guide, "AWS condition keys that can
// be used in API Gateway resource policies"). The decisions of both packages are
// the same numbers.
func (r authorizerRoles) ReadPolicy(document string) (executeapi.Policy, error) {
	policy, err := r.Service.ReadPolicy(document)
	if err != nil {
		return nil, err
	}
	return func(q executeapi.Question) executeapi.Decision {
		return executeapi.Decision(policy.Decide(q.Action, q.Resource, func() map[string]string {
			keys := map[string]string{"aws:sourceip": q.SourceIP}
			if q.UserAgent != "" {
				keys["aws:useragent"] = q.UserAgent
			}
			if q.Referer != "" {
				keys["aws:referer"] = q.Referer
			}
			return keys
		}))
	}, nil
}

// FlushAuthorizers forgets what the authorizers of a stage said.
func (p *dataPlane) FlushAuthorizers(apiID, stage string) {
	p.emulator.executeAPI.FlushAuthorizers(apiID, stage)
}

// TestMethod runs a method of a REST API as it is now, for who asks: what a lesson
// may not reach, it may not reach so either.
func (p *dataPlane) TestMethod(ctx context.Context, in apigateway.MethodTest) (apigateway.MethodResult, error) {
	ctx, cancel := p.whileOpen(ctx)
	defer cancel()
	call := testCall(ctx)
	call.API, call.ResourceID, call.Method = (*executeapi.RESTDeployment)(in.API), in.ResourceID, in.Method
	call.PathWithQuery, call.Header, call.Body, call.StageVariables = in.PathWithQuery, in.Header, in.Body, in.StageVariables
	out, err := p.emulator.executeAPI.TestMethod(ctx, call)
	return apigateway.MethodResult(out), err
}

// TestAuthorizer asks an authorizer of a REST API as it is now, likewise.
func (p *dataPlane) TestAuthorizer(ctx context.Context, in apigateway.AuthorizerTest) (apigateway.AuthorizerResult, error) {
	ctx, cancel := p.whileOpen(ctx)
	defer cancel()
	call := testCall(ctx)
	call.API = (*executeapi.RESTDeployment)(in.API)
	call.PathWithQuery, call.Header, call.Body, call.StageVariables, call.Context = in.PathWithQuery, in.Header, in.Body, in.StageVariables, in.Context
	out, err := p.emulator.executeAPI.TestAuthorizer(ctx, in.AuthorizerID, call)
	return apigateway.AuthorizerResult(out), err
}

// whileOpen ends a test with the emulator: an endpoint that does not answer is not
// to keep one that closes.
func (p *dataPlane) whileOpen(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-p.emulator.ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// testCall says who asks for a test.
func testCall(ctx context.Context) executeapi.TestCall {
	call := awsproto.CallFrom(ctx)
	return executeapi.TestCall{
		Caller:    executeapi.Identity{AccessKeyID: call.AccessKey, ARN: call.Principal, UserID: call.UserID},
		UserAgent: call.UserAgent, Lesson: call.Lesson, Check: call.Check,
	}
}

// MayInvoke asks a function's resource policy.
func (p *dataPlane) MayInvoke(functionARN, service, sourceARN, sourceAccount string) bool {
	return p.functions.MayInvoke(functionARN, service, sourceARN, sourceAccount)
}

// Invoke invokes a function as API Gateway. It does not wait for one whose caller
// is gone, and does not stop it either.
func (p *dataPlane) Invoke(ctx context.Context, in executeapi.Invocation) (executeapi.Reply, error) {
	if !p.emulator.enter() {
		return executeapi.Reply{}, errClosing
	}
	call := p.emulator.ownCall("apigateway.amazonaws.com", "lambda", "Invoke")
	call.Lesson, call.Check = in.Lesson, in.Check
	type result struct {
		executeapi.Reply
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer p.emulator.calls.Done()
		defer func() {
			if cause := recover(); cause != nil { // a mistake of the program: it is not to end with it
				err := fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
				p.emulator.failed("lambda", "Invoke", err)
				done <- result{err: errors.New("awslab itself failed")}
			}
		}()
		payload, failed, err := p.functions.InvokeFor(awsproto.WithCall(context.WithoutCancel(ctx), call), in.FunctionARN, in.Payload)
		done <- result{executeapi.Reply{Payload: payload, Failed: failed, RequestID: call.RequestID}, err}
	}()
	select {
	case r := <-done:
		return r.Reply, asDataPlane(r.err)
	case <-ctx.Done():
		return executeapi.Reply{RequestID: call.RequestID}, ctx.Err() // it runs on, and logs
	}
}

// asDataPlane gives Lambda's errors as the data plane tells them apart.
func asDataPlane(err error) error {
	var (
		notFound  *lambdatypes.ResourceNotFoundException
		throttled *lambdatypes.TooManyRequestsException
		wire      *awsproto.WireError
	)
	switch {
	case errors.As(err, &notFound):
		return executeapi.ErrNoFunction
	case errors.As(err, &throttled):
		return executeapi.ErrThrottled
	case errors.As(err, &wire) && wire.Status == http.StatusRequestEntityTooLarge:
		return executeapi.ErrTooLarge
	}
	return err
}

// Verify checks the signature of a request to an API.
func (p *dataPlane) Verify(r *http.Request, body []byte, now time.Time) (executeapi.Identity, error) {
	identity, err := p.verifier.Verify(r, body, now)
	if err == nil {
		err = p.inScope(identity)
	}
	var wire *awsproto.WireError
	if errors.As(err, &wire) {
		err = &executeapi.SignatureError{Code: wire.Code, Message: wire.Message}
	}
	return executeapi.Identity{AccessKeyID: identity.AccessKeyID, ARN: identity.Principal, UserID: identity.UserID}, err
}

// inScope says whether a signature is one for this data plane; its words are those of
// public reports, with their blanks.
func (p *dataPlane) inScope(identity awsproto.Identity) error {
	said := ""
	if identity.Region != p.emulator.cfg.Region {
		said += "Credential should be scoped to a valid region. "
	}
	if identity.Service != "execute-api" {
		said += "Credential should be scoped to correct service: 'execute-api'. "
	}
	if said == "" {
		return nil
	}
	return &executeapi.SignatureError{Code: "InvalidSignatureException", Message: said}
}

// Write appends a line to a stage's access log. Streams are made, groups are not:
// a group that was deleted gets nothing more. The name of a stream is AWS's
// (stackd, http_logs.json: "j6bsykx7pc_probe-2026-09-25-09-16"); when AWS begins
// another was not found, here a day does.
func (p *dataPlane) Write(ctx context.Context, groupARN, apiID, stage string, at time.Time, line string) {
	_, group, ok := strings.Cut(groupARN, ":log-group:")
	group = strings.TrimSuffix(group, ":*")
	if !ok || !p.logs.HasLogGroup(group) {
		return
	}
	stream := p.stream(apiID+"_"+stage, at.UTC())
	if !p.logs.HasLogStream(group, stream) {
		err := p.emulator.createLog(ctx, "delivery.logs.amazonaws.com", "CreateLogStream", &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String(stream)})
		if err != nil {
			return
		}
	}
	_ = p.logs.Write(group, stream, p.emulator.cfg.Clock(), []logs.Event{{Time: at, Message: line}}) // lost, as on AWS
}

// WriteExecution appends to the execution log of a stage or of its canary. The
// gateway makes the group (guide, "Set up CloudWatch API logging"); its streams are
// named by 32 hexadecimal digits there (public logs), here it has one.
func (p *dataPlane) WriteExecution(ctx context.Context, apiID, stage string, canary bool, lines []executeapi.LogLine) {
	group := "API-Gateway-Execution-Logs_" + apiID + "/" + stage
	if canary {
		group += "/Canary"
	}
	name := sha256.Sum256([]byte(group))
	stream := fmt.Sprintf("%x", name[:16])
	for _, part := range []struct {
		has       bool
		operation string
		input     any
	}{
		{p.logs.HasLogGroup(group), "CreateLogGroup", &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group)}},
		{p.logs.HasLogStream(group, stream), "CreateLogStream", &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String(stream)}},
	} {
		if part.has {
			continue
		}
		if err := p.emulator.createLog(ctx, "apigateway.amazonaws.com", part.operation, part.input); err != nil {
			return // lost, as on AWS
		}
	}
	events := make([]logs.Event, len(lines))
	for i, line := range lines {
		events[i] = logs.Event{Time: line.Time, Message: line.Text}
	}
	_ = p.logs.Write(group, stream, p.emulator.cfg.Clock(), events)
}

// stream names the stream that a stage's access log goes to: for the first minute
// of the day in which this emulator wrote to it.
func (p *dataPlane) stream(name string, at time.Time) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	began, ok := p.began[name]
	if !ok || began.YearDay() != at.YearDay() || began.Year() != at.Year() {
		began = at
		if p.began == nil || len(p.began) > 1000 { // of APIs that are long gone
			p.began = map[string]time.Time{}
		}
		p.began[name] = began
	}
	return name + began.Format("-2006-01-02-15-04")
}

// trace keeps what became of a request, and tells followers of changes that there
// was one: it may matter to a check.
func (p *dataPlane) trace(t executeapi.Trace) {
	p.emulator.traces.publish(t)
	p.emulator.changes.publish(change{Service: "execute-api", Operation: "Invoke", Lesson: t.Lesson, Check: t.Check})
}

// ownCall is a call that a service makes on its own behalf.
func (e *Emulator) ownCall(principal, service, operation string) *awsproto.Call {
	random := rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))
	if e.cfg.NewRand != nil {
		random = e.cfg.NewRand()
	}
	return &awsproto.Call{
		Service: service, Operation: operation, RequestID: awsproto.UUID(random), Time: e.cfg.Clock(), Rand: random,
		Account: e.cfg.Account, Region: e.cfg.Region, Principal: principal,
	}
}
