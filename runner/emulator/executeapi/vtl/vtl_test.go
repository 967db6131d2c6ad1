package vtl

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// world is what the templates of these tests know.
func world() map[string]any {
	return map[string]any{
		"x": "X", "n": int64(5), "list": NewList("a", "b", "c"), "t": true, "f": false,
		"m": NewMap("k", "v", "num", int64(7), "nul", nil, "in", NewMap("deep", "D")),
	}
}

func render(template string) (string, error) {
	parsed, err := Parse(template)
	if err != nil {
		return "", err
	}
	return parsed.Execute(context.Background(), world(), Limits{})
}

// testdata/velocity-1.7.jsonl has what Apache Velocity 1.7 answered over the same
// variables, with the empty string for what has no value and without inline
// macros: all that is in doubt, and templates made at random.
func TestAsVelocity(t *testing.T) {
	t.Parallel()
	f, err := os.Open("testdata/velocity-1.7.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var test struct {
			Template, Want string
			Fails          bool
		}
		if err := json.Unmarshal(lines.Bytes(), &test); err != nil {
			t.Fatal(err)
		}
		parsed, err := Parse(test.Template)
		got := ""
		if err == nil {
			got, err = parsed.Execute(context.Background(), world(), Limits{Loops: 10_000}) // Velocity's own has no limit
		}
		if (err != nil) != test.Fails || err == nil && got != test.Want {
			t.Errorf("%q: %q, %v; want %q, fails %t", test.Template, got, err, test.Want, test.Fails)
		}
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ template, want string }{
		// Java 17 answered these.
		{`#set($s='a,b,c,,')$s.split(',').size() $s.split(',',2).get(1) $s.split(',',-1).size()`, "3 b,c,, 5"},
		{`#set($s='')$s.split(',').size()#set($s=',a')$s.split(',').size()#set($s='abc')$s.split('').size()$s.split('',2).get(1)`, "123bc"},
		{`#set($s='a1b22c')#foreach($p in $s.split('\d+'))$p;#end`, "a;b;c;"},
		{`#set($s='a.b')$s.split('.').size()#set($s='a|b')$s.split('\|').size()`, "02"},
		{`#set($s='한글😀')$s.length() $s.substring(1,2) $s.indexOf('😀') $s.substring(2)`, "4 글 2 😀"},
		{`#set($s=' a ')[$s.trim()][$s.strip()]$s.isBlank()`, "[a][a]false"},
		{`#set($s='banana')$s.lastIndexOf('a') $s.indexOf('a',2) $s.lastIndexOf('a',4) $s.indexOf('z') $s.startsWith('na',2)`, "5 3 3 -1 true"},
		{`#set($s='b')$s.compareTo('a') $s.compareTo('bcd') $s.equalsIgnoreCase('B') $s.compareToIgnoreCase('B') $s.hashCode()`, "1 -2 true 0 98"},
		{`#set($s='a-b-c')$s.replaceAll('(\w)-(\w)','$2$1') $s.replaceFirst('-','') $s.replace('-','') $s.replaceAll('-','\$')`, "ba-c ab-c abc a$b$c"},
		{`$x.join(', ', $list) $x.valueOf(5) $n.parseInt('42') $n.doubleValue() $n.compareTo(7)`, "a, b, c 5 42 5.0 -1"},
		{`$list.indexOf('b') $list.lastIndexOf('z') $list.subList(1,3) $list.remove(0) $list.remove('c') $list`, "1 -1 [b, c] a true [b]"},
		{`$list.addAll(['d','e']) $list.removeAll(['a','d']) $list.containsAll(['b']) $list.retainAll(['b','e']) $list $list.set(0,'q') $list $!list.add(0,'p') $list`, "true true true true [b, e] b [q, e]  [p, q, e]"},
		{`$m.containsKey('k') $m.containsValue(7) $m.size() $m.remove('k') $m.getOrDefault('k','d') $m.putIfAbsent('k','w') $m.k $m.replace('k','z') $m.k $m.isEmpty()`, "true true 4 v d  w w z false"},
		{`#foreach($e in $m.entrySet())$e.key:$e.getValue();#end`, "k:v;num:7;nul:;in:{deep=D};"},
		{`$m.keySet().contains('k') $m.values().size() $m.keySet().get(0)|$m.keySet()[0]|`, "true 4 ||"},
		{`#set($a=[1,[2,{'b':3}]])#set($b=[1,[2,{'b':3}]])#if($a==$b)same#end $a.equals($b) $a.contains([2,{'b':3}])`, "same true true"},
		{`#set($d=2147483647*2147483647*2147483647)$d|#set($d=$d/$d)$d|#set($d=9223372036854775807)$d`, "9903520300447984150353281023|1|9223372036854775807"},
		{`#set($a=0.001)$a|#set($a=0.00099)$a|#set($a=9999999.0)$a|#set($a=1e7)$a|#set($a=12345678.5)$a|#set($a=0.1+0.2)$a`, "0.001|9.9E-4|9999999.0|1.0E7|1.23456785E7|0.30000000000000004"},
	} {
		if got, err := render(test.template); err != nil || got != test.want {
			t.Errorf("%q\n got %q, %v\nwant %q", test.template, got, err, test.want)
		}
	}
}

