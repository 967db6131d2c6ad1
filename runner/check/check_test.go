package check_test

import (
	"strings"
	"testing"

	"awslab/runner/check"
	"awslab/runner/text"
)

// compile compiles a check whose fence stands on line 10 of lesson.md.
func compile(t testing.TB, kind, node string) *check.Compiled {
	t.Helper()
	c, issues := check.Compile(kind, []byte("id: a\ntitle: b\n"+node), 10)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return c
}

func TestCompileIssues(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, kind, node string
		line             int
		what, hint       string
	}{
		{"no kind", "", "", 11, "the check has no kind", "lambda, route, canary, cors, authorizer, logs, call"},
		{"unknown kind", "lamda", "lamda: {function: f}\n", 13, "there is no check of kind lamda", "did you mean lambda?"},
		{"unknown key", "lambda", "lambda: {function: f}\nexpects: {}\n", 14, "has no key `expects`", "did you mean expect?"},
		{"unknown subject key", "lambda", "lambda: {functoin: f, function: g}\n", 13, "lambda has no key `functoin`", "did you mean function?"},
		{"lacking", "lambda", "lambda: {event: {}}\n", 13, "lambda has no function", "add `function: $FUNCTION`"},
		{"unknown expectation", "lambda", "lambda: {function: f}\nexpect:\n  staus: 1\n", 15, "expect has no key `staus`", "did you mean status?"},
		{"with on lambda", "lambda", "lambda: {function: f}\nwith: {}\n", 14, "has no key `with`", ""},
		{"bad within", "file", "file: {path: a}\nwithin: soon\n", 14, "soon is not a time to wait", "within: 30s"},
		{"no YAML", "file", "file: {path: a\n", 13, "this is not YAML", ""},
		{"regexp", "file", "file: {path: a}\nexpect: {text: {matches: '('}}\n", 14, "this is not a regular expression", ""},
		{"between", "logs", "logs: {group: g}\nexpect: {count: {between: [1]}}\n", 14, "between wants two numbers", ""},
		{"between upside down", "logs", "logs: {group: g}\nexpect: {count: {between: [2, 1]}}\n", 14, "the smaller number first", "{between: [1, 2]}"},
		{"slip", "file", "file: {path: a}\nexpect: {text: {contain: x}}\n", 14, "there is no matcher contain", "did you mean contains?"},
		{"mixed", "file", "file: {path: a}\nexpect: {text: {contains: x, y: z}}\n", 14, "mixes matchers", ""},
		{"exists", "file", "file: {path: a}\nexpect: {exists: 1}\n", 14, "exists is a number", ""},
		{"outside", "file", "file: {path: ../a}\n", 13, "../a is not a path inside the workspace", ""},
		{"absent with text", "file", "file: {path: a}\nexpect: {exists: false, text: x}\n", 13, "a file that must not exist has no text", ""},
		{"since", "logs", "logs: {group: g, since: yesterday}\n", 13, "since is yesterday", ""},
		{"lines", "logs", "logs: {group: g}\nexpect: {lines: {contains: x}}\n", 14, "lines is a mapping", ""},
		{"no such service", "call", "call: lamda.GetFunction\n", 13, "there is no operation lamda.GetFunction", "did you mean lambda?"},
		{"no such operation", "call", "call: lambda.GetFuncton\n", 13, "there is no operation lambda.GetFuncton", "did you mean lambda.GetFunction?"},
		{"not read-only", "call", "call: lambda.DeleteFunction\nwith: {FunctionName: f}\n", 13, "is not an operation that only looks", "Get, List, Describe"},
		{"invoking", "call", "call: lambda.Invoke\nwith: {FunctionName: f}\n", 13, "is not an operation that only looks", ""},
		{"handing out keys", "call", "call: sts.GetSessionToken\n", 13, "is not an operation that only looks", ""},
		{"unknown member", "call", "call: lambda.GetFunction\nwith: {Function: f}\n", 14, `Function is unknown`, ""},
		{"lacking member", "call", "call: lambda.GetFunction\n", 13, "GetFunction needs FunctionName", "with: {FunctionName: …}"},
		{"JMESPath", "call", "call: lambda.ListFunctions\nexpect: {'Functions[': 1}\n", 14, "this is not JMESPath", ""},
		{"both", "call", "call: lambda.ListFunctions\nexpect: {a: 1}\nerror: X\n", 14, "expect and error exclude each other", ""},
		{"canary with expect", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, canary: {status: 200}, stable: {status: 403}}\nexpect: {status: 200}\n", 14, "the check has no key `expect`", ""},
		{"canary without a share", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, canary: {status: 200}, stable: {status: 403}}\n", 13, "canary has no percent", "add `percent: 50`"},
		{"canary without the old answer", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, canary: {status: 200}}\n", 13, "canary has no stable", ""},
		{"canary without the new answer", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, stable: {status: 200}}\n", 13, "canary has no canary", "{status: 200}"},
		{"canary at fifty", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: fifty, canary: {status: 200}, stable: {status: 403}}\n", 13, "fifty is not a percentage", ""},
		{"canary below nothing", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: -1, canary: {status: 200}, stable: {status: 403}}\n", 13, "-1 is not a percentage", ""},
		{"canary with another side", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, canary: {status: 200, time: 1}, stable: {status: 403}}\n", 13, "canary has no key `time`", "known are: status, headers, body, json"},
		{"canary like stable", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, canary: {status: 200, json: {v: 2}}, stable: {status: 200}}\n", 13, "the same answer can be", "let them differ"},
		{"canary like stable by default", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, canary: {}, stable: {}}\n", 13, "the same answer can be", ""},
		{"canary of many requests", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 50, requests: 5001, canary: {status: 200}, stable: {status: 403}}\n", 13, "requests is not a whole number from 50 to 5000", "`requests: 400`"},
		{"canary of a small share", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 1, canary: {status: 200}, stable: {status: 403}}\n", 13, "400 requests cannot tell a share of 1 % from none", "at least 757 requests"},
		{"canary of a great share", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, percent: 99.5, canary: {status: 200}, stable: {status: 403}}\n", 13, "400 requests cannot tell a share of 99.5 %", "at least 1517 requests"},
		{"canary promoted maybe", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, promoted: 1, percent: 50, canary: {status: 200}, stable: {status: 403}}\n", 13, "promoted is a number", ""},
		{"canary promoted by half", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, promoted: true, percent: 50, canary: {status: 200}}\n", 13, "percent does not go with promoted", ""},
		{"canary deleted by itself", "canary", "canary: {api: a, stage: PROD, path: /v2/pets, deleted: true, percent: 50, canary: {status: 200}, stable: {status: 403}}\n", 13, "deleted says something of a promotion only", "promoted: true"},
		{"cors without cases", "cors", "cors: {api: a, path: /p, origin: 'https://a.example'}\n", 13, "cors has no cases", "cases: [{method: GET"},
		{"cors with expect", "cors", "cors: {api: a, path: /p, origin: 'https://a.example', cases: [{method: GET}]}\nexpect: {status: 200}\n", 14, "the check has no key `expect`", ""},
		{"cors of a bare path", "cors", "cors: {api: a, path: p, origin: 'https://a.example', cases: [{method: GET}]}\n", 13, "p", "/"},
		{"cors in small letters", "cors", "cors: {api: a, path: /p, origin: 'https://a.example', cases: [{method: delete}]}\n", 13, "delete is not a method", "did you mean DELETE?"},
		{"cors from a page", "cors", "cors: {api: a, path: /p, origin: 'https://a.example/x', cases: [{method: GET}]}\n", 13, "“https://a.example/x” is the URL of a page", "did you mean https://a.example?"},
		{"cors with a cookie", "cors", "cors: {api: a, path: /p, origin: 'https://a.example', cases: [{method: GET, headers: [cookie]}]}\n", 13, "a page cannot set the header cookie", "credentials: true"},
		{"cors with a line break", "cors", "cors: {api: a, path: /p, origin: 'https://a.example', cases: [{method: GET, headers: [\"X-A: a\\nb\"]}]}\n", 13, "this is not a header", ""},
		{"cors allowed maybe", "cors", "cors: {api: a, path: /p, origin: 'https://a.example', cases: [{method: GET, allowed: maybe}]}\n", 13, "allowed is text", ""},
		{"cors with a key too many", "cors", "cors: {api: a, path: /p, origin: 'https://a.example', cases: [{method: GET, header: [a]}]}\n", 13, "has no key `header`", "did you mean headers?"},
		{"authorizer without a secret", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, claims: {a: b}}\n", 13, "authorizer has no secret", "add `secret: $JWT_SECRET`"},
		{"authorizer with expect", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}}\nexpect: {status: 200}\n", 14, "the check has no key `expect`", ""},
		{"authorizer of a bare path", "authorizer", "authorizer: {api: a, stage: PROD, path: p, function: f, secret: s, claims: {a: b}}\n", 13, "p is no path", "/"},
		{"authorizer in small letters", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, method: get, function: f, secret: s, claims: {a: b}}\n", 13, "get is not a method", "did you mean GET?"},
		{"authorizer of public keys", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, algorithm: RS256, claims: {a: b}}\n", 13, "RS256 is not an algorithm whose key is a secret", "did you mean HS256?"},
		{"authorizer of a near case", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: [allow, wrongkey]}\n", 13, "there is no case wrongkey", "did you mean wrong-key?"},
		{"authorizer of a near case in a mapping", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: [{case: denied, status: 403}]}\n", 13, "there is no case denied", "known are: allow, deny, none, malformed, expired, wrong-key, unsigned, tampered"},
		{"authorizer with a case without a name", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: [{status: 403}]}\n", 13, "a case of authorizer has no case", "add `case: allow`"},
		{"authorizer with a case of another key", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: [{case: allow, statuses: 403}]}\n", 13, "a case of authorizer has no key `statuses`", "did you mean status?"},
		{"authorizer with the same case twice", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: [allow, {case: allow}]}\n", 13, "the case allow stands twice", ""},
		{"authorizer with no cases", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: []}\n", 13, "authorizer has no cases", "known are: allow"},
		{"authorizer with cases in a list", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, cases: [[allow]]}\n", 13, "cases holds a list", ""},
		{"authorizer of whom nobody denies", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, denied: {a: c}, cases: [allow]}\n", 13, "the case deny, which is not among the cases", ""},
		{"authorizer of nobody", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s}\n", 13, "the token of the case deny has the same claims", "denied: {user_id: guest}"},
		{"authorizer with a claim of its own", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {exp: 1}}\n", 13, "a claim exp of its own", ""},
		{"authorizer with claims in a list", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: [a]}\n", 13, "claims is a list", ""},
		{"authorizer with a blank in its scheme", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, scheme: 'Bearer ', claims: {a: b}}\n", 13, "“Bearer ” is not one word", "scheme: Bearer"},
		{"authorizer with a header that is none", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, header: 'Authorization:', claims: {a: b}}\n", 13, "Authorization: is not the name of a header", ""},
		{"authorizer with a path alone", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, also: [/pets]}\n", 13, "/pets is not a method and a path", "also: [GET /pets]"},
		{"authorizer asked twice", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, also: [GET /pets, GET /pets]}\n", 13, "GET /pets is asked for already", ""},
		{"authorizer with a principal of nobody", "authorizer", "authorizer: {api: a, stage: PROD, path: /p, function: f, secret: s, claims: {a: b}, principal: b, cases: [none]}\n", 13, "principal is about the token of the case allow", ""},
		{"method", "http", "http: {url: 'http://x', method: 'A B'}\n", 13, "A B is not a method", ""},
		{"header", "http", "http: {url: 'http://x', headers: {a: [1]}}\n", 13, "a is a list, and should be text", ""},
		{"body and json", "http", "http: {url: 'http://x', body: a, json: {}}\n", 13, "body and json exclude each other", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, issues := check.Compile(tt.kind, []byte("id: a\ntitle: b\n"+tt.node), 10)
			if c != nil || len(issues) != 1 {
				t.Fatalf("got %v", issues)
			}
			i := issues[0]
			what, hint := text.English().Issue(i.Rule, i.Args)
			if i.Line != tt.line || !strings.Contains(what, tt.what) || !strings.Contains(hint, tt.hint) || hint == "" {
				t.Errorf("got  %d: %s (%s)\nwant %d: %s (%s)", i.Line, what, hint, tt.line, tt.what, tt.hint)
			}
		})
	}
}

