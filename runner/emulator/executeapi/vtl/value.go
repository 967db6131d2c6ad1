package vtl

import (
	"context"
	"math/big"
	"slices"
	"strings"
)

// The values of a template are Java's: nil is null, then string, bool, int64 and
// *big.Int for whole numbers of all sizes, float64, [Decimal], [*Map], [*List],
// [*Entry] and what a host gives as [Object].

// Decimal is a number with more digits than a float64 keeps, in its own text
// (Java's BigDecimal).
type Decimal string

// Object is a value of the host's. Get gives a property, and Call calls a method:
// found is false where there is none of that name that takes such arguments. A
// panic of theirs is not caught.
type Object interface {
	Get(name string) (value any, found bool)
	Call(name string, args []any) (value any, found bool, err error)
	String() string
}

// Entry is a pair of a map.
type Entry struct {
	m   *Map
	key any
}

// Map is Java's LinkedHashMap: it keeps the order of insertion.
type Map struct {
	keys    []any
	values  map[any]any // by hashable
	changes int         // of the keys: a loop notices them
}

// NewMap makes a map of keys and values by turns.
func NewMap(pairs ...any) *Map {
	m := &Map{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m.Put(pairs[i], pairs[i+1])
	}
	return m
}

type bigKey string

// hashable is a key as Go's maps can have it. Java hashes lists and maps by what
// is in them; here they are equal only to themselves.
func hashable(key any) any {
	switch key := key.(type) {
	case *big.Int:
		return bigKey(key.String())
	}
	return key
}

// Get gives the value of a key, or nil.
func (m *Map) Get(key any) any { return m.values[hashable(key)] }

// Has reports a key.
func (m *Map) Has(key any) bool {
	_, ok := m.values[hashable(key)]
	return ok
}

// Put sets a value and gives the one before.
func (m *Map) Put(key, value any) any {
	h := hashable(key)
	before, ok := m.values[h]
	if !ok {
		if m.values == nil {
			m.values = map[any]any{}
		}
		m.keys = append(m.keys, key)
		m.changes++
	}
	m.values[h] = value
	return before
}

// Remove takes a key away and gives its value.
func (m *Map) Remove(key any) any {
	h := hashable(key)
	before, ok := m.values[h]
	if ok {
		m.changes++
		delete(m.values, h)
		m.keys = slices.DeleteFunc(m.keys, func(k any) bool { return hashable(k) == h })
	}
	return before
}

// Keys gives the keys in order. They must not be changed.
func (m *Map) Keys() []any { return m.keys }

// Len is the number of keys.
func (m *Map) Len() int { return len(m.keys) }

func (m *Map) clear() { m.keys, m.values, m.changes = nil, nil, m.changes+1 }

// listKind says which of Java's classes a list is.
type listKind int

const (
	arrayList listKind = iota
	jsonArray          // writes itself as JSON
	setView            // has no order that can be asked for
	array              // of strings, as split gives it
)

// List is Java's ArrayList, and what else #foreach goes over.
type List struct {
	Items []any
	kind  listKind
	of    *Map // whose keys, values or entries it shows
}

// NewList makes a list that writes itself as Java's ArrayList does: [a, b].
func NewList(items ...any) *List { return &List{Items: items} }

// NewJSONList makes a list that writes itself as JSON.
func NewJSONList(items []any) *List { return &List{Items: items, kind: jsonArray} }

// writer writes values as Java's toString does, within the limits of a run.
type writer struct {
	r     *run
	b     strings.Builder
	depth int
}

func (w *writer) write(s string) error {
	w.b.WriteString(s)
	return w.r.made(len(s))
}

// enter counts a level: a list may hold itself. (Java prints "(this Collection)"
// for that, and overflows its stack for longer circles.)
func (w *writer) enter() error {
	if w.depth++; w.depth > maxNesting {
		return &LimitError{"depth", maxNesting}
	}
	return w.r.count(1)
}

func (w *writer) leave() { w.depth-- }

// value writes one value.
func (w *writer) value(v any) error {
	switch v := v.(type) {
	case nil:
		return w.write("null")
	case string:
		return w.write(v)
	case *Map:
		return w.mapText(v)
	case *List:
		switch v.kind {
		case jsonArray:
			return w.json(v)
		case array:
			return w.write("[Ljava.lang.String;@1b6d3586") // Java's changes from run to run
		}
		return w.listText(v)
	case *Entry:
		if err := w.value(v.key); err != nil {
			return err
		}
		if err := w.write("="); err != nil {
			return err
		}
		return w.value(v.m.Get(v.key))
	case *block:
		return w.block(v)
	case Object:
		return w.write(v.String())
	}
	return w.write(scalar(v))
}

func (w *writer) mapText(m *Map) error {
	if err := w.enter(); err != nil {
		return err
	}
	defer w.leave()
	if err := w.write("{"); err != nil {
		return err
	}
	for i, key := range m.keys {
		if i > 0 {
			if err := w.write(", "); err != nil {
				return err
			}
		}
		if err := w.value(&Entry{m, key}); err != nil {
			return err
		}
	}
	return w.write("}")
}

func (w *writer) listText(l *List) error {
	if err := w.enter(); err != nil {
		return err
	}
	defer w.leave()
	if err := w.write("["); err != nil {
		return err
	}
	for i, item := range l.Items {
		if i > 0 {
			if err := w.write(", "); err != nil {
				return err
			}
		}
		if err := w.value(item); err != nil {
			return err
		}
	}
	return w.write("]")
}

// block writes what #define gave a name.
func (w *writer) block(b *block) error {
	s, err := w.r.rendered(b)
	if err != nil {
		return err
	}
	w.b.WriteString(s)
	return nil
}

// string is a value's toString.
func (r *run) string(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case nil, *Map, *List, *Entry, *block:
		w := writer{r: r}
		err := w.value(v)
		return w.b.String(), err
	case Object:
		return v.String(), nil
	}
	return scalar(v), nil
}

// String is Java's toString of a value. Its error is a [*LimitError].
func String(v any) (string, error) {
	return (&run{ctx: context.Background(), limits: Limits{}.withDefaults()}).string(v)
}

// Text is the text of a value that holds no others; empty for those that do.
func Text(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return scalar(v)
}

// scalar is the text of a value that holds no others.
func scalar(v any) string {
	switch v := v.(type) {
	case bool:
		if v {
			return "true"
		}
		return "false"
	case int64, *big.Int, float64, Decimal:
		return numberText(v)
	}
	return ""
}
