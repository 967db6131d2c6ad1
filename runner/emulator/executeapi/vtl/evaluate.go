package vtl

import (
	"fmt"
	"strings"
)

// reference is a reference's value: the empty string where Velocity has null.
func (r *Run) reference(ref *reference) (any, error) {
	v := r.variables[ref.root]
	for _, s := range ref.steps {
		if v == nil {
			return "", nil
		}
		var err error
		if v, err = r.step(v, s); err != nil {
			return nil, err
		}
	}
	if v == nil {
		return "", nil
	}
	return v, nil
}

// step takes a property, an index or a method's result; nil if there is none.
func (r *Run) step(on any, s step) (any, error) {
	if err := r.count(1); err != nil {
		return nil, err
	}
	switch s.kind {
	case property:
		return r.property(on, s.name)
	case index:
		key, err := r.value(s.args[0])
		if err != nil {
			return nil, err
		}
		switch on := on.(type) {
		case *Map:
			return on.Get(key), nil
		case *List:
			if i, ok := key.(int64); ok && on.kind != setView {
				at, err := on.at(i)
				if err != nil {
					return nil, err
				}
				return on.Items[at], nil
			}
		}
		return nil, nil
	}
	args := make([]any, len(s.args))
	for i, arg := range s.args {
		var err error
		if args[i], err = r.value(arg); err != nil {
			return nil, err
		}
	}
	v, _, err := r.call(on, s.name, args)
	return v, err
}

// property is a map's value, or what a getter gives.
func (r *Run) property(on any, name string) (any, error) {
	switch on := on.(type) {
	case *Map:
		return on.Get(name), nil
	case Object:
		v, _ := on.Get(name)
		return v, nil
	case *Entry:
		switch name {
		case "key":
			return on.key, nil
		case "value":
			return on.m.Get(on.key), nil
		}
	case string, *List:
		if name == "empty" {
			v, _, err := r.call(on, "isEmpty", nil)
			return v, err
		}
	}
	return nil, nil
}

// call calls a method. Found is false where Java has none that fits.
func (r *Run) call(on any, name string, args []any) (any, bool, error) {
	switch name {
	case "toString":
		if len(args) == 0 {
			s, err := r.string(on)
			return s, true, err
		}
	case "equals":
		if len(args) == 1 {
			v, err := r.javaEquals(on, args[0])
			return v, true, err
		}
	}
	switch on := on.(type) {
	case Object:
		return r.objectMethod(on, name, args)
	case string:
		return r.stringMethod(on, name, args)
	case *List:
		return r.listMethod(on, name, args)
	case *Map:
		return r.mapMethod(on, name, args)
	case *Entry:
		if len(args) == 0 {
			switch name {
			case "getKey":
				return on.key, true, nil
			case "getValue":
				return on.m.Get(on.key), true, nil
			}
		}
	}
	if isNumber(on) {
		return numberMethod(on, name, args)
	}
	return nil, false, nil
}

// objectMethod calls a host's method and counts the texts that go in and out.
func (r *Run) objectMethod(on Object, name string, args []any) (any, bool, error) {
	for _, arg := range args {
		if s, ok := arg.(string); ok {
			if err := r.count(len(s) / 64); err != nil {
				return nil, true, err
			}
		}
	}
	v, found, err := on.Call(r, name, args)
	if s, ok := v.(string); ok && err == nil {
		err = r.made(len(s))
	}
	return v, found, err
}

// value is an expression's.
func (r *Run) value(e expr) (any, error) {
	if err := r.count(1); err != nil {
		return nil, err
	}
	switch e := e.(type) {
	case constant:
		return e.value, nil
	case *reference:
		return r.reference(e)
	case interpolated:
		s, _, err := r.inner(e.nodes)
		if e.blank {
			s = strings.TrimSuffix(s, " ")
		}
		return s, err
	case listLiteral:
		items, err := r.values(e.items)
		return &List{Items: items}, err
	case rangeLiteral:
		return r.rangeValue(e)
	case mapLiteral:
		m := &Map{}
		for i, k := range e.keys {
			pair, err := r.values([]expr{k, e.values[i]})
			if err != nil {
				return nil, err
			}
			m.Put(pair[0], pair[1])
		}
		return m, r.made(32 * len(e.keys))
	case binary:
		switch e.operator {
		case "+", "-", "*", "/", "%":
			return r.math(e)
		}
	}
	return r.truth(e)
}

func (r *Run) values(es []expr) ([]any, error) {
	values := make([]any, len(es))
	for i, e := range es {
		v, err := r.value(e)
		if err != nil {
			return nil, err
		}
		values[i] = v
	}
	return values, r.made(16 * len(es))
}

