package secret_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"awslab/runner/secret"
)

func TestTokens(t *testing.T) {
	t.Parallel()
	enc := base64.RawURLEncoding.EncodeToString
	const header, claims, signature = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJ1c2VyX2lkIjoic3R1ZGVudCJ9", "mJ8aT-x_9bq3Z1c0dGVzdA"
	token := header + "." + claims + "." + signature
	spaced := enc([]byte("{ \"typ\":\"JWT\",\r\n \"alg\":\"RS256\"}")) + "." + claims
	for text, want := range map[string]string{
		token: header + "." + claims + ".****",
		"Authorization: Bearer " + token + "\nNext":                  "Authorization: Bearer " + header + "." + claims + ".****\nNext",
		`{"a":"` + token + `","b":"` + token + `"}`:                  `{"a":"` + header + "." + claims + `.****","b":"` + header + "." + claims + `.****"}`,
		"?token=" + token + "&x=1":                                   "?token=" + header + "." + claims + ".****&x=1",
		spaced + "." + signature:                                     spaced + ".****",
		header + ".." + signature:                                    header + "..****", // its claims stand elsewhere
		header + "." + claims + ".":                                  header + "." + claims + ".",
		"abc123.execute-api.localhost":                               "abc123.execute-api.localhost",
		"arn:aws:lambda:x:1:function:a.b-long.c-long-too":            "arn:aws:lambda:x:1:function:a.b-long.c-long-too",
		enc([]byte(`{"no":"alg"}`)) + "." + claims + "." + signature: enc([]byte(`{"no":"alg"}`)) + "." + claims + "." + signature,
		"": "",
	} {
		if got := secret.Tokens(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := secret.Tokens("x " + header + "." + claims + "." + strings.Repeat("a", 10_000)); len(got) > 100 {
		t.Errorf("a long signature: %d bytes are left", len(got))
	}
}
