package awscli

import (
	"archive/zip"
	"bytes"
	"strings"
)

func line(args ...string) []string { return args }

// recordedCases are the command lines whose handling by AWS CLI 2.9.19 is
// recorded in testdata.
func recordedCases() []recordedCase {
	list := [][]recordedCase{usageCases(), valueCases(), outputCases(), pageCases(), invokeCases(), serviceCases(), corsCases()}
	var all []recordedCase
	for _, cases := range list {
		all = append(all, cases...)
	}
	return all
}

func usageCases() []recordedCase {
	return []recordedCase{
		{name: "no command"},
		{name: "no operation", args: line("lambda")},
		{name: "missing options", args: line("lambda", "create-function")},
		{name: "missing outfile", args: line("lambda", "invoke", "--payload", "e30=")},
		{name: "unknown option", args: line("lambda", "create-function", "--function-name", "f", "--role", "r", "--zip0-file", "fileb://x")},
		{name: "unknown options and words", args: line("lambda", "list-functions", "a", "--b", "c", "d")},
		{name: "option without value", args: line("lambda", "get-function", "--function-name")},
		{name: "option before option", args: line("lambda", "get-function", "--function-name", "--qualifier", "1")},
		{name: "ambiguous global", args: line("lambda", "list-functions", "--no-")},
		{name: "ambiguous option", args: line("lambda", "invoke", "--function-name", "f", "--l", "x", "out")},
		{name: "prefix of an option", args: line("lambda", "get-function", "--function", "f")},
		{name: "equals sign", args: line("lambda", "get-function", "--function-name=f=g")},
		{name: "value for a flag", args: line("lambda", "create-function", "--publish=true", "--function-name", "f", "--role", "r")},
		{name: "output unknown", args: line("lambda", "list-functions", "--output", "xml")},
		{name: "output nearly", args: line("lambda", "list-functions", "--output", "jsn")},
		{name: "max items no number", args: line("lambda", "list-functions", "--max-items", "x")},
		{name: "long no number", args: line("logs", "filter-log-events", "--log-group-name", "g", "--start-time", "abc")},
		{name: "integer no number", args: line("lambda", "update-function-configuration", "--function-name", "f", "--timeout", "a")},
		{name: "query empty", args: line("lambda", "list-functions", "--query", "")},
		{name: "query incomplete", args: line("lambda", "list-functions", "--query", "foo[")},
		{name: "endpoint without scheme", args: line("lambda", "list-functions", "--endpoint-url", "localhost")},
		{name: "paging options unpaged", args: line("lambda", "list-functions", "--no-paginate", "--page-size", "2", "--starting-token", "x")},
		{name: "wait without state", args: line("lambda", "wait")},
		{name: "wait unknown state", args: line("lambda", "wait", "function-exist", "--function-name", "f")},
		{name: "wait missing option", args: line("lambda", "wait", "function-exists")},
		{name: "tail without group", args: line("logs", "tail")},
		{name: "tail unknown", args: line("logs", "tail", "g", "x", "--y")},
		{name: "tail format", args: line("logs", "tail", "g", "--format", "shrt")},
		{name: "tail since", args: line("logs", "tail", "g", "--since", "1x")},
		{name: "empty name", args: line("lambda", "get-function", "--function-name", "")},
		{name: "boolean both", args: line("lambda", "update-function-code", "--function-name", "f", "--no-publish", "--publish", "--dry-run", "--s3-bucket", "abc", "--s3-key", "k")},
		{name: "negative number", args: line("lambda", "update-function-configuration", "--function-name", "f", "--timeout", "-1")},
		{name: "list without values", args: line("logs", "filter-log-events", "--log-group-name", "g", "--log-stream-names")},
	}
}

