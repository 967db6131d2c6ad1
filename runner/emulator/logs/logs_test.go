package logs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/awsproto"
)

const groupName = "/aws/lambda/myFunc1"

// start is the time at which every world begins.
var start = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)

// world is a service and a way to call it through its table, as awsproto does.
type world struct {
	*testing.T
	*Service
	call    *awsproto.Call
	notices *[]error
}

func newWorld(t *testing.T, dir string) world {
	t.Helper()
	call := &awsproto.Call{Time: start, Rand: rand.New(rand.NewPCG(1, 2))}
	var notices []error
	w := world{t, New(Config{Account: "123456789012", Region: "ap-northeast-2", Dir: dir, Notice: func(err error) { notices = append(notices, err) }}), call, &notices}
	t.Cleanup(func() {
		if err := w.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
			t.Error(err)
		}
	})
	return w
}

// do calls the operation of an input's type.
func do[O any](w world, input any) (*O, error) {
	w.Helper()
	name := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", input), "*cloudwatchlogs."), "Input")
	for _, op := range w.Operations() {
		if op.Name == name {
			out, err := op.Do(awsproto.WithCall(context.Background(), w.call), input)
			if err != nil {
				return nil, err
			}
			return out.(*O), nil
		}
	}
	w.Fatalf("no operation %s", name)
	return nil, nil
}

// must calls an operation that has to succeed.
func must[O any](w world, input any) *O {
	w.Helper()
	out, err := do[O](w, input)
	if err != nil {
		w.Fatal(err)
	}
	return out
}

func (w world) create(streams ...string) {
	w.Helper()
	must[cloudwatchlogs.CreateLogGroupOutput](w, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(groupName)})
	for _, name := range streams {
		must[cloudwatchlogs.CreateLogStreamOutput](w, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: &name})
	}
}

// put writes lines one millisecond apart, the first at the world's time.
func (w world) put(stream string, lines ...string) {
	w.Helper()
	var events []types.InputLogEvent
	for i, line := range lines {
		events = append(events, types.InputLogEvent{Timestamp: aws.Int64(w.call.Time.UnixMilli() + int64(i)), Message: aws.String(line)})
	}
	must[cloudwatchlogs.PutLogEventsOutput](w, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: &stream, LogEvents: events})
}

func (w world) filter(pattern string) []string {
	w.Helper()
	out := must[cloudwatchlogs.FilterLogEventsOutput](w, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName), FilterPattern: &pattern})
	return filtered(out)
}

func filtered(out *cloudwatchlogs.FilterLogEventsOutput) []string {
	lines := []string{}
	for _, event := range out.Events {
		lines = append(lines, *event.Message)
	}
	return lines
}

func got(out *cloudwatchlogs.GetLogEventsOutput) []string {
	lines := []string{}
	for _, event := range out.Events {
		lines = append(lines, *event.Message)
	}
	return lines
}

func wantError(t *testing.T, err error, code, message string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), code) || !strings.Contains(err.Error(), message) {
		t.Errorf("got error %v, want %s: %s", err, code, message)
	}
}

