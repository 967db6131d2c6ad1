package vtl

import (
	"errors"
	"strings"
	"testing"
)

func asJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := JSON(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
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
		if err != nil || asJSON(t, v) != want {
			t.Errorf("%s: %s, %v; want %s", document, asJSON(t, v), err, want)
		}
	}
	for _, document := range []string{"", "{", "[1,]", "{'a':1}", "nul", "1 2", `"a`, `{"a" 1}`, "01x", `"\u12"`} {
		if v, err := ParseJSON([]byte(document)); err == nil {
			t.Errorf("%s: %s", document, asJSON(t, v))
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
		if err != nil || asJSON(t, v) != want {
			t.Errorf("%s: %s, %v; want %s", payload, asJSON(t, v), err, want)
		}
	}
	for _, payload := range []string{`{"a":}`, `{"a"}`, `{"a":1`, `"abc`, "[1,2"} {
		if v, err := ParsePayload([]byte(payload)); err == nil {
			t.Errorf("%s: %s", payload, asJSON(t, v))
		}
	}
}
