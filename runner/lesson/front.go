package lesson

import (
	"bytes"
	"regexp"
	"strings"

	"awslab/runner/lesson/yamltree"
)

var (
	ids   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`)
	names = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

func validID(id string) bool { return ids.MatchString(id) }

// frontMatter reads what stands between the first two lines of --- and gives
// the rest, with the line on which it begins.
func frontMatter(les *Lesson, found *issues) (body string, line int) {
	tree, body, line := frontTree(string(les.Source), found)
	if tree == nil {
		return body, line
	}
	fields := tree.Fields("front", "format", "id", "title", "minutes", "needs", "vars", "lookup", "secrets", "upstreams")
	if format := fields.Required("format", "1"); format != "" && format != "1" {
		fields.Wrong(fields.Get("format"), "lesson.format", "format", format)
	}
	les.ID = fields.Required("id", "my-lesson")
	if les.ID != "" && !validID(les.ID) {
		fields.Wrong(fields.Get("id"), "id.invalid", "id", les.ID)
	}
	les.Title = fields.Required("title", "What the reader will build")
	les.Minutes = fields.Int("minutes", 0, 1, 600)
	les.needs = fields.Texts("needs")
	for _, need := range les.needs {
		les.Needs = append(les.Needs, need.Text)
	}
	les.Vars = variables(fields, "vars", found.file)
	les.Lookups = variables(fields, "lookup", found.file)
	les.Secrets = readSecrets(fields, found.file)
	onceEach(les, fields)
	upstreams(les, fields, found)
	found.yaml(fields.Mistakes)
	return body, line
}

// frontTree reads the front matter of a lesson or of a translation.
func frontTree(source string, found *issues) (tree *yamltree.Node, body string, line int) {
	rest, ok := strings.CutPrefix(source, "---\n")
	if !ok {
		found.error(1, "front.missing")
		return nil, source, 1
	}
	head, body, ok := cutLine(rest)
	if !ok {
		found.error(1, "front.open")
		return nil, "", 1
	}
	line = 3 + strings.Count(head, "\n")
	tree, mistakes := yamltree.Parse([]byte(head), 2)
	found.yaml(mistakes)
	return tree, body, line
}

// cutLine splits at the first line that is ---.
func cutLine(text string) (before, after string, ok bool) {
	if after, ok = strings.CutPrefix(text, "---\n"); ok {
		return "", after, true
	}
	if before, after, ok = strings.Cut(text, "\n---\n"); ok {
		return before + "\n", after, true
	}
	if before, ok = strings.CutSuffix(text, "\n---"); ok {
		return before + "\n", "", true
	}
	return "", "", false
}

// variables reads vars or lookup.
func variables(fields *yamltree.Fields, key, file string) []Variable {
	n := fields.Get(key)
	if n == nil || n.Kind == yamltree.Null {
		return nil
	}
	if n.Kind != yamltree.Map {
		fields.Wrong(n, "yaml.kind", "key", key, "is", n.Kind.Key(), "want", yamltree.Map.Key())
		return nil
	}
	var list []Variable
	for _, m := range n.Members {
		switch {
		case !names.MatchString(m.Key):
			fields.Mistake(m.Line, m.Column, "variable.name", "name", m.Key)
		case m.Value.Kind == yamltree.List || m.Value.Kind == yamltree.Map || m.Value.Kind == yamltree.Null:
			fields.Wrong(m.Value, "yaml.kind", "key", m.Key, "is", m.Value.Kind.Key(), "want", yamltree.String.Key())
		default:
			list = append(list, Variable{Name: m.Key, Value: m.Value.Text, Pos: Position{File: file, Line: m.Line, Column: m.Column}})
		}
	}
	return list
}

// onceEach looks for names that stand under two of vars, lookup and secrets.
func onceEach(les *Lesson, fields *yamltree.Fields) {
	under := map[string]string{}
	name := func(v Variable, key string) {
		if one, twice := under[v.Name]; twice {
			fields.Mistake(v.Pos.Line, v.Pos.Column, "variable.twice", "name", v.Name, "one", one, "other", key)
			return
		}
		under[v.Name] = key
	}
	for _, v := range les.Vars {
		name(v, "vars")
	}
	for _, v := range les.Lookups {
		name(v, "lookup")
	}
	for _, s := range les.Secrets {
		name(Variable{Name: s.Name, Pos: s.Pos}, "secrets")
	}
}

// readCheck reads what every check has. Kinds and what they expect are read by
// package check.
func readCheck(data []byte, pos Position, found *issues) *Check {
	if found.translation {
		return readCheckWords(data, pos, found)
	}
	c := &Check{Node: bytes.Clone(data), Pos: pos}
	tree, mistakes := yamltree.Parse(data, pos.Line+1)
	found.yaml(mistakes)
	if tree == nil {
		return c
	}
	keys := []string{}
	for _, m := range tree.Members {
		keys = append(keys, m.Key)
	}
	fields := tree.Fields("check", keys...)
	c.ID, c.Title = fields.Required("id", "function-exists"), fields.Required("title", "The function exists")
	c.Within, c.Hint = fields.Text("within"), fields.Text("hint")
	if c.ID != "" && !validID(c.ID) {
		fields.Wrong(fields.Get("id"), "id.invalid", "id", c.ID)
	}
	for _, key := range keys {
		switch key {
		case "id", "title", "expect", "within", "hint", "with", "error":
			continue
		}
		if c.Kind == "" {
			c.Kind = key
		}
	}
	if c.Kind == "" && tree.Kind == yamltree.Map {
		fields.Wrong(tree, "check.no-kind")
	}
	found.yaml(fields.Mistakes)
	return c
}

// readCheckWords reads a check in a translation: its id and its texts.
func readCheckWords(data []byte, pos Position, found *issues) *Check {
	c := &Check{Pos: pos}
	tree, mistakes := yamltree.Parse(data, pos.Line+1)
	found.yaml(mistakes)
	if tree == nil {
		return c
	}
	fields := tree.Fields("check-words", "id", "title", "hint")
	c.ID, c.Title, c.Hint = fields.Required("id", "function-exists"), fields.Required("title", "…"), fields.Text("hint")
	found.yaml(fields.Mistakes)
	return c
}