func TestRunErrors(t *testing.T) {
	t.Parallel()
	for template, reason := range map[string]string{
		"$list[9]":                "IndexOutOfBounds",
		"$list.get(-1)":           "IndexOutOfBounds",
		"$x.substring(5)":         "StringIndexOutOfBounds",
		"$n.parseInt('x')":        "NumberFormatException",
		"$x.replaceAll('(','')":   "PatternSyntaxException",
		"$x.replaceAll('X','$9')": "Illegal group reference",
		"$x.matches('(?=a)b')":    "awslab does not emulate this regular expression",
		`$x.matches('(a)\1')`:     "awslab does not emulate this regular expression",
		"$x.format('%s')":         "awslab does not emulate String.format",
		"#foreach($k in $m.keySet())$m.put(\"new$k\",1)#end": "ConcurrentModificationException",
	} {
		_, err := render(template)
		var run *RunError
		if !errors.As(err, &run) || !strings.Contains(run.Reason, reason) {
			t.Errorf("%s: %v; want %s", template, err, reason)
		}
	}
}

// Templates that run for ever or grow without end are stopped.
func TestLimits(t *testing.T) {
	t.Parallel()
	loops := func(n int, inner string) string {
		return strings.Repeat("#foreach($i in [1..1000])", n) + inner + strings.Repeat("#end", n)
	}
	for name, test := range map[string]struct{ template, what string }{
		"loops in loops":        {loops(5, ""), "steps"},
		"a text that doubles":   {"#set($s='0123456789')" + loops(1, "#set($s=$s+$s)"), "memory"},
		"a text interpolated":   {"#set($s='0123456789')" + loops(1, `#set($s="$s$s")`), "output"},
		"a text replaced":       {"#set($s='xxxxxxxxxx')" + loops(1, "#set($s=$s.replace('x','xx'))"), "memory"},
		"a regular expression":  {"#set($s='xxxxxxxxxx')" + loops(1, "#set($s=$s.replaceAll('x','xx'))"), "steps"},
		"a list that doubles":   {"#set($l=[1,2,3])" + loops(1, "#set($z=$l.addAll($l))"), "memory"},
		"a long output":         {"#set($s='0123456789')#foreach($i in [1..20])#set($s=$s+$s)#end" + loops(1, "$s"), "output"},
		"lists in lists":        {"#set($l=[1])" + loops(1, "#set($l=[$l,$l])") + "$l", "depth"},
		"a wide list in itself": {"#set($l=[1])#foreach($i in [1..50])#set($l=[$l,$l])#end$l", "steps"},
		"compared":              {"#set($l=[1])#foreach($i in [1..50])#set($l=[$l,$l])#end#set($k=[1])#foreach($i in [1..50])#set($k=[$k,$k])#end#if($l==$k)x#end", "steps"},
		"a list of itself":      {"#set($l=[])#set($z=$l.add($l))$l", "depth"},
		"a map of itself":       {"#set($m={})#set($z=$m.put('m',$m))$m", "depth"},
		"itself compared":       {"#set($l=[])#set($z=$l.add($l))#set($k=[])#set($z=$k.add($k))#if($l==$k)x#end", "depth"},
		"a long range":          {"#foreach($i in [1..2000000000])x#end", "steps"},
		"the longest range":     {"#set($a=[-9223372036854775807..9223372036854775807])", "steps"},
		"numbers that grow":     {"#set($n=9223372036854775807)" + loops(2, "#set($n=$n*$n)"), "steps"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := render(test.template)
			var limit *LimitError
			if !errors.As(err, &limit) || limit.What != test.what {
				t.Errorf("%v; want the limit of %s", err, test.what)
			}
		})
	}
}

