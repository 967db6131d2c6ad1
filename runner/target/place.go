package target

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"

	"awslab/runner/text"
)

// Place is a loopback address of a home's that is chosen once and kept in a file:
// URLs that name it stay true.
type Place struct {
	File string
	// Default is taken if its port is free when the place is chosen.
	Default string
}

type addressFile struct {
	Addr string `json:"addr"`
}

// Kept is the address in the file. One that others could reach is none: what is
// served there is for this machine.
func (p Place) Kept() (string, error) {
	data, err := os.ReadFile(p.File)
	if err != nil {
		return "", err
	}
	var f addressFile
	err = json.Unmarshal(data, &f)
	host, _, splitErr := net.SplitHostPort(f.Addr)
	if ip := net.ParseIP(host); err != nil || splitErr != nil || ip == nil || !ip.IsLoopback() {
		return "", &text.Cause{Says: func(c *text.Causes) string { return c.NoAddress }, Args: text.Args{"file": filepath.Base(p.File)}, Err: errors.Join(err, splitErr)}
	}
	return f.Addr, nil
}

// Choose listens on the default address, or on a free port. Nothing is kept yet.
func (p Place) Choose(ctx context.Context) (net.Listener, error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", p.Default)
	if err != nil {
		return lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	return listener, nil
}

// Keep writes down where a listener listens, and gives it back. It closes one of
// which that cannot be written down.
func (p Place) Keep(listener net.Listener) (net.Listener, error) {
	data, err := json.Marshal(addressFile{Addr: listener.Addr().String()})
	if err == nil {
		err = os.MkdirAll(filepath.Dir(p.File), 0o700)
	}
	if err == nil {
		err = writeAtomically(p.File, data)
	}
	if err != nil {
		return nil, errors.Join(homeProblem(filepath.Dir(p.File), err), listener.Close())
	}
	return listener, nil
}
