package cors

import "testing"

// FuzzParseURL takes every text; what it made of one, it makes again.
func FuzzParseURL(f *testing.F) {
	for _, text := range []string{"http://a/b/../c?d#e", `\\a\b`, "http:x", "?%zz", "//[::1.2.3.4]:0", "http://1.2/.%2e/", "http://u:p@h", "a:b"} {
		f.Add(text)
	}
	base := &address{scheme: "http", host: "example.org", path: "/foo/bar"}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseURL(text, base)
		if err != nil || !got.http() {
			return
		}
		again, err := parseURL(got.String()+got.fragment, nil)
		if err != nil || again.String() != got.String() || again.fragment != got.fragment {
			t.Errorf("%q is %q, which is %v, %v", text, got, again, err)
		}
	})
}
