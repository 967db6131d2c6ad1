package vtl

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
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
		"a long output":         {"#set($s='0123456789')#foreach($i in [1..12])#set($s=$s+$s)#end" + loops(1, "$s"), "output"},
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
			parsed, err := Parse(test.template)
			if err != nil {
				t.Fatal(err)
			}
			_, err = parsed.Execute(context.Background(), world(), Limits{Steps: 50_000, Memory: 4 << 20, Output: 1 << 20})
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

// A list of JSON writes itself as JSON, and a map as Java's do: AWS prints
// {a=1, b=[{"c":5}]} (localstack#12379).
func TestMapsAndListsAsText(t *testing.T) {
	t.Parallel()
	v, err := ParseJSON([]byte(`{"a":1,"b":[{"c":"x/y"}],"d":{"e":null}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := newRun(context.Background(), nil, Limits{}).Text(v); err != nil || got != `{a=1, b=[{"c":"x\/y"}], d={e=null}}` {
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
