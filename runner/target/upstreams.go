package target

import (
	"context"
	"encoding/json"
	"net/http"
	"time"
)

// Upstream is what the emulator answers in the place of who owns the URLs that
// begin with a prefix; it is the emulator's upstream.Upstream, whose comments say
// what the members are.
type Upstream struct {
	Prefix  string           `json:"prefix"`
	Answers []UpstreamAnswer `json:"answers"`
}

// UpstreamAnswer is one answer.
type UpstreamAnswer struct {
	Method string            `json:"method"`
	Path   string            `json:"path"`
	Query  map[string]string `json:"query"`
	Status int               `json:"status"`
	Header map[string]string `json:"header"`
	Body   []byte            `json:"body"`
}

// StandIn tells the emulator what it answers for an owner, a lesson say, in the
// place of what it did. It tries until the emulator has taken it or ctx ends, and
// reports which.
func (h *Home) StandIn(ctx context.Context, owner string, list []Upstream) (taken bool) {
	body, err := json.Marshal(map[string]any{"owner": owner, "upstreams": list})
	if err != nil {
		return false
	}
	for wait := 20 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, time.Second) {
		answer, err := h.control(ctx, http.DefaultClient, http.MethodPut, "/_awslab/upstreams", body)
		if err == nil {
			_ = answer.Body.Close() // only the status counts
			if answer.StatusCode == http.StatusOK || answer.StatusCode == http.StatusBadRequest {
				return answer.StatusCode == http.StatusOK
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
	return false
}
