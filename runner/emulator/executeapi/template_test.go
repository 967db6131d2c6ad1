package executeapi

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/emulator/executeapi/vtl"
)

func applied(t *testing.T, template string, in templateInput) (templateOutput, error) {
	t.Helper()
	parsed, err := parseTemplate(template)
	if err != nil {
		t.Fatalf("%s: %v", template, err)
	}
	return parsed.apply(context.Background(), in)
}

func petInput() templateInput {
	return templateInput{
		Body:           []byte(`{"id":9223372036854775807,"price":249.99,"type":"dog","tags":["a","b/c"],"owner":{"name":"it's","none":null},"ten":10.00}`),
		Path:           map[string]string{"id": "1"},
		QueryString:    map[string]string{"id": "2", "page": "3"},
		Header:         map[string]string{"page": "4", "Accept": "*/*"},
		Context:        map[string]any{"stage": "PROD", "identity": map[string]any{"sourceIp": "127.0.0.1"}, "requestTimeEpoch": json.Number("1700000000000"), "count": 2},
		StageVariables: map[string]string{"url": "https://example.com"},
	}
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ template, want string }{
		{`{"statusCode": 200}`, `{"statusCode": 200}`},
		{"", ""},
		{`$input.body.length()`, "121"},
		{`$input.json('$')`, `{"id":9223372036854775807,"price":249.99,"type":"dog","tags":["a","b/c"],"owner":{"name":"it's","none":null},"ten":10.0}`},
		{`$input.json('$.price') $input.path('$.price') $input.path('$.id') $input.json('$.type') $input.path('$.type') $input.path('type')`, `249.99 249.99 9223372036854775807 "dog" dog dog`},
		{`$input.path('$') $input.path('$.tags') $input.path('$').tags`, `{id=9223372036854775807, price=249.99, type=dog, tags=["a","b\/c"], owner={name=it's, none=null}, ten=10.0} ["a","b\/c"] ["a","b\/c"]`},
		{`$input.json('$.tags') $input.json('$..name') $input.json('$.owner.none')`, `["a","b/c"] ["it's"] null`},
		{`[$input.json('$.x')][$input.path('$.x')][$input.path('$.owner.none')][$input.path('$.x.y')]#if("$!input.path('$.x')" == "")none#end`, "[][][][]none"},
		{`#set($root = $input.path('$'))#if($root.owner.name == "it's")$root.owner.name#end $root.tags.size() $root.tags[0] $root.tags.get(1)`, "it's 2 a b/c"},
		{`#foreach($tag in $input.path('$.tags'))$tag#if($foreach.hasNext),#end#end`, "a,b/c"},
		{`$input.params('id') $input.params('page') $input.params('Accept') $input.params('accept')$input.params('none')|`, "1 3 */* */*|"}, // net/http keeps no other case than Accept
		{`$input.params().path.id $input.params().querystring.get('id') $input.params().header['page'] $input.params().header.keySet()`, "1 2 4 [Accept, page]"},
		{`$context.stage $context.identity.sourceIp $context.requestTimeEpoch $context.none.at.all|`, "PROD 127.0.0.1 1700000000000 |"},
		{`${stageVariables.url}/pets$stageVariables.none|`, "https://example.com/pets|"},
		{`$util.escapeJavaScript($input.json('$.owner'))`, `{\"name\":\"it\'s\",\"none\":null}`},
		{`$util.escapeJavaScript($input.json('$.owner')).replaceAll("\\'","'")`, `{\"name\":\"it's\",\"none\":null}`}, // the guide's own cure
		{`#set($o = $util.parseJson('{"a":[1,{"b":"c"}]}'))$o.a[1].b $o.a.size() $o`, `c 2 {a=[1,{"b":"c"}]}`},
		{`$util.urlEncode(' x=a+b*~é') $util.urlDecode('x%3Da+b')`, "+x%3Da%2Bb*%7E%C3%A9 x=a b"},
		{`$util.base64Encode('hé') $util.base64Decode('aMOp') $util.base64Decode('aMOp_w')`, "aMOp h\u00e9 h\u00e9\xff"},
		{`$util.none('x')|$util.urlEncode('a','b')|$input.none|$input.json()|$util.escapeJavaScript($context.count)`, "||||2"},
	} {
		got, err := applied(t, test.template, petInput())
		if err != nil || got.Text != test.want {
			t.Errorf("%s\n got %q, %v\nwant %q", test.template, got.Text, err, test.want)
		}
	}
}

