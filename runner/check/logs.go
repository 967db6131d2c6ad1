package check

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// logsCheck looks for the lines of a log group: the group exists (logs.missing,
// logs.near-miss), has lines that the filter picks (logs.none), of calls that
// no check made (logs.only-checks), written since the step began where that is
// asked for (logs.old), in the expected number (logs.count), with the expected
// texts (logs.line). Without an expectation, one line is enough.
type logsCheck struct {
	group, filter string
	sinceStep     bool
	count         matcher
	lines         []matcher
}

// longest is how long a Lambda function may run: how far back a call may have
// begun whose lines are looked at (AWS's limit, 900 s).
const longest = 15 * time.Minute

func compileLogs(r *reader) looker {
	f := r.fields(r.subject, "logs", "group", "since", "filter")
	c := &logsCheck{group: f.Required("group", "/aws/lambda/myFunc1"), filter: f.Text("filter")}
	switch since := f.Text("since"); since {
	case "":
	case "step":
		c.sinceStep = true
	default:
		f.Wrong(f.Get("since"), "logs.since", "since", since)
	}
	r.done(f)
	e := r.expect("count", "lines")
	c.count, c.lines = r.matcher(e.Get("count")), r.lines(e, "lines")
	r.done(e)
	return c
}

func (c *logsCheck) look(ctx context.Context, p *probe) verdict {
	group, err := p.expand(ctx, c.group)
	if err != nil {
		return unexpanded(err)
	}
	filter, err := p.expand(ctx, c.filter)
	if err != nil {
		return unexpanded(err)
	}
	p.lag = true
	if v, ok := c.exists(ctx, p, group); !ok {
		return v
	}
	events, err := c.events(ctx, p, group, filter)
	if err != nil {
		if v, ok := undecidable(err); ok {
			return v
		}
		return failed(Finding{Code: callRefused, Subject: group, Found: shorten(reason(err)), Args: map[string]string{"call": "FilterLogEvents"}})
	}
	return c.judge(ctx, p, group, filter, events)
}

// exists looks for the group, by its exact name.
func (c *logsCheck) exists(ctx context.Context, p *probe, group string) (verdict, bool) {
	op, _ := operation("logs.DescribeLogGroups")
	out, err := p.pages(ctx, op, map[string]any{"logGroupNamePrefix": group})
	if v, ok := undecidable(err); ok {
		return v, false
	}
	if err != nil {
		return failed(Finding{Code: callRefused, Subject: group, Found: shorten(reason(err)), Args: map[string]string{"call": op.Name}}), false
	}
	for _, g := range out.(*cloudwatchlogs.DescribeLogGroupsOutput).LogGroups {
		if aws.ToString(g.LogGroupName) == group {
			return verdict{}, true
		}
	}
	f := Finding{Code: logsMissing, Subject: group}
	if near := p.near(ctx, "logs.logGroupName", group); near != "" {
		f.Code, f.Expected, f.Found = logsNearMiss, group, near
	}
	return onItsWay(f), false
}

// line is one event, and whose it is.
type line struct {
	text    string
	when    time.Time
	picked  bool // by the filter
	request string
}

// events gives the group's events, oldest first within each stream, each with
// the request that wrote it. The service itself says which ones the filter
// picks; those between are needed to know whose they are.
func (c *logsCheck) events(ctx context.Context, p *probe, group, filter string) ([]line, error) {
	from := int64(0)
	if c.sinceStep && !p.StepStarted.IsZero() {
		from = p.StepStarted.Add(-longest).UnixMilli()
	}
	if filter == "" {
		all, err := c.read(ctx, p, group, "", from)
		return owned(all, nil), err
	}
	picked, err := c.read(ctx, p, group, filter, from)
	if err != nil || len(picked) == 0 {
		return nil, err
	}
	ids := make(map[string]bool, len(picked))
	oldest := aws.ToInt64(picked[0].Timestamp)
	for _, e := range picked {
		ids[eventKey(e)] = true
		oldest = min(oldest, aws.ToInt64(e.Timestamp))
	}
	all, err := c.read(ctx, p, group, "", max(0, oldest-longest.Milliseconds()))
	return owned(all, ids), err
}

func eventKey(e types.FilteredLogEvent) string {
	if id := aws.ToString(e.EventId); id != "" {
		return id
	}
	return fmt.Sprint(aws.ToString(e.LogStreamName), aws.ToInt64(e.Timestamp), aws.ToString(e.Message))
}

// read gives the events from a time on, in milliseconds since 1970.
func (c *logsCheck) read(ctx context.Context, p *probe, group, filter string, from int64) ([]types.FilteredLogEvent, error) {
	op, _ := operation("logs.FilterLogEvents")
	input := map[string]any{"logGroupName": group}
	if filter != "" {
		input["filterPattern"] = filter
	}
	if from > 0 {
		input["startTime"] = json.Number(fmt.Sprint(from))
	}
	out, err := p.pages(ctx, op, input)
	if err != nil {
		return nil, err
	}
	return out.(*cloudwatchlogs.FilterLogEventsOutput).Events, nil
}

var (
	startLine  = regexp.MustCompile(`^START RequestId: ([0-9a-fA-F-]+)`)
	reportLine = regexp.MustCompile(`^REPORT RequestId: ([0-9a-fA-F-]+)`)
)

