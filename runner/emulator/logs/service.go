// Package logs is the emulator's Amazon CloudWatch Logs: groups, streams and
// events, retention, tags. Metric filters, subscriptions, Logs Insights and
// Live Tail are not emulated.
//
// Start at [New] and [Service.Operations]. group.go and stream.go hold what is
// journaled: names, times, retention, tags. events.go writes and reads events,
// filter.go searches them, pattern.go understands filter patterns, token.go has
// the places in a stream to which page tokens point. store.go is the log-event
// store, a file of its own beside the journal; the comment of its type says which
// calls are durable when.
//
// Lambda's own lines come in through [Service.Write], which is cheaper than the
// API's PutLogEvents and not journaled either.
//
// AWS's wording was taken from moto 5.2.1, LocalStack's recordings of real AWS
// (tests/aws/services/logs/test_logs.snapshot.json), the API reference, and
// the issues that comments name. The package imports awsproto and the SDK,
// nothing else of awslab.
package logs

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"awslab/runner/emulator/awsproto"
)

// Config says whose logs these are and where their events are kept.
type Config struct {
	// Account and Region stand in ARNs.
	Account, Region string
	// Dir is the folder of the log-event store; it is made when it is first
	// needed. Empty: events are kept in memory and are gone after Close.
	Dir string
	// Notice, if set, is told what happened to the store that a person should
	// know: a torn record that was dropped, say.
	Notice func(error)
}

// Service holds the log groups of one account in one region. It is safe for
// concurrent use.
type Service struct {
	account, region string

	mu     sync.Mutex // guards groups and all they hold, and the store's index
	groups map[string]*group
	store  *store
}

// New returns a service without log groups. It does not touch the disk: the
// store is opened by [Service.Open], or by the first call that needs it.
func New(config Config) *Service {
	return &Service{
		account: config.Account,
		region:  config.Region,
		groups:  map[string]*group{},
		store:   newStore(config.Dir, config.Notice),
	}
}

// Open opens the log-event store. Calling it after the journal was replayed
// brings mistakes to light early; later calls do nothing. An error means that
// the file is damaged or cannot be read: nothing of it was changed.
func (s *Service) Open() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.open()
}

// Close flushes the store to the disk and closes it.
func (s *Service) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.store.close()
}

// Operations is the service's table.
func (s *Service) Operations() []awsproto.Operation {
	return []awsproto.Operation{
		awsproto.RPC("CreateLogGroup", s.createLogGroup),
		awsproto.RPC("CreateLogStream", s.createLogStream),
		awsproto.RPC("DeleteLogGroup", s.deleteLogGroup),
		awsproto.RPC("DeleteLogStream", s.deleteLogStream),
		awsproto.RPC("DeleteRetentionPolicy", s.deleteRetentionPolicy),
		awsproto.RPC("DescribeLogGroups", s.describeLogGroups),
		awsproto.RPC("DescribeLogStreams", s.describeLogStreams),
		awsproto.RPC("FilterLogEvents", s.filterLogEvents),
		awsproto.RPC("GetLogEvents", s.getLogEvents),
		awsproto.RPC("ListTagsForResource", s.listTagsForResource),
		awsproto.RPC("ListTagsLogGroup", s.listTagsLogGroup),
		awsproto.RPC("PutLogEvents", s.putLogEvents).Running(),
		awsproto.RPC("PutRetentionPolicy", s.putRetentionPolicy),
		awsproto.RPC("TagLogGroup", s.tagLogGroup),
		awsproto.RPC("TagResource", s.tagResource),
		awsproto.RPC("UntagLogGroup", s.untagLogGroup),
		awsproto.RPC("UntagResource", s.untagResource),
	}
}

// Event is one line that goes into a stream.
type Event struct {
	Time    time.Time // kept to the millisecond
	Message string
}

// Write appends events to a stream at the time now, as the Lambda service does:
// without PutLogEvents' limits on age and size, in the order given. When it
// returns, the events are seen by readers and survive the death of this
// process; they reach the disk within a tenth of a second (see store.go).
// It fails as PutLogEvents does when the group or the stream does not exist.
func (s *Service) Write(groupName, streamName string, now time.Time, events []Event) error {
	if len(events) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	_, st, err := s.findStream(groupName, streamName)
	if err != nil {
		return err
	}
	if err := s.ready(now); err != nil {
		return err
	}
	_, err = s.store.append(st.ID, now.UnixMilli(), events)
	if err != nil {
		return err
	}
	s.store.flushSoon()
	return nil
}

// HasLogGroup says whether a group exists.
func (s *Service) HasLogGroup(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.groups[name] != nil
}

// HasLogStream says whether a stream exists.
func (s *Service) HasLogStream(groupName, streamName string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, _, err := s.findStream(groupName, streamName)
	return err == nil
}

// ready opens the store and, the first time, drops the events of streams that
// are no more and those past their retention. Only calls that are never
// replayed may use it: before the journal is replayed no stream is known. The
// caller holds the lock.
func (s *Service) ready(now time.Time) error {
	if err := s.store.open(); err != nil {
		return err
	}
	if s.store.settled {
		return nil
	}
	cutoffs := map[uint64]int64{}
	for _, g := range s.groups {
		for _, st := range g.Streams {
			cutoffs[st.ID] = g.cutoff(now)
		}
	}
	return s.store.settle(cutoffs)
}

// snapshot is the state without the events: groups in the order of their names.
type snapshot struct {
	Groups []*groupState `json:"groups"`
}

type groupState struct {
	group
	Streams []*stream `json:"streams"`
}

// Snapshot returns the state without the events, which have a file of their
// own; equal states give equal bytes.
func (s *Service) Snapshot() (json.RawMessage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	state := snapshot{Groups: []*groupState{}}
	for _, name := range slices.Sorted(maps.Keys(s.groups)) {
		g := s.groups[name]
		one := &groupState{group: *g, Streams: []*stream{}}
		for _, name := range slices.Sorted(maps.Keys(g.Streams)) {
			one.Streams = append(one.Streams, g.Streams[name])
		}
		state.Groups = append(state.Groups, one)
	}
	return json.Marshal(state)
}

// Restore replaces the state by an earlier snapshot; nil empties it. Events
// stay where they are and belong to the streams that have them.
func (s *Service) Restore(data json.RawMessage) error {
	var state snapshot
	if len(data) > 0 {
		if err := json.Unmarshal(data, &state); err != nil {
			return fmt.Errorf("restore logs: %w", err)
		}
	}
	groups := map[string]*group{}
	for _, one := range state.Groups {
		g := one.group
		g.Streams = map[string]*stream{}
		for _, st := range one.Streams {
			g.Streams[st.Name] = st
		}
		groups[g.Name] = &g
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.groups = groups
	return nil
}
