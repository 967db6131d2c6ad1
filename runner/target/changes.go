package target

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// Changes tells every change of the emulator's state until ctx ends, whichever
// process serves the emulator meanwhile.
func (h *Home) Changes(ctx context.Context, tell func(Change)) {
	client := &http.Client{}
	again := false
	for wait := 20 * time.Millisecond; ctx.Err() == nil; wait = min(2*wait, time.Second) {
		err := stream(ctx, h, client, "/_awslab/changes", func() {
			if again { // what happened since the last stream ended was not told
				tell(Change{Service: "awslab", Operation: "Reconnect"})
			}
		}, func(c Change) {
			if c.Operation != "" {
				tell(c)
			}
		})
		if err == nil {
			wait, again = 20*time.Millisecond, true
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// stream reads one stream of the control API to its end; begun is called when it
// has begun.
func stream[T any](ctx context.Context, h *Home, client *http.Client, path string, begun func(), tell func(T)) error {
	answer, err := h.control(ctx, client, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }() // read to its end, or given up
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("the emulator answers %s", answer.Status)
	}
	begun()
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		var one T
		if json.Unmarshal(lines.Bytes(), &one) == nil {
			tell(one)
		}
	}
	return lines.Err()
}

// control makes one signed call of the emulator's control API.
func (h *Home) control(ctx context.Context, client *http.Client, method, path string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, h.URL()+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	creds := aws.Credentials{AccessKeyID: h.creds.AccessKeyID, SecretAccessKey: h.creds.SecretAccessKey}
	if err := v4.NewSigner().SignHTTP(ctx, creds, request, hex.EncodeToString(sum[:]), "awslab", DefaultRegion, time.Now()); err != nil {
		return nil, err
	}
	return client.Do(request)
}

// Info asks the emulator who it is; it fails when something else answers at the
// home's address, or nothing.
func (h *Home) Info(ctx context.Context) error {
	answer, err := h.control(ctx, http.DefaultClient, http.MethodGet, "/_awslab/info", nil)
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
