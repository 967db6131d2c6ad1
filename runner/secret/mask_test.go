package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"awslab/runner/secret"
)

// masked is a secret of each encoding and what hides it.
func masked(t *testing.T) (values []string, m *secret.Mask) {
	t.Helper()
	// A known seed: behind a part of a secret, the next word may begin with the
	// letter that follows in it, and goes with it then.
	seed, err := secret.Open(t.TempDir(), bytes.NewReader(bytes.Repeat([]byte{5}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	values = []string{
		value(t, seed, jwt, 256, secret.Base64), value(t, seed, jwt, 16, secret.Hex), value(t, seed, secret.Name{Variable: "A"}, 31, secret.Base64),
		value(t, seed, secret.Name{Variable: "B"}, secret.MinBytes, secret.Base64),
	}
	return values, secret.NewMask(values...)
}

// wrap breaks a text into lines of so many columns.
func wrap(text string, columns int, end string) string {
	var b strings.Builder
	for len(text) > columns {
		b.WriteString(text[:columns] + end)
		text = text[columns:]
	}
	return b.String() + text
}

// forms are how a secret comes to be shown.
var forms = map[string]func(v string) string{
	"as it is":          func(v string) string { return v },
	"wrapped at 76":     func(v string) string { return wrap(v, 76, "\n") },
	"wrapped, Windows":  func(v string) string { return wrap(v, 64, "\r\n") },
	"wrapped at 3":      func(v string) string { return wrap(v, 3, "\n") },
	"wrapped, indented": func(v string) string { return wrap(v, 20, "\n        ") },
	"in JSON": func(v string) string {
		data, _ := json.Marshal(map[string]string{"k": wrap(v, 76, "\n")}) // texts always can be
		return string(data)
	},
	"in JSON in JSON": func(v string) string {
		inner, _ := json.Marshal(wrap(v, 10, "\n"))
		outer, _ := json.Marshal(string(inner))
		return string(outer)
	},
	"slashes escaped": func(v string) string { return strings.ReplaceAll(v, "/", `\/`) },
	"signs by numbers": func(v string) string {
		return strings.NewReplacer("+", `\u002b`, "/", `\u002F`, "=", `\u003d`).Replace(v)
	},
	"in a URL":            func(v string) string { return "https://x.example/?k=" + url.QueryEscape(v) + "&l=1" },
	"base64url":           func(v string) string { return strings.NewReplacer("+", "-", "/", "_").Replace(v) },
	"a line that goes on": func(v string) string { return wrap(v, 40, "\\\n") },
	"the first half":      func(v string) string { return v[:len(v)/2+4] },
	"the second half":     func(v string) string { return v[len(v)/2-4:] },
	"a part":              func(v string) string { return v[2:20] },
	"twice":               func(v string) string { return v + v },
	"in an assignment":    func(v string) string { return "export JWT_SECRET='" + v + "'" },
	"in a word":           func(v string) string { return "xyz" + v + "xyz" },
}

// leaks is the longest piece of the secret that a text still shows, read as
// people would: white space and escapes left out.
func leaks(text, v string) string {
	plain := strings.NewReplacer("\n", "", "\r", "", " ", "", `\n`, "", `\r`, "", `\/`, "/", `\`, "", "%2B", "+", "%2F", "/", "%3D", "=", "u002b", "+", "u002F", "/", "u003d", "=").Replace(text)
	plain = strings.NewReplacer("-", "+", "_", "/").Replace(plain)
	longest := ""
	for i := range plain {
		for n := len(longest) + 1; i+n <= len(plain) && strings.Contains(v, plain[i:i+n]); n++ {
			longest = plain[i : i+n]
		}
	}
	return longest
}

var inPieces = regexp.MustCompile(`^before it\n(?s:.*)\nafter it, .{0,3}\*\*\*\*\.$`)

func TestMask(t *testing.T) {
	t.Parallel()
	values, m := masked(t)
	for name, form := range forms {
		for _, v := range values {
			text := "before it\n" + form(v) + "\nafter it, " + v + "."
			got := m.Text(text)
			if found := leaks(got, v); len(found) >= 8 {
				t.Errorf("%s: %q shows %q", name, got, found)
			}
			if !strings.HasPrefix(got, "before it\n") || !strings.HasSuffix(got, "\nafter it, ****.") || strings.Count(got, "****") < 2 || len(got) > 150 {
				t.Errorf("%s: %q", name, got)
			}
			// However the text is cut, at most three letters are shown before a run is
			// seen for what it is.
			for cuts := range 20 {
				random := rand.New(rand.NewPCG(uint64(cuts), 1))
				stream, got := m.Stream(), ""
				for rest := text; rest != ""; {
					n := min(1+random.IntN([]int{1, 2, 7, 40, 200}[cuts%5]), len(rest))
					got += stream.Write(rest[:n])
					rest = rest[n:]
				}
				got += stream.Close()
				if found := leaks(got, v); len(found) >= 8 {
					t.Errorf("%s, cut in pieces: %q shows %q", name, got, found)
				}
				if !inPieces.MatchString(got) {
					t.Errorf("%s, cut in pieces: %q", name, got)
				}
			}
		}
	}
}

// What is no secret is passed on as it is, and at once.
func TestMaskPassesOnTheRest(t *testing.T) {
	t.Parallel()
	values, m := masked(t)
	random := rand.New(rand.NewPCG(3, 4))
	stranger := make([]byte, 400)
	for i := range stranger {
		stranger[i] = byte(random.Uint32())
	}
	for _, text := range []string{
		"", "\n", "hello\n", "한국어 텍스트\n", "100%\n", "50 %", `C:\users\name` + "\n", "ends in a backslash \\\n", strings.Repeat(" ", 1000) + "x\n",
		base64.StdEncoding.EncodeToString(stranger) + "\n", fmt.Sprintf("%x\n", stranger), "\x00\x01\x02\x03\xff\n", values[0][:10] + "!\n", `"\u00e9\n\t\u0007"` + "\n",
		strings.Repeat("a", 100) + "\n", "eyJhbGciOiJIUzI1NiJ9.e30.c2lnbmF0dXJl\n", values[0][:3] + "\n",
	} {
		if got := m.Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
		stream := m.Stream()
		got := stream.Write(text)
		if rest := stream.Close(); got+rest != text {
			t.Errorf("%q became %q + %q", text, got, rest)
		}
		if strings.HasSuffix(text, "\n") && got != text {
			t.Errorf("of %q only %q is passed on at once", text, got)
		}
	}
	if got := (*secret.Mask)(nil).Text("x"); got != "x" {
		t.Errorf("no mask: %q", got)
	}
	if got := secret.NewMask().Text(values[0]); got != values[0] {
		t.Errorf("nothing to hide: %q", got)
	}
	if got := secret.NewMask("short").Text("a short text, not a secret one"); got != "a short text, not a secret one" {
		t.Errorf("a short value: %q", got)
	}
}

// A stream holds back little, whatever comes.
func TestAStreamHoldsBackLittle(t *testing.T) {
	t.Parallel()
	values, m := masked(t)
	for name, piece := range map[string]string{"white space": strings.Repeat(" ", 100), "the secret's letters": values[0][:15], "the secret": values[0], "backslashes": `\\\\\\\\`, "percent": "%", "half an escape": `\u00`} {
		stream := m.Stream()
		stream.Write(values[0][:20])
		in, out := 0, 0
		for range 200 {
			in += len(piece)
			out += len(stream.Write(piece))
		}
		if out += len(stream.Close()); name == "white space" && in-out > 2000 {
			t.Errorf("%s: %d bytes in, %d out", name, in, out)
		}
	}
	stream := m.Stream()
	stream.Write(values[0][:20])
	if got := stream.Write(strings.Repeat("\n", 1<<20)); len(got) < 1<<20-300 {
		t.Errorf("%d of a megabyte of lines are held back", 1<<20-len(got))
	}
}

// In pieces or at once, the text that comes out is free of every long piece of the
// secret, and without the secret it is what went in.
func FuzzMask(f *testing.F) {
	seed, err := secret.Open(f.TempDir(), nil)
	if err != nil {
		f.Fatal(err)
	}
	v, err := seed.Value(jwt, 64, secret.Base64)
	if err != nil {
		f.Fatal(err)
	}
	m := secret.NewMask(v)
	f.Add("a", `\n`, 76, "b", 3)
	f.Add("%", "\n ", 5, `\`, 1)
	f.Fuzz(func(t *testing.T, before, end string, columns int, after string, cut int) {
		if len(before)+len(end)+len(after) > 1000 {
			return
		}
		if got := m.Text(before + end + after); got != before+end+after {
			t.Errorf("nothing to hide in %q, got %q", before+end+after, got)
		}
		if strings.Trim(end, " \r\n\t") != "" || len(end) > 200 {
			end = ""
		}
		text := before + wrap(v, 1+abs(columns)%100, end) + after
		stream, got := m.Stream(), ""
		for rest := text; rest != ""; {
			n := min(1+abs(cut)%50, len(rest))
			got += stream.Write(rest[:n])
			rest = rest[n:]
		}
		got += stream.Close()
		for _, shown := range []string{got, m.Text(text)} {
			if found := leaks(shown, v); len(found) >= 16 {
				t.Errorf("%s shows %s", strconv.Quote(shown), found)
			}
		}
	})
}

func abs(n int) int {
	if n < 0 {
		return -(n + 1)
	}
	return n
}

func BenchmarkMask(b *testing.B) {
	seed, err := secret.Open(b.TempDir(), nil)
	if err != nil {
		b.Fatal(err)
	}
	v, err := seed.Value(jwt, 256, secret.Base64)
	if err != nil {
		b.Fatal(err)
	}
	m := secret.NewMask(v)
	text := strings.Repeat("2026-11-27T15:00:00 GET /v2/pets 200 {\"message\": \"hello, world\"}\n", 1<<14)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		m.Text(text)
	}
}
