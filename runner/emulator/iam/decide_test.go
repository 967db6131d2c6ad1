package iam

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	invoke  = "execute-api:Invoke"
	getPets = "arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/GET/pets"
)

var noKeys = func() map[string]string { return nil }

func clocked() *Service {
	return New(Config{Account: account, Clock: func() time.Time { return time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC) }})
}

// What a policy alone says: denied before allowed, and what nothing is said of is
// neither.
func TestPoliciesDecide(t *testing.T) {
	t.Parallel()
	s := clocked()
	from := func() map[string]string {
		return map[string]string{"aws:sourceip": "203.0.113.7", "aws:useragent": "curl/8"}
	}
	one := func(rest string) string {
		return `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"execute-api:Invoke",` + rest + `}}`
	}
	about := func(action string) string {
		return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow",` + action + `,"Resource":"*"}]}`
	}
	both := func(first, second string) string {
		return `{"Version":"2012-10-17","Statement":[` + first + `,` + second + `]}`
	}
	const (
		allow = `{"Effect":"Allow","Action":"execute-api:Invoke","Resource":"*"}`
		deny  = `{"Effect":"Deny","Action":["execute-api:*"],"Resource":["` + getPets + `"]}`
	)
	for text, want := range map[string]Decision{
		one(`"Resource":"` + getPets + `"`):                      Allowed,
		one(`"Resource":["x","` + getPets + `"]`):                Allowed,
		one(`"Resource":"*"`):                                    Allowed,
		one(`"Resource":"` + getPets + `/*"`):                    Undecided,
		one(`"Resource":"` + getPets + `*"`):                     Allowed,
		one(`"Resource":"arn:aws:execute-api:*:*:*/*/GET/pets"`): Allowed,
		one(`"Resource":"arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/???/pets"`):  Allowed,
		one(`"Resource":"arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/????/pets"`): Undecided,
		one(`"Resource":"` + strings.ToUpper(getPets) + `"`):                                          Undecided,
		one(`"Resource":[]`):                                                Undecided, // aws/chalice#971
		one(`"NotResource":"` + getPets + `"`):                              Undecided,
		one(`"NotResource":["` + getPets + `/7"]`):                          Allowed,
		about(`"Action":"*"`):                                               Allowed,
		about(`"Action":"execute-api:*"`):                                   Allowed,
		about(`"Action":"EXECUTE-API:invoke"`):                              Allowed,
		about(`"Action":"execute-api:Inv?ke"`):                              Allowed,
		about(`"Action":["lambda:*","execute-api:Invoke"]`):                 Allowed,
		about(`"Action":"lambda:*"`):                                        Undecided,
		about(`"Action":"Invoke"`):                                          Undecided,
		about(`"Action":[]`):                                                Undecided,
		about(`"NotAction":"execute-api:Invoke"`):                           Undecided,
		about(`"NotAction":["lambda:*"]`):                                   Allowed,
		both(allow, deny):                                                   Denied,
		both(deny, allow):                                                   Denied,
		both(allow, `{"Effect":"Deny","Action":"lambda:*","Resource":"*"}`): Allowed,
		one(`"Resource":"*","Condition":{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`):                      Allowed,
		one(`"Resource":"*","Condition":{"NotIpAddress":{"aws:SourceIp":["203.0.113.0/24","::1"]}}`):           Undecided,
		one(`"Resource":"*","Condition":{"StringLike":{"aws:UserAgent":"curl/*"}}`):                            Allowed,
		one(`"Resource":"*","Condition":{"DateLessThan":{"aws:CurrentTime":"2026-11-23T19:00:00Z"}}`):          Allowed,
		one(`"Resource":"*","Condition":{"DateGreaterThan":{"aws:CurrentTime":"2026-11-23T19:00:00Z"}}`):       Undecided,
		one(`"Resource":"*","Condition":{"StringEquals":{"aws:Referer":"x"}}`):                                 Undecided,
		one(`"Resource":"*","Condition":{"StringEqualsIfExists":{"aws:Referer":"x"}}`):                         Allowed,
		one(`"Resource":"*","Condition":{"StringEquals":{"aws:username":"ann"}}`):                              Undecided,
		one(`"Resource":"*","Condition":{}`):                                                                   Allowed,
		one(`"Resource":"*?${aws:UserAgent}"`):                                                                 Undecided,
		`{"Statement":[` + allow + `]}`:                                                                        Allowed,
		`{"Version":"2008-10-17","Id":"x","Statement":[` + allow + `]}`:                                        Allowed,
		`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"${*}"}]}`:             Undecided,
		`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:${x,'aws'}:*"}]}`: Allowed,
		`{"Version":"2008-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:${x,'aws'}:*"}]}`: Undecided,
	} {
		p, err := s.ReadPolicy(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := p.Decide(invoke, getPets, from); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestPoliciesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := clocked()
	statement := func(text string) string { return `{"Version":"2012-10-17","Statement":[` + text + `]}` }
	for text, want := range map[string]string{
		``:                         errSyntax,
		`x`:                        errSyntax,
		`null`:                     errSyntax,
		`[]`:                       errSyntax,
		`"{}"`:                     errSyntax,
		`{}`:                       errSyntax,
		`{"Version":"2012-10-17"}`: errSyntax,
		`{"Version":"2012-10-17","Statement":null}`: errSyntax,
		`{"Version":"2012-10-17","Statement":"x"}`:  errSyntax,
		`{"Version":"2012-10-17","statement":[]}`:   errSyntax,
		statement(``): "Could not parse the policy: Statement is empty!",
		`{"Version":"2026-11-27","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`: errSyntax,
		`{"Version":2012,"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`:         errSyntax,
		statement(`null`): errSyntax,
		statement(`{}`):   "Missing required field Effect",
		statement(`{"Action":"*","Resource":"*"}`):                                                  "Missing required field Effect",
		statement(`{"Effect":"allow","Action":"*","Resource":"*"}`):                                 "Invalid effect: allow",
		statement(`{"Effect":"Permit","Action":"*","Resource":"*"}`):                                "Invalid effect: Permit",
		statement(`{"Effect":true,"Action":"*","Resource":"*"}`):                                    errSyntax,
		statement(`{"Effect":"Allow","Resource":"*"}`):                                              "Missing required field Action",
		statement(`{"Effect":"Allow","Action":"*"}`):                                                "Policy statement must contain resources.",
		statement(`{"Effect":"Allow","Action":null,"Resource":"*"}`):                                errSyntax,
		statement(`{"Effect":"Allow","Action":"*","Resource":[null]}`):                              errSyntax,
		statement(`{"Effect":"Allow","Action":"*","Resource":{"a":"b"}}`):                           errSyntax,
		statement(`{"Effect":"Allow","Action":"*","NotAction":"*","Resource":"*"}`):                 errSyntax,
		statement(`{"Effect":"Allow","Action":"*","Resource":"*","NotResource":"*"}`):               errSyntax,
		statement(`{"Effect":"Allow","Action":"*","Resource":"*","Methods":"GET"}`):                 errSyntax,
		statement(`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Like":{"a":"b"}}}`):  errSyntax,
		statement(`{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Allow","Action":"*"}`): "Policy statement must contain resources.",
	} {
		_, err := s.ReadPolicy(text)
		wantError(t, err, "MalformedPolicyDocument", want)
	}
}

// slowly is what a policy says, worked out in the way that is easiest to believe:
// each pattern is a regular expression, each statement is looked at on its own. It
// knows no policy variables, and of conditions what written makes.
func slowly(t testing.TB, text, action, resource string, keys map[string]string) Decision {
	t.Helper()
	var doc struct{ Statement any }
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatal(err)
	}
	statements, several := doc.Statement.([]any)
	if !several {
		statements = []any{doc.Statement}
	}
	said := map[string]bool{}
	for _, st := range statements {
		members := st.(map[string]any)
		fits := func(name, what string, as func(string) string) bool {
			is := func(member string) bool {
				return slices.ContainsFunc(list(members[member]), func(p string) bool { return expression(as(p)).MatchString(as(what)) })
			}
			if _, ok := members["Not"+name]; ok {
				return !is("Not" + name)
			}
			return is(name)
		}
		if fits("Action", action, lower) && fits("Resource", resource, func(s string) string { return s }) && slowlyMet(members["Condition"], keys) {
			said[members["Effect"].(string)] = true
		}
	}
	switch {
	case said["Deny"]:
		return Denied
	case said["Allow"]:
		return Allowed
	}
	return Undecided
}

func list(value any) []string {
	var out []string
	switch value := value.(type) {
	case string:
		out = append(out, value)
	case []any:
		for _, v := range value {
			out = append(out, fmt.Sprint(v))
		}
	}
	return out
}

func expression(pattern string) *regexp.Regexp {
	return regexp.MustCompile("(?s)^" + strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(pattern)) + "$")
}