func TestCompileGivesAllAtOnce(t *testing.T) {
	t.Parallel()
	_, issues := check.Compile("lambda", []byte("titel: x\nlambda: {funktion: f}\nexpect: {staus: 1, json: {match: x}}\n"), 1)
	if len(issues) < 6 {
		t.Errorf("only %v", issues)
	}
}

func FuzzCompile(f *testing.F) {
	f.Add("lambda", "id: a\ntitle: b\nlambda: {function: $F, event: {k: [1, ~]}}\nexpect: {status: 200, json: {body: {json: x}}, log: [{contains: y}]}\n")
	f.Add("call", "call: iam.GetRole\nwith: {RoleName: r}\nexpect: {Role.Arn: {matches: '^a'}}\n")
	f.Add("http", "http: {url: x, headers: {a: b}}\nexpect: {time: {between: [0, 1]}}\n")
	f.Add("canary", "id: a\ntitle: b\ncanary: {api: $A, stage: PROD, percent: 12.5, path: /v2/pets, canary: {json: {v: 2}}, stable: {headers: {a: b}}, requests: 400}\n")
	f.Add("canary", "id: a\ntitle: b\ncanary: {api: $A, stage: PROD, promoted: true, deleted: true, path: /v2/pets, canary: {body: {contains: x}}}\n")
	f.Add("cors", "id: a\ntitle: b\ncors: {api: $A, stage: PROD, path: /v2/pets, origin: https://shop.example, cases: [{method: PUT, headers: [Authorization, 'X-A: b'], credentials: true, allowed: false, origin: null}]}\n")
	f.Add("authorizer", "id: a\ntitle: b\nauthorizer: {api: $A, stage: PROD, path: /v2/pets, method: GET, function: f, header: X-Token, scheme: Bearer, secret: $S, algorithm: HS512, claims: {user_id: student, admin: true, n: [1, ~]}, denied: {user_id: guest}, principal: {matches: s}, cases: [allow, {case: deny, status: 403, json: {Message: {contains: deny}}}], also: [GET /pets]}\n")
	f.Fuzz(func(t *testing.T, kind, node string) {
		c, issues := check.Compile(kind, []byte(node), 1)
		if (c == nil) != (len(issues) > 0) {
			t.Errorf("%v and %v", c, issues)
		}
	})
}
