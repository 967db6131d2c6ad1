package command_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// jwtTime is when the tests run.
var jwtTime = time.Unix(1_700_000_000, 0).UTC()

// jwtWorld is where jwt is called: its environment, files and language.
type jwtWorld struct {
	secret string // JWT_SECRET
	files  map[string]string
	text   *text.Text
	now    time.Time
}

func (w jwtWorld) call(t *testing.T, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	if w.text == nil {
		w.text = text.English()
	}
	if w.now.IsZero() {
		w.now = jwtTime
	}
	var out, errs bytes.Buffer
	code = command.Builtin(command.Config{Text: &w.text.Shell})["jwt"].Do(t.Context(), &command.Call{
		Name: "jwt", Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Now: func() time.Time { return w.now },
		Getenv: func(name string) string {
			if name == "JWT_SECRET" {
				return w.secret
			}
			return ""
		},
		ReadAny: func(name string) ([]byte, error) {
			data, ok := w.files[name]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			return []byte(data), nil
		},
	})
	return code, out.String(), errs.String()
}

// make makes a token.
func (w jwtWorld) make(t *testing.T, args ...string) string {
	t.Helper()
	code, token, said := w.call(t, "", append([]string{"encode"}, args...)...)
	if code != 0 {
		t.Fatalf("jwt encode %q: code %d, %s", args, code, said)
	}
	return strings.TrimSuffix(token, "\n")
}

// parts are header and claims of a token, as they stand in it.
func parts(t *testing.T, token string) (header, claims string) {
	t.Helper()
	all := strings.Split(token, ".")
	if len(all) != 3 {
		t.Fatalf("%q has %d parts", token, len(all))
	}
	var texts [2]string
	for i := range texts {
		data, err := base64.RawURLEncoding.DecodeString(all[i])
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = string(data)
	}
	return texts[0], texts[1]
}

// token joins what is given as it is, signed with nothing.
func token(header, claims string) string {
	enc := base64.RawURLEncoding.EncodeToString
	return enc([]byte(header)) + "." + enc([]byte(claims)) + "."
}

func TestJWTEncode(t *testing.T) {
	t.Parallel()
	const hs256 = `{"alg":"HS256","typ":"JWT"}`
	for _, c := range []struct {
		args           []string
		header, claims string
	}{
		{nil, hs256, `{}`},
		{[]string{"--claim", "user_id=student"}, hs256, `{"user_id":"student"}`},
		{[]string{"-c", "user_id=a=b:=c"}, hs256, `{"user_id":"a=b:=c"}`},
		{[]string{"--claim=empty="}, hs256, `{"empty":""}`},
		{[]string{"--claim", "https://shop.example/role=admin"}, hs256, `{"https://shop.example/role":"admin"}`},
		{[]string{"--claim", "n:=12345678901234567890", "--claim", "ok:=true", "--claim", "none:=null"}, hs256, `{"n":12345678901234567890,"none":null,"ok":true}`},
		{[]string{"--claim", `roles:=["a","b"]`, "--claim", `at:={"x":1.50}`}, hs256, `{"at":{"x":1.50},"roles":["a","b"]}`},
		{[]string{"--expires", "1h"}, hs256, `{"exp":1700003600}`},
		{[]string{"--expires", "-5m"}, hs256, `{"exp":1699999700}`},
		{[]string{"--expires=2d", "--iat"}, hs256, `{"exp":1700172800,"iat":1700000000}`},
		{[]string{"-e", "-5", "-i"}, hs256, `{"exp":1699999995,"iat":1700000000}`},
		{[]string{"--exp", "60"}, hs256, `{"exp":1700000060}`},
		{[]string{"--claim", "exp:=1"}, hs256, `{"exp":1}`},
		{[]string{`{"b":1,"a":2}`}, hs256, `{"a":2,"b":1}`},
		{[]string{`{"user_id":"student","exp":1}`, "--claim", "user_id=guest", "--expires", "1s"}, hs256, `{"exp":1700000001,"user_id":"guest"}`},
		{[]string{"--header", "kid=one", "--header", "x:=1"}, `{"alg":"HS256","kid":"one","typ":"JWT","x":1}`, `{}`},
		{[]string{"--header", "typ=at+jwt"}, `{"alg":"HS256","typ":"at+jwt"}`, `{}`},
		{[]string{"--alg", "HS512"}, `{"alg":"HS512","typ":"JWT"}`, `{}`},
	} {
		made := jwtWorld{}.make(t, append([]string{"--secret", "key"}, c.args...)...)
		if header, claims := parts(t, made); header != c.header || claims != c.claims {
			t.Errorf("%q: %s %s, want %s %s", c.args, header, claims, c.header, c.claims)
		}
	}
}

