package vtl

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

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
		if text := asJSON(t, v); !json.Valid([]byte(text)) {
			t.Fatalf("%q: %s is no JSON", payload, text)
		}
		again, err := ParseJSON([]byte(asJSON(t, v)))
		if err != nil || asJSON(t, again) != asJSON(t, v) {
			t.Fatalf("%q: %s, then %s, %v", payload, asJSON(t, v), asJSON(t, again), err)
		}
		if strict, err := ParseJSON(payload); err == nil && !json.Valid(payload) {
			t.Logf("%q is taken for JSON: %s", payload, asJSON(t, strict)) // a leading zero
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
