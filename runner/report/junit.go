package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"awslab/runner/check"
	"awslab/runner/text"
)

// JUnit's XML as build servers read it: a suite a lesson, a case a check. A
// check that could not be decided is an error, one that was not run is skipped.
type (
	suites struct {
		XMLName  xml.Name `xml:"testsuites"`
		Tests    int      `xml:"tests,attr"`
		Failures int      `xml:"failures,attr"`
		Errors   int      `xml:"errors,attr"`
		Skipped  int      `xml:"skipped,attr"`
		Suites   []suite  `xml:"testsuite"`
	}
	suite struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Skipped  int    `xml:"skipped,attr"`
		Time     string `xml:"time,attr"`
		Cases    []test `xml:"testcase"`
	}
	test struct {
		Class   string   `xml:"classname,attr"`
		Name    string   `xml:"name,attr"`
		Time    string   `xml:"time,attr"`
		Failure *problem `xml:"failure"`
		Error   *problem `xml:"error"`
		Skipped *problem `xml:"skipped"`
		Out     *output  `xml:"system-out"` // what a check saw that passed
	}
	output struct {
		Text string `xml:",cdata"`
	}
	problem struct {
		Type    string `xml:"type,attr,omitempty"`
		Message string `xml:"message,attr,omitempty"`
		Text    string `xml:",cdata"`
	}
)

func writeJUnit(w io.Writer, t *text.Text, lessons []Lesson) error {
	score := Count(lessons)
	all := suites{Tests: score.Total, Failures: score.Failed, Errors: score.Undecided, Skipped: score.NotRun}
	for _, les := range lessons {
		score := Count([]Lesson{les})
		s := suite{Name: les.ID, Tests: score.Total, Failures: score.Failed, Errors: score.Undecided, Skipped: score.NotRun}
		var took time.Duration
		for _, step := range les.Steps {
			took += step.Took
			for _, r := range step.Checks {
				s.Cases = append(s.Cases, caseOf(t, les, step, r))
			}
		}
		s.Time = seconds(took)
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

func caseOf(t *text.Text, les Lesson, step Step, r check.Result) test {
	c := test{Class: les.ID + "." + step.ID, Name: r.ID + ": " + r.Title, Time: seconds(r.Took)}
	p := &problem{}
	if len(r.Findings) > 0 {
		p.Type = r.Findings[0].Code
		p.Message, _ = t.Finding(r.Findings[0])
		p.Text = "\n" + strings.Map(xmlRune, CheckText(t, r, Options{}))
	}
	switch r.Status {
	case check.Failed:
		c.Failure = p
	case check.Undecided:
		c.Error = p
	case check.NotRun:
		c.Skipped = &problem{Message: t.Check.NotRun}
	case check.Passed:
		if len(r.Seen) > 0 {
			c.Out = &output{"\n" + strings.Map(xmlRune, CheckText(t, r, Options{}))}
		}
	}
	return c
}

// xmlRune leaves out what XML cannot hold, such as escape characters that a
// function printed.
func xmlRune(r rune) rune {
	if r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r != 0xFFFE && r != 0xFFFF {
		return r
	}
	return -1
}
