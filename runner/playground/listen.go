package playground

import (
	"cmp"
	"context"
	"net"

	"awslab/runner/target"
	"awslab/runner/text"
)

// DefaultAddr is where a home's page is if the port is free when it is first shown.
const DefaultAddr = "127.0.0.1:4580"

// Listen opens the port of a home's page. It is chosen once and kept in the file:
// a student may have allowed just this origin. addr asks for another, which is
// kept from then on; empty takes the one that is kept.
//
// Where the kept port is in use, perhaps by another awslab of the home, a free one
// serves for this time; moved says so.
func Listen(ctx context.Context, file, addr string) (listener net.Listener, moved bool, err error) {
	place := target.Place{File: file, Default: DefaultAddr}
	kept, absent := place.Kept()
	want := cmp.Or(addr, kept)
	var lc net.ListenConfig
	if want == "" {
		listener, err = place.Choose(ctx)
	} else if listener, err = lc.Listen(ctx, "tcp", want); err != nil && addr == "" {
		moved = true
		listener, err = lc.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	switch {
	case err != nil:
		return nil, false, &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.PlaygroundPort }, Args: text.Args{"addr": cmp.Or(want, DefaultAddr)}, Err: err}
	case addr == "" && absent == nil: // it is kept already, also by one that has moved
		return listener, moved, nil
	}
	listener, err = place.Keep(listener)
	return listener, false, err
}
