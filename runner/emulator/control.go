package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"

	"awslab/runner/journal"
)

// The control API is for awslab itself: signed like AWS's, with the service
// name "awslab" in the credential scope.
//
//	GET  /_awslab/info                      who serves
//	GET  /_awslab/changes?after=SEQ         a stream of changes, one JSON object a line; those to come, if there is no after
//	POST /_awslab/mark                      {"seq": N}: the record to rewind to
//	POST /_awslab/rewind {seq, lesson}      drop the later records, all of that lesson
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

// feed keeps the latest changes and wakes whoever follows them.
type feed struct {
	mu     sync.Mutex
	last   uint64
	recent []change      // the latest, at least feedLength of them
	wake   chan struct{} // closed at the next change
	closed bool
}

// feedLength is how many changes a follower may fall behind.
const feedLength = 1024

func newFeed() *feed { return &feed{wake: make(chan struct{})} }

func (f *feed) publish(c change) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	c.Seq = f.last
	f.recent = append(f.recent, c)
	if len(f.recent) >= 2*feedLength { // now and then, not at every change
		f.recent = append([]change(nil), f.recent[len(f.recent)-feedLength:]...)
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

// after gives the changes after seq, and what tells of the next one.
func (f *feed) after(seq uint64) (changes []change, next <-chan struct{}, closed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.recent {
		if c.Seq > seq {
			changes = append(changes, c)
		}
	}
	return changes, f.wake, f.closed
}

func (f *feed) latest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

func (f *feed) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.wake)
		f.wake = make(chan struct{})
	}
}

// control answers a call of the control API.
func (e *Emulator) control(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	identity, err := e.verifier.Verify(r, body, e.cfg.Clock())
	if err != nil || identity.Service != "awslab" {
		http.Error(w, "this API is awslab's own: its calls are signed, for the service awslab", http.StatusForbidden)
		return
	}
	call := r.Method + " " + strings.TrimPrefix(r.URL.Path, controlPrefix)
	if call == "GET changes" { // ends by itself when the emulator closes
		e.followChanges(w, r)
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

func (e *Emulator) followChanges(w http.ResponseWriter, r *http.Request) {
	flusher := http.NewResponseController(w)
	seq := uint64(0)
	if text := r.URL.Query().Get("after"); text != "" {
		parsed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			http.Error(w, "after is the number of a change", http.StatusBadRequest)
			return
		}
		if seq = parsed; seq > e.changes.latest() {
			seq = 0 // it counted the changes of an emulator that is gone
		}
	} else {
		seq = e.changes.latest()
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	encoder := json.NewEncoder(w)
	for {
		changes, next, closed := e.changes.after(seq)
		for _, c := range changes {
			if encoder.Encode(c) != nil {
				return
			}
			seq = c.Seq
		}
		if flusher.Flush() != nil || closed {
			return
		}
		select {
		case <-next:
		case <-r.Context().Done():
			return
		}
	}
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
