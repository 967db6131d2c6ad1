package emulator

import (
	"context"
	"errors"
	"math/rand/v2"

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
		err := s.create(ctx, "CreateLogGroup", &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(group)})
		if err != nil {
			return err
		}
	}
	if s.logs.HasLogStream(group, stream) {
		return nil
	}
	return s.create(ctx, "CreateLogStream", &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(group), LogStreamName: aws.String(stream)})
}

// create makes a call on the Lambda service's own behalf.
func (s *logSink) create(ctx context.Context, operation string, input any) error {
	call := &awsproto.Call{
		Service: "logs", Operation: operation, RequestID: awsproto.UUID(rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))),
		Time: s.emulator.cfg.Clock(), Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())),
		Account: s.emulator.cfg.Account, Region: s.emulator.cfg.Region, Principal: "lambda.amazonaws.com",
	}
	if outer, ok := awsproto.CallIn(ctx); ok {
		call.Lesson, call.Check = outer.Lesson, outer.Check
	}
	_, err := s.emulator.do(awsproto.WithCall(ctx, call), s.emulator.operations["logs:"+operation], input)
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
