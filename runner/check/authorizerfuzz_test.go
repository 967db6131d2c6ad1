package check_test

import (
	"testing"

	"awslab/runner/check"
)

// Whatever a function answers is read, and what it says of a request is one of two
// or nothing.
func FuzzPolicy(f *testing.F) {
	const arn = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/GET/v2/pets"
	f.Add(`{"principalId":"p","policyDocument":{"Version":"2012-10-17","Statement":[{"Action":"execute-api:Invoke","Effect":"Allow","Resource":"` + arn + `"}]}}`)
	f.Add(`{"policyDocument":{"Statement":{"Action":["*","?"],"Effect":"Deny","NotResource":["arn:*/GET/*"],"Condition":{}}}}`)
	f.Add(`{"policyDocument":{"Statement":[{"NotAction":"lambda:*","Effect":"Allow","Resource":"*(["}]}}`)
	f.Add(`{"statusCode":401,"context":{"a":[1]}}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, payload string) {
		allows, denies, covers := check.PolicyOf(payload, arn)
		if allows && (denies || covers == "") {
			t.Errorf("%s: allows %v, denies %v, covers %q", payload, allows, denies, covers)
		}
	})
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	const arn = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/GET/v2/pets"
	of := func(statements string) string { return `{"policyDocument":{"Statement":` + statements + `}}` }
	for name, tt := range map[string]struct {
		payload        string
		allows, denies bool
	}{
		"the method":              {of(`[{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"` + arn + `"}]`), true, false},
		"one, without brackets":   {of(`{"Effect":"Allow","Action":["EXECUTE-API:invoke"],"Resource":["*"]}`), true, false},
		"any character":           {of(`{"Effect":"Allow","Action":"execute-api:*","Resource":"arn:aws:execute-api:*:*:a1b2c3d4e5/PROD/?ET/v2/*"}`), true, false},
		"another path":            {of(`{"Effect":"Allow","Action":"*","Resource":"` + arn + `/7"}`), false, false},
		"another action":          {of(`{"Effect":"Allow","Action":"lambda:*","Resource":"*"}`), false, false},
		"all other actions":       {of(`{"Effect":"Allow","NotAction":"lambda:*","Resource":"*"}`), true, false},
		"all but this":            {of(`{"Effect":"Allow","Action":"*","NotResource":"` + arn + `"}`), false, false},
		"all but another":         {of(`{"Effect":"Allow","Action":"*","NotResource":"` + arn + `/7"}`), true, false},
		"denied as well":          {of(`[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}]`), false, true},
		"under a condition":       {of(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`), false, false},
		"another effect":          {of(`{"Effect":"allow","Action":"*","Resource":"*"}`), false, false},
		"a dot is a dot":          {of(`{"Effect":"Allow","Action":"*","Resource":"arn.aws.execute-api.*"}`), false, false},
		"no policy":               {`{"statusCode":200}`, false, false},
		"statements of no object": {of(`[1]`), false, false},
	} {
		if allows, denies, _ := check.PolicyOf(tt.payload, arn); allows != tt.allows || denies != tt.denies {
			t.Errorf("%s: allows %v, denies %v", name, allows, denies)
		}
	}
}