func equal(t *testing.T, want, got any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want (-) got (+):\n%s", diff)
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("s")
	must[cloudwatchlogs.CreateLogGroupOutput](w, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("other"), Tags: map[string]string{"a": "b"}})
	_, err := do[cloudwatchlogs.CreateLogGroupOutput](w, &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("other")})
	var exists *types.ResourceAlreadyExistsException
	if !errors.As(err, &exists) || *exists.Message != "The specified log group already exists" {
		t.Errorf("creating twice: %v", err)
	}
	w.put("s", "hello")
	must[cloudwatchlogs.PutRetentionPolicyOutput](w, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(groupName), RetentionInDays: aws.Int32(7)})
	groups := must[cloudwatchlogs.DescribeLogGroupsOutput](w, &cloudwatchlogs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/aws/lambda/")}).LogGroups
	if len(groups) != 1 {
		t.Fatalf("%d groups", len(groups))
	}
	g := groups[0]
	equal(t, "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/myFunc1:*", *g.Arn)
	equal(t, "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/myFunc1", *g.LogGroupArn)
	equal(t, start.UnixMilli(), *g.CreationTime)
	equal(t, int64(5+26), *g.StoredBytes)
	equal(t, int32(7), *g.RetentionInDays)
	must[cloudwatchlogs.DeleteRetentionPolicyOutput](w, &cloudwatchlogs.DeleteRetentionPolicyInput{LogGroupName: aws.String(groupName)})
	page := must[cloudwatchlogs.DescribeLogGroupsOutput](w, &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(1)})
	equal(t, groupName, *page.LogGroups[0].LogGroupName)
	if page.LogGroups[0].RetentionInDays != nil || page.NextToken == nil {
		t.Errorf("first page: %+v", page)
	}
	page = must[cloudwatchlogs.DescribeLogGroupsOutput](w, &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(1), NextToken: page.NextToken})
	if len(page.LogGroups) != 1 || *page.LogGroups[0].LogGroupName != "other" || page.NextToken != nil {
		t.Errorf("second page: %+v", page)
	}
	must[cloudwatchlogs.DeleteLogGroupOutput](w, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(groupName)})
	_, err = do[cloudwatchlogs.DeleteLogGroupOutput](w, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: aws.String(groupName)})
	var missing *types.ResourceNotFoundException
	if !errors.As(err, &missing) || *missing.Message != "The specified log group does not exist." {
		t.Errorf("deleting twice: %v", err)
	}
	w.create("s")
	equal(t, []string{}, w.filter("")) // a new group has none of the old one's events
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("s")
	event := func(ms int64, text string) types.InputLogEvent {
		return types.InputLogEvent{Timestamp: &ms, Message: &text}
	}
	now := start.UnixMilli()
	put := func(stream string, events ...types.InputLogEvent) *cloudwatchlogs.PutLogEventsInput {
		return &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: &stream, LogEvents: events}
	}
	many := make([]types.InputLogEvent, 11)
	for i := range many {
		many[i] = event(now, strings.Repeat("x", 100000))
	}
	for want, input := range map[string]any{
		"Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+": &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String("a b")},
		"Value 'a:b' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*":               &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("a:b")},
		"The specified log stream already exists":                                                                    &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("s")},
		"The specified log group does not exist.":                                                                    &cloudwatchlogs.CreateLogStreamInput{LogGroupName: aws.String("none"), LogStreamName: aws.String("s")},
		"The specified log stream does not exist.":                                                                   put("none", event(now, "x")),
		"Log events in a single PutLogEvents request must be in chronological order.":                                put("s", event(now, "x"), event(now-1, "x")),
		"cannot span more than 24 hours":                                                                             put("s", event(now-25*3600*1000, "x"), event(now, "x")),
		"Upload too large: 1100286 bytes exceeds limit of 1048576":                                                   put("s", many...),
		"Log event too large: 1048577 bytes exceeds limit of 1048576":                                                put("s", event(now, strings.Repeat("x", 1048551))),
		"Value '51' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50":        &cloudwatchlogs.DescribeLogGroupsInput{Limit: aws.Int32(51)},
		"Value '2' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [1, 3, 5,": &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(groupName), RetentionInDays: aws.Int32(2)},
		"Cannot order by LastEventTime with a logStreamNamePrefix.":                                                  &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(groupName), OrderBy: types.OrderByLastEventTime, LogStreamNamePrefix: aws.String("s")},
		"LogGroup name and LogGroup ARN are mutually exclusive parameters.":                                          &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: aws.String(groupName), LogGroupIdentifier: aws.String(groupName)},
		"The specified nextToken is invalid.":                                                                        &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("s"), NextToken: aws.String("x")},
		"Invalid filter pattern: Invalid character(s) in term 'a.b'":                                                 &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName), FilterPattern: aws.String("a.b")},
		"Invalid filter pattern: If a filter pattern starts with '{' it must end with '}'":                           &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName), FilterPattern: aws.String("{ $.a = 1")},
		"The specified resource does not exist.":                                                                     &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:logs:ap-northeast-2:123456789012:log-group:none")},
	} {
		_, err := do[struct{}](w, input)
		wantError(t, err, "", want)
	}
}

