package executeapi

import "testing"

func TestTemplate(t *testing.T) {
	in := templateInput{
		Body:        []byte(`{"id":9223372036854775807,"price":249.99,"type":"dog","tags":["a","b"],"owner":{"name":"it's"}}`),
		Path:        map[string]string{"id": "1"},
		QueryString: map[string]string{"id": "2", "page": "3"},
		Header:      map[string]string{"page": "4", "Accept": "*/*"},
		Context:     map[string]any{"stage": "PROD", "identity": map[string]any{"sourceIp": "127.0.0.1"}},
	}
	for _, test := range []struct{ template, want string }{
		{`{"statusCode": 200}`, `{"statusCode": 200}`},
		{`$input.body.length()`, "95"},
		{`$input.json('$')`, string(in.Body)},
		{`$input.json('$.price') $input.path('$.price') $input.path('$.id') $input.json('$.type') $input.path('$.type')`, `249.99 249.99 9223372036854775807 "dog" dog`},
		{`#foreach($tag in $input.path('$.tags'))$tag#if($foreach.hasNext),#end#end $input.path('$.tags').size()`, "a,b 2"},
		{`$input.params('id') $input.params('page') $input.params('Accept') $input.params('none')|`, "1 3 */* |"},
		{`$context.stage $context.identity.sourceIp $context.none.at.all|$stageVariables.none|`, "PROD 127.0.0.1 ||"},
		{`$util.escapeJavaScript($input.json('$.owner'))`, `{\"name\":\"it\'s\"}`},
	} {
		parsed, err := parseTemplate(test.template)
		if err != nil {
			t.Errorf("%s: %v", test.template, err)
			continue
		}
		got, err := parsed.apply(in)
		if err != nil || got.Text != test.want {
			t.Errorf("%s: %q, %v; want %q", test.template, got.Text, err, test.want)
		}
	}
}
