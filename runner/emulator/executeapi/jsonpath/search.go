package jsonpath

import (
	"awslab/runner/emulator/executeapi/vtl"
)

// search is one search in one document.
type search struct {
	root    any
	count   func(int) error
	visited int
	spent   int
	depth   int
}

// spend counts work beside the values that are looked at.
func (s *search) spend(n int) error {
	if n <= 0 {
		return nil
	}
	if s.spent += n; s.spent > maxVisit {
		return &vtl.LimitError{What: "values searched", Limit: maxVisit}
	}
	if s.count != nil {
		return s.count(n)
	}
	return nil
}

// visit counts a value that is looked at.
func (s *search) visit() error {
	if s.visited++; s.visited > maxVisit {
		return &vtl.LimitError{What: "values searched", Limit: maxVisit}
	}
	if s.count != nil && s.visited%visits == 0 {
		return s.count(visits)
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
	err := w.walk(p.tokens, from)
	return w.found, err
}

// walk collects what is found.
type walk struct {
	*search
	found []any
}

// walk goes on from a value with the tokens that are left. Where a value does not
// fit a token, an index of a text for one, nothing is found: Jayway has an option
// for that and for exceptions, and which AWS sets was found nowhere.
func (w *walk) walk(tokens []token, v any) error {
	if err := w.visit(); err != nil {
		return err
	}
	if len(tokens) == 0 {
		w.found = append(w.found, v)
		return nil
	}
	t, rest := &tokens[0], tokens[1:]
	switch t.kind {
	case property:
		return w.property(t, rest, v)
	case wildcard:
		return w.each(v, func(item any) error { return w.walk(rest, item) })
	case scan:
		return w.scan(rest, v)
	case filtered:
		return w.filter(t, rest, v)
	case lengthCall:
		if n, ok := size(v); ok {
			return w.walk(rest, int64(n))
		}
		return nil
	}
	list, ok := v.(*vtl.List)
	if !ok {
		return nil
	}
	for _, i := range t.positions(len(list.Items)) {
		if i >= 0 && i < len(list.Items) {
			if err := w.walk(rest, list.Items[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

// each goes over the members of a map or the items of a list.
func (w *walk) each(v any, do func(item any) error) error {
	switch v := v.(type) {
	case *vtl.Map:
		for _, key := range v.Keys() {
			if err := do(v.Get(key)); err != nil {
				return err
			}
		}
	case *vtl.List:
		for _, item := range v.Items {
			if err := do(item); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *walk) property(t *token, rest []token, v any) error {
	m, ok := v.(*vtl.Map)
	if !ok {
		return nil
	}
	if len(t.names) == 1 {
		if !m.Has(t.names[0]) {
			return nil
		}
		return w.walk(rest, m.Get(t.names[0]))
	}
	some := vtl.NewMap()
	for _, name := range t.names {
		if m.Has(name) {
			some.Put(name, m.Get(name))
		}
	}
	return w.walk(rest, some)
}

// scan applies the rest to a value and to all that is in it.
func (w *walk) scan(rest []token, v any) error {
	switch v.(type) {
	case *vtl.Map, *vtl.List:
	default:
		return nil
	}
	if t := &rest[0]; len(t.names) < 2 || t.inside(v) { // of several names all must be there
		if err := w.walk(rest, v); err != nil {
			return err
		}
	}
	return w.each(v, func(item any) error {
		if err := w.visit(); err != nil {
			return err
		}
		return w.scan(rest, item)
	})
}

// inside reports a map with all names of a token.
func (t *token) inside(v any) bool {
	m, ok := v.(*vtl.Map)
	for _, name := range t.names {
		ok = ok && m.Has(name)
	}
	return ok
}

// filter takes a map that fits, or a list's items that fit.
func (w *walk) filter(t *token, rest []token, v any) error {
	take := func(item any) error {
		ok, err := t.filter.holds(w.search, item)
		if !ok || err != nil {
			return err
		}
		return w.walk(rest, item)
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
