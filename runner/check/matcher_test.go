package check

import (
	"context"
	"errors"
	"strings"
	"testing"

	"awslab/runner/lesson/yamltree"
)

var vars = map[string]string{"NAME": "world", "DOT": "a.b"}

// expanding fills in vars; $UNSET has no value.
func expanding(_ context.Context, text string) (string, error) {
	var failed error
	filled := reference.ReplaceAllStringFunc(text, func(m string) string {
		name := strings.Trim(m, "${}")
		if name == "UNSET" {
			failed = &UnsetError{Name: name}
		}
		if value, ok := vars[name]; ok {
			return value
		}
		return m
	})
	return filled, failed
}

func TestMatchers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		matcher, value string
		want           string // "", or the mismatch: path | expected | found
	}{
		{"200", "200", ""},
		{"200", "200.0", ""},
		{"1.5e+3", "1500", ""},
		{"200", `"200"`, ` | 200 | "200"`},
		{`"200"`, "200", ` | "200" | 200`},
		{"9007199254740993", "9007199254740992", " | 9007199254740993 | 9007199254740992"},
		{"true", "true", ""},
		{"true", `"true"`, ` | true | "true"`},
		{"null", "null", ""},
		{"~", "0", " | null | 0"},
		{"Hello from Lambda!", `"Hello from Lambda!"`, ""},
		{"Hello $NAME", `"Hello world"`, ""},
		{"$LATEST", `"$LATEST"`, ""},
		{"{a: 1}", `{"a":1,"b":2}`, ""},
		{"{a: 1}", `{"b":2}`, `.a | 1 | {"b":2}`},
		{"{a: {b: 1}}", `{"a":{"b":2}}`, ".a.b | 1 | 2"},
		{"{a: 1}", `[1]`, " | {a: 1} | [1]"},
		{"[1, 2]", `[1,2]`, ""},
		{"[1, 2]", `[1,2,3]`, " | [1, 2] | [1,2,3]"},
		{"[1, {contains: x}]", `[1,"y"]`, `[1] | … "x" … | "y"`},
		{"{contains: ell}", `"Hello"`, ""},
		{"{contains: $NAME}", `"Hello world"`, ""},
		{"{contains: xyz}", `"Hello"`, ` | … "xyz" … | "Hello"`},
		{"{contains: 2}", `[1,2]`, ""},
		{"{contains: {a: 1}}", `[{"a":1,"b":2}]`, ""},
		{"{contains: 3}", `[1,2]`, " | … 3 … | [1,2]"},
		{"{contains: lambda}", `{"Service":"lambda.amazonaws.com"}`, ""},
		{"{contains: x}", "null", ` | … "x" … | null`},
		{`{matches: "^python3\\."}`, `"python3.14"`, ""},
		{`{matches: "^$DOT$"}`, `"a.b"`, ""},
		{`{matches: "^$DOT$"}`, `"aXb"`, ` | /^$DOT$/ | "aXb"`},
		{`{matches: "lambda\\.amazonaws"}`, `{"S":["lambda.amazonaws.com"]}`, ""},
		{"{matches: ^null$}", "null", " | /^null$/ | null"},
		{"{between: [1, 10]}", "10", ""},
		{"{between: [1, 10]}", "10.5", " | 1 … 10 | 10.5"},
		{"{between: [1, 10]}", `"5"`, ` | 1 … 10 | "5"`},
		{"{one-of: [a, b]}", `"b"`, ""},
		{"{one-of: [a, {matches: ^c}]}", `"d"`, ` | "a" | /^c/ | "d"`},
		{"{not: a}", `"b"`, ""},
		{"{not: {contains: a}}", `"cab"`, ` | ≠ … "a" … | "cab"`},
		{"{exists: true}", `""`, ""},
		{"{exists: true}", "null", " | exists: true | null"},
		{"{exists: false}", "null", ""},
		{"{a: {exists: false}}", `{"b":1}`, ""},
		{"{a: {exists: false}}", `{"a":1}`, ".a | exists: false | 1"},
		{"{length: 2}", `["a","b"]`, ""},
		{"{length: 2}", `"하나"`, ""},
		{"{length: {between: [3, 4]}}", `{"a":1}`, " | length: 3 … 4 | length: 1"},
		{"{length: 0}", "null", " | length: 0 | null"},
		{"{each: {a: 1}}", `[{"a":1},{"a":2}]`, "[1].a | 1 | 2"},
		{"{each: 1}", `[]`, ""},
		{"{any: {a: 2}}", `[{"a":1},{"a":2}]`, ""},
		{"{any: 3}", `[1]`, " | any: 3 | [1]"},
		{"{json: Hello}", `"\"Hello\""`, ""},
		{"{json: {a: 1}}", `"{\"a\":1}"`, ""},
		{"{json: {a: 1}}", `"\"{\\\"a\\\":1}\""`, ""},
		{"{json: {a: 1}}", `{"a":1}`, ` | json: {a: 1} | {"a":1}`},
		{"{json: {a: 1}}", `"{"`, ` | json: {a: 1} | "{"`},
		{"{json: 1}", `"1 2"`, ` | json: 1 | "1 2"`},
		{"{json: '5'}", `"\"5\""`, ""},
		{"{contains: H, not: {contains: x}}", `"H"`, ""},
		{"{contains: H, not: {contains: x}}", `"Hx"`, ` | ≠ … "x" … | "Hx"`},
		{"{a: $UNSET}", `{"a":1}`, "UNSET has no value"},
	} {
		t.Run(tt.matcher+" "+tt.value, func(t *testing.T) {
			t.Parallel()
			tree, mistakes := yamltree.Parse([]byte(tt.matcher), 1)
			r := &reader{mistakes: mistakes}
			m := r.matcher(tree)
			if len(r.mistakes) > 0 {
				t.Fatal(r.mistakes)
			}
			value, err := decode(tt.value)
			if err != nil {
				t.Fatal(err)
			}
			wrong, err := m.match(t.Context(), World{Expand: expanding}, value)
			got := ""
			var unset *UnsetError
			switch {
			case errors.As(err, &unset):
				got = err.Error()
			case err != nil:
				t.Fatal(err)
			case wrong != nil:
				got = wrong.path + " | " + wrong.expected + " | " + wrong.found
			}
			if got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestLongValuesAreShortened(t *testing.T) {
	t.Parallel()
	if got := show(strings.Repeat("가", 10_000)); len([]rune(got)) != maxShown+1 {
		t.Errorf("%d runes", len([]rune(got)))
	}
}

func TestPythonNames(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		source string
		want   string
	}{
		"def":                  {"def f(a):\n    return 1\n", "f"},
		"async, class":         {"async def f(): pass\nclass C:\n  def g(self): pass\nclass D(C): pass\n", "f C D"},
		"generic":              {"def f[T](x: T) -> T:\n    return x\n", "f"},
		"inside":               {"def outer():\n    def f():\n        pass\n    x = 1\n", "outer"},
		"after inside":         {"def outer():\n\tdef f(): pass\ndef g(): pass\n", "outer g"},
		"under if":             {"try:\n    import x\nexcept ImportError:\n    def f():\n        y = 1\n", "x f"},
		"comment":              {"# def f():\nx = 1  # def g():\n", "x"},
		"string":               {"'''\ndef f():\n    pass\n'''\ns = \"def g(): \\\" def h():\"\n", "s"},
		"raw and bytes":        {"a = r'\\'\nb = rb'''x'''\ndef f(): pass\n", "a b f"},
		"f-string":             {"a = f'{x[\"k\"]} # {{'\ndef f(): pass\n", "a f"},
		"f-string, same marks": {"a = f\"{x[\"#\"]:>{w}} # \"\ndef f(): pass\n", "a f"},
		"f-string, spec":       {"a = f\"{x:'>10}\"\ndef f(): pass\n", "a f"},
		"f-string, triple":     {"a = f'''\n{x:\n}def no():\n'''\ndef f(): pass\n", "a f"},
		"brackets":             {"x = [\n'a',\n  # )\n]\ndef f(): pass\n", "x f"},
		"backslash":            {"x = 1 + \\\n  2\ndef f(): pass\n", "x f"},
		"decorator":            {"@wrap(\n  a=1\n)\ndef f(): pass\n", "a f"},
		"import":               {"from h import lambda_handler\nimport a.b, c as d\nfrom q import (x,\n  y as z)\n", "lambda_handler a d x z"},
		"assignment":           {"lambda_handler = make()\nx: int = 3\nif a == b: pass\nf(k=1)\n", "lambda_handler x int k"},
		"two at once":          {"a = 1; b = 2\n", "a b"},
		"for and with":         {"for i in x:\n    pass\nwith open(y) as h:\n    z = 1\n", "i h z"},
		"walrus":               {"if (n := 1): pass\n", "n"},
		"Korean":               {"def 핸들러(사건, 문맥):\n    return 1\n", "핸들러"},
		"no end":               {"x = 'abc\ndef f(): pass\ny = '''\ndef g(): pass\n", "x f y"},
		"Windows":              {"def f():\r\n    pass\r\ndef g(): pass\r\n", "f g"},
		"spelling":             {"def lamda_handler(event, context): pass\ndefine = 1\n", "lamda_handler define"},
		"empty":                {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := strings.Join(pythonNames(tt.source), " "); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func FuzzPythonNames(f *testing.F) {
	f.Add("def f(a):\n  return f'{a[\"b\"]:>{w}}' # x\n")
	f.Add("a = f\"{x!r:{'{'}}\"\\\n'''")
	f.Fuzz(func(_ *testing.T, source string) { pythonNames(source) })
}
