package workspace

import (
	"errors"
	"fmt"
	"strings"
)

// Words are the remarks of awslab's own in the workspace's errors, in a
// person's language; what stands before them is the system's. Empty ones are
// English.
type Words struct {
	Outside    string // "outside the lesson's workspace"
	NotRegular string // "neither a regular file nor a folder"
	Bytes      string // "the lesson's workspace may hold {count} MiB"
	Files      string // "the lesson's workspace may hold {count} files"
	Itself     string // "the lesson's workspace itself stays"
	TooLarge   string // "larger than {count} MiB"
}

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

// say gives an error of this package its remark; others stay as they are.
func (w Words) say(err error) error {
	var limit *limitError
	switch {
	case errors.As(err, new(*refusal)):
	case errors.Is(err, ErrOutside):
		return &refusal{ErrOutside, "Permission denied", or(w.Outside, "outside the lesson's workspace")}
	case errors.Is(err, ErrNotRegular):
		return &refusal{ErrNotRegular, "Permission denied", or(w.NotRegular, "neither a regular file nor a folder")}
	case errors.Is(err, errItself):
		return &refusal{errItself, "", or(w.Itself, errItself.Error())}
	case errors.As(err, &limit):
		r := &refusal{is: limit, system: "No space left on device"}
		switch limit.kind {
		case "bytes":
			r.remark = or(w.Bytes, "the lesson's workspace may hold {count} MiB")
		case "files":
			r.remark = or(w.Files, "the lesson's workspace may hold {count} files")
		default:
			r.system, r.remark = "", or(w.TooLarge, "larger than {count} MiB")
		}
		r.remark = strings.ReplaceAll(r.remark, "{count}", fmt.Sprint(limit.count))
		return r
	}
	return err
}

func or(said, english string) string {
	if said == "" {
		return english
	}
	return said
}
