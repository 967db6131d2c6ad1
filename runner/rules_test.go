package runner_test

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"awslab/runner/check"
	"awslab/runner/lesson"
	"awslab/runner/text"
)

// ruleName is how a rule is called: its area, and what is wrong.
var ruleName = regexp.MustCompile(`^[a-z]+\.[a-z]+(-[a-z0-9]+)*$`)

// Every rule that the code names has its sentences. A rule that has sentences
// alone breaks TestEveryRuleBites.
func TestEveryRuleInTheCodeIsSaid(t *testing.T) {
	t.Parallel()
	rules, found := text.English().Lint.Rules, map[string]bool{}
	for _, pattern := range []string{"lint.go", "lesson/*.go", "lesson/yamltree/*.go", "check/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s: %v, %v", pattern, names, err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			for _, rule := range ruleNames(t, name) {
				if rules[rule].What == "" && slices.Contains(check.Codes(), rule) {
					continue
				}
				if rules[rule].What == "" {
					t.Errorf("%s: nothing is said of the rule %s", name, rule)
				}
				found[rule] = true
			}
		}
	}
	for rule := range rules {
		if !found[rule] {
			t.Errorf("the code does not name the rule %s: has the way of naming them changed?", rule)
		}
	}
}

// ruleNames are the names of rules among the arguments of calls and the values
// of fields called Rule in a file. Codes of findings and names of files look
// alike, and are left out.
func ruleNames(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	take := func(e ast.Expr) {
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return
		}
		name, err := strconv.Unquote(literal.Value)
		if err == nil && ruleName.MatchString(name) && path.Ext(name) != ".md" && path.Ext(name) != ".yaml" {
			names = append(names, name)
		}
	}
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, arg := range n.Args {
				take(arg)
			}
		case *ast.KeyValueExpr:
			if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Rule" {
				take(n.Value)
			}
		}
		return true
	})
	return names
}

var update = flag.Bool("update", false, "write the table of rules and what is said of them anew")

// The author's guide has the rules, as the program has them.
func TestTheGuideHasTheRules(t *testing.T) {
	t.Parallel()
	name := filepath.Join("..", "lessons", "README.md")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- rules -->\n", "<!-- /rules -->\n"
	before, rest, ok := strings.Cut(string(data), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the guide has no place for the rules")
	}
	sameAs(t, name, before+begin+rules()+end+after)
}

// sameAs holds a text against a file, or writes it there with -update.
func sameAs(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is out of date: go test ./runner -run %s -update\n%s", name, t.Name(), diff)
	}
}

func rules() string {
	english := text.English()
	var b strings.Builder
	b.WriteString("\n| rule | | what is wrong | what to try |\n| --- | --- | --- | --- |\n")
	for _, rule := range slices.Sorted(maps.Keys(english.Lint.Rules)) {
		severity := "error"
		for _, issue := range lintAll(folder(provocations[rule])) {
			if issue.Rule == rule && issue.Severity == lesson.Warning {
				severity = "warning"
			}
		}
		s := english.Lint.Rules[rule]
		hint := strings.NewReplacer("{suggestion}", "the nearest name, or all there are").Replace(s.Hint)
		if before, rest, ok := strings.Cut(hint, "{suggestion:"); ok {
			hint = before + strings.Replace(rest, "}", "", 1)
		}
		row := strings.NewReplacer("|", `\|`, "<", "&lt;", "\n", " ")
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", rule, severity, row.Replace(s.What), row.Replace(hint))
	}
	return b.String() + "\n"
}
