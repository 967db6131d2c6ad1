// Package vtl runs templates in the Velocity Template Language as API Gateway has
// it: Apache Velocity 1.7, with these differences, which LocalStack recorded on
// AWS (localstack/airspeed, tests/test_templating.snapshot.json):
//
//   - A reference without a value is the empty string, not its own text. So it is
//     true in a condition, and a missing member equals "".
//   - #macro defines nothing: what looks like a call is text. So are #evaluate and
//     #return; #parse and #include, of which no record was found, are taken to be
//     text as well.
//
// Start at [Parse] and [Template.Execute]. scan.go, parse.go, directive.go and
// expression.go read a template; node.go has what they make; run.go and
// evaluate.go carry it out over the values of value.go and number.go, which behave
// as Java's do; strings.go, collections.go and regexp.go are Java's methods.
//
// Where behaviour was in doubt, Velocity 1.7 itself was asked; the tests have the
// answers. Not emulated, with an error that says so: look-around and back
// references in regular expressions, and rare methods of Java's classes.
package vtl

import (
	"context"
	"fmt"
	"strings"
)

// MaxTemplate is the size of a template in bytes (guide, "Quotas for creating,
// deploying and managing an API": mapping template size 300 KB).
const MaxTemplate = 300 << 10

// Limits bound one execution. A field of zero takes the default.
type Limits struct {
	Steps  int // nodes and elements that are looked at; 1,000,000
	Memory int // bytes of all that is made on the way; 64 MiB
	Output int // bytes; 10 MB, the largest payload (guide, quotas)
	Loops  int // of one #foreach, which then ends without a word; 1,000 (guide, quotas)
}

func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		field *int
		value int
	}{{&l.Steps, 1_000_000}, {&l.Memory, 64 << 20}, {&l.Output, 10_000_000}, {&l.Loops, 1000}} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return l
}

// maxDepth bounds nesting: of directives, of values, of parentheses.
const maxDepth = 100

// Template is a parsed template. It is safe for concurrent use.
type Template struct {
	nodes []node
}

// ParseError is a template that does not parse.
type ParseError struct {
	Line, Column int
	Reason       string
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("template line %d, column %d: %s", e.Line, e.Column, e.Reason)
}

// RunError is a template that failed while it ran.
type RunError struct {
	Reason string
}

func (e *RunError) Error() string { return "template: " + e.Reason }

// LimitError is a template that is larger, deeper or longer than it may be.
type LimitError struct {
	What  string // size, depth, steps, memory, output
	Limit int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("template exceeds the limit of %s: %d", e.What, e.Limit)
}

// Parse reads a template. Its errors are [*ParseError] and [*LimitError].
func Parse(text string) (*Template, error) {
	if len(text) > MaxTemplate {
		return nil, &LimitError{"size", MaxTemplate}
	}
	if !strings.ContainsAny(text, `$#`) {
		return &Template{nodes: literal(text)}, nil
	}
	p := &parser{src: text}
	nodes, err := p.template()
	if err != nil {
		return nil, err
	}
	return &Template{nodes}, nil
}

// Literal gives the text of a template that has nothing to work out.
func (t *Template) Literal() (string, bool) {
	switch len(t.nodes) {
	case 0:
		return "", true
	case 1:
		text, ok := t.nodes[0].(text)
		return string(text), ok
	}
	return "", false
}

// Execute carries a template out over variables, which #set changes. Its errors
// are [*RunError], [*LimitError] and that of ctx; what was written until then
// comes with them.
func (t *Template) Execute(ctx context.Context, variables map[string]any, limits Limits) (string, error) {
	if text, ok := t.Literal(); ok {
		return text, nil
	}
	r := newRun(ctx, variables, limits)
	_, err := r.block(t.nodes)
	return string(r.out), err
}
