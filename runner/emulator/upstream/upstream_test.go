package upstream_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"awslab/runner/emulator/upstream"
)

// outside carries what leaves the set.
type outside func(*http.Request) (*http.Response, error)

func (f outside) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

var errOutside = errors.New("outside")

func open(t *testing.T, dir string) *upstream.Set {
	t.Helper()
	s, err := upstream.Open(dir, outside(func(*http.Request) (*http.Response, error) { return nil, errOutside }))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var pets = []upstream.Upstream{
	{Prefix: "https://pets.example/v2/", Answers: []upstream.Answer{
		{Method: "GET", Path: "pet/find", Query: map[string]string{"status": "sold"}, Status: 200, Body: []byte("sold")},
		{Method: "GET", Path: "pet/find", Status: 200, Header: map[string]string{"content-type": "application/json"}, Body: []byte("[]")},
		{Method: "GET", Path: "pet/{id}", Status: 404, Body: []byte("Pet not found")},
		{Method: "POST", Path: "pet", Status: 201},
	}},
	{Prefix: "https://pets.example/v2/deep/", Answers: []upstream.Answer{{Method: "GET", Path: "", Status: 200, Body: []byte("deep")}}},
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	if err := s.Put("lesson", pets); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		method, url string
		status      int
		body        string
	}{
		{"GET", "https://pets.example/v2/pet/find?status=sold&x=1", 200, "sold"},
		{"GET", "https://pets.example:443/v2/pet/find?status=sold", 200, "sold"},
		{"GET", "https://PETS.example/v2/pet/find?status=", 200, "[]"},
		{"HEAD", "https://pets.example/v2/pet/find", 200, ""},
		{"GET", "https://pets.example/v2/pet/7", 404, "Pet not found"},
		{"GET", "https://pets.example/v2/pet/", 404, "no answer to GET /pet/"},
		{"GET", "https://pets.example/v2/pet/7/8", 404, "no answer to GET /pet/7/8"},
		{"POST", "https://pets.example/v2/pet", 201, ""},
		{"GET", "https://pets.example/v2/deep/", 200, "deep"},
		{"GET", "https://pets.example/v2/../v2/pet/find", 404, "no answer"},
		{"GET", "https://pets.example/v2", 0, ""},
		{"GET", "https://pets.example/v1/pet/find", 0, ""},
		{"GET", "http://pets.example/v2/pet/find", 0, ""},
		{"GET", "https://pets.example:8443/v2/pet/find", 0, ""},
		{"GET", "https://pets.example.evil.example/v2/pet/find", 0, ""},
	} {
		r := httptest.NewRequest(test.method, test.url, strings.NewReader("body"))
		if covered := s.Covers(r.URL); covered != (test.status != 0) {
			t.Errorf("%s: covered: %v", test.url, covered)
		}
		response, err := s.RoundTrip(r)
		if test.status == 0 {
			if !errors.Is(err, errOutside) {
				t.Errorf("%s %s: it did not leave: %v", test.method, test.url, err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != test.status || !strings.Contains(string(body), test.body) || test.body == "" && len(body) > 0 {
			t.Errorf("%s %s: %d %q, %v", test.method, test.url, response.StatusCode, body, err)
		}
	}
}

// What was put is there for the next process, and an owner's new list takes the
// place of the old one.
func TestKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := open(t, dir)
	if err := errors.Join(s.Put("a", pets[:1]), s.Put("b", pets[1:])); err != nil {
		t.Fatal(err)
	}
	again := open(t, dir)
	find := func(s *upstream.Set, raw string) bool {
		u, err := url.Parse(raw)
		if err != nil {
			t.Fatal(err)
		}
		return s.Covers(u)
	}
	if !find(again, "https://pets.example/v2/pet/find") {
		t.Error("another process does not know what was put")
	}
	if err := again.Put("a", nil); err != nil {
		t.Fatal(err)
	}
	if last := open(t, dir); find(last, "https://pets.example/v2/pet/find") || !find(last, "https://pets.example/v2/deep/") {
		t.Error("the owner's list was not replaced, or another's was")
	}
	if err := os.WriteFile(filepath.Join(dir, "upstreams.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if damaged := open(t, dir); find(damaged, "https://pets.example/v2/deep/") || damaged.Put("a", pets) != nil {
		t.Error("a damaged file is in the way")
	}
}

func TestRefusedPrefixes(t *testing.T) {
	t.Parallel()
	s := open(t, "")
	for _, prefix := range []string{"", "pets.example", "ftp://pets.example/", "https:///v2/", "https://pets.example", "https://pets.example/v2", "https://[/"} {
		if err := s.Put("a", []upstream.Upstream{{Prefix: prefix}}); err == nil {
			t.Errorf("%q was taken", prefix)
		}
	}
}
