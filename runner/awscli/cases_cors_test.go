package awscli

// corsCases are the quotes of static values in shorthands and in JSON, and lists
// within a shorthand: what a program makes of them before anything is sent, and
// what it sends.
func corsCases() []recordedCase {
	const header = "method.response.header.Access-Control-Allow-Origin"
	response := func(value string) []string {
		return line("apigateway", "put-integration-response", "--rest-api-id", "a", "--resource-id", "r", "--http-method", "OPTIONS", "--status-code", "200", "--response-parameters", value)
	}
	patch := func(operations ...string) []string {
		return append(line("apigateway", "update-integration-response", "--rest-api-id", "a", "--resource-id", "r", "--http-method", "OPTIONS", "--status-code", "200", "--patch-operations"), operations...)
	}
	declared := func(value string) []string {
		return line("apigateway", "put-method-response", "--rest-api-id", "a", "--resource-id", "r", "--http-method", "OPTIONS", "--status-code", "200", "--response-parameters", value)
	}
	cors := func(value string) []string {
		return line("apigatewayv2", "update-api", "--api-id", "a", "--cors-configuration", value)
	}
	const at = "op=add,path=/responseParameters/" + header + ",value="
	return []recordedCase{
		{name: "cors value bare", args: response(header + "=*")},
		{name: "cors value single", args: response(header + "='*'")},
		{name: "cors value double", args: response(header + `="*"`)},
		{name: "cors value single in double", args: response(header + `="'*'"`)},
		{name: "cors value double in single", args: response(header + `='"*"'`)},
		{name: "cors value thrice single", args: response(header + "='''*'''")},
		{name: "cors value escaped single", args: response(header + `=\'*\'`)},
		{name: "cors value escaped in single", args: response(header + `='\'*\''`)},
		{name: "cors value list", args: response(header + `="'GET,OPTIONS'"`)},
		{name: "cors value list bare", args: response(header + "='GET',OPTIONS")},
		{name: "cors values", args: response(header + `="'*'",method.response.header.Access-Control-Allow-Methods="'GET,OPTIONS'",method.response.header.X=integration.response.header.X`)},
		{name: "cors value empty", args: response(header + `=""`)},
		{name: "cors value none", args: response(header + "=")},
		{name: "cors value json", args: response(`{"` + header + `":"'*'"}`)},
		{name: "cors value json unquoted", args: response(`{"` + header + `":"*"}`)},
		{name: "cors value json number", args: response(`{"` + header + `":1}`)},
		{name: "cors value json single quotes", args: response(`{'` + header + `':'*'}`)},
		{name: "cors value json twice", args: response(`{"` + header + `":"a","` + header + `":"b"}`)},
		{name: "cors values in both cases", args: response(`{"` + header + `":"'a'","method.response.header.access-control-allow-origin":"'b'"}`)},
		{name: "cors value not ascii", args: response(header + `="'https://예.한국'"`)},
		{name: "cors value file", args: response("file://p.json"), files: map[string]string{"p.json": `{"` + header + `":"'*'"}`}},
		{name: "cors declared", args: declared(header + "=false,method.response.header.Vary=true")},
		{name: "cors declared quoted", args: declared(header + `="'*'"`)},
		{name: "cors declared as text", args: declared(`{"` + header + `":"false"}`)},
		{name: "cors declared json", args: declared(`{"` + header + `":false}`)},
		{name: "cors patch bare", args: patch(at + "*")},
		{name: "cors patch single", args: patch(at + "'*'")},
		{name: "cors patch thrice single", args: patch(at + "'''*'''")},
		{name: "cors patch single in double", args: patch(at + `"'*'"`)},
		{name: "cors patch list", args: patch(at+`"'GET,OPTIONS'"`, "op=remove,path=/responseParameters/x")},
		{name: "cors patch list bare", args: patch(at + "GET,OPTIONS")},
		{name: "cors patch json", args: patch(`[{"op":"add","path":"/responseParameters/` + header + `","value":"'*'"}]`)},
		{name: "cors patch json object", args: patch(`{"op":"add","path":"/x","value":"'*'"}`)},
		{name: "cors patch json objects", args: patch(`{"op":"add","path":"/x"}`, `{"op":"remove","path":"/y"}`)},
		{name: "cors lists", args: cors("AllowOrigins=https://a.example,https://b.example,AllowMethods=GET,POST,AllowHeaders=Authorization,X-Custom,MaxAge=300,AllowCredentials=true")},
		{name: "cors list of one", args: cors("AllowOrigins=https://a.example")},
		{name: "cors list in brackets", args: cors("AllowOrigins=[https://a.example,https://b.example],AllowMethods=[]")},
		{name: "cors lists quoted", args: cors(`AllowOrigins="https://a.example","https://b.example",AllowMethods='*'`)},
		{name: "cors list twice", args: cors("AllowOrigins=https://a.example,AllowOrigins=https://b.example")},
		{name: "cors star", args: cors("AllowOrigins=*,AllowHeaders=*,AllowMethods=*")},
		{name: "cors json", args: cors(`{"AllowOrigins":["*"],"MaxAge":-1}`)},
		{name: "cors json no list", args: cors(`{"AllowOrigins":"*"}`)},
		{name: "cors json lower case", args: cors(`{"allowOrigins":["*"]}`)},
		{name: "cors age small", args: cors("MaxAge=-2")},
		{name: "cors age great", args: cors("MaxAge=86401")},
		{name: "cors age fraction", args: cors("MaxAge=1.5")},
		{name: "cors credentials other", args: cors("AllowCredentials=yes")},
		{name: "cors unknown", args: cors("AllowOrigin=https://a.example")},
		{name: "cors bare", args: cors("https://a.example")},
		{name: "cors empty", args: cors("")},
		{name: "cors empty json", args: cors("{}")},
		{name: "number below nought", args: line("logs", "filter-log-events", "--log-group-name", "g", "--start-time", "-1")},
		{name: "authorizer below nought", args: line("apigatewayv2", "update-authorizer", "--api-id", "a", "--authorizer-id", "b", "--authorizer-result-ttl-in-seconds", "-1")},
	}
}