func TestStreams(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("a", "b", "c")
	w.put("b", "first")
	w.call.Time = start.Add(time.Minute)
	w.put("a", "second", "third")
	names := func(in cloudwatchlogs.DescribeLogStreamsInput) []string {
		in.LogGroupName = aws.String(groupName)
		all := []string{}
		for {
			out := must[cloudwatchlogs.DescribeLogStreamsOutput](w, &in)
			for _, st := range out.LogStreams {
				all = append(all, *st.LogStreamName)
			}
			if out.NextToken == nil {
				return all
			}
			in.NextToken = out.NextToken
		}
	}
	equal(t, []string{"a", "b", "c"}, names(cloudwatchlogs.DescribeLogStreamsInput{}))
	equal(t, []string{"a", "b", "c"}, names(cloudwatchlogs.DescribeLogStreamsInput{Limit: aws.Int32(1)}))
	equal(t, []string{"c", "b", "a"}, names(cloudwatchlogs.DescribeLogStreamsInput{Descending: aws.Bool(true), Limit: aws.Int32(2)}))
	equal(t, []string{"a", "b", "c"}, names(cloudwatchlogs.DescribeLogStreamsInput{OrderBy: types.OrderByLastEventTime, Descending: aws.Bool(true)}))
	equal(t, []string{"b"}, names(cloudwatchlogs.DescribeLogStreamsInput{LogStreamNamePrefix: aws.String("b")}))
	out := must[cloudwatchlogs.DescribeLogStreamsOutput](w, &cloudwatchlogs.DescribeLogStreamsInput{
		LogGroupIdentifier: aws.String("arn:aws:logs:ap-northeast-2:123456789012:log-group:" + groupName), LogStreamNamePrefix: aws.String("a"),
	})
	st := out.LogStreams[0]
	equal(t, "arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/myFunc1:log-stream:a", *st.Arn)
	equal(t, start.Add(time.Minute).UnixMilli(), *st.FirstEventTimestamp)
	equal(t, start.Add(time.Minute).UnixMilli()+1, *st.LastEventTimestamp)
	equal(t, start.Add(time.Minute).UnixMilli(), *st.LastIngestionTime)
	equal(t, int64(0), *st.StoredBytes) //nolint:staticcheck // AWS still sends it, as 0
	must[cloudwatchlogs.DeleteLogStreamOutput](w, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("a")})
	equal(t, []string{"b", "c"}, names(cloudwatchlogs.DescribeLogStreamsInput{}))
	equal(t, []string{"first"}, w.filter(""))
}

func TestGetLogEventsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("s")
	in := cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("s")}
	empty := must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{}, got(empty))
	w.put("s", "1", "2", "3", "4", "5")

	// A reader that followed the empty stream's token misses nothing.
	follow := in
	follow.NextToken = empty.NextForwardToken
	equal(t, []string{"1", "2", "3", "4", "5"}, got(must[cloudwatchlogs.GetLogEventsOutput](w, &follow)))

	// Without a token, the latest come, in the order of time; backwards to the start.
	in.Limit = aws.Int32(2)
	page := must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{"4", "5"}, got(page))
	if token := *page.NextForwardToken; !strings.HasPrefix(token, "f/") || !strings.HasSuffix(token, "/s") || len(token) != 60 {
		t.Errorf("token %q", token)
	}
	in.NextToken = page.NextBackwardToken
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{"2", "3"}, got(page))
	in.NextToken = page.NextBackwardToken
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{"1"}, got(page))
	in.NextToken = page.NextBackwardToken
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{}, got(page))
	equal(t, *in.NextToken, *page.NextBackwardToken) // the end: the same token
	in.NextToken = page.NextForwardToken
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{"1", "2"}, got(page)) // and back again

	// Forwards to the end, where the token stays the same until more comes.
	in.NextToken, in.StartFromHead, in.Limit = nil, aws.Bool(true), aws.Int32(4)
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{"1", "2", "3", "4"}, got(page))
	in.NextToken = page.NextForwardToken
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{"5"}, got(page))
	in.NextToken = page.NextForwardToken
	page = must[cloudwatchlogs.GetLogEventsOutput](w, &in)
	equal(t, []string{}, got(page))
	equal(t, *in.NextToken, *page.NextForwardToken)
	back := in
	back.NextToken = page.NextBackwardToken
	equal(t, []string{"2", "3", "4", "5"}, got(must[cloudwatchlogs.GetLogEventsOutput](w, &back)))
	w.call.Time = start.Add(time.Second)
	w.put("s", "6")
	equal(t, []string{"6"}, got(must[cloudwatchlogs.GetLogEventsOutput](w, &in)))

	// From inclusive, to exclusive.
	in = cloudwatchlogs.GetLogEventsInput{
		LogGroupName: in.LogGroupName, LogStreamName: in.LogStreamName,
		StartTime: aws.Int64(start.UnixMilli() + 1), EndTime: aws.Int64(start.UnixMilli() + 3),
	}
	equal(t, []string{"2", "3"}, got(must[cloudwatchlogs.GetLogEventsOutput](w, &in)))
}

func TestFilterLogEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("a", "b")
	w.put("a", "START RequestId: 1", "[ERROR] no order", "END RequestId: 1")
	w.call.Time = start.Add(time.Millisecond)
	w.put("b", "START RequestId: 2", "a \"quoted\" word", "WARN one")
	for pattern, want := range map[string][]string{
		"":                       {"START RequestId: 1", "[ERROR] no order", "START RequestId: 2", "END RequestId: 1", `a "quoted" word`, "WARN one"},
		"RequestId START":        {"START RequestId: 1", "START RequestId: 2"},
		"start":                  {},
		`"RequestId: 1"`:         {"START RequestId: 1", "END RequestId: 1"},
		`RequestId -START`:       {"END RequestId: 1"},
		`-"RequestId: 1" -"[ER"`: {"START RequestId: 2", `a "quoted" word`, "WARN one"},
		"?ERROR ?WARN":           {"[ERROR] no order", "WARN one"},
		"?ERROR order":           {"[ERROR] no order"},
		`"\"quoted\""`:           {`a "quoted" word`},
		"%[A-Z]+ RequestId: 2%":  {"START RequestId: 2"},
	} {
		t.Run(pattern, func(t *testing.T) { equal(t, want, w.filter(pattern)) })
	}
	in := cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName), FilterPattern: aws.String("RequestId"), Limit: aws.Int32(1)}
	var all []string
	for {
		out := must[cloudwatchlogs.FilterLogEventsOutput](w, &in)
		all = append(all, filtered(out)...)
		if out.NextToken == nil {
			break
		}
		in.NextToken = out.NextToken
	}
	equal(t, []string{"START RequestId: 1", "START RequestId: 2", "END RequestId: 1"}, all)
	in.NextToken, in.Limit = nil, aws.Int32(2)
	in.StartFromHead = aws.Bool(false)
	equal(t, []string{"END RequestId: 1", "START RequestId: 2"}, filtered(must[cloudwatchlogs.FilterLogEventsOutput](w, &in)))
	in.StartFromHead, in.LogStreamNames = nil, []string{"b"}
	out := must[cloudwatchlogs.FilterLogEventsOutput](w, &in)
	equal(t, []string{"START RequestId: 2"}, filtered(out))
	equal(t, "b", *out.Events[0].LogStreamName)
	if id := *out.Events[0].EventId; len(id) != 56 {
		t.Errorf("event id %q has %d digits, AWS's have 56", id, len(id))
	}
	in.LogStreamNames, in.StartTime, in.EndTime = nil, aws.Int64(start.UnixMilli()+1), aws.Int64(start.UnixMilli()+2)
	equal(t, []string{"START RequestId: 2", "END RequestId: 1"}, filtered(must[cloudwatchlogs.FilterLogEventsOutput](w, &in))) // both inclusive
}

func TestRejectedEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("s")
	put := func(from time.Duration, count int) *types.RejectedLogEventsInfo {
		var events []types.InputLogEvent
		for i := range count {
			at := start.Add(from + time.Duration(i)*time.Hour).UnixMilli()
			events = append(events, types.InputLogEvent{Timestamp: &at, Message: aws.String("x")})
		}
		return must[cloudwatchlogs.PutLogEventsOutput](w, &cloudwatchlogs.PutLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("s"), LogEvents: events}).RejectedLogEventsInfo
	}
	if info := put(-time.Hour, 2); info != nil {
		t.Errorf("sound events: %+v", info)
	}
	if info := put(-14*24*time.Hour-90*time.Minute, 4); info == nil || *info.TooOldLogEventEndIndex != 2 || info.TooNewLogEventStartIndex != nil {
		t.Errorf("old events: %+v", info)
	}
	if info := put(time.Hour, 4); info == nil || *info.TooNewLogEventStartIndex != 2 {
		t.Errorf("new events: %+v", info)
	}
	must[cloudwatchlogs.PutRetentionPolicyOutput](w, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(groupName), RetentionInDays: aws.Int32(1)})
	if info := put(-25*time.Hour, 3); info == nil || *info.ExpiredLogEventEndIndex != 1 {
		t.Errorf("expired events: %+v", info)
	}
	equal(t, 2+2+2, len(w.filter(""))) // the second batch has expired by now
}

