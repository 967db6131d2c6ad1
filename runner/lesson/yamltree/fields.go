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
	what     string // "the front matter", for messages
	known    []string
	Mistakes []Mistake
}

// Fields begins to read n, which messages call what. known are all keys that it
// may have.
func (n *Node) Fields(what string, known ...string) *Fields {
	f := &Fields{Node: n, what: what, known: known}
	if n.Kind != Map {
		f.Mistake(n.Line, n.Column, fmt.Sprintf("%s is %s, and should be a mapping", what, n.Kind), "write it as `key: value` with the keys "+strings.Join(known, ", "))
		return f
	}
	for _, m := range n.Members {
		if !slices.Contains(known, m.Key) {
			f.Mistake(m.Line, m.Column, fmt.Sprintf("%s has no key %s", what, quoted(m.Key)), Suggest(m.Key, known))
		}
	}
	return f
}

// Mistake adds one.
func (f *Fields) Mistake(line, column int, what, hint string) {
	f.Mistakes = append(f.Mistakes, Mistake{Line: line, Column: column, What: what, Hint: hint})
}

// Wrong adds a mistake at a node.
func (f *Fields) Wrong(n *Node, what, hint string) { f.Mistake(n.Line, n.Column, what, hint) }

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
		f.Wrong(n, fmt.Sprintf("%s of %s is %s, and should be text", key, f.what, n.Kind), fmt.Sprintf("write `%s: some text`", key))
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
		f.Wrong(f.Node, fmt.Sprintf("%s has no %s", f.what, key), fmt.Sprintf("add `%s: %s`", key, example))
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
		f.Wrong(n, fmt.Sprintf("%s of %s is not a whole number from %d to %d", key, f.what, lo, hi), fmt.Sprintf("write `%s: %d`", key, max(otherwise, lo)))
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
		f.Wrong(n, fmt.Sprintf("%s of %s is %s, and should be a list", key, f.what, n.Kind), fmt.Sprintf("write `%s: [one, two]`", key))
		return nil
	}
	var texts []*Node
	for _, item := range n.Items {
		if item.Kind == List || item.Kind == Map || item.Kind == Null {
			f.Wrong(item, fmt.Sprintf("%s of %s holds %s, and should hold texts", key, f.what, item.Kind), "put each text on its own, in quotes if it has signs in it")
			continue
		}
		texts = append(texts, item)
	}
	return texts
}

// Suggest is a hint for a name that is not known: the nearest one that is, or
// all of them.
func Suggest(name string, known []string) string {
	if len(known) == 0 {
		return "take it out"
	}
	if near := Nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	return "known are: " + strings.Join(known, ", ")
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

// quoted shortens a key for a message.
func quoted(key string) string {
	if r := []rune(key); len(r) > 60 {
		key = string(r[:60]) + "…"
	}
	return "`" + key + "`"
}
