package vtl

import (
	"context"
	"errors"
	"strings"
)

// run is one execution.
type run struct {
	ctx       context.Context
	limits    Limits
	variables map[string]any
	out       strings.Builder
	steps     int
	memory    int
	depth     int
	defined   map[*block]int // how often a block stands within itself
}

// signal is how a block ended.
type signal int

const (
	goOn signal = iota
	breaking
	stopping
)

// count counts steps.
func (r *run) count(n int) error {
	before := r.steps
	if r.steps += n; r.steps > r.limits.Steps || r.steps < before {
		return &LimitError{"steps", r.limits.Steps}
	}
	if before>>10 != r.steps>>10 {
		return r.ctx.Err()
	}
	return nil
}

// made counts bytes that were made.
func (r *run) made(bytes int) error {
	if r.memory += bytes; r.memory > r.limits.Memory {
		return &LimitError{"memory", r.limits.Memory}
	}
	return nil
}

func (r *run) write(s string) error {
	if r.out.Len()+len(s) > r.limits.Output {
		return &LimitError{"output", r.limits.Output}
	}
	r.out.WriteString(s)
	return r.made(len(s))
}

func (r *run) deeper() error {
	if r.depth++; r.depth > maxDepth {
		return &LimitError{"depth", maxDepth}
	}
	return nil
}

func (r *run) shallower() { r.depth-- }

// block carries nodes out.
func (r *run) block(nodes []node) (signal, error) {
	if err := r.deeper(); err != nil {
		return goOn, err
	}
	defer r.shallower()
	for _, n := range nodes {
		if err := r.count(1); err != nil {
			return goOn, err
		}
		if s, err := r.node(n); s != goOn || err != nil {
			return s, err
		}
	}
	return goOn, nil
}

func (r *run) node(n node) (signal, error) {
	switch n := n.(type) {
	case text:
		return goOn, r.write(string(n))
	case *reference:
		s, err := r.written(n)
		if err != nil {
			return goOn, err
		}
		return goOn, r.write(s)
	case setDirective:
		return goOn, r.set(n)
	case ifDirective:
		for _, b := range n.branches {
			if b.condition != nil {
				if ok, err := r.truth(b.condition); err != nil {
					return goOn, err
				} else if !ok {
					continue
				}
			}
			return r.block(b.body)
		}
	case foreachDirective:
		return r.foreach(n)
	case defineDirective:
		r.variables[n.name] = n.block
	case breakDirective:
		return breaking, nil
	case stopDirective:
		return stopping, nil
	}
	return goOn, nil
}

// written is what stands in the output for a reference.
func (r *run) written(ref *reference) (string, error) {
	v, err := r.reference(ref)
	if err != nil {
		return "", err
	}
	s, err := r.string(v)
	if errors.Is(err, errWithinItself) {
		s, err = ref.source, nil
	}
	return s, err
}

// errWithinItself is a block of #define that would be written within itself more
// than twice: Velocity then writes the reference's text.
var errWithinItself = errors.New("a block within itself")

func (r *run) rendered(b *block) (string, error) {
	if r.defined[b] >= 2 {
		return "", errWithinItself
	}
	if r.defined == nil {
		r.defined = map[*block]int{}
	}
	r.defined[b]++
	defer func() { r.defined[b]-- }()
	s, _, err := r.inner(b.nodes)
	return s, err
}

// inner carries nodes out and gives what they write.
func (r *run) inner(nodes []node) (string, signal, error) {
	before := r.out
	r.out = strings.Builder{}
	s, err := r.block(nodes)
	text := r.out.String()
	r.out = before
	return text, s, err
}

// set assigns a value; null leaves the variable as it is.
func (r *run) set(n setDirective) error {
	value, err := r.value(n.value)
	if err != nil || value == nil || n.target == nil {
		return err
	}
	steps := n.target.steps
	if len(steps) == 0 {
		r.variables[n.target.root] = value
		return nil
	}
	on := r.variables[n.target.root]
	for _, s := range steps[:len(steps)-1] {
		if on == nil {
			return nil
		}
		if on, err = r.step(on, s); err != nil {
			return err
		}
	}
	last := steps[len(steps)-1]
	switch last.kind {
	case property:
		return r.assign(on, last.name, value)
	case index:
		key, err := r.value(last.args[0])
		if err != nil {
			return err
		}
		return r.assign(on, key, value)
	}
	return nil
}

