package emulator

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/lambda"
	"awslab/runner/emulator/logs"
)

// logSink is where Lambda's log lines go. Groups and streams are made by the
// same journaled calls that anybody makes; events go straight to the store.
type logSink struct {
	emulator *Emulator
	logs     *logs.Service
}

// CreateLogStream makes a stream and its group, where they are missing.
func (s *logSink) CreateLogStream(ctx context.Context, group, stream string) error {
	if !s.logs.HasLogGroup(group) {
		err := s.emulator.createLog(ctx, "lambda.amazonaws.com", "CreateLogGroup", &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group)})
		if err != nil {
			return err
		}
	}
	if s.logs.HasLogStream(group, stream) {
		return nil
	}
	return s.emulator.createLog(ctx, "lambda.amazonaws.com", "CreateLogStream", &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String(stream)})
}

// createLog makes a call of CloudWatch Logs on a service's own behalf.
func (e *Emulator) createLog(ctx context.Context, principal, operation string, input any) error {
	call := e.ownCall(principal, "logs", operation)
	if outer, ok := awsproto.CallIn(ctx); ok {
		call.Lesson, call.Check = outer.Lesson, outer.Check
	}
	_, err := e.do(awsproto.WithCall(ctx, call), e.operations["logs:"+operation], input)
	var exists *types.ResourceAlreadyExistsException
	if errors.As(err, &exists) {
		return nil // somebody was quicker
	}
	return err
}

// PutLogEvents appends lines to a stream.
func (s *logSink) PutLogEvents(_ context.Context, group, stream string, events []lambda.LogEvent) error {
	lines := make([]logs.Event, len(events))
	for i, event := range events {
		lines[i] = logs.Event{Time: event.Time, Message: event.Message}
	}
	return s.logs.Write(group, stream, s.emulator.cfg.Clock(), lines)
}