func valueCases() []recordedCase {
	update := func(args ...string) []string {
		return append([]string{"lambda", "update-function-configuration", "--function-name", "f"}, args...)
	}
	cases := []recordedCase{
		{name: "environment shorthand", args: update("--environment", "Variables={A=b,C='d e',E=}")},
		{name: "environment json", args: update("--environment", `{"Variables":{"A":"é\u00e9","B":""}}`)},
		{name: "environment open", args: update("--environment", "Variables={A=b")},
		{name: "environment no value", args: update("--environment", "Variables")},
		{name: "environment bad json", args: update("--environment", `{"Variables"`)},
		{name: "environment bad json value", args: update("--environment", `{"Variables":x}`)},
		{name: "environment bad json comma", args: update("--environment", "{\"Variables\":{}\n \"a\":1}")},
		{name: "environment bad json key", args: update("--environment", `{Variables:{}}`)},
		{name: "environment json tail", args: update("--environment", `{} x`)},
		{name: "environment unknown key", args: update("--environment", "Foo=1")},
		{name: "environment number", args: update("--environment", `{"Variables":{"a":1}}`)},
		{name: "environment bool", args: update("--environment", `{"Variables":{"a":true,"b":null,"c":1.5}}`)},
		{name: "environment plain word", args: update("--environment", `=x`)},
		{name: "two faults", args: line("lambda", "update-function-configuration", "--function-name", "", "--environment", "Foo=1")},
		{name: "duplicate key", args: update("--vpc-config", "SubnetIds=a,SubnetIds=b")},
		{name: "vpc lists", args: update("--vpc-config", "SubnetIds=a,b,SecurityGroupIds=c")},
		{name: "vpc explicit lists", args: update("--vpc-config", "SubnetIds=[a, b],SecurityGroupIds=[]")},
		{name: "vpc one", args: update("--vpc-config", "SubnetIds=a")},
		{name: "layers list", args: update("--layers", "a", "b")},
		{name: "layers json", args: update("--layers", `["a","b"]`)},
		{name: "layers empty", args: update("--layers")},
		{name: "file systems", args: update("--file-system-configs", "Arn=arn:aws:a,LocalMountPath=/mnt/x", "Arn=b,LocalMountPath=/mnt/y")},
		{name: "ephemeral", args: update("--ephemeral-storage", "Size=1024")},
		{name: "ephemeral no number", args: update("--ephemeral-storage", "Size=x")},
		{name: "ephemeral small", args: update("--ephemeral-storage", "Size=1")},
		{name: "enum free", args: update("--runtime", "python9.9")},
		{name: "snap start", args: update("--snap-start", "ApplyOn=None")},
		{name: "escaped comma", args: update("--environment", `Variables={A=b\,c,D="x,y",E='it\'s'}`)},
		{name: "url value", args: update("--environment", "Variables={U=https://x.example/p?q=1&r=2}")},
		{name: "map shorthand", args: line("lambda", "tag-resource", "--resource", "arn:aws:lambda:ap-northeast-2:1:function:f", "--tags", "a=b,c=d e")},
		{name: "map words", args: line("lambda", "tag-resource", "--resource", "arn:aws:lambda:ap-northeast-2:1:function:f", "--tags", "a")},
		{name: "map missing", args: line("lambda", "tag-resource", "--resource", "arn:aws:lambda:ap-northeast-2:1:function:f")},
		{name: "input json", args: line("lambda", "get-function", "--cli-input-json", `{"FunctionName":"f","Qualifier":"1"}`)},
		{name: "input json overridden", args: line("lambda", "get-function", "--cli-input-json", `{"FunctionName":"f"}`, "--function-name", "g")},
		{name: "input json file", args: line("lambda", "get-function", "--cli-input-json", "file://in.json"), files: map[string]string{"in.json": `{"FunctionName":"fromfile"}`}},
		{name: "input json bad", args: line("lambda", "get-function", "--cli-input-json", `{`)},
		{name: "input json list", args: line("lambda", "get-function", "--cli-input-json", `[]`)},
		{name: "input json unknown", args: line("lambda", "get-function", "--cli-input-json", `{"FunctionNam":"f"}`)},
		{name: "file text", args: update("--environment", "file://env.json"), files: map[string]string{"env.json": `{"Variables": {"K": "v"}}`}},
		{name: "file missing", args: update("--environment", "file://nope.json")},
		{name: "file binary", args: update("--description", "file://bin"), files: map[string]string{"bin": "\xff\xfe\x00"}},
		{name: "file for a string", args: update("--description", "file://text"), files: map[string]string{"text": "a line\n"}},
		{name: "time", args: line("apigateway", "get-usage", "--usage-plan-id", "p", "--start-date", "2026-01-01", "--end-date", "2026-01-02")},
		{name: "patch operations", args: line("apigateway", "update-stage", "--rest-api-id", "a", "--stage-name", "PROD", "--patch-operations", "op=replace,path=/canarySettings/percentTraffic,value=50", "op=remove,path=/x")},
		{name: "patch unknown", args: line("apigateway", "update-stage", "--rest-api-id", "a", "--stage-name", "PROD", "--patch-operations", "op=replace,pth=/x")},
		{name: "canary settings", args: line("apigateway", "create-deployment", "--rest-api-id", "a", "--stage-name", "PROD", "--canary-settings", "percentTraffic=50.0,useStageCache=true,stageVariableOverrides={V=2}")},
		{name: "request templates", args: line("apigateway", "put-integration", "--rest-api-id", "a", "--resource-id", "r", "--http-method", "OPTIONS", "--type", "MOCK", "--request-templates", `{"application/json":"{\"statusCode\": 200}"}`)},
		{name: "response parameters", args: line("apigateway", "put-method-response", "--rest-api-id", "a", "--resource-id", "r", "--http-method", "OPTIONS", "--status-code", "200", "--response-parameters", "method.response.header.Access-Control-Allow-Origin=true")},
		{name: "version renamed", args: line("apigateway", "create-rest-api", "--name", "n", "--api-version", "1", "--endpoint-configuration", "types=REGIONAL")},
		{name: "cors", args: line("apigatewayv2", "create-api", "--name", "n", "--protocol-type", "HTTP", "--cors-configuration", "AllowOrigins=https://a.example,https://b.example,AllowMethods=GET,AllowCredentials=false,MaxAge=10")},
		{name: "log events", args: line("logs", "put-log-events", "--log-group-name", "g", "--log-stream-name", "s", "--log-events", "timestamp=1,message=a b", "timestamp=2,message='x,y'")},
		{name: "log tags", args: line("logs", "create-log-group", "--log-group-name", "g", "--tags", "a=1,b=2")},
		{name: "log name bad", args: line("logs", "create-log-group", "--log-group-name", "")},
		{name: "limit zero", args: line("logs", "describe-log-groups", "--limit", "0")},
		{name: "policy file", args: line("iam", "create-role", "--role-name", "r", "--assume-role-policy-document", "file://trust.json"), files: map[string]string{"trust.json": `{"Version": "2012-10-17"}` + "\n"}, answers: []answer{{body: createRole}}},
		{name: "iam tags", args: line("iam", "tag-role", "--role-name", "r", "--tags", "Key=a,Value=b", "Key=c,Value="), answers: []answer{{body: `<TagRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></TagRoleResponse>`}}},
	}
	zipped := zipBytes()
	create := func(args ...string) []string {
		return append([]string{"lambda", "create-function", "--function-name", "f", "--role", "r", "--runtime", "python3.9", "--handler", "h.h"}, args...)
	}
	return append(cases,
		recordedCase{name: "zip", args: create("--zip-file", "fileb://f.zip"), files: map[string]string{"f.zip": zipped}},
		recordedCase{name: "zip no scheme", args: create("--zip-file", "f.zip"), files: map[string]string{"f.zip": zipped}},
		recordedCase{name: "zip missing", args: create("--zip-file", "fileb://nope.zip")},
		recordedCase{name: "zip none", args: create("--zip-file", "fileb://f.zip"), files: map[string]string{"f.zip": "no zip"}},
		recordedCase{name: "zip absent", args: create()},
		recordedCase{name: "zip in code", args: create("--code", "ZipFile=x")},
		recordedCase{name: "code from s3", args: create("--code", "S3Bucket=abc,S3Key=k")},
		recordedCase{name: "update code", args: line("lambda", "update-function-code", "--function-name", "f", "--zip-file", "fileb://f.zip"), files: map[string]string{"f.zip": zipped}},
		recordedCase{name: "update code no zip", args: line("lambda", "update-function-code", "--function-name", "f", "--zip-file", "fileb://f.zip"), files: map[string]string{"f.zip": "x"}},
	)
}

