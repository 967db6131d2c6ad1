package logs

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"awslab/runner/emulator/awsproto"
)

// Limits of PutLogEvents, GetLogEvents and FilterLogEvents (API reference; an
// event may have 1 MB since 2025, 256 KB before).
const (
	maxBatchEvents = 10000
	maxBatchBytes  = 1048576
	maxEventBytes  = 1048576
	maxBatchSpan   = 24 * time.Hour
	maxEventAge    = 14 * 24 * time.Hour
	maxEventAhead  = 2 * time.Hour
	maxPageEvents  = 10000
	maxPageBytes   = 1048576
)

func millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

func (s *Service) putLogEvents(ctx context.Context, in *cloudwatchlogs.PutLogEventsInput) (*cloudwatchlogs.PutLogEventsOutput, error) {
	now := awsproto.CallFrom(ctx).Time
	if err := checkStreamName("logStreamName", in.LogStreamName); err != nil {
		return nil, err
	}
	if err := checkBatch(in.LogEvents); err != nil {
		return nil, err
	}
	out, flush, err := s.put(in, now)
	if err != nil {
		return nil, err
	}
	if err := flush(); err != nil {
		return nil, err
	}
	return out, nil
}

// put writes the events of a sound batch that are neither too old nor too new.
// flush brings them to the disk; it is called without the lock, so that others
// can write meanwhile.
func (s *Service) put(in *cloudwatchlogs.PutLogEventsInput, now time.Time) (out *cloudwatchlogs.PutLogEventsOutput, flush func() error, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.findGroup(in.LogGroupName)
	if err != nil {
		return nil, nil, err
	}
	st := g.Streams[*in.LogStreamName]
	if st == nil {
		return nil, nil, noStream()
	}
	if err := s.ready(now); err != nil {
		return nil, nil, err
	}
	from, to, rejected := accepted(in.LogEvents, now, g.cutoff(now))
	var events []Event
	for _, event := range in.LogEvents[from:to] {
		events = append(events, Event{Time: millis(*event.Timestamp), Message: *event.Message})
	}
	end := int64(0)
	if len(events) > 0 {
		if end, err = s.store.append(st.ID, now.UnixMilli(), events); err != nil {
			return nil, nil, err
		}
	}
	file := s.store.file
	return &cloudwatchlogs.PutLogEventsOutput{
		NextSequenceToken:     aws.String(place{time: now.UnixMilli(), stream: st.ID, seq: s.store.next}.String()),
		RejectedLogEventsInfo: rejected,
	}, func() error { return s.store.flusher.flush(file, end) }, nil
}

