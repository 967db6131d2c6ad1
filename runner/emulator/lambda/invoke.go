package lambda

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"

	"awslab/runner/emulator/awsproto"
)

// Limits of a payload in bytes (Lambda quotas).
const (
	maxSync  = 6291456
	maxAsync = 1048576
)

func (s *Service) invoke(ctx context.Context, in *lambda.InvokeInput) (*lambda.InvokeOutput, error) {
	call := awsproto.CallFrom(ctx)
	l, err := s.locate(call, in.FunctionName, in.Qualifier, ":"+latest)
	if err != nil {
		return nil, err
	}
	if err := checkPayload(in); err != nil {
		return nil, err
	}
	if call.Time.Before(l.version.Pending) {
		return nil, conflict("The operation cannot be performed at this time. The function is currently in the following state: Pending")
	}
	if in.DurableExecutionName != nil || in.TenantId != nil {
		return nil, awsproto.UnsupportedWith(call, "DurableExecutionName or TenantId")
	}
	switch in.InvocationType {
	case types.InvocationTypeDryRun:
		return &lambda.InvokeOutput{StatusCode: http.StatusNoContent}, nil
	case types.InvocationTypeEvent:
		if err := s.pool.enter(); err != nil {
			return nil, err
		}
		go s.later(call, in)
		return &lambda.InvokeOutput{StatusCode: http.StatusAccepted}, nil
	}
	if err := s.pool.enter(); err != nil {
		return nil, err
	}
	defer s.pool.calls.Done()
	result, err := s.execute(ctx, call, in)
	if err != nil {
		return nil, err
	}
	out := &lambda.InvokeOutput{StatusCode: http.StatusOK, Payload: result.payload, ExecutedVersion: aws.String(result.version)}
	if result.failed {
		out.FunctionError = aws.String("Unhandled")
	}
	if in.LogType == types.LogTypeTail {
		out.LogResult = aws.String(base64.StdEncoding.EncodeToString([]byte(tail(withoutInitStart(result.events)))))
	}
	return out, nil
}

// withoutInitStart leaves out what LogResult does not have (AWS-BEHAVIOUR §1.6).
func withoutInitStart(events []LogEvent) []LogEvent {
	kept := make([]LogEvent, 0, len(events))
	for _, event := range events {
		if len(event.Message) < 10 || event.Message[:10] != "INIT_START" {
			kept = append(kept, event)
		}
	}
	return kept
}

func checkPayload(in *lambda.InvokeInput) error {
	limit := maxSync
	if in.InvocationType == types.InvocationTypeEvent {
		limit = maxAsync
	}
	if len(in.Payload) > limit {
		return awsproto.Error("RequestEntityTooLargeException", http.StatusRequestEntityTooLarge,
			fmt.Sprintf("%d byte payload is too large for the %s invocation type (limit %d bytes)", len(in.Payload), typeName(in.InvocationType), limit))
	}
	if len(in.Payload) == 0 {
		in.Payload = []byte("{}")
	}
	var any json.RawMessage
	if err := json.Unmarshal(in.Payload, &any); err != nil {
		return &types.InvalidRequestContentException{Type: aws.String("User"), Message: aws.String("Could not parse request body into json: Could not parse payload into json: " + err.Error())}
	}
	return nil
}

func typeName(t types.InvocationType) string {
	if t == "" {
		return string(types.InvocationTypeRequestResponse)
	}
	return string(t)
}

// execute runs one invocation on an instance and sends off its log. An alias
// chooses its version now.
func (s *Service) execute(ctx context.Context, call *awsproto.Call, in *lambda.InvokeInput) (outcome, error) {
	l, err := s.locate(call, in.FunctionName, in.Qualifier, ":"+latest)
	if err != nil {
		return outcome{}, err
	}
	v := l.version
	if l.target.alias() {
		if chosen, ok := l.function.version(l.Aliases[l.target.qualifier].choose(call.Rand)); ok {
			v = chosen
		}
	}
	i, err := s.pool.acquire(v, l.Reserved, func() string { return streamName(s.cfg.Clock(), v.Number, call) })
	switch {
	case errors.Is(err, errNoRoom):
		return outcome{}, throttled(types.ThrottleReasonConcurrentInvocationLimitExceeded)
	case errors.Is(err, errReserved):
		return outcome{}, throttled(types.ThrottleReasonReservedFunctionConcurrentInvocationLimitExceeded)
	case err != nil:
		return outcome{}, awsproto.Error("ServiceException", http.StatusInternalServerError, "awslab could not start the function: "+err.Error())
	}
	if i.version.Build != v.Build {
		s.pool.release(i, true, s.current)
		return s.execute(ctx, call, in)
	}
	next := &invocation{
		requestID: call.RequestID, arn: l.arn, payload: in.Payload,
		traceID: fmt.Sprintf("Root=1-%08x-%012x%012x;Parent=%016x;Sampled=0", call.Time.Unix(), call.Rand.Uint64()>>16, call.Rand.Uint64()>>16, call.Rand.Uint64()),
	}
	if in.ClientContext != nil {
		decoded, err := base64.StdEncoding.DecodeString(*in.ClientContext)
		if err == nil {
			next.clientContext = string(decoded)
		}
	}
	result := i.run(next, time.Duration(v.Timeout)*time.Second)
	result.version = v.Number
	s.log(ctx, i, result.events)
	s.pool.release(i, result.retire, s.current)
	return result, nil
}

// throttled is the error of an invocation for which there is no room (its text:
// erlcloud, erlcloud_lambda_tests.erl).
func throttled(reason types.ThrottleReason) error {
	return &types.TooManyRequestsException{Type: aws.String("User"), Message: aws.String("Rate Exceeded."), Reason: reason}
}

// streamName is as on AWS: the day, the version, 32 hex digits.
func streamName(now time.Time, version string, call *awsproto.Call) string {
	return fmt.Sprintf("%s/[%s]%016x%016x", now.UTC().Format("2006/01/02"), version, call.Rand.Uint64(), call.Rand.Uint64())
}

// log writes an invocation's lines, if the role may. What cannot be written is
// lost, as on AWS: the invocation is answered all the same.
func (s *Service) log(ctx context.Context, i *instance, events []LogEvent) {
	ctx = context.WithoutCancel(ctx)
	group := "arn:aws:logs:" + i.region + ":" + s.cfg.Account + ":log-group:" + i.version.LogGroup
	if !i.streamed {
		if !s.cfg.Roles.Allows(i.version.Role, "logs:CreateLogStream", group+":*") || !s.cfg.Roles.Allows(i.version.Role, "logs:CreateLogGroup", group+":*") {
			return
		}
		if s.cfg.Logs.CreateLogStream(ctx, i.version.LogGroup, i.stream) != nil {
			return
		}
		i.streamed = true
	}
	if !s.cfg.Roles.Allows(i.version.Role, "logs:PutLogEvents", group+":log-stream:"+i.stream) {
		return
	}
	err := s.cfg.Logs.PutLogEvents(ctx, i.version.LogGroup, i.stream, events)
	if err != nil {
		// The group was deleted under the running instance: AWS makes it again.
		i.streamed = false
		if s.cfg.Logs.CreateLogStream(ctx, i.version.LogGroup, i.stream) == nil {
			i.streamed = s.cfg.Logs.PutLogEvents(ctx, i.version.LogGroup, i.stream, events) == nil
		}
	}
}
