package check

import "time"

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
	Evidence []Evidence
	Hint     string // the lesson's own hint, if any
	// ByAwslab says that awslab answered this quiz, not the student.
	ByAwslab bool
	Took     time.Duration
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
