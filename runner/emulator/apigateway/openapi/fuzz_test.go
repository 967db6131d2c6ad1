package openapi_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awslab/runner/emulator/apigateway/openapi"
)

// FuzzRead reads anything: what is read has parents before children, names that
// are unique and schemas that are JSON, and is the same when it is read again.
func FuzzRead(f *testing.F) {
	names, err := filepath.Glob("testdata/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "prepend")
	}
	f.Add([]byte("openapi: 3.0.1\nservers: [{url: 'http://a/{b}', variables: {b: {default: c}}}]\npaths: {/{d+}: &a {get: {}}, /e: {<<: *a}}"), "split")
	f.Add([]byte(minimal(`{"get": {"parameters": [{"in": "body", "schema": {"type": "object"}}]}}`)), "")
	f.Fuzz(func(t *testing.T, document []byte, basePath string) {
		o := options()
		o.BasePath = openapi.BasePath(basePath)
		d, err := openapi.Read(document, o)
		if err != nil {
			return
		}
		paths := map[string]bool{}
		for i, r := range d.Resources {
			parent := (*r.Path)[:strings.LastIndex(*r.Path, "/")]
			if parent == "" {
				parent = "/"
			}
			if paths[*r.Path] || (i > 0 && !paths[parent]) || (i == 0) != (*r.Path == "/") {
				t.Errorf("resource %d is %q after %v", i, *r.Path, paths)
			}
			paths[*r.Path] = true
			for verb, m := range r.ResourceMethods {
				if *m.HttpMethod != verb || m.ApiKeyRequired == nil || m.AuthorizationType == nil {
					t.Errorf("%s %s: %+v", verb, *r.Path, m)
				}
			}
		}
		models := map[string]bool{}
		for _, m := range d.Models {
			if models[*m.Name] || !json.Valid([]byte(*m.Schema)) {
				t.Errorf("model %q: %s", *m.Name, *m.Schema)
			}
			models[*m.Name] = true
		}
		o.Rand = options().Rand
		if again, err := openapi.Read(document, o); err != nil || len(again.Warnings) != len(d.Warnings) {
			t.Errorf("another time: %v, %v", again, err)
		}
	})
}

func BenchmarkRead500Resources(b *testing.B) {
	document := []byte(many(500))
	b.SetBytes(int64(len(document)))
	for b.Loop() {
		if _, err := openapi.Read(document, options()); err != nil {
			b.Fatal(err)
		}
	}
}
