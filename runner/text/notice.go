package text

import "errors"

// Notice is something worth telling that stops nothing.
type Notice struct {
	Says func(*Notices) string
	Args Args
	Err  error // told instead of Says when Says is nil
}

// NoticeOf makes a notice of an error that stops nothing.
func NoticeOf(err error) Notice { return Notice{Err: err} }

// Notice says n in the language of t; hint may be empty.
func (t *Text) Notice(n Notice) (what, hint string) {
	if n.Says != nil {
		return t.fill(n.Says(&t.Command.Notices), n.Args, n.Err), ""
	}
	var p *Problem
	if errors.As(n.Err, &p) {
		return t.Problem(p)
	}
	return t.Why(n.Err), ""
}
