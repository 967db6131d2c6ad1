// Package yamltree reads YAML that a person wrote into a tree that knows where
// everything stands, and reads that tree strictly: unknown and repeated keys
// are mistakes, with a line, a column and the nearest key that would be right.
//
// Lessons (front matter, course.yaml) and checks are read with it. It takes the
// part of YAML that such files need: one document, no anchors, aliases, tags or
// merge keys. Start at [Parse] and at [Node.Fields]. It imports nothing of
// awslab.
package yamltree

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// MaxSize and MaxDepth bound what [Parse] takes, in bytes and in levels.
const (
	MaxSize  = 64 << 10
	MaxDepth = 100
)

// Kind is what a node is.
type Kind int

// The kinds of node.
const (
	Null Kind = iota
	Bool
	Number
	String
	List
	Map
)

// Key names the kind in the arguments of a [Mistake].
func (k Kind) Key() string {
	return [...]string{"null", "bool", "number", "text", "list", "map"}[k]
}

// Node is one value with its place. Lines and columns start at 1.
type Node struct {
	Kind         Kind
	Line, Column int
	// Text is a scalar as text: "200", "true", "Hello".
	Text    string
	Items   []*Node // of a list
	Members []Member
}

// Member is one key of a mapping, in the order in which they were written.
type Member struct {
	Key          string
	Line, Column int
	Value        *Node
}

// Mistake is one thing that is wrong, as data: runner/text has the sentences
// for each rule, in every language.
type Mistake struct {
	Line, Column int
	Rule         string // "yaml.unknown-key"
	// Args are the values that the sentences name. The values of "is" and "want"
	// are keys of kinds of node, "in" says which mapping; "near" is what was
	// probably meant, "known" are all names there are.
	Args map[string]string
}

// Args makes the arguments of a mistake of names and values in turn.
func Args(pairs []string) map[string]string {
	args := make(map[string]string, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i]] = pairs[i+1]
	}
	return args
}

