package vtl

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// at checks an index; a negative one counts from the end.
func (l *List) at(i int64) (int, error) {
	if i < 0 {
		i += int64(len(l.Items))
	}
	return l.plainAt(i, len(l.Items))
}

func (l *List) plainAt(i int64, size int) (int, error) {
	if i < 0 || i >= int64(size) {
		return 0, &RunError{"java.lang.IndexOutOfBoundsException: Index: " + strconv.FormatInt(i, 10) + ", Size: " + strconv.Itoa(len(l.Items))}
	}
	return int(i), nil
}

func (r *run) indexOf(l *List, v any, last bool) (int64, error) {
	if err := r.count(len(l.Items) / 16); err != nil {
		return 0, err
	}
	found := int64(-1)
	for i, item := range l.Items {
		same, err := r.javaEquals(item, v)
		if err != nil {
			return 0, err
		}
		if same {
			found = int64(i)
			if !last {
				break
			}
		}
	}
	return found, nil
}

// listMethod calls a method of java.util.List, or of Set for what has no order.
func (r *run) listMethod(l *List, name string, args []any) (any, bool, error) {
	switch {
	case fits(args, ""):
		switch name {
		case "size":
			return int64(len(l.Items)), true, nil
		case "isEmpty":
			return len(l.Items) == 0, true, nil
		case "clear":
			l.Items = nil
			return nil, true, nil
		case "toArray":
			return &List{Items: slices.Clone(l.Items)}, true, r.made(16 * len(l.Items))
		case "toJSONString":
			if l.kind == jsonArray {
				s, err := r.string(l)
				return s, true, err
			}
		case "hashCode", "iterator", "listIterator", "stream", "spliterator", "parallelStream":
			return nil, false, absent("List", name)
		}
	case fits(args, "i") && l.kind != setView && (name == "get" || name == "remove"):
		i, err := l.plainAt(args[0].(int64), len(l.Items))
		if err != nil {
			return nil, true, err
		}
		v := l.Items[i]
		if name == "remove" {
			l.Items = slices.Delete(l.Items, i, i+1)
			err = r.count(len(l.Items) / 16)
		}
		return v, true, err
	case fits(args, "a"):
		return r.listWith(l, name, args[0])
	case fits(args, "ii") && name == "subList" && l.kind != setView:
		from, to := args[0].(int64), args[1].(int64)
		if from < 0 || to > int64(len(l.Items)) || from > to {
			return nil, true, &RunError{"java.lang.IndexOutOfBoundsException: subList"}
		}
		return &List{Items: slices.Clone(l.Items[from:to])}, true, r.made(16 * int(to-from))
	case fits(args, "ia") && l.kind != setView:
		return r.listAt(l, name, args[0].(int64), args[1])
	}
	switch name {
	case "sort", "forEach", "removeIf", "replaceAll":
		return nil, false, absent("List", name)
	}
	return nil, false, nil
}

func (r *run) listWith(l *List, name string, v any) (any, bool, error) {
	switch name {
	case "add":
		l.Items = append(l.Items, v)
		return true, true, r.made(16)
	case "contains":
		i, err := r.indexOf(l, v, false)
		return i >= 0, true, err
	case "indexOf", "lastIndexOf":
		if l.kind != setView {
			i, err := r.indexOf(l, v, name == "lastIndexOf")
			return i, true, err
		}
	case "remove":
		i, err := r.indexOf(l, v, false)
		if i >= 0 {
			l.Items = slices.Delete(l.Items, int(i), int(i)+1)
		}
		return i >= 0, true, err
	case "addAll", "containsAll", "removeAll", "retainAll":
		if other, ok := v.(*List); ok {
			changed, err := r.listAndList(l, name, other)
			return changed, true, err
		}
	}
	return nil, false, nil
}

func (r *run) listAndList(l *List, name string, other *List) (bool, error) {
	switch name {
	case "addAll":
		l.Items = append(l.Items, other.Items...)
		return len(other.Items) > 0, r.made(16 * len(other.Items))
	case "containsAll":
		for _, v := range other.Items {
			if i, err := r.indexOf(l, v, false); i < 0 || err != nil {
				return false, err
			}
		}
		return true, nil
	}
	var kept []any
	for _, v := range l.Items {
		i, err := r.indexOf(other, v, false)
		if err != nil {
			return false, err
		}
		if (i >= 0) == (name == "retainAll") {
			kept = append(kept, v)
		}
	}
	changed := len(kept) != len(l.Items)
	l.Items = kept
	return changed, nil
}

func (r *run) listAt(l *List, name string, i int64, v any) (any, bool, error) {
	switch name {
	case "set":
		at, err := l.plainAt(i, len(l.Items))
		if err != nil {
			return nil, true, err
		}
		before := l.Items[at]
		l.Items[at] = v
		return before, true, nil
	case "add":
		at, err := l.plainAt(i, len(l.Items)+1)
		if err != nil {
			return nil, true, err
		}
		l.Items = slices.Insert(l.Items, at, v)
		if err := r.count(len(l.Items) / 16); err != nil {
			return nil, true, err
		}
		return nil, true, r.made(16)
	}
	return nil, false, nil
}