func slowlyMet(condition any, keys map[string]string) bool {
	operators, _ := condition.(map[string]any)
	for operator, about := range operators {
		for key, values := range about.(map[string]any) {
			got, there := keys[strings.ToLower(key)]
			some := func(is func(want string) bool) bool { return slices.ContainsFunc(list(values), is) }
			met := false
			switch operator {
			case "StringEquals":
				met = there && some(func(want string) bool { return got == want })
			case "StringNotEquals":
				met = !there || !some(func(want string) bool { return got == want })
			case "StringLikeIfExists":
				met = !there || some(func(want string) bool { return expression(want).MatchString(got) })
			case "IpAddress":
				met = there && some(func(want string) bool {
					address, err := netip.ParseAddr(got)
					return err == nil && netip.MustParsePrefix(want).Contains(address)
				})
			case "Null":
				met = some(func(want string) bool { return want == fmt.Sprint(!there) })
			}
			if !met {
				return false
			}
		}
	}
	return true
}

// written makes a policy from a few words, so that many statements are about the
// question.
func written(random *rand.Rand) (text, action, resource string, keys map[string]string) {
	pick := func(from ...string) string { return from[random.IntN(len(from))] }
	pattern := func(words ...string) string {
		var b strings.Builder
		for range random.IntN(5) {
			b.WriteString(pick(append(words, "*", "?", "**", "*?")...))
		}
		return b.String()
	}
	some := func(make func() string) any {
		if random.IntN(3) == 0 {
			return make()
		}
		out := []string{}
		for range random.IntN(4) {
			out = append(out, make())
		}
		return out
	}
	arn := func() string { return pattern("a", "/", "GET", "한", "A", ":", ".", "[") }
	name := func() string { return pattern("execute-api:", "Invoke", "invoke", "İ", "s") }
	var statements []map[string]any
	for range 1 + random.IntN(4) {
		st := map[string]any{"Effect": pick("Allow", "Allow", "Deny"), pick("Action", "Action", "NotAction"): some(name), pick("Resource", "Resource", "NotResource"): some(arn)}
		if random.IntN(3) == 0 {
			about := map[string]any{}
			for range 1 + random.IntN(2) {
				switch operator := pick("StringEquals", "StringNotEquals", "StringLikeIfExists", "IpAddress", "Null"); operator {
				case "IpAddress":
					about[operator] = map[string]any{"aws:SourceIp": some(func() string { return pick("203.0.113.0/24", "0.0.0.0/0", "10.0.0.0/8") })}
				case "Null":
					about[operator] = map[string]any{pick("aws:Referer", "aws:UserAgent"): pick("true", "false")}
				default:
					about[operator] = map[string]any{pick("aws:Referer", "AWS:UserAgent"): some(arn)}
				}
			}
			st["Condition"] = about
		}
		statements = append(statements, st)
	}
	var document any = statements
	if len(statements) == 1 && random.IntN(2) == 0 {
		document = statements[0]
	}
	out, _ := json.Marshal(map[string]any{"Version": "2012-10-17", "Statement": document})
	keys = map[string]string{"aws:sourceip": pick("203.0.113.7", "10.1.2.3", "::1")}
	if random.IntN(2) == 0 {
		keys["aws:useragent"] = arn()
	}
	return string(out), pick("execute-api:Invoke", "execute-api:Invoke", name()), pick("a/GET", "a/GET/한", "", arn()), keys
}

