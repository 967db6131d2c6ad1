package executeapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Decision is what a policy says to a question.
type Decision int

// The decisions. What no statement is about is [Undecided], which denies too.
const (
	Undecided Decision = iota
	Allowed
	Denied
)

// Question is what a policy is asked: may this be done, by a request that comes
// with these?
type Question struct {
	Action, Resource             string
	SourceIP, UserAgent, Referer string
}

// Policy is a policy document that was read. Several may ask it at a time.
type Policy func(Question) Decision

// authorizerTimeout is how long a Lambda authorizer of an HTTP API may take (guide,
// quotas).
const authorizerTimeout = 10 * time.Second

// verdict is what a Lambda authorizer said. It is not changed.
type verdict struct {
	simple    bool // it said yes or no; else policy decides
	allowed   bool
	policy    Policy
	document  string // the policy as it came
	principal string
	usageKey  string
	context   map[string]json.RawMessage // nil: none, or no Lambda authorizer
	size      int                        // of the answer, in bytes
}

var errUnauthorized = errors.New("Unauthorized")

// verdicts are a stage's cached ones.
type verdicts struct {
	mu   sync.Mutex
	kept map[verdictKey]keptVerdict
	size int // of what is kept, in bytes
}

// verdictKey is what a verdict holds for: the values of all identity sources, on
// all routes and methods (AWS-BEHAVIOUR §1.1, §1.5).
type verdictKey struct {
	authorizer, identity string
	canary               bool // of a REST API
}

// newVerdictKey joins the values of identity sources, whatever is in them.
func newVerdictKey(authorizer string, sources []string) verdictKey {
	var b strings.Builder
	for _, source := range sources {
		b.WriteString(strings.ReplaceAll(source, "\x00", "\x00\x00"))
		b.WriteString("\x00\x01")
	}
	return verdictKey{authorizer: authorizer, identity: b.String()}
}

type keptVerdict struct {
	verdict *verdict
	until   time.Time
}

// These bound the cache; beyond them, those that are past go, or all.
const (
	maxVerdicts     = 4096
	maxVerdictBytes = 32 << 20
)

func (v *verdicts) get(key verdictKey, now time.Time) (*verdict, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	kept, ok := v.kept[key]
	if !ok || !now.Before(kept.until) {
		return nil, false
	}
	return kept.verdict, true
}

func (v *verdicts) put(key verdictKey, said *verdict, now time.Time, ttl time.Duration) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.drop(key)
	full := func() bool {
		return len(v.kept) >= maxVerdicts || len(v.kept) > 0 && v.size+said.size > maxVerdictBytes
	}
	if full() {
		for k, kept := range v.kept {
			if !now.Before(kept.until) {
				v.drop(k)
			}
		}
		if full() {
			clear(v.kept)
			v.size = 0
		}
	}
	if v.kept == nil {
		v.kept = map[verdictKey]keptVerdict{}
	}
	v.kept[key] = keptVerdict{said, now.Add(ttl)}
	v.size += said.size
}

// drop forgets one, if there is one. The caller holds the lock.
func (v *verdicts) drop(key verdictKey) {
	if kept, ok := v.kept[key]; ok {
		v.size -= kept.verdict.size
		delete(v.kept, key)
	}
}

// authorizerARN is the aws:SourceArn of an authorizer's invocation.
func (x *exchange) authorizerARN(id string) string {
	return "arn:aws:execute-api:" + x.h.cfg.Region + ":" + x.h.cfg.Account + ":" + x.at.api + "/authorizers/" + id
}

// consult asks an authorizer's function. The error is [context.Canceled] where
// nobody waits for the answer any more, and says else why there is none.
func (x *exchange) consult(function string, event []byte, limit time.Duration) (Reply, error) {
	ctx, cancel := x.within(limit)
	defer cancel()
	reply, err := x.h.cfg.Functions.Invoke(ctx, Invocation{FunctionARN: function, Payload: event, Lesson: x.lesson, Check: x.check})
	x.invoked(reply)
	switch {
	case err != nil && errors.Is(context.Cause(ctx), errTimeout):
		return reply, &lateError{limit}
	case err != nil && x.r.Context().Err() != nil:
		return reply, context.Canceled
	}
	return reply, err
}

// lateError says that an authorizer took too long.
type lateError struct{ limit time.Duration }

func (e *lateError) Error() string { return "it had not answered after " + e.limit.String() }

// question is what the policy of an authorizer is asked of the request.
func (x *exchange) question(path string) Question {
	return Question{
		Action: "execute-api:Invoke", Resource: x.arn(x.r.Method, path),
		SourceIP: x.sourceIP, UserAgent: x.r.UserAgent(), Referer: x.r.Referer(),
	}
}

// readPolicy reads a policyDocument.
func (h *Handler) readPolicy(document []byte) (Policy, error) {
	policy, err := h.cfg.Roles.ReadPolicy(string(document))
	if err != nil {
		return nil, errors.New("its policyDocument is no policy: " + err.Error())
	}
	return policy, nil
}

// readContext reads what an authorizer passes on, without what is dropped; the map
// is never nil.
func readContext(members map[string]json.RawMessage, texts bool, dropped ...string) (map[string]json.RawMessage, error) {
	passed := map[string]json.RawMessage{}
	if raw, ok := present(members, "context"); ok {
		if json.Unmarshal(raw, &passed) != nil {
			return nil, errors.New("its context is no object")
		}
	}
	for _, name := range dropped {
		delete(passed, name)
	}
	for _, name := range slices.Sorted(maps.Keys(passed)) {
		value, err := contextValue(passed[name], texts)
		if err != nil {
			return nil, errors.New("its context." + clip(name) + " " + err.Error())
		}
		passed[name] = value
	}
	return passed, nil
}

// contextValue is a value that an authorizer passes on: a string, whatever it was,
// and nothing nested (REST APIs, and HTTP APIs in format 1.0); or what it was.
func contextValue(raw json.RawMessage, texts bool) (json.RawMessage, error) {
	if !texts {
		var b bytes.Buffer
		if err := json.Compact(&b, raw); err != nil {
			return nil, err
		}
		return b.Bytes(), nil
	}
	value, ok := scalar(raw)
	if !ok {
		return nil, errors.New("is neither text nor number nor boolean")
	}
	return appendString(nil, value), nil
}