// Apache Commons Lang 2.6 answered this.
func TestEscapeJavaScript(t *testing.T) {
	t.Parallel()
	if got, want := escapeJavaScript("it's \"x\" \\ / a\n\r\t\b\f\x01\x7f\u0080é한😀<>&"), `it\'s \"x\" \\ \/ a\n\r\t\b\f\u0001`+"\x7f"+`\u0080\u00E9\uD55C\uD83D\uDE00<>&`; got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

// The guide's template that hands on all parameters ("Examples using variables for
// mapping template transformations").
func TestAllParameters(t *testing.T) {
	t.Parallel()
	got, err := applied(t, `#set($allParams = $input.params())
{
  "params" : {
    #foreach($type in $allParams.keySet())
    #set($params = $allParams.get($type))
    "$type" : {
      #foreach($paramName in $params.keySet())
      "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
      #if($foreach.hasNext),#end
      #end
    }
    #if($foreach.hasNext),#end
    #end
  }
}`, petInput())
	if err != nil {
		t.Fatal(err)
	}
	var parsed any
	if err := json.Unmarshal([]byte(got.Text), &parsed); err != nil {
		t.Fatalf("%v: %s", err, got.Text)
	}
	want := map[string]any{"params": map[string]any{"path": map[string]any{"id": "1"}, "querystring": map[string]any{"id": "2", "page": "3"}, "header": map[string]any{"page": "4", "Accept": "*/*"}}}
	if diff := cmp.Diff(want, parsed); diff != "" {
		t.Error(diff)
	}
}

func TestWithoutPayload(t *testing.T) {
	t.Parallel()
	got, err := applied(t, `$input.body $input.json('$') [$input.path('$')] [$input.json('$.x')]`, templateInput{})
	if err != nil || got.Text != "{} {} [] []" {
		t.Errorf("%q, %v", got.Text, err)
	}
	got, err = applied(t, `{"form": "$input.path('$')", "json": $input.json('$')}`, templateInput{Body: []byte("a=1&b=2")})
	if err != nil || got.Text != `{"form": "a=1&b=2", "json": "a=1&b=2"}` {
		t.Errorf("%q, %v", got.Text, err)
	}
}

func TestOverrides(t *testing.T) {
	t.Parallel()
	got, err := applied(t, `#set($context.responseOverride.status = 404)
#set($context.responseOverride.header.x-a = "b$input.params('id')")
#set($context.responseOverride.header["x-list"] = ["p","q"])
#set($context.requestOverride.header.h = 1)
#set($context.requestOverride.querystring.q = "$context.stage")
#set($context.requestOverride.path.p = $input.body)
ok $context.responseOverride.status`, templateInput{Body: []byte("{}"), Path: map[string]string{"id": "7"}, Context: map[string]any{"stage": "s"}})
	want := templateOutput{
		Text: "ok 404", Status: 404, Header: map[string]string{"x-a": "b7", "x-list": "p,q"},
		RequestHeader: map[string]string{"h": "1"}, RequestQueryString: map[string]string{"q": "s"}, RequestPath: map[string]string{"p": "{}"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	got, err = applied(t, `#set($context.responseOverride.status = "$input.path('$.code')")x`, templateInput{Body: []byte(`{"code":201}`)})
	if err != nil || got.Status != 201 || got.Header != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

// What a request's template set is there for the response's (localstack, recorded:
// test_integration_mock_with_request_overrides_in_response_template).
func TestOverridesOfTheRequestInTheResponse(t *testing.T) {
	t.Parallel()
	in := templateInput{QueryString: map[string]string{"path": "path1"}}
	request, err := applied(t, `#set($context.requestOverride.path.body = $input.params('path')){"statusCode": 200}`, in)
	if err != nil {
		t.Fatal(err)
	}
	in.Context = map[string]any{"requestOverride": map[string]any{"path": request.RequestPath}}
	got, err := applied(t, `#if($context.requestOverride.path.body == "path1")path was path one#{else}this is the else clause#end`, in)
	if err != nil || got.Text != "path was path one" || got.RequestPath["body"] != "path1" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTemplateErrors(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"#if(true)", "$", "$x[a]"} {
		_, err := parseTemplate(text)
		var parse *vtl.ParseError
		if !errors.As(err, &parse) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"$input.path('$[')", "$input.json('$.a.min()')", "$util.parseJson('{')", "$util.urlDecode('%z')"} {
		if got, err := applied(t, text, petInput()); err == nil {
			t.Errorf("%s: %q", text, got.Text)
		}
	}
	if got, err := applied(t, "$input.path('$.a')", templateInput{Body: []byte(`{"a":`)}); err == nil {
		t.Errorf("%q", got.Text)
	}
	_, err := applied(t, "#set($s=$input.body)#foreach($i in [1..1000])#set($s=$util.base64Encode($s))#end", petInput())
	var limit *vtl.LimitError
	if !errors.As(err, &limit) {
		t.Error(err)
	}
}

func TestSelectJSON(t *testing.T) {
	t.Parallel()
	body := []byte(`{"a":{"b":[1,"x",{"c":null}],"id":9223372036854775807},"s":"text","f":249.99}`)
	for path, want := range map[string]string{
		"": string(body), "s": "text", "a.b[1]": "x", "a.b[0]": "1", "a.b": `[1,"x",{"c":null}]`, "a.id": "9223372036854775807", "f": "249.99", "$.s": "text", "a.b[2].c": "null", "a['b'][0]": "1", "a.b[*]": `[1,"x",{"c":null}]`,
	} {
		if got, found := selectJSON(context.Background(), body, path); !found || got != want {
			t.Errorf("%s: %q, %t; want %q", path, got, found, want)
		}
	}
	for _, path := range []string{"x", "a.b[9]", "s.x", "a[", "$.."} {
		if got, found := selectJSON(context.Background(), body, path); found {
			t.Errorf("%s: %q", path, got)
		}
	}
	if got, found := selectJSON(context.Background(), []byte(`{"a":`), "a"); found {
		t.Error(got)
	}
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{`$input.json('$.a') $input.path('$..b').size()`, `#set($context.responseOverride.status = $input.path('$.n'))`, `#set($context.requestOverride = 1)#set($context.responseOverride.header = [1])`, `$util.escapeJavaScript($input.body)$util.parseJson($input.body)`, `$input.params().put('x',$input.params())`, `#set($i=$input.path('$'))$i.put('i',$i)$input.json('$')`} {
		f.Add(seed, `{"a":[{"b":1}],"n":2}`)
	}
	f.Fuzz(func(t *testing.T, template, body string) {
		parsed, err := parseTemplate(template)
		if err != nil {
			return
		}
		began := time.Now()
		in := templateInput{Body: []byte(body), Path: map[string]string{"p": body}, Context: map[string]any{"a": map[string]any{"b": "c"}}}
		got, err := parsed.apply(context.Background(), in)
		if took := time.Since(began); took > 20*time.Second {
			t.Fatalf("%q took %v", template, took)
		}
		if again, err2 := parsed.apply(context.Background(), in); (err == nil) != (err2 == nil) || !cmp.Equal(got, again) {
			t.Fatalf("%q: %+v, %v, then %+v, %v", template, got, err, again, err2)
		}
	})
}

// The template of every MOCK integration is nearly free.
func BenchmarkMockTemplate(b *testing.B) {
	parsed, err := parseTemplate(`{"statusCode": 200}`)
	if err != nil {
		b.Fatal(err)
	}
	in := petInput()
	b.ReportAllocs()
	for b.Loop() {
		if out, err := parsed.apply(context.Background(), in); err != nil || out.Text == "" {
			b.Fatal(err)
		}
	}
}

func BenchmarkTemplate(b *testing.B) {
	parsed, err := parseTemplate(`{"id": $input.json('$.id'), "owner": "$util.escapeJavaScript($input.path('$.owner.name'))", "stage": "$context.stage", "page": "$input.params('page')"}`)
	if err != nil {
		b.Fatal(err)
	}
	in := petInput()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := parsed.apply(context.Background(), in); err != nil {
			b.Fatal(err)
		}
	}
}