func TestRetention(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("s")
	w.put("s", "old")
	w.call.Time = start.Add(36 * time.Hour)
	w.put("s", "new")
	equal(t, []string{"old", "new"}, w.filter(""))
	must[cloudwatchlogs.PutRetentionPolicyOutput](w, &cloudwatchlogs.PutRetentionPolicyInput{LogGroupName: aws.String(groupName), RetentionInDays: aws.Int32(1)})
	equal(t, []string{"new"}, w.filter(""))
	equal(t, []string{"new"}, got(must[cloudwatchlogs.GetLogEventsOutput](w, &cloudwatchlogs.GetLogEventsInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("s")})))
}

func TestTags(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create()
	arn := aws.String("arn:aws:logs:ap-northeast-2:123456789012:log-group:" + groupName)
	must[cloudwatchlogs.TagResourceOutput](w, &cloudwatchlogs.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "1", "b": "2"}})
	must[cloudwatchlogs.TagLogGroupOutput](w, &cloudwatchlogs.TagLogGroupInput{LogGroupName: aws.String(groupName), Tags: map[string]string{"c": "3"}})
	must[cloudwatchlogs.UntagResourceOutput](w, &cloudwatchlogs.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}})
	must[cloudwatchlogs.UntagLogGroupOutput](w, &cloudwatchlogs.UntagLogGroupInput{LogGroupName: aws.String(groupName), Tags: []string{"none"}})
	equal(t, map[string]string{"b": "2", "c": "3"}, must[cloudwatchlogs.ListTagsForResourceOutput](w, &cloudwatchlogs.ListTagsForResourceInput{ResourceArn: arn}).Tags)
	equal(t, map[string]string{"b": "2", "c": "3"}, must[cloudwatchlogs.ListTagsLogGroupOutput](w, &cloudwatchlogs.ListTagsLogGroupInput{LogGroupName: aws.String(groupName)}).Tags)
}

// reopen makes a service anew from a snapshot, as after a restart.
func (w world) reopen(dir string) world {
	w.Helper()
	state, err := w.Snapshot()
	if err != nil {
		w.Fatal(err)
	}
	next := newWorld(w.T, dir)
	next.call.Time = w.call.Time
	if err := next.Restore(state); err != nil {
		w.Fatal(err)
	}
	again, err := next.Snapshot()
	if err != nil {
		w.Fatal(err)
	}
	equal(w.T, string(state), string(again))
	return next
}

func TestEventsSurvive(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "logs")
	w := newWorld(t, dir)
	w.create("s", "gone")
	w.put("s", "by the API")
	w.put("gone", "by nobody")
	if err := w.Write(groupName, "s", start, []Event{{start.Add(-time.Second), "by Lambda, earlier"}, {start.Add(time.Second), ""}}); err != nil {
		t.Fatal(err)
	}
	must[cloudwatchlogs.DeleteLogStreamOutput](w, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("gone")})
	want := []string{"by Lambda, earlier", "by the API", ""}
	equal(t, want, w.filter(""))

	// Killed: nothing was closed.
	killed := w.reopen(dir)
	equal(t, want, killed.filter(""))
	first := must[cloudwatchlogs.FilterLogEventsOutput](w, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName)})
	second := must[cloudwatchlogs.FilterLogEventsOutput](killed, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName)})
	equal(t, *first.Events[1].EventId, *second.Events[1].EventId)

	// Killed in the middle of a record.
	path := filepath.Join(dir, storeName)
	sound, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{1, 4, 9, 30} {
		if err := os.WriteFile(path, sound[:len(sound)-cut], 0o600); err != nil {
			t.Fatal(err)
		}
		torn := w.reopen(dir)
		equal(t, []string{"by the API"}, torn.filter(""))
		if n := *torn.notices; len(n) != 1 || !strings.HasSuffix(n[0].Error(), path+".torn") {
			t.Errorf("cut by %d bytes: notices are %v", cut, n)
		}
		torn.put("s", "after")
		equal(t, []string{"by the API", "after"}, torn.filter(""))
	}

	// Damaged in the middle: refused, and left as it is.
	damaged := append([]byte(nil), sound...)
	damaged[len(storeMagic)+recordHead+5] ^= 1
	if err := os.WriteFile(path, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := w.reopen(dir)
	if err := broken.Open(); err == nil || !strings.Contains(err.Error(), "damaged at offset 20") {
		t.Errorf("opening a damaged store: %v", err)
	}
	_, err = do[cloudwatchlogs.FilterLogEventsOutput](broken, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName)})
	wantError(t, err, "", "damaged at offset 20")
	if now, err := os.ReadFile(path); err != nil || string(now) != string(damaged) {
		t.Errorf("the damaged store was changed (%v)", err)
	}
}

