package jsonpath

import (
	"strconv"

	"awslab/runner/emulator/executeapi/vtl"
)

// search is one search in one document.
type search struct {
	root    any
	visited int
	depth   int
}

// visit counts a value that is looked at.
func (s *search) visit() error {
	if s.visited++; s.visited > maxVisit {
		return &vtl.LimitError{What: "values searched", Limit: maxVisit}
	}
	return nil
}

// find gives what a path means, from a value on.
func (s *search) find(p *Path, from any) ([]any, error) {
	if s.depth++; s.depth > maxDepth {
		return nil, &vtl.LimitError{What: "depth", Limit: maxDepth}
	}
	defer func() { s.depth-- }()
	w := &walk{search: s}
	err := w.walk(p.tokens, from, true)
	return w.found, err
}

// walk collects what is found.
type walk struct {
	*search
	found []any
}

// walk goes on from a value with the tokens that are left. Sure says that no token
// before meant several values: there Jayway's failures are those of the whole, and
// the same fails here, as nothing is found.
func (w *walk) walk(tokens []token, v any, sure bool) error {
	if err := w.visit(); err != nil {
		return err
	}
	if len(tokens) == 0 {
		w.found = append(w.found, v)
		return nil
	}
	t, rest := &tokens[0], tokens[1:]
	sure = sure && t.definite()
	switch t.kind {
	case property:
		return w.property(t, rest, v, sure)
	case wildcard:
		return w.each(v, func(_ string, item any) error { return w.walk(rest, item, sure) })
	case scan:
		return w.scan(rest, v)
	case filtered:
		return w.filter(t, rest, v)
	case lengthCall:
		if n, ok := size(v); ok {
			return w.walk(rest, int64(n), sure)
		}
		return nil
	}
	list, ok := v.(*vtl.List)
	if !ok {
		return nil
	}
	for _, i := range t.positions(len(list.Items)) {
		if i >= 0 && i < len(list.Items) {
			if err := w.walk(rest, list.Items[i], sure); err != nil {
				return err
			}
		}
	}
	return nil
}

// each goes over the members of a map or the items of a list.
func (w *walk) each(v any, do func(name string, item any) error) error {
	switch v := v.(type) {
	case *vtl.Map:
		for _, key := range v.Keys() {
			name, _ := key.(string)
			if err := do(name, v.Get(key)); err != nil {
				return err
			}
		}
	case *vtl.List:
		for i, item := range v.Items {
			if err := do(strconv.Itoa(i), item); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walk) property(t *token, rest []token, v any, sure bool) error {
	m, ok := v.(*vtl.Map)
	if !ok {
		return nil
	}
	if len(t.names) == 1 {
		if !m.Has(t.names[0]) {
			return nil
		}
		return w.walk(rest, m.Get(t.names[0]), sure)
	}
	some := vtl.NewMap()
	for _, name := range t.names {
		if m.Has(name) {
			some.Put(name, m.Get(name))
		}
	}
	return w.walk(rest, some, sure)
}

// scan applies the rest to a value and to all that is in it.
func (w *walk) scan(rest []token, v any) error {
	switch v.(type) {
	case *vtl.Map, *vtl.List:
	default:
		return nil
	}
	if err := w.walk(rest, v, false); err != nil {
		return err
	}
	return w.each(v, func(_ string, item any) error {
		if err := w.visit(); err != nil {
			return err
		}
		return w.scan(rest, item)
	})
}

// filter takes a map that fits, or a list's items that fit.
func (w *walk) filter(t *token, rest []token, v any) error {
	take := func(item any) error {
		ok, err := t.filter.holds(w.search, item)
		if !ok || err != nil {
			return err
		}
		return w.walk(rest, item, false)
	}
	switch v := v.(type) {
	case *vtl.Map:
		return take(v)
	case *vtl.List:
		for _, item := range v.Items {
			if err := take(item); err != nil {
				return err
			}
		}
	}
	return nil
}

// positions are the places in a list of a size that a token means.
func (t *token) positions(size int) []int {
	switch t.kind {
	case sizeMinus:
		return []int{size - t.numbers[0]}
	case slice:
		from, to := 0, size
		if t.from != nil {
			if from = *t.from; from < 0 && t.to == nil {
				from = max(0, size+from)
			}
		}
		if t.to != nil {
			if to = *t.to; to < 0 && t.from == nil {
				to += size
			}
		}
		var is []int
		for i := max(0, from); i < min(to, size); i++ {
			is = append(is, i)
		}
		return is
	}
	is := make([]int, len(t.numbers))
	for n, i := range t.numbers {
		if i < 0 {
			i += size
		}
		is[n] = i
	}
	return is
}
