package text_test

import (
	"errors"
	"testing"
	"unicode/utf8"

	"awslab/runner/lesson/yamltree"
	"awslab/runner/text"
)

// attacks are sequences that do something to a terminal, with what may be left
// of each.
var attacks = map[string]string{
	"\x1b]0;title\x07text":                           "text",
	"\x1b]2;title\x1b\\text":                         "text",
	"\x1b]8;;https://evil.example\x07link\x1b]8;;\a": "link",
	"\x1b]52;c;cm0gLXJmIC8=\x07x":                    "x",
	"\x1bP+q544e\x1b\\x":                             "x",
	"\x1b_Gf=100;AAAA\x1b\\x":                        "x",
	"\x1b[?2004hx\x1b[200~rm -rf /\n\x1b[201~":       "xrm -rf /\n",
	"\x1b[2J\x1b[Hx\x1bc":                            "x",
	"\x1b[31mred\x1b[0m":                             "red",
	"\u009b31mx\u009d0;title\u009c":                  "\uFFFD31mx\uFFFD0;title\uFFFD",
	"bell\x07 back\x08\x7f":                          "bell\uFFFD back\uFFFD\uFFFD",
	"\u202eabc\u202c \u2066x\u2069":                  "\uFFFDabc\uFFFD \uFFFDx\uFFFD",
	"half \xed\x95":                                  "half \uFFFD",
	"a\rb\r\nc":                                      "a\nb\nc",
	"plain\n한글\t✓":                                   "plain\n한글\t✓",
}

func TestHarmless(t *testing.T) {
	t.Parallel()
	for in, want := range attacks {
		if got := text.Harmless(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

// Raw eight-bit controls are no UTF-8, and so no controls either.
func TestHarmlessEightBit(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"\x9b31mx", "\x9d0;t\x07x", "\x90x\x9c"} {
		for _, r := range text.Harmless(in) {
			if yamltree.Control(r) {
				t.Errorf("%q leaves %q", in, r)
			}
		}
	}
}

// What a sentence names is foreign too; the sentence itself is ours.
func TestSentencesNameHarmlessThings(t *testing.T) {
	t.Parallel()
	for in, want := range attacks {
		if got := (text.Args{"name": in}).Fill("[{name}]"); got != "["+want+"]" {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
		p := &text.Problem{Says: func(*text.Problems) text.Sentence { return text.Sentence{What: "it says {cause}"} }, Err: errors.New(in)}
		if got, _ := text.English().Problem(p); got != "it says "+want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
	}
}

func FuzzHarmless(f *testing.F) {
	for in := range attacks {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := text.Harmless(in)
		for _, r := range got {
			if yamltree.Control(r) || r == '\r' {
				t.Fatalf("%q leaves %q", in, r)
			}
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%q gives the invalid %q", in, got)
		}
		if again := text.Harmless(got); again != got {
			t.Fatalf("%q gives %q, and that %q", in, got, again)
		}
	})
}
