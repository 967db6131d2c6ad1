package check

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/lesson/yamltree"
)

// matcher judges a value as encoding/json gives it with UseNumber. The error is
// one of filling in a variable, or of a pattern that a variable made invalid.
type matcher interface {
	match(ctx context.Context, w World, v any) (*mismatch, error)
	// expected is what is wanted, in the notation of the lesson.
	expected(ctx context.Context, w World) string
}

// mismatch is the innermost place where a value differs.
type mismatch struct{ path, expected, found string }

// at puts the mismatch one level deeper.
func (m *mismatch) at(step string) *mismatch {
	if m != nil {
		m.path = step + m.path
	}
	return m
}

// matcherWords are the keys that make a mapping a matcher.
var matcherWords = []string{"contains", "matches", "between", "one-of", "not", "exists", "length", "each", "any", "json"}

// slips are what people write for them.
var slips = map[string]string{
	"contain": "contains", "match": "matches", "regexp": "matches", "regex": "matches", "oneof": "one-of", "one_of": "one-of", "oneOf": "one-of",
	"exist": "exists", "range": "between", "len": "length", "every": "each", "some": "any",
}

// matcher reads a matcher: a literal is one already.
func (r *reader) matcher(n *yamltree.Node) matcher {
	if n == nil {
		return nil
	}
	if n.Kind != yamltree.Map {
		return r.literal(n)
	}
	ours := 0
	for _, m := range n.Members {
		if slices.Contains(matcherWords, m.Key) {
			ours++
		}
	}
	if len(n.Members) == 1 && ours == 0 {
		if right, ok := slips[n.Members[0].Key]; ok {
			r.mistakes = append(r.mistakes, yamltree.Mistake{Line: n.Members[0].Line, Column: n.Members[0].Column, Rule: "matcher.unknown", Args: map[string]string{"matcher": n.Members[0].Key, "near": right}})
			return nil
		}
	}
	switch ours {
	case 0:
		return r.literal(n)
	case len(n.Members):
	default:
		r.wrong(n, "matcher.mixed", "known", strings.Join(matcherWords, ", "))
		return nil
	}
	var all allOf
	for _, m := range n.Members {
		if one := r.word(m); one != nil {
			all = append(all, one)
		}
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

// word reads one matcher word.
func (r *reader) word(m yamltree.Member) matcher {
	n := m.Value
	switch m.Key {
	case "contains":
		return containsMatcher{r.matcher(n)}
	case "matches":
		if n.Kind == yamltree.Map || n.Kind == yamltree.List || n.Kind == yamltree.Null {
			r.wrong(n, "matcher.regexp-kind")
			return nil
		}
		if !reference.MatchString(n.Text) {
			if _, err := regexp.Compile(n.Text); err != nil {
				r.wrong(n, "matcher.regexp", "cause", err.Error())
				return nil
			}
		}
		return matchesMatcher{n.Text}
	case "between":
		if n.Kind != yamltree.List || len(n.Items) != 2 || n.Items[0].Kind != yamltree.Number || n.Items[1].Kind != yamltree.Number {
			r.wrong(n, "matcher.between")
			return nil
		}
		low, high := json.Number(n.Items[0].Text), json.Number(n.Items[1].Text)
		if compare(low, high) > 0 {
			r.wrong(n, "matcher.between-order", "low", string(high), "high", string(low))
		}
		return betweenMatcher{low, high}
	case "one-of":
		if n.Kind != yamltree.List || len(n.Items) == 0 {
			r.wrong(n, "yaml.kind", "key", "one-of", "is", n.Kind.Key(), "want", yamltree.List.Key())
			return nil
		}
		var one oneOf
		for _, item := range n.Items {
			one = append(one, r.matcher(item))
		}
		return one
	case "not":
		return notMatcher{r.matcher(n)}
	case "exists":
		if n.Kind != yamltree.Bool {
			r.wrong(n, "yaml.kind", "key", "exists", "is", n.Kind.Key(), "want", yamltree.Bool.Key())
			return nil
		}
		return existsMatcher(n.Text == "true")
	case "length":
		return lengthMatcher{r.matcher(n)}
	case "each":
		return eachMatcher{r.matcher(n)}
	case "any":
		return anyMatcher{r.matcher(n)}
	default:
		return jsonMatcher{r.matcher(n)}
	}
}

// literal reads a value that stands for itself; what is in it may be matchers.
func (r *reader) literal(n *yamltree.Node) matcher {
	switch n.Kind {
	case yamltree.Map:
		m := mapMatcher{}
		for _, member := range n.Members {
			m.keys = append(m.keys, member.Key)
			m.values = append(m.values, r.matcher(member.Value))
		}
		return m
	case yamltree.List:
		l := listMatcher{}
		for _, item := range n.Items {
			l = append(l, r.matcher(item))
		}
		return l
	default:
		return equalMatcher{n.Value()}
	}
}

// reference matches $NAME and ${NAME} as package runner fills them in.
var reference = regexp.MustCompile(`\$(\{[A-Za-z_][A-Za-z0-9_]*\}|[A-Za-z_][A-Za-z0-9_]*)`)

// equalMatcher compares scalars; numbers by value.
type equalMatcher struct{ want any }

func (m equalMatcher) filled(ctx context.Context, w World) (any, error) {
	if text, ok := m.want.(string); ok {
		return w.expand(ctx, text)
	}
	return m.want, nil
}

func (m equalMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	want, err := m.filled(ctx, w)
	if err != nil || same(want, v) {
		return nil, err
	}
	return &mismatch{expected: show(want), found: show(v)}, nil
}

func (m equalMatcher) expected(ctx context.Context, w World) string {
	want, err := m.filled(ctx, w)
	if err != nil {
		want = m.want
	}
	return show(want)
}

// same compares two scalars.
func same(a, b any) bool {
	x, ok := a.(json.Number)
	if y, number := b.(json.Number); ok && number {
		return compare(x, y) == 0
	}
	switch a.(type) {
	case nil, bool, string:
		switch b.(type) {
		case nil, bool, string:
			return a == b
		}
	}
	return false
}

// compare orders numbers: whole ones exactly, others as floats.
func compare(a, b json.Number) int {
	x, errX := strconv.ParseInt(string(a), 10, 64)
	y, errY := strconv.ParseInt(string(b), 10, 64)
	if errX == nil && errY == nil {
		return cmpOf(x, y)
	}
	f, _ := strconv.ParseFloat(string(a), 64) // beyond the range it is an infinity, which compares well
	g, _ := strconv.ParseFloat(string(b), 64)
	return cmpOf(f, g)
}

func cmpOf[T int64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// mapMatcher compares the members that it names.
type mapMatcher struct {
	keys   []string
	values []matcher
}

func (m mapMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return &mismatch{expected: m.expected(ctx, w), found: show(v)}, nil
	}
	for i, key := range m.keys {
		wrong, err := m.values[i].match(ctx, w, object[key])
		if wrong == nil && err == nil {
			continue
		}
		if _, there := object[key]; !there && wrong != nil && wrong.path == "" {
			wrong.found = show(v) // what is there instead tells more than null
		}
		return wrong.at("." + key), err
	}
	return nil, nil
}

func (m mapMatcher) expected(ctx context.Context, w World) string {
	parts := make([]string, len(m.keys))
	for i, key := range m.keys {
		parts[i] = key + ": " + m.values[i].expected(ctx, w)
	}
	return shorten("{" + strings.Join(parts, ", ") + "}")
}

// listMatcher compares a list as a whole.
type listMatcher []matcher

func (m listMatcher) match(ctx context.Context, w World, v any) (*mismatch, error) {
	list, ok := v.([]any)
	if !ok || len(list) != len(m) {
		return &mismatch{expected: m.expected(ctx, w), found: show(v)}, nil
	}
	for i, one := range m {
		if wrong, err := one.match(ctx, w, list[i]); wrong != nil || err != nil {
			return wrong.at(fmt.Sprintf("[%d]", i)), err
		}
	}
	return nil, nil
}

func (m listMatcher) expected(ctx context.Context, w World) string {
	parts := make([]string, len(m))
	for i, one := range m {
		parts[i] = one.expected(ctx, w)
	}
	return shorten("[" + strings.Join(parts, ", ") + "]")
}