// Claims come from the input where "-" says so, and only there: whoever gives
// none at a terminal is not kept waiting.
func TestJWTReadsItsInput(t *testing.T) {
	t.Parallel()
	w := jwtWorld{secret: "key"}
	_, made, _ := w.call(t, `{"a":1}`+"\n", "encode", "-")
	if _, claims := parts(t, strings.TrimSpace(made)); claims != `{"a":1}` {
		t.Errorf("encode -: %s", claims)
	}
	_, made, _ = w.call(t, `{"a":1}`, "encode")
	if _, claims := parts(t, strings.TrimSpace(made)); claims != `{}` {
		t.Errorf("encode: %s", claims)
	}
	for _, args := range [][]string{{"decode"}, {"decode", "-"}, {"verify"}, {"verify", "-"}} {
		if code, out, said := w.call(t, made, args...); code != 0 || !strings.Contains(out, `"payload": {}`) {
			t.Errorf("%q: code %d, %s%s", args, code, out, said)
		}
	}
}

// The first token of RFC 7515 (A.1), whose key is bytes and not text.
func TestJWTOfTheStandard(t *testing.T) {
	t.Parallel()
	const token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	key, err := base64.RawURLEncoding.DecodeString("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
	if err != nil {
		t.Fatal(err)
	}
	w := jwtWorld{files: map[string]string{"key": string(key)}, now: time.Unix(1300819379, 0)}
	code, out, said := w.call(t, "", "verify", "--secret", "@key", token)
	want := "{\n  \"header\": {\n    \"typ\": \"JWT\",\n    \"alg\": \"HS256\"\n  },\n  \"payload\": {\n    \"iss\": \"joe\",\n    \"exp\": 1300819380,\n    \"http://example.com/is_root\": true\n  }\n}\n"
	if code != 0 || out != want || said != "jwt: exp is 2011-03-22 18:43:00 UTC\n" {
		t.Errorf("code %d\n%s%s", code, out, said)
	}
	w.now = w.now.Add(time.Second)
	if code, out, said := w.call(t, "", "verify", "--secret", "@key", token); code != 1 || out != "" || said != "jwt: the token has expired\n" {
		t.Errorf("a second later: code %d, %s%s", code, out, said)
	}
}

// decode believes nothing and says so; --json keeps it quiet.
func TestJWTDecode(t *testing.T) {
	t.Parallel()
	given := token(`{"alg":"none"}`, `{"b":1,"exp":1700000000,"a":"<"}`)
	want := "{\n  \"header\": {\n    \"alg\": \"none\"\n  },\n  \"payload\": {\n    \"b\": 1,\n    \"exp\": 1700000000,\n    \"a\": \"<\"\n  }\n}\n"
	code, out, said := jwtWorld{}.call(t, "", "decode", given)
	if code != 0 || out != want || !strings.Contains(said, "not verified") || !strings.Contains(said, "exp was 2023-11-14 22:13:20 UTC: the token has expired") {
		t.Errorf("code %d\n%s%s", code, out, said)
	}
	if code, out, said := (jwtWorld{}).call(t, "", "decode", "--json", given); code != 0 || out != want || said != "" {
		t.Errorf("--json: code %d\n%s%s", code, out, said)
	}
	if _, _, said := (jwtWorld{}).call(t, "", "decode", token(`{"alg":"none"}`, `{"a":1,"a":2}`)); !strings.Contains(said, "the token has a twice") {
		t.Errorf("a claim twice: %s", said)
	}
}

// pairs are keys as PEM files, private and public.
func pairs(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	put := func(name, kind string, der []byte, err error) {
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	rs, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	put("rs.pem", "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(rs), nil)
	der, err := x509.MarshalPKIXPublicKey(&rs.PublicKey)
	put("rs.pub", "PUBLIC KEY", der, err)
	for bits, curve := range map[int]elliptic.Curve{256: elliptic.P256(), 384: elliptic.P384(), 512: elliptic.P521()} {
		es, err := ecdsa.GenerateKey(curve, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		der, err := x509.MarshalPKCS8PrivateKey(es)
		put(fmt.Sprintf("es%d.pem", bits), "PRIVATE KEY", der, err)
		der, err = x509.MarshalPKIXPublicKey(&es.PublicKey)
		put(fmt.Sprintf("es%d.pub", bits), "PUBLIC KEY", der, err)
	}
	return files
}

// Each algorithm verifies what it signed, and nothing that another one did,
// whatever the token says.
func TestJWTAlgorithms(t *testing.T) {
	t.Parallel()
	w := jwtWorld{secret: "a secret of the environment", files: pairs(t)}
	keys := map[string][2]string{ // to sign, to verify
		"HS256": {}, "HS384": {}, "HS512": {}, "none": {},
		"RS256": {"@rs.pem", "@rs.pub"}, "RS384": {"@rs.pem", "@rs.pub"}, "RS512": {"@rs.pem", "@rs.pub"},
		"ES256": {"@es256.pem", "@es256.pub"}, "ES384": {"@es384.pem", "@es384.pub"}, "ES512": {"@es512.pem", "@es512.pub"},
	}
	with := func(alg, key string) []string {
		args := []string{"--alg", alg}
		if key != "" {
			args = append(args, "--secret", key)
		}
		return args
	}
	for alg, key := range keys {
		made := w.make(t, append(with(alg, key[0]), "--claim", "user_id=student")...)
		for other, key := range keys {
			code, out, said := w.call(t, made, append([]string{"verify"}, with(other, key[1])...)...)
			if good := code == 0 && strings.Contains(out, "student"); good != (alg == other) || !good && (out != "" || !strings.Contains(said, "its algorithm is "+alg+", and "+other)) {
				t.Errorf("%s verified as %s: code %d, %s%s", alg, other, code, out, said)
			}
		}
		head, claims, _ := strings.Cut(made, ".")
		claims, signature, _ := strings.Cut(claims, ".")
		changed := head + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"user_id":"admin"}`)) + "." + signature
		if code, out, said := w.call(t, changed, append([]string{"verify"}, with(alg, key[1])...)...); alg != "none" && (code != 1 || out != "" || !strings.Contains(said, "signature")) {
			t.Errorf("%s, another payload: code %d, %s%s", alg, code, out, said)
		}
		if code, out, said := w.call(t, head+"."+claims+".", append([]string{"verify"}, with(alg, key[1])...)...); alg != "none" && (code != 1 || out != "" || !strings.Contains(said, "signature")) {
			t.Errorf("%s, without a signature: code %d, %s%s", alg, code, out, said)
		}
	}
}

// What a public key signs as if it were a secret is not believed: that key is
// everybody's. (CVE-2015-9235 and its many sisters.)
func TestJWTConfusedKeys(t *testing.T) {
	t.Parallel()
	w := jwtWorld{files: pairs(t)}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"encode", "--alg", "HS256", "--secret", "@rs.pub"}, "this is a PEM key"},
		{[]string{"encode", "--alg", "HS256", "--secret", w.files["rs.pub"]}, "this is a PEM key"},
		{[]string{"encode", "--alg", "HS512", "--secret", "# mine\n" + w.files["es256.pub"]}, "this is a PEM key"},
		{[]string{"verify", "--secret", "@rs.pub", token(`{"alg":"HS256"}`, `{}`)}, "this is a PEM key"},
		{[]string{"verify", "--alg", "RS256", "--secret", "@rs.pub", jwtWorld{}.make(t, "--secret", "x")}, "its algorithm is HS256, and RS256"},
		{[]string{"encode", "--alg", "RS256", "--secret", "@rs.pub"}, "no private key for RS256"},
		{[]string{"encode", "--alg", "RS256", "--secret", "@es256.pem"}, "no private key for RS256"},
		{[]string{"encode", "--alg", "RS256", "--secret", "a text"}, "no private key for RS256"},
		{[]string{"encode", "--alg", "ES256", "--secret", "@es384.pem"}, "no private key for ES256"},
		{[]string{"encode", "--alg", "ES256", "--secret", "@rs.pem"}, "no private key for ES256"},
		{[]string{"verify", "--alg", "RS256", "--secret", "@rs.pem", "x"}, "no public key or certificate for RS256"},
		{[]string{"verify", "--alg", "ES512", "--secret", "@es256.pub", "x"}, "no public key or certificate for ES512"},
		{[]string{"verify", "--secret", "key", token(`{"alg":"none"}`, `{}`)}, "its algorithm is none, and HS256"},
		{[]string{"verify", "--secret", "key", token(`{"alg":"NONE"}`, `{}`)}, "its algorithm is NONE, and HS256"},
		{[]string{"verify", "--alg", "none", token(`{"alg":"none"}`, `{}`) + "AAAA"}, "signature"},
		{[]string{"verify", "--secret", "key", token(`{"alg":["HS256"]}`, `{}`)}, "its algorithm is ?, and HS256"},
		{[]string{"verify", "--secret", "key", token(`{}`, `{}`)}, "its algorithm is ?, and HS256"},
		{[]string{"verify", "--secret", "key", jwtWorld{}.make(t, "--secret", "key", "--header", `crit:=["exp"]`)}, "(crit): exp"},
		{[]string{"verify", "--secret", "key", jwtWorld{}.make(t, "--secret", "key", "--header", `crit:={}`)}, "(crit): ?"},
	} {
		if code, out, said := w.call(t, "", c.args...); code != 1 || out != "" || !strings.Contains(said, c.want) {
			t.Errorf("jwt %.100q: code %d, %s%s, want %s", c.args, code, out, said, c.want)
		}
	}
}

// What is no token is refused, and told apart.
func TestJWTFaults(t *testing.T) {
	t.Parallel()
	good := jwtWorld{}.make(t, "--secret", "key", "--claim", "a=b")
	for name, c := range map[string]struct{ token, want string }{
		"nothing":               {"", "three parts"},
		"a word":                {"x", "three parts"},
		"two parts":             {"eyJhbGciOiJIUzI1NiJ9.e30", "three parts"},
		"five parts, encrypted": {"a.b.c.d.e", "three parts"},
		"a scheme":              {"Bearer " + good, "such as Bearer"},
		"padding":               {"eyJhbGciOiJIUzI1NiJ9.e30=.", "part 2 is not base64url"},
		"plain base64":          {"eyJhbGciOiJIUzI1NiJ9.e3+/.", "part 2 is not base64url"},
		"a line end within":     {good[:10] + "\n" + good[10:], "part 1 is not base64url"},
		"control bytes":         {good[:10] + "\x00\x1b[31m" + good[10:], "part 1 is not base64url"},
		"loose last bits":       {strings.TrimSuffix(good, good[len(good)-1:]) + "B", "part 3 is not base64url"},
		"no JSON":               {"e30x.e30.", "part 1 is not a JSON object"},
		"a list":                {token(`[]`, `{}`), "part 1 is not a JSON object"},
		"a number":              {token(`{"alg":"HS256"}`, `1`), "part 2 is not a JSON object"},
		"more behind the JSON":  {token(`{"alg":"HS256"}`, `{}{}`), "part 2 is not a JSON object"},
		"a control byte in it":  {token(`{"alg":"HS256"}`, "{\"a\":\"\x1b\"}"), "part 2 is not a JSON object"},
		"deeply nested":         {token(`{"alg":"HS256"}`, `{"a":`+strings.Repeat("[", 100_000)), "part 2 is not a JSON object"},
		"a megabyte of one":     {strings.Repeat("A", 1<<20), "three parts"},
		"a megabyte of dots":    {strings.Repeat(".", 1<<20), "three parts"},
	} {
		for _, verb := range []string{"decode", "verify"} {
			code, out, said := jwtWorld{secret: "key"}.call(t, "", verb, c.token)
			if code != 1 || out != "" || !strings.Contains(said, c.want) {
				t.Errorf("%s, %s: code %d, %s%s", verb, name, code, out, said)
			}
		}
	}
	large := jwtWorld{}.make(t, "--secret", "key", "--claim", "a="+strings.Repeat("x", 1<<20))
	if code, _, said := (jwtWorld{secret: "key"}).call(t, large, "verify"); code != 0 {
		t.Errorf("a large token: code %d, %s", code, said)
	}
}

// What readers disagree on is not verified.
func TestJWTDuplicates(t *testing.T) {
	t.Parallel()
	for _, given := range []string{token(`{"alg":"none","alg":"none"}`, `{}`), token(`{"alg":"none"}`, `{"user_id":"student","user_id":"admin"}`)} {
		if code, out, said := (jwtWorld{}).call(t, "", "verify", "--alg", "none", given); code != 1 || out != "" || !strings.Contains(said, "twice") {
			t.Errorf("code %d, %s%s", code, out, said)
		}
	}
	nested := token(`{"alg":"none"}`, `{"a":{"a":1},"b":{"a":2}}`)
	if code, _, said := (jwtWorld{}).call(t, "", "verify", "--alg", "none", nested); code != 0 {
		t.Errorf("the same name elsewhere: code %d, %s", code, said)
	}
}

// What jwt refuses it says in the student's language, each thing in its words.
func TestJWTRefusals(t *testing.T) {
	t.Parallel()
	made := func(claims string) string { return jwtWorld{}.make(t, "--secret", "key", claims) }
	for _, c := range []struct {
		code   int
		want   func(*text.JWTWords) string
		fields text.Args
		args   []string
	}{
		{2, func(w *text.JWTWords) string { return w.NoCommand }, nil, nil},
		{2, func(w *text.JWTWords) string { return w.NoVerb }, text.Args{"verb": "frob"}, []string{"frob"}},
		{2, func(w *text.JWTWords) string { return w.Algorithm }, text.Args{"name": "hs256", "known": "HS256, HS384, HS512, RS256, RS384, RS512, ES256, ES384, ES512, none"}, []string{"encode", "--alg", "hs256"}},
		{2, func(w *text.JWTWords) string { return w.Expiry }, text.Args{"value": "soon"}, []string{"encode", "--expires", "soon"}},
		{2, func(w *text.JWTWords) string { return w.Expiry }, text.Args{"value": "99999999999999"}, []string{"encode", "--expires", "99999999999999"}},
		{2, func(w *text.JWTWords) string { return w.Expiry }, text.Args{"value": "-36501d"}, []string{"encode", "--expires", "-36501d"}},
		{2, func(w *text.JWTWords) string { return w.Expiry }, text.Args{"value": ""}, []string{"encode", "--expires", ""}},
		{2, func(w *text.JWTWords) string { return w.Expiry }, text.Args{"value": "1000000h"}, []string{"encode", "--expires", "1000000h"}},
		{2, func(w *text.JWTWords) string { return w.Member }, text.Args{"option": "--claim", "value": "student"}, []string{"encode", "--claim", "student"}},
		{2, func(w *text.JWTWords) string { return w.Member }, text.Args{"option": "--header", "value": ":=1"}, []string{"encode", "--header", ":=1"}},
		{2, func(w *text.JWTWords) string { return w.MemberJSON }, text.Args{"option": "--claim", "value": "a:=b"}, []string{"encode", "--claim", "a:=b"}},
		{2, func(w *text.JWTWords) string { return w.MemberJSON }, text.Args{"option": "--claim", "value": "a:=1 2"}, []string{"encode", "--claim", "a:=1 2"}},
		{2, func(w *text.JWTWords) string { return w.Seconds }, text.Args{"name": "exp"}, []string{"encode", "--claim", "exp=1700000000"}},
		{2, func(w *text.JWTWords) string { return w.HeaderAlg }, nil, []string{"encode", "--header", "alg=none"}},
		{2, func(w *text.JWTWords) string { return w.HeaderAlg }, nil, []string{"encode", "--header", `alg:="none"`}},
		{2, func(w *text.JWTWords) string { return w.Twice }, text.Args{"name": "a"}, []string{"encode", "--claim", "a=1", "--claim", "a:=2"}},
		{2, func(w *text.JWTWords) string { return w.Twice }, text.Args{"name": "exp"}, []string{"encode", "--claim", "exp:=1", "--expires", "1h"}},
		{1, func(w *text.JWTWords) string { return w.Twice }, text.Args{"name": "a"}, []string{"encode", `{"a":1,"a":2}`}},
		{1, func(w *text.JWTWords) string { return w.NotClaims }, text.Args{"cause": "it is not a JSON object"}, []string{"encode", "[1]"}},
		{1, func(w *text.JWTWords) string { return w.NotClaims }, text.Args{"cause": "it is not a JSON object"}, []string{"encode", "{} {}"}},
		{2, func(w *text.JWTWords) string { return w.OneClaims }, nil, []string{"encode", "{}", "{}"}},
		{2, func(w *text.JWTWords) string { return w.OneToken }, nil, []string{"decode", "x", "y"}},
		{2, func(w *text.JWTWords) string { return w.OneToken }, nil, []string{"verify", "x", "y"}},
		{2, func(w *text.JWTWords) string { return w.NoSecret }, nil, []string{"encode"}},
		{2, func(w *text.JWTWords) string { return w.NoSecret }, nil, []string{"verify", "x"}},
		{2, func(w *text.JWTWords) string { return w.NoKey }, text.Args{"alg": "RS256"}, []string{"encode", "--alg", "RS256"}},
		{2, func(w *text.JWTWords) string { return w.NoneKey }, nil, []string{"encode", "--alg", "none", "--secret", "x"}},
		{1, func(w *text.JWTWords) string { return w.Empty }, nil, []string{"encode", "--secret", ""}},
		{1, func(w *text.JWTWords) string { return w.Signature }, nil, []string{"verify", "--secret", "other", made("{}")}},
		{1, func(w *text.JWTWords) string { return w.Signature }, nil, []string{"verify", "--secret", "other", made(`{"nbf":1800000000}`)}},
		{1, func(w *text.JWTWords) string { return w.NotYet }, nil, []string{"verify", "--secret", "key", made(`{"nbf":1800000000}`)}},
		{1, func(w *text.JWTWords) string { return w.Expired }, nil, []string{"verify", "--secret", "key", made(`{"exp":1700000000}`)}},
		{1, func(w *text.JWTWords) string { return w.NoTime }, nil, []string{"verify", "--secret", "key", made(`{"exp":"1800000000"}`)}},
	} {
		for _, said := range []*text.Text{text.English(), text.Korean()} {
			code, out, stderr := jwtWorld{text: said}.call(t, "", c.args...)
			if want := "jwt: " + c.fields.Fill(c.want(&said.Shell.Commands.JWT)) + "\n"; code != c.code || out != "" || stderr != want {
				t.Errorf("jwt %q: code %d, %s%s, want %d, %s", c.args, code, out, stderr, c.code, want)
			}
		}
	}
	for _, args := range [][]string{{"decode", "--secret", "x", "y"}, {"verify", "--claim", "a=b", "y"}, {"encode", "--json"}} {
		if code, _, said := (jwtWorld{}).call(t, "", args...); code != 2 || !strings.Contains(said, "unrecognized option '"+args[1]+"'") {
			t.Errorf("jwt %q: code %d, %s", args, code, said)
		}
	}
}

// A key's line end counts, as every byte does, and is worth a remark: base64 and
// editors write one.
func TestJWTLineEnd(t *testing.T) {
	t.Parallel()
	w := jwtWorld{files: map[string]string{"wrapped": "QUJD\n"}}
	code, made, said := w.call(t, "", "encode", "--secret", "@wrapped")
	if code != 0 || !strings.Contains(said, "the line end at the end of wrapped is part of the key") {
		t.Errorf("code %d, %s", code, said)
	}
	if code, _, _ := w.call(t, made, "verify", "--secret", "QUJD"); code != 1 {
		t.Error("the line end did not count")
	}
	if code, _, said := w.call(t, made, "verify", "--secret", "@missing"); code != 1 || !strings.Contains(said, "missing") {
		t.Errorf("a file that is not there: code %d, %s", code, said)
	}
}

func TestJWTHelp(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--help"}, {"encode", "--help"}, {"decode", "--help"}} {
		if code, out, _ := (jwtWorld{}).call(t, "", args...); code != 0 || !strings.HasPrefix(out, "usage: jwt encode") {
			t.Errorf("%q: code %d, %s", args, code, out)
		}
	}
}

// Whatever is given, decode and verify end, take the same texts for tokens, and
// print JSON or nothing. What was not signed is never verified.
func FuzzJWT(f *testing.F) {
	f.Add("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoic3R1ZGVudCJ9.AAAA")
	f.Add(token(`{"alg":"none","crit":["b64"]}`, `{"exp":1e400,"a":[{}],"a":null}`))
	f.Add("..")
	f.Add("Bearer a.b.c")
	f.Fuzz(func(t *testing.T, given string) {
		if strings.HasPrefix(given, "-") {
			return // options
		}
		w := jwtWorld{secret: "a key that no fuzzer guesses"}
		code, out, said := w.call(t, given, "decode", given)
		if (code == 0) != json.Valid([]byte(out)) || said == "" {
			t.Errorf("decode: code %d, %q, %q", code, out, said)
		}
		if code, out, _ := w.call(t, given, "verify", given); code != 1 || out != "" {
			t.Errorf("verify: code %d, %q", code, out)
		}
	})
}
