package yamltree_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/lesson/yamltree"
	"awslab/runner/text"
)

func TestParse(t *testing.T) {
	t.Parallel()
	tree, mistakes := yamltree.Parse([]byte("# a comment\na: {b: [1, -2.5, 0x10, true, ~, '3', $X]}\nc: |\n  two\n  lines\n200: x\nd: >-\n  folded\n  text\ne:\n"), 10)
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	want := map[string]any{
		"a": map[string]any{"b": []any{json.Number("1"), json.Number("-2.5"), json.Number("16"), true, nil, "3", "$X"}},
		"c": "two\nlines\n", "200": "x", "d": "folded text", "e": nil,
	}
	if diff := cmp.Diff(want, tree.Value()); diff != "" {
		t.Error(diff)
	}
	var places []string
	for _, m := range tree.Members {
		places = append(places, fmt.Sprintf("%s %d:%d", m.Key, m.Line, m.Column))
	}
	if got := strings.Join(places, ", "); got != "a 11:1, c 12:1, 200 15:1, d 16:1, e 19:1" {
		t.Error(got)
	}
}

func TestParseMistakes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ source, want string }{
		"twice":     {"a: 1\na: 2\n", "2:1: the key a is here twice"},
		"anchor":    {"a: &x 1\n", "1:4: this part of YAML is not used"},
		"alias":     {"a: *x\n", "1:4: this part of YAML is not used"},
		"tag":       {"a: !!binary x\n", "1:4: this part of YAML is not used"},
		"merge":     {"<<: {a: 1}\n", "1:1: this key is not plain text"},
		"infinity":  {"a: .inf\n", "1:4: this part of YAML is not used"},
		"documents": {"a: 1\n---\nb: 1\n", "3:2: this is a second YAML document"},
		"tab":       {"a:\n\tb: 1\n", "2:1: this is not YAML"},
		"deep":      {strings.Repeat("[", 5000), "1:0: this YAML is nested too deeply"},
		"dashes":    {strings.Repeat("- ", 5000), "1:0: this YAML is nested too deeply"},
		"levels":    {strings.Repeat("[", 200) + strings.Repeat("]", 200), "1:"},
		"large":     {strings.Repeat("x", yamltree.MaxSize+1), "1:0: this YAML is too large"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, mistakes := yamltree.Parse([]byte(tt.source), 1)
			if len(mistakes) != 1 {
				t.Fatalf("got %v", mistakes)
			}
			m := mistakes[0]
			what, hint := text.English().Issue(m.Rule, m.Args)
			if got := fmt.Sprintf("%d:%d: %s", m.Line, m.Column, what); !strings.HasPrefix(got, tt.want) || hint == "" {
				t.Errorf("got %s (%s), want %s", got, hint, tt.want)
			}
		})
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"myFunc1", "orders", "function", "a"}
	for name, want := range map[string]string{
		"myfunc1": "myFunc1", "MYFUNC1": "myFunc1", "myFunc": "myFunc1", "myFunc12": "myFunc1", "mFyunc1": "myFunc1",
		"functoin": "function", "order": "orders", "payments": "", "": "", "b": "", "A": "a", strings.Repeat("x", 100): "",
	} {
		if got := yamltree.Nearest(name, known); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

// FuzzParse: whatever the bytes, Parse ends, does not panic, and says something
// where it gives nothing.
func FuzzParse(f *testing.F) {
	f.Add([]byte("a: {b: [1, ~, 'x']}\nc: |\n  d\n? e\n: f\n"))
	f.Add([]byte("{a: \"\\u00e9\", b: *c, <<: d}\n...\n%YAML 1.2\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, mistakes := yamltree.Parse(data, 1)
		if tree == nil && len(mistakes) == 0 {
			t.Error("nothing read, and nothing wrong")
		}
		if tree != nil {
			_ = tree.Value()
			tree.Fields("it", "a")
		}
	})
}
