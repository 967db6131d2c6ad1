package vtl

import (
	"context"
	"errors"
	"maps"
	"testing"
)

// What API Gateway answered: localstack/airspeed, tests/test_templating.py and its
// snapshot (the records without "-cli"). The variables were members of a JSON
// payload, so one that is null or absent is not set.
func TestAsRecordedOnAWS(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, template, payload, want string }{
		{"nothing to substitute", "<html></html>", `{}`, "<html></html>"},
		{"string", "Hello $name", `{"name":"Chris"}`, "Hello Chris"},
		{"dollar", "Hello $ ", `{}`, "Hello $ "},
		{"unmatched name", "Hello $name", `{}`, "Hello "},
		{"silent", "Hello $!name", `{"name":"world"}`, "Hello world"},
		{"silent unmatched", "Hello $!name", `{}`, "Hello "},
		{"formal in if", "#if(${a.b.c})yes!#end", `{"a":{"b":{"c":"d"}}}`, "yes!"},
		{"formal in if, false", "#if(${a.b.c})yes!#end", `{"a":{"b":{"c":false}}}`, ""},
		{"if false", "#if($a)yes!#end", `{"a":false}`, ""},
		{"if undefined", "#if(${a.b.c})yes!#end", `{}`, "yes!"},
		{"silent formal in if", "#if($!{a.b.c})yes!#end", `{}`, "yes!"},
		{"braces", "Hello ${name}.", `{"name":"World"}`, "Hello World."},
		{"trailing brace", "Hello $name}.", `{"name":"World"}`, "Hello World}."},
		{"if true", "Hello #if ($name)your name is ${name}#end Good to see you", `{"name":"Steve"}`, "Hello your name is Steve Good to see you"},
		{"if skipped", "Hello #if ($show_greeting)your name is ${name}#end Good to see you", `{"name":"Steve","show_greeting":false}`, "Hello  Good to see you"},
		{"nested if", "Hello #if ($g)your name is ${name}.#if ($b) Happy Birthday.#end#end Good to see you", `{"name":"Steve","g":true,"b":true}`, "Hello your name is Steve. Happy Birthday. Good to see you"},
		{"null is true", "#if ($some_value)hide me#end", `{"some_value":null}`, "hide me"},
		{"boolean literals", "#set ($v = true)$v#set ($v = false)$v", `{}`, "truefalse"},
		{"new lines", "hello #if ($g)${name}.\n#if($b)Happy Birthday\n#end.\n#end Off out later?", `{"name":"Steve","g":true,"b":true}`, "hello Steve.\nHappy Birthday\n.\n Off out later?"},
		{"foreach", "#foreach ($name in $names)Hello $you $name. #end$name", `{"you":"You","names":["Chris","Steve"]}`, "Hello You Chris. Hello You Steve. "},
		{"foreach in a failing if", "#if ($no)#foreach ($name in $names)Hello you. #end#end", `{"no":false,"names":["Chris"]}`, ""},
		{"nested loops", "#foreach ($word in $gs)$word to#foreach ($word in $names) $word#end. #end", `{"gs":["Hello","Goodbye"],"names":["Chris","Steve"]}`, "Hello to Chris Steve. Goodbye to Chris Steve. "},
		{"velocityCount", "#foreach ($w in $gs)Outer $velocityCount#foreach ($w in $names), inner $velocityCount#end. #end", `{"gs":["a","b"],"names":["c","d"]}`, "Outer 1, inner 1, inner 2. Outer 2, inner 1, inner 2. "},
		{"foreach.index", "#foreach ($w in $gs)Outer $foreach.index#foreach ($w in $names), inner $foreach.index#end. #end", `{"gs":["a","b"],"names":["c","d"]}`, "Outer 0, inner 0, inner 1. Outer 1, inner 0, inner 1. "},
		{"velocityHasNext", "#foreach ($i in [1, 2, 3])$i. #if ($velocityHasNext)yes#end, #end", `{}`, "1. yes, 2. yes, 3. , "},
		{"foreach.hasNext", "#foreach ($i in [1, 2, 3])$i. #if ($foreach.hasNext)yes#end, #end", `{}`, "1. yes, 2. yes, 3. , "},
		{"foreach.first", "#foreach ($i in [1, 2, 3])$i. #if ($foreach.first)yes#end, #end", `{}`, "1. yes, 2. , 3. , "},
		{"foreach.last", "#foreach ($i in [1, 2, 3])$i. #if ($foreach.last)yes#end, #end", `{}`, "1. , 2. , 3. yes, "},
		{"line comments", "## comment\nStuff\nMore stuff## more comments $blah", `{}`, "Stuff\nMore stuff"},
		{"block comments", "Stuff#*\n more comments *#\n and more stuff", `{}`, "Stuff\n and more stuff"},
		{"no escapes in strings", `#set ($name = "\\batman\nand robin")$name`, `{}`, `\\batman\nand robin`},
		{"single quotes", `#set($d = '{"a": 2}')$d`, `{}`, `{"a": 2}`},
		{"doubled quotes", `#set($d = "{""a"": 2}")$d`, `{}`, `{"a": 2}`},
		{"backslashes and doubled quotes", `#set($d = "1\\""2""3")$d`, `{}`, `1\\"2"3`},
		{"else", "#if ($value) true #else false #end", `{"value":false}`, " false "},
		{"else, undefined", "#if ($value) true #else false #end", `{}`, " true "},
		{"curly else", "#if($value)true#{else}false#end", `{}`, "true"},
		{"curly end", "#if($value)true#{end}monkey", `{}`, "truemonkey"},
		{"escaping", "\n#set( $email = \"foo\" )\n$email\n\\$email\n\\\\$email\n\\\n\\\\ \\# \\$\n\\#end\n\\# end\n\\#set( $email = \"foo\" )\n", `{}`, "\nfoo\n$email\n\\foo\n\\\n\\\\ \\# \\$\n#end\n\\# end\n#set( foo = \"foo\" )\n"},
		{"elseif", "#if ($v1) one #elseif ($v2) two #elseif($v3) three #end", `{"v1":false,"v2":true,"v3":true}`, " two "},
		{"else after elseif", "#if ($v1) one #elseif ($v2) two #else three #end", `{"v1":false,"v2":false}`, " three "},
		{"or", "#if ( $v1 || $v2 )yes#end#if ( $v1 or $v1 )no#end", `{"v1":false,"v2":true}`, "yes"},
		{"and", "#if ( $v1 && $v2 )no#end#if ( $v2 and $v2 )yes#end", `{"v1":false,"v2":true}`, "yes"},
		{"parentheses", "#if ( ($v1 == 1) && ($v2 == 2) )yes#end", `{"v1":1,"v2":2}`, "yes"},
		{"several terms", "#if ( $v1 == 1 && $v2 == 2 )yes#end", `{"v1":1,"v2":1}`, ""},
		{"not", "#if ( !$v )yes#end#if ( not $v )yes#end#if ( !$none )no#end", `{"v":false,"none":null}`, "yesyes"},
		{"define", "#define ( $hello)hi#end$hello()$hello()", `{}`, "hi()hi()"},
		{"define in a loop", "#define ( $showindex )$foreach.index#end#foreach($x in [1,2,3])$showindex#end", `{}`, "012"},
		{"define twice", "\n#define( $myfunc )$ctx#end\n#set( $ctx = 'foo' )\n$myfunc\n#set( $ctx = 'bar' )\n$myfunc\n", `{}`, "\nfoo\nbar\n"},
		{"ranges", "#foreach($v in [1..5])$v,#end#foreach($v in [2..-2])$v,#end", `{}`, "1,2,3,4,5,2,1,0,-1,-2,"},
		{"macros are text", "#macro(tryme)$values#end#tryme()", `{}`, "#tryme()"},
		{"recursive macro", "#macro ( recur $n)#if ($n > 0)#set($n = $n - 1)#recur($n)X#end#end#recur(5)", `{}`, "#recur(5)"},
		{"macro and white space", "\n#macro ( blah )\nhello##\n#end\n#blah()", `{}`, "\n#blah()"},
		{"evaluate is text", "\n#set($source1 = \"abc\")\n#set($select = \"1\")\n#set($dynamicsource = \"$source$select\")\n## $dynamicsource is now the string '$source1'\n#evaluate($dynamicsource)", `{}`, "\n#evaluate($dynamicsource)"},
		{"return is text", "#set($v1 = {})#set($ignore = $v1.put('foo', 'bar'))#return($v1)", `{}`, "#return($v1)"},
		{"list literal", "blah\n#set($l = [\"Hello \", $person, \", your lucky number is \", 7])\n#foreach($value in $l)$value#end\n\nblah", `{"person":"Chris"}`, "blah\nHello Chris, your lucky number is 7\nblah"},
		{"map literal", `#set($a = {"dog": "cat" , "horse":15})$a.dog#set($a = {"dog": "$horse"})$a.dog`, `{"horse":"cow"}`, "catcow"},
		{"lists in lists", `#set($values = [["Hello ", "Steve"], ["Hello", " Chris"]])#foreach($pair in $values)#foreach($word in $pair)$word#end. #end`, `{}`, "Hello Steve. Hello Chris. "},
		{"absent member", " $user.name ", `{"user":{"items":"1;2;3"}}`, "  "},
		{"interpolation", `#set($hello="hello, $name is my name")$hello`, `{"name":"Steve"}`, "hello, Steve is my name"},
		{"no interpolation", `#set($hello="hello, \$name is my name")$hello`, `{"name":"Steve"}`, "hello, $name is my name"},
		{"colour", `<span style="color: #13ff93">`, `{}`, `<span style="color: #13ff93">`},
		{"hash", `"#"<a href="#">bob</a>`, `{}`, `"#"<a href="#">bob</a>`},
		{"loop over nothing", "#foreach($value in $values)foo#end", `{}`, ""},
		{"unicode", "$value", `{"value":"Grüße"}`, "Grüße"},
		{"modulus", "#set( $modulus = ($value % 2) )$modulus", `{"value":3}`, "1"},
		{"empty strings", "#set( $v = \"\" )#set( $y = '' ).$v.$y.", `{}`, "..."},
		{"stop", "hello #stop world", `{}`, "hello "},
		{"precedence", "#set($a = 4 > 2 + 5)$a#set($a = (5 + 4) > 2)$a#set($a = 5 * 4 - 2)$a#set($a = 2 + 5 * 4)$a", `{}`, "falsetrue1822"},
		{"empty map", "#set($a = {})$a", `{}`, "{}"},
		{"if and white space", "\n#if(true)\nhello##\n#end", `{}`, "\nhello"},
		{"fractions", "#set($a = 100.0 / 50)$a#set($x = .5*.1)$x", `{}`, "2.00.05"},
		{"index", "$a[1][1] $a[0].foo", `{"a":[{"foo":"bar"},["x","bar2"]]}`, "bar2 bar"},
		{"index of a map", `$a["foo"] $a.b['foo:bar']`, `{"a":{"foo":"bar","b":{"foo:bar":"baz"}}}`, "bar baz"},
		{"index by a variable", "#set($i = 1)$a[ $i ]", `{"a":["foo","bar"]}`, "bar"},
		{"assignment out of a loop", "#set($var = 1)#foreach ($i in $items)$var,#set($var = $i)#end$var", `{"items":[2,3,4]}`, "1,2,3,4"},
		{"loop variable restored", "#set($i = 1)$i,#foreach ($i in [2, 3, 4])$i,#set($i = $i)#end$i", `{}`, "1,2,3,4,1"},
		{"foreach restored", "#foreach ($j in [1,2])#foreach ($i in [3, 4])$foreach.count,#end$foreach.count|#end", `{}`, "1,2,1|1,2,2|"},
		{"list methods", "#set($foo = [1,2,3]) $foo.size()#if($foo.contains(1))found#end#if($foo.contains(10))not#end$foo.get(1)$foo.isEmpty()", `{}`, " 3found2false"},
		{"list add", "#set($foo = [1,2,3])#set( $ignore = $foo.add('string value') )#foreach($item in $foo)$item,#end", `{}`, "1,2,3,string value,"},
		{"string methods", "#set($foo = 'foobar123bab')$foo.length() $foo.replaceAll('ba.', 'foo') $foo.indexOf('b') $foo.substring(3, 6)", `{}`, "12 foofoo123foo 3 bar"},
		{"string tests", "#set($foo = 'foobar123')#if($foo.startsWith('foo'))a#end#if($foo.startsWith('x'))b#end#if($foo.contains('oba'))c#end", `{}`, "ac"},
		{"map put", "#set( $ignore = $m.put('k', 'new value') )$ignore - $m.k", `{"m":{"k":"initial value"}}`, "initial value - new value"},
		{"map putAll", "#set( $ignore = $m.putAll({'k1': 'v3', 'k2': 'v2'}))$m.k1 - $m.k2", `{"m":{"k1":"v1"}}`, "v3 - v2"},
		{"null in a map", `#set( $m = {} )#set($ignore = $m.put('k', null))#if("$m.k" == "")none#{else}has#end`, `{}`, "none"},
		{"map over lines", "#set( $myObject = {\n  \"userId\": \"user1\",\n  \"domain\": \"domain1\"\n} )\n{\"key\": \"$myObject.userId\"}", `{}`, "{\"key\": \"user1\"}"},
		{"map as text", "#set( $m = {'k1': 'v1', 'k2': 'v2'} )$m.toString()", `{}`, "{k1=v1, k2=v2}"},
		{"matches", `#set( $s = '123' )$s.matches( '[0-9]*' )#set( $s = 'd123' )$s.matches( '[0-9]*' )`, `{}`, "truefalse"},
		{"matches a date", `#set( $s = "2020-01-20T08:00:00.000Z" )$s.matches("^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\.000Z$")$s.matches('^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00\.000Z$')`, `{}`, "truetrue"},
		{"characters", "#set( $s = '\\{\n\t\r\\%\x05' )$s'\\{\n\t\r\\%\x05'", `{}`, "\\{\n\t\r\\%\x05'\\{\n\t\r\\%\x05'"},
		{"set an index of a map", "#set($d = {} )#set($key = 'bar')#set( $d[$key] = 'foo' )$d", `{}`, "{bar=foo}"},
		{"set an index of a list", "#set($l = ['one', 'two', 'three'] )#set($i = 1)#set( $l[$i] = 'foo' )$l", `{}`, "[one, foo, three]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			payload, err := ParseJSON([]byte(test.payload))
			if err != nil {
				t.Fatal(err)
			}
			variables := map[string]any{}
			for _, key := range payload.(*Map).Keys() {
				variables[key.(string)] = payload.(*Map).Get(key)
			}
			parsed, err := Parse(test.template)
			if err != nil {
				t.Fatal(err)
			}
			got, err := parsed.Execute(context.Background(), maps.Clone(variables), Limits{})
			if err != nil || got != test.want {
				t.Errorf("%q\n got %q, %v\nwant %q", test.template, got, err, test.want)
			}
		})
	}
}

