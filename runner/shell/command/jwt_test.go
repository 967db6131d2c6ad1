package command_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"awslab/runner/shell/command"
	"awslab/runner/text"
)

// call runs a command that uses no files.
func call(t *testing.T, name, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	spec, ok := command.Builtin(command.Config{})[name]
	if !ok {
		t.Fatalf("no command %s", name)
	}
	code = spec.Do(t.Context(), &command.Call{
		Name: name, Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
		Now: func() time.Time { return time.Unix(1_700_000_000, 0).UTC() },
	})
	return code, out.String(), errs.String()
}

func TestJWT(t *testing.T) {
	t.Parallel()
	const header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
	_, token, _ := call(t, "jwt", "", "encode", "--secret", "key", `{"user_id":"student"}`)
	if !strings.HasPrefix(token, header) {
		t.Fatalf("got %q", token)
	}
	if code, out, _ := call(t, "jwt", token, "verify", "-S", "key"); code != 0 || !strings.Contains(out, `"user_id": "student"`) {
		t.Errorf("verify: code %d, %s", code, out)
	}
	if code, out, _ := call(t, "jwt", "", "decode", strings.TrimSpace(token)); code != 0 || !strings.Contains(out, `"alg": "HS256"`) {
		t.Errorf("decode: code %d, %s", code, out)
	}
	if code, _, said := call(t, "jwt", token, "verify", "-S", "other"); code != 1 || !strings.Contains(said, "signature") {
		t.Errorf("another secret: code %d, %s", code, said)
	}
	_, expired, _ := call(t, "jwt", "", "encode", "-S", "key", "--exp", "-5", "{}")
	if code, _, said := call(t, "jwt", expired, "verify", "-S", "key"); code != 1 || !strings.Contains(said, "expired") {
		t.Errorf("expired: code %d, %s", code, said)
	}
	// alg none must never verify.
	if code, _, _ := call(t, "jwt", "eyJhbGciOiJub25lIn0.e30.", "verify", "-S", "key"); code != 1 {
		t.Errorf("alg none: code %d", code)
	}
	for _, bad := range [][]string{{}, {"encode"}, {"encode", "-S", "k", "[1]"}, {"decode", "x"}, {"frob", "-S", "k", "x"}, {"encode", "-S", "k", "--alg", "RS256", "{}"}} {
		if code, _, said := call(t, "jwt", "", bad...); code == 0 || said == "" {
			t.Errorf("jwt %v: code %d", bad, code)
		}
	}
}

// What jwt refuses it says in the student's language, each thing in its words.
func TestJWTRefusals(t *testing.T) {
	t.Parallel()
	said := text.Korean().Shell
	_, later, _ := call(t, "jwt", "", "encode", "-S", "key", `{"nbf":1800000000}`)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"encode", "-S", "k", "--alg", "RS256"}, "실습 셸에서 쓸 수 없는 알고리즘입니다: RS256"},
		{[]string{"encode", "-S", "k", "--exp", "soon"}, "쓴 값: “soon”"},
		{[]string{"encode", "{}"}, said.Commands.JWT.NoSecret},
		{[]string{"encode", "-S", "k", "{}", "{}"}, said.Commands.JWT.OneClaims},
		{[]string{"decode", "x", "y"}, said.Commands.JWT.OneToken},
		{[]string{"frob", "-S", "k", "x"}, "frob: 없는 하위 명령입니다"},
		{[]string{"encode", "-S", "k", "[1]"}, "클레임이 JSON 객체가 아닙니다: “json: "},
		{[]string{"decode", "x"}, said.Commands.JWT.NoToken},
		{[]string{"verify", "-S", "other", strings.TrimSpace(later)}, said.Commands.JWT.Signature},
		{[]string{"verify", "-S", "key", strings.TrimSpace(later)}, said.Commands.JWT.NotYet},
	} {
		var errs bytes.Buffer
		code := command.Builtin(command.Config{Text: &said})["jwt"].Do(t.Context(), &command.Call{
			Name: "jwt", Args: c.args, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &errs,
			Now: func() time.Time { return time.Unix(1_700_000_000, 0).UTC() },
		})
		if code == 0 || !strings.HasPrefix(errs.String(), "jwt: ") || !strings.Contains(errs.String(), c.want) {
			t.Errorf("jwt %v: code %d, %s, want %s", c.args, code, errs.String(), c.want)
		}
	}
}

func TestSpecs(t *testing.T) {
	t.Parallel()
	for name, spec := range command.Builtin(command.Config{}) {
		if spec.Name != name || spec.Run == nil || spec.Usage != text.English().Shell.Usage[name] {
			t.Errorf("%s: %+v", name, spec)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for args, want := range map[string]string{
		"-u +%s":                     "1700000000",
		"-u -d -5 minutes +%s":       "1699999700",
		"-u -d 1 hour ago +%FT%TZ":   "2023-11-14T21:13:20Z",
		"-u -d tomorrow +%F":         "2023-11-15",
		"-u -Iseconds":               "2023-11-14T22:13:20+00:00",
		"-u -d 2023-11-14T00:00Z +x": "",
	} {
		var list []string
		for _, a := range strings.Split(strings.ReplaceAll(strings.ReplaceAll(args, "-5 minutes", "-5_minutes"), "1 hour ago", "1_hour_ago"), " ") {
			list = append(list, strings.ReplaceAll(a, "_", " "))
		}
		if _, out, _ := call(t, "date", "", list...); strings.TrimSpace(out) != want {
			t.Errorf("date %s: got %q, want %q", args, out, want)
		}
	}
}
