package executeapi_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"awslab/runner/emulator/executeapi"
)

func TestTheChoiceOfAResource(t *testing.T) {
	t.Parallel()
	tree := executeapi.NewResources("/", "/pets", "/pets/{petId}", "/pets/{petId}/tags", "/pets/dog", "/v2/pets", "/files/{proxy+}", "/files/readme", "/x/{a}/{b}", "/x/fixed/{c}/deep", "/é")
	for _, tt := range []struct{ path, want, values string }{
		{"/", "/", ""},
		{"", "/", ""},
		{"//", "/", ""},
		{"/pets", "/pets", ""},
		{"/pets/", "/pets", ""},
		{"//pets", "/pets", ""},
		{"/pets/1", "/pets/{petId}", "petId=1"},
		{"/pets/1/", "/pets/{petId}", "petId=1"},
		{"/pets/dog", "/pets/dog", ""},
		{"/pets/dog/tags", "/pets/{petId}/tags", "petId=dog"},
		{"/pets/a%2Fb", "/pets/{petId}", "petId=a%2Fb"},
		{"/pets/a%20b+c", "/pets/{petId}", "petId=a%20b+c"},
		{"/Pets", "", ""},
		{"/pet%73", "/pets", ""},
		{"/v2", "", ""},
		{"/v2/pets", "/v2/pets", ""},
		{"/files", "", ""},
		{"/files/", "", ""},
		{"/files/a", "/files/{proxy+}", "proxy=a"},
		{"/files/a/b//c/", "/files/{proxy+}", "proxy=a/b//c"},
		{"/files/readme", "/files/readme", ""},
		{"/files/readme/x", "/files/{proxy+}", "proxy=readme/x"},
		{"/x/1/2", "/x/{a}/{b}", "a=1 b=2"},
		{"/x/fixed/2", "/x/{a}/{b}", "a=fixed b=2"},
		{"/x/fixed/2/deep", "/x/fixed/{c}/deep", "c=2"},
		{"/x//2", "", ""},
		{"/%C3%A9", "/é", ""},
	} {
		if got, values := tree.Find(tt.path); got != tt.want || strings.Join(values, " ") != tt.values {
			t.Errorf("%s: %s %v, want %s %s", tt.path, got, values, tt.want, tt.values)
		}
	}
}

// A resource without methods is none; a greedy one over it takes what is under it.
func TestAGreedyRoot(t *testing.T) {
	t.Parallel()
	tree := executeapi.NewResources("/{proxy+}", "/a/b")
	for path, want := range map[string]string{"/": "", "/a": "/{proxy+}", "/a/b": "/a/b", "/a/c": "/{proxy+}", "/a/b/c": "/{proxy+}"} {
		if got, _ := tree.Find(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// However a path looks, what is found fits it.
func FuzzResourceChoice(f *testing.F) {
	tree := executeapi.NewResources("/", "/pets", "/pets/{id}", "/pets/{id}/{more+}", "/a/{x}/c", "/a/{proxy+}", "/é/ü")
	for _, path := range []string{"/", "/pets/1", "/a/b/c", "//a//", "/pets/%2F", "/pets/%zz/x/y", "/é/ü", "/a/\x00"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		found, values := tree.Find(path)
		if found == "" {
			return
		}
		made := found
		for _, value := range values {
			name, v, _ := strings.Cut(value, "=")
			if v == "" {
				t.Errorf("%q: %s is empty", path, name)
			}
			made = strings.NewReplacer("{"+name+"}", v, "{"+name+"+}", v).Replace(made)
		}
		if decoded(made) != decoded("/"+strings.Trim(path, "/")) {
			t.Errorf("%q: %s with %v", path, found, values)
		}
	})
}

// decoded decodes what can be decoded, segment by segment.
func decoded(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if d, err := url.PathUnescape(part); err == nil {
			parts[i] = d
		}
	}
	return strings.Join(parts, "/")
}

// The time grows with the depth of the path, not with the number of resources.
func BenchmarkResourceChoice(b *testing.B) {
	for _, n := range []int{10, 1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			paths := make([]string, 0, n)
			for i := range n / 2 {
				paths = append(paths, fmt.Sprintf("/service%d", i), fmt.Sprintf("/service%d/{id}", i))
			}
			tree := executeapi.NewResources(slices.Clone(paths)...)
			path := fmt.Sprintf("/service%d/7", n/2-1)
			b.ReportAllocs()
			for b.Loop() {
				if found, _ := tree.Find(path); found == "" {
					b.Fatal("not found")
				}
			}
		})
	}
}
