package awscli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"testing"

	"awslab/runner/awsmodel"

	"github.com/google/go-cmp/cmp"
)

var (
	botocoreFlag = flag.String("botocore", "", "botocore's data folder: compare the facts with it")
	updateFlag   = flag.Bool("update", false, "with -botocore: write the facts anew")
)

// TestFacts makes the facts from botocore's descriptions and compares them with
// the files, or writes them:
//
//	go test ./runner/awscli -run TestFacts -botocore …/botocore/data -update
func TestFacts(t *testing.T) {
	if *botocoreFlag == "" {
		t.Skip("made by hand when the SDK is raised: Debian's botocore is older than the facts, so -botocore has to name the folder of another")
	}
	for _, service := range awsmodel.Services() {
		got := deriveFacts(t, service)
		file := filepath.Join("facts", service.Name+".json")
		if *updateFlag {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: file -, botocore +:\n%s", service.Name, diff)
		}
	}
}

// TestFactsNameTheSDKsMembers: a member that the SDK does not have would be
// an option that cannot be carried out.
func TestFactsNameTheSDKsMembers(t *testing.T) {
	t.Parallel()
	odd := map[string]bool{ // botocore spells these unlike all others; only JSON shows it
		"ExportApiOutput.body": true, "ListDelegationRequestsOutput.isTruncated": true,
		"InvokeWithResponseStreamOutput.EventStream": true, "DescribeDestinationsInput.DestinationNamePrefix": true,
	}
	for _, service := range awsmodel.Services() {
		f, err := readFacts(service.Name)
		if err != nil {
			t.Fatal(err)
		}
		for _, operation := range service.Operations() {
			for _, typ := range []reflect.Type{operation.Input, operation.Output} {
				for _, entry := range f.Shapes[typ.Name()] {
					m := parseMember(entry)
					field, ok := fieldOf(typ, m.name)
					if !ok {
						t.Errorf("%s: %s has no member %s", service.Name, typ.Name(), m.name)
						continue
					}
					if got := service.CLIName(typ, field); got != m.name && !odd[typ.Name()+"."+m.name] {
						t.Errorf("%s: %s.%s is %s in awsmodel", service.Name, typ.Name(), m.name, got)
					}
				}
			}
		}
	}
}

type botoShape struct {
	Type     string
	Members  json.RawMessage
	Required []string
	Min      *float64
	Member   *botoRef
	Key      *botoRef
	Value    *botoRef
	Payload  string
	Stream   bool `json:"streaming"`
}

type botoRef struct {
	Shape            string
	IdempotencyToken bool
	Streaming        bool
}