// FuzzPolicyDecides holds the evaluator against the slow one.
func FuzzPolicyDecides(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	s := clocked()
	f.Fuzz(func(t *testing.T, seed uint64) {
		text, action, resource, keys := written(rand.New(rand.NewPCG(seed, 7)))
		p, err := s.ReadPolicy(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got, want := p.Decide(action, resource, func() map[string]string { return keys }), slowly(t, text, action, resource, keys)
		if got != want {
			t.Errorf("%s\nsays %d to %q on %q with %v, want %d", text, got, action, resource, keys, want)
		}
	})
}

// FuzzReadPolicy holds foreign policies against the slow evaluator, as far as that
// goes.
func FuzzReadPolicy(f *testing.F) {
	f.Add(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","NotAction":["a:*"],"NotResource":["arn:aws:s3:::x?"]}}`)
	f.Add(`{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"execute-api:invoke","Resource":["` + getPets + `"]}]}`)
	f.Add(`{"Statement":[{"Effect":"Allow","Action":[],"Resource":"*","Principal":{"AWS":"*"}}]}`)
	s := clocked()
	f.Fuzz(func(t *testing.T, text string) {
		p, err := s.ReadPolicy(text)
		if err != nil {
			return
		}
		got := p.Decide(invoke, getPets, noKeys)
		if p.keys {
			return
		}
		if want := slowly(t, text, invoke, getPets, nil); got != want {
			t.Errorf("%q says %d, want %d", text, got, want)
		}
	})
}

// BenchmarkPolicyDecides is one question to a policy of ten statements, of which the
// last one is about it.
func BenchmarkPolicyDecides(b *testing.B) {
	statements := make([]string, 10)
	for i := range statements {
		statements[i] = fmt.Sprintf(`{"Effect":"Allow","Action":["execute-api:Invoke","execute-api:ManageConnections"],"Resource":["arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/*/GET/v%d/*","arn:aws:execute-api:ap-northeast-2:123456789012:a1b2c3d4e5/PROD/*/pets/%d"]}`, i, i)
	}
	statements[9] = `{"Effect":"Allow","Action":"execute-api:*","Resource":"arn:aws:execute-api:*:*:*/PROD/GET/pets"}`
	p, err := clocked().ReadPolicy(`{"Version":"2012-10-17","Statement":[` + strings.Join(statements, ",") + `]}`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if p.Decide(invoke, getPets, noKeys) != Allowed {
			b.Fatal("not allowed")
		}
	}
}
