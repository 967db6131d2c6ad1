package awscli

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"awslab/runner/awsmodel"
	"awslab/runner/text"
)

// helpTop answers "aws help".
func (r *run) helpTop(commands []string) error {
	t := r.cfg.Text
	var b strings.Builder
	b.WriteString("usage: aws [options] <command> <subcommand> [parameters]\n\n" + t.About + "\n\n" + t.Commands + ":\n")
	for _, c := range commands {
		what := ""
		if s, ok := awsmodel.ServiceByName(c); ok {
			what = text.Args{"service": s.ID, "count": strconv.Itoa(len(s.Operations()))}.Fill(t.Service)
		}
		fmt.Fprintf(&b, "  %s\n", strings.TrimRight(fmt.Sprintf("%-14s %s", c, what), " "))
	}
	b.WriteString("\n" + t.CommonOptions + ":\n")
	for _, o := range globalOptions() {
		b.WriteString("  " + synopsis(o) + "\n")
	}
	b.WriteString("\n" + t.More + ": aws <command> help, aws <command> <subcommand> help\n")
	return r.write(b.String())
}

func synopsis(o *option) string {
	switch {
	case o.arity == noValue:
		return o.name
	case o.choices != nil:
		choices := slices.DeleteFunc(slices.Clone(o.choices), func(c string) bool { return strings.HasPrefix(c, "yaml") })
		return o.name + " " + strings.Join(choices, "|")
	}
	return o.name + " <value>"
}

// helpService answers "aws SERVICE help".
func (r *run) helpService(service *awsmodel.Service, names []string) error {
	t := r.cfg.Text
	var b strings.Builder
	fmt.Fprintf(&b, "usage: aws %s <subcommand> [parameters]\n\n%s\n\n%s:\n", service.Name, text.Args{"service": service.ID, "version": service.Version}.Fill(t.Version), t.Subcommands)
	for _, name := range names {
		fmt.Fprintf(&b, "  %s\n", name)
	}
	fmt.Fprintf(&b, "\n%s: aws %s <subcommand> help\n", t.More, service.Name)
	return r.write(b.String())
}

// helpOperation answers "aws SERVICE OPERATION help".
func (r *run) helpOperation(c *command) error {
	t := r.cfg.Text
	var b strings.Builder
	fmt.Fprintf(&b, "usage: aws %s %s", c.operation.Service.Name, c.operation.CLIName)
	for _, a := range c.arguments {
		switch {
		case a.role == roleOutfile:
			b.WriteString(" <outfile>")
		case a.required:
			fmt.Fprintf(&b, " --%s <value>", a.name)
		}
	}
	b.WriteString(" [options]\n\n" + t.Options + ":\n")
	for _, a := range c.arguments {
		if a.hidden {
			continue
		}
		name, kind := "--"+a.name, r.describe(a)
		switch {
		case a.role == roleOutfile:
			name, kind = a.name, t.OutFile
		case a.shape.kind == kindBoolean && a.role == roleMember:
			name += " | --no-" + a.name
		}
		if a.required {
			kind += ", " + t.Required
		}
		fmt.Fprintf(&b, "  %-34s %s\n", name, kind)
	}
	b.WriteString("\n" + t.Answer + ":\n")
	members := 0
	for _, m := range c.output.members() {
		if m.name == c.stream {
			continue
		}
		members++
		fmt.Fprintf(&b, "  %-34s %s\n", m.name, m.shape.kind)
	}
	if members == 0 {
		b.WriteString("  " + t.Nothing + "\n")
	}
	return r.write(b.String())
}

// describe is an option's type, with an example where shorthand does.
func (r *run) describe(a argument) string {
	about := string(a.shape.kind)
	if a.shape.kind == kindBlob {
		about = r.cfg.Text.Blob
	}
	if supportsShorthand(a.shape) {
		about += ": " + example(a.shape, 0)
	}
	if enum := enumValues(a.shape.typ); len(enum) > 0 {
		about += ": " + strings.Join(enum, " | ")
	}
	return about
}

// example shows the shorthand of a shape.
func example(s shape, depth int) string {
	if depth > 3 {
		return "..."
	}
	switch s.kind {
	case kindStructure:
		var parts []string
		for _, m := range s.members() {
			parts = append(parts, m.name+"="+example(m.shape, depth+1))
		}
		text := strings.Join(parts, ",")
		if depth > 0 {
			return "{" + text + "}"
		}
		return text
	case kindMap:
		text := "KeyName1=" + example(s.element(), depth+1) + ",KeyName2=" + example(s.element(), depth+1)
		if depth > 0 {
			return "{" + text + "}"
		}
		return text
	case kindList:
		inner := example(s.element(), depth+1)
		if depth == 0 {
			return strings.Trim(inner, "{}") + " ..."
		}
		return "[" + inner + "," + inner + "]"
	}
	return string(s.kind)
}

// enumValues asks the SDK's enum for its values.
func enumValues(typ reflect.Type) []string {
	if typ == nil {
		return nil
	}
	method, ok := typ.MethodByName("Values")
	if !ok || typ.Kind() != reflect.String || method.Type.NumIn() != 1 || method.Type.NumOut() != 1 {
		return nil
	}
	list := method.Func.Call([]reflect.Value{reflect.Zero(typ)})[0]
	var values []string
	for i := range list.Len() {
		values = append(values, list.Index(i).String())
	}
	return values
}

// helpWait answers "aws SERVICE wait help".
func (r *run) helpWait(service *awsmodel.Service, f *facts) error {
	var b strings.Builder
	fmt.Fprintf(&b, "usage: aws %s wait <subcommand> [parameters]\n\nPolls until a state is reached; exits with 255 if it is not.\n\nSubcommands:\n", service.Name)
	var titles []string
	for title := range f.Waiters {
		titles = append(titles, title)
	}
	slices.Sort(titles)
	for _, title := range titles {
		w := f.Waiters[title]
		fmt.Fprintf(&b, "  %-26s %s every %d s, at most %d times\n", awsmodel.OptionName(title), awsmodel.OptionName(w.Operation), w.Delay, w.MaxAttempts)
	}
	return r.write(b.String())
}

// helpTail answers "aws logs tail help".
func (r *run) helpTail() error {
	var b strings.Builder
	b.WriteString("usage: aws logs tail <group_name> [options]\n\nPrints a log group's events, the last ten minutes unless --since says otherwise.\n\nOptions:\n")
	for _, o := range tailOptions() {
		switch {
		case o.name == "--since":
			b.WriteString("  --since <value>              30s, 10m, 2h, 1d, 1w, or a date\n")
		case o.arity == many:
			fmt.Fprintf(&b, "  %s <value> ...\n", o.name)
		case !o.positional:
			b.WriteString("  " + synopsis(o) + "\n")
		}
	}
	return r.write(b.String())
}
