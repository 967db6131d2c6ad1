package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"awslab/runner/text"
)

// What is wrong with a command line, in the student's language: cobra and pflag
// complain in English only.

// arguments wants a number of arguments, both ends included.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		says := func(p *text.Problems) text.Sentence { return p.ArgumentMissing }
		switch {
		case len(args) < least:
		case len(args) > most:
			says = func(p *text.Problems) text.Sentence { return p.TooManyArguments }
		default:
			return nil
		}
		return &text.Problem{Says: says, Args: text.Args{"command": cmd.CommandPath(), "usage": useLine(cmd), "last": last(args)}, Class: text.Usage}
	}
}

func last(args []string) string {
	if len(args) == 0 {
		return ""
	}
	return args[len(args)-1]
}

// useLine is how a command is written: "awslab run LESSON|all".
func useLine(cmd *cobra.Command) string {
	if parent := cmd.Parent(); parent != nil {
		return parent.CommandPath() + " " + cmd.Use
	}
	return cmd.Use
}

// unknownCommand says that a word is no command, and which one may be meant.
func unknownCommand(root *cobra.Command, word string) *text.Problem {
	args := text.Args{"word": word}
	says := func(p *text.Problems) text.Sentence { return p.UnknownCommand }
	if near := root.SuggestionsFor(word); len(near) > 0 {
		says = func(p *text.Problems) text.Sentence { return p.UnknownCommandNear }
		args["near"] = strings.Join(near, ", ")
	}
	return &text.Problem{Says: says, Args: args, Class: text.Usage}
}

// flagProblem says what pflag finds wrong in the flags of a command, or is nil.
func flagProblem(command string, err error) *text.Problem {
	args := text.Args{"command": command}
	problem := &text.Problem{Args: args, Class: text.Usage}
	var unknown *pflag.NotExistError
	var missing *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	var syntax *pflag.InvalidSyntaxError
	switch {
	case errors.As(err, &unknown):
		args["flag"] = "--" + unknown.GetSpecifiedName()
		if shorthands := unknown.GetSpecifiedShortnames(); shorthands != "" {
			args["flag"] = "-" + shorthands
		}
		problem.Says = func(p *text.Problems) text.Sentence { return p.UnknownFlag }
	case errors.As(err, &missing):
		args["flag"] = "--" + missing.GetFlag().Name
		problem.Says = func(p *text.Problems) text.Sentence { return p.FlagNeedsValue }
	case errors.As(err, &invalid):
		args["flag"], args["value"] = "--"+invalid.GetFlag().Name, invalid.GetValue()
		problem.Says = func(p *text.Problems) text.Sentence { return p.FlagValue }
	case errors.As(err, &syntax):
		args["flag"] = syntax.GetSpecifiedFlag()
		problem.Says = func(p *text.Problems) text.Sentence { return p.UnknownFlag }
	default:
		return nil
	}
	return problem
}

// excluding complains when more than one of some flags is given.
func excluding(cmd *cobra.Command, names ...string) error {
	given := []string{}
	for _, name := range names {
		if cmd.Flags().Changed(name) {
			given = append(given, "--"+name)
		}
	}
	if len(given) < 2 {
		return nil
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.FlagsExclude }, Args: text.Args{"flags": strings.Join(given, ", ")}, Class: text.Usage}
}

// cobra has no type for this.
var requiredFlags = regexp.MustCompile(`^required flag\(s\) "(.*)" not set$`)

// usageProblem makes a problem of an error that is none yet. What neither cobra
// nor pflag says comes from the machine and is shown as it is.
func usageProblem(err error) *text.Problem {
	if problem := flagProblem("awslab", err); problem != nil {
		return problem
	}
	if m := requiredFlags.FindStringSubmatch(err.Error()); m != nil {
		flags := "--" + strings.ReplaceAll(m[1], `", "`, ", --")
		return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.FlagsRequired }, Args: text.Args{"flags": flags}, Class: text.Usage}
	}
	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.Unexpected }, Err: err}
}
