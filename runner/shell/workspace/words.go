package workspace

import (
	"errors"
	"fmt"
	"strings"

	"awslab/runner/text"
)

// refusal is one of this package's errors with its remark.
type refusal struct {
	is     error
	system string // what a Unix tool would say; may be empty
	remark string
}

func (r *refusal) Error() string {
	if r.system == "" {
		return r.remark
	}
	return strings.ToLower(r.system[:1]) + r.system[1:] + ": " + r.remark
}

func (r *refusal) Unwrap() error { return r.is }

// limitError is why something too large is refused; count is in the unit of its
// sentence.
type limitError struct {
	is    error // ErrFull, or nil
	kind  string
	count int64
}

func (l *limitError) Error() string { return fmt.Sprintf("%s: %d", l.kind, l.count) }
func (l *limitError) Unwrap() error { return l.is }

// errItself is why the workspace's own folder is not removed.
var errItself = errors.New("the lesson's workspace itself stays")

// say gives an error of this package its remark in the student's language;
// others stay as they are.
func (w *Workspace) say(err error) error {
	var limit *limitError
	switch {
	case errors.As(err, new(*refusal)):
	case errors.Is(err, ErrOutside):
		return &refusal{ErrOutside, "Permission denied", w.words.Outside}
	case errors.Is(err, ErrNotRegular):
		return &refusal{ErrNotRegular, "Permission denied", w.words.NotRegular}
	case errors.Is(err, errItself):
		return &refusal{errItself, "", w.words.Itself}
	case errors.As(err, &limit):
		r := &refusal{is: limit, system: "No space left on device"}
		switch limit.kind {
		case "bytes":
			r.remark = w.words.Bytes
		case "files":
			r.remark = w.words.Files
		default:
			r.system, r.remark = "", w.words.TooLarge
		}
		r.remark = text.Args{"count": fmt.Sprint(limit.count)}.Fill(r.remark)
		return r
	}
	return err
}
