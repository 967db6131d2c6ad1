package executeapi

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf16"
)

// writer writes JSON objects whose members stand in AWS's order.
type writer struct {
	b    []byte
	next bool // a comma is due
}

func (w *writer) comma() {
	if w.next {
		w.b = append(w.b, ',')
	}
	w.next = true
}

func (w *writer) key(name string) {
	w.comma()
	w.b = appendString(w.b, name)
	w.b = append(w.b, ':')
}

// root writes the outermost object.
func (w *writer) root(members func()) { w.enclose('{', '}', members) }

// object writes a member that is an object.
func (w *writer) object(name string, members func()) {
	w.key(name)
	w.enclose('{', '}', members)
}

func (w *writer) array(name string, values []string) {
	w.key(name)
	w.enclose('[', ']', func() {
		for _, value := range values {
			w.comma()
			w.b = appendString(w.b, value)
		}
	})
}

// lasts writes an object of single values: of several of one name the last.
func (w *writer) lasts(name string, names []string, values map[string][]string) {
	w.object(name, func() {
		for _, name := range names {
			value := ""
			if all := values[name]; len(all) > 0 {
				value = all[len(all)-1]
			}
			w.str(name, value)
		}
	})
}

func (w *writer) enclose(open, shut byte, inner func()) {
	w.b, w.next = append(w.b, open), false
	inner()
	w.b, w.next = append(w.b, shut), true
}

func (w *writer) str(name, value string) {
	w.key(name)
	w.b = appendString(w.b, value)
}

func (w *writer) int(name string, value int64) {
	w.key(name)
	w.b = strconv.AppendInt(w.b, value, 10)
}

func (w *writer) bool(name string, value bool) {
	w.key(name)
	w.b = strconv.AppendBool(w.b, value)
}

// raw writes a value that is JSON already.
func (w *writer) raw(name string, value []byte) {
	w.key(name)
	w.b = append(w.b, value...)
}

func (w *writer) null(names ...string) {
	for _, name := range names {
		w.raw(name, []byte("null"))
	}
}

// appendString writes a JSON string. Bytes that are no UTF-8 become U+FFFD.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < 0x20 || c == '"' || c == '\\' || c >= 0x7f {
			var buffer bytes.Buffer
			encoder := json.NewEncoder(&buffer)
			encoder.SetEscapeHTML(false)
			_ = encoder.Encode(s) // strings always encode
			return append(b, bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// hashOrder is the order in which Java's HashMap has keys that were put into it in
// this order. That some members of events stand in it shows in stackd's captures
// (rest_lambda_authorizers.json, "authorizer").
func hashOrder(keys []string) []string {
	keys = slices.Clone(keys)
	buckets := 16
	for len(keys)*4 > buckets*3 {
		buckets *= 2
	}
	slices.SortStableFunc(keys, func(a, b string) int { return bucket(a, buckets) - bucket(b, buckets) })
	return keys
}

func bucket(key string, buckets int) int {
	var hash uint32
	for _, unit := range utf16.Encode([]rune(key)) {
		hash = hash*31 + uint32(unit)
	}
	return int(hash^hash>>16) & (buckets - 1)
}