func deriveFacts(t *testing.T, service *awsmodel.Service) []byte {
	t.Helper()
	folder := filepath.Join(*botocoreFlag, service.Name, service.Version)
	var model struct {
		Shapes     map[string]botoShape
		Operations map[string]struct{ Input, Output *botoRef }
	}
	readBoto(t, folder, "service-2.json", &model)
	f := facts{Shapes: map[string][]string{}, Streams: map[string]string{}, Pages: map[string]page{}, Waiters: map[string]waiter{}}
	var walk func(shape string, typ reflect.Type)
	walk = func(name string, typ reflect.Type) {
		shape := model.Shapes[name]
		for typ.Kind() == reflect.Pointer {
			typ = typ.Elem()
		}
		switch {
		case shape.Type == "list" && typ.Kind() == reflect.Slice:
			walk(shape.Member.Shape, typ.Elem())
		case shape.Type == "map" && typ.Kind() == reflect.Map:
			walk(shape.Value.Shape, typ.Elem())
		case shape.Type == "structure" && typ.Kind() == reflect.Struct:
			if _, done := f.Shapes[typ.Name()]; done {
				return
			}
			f.Shapes[typ.Name()] = []string{}
			names, refs := orderedMembers(t, shape.Members)
			for _, m := range names {
				field, ok := fieldOf(typ, m)
				if !ok {
					t.Logf("%s: the SDK's %s has no %s", service.Name, typ.Name(), m)
					continue
				}
				entry := m
				for _, r := range shape.Required {
					if r == m {
						entry += "!"
					}
				}
				if refs[m].IdempotencyToken {
					entry += "~"
				}
				if refs[m].Shape == "policyDocumentType" {
					entry += "%"
				}
				if least := model.Shapes[refs[m].Shape].Min; least != nil && (*least > 0 || isNumber(model.Shapes[refs[m].Shape].Type)) {
					entry += fmt.Sprintf("<%d", int(*least))
				}
				f.Shapes[typ.Name()] = append(f.Shapes[typ.Name()], entry)
				walk(refs[m].Shape, field.Type)
			}
		}
	}
	for _, operation := range service.Operations() {
		boto, ok := model.Operations[operation.Name]
		if !ok {
			t.Logf("%s: botocore does not know %s", service.Name, operation.Name)
			continue
		}
		if boto.Input != nil {
			walk(boto.Input.Shape, operation.Input)
		}
		if boto.Output != nil {
			walk(boto.Output.Shape, operation.Output)
			shape := model.Shapes[boto.Output.Shape]
			if shape.Payload != "" {
				_, refs := orderedMembers(t, shape.Members)
				ref := refs[shape.Payload]
				if target := model.Shapes[ref.Shape]; target.Type == "blob" {
					f.Streams[operation.Name] = shape.Payload
				}
			}
		}
	}
	var pages struct {
		Pagination map[string]map[string]any
	}
	readBoto(t, folder, "paginators-1.json", &pages)
	for name, p := range pages.Pagination {
		if _, ok := service.Operation(name); !ok {
			continue
		}
		text := func(key string) string { s, _ := p[key].(string); return s }
		f.Pages[name] = page{
			Input: words(p["input_token"]), Output: words(p["output_token"]), Result: words(p["result_key"]),
			Once: words(p["non_aggregate_keys"]), Limit: text("limit_key"), More: text("more_results"),
		}
	}
	var waiters struct{ Waiters map[string]waiter }
	readBoto(t, folder, "waiters-2.json", &waiters)
	for name, w := range waiters.Waiters {
		f.Waiters[name] = w
	}
	var out bytes.Buffer
	writeFacts(&out, f)
	return out.Bytes()
}

func isNumber(kind string) bool {
	return kind == "integer" || kind == "long" || kind == "float" || kind == "double"
}

// writeFacts writes one line a shape, so that changes can be read.
func writeFacts(w io.Writer, f facts) {
	fmt.Fprint(w, "{")
	writeSection(w, "shapes", f.Shapes, "")
	writeSection(w, "streams", f.Streams, ",")
	writeSection(w, "pages", f.Pages, ",")
	writeSection(w, "waiters", f.Waiters, ",")
	fmt.Fprint(w, "\n}\n")
}

func writeSection[V any](w io.Writer, name string, section map[string]V, comma string) {
	keys := make([]string, 0, len(section))
	for k := range section {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	fmt.Fprintf(w, "%s\n%q: {", comma, name)
	for i, k := range keys {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		data, _ := json.Marshal(section[k])
		data = bytes.ReplaceAll(data, []byte(`\u003c`), []byte("<"))
		fmt.Fprintf(w, "\n%q: %s", k, data)
	}
	fmt.Fprint(w, "}")
}

func words(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var list []string
		for _, e := range v {
			list = append(list, e.(string))
		}
		return list
	}
	return nil
}

func orderedMembers(t *testing.T, raw json.RawMessage) ([]string, map[string]botoRef) {
	t.Helper()
	if len(raw) == 0 {
		return nil, nil
	}
	refs := map[string]botoRef{}
	if err := json.Unmarshal(raw, &refs); err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	var names []string
	if _, err := dec.Token(); err != nil {
		t.Fatal(err)
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, key.(string))
		var skip json.RawMessage
		if err := dec.Decode(&skip); err != nil {
			t.Fatal(err)
		}
	}
	return names, refs
}

func readBoto(t *testing.T, folder, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(folder, name))
	if errors.Is(err, os.ErrNotExist) {
		packed, openErr := os.Open(filepath.Join(folder, name+".gz"))
		if errors.Is(openErr, os.ErrNotExist) {
			return
		}
		if openErr != nil {
			t.Fatal(openErr)
		}
		defer func() { _ = packed.Close() }() // only read
		unpacked, gzErr := gzip.NewReader(packed)
		if gzErr != nil {
			t.Fatal(gzErr)
		}
		data, err = io.ReadAll(unpacked)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}
