// Package report writes what checks found: as text for a person, as JSON, and
// as JUnit XML for build servers. One score stands behind all of them.
//
// Start at [Write] and at [CheckText]. The package imports check and text, and
// decides nothing: colours come in through [Options].
package report

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"awslab/runner/check"
	"awslab/runner/check/cors"
	"awslab/runner/text"
)

// Lesson is what was judged of one lesson, in the order in which it was.
type Lesson struct {
	ID    string
	Title string
	Steps []Step
}

// Step is one step of a [Lesson].
type Step struct {
	ID     string
	Title  string
	Status string // "open", "passed", "solved", "skipped"
	Took   time.Duration
	Checks []check.Result
}

// Score counts verdicts.
type Score struct {
	Passed    int `json:"passed"`
	Failed    int `json:"failed"`
	Undecided int `json:"undecided"`
	NotRun    int `json:"notRun"`
	Total     int `json:"total"`
}

// Count makes the score of lessons.
func Count(lessons []Lesson) Score {
	var s Score
	for _, les := range lessons {
		for _, step := range les.Steps {
			for _, result := range step.Checks {
				s.add(result.Status)
			}
		}
	}
	return s
}

func (s *Score) add(status check.Status) {
	s.Total++
	switch status {
	case check.Passed:
		s.Passed++
	case check.Failed:
		s.Failed++
	case check.Undecided:
		s.Undecided++
	case check.NotRun:
		s.NotRun++
	}
}

// Formats are the formats of [Write].
func Formats() []string { return []string{"text", "json", "junit"} }

// Write writes a report in one of the [Formats].
func Write(w io.Writer, format string, t *text.Text, lessons []Lesson) error {
	switch format {
	case "text":
		return writeText(w, t, lessons, Options{})
	case "json":
		return writeJSON(w, t, lessons)
	case "junit":
		return writeJUnit(w, t, lessons)
	}
	return fmt.Errorf("there is no report format %q", format)
}

// Format is the version of the JSON.
const Format = 1

// The JSON of a report. Members are added, never renamed or removed, while
// Format stays the same. Durations are seconds.
type (
	document struct {
		Format  int          `json:"format"`
		Lessons []lessonJSON `json:"lessons"`
		Score   Score        `json:"score"`
	}
	lessonJSON struct {
		ID    string     `json:"id"`
		Title string     `json:"title"`
		Steps []stepJSON `json:"steps"`
		Score Score      `json:"score"`
	}
	stepJSON struct {
		ID      string      `json:"id"`
		Title   string      `json:"title"`
		Status  string      `json:"status"`
		Seconds float64     `json:"seconds"`
		Checks  []checkJSON `json:"checks"`
	}
	checkJSON struct {
		ID       string         `json:"id"`
		Title    string         `json:"title"`
		Kind     string         `json:"kind"`
		Status   string         `json:"status"` // "passed", "failed", "undecided", "not-run"
		Seconds  float64        `json:"seconds"`
		Hint     string         `json:"hint,omitempty"`
		ByAwslab bool           `json:"byAwslab,omitempty"` // a quiz that the student did not answer
		Seen     []remarkJSON   `json:"seen,omitempty"`
		Findings []findingJSON  `json:"findings"`
		Evidence []evidenceJSON `json:"evidence"`
	}
	remarkJSON struct {
		Code string            `json:"code"`
		Says string            `json:"says"`
		Args map[string]string `json:"args,omitempty"`
		Row  string            `json:"row,omitempty"`  // of a truth table: "passed" where it is as expected, "failed", "undecided"
		Rule *ruleJSON         `json:"rule,omitempty"` // which decided a row
		Why  *ruleJSON         `json:"why,omitempty"`  // which led there
	}
	ruleJSON struct {
		Code    string `json:"code"`
		Section string `json:"section"` // of the standard
		Says    string `json:"says"`
	}
	findingJSON struct {
		Code     string `json:"code"`
		Subject  string `json:"subject,omitempty"`
		Expected string `json:"expected,omitempty"`
		Found    string `json:"found,omitempty"`
		Says     string `json:"says"`
		Do       string `json:"do"`
	}
	evidenceJSON struct {
		What      string          `json:"what"`
		Request   string          `json:"request,omitempty"`
		Response  string          `json:"response,omitempty"`
		Reproduce string          `json:"reproduce,omitempty"`
		Trace     json.RawMessage `json:"trace,omitempty"` // of a request to an API of the emulator
		Seconds   float64         `json:"seconds"`
	}
)

// StatusName is a verdict's name in JSON.
func StatusName(s check.Status) string {
	switch s {
	case check.Passed:
		return "passed"
	case check.Failed:
		return "failed"
	case check.Undecided:
		return "undecided"
	default:
		return "not-run"
	}
}

func writeJSON(w io.Writer, t *text.Text, lessons []Lesson) error {
	d := document{Format: Format, Lessons: []lessonJSON{}, Score: Count(lessons)}
	for _, les := range lessons {
		l := lessonJSON{ID: les.ID, Title: les.Title, Steps: []stepJSON{}, Score: Count([]Lesson{les})}
		for _, step := range les.Steps {
			s := stepJSON{ID: step.ID, Title: step.Title, Status: step.Status, Seconds: step.Took.Seconds(), Checks: []checkJSON{}}
			for _, result := range step.Checks {
				s.Checks = append(s.Checks, checkOf(t, result))
			}
			l.Steps = append(l.Steps, s)
		}
		d.Lessons = append(d.Lessons, l)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d)
}

func checkOf(t *text.Text, r check.Result) checkJSON {
	c := checkJSON{
		ID: r.ID, Title: r.Title, Kind: r.Kind, Status: StatusName(r.Status), Seconds: r.Took.Seconds(), Hint: r.Hint, ByAwslab: r.ByAwslab,
		Findings: []findingJSON{}, Evidence: []evidenceJSON{},
	}
	for _, seen := range r.Seen {
		c.Seen = append(c.Seen, remarkOf(t, seen))
	}
	for _, f := range r.Findings {
		says, do := t.Finding(f)
		c.Findings = append(c.Findings, findingJSON{f.Code, f.Subject, f.Expected, f.Found, says, do})
	}
	for _, e := range r.Evidence {
		c.Evidence = append(c.Evidence, evidenceJSON{e.What, e.Request, e.Response, e.Reproduce, json.RawMessage(e.Trace), e.Took.Seconds()})
	}
	return c
}

func remarkOf(t *text.Text, seen check.Remark) remarkJSON {
	r := remarkJSON{Code: seen.Code, Says: t.Remark(seen), Args: seen.Args}
	if seen.Row != check.NotRun {
		r.Row = StatusName(seen.Row)
	}
	r.Rule, r.Why = ruleOf(t, seen.Rule), ruleOf(t, seen.Why)
	return r
}

func ruleOf(t *text.Text, step cors.Step) *ruleJSON {
	if step.Code == "" {
		return nil
	}
	return &ruleJSON{step.Code, step.Section, t.CORSStep(step)}
}