// Comparisons by both spellings, as recorded.
func TestComparisonsOnAWS(t *testing.T) {
	t.Parallel()
	for operator, want := range map[string]string{">": "001", "gt": "001", ">=": "011", "ge": "011", "<": "100", "lt": "100", "<=": "110", "le": "110", "==": "010", "eq": "010"} {
		parsed, err := Parse("#foreach($value in [0..2])#if ( $value " + operator + " 1 )1#{else}0#end#end")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := parsed.Execute(context.Background(), map[string]any{}, Limits{}); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", operator, got, err, want)
		}
	}
}

// What AWS answered 500 to (airspeed, TestInvalidCases and notes), and what
// Velocity refuses.
func TestDoesNotParse(t *testing.T) {
	t.Parallel()
	for _, template := range []string{
		"Hello $", "#", `#set ($name = "\"batman\"")$name`, "Hello ${name.", "Hello ${name", "${a|'hello'}", "#if (1)true!#end #end ", "#if ($a) one #else two #elseif($b) three #end",
		"#if ($a) one", "#if($a)x#endy", "#else", "#elseif(true)", "#if true", "#set(a = 1)", "#set($a = 1", "#set($a == 1)", "#set($a = )", "#set($a = 5 -2)", "#set($a = -$b)",
		"#set($a = [1,2,])", "#set($a = null)", "#foreach($i in $list", "#foreach(i in $list)#end", "#foreach $i in $list#end", "$x[abc]", "$x.f( )", "$x.f($n - 4)", "$x.f(1", "$true",
		"#[[ x", "#define($x)", "#define(x)y#end", "#macro", "#macro('x')#end", "#foo(a.b)", `#set($a = "#end")`, `#set($a = 'x)`, "#set($a = {1})", "#set($a = {'a' 1})", "## $",
	} {
		_, err := Parse(template)
		var parse *ParseError
		if !errors.As(err, &parse) {
			t.Errorf("%q: %v; want a parse error", template, err)
		}
	}
}

func TestParseErrorHasItsPlace(t *testing.T) {
	t.Parallel()
	_, err := Parse("a\nbc #set($x = )")
	var parse *ParseError
	if !errors.As(err, &parse) || parse.Line != 2 || parse.Column != 14 {
		t.Errorf("%+v", err)
	}
}
