package check

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/jmespath-community/go-jmespath/pkg/api"

	"awslab/runner/awsmodel"
	"awslab/runner/lesson/yamltree"
)

// callCheck calls one read-only operation and looks at its answer, in the shape
// in which the AWS CLI prints it, or at its error. All pages of a listing are
// read.
//
// It finds call.not-found, call.near-miss, call.refused, call.value,
// call.absent; where an error is expected, call.still-there and
// call.other-error.
type callCheck struct {
	op     *awsmodel.Operation
	with   map[string]any
	error  string // the expected error's code, or ""
	expect []expectation
}

// expectation is one JMESPath and what it has to yield.
type expectation struct {
	text    string
	path    api.JMESPath
	matcher matcher
}

// readOnly are the beginnings of operations that change nothing; handsOut are
// those among them that give out keys.
var (
	readOnly = []string{"Get", "List", "Describe", "Filter", "Lookup", "BatchGet", "Simulate"}
	handsOut = []string{"GetSessionToken", "GetFederationToken", "GetWebIdentityToken", "GetDelegatedAccessToken"}
)

func compileCall(r *reader) looker {
	c := &callCheck{with: map[string]any{}}
	name := r.subject.Text
	op, ok := operation(name)
	if r.subject.Kind != yamltree.String || !ok {
		r.wrong(r.subject, "call.operation", append(suggestOperation(name), "operation", name)...)
		return nil
	}
	c.op = op
	if !slices.ContainsFunc(readOnly, func(prefix string) bool { return strings.HasPrefix(op.Name, prefix) }) || slices.Contains(handsOut, op.Name) {
		r.wrong(r.subject, "call.changes", "operation", name)
		return nil
	}
	r.callInput(c)
	if n, ok := r.root.Get("error"); ok {
		if c.error = n.Text; n.Kind != yamltree.String || c.error == "" {
			r.wrong(n, "call.error")
		}
	}
	n, ok := r.root.Get("expect")
	switch {
	case ok && c.error != "":
		r.wrong(n, "call.expect-and-error")
	case ok && n.Kind != yamltree.Map:
		r.wrong(n, "yaml.kind", "key", "expect", "is", n.Kind.Key(), "want", yamltree.Map.Key())
	case ok:
		for _, m := range n.Members {
			path, err := api.Compile(m.Key)
			if err != nil {
				r.mistakes = append(r.mistakes, yamltree.Mistake{Line: m.Line, Column: m.Column, Rule: "call.jmespath", Args: map[string]string{"cause": err.Error()}})
				continue
			}
			c.expect = append(c.expect, expectation{text: m.Key, path: path, matcher: r.matcher(m.Value)})
		}
	}
	return c
}

