package target

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"

	"awslab/runner/text"
)

// Change is one call that the emulator answered and that may matter to a
// check.
type Change struct {
	Seq       uint64 `json:"seq"`
	Service   string `json:"service"`
	Operation string `json:"operation"`
	Lesson    string `json:"lesson"`
	Check     bool   `json:"check"` // made by a check
}

// emptyPayload is the SHA-256 of no bytes, as signatures want it.
const emptyPayload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// Changes tells every change of the emulator's state until ctx ends, whichever
// process serves the emulator meanwhile.
func (h *Home) Changes(ctx context.Context, tell func(Change)) {
	client := &http.Client{}
	again := false
	for wait := 20 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, time.Second) {
		if h.follow(ctx, client, again, tell) == nil {
			wait, again = 20*time.Millisecond, true
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// follow reads one stream of changes to its end. again says that an earlier one
// ended: what happened in between was not told, so that is told as a change.
func (h *Home) follow(ctx context.Context, client *http.Client, again bool, tell func(Change)) error {
	answer, err := h.control(ctx, client, http.MethodGet, "/_awslab/changes")
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end, or given up
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the emulator answers %s", answer.Status)
	}
	if again {
		tell(Change{Service: "awslab", Operation: "Reconnect"})
	}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		var c Change
		if json.Unmarshal(lines.Bytes(), &c) == nil && c.Operation != "" {
			tell(c)
		}
	}
	return lines.Err()
}

// control makes one signed call of the emulator's control API.
func (h *Home) control(ctx context.Context, client *http.Client, method, path string) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, h.URL()+path, nil)
	if err != nil {
		return nil, err
	}
	creds := aws.Credentials{AccessKeyID: h.creds.AccessKeyID, SecretAccessKey: h.creds.SecretAccessKey}
	if err := v4.NewSigner().SignHTTP(ctx, creds, request, emptyPayload, "awslab", DefaultRegion, time.Now()); err != nil {
		return nil, err
	}
	return client.Do(request)
}

// Info asks the emulator who it is; it fails when something else answers at the
// home's address, or nothing.
func (h *Home) Info(ctx context.Context) error {
	answer, err := h.control(ctx, http.DefaultClient, http.MethodGet, "/_awslab/info")
	if err != nil {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.Unreachable }, Args: text.Args{"url": h.URL()}, Err: err}
	}
	if err := answer.Body.Close(); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.NotOurs }, Args: text.Args{"addr": strings.TrimPrefix(h.URL(), "http://")}}
	}
	return nil
}
