// Package jsonpath selects from JSON documents as Jayway JsonPath does, which API
// Gateway's $input.json and $input.path use (the guide calls it JSONPath; what
// LocalStack recorded of lists and maps is json-smart's, Jayway's own parser).
//
// No Go library was found that is like it: theory/jsonpath keeps to RFC 9535 and,
// as PaesslerAG/jsonpath does, works on Go's maps, which have no order; ohler55/ojg
// takes ordered maps, but gives lists for paths that mean one value, and its
// filters and its missing members are not Jayway's.
//
// What was in doubt was asked of Jayway 2.0.0 itself; the tests have its answers.
// Of later versions there are names in double quotes, parentheses and the words
// in, nin, contains, size and empty in filters, and .length() at the end; which
// version AWS runs was found nowhere. The other functions are refused.
package jsonpath

import (
	"fmt"

	"awslab/runner/emulator/executeapi/vtl"
)

// Path is a compiled path. It is safe for concurrent use.
type Path struct {
	tokens   []token
	root     bool // from $, not from @
	definite bool // means one value at most
}

// PathError is a path that does not compile.
type PathError struct {
	Path, Reason string
}

func (e *PathError) Error() string { return fmt.Sprintf("JSONPath %q: %s", e.Path, e.Reason) }

const (
	maxPath  = 10_000    // bytes of a path
	maxVisit = 1_000_000 // values that one search looks at
	visits   = 64        // that are counted at once
	maxDepth = 100       // filters within filters
)

type kind int

const (
	property   kind = iota // one name, or several at the end
	wildcard               // *
	scan                   // ..
	indices                // [1], [1,2]
	slice                  // [1:2]
	filtered               // [?(…)]
	sizeMinus              // [(@.length - 1)]
	lengthCall             // .length()
)

type token struct {
	kind     kind
	names    []string
	numbers  []int
	from, to *int // of a slice
	filter   condition
}

func (t *token) definite() bool {
	switch t.kind {
	case property, sizeMinus, lengthCall:
		return true
	case indices:
		return len(t.numbers) == 1
	}
	return false
}

// Definite reports a path that means one value. Any other gives a list.
func (p *Path) Definite() bool { return p.definite }

// Find selects from a document, made by [vtl.ParseJSON]. A path that is not
// definite finds a list, which may be empty. Count is told how many values were
// looked at, as they are, and may stop the search by an error; nil stops it at
// 1,000,000. The errors are [*vtl.LimitError] and those of count.
func (p *Path) Find(document any, count func(n int) error) (value any, found bool, err error) {
	s := &search{root: document, count: count}
	values, err := s.find(p, document)
	if err == nil && count != nil {
		err = count(s.visited % visits)
	}
	switch {
	case err != nil:
		return nil, false, err
	case !p.definite:
		return vtl.NewJSONList(values), true, nil
	case len(values) == 0:
		return nil, false, nil
	}
	return values[0], true, nil
}