// Parse reads one YAML document. line is the line of its first byte in the file
// that it comes from. An empty document gives a Null node. Where there are
// mistakes the tree may be nil or lack parts.
func Parse(data []byte, line int) (tree *Node, mistakes []Mistake) {
	r := &reader{base: line - 1}
	if len(data) > MaxSize {
		r.mistake(1, 0, "yaml.too-large", "limit", fmt.Sprint(MaxSize))
		return nil, r.mistakes
	}
	if deep(string(data)) {
		r.mistake(1, 0, "yaml.nesting", "limit", fmt.Sprint(MaxDepth))
		return nil, r.mistakes
	}
	// The YAML library has panicked on odd input before; a lesson is foreign text.
	defer func() {
		if p := recover(); p != nil {
			r.mistake(1, 0, "yaml.syntax", "cause", fmt.Sprint(p))
			tree, mistakes = nil, r.mistakes
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		r.syntax(err)
		return nil, r.mistakes
	}
	root := &Node{Kind: Null, Line: line, Column: 1}
	for i, doc := range file.Docs {
		if i > 0 {
			r.at(doc.GetToken(), "yaml.second-document")
			break
		}
		if doc.Body != nil {
			root = r.node(doc.Body, 0)
		}
	}
	return root, r.mistakes
}

// deep reports brackets or dashes nested beyond what a lesson can mean: the
// parser recurses, and stacks end.
func deep(text string) bool {
	level, dashes := 0, 0
	for _, c := range text {
		switch c {
		case '[', '{':
			level++
		case ']', '}':
			level = max(level-1, 0)
		}
		switch c {
		case '-', '?', ':', ' ':
			if c != ' ' {
				dashes++
			}
		default:
			dashes = 0
		}
		if level > 5*MaxDepth || dashes > 5*MaxDepth {
			return true
		}
	}
	return false
}

type reader struct {
	base     int
	mistakes []Mistake
}

func (r *reader) mistake(line, column int, rule string, args ...string) {
	r.mistakes = append(r.mistakes, Mistake{Line: r.base + max(line, 1), Column: column, Rule: rule, Args: Args(args)})
}

func (r *reader) at(tk *token.Token, rule string, args ...string) {
	line, column := place(tk)
	r.mistake(line, column, rule, args...)
}

func place(tk *token.Token) (line, column int) {
	if tk == nil || tk.Position == nil {
		return 1, 0
	}
	return tk.Position.Line, tk.Position.Column
}

func (r *reader) syntax(err error) {
	y, ok := err.(yaml.Error) //nolint:errorlint // the parser's own errors are never wrapped
	if !ok {
		r.mistake(1, 0, "yaml.syntax", "cause", err.Error())
		return
	}
	r.at(y.GetToken(), "yaml.syntax", "cause", y.GetMessage())
}

func (r *reader) node(n ast.Node, depth int) *Node {
	line, column := place(n.GetToken())
	out := &Node{Kind: Null, Line: r.base + max(line, 1), Column: column}
	if depth > MaxDepth {
		r.mistake(line, column, "yaml.nesting", "limit", fmt.Sprint(MaxDepth))
		return out
	}
	switch n := n.(type) {
	case *ast.NullNode:
	case *ast.BoolNode:
		out.Kind, out.Text = Bool, strconv.FormatBool(n.Value)
	case *ast.IntegerNode:
		out.Kind, out.Text = Number, fmt.Sprint(n.Value)
	case *ast.FloatNode:
		out.Kind, out.Text = Number, strconv.FormatFloat(n.Value, 'g', -1, 64)
	case *ast.StringNode:
		out.Kind, out.Text = String, r.text(n.Value, line, column)
	case *ast.LiteralNode:
		out.Kind, out.Text = String, r.text(n.Value.Value, line, column)
	case *ast.SequenceNode:
		out.Kind = List
		for _, v := range n.Values {
			out.Items = append(out.Items, r.node(v, depth+1))
		}
	case *ast.MappingNode:
		out.Kind = Map
		for _, v := range n.Values {
			r.member(out, v, depth)
		}
	case *ast.MappingValueNode:
		out.Kind = Map
		r.member(out, n, depth)
	default:
		r.mistake(line, column, "yaml.unused-part", "part", strings.ToLower(n.Type().String()))
	}
	return out
}

func (r *reader) member(into *Node, v *ast.MappingValueNode, depth int) {
	line, column := place(v.Key.GetToken())
	var key string
	switch k := v.Key.(type) {
	case *ast.StringNode:
		key = r.text(k.Value, line, column)
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		key = k.GetToken().Value
	default:
		r.mistake(line, column, "yaml.key")
		return
	}
	if _, ok := into.Get(key); ok {
		r.mistake(line, column, "yaml.key-twice", "key", key)
		return
	}
	member := Member{Key: key, Line: r.base + max(line, 1), Column: column, Value: &Node{Line: r.base + max(line, 1), Column: column}}
	if v.Value != nil {
		member.Value = r.node(v.Value, depth+1)
	}
	if len(into.Members) == 0 {
		into.Line, into.Column = member.Line, member.Column
	}
	into.Members = append(into.Members, member)
}

// text refuses what "\e" and its like put into quoted text.
func (r *reader) text(s string, line, column int) string {
	if i := strings.IndexFunc(s, Control); i >= 0 {
		c, _ := utf8.DecodeRuneInString(s[i:])
		r.mistake(line, column, "yaml.control", "character", fmt.Sprintf("%U", c))
		return ""
	}
	return s
}

// Get gives a member's value.
func (n *Node) Get(key string) (*Node, bool) {
	for _, m := range n.Members {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

// Value is the node as encoding/json would read it with UseNumber: nil, bool,
// json.Number, string, []any, map[string]any.
func (n *Node) Value() any {
	switch n.Kind {
	case Bool:
		return n.Text == "true"
	case Number:
		return json.Number(n.Text)
	case String:
		return n.Text
	case List:
		list := make([]any, len(n.Items))
		for i, item := range n.Items {
			list[i] = item.Value()
		}
		return list
	case Map:
		m := make(map[string]any, len(n.Members))
		for _, member := range n.Members {
			m[member.Key] = member.Value.Value()
		}
		return m
	}
	return nil
}

// Control reports characters that drive a terminal, or reorder what a person
// reads, instead of being read: C0 and C1 but tab, newline and carriage return,
// DEL, and the bidirectional embeddings, overrides and isolates.
func Control(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r < 0x20 || r >= 0x7f && r < 0xa0:
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
