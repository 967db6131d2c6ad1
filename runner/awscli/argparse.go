package awscli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// arity is how many values an option takes: argparse's nargs.
type arity int

const (
	one      arity = iota
	noValue        // none: it stores true, or false
	any0           // as many as follow: '*'
	many           // as many as follow, at least one: '+'
	optional       // none or one: '?'
)

// option is one option, or one positional argument, of a parser.
type option struct {
	name       string // "--region", or "outfile"
	dest       string // where the value goes; the name without dashes if empty
	arity      arity
	negative   bool // a flag that stores false
	typ        kind // kindLong and kindDouble are converted while parsing
	choices    []string
	bare       string // what an optional value is when it is not given
	required   bool
	positional bool
	version    bool // --version
}

func (o *option) key() string {
	if o.dest != "" {
		return o.dest
	}
	return strings.TrimPrefix(o.name, "--")
}

// parser takes arguments apart as Python's argparse (3.11) does, including
// that a prefix of an option will do and that unknown options are handed on.
type parser struct{ options []*option }

// parsed are the values by key: string, []string or bool.
type parsed struct {
	values map[string]any
	extras []string // what the parser did not know
}

func (p parsed) text(key string) (string, bool) { s, ok := p.values[key].(string); return s, ok }

// errVersion says that --version was met.
var errVersion = fmt.Errorf("version")

var negativeNumber = regexp.MustCompile(`^-\d+$|^-\d*\.\d+$`)

// match is what an argument that looks like an option means.
type match struct {
	option   *option // nil: unknown
	explicit *string // after "="
}

func (p *parser) parse(args []string) (parsed, error) {
	matches := map[int]match{}
	for i, arg := range args {
		if arg == "--" {
			break // what follows are values
		}
		m, isOption, err := p.classify(arg)
		if err != nil {
			return parsed{}, err
		}
		if isOption {
			matches[i] = m
		}
	}
	s := &parse{args: args, matches: matches, result: parsed{values: map[string]any{}}, met: map[*option]bool{}}
	for _, o := range p.options {
		if o.positional {
			s.positionals = append(s.positionals, o)
		}
	}
	for i := 0; i < len(args); {
		m, isOption := matches[i]
		var err error
		if isOption {
			i, err = s.option(i, m)
		} else {
			i, err = s.values(i)
		}
		if err != nil {
			return parsed{}, err
		}
	}
	var missing []string
	for _, o := range p.options {
		if o.required && !s.met[o] {
			missing = append(missing, o.name)
		}
	}
	if len(missing) > 0 {
		return parsed{}, usageError("the following arguments are required: " + strings.Join(missing, ", "))
	}
	return s.result, nil
}

// classify tells an option from a value.
func (p *parser) classify(arg string) (match, bool, error) {
	if !strings.HasPrefix(arg, "-") || arg == "-" {
		return match{}, false, nil
	}
	if o := p.find(arg); o != nil {
		return match{option: o}, true, nil
	}
	name, value, hasValue := strings.Cut(arg, "=")
	var explicit *string
	if hasValue {
		explicit = &value
		if o := p.find(name); o != nil {
			return match{o, explicit}, true, nil
		}
	}
	if strings.HasPrefix(arg, "--") {
		var found []*option
		var names []string
		for _, o := range p.options {
			if !o.positional && strings.HasPrefix(o.name, name) && !slices.Contains(names, o.name) {
				found, names = append(found, o), append(names, o.name)
			}
		}
		if len(found) > 1 {
			return match{}, false, usageError(fmt.Sprintf("ambiguous option: %s could match %s", arg, strings.Join(names, ", ")))
		}
		if len(found) == 1 {
			return match{found[0], explicit}, true, nil
		}
	}
	if negativeNumber.MatchString(arg) || strings.Contains(arg, " ") {
		return match{}, false, nil
	}
	return match{}, true, nil
}

func (p *parser) find(name string) *option {
	for _, o := range p.options {
		if !o.positional && o.name == name {
			return o
		}
	}
	return nil
}