func zipBytes() string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create("h.py")
	if err == nil {
		_, err = f.Write([]byte("def h(e, c): return 1\n"))
	}
	if err = joinClose(err, w); err != nil {
		panic(err)
	}
	return b.String()
}

func joinClose(err error, w *zip.Writer) error {
	if closing := w.Close(); err == nil {
		return closing
	}
	return err
}

const createRole = `<CreateRoleResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><CreateRoleResult><Role><Path>/</Path><Arn>arn:aws:iam::1:role/r</Arn><RoleName>r</RoleName><AssumeRolePolicyDocument>%7B%22Version%22%3A%20%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%7D%5D%7D</AssumeRolePolicyDocument><CreateDate>2026-01-02T03:04:05Z</CreateDate><RoleId>AROA</RoleId></Role></CreateRoleResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></CreateRoleResponse>`

const getFunction = `{"Configuration":{"FunctionName":"myFunc1","FunctionArn":"arn:aws:lambda:ap-northeast-2:1:function:myFunc1","Runtime":"python3.9","Role":"arn:aws:iam::1:role/r","Handler":"lambda_function.lambda_handler","CodeSize":304,"Description":"한글 \u00e9 \"q\"","Timeout":3,"MemorySize":128,"LastModified":"2026-01-02T03:04:05.000+0000","CodeSha256":"x=","Version":"$LATEST","Environment":{"Variables":{"A":"b"}},"TracingConfig":{"Mode":"PassThrough"},"RevisionId":"r-1","Layers":[{"Arn":"l1","CodeSize":1},{"Arn":"l2","CodeSize":2}],"State":"Active","LastUpdateStatus":"Successful","PackageType":"Zip","Architectures":["x86_64","arm64"],"EphemeralStorage":{"Size":512}},"Code":{"RepositoryType":"S3","Location":"https://x.example/?a=b&c=<d>"},"Tags":{"k":"v"},"Concurrency":{"ReservedConcurrentExecutions":5}}`

