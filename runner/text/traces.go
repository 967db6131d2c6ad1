package text

// Traces are the words of what became of requests to APIs.
type Traces struct {
	Title, None, NotHere, Keys, BackKeys                        string
	NoRoute, NoStage, Preflight, Check, ByCheck, Cached, Canary string
	API, Route, Authorizer, Integration, Took, RequestID        string // labels before values
	Origin, AsksFor, Answered                                   string // the same, of CORS
	NoCORS                                                      string // in place of the answer's headers
	Verdicts                                                    map[string]string
	Reasons                                                     map[string]string // why the gateway answered by itself
}

func englishTraces() Traces {
	return Traces{
		Title:   "Requests to your APIs",
		None:    "There were none yet. Call an API of yours with curl at the prompt, or open its address in a browser.",
		NotHere: "Only the emulator can show them. On AWS, switch on the access log of the stage.",
		Keys:    "↑ ↓ choose   enter shows one   esc closes", BackKeys: "esc goes back",
		NoRoute: "no route", NoStage: "no stage", Preflight: "preflight", Check: "check", ByCheck: "made by a check of awslab's", Cached: "from the cache", Canary: "canary",
		API: "API, stage", Route: "route", Authorizer: "authorizer", Integration: "integration", Took: "took", RequestID: "request id",
		Origin: "origin", AsksFor: "asks for", Answered: "answered", NoCORS: "no Access-Control-* header",
		Verdicts: map[string]string{"allow": "allowed", "deny": "denied", "unauthorized": "unauthorized", "failed": "failed"},
		Reasons: map[string]string{
			"no-stage":                 "The API has no stage of that name, or nothing was deployed to it.",
			"endpoint-disabled":        "The API does not answer under its own address: disableExecuteApiEndpoint is on.",
			"no-route":                 "No route of the stage's deployment takes this method and path. Paths are compared to the letter.",
			"no-resource":              "No resource of the stage's deployment has this path. Paths are compared to the letter, and a resource that was made after the deployment is not in it.",
			"no-method":                "The resource is there, but it has no such method in the stage's deployment.",
			"headers-too-large":        "The headers are larger than the 10,240 bytes that API Gateway takes.",
			"body-too-large":           "The body is larger than the 10 MB that API Gateway takes.",
			"body-unreadable":          "The body did not arrive whole.",
			"arn-too-long":             "The path is too long: a method that is guarded takes an ARN of 1,600 bytes at most.",
			"no-authorizer":            "The route names an authorizer that is not there.",
			"identity-missing":         "The request lacks what the authorizer looks at, so the authorizer was not asked.",
			"unauthorized":             "The authorizer does not know who this is.",
			"denied":                   "The policy that the authorizer gave does not allow this method and path.",
			"authorizer-failed":        "The authorizer failed, or its answer is none that API Gateway understands.",
			"not-signed":               "The route wants a signed request (AWS_IAM), and this one was not.",
			"not-allowed":              "The request was signed by somebody who may not call this route.",
			"authorizer-not-emulated":  "awslab does not emulate this kind of authorizer yet. A method that asks for it lets nobody in.",
			"api-key-required":         "The method wants an API key, and awslab emulates none.",
			"missing-parameters":       "The request lacks a parameter that the method requires.",
			"invalid-body":             "The body is not as the method's model, or a parameter mapping, wants it.",
			"unsupported-media-type":   "No mapping template is for this Content-Type, and the integration lets nothing else pass (passthroughBehavior).",
			"bad-mapping":              "A parameter mapping of the integration cannot be carried out.",
			"bad-template":             "A mapping template of the integration fails.",
			"bad-content":              "The payload cannot be turned into text or into binary as the integration asks.",
			"bad-mock-status":          "The request template of a MOCK integration has to give {\"statusCode\": N}.",
			"integration-method":       "Lambda functions are invoked with POST, whatever the method of the request is.",
			"no-integration-response":  "No integration response is for what the endpoint answered, and none is the default.",
			"no-method-response":       "The integration response leads to a status for which the method has no method response.",
			"no-integration":           "The route leads nowhere: it has no integration.",
			"integration-not-emulated": "awslab does not emulate integrations of this kind.",
			"bad-integration-uri":      "The integration's URI cannot be used.",
			"no-function":              "The function that the integration names is not there.",
			"no-permission":            "API Gateway may not invoke the function: no statement of its resource policy fits this API, stage, method and path.",
			"throttled":                "As many instances of the function are at work as may be.",
			"payload-too-large":        "The event is larger than the 6 MB that a function takes.",
			"function-error":           "The function raised an exception, or ended before it answered.",
			"malformed-response":       "API Gateway cannot make an HTTP answer of what the function returned. statusCode has to be a number, body a text.",
			"timeout":                  "The integration had not answered in time.",
			"unreachable":              "The integration's host could not be reached.",
			"out-of-reach":             "A lesson's own request does not leave the emulator.",
			"loop":                     "The request has come through API Gateway too often: an API calls itself.",
			"response-too-large":       "The integration's answer is larger than API Gateway passes on.",
			"client-gone":              "The caller went away before there was an answer.",
			"panic":                    "awslab itself made a mistake here.",
		},
	}
}