func TestCompaction(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	w := newWorld(t, dir)
	w.create("s", "gone")
	w.put("s", "one", "two")
	for range 30 {
		w.put("gone", strings.Repeat("x", 100000))
	}
	w.put("s", "three")
	must[cloudwatchlogs.DeleteLogStreamOutput](w, &cloudwatchlogs.DeleteLogStreamInput{LogGroupName: aws.String(groupName), LogStreamName: aws.String("gone")})
	before := must[cloudwatchlogs.FilterLogEventsOutput](w, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName)})
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	w = w.reopen(dir)
	after := must[cloudwatchlogs.FilterLogEventsOutput](w, &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(groupName)})
	equal(t, []string{"one", "three", "two"}, filtered(after))
	for i := range before.Events {
		equal(t, *before.Events[i].EventId, *after.Events[i].EventId)
	}
	info, err := os.Stat(filepath.Join(dir, storeName))
	if err != nil || info.Size() > 1000 {
		t.Errorf("store has %d bytes, %v", info.Size(), err)
	}
	w.put("s", "four")
	equal(t, 4, len(w.reopen(dir).filter("")))
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, t.TempDir())
	w.create("a", "b")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				if i%2 == 0 {
					w.put("a", "api")
				} else if err := w.Write(groupName, "b", start, []Event{{start, "lambda"}}); err != nil {
					t.Error(err)
				}
				w.filter("api")
			}
		})
	}
	group.Wait()
	equal(t, 160, len(w.filter("")))
}

func TestHas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("s")
	equal(t, []bool{true, false, true, false}, []bool{
		w.HasLogGroup(groupName), w.HasLogGroup("none"), w.HasLogStream(groupName, "s"), w.HasLogStream("none", "s"),
	})
	wantError(t, w.Write(groupName, "none", start, []Event{{start, "x"}}), "ResourceNotFoundException", "The specified log stream does not exist.")
}

func TestSnapshotOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.create("b", "a")
	state, err := w.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	var plain map[string]any
	if err := json.Unmarshal(state, &plain); err != nil || strings.Index(string(state), `"a"`) > strings.Index(string(state), `"b"`) {
		t.Errorf("%s, %v", state, err)
	}
}

func FuzzToken(f *testing.F) {
	f.Add(token{place: place{time: 1, stream: 2, seq: 3}}.String())
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := parseToken(text)
		if err != nil {
			return
		}
		again, err := parseToken(parsed.String())
		if err != nil || again != parsed {
			t.Fatalf("%q is %+v and then %+v, %v", text, parsed, again, err)
		}
	})
}

func FuzzSearchToken(f *testing.F) {
	f.Add(searchToken{Time: 1, Seq: 2, Backward: true}.String())
	f.Add("e30")
	f.Fuzz(func(t *testing.T, text string) {
		in := &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("g"), NextToken: &text}
		parsed, err := parseSearchToken(in)
		if err != nil {
			return
		}
		again := parsed.String()
		in.NextToken = &again
		if second, err := parseSearchToken(in); err != nil || second != parsed {
			t.Fatalf("%q is %+v and then %+v, %v", text, parsed, second, err)
		}
	})
}

// BenchmarkWrite is what a warm invocation's three lines cost it.
func BenchmarkWrite(b *testing.B) {
	s := New(Config{Account: "123456789012", Region: "ap-northeast-2", Dir: b.TempDir()})
	defer func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	}()
	s.groups["g"] = &group{Name: "g", Streams: map[string]*stream{"s": {Name: "s", ID: 1}}}
	events := []Event{{start, "START RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95 Version: $LATEST\n"}, {start, "END RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\n"}, {start, "REPORT RequestId: 8f507cfc-xmpl-4697-b07a-ac58fc914c95\tDuration: 2.03 ms\t\n"}}
	for b.Loop() {
		if err := s.Write("g", "s", start, events); err != nil {
			b.Fatal(err)
		}
	}
}