func outputCases() []recordedCase {
	get := func(name string, args ...string) recordedCase {
		return recordedCase{name: name, args: append([]string{"lambda", "get-function", "--function-name", "f"}, args...), answers: []answer{{body: getFunction}}}
	}
	cases := []recordedCase{get("output json"), get("output text", "--output", "text"), get("output table", "--output", "table")}
	for _, q := range []string{
		"Configuration", "Configuration.FunctionArn", "Configuration.Nope", "Configuration.MemorySize", "Configuration.Layers", "Configuration.Layers[].Arn",
		"Configuration.Layers[0].CodeSize", "Configuration.[FunctionName,Nope,Timeout]", "Configuration.{Name:FunctionName,Arn:FunctionArn,No:Nope}",
		"Configuration.Layers[*].[Arn,CodeSize]", "Configuration.Layers[?CodeSize>`1`].Arn", "Configuration.Layers[?Arn=='l1'] | [0].CodeSize", "Configuration.Layers[?Arn==`l2`]|[0]",
		"length(Configuration.Layers)", "keys(Configuration.Environment.Variables)", "Configuration.Architectures", "join(`,`, Configuration.Architectures)",
		"sort_by(Configuration.Layers, &CodeSize)[-1].Arn", "reverse(sort_by(Configuration.Layers, &Arn))[*].Arn", "sum(Configuration.Layers[].CodeSize)", "avg(Configuration.Layers[].CodeSize)",
		"max_by(Configuration.Layers,&CodeSize).Arn", "to_string(Configuration.EphemeralStorage)", "type(Configuration)", "contains(Configuration.Role, 'role')", "starts_with(Configuration.Role,'x')",
		"not_null(Nope, Tags.k)", "Configuration.State=='Active'", "Configuration.Layers[::-1].Arn", "values(Tags)", "Tags.*", "@", "merge(Tags, {z:`1`})", "[Tags, Concurrency]", "Configuration.Layers[1:].Arn|[0]",
		"!Tags", "Tags && Concurrency", "Nope || 'x'", "map(&Arn, Configuration.Layers)", "`{\"a\": 50.0, \"b\": [1, null]}`", "to_number('12')", "`50.0`", "ceil(`1.2`)", "max([`1`,`2.5`])", "Nope.length(@)", "Configuration.Layers[].{A:Arn,S:CodeSize}",
		"length(Nope)", "foo(Tags)", "join(',', Configuration.Layers)", "length(Tags, Tags)", "[]", "Configuration.Layers[?contains(Arn, '2')].CodeSize | [0]", "''", "`null`", "[`1`, [`2`, `3`]]", "Configuration.Layers[*].Nope",
	} {
		for _, format := range []string{"json", "text", "table"} {
			cases = append(cases, get("query "+format+" "+q, "--query", q, "--output", format))
		}
	}
	return append(cases,
		recordedCase{name: "empty answer", args: line("lambda", "delete-alias", "--function-name", "f", "--name", "a"), answers: []answer{{status: 204}}},
		recordedCase{name: "empty answer text", args: line("lambda", "delete-alias", "--function-name", "f", "--name", "a", "--output", "text"), answers: []answer{{status: 204}}},
		recordedCase{name: "empty answer query", args: line("lambda", "delete-alias", "--function-name", "f", "--name", "a", "--query", "a"), answers: []answer{{status: 204}}},
		recordedCase{name: "empty answer query text", args: line("lambda", "delete-alias", "--function-name", "f", "--name", "a", "--query", "a", "--output", "text"), answers: []answer{{status: 204}}},
	)
}

