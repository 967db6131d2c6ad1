package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync"
)

// feed keeps the latest of what happened, numbered from 1, and wakes whoever
// follows it.
type feed[T any] struct {
	length int // how many a follower may fall behind
	number func(*T) *uint64

	mu     sync.Mutex
	last   uint64
	recent []T           // the latest, at least length of them
	wake   chan struct{} // closed at the next one
	closed bool
}

// newFeed makes a feed; number is where an entry has its number.
func newFeed[T any](length int, number func(*T) *uint64) *feed[T] {
	return &feed[T]{length: length, number: number, wake: make(chan struct{})}
}

func (f *feed[T]) publish(entry T) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last++
	*f.number(&entry) = f.last
	f.recent = append(f.recent, entry)
	if len(f.recent) >= 2*f.length { // now and then, not at every one
		f.recent = append([]T(nil), f.recent[len(f.recent)-f.length:]...)
	}
	close(f.wake)
	f.wake = make(chan struct{})
}

// after gives the entries after a number, and what tells of the next one.
func (f *feed[T]) after(seq uint64) (entries []T, next <-chan struct{}, closed bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := f.last - uint64(len(f.recent)) // the number before the oldest
	if seq < first {
		seq = first
	}
	return append(entries, f.recent[min(seq-first, uint64(len(f.recent))):]...), f.wake, f.closed
}

func (f *feed[T]) latest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.last
}

func (f *feed[T]) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.closed {
		f.closed = true
		close(f.wake)
		f.wake = make(chan struct{})
	}
}

// follow writes the entries after the number in the query, one JSON object a
// line, and those to come as they come; without a number only these.
func (f *feed[T]) follow(w http.ResponseWriter, r *http.Request) {
	flusher := http.NewResponseController(w)
	seq := f.latest()
	if text := r.URL.Query().Get("after"); text != "" {
		parsed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			http.Error(w, "after is a number", http.StatusBadRequest)
			return
		}
		if parsed > seq {
			parsed = 0 // it counted those of an emulator that is gone
		}
		seq = parsed
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.WriteHeader(http.StatusOK)
	encoder := json.NewEncoder(w)
	for {
		entries, next, closed := f.after(seq)
		for i := range entries {
			if encoder.Encode(entries[i]) != nil {
				return
			}
			seq = *f.number(&entries[i])
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
