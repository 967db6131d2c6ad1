package lesson

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"

	"awslab/runner/lesson/yamltree"
)

// given are names that have a value in every lesson's shell.
var given = []string{
	"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "HOME", "PWD", "OLDPWD", "PATH", "TMPDIR", "IFS", "UID", "EUID", "GID", "USER",
	"RANDOM", "SECONDS", "LINENO", "EPOCHSECONDS", "BASHPID", "PPID", "OPTARG", "OPTIND", "REPLY", "PIPESTATUS", "BASH_VERSION", "HOSTNAME",
}

// named are names with a dollar sign that AWS itself uses in checks.
var named = []string{"LATEST"}

// script is what a piece of shell text does with variables.
type script struct {
	uses     map[string]int // name → line in the text, of uses that need a value
	optional map[string]bool
	assigns  map[string]bool
}

// readScript parses shell text; a mistake in it is given with its line.
func readScript(text string) (script, int, error) {
	s := script{uses: map[string]int{}, optional: map[string]bool{}, assigns: map[string]bool{}}
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(strings.NewReader(text), "")
	if err != nil {
		var parse syntax.ParseError
		if errors.As(err, &parse) {
			return s, int(parse.Pos.Line()), errors.New(parse.Text)
		}
		var lang syntax.LangError
		if errors.As(err, &lang) {
			return s, int(lang.Pos.Line()), err
		}
		return s, 1, err
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		switch n := node.(type) {
		case *syntax.Assign:
			if n.Name != nil {
				s.assigns[n.Name.Value] = true
			}
		case *syntax.WordIter:
			s.assigns[n.Name.Value] = true
		case *syntax.CallExpr:
			s.read(n)
		case *syntax.ParamExp:
			s.expansion(n)
		}
		return true
	})
	return s, 0, nil
}

// read notes the names that `read` and `printf -v` give a value.
func (s *script) read(call *syntax.CallExpr) {
	if len(call.Args) < 2 {
		return
	}
	switch call.Args[0].Lit() {
	case "read", "mapfile", "readarray", "printf", "getopts":
		for _, arg := range call.Args[1:] {
			if name := arg.Lit(); names.MatchString(name) {
				s.assigns[name] = true
			}
		}
	}
}

func (s *script) expansion(p *syntax.ParamExp) {
	if p.Param == nil || !names.MatchString(p.Param.Value) {
		return
	}
	name := p.Param.Value
	if p.Exp != nil {
		switch p.Exp.Op {
		case syntax.AssignUnset, syntax.AssignUnsetOrNull:
			s.assigns[name] = true
			return
		case syntax.DefaultUnset, syntax.DefaultUnsetOrNull, syntax.AlternateUnset, syntax.AlternateUnsetOrNull:
			s.optional[name] = true
			return
		}
	}
	if _, ok := s.uses[name]; !ok {
		s.uses[name] = int(p.Pos().Line())
	}
}

var reference = regexp.MustCompile(`\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))`)

// lintVariables looks for variables that nothing defines and for those that
// nothing uses, and for lookups that wait for each other.
func lintVariables(les *Lesson, found *issues) {
	v := &variableLint{found: found, defined: map[string]bool{}, used: map[string]bool{}, sees: map[string][]string{}}
	for _, name := range given {
		v.defined[name] = true
	}
	for _, list := range [][]Variable{les.Vars, les.Lookups} {
		for _, one := range list {
			v.defined[one.Name] = true
		}
	}
	for _, one := range les.Secrets {
		v.defined[one.Name] = true
	}
	for _, one := range les.Lookups {
		v.lookup(one)
	}
	walk(les.Opening, func(b Block) { v.block(les, b) })
	for _, step := range les.Steps {
		walk(step.Blocks, func(b Block) { v.block(les, b) })
	}
	for _, list := range [][]Variable{les.Vars, les.Lookups} {
		for _, one := range list {
			if !v.used[one.Name] {
				found.warn(one.Pos.Line, "variable.unused", "name", one.Name)
			}
		}
	}
	for _, one := range les.Secrets {
		if !v.used[one.Name] {
			found.warn(one.Pos.Line, "variable.unused", "name", one.Name)
		}
	}
	v.circles(les)
}

type variableLint struct {
	found   *issues
	defined map[string]bool
	used    map[string]bool
	sees    map[string][]string // lookup → names in its command
}

func (v *variableLint) lookup(one Variable) {
	s, _, err := readScript(one.Value)
	if err != nil {
		v.found.error(one.Pos.Line, "shell.lookup", "name", one.Name, "cause", err.Error())
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s.uses)) {
		v.sees[one.Name] = append(v.sees[one.Name], name)
		v.use(name, one.Pos.Line, s.assigns)
	}
	for name := range s.optional {
		v.used[name] = true
	}
}

// block looks at one block; what its shell text assigns, later blocks know.
func (v *variableLint) block(les *Lesson, b Block) {
	switch b := b.(type) {
	case CheckBlock:
		v.check(b.Check)
	case Fence:
		v.lintSecrets(les, b.Text)
		s, line, err := readScript(b.Text)
		switch b.Kind {
		case Action, Cleanup, Solution:
			if err != nil {
				v.found.error(b.Pos.Line+line, "shell.syntax", "cause", err.Error())
				return
			}
			for _, name := range slices.SortedFunc(maps.Keys(s.uses), strings.Compare) {
				v.use(name, b.Pos.Line+s.uses[name], s.assigns)
			}
			for name := range s.optional {
				v.used[name] = true
			}
			for name := range s.assigns {
				v.defined[name] = true
			}
		case Shown, File:
			if err == nil && (b.Lang == "sh" || b.Lang == "bash") {
				for name := range s.uses {
					v.used[name] = true
				}
			}
		}
	}
}

func (v *variableLint) use(name string, line int, here map[string]bool) {
	v.used[name] = true
	if v.defined[name] || here[name] {
		return
	}
	v.found.error(line, "variable.undefined", v.suggest(name)...)
	v.defined[name] = true // said once
}

// suggest gives the name, and the defined one that is near it.
func (v *variableLint) suggest(name string) []string {
	if near := yamltree.Nearest(name, slices.Sorted(maps.Keys(v.defined))); near != "" {
		return []string{"name", name, "near", near}
	}
	return []string{"name", name}
}

// check looks for $NAME in a check's texts. Names in small letters that nothing
// defines are AWS's own ($default, $context), and stay as they are.
func (v *variableLint) check(c *Check) {
	for i, line := range strings.Split(string(c.Node), "\n") {
		for _, m := range reference.FindAllStringSubmatch(line, -1) {
			name := m[1] + m[2]
			v.used[name] = true
			if v.defined[name] || slices.Contains(named, name) || name != strings.ToUpper(name) {
				continue
			}
			v.found.error(c.Pos.Line+1+i, "variable.undefined", v.suggest(name)...)
		}
	}
}

// circles looks for lookups that wait for each other.
func (v *variableLint) circles(les *Lesson) {
	lines, done := map[string]int{}, map[string]bool{}
	for _, one := range les.Lookups {
		lines[one.Name] = one.Pos.Line
	}
	var path []string
	var visit func(name string)
	visit = func(name string) {
		if i := slices.Index(path, name); i >= 0 {
			v.found.error(lines[name], "lookup.circle", "circle", strings.Join(append(slices.Clone(path[i:]), name), " → "))
			return
		}
		if done[name] {
			return
		}
		path = append(path, name)
		for _, next := range v.sees[name] {
			visit(next)
		}
		path = path[:len(path)-1]
		done[name] = true
	}
	for _, one := range les.Lookups {
		visit(one.Name)
	}
}