// mapMethod calls a method of java.util.Map.
func (r *run) mapMethod(m *Map, name string, args []any) (any, bool, error) {
	switch {
	case fits(args, ""):
		return r.plainMap(m, name)
	case fits(args, "m") && name == "putAll":
		for _, key := range args[0].(*Map).keys {
			m.Put(key, args[0].(*Map).Get(key))
		}
		return nil, true, r.made(32 * args[0].(*Map).Len())
	case fits(args, "a"):
		switch name {
		case "get":
			return m.Get(args[0]), true, nil
		case "containsKey":
			return m.Has(args[0]), true, nil
		case "containsValue":
			i, err := r.indexOf(&List{Items: m.items()}, args[0], false)
			return i >= 0, true, err
		case "remove":
			return m.Remove(args[0]), true, r.count(m.Len() / 16)
		}
	case fits(args, "aa"):
		switch name {
		case "put":
			return m.Put(args[0], args[1]), true, r.made(32)
		case "putIfAbsent":
			if before := m.Get(args[0]); before != nil {
				return before, true, nil
			}
			return m.Put(args[0], args[1]), true, r.made(32)
		case "replace":
			if !m.Has(args[0]) {
				return nil, true, nil
			}
			return m.Put(args[0], args[1]), true, nil
		case "getOrDefault":
			if m.Has(args[0]) {
				return m.Get(args[0]), true, nil
			}
			return args[1], true, nil
		}
	}
	switch name {
	case "compute", "computeIfAbsent", "computeIfPresent", "merge", "forEach", "replaceAll":
		return nil, false, absent("Map", name)
	}
	return nil, false, nil
}

func (m *Map) items() []any {
	items := make([]any, len(m.keys))
	for i, key := range m.keys {
		items[i] = m.Get(key)
	}
	return items
}

// plainMap are the methods without arguments. Java's sets are views of the map;
// these are copies, so a loop may change the map.
func (r *run) plainMap(m *Map, name string) (any, bool, error) {
	switch name {
	case "size":
		return int64(m.Len()), true, nil
	case "isEmpty":
		return m.Len() == 0, true, nil
	case "clear":
		m.clear()
		return nil, true, nil
	case "hashCode":
		return nil, false, absent("Map", name)
	case "keySet", "values", "entrySet":
	default:
		return nil, false, nil
	}
	if err := r.count(m.Len() / 16); err != nil {
		return nil, true, err
	}
	l := &List{kind: setView, of: m}
	switch name {
	case "keySet":
		l.Items = slices.Clone(m.keys)
	case "values":
		l.Items = m.items()
	default:
		for _, key := range m.keys {
			l.Items = append(l.Items, &Entry{m, key})
		}
	}
	return l, true, r.made(16 * m.Len())
}

// numberMethod calls a method of java.lang.Number's classes, and those that
// templates reach through a number: $n.parseInt("5").
func numberMethod(n any, name string, args []any) (any, bool, error) {
	switch {
	case fits(args, ""):
		switch name {
		case "intValue", "longValue", "shortValue", "byteValue":
			if f, ok := n.(float64); ok {
				return truncated(f), true, nil
			}
			return n, true, nil
		case "doubleValue", "floatValue":
			return toFloat(n), true, nil
		case "hashCode":
			if i, ok := n.(int64); ok && i == int64(int32(i)) {
				return i, true, nil
			}
			return nil, false, absent("Number", name)
		case "isNaN":
			f, ok := n.(float64)
			return f != f, ok, nil
		}
	case fits(args, "a") && name == "compareTo" && isNumber(args[0]):
		return int64(compareNumbers(n, args[0])), true, nil
	case fits(args, "s"):
		s := args[0].(string)
		switch name {
		case "parseInt", "parseLong", "valueOf":
			if _, ok := n.(int64); ok {
				i, err := strconv.ParseInt(s, 10, 64)
				if err != nil || strings.Contains(s, "_") {
					return nil, true, &RunError{"java.lang.NumberFormatException: For input string: " + strconv.Quote(s)}
				}
				return i, true, nil
			}
			fallthrough
		case "parseDouble":
			f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
			if err != nil {
				return nil, true, &RunError{"java.lang.NumberFormatException: For input string: " + strconv.Quote(s)}
			}
			return f, true, nil
		}
	case fits(args, "a") && isNumber(args[0]) && (name == "toString" || name == "valueOf"):
		if name == "toString" {
			return numberText(args[0]), true, nil
		}
		return args[0], true, nil
	}
	switch name {
	case "toHexString", "toBinaryString", "toOctalString", "max", "min", "sum", "signum", "bitCount", "reverse", "divide", "compare":
		return nil, false, absent("Number", name)
	}
	return nil, false, nil
}

// truncated is a Java cast of a double to long.
func truncated(f float64) int64 {
	switch {
	case math.IsNaN(f):
		return 0
	case f >= math.MaxInt64:
		return math.MaxInt64
	case f <= math.MinInt64:
		return math.MinInt64
	}
	return int64(f)
}
