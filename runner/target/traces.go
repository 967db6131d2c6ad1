package target

import (
	"context"
	"net/http"
	"time"
)

// Trace says what became of one request to an API of the emulator; it is the
// emulator's executeapi.Trace, whose comments say what the reasons are.
type Trace struct {
	Seq         uint64            `json:"seq"`
	Time        time.Time         `json:"time"`
	RequestID   string            `json:"requestId"`
	API         string            `json:"api"`
	Stage       string            `json:"stage"`
	Method      string            `json:"method"`
	Path        string            `json:"path"`
	Route       string            `json:"route"`
	Canary      bool              `json:"canary"` // a stage's canary answered
	Preflight   bool              `json:"preflight"`
	Authorizer  *AuthorizerTrace  `json:"authorizer"`
	Integration *IntegrationTrace `json:"integration"`
	CORS        *CORSTrace        `json:"cors"`   // where a page's script made the request
	Status      int               `json:"status"` // 0: the client went away
	Micros      int64             `json:"micros"`
	Reason      string            `json:"reason"`
	Detail      string            `json:"detail"`
	Check       bool              `json:"check"` // made by a check
}

// AuthorizerTrace is what an authorizer said.
type AuthorizerTrace struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Verdict string `json:"verdict"` // "allow", "deny", "unauthorized", "failed"
	// Principal is the principalId that a Lambda authorizer gave.
	Principal string `json:"principal"`
	Cached    bool   `json:"cached"`
	Micros    int64  `json:"micros"`
}

// IntegrationTrace is what an integration did.
type IntegrationTrace struct {
	Kind   string `json:"kind"`
	Target string `json:"target"`
	Status int    `json:"status"`
	Micros int64  `json:"micros"`
	Error  string `json:"error"`
}

// CORSTrace is what the CORS protocol says of a page's request, which has an Origin
// or is of mode no-cors, and of its answer.
type CORSTrace struct {
	Origin         string              `json:"origin"` // "": it has none, in mode no-cors
	RequestMethod  string              `json:"requestMethod"`
	RequestHeaders string              `json:"requestHeaders"`
	Answer         map[string][]string `json:"answer"` // Access-Control-*, Cross-Origin-Resource-Policy, Vary, Location, by lower-case name
	Names          []string            `json:"names"`  // of all headers of the answer, in lower case and sorted
	Cut            bool                `json:"cut"`    // there was more
}

// AsksPreflight reports a request that asks, as a browser does, whether another one
// may be made, whoever answers it.
func (t *Trace) AsksPreflight() bool {
	return t.Method == http.MethodOptions && t.CORS != nil && t.CORS.RequestMethod != ""
}

// Traces tells every request to an API, the latest that the emulator remembers
// first, until ctx ends, whichever process serves the emulator meanwhile.
func (h *Home) Traces(ctx context.Context, tell func(Trace)) {
	client := &http.Client{}
	known, seen := map[string]bool{}, map[string]bool{} // another process counts anew; ids stay
	for wait := 20 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, time.Second) {
		err := stream(ctx, h, client, "/_awslab/traces?after=0", func() {
			known, seen = seen, map[string]bool{}
		}, func(t Trace) {
			seen[t.RequestID] = true
			if known[t.RequestID] {
				return
			}
			t.Time = t.Time.Local() // for people
			tell(t)
		})
		if err == nil {
			wait = 20 * time.Millisecond
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// NewTraces tells the requests to APIs that come after it returns, until ctx ends
// or the process that serves the emulator does; then the channel is closed. Whoever
// reads may fall a little behind.
func (h *Home) NewTraces(ctx context.Context) (<-chan Trace, error) {
	// One channel for both, so that a stream which ends at once has begun all the same.
	began, traces := make(chan error, 2), make(chan Trace, 64)
	go func() {
		defer close(traces)
		began <- stream(ctx, h, &http.Client{}, "/_awslab/traces", func() { began <- nil }, func(t Trace) {
			t.Time = t.Time.Local() // for people
			select {
			case traces <- t:
			case <-ctx.Done():
			}
		})
	}()
	if err := <-began; err != nil {
		return nil, err
	}
	return traces, nil
}
