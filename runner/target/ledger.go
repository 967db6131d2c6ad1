package target

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"awslab/runner/journal"
	"awslab/runner/text"
)

// Ledger is the record of what awslab created, changed and deleted in one
// account and region: the intent is on disk before a call, the outcome after.
type Ledger struct {
	now func() time.Time
	ids func() string

	mu      sync.Mutex
	log     *journal.Log
	entries []entry
}

// entry is one line of the ledger.
type entry struct {
	Version   int       `json:"v"`
	ID        string    `json:"id"`
	Time      time.Time `json:"time"`
	Event     event     `json:"event"`
	Operation string    `json:"operation,omitempty"`
	Kind      string    `json:"kind"`
	Name      string    `json:"name,omitempty"`
	Creates   bool      `json:"creates,omitempty"`
	Removes   bool      `json:"removes,omitempty"`
	Error     string    `json:"error,omitempty"`
}

type event string

const (
	intended  event = "intended"  // the call is about to be made
	done      event = "done"      // it was answered
	failed    event = "failed"    // it was refused
	refused   event = "refused"   // awslab did not make it: the thing is not ours
	forgotten event = "forgotten" // the thing was gone when it should be deleted
)

const ledgerVersion = 1

func openLedger(dir string, now func() time.Time, ids func() string) (*Ledger, error) {
	l := &Ledger{now: now, ids: ids}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, homeProblem(dir, err)
	}
	log, _, err := journal.OpenLog(filepath.Join(dir, "ledger"), 0, func(offset int64, payload []byte) error {
		var e entry
		if err := json.Unmarshal(payload, &e); err != nil {
			return &journal.DamagedError{File: filepath.Join(dir, "ledger"), Offset: offset, Why: &text.Cause{Says: func(c *text.Causes) string { return c.NotARecord }, Err: err}}
		}
		if e.Version != ledgerVersion {
			return &text.Cause{Says: func(c *text.Causes) string { return c.LedgerFormat }, Args: text.Args{"offset": strconv.FormatInt(offset, 10), "found": strconv.Itoa(e.Version), "known": strconv.Itoa(ledgerVersion)}}
		}
		l.entries = append(l.entries, e)
		return nil
	})
	if err != nil {
		return nil, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.LedgerUnusable }, Args: text.Args{"dir": dir}, Err: err}
	}
	l.log = log
	return l, nil
}

func (l *Ledger) newID() string { return l.ids() }

// write puts an entry on disk.
func (l *Ledger) write(e entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.Version, e.Time = ledgerVersion, l.now().UTC()
	payload, err := json.Marshal(e)
	if err != nil {
		return err
	}
	if err := l.log.Append(payload); err != nil {
		return err
	}
	l.entries = append(l.entries, e)
	return nil
}

func (l *Ledger) intend(id string, c call) error {
	return l.write(entry{ID: id, Event: intended, Operation: c.operation, Kind: c.kind.name, Name: c.resource.Name, Creates: c.creates(), Removes: c.removes()})
}

func (l *Ledger) outcome(id string, c call, r Resource, err error) error {
	e := entry{ID: id, Event: done, Operation: c.operation, Kind: c.kind.name, Name: r.Name, Creates: c.creates(), Removes: c.removes()}
	if err != nil {
		e.Event, e.Error = failed, err.Error()
	}
	return l.write(e)
}

func (l *Ledger) refuse(r Resource) error {
	return l.write(entry{ID: l.newID(), Event: refused, Kind: r.Kind, Name: r.Name})
}

func (l *Ledger) forget(r Resource) error {
	return l.write(entry{ID: l.newID(), Event: forgotten, Kind: r.Kind, Name: r.Name})
}

// owns reports whether the ledger says that awslab created r and has not
// deleted it since. intents are the creations whose outcome is not known:
// awslab was stopped in between, or the answer was lost.
func (l *Ledger) owns(r Resource) (owned bool, intents []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.entries {
		if !e.about(r) {
			continue
		}
		switch e.Event {
		case intended:
			if e.Creates {
				intents = append(intents, e.ID)
			}
		case done, failed:
			intents = slices.DeleteFunc(intents, func(id string) bool { return id == e.ID && e.Event == done })
			if e.Event == done && e.Creates {
				owned = true
			}
			if e.Event == done && e.Removes && e.Name == r.Name {
				owned, intents = false, nil
			}
		case forgotten:
			if e.Name == r.Name {
				owned, intents = false, nil
			}
		case refused:
		}
	}
	return owned, intents
}

// about reports whether an entry bears on r. A function's log group belongs to
// whoever created the function, also when the function is deleted.
func (e entry) about(r Resource) bool {
	if e.Kind == r.Kind && e.Name == r.Name {
		return true
	}
	if group, ok := logGroupOf(Resource{e.Kind, e.Name}); ok && group == r {
		return e.Creates
	}
	return false
}

// created are the resources that awslab created or meant to create, the latest
// first, each once.
func (l *Ledger) created() []Resource {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Resource
	for _, e := range slices.Backward(l.entries) {
		r := Resource{e.Kind, e.Name}
		if e.Creates && e.Name != "" && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// refused are the resources that stood in the way and are not ours.
func (l *Ledger) refused() []Resource {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []Resource
	for _, e := range l.entries {
		if r := (Resource{e.Kind, e.Name}); e.Event == refused && !slices.Contains(all, r) {
			all = append(all, r)
		}
	}
	return all
}

// Close closes the file. Everything is on disk already.
func (l *Ledger) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.Close()
}
