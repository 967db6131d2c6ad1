package executeapi

import (
	"net/http"
	"strings"
)

// fields are the header fields of an answer of a REST API: in their order, and
// with their names as they were written, which REST APIs keep (stackd: x-probe).
type fields []field

type field struct{ name, value string }

// get gives the last value of a name, in any case.
func (f fields) get(name string) (string, bool) {
	for i := len(f) - 1; i >= 0; i-- {
		if strings.EqualFold(f[i].name, name) {
			return f[i].value, true
		}
	}
	return "", false
}

// set puts one value in the place of all that a name has. One that cannot stand in
// a header is dropped.
func (f *fields) set(name, value string) {
	if !validName(name) || !validValue(value) {
		return
	}
	kept := (*f)[:0]
	done := false
	for _, old := range *f {
		switch {
		case !strings.EqualFold(old.name, name):
			kept = append(kept, old)
		case !done:
			kept, done = append(kept, field{old.name, value}), true
		}
	}
	if !done {
		kept = append(kept, field{name, value})
	}
	*f = kept
}

// add puts another value to a name. Later ones take the first one's case.
func (f *fields) add(name, value string) {
	for _, old := range *f {
		if strings.EqualFold(old.name, name) {
			name = old.name
			break
		}
	}
	*f = append(*f, field{name, value})
}

// remap renames the fields that are the gateway's own to say, and drops others.
func (f fields) remap(renamed, dropped []string) fields {
	out := f[:0]
	for _, field := range f {
		switch {
		case contains(dropped, field.name):
			continue
		case contains(renamed, field.name):
			field.name = remapped + field.name
		}
		out = append(out, field)
	}
	return out
}

// remapped begins the names of headers of an integration's that API Gateway sends
// itself (guide, "Known issues"; its case: execution logs in public reports).
const remapped = "x-amzn-Remapped-"

func contains(names []string, name string) bool {
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return true
		}
	}
	return false
}

// write puts the fields to a header, whose names keep their case so.
func (f fields) write(header http.Header) {
	for _, field := range f {
		header[field.name] = append(header[field.name], field.value)
	}
}

// String writes the fields as execution logs do: several values of a name behind
// one another (LocalStack's test_invoke.py, from its tests on AWS).
func (f fields) String() string {
	texts := make([]string, 0, len(f))
	place := make(map[string]int, len(f))
	for _, field := range f {
		if at, ok := place[field.name]; ok {
			texts[at] += "," + field.value
			continue
		}
		place[field.name] = len(texts)
		texts = append(texts, field.name+"="+field.value)
	}
	return "{" + strings.Join(texts, ", ") + "}"
}