func (r *Run) rangeValue(e rangeLiteral) (any, error) {
	ends, err := r.values([]expr{e.from, e.to})
	if err != nil {
		return nil, err
	}
	from, ok := ends[0].(int64)
	to, ok2 := ends[1].(int64)
	if !ok || !ok2 {
		return nil, nil
	}
	size, by := to-from, int64(1)
	if to < from {
		size, by = from-to, -1
	}
	if size < 0 || size >= int64(r.limits.Steps) {
		return nil, &LimitError{"steps", r.limits.Steps}
	}
	if err := r.made(16 * int(size+1)); err != nil {
		return nil, err
	}
	l := &List{Items: make([]any, 0, size+1)}
	for i := int64(0); i <= size; i++ {
		l.Items = append(l.Items, from+i*by)
	}
	return l, r.count(int(size))
}

// truth is an expression as a condition. Only a Boolean can be false among
// references; of other values none is true.
func (r *Run) truth(e expr) (bool, error) {
	switch e := e.(type) {
	case constant:
		b, _ := e.value.(bool)
		return b, nil
	case *reference:
		v, err := r.reference(e)
		if b, ok := v.(bool); ok {
			return b, err
		}
		return err == nil, err
	case not:
		b, err := r.truth(e.operand)
		return !b, err
	case binary:
		switch e.operator {
		case "&&", "||":
			b, err := r.truth(e.left)
			if err != nil || b == (e.operator == "||") {
				return b, err
			}
			return r.truth(e.right)
		case "==", "!=", "<", ">", "<=", ">=":
			return r.compare(e)
		}
	}
	return false, nil
}

func (r *Run) compare(e binary) (bool, error) {
	pair, err := r.values([]expr{e.left, e.right})
	if err != nil {
		return false, err
	}
	switch e.operator {
	case "==", "!=":
		same, err := r.same(pair[0], pair[1])
		return same == (e.operator == "=="), err
	}
	if !isNumber(pair[0]) || !isNumber(pair[1]) {
		return false, nil // Velocity writes a line to its log
	}
	c := compareNumbers(pair[0], pair[1])
	switch e.operator {
	case "<":
		return c < 0, nil
	case ">":
		return c > 0, nil
	case "<=":
		return c <= 0, nil
	}
	return c >= 0, nil
}

// same is ==: numbers by value, others by equals if they are of one kind, else by
// their text.
func (r *Run) same(a, b any) (bool, error) {
	if a == nil || b == nil {
		return a == nil && b == nil, nil
	}
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b) == 0, nil
	}
	if sameKind(a, b) {
		return r.javaEquals(a, b)
	}
	x, err := r.string(a)
	if err != nil {
		return false, err
	}
	y, err := r.string(b)
	return x == y, err
}

func sameKind(a, b any) bool {
	return fmt.Sprintf("%T", a) == fmt.Sprintf("%T", b)
}

// javaEquals is Java's equals.
func (r *Run) javaEquals(a, b any) (bool, error) {
	if err := r.count(1); err != nil {
		return false, err
	}
	if err := r.deeper(); err != nil {
		return false, err
	}
	defer r.shallower()
	switch a := a.(type) {
	case *List:
		b, ok := b.(*List)
		if !ok || len(a.Items) != len(b.Items) {
			return false, nil
		}
		for i := range a.Items {
			if same, err := r.javaEquals(a.Items[i], b.Items[i]); !same {
				return false, err
			}
		}
		return true, nil
	case *Map:
		b, ok := b.(*Map)
		if !ok || a.Len() != b.Len() {
			return false, nil
		}
		for _, key := range a.keys {
			if same, err := r.javaEquals(a.Get(key), b.Get(key)); !same || !b.Has(key) {
				return false, err
			}
		}
		return true, nil
	case float64:
		b, ok := b.(float64)
		return ok && a == b, nil
	}
	if isNumber(a) {
		if _, float := b.(float64); float || !isNumber(b) {
			return false, nil
		}
		return compareNumbers(a, b) == 0, nil
	}
	if e, ok := a.(*Entry); ok {
		f, ok := b.(*Entry)
		return ok && *e == *f, nil
	}
	return a == b, nil
}

// math works out an arithmetic operator; nil where there is no result. + joins
// texts if one side is a string.
func (r *Run) math(e binary) (any, error) {
	pair, err := r.values([]expr{e.left, e.right})
	if err != nil {
		return nil, err
	}
	a, b := pair[0], pair[1]
	_, left := a.(string)
	_, right := b.(string)
	if e.operator == "+" && (left || right) {
		x, err := r.string(a)
		if err != nil {
			return nil, err
		}
		y, err := r.string(b)
		if err != nil {
			return nil, err
		}
		if err := r.made(len(x) + len(y)); err != nil {
			return nil, err
		}
		return x + y, nil
	}
	if !isNumber(a) || !isNumber(b) {
		return nil, nil
	}
	return arithmetic(e.operator, a, b), nil
}
