package awscli

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"awslab/runner/awsmodel"

	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// FuzzShorthand: no input may stop the program, and a fault always shows the
// input with a caret.
func FuzzShorthand(f *testing.F) {
	for _, seed := range []string{
		"a=b", "a=b,c", "a=b,c=d", "Variables={A=b,C=[d,{e=f}]}", "a='b\\'c',d=\"e\"", "a=[", "a={b=", "=", ",", "a=b\\,c", "a=\n,b==c", "키=값", "a=\U0001F600",
		strings.Repeat("a=[", 1000), "a=" + strings.Repeat("[", 2000), "a=" + strings.Repeat("{b=", 2000),
	} {
		f.Add(seed)
	}
	service, _ := awsmodel.ServiceByName("lambda")
	known, err := readFacts("lambda")
	if err != nil {
		f.Fatal(err)
	}
	input := newShape(service, known, reflect.TypeFor[lambda.CreateFunctionInput]())
	f.Fuzz(func(t *testing.T, text string) {
		o, err := parseShorthand(text)
		if err != nil {
			if !strings.Contains(err.Error(), "^") && !strings.Contains(err.Error(), "recursion") {
				t.Errorf("%q: the fault has no place: %v", text, err)
			}
			return
		}
		if _, err := coerce(o, input); err != nil {
			return
		}
		if utf8.ValidString(text) && !json.Valid([]byte(compactJSON(o))) {
			t.Errorf("%q became %s", text, compactJSON(o))
		}
	})
}

// FuzzJSON: what this decoder takes and what encoding/json takes is the same,
// but for Python's reading of lone surrogates and its bound on nesting.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.5,-0,1e3,"\u00e9\ud83d\ude00"],"b":null}`, `{`, `[1,]`, `"a`, `01`, `1.`, `tru`, "{\"a\" 1}", `"\x"`, strings.Repeat("[", 2000)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		v, err := decodeJSON(text)
		if valid := json.Valid([]byte(text)); valid != (err == nil) {
			if err != nil && strings.Contains(err.Error(), "recursion") {
				return
			}
			if _, overflow := strings.CutPrefix(text, "Infinity"); !overflow && !hugeNumber(text) {
				t.Errorf("%q: encoding/json %v, ours %v", text, valid, err)
			}
			return
		}
		if err == nil && !json.Valid([]byte(compactJSON(v))) {
			t.Errorf("%q became %s", text, compactJSON(v))
		}
	})
}

// hugeNumber: encoding/json takes any number as valid, strconv has a range.
func hugeNumber(text string) bool { return strings.ContainsAny(text, "eE") }
