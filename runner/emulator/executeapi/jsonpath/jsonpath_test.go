package jsonpath

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"awslab/runner/emulator/executeapi/vtl"
)

// find gives what a path finds, in JSON.
func find(t *testing.T, document, path string) (string, bool, error) {
	t.Helper()
	parsed, err := vtl.ParseJSON([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := Compile(path)
	if err != nil {
		return "", false, err
	}
	v, found, err := compiled.Find(parsed, nil)
	if err != nil {
		return "", false, err
	}
	text, err := vtl.JSON(v)
	return text, found, err
}

// testdata/jayway-2.0.0.jsonl has what Jayway JsonPath 2.0.0 answered with
// json-smart 2.2: first the documents, then paths of theirs.
func TestAsJayway(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/jayway-2.0.0.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var documents []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var line struct {
			Document, Path, Value string
			Of                    int
			Missing               bool
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Document != "" {
			documents = append(documents, line.Document)
			continue
		}
		got, found, err := find(t, documents[line.Of], line.Path)
		if err != nil || found == line.Missing || found && got != line.Value {
			t.Errorf("%s: %s, %t, %v; want %s", line.Path, got, found, err, line.Value)
		}
	}
}

// What later versions have, and what is nothing here though Jayway 2.0 fails.
func TestFind(t *testing.T) {
	t.Parallel()
	const document = `{"a":{"b c":[1,"x",null,{"d":"it's"}]},"n":[{"v":1,"w":["p","q"]},{"v":2,"w":[]},{"v":"2"},{"v":true}],"s":"text"}`
	for path, want := range map[string]string{
		`$["a"]["b c"][0]`:           `1`,
		`$.a['b c'][-1].d`:           `"it's"`,
		`$['a']['b c'].length()`:     `4`,
		`$.s.length()`:               `4`,
		`$.a.length()`:               `1`,
		`$.n[?(@.v in [1, 2])].v`:    `[1,2,"2"]`,
		`$.n[?(@.v nin [1])].v`:      `[2,"2",true]`,
		`$.n[?(@.w contains 'q')].v`: `[1]`,
		`$.n[?(@.w size 2)].v`:       `[1]`,
		`$.n[?(@.w empty true)].v`:   `[2]`,
		`$.n[?((@.v == 1 || @.v == 2) && !(@.w empty true))].v`: `[1,"2"]`,
		`$.n[?(@.w.length() == 2)].v`:                           `[1]`,
		`$.n[?(@.v == true)].v`:                                 `[true]`,
		`$.n[?(@['v'] == 1)].w[0]`:                              `["p"]`,
		`$.n[?(@.w[0] == "p")].v`:                               `[1]`,
		`$.n[0]['v','w']`:                                       `{"v":1,"w":["p","q"]}`,
		`$.n[ 0 , 1 ].v`:                                        `[1,2]`,
		`$.n[(@.length-4)].v`:                                   `1`,
		`$.n[(@.size() - 1)].v`:                                 `true`,
		`$..d`:                                                  `["it's"]`,
		`$.n[*].w[*]`:                                           `["p","q"]`,
		`$.s[*]`:                                                `[]`,
		`$.none[*].x`:                                           `[]`,
	} {
		if got, found, err := find(t, document, path); err != nil || !found || got != want {
			t.Errorf("%s: %s, %t, %v; want %s", path, got, found, err, want)
		}
	}
	for _, path := range []string{"$.none", "$.s.x", "$.s[0]", "$.n.v", "$.n[9]", "$.n[-9]", "$.a.b", "$.n[(@.length - 9)]"} {
		if got, found, err := find(t, document, path); err != nil || found {
			t.Errorf("%s: %s, %v", path, got, err)
		}
	}
}

func TestDoesNotCompile(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"", " ", "$x", "$.", "$..", "$...a", "$.a b", "$[", "$[]", "$.a[", "$.a[b]", "$.a[0", "$['a", "$['a'b]", "$['a',b]", "$.a[?]", "$.a[?()]", "$.a[?(@.c]", "$.a[?(@.c == )]",
		"$.a[?(@..c == 1)]", "$.a[?(1)]", "$.a[(@.x - 1)]", "$.a[(@.length)]", "$.a[:]", "$.a[1:2:3]", "$.a[99999999999]", "$['a','b'].c", "$.a.min()", "$.length().x", "$.a[?(@.c =~ /(/)]", "$.a[?(@.c =~ /x)]",
	} {
		_, err := Compile(path)
		var pe *PathError
		if !errors.As(err, &pe) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"size":        "$." + strings.Repeat("a", maxPath),
		"parentheses": "$[?(" + strings.Repeat("(", 1000),
		"not":         "$[?(" + strings.Repeat("!", 1000) + "@.a)]",
		"filters":     strings.Repeat("$.a[?(", 500),
	} {
		_, err := Compile(path)
		var limit *vtl.LimitError
		if !errors.As(err, &limit) {
			t.Errorf("%s: %v", name, err)
		}
	}
	deep := strings.Repeat(`{"a":[1,2,`, 100) + "3" + strings.Repeat("]}", 100)
	_, _, err := find(t, deep, "$"+strings.Repeat("..*", 8))
	var limit *vtl.LimitError
	if !errors.As(err, &limit) {
		t.Error(err)
	}
}

// A path finds the same again, and what it finds is JSON.
func FuzzFind(f *testing.F) {
	document := `{"a":[{"b":1,"c":"x"},{"b":2.5}],"d":{"e":null},"":true}`
	for _, seed := range []string{"$", "$.a[0].b", "$..b", "$.a[?(@.b > 1 && @.c =~ /X/i)]", "$['a','d']", "$.a[-1:]", "$.a[(@.length-1)].b.length()", "a", "$.a[?(!(@.b in [1,'x']))]"} {
		f.Add(document, seed)
	}
	f.Fuzz(func(t *testing.T, document, path string) {
		parsed, err := vtl.ParsePayload([]byte(document))
		if err != nil {
			return
		}
		compiled, err := Compile(path)
		var pe *PathError
		var limit *vtl.LimitError
		if err != nil {
			if !errors.As(err, &pe) && !errors.As(err, &limit) {
				t.Fatalf("%q: %v", path, err)
			}
			return
		}
		v, found, err := compiled.Find(parsed, nil)
		if err != nil && !errors.As(err, &pe) && !errors.As(err, &limit) {
			t.Fatalf("%q: %v", path, err)
		}
		if !found {
			return
		}
		text, err := vtl.JSON(v)
		if err != nil && !errors.As(err, &limit) || err == nil && !json.Valid([]byte(text)) {
			t.Fatalf("%q in %q: %s, %v", path, document, text, err)
		}
		again, _, _ := compiled.Find(parsed, nil)
		if second, _ := vtl.JSON(again); second != text {
			t.Fatalf("%q in %q: %s, then %s", path, document, text, second)
		}
	})
}

func TestCountsWhatItLooksAt(t *testing.T) {
	t.Parallel()
	parsed, err := vtl.ParseJSON([]byte("[" + strings.Repeat("1,", 999) + "1]"))
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := Compile("$[*]")
	if err != nil {
		t.Fatal(err)
	}
	counted, full := 0, errors.New("full")
	if _, _, err := compiled.Find(parsed, func(n int) error { counted += n; return nil }); err != nil || counted < 1000 {
		t.Error(counted, err)
	}
	if _, _, err := compiled.Find(parsed, func(int) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}