func (r *run) assign(on, key, value any) error {
	switch on := on.(type) {
	case *Map:
		on.Put(key, value)
		return r.made(32)
	case *List:
		if i, ok := key.(int64); ok && on.kind != setView {
			at, err := on.at(i)
			if err != nil {
				return err
			}
			on.Items[at] = value
		}
	}
	return nil
}

// foreach goes over a list, a set or a map's values. Anything else is nothing.
// The loop's names have their former values after it.
func (r *run) foreach(n foreachDirective) (signal, error) {
	over, err := r.value(n.over)
	if err != nil {
		return goOn, err
	}
	var items []any
	var list *List
	var of *Map
	switch over := over.(type) {
	case *List:
		items, list, of = over.Items, over, over.of
	case *Map:
		for _, key := range over.keys[:min(len(over.keys), r.limits.Loops)] {
			items = append(items, over.Get(key))
		}
		of = over
	default:
		return goOn, nil
	}
	changes := 0
	if of != nil {
		changes = of.changes
	}
	restore := r.save(n.name, "velocityCount", "velocityHasNext", "foreach")
	defer restore()
	outer, _ := r.variables["foreach"].(*loop)
	l := &loop{outer: outer, size: len(items)}
	for i := 0; i < r.limits.Loops && r.more(list, items, i); i++ {
		if of != nil && of.changes != changes || list != nil && len(list.Items) != len(items) {
			return goOn, &RunError{"java.util.ConcurrentModificationException"}
		}
		l.index = i
		r.variables[n.name] = items[i]
		r.variables["foreach"] = l
		r.variables["velocityCount"] = int64(i + 1)
		r.variables["velocityHasNext"] = i+1 < len(items)
		if err := r.count(1); err != nil {
			return goOn, err
		}
		switch s, err := r.block(n.body); {
		case err != nil, s == stopping:
			return s, err
		case s == breaking:
			return goOn, nil
		}
	}
	return goOn, nil
}

// more reports another round. Java's ArrayList compares with its size of now, and
// then finds that it was changed.
func (r *run) more(list *List, items []any, i int) bool {
	if list != nil && list.kind != setView {
		return i != len(list.Items)
	}
	return i < len(items)
}

// save gives what sets variables back to what they are now.
func (r *run) save(names ...string) func() {
	saved := make([]any, len(names))
	for i, name := range names {
		saved[i] = r.variables[name]
	}
	return func() {
		for i, name := range names {
			if saved[i] == nil {
				delete(r.variables, name)
			} else {
				r.variables[name] = saved[i]
			}
		}
	}
}

// loop is $foreach.
type loop struct {
	outer       *loop
	index, size int
}

// Get gives the loop's properties.
func (l *loop) Get(name string) (any, bool) {
	switch name {
	case "index":
		return int64(l.index), true
	case "count":
		return int64(l.index + 1), true
	case "hasNext":
		return l.index+1 < l.size, true
	case "first":
		return l.index == 0, true
	case "last":
		return l.index+1 == l.size, true
	case "parent", "topmost":
		if l.outer == nil {
			return nil, name == "parent"
		}
		top := l.outer
		for name == "topmost" && top.outer != nil {
			top = top.outer
		}
		return top, true
	}
	return nil, false
}

// Call calls the methods of which the properties are.
func (l *loop) Call(name string, args []any) (any, bool, error) {
	if len(args) > 0 {
		return nil, false, nil
	}
	switch name {
	case "hasNext", "isFirst", "isLast", "getIndex", "getCount", "getParent", "getTopmost":
		for _, prefix := range []string{"is", "get"} {
			if rest, ok := strings.CutPrefix(name, prefix); ok {
				name = strings.ToLower(rest[:1]) + rest[1:]
			}
		}
		v, found := l.Get(name)
		return v, found, nil
	}
	return nil, false, nil
}

func (l *loop) String() string { return "org.apache.velocity.runtime.directive.ForeachScope" }
