package text

import (
	"fmt"
	"maps"
	"strconv"
	"strings"

	"awslab/runner/check"
)

// Check holds what checks found, and what to do about it.
type Check struct {
	// Findings are the sentences of every code of package check, and under
	// CODE/VARIANT those of a variant.
	Findings map[string]Finding

	Passed, Failed, Undecided, NotRun string // verdicts, as one word
	Expected, Found, Hint, Reproduce  string // labels before values
	Score                             string // the last line of a report
	ByAwslab                          string // behind a quiz that the student did not answer

	// Remarks are the sentences of what a check saw, and the outcomes that rows of
	// truth tables should have had.
	Remarks map[string]string
	// Tokens are the cases of the authorizer check, as sentences call them.
	Tokens map[string]string
	// A sample of traffic that is being taken, after a promotion, and for the second
	// time.
	Sampling, SamplingNew, SamplingAgain string
}

// Finding is the pair of sentences for one code. {subject}, {expected}, {found}
// and the finding's own arguments stand for values.
type Finding struct{ Says, Do string }

// Finding says what is wrong and what to try next.
func (t *Text) Finding(f check.Finding) (says, do string) {
	args := Args{"subject": f.Subject, "expected": f.Expected, "found": f.Found}
	maps.Copy(args, f.Args)
	if reason, ok := t.CORS.Origins[f.Args["reason"]]; ok {
		args["reason"] = args.Fill(reason)
	}
	t.token(args)
	s, ok := t.Check.Findings[f.Code+"/"+f.Variant]
	if !ok {
		s, ok = t.Check.Findings[f.Code]
	}
	if !ok {
		s, ok = t.Selftest.Findings[f.Code]
	}
	if !ok { // a lesson of a newer awslab, say
		return strings.TrimSpace(f.Code + " " + f.Subject), ""
	}
	return args.Fill(s.Says), args.Fill(s.Do)
}

// Remark is what a check saw. Of a row of a truth table that did not come out as it
// should, it says how it should have.
func (t *Text) Remark(r check.Remark) string {
	says, ok := t.Check.Remarks[r.Code]
	if !ok { // of a newer awslab, say
		return r.Code
	}
	args := Args(maps.Clone(r.Args))
	t.token(args)
	says = args.Fill(says)
	if expected, ok := t.Check.Remarks[r.Expected]; ok && r.Row == check.Failed {
		says += " (" + t.Check.Expected + ": " + args.Fill(expected) + ")"
	}
	return says
}

// token says which token a case of the authorizer check has.
func (t *Text) token(args Args) {
	if says, ok := t.Check.Tokens[args["token"]]; ok {
		args["token"] = says
	}
}

// Rule says which step of a standard decided a row of a truth table; it is "" where
// none did.
func (t *Text) Rule(r check.Remark) string {
	if r.Rule.Code == "" {
		return ""
	}
	return t.CORSStep(r.Rule)
}

// Progress says how far a sample of traffic has come.
func (t *Text) Progress(p check.Progress) string {
	says := t.Check.Sampling
	if p.Promoted {
		says = t.Check.SamplingNew
	}
	says = Args{
		"done": fmt.Sprint(p.Done), "of": fmt.Sprint(p.Of), "share": fmt.Sprint(p.Share()), "percent": strconv.FormatFloat(p.Percent, 'f', -1, 64),
	}.Fill(says)
	if p.Sample > 1 {
		return t.Check.SamplingAgain + ": " + says
	}
	return says
}

// Advice is what to try after a finding of a check: what the lesson's author says
// of that check where its kind knows only the general case, and else the
// finding's own.
func (t *Text) Advice(r check.Result, f check.Finding) string {
	_, do := t.Finding(f)
	if r.Hint != "" && r.Status == check.Failed && check.General(r.Kind) {
		return r.Hint
	}
	return do
}
