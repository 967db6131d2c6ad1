package playground

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestPlaces(t *testing.T) {
	t.Parallel()
	emulator := &url.URL{Scheme: "http", Host: "127.0.0.1:4566"}
	for address, want := range map[string]string{
		"http://abc.execute-api.localhost:4566/PROD/v2/pets":                    "abc /PROD/v2/pets",
		"http://ABC.Execute-API.localhost.:4566/PROD/v2/pets/":                  "abc /PROD/v2/pets",
		"http://abc.execute-api.localhost:4566":                                 "abc /",
		"http://abc.execute-api.localhost:4566/a%20b%3Fc?d#e":                   "abc /a b",
		"http://abc.execute-api.localhost:4566/%25a":                            "abc /%a",
		"http://localhost:4566/_aws/execute-api/abc/$default/pets":              "abc /$default/pets /pets",
		"http://127.0.0.1:4566/_aws/execute-api/abc/%24default/pets":            "abc /$default/pets /pets",
		"http://127.8.0.1:4566/restapis/abc/PROD/_user_request_/v2/pets":        "abc /PROD/v2/pets /v2/pets",
		"http://[::1]:4566/restapis/abc/PROD/_user_request_":                    "abc /PROD /",
		"http://localhost:4566/restapis/abc/PROD":                               "",
		"http://localhost:4566/restapis/abc/resources":                          "",
		"http://localhost:4566/_aws/execute-api/":                               "",
		"http://localhost:4566/2015-03-31/functions":                            "",
		"http://.execute-api.localhost:4566/":                                   "",
		"http://a.b.execute-api.localhost:4566/":                                "",
		"http://abc.execute-api.ap-northeast-2.amazonaws.com:4566/PROD":         "",
		"http://10.0.0.1:4566/_aws/execute-api/abc/PROD/pets":                   "",
		"http://evil.example:4566/_aws/execute-api/abc/PROD/pets":               "",
		"http://abc.execute-api.localhost/PROD":                                 "",
		"https://abc.execute-api.localhost:4566/PROD":                           "",
		"http://localhost:4566/_awslab/../_aws/execute-api/abc/PROD/../../dump": "",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if at, ok := placeOf(u, emulator); ok {
			got = at.api + " " + strings.Join(at.paths, " ")
		}
		if got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// Whatever the address, it is none or one of this machine's emulator, and an API of
// it at that.
func FuzzPlace(f *testing.F) {
	emulator := &url.URL{Scheme: "http", Host: "127.0.0.1:4566"}
	for _, seed := range []string{"http://abc.execute-api.localhost:4566/PROD/a%2Fb?c", "http://localhost:4566/_aws/execute-api/abc/$default/", "http://127.0.0.1:4566/restapis/a/b/_user_request_/c", "http://[::1]:4566//x", "javascript:alert(1)", "http://user@h:4566/", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		at, ok := placeOf(u, emulator)
		if !ok {
			return
		}
		host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
		local := host == "localhost" || strings.HasSuffix(host, ".localhost") || host == "::1" || strings.HasPrefix(host, "127.") || strings.HasPrefix(host, "::ffff:127.") || strings.Contains(host, ":")
		if u.Scheme != "http" || u.Port() != "4566" || !local || at.api == "" || len(at.paths) == 0 {
			t.Errorf("%q is taken for %+v", address, at)
		}
		if slices.ContainsFunc(at.paths, func(p string) bool { return !strings.HasPrefix(p, "/") }) {
			t.Errorf("%q has the paths %q", address, at.paths)
		}
	})
}
