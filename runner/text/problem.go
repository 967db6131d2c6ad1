package text

import "strings"

// Sentence is what is wrong and what to try, as `error:` and `hint:` print
// them. {name} stands for an argument of the problem; {cause} for the error
// underneath.
type Sentence struct{ What, Hint string }

// Args are the values that a sentence names.
type Args map[string]string

// Class says whose turn it is when something went wrong; cmd makes exit codes
// of it.
type Class int

// The classes of problems.
const (
	Environment Class = iota // the machine, the network, the account: exit code 3
	Usage                    // the command line, or a lesson that does not load: exit code 2
	Unmet                    // a check failed: exit code 1
	Idle                     // nothing was run: exit code 4
)

// Problem is an error that a person reads. The sentence is chosen, not written,
// where the problem arises, so that every language can say it:
//
//	return &text.Problem{Says: func(p *text.Problems) text.Sentence { return p.PortTaken }, Args: text.Args{"addr": addr}, Err: err}
type Problem struct {
	Says  func(*Problems) Sentence
	Args  Args
	Class Class
	Err   error
}

// Error says the problem in English, for logs and tests.
func (p *Problem) Error() string {
	what, _ := English().Problem(p)
	return what
}

// Unwrap gives the error underneath, if there is one.
func (p *Problem) Unwrap() error { return p.Err }

// Problem says p in the language of t.
func (t *Text) Problem(p *Problem) (what, hint string) {
	s := p.Says(&t.Command.Problems)
	return t.fill(s.What, p.Args, p.Err), t.fill(s.Hint, p.Args, p.Err)
}

// fill puts the arguments and the cause into a sentence. Arguments are foreign
// text: names of files, what servers said.
func (t *Text) fill(sentence string, args Args, err error) string {
	if err == nil || !strings.Contains(sentence, "{cause}") {
		return args.Fill(sentence)
	}
	before, after, _ := strings.Cut(sentence, "{cause}")
	return args.Fill(before) + t.Why(err) + args.Fill(after)
}

// Fill puts the arguments into a sentence.
func (a Args) Fill(sentence string) string {
	pairs := make([]string, 0, 2*len(a))
	for name, value := range a {
		pairs = append(pairs, "{"+name+"}", Harmless(value))
	}
	return strings.NewReplacer(pairs...).Replace(sentence)
}