// checkBatch refuses a batch that AWS refuses whole (wordings:
// vectordotdev/vector#1483, maxbanton/cwh#101,
// nhs-england-tools/terraform-aws-opennext#27).
func checkBatch(events []types.InputLogEvent) error {
	if len(events) == 0 {
		return violation("[]", "logEvents", "Member must have length greater than or equal to 1")
	}
	if len(events) > maxBatchEvents {
		return violation(fmt.Sprintf("[%d events]", len(events)), "logEvents", "Member must have length less than or equal to 10000")
	}
	bytes := 0
	for i, event := range events {
		member := fmt.Sprintf("logEvents.%d.member", i+1)
		switch {
		case event.Timestamp == nil:
			return missing(member + ".timestamp")
		case *event.Timestamp < 0:
			return violation(fmt.Sprint(*event.Timestamp), member+".timestamp", "Member must have value greater than or equal to 0")
		case event.Message == nil:
			return missing(member + ".message")
		case *event.Message == "":
			return violation("", member+".message", "Member must have length greater than or equal to 1")
		case i > 0 && *event.Timestamp < *events[i-1].Timestamp:
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
		size := len(*event.Message) + eventOverhead
		if size > maxEventBytes {
			return invalid("Log event too large: %d bytes exceeds limit of %d", size, maxEventBytes)
		}
		bytes += size
	}
	if bytes > maxBatchBytes {
		return invalid("Upload too large: %d bytes exceeds limit of %d", bytes, maxBatchBytes)
	}
	if span := *events[len(events)-1].Timestamp - *events[0].Timestamp; span > maxBatchSpan.Milliseconds() {
		return invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	return nil
}

// accepted returns which part of a batch is neither too old, nor expired, nor
// too new, and what AWS says of the rest. Indexes as in
// RejectedLogEventsInfo: the ends are exclusive.
func accepted(events []types.InputLogEvent, now time.Time, expired int64) (from, to int, info *types.RejectedLogEventsInfo) {
	oldest, newest := now.Add(-maxEventAge).UnixMilli(), now.Add(maxEventAhead).UnixMilli()
	before := func(limit int64) int {
		at := slices.IndexFunc(events, func(e types.InputLogEvent) bool { return *e.Timestamp >= limit })
		if at < 0 {
			return len(events)
		}
		return at
	}
	from, to = 0, before(newest+1)
	rejected := types.RejectedLogEventsInfo{}
	if at := before(oldest); at > 0 {
		rejected.TooOldLogEventEndIndex = aws.Int32(int32(at))
		from = at
	}
	if at := before(expired); at > from {
		rejected.ExpiredLogEventEndIndex = aws.Int32(int32(at))
		from = at
	}
	if to < len(events) {
		rejected.TooNewLogEventStartIndex = aws.Int32(int32(to))
	}
	if rejected != (types.RejectedLogEventsInfo{}) {
		info = &rejected
	}
	return from, max(from, to), info
}

func (s *Service) getLogEvents(ctx context.Context, in *cloudwatchlogs.GetLogEventsInput) (*cloudwatchlogs.GetLogEventsOutput, error) {
	now := awsproto.CallFrom(ctx).Time
	if err := checkStreamName("logStreamName", in.LogStreamName); err != nil {
		return nil, err
	}
	limit, err := checkLimit(in.Limit, maxPageEvents, maxPageEvents)
	if err != nil {
		return nil, err
	}
	var from *token
	if in.NextToken != nil {
		parsed, err := parseToken(*in.NextToken)
		if err != nil {
			return nil, err
		}
		from = &parsed
	}
	file, id, page, err := s.page(in, from, limit, now)
	if err != nil {
		return nil, err
	}
	out := &cloudwatchlogs.GetLogEventsOutput{Events: []types.OutputLogEvent{}}
	for _, e := range page {
		text, err := message(file, e)
		if err != nil {
			return nil, err
		}
		out.Events = append(out.Events, types.OutputLogEvent{
			IngestionTime: aws.Int64(e.ingested), Message: aws.String(text), Timestamp: aws.Int64(e.time),
		})
	}
	back, forth := around(page, from, id)
	out.NextBackwardToken, out.NextForwardToken = aws.String(back.String()), aws.String(forth.String())
	return out, nil
}

// page returns the events of a page of GetLogEvents, copied, with the file to
// read them from and the id of their stream.
func (s *Service) page(in *cloudwatchlogs.GetLogEventsInput, from *token, limit int, now time.Time) (backing, uint64, []entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.identifyGroup(in.LogGroupName, in.LogGroupIdentifier)
	if err != nil {
		return nil, 0, nil, err
	}
	st := g.Streams[*in.LogStreamName]
	if st == nil {
		return nil, 0, nil, noStream()
	}
	if err := s.ready(now); err != nil {
		return nil, 0, nil, err
	}
	entries := s.store.since(st.ID, max(g.cutoff(now), aws.ToInt64(in.StartTime)))
	if in.EndTime != nil { // exclusive
		end, _ := slices.BinarySearchFunc(entries, entry{time: *in.EndTime}, entry.compare)
		entries = entries[:end]
	}
	backward := !aws.ToBool(in.StartFromHead)
	if from != nil {
		if from.place.stream != st.ID {
			return nil, 0, nil, badToken()
		}
		backward = from.backward
		at, found := slices.BinarySearchFunc(entries, entry{time: from.place.time, seq: from.place.seq}, entry.compare)
		if backward {
			entries = entries[:at]
		} else {
			if found {
				at++
			}
			entries = entries[at:]
		}
	}
	bytes, count := int64(0), 0
	for count < len(entries) && count < limit {
		e := entries[count]
		if backward {
			e = entries[len(entries)-1-count]
		}
		bytes += int64(e.length) + eventOverhead
		if bytes > maxPageBytes && count > 0 {
			break
		}
		count++
	}
	if backward {
		entries = entries[len(entries)-count:]
	}
	return s.store.file, st.ID, slices.Clone(entries[:count]), nil
}

// around returns the tokens of the pages before and behind a page. At an end,
// the token in that direction is the one that was asked with: that is how AWS
// says that there is no more.
func around(page []entry, asked *token, stream uint64) (back, forth token) {
	switch {
	case len(page) > 0:
		return token{backward: true, place: page[0].place(stream)}, token{place: page[len(page)-1].place(stream)}
	case asked == nil:
		start := place{stream: stream}
		return token{backward: true, place: start}, token{place: start}
	}
	// Events at the place itself are behind a token that looks back, and
	// before one that looks forth.
	back, forth = token{backward: true, place: asked.place}, token{place: asked.place}
	if asked.backward {
		if forth.place.seq > 0 {
			forth.place.seq--
		}
	} else {
		back.place.seq++
	}
	return back, forth
}
