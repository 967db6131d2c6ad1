package apigateway

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"

	"awslab/runner/emulator/awsproto"
)

// patchPath is a path that the patch operations of a resource know, and what each
// operation does there to the resource, a T; nil where AWS refuses it. A segment
// {} of the path stands for one segment of any text:
//
//	{path: "/requestParameters/{}", add: …, remove: …, replace: …}
type patchPath[T any] struct {
	path                 string
	add, remove, replace patchFunc[T]
	// wrongOp is what AWS says of other operations, where it is not what it
	// says elsewhere.
	wrongOp string
}

type patchFunc[T any] func(target *T, p patch) error

// patch is one operation, its path taken apart.
type patch struct {
	types.PatchOperation
	// names are the texts of the path's {} segments, unescaped.
	names []string
	// value is what the operation gives, "" where it gives nothing.
	value string
}

func (p *patchPath[T]) do(op types.Op) patchFunc[T] {
	switch op {
	case types.OpAdd:
		return p.add
	case types.OpRemove:
		return p.remove
	case types.OpReplace:
		return p.replace
	}
	return nil
}

// ops are the operations that a path takes.
func (p *patchPath[T]) ops() string {
	var all []string
	for _, op := range []types.Op{types.OpAdd, types.OpRemove, types.OpReplace} {
		if p.do(op) != nil {
			all = append(all, string(op))
		}
	}
	return strings.Join(all, ", ")
}

// patches are all paths of a resource. AWS has two ways of refusing an operation,
// each with some resources: the one speaks of paths, the other (listing) of what
// the operation can be done to.
type patches[T any] struct {
	paths   []patchPath[T]
	listing bool
}

// checkOps finds operations that JSON patches do not have.
func (v *violations) checkOps(call *awsproto.Call, operations []types.PatchOperation) {
	input := strings.ToLower(call.Operation[:1]) + call.Operation[1:] + "Input"
	for i, op := range operations {
		switch op.Op {
		case types.OpAdd, types.OpRemove, types.OpReplace, types.OpMove, types.OpCopy, types.OpTest:
		default:
			v.enum(string(op.Op), fmt.Sprintf("%s.patchOperations.%d.member.op", input, i+1), "add, remove, move, test, replace, copy")
		}
	}
}

// checkOps finds operations that JSON patches do not have.
func checkOps(call *awsproto.Call, operations []types.PatchOperation) error {
	var v violations
	v.checkOps(call, operations)
	return v.err()
}

// apply does operations, which [checkOps] has seen, to a resource, one after the
// other. After an error the target is half changed: it must be a copy.
func (t patches[T]) apply(target *T, operations []types.PatchOperation) error {
	for _, op := range operations {
		row, names := t.find(aws.ToString(op.Path))
		if row == nil {
			return t.wrongPath(op)
		}
		do := row.do(op.Op)
		if do == nil {
			return t.wrongOp(op, row)
		}
		if err := do(target, patch{op, names, aws.ToString(op.Value)}); err != nil {
			return err
		}
	}
	return nil
}

func (t patches[T]) find(path string) (row *patchPath[T], names []string) {
	for i := range t.paths {
		if names, ok := matchPatch(t.paths[i].path, path); ok {
			return &t.paths[i], names
		}
	}
	return nil, nil
}

// wrongPath and wrongOp are recorded of APIs and methods in the one way, of
// resources, models and request validators in the other (LocalStack,
// test_apigateway_api.snapshot).
func (t patches[T]) wrongPath(op types.PatchOperation) error {
	if t.listing {
		return t.list(op)
	}
	return badRequest("Invalid patch path %s", aws.ToString(op.Path))
}

func (t patches[T]) wrongOp(op types.PatchOperation, row *patchPath[T]) error {
	switch {
	case t.listing:
		return t.list(op)
	case row.wrongOp != "":
		return badRequest("%s", row.wrongOp)
	}
	return badRequest("Invalid patch operation specified. Must be one of: [%s]", row.ops())
}

func (t patches[T]) list(op types.PatchOperation) error {
	var paths []string
	for i := range t.paths {
		if t.paths[i].do(op.Op) != nil {
			paths = append(paths, t.paths[i].path)
		}
	}
	rest := "Please choose supported operations"
	if paths != nil {
		rest = fmt.Sprintf("Must be one of: [%s]", strings.Join(paths, ", "))
	}
	return badRequest("Invalid patch path  '%s' specified for op '%s'. %s", aws.ToString(op.Path), op.Op, rest) // two blanks, as AWS has it
}

// matchPatch fits a path to a row's, and gives the texts of its {} segments.
func matchPatch(pattern, path string) (names []string, ok bool) {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(want) != len(got) {
		return nil, false
	}
	for i := range want {
		if want[i] == "{}" {
			if got[i] == "" {
				return nil, false
			}
			names = append(names, unescape(got[i]))
		} else if want[i] != got[i] {
			return nil, false
		}
	}
	return names, true
}

// unescape undoes the escapes of a JSON pointer (RFC 6901, section 4): ~1 is a
// slash, ~0 a tilde.
func unescape(segment string) string {
	return strings.ReplaceAll(strings.ReplaceAll(segment, "~1", "/"), "~0", "~")
}

// setText is a replacement of a text that "" takes away.
func setText[T any](member func(*T) **string) patchFunc[T] {
	return func(target *T, p patch) error {
		if *member(target) = &p.value; p.value == "" {
			*member(target) = nil
		}
		return nil
	}
}

// setFlag is a replacement of a boolean: what is not "true" is false (LocalStack,
// test_update_method_validation, "wrong-value-type").
func setFlag[T any](member func(*T) *bool) patchFunc[T] {
	return func(target *T, p patch) error {
		*member(target) = flag(p.value)
		return nil
	}
}

func flag(value string) bool { return strings.EqualFold(value, "true") }

// with gives a copy of a map with an entry, and without a copy that lacks it, nil
// where nothing is left: values share their maps.
func with[V any](m map[string]V, key string, value V) map[string]V {
	changed := make(map[string]V, len(m)+1)
	for k, v := range m {
		changed[k] = v
	}
	changed[key] = value
	return changed
}

func without[V any](m map[string]V, key string) map[string]V {
	changed := make(map[string]V, len(m))
	for k, v := range m {
		if k != key {
			changed[k] = v
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return changed
}
