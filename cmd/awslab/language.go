package main

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"awslab/runner/text"
)

// locale is the language of the environment, as POSIX orders its variables:
// ko_KR.UTF-8 is Korean; C, POSIX and what awslab does not speak are English.
func (a *app) locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		value := a.getenv(name)
		if value == "" {
			continue
		}
		code, _, _ := strings.Cut(value, ".")
		code, _, _ = strings.Cut(code, "@")
		code, _, _ = strings.Cut(code, "_")
		if code = strings.ToLower(code); slices.Contains(text.Languages(), code) {
			return code
		}
		break
	}
	return text.Languages()[0]
}

// speak chooses the language before there is a command line, since the help of
// every command is in it: that of --lang, or else that of the locale. A --lang
// that awslab does not speak is refused later, in the locale's language.
func (a *app) speak(args []string) {
	wanted := a.locale()
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	a.commonFlags(flags, text.English().Command.Help)
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	flags.ParseErrorsAllowlist.UnknownFlags = true
	flags.SetInterspersed(false)
	command := ""
	for rest := args; ; {
		_ = flags.Parse(rest) // cobra parses again, and complains
		rest = flags.Args()
		// What stands behind aws is the AWS CLI's.
		if len(rest) == 0 || command == "aws" {
			break
		}
		if command == "" {
			command = rest[0]
			if command == "aws" {
				break
			}
		}
		rest = rest[1:]
	}
	if slices.Contains(text.Languages(), a.flags.lang) {
		wanted = a.flags.lang
	}
	said, err := text.For(wanted)
	if err != nil { // the locale is one of text.Languages
		said = text.English()
	}
	a.text = said
}

// commonFlags are those of every command.
func (a *app) commonFlags(f *pflag.FlagSet, t text.Help) {
	f.StringVar(&a.flags.target, "target", "emulator", t.Target)
	f.StringVar(&a.flags.region, "region", "", t.Region)
	f.StringVar(&a.flags.profile, "profile", "", t.Profile)
	f.StringVar(&a.flags.lessons, "lessons", "", t.Lessons)
	f.StringVar(&a.flags.lang, "lang", a.locale(), t.Lang)
	f.Lookup("lang").DefValue = "" // the sentence says it
	f.StringVar(&a.flags.format, "format", "text", t.Format)
	f.StringVar(&a.flags.home, "home", a.getenv("AWSLAB_HOME"), t.Home)
	f.BoolVar(&a.flags.plain, "plain", false, t.Plain)
	f.BoolVar(&a.flags.noInput, "no-input", false, t.NoInput)
	f.BoolVar(&a.flags.yes, "yes", false, t.Yes)
	f.BoolVar(&a.flags.trust, "trust", false, t.Trust)
	f.BoolP("help", "h", false, t.HelpFlag)
}
