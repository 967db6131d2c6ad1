package cors

import (
	"errors"
	"testing"
)

// Most are of web-platform-tests url/resources/urltestdata.json.
func TestParseURL(t *testing.T) {
	t.Parallel()
	base, err := parseURL("http://example.org/foo/bar", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ text, want string }{
		{"http://EXAMPLE.com", "http://example.com/"},
		{"http://user:pass@foo:21/bar;par?b#c", "http://foo:21/bar;par?b"},
		{"  http://foo/ \n", "http://foo/"},
		{"h\tt\nt\rp://f\to\no/", "http://foo/"},
		{"http:foo.com", "http://example.org/foo/foo.com"},
		{"https:foo.com", "https://foo.com/"},
		{"http:/example.com/", "http://example.org/example.com/"},
		{"https:///foo.com", "https://foo.com/"},
		{"//foo/bar", "http://foo/bar"},
		{`\\x\hello`, "http://x/hello"},
		{`/\x\hello`, "http://x/hello"},
		{"\t   :foo.com   \n", "http://example.org/foo/:foo.com"},
		{" foo.com  ", "http://example.org/foo/foo.com"},
		{"", "http://example.org/foo/bar"},
		{"#β", "http://example.org/foo/bar"},
		{"?x y", "http://example.org/foo/bar?x%20y"},
		{"../../..", "http://example.org/"},
		{"a/./b/../c/%2E%2e/d", "http://example.org/foo/a/d"},
		{"/a//b/", "http://example.org/a//b/"},
		{`/a\b`, "http://example.org/a/b"},
		{"/%zz%", "http://example.org/%zz%"},
		{"/고", "http://example.org/%EA%B3%A0"},
		{`/a"<>{}'?"<>{}'`, "http://example.org/a%22%3C%3E%7B%7D'?%22%3C%3E{}%27"},
		{"http://f:80/c", "http://f/c"},
		{"http://f:/c", "http://f/c"},
		{"http://f:00000000000021/c", "http://f:21/c"},
		{"http://0x7f.1/test", "http://127.0.0.1/test"},
		{"http://4294967295", "http://255.255.255.255/"},
		{"http://010.2.3", "http://8.2.0.3/"},
		{"http://1.2.3.4./", "http://1.2.3.4/"},
		{"http://%61%2Ecom/", "http://a.com/"},
		{"http://[1::2]:3", "http://[1::2]:3/"},
		{"http://[0:0::1]:81/", "http://[::1]:81/"},
		{"http://[::1.2.3.4]/", "http://[::102:304]/"},
		{"http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"},
	} {
		if got, err := parseURL(tt.text, base); err != nil || got.String() != tt.want {
			t.Errorf("%q: %v, %v, want %s", tt.text, got, err, tt.want)
		}
	}
	for _, text := range []string{
		"http://f:b/c", "http://f: /c", "http://f:-1/c", "http://f:65536/c", "https://", "http://?", "http://a b/", "http://a%zz/", "http://a%00/",
		"http://[::1", "http://[www.google.com]/", "http://4294967296", "http://256.1.1.1", "http://1.2.3.4.5", "http://foo.0x", "http://a^b", "http://1.2.3.09",
		"http://::1/",
	} {
		if got, err := parseURL(text, base); err == nil {
			t.Errorf("%q: %v", text, got)
		}
	}
	if got, err := parseURL("http://user@a/#f", nil); err != nil || !got.credentials || got.fragment != "#f" {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := parseURL("#a#b", base); err != nil || got.fragment != "#a%23b" {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := parseURL("foo", nil); !errors.Is(err, errNotURL) {
		t.Errorf("a relative URL without a base: %v", err)
	}
	if got, err := parseURL("MailTo:x", base); err != nil || got.http() || got.scheme != "mailto" {
		t.Errorf("%+v, %v", got, err)
	}
}
