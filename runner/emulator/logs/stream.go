package logs

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"awslab/runner/emulator/awsproto"
)

// stream is one log stream, as it is kept in snapshots. ID is its name in the
// store: a stream that is deleted and made again gets another one, and none of
// the old events.
type stream struct {
	Name    string `json:"name"`
	Created int64  `json:"created"` // ms since 1970
	ID      uint64 `json:"id,string"`
}

// findStream returns a group and a stream of it. The caller holds the lock.
func (s *Service) findStream(groupName, streamName string) (*group, *stream, error) {
	g := s.groups[groupName]
	if g == nil {
		return nil, nil, noGroup()
	}
	st := g.Streams[streamName]
	if st == nil {
		return nil, nil, noStream()
	}
	return g, st, nil
}

func (s *Service) createLogStream(ctx context.Context, in *cloudwatchlogs.CreateLogStreamInput) (*cloudwatchlogs.CreateLogStreamOutput, error) {
	call := awsproto.CallFrom(ctx)
	if err := checkStreamName("logStreamName", in.LogStreamName); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if g.Streams[*in.LogStreamName] != nil {
		return nil, &types.ResourceAlreadyExistsException{Message: aws.String("The specified log stream already exists")}
	}
	g.Streams[*in.LogStreamName] = &stream{
		Name:    *in.LogStreamName,
		Created: call.Time.UnixMilli(),
		ID:      call.Rand.Uint64(),
	}
	return &cloudwatchlogs.CreateLogStreamOutput{}, nil
}

func (s *Service) deleteLogStream(_ context.Context, in *cloudwatchlogs.DeleteLogStreamInput) (*cloudwatchlogs.DeleteLogStreamOutput, error) {
	if err := checkStreamName("logStreamName", in.LogStreamName); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	st := g.Streams[*in.LogStreamName]
	if st == nil {
		return nil, noStream()
	}
	s.store.forget(st.ID)
	delete(g.Streams, st.Name)
	return &cloudwatchlogs.DeleteLogStreamOutput{}, nil
}

func (s *Service) describeLogStreams(ctx context.Context, in *cloudwatchlogs.DescribeLogStreamsInput) (*cloudwatchlogs.DescribeLogStreamsOutput, error) {
	now := awsproto.CallFrom(ctx).Time
	order := in.OrderBy
	if order == "" {
		order = types.OrderByLogStreamName
	}
	if !slices.Contains(order.Values(), order) {
		return nil, violation(string(order), "orderBy", "Member must satisfy enum value set: [LogStreamName, LastEventTime]")
	}
	if order == types.OrderByLastEventTime && in.LogStreamNamePrefix != nil {
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	limit, err := checkLimit(in.Limit, 50, 50)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.ready(now); err != nil {
		return nil, err
	}
	g, err := s.identifyGroup(in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	var chosen []types.LogStream
	for _, st := range g.Streams {
		if strings.HasPrefix(st.Name, aws.ToString(in.LogStreamNamePrefix)) {
			chosen = append(chosen, s.describeStream(g, st, now))
		}
	}
	slices.SortFunc(chosen, func(a, b types.LogStream) int {
		byName := cmp.Compare(*a.LogStreamName, *b.LogStreamName)
		if order == types.OrderByLastEventTime {
			byName = cmp.Or(cmp.Compare(aws.ToInt64(a.LastEventTimestamp), aws.ToInt64(b.LastEventTimestamp)), byName)
		}
		if aws.ToBool(in.Descending) {
			return -byName
		}
		return byName
	})
	names := make([]string, len(chosen))
	for i, st := range chosen {
		names[i] = *st.LogStreamName
	}
	page, next, err := namePage(names, in.NextToken, limit)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.DescribeLogStreamsOutput{LogStreams: []types.LogStream{}, NextToken: next}
	if len(page) > 0 {
		from := slices.Index(names, page[0])
		out.LogStreams = append(out.LogStreams, chosen[from:from+len(page)]...)
	}
	return out, nil
}

// describeStream is the stream as answers show it. storedBytes is 0 always:
// AWS gave up counting streams in 2019. The caller holds the lock.
func (s *Service) describeStream(g *group, st *stream, now time.Time) types.LogStream {
	out := types.LogStream{
		Arn:           aws.String(s.groupARN(g.Name) + ":log-stream:" + st.Name),
		CreationTime:  aws.Int64(st.Created),
		LogStreamName: aws.String(st.Name),
		StoredBytes:   aws.Int64(0), //nolint:staticcheck // AWS still sends it, as 0
	}
	if entries := s.store.since(st.ID, g.cutoff(now)); len(entries) > 0 {
		out.FirstEventTimestamp = aws.Int64(entries[0].time)
		out.LastEventTimestamp = aws.Int64(entries[len(entries)-1].time)
		out.LastIngestionTime = aws.Int64(s.store.ingested(st.ID))
		out.UploadSequenceToken = aws.String(place{time: entries[len(entries)-1].ingested, stream: st.ID}.String())
	}
	return out
}
