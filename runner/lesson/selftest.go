package lesson

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"awslab/runner/lesson/yamltree"
)

// SelftestFile is the file that proves a lesson's checks.
const SelftestFile = "selftest.yaml"

// Selftest is what selftest.yaml holds: wrong answers that the checks must
// catch, and other right ones that they must accept.
type Selftest struct {
	Mutants      []Mutant
	Alternatives []Alternative
}

// Mutant is a wrong answer: after the lesson is solved up to and including step
// After, Run makes something wrong; then the check Fails fails, it alone of its
// step, with a finding of this Code.
type Mutant struct {
	Name, After, Run, Fails, Code string
	Pos, CodePos                  Position
}

// Alternative is another right answer: Run instead of the actions of step
// Replace.
type Alternative struct {
	Name, Replace, Run string
	Pos                Position
}

// selftest reads selftest.yaml, if the lesson has one.
func selftest(les *Lesson, file string, found *issues) {
	if _, err := fs.Stat(les.Files, SelftestFile); errors.Is(err, fs.ErrNotExist) {
		return
	}
	in := &issues{file: file}
	defer func() { found.list = append(found.list, in.list...) }()
	data, ok := read(les.Files, SelftestFile, yamltree.MaxSize, in)
	if !ok {
		return
	}
	tree, mistakes := yamltree.Parse(data, 1)
	in.yaml(mistakes)
	if tree == nil {
		return
	}
	r := selftestReader{les: les, found: in, names: map[string]int{}}
	fields := tree.Fields("selftest", "mutants", "alternatives")
	les.Selftest = &Selftest{}
	for _, n := range r.list(fields, "mutants") {
		les.Selftest.Mutants = append(les.Selftest.Mutants, r.mutant(n))
	}
	for _, n := range r.list(fields, "alternatives") {
		les.Selftest.Alternatives = append(les.Selftest.Alternatives, r.alternative(n))
	}
	in.yaml(fields.Mistakes)
}

type selftestReader struct {
	les   *Lesson
	found *issues
	names map[string]int // of cases, and their lines
}

func (r *selftestReader) list(fields *yamltree.Fields, key string) []*yamltree.Node {
	n := fields.Get(key)
	if n == nil || n.Kind == yamltree.Null {
		return nil
	}
	if n.Kind != yamltree.List {
		fields.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", yamltree.List.Key())
		return nil
	}
	return n.Items
}

func (r *selftestReader) at(n *yamltree.Node) Position {
	return Position{File: r.found.file, Line: n.Line, Column: n.Column}
}

func (r *selftestReader) mutant(n *yamltree.Node) Mutant {
	f := n.Fields("mutant", "name", "after", "run", "fails", "code")
	m := Mutant{
		Name: r.name(f), After: r.step(f, "after"), Run: r.run(f),
		Fails: f.Required("fails", "the-check"), Code: f.Required("code", "call.value"), Pos: r.at(n),
	}
	if at := f.Get("code"); at != nil {
		m.CodePos = r.at(at)
	}
	r.check(f, m)
	r.found.yaml(f.Mistakes)
	return m
}

func (r *selftestReader) alternative(n *yamltree.Node) Alternative {
	f := n.Fields("alternative", "name", "replace", "run")
	a := Alternative{Name: r.name(f), Replace: r.step(f, "replace"), Run: r.run(f), Pos: r.at(n)}
	r.found.yaml(f.Mistakes)
	return a
}

func (r *selftestReader) name(f *yamltree.Fields) string {
	name := f.Required("name", "the path is spelt with a capital")
	if line, twice := r.names[name]; twice && name != "" {
		f.Wrong(f.Get("name"), "selftest.name-twice", "line", fmt.Sprint(line))
	}
	r.names[name] = f.Node.Line
	return name
}

func (r *selftestReader) step(f *yamltree.Fields, key string) string {
	id := f.Required(key, "some-step")
	if id == "" {
		return ""
	}
	var known []string
	for _, step := range r.les.Steps {
		known = append(known, step.ID)
	}
	if !slices.Contains(known, id) {
		f.Wrong(f.Get(key), "selftest.step", append(yamltree.Suggest(id, known), "step", id)...)
		return ""
	}
	return id
}

func (r *selftestReader) run(f *yamltree.Fields) string {
	text := f.Required("run", "aws …")
	if _, line, err := readScript(text); err != nil {
		at := *f.Get("run")
		at.Line += line
		f.Wrong(&at, "shell.syntax", "cause", err.Error())
	}
	return text
}

// check looks whether the check of a mutant is one that has been reached.
func (r *selftestReader) check(f *yamltree.Fields, m Mutant) {
	if m.Fails == "" || m.After == "" {
		return
	}
	var known []string
	for _, step := range r.les.Steps {
		for _, c := range step.Checks() {
			if c.ID == m.Fails && c.Quiz != nil {
				f.Wrong(f.Get("fails"), "selftest.quiz", "quiz", m.Fails)
				return
			}
			if c.ID == m.Fails {
				return
			}
			if c.Quiz == nil {
				known = append(known, c.ID)
			}
		}
		if step.ID == m.After {
			break
		}
	}
	f.Wrong(f.Get("fails"), "selftest.check", append(yamltree.Suggest(m.Fails, known), "check", m.Fails, "step", m.After)...)
}
