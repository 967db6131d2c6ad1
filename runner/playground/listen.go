package playground

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"

	"awslab/runner/text"
)

// DefaultAddr is where a home's page is if the port is free when it is first shown.
const DefaultAddr = "127.0.0.1:4580"

// place of the page, as the file keeps it.
type kept struct {
	Addr string `json:"addr"`
}

// Listen opens the port of a home's page. It is chosen once and kept in the file:
// a student may have allowed just this origin. addr asks for another, which is
// kept from then on; empty takes the one that is kept.
//
// Where the kept port is in use, perhaps by another awslab of the home, a free one
// serves for this time; moved says so.
func Listen(ctx context.Context, file, addr string) (listener net.Listener, moved bool, err error) {
	var lc net.ListenConfig
	if addr != "" {
		listener, err = lc.Listen(ctx, "tcp", addr)
		if err != nil {
			return nil, false, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.PlaygroundPort }, Args: text.Args{"addr": addr}, Err: err}
		}
		return listener, false, keep(file, listener)
	}
	was, found := placeOfPage(file)
	want := was.Addr
	if !found {
		want = DefaultAddr
	}
	listener, err = lc.Listen(ctx, "tcp", want)
	if err == nil && found {
		return listener, false, nil
	}
	if err != nil {
		listener, err = lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, false, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.PlaygroundPort }, Args: text.Args{"addr": want}, Err: err}
	}
	if found {
		return listener, true, nil
	}
	return listener, false, keep(file, listener)
}

// placeOfPage gives the kept place, if there is one that is this machine's.
func placeOfPage(file string) (kept, bool) {
	var k kept
	data, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(data, &k) != nil {
		return kept{}, false
	}
	host, _, err := net.SplitHostPort(k.Addr)
	if ip := net.ParseIP(host); err != nil || ip == nil || !ip.IsLoopback() {
		return kept{}, false
	}
	return k, true
}

func keep(file string, listener net.Listener) error {
	data, err := json.Marshal(kept{listener.Addr().String()})
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o700)
	}
	if err == nil {
		err = os.WriteFile(file, data, 0o600)
	}
	if err != nil {
		return errors.Join(&text.Problem{Says: func(p *text.Problems) text.Sentence { return p.HomeUnusable }, Args: text.Args{"dir": filepath.Dir(file)}, Err: err}, listener.Close())
	}
	return nil
}