func pageCases() []recordedCase {
	functions := []answer{
		{body: `{"Functions":[{"FunctionName":"a"},{"FunctionName":"b"}],"NextMarker":"m1"}`},
		{body: `{"Functions":[{"FunctionName":"c"},{"FunctionName":"d"}],"NextMarker":"m2"}`},
		{body: `{"Functions":[{"FunctionName":"e"}]}`},
	}
	var cases []recordedCase
	for name, args := range map[string][]string{
		"pages": {}, "pages names": {"--query", "Functions[].FunctionName"}, "pages length": {"--query", "length(Functions)"},
		"pages max 1": {"--max-items", "1"}, "pages max 2": {"--max-items", "2"}, "pages max 3": {"--max-items", "3", "--query", "Functions[].FunctionName"}, "pages max 0": {"--max-items", "0"}, "pages max 9": {"--max-items", "9"},
		"pages off": {"--no-paginate"}, "pages by hand": {"--marker", "m0"}, "pages off max": {"--no-paginate", "--max-items", "2"}, "page size": {"--page-size", "2"},
		"pages token": {"--starting-token", "eyJNYXJrZXIiOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAxfQ==", "--max-items", "1"}, "pages bare token": {"--starting-token", "m1"}, "pages bare token index": {"--starting-token", "m1___1"}, "pages bad token": {"--starting-token", "a___b___c"},
	} {
		for _, format := range []string{"json", "text"} {
			cases = append(cases, recordedCase{name: name + " " + format, args: append([]string{"lambda", "list-functions", "--output", format}, args...), answers: functions})
		}
	}
	events := []answer{
		{body: `{"events":[{"logStreamName":"s","timestamp":1767323045123,"message":"one\n","ingestionTime":1767323045999,"eventId":"1"}],"searchedLogStreams":[],"nextToken":"t"}`},
		{body: `{"events":[{"logStreamName":"s","timestamp":1767323046000,"message":"{\"a\": 1, \"b\": \"é\"}\n\n","ingestionTime":1767323046999,"eventId":"2"}],"searchedLogStreams":[]}`},
	}
	group := `<GetGroupResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><GetGroupResult><Group><Path>/</Path><GroupName>g</GroupName><GroupId>i</GroupId><Arn>a</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate></Group><Users/><IsTruncated>false</IsTruncated></GetGroupResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetGroupResponse>`
	return append(cases,
		recordedCase{name: "pages empty", args: line("lambda", "list-functions"), answers: []answer{{body: `{"Functions":[]}`}}},
		recordedCase{name: "pages empty text", args: line("lambda", "list-functions", "--output", "text"), answers: []answer{{body: `{"Functions":[]}`}}},
		recordedCase{name: "pages empty query text", args: line("lambda", "list-functions", "--output", "text", "--query", "Functions[0].FunctionName"), answers: []answer{{body: `{"Functions":[]}`}}},
		recordedCase{name: "pages two results", args: line("logs", "filter-log-events", "--log-group-name", "g"), answers: events},
		recordedCase{name: "pages two results text", args: line("logs", "filter-log-events", "--log-group-name", "g", "--output", "text"), answers: events},
		recordedCase{name: "pages by limit", args: line("logs", "filter-log-events", "--log-group-name", "g", "--limit", "1"), answers: events},
		recordedCase{name: "page once", args: line("iam", "get-group", "--group-name", "g"), answers: []answer{{body: group}}},
		recordedCase{name: "page once text", args: line("iam", "get-group", "--group-name", "g", "--output", "text"), answers: []answer{{body: group}}},
		recordedCase{name: "page same token", args: line("lambda", "list-functions"), answers: []answer{{body: `{"Functions":[],"NextMarker":"m"}`}}},
		recordedCase{name: "tail", args: line("logs", "tail", "g", "--since", "2026-01-01T00:00:00Z"), answers: events},
		recordedCase{name: "tail short", args: line("logs", "tail", "g", "--since", "1767323045", "--format", "short", "--log-stream-names", "s", "t"), answers: events},
		recordedCase{name: "tail json", args: line("logs", "tail", "g", "--since", "2026-01-01", "--format", "json", "--filter-pattern", "x", "--log-stream-name-prefix", "p"), answers: events},
		recordedCase{name: "tail colour", args: line("logs", "tail", "g", "--since", "2026-01-01", "--color", "on"), answers: events},
		recordedCase{name: "tail missing", args: line("logs", "tail", "g", "--since", "2026-01-01"), answers: []answer{{status: 400, body: `{"__type":"ResourceNotFoundException","message":"The specified log group does not exist."}`}}},
	)
}

