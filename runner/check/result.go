package check

import (
	"time"

	"awslab/runner/check/cors"
)

// Status is a verdict.
type Status int

// The verdicts. A check that could not be decided (no network, credentials
// expired) is neither passed nor failed.
const (
	NotRun Status = iota
	Passed
	Failed
	Undecided
)

// Result is what a check found. It is data: package text makes sentences of it.
type Result struct {
	ID       string
	Title    string
	Kind     string
	Status   Status
	Findings []Finding // empty when passed
	Seen     []Remark  // what it saw, where that is worth telling; of a failure too
	Evidence []Evidence
	Hint     string // the lesson's own hint, if any
	// ByAwslab says that awslab answered this quiz, not the student.
	ByAwslab bool
	Took     time.Duration
}

// Remark is what a check saw, where that is worth telling: how much its verdict
// rests on, or a row of a truth table. runner/text has the sentence for its code;
// [Remarks] lists them.
type Remark struct {
	Code string
	Args map[string]string
	// Row says of a row of a truth table whether it came out as it should; NotRun
	// is no row.
	Row Status
	// Expected is the outcome that should have been, a code of [Remarks], where
	// Row is Failed.
	Expected string
	// Rule is the step of a standard at which the row was decided, and Why the
	// step that led there; both are zero where no standard has a say.
	Rule, Why cors.Step
}

// Progress is how far a check has come that samples an API's traffic.
type Progress struct {
	Done, Of int // requests
	Canary   int // those that the canary answered; after a promotion, the new version
	Percent  float64
	Sample   int  // the first, or the second that confirms a rejection
	Promoted bool // all are to be answered by the new version
}

// Share is the part of the answers so far that the canary gave, in per cent.
func (p Progress) Share() int {
	if p.Done == 0 {
		return 0
	}
	return (200*p.Canary + p.Done) / (2 * p.Done)
}

// Finding is one thing that is wrong. Code is stable ("lambda.missing"): tests
// of lessons name it, and runner/text has the sentences for it.
type Finding struct {
	Code string
	// Variant chooses among the sentences of a code that has several; empty for
	// the code's own.
	Variant  string
	Subject  string            // what was looked at
	Expected string            // as a person reads it; may be empty
	Found    string            // as a person reads it; may be empty
	Args     map[string]string // further values the sentences use
}

// Evidence is what the verdict rests on.
type Evidence struct {
	What      string // "lambda.Invoke"
	Request   string
	Response  string
	Reproduce string // an aws or curl command, secrets masked
	// Trace is what became of a request to an API inside the emulator, as JSON;
	// empty on AWS, which does not tell.
	Trace string
	Took  time.Duration
}