// owned says for each event which request wrote it. An instance of a function
// answers one call at a time, so a stream is a row of segments from START to
// REPORT; what stands before a START (the start of Python, the prints of the
// module) was caused by that call, what follows a REPORT with no START after it
// by the last.
func owned(events []types.FilteredLogEvent, picked map[string]bool) []line {
	lines := make([]line, len(events))
	streams := map[string][]int{}
	for i, e := range events {
		stream := aws.ToString(e.LogStreamName)
		streams[stream] = append(streams[stream], i)
		lines[i] = line{text: aws.ToString(e.Message), when: time.UnixMilli(aws.ToInt64(e.Timestamp)), picked: picked == nil || picked[eventKey(e)]}
	}
	for _, indexes := range streams {
		current, waiting := "", 0 // waiting: events since the last REPORT
		for n, i := range indexes {
			begins, ends := edges(lines[i].text)
			switch {
			case begins != "":
				current = begins
				for _, j := range indexes[n-waiting : n] {
					lines[j].request = begins
				}
				lines[i].request, waiting = begins, 0
			case ends != "":
				lines[i].request, current, waiting = ends, "", 0
			case current != "":
				lines[i].request = current
			default:
				waiting++
			}
		}
		if n := len(indexes); waiting > 0 && waiting < n {
			last := lines[indexes[n-waiting-1]].request
			for _, j := range indexes[n-waiting:] {
				lines[j].request = last
			}
		}
	}
	return lines
}

// edges gives the request that a line begins or ends, in Lambda's text or JSON
// log format.
func edges(text string) (begins, ends string) {
	if m := startLine.FindStringSubmatch(text); m != nil {
		return m[1], ""
	}
	if m := reportLine.FindStringSubmatch(text); m != nil {
		return "", m[1]
	}
	if !strings.HasPrefix(text, `{`) || !strings.Contains(text, `"platform.`) {
		return "", ""
	}
	var event struct {
		Type   string
		Record struct{ RequestID string }
	}
	if json.Unmarshal([]byte(text), &event) != nil {
		return "", ""
	}
	switch event.Type {
	case "platform.start":
		return event.Record.RequestID, ""
	case "platform.report":
		return "", event.Record.RequestID
	}
	return "", ""
}

// judge counts the lines that are evidence of the student's work.
func (c *logsCheck) judge(ctx context.Context, p *probe, group, filter string, events []line) verdict {
	since := time.Time{}
	if c.sinceStep {
		since = p.StepStarted.Truncate(time.Millisecond)
		if !p.Emulator {
			since = since.Add(-2 * time.Second) // AWS's clock is not ours
		}
	}
	var texts []string
	checks, old := 0, 0
	for _, e := range events {
		switch {
		case !e.picked:
		case p.caused(e):
			checks++
		case e.when.Before(since):
			old++
		default:
			texts = append(texts, strings.TrimRight(e.text, "\r\n\t "))
		}
	}
	args := map[string]string{"filter": filter, "group": group, "checks": fmt.Sprint(checks), "old": fmt.Sprint(old)}
	if c.count != nil {
		wrong, err := c.count.match(ctx, p.World, number(len(texts)))
		if err != nil {
			return unexpanded(err)
		}
		if wrong != nil {
			return onItsWay(c.few(group, args, wrong.expected, len(texts), checks, old))
		}
	} else if len(texts) == 0 && len(c.lines) == 0 {
		return onItsWay(c.few(group, args, "≥ 1", 0, checks, old))
	}
	var findings []Finding
	for _, m := range c.lines {
		wrong, err := anyLine(ctx, p.World, m, texts)
		if err != nil {
			return unexpanded(err)
		}
		if wrong == nil {
			continue
		}
		f := Finding{Code: logsLine, Subject: group, Expected: wrong.expected, Found: shorten(strings.Join(tail(texts, 5), "\n")), Args: args}
		if len(texts) == 0 {
			f = c.few(group, args, wrong.expected, 0, checks, old)
		}
		findings = append(findings, f)
	}
	v := failed(findings...)
	v.pending = len(findings) > 0
	return v
}

// requestID is the id of a request to an API, as API Gateway's execution logs and
// most access logs have it: of a REST API, or of an HTTP API.
var requestID = regexp.MustCompile(`\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|[A-Za-z0-9_-]{15}=`)

// caused reports whether a check caused a line: it belongs to an invocation of a
// check's, or it names a check's request to an API.
func (p *probe) caused(e line) bool {
	if e.request != "" {
		return p.isProbe(e.request)
	}
	return slices.ContainsFunc(requestID.FindAllString(e.text, -1), p.isProbe)
}

// few says why there are other lines than expected.
func (c *logsCheck) few(group string, args map[string]string, expected string, found, checks, old int) Finding {
	f := Finding{Code: logsCount, Subject: group, Expected: expected, Found: fmt.Sprint(found), Args: args}
	switch {
	case found > 0:
	case old > 0:
		f.Code = logsOld
	case checks > 0:
		f.Code = logsOnlyChecks
	default:
		f.Code = logsNone
	}
	return f
}

func tail(list []string, n int) []string { return list[max(0, len(list)-n):] }