func TestParseLimits(t *testing.T) {
	t.Parallel()
	for name, template := range map[string]string{
		"size":        strings.Repeat("x", MaxTemplate+1),
		"directives":  strings.Repeat("#if(true)", 1000) + strings.Repeat("#end", 1000),
		"parentheses": "#set($a=" + strings.Repeat("(", 10000),
		"not":         "#set($a=" + strings.Repeat("!", 10000),
		"lists":       "#set($a=" + strings.Repeat("[", 10000),
		"maps":        "#set($a=" + strings.Repeat("{'a':", 10000),
		"calls":       strings.Repeat("$a.b(", 10000),
		"indices":     strings.Repeat("$a[", 10000),
	} {
		_, err := Parse(template)
		var limit *LimitError
		if !errors.As(err, &limit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStopsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	parsed, err := Parse("#foreach($i in [1..1000])#foreach($j in [1..1000])#end#end")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := parsed.Execute(ctx, map[string]any{}, Limits{}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A loop of more than 1,000 rounds ends without a word (guide, quotas; Velocity's
// directive.foreach.maxloops does so).
func TestLoopsEnd(t *testing.T) {
	t.Parallel()
	if got, err := render("#foreach($i in [1..5000])#set($last=$i)#end$last"); err != nil || got != "1000" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		` { "b" : 1 , "a" : [ true , null , "x" ] } `:         `{"b":1,"a":[true,null,"x"]}`,
		`[9223372036854775807, 12345678901234567890, 249.99]`: `[9223372036854775807,12345678901234567890,249.99]`,
		`[1.50, 10.00, 1e2, 0.1234567890123456789, 1e400]`:    `[1.5,10.0,100.0,0.1234567890123456789,null]`,
		`"\u00e9\u2028\u0001\n\/\ud83d\ude00"`:                `"é\u2028\u0001\n/😀"`,
		`{"a":1,"a":2}`:                                       `{"a":2}`,
	} {
		v, err := ParseJSON([]byte(document))
		if err != nil || JSON(v) != want {
			t.Errorf("%s: %s, %v; want %s", document, JSON(v), err, want)
		}
	}
	for _, document := range []string{"", "{", "[1,]", "{'a':1}", "nul", "1 2", `"a`, `{"a" 1}`, "01x", `"\u12"`} {
		if v, err := ParseJSON([]byte(document)); err == nil {
			t.Errorf("%s: %s", document, JSON(v))
		}
	}
	_, err := ParseJSON([]byte(strings.Repeat("[", 100_000)))
	var limit *LimitError
	if !errors.As(err, &limit) {
		t.Error(err)
	}
}

// What json-smart 2.2 made of payloads that are not quite JSON.
func TestPayload(t *testing.T) {
	t.Parallel()
	for payload, want := range map[string]string{
		"a=1&b=2": `"a=1&b=2"`, "hello world, {x}: [y]": `"hello world, {x}: [y]"`, `<a b="c"/>`: `"<a b=\"c\"/>"`, " ": `""`, "1 2": `"1 2"`, "tru": `"tru"`,
		"{'a':1}": `{"a":1}`, "{a:1}": `{"a":1}`, `{"a":1,}`: `{"a":1}`, "[1,2,]": "[1,2]", "[1 2]": `["1 2"]`, `{"a":01}`: `{"a":1}`, `{"a":1} trailing`: `{"a":1}`, `{"a":hello world}`: `{"a":"hello world"}`,
	} {
		v, err := ParsePayload([]byte(payload))
		if err != nil || JSON(v) != want {
			t.Errorf("%s: %s, %v; want %s", payload, JSON(v), err, want)
		}
	}
	for _, payload := range []string{`{"a":}`, `{"a"}`, `{"a":1`, `"abc`, "[1,2"} {
		if v, err := ParsePayload([]byte(payload)); err == nil {
			t.Errorf("%s: %s", payload, JSON(v))
		}
	}
}

// A list of JSON writes itself as JSON, and a map as Java's do: AWS prints
// {a=1, b=[{"c":5}]} (localstack#12379).
func TestMapsAndListsAsText(t *testing.T) {
	t.Parallel()
	v, err := ParseJSON([]byte(`{"a":1,"b":[{"c":"x/y"}],"d":{"e":null}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := String(v); err != nil || got != `{a=1, b=[{"c":"x\/y"}], d={e=null}}` {
		t.Errorf("%s, %v", got, err)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	parsed, err := Parse(`#set($l=[])#foreach($i in [1..10])#set($z=$l.add("$i$x"))#end#define($d)$l.size()#end$d$d`)
	if err != nil {
		t.Fatal(err)
	}
	for range 8 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if got, err := parsed.Execute(context.Background(), world(), Limits{}); err != nil || got != "1010" {
				t.Errorf("%q, %v", got, err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"#if($a == 1)x#elseif(!$b)y#else z#end", `#set($a = {"b":[1..2], 'c':"$d.e(1)[0]"})`, "#foreach($i in $l)$i#end", "\\$x \\#if $!{x.y} ##c\n#* *# #[[x]]#", "#define($d)#end#macro(m $a)#end#m(1)", "$", "#", `#set($a="""")`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		parsed, err := Parse(template)
		var parse *ParseError
		var limit *LimitError
		if err != nil && !errors.As(err, &parse) && !errors.As(err, &limit) {
			t.Fatalf("%q: %v", template, err)
		}
		if again, err2 := Parse(template); (err == nil) != (err2 == nil) || err == nil && len(again.nodes) != len(parsed.nodes) {
			t.Fatalf("%q: not twice the same", template)
		}
	})
}

func FuzzExecute(f *testing.F) {
	for _, seed := range []string{"$m $list $x.split('a').size() $n.parseInt($x)", "#foreach($i in [1..1000])#set($x=$x+$x)#end", "#set($l=[])$l.add($l)$l", "$x.replaceAll('(a*)*b','$1')$x.matches('.*')", "#define($a)$a$a#end$a", "$m.put($m,$list)$m.entrySet()#set($m.k.z=1)", "#foreach($i in $list)$list.remove(0)#break#stop#end"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, template string) {
		parsed, err := Parse(template)
		if err != nil {
			return
		}
		limits := Limits{Steps: 20_000, Memory: 1 << 20, Output: 1 << 16}
		began := time.Now()
		first, err := parsed.Execute(context.Background(), world(), limits)
		var run *RunError
		var limit *LimitError
		if err != nil && !errors.As(err, &run) && !errors.As(err, &limit) {
			t.Fatalf("%q: %v", template, err)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Fatalf("%q took %v", template, took)
		}
		if len(first) > limits.Output {
			t.Fatalf("%q wrote %d bytes", template, len(first))
		}
		if again, _ := parsed.Execute(context.Background(), world(), limits); again != first {
			t.Fatalf("%q: %q, then %q", template, first, again)
		}
	})
}

func FuzzParsePayload(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,"x\u00e9",null,true]}`, "a=1&b=2", "{a:'b',}", "[1 2,]", `"`, "-", "1e999"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		v, err := ParsePayload(payload)
		if err != nil {
			return
		}
		if text := JSON(v); !json.Valid([]byte(text)) {
			t.Fatalf("%q: %s is no JSON", payload, text)
		}
		again, err := ParseJSON([]byte(JSON(v)))
		if err != nil || JSON(again) != JSON(v) {
			t.Fatalf("%q: %s, then %s, %v", payload, JSON(v), JSON(again), err)
		}
		if strict, err := ParseJSON(payload); err == nil && !json.Valid(payload) {
			t.Logf("%q is taken for JSON: %s", payload, JSON(strict)) // a leading zero
		}
	})
}

// A template without directives costs nothing.
func BenchmarkMock(b *testing.B) {
	parsed, err := Parse(`{"statusCode": 200}`)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := parsed.Execute(context.Background(), nil, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkForeach(b *testing.B) {
	parsed, err := Parse("#foreach($i in [1..100]){\"id\": $i, \"name\": \"$m.k\"}#if($foreach.hasNext),#end#end")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := parsed.Execute(context.Background(), world(), Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	template := strings.Repeat("#set($a = $b.c + 1)#if($a > 1)\"x\": \"$a.b('c')\"#end\n", 1000)
	b.SetBytes(int64(len(template)))
	for b.Loop() {
		if _, err := Parse(template); err != nil {
			b.Fatal(err)
		}
	}
}
