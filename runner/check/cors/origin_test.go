package cors_test

import (
	"errors"
	"strings"
	"testing"

	"awslab/runner/check/cors"
)

func TestParseOrigin(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"https://shop.example", "http://localhost:4566", "http://127.0.0.1:8080", "http://[::1]:8080", "null", "http://a_b.example", "https://xn--9n2bp8q.example",
		"https://[::ffff:102:304]", "http://shop.localhost:1",
	} {
		if got, err := cors.ParseOrigin(text); err != nil || got != text {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, tt := range []struct {
		text       string
		reason     error
		suggestion string
	}{
		{"", cors.ErrOriginEmpty, ""},
		{"https://shop.example/", cors.ErrOriginSlash, "https://shop.example"},
		{"https://Shop.Example:443/", cors.ErrOriginSlash, "https://shop.example"},
		{"https://shop.example/index.html", cors.ErrOriginPath, "https://shop.example"},
		{`https://shop.example\x`, cors.ErrOriginPath, "https://shop.example"},
		{"https://shop.example?a=b", cors.ErrOriginQuery, "https://shop.example"},
		{"https://shop.example#a", cors.ErrOriginQuery, "https://shop.example"},
		{"https://Shop.example", cors.ErrOriginCase, "https://shop.example"},
		{"HTTPS://shop.example", cors.ErrOriginCase, "https://shop.example"},
		{"https://shop.example:443", cors.ErrOriginDefaultPort, "https://shop.example"},
		{"http://shop.example:80", cors.ErrOriginDefaultPort, "http://shop.example"},
		{"http://shop.example:0080", cors.ErrOriginDefaultPort, "http://shop.example"},
		{"http://shop.example:08080", cors.ErrOriginForm, "http://shop.example:8080"},
		{"http://127.1", cors.ErrOriginForm, "http://127.0.0.1"},
		{"http://[0:0:0:0:0:0:0:1]", cors.ErrOriginForm, "http://[::1]"},
		{"http://[::1", cors.ErrOriginHost, ""},
		{"http://[fe80::1%25eth0]", cors.ErrOriginHost, ""},
		{"http://1.2.3.4.5", cors.ErrOriginHost, ""},
		{"shop.example", cors.ErrOriginNoScheme, ""},
		{"//shop.example", cors.ErrOriginNoScheme, ""},
		{"://shop.example", cors.ErrOriginNoScheme, ""},
		{"localhost:8080", cors.ErrOriginNoScheme, ""},
		{"https:/shop.example", cors.ErrOriginNoScheme, ""},
		{"file:///home/me/index.html", cors.ErrOriginScheme, ""},
		{"https://", cors.ErrOriginNoHost, ""},
		{"https:///x", cors.ErrOriginNoHost, ""},
		{"https://:443", cors.ErrOriginNoHost, ""},
		{"https://me@shop.example", cors.ErrOriginUserinfo, ""},
		{"https://shop.example:", cors.ErrOriginPort, ""},
		{"https://shop.example:x", cors.ErrOriginPort, ""},
		{"https://shop.example:65536", cors.ErrOriginPort, ""},
		{"*", cors.ErrOriginWildcard, ""},
		{"https://*.example", cors.ErrOriginWildcard, ""},
		{"Null", cors.ErrOriginNullCase, "null"},
		{"https://a.example,https://b.example", cors.ErrOriginList, ""},
		{"https://shop.example\r\nX: y", cors.ErrOriginControl, ""},
		{" https://shop.example", cors.ErrOriginControl, ""},
		{"https://shop.example\x00", cors.ErrOriginControl, ""},
		{"https://고양이.example", cors.ErrOriginNotASCII, ""},
		{"https://a%41.example", cors.ErrOriginHost, ""},
		{"https://" + strings.Repeat("a", 1000), cors.ErrOriginTooLong, ""},
	} {
		got, err := cors.ParseOrigin(tt.text)
		var why *cors.OriginError
		if got != "" || !errors.Is(err, tt.reason) || !errors.As(err, &why) || why.Suggestion != tt.suggestion {
			t.Errorf("%q: %q, %v, want %v", tt.text, got, err, tt.reason)
			continue
		}
		if strings.ContainsAny(err.Error(), "\r\n\x00") || len(err.Error()) > 400 {
			t.Errorf("%q is said as %q", tt.text, err)
		}
		if why.Suggestion != "" {
			if again, err := cors.ParseOrigin(why.Suggestion); err != nil || again != why.Suggestion {
				t.Errorf("%q is suggested, which is none: %v", why.Suggestion, err)
			}
		}
	}
}
