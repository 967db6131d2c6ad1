package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"awslab/runner/check"
	"awslab/runner/check/cors"
	"awslab/runner/report"
	"awslab/runner/text"
)

// sample has every verdict, and signs that formats must escape.
var sample = []report.Lesson{{
	ID: "lambda", Title: "Run a function",
	Steps: []report.Step{
		{ID: "function", Title: "Create the function", Status: "passed", Took: 1500 * time.Millisecond, Checks: []check.Result{
			{ID: "active", Title: "myFunc1 exists & is ready", Kind: "call", Status: check.Passed, Took: 12 * time.Millisecond, Evidence: []check.Evidence{
				{What: "lambda.GetFunction", Request: "{}", Response: `{"a":"<b>"}`, Reproduce: "aws lambda get-function --function-name myFunc1", Took: 11 * time.Millisecond},
			}},
			{ID: "hello", Title: `It answers "Hello from Lambda!"`, Kind: "lambda", Status: check.Failed, Took: 30 * time.Millisecond, Hint: "The body is JSON text.\nUse json.dumps.", Findings: []check.Finding{
				{Code: "lambda.payload", Subject: "body", Expected: `json: "Hello from Lambda!"`, Found: `"Hello <from> \"lambda\""`, Args: map[string]string{"function": "myFunc1"}},
				{Code: "lambda.log", Subject: "myFunc1", Expected: `… "x" …`, Found: "START\nEND", Args: map[string]string{"function": "myFunc1"}},
			}, Evidence: []check.Evidence{{What: "lambda.Invoke", Reproduce: "aws lambda invoke --function-name myFunc1 /dev/stdout"}}},
		}},
		{ID: "logs", Title: "Read the logs", Status: "open", Checks: []check.Result{
			{ID: "near", Title: "There is a log group", Kind: "logs", Status: check.Failed, Findings: []check.Finding{
				{Code: "logs.near-miss", Subject: "/aws/lambda/myFunc1", Expected: "/aws/lambda/myFunc1", Found: "/aws/lambda/myfunc1"},
			}},
			{ID: "denied", Title: "It keeps its lines", Kind: "call", Status: check.Undecided, Findings: []check.Finding{
				{Code: "undecided.denied", Found: "AccessDenied: no"},
			}},
			{ID: "later", Title: "Never reached", Kind: "file"},
		}},
		{ID: "cors", Title: "Let pages read", Status: "open", Checks: []check.Result{
			{ID: "table", Title: "The shop may read, and nobody else", Kind: "cors", Status: check.Passed, Seen: []check.Remark{allowed, blocked}},
			{ID: "open", Title: "Nobody may write", Kind: "cors", Status: check.Failed, Seen: []check.Remark{blocked, open}, Findings: []check.Finding{
				{Code: "cors.too-open", Variant: "method", Subject: "PUT /v2/pets", Found: "GET,PUT", Args: map[string]string{"origin": "https://shop.example", "request": "PUT", "header": "Access-Control-Allow-Methods", "fix": "aws apigateway update-integration-response"}},
			}},
		}},
	},
}}

// Rows of a truth table.
var (
	allowed = check.Remark{
		Code: "cors.simple-allowed", Args: map[string]string{"origin": "https://shop.example", "request": "GET"}, Row: check.Passed,
		Rule: cors.Step{Code: "answer.passed-origin", Args: map[string]string{"allowed": "https://shop.example", "origin": "https://shop.example"}, Section: "CORS check, step 5"},
		Why:  cors.Step{Code: "why.simple", Args: map[string]string{"method": "GET", "origin": "https://shop.example", "url": "https://api.example"}, Section: "Main fetch, step 12"},
	}
	blocked = check.Remark{
		Code: "cors.simple-blocked", Args: map[string]string{"origin": "https://other.example", "request": "GET"}, Row: check.Passed,
		Rule: cors.Step{Code: "answer.allow-origin-mismatch", Args: map[string]string{"allowed": "https://shop.example", "origin": "https://other.example", "status": "200"}, Section: "CORS check, step 4"},
	}
	open = check.Remark{
		Code: "cors.preflight-allowed", Args: map[string]string{"origin": "https://shop.example", "request": "PUT"}, Row: check.Failed, Expected: "cors.blocked",
		Rule: allowed.Rule, Why: cors.Step{Code: "why.method", Args: map[string]string{"method": "PUT"}, Section: "CORS-safelisted method"},
	}
)

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, format := range report.Formats() {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := report.Write(&b, format, text.English(), sample); err != nil {
				t.Fatal(err)
			}
			switch format {
			case "json":
				if !json.Valid(b.Bytes()) {
					t.Error("not JSON")
				}
			case "junit":
				if err := xml.Unmarshal(b.Bytes(), new(any)); err != nil {
					t.Error(err)
				}
			}
			golden.RequireEqual(t, b.Bytes())
		})
	}
	if err := report.Write(&bytes.Buffer{}, "pdf", text.English(), sample); err == nil {
		t.Error("an unknown format was written")
	}
}

// The plain form has no sign outside ASCII where the lesson has none.
func TestASCII(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	for _, step := range sample[0].Steps {
		for _, r := range step.Checks {
			b.WriteString(report.CheckText(text.English(), r, report.Options{ASCII: true}))
		}
	}
	for _, c := range b.String() {
		if c > 126 {
			t.Errorf("%q in the plain form", c)
		}
	}
	golden.RequireEqual(t, b.Bytes())
}

func TestStyle(t *testing.T) {
	t.Parallel()
	got := report.CheckText(text.English(), sample[0].Steps[0].Checks[0], report.Options{Style: func(role report.Role, text string) string {
		if role == report.Pass {
			return "<" + text + ">"
		}
		return text
	}})
	if got != "  <✓> myFunc1 exists & is ready\n" {
		t.Errorf("%q", got)
	}
}

func TestEmpty(t *testing.T) {
	t.Parallel()
	for _, format := range report.Formats() {
		var b bytes.Buffer
		if err := report.Write(&b, format, text.English(), nil); err != nil || b.Len() == 0 {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// A row of a truth table that no standard decides has no line for the rule.
func TestARowWithoutARule(t *testing.T) {
	t.Parallel()
	seen := func(token, status string, row check.Status) check.Remark {
		r := check.Remark{Code: "authorizer.row", Args: map[string]string{"token": token, "status": status, "expected": "401 | 403"}, Row: row}
		if row == check.Failed {
			r.Expected = "authorizer.expected"
		}
		return r
	}
	got := report.CheckText(text.English(), check.Result{
		Title: "Members alone", Status: check.Failed, Seen: []check.Remark{seen("allow", "200", check.Passed), seen("expired", "200", check.Failed), seen("none", "401", check.Passed)},
	}, report.Options{})
	want := "  ✗ Members alone\n      ✓ a good token: 200\n      ✗ an expired token: 200 (expected: status 401 | 403)\n      ✓ no token: 401\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
