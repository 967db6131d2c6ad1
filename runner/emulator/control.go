package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"awslab/runner/emulator/upstream"
	"awslab/runner/journal"
)

// The control API is for awslab itself: signed like AWS's, with the service
// name "awslab" in the credential scope.
//
//	GET  /_awslab/info                      who serves
//	GET  /_awslab/changes?after=SEQ         a stream of changes, one JSON object a line; those to come, if there is no after
//	GET  /_awslab/traces?after=SEQ          the same of requests to APIs: see executeapi.Trace for the members
//	POST /_awslab/mark                      {"seq": N}: the record to rewind to
//	POST /_awslab/rewind {seq, lesson}      drop the later records, all of that lesson
//	PUT  /_awslab/upstreams {owner, upstreams}  what stands in for hosts outside: see upstream.Upstream
//	GET  /_awslab/dump                      the state of all services
const controlPrefix = "/_awslab/"

// change is one call that was answered and that may matter to a check.
type change struct {
	Seq       uint64 `json:"seq"` // counts from the emulator's start
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Lesson    string `json:"lesson,omitempty"`
	Check     bool   `json:"check,omitempty"` // made by a check
}

// How many changes and traces are kept.
const (
	keptChanges = 1024
	keptTraces  = 500
)

// maxControl bounds a call's body, in bytes: that of upstreams has a lesson's
// files in it, as base64.
const maxControl = 4 << 20

// control answers a call of the control API.
func (e *Emulator) control(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxControl))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	case err != nil:
		http.Error(w, "the request's body could not be read", http.StatusRequestTimeout)
		return
	}
	identity, err := e.verifier.Verify(r, body, e.cfg.Clock())
	if err != nil || identity.Service != "awslab" {
		http.Error(w, "this API is awslab's own: its calls are signed, for the service awslab", http.StatusForbidden)
		return
	}
	call := r.Method + " " + strings.TrimPrefix(r.URL.Path, controlPrefix)
	switch call { // these end by themselves when the emulator closes
	case "GET changes":
		e.changes.follow(w, r)
		return
	case "GET traces":
		e.traces.follow(w, r)
		return
	}
	if !e.enter() {
		http.Error(w, "the emulator is closing", http.StatusServiceUnavailable)
		return
	}
	defer e.calls.Done()
	switch call {
	case "GET info":
		answer(w, map[string]any{"pid": os.Getpid(), "account": e.cfg.Account, "region": e.cfg.Region})
	case "POST mark":
		e.mark(w)
	case "POST rewind":
		e.rewind(w, body)
	case "PUT upstreams":
		e.putUpstreams(w, body)
	case "GET dump":
		state, err := e.Dump()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, json.RawMessage(state))
	default:
		http.Error(w, "the control API has no such call", http.StatusNotFound)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a caller that went away hears nothing
}

func (e *Emulator) mark(w http.ResponseWriter) {
	if err := e.settle(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	e.commit.RLock()
	defer e.commit.RUnlock()
	if e.journal == nil {
		http.Error(w, "this emulator keeps no journal", http.StatusConflict)
		return
	}
	answer(w, map[string]uint64{"seq": e.journal.Seq()})
}

func (e *Emulator) putUpstreams(w http.ResponseWriter, body []byte) {
	var request struct {
		Owner     string              `json:"owner"`
		Upstreams []upstream.Upstream `json:"upstreams"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	err := e.upstreams.Put(request.Owner, request.Upstreams)
	var prefix *upstream.PrefixError
	switch {
	case errors.As(err, &prefix):
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	case err != nil:
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	answer(w, struct{}{})
}

func (e *Emulator) rewind(w http.ResponseWriter, body []byte) {
	var request struct {
		Seq    uint64 `json:"seq"`
		Lesson string `json:"lesson"`
	}
	if err := json.Unmarshal(body, &request); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := e.settle(); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	e.commit.Lock()
	defer e.commit.Unlock()
	if e.journal == nil {
		http.Error(w, "this emulator keeps no journal", http.StatusConflict)
		return
	}
	if last := e.journal.Seq(); request.Seq > last {
		http.Error(w, fmt.Sprintf("there is no record %d: the last is %d", request.Seq, last), http.StatusConflict)
		return
	}
	err := e.journal.Rewind(request.Seq, request.Lesson, e.replay())
	var others *journal.OthersError
	switch {
	case errors.As(err, &others):
		http.Error(w, err.Error(), http.StatusConflict)
	case err != nil:
		e.reload()
		http.Error(w, err.Error(), http.StatusInternalServerError)
	default:
		e.changes.publish(change{Service: "awslab", Operation: "Rewind", Lesson: request.Lesson})
		answer(w, map[string]uint64{"seq": e.journal.Seq()})
	}
}
