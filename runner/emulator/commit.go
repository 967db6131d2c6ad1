package emulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"reflect"
	"time"

	"awslab/runner/emulator/awsproto"
	"awslab/runner/emulator/sts"
	"awslab/runner/journal"
	"awslab/runner/text"
)

// do carries out one call. Changes run one at a time and are on disk before
// they are answered, so the journal's order is the order of what happened;
// reads see only what is on disk. While the services are ahead of a journal that
// could not be written and cannot be read again, every call is refused.
func (e *Emulator) do(ctx context.Context, op *awsproto.Operation, input any) (any, error) {
	if !e.enter() {
		return nil, errClosing
	}
	defer e.calls.Done()
	if err := e.settle(); err != nil {
		return nil, errBehind(err)
	}
	call := awsproto.CallFrom(ctx)
	if err := sts.Admit(call); err != nil {
		return nil, err
	}
	switch op.Effect {
	case awsproto.Reads:
		e.commit.RLock()
		defer e.commit.RUnlock()
		if e.behind != nil { // since settle
			return nil, errBehind(e.behind)
		}
		return op.Do(ctx, input)
	case awsproto.Runs:
		output, err := op.Do(ctx, input)
		e.changes.publish(change{Service: call.Service, Operation: call.Operation, Lesson: call.Lesson, Check: call.Check})
		return output, err
	default:
		output, err := e.change(ctx, call, op, input)
		e.changes.publish(change{Service: call.Service, Operation: call.Operation, Lesson: call.Lesson, Check: call.Check})
		return output, err
	}
}

var (
	errClosing = awsproto.Error("ServiceUnavailableException", http.StatusServiceUnavailable, "the emulator is closing")
	errBehind  = func(err error) error {
		return awsproto.Error("ServiceUnavailableException", http.StatusServiceUnavailable, "the emulator could not record a call, and cannot read its journal again: "+err.Error())
	}
	errRecorded = func(err error) error {
		return awsproto.Error("ServiceUnavailableException", http.StatusServiceUnavailable, "the emulator could not record this call, so it did not happen: "+err.Error())
	}
)

// change validates and applies a mutating call and records it, under the lock.
func (e *Emulator) change(ctx context.Context, call *awsproto.Call, op *awsproto.Operation, input any) (any, error) {
	e.commit.Lock()
	defer e.commit.Unlock()
	if e.behind != nil { // since settle
		return nil, errBehind(e.behind)
	}
	seed := [2]uint64{call.Rand.Uint64(), call.Rand.Uint64()}
	if call.Time.Before(e.latest) {
		call.Time = e.latest // a clock that was set back does not turn the order round
	}
	call.Time = call.Time.UTC().Truncate(time.Microsecond)
	e.latest = call.Time
	call.Rand = rand.New(rand.NewPCG(seed[0], seed[1]))
	call.Strict = e.cfg.Strict
	if e.journal == nil {
		return op.Do(ctx, input)
	}
	record := journal.Record{
		Time: call.Time, Seed: seed, Service: call.Service, Operation: call.Operation, Region: call.Region,
		Endpoint: call.Endpoint, Principal: call.Principal, RequestID: call.RequestID, Lesson: call.Lesson, Check: call.Check, Strict: call.Strict,
	}
	var err error
	if record.Input, record.Blobs, err = marshalInput(input, e.blobs); err != nil {
		return nil, errRecorded(err)
	}
	if input, err = asRecorded(record.Input, record.Blobs, input); err != nil {
		return nil, errRecorded(err)
	}
	recorded := false
	defer func() {
		if !recorded { // it could not be written, or the handler panicked
			e.reload()
		}
	}()
	output, callErr := op.Do(ctx, input)
	if record.Output, record.Error, err = answerOf(output, callErr); err == nil {
		err = e.journal.Append(&record)
	}
	if err != nil {
		return nil, errRecorded(err)
	}
	recorded = true
	if e.journal.SnapshotDue() {
		e.snapshot()
	}
	return output, callErr
}

// answerOf is what the journal keeps of an answer, and what a replay has to
// give again.
func answerOf(output any, refused error) (data json.RawMessage, message string, err error) {
	if refused == nil {
		data, err = json.Marshal(output)
	} else {
		message = refused.Error()
	}
	return data, message, err
}

