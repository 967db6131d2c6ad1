package lesson

import (
	"fmt"
	"slices"
	"strings"

	"awslab/runner/lesson/yamltree"
	"awslab/runner/secret"
)

// Secret is one `secrets` entry of the front matter: a variable whose value is
// random, each student's own, and never shown.
type Secret struct {
	Name     string
	Bytes    int
	Encoding secret.Encoding
	Pos      Position
}

// String is how the secret is made.
func (s Secret) String() string {
	return fmt.Sprintf("%s: %d bytes as %s", s.Name, s.Bytes, s.Encoding)
}

// readSecrets reads the secrets; what is not said of one takes its default.
func readSecrets(front *yamltree.Fields, file string) []Secret {
	n := front.Get("secrets")
	if n == nil || n.Kind == yamltree.Null {
		return nil
	}
	if n.Kind != yamltree.Map {
		front.Wrong(n, "yaml.kind", "key", "secrets", "is", n.Kind.Key(), "want", yamltree.Map.Key())
		return nil
	}
	var list []Secret
	for _, m := range n.Members {
		switch {
		case !names.MatchString(m.Key):
			front.Mistake(m.Line, m.Column, "variable.name", "name", m.Key)
			continue
		case slices.Contains(given, m.Key):
			front.Mistake(m.Line, m.Column, "secret.given", "name", m.Key)
			continue
		}
		fields := m.Value.Fields("secret", "bytes", "encoding")
		s := Secret{
			Name: m.Key, Bytes: fields.Int("bytes", secret.DefaultBytes, secret.MinBytes, secret.MaxBytes), Encoding: secret.Base64,
			Pos: Position{File: file, Line: m.Line, Column: m.Column},
		}
		if encoding := fields.Text("encoding"); encoding != "" {
			if s.Encoding = secret.Encoding(encoding); !slices.Contains(secret.Encodings(), encoding) {
				fields.Wrong(fields.Get("encoding"), "secret.encoding", "encoding", encoding)
			}
		}
		front.Mistakes = append(front.Mistakes, fields.Mistakes...)
		list = append(list, s)
	}
	return list
}

// lintSecrets marks the secrets that a text names: they reach programs by the
// environment, so that a program names one without a dollar sign.
func (v *variableLint) lintSecrets(les *Lesson, source string) {
	for _, s := range les.Secrets {
		if !v.used[s.Name] && slices.Contains(strings.FieldsFunc(source, func(r rune) bool { return !names.MatchString("_" + string(r)) }), s.Name) {
			v.used[s.Name] = true
		}
	}
}
