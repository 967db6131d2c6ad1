package awscli

import (
	"slices"
	"strings"

	"awslab/runner/awsmodel"
)

// Candidates proposes ends for a word of a command line: before are the words
// between aws and it. They are sorted, begin with word, and are none where the
// AWS CLI would take anything, a file's name for one.
func Candidates(before []string, word string) []string {
	var found []string
	for _, c := range candidates(before, strings.HasPrefix(word, "-")) {
		if strings.HasPrefix(c, word) && !slices.Contains(found, c) {
			found = append(found, c)
		}
	}
	slices.Sort(found)
	return found
}

func candidates(before []string, wantOption bool) []string {
	options := globalOptions()
	names, service, c := positionals(before)
	if c != nil {
		options = append(c.parser(nil).options, options...)
	}
	if service != nil && service.Name == "logs" && len(names) > 1 && names[1] == "tail" {
		options = append(tailOptions(), options...)
	}
	if wantOption {
		return optionNames(options, c)
	}
	if len(before) > 0 && strings.HasPrefix(before[len(before)-1], "--") {
		name := before[len(before)-1]
		i := slices.IndexFunc(options, func(o *option) bool { return o.name == name })
		if i >= 0 && options[i].arity != noValue {
			return values(options[i], c)
		}
	}
	return next(names, service)
}

// positionals are the words that are no options nor their values, and the
// service and the operation that they name.
func positionals(before []string) (names []string, service *awsmodel.Service, c *command) {
	options := globalOptions()
	for i := 0; i < len(before); i++ {
		if !strings.HasPrefix(before[i], "-") {
			names = append(names, before[i])
			continue
		}
		o := (&parser{options}).find(before[i])
		if len(names) < 2 && o != nil && o.arity == one {
			i++ // its value
		}
		if len(names) >= 2 {
			break // values and options cannot be told apart any more, nor need they be
		}
	}
	if len(names) == 0 {
		return names, nil, nil
	}
	service, ok := awsmodel.ServiceByName(names[0])
	if !ok {
		return names, nil, nil
	}
	f, err := library.load(service.Name)
	if err != nil || len(names) < 2 {
		return names, service, nil
	}
	name := names[1]
	if name == "wait" && len(names) > 2 {
		for title, w := range f.Waiters {
			if awsmodel.OptionName(title) == names[2] {
				name = awsmodel.OptionName(w.Operation)
			}
		}
	}
	if operation, ok := service.OperationByCLI(name); ok {
		c = newCommand(operation, f)
	}
	return names, service, c
}

func optionNames(options []*option, c *command) []string {
	hidden := map[string]bool{}
	if c != nil {
		for _, a := range c.arguments {
			hidden["--"+a.name] = a.hidden
		}
	}
	var names []string
	for _, o := range options {
		if !o.positional && !hidden[o.name] {
			names = append(names, o.name)
		}
	}
	return names
}

// values of an option, where they are known.
func values(o *option, c *command) []string {
	if o.choices != nil || c == nil {
		return o.choices
	}
	for _, a := range c.arguments {
		if "--"+a.name == o.name {
			if a.shape.kind == kindList {
				return enumValues(a.shape.element().typ)
			}
			return enumValues(a.shape.typ)
		}
	}
	return nil
}

// next are the words that may come after the names.
func next(names []string, service *awsmodel.Service) []string {
	switch {
	case len(names) == 0:
		return commandNames()
	case len(names) == 1 && names[0] == "configure":
		return append(slices.Clone(configureCommands), "help")
	case service == nil:
		return nil
	}
	f, err := library.load(service.Name)
	if err != nil {
		return nil
	}
	switch {
	case len(names) == 1:
		return operationNames(service, f)
	case len(names) == 2 && names[1] == "wait":
		return waiterNames(f)
	}
	return nil
}
