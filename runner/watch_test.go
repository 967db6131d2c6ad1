package runner

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/target"
)

// What a page and an API wrote into a trace is shown in a terminal.
func TestTracesOfCORSAreHarmless(t *testing.T) {
	t.Parallel()
	trace := Trace{CORS: &target.CORSTrace{
		Origin: "https://a\x1b[2J.example", RequestMethod: "G\nET", RequestHeaders: "x-a\x1b[1m,topsecret",
		Names: []string{"x-\x1b]0;hi\x07b"}, Answer: map[string][]string{"vary": {"Origin\x1b[1m", "a\tb"}},
	}}
	harmlessTrace(&trace, strings.NewReplacer("topsecret", "***").Replace)
	want := &target.CORSTrace{
		Origin: "https://a.example", RequestMethod: "G ET", RequestHeaders: "x-a,***",
		Names: []string{"x-b"}, Answer: map[string][]string{"vary": {"Origin", "a b"}},
	}
	if d := cmp.Diff(want, trace.CORS); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// Whatever a trace tells in words is foreign, and may hold a secret: no field is
// forgotten.
func TestEveryTextOfATraceIsHarmless(t *testing.T) {
	t.Parallel()
	const foreign = "a\x1b[2Jtopsecret\n"
	var trace Trace
	var fill func(v reflect.Value)
	texts := 0
	fill = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			v.SetString(foreign)
			texts++
		case reflect.Pointer:
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					fill(v.Field(i))
				}
			}
		case reflect.Slice:
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0))
		case reflect.Map:
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key)
			fill(value)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(key, value)
		}
	}
	fill(reflect.ValueOf(&trace).Elem())
	harmlessTrace(&trace, strings.NewReplacer("topsecret", "***").Replace)
	told := 0
	var look func(path string, v reflect.Value)
	look = func(path string, v reflect.Value) {
		switch v.Kind() {
		case reflect.String:
			if told++; v.String() != "a*** " {
				t.Errorf("%s: %q", path, v.String())
			}
		case reflect.Pointer:
			look(path, v.Elem())
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					look(path+"."+v.Type().Field(i).Name, v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				look(path, v.Index(i))
			}
		case reflect.Map:
			for _, key := range v.MapKeys() {
				look(path, key)
				look(path, v.MapIndex(key))
			}
		}
	}
	look("Trace", reflect.ValueOf(trace))
	if told != texts || told < 15 {
		t.Errorf("%d texts, %d were looked at", texts, told)
	}
}
