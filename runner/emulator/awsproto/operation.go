package awsproto

import (
	"context"
	"math/rand/v2"
	"reflect"
	"time"
)

// Effect says how a call of an operation meets the journal.
type Effect int

// The effects. Changes run one at a time, under the commit lock, and are
// journaled; they must be deterministic in [Call.Time], [Call.Rand], their input
// and the state. Reads run beside each other, never beside a change. Runs
// (Invoke, PutLogEvents) take no lock: the service orders them itself, and what
// they leave behind is not in the journal.
const (
	Changes Effect = iota
	Reads
	Runs
)

// Operation is one row of a service's table.
type Operation struct {
	Name   string
	Effect Effect
	Method string // HTTP method, REST only
	Path   string // URI template, REST only: /2015-03-31/functions/{FunctionName}
	Status int    // status of a successful answer
	// Lacks says what AWS's operation does and this one does not, in a phrase
	// for the table of operations (runner/emulator/README.md); empty when
	// nothing is known to be missing.
	Lacks string

	Input, Output reflect.Type // struct types of the SDK
	Do            func(ctx context.Context, input any) (any, error)
}

// REST makes a row for an operation of a REST/JSON service; route is method and
// URI template ("POST /2015-03-31/functions").
func REST[I, O any](name, route string, status int, do func(context.Context, *I) (*O, error)) Operation {
	method, path := splitRoute(route)
	op := operation(name, do)
	op.Method, op.Path, op.Status = method, path, status
	return op
}

// RPC makes a row for an operation of an awsJson1_1 or awsQuery service.
func RPC[I, O any](name string, do func(context.Context, *I) (*O, error)) Operation {
	op := operation(name, do)
	op.Status = 200
	return op
}

// Running gives a copy of the row whose effect is [Runs].
func (o Operation) Running() Operation { o.Effect = Runs; return o }

// Changing gives a copy of the row whose effect is [Changes], where the name says
// otherwise.
func (o Operation) Changing() Operation { o.Effect = Changes; return o }

// Lacking gives a copy of the row that says what is missing: see
// [Operation.Lacks].
func (o Operation) Lacking(what string) Operation { o.Lacks = what; return o }

func operation[I, O any](name string, do func(context.Context, *I) (*O, error)) Operation {
	return Operation{
		Name:   name,
		Effect: effectOf(name),
		Input:  reflect.TypeFor[I](),
		Output: reflect.TypeFor[O](),
		Do: func(ctx context.Context, input any) (any, error) {
			out, err := do(ctx, input.(*I))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// Call is what a handler knows of the call besides its input. It travels in the
// context: see [CallFrom].
type Call struct {
	Service   string // "lambda"
	Operation string // "CreateFunction"
	RequestID string
	Time      time.Time  // the call's time; the recorded one when replayed
	Rand      *rand.Rand // the only source of ids of a change; seeded from the record when replayed
	Account   string
	Region    string
	Endpoint  string // where the caller reached the emulator: "http://127.0.0.1:4566"; empty when the emulator itself calls
	Principal string // ARN of the caller
	UserID    string // unique id of the caller, where it signed with a temporary key; not recorded
	AccessKey string // that the caller signed with; not recorded
	UserAgent string // of the caller; not recorded
	Session   bool   // the caller signed with a temporary key; not recorded
	Check     bool   // made by a check (header X-Awslab-Check)
	Lesson    string // header X-Awslab-Lesson, "ID" or "ID/STEP"
	Strict    bool   // the emulator is to be as slow and awkward as AWS
}

type callKey struct{}

// WithCall returns a context that carries call.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// CallFrom returns the call that ctx carries; it panics if there is none, which
// is a mistake of the program.
func CallFrom(ctx context.Context) *Call { return ctx.Value(callKey{}).(*Call) }

// CallIn returns the call that ctx carries, if there is one.
func CallIn(ctx context.Context) (*Call, bool) {
	call, ok := ctx.Value(callKey{}).(*Call)
	return call, ok
}