// apply does a recorded call again.
func (e *Emulator) apply(record journal.Record) error {
	op, ok := e.operations[record.Service+":"+record.Operation]
	if !ok {
		return &ReplayError{&text.Cause{Says: func(c *text.Causes) string { return c.NotEmulated }}}
	}
	input := reflect.New(op.Input).Interface()
	if err := unmarshalInput(record.Input, record.Blobs, input, e.blobs); err != nil {
		return err
	}
	call := &awsproto.Call{
		Service: record.Service, Operation: record.Operation, RequestID: record.RequestID,
		Time: record.Time, Rand: rand.New(rand.NewPCG(record.Seed[0], record.Seed[1])),
		Account: e.cfg.Account, Region: record.Region, Endpoint: record.Endpoint, Principal: record.Principal, Check: record.Check, Lesson: record.Lesson, Strict: record.Strict,
	}
	e.latest = record.Time
	output, message, err := answerOf(op.Do(awsproto.WithCall(context.Background(), call), input))
	if err != nil {
		return err
	}
	// What was refused changed nothing, and may be refused in other words now.
	if (message == "") != (record.Error == "") {
		return &ReplayError{&text.Cause{Says: func(c *text.Causes) string { return c.AnswersError }, Args: text.Args{"now": message, "then": record.Error}}}
	}
	if !bytes.Equal(output, record.Output) {
		return &ReplayError{&text.Cause{Says: func(c *text.Causes) string { return c.AnswersOutput }, Args: text.Args{"now": string(output), "then": string(record.Output)}}}
	}
	return nil
}

// ReplayError says that a recorded call gives another answer now: another
// awslab wrote the journal. The journal was left as it is.
type ReplayError struct{ Why error }

func (e *ReplayError) Error() string { return "the call replays differently: " + e.Why.Error() }

// Unwrap gives what differs.
func (e *ReplayError) Unwrap() error { return e.Why }

// replay is how the services take up a journal.
func (e *Emulator) replay() journal.Replay {
	return journal.Replay{Restore: e.restore, Apply: e.apply, Notice: e.cfg.Notice}
}

// reload goes back to the state that is recorded. When that fails, the emulator
// is behind until [Emulator.settle] succeeds. The caller holds the lock.
func (e *Emulator) reload() { e.behind = e.journal.Reload(e.replay()) }

// settle tries again what reload could not do.
func (e *Emulator) settle() error {
	e.commit.RLock()
	behind := e.behind
	e.commit.RUnlock()
	if behind == nil {
		return nil
	}
	e.commit.Lock()
	defer e.commit.Unlock()
	if e.behind != nil {
		e.reload()
	}
	return e.behind
}

// saved is the state in a snapshot.
type saved struct {
	Latest   time.Time       `json:"latest"` // time of the last change
	Services json.RawMessage `json:"services"`
}

// restore puts all services into a snapshotted state; nil empties them.
func (e *Emulator) restore(state []byte) error {
	var from saved
	services := map[string]json.RawMessage{}
	if state != nil {
		if err := json.Unmarshal(state, &from); err != nil {
			return err
		}
		if err := json.Unmarshal(from.Services, &services); err != nil {
			return err
		}
	}
	e.latest = from.Latest
	for name, service := range e.stateful {
		if err := service.Restore(services[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	e.executeAPI.ForgetAuthorizers() // what they said is of another time
	return nil
}

// snapshot saves the state of all services. Failing costs only time at the
// next start, so it is told and not answered. The caller holds the lock.
func (e *Emulator) snapshot() {
	services, err := e.dump()
	var state []byte
	if err == nil {
		state, err = json.Marshal(saved{e.latest, services})
	}
	if err == nil {
		err = e.journal.Snapshot(state)
	}
	if err != nil {
		e.cfg.Notice(&text.Cause{Says: func(c *text.Causes) string { return c.NoSnapshot }, Err: err})
	}
}

// dump is the state of all services, deterministic to the byte.
func (e *Emulator) dump() ([]byte, error) {
	all := map[string]json.RawMessage{}
	for name, service := range e.stateful {
		state, err := service.Snapshot()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all[name] = state
	}
	return json.Marshal(all)
}
