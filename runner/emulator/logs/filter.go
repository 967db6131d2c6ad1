package logs

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"awslab/runner/emulator/awsproto"
)

// candidate is an event that lies in the streams and the time of a search, and
// is still to be compared with the pattern.
type candidate struct {
	entry
	stream *stream
}

// searchToken is the page token of FilterLogEvents: the last event of the page
// before, the direction, and a print of the request it belongs to.
type searchToken struct {
	Time     int64  `json:"t"`
	Seq      uint64 `json:"s"`
	Backward bool   `json:"b,omitempty"`
	Print    uint64 `json:"p"`
}

// filterLogEvents answers with events of all streams by their time; interleaved
// is ignored, as AWS ignores it since 2019. Where more than a page fits, the
// token comes with a full page: AWS may also send short or empty ones before it
// has searched everything.
func (s *Service) filterLogEvents(ctx context.Context, in *cloudwatchlogs.FilterLogEventsInput) (*cloudwatchlogs.FilterLogEventsOutput, error) {
	limit, err := checkLimit(in.Limit, maxPageEvents, maxPageEvents)
	if err != nil {
		return nil, err
	}
	if len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != nil {
		return nil, invalid("logStreamNamePrefix and logStreamNames are mutually exclusive parameters.")
	}
	if len(in.LogStreamNames) > 100 {
		return nil, violation(fmt.Sprint(in.LogStreamNames), "logStreamNames", "Member must have length less than or equal to 100")
	}
	filter, err := parsePattern(aws.ToString(in.FilterPattern))
	if err != nil {
		return nil, err
	}
	after, err := parseSearchToken(in)
	if err != nil {
		return nil, err
	}
	file, found, err := s.candidates(in, after, awsproto.CallFrom(ctx).Time)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.FilterLogEventsOutput{Events: []types.FilteredLogEvent{}, SearchedLogStreams: []types.SearchedLogStream{}}
	bytes := int64(0)
	for _, c := range found {
		text, err := message(file, c.entry)
		if err != nil {
			return nil, err
		}
		if !filter.matches(text) {
			continue
		}
		bytes += int64(c.length) + eventOverhead
		if len(out.Events) == limit || bytes > maxPageBytes && len(out.Events) > 0 {
			out.NextToken = aws.String(after.String())
			break
		}
		after.Time, after.Seq = c.time, c.seq
		out.Events = append(out.Events, types.FilteredLogEvent{
			EventId:       aws.String(c.place(c.stream.ID).String()),
			IngestionTime: aws.Int64(c.ingested),
			LogStreamName: aws.String(c.stream.Name),
			Message:       aws.String(text),
			Timestamp:     aws.Int64(c.time),
		})
	}
	return out, nil
}

// candidates returns the events that a search must look at, in its order, with
// the file to read them from.
func (s *Service) candidates(in *cloudwatchlogs.FilterLogEventsInput, after searchToken, now time.Time) (backing, []candidate, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.identifyGroup(in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, nil, err
	}
	if err := s.ready(now); err != nil {
		return nil, nil, err
	}
	names := slices.Sorted(maps.Keys(g.Streams))
	if len(in.LogStreamNames) > 0 {
		names = nil
		for _, name := range in.LogStreamNames {
			if g.Streams[name] == nil {
				return nil, nil, noStream()
			}
			names = append(names, name)
		}
		slices.Sort(names)
		names = slices.Compact(names)
	}
	var found []candidate
	for _, name := range names {
		if !strings.HasPrefix(name, aws.ToString(in.LogStreamNamePrefix)) {
			continue
		}
		st := g.Streams[name]
		for _, e := range s.store.since(st.ID, max(g.cutoff(now), aws.ToInt64(in.StartTime))) {
			if in.EndTime != nil && e.time > *in.EndTime { // inclusive
				break
			}
			if in.NextToken == nil || after.before(e) {
				found = append(found, candidate{entry: e, stream: st})
			}
		}
	}
	slices.SortFunc(found, func(a, b candidate) int {
		if after.Backward {
			return b.compare(a.entry)
		}
		return a.compare(b.entry)
	})
	return s.store.file, found, nil
}

// before says whether an event comes after the token's in the search's order.
func (t searchToken) before(e entry) bool {
	order := e.compare(entry{time: t.Time, seq: t.Seq})
	if t.Backward {
		return order < 0
	}
	return order > 0
}

func (t searchToken) String() string {
	data, err := json.Marshal(t)
	if err != nil {
		panic(err) // numbers and a bool cannot fail
	}
	return base64.RawURLEncoding.EncodeToString(data)
}

// parseSearchToken returns where a search goes on. The token says in which
// direction; without one the request does.
func parseSearchToken(in *cloudwatchlogs.FilterLogEventsInput) (searchToken, error) {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%q %q %q %q %q", aws.ToString(in.LogGroupName), aws.ToString(in.LogGroupIdentifier), // a hash takes all that it is given
		aws.ToString(in.FilterPattern), aws.ToString(in.LogStreamNamePrefix), in.LogStreamNames)
	start := searchToken{Print: h.Sum64(), Backward: in.StartFromHead != nil && !*in.StartFromHead}
	if in.NextToken == nil {
		return start, nil
	}
	data, err := base64.RawURLEncoding.DecodeString(*in.NextToken)
	var t searchToken
	if err != nil || json.Unmarshal(data, &t) != nil || t.Print != start.Print {
		return t, badToken()
	}
	return t, nil
}
