package yamltree

import (
	"fmt"
	"slices"
	"strings"
)

// Fields reads a mapping strictly: every key that is asked for is known, every
// other one is a mistake.
type Fields struct {
	Node     *Node
	what     string // "front", for messages
	known    []string
	Mistakes []Mistake
}

// Fields begins to read n; what names it for messages, as in "front": the texts
// of a language say how that is called. known are all keys that it
// may have.
func (n *Node) Fields(what string, known ...string) *Fields {
	f := &Fields{Node: n, what: what, known: known}
	if n.Kind != Map {
		f.Mistake(n.Line, n.Column, "yaml.kind", "key", what, "is", n.Kind.Key(), "want", Map.Key())
		return f
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Key) {
			f.Mistake(m.Line, m.Column, "yaml.unknown-key", append(Suggest(m.Key, known), "in", what, "key", shortened(m.Key))...)
		}
	}
	return f
}

// Mistake adds one.
func (f *Fields) Mistake(line, column int, rule string, args ...string) {
	f.Mistakes = append(f.Mistakes, Mistake{Line: line, Column: column, Rule: rule, Args: Args(args)})
}

// Wrong adds a mistake at a node.
func (f *Fields) Wrong(n *Node, rule string, args ...string) {
	f.Mistake(n.Line, n.Column, rule, args...)
}

// Get gives a member's value, nil when it is not there.
func (f *Fields) Get(key string) *Node {
	v, _ := f.Node.Get(key)
	return v
}

// Text gives a member that has to be text (numbers and true count as what they
// look like), "" when it is not there.
func (f *Fields) Text(key string) string {
	n := f.Get(key)
	switch {
	case n == nil:
		return ""
	case n.Kind == List || n.Kind == Map || n.Kind == Null:
		f.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", String.Key())
		return ""
	}
	return n.Text
}

// Required is Text, and a mistake when it is not there or empty.
func (f *Fields) Required(key, example string) string {
	if n := f.Get(key); n != nil && n.Kind != Null && (n.Kind != String || n.Text != "") {
		return f.Text(key)
	}
	if f.Node.Kind == Map || f.Node.Kind == Null {
		f.Wrong(f.Node, "yaml.missing-key", "in", f.what, "key", key, "example", example)
	}
	return ""
}

// Int gives a member that has to be a whole number from lo to hi, or otherwise
// when it is not there.
func (f *Fields) Int(key string, otherwise, lo, hi int) int {
	n := f.Get(key)
	if n == nil {
		return otherwise
	}
	var value int
	if _, err := fmt.Sscanf(n.Text+"\n", "%d\n", &value); n.Kind != Number || err != nil || value < lo || value > hi {
		f.Wrong(n, "yaml.number", "key", key, "least", fmt.Sprint(lo), "most", fmt.Sprint(hi), "example", fmt.Sprint(max(otherwise, lo)))
		return otherwise
	}
	return value
}

// Texts gives a member that has to be a list of texts.
func (f *Fields) Texts(key string) []*Node {
	n := f.Get(key)
	if n == nil {
		return nil
	}
	if n.Kind != List {
		f.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", List.Key())
		return nil
	}
	var texts []*Node
	for _, item := range n.Items {
		if item.Kind == List || item.Kind == Map || item.Kind == Null {
			f.Wrong(item, "yaml.texts", "key", key, "is", item.Kind.Key())
			continue
		}
		texts = append(texts, item)
	}
	return texts
}

// Suggest gives the arguments of a mistake with a name that is not known:
// "near" is the nearest one that is, or else "known" all of them.
func Suggest(name string, known []string) []string {
	if near := Nearest(name, known); near != "" {
		return []string{"near", near}
	}
	if len(known) > 0 {
		return []string{"known", strings.Join(known, ", ")}
	}
	return nil
}

// Nearest is the known name that a person most likely meant, or "": one that
// differs in case only, or in at most a third of its letters (so in none of a
// name of one or two).
func Nearest(name string, known []string) string {
	best, least := "", 1<<30
	for _, k := range known {
		if strings.EqualFold(k, name) {
			return k
		}
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if least <= len([]rune(best))/3 {
		return best
	}
	return ""
}

// distance is the number of letters to add, drop, change or swap with their
// neighbour to make b of a. Long names are not compared.
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 64 || len(t) > 64 {
		return 1 << 20
	}
	before, last, row := make([]int, len(t)+1), make([]int, len(t)+1), make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(s); i++ {
		row[0] = i
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(t)]
}

// shortened is a key for a message.
func shortened(key string) string {
	if r := []rune(key); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return key
}
