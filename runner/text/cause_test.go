package text_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
	jmespath "github.com/jmespath-community/go-jmespath"
	"mvdan.cc/sh/v3/syntax"

	"awslab/runner/text"
)

// prose is an English sentence in what should be Korean: three words of Latin
// small letters in a row, outside quotations and code.
var (
	prose  = regexp.MustCompile(`(?:\b[A-Za-z][a-z']+[ ,]+){2,}[a-z']+\b`)
	quoted = regexp.MustCompile("`[^`]*`|“[^”]*”|\"[^\"]*\"|'[^']*'")
)

func isKorean(t *testing.T, about, said string) {
	t.Helper()
	if found := prose.FindString(quoted.ReplaceAllString(said, "")); found != "" || strings.Contains(said, "{") && !strings.Contains(about, "{") {
		t.Errorf("%q: %s (%s)", about, said, found)
	}
}

// What people get wrong most in bash, YAML, JMESPath and regular expressions has
// a sentence in Korean: the libraries themselves say each mistake here, so that
// one that words it anew is noticed.
func TestCommonMistakesHaveSentences(t *testing.T) {
	t.Parallel()
	bash := func(s string) error {
		_, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(s), "")
		return err
	}
	readYAML := func(s string) error {
		_, err := parser.ParseBytes([]byte(s), 0)
		if y, ok := err.(yaml.Error); ok { //nolint:errorlint // the parser's own errors are never wrapped
			return errors.New(y.GetMessage())
		}
		return err
	}
	query := func(s string) error { _, err := jmespath.Compile(s); return err }
	expression := func(s string) error { _, err := regexp.Compile(s); return err }
	for _, c := range []struct {
		read func(string) error
		in   []string
	}{
		{bash, []string{
			"echo 'a", "echo \"a", "echo `a", "echo $(a", "cat <<EOF\na", "if true; then x", "for x in a; do", "if x; fi", "a &&", "a |", "| b",
			"fi", "done", ")", "}", "a (", "foo()", "${a", "[[ a", "a ;; b", "case x in", "while true", "$((1+))", "((", "x=(", "[[ -q a ]]",
		}},
		{readYAML, []string{
			"a: b: c", "a: [1", "a: {b: 1", "a: 'x", "a: \"x", "a: @b", "a: `b", "a:\n\tb: 1", "a: 1\nb", "- a\nb: 1", "a: 1\n  b: 2", "a: ]",
			"a:\n  b: 1\n c: 2", "a: b\n- c", "a: |\n x\n\ty",
		}},
		{query, []string{"a[", "a.", "a[?", "a[?b=='x'", "a[]]", "a |", "'a", "\"a", "`a", "a ~ b", "foo(", "a==", "a b", "a[1:2:3:4]", ""}},
		{expression, []string{"(", "a)", "[a", "*", "a**", `\z\q`, "a{2,1}", "(?P<n", "[b-a]", "(?z)"}},
	} {
		for _, in := range c.in {
			err := c.read(in)
			if err == nil {
				t.Errorf("%q is no mistake", in)
				continue
			}
			for _, said := range []*text.Text{text.English(), text.Korean()} {
				got := said.Foreign(err.Error())
				if got == err.Error() || strings.Contains(got, err.Error()) {
					t.Errorf("%s: %q has no sentence: %s", said.Language, in, err)
				}
				if said.Language == "ko" {
					isKorean(t, in, got)
				}
			}
		}
	}
}

// Failures of the machine are said by their kind, and foreign words quoted.
func TestWhySaysFailuresOfTheMachine(t *testing.T) {
	t.Parallel()
	_, missing := os.Open(filepath.Join(t.TempDir(), "none"))
	garbage := json.Unmarshal([]byte("{x"), &struct{}{})
	for _, c := range []struct {
		err  error
		want string
	}{
		{missing, "none: 그런 파일이나 폴더가 없습니다"},
		{&fs.PathError{Op: "open", Path: "/x", Err: syscall.EACCES}, "/x: 권한이 없습니다"},
		{fmt.Errorf("listen: %w", &net.OpError{Op: "listen", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}), "이미 쓰고 있는 포트입니다"},
		{&net.DNSError{Err: "no such host", Name: "a.test", IsNotFound: true}, "그런 호스트가 없습니다: a.test"},
		{garbage, "JSON이 아닙니다"},
		{errors.New("boom"), "“boom”"},
		{&text.Cause{Says: func(c *text.Causes) string { return c.NoAddress }, Args: text.Args{"file": "{cause}"}, Err: syscall.ENOSPC}, "{cause} 파일에 주소가 없습니다: 디스크에 남은 공간이 없습니다"},
	} {
		if got := text.Korean().Why(c.err); !strings.HasSuffix(got, c.want) {
			t.Errorf("%v: %s, wanted %s", c.err, got, c.want)
		}
	}
}