// callInput reads `with`, and tries it out as far as that goes without a
// network: the SDK itself says which members are lacking.
func (r *reader) callInput(c *callCheck) {
	n, ok := r.root.Get("with")
	at := r.subject
	if ok && n.Kind != yamltree.Null {
		at = n
		if n.Kind != yamltree.Map {
			r.wrong(n, "yaml.kind", "key", "with", "is", n.Kind.Key(), "want", yamltree.Map.Key())
			return
		}
		c.with, _ = n.Value().(map[string]any)
	}
	in := reflect.New(c.op.Input)
	if err := c.op.Service.FromTree(c.with, in.Elem()); err != nil {
		r.wrong(at, "call.member", "operation", c.op.Name, "cause", err.Error())
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel() // nothing leaves: only the validation before the request is wanted
	_, err := c.op.Call(ctx, aws.Config{Region: "us-east-1", Retryer: func() aws.Retryer { return aws.NopRetryer{} }}, in.Interface())
	if lacking := missingMembers.FindAllStringSubmatch(fmt.Sprint(err), -1); len(lacking) > 0 {
		var names []string
		for _, m := range lacking {
			names = append(names, m[1])
		}
		r.wrong(at, "call.member-missing", "operation", c.op.Name, "members", strings.Join(names, ", "), "example", names[0])
	}
}

// missingMembers reads smithy.InvalidParamsError.
var missingMembers = regexp.MustCompile(`missing required field, \w+Input\.([\w.\[\]]*\w)`)

func suggestOperation(name string) []string {
	service, op, _ := strings.Cut(name, ".")
	s, ok := awsmodel.ServiceByName(service)
	if !ok {
		var names []string
		for _, s := range awsmodel.Services() {
			names = append(names, s.Name)
		}
		return yamltree.Suggest(service, names)
	}
	var names []string
	for _, o := range s.Operations() {
		names = append(names, o.Name)
	}
	if near := yamltree.Nearest(op, names); near != "" {
		return []string{"near", service + "." + near}
	}
	return nil
}

func (c *callCheck) look(ctx context.Context, p *probe) verdict {
	tree, err := p.filled(ctx, c.with)
	if err != nil {
		return unexpanded(err)
	}
	input, _ := tree.(map[string]any)
	out, err := p.pages(ctx, c.op, input)
	subject := c.subject(input)
	if c.error != "" {
		return c.wantError(subject, err)
	}
	if err != nil {
		return c.wrongError(ctx, p, subject, input, err)
	}
	answer := floats(plainTree(c.op, out))
	var findings []Finding
	for _, e := range c.expect {
		f, v := e.judge(ctx, p, answer)
		if v != nil {
			return *v
		}
		if f != nil {
			f.Args["call"] = c.op.Name
			f.Args["of"] = subject
			findings = append(findings, *f)
		}
	}
	return failed(findings...)
}

// judge looks at one value of the answer.
func (e expectation) judge(ctx context.Context, p *probe, answer any) (*Finding, *verdict) {
	found, err := e.path.Search(answer)
	if err != nil { // such as length of null
		found = nil
	}
	value, err := decode(encode(found))
	if err != nil {
		v := broken(err)
		return nil, &v
	}
	wrong, err := e.matcher.match(ctx, p.World, value)
	if err != nil {
		v := unexpanded(err)
		return nil, &v
	}
	if wrong == nil {
		return nil, nil
	}
	f := &Finding{Code: callValue, Subject: e.text + wrong.path, Expected: wrong.expected, Found: wrong.found, Args: map[string]string{}}
	if value == nil {
		f.Code = callAbsent
	}
	return f, nil
}

// subject names what was asked for: "myFunc1"; "a1b2c3d4e5, $default"; or the
// operation, where nothing is named.
func (c *callCheck) subject(input map[string]any) string {
	var names []string
	for i := range c.op.Input.NumField() {
		field := c.op.Input.Field(i)
		if !field.IsExported() {
			continue
		}
		if text, ok := input[c.op.Service.CLIName(c.op.Input, field)].(string); ok {
			names = append(names, text)
		} else if text, ok := input[field.Name].(string); ok {
			names = append(names, text)
		}
	}
	if len(names) == 0 {
		return c.op.Service.Name + "." + c.op.Name
	}
	return strings.Join(names, ", ")
}

func (c *callCheck) wantError(subject string, err error) verdict {
	f := Finding{Code: callStillThere, Subject: subject, Expected: c.error, Args: map[string]string{"call": c.op.Name}}
	if err == nil {
		return failed(f)
	}
	code := apiCode(err)
	if code != "" && strings.TrimSuffix(code, "Exception") == strings.TrimSuffix(c.error, "Exception") {
		return verdict{}
	}
	if v, ok := undecidable(err); ok {
		return v
	}
	f.Code, f.Found = callOtherError, shorten(reason(err))
	return failed(f)
}

func (c *callCheck) wrongError(ctx context.Context, p *probe, subject string, input map[string]any, err error) verdict {
	if v, ok := undecidable(err); ok {
		return v
	}
	f := Finding{Code: callRefused, Subject: subject, Found: shorten(reason(err)), Args: map[string]string{"call": c.op.Name}}
	if !notFound(err) {
		return failed(f)
	}
	f.Code = callNotFound
	for key, value := range input {
		name, ok := value.(string)
		if !ok {
			continue
		}
		if near := p.near(ctx, c.op.Service.Name+"."+key, name); near != "" {
			f.Code, f.Subject, f.Expected, f.Found = callNearMiss, name, name, near
		}
	}
	return failed(f)
}