func invokeCases() []recordedCase {
	ok := []answer{{body: `"Hello from Lambda!"`, header: map[string]string{"X-Amz-Executed-Version": "$LATEST"}}}
	failed := []answer{{body: `{"errorMessage":"x"}`, header: map[string]string{"X-Amz-Executed-Version": "$LATEST", "X-Amz-Function-Error": "Unhandled", "X-Amz-Log-Result": "bG9n"}}}
	invoke := func(args ...string) []string {
		return append([]string{"lambda", "invoke", "--function-name", "f"}, args...)
	}
	return []recordedCase{
		{name: "invoke", args: invoke("out"), answers: ok},
		{name: "invoke text", args: invoke("out", "--output", "text"), answers: ok},
		{name: "invoke query", args: invoke("out", "--query", "StatusCode"), answers: ok},
		{name: "invoke stdout", args: invoke("/dev/stdout"), answers: ok},
		{name: "invoke failed", args: invoke("--log-type", "Tail", "out"), answers: failed},
		{name: "invoke payload base64", args: invoke("--payload", "eyJhIjoxfQ==", "out"), answers: ok},
		{name: "invoke payload raw", args: invoke("--cli-binary-format", "raw-in-base64-out", "--payload", `{"a":1}`, "out"), answers: ok},
		{name: "invoke payload not base64", args: invoke("--payload", `{"a":1}`, "out"), answers: ok},
		{name: "invoke payload lucky base64", args: invoke("--payload", `{"key":1}`, "out"), answers: ok},
		{name: "invoke payload file", args: invoke("--payload", "file://e.json", "out"), answers: ok, files: map[string]string{"e.json": `{"a":1}`}},
		{name: "invoke payload file raw", args: invoke("--cli-binary-format", "raw-in-base64-out", "--payload", "file://e.json", "out"), answers: ok, files: map[string]string{"e.json": `{"a":1}`}},
		{name: "invoke payload fileb", args: invoke("--payload", "fileb://e.json", "out"), answers: ok, files: map[string]string{"e.json": `{"a":1}`}},
		{name: "invoke event", args: invoke("--invocation-type", "Event", "out"), answers: []answer{{status: 202}}},
		{name: "invoke missing", args: invoke("out"), answers: []answer{{status: 404, header: map[string]string{"X-Amzn-ErrorType": "ResourceNotFoundException"}, body: `{"Type":"User","Message":"Function not found: arn"}`}}},
		{name: "invoke folder missing", args: invoke("no/such/out"), answers: ok},
		{name: "invoke words", args: invoke("out", "more"), answers: ok},
	}
}