// parse is one parse under way.
type parse struct {
	args        []string
	matches     map[int]match
	positionals []*option // not met yet
	result      parsed
	met         map[*option]bool
}

// following are the values from i on, up to the next option.
func (s *parse) following(i int) []string {
	end := i
	for end < len(s.args) {
		if _, isOption := s.matches[end]; isOption {
			break
		}
		end++
	}
	return s.args[i:end]
}

func (s *parse) option(i int, m match) (next int, err error) {
	o := m.option
	if o == nil {
		s.result.extras = append(s.result.extras, s.args[i])
		return i + 1, nil
	}
	i++
	var values []string
	switch {
	case m.explicit != nil && o.arity == noValue:
		return i, argumentError(o, "ignored explicit argument "+pyRepr(*m.explicit))
	case m.explicit != nil:
		values = []string{*m.explicit}
	case o.arity == noValue:
	default:
		values = s.following(i)
		if (o.arity == one || o.arity == optional) && len(values) > 1 {
			values = values[:1]
		}
		if len(values) == 0 && o.arity == one {
			return i, argumentError(o, "expected one argument")
		}
		if len(values) == 0 && o.arity == many {
			return i, argumentError(o, "expected at least one argument")
		}
		i += len(values)
		if o.arity == optional && len(values) == 0 {
			values = []string{o.bare}
		}
	}
	if o.version {
		return i, errVersion
	}
	return i, s.store(o, values)
}

// values gives a run of values to the positionals that are left; what is over
// goes to the extras.
func (s *parse) values(i int) (next int, err error) {
	values := s.following(i)
	next = i + len(values)
	if values[0] == "--" {
		values = values[1:]
	}
	for len(s.positionals) > 0 && len(values) > 0 {
		o := s.positionals[0]
		s.positionals = s.positionals[1:]
		if err := s.store(o, values[:1]); err != nil {
			return next, err
		}
		values = values[1:]
	}
	// An optional positional that meets the end of a run is spent with it.
	for len(s.positionals) > 0 && s.positionals[0].arity == optional {
		s.positionals = s.positionals[1:]
	}
	s.result.extras = append(s.result.extras, values...)
	return next, nil
}

func (s *parse) store(o *option, values []string) error {
	s.met[o] = true
	for _, v := range values {
		switch o.typ {
		case kindLong:
			if _, err := pyInt(v); err != nil {
				return argumentError(o, "invalid int value: "+pyRepr(v))
			}
		case kindDouble, kindFloat:
			if _, err := pyFloat(v); err != nil {
				return argumentError(o, "invalid float value: "+pyRepr(v))
			}
		}
		if o.choices != nil && !slices.Contains(o.choices, v) {
			return &choiceError{v, argumentError(o, invalidChoice(v, o.choices))}
		}
	}
	switch o.arity {
	case noValue:
		s.result.values[o.key()] = !o.negative
	case any0, many:
		s.result.values[o.key()] = slices.Clone(values)
	default:
		s.result.values[o.key()] = values[0]
	}
	return nil
}

// choiceError is the fault of a value that is none of the choices.
type choiceError struct {
	value string
	err   error
}

func (e *choiceError) Error() string { return e.err.Error() }

func (e *choiceError) Unwrap() error { return e.err }

func argumentError(o *option, message string) error {
	return usageError(fmt.Sprintf("argument %s: %s", o.name, message))
}

// pyFloat is Python's float(text): beyond the greatest float is infinity, and
// there are no hexadecimal ones.
func pyFloat(text string) (float64, error) {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) || strings.ContainsAny(text, "xX") {
		return 0, fmt.Errorf("could not convert string to float: %s", pyRepr(text))
	}
	return f, nil
}

// pyInt is Python's int(text).
func pyInt(text string) (int64, error) {
	text = strings.TrimSpace(text)
	n, err := strconv.ParseInt(strings.TrimPrefix(text, "+"), 10, 64)
	if err != nil || strings.HasPrefix(text, "+-") {
		return 0, fmt.Errorf("invalid literal for int() with base 10: %s", pyRepr(text))
	}
	return n, nil
}
