package openapi

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of a document and of what it unfolds to, AWS's where AWS says one.
const (
	maxDepth  = 200     // levels
	maxNodes  = 1 << 20 // values, aliases unfolded
	maxText   = 4 * MaxSize
	maxOutput = 8 * MaxSize // bytes, roughly: references let few bytes become many
)

type kind int

const (
	null kind = iota
	boolean
	number
	text
	list
	object
)

// node is one value of a document. A nil node is what is not there.
type node struct {
	kind    kind
	text    string // of a scalar: "200", "true", "Hello"
	items   []*node
	members []member
	places  map[string]int // of members, made when there are many
}

type member struct {
	key   string
	value *node
}

// get gives a member, or nil. Of members with one name the last counts.
func (n *node) get(key string) *node {
	if n == nil || n.kind != object {
		return nil
	}
	if len(n.members) > 16 {
		if n.places == nil {
			n.places = make(map[string]int, len(n.members))
			for i, m := range n.members {
				n.places[m.key] = i
			}
		}
		if i, ok := n.places[key]; ok {
			return n.members[i].value
		}
		return nil
	}
	for i := len(n.members) - 1; i >= 0; i-- {
		if n.members[i].key == key {
			return n.members[i].value
		}
	}
	return nil
}

// all gives an object's members, none of anything else.
func (n *node) all() []member {
	if n == nil || n.kind != object {
		return nil
	}
	return n.members
}

// elements gives a list's items, none of anything else.
func (n *node) elements() []*node {
	if n == nil || n.kind != list {
		return nil
	}
	return n.items
}

func (n *node) isObject() bool { return n != nil && n.kind == object }
func (n *node) isNull() bool   { return n == nil || n.kind == null }

// isScalar says whether a text can be made of the value: "statusCode: 200" is one
// for AWS (LocalStack, test_import_with_integer_http_status_code).
func (n *node) isScalar() bool {
	return n != nil && (n.kind == boolean || n.kind == number || n.kind == text)
}

// str gives a scalar as a text, nil of anything else.
func (n *node) str() *string {
	if !n.isScalar() {
		return nil
	}
	return &n.text
}

// plain is str without a difference between nothing and "".
func (n *node) plain() string {
	if s := n.str(); s != nil {
		return *s
	}
	return ""
}

func (n *node) isTrue() bool { return n.isScalar() && strings.EqualFold(n.text, "true") }

// strings gives a list's scalars.
func (n *node) strings() []string {
	var all []string
	for _, item := range n.elements() {
		if item.isScalar() {
			all = append(all, item.text)
		}
	}
	return all
}

// parse makes a tree of a document.
func parse(document []byte) (*node, error) {
	document = bytes.TrimPrefix(document, []byte("\xef\xbb\xbf"))
	if len(document) > MaxSize || !utf8.Valid(document) {
		return nil, ErrInvalid // no record was found of what is too large
	}
	if trimmed := bytes.TrimSpace(document); len(trimmed) > 0 && trimmed[0] == '{' {
		if root, err := parseJSON(trimmed); err == nil {
			return root, nil
		}
	}
	return parseYAML(document)
}

// budget counts what a document unfolds to.
type budget struct{ nodes, text int }

func (b *budget) spend(n int) error {
	b.nodes++
	b.text += n
	if b.nodes > maxNodes || b.text > maxText {
		return ErrInvalid
	}
	return nil
}

// appendJSON writes a value as AWS writes schemas: with two blanks a level, and
// with blanks round colons (AWS CLI, examples, get-models).
func (n *node) appendJSON(out []byte, indent int) []byte {
	switch {
	case n == nil || n.kind == null:
		return append(out, "null"...)
	case n.kind == text:
		return appendQuoted(out, n.text)
	case n.kind == boolean || n.kind == number:
		return append(out, n.text...)
	case n.kind == list:
		out = append(out, "[ "...)
		for i, item := range n.items {
			if i > 0 {
				out = append(out, ", "...)
			}
			out = item.appendJSON(out, indent)
		}
		if len(n.items) > 0 {
			out = append(out, ' ')
		}
		return append(out, ']')
	}
	out = append(out, '{')
	for i, m := range n.members {
		if i > 0 {
			out = append(out, ',')
		}
		out = newLine(out, indent+1)
		out = append(appendQuoted(out, m.key), " : "...)
		out = m.value.appendJSON(out, indent+1)
	}
	if len(n.members) == 0 {
		return append(out, " }"...)
	}
	return append(newLine(out, indent), '}')
}

func newLine(out []byte, indent int) []byte {
	out = append(out, '\n')
	for range indent {
		out = append(out, "  "...)
	}
	return out
}

const hexDigits = "0123456789abcdef"

// appendQuoted writes a text as JSON has it; < > and & stay as they are.
func appendQuoted(out []byte, s string) []byte {
	out = append(out, '"')
	for _, c := range s {
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', byte(c))
		case c == '\n':
			out = append(out, `\n`...)
		case c == '\r':
			out = append(out, `\r`...)
		case c == '\t':
			out = append(out, `\t`...)
		case c < ' ':
			out = append(out, `\u00`...)
			out = append(out, hexDigits[c>>4], hexDigits[c&15])
		default:
			out = utf8.AppendRune(out, c)
		}
	}
	return append(out, '"')
}

// isJSONNumber says whether JSON can write a number as the document does.
func isJSONNumber(s string) bool {
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return false
	}
	digits := strings.TrimPrefix(s, "-")
	return digits != "" && digits[0] >= '0' && digits[0] <= '9' && !strings.HasSuffix(s, ".") &&
		(len(digits) == 1 || digits[0] != '0' || digits[1] < '0' || digits[1] > '9') && !strings.ContainsAny(s, "xXpP_") && !strings.Contains(s, ".e") && !strings.Contains(s, ".E")
}
