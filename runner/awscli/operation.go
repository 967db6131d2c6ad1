package awscli

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"
)

// command is one operation as a command: its options and what they set.
type command struct {
	operation *awsmodel.Operation
	facts     *facts
	input     shape
	output    shape
	page      *page  // nil: answers are not paged
	stream    string // the member that goes to OUTFILE
	arguments []argument
}

// role is what an argument does, where it is not simply a member of the input.
type role int

const (
	roleMember role = iota
	rolePage        // --starting-token, --page-size, --max-items
	roleZip         // --zip-file, which goes into a structure
	roleCode        // the structure itself, in which ZipFile may not stand
	roleOutfile
	roleSecretFile // where an MFA device's secret goes, and which
	roleInput      // --cli-input-json, --cli-input-yaml
	roleSkeleton   // --generate-cli-skeleton
)

// argument is one option of an operation.
type argument struct {
	name     string // "function-name"
	member   string // "FunctionName"; for rolePage "MaxItems"
	shape    shape
	role     role
	required bool
	choices  []string
	hidden   bool      // not in the help: the pager's own members
	shadowed *argument // the member whose name a paging option took
}

func newCommand(operation *awsmodel.Operation, f *facts) *command {
	c := &command{
		operation: operation, facts: f,
		input:  newShape(operation.Service, f, operation.Input),
		output: newShape(operation.Service, f, operation.Output),
		stream: f.Streams[operation.Name],
	}
	for _, m := range c.input.members() {
		a := argument{name: awsmodel.OptionName(m.name), member: m.name, shape: m.shape, required: m.required && !m.token}
		if a.name == "version" && slices.Contains([]string{"CreateRestApi", "CreateApi", "UpdateApi"}, operation.Name) {
			a.name = "api-version" // --version is taken
		}
		c.arguments = append(c.arguments, a)
	}
	if operation.Service.Name == "lambda" {
		c.hoistZip()
	}
	text := newShape(operation.Service, f, reflect.TypeFor[string]())
	if operation.Name == "CreateVirtualMFADevice" {
		c.arguments = append(c.arguments,
			argument{name: "outfile", role: roleSecretFile, shape: text, required: true},
			argument{name: "bootstrap-method", role: roleSecretFile, shape: text, required: true, choices: mfaSecrets})
	}
	if c.stream != "" {
		c.arguments = append(c.arguments, argument{name: "outfile", role: roleOutfile, shape: text, required: true})
	} else {
		c.arguments = append(c.arguments, argument{name: "cli-input-json", role: roleInput, shape: text}, argument{name: "cli-input-yaml", role: roleInput, shape: text})
	}
	if p, ok := f.Pages[operation.Name]; ok {
		c.page = &p
		c.addPaging(text)
	}
	if c.stream == "" && operation.Name != "CreateVirtualMFADevice" {
		c.arguments = append(c.arguments, argument{name: "generate-cli-skeleton", role: roleSkeleton, shape: text})
	}
	return c
}

// hoistZip gives --zip-file to operations whose zip stands in a structure.
func (c *command) hoistZip() {
	member := map[string]string{"CreateFunction": "Code", "PublishLayerVersion": "Content"}[c.operation.Name]
	for i, a := range c.arguments {
		if a.member == member && member != "" {
			c.arguments[i].role, c.arguments[i].required = roleCode, false
			blob := newShape(c.operation.Service, c.facts, reflect.TypeFor[[]byte]())
			c.arguments = append(c.arguments, argument{name: "zip-file", member: member, role: roleZip, shape: blob})
			return
		}
	}
}

// addPaging puts the AWS CLI's own paging options over the operation's.
func (c *command) addPaging(text shape) {
	own := append(slices.Clone(c.page.Input), c.page.Limit)
	for i, a := range c.arguments {
		c.arguments[i].hidden = a.role == roleMember && slices.Contains(own, a.member)
	}
	number := newShape(c.operation.Service, c.facts, reflect.TypeFor[int64]())
	if m, ok := c.input.member(c.page.Limit); ok && m.shape.kind == kindString {
		number = text
	}
	c.put(argument{name: "starting-token", member: "StartingToken", role: rolePage, shape: text})
	if c.page.Limit != "" {
		c.put(argument{name: "page-size", member: "PageSize", role: rolePage, shape: number})
	}
	c.put(argument{name: "max-items", member: "MaxItems", role: rolePage, shape: number})
}

func (c *command) put(a argument) {
	for i, old := range c.arguments {
		if old.name == a.name {
			a.shadowed = &old
			c.arguments[i] = a
			return
		}
	}
	c.arguments = append(c.arguments, a)
}

