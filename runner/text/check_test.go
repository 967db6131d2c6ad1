package text_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"awslab/runner/check"
	"awslab/runner/text"
)

// arguments are all that findings carry beside subject, expected and found.
var arguments = map[string]string{
	"function": "myFunc1", "handler": "h", "event": "{}", "call": "GetFunction", "type": "KeyError", "message": "'name'", "line": "File x",
	"api": "ServerlessTest", "id": "a1b2c3d4e5", "ids": "a, b", "route": "GET /", "routeid": "r", "integration": "i", "authorization": "AWS_IAM",
	"stage": "$default", "log": "x",
	"path": "/v2/pets", "percent": "50", "deployment": "d", "canaryid": "e", "met": "196", "done": "400", "count": "1",
	"fix": "aws apigateway put-method", "deploy": "aws apigateway create-deployment", "header": "Access-Control-Allow-Origin", "value": "*", "target": "myFunc1",
	"status": "301", "origin": "https://shop.example", "request": "GET + Authorization",
	"authorizer": "LambdaAuthorizer", "token": "expired", "scheme": "Bearer", "variable": "JWT_SECRET", "algorithm": "HS256", "claims": "{}", "ttl": "300", "first": "GET /v2/pets", "principal": "student", "expected": "401 | 403",
	"reason": "origin.slash", "filter": "REPORT", "group": "g", "checks": "1", "old": "2", "of": "myFunc1", "what": "status", "body": "{}",
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// Every code that a check can find has sentences, and there are none too many.
func TestEveryCodeHasSentences(t *testing.T) {
	t.Parallel()
	english := text.English()
	for _, code := range check.Codes() {
		s, ok := english.Check.Findings[code]
		if !ok || s.Says == "" || s.Do == "" {
			t.Errorf("%s has no sentences", code)
			continue
		}
	}
	codes := check.Codes()
	for _, code := range slices.Sorted(maps.Keys(english.Check.Findings)) {
		if plain, _, _ := strings.Cut(code, "/"); !slices.Contains(codes, plain) {
			t.Errorf("nothing finds %s", code)
		}
		plain, variant, _ := strings.Cut(code, "/")
		says, do := english.Finding(check.Finding{Code: plain, Variant: variant, Subject: "s", Expected: "e", Found: "f", Args: arguments})
		if left := placeholder.FindString(says + do); left != "" {
			t.Errorf("%s: nothing fills %s in: %s %s", code, left, says, do)
		}
	}
}

func TestEveryRemarkHasASentence(t *testing.T) {
	t.Parallel()
	english := text.English()
	for _, code := range check.Remarks() {
		says := english.Remark(check.Remark{Code: code, Args: arguments})
		if says == code || placeholder.MatchString(says) {
			t.Errorf("%s: %s", code, says)
		}
	}
	if got, want := len(english.Check.Remarks), len(check.Remarks()); got != want {
		t.Errorf("%d remarks have sentences, and there are %d", got, want)
	}
}

func TestProgress(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		progress check.Progress
		english  string
	}{
		{check.Progress{Of: 400, Percent: 50, Sample: 1}, "0 of 400 requests: 0 % met the canary, 50 % expected"},
		{check.Progress{Done: 201, Of: 400, Canary: 99, Percent: 12.5, Sample: 1}, "201 of 400 requests: 49 % met the canary, 12.5 % expected"},
		{check.Progress{Done: 3, Of: 400, Canary: 2, Percent: 50, Sample: 2}, "again, to be sure: 3 of 400 requests: 67 % met the canary, 50 % expected"},
		{check.Progress{Done: 400, Of: 400, Canary: 400, Percent: 100, Sample: 1, Promoted: true}, "400 of 400 requests: 100 % got the new version"},
	} {
		if got := text.English().Progress(tt.progress); got != tt.english {
			t.Errorf("got  %s\nwant %s", got, tt.english)
		}
	}
}

func TestFindingFillsIn(t *testing.T) {
	t.Parallel()
	says, do := text.English().Finding(check.Finding{Code: "lambda.near-miss", Subject: "myFunc1", Expected: "myFunc1", Found: "myfunc1"})
	if says != "There is no function named myFunc1, but there is one named myfunc1." || do == "" {
		t.Errorf("%s\n%s", says, do)
	}
	says, _ = text.English().Finding(check.Finding{Code: "lambda.payload", Subject: "body", Found: "{subject}", Args: map[string]string{"function": "{found}"}})
	if says != "The function {found} answered, but its body is not what is expected." {
		t.Errorf("a value was filled in again: %s", says)
	}
}