func serviceCases() []recordedCase {
	notFound := answer{status: 404, header: map[string]string{"X-Amzn-ErrorType": "ResourceNotFoundException"}, body: `{"Type":"User","Message":"Function not found: x"}`}
	return []recordedCase{
		{name: "service error", args: line("lambda", "get-function", "--function-name", "f"), answers: []answer{notFound}},
		{name: "service error unknown code", args: line("apigateway", "get-rest-api", "--rest-api-id", "f"), answers: []answer{{status: 403, header: map[string]string{"X-Amzn-ErrorType": "AccessDeniedException"}, body: `{"message":"no"}`}}},
		{name: "service error iam", args: line("iam", "get-role", "--role-name", "f"), answers: []answer{{status: 404, body: `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>The role with name f cannot be found.</Message></Error><RequestId>1</RequestId></ErrorResponse>`}}},
		{name: "create role text", args: line("iam", "create-role", "--role-name", "r", "--assume-role-policy-document", "{}", "--output", "text"), answers: []answer{{body: createRole}}},
		{name: "get role policy query", args: line("iam", "create-role", "--role-name", "r", "--assume-role-policy-document", "{}", "--query", "Role.AssumeRolePolicyDocument.Statement[0].Effect", "--output", "text"), answers: []answer{{body: createRole}}},
		{name: "caller identity", args: line("sts", "get-caller-identity"), answers: []answer{{body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::1:user/u</Arn><UserId>U</UserId><Account>1</Account></GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>`}}},
		{name: "rest apis", args: line("apigateway", "get-rest-apis"), answers: []answer{{body: `{"item":[{"id":"a","name":"n","createdDate":1767323045,"apiKeySource":"HEADER","endpointConfiguration":{"types":["EDGE"]},"disableExecuteApiEndpoint":false}]}`}}},
		{name: "rest apis table", args: line("apigateway", "get-rest-apis", "--output", "table"), answers: []answer{{body: `{"item":[{"id":"a","name":"n","createdDate":1767323045,"endpointConfiguration":{"types":["EDGE"]},"disableExecuteApiEndpoint":false},{"id":"b","name":"한글","createdDate":1767323045,"disableExecuteApiEndpoint":true}]}`}}},
		{name: "stage", args: line("apigateway", "get-stage", "--rest-api-id", "a", "--stage-name", "PROD"), answers: []answer{{body: `{"deploymentId":"d","stageName":"PROD","cacheClusterEnabled":false,"cacheClusterStatus":"NOT_AVAILABLE","methodSettings":{},"canarySettings":{"percentTraffic":50.0,"deploymentId":"e","stageVariableOverrides":{"a":"2","b":"1"},"useStageCache":false},"tracingEnabled":false,"createdDate":1767323045,"lastUpdatedDate":1767323045.5}`}}},
		{name: "http apis", args: line("apigatewayv2", "get-apis"), answers: []answer{{body: `{"items":[{"apiId":"a","name":"n","apiEndpoint":"https://x","createdDate":"2026-01-02T03:04:05Z","protocolType":"HTTP","routeSelectionExpression":"$request.method $request.path","apiKeySelectionExpression":"$request.header.x-api-key","disableExecuteApiEndpoint":false}]}`}}},
		{name: "log groups", args: line("logs", "describe-log-groups", "--log-group-name-prefix", "/aws", "--output", "text"), answers: []answer{{body: `{"logGroups":[{"logGroupName":"/aws/lambda/f","creationTime":1767323045123,"metricFilterCount":0,"arn":"arn","storedBytes":0},{"logGroupName":"/aws/lambda/g","creationTime":1767323045124,"metricFilterCount":0,"arn":"arn2","storedBytes":0,"retentionInDays":7}]}`}}},
		{name: "wait exists", args: line("lambda", "wait", "function-exists", "--function-name", "f"), answers: []answer{{body: getFunction}}},
		{name: "wait active", args: line("lambda", "wait", "function-active-v2", "--function-name", "f"), answers: []answer{{body: getFunction}}},
		{name: "wait failed", args: line("lambda", "wait", "function-active", "--function-name", "f"), answers: []answer{{body: `{"State":"Failed"}`}}},
		{name: "wait error", args: line("lambda", "wait", "function-active", "--function-name", "f"), answers: []answer{notFound}},
		{name: "wait role", args: line("iam", "wait", "role-exists", "--role-name", "r"), answers: []answer{{body: strings.ReplaceAll(createRole, "CreateRole", "GetRole")}}},
		{name: "html escape", args: line("lambda", "get-policy", "--function-name", "f"), answers: []answer{{body: `{"Policy":"{\"a\":\"<&>\"}","RevisionId":"r"}`}}},
	}
}
