package runner_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"awslab/runner"
	"awslab/runner/check"
)

// Whoever runs a lesson again where he left it does not have steps undone that
// later steps changed on purpose; in another world all is done anew.
func TestRunGoesOnWhereTheStudentIs(t *testing.T) {
	t.Parallel()
	open, dir := openBuilt(t)
	s, err := open().Lesson("base")
	if err != nil {
		t.Fatal(err)
	}
	exists := func(name string) bool {
		_, err := os.Stat(filepath.Join(dir, name))
		return err == nil
	}
	run := func(cleanup bool) (notices int) {
		t.Helper()
		defer s.Subscribe(func(e runner.Event) {
			if _, ok := e.(runner.Notice); ok {
				notices++
			}
		})()
		if err := s.RunAll(t.Context(), cleanup); err != nil {
			t.Fatal(err)
		}
		return notices
	}
	if run(false); exists("fresh") || !exists("kept") {
		t.Fatal("the lesson was not done")
	}
	if notices := run(false); notices != 1 || exists("fresh") {
		t.Errorf("again: %d notices, the first step's work made anew: %v", notices, exists("fresh"))
	}
	if err := os.Remove(filepath.Join(dir, "kept")); err != nil {
		t.Fatal(err)
	}
	if notices := run(false); notices != 0 || !exists("kept") {
		t.Errorf("in another world: %d notices, done anew: %v", notices, exists("kept"))
	}
	if run(true); exists("kept") {
		t.Error("the clean-up was not reached")
	}
	for name, do := range map[string]func(context.Context, string) error{"run": s.Run, "solve": s.Solve} {
		if run(false); !exists("kept") {
			t.Fatal("the lesson was not done again")
		}
		if err := do(t.Context(), "cleanup"); err != nil || exists("kept") {
			t.Errorf("%s of the clean-up's step: %v, and what was to go is there: %v", name, err, exists("kept"))
		}
	}
}

// A check has the traces of its own requests, however many of the student's are kept.
func TestTheTracesOfASample(t *testing.T) {
	t.Parallel()
	const sampled = "```yaml check\nid: c\ntitle: C\ncanary: {api: a, stage: PROD, percent: 0, path: /x, canary: {status: 200}, stable: {status: 403}, requests: 400}\n```\n"
	s := openLesson(t, "---\nformat: 1\nid: upper\ntitle: Upper\n---\n## Only\n<!-- step: only -->\n\n"+sampled)
	if err := s.Command(t.Context(), `ID=$(aws apigateway create-rest-api --name a --query id --output text)
ROOT=$(aws apigateway get-resources --rest-api-id "$ID" --query 'items[0].id' --output text)
mock() {
  R=$(aws apigateway create-resource --rest-api-id "$ID" --parent-id "$ROOT" --path-part "$1" --query id --output text)
  aws apigateway put-method --rest-api-id "$ID" --resource-id "$R" --http-method GET --authorization-type NONE
  aws apigateway put-integration --rest-api-id "$ID" --resource-id "$R" --http-method GET --type MOCK --request-templates '{"application/json":"{\"statusCode\": 200}"}'
  aws apigateway put-method-response --rest-api-id "$ID" --resource-id "$R" --http-method GET --status-code 200
  aws apigateway put-integration-response --rest-api-id "$ID" --resource-id "$R" --http-method GET --status-code 200
}
mock y
aws apigateway create-deployment --rest-api-id "$ID" --stage-name PROD
mock x
aws apigateway create-deployment --rest-api-id "$ID" --stage-name PROD --canary-settings percentTraffic=0
for i in $(seq 1 110); do curl -s -o /dev/null "$AWS_ENDPOINT_URL/restapis/$ID/PROD/_user_request_/y"; done`); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context(), "only"); err != nil {
		t.Fatal(err)
	}
	result, traced := s.State().Steps[0].Checks[0], 0
	for _, e := range result.Evidence {
		if e.Trace != "" {
			traced++
		}
	}
	if result.Status != check.Passed || traced == 0 {
		t.Errorf("%d traces, %+v", traced, result)
	}
}
