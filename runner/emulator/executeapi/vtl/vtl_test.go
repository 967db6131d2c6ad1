package vtl

import (
	"context"
	"testing"
)

// render carries a template out over a few variables.
func render(t *testing.T, template string) (string, error) {
	t.Helper()
	parsed, err := Parse(template)
	if err != nil {
		return "", err
	}
	return parsed.Execute(context.Background(), map[string]any{
		"x": "X", "n": int64(5), "list": NewList("a", "b", "c"), "t": true, "f": false,
		"m": NewMap("k", "v", "num", int64(7), "nul", nil, "in", NewMap("deep", "D")),
	}, Limits{})
}

func TestRender(t *testing.T) {
	for _, test := range []struct{ template, want string }{
		{"Hello $name", "Hello "},
		{"#if($t) a #elseif($f) b #else c #end", " a "},
		{"#foreach($i in [1..3])$i#if($foreach.hasNext),#end#end", "1,2,3"},
	} {
		if got, err := render(t, test.template); err != nil || got != test.want {
			t.Errorf("%q: %q, %v; want %q", test.template, got, err, test.want)
		}
	}
}