// parser makes the options. Where the whole input comes as JSON nothing is
// required.
func (c *command) parser(args []string) *parser {
	i := slices.Index(args, "--generate-cli-skeleton")
	lenient := slices.Contains(args, "--cli-input-json") || slices.Contains(args, "--cli-input-yaml") ||
		i >= 0 && (i+1 == len(args) || args[i+1] != "output") // a skeleton of the output checks the input
	p := &parser{}
	for _, a := range c.arguments {
		o := &option{name: "--" + a.name, typ: a.shape.kind, required: a.required && !lenient, choices: a.choices}
		switch {
		case a.role == roleOutfile:
			o.name, o.positional = a.name, true
		case a.role == roleSkeleton:
			o.arity, o.bare, o.choices = optional, "input", []string{"input", "output", "yaml-input"}
		case a.shape.kind == kindList:
			o.arity = any0
		case a.shape.kind == kindBoolean:
			o.arity, o.dest, o.required = noValue, a.name, false
			p.options = append(p.options, o, &option{name: "--no-" + a.name, dest: a.name, arity: noValue, negative: true})
			continue
		}
		p.options = append(p.options, o)
	}
	p.options = append(p.options, &option{name: "help", positional: true, arity: optional})
	return p
}

// operation carries out "aws SERVICE OPERATION …".
func (r *run) operation(ctx context.Context, c *command, args []string) error {
	parsed, params, err := r.readInput(c, args)
	if err != nil || params == nil {
		return err
	}
	return r.perform(ctx, c, parsed, params)
}

// readInput turns arguments into the operation's parameters; nil without an
// error says that the command was a request for help, or for a skeleton.
func (r *run) readInput(c *command, args []string) (parsed, *awsmodel.Object, error) {
	if len(args) == 1 && args[0] == "help" {
		return parsed{}, nil, r.helpOperation(c)
	}
	p, err := c.parser(args).parse(args)
	if err != nil {
		return p, nil, err
	}
	if help, ok := p.text("help"); ok {
		if help == "help" {
			return p, nil, r.helpOperation(c)
		}
		p.extras = append(p.extras, help)
	}
	if len(p.extras) > 0 {
		return p, nil, unknownOptions(strings.Join(p.extras, ", "))
	}
	if err := r.checkPaging(c, p); err != nil {
		return p, nil, err
	}
	params, err := r.parameters(c, p)
	if err != nil {
		return p, nil, err
	}
	if kind, ok := p.text("generate-cli-skeleton"); ok {
		return p, nil, r.writeSkeleton(c, kind, params)
	}
	return p, params, nil
}

// parameters reads every option that was given, in the order of the API.
func (r *run) parameters(c *command, p parsed) (*awsmodel.Object, error) {
	params := &awsmodel.Object{}
	for _, a := range c.arguments {
		value, given := p.values[a.name]
		if !given {
			continue
		}
		if a.role == rolePage && a.shadowed != nil && !r.globals.paginate {
			a = *a.shadowed
		}
		if a.role != roleMember && a.role != roleZip && a.role != roleCode {
			continue
		}
		value, err := r.fromFile(a, value)
		if err != nil {
			return nil, err
		}
		if err := r.setParameter(params, a, value); err != nil {
			return nil, err
		}
	}
	return params, r.addInput(params, p)
}

func (r *run) setParameter(params *awsmodel.Object, a argument, value any) error {
	if a.role == roleZip {
		if !isZip(value) {
			return badParameter("%s", zipWanted)
		}
		structure, _ := params.Get(a.member)
		o, ok := structure.(*awsmodel.Object)
		if !ok {
			o = &awsmodel.Object{}
		}
		o.Set("ZipFile", value)
		params.Set(a.member, o)
		return nil
	}
	if a.name == "zip-file" && !isZip(value) {
		return badParameter("%s", zipWanted)
	}
	unpacked, err := unpack(a, value)
	if err != nil {
		return err
	}
	if o, ok := unpacked.(*awsmodel.Object); ok && a.role == roleCode {
		if _, has := o.Get("ZipFile"); has {
			return badParameter("ZipFile cannot be provided as part of the --%s argument.  Please use the '--zip-file' option instead to specify a zip file.", a.name)
		}
	}
	params.Set(a.member, unpacked)
	return nil
}

// number is a paging option's value.
func (p parsed) number(key string) (int, bool) {
	text, ok := p.text(key)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	return n, err == nil
}
